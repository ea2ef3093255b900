"""What the invented council says about its Communities Strategy, in our words.

Workshops, the timetable of decisions and the changes made are facts of 2014
retold; they stand as text because no answer carries them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

TITLE = "Draft Communities Strategy"
SUMMARY = "How the council and communities can look after people and places together."


def dates(today: date) -> dict[str, date]:
    """The days of the consultation, in the newest year whose feedback is out."""
    year = today.year if today >= date(today.year, 10, 20) else today.year - 1
    return {
        "opens": date(year, 6, 23),
        "closes": date(year, 9, 1),
        "findings": date(year, 10, 1),
        "decision": date(year, 10, 13),
        "feedback": date(year, 10, 19),
        "plan": date(year + 1, 1, 14),
        "scrutiny_before": date(year, 7, 11),
        "scrutiny_after": date(year, 10, 10),
    }


def long_day(day: date) -> str:
    """A day in words."""
    return f"{day.day} {day:%B %Y}"


def text(name: str, days: dict[str, date]) -> str:
    """A text of the strategy from `words/`, with its days in words."""
    content = (Path(__file__).parent / "words" / f"{name}.md").read_text()
    return content.format(**{key: long_day(day) for key, day in days.items()})


PLAN = {
    "can_influence": (
        "The priorities, the building blocks and their names, the actions, and how we "
        "keep in touch with you."
    ),
    "cannot_influence": (
        "How much money the council has. The budget was set in February."
    ),
    "audience": (
        "Councillors, council staff, town and parish councils, community groups, "
        "equalities groups, voluntary organisations and public sector partners. "
        "Everybody else is welcome too."
    ),
    "decision_maker": "The Cabinet",
    "feedback_how": (
        "On this page, by email to everyone who asked, and in the community newsletter."
    ),
    "contact_name": "Policy and Communities team",
    "contact_email": "policy-and-communities@example.org",
    "contact_phone": "01632 960 200",
    "other_ways": (
        "Come to one of eight workshops, telephone us, or ask for a paper form, large "
        "print, Easy Read or another language."
    ),
}


# question: (headline, sentence)
QUESTION_TEXTS = {
    "q_priorities": (
        "Almost 4 in 5 agree with the priorities",
        "71 of 90 people agree or strongly agree; 11 disagree.",
    ),
    "q_blocks": (
        "All but one building block has net support of +75%",
        "Sharing council buildings and equipment has less support than the others.",
    ),
    "q_actions": (
        "1 in 10 say that we missed the right actions",
        "9 of 90 people say that the draft does not name the right actions.",
    ),
    "q_vcs": (
        "Older people's independence comes first",
        "Older people, mental health and vulnerable families were chosen most.",
    ),
    "q_support": (
        "Funding, training and advice would help most",
        "A place to meet comes fourth.",
    ),
    "q_receive": (
        "Most people want to hear from us by email",
        "Post, social media and meetings were chosen least.",
    ),
    "q_engage": (
        "People want to talk with decision makers by email",
        "Public meetings and representative groups follow.",
    ),
    "q_champions": (
        "Champions are people who lead community projects",
        "People who support local groups and parish councillors follow.",
    ),
    "q_barriers": (
        "Time, liability and family keep people from volunteering",
        "8 people say that nothing stops them.",
    ),
}
