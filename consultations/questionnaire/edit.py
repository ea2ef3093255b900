"""Changing a questionnaire: each function takes a document and returns the next.

Nothing is stored here. A function raises ActionRefused, with a sentence, for what
would be no questionnaire; what is only unwise is left to `checks`. Every key comes
from `next_number` and is never used again, also after its part is deleted. What
depends on a part that goes (a rule about an answer, a rule to a page) goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _

from accounts.refusals import ActionRefused
from consultations.questionnaire.change import (
    ALIKE,
    USUAL_LENGTH,
    USUAL_OPTIONS,
    Change,
    Choice,
    Statement,
)
from consultations.questionnaire.document import (
    CHOICE_KINDS,
    DEFAULT_LANGUAGE,
    Kind,
    Page,
    Question,
    Questionnaire,
    Route,
    Row,
)
from consultations.questionnaire.places import moved, page_place, question_place
from consultations.questionnaire.routing import END

Edit = Callable[[Questionnaire], Questionnaire]


def first() -> Questionnaire:
    """Return what every questionnaire starts from: who somebody answers for."""
    blank = add_page(Questionnaire(), label="About you")
    return add_question(
        blank,
        page=blank.pages[0].key,
        kind=Kind.CAPACITY,
        label="Are you answering for yourself or for an organisation?",
    )


# Pages ------------------------------------------------------------------------


def add_page(
    questionnaire: Questionnaire, *, label: str = "", hint: str = ""
) -> Questionnaire:
    """Add an empty page at the end; `hint` is what it says before its questions."""
    change = Change(questionnaire)
    key = change.new_key("p")
    change.say(key, label, hint)
    change.pages.append(Page(key=key))
    return change.done()


def move_page(questionnaire: Questionnaire, key: str, *, step: int) -> Questionnaire:
    """Move a page one place, up for -1 and down for 1; at the edge it stays."""
    change = Change(questionnaire)
    change.pages = moved(change.pages, page_place(questionnaire, key), step)
    return change.done()


def delete_page(questionnaire: Questionnaire, key: str) -> Questionnaire:
    """Delete a page with its questions and every rule that leads to it."""
    change = Change(questionnaire)
    del change.pages[page_place(questionnaire, key)]
    if not change.pages:
        raise ActionRefused(_("A questionnaire has at least one page."))
    return change.done()


def set_routes(
    questionnaire: Questionnaire, key: str, routes: Iterable[Route]
) -> Questionnaire:
    """Replace the rules of a page. Refuses a rule that could not be followed."""
    change = Change(questionnaire)
    place = page_place(questionnaire, key)
    routes = tuple(routes)
    for route in routes:
        _refuse_route(questionnaire, place, route)
    change.pages[place] = change.pages[place].model_copy(update={"routes": routes})
    return change.done()


def _refuse_route(questionnaire: Questionnaire, place: int, route: Route) -> None:
    page = questionnaire.pages[place]
    question = next((q for q in page.questions if q.key == route.question), None)
    if question is None or question.kind not in CHOICE_KINDS:
        raise ActionRefused(
            _("A rule is about a question to choose from on the same page.")
        )
    if not set(route.options) <= {option.key for option in question.options}:
        raise ActionRefused(_("A rule is about options that the question has."))
    later = {other.key for other in questionnaire.pages[place + 1 :]}
    if route.to != END and route.to not in later:
        raise ActionRefused(_("A rule leads to a later page."))


# Questions --------------------------------------------------------------------


def add_question(
    questionnaire: Questionnaire,
    *,
    page: str,
    kind: Kind,
    label: str,
    hint: str = "",
    required: bool = False,
    options: Sequence[Choice] = (),
    rows: Sequence[Statement] = (),
    minimum: float | None = None,
    maximum: float | None = None,
    max_length: int | None = None,
) -> Questionnaire:
    """Add a question at the end of a page.

    An agree scale, a grid and the capacity question have their usual options
    where none are given, a text its usual length.
    """
    change = Change(questionnaire)
    place = page_place(questionnaire, page)
    key = change.new_key("q")
    change.say(key, label, hint)
    question = change.shaped(
        Question.model_construct(key=key, kind=kind, required=required),
        options=options or USUAL_OPTIONS.get(kind, ()),
        rows=rows,
        minimum=minimum,
        maximum=maximum,
        max_length=max_length or USUAL_LENGTH.get(kind),
    )
    change.put(place, [*change.pages[place].questions, question])
    return change.done()


def change_question(
    questionnaire: Questionnaire,
    key: str,
    *,
    label: str,
    hint: str = "",
    kind: Kind | None = None,
    required: bool = False,
    options: Sequence[Choice] = (),
    rows: Sequence[Statement] = (),
    minimum: float | None = None,
    maximum: float | None = None,
    max_length: int | None = None,
) -> Questionnaire:
    """Change a question to what is given; an option that is not named goes.

    `kind` can only become one of the same shape: one choice and many choices,
    short and long text.
    """
    change = Change(questionnaire)
    place, at = question_place(questionnaire, key)
    old = questionnaire.pages[place].questions[at]
    kind = kind or old.kind
    if kind not in may_become(old.kind):
        raise ActionRefused(
            _("This type cannot become that one. Add a new question instead.")
        )
    change.say(key, label, hint)
    questions = list(change.pages[place].questions)
    questions[at] = change.shaped(
        old.model_copy(update={"kind": kind, "required": required}),
        options=options,
        rows=rows,
        minimum=minimum,
        maximum=maximum,
        max_length=max_length,
    )
    change.put(place, questions)
    return change.done()


def may_become(kind: Kind) -> frozenset[Kind]:
    """Return the kinds that a question of a kind can be changed to, itself too."""
    return next((each for each in ALIKE if kind in each), frozenset({kind}))


def move_question(
    questionnaire: Questionnaire, key: str, *, step: int = 0, page: str = ""
) -> Questionnaire:
    """Move a question one place (-1 up, 1 down) or to the end of another page.

    Up from the top of a page is the end of the page before, and the reverse.
    """
    change = Change(questionnaire)
    place, at = question_place(questionnaire, key)
    to = (
        page_place(questionnaire, page)
        if page
        else place + _overflow(questionnaire, place, at, step)
    )
    questions = list(change.pages[place].questions)
    if to == place:
        change.put(place, questions if page else moved(questions, at, step))
    elif 0 <= to < len(change.pages):
        question = questions.pop(at)
        change.put(place, questions)
        there = list(change.pages[to].questions)
        change.put(to, [question, *there] if step > 0 else [*there, question])
    return change.done()


def _overflow(questionnaire: Questionnaire, place: int, at: int, step: int) -> int:
    """How many pages a step leads away: 0 while it stays on the page."""
    wanted = at + step
    if wanted < 0:
        return -1
    return 1 if wanted >= len(questionnaire.pages[place].questions) else 0


def copy_question(questionnaire: Questionnaire, key: str) -> Questionnaire:
    """Put a copy of a question after it, with keys of its own and no rules."""
    change = Change(questionnaire)
    place, at = question_place(questionnaire, key)
    old = questionnaire.pages[place].questions[at]
    new = {old.key: change.new_key("q")}
    new |= {option.key: change.new_key("o") for option in old.options}
    new |= {row.key: change.new_key("s") for row in old.rows}
    new |= {group: change.new_key("g") for group in old.groups()}
    for words in change.texts.values():
        words.update({new[k]: words[k] for k in new if k in words})
    options = tuple(
        option.model_copy(
            update={
                "key": new[option.key],
                "group": new[option.group] if option.group else None,
            }
        )
        for option in old.options
    )
    rows = tuple(Row(key=new[row.key]) for row in old.rows)
    copied = old.model_copy(
        update={"key": new[old.key], "options": options, "rows": rows}
    )
    questions = list(change.pages[place].questions)
    change.put(place, [*questions[: at + 1], copied, *questions[at + 1 :]])
    return change.done()


def delete_question(questionnaire: Questionnaire, key: str) -> Questionnaire:
    """Delete a question and every rule about it."""
    change = Change(questionnaire)
    place, at = question_place(questionnaire, key)
    questions = list(change.pages[place].questions)
    del questions[at]
    change.put(place, questions)
    return change.done()


def set_words(
    questionnaire: Questionnaire,
    key: str,
    *,
    label: str,
    hint: str | None = None,
    language: str = DEFAULT_LANGUAGE,
) -> Questionnaire:
    """Set the words of anything that has a key; `hint=None` leaves the hint."""
    if key not in set(questionnaire.keys()):
        raise ActionRefused(_("This part of the questionnaire is no longer there."))
    change = Change(questionnaire)
    change.say(key, label, hint, language=language)
    return change.done()
