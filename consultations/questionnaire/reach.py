"""Which pages some path of answers reaches. Pure.

The answers of a page are given on that page alone, so what leads from page to page
can be worked out page by page: a rule works if somebody can give its answer without
giving that of an earlier rule.
"""

from collections import defaultdict

from consultations.questionnaire.document import Page, Question, Questionnaire
from consultations.questionnaire.routing import END


def exits(questionnaire: Questionnaire, page: Page) -> list[str]:
    """Return where a page can lead, each once: page keys and "end"."""
    rules, falls_through = _outcomes(page)
    found = [_forward(questionnaire, page, page.routes[n].to) for n in rules]
    if falls_through:
        found.append(_following(questionnaire, page))
    return list(dict.fromkeys(found))


def works(page: Page, place: int) -> bool:
    """Whether some answers make a page's rule, by its place, the one taken."""
    return place in _outcomes(page)[0]


def _outcomes(page: Page) -> tuple[list[int], bool]:
    """The places of the rules that some answers take, and whether some take none."""
    used: dict[str, set[str]] = defaultdict(set)
    questions = {question.key: question for question in page.questions}
    rules: list[int] = []
    for place, route in enumerate(page.routes):
        question = questions.get(route.question)
        others = [q for key, q in questions.items() if key != route.question]
        if (
            question is not None
            and set(route.options) & _keys(question) - used[route.question]
            and all(_can_avoid(other, used[other.key]) for other in others)
        ):
            rules.append(place)
        used[route.question] |= set(route.options)
    return rules, all(_can_avoid(q, used[key]) for key, q in questions.items())


def reached(questionnaire: Questionnaire) -> set[str]:
    """Return the keys of the pages that some path of answers leads through."""
    pages = {page.key: page for page in questionnaire.pages}
    waiting = [page.key for page in questionnaire.pages[:1]]
    seen: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key == END or key in seen:
            continue
        seen.add(key)
        waiting.extend(exits(questionnaire, pages[key]))
    return seen


def _keys(question: Question) -> set[str]:
    return {option.key for option in question.options}


def _can_avoid(question: Question, used: set[str]) -> bool:
    """Whether somebody can pass a question without choosing any of these options."""
    return not question.required or not used or bool(_keys(question) - used)


def _following(questionnaire: Questionnaire, page: Page) -> str:
    keys = [other.key for other in questionnaire.pages]
    after = keys[keys.index(page.key) + 1 :]
    return after[0] if after else END


def _forward(questionnaire: Questionnaire, page: Page, to: str) -> str:
    """Where a rule leads; one that leads nowhere or backwards, to the next page."""
    keys = [other.key for other in questionnaire.pages]
    if to == END or to in keys[keys.index(page.key) + 1 :]:
        return to
    return _following(questionnaire, page)
