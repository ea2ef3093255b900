"""Charts say what their table says, to the last digit."""

import itertools
import re
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from design import charts
from design.formats import number, percent

SCALE = [
    "Strongly agree",
    "Agree",
    "Neither agree nor disagree",
    "Disagree",
    "Strongly disagree",
]
COUNTS = st.lists(st.integers(0, 100_000), min_size=5, max_size=5)
LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=90)


def shown(figure):
    html = Template("{% figure figure csv='/answers.csv' %}").render(
        Context({"figure": figure})
    )
    return html, ElementTree.fromstring(
        re.search(r"<svg class=\"portal-chart.*?</svg>", html, re.DOTALL)[0]
    )


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6))
def test_the_pieces_of_a_bar_fill_it_exactly_and_leave_no_hole(counts):
    pieces = charts.segments(counts)

    if not sum(counts):
        assert pieces == [(0, 0)] * len(counts)
        return
    assert sum(width for _start, width in pieces) == 10_000
    assert all(width >= 0 for _start, width in pieces)
    for (start, width), (following, _width) in itertools.pairwise(pieces):
        assert start + width == following
    for count, (_start, width) in zip(counts, pieces, strict=True):
        assert abs(width / 100 - 100 * count / sum(counts)) <= 0.011


@given(st.lists(st.tuples(LABELS, st.integers(0, 10**6)), max_size=12))
def test_the_table_beside_bars_has_every_row_as_counted(rows):
    base = sum(count for _label, count in rows)

    figure = charts.bars("b", "Headline", rows, base=base)

    assert [row[0] for row in figure.table.rows] == [label for label, _n in rows]
    assert [row[1] for row in figure.table.rows] == [number(n) for _label, n in rows]
    if base >= charts.MINIMUM_BASE:
        shares = [row[2] for row in figure.table.rows]
        assert shares == [f"{percent(n, base)}%" for _label, n in rows]
    assert len(figure.drawing.rects) == sum(1 for _label, n in rows if n)


@given(COUNTS)
def test_one_scale_has_a_piece_and_a_row_for_each_step(counts):
    figure = charts.agree("a", "Headline", counts, scale=SCALE)

    assert [row[1] for row in figure.table.rows] == [number(n) for n in counts]
    assert [entry.label for entry in figure.key] == SCALE
    assert all(entry.value for entry in figure.key)
    assert len(figure.drawing.rects) == sum(
        1 for _start, width in charts.segments(counts) if width
    )


@given(st.lists(COUNTS, min_size=1, max_size=6))
def test_a_grid_has_a_bar_and_a_row_for_each_statement(grid):
    rows = [(f"Statement {n}", counts) for n, counts in enumerate(grid)]

    figure = charts.agree_grid("g", "Headline", rows, scale=SCALE)

    totals = {row[0]: row[-1] for row in figure.table.rows}
    assert totals == {label: number(sum(counts)) for label, counts in rows}


def test_a_grid_shows_the_statement_most_people_agree_with_first():
    rows = [("Homes", [10, 10, 10, 30, 40]), ("Parks", [50, 20, 10, 10, 10])]

    figure = charts.agree_grid("g", "Headline", rows, scale=SCALE)

    assert [row[0] for row in figure.table.rows] == ["Parks", "Homes"]
    assert figure.sentence.startswith("Parks: 70% agree, 20% disagree")


@pytest.mark.parametrize(("base", "says_percent"), [(29, False), (30, True)])
def test_fewer_than_thirty_answers_are_counted_and_never_given_as_a_share(
    base, says_percent
):
    figures = [
        charts.bars("b", "H", [("Yes", base - 1), ("No", 1)], base=base),
        charts.columns("c", "H", [("1", base - 1), ("2", 1)], base=base),
        charts.agree("a", "H", [base - 4, 1, 1, 1, 1], scale=SCALE),
        charts.agree_grid("g", "H", [("S", [base - 4, 1, 1, 1, 1])], scale=SCALE),
    ]

    for figure in figures:
        html, svg = shown(figure)
        words = " ".join(svg.itertext()) + figure.sentence
        cells = str(figure.table.head) + str(figure.table.rows)
        assert ("%" in words) is says_percent
        assert ("%" in cells) is says_percent
        assert "style=" not in html


def test_one_small_statement_makes_the_whole_grid_counts_in_the_order_asked():
    rows = [("Homes", [1, 1, 1, 1, 100]), ("Parks", [5, 0, 0, 0, 0])]

    figure = charts.agree_grid("g", "H", rows, scale=SCALE)

    assert [row[0] for row in figure.table.rows] == ["Homes", "Parks"]
    assert "%" not in str(figure.table.rows)


def test_a_drawing_has_a_name_and_keeps_to_the_policy_on_styles():
    figure = charts.agree("q1", "Most agree", [40, 30, 10, 10, 10], scale=SCALE)

    html, svg = shown(figure)

    assert svg.get("role") == "img"
    for wanted in svg.get("aria-labelledby").split():
        assert f'id="{wanted}"' in html
    assert "style" not in html.replace("portal-chart", "")
    assert "<caption" in html
    assert 'href="/answers.csv"' in html


@pytest.mark.parametrize(("rows", "is_open"), [(7, True), (8, False)])
def test_a_long_table_waits_behind_a_summary(rows, is_open):
    figure = charts.bars("b", "H", [(f"Row {n}", n) for n in range(rows)], base=100)

    html, _svg = shown(figure)

    assert ("<details" not in html) is is_open


def test_what_officers_write_cannot_break_out_of_a_chart():
    bad = '<img src=x onerror="alert(1)">"\'&'

    html, _svg = shown(charts.bars("b", bad, [(bad, 40)], base=40, subtitle=bad))

    assert "<img" not in html


@given(st.lists(st.tuples(LABELS, st.integers(0, 1000)), max_size=6))
def test_any_label_gives_a_drawing_that_a_browser_can_read(rows):
    _html, svg = shown(charts.bars("b", "H", rows, base=100))

    assert svg.tag == "svg"


def test_columns_with_long_or_many_labels_become_bars():
    long = charts.columns("c", "H", [("Very often indeed", 40)], base=40)
    short = charts.columns("c", "H", [("0", 20), ("1", 20)], base=40)

    assert not any("portal-chart__axis" in r.classes for r in long.drawing.rects)
    assert any("portal-chart__axis" in r.classes for r in short.drawing.rects)


def test_a_question_nobody_answered_says_so():
    for figure in (
        charts.bars("b", "H", [("Yes", 0), ("No", 0)], base=0),
        charts.bars("b", "H", [], base=0),
        charts.columns("c", "H", [("1", 0)], base=0),
        charts.agree("a", "H", [0] * 5, scale=SCALE),
    ):
        shown(figure)
        assert figure.sentence == "Nobody has answered this question."


def test_other_and_prefer_not_to_say_come_last_however_many_chose_them():
    rows = [("Other", 90), ("Bus", 10), ("Walk", 20)]

    ordered = charts.largest_first(rows, last={"Other"})

    assert ordered == [("Walk", 20), ("Bus", 10), ("Other", 90)]
