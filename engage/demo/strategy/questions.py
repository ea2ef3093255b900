"""The questionnaire of the draft Communities Strategy, and how many said what.

The counts are chosen so that every figure that the council of 2014 published
and that answers can carry is found again: almost 4 in 5 for the priorities, net
support of 75% for all but one building block, 1 in 10 who missed the right
actions, and the top and bottom three of each list. 88 of 90 answered about the
building blocks, because no count of 90 gives 75%.
"""

from __future__ import annotations

from consultations.questionnaire.document import (
    DEFAULT_LANGUAGE,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    Role,
    Row,
    Words,
)

RESPONSES = 90

AGREE = {
    "sa": (Role.STRONG_POSITIVE, "Strongly agree"),
    "a": (Role.POSITIVE, "Agree"),
    "n": (Role.NEUTRAL, "Neither agree nor disagree"),
    "d": (Role.NEGATIVE, "Disagree"),
    "sd": (Role.STRONG_NEGATIVE, "Strongly disagree"),
    "dk": (Role.DONT_KNOW, "I do not know"),
}

# The first three names are those of the draft of 2014; the others are invented.
BLOCKS = {
    "b1": "Understand community needs and priorities",
    "b2": "Active engagement with decision makers",
    "b3": "Effective, clear and regular communication",
    "b4": "Places where people can meet (invented)",
    "b5": "Sharing council buildings and equipment (invented)",
}
BLOCK_COUNTS = {
    "b1": {"sa": 30, "a": 42, "n": 10, "d": 4, "sd": 2},
    "b2": {"sa": 26, "a": 45, "n": 12, "d": 4, "sd": 1},
    "b3": {"sa": 35, "a": 38, "n": 8, "d": 5, "sd": 2},
    "b4": {"sa": 20, "a": 50, "n": 14, "d": 3, "sd": 1},
    "b5": {"sa": 15, "a": 36, "n": 20, "d": 12, "sd": 5},
}

# question: option: (words, how many chose it)
CHOICES: dict[str, dict[str, tuple[str, int]]] = {
    "q_priorities": {
        key: (words, number)
        for (key, (_, words)), number in zip(
            AGREE.items(), (31, 40, 8, 7, 4, 0), strict=True
        )
    },
    "q_actions": {
        "act_yes": ("Yes", 62),
        "act_no": ("No", 9),
        "act_unsure": ("I am not sure", 19),
    },
    "q_vcs": {
        "vcs_older": ("Support older people to live independently", 61),
        "vcs_mental": ("Support people with mental health problems", 57),
        "vcs_families": ("Support vulnerable families", 49),
        "vcs_young": ("Give young people something to do", 33),
        "vcs_new": ("Welcome people who are new to the area", 17),
        "vcs_other": ("Something else", 6),
    },
    "q_support": {
        "sup_funding": ("Funding", 66),
        "sup_training": ("Training", 54),
        "sup_advice": ("Support and advice", 51),
        "sup_place": ("A place to meet", 31),
        "sup_learn": ("Other groups to learn from", 24),
        "sup_tools": ("Equipment to borrow", 19),
    },
    "q_receive": {
        "rec_email": ("By email", 68),
        "rec_website": ("On the website", 52),
        "rec_newsletter": ("In my community newsletter or magazine", 45),
        "rec_councillor": ("From my councillor", 27),
        "rec_posters": ("On posters and noticeboards", 21),
        "rec_post": ("By post", 14),
        "rec_social": ("Through social media", 11),
        "rec_meetings": ("By attending meetings and events", 9),
    },
    "q_engage": {
        "eng_email": ("By email", 55),
        "eng_meetings": ("At public meetings and events about local priorities", 47),
        "eng_groups": ("Through representative or infrastructure groups", 41),
        "eng_councillor": ("Through my councillor", 30),
        "eng_surveys": ("By surveys like this one", 28),
        "eng_post": ("By post", 12),
    },
    "q_champions": {
        "cha_projects": ("People who lead on community projects", 63),
        "cha_groups": ("People who support local groups or charities", 58),
        "cha_parish": ("Town or parish councillors", 46),
        "cha_faith": ("Faith leaders", 25),
        "cha_teachers": ("Head teachers", 18),
        "cha_business": ("Owners of local businesses", 14),
    },
    "q_barriers": {
        "bar_time": ("Lack of time", 64),
        "bar_liability": ("Fear of liability", 43),
        "bar_caring": ("Family or caring responsibilities", 39),
        "bar_unaware": ("Not knowing what there is to do", 27),
        "bar_travel": ("The cost of getting there", 21),
        "bar_health": ("My health", 17),
        "bar_none": ("Nothing stops me", 8),
    },
}
ONE_OF = {"q_priorities", "q_actions"}
EXCLUSIVE = {"bar_none"}

PAGES = {
    "p_you": ("About you", ["q_capacity", "q_ward"]),
    "p_draft": (
        "The draft strategy",
        ["q_priorities", "q_blocks", "q_actions", "q_general"],
    ),
    "p_priorities": (
        "The three priorities",
        ["q_vulnerable", "q_devolve", "q_vcs", "q_support"],
    ),
    "p_contact": ("Keeping in touch", ["q_receive", "q_engage"]),
    "p_champions": (
        "Champions and volunteering",
        ["q_champions", "q_barriers", "q_ideas"],
    ),
}
LABELS = {
    "q_capacity": ("Who are you answering for?", ""),
    "q_ward": ("Where do you live, or where is your organisation?", ""),
    "q_priorities": (
        "Do you agree that we should focus our resources on the three priorities?",
        "They are: supporting vulnerable people, communities that design and run "
        "services with us, and strong voluntary organisations.",
    ),
    "q_blocks": ("Do you agree with each building block?", ""),
    "q_actions": ("Does the draft name the right actions?", ""),
    "q_general": ("What else should we know about the draft?", ""),
    "q_vulnerable": ("How can communities support vulnerable people?", ""),
    "q_devolve": ("Which services could communities help to run?", ""),
    "q_vcs": (
        "Where is the support of voluntary organisations needed most?",
        "Select all that apply.",
    ),
    "q_support": ("What would help your community most?", "Select all that apply."),
    "q_receive": (
        "How do you prefer to get information from us?",
        "Select all that apply.",
    ),
    "q_engage": (
        "How do you prefer to talk with people who make decisions?",
        "Select all that apply.",
    ),
    "q_champions": (
        "Who do you see as a community champion?",
        "Select all that apply.",
    ),
    "q_barriers": ("What keeps you from volunteering?", "Select all that apply."),
    "q_ideas": ("What would make volunteering easier?", ""),
}


def build() -> Questionnaire:
    """Return the questionnaire as a document."""
    words = {key: Words(label=label) for key, (label, _) in PAGES.items()}
    words |= {key: Words(label=lb, hint=hint) for key, (lb, hint) in LABELS.items()}
    words |= {key: Words(label=label) for key, label in BLOCKS.items()}
    words |= {f"g_{key}": Words(label=label) for key, (_, label) in AGREE.items()}
    words |= {
        option: Words(label=label)
        for options in CHOICES.values()
        for option, (label, _) in options.items()
    }
    words["cap_me"] = Words(label="For myself")
    words["cap_org"] = Words(label="For an organisation")
    pages = tuple(
        Page(key=key, questions=tuple(_question(q) for q in questions))
        for key, (_, questions) in PAGES.items()
    )
    return Questionnaire(pages=pages, texts={DEFAULT_LANGUAGE: words}, next_number=200)


def _question(key: str) -> Question:
    if key == "q_capacity":
        return Question(
            key=key,
            kind=Kind.CAPACITY,
            options=(
                Option(key="cap_me", role=Role.MYSELF),
                Option(key="cap_org", role=Role.ORGANISATION),
            ),
        )
    if key == "q_ward":
        return Question(key=key, kind=Kind.WARD)
    if key == "q_blocks":
        return Question(
            key=key,
            kind=Kind.AGREE_GRID,
            rows=tuple(Row(key=block) for block in BLOCKS),
            options=tuple(Option(key=f"g_{k}", role=r) for k, (r, _) in AGREE.items()),
        )
    if key not in CHOICES:
        return Question(key=key, kind=Kind.LONG_TEXT, max_length=2000)
    if key == "q_priorities":
        kind = Kind.AGREE
    else:
        kind = Kind.ONE if key in ONE_OF else Kind.MANY
    return Question(
        key=key,
        kind=kind,
        options=tuple(
            Option(
                key=option,
                role=AGREE[option][0] if kind is Kind.AGREE else Role.NONE,
                exclusive=option in EXCLUSIVE,
            )
            for option in CHOICES[key]
        ),
    )
