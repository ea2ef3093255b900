"""What changed from one questionnaire to the next, as sentences.

For the approver, the history and Undo. A question is the same one while its key
stays; its number is the one in the newer document, or in the older one if it went.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from consultations.questionnaire.document import Page, Question, Questionnaire, Route
from consultations.questionnaire.kinds import KIND_NAMES, ROLE_NAMES
from consultations.questionnaire.naming import name_of, page_name, quoted

Sentences = Iterator[str]


def changes(old: Questionnaire, new: Questionnaire) -> list[str]:
    """Return a sentence for each thing that was added, removed, moved or changed."""
    return [
        *_page_changes(old, new),
        *_question_changes(old, new),
        *_route_changes(old, new),
    ]


# Pages ------------------------------------------------------------------------


def _page_changes(old: Questionnaire, new: Questionnaire) -> Sentences:
    before, after = [p.key for p in old.pages], [p.key for p in new.pages]
    for key in before:
        if key not in after:
            yield _("%(page)s was removed.") % {"page": page_name(old, key)}
    moved = _moved(before, after)
    for key in after:
        name = page_name(new, key)
        if key not in before:
            yield _("%(page)s was added.") % {"page": name}
            continue
        if old.label(key) != new.label(key):
            yield _("%(page)s was called “%(old)s” before.") % {
                "page": name,
                "old": quoted(old.label(key)),
            }
        if old.hint(key) != new.hint(key):
            yield _("The introduction of %(page)s was changed to “%(new)s”.") % {
                "page": name,
                "new": quoted(new.hint(key)),
            }
        if key in moved:
            yield _("%(page)s was moved.") % {"page": name}


# Questions --------------------------------------------------------------------


def _question_changes(old: Questionnaire, new: Questionnaire) -> Sentences:
    before = {question.key: question for question in old.questions()}
    for key in before:
        if new.question(key) is None:
            yield _("%(question)s was removed.") % {"question": name_of(old, key)}
    moved = _moved(list(before), [question.key for question in new.questions()])
    pages = _pages_of(old), _pages_of(new)
    for question in new.questions():
        key, name = question.key, name_of(new, question.key)
        if key not in before:
            yield _("%(question)s was added.") % {"question": name}
            continue
        if pages[0][key] != pages[1][key]:
            yield _("%(question)s was moved to %(page)s.") % {
                "question": name,
                "page": page_name(new, pages[1][key]),
            }
        elif key in moved:
            yield _("%(question)s was moved.") % {"question": name}
        yield from _wording_changes(old, new, key, name)
        yield from _setting_changes(before[key], question, name)
        yield from _option_changes(old, new, before[key], question, name)


def _wording_changes(
    old: Questionnaire, new: Questionnaire, key: str, name: str
) -> Sentences:
    if old.label(key) != new.label(key):
        yield _("%(question)s was “%(old)s” before.") % {
            "question": name,
            "old": quoted(old.label(key)),
        }
    if old.hint(key) != new.hint(key):
        yield _("The hint of %(question)s was changed to “%(new)s”.") % {
            "question": name,
            "new": quoted(new.hint(key)),
        }


def _setting_changes(old: Question, new: Question, name: str) -> Sentences:
    if old.kind != new.kind:
        yield _("%(question)s was changed from “%(old)s” to “%(new)s”.") % {
            "question": name,
            "old": KIND_NAMES[old.kind],
            "new": KIND_NAMES[new.kind],
        }
    if old.required != new.required:
        yield (
            _("%(question)s must now be answered.")
            if new.required
            else _("%(question)s is now optional.")
        ) % {"question": name}
    if (old.minimum, old.maximum) != (new.minimum, new.maximum):
        yield _("The lowest or highest number of %(question)s was changed.") % {
            "question": name
        }
    if old.max_length != new.max_length:
        yield _("The number of characters for %(question)s was changed.") % {
            "question": name
        }


def _option_changes(
    old: Questionnaire, new: Questionnaire, was: Question, now: Question, name: str
) -> Sentences:
    before = _part_keys(was)
    after = _part_keys(now)
    for key in before:
        if key not in after:
            yield _("“%(words)s” was removed from %(question)s.") % {
                "words": quoted(old.label(key)),
                "question": name,
            }
    for key in after:
        if key not in before:
            yield _("“%(words)s” was added to %(question)s.") % {
                "words": quoted(new.label(key)),
                "question": name,
            }
        elif old.label(key) != new.label(key):
            yield _("“%(old)s” was renamed “%(new)s” in %(question)s.") % {
                "old": quoted(old.label(key)),
                "new": quoted(new.label(key)),
                "question": name,
            }
    if _moved(before, after):
        yield _("The options of %(question)s are in another order.") % {
            "question": name
        }
    yield from _meaning_changes(new, was, now, name)


def _meaning_changes(
    new: Questionnaire, was: Question, now: Question, name: str
) -> Sentences:
    before = {option.key: option for option in was.options}
    for option in now.options:
        old = before.get(option.key)
        if old is None or old == option:
            continue
        words = {"words": quoted(new.label(option.key)), "question": name}
        if old.role != option.role:
            yield _("“%(words)s” of %(question)s now means: %(role)s.") % {
                **words,
                "role": ROLE_NAMES[option.role],
            }
        if old.exclusive != option.exclusive:
            yield (
                _("“%(words)s” of %(question)s now excludes the other options.")
                if option.exclusive
                else _("“%(words)s” of %(question)s no longer excludes the others.")
            ) % words
        if old.other != option.other:
            yield (
                _("“%(words)s” of %(question)s now asks for words.")
                if option.other
                else _("“%(words)s” of %(question)s no longer asks for words.")
            ) % words


# Rules ------------------------------------------------------------------------


def _route_changes(old: Questionnaire, new: Questionnaire) -> Sentences:
    before = {page.key: page.routes for page in old.pages}
    for page in new.pages:
        was = before.get(page.key, ())
        for route in was:
            if route not in page.routes:
                yield _("A rule of %(page)s was removed: %(rule)s") % {
                    "page": page_name(new, page.key),
                    "rule": rule(old, route),
                }
        for route in page.routes:
            if route not in was:
                yield _("A rule of %(page)s was added: %(rule)s") % {
                    "page": page_name(new, page.key),
                    "rule": rule(new, route),
                }
        if was != page.routes and set(was) == set(page.routes):
            yield _("The rules of %(page)s are in another order.") % {
                "page": page_name(new, page.key)
            }


def rule(questionnaire: Questionnaire, route: Route) -> str:
    """If the answer to question 3 (“…”) is “Never”, go to page 3 (“…”)."""
    options = [f"“{quoted(questionnaire.label(key))}”" for key in route.options]
    return _("If the answer to %(question)s is %(options)s, go to %(page)s.") % {
        "question": _lower(name_of(questionnaire, route.question)),
        "options": _(" or ").join(options),
        "page": _lower(page_name(questionnaire, route.to)),
    }


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


# Orders -----------------------------------------------------------------------


def _pages_of(questionnaire: Questionnaire) -> dict[str, str]:
    pages: tuple[Page, ...] = questionnaire.pages
    return {q.key: page.key for page in pages for q in page.questions}


def _part_keys(question: Question) -> list[str]:
    return [o.key for o in question.options] + [row.key for row in question.rows]


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The keys that moved: those outside the longest run that kept its order."""
    place = {key: n for n, key in enumerate(before)}
    common = [key for key in after if key in place]
    tails: list[int] = []
    last: list[str] = []
    came_from: dict[str, str] = {}
    for key in common:
        at = bisect_left(tails, place[key])
        tails[at : at + 1] = [place[key]]
        last[at : at + 1] = [key]
        if at:
            came_from[key] = last[at - 1]
    kept: set[str] = set()
    key = last[-1] if last else ""
    while key:
        kept.add(key)
        key = came_from.get(key, "")
    return set(common) - kept
