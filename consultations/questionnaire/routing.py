"""Which pages an answer leads through. Pure.

The same function decides what is asked next, what the check page shows, what
is dropped on sending (T-11) and which marks the codes carry.
"""

from collections.abc import Mapping

from consultations.questionnaire.document import Page, Questionnaire

END = "end"


def chosen(value: object) -> frozenset[str]:
    """Return the option keys in an answer to a closed question."""
    if isinstance(value, str):
        return frozenset({value})
    if isinstance(value, list):
        return frozenset(v for v in value if isinstance(v, str))
    return frozenset()


def next_page(
    questionnaire: Questionnaire, page: Page, answers: Mapping[str, object]
) -> str:
    """Return the key of the page after this one, or "end"."""
    for route in page.routes:
        if chosen(answers.get(route.question)) & set(route.options):
            return route.to
    keys = [p.key for p in questionnaire.pages]
    following = keys[keys.index(page.key) + 1 :]
    return following[0] if following else END


def path(questionnaire: Questionnaire, answers: Mapping[str, object]) -> list[Page]:
    """Return the pages that these answers lead through, in order.

    A route that leads backwards or nowhere (which the builder refuses) is taken
    as the next page, so that the walk always ends.
    """
    pages = list(questionnaire.pages)
    position = {page.key: n for n, page in enumerate(pages)}
    walked: list[Page] = []
    at = 0
    while at < len(pages):
        walked.append(pages[at])
        to = next_page(questionnaire, pages[at], answers)
        if to == END:
            break
        at = max(position.get(to, at + 1), at + 1)
    return walked


def shown_questions(
    questionnaire: Questionnaire, answers: Mapping[str, object]
) -> set[str]:
    """Return the keys of the questions on the walked pages."""
    return {q.key for page in path(questionnaire, answers) for q in page.questions}


def keep_shown(
    questionnaire: Questionnaire, answers: Mapping[str, object]
) -> dict[str, object]:
    """Return the answers without those to questions that routing hides (T-11)."""
    shown = shown_questions(questionnaire, answers)
    return {key: value for key, value in answers.items() if key.split(".")[0] in shown}
