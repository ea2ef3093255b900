"""What is wrong with a questionnaire, and what could be better.

Each returns sentences that name the page or the question. `problems` keep it from
being approved; `advice` never does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.analysis.codes import slot_map
from consultations.questionnaire import estimate, reach
from consultations.questionnaire.document import (
    CHOICE_KINDS,
    MAX_SLOTS,
    OPTION_KINDS,
    Kind,
    Page,
    Question,
    Questionnaire,
    Role,
)
from consultations.questionnaire.naming import name_of, page_name, quoted
from consultations.questionnaire.routing import END

SCALE_ROLES = frozenset(
    {
        Role.STRONG_POSITIVE,
        Role.POSITIVE,
        Role.NEUTRAL,
        Role.NEGATIVE,
        Role.STRONG_NEGATIVE,
        Role.DONT_KNOW,
        Role.PREFER_NOT_TO_SAY,
    }
)
FOR = frozenset({Role.STRONG_POSITIVE, Role.POSITIVE})
AGAINST = frozenset({Role.NEGATIVE, Role.STRONG_NEGATIVE})
UNSURE = frozenset({Role.DONT_KNOW, Role.PREFER_NOT_TO_SAY})
ABOUT_THE_READER = frozenset({Kind.CAPACITY, Kind.WARD})
LONG_QUESTION = 25  # words
LEADING = re.compile(
    r"\b(surely|obviously|clearly|of course|don[’']t you|do you not|"
    r"would you not|wouldn[’']t you|isn[’']t it|everybody knows)\b",
    re.IGNORECASE,
)


def asks_only_who_people_are(questionnaire: Questionnaire) -> bool:
    """Whether there is nothing to say but who one is and where one lives."""
    return all(q.kind in ABOUT_THE_READER for q in questionnaire.questions())


def problems(questionnaire: Questionnaire) -> list[str]:
    """Return what keeps the questions from being approved, as sentences."""
    if not questionnaire.questions():
        return [_("There are no questions yet. Add at least one.")]
    found = [*_whole_problems(questionnaire)]
    for page in questionnaire.pages:
        found.extend(_page_problems(questionnaire, page))
        for question in page.questions:
            found.extend(_question_problems(questionnaire, question))
    return found


def advice(questionnaire: Questionnaire, max_questions: int) -> list[str]:
    """Return what would make the questions easier to answer, as sentences.

    CON-11: above `max_questions` the author is told how many there are and how
    long they take.
    """
    found = []
    count = len(questionnaire.questions())
    if count > max_questions:
        found.append(_too_many(count, estimate.minutes(questionnaire)))
    kinds = Counter(question.kind for question in questionnaire.questions())
    if not kinds[Kind.CAPACITY]:
        found.append(
            _("Nobody is asked who they answer for: themselves or an organisation.")
        )
    for question in questionnaire.questions():
        found.extend(_question_advice(questionnaire, question))
    for page in questionnaire.pages:
        found.extend(
            _("A rule of %(page)s can never be used, because others come before it.")
            % {"page": page_name(questionnaire, page.key)}
            for place in range(len(page.routes))
            if not reach.works(page, place)
        )
    return found


def _too_many(count: int, minutes: int) -> str:
    time = ngettext(
        "about %(minutes)s minute", "about %(minutes)s minutes", minutes
    ) % {"minutes": minutes}
    return _(
        "There are %(count)s questions, which take %(time)s. "
        "Fewer questions bring more answers."
    ) % {"count": count, "time": time}


# Problems ---------------------------------------------------------------------


def _whole_problems(questionnaire: Questionnaire) -> Iterator[str]:
    width = sum(slot.width for slot in slot_map(questionnaire))
    if width > MAX_SLOTS:
        yield _(
            "The questions have %(count)s places to tick, and %(most)s is the most. "
            "Delete some options or statements."
        ) % {"count": f"{width:,}", "most": f"{MAX_SLOTS:,}"}
    kinds = Counter(question.kind for question in questionnaire.questions())
    if kinds[Kind.CAPACITY] > 1:
        yield _("Who somebody answers for is asked more than once.")
    if kinds[Kind.WARD] > 1:
        yield _("The ward or postcode is asked more than once.")


def _page_problems(questionnaire: Questionnaire, page: Page) -> Iterator[str]:
    name = page_name(questionnaire, page.key)
    if not page.questions:
        yield _("%(page)s has no questions. Add one or delete the page.") % {
            "page": name
        }
    if page.key not in reach.reached(questionnaire):
        yield _("No answers lead to %(page)s. Change the rules or delete the page.") % {
            "page": name
        }
    keys = [other.key for other in questionnaire.pages]
    options = {q.key: {o.key for o in q.options} for q in page.questions}
    kinds = {q.key: q.kind for q in page.questions}
    for route in page.routes:
        if route.question not in options:
            yield _("A rule of %(page)s is about a question of another page.") % {
                "page": name
            }
        elif kinds[route.question] not in CHOICE_KINDS or not (
            set(route.options) <= options[route.question]
        ):
            yield _("A rule of %(page)s is about an option that is not there.") % {
                "page": name
            }
        yield from _target_problems(keys, page.key, route.to, name)


def _target_problems(keys: list[str], here: str, to: str, name: str) -> Iterator[str]:
    if to == END:
        return
    if to not in keys:
        yield _("A rule of %(page)s leads to a page that is not there.") % {
            "page": name
        }
    elif keys.index(to) <= keys.index(here):
        yield _("A rule of %(page)s leads backwards. It must lead to a later page.") % {
            "page": name
        }


def _question_problems(
    questionnaire: Questionnaire, question: Question
) -> Iterator[str]:
    name = name_of(questionnaire, question.key)
    if not questionnaire.label(question.key).strip():
        yield _("%(question)s has no wording.") % {"question": name}
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and low > high:
        yield _("%(question)s has a lowest number above its highest.") % {
            "question": name
        }
    if question.kind in OPTION_KINDS:
        yield from _option_problems(questionnaire, question, name)
    yield from _role_problems(question, name)
    rows = [row.key for row in question.rows]
    blank = _("%(question)s has a statement without words.")
    yield from _word_problems(questionnaire, rows, name, blank)


def _option_problems(
    questionnaire: Questionnaire, question: Question, name: str
) -> Iterator[str]:
    if len(question.options) < 2:
        yield _("%(question)s needs at least two options.") % {"question": name}
    keys = [option.key for option in question.options]
    blank = _("%(question)s has an option without words.")
    yield from _word_problems(questionnaire, keys, name, blank)


def _word_problems(
    questionnaire: Questionnaire, keys: list[str], name: str, blank: str
) -> Iterator[str]:
    words = [" ".join(questionnaire.label(key).split()) for key in keys]
    if not all(words):
        yield blank % {"question": name}
    counts = Counter(each.casefold() for each in words if each)
    for each in dict.fromkeys(words):
        if counts[each.casefold()] > 1:
            counts[each.casefold()] = 0
            yield _("%(question)s has “%(words)s” more than once.") % {
                "question": name,
                "words": quoted(each),
            }


def _role_problems(question: Question, name: str) -> Iterator[str]:
    roles = {option.role for option in question.options}
    if question.kind in (Kind.AGREE, Kind.AGREE_GRID) and not (
        roles <= SCALE_ROLES and roles & FOR and roles & AGAINST
    ):
        yield _(
            "%(question)s needs a meaning for each option, for and against included."
        ) % {"question": name}
    if question.kind is Kind.CAPACITY and roles != {Role.MYSELF, Role.ORGANISATION}:
        yield _(
            "%(question)s must tell people from organisations by each option’s meaning."
        ) % {"question": name}
    if question.kind is not Kind.MANY:
        return
    if all(option.exclusive for option in question.options):
        yield _("%(question)s has only options that exclude all others.") % {
            "question": name
        }
    if sum(option.other for option in question.options) > 1:
        yield _("%(question)s can ask for words at one option only.") % {
            "question": name
        }
    if any(o.role in UNSURE and not o.exclusive for o in question.options):
        yield _("%(question)s has an unsure option that must exclude the others.") % {
            "question": name
        }


# Advice -----------------------------------------------------------------------


def _question_advice(questionnaire: Questionnaire, question: Question) -> Iterator[str]:
    name = name_of(questionnaire, question.key)
    label = questionnaire.label(question.key)
    count = len(label.split())
    if count > LONG_QUESTION:
        yield _("%(question)s has %(count)s words. Try to say it in 25 or fewer.") % {
            "question": name,
            "count": count,
        }
    if label.count("?") > 1 or re.search(r"\band\b.*\?", label, re.IGNORECASE):
        yield _("%(question)s may ask two things at once. Check the word “and”.") % {
            "question": name
        }
    if LEADING.search(label):
        yield _("%(question)s may lead people to an answer.") % {"question": name}
    roles = {option.role for option in question.options}
    if question.required and question.kind in OPTION_KINDS - {Kind.CAPACITY}:
        if not roles & UNSURE:
            yield _("%(question)s must be answered, but has no “I do not know”.") % {
                "question": name
            }
    elif question.required:
        yield _("%(question)s must be answered. People who cannot will leave.") % {
            "question": name
        }
