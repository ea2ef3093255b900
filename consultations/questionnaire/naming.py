"""How sentences name the pages and questions of a questionnaire."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consultations.questionnaire.document import Questionnaire
from consultations.questionnaire.routing import END

SHORT = 60


def quoted(words: str) -> str:
    """Words shortened to stand in a sentence."""
    words = " ".join(words.split())
    return words if len(words) <= SHORT else words[: SHORT - 1].rstrip() + "…"


def number_of(questionnaire: Questionnaire, key: str) -> int:
    """The number of a question, counted through all pages from 1; 0 if absent."""
    keys = [question.key for question in questionnaire.questions()]
    return keys.index(key) + 1 if key in keys else 0


def name_of(questionnaire: Questionnaire, key: str) -> str:
    """Question 2 (“How old are you?”)."""
    name = _("Question %(number)s") % {"number": number_of(questionnaire, key)}
    label = questionnaire.label(key)
    return f"{name} (“{quoted(label)}”)" if label.strip() else name


def page_name(questionnaire: Questionnaire, key: str) -> str:
    """Page 2 (“Opening hours”); the check page for "end"."""
    if key == END:
        return _("the page to check your answers")
    keys = [page.key for page in questionnaire.pages]
    if key not in keys:
        return _("a page that is not there")
    name = _("Page %(number)s") % {"number": keys.index(key) + 1}
    label = questionnaire.label(key)
    return f"{name} (“{quoted(label)}”)" if label.strip() else name
