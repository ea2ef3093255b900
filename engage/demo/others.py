"""The other consultations: open, opening soon, overdue, waiting, and a draft."""

from __future__ import annotations

from dataclasses import dataclass

from consultations.questionnaire.document import (
    DEFAULT_LANGUAGE,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    Role,
    Words,
)

ABOUT_YOU = ("Who are you answering for?", "Where do you live?")


@dataclass(frozen=True)
class Plan:
    """A consultation of the demonstration; days count from today."""

    title: str
    service: str
    topic: str
    lead: str
    summary: str
    overview: str
    can_influence: str
    cannot_influence: str
    decision_maker: str
    questions: list[tuple[str, Kind, str, tuple[str, ...]]]
    opens: int
    closes: int
    decision: int
    feedback_due: int
    wards: tuple[str, ...] = ()
    state: str = "approved"
    answers: int = 0
    level: str = "Consulting"


PLANS = [
    Plan(
        title="Evening and Sunday buses",
        service="public-transport",
        topic="Roads and transport",
        lead="second.officer@example.org",
        summary="Which buses should run after 7pm and on Sundays?",
        overview=(
            "The contracts for evening and Sunday buses end next summer. We want to "
            "know which of them you use, and which you would use if they ran.\n\n"
            "We pay for these buses because no company would run them without help."
        ),
        can_influence="Which routes run, on which days, and until what time.",
        cannot_influence="The fares, which the bus companies set.",
        decision_maker="The Cabinet member for transport",
        questions=[
            (
                "How often do you take a bus after 7pm or on a Sunday?",
                Kind.ONE,
                "Leave this blank if you do not know.",
                ("Never", "Less than once a month", "Most months", "Most weeks"),
            ),
            (
                "When would you use a bus that does not run today?",
                Kind.MANY,
                "Select all that apply.",
                ("After 7pm", "After 10pm", "Sunday morning", "Sunday afternoon"),
            ),
            ("Should evening buses run later on Fridays?", Kind.AGREE, "", ()),
            ("What else should we know?", Kind.LONG_TEXT, "", ()),
        ],
        opens=-20,
        closes=25,
        decision=70,
        feedback_due=100,
        answers=42,
    ),
    Plan(
        title="A new play area in Larkfield",
        service="parks-and-open-spaces",
        topic="Parks and nature",
        lead="second.officer@example.org",
        summary="What should the new play area in Larkfield have in it?",
        overview=(
            "A developer pays for a new play area beside the brook. We choose together "
            "with you what goes in."
        ),
        can_influence="The equipment, the planting and the seats.",
        cannot_influence="The place, which the planning permission names.",
        decision_maker="The Larkfield ward councillors",
        questions=[
            (
                "What should the play area have?",
                Kind.MANY,
                "Select all that apply.",
                ("A climbing frame", "Swings", "A sand pit", "A quiet corner"),
            ),
            ("How old are the children who would play there?", Kind.SHORT_TEXT, "", ()),
        ],
        opens=10,
        closes=45,
        decision=75,
        feedback_due=90,
        wards=("larkfield",),
        level="Involving",
    ),
    Plan(
        title="Library opening hours",
        service="libraries",
        topic="Libraries and culture",
        lead="officer@example.org",
        summary="When should the libraries of Castlegate and Kingsferry be open?",
        overview=(
            "Fewer people come on weekday mornings than five years ago. We could open "
            "later in the day instead, for the same money."
        ),
        can_influence="The hours of each library on each day.",
        cannot_influence="The number of hours in a week, which the budget sets.",
        decision_maker="The head of the library service",
        questions=[
            (
                "When do you come to the library?",
                Kind.MANY,
                "Select all that apply.",
                ("Weekday mornings", "Weekday afternoons", "Evenings", "Saturdays"),
            ),
            ("Should the library open until 7pm on two days?", Kind.AGREE, "", ()),
            ("Why do you say so?", Kind.LONG_TEXT, "", ()),
        ],
        opens=-160,
        closes=-118,
        decision=-60,
        feedback_due=-34,
        wards=("castlegate", "kingsferry"),
        answers=57,
    ),
    Plan(
        title="Tree planting in Bracken Hill",
        service="libraries",
        topic="Parks and nature",
        lead="officer@example.org",
        summary="Where should we plant 200 trees in Bracken Hill?",
        overview="A grant pays for 200 trees. We plant them where you want them.",
        can_influence="The streets and the kinds of tree.",
        cannot_influence="The number of trees.",
        decision_maker="The head of parks",
        questions=[
            (
                "Where should we plant?",
                Kind.MANY,
                "Select all that apply.",
                ("Along the main road", "In the park", "By the school"),
            ),
        ],
        opens=21,
        closes=56,
        decision=80,
        feedback_due=110,
        wards=("bracken-hill",),
        state="waiting",
    ),
    Plan(
        title="Youth clubs after school",
        service="policy-and-communities",
        topic="Schools and young people",
        lead="officer@example.org",
        summary="What should youth clubs offer after school?",
        overview="We are planning what the youth clubs offer from next autumn.",
        can_influence="What the clubs offer, and when.",
        cannot_influence="The number of clubs.",
        decision_maker="The Cabinet member for young people",
        questions=[
            (
                "What would bring you to a youth club?",
                Kind.MANY,
                "Select all that apply.",
                ("Sport", "Music", "Somewhere quiet", "Food"),
            ),
        ],
        opens=40,
        closes=80,
        decision=110,
        feedback_due=150,
        state="draft",
    ),
]

AGREE = (
    (Role.STRONG_POSITIVE, "Strongly agree"),
    (Role.POSITIVE, "Agree"),
    (Role.NEUTRAL, "Neither agree nor disagree"),
    (Role.NEGATIVE, "Disagree"),
    (Role.STRONG_NEGATIVE, "Strongly disagree"),
    (Role.DONT_KNOW, "I do not know"),
)


def build(plan: Plan) -> Questionnaire:
    """Return the questionnaire of a plan: one page of questions, one about you."""
    words: dict[str, Words] = {
        "p1": Words(label=plan.title),
        "p2": Words(label="About you"),
        "q_capacity": Words(label=ABOUT_YOU[0]),
        "o_me": Words(label="For myself"),
        "o_org": Words(label="For an organisation"),
        "q_ward": Words(label=ABOUT_YOU[1]),
    }
    questions = []
    for number, (label, kind, hint, labels) in enumerate(plan.questions, start=1):
        key = f"q{number}"
        words[key] = Words(label=label, hint=hint)
        if kind is Kind.AGREE:
            options = [
                (Option(key=f"{key}_o{n}", role=role), said)
                for n, (role, said) in enumerate(AGREE, start=1)
            ]
        else:
            options = [
                (Option(key=f"{key}_o{n}"), said)
                for n, said in enumerate(labels, start=1)
            ]
        words |= {option.key: Words(label=said) for option, said in options}
        questions.append(
            Question(
                key=key,
                kind=kind,
                options=tuple(option for option, _ in options),
                max_length=2000 if kind is Kind.LONG_TEXT else None,
            )
        )
    you = (
        Question(
            key="q_capacity",
            kind=Kind.CAPACITY,
            options=(
                Option(key="o_me", role=Role.MYSELF),
                Option(key="o_org", role=Role.ORGANISATION),
            ),
        ),
        Question(key="q_ward", kind=Kind.WARD),
    )
    pages = (
        Page(key="p1", questions=tuple(questions)),
        Page(key="p2", questions=you),
    )
    return Questionnaire(pages=pages, texts={DEFAULT_LANGUAGE: words}, next_number=100)
