"""Net support and shares in plain words."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.analysis.net import Share, has_roles, net_support, plain_share

SCALE = ["strong_positive", "positive", "neutral", "negative", "strong_negative"]


@pytest.mark.rule("NET-01", "accepts")
def test_those_who_neither_agree_nor_disagree_are_in_the_base():
    net = net_support([("positive", 72), ("negative", 25), ("neutral", 3)])

    assert (net.base, net.value, net.signed) == (100, 47, "+47")


@pytest.mark.rule("NET-01", "refuses")
def test_those_who_do_not_know_are_left_out_and_shown():
    counts = [("positive", 3), ("negative", 1), ("dont_know", 4)]

    net = net_support(counts)

    assert (net.base, net.aside, net.value) == (4, 4, 50)
    assert net_support(counts, with_dont_know=True).base == 8


@pytest.mark.rule("NET-02", "accepts")
def test_net_support_is_rounded_once_from_the_raw_counts():
    # 333 − 329 of 1,000: the rounded parts (33 and 33) would give nothing.
    net = net_support([("positive", 335), ("negative", 329), ("neutral", 336)])

    assert net.value == 1
    assert net_support([("positive", 1), ("neutral", 199)]).value == 1
    assert (net.positive, net.negative) == (335, 329)


@pytest.mark.rule("NET-02", "refuses")
def test_net_support_never_leaves_its_range_or_loses_its_sign():
    assert net_support([("strong_negative", 9)]).signed == "−100"
    assert net_support([("strong_positive", 9)]).signed == "+100"
    assert net_support([("positive", 2), ("negative", 2)]).signed == "0"
    assert net_support([("positive", 0)]) is None


@given(st.lists(st.integers(0, 500), min_size=5, max_size=5).filter(any))
def test_net_support_is_within_half_a_point_of_the_exact_figure(counts):
    net = net_support(zip(SCALE, counts, strict=True))

    exact = Fraction(100 * (sum(counts[:2]) - sum(counts[3:])), sum(counts))
    assert abs(net.value - exact) <= Fraction(1, 2)
    assert -100 <= net.value <= 100


def test_options_without_roles_have_no_net_support():
    assert has_roles([*SCALE, "dont_know"])
    assert not has_roles([*SCALE, ""])
    assert not has_roles(["positive", "neutral"])
    with pytest.raises(ValueError, match="role"):
        net_support([("positive", 1), ("", 2)])


@pytest.mark.rule("NET-05", "accepts")
@pytest.mark.parametrize(
    ("count", "total", "share"),
    [
        (71, 90, Share("almost", 4, 5)),
        (9, 90, Share("exactly", 1, 10)),
        (1, 2, Share("exactly", 1, 2)),
        (82, 100, Share("just_over", 4, 5)),
        (86, 100, Share("over", 4, 5)),
        (14, 100, Share("over", 1, 10)),
        (2, 100, Share("below", 1, 20)),
        (99, 100, Share("over", 19, 20)),
        (0, 90, Share("none")),
        (90, 90, Share("all")),
    ],
)
def test_a_share_is_said_as_a_person_would_say_it(count, total, share):
    assert plain_share(count, total) == share


@pytest.mark.rule("NET-05", "refuses")
@given(st.integers(1, 3000), st.integers(2, 3000))
def test_a_phrase_never_says_more_than_the_figure(count, total):
    share = plain_share(count, total)

    value = Fraction(min(count, total), total)
    named = Fraction(share.many, share.of or 1)
    if share.nearness == "almost":
        assert named - Fraction(1, 40) <= value < named
    elif share.nearness in {"just_over", "over"}:
        assert value > named
    elif share.nearness == "exactly":
        assert abs(value - named) <= Fraction(1, 200)
    elif share.nearness == "all":
        assert value == 1
