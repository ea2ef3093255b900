"""The demonstration retells a real consultation: its published figures are there.

The figures are those of a county council's Cabinet report of 13 October 2014 on
its Communities Strategy, paragraphs 20 to 34; every one that answers can carry is
looked up in the released tables.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from consultations.analysis.net import Share, plain_share
from consultations.models import Comment, Consultation, Stage
from engage.demo.loading import load
from tests.consultations.analysis.sql_oracle import differences

LONDON = ZoneInfo("Europe/London")
NOVEMBER = datetime(2026, 11, 22, 10, tzinfo=LONDON)

# paragraph, question: the words chosen most, in order.
MOST_CHOSEN = {
    (30, "q_vcs"): [
        "Support older people to live independently",
        "Support people with mental health problems",
        "Support vulnerable families",
    ],
    (31, "q_support"): ["Funding", "Training", "Support and advice"],
    (32, "q_receive"): [
        "By email",
        "On the website",
        "In my community newsletter or magazine",
    ],
    (32, "q_engage"): [
        "By email",
        "At public meetings and events about local priorities",
        "Through representative or infrastructure groups",
    ],
    (33, "q_champions"): [
        "People who lead on community projects",
        "People who support local groups or charities",
        "Town or parish councillors",
    ],
    (34, "q_barriers"): [
        "Lack of time",
        "Fear of liability",
        "Family or caring responsibilities",
    ],
}
LEAST_CHOSEN = ["By post", "Through social media", "By attending meetings and events"]
DEVOLVED = [
    "highways",
    "libraries",
    "recycling",
    "youth work",
    "grass cutting",
    "transport",
    "home care",
    "befriending",
    "meals",
    "public health",
    "mental health",
    "country parks",
]
ALTERNATIVES = ["members' budget", "reserves", "council tax"]


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """The demonstration as it stands in November 2026, loaded once."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(NOVEMBER)
        yield Consultation.objects.get(slug="draft-communities-strategy")
        transaction.set_rollback(True)


@pytest.fixture
def tables(demonstration, db):
    release = demonstration.releases.get(kind="findings")
    return {table["key"]: table for table in release.tables}


def by_count(table):
    options = sorted(table["options"], key=lambda option: -option["count"])
    return [option["label"] for option in options]


@pytest.mark.django_db
def test_ninety_answered_in_seventy_days(demonstration):
    opened, closed = demonstration.opens_on, demonstration.closes_on

    assert (closed - opened).days == 70
    assert (opened.day, opened.month, closed.day, closed.month) == (23, 6, 1, 9)
    assert demonstration.responses.count() == 90
    assert demonstration.releases.get(kind="findings").counts["counted"] == 90


def test_almost_four_in_five_agree_with_the_priorities(tables):
    net = tables["q_priorities"]["net"]

    assert plain_share(net["positive"], net["base"]) == Share("almost", 4, 5)


def test_all_but_one_building_block_have_net_support_of_75(tables):
    nets = [row["net"]["value"] for row in tables["q_blocks"]["rows"]]

    assert nets.count(75) == len(nets) - 1
    assert min(nets) < 75
    # 75 cannot come from all 90: some left these questions out.
    assert {row["base"] for row in tables["q_blocks"]["rows"]} == {88}


def test_one_in_ten_miss_the_right_actions(tables):
    no = next(o for o in tables["q_actions"]["options"] if o["label"] == "No")

    assert (no["count"], tables["q_actions"]["base"]) == (9, 90)


@pytest.mark.parametrize(("paragraph", "question"), MOST_CHOSEN)
def test_the_lists_of_the_report_come_out_in_their_order(paragraph, question, tables):
    wanted = MOST_CHOSEN[paragraph, question]

    assert by_count(tables[question])[: len(wanted)] == wanted


def test_the_least_preferred_ways_come_last(tables):
    assert by_count(tables["q_receive"])[-3:] == LEAST_CHOSEN


@pytest.mark.django_db
def test_the_services_are_named_several_times_and_the_minority_is_heard(demonstration):
    comments = Comment.objects.filter(consultation=demonstration)
    devolve = " ".join(
        comments.filter(question_key="q_devolve").values_list("text", flat=True)
    ).lower()
    general = " ".join(
        comments.filter(question_key="q_general").values_list("text", flat=True)
    )

    assert [name for name in DEVOLVED if devolve.count(name) < 2] == []
    assert [words for words in ALTERNATIVES if words not in general] == []


@pytest.mark.django_db
def test_every_figure_is_found_again_by_plain_sql(demonstration):
    releases = demonstration.releases.all()

    assert {release.kind for release in releases} == {"findings", "feedback"}
    assert [differences(release) for release in releases] == [[], []]


@pytest.mark.django_db
def test_one_is_open_one_opens_soon_and_one_is_late(demonstration):
    stages = {
        consultation.title: consultation.stage_at(NOVEMBER)
        for consultation in Consultation.objects.with_stage()
    }

    assert stages["Evening and Sunday buses"] == Stage.OPEN
    assert stages["A new play area in Larkfield"] == Stage.OPENS_SOON
    late = Consultation.objects.get(title="Library opening hours")
    assert late.stage_at(NOVEMBER) == Stage.CLOSED
    assert late.feedback_due < NOVEMBER.date()
