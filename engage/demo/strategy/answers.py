"""The 90 answers to the draft Communities Strategy, made by a seeded program.

Counts are exact (`strategy_questions`); who chose what with what, and what they
wrote, is made up. The same seed always makes the same answers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engage.demo.strategy.questions import (
    BLOCK_COUNTS,
    CHOICES,
    EXCLUSIVE,
    ONE_OF,
    RESPONSES,
)

SEED = 2014
ORGANISATIONS = 34

# Every service that respondents of 2014 named several times.
SERVICES = [
    "reporting small defects on highways, and minor works",
    "libraries",
    "recycling and reuse",
    "youth work",
    "grass cutting",
    "public and community transport",
    "home care",
    "befriending",
    "meals for older people",
    "public health",
    "mental health support",
    "country parks and open spaces",
]
ABOUT_SERVICES = [
    "Our group could take on {0}, if the council stays involved.",
    "I would start with {0}. Then perhaps {1}.",
    "{0} would work. But will there be enough volunteers?",
    "People here already help with {0} and would do more.",
    "Please think about {0}, and keep paid staff beside the volunteers.",
]
GENERAL = [
    "It is a good plan, but far too long for most people to read.",
    "Say clearly what the council will do and what it cannot do.",
    "What do you mean by community? My street is not a community yet.",
    "Work with the district councils and local businesses too.",
    "I like the direction. Please keep telling us how it goes.",
    "There are a lot of words here that I had to look up.",
    "Use the skills that people in the villages already have.",
]
OPPOSED = [
    "I am against this. It is a way to cut services. Reduce the members' budget first.",
    "Do not do this. Use the council's reserves instead of asking us to do your work.",
    "I oppose the whole strategy. I would rather pay more council tax.",
    "This hides cuts. Spend the reserves before you close anything.",
]
VULNERABLE = [
    "Neighbours often know first who needs help. Tell us whom we can call.",
    "Short-term need and long-term need are different. Plan for both.",
    "Groups that exist already do this well. Give them a little money.",
    "We need training to know when a specialist has to take over.",
]
IDEAS = [
    "A day when people can try things out, with no obligation.",
    "Cover the insurance, and say so.",
    "Free training, at times when carers can come.",
    "A small thank-you, like a certificate, would go a long way.",
]
GROUPS = [
    "Friends of",
    "Residents of",
    "Community Association of",
    "Good Neighbours of",
]
PLACES = ["Alder Vale", "Dunmere", "Larkfield", "Kingsferry", "Hollow Mill"]


@dataclass(frozen=True)
class Answer:
    """One answer, in the shape of a draft, and the day it came."""

    answers: dict[str, Any]
    received_on: date
    organisation: str


def make_answers(ward_codes: list[str], opened: date, days: int) -> list[Answer]:
    """Return the answers; `days` is how long it was open, from `opened` on."""
    dice = random.Random(SEED)  # noqa: S311 (the same every time, on purpose)
    answers: list[dict[str, Any]] = [{} for _ in range(RESPONSES)]
    for question, options in CHOICES.items():
        counts = {option: number for option, (_, number) in options.items()}
        if question in ONE_OF:
            _deal_one(dice, answers, question, counts)
        else:
            _deal_many(dice, answers, question, counts)
    _deal_blocks(dice, answers)
    _write_texts(dice, answers)
    organisations = set(dice.sample(range(RESPONSES), ORGANISATIONS))
    made = []
    for number, document in enumerate(answers):
        name = _organisation(dice, number) if number in organisations else ""
        document["q_capacity"] = "cap_org" if name else "cap_me"
        if name:
            document["q_capacity.organisation"] = name
        document["q_ward"] = _place(dice, ward_codes)
        day = opened + timedelta(days=dice.randrange(days))
        made.append(Answer(document, day, name))
    return sorted(made, key=lambda answer: answer.received_on)


def _deal_one(
    dice: random.Random,
    answers: list[dict[str, Any]],
    question: str,
    counts: dict[str, int],
) -> None:
    deck = [option for option, number in counts.items() for _ in range(number)]
    dice.shuffle(deck)
    for document, option in zip(answers, deck, strict=False):
        document[question] = option


def _deal_many(
    dice: random.Random,
    answers: list[dict[str, Any]],
    question: str,
    counts: dict[str, int],
) -> None:
    """Deal ticks; whoever has the exclusive option has no other."""
    free = list(range(len(answers)))
    for option in sorted(counts, key=lambda key: key not in EXCLUSIVE):
        for number in dice.sample(free, counts[option]):
            if option in EXCLUSIVE:
                free.remove(number)
            ticked = answers[number].setdefault(question, [])
            ticked.append(option)


def _deal_blocks(dice: random.Random, answers: list[dict[str, Any]]) -> None:
    for block, counts in BLOCK_COUNTS.items():
        deck = [option for option, number in counts.items() for _ in range(number)]
        dice.shuffle(deck)
        # The last two left the building blocks out (item non-response).
        for document, option in zip(answers[:-2], deck, strict=True):
            grid = document.setdefault("q_blocks", {})
            grid[block] = f"g_{option}"


def _write_texts(dice: random.Random, answers: list[dict[str, Any]]) -> None:
    against = [d for d in answers if d["q_priorities"] in {"d", "sd"}]
    for document, text in zip(against, OPPOSED * 2, strict=False):
        document["q_general"] = text
    others = [d for d in answers if d["q_priorities"] in {"sa", "a", "n"}]
    for document in dice.sample(others, 24):
        document["q_general"] = dice.choice(GENERAL)
    for number, document in enumerate(dice.sample(answers, 36)):
        first = SERVICES[number % len(SERVICES)]
        second = SERVICES[(number * 5 + 1) % len(SERVICES)]
        text = dice.choice(ABOUT_SERVICES).format(first, second)
        document["q_devolve"] = text[0].upper() + text[1:]
    for document in dice.sample(answers, 31):
        document["q_vulnerable"] = dice.choice(VULNERABLE)
    for document in dice.sample(answers, 29):
        document["q_ideas"] = dice.choice(IDEAS)


def _organisation(dice: random.Random, number: int) -> str:
    return f"{dice.choice(GROUPS)} {dice.choice(PLACES)} {number + 1} (invented)"


def _place(dice: random.Random, ward_codes: list[str]) -> dict[str, str]:
    roll = dice.random()
    if roll < 0.08:
        return {"place": "not_stated"}
    if roll < 0.12:
        return {"place": "outside"}
    return {"place": "ward", "ward_code": dice.choice(ward_codes)}
