"""From answers to tables, words and charts."""

import pytest

from consultations.analysis import words
from consultations.analysis.figures import figure
from consultations.analysis.reading import read
from consultations.models import QuestionnaireVersion, Response
from consultations.questionnaire.document import Words, dump, load
from tests.factories import (
    freeze,
    make_council,
    make_officer,
    make_published_consultation,
    make_response,
)

pytestmark = pytest.mark.django_db


def _agreeing(consultation, *, agree=0, disagree=0, unknown=0):
    for option, number in (("ao_a", agree), ("ao_d", disagree), ("ao_dk", unknown)):
        for _ in range(number):
            make_response(consultation, {"q_agree": option})


def test_only_responses_that_were_sent_and_not_left_out_count():
    consultation = make_published_consultation()
    for status in Response.Status.values:
        decided = {}
        if status == "excluded":
            decided = {"excluded_because": "spam", "decided_by": make_officer()}
        make_response(consultation, status=status, **decided)

    reading = read(consultation, min_base=30)

    assert reading.table("q_use")["answered"] == 1
    assert reading.totals["counted"] == 1


@pytest.mark.rule("CON-08", "accepts")
def test_what_was_left_out_is_reported_as_numbers_by_reason():
    consultation = make_published_consultation()
    officer = make_officer()
    make_response(consultation)
    make_response(consultation, channel="paper")
    for reason in ("spam", "spam", "test"):
        make_response(
            consultation,
            status="excluded",
            excluded_because=reason,
            decided_by=officer,
        )
    make_response(consultation, status="superseded")

    totals = read(consultation, min_base=30).totals

    assert totals["excluded"] == {"spam": 2, "test": 1}
    assert (totals["received"], totals["counted"]) == (5, 2)
    assert totals["channels"] == [
        {"channel": "online", "received": 4, "counted": 1},
        {"channel": "paper", "received": 1, "counted": 1},
    ]


@pytest.mark.rule("CON-08", "refuses")
def test_no_response_disappears_from_what_was_received():
    consultation = make_published_consultation()
    make_response(consultation, status="held")
    make_response(consultation, status="withdrawn")
    make_response(consultation)

    totals = read(consultation, min_base=30).totals

    left_out = sum(totals["excluded"].values())
    parts = totals["counted"] + totals["held"] + totals["withdrawn"] + left_out
    assert totals["received"] == parts == 3


def test_percentages_wait_for_thirty_answers():
    consultation = make_published_consultation()
    _agreeing(consultation, agree=29)
    assert read(consultation, min_base=30).table("q_agree")["net"] is None

    _agreeing(consultation, disagree=1)

    table = read(consultation, min_base=30).table("q_agree")
    assert [o["percent"] for o in table["options"]] == [0, 97, 0, 3, 0, None]
    assert table["net"]["signed"] == "+93"


@pytest.mark.rule("NET-01", "accepts")
def test_the_base_and_those_who_do_not_know_are_printed_with_the_figure():
    consultation = make_published_consultation()
    _agreeing(consultation, agree=30, disagree=6, unknown=4)

    table = read(consultation, min_base=30).table("q_agree")
    chart = figure(table, min_base=30)

    assert (table["answered"], table["base"]) == (40, 36)
    assert "Percentages are of the 36" in chart.subtitle
    assert "4 more answered that they do not know" in chart.subtitle
    assert "83% agree (30 of 36)" in chart.sentence
    assert chart.note == "Net support +67: 30 for, 6 against, of 36."


@pytest.mark.rule("NET-01", "accepts")
def test_staff_may_count_those_who_do_not_know_in_net_support(client):
    consultation = make_published_consultation()
    _agreeing(consultation, agree=30, disagree=6, unknown=4)
    client.force_login(consultation.lead_officer)
    counts = f"/staff/consultations/{consultation.slug}/counts/"

    without = client.get(counts).content.decode()
    counted = client.get(f"{counts}?dont-know=count").content.decode()

    assert "Net support +67: 30 for, 6 against, of 36." in without
    assert 'href="?dont-know=count"' in without
    said = "Net support +60: 30 for, 6 against, of 40 with those who do not know."
    assert said in counted
    assert "Percentages are of the 36" in counted
    assert f'href="{counts}"' in counted


@pytest.mark.rule("NET-01", "refuses")
def test_there_is_nothing_to_switch_where_everybody_knows(client):
    consultation = make_published_consultation()
    _agreeing(consultation, agree=30, disagree=6)
    client.force_login(consultation.lead_officer)
    counts = f"/staff/consultations/{consultation.slug}/counts/"

    pages = [client.get(counts), client.get(f"{counts}?dont-know=count")]

    for page in pages:
        assert "Net support +67: 30 for, 6 against, of 36." in page.content.decode()
        assert "do not know" not in page.content.decode()


@pytest.mark.rule("NET-05", "accepts")
def test_a_headline_says_the_share_in_plain_words():
    consultation = make_published_consultation()
    _agreeing(consultation, agree=71, disagree=19)

    table = read(consultation, min_base=30).table("q_agree")

    assert words.headline(table) == "Almost 4 in 5 agree"


@pytest.mark.rule("NET-05", "refuses")
def test_no_share_is_said_of_fewer_than_thirty_answers():
    consultation = make_published_consultation()
    _agreeing(consultation, agree=4, disagree=1)

    table = read(consultation, min_base=30).table("q_agree")

    assert words.headline(table) == "4 of 5 agree"
    assert words.sentence(table) == "4 agree and 1 disagree, of 5."


@pytest.mark.parametrize("min_base", [1, 30])
def test_answers_that_share_the_first_place_are_both_named(min_base):
    consultation = make_published_consultation()
    for answer in ("o_often", "o_never"):
        make_response(consultation, {"q_use": answer})

    table = read(consultation, min_base=min_base).table("q_use")

    share = "each 50% (1 of 2)." if min_base == 1 else "each 1 of 2."
    assert words.headline(table) == (
        "Most common answers: Often and Never, equally often"
    )
    assert words.sentence(table) == (
        f"“Often” and “Never” came first, equally often: {share}"
    )


def test_rows_that_share_the_most_support_are_both_named():
    consultation = make_published_consultation()
    make_response(consultation, {"q_grid": {"r_quiet": "go_a", "r_cafe": "go_a"}})

    table = read(consultation, min_base=1).table("q_grid")

    assert words.headline(table) == "Most support: A quiet room and A café, equally"


def test_many_answers_that_share_the_first_place_are_not_all_named():
    consultation = make_published_consultation()
    make_response(consultation, {"q_use": "o_often"})
    table = read(consultation, min_base=1).table("q_use")
    table["options"] = [
        {**table["options"][0], "label": f"Answer {n}", "count": 2} for n in range(4)
    ]
    table["base"] = 8

    assert words.headline(table) == "4 share the first place"
    assert words.sentence(table) == (
        "4 answers came first, equally often: each 25% (2 of 8)."
    )


def test_people_who_chose_several_are_counted_once_in_the_base():
    consultation = make_published_consultation()
    make_response(consultation, {"q_days": ["o_mon", "o_sat"]})
    make_response(consultation, {"q_days": ["o_sat"]})

    table = read(consultation, min_base=1).table("q_days")

    assert table["base"] == 2
    assert [o["percent"] for o in table["options"]] == [50, 100, 0]
    assert "People could choose more than one" in words.base_line(table)


@pytest.mark.rule("ACC-05", "accepts")
def test_every_chart_has_a_table_with_the_same_figures():
    consultation = make_published_consultation()
    for _ in range(31):
        make_response(
            consultation,
            {
                "q_capacity": "o_me",
                "q_use": "o_often",
                "q_days": ["o_mon"],
                "q_agree": "ao_sa",
                "q_grid": {"r_quiet": "go_a", "r_cafe": "go_d"},
                "q_age": 3,
            },
        )

    tables = read(consultation, min_base=30).tables
    charts = [(t, figure(t, min_base=30)) for t in tables]

    drawn = [(table, chart) for table, chart in charts if chart]
    assert len(drawn) == 6
    for table, chart in drawn:
        cells = [str(cell) for row in chart.table.rows for cell in row]
        assert chart.sentence
        assert any("31" in cell for cell in cells), table["key"]


@pytest.mark.rule("ACC-05", "refuses")
def test_a_chart_below_the_smallest_base_shows_no_percentage_anywhere():
    consultation = make_published_consultation()
    answers = {"q_use": "o_often", "q_agree": "ao_sa", "q_grid": {"r_quiet": "go_a"}}
    for _ in range(29):
        make_response(consultation, answers)

    for table in read(consultation, min_base=30).tables:
        chart = figure(table, min_base=30)
        if chart:
            said = [chart.headline, chart.sentence, chart.subtitle, chart.note]
            said += [text.text for text in chart.drawing.texts]
            said += [str(cell) for row in chart.table.rows for cell in row]
            said += [entry.value for entry in chart.key]
            assert "%" not in " ".join(said), table["key"]


def test_numbers_come_from_the_documents():
    consultation = make_published_consultation()
    for value in (0, 2, 2, 7):
        make_response(consultation, {"q_age": value})

    table = read(consultation, min_base=30).table("q_age")

    assert table["answered"] == 4
    numbers = table["numbers"]
    assert (numbers["middle"], numbers["lowest"], numbers["highest"]) == ("2", "0", "7")
    assert {b["label"]: b["count"] for b in numbers["bins"] if b["count"]} == {
        "0": 1,
        "2": 2,
        "7": 1,
    }


def _next_version(consultation, change):
    """Freeze a second version whose document was changed by `change`."""
    old = consultation.questionnaires.get()
    document = change(load(old.document))
    return freeze(
        QuestionnaireVersion.objects.create(
            consultation=consultation, number=2, document=dump(document)
        )
    )


def _reword(key, label):
    def change(document):
        texts = {**document.texts["en-gb"], key: Words(label=label)}
        return document.model_copy(update={"texts": {"en-gb": texts}})

    return change


def test_versions_are_counted_together_where_they_ask_alike():
    consultation = make_published_consultation()
    make_response(consultation, {"q_use": "o_often", "q_days": ["o_mon"]})
    _next_version(consultation, _reword("q_days", "Which days are good?"))
    make_response(consultation, {"q_use": "o_often", "q_days": ["o_mon"]})

    reading = read(consultation, min_base=30)

    assert reading.table("q_use")["options"][0]["count"] == 2
    assert reading.table("q_use")["versions"] == [2, 1]
    assert reading.table("q_days")["options"][0]["count"] == 1
    assert reading.table("q_days-v1")["options"][0]["count"] == 1
    assert "earlier wording" in reading.table("q_days-v1")["label"]


def test_the_digest_of_the_input_changes_with_every_answer():
    consultation = make_published_consultation()
    response = make_response(consultation, {"q_age": 3})

    def digest():
        return read(consultation, min_base=30, for_release=True).digest

    first = digest()
    assert digest() == first
    Response.objects.filter(pk=response.pk).update(answers={"q_age": 4})
    assert digest() != first


def test_reading_costs_the_same_queries_for_one_response_and_for_many(
    django_assert_num_queries,
):
    make_council()
    consultation = make_published_consultation()
    make_response(consultation, {"q_why": "Because", "q_age": 2})
    for _ in range(3):
        make_response(consultation, {"q_why": "Because", "q_age": 2})

    with django_assert_num_queries(4):  # versions, codes, texts, numbers
        read(consultation, min_base=30, for_release=True)
    with django_assert_num_queries(3):  # the same without texts
        read(consultation, min_base=30)
