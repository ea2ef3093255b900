"""How many clicks an answer takes, from the home page to the receipt (R2, R3)."""

import pytest

from consultations.models import Response
from consultations.questionnaire.document import Questionnaire
from tests import factories
from tests.journeys.people import ByKeyboard, WithoutScript

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def one_page():
    """A questionnaire of one page with three questions."""
    whole = factories.make_questionnaire()
    page = whole.pages[0].model_copy(update={"routes": ()})
    return Questionnaire(pages=(page,), texts=whole.texts, next_number=100)


def answer(person, pages):
    """Answer the consultation that the home page shows first."""
    person.go("/")
    person.press("Library hours")
    person.press("Start")
    person.pick("Often", within="How often do you use the library?")
    for _ in range(pages):
        person.press("Continue")
    person.press("Send your response")
    person.sees("We have received your response")


@pytest.mark.parametrize("kind", [WithoutScript, ByKeyboard])
@pytest.mark.parametrize(
    ("questions", "pages", "most"),
    [
        pytest.param(one_page, 1, 4, id="R2"),
        pytest.param(factories.make_questionnaire, 3, 6, id="R3"),
    ],
)
def test_an_answer_takes_no_more_clicks_than_promised(
    kind, questions, pages, most, new_page
):
    factories.make_council()
    factories.make_published_consultation(
        title="Library hours", slug="library-hours", questionnaire=questions()
    )
    person = kind(new_page(javascript=kind is ByKeyboard))

    answer(person, pages)

    assert person.clicks <= most
    assert Response.objects.get().answers["q_use"] == "o_often"
