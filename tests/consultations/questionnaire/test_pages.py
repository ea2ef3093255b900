"""The pages of the builder in a browser: they fit, they can be read, they come back."""

import pytest

from tests.browser import assert_accessible
from tests.factories import make_consultation, make_council

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STAFF = "/staff/consultations/library"


@pytest.fixture
def signed_in(new_page, client, live_server, settings):
    """Make pages of an officer who is signed in."""
    make_council()
    consultation = make_consultation(slug="library")
    client.force_login(consultation.lead_officer)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value}

    def make(**options):
        page = new_page(**options)
        page.context.add_cookies([{**cookie, "url": live_server.url}])
        return page

    return make


@pytest.mark.parametrize(
    "address",
    [
        "questions/",
        "questions/pages/",
        "questions/pages/p1/",
        "questions/pages/p1/rules/",
        "questions/pages/p3/rules/",
        "questions/pages/p1/add/",
        "questions/change/q_use/",
        "questions/change/q_grid/",
        "preview/1/",
        "preview/check/",
    ],
)
def test_a_page_of_the_builder_has_no_violation(address, signed_in):
    page = signed_in()

    page.goto(f"{STAFF}/{address}")

    assert_accessible(page)


def test_a_refused_form_has_no_violation(signed_in):
    page = signed_in()
    page.goto(f"{STAFF}/questions/pages/p1/add/")

    with page.expect_navigation():
        page.get_by_role("button", name="Add question").click()

    assert page.title().startswith("Error: ")
    assert_accessible(page)


def test_without_javascript_two_clicks_add_a_question(signed_in):
    page = signed_in(javascript=False)
    page.goto(f"{STAFF}/questions/")

    page.get_by_role("link", name="Add a question to Page 2: Opening hours").click()
    page.get_by_label("One choice").check()
    page.get_by_label("What do you want to ask?").fill("Which room?")
    page.get_by_label("Options, one on each line").fill("Hall\nStudy")
    with page.expect_navigation():
        page.get_by_role("button", name="Add question").click()

    assert page.get_by_role("heading", name="7. Which room? (optional)").is_visible()
    assert page.url.endswith("#q100")
