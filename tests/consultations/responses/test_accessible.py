"""The pages of answering, looked at by axe at 320 and 1280 pixels."""

import pytest

from consultations.models import EqualitySet
from tests import browser
from tests.consultations.responses.people import Resident, sent
from tests.factories import make_council, make_published_consultation, make_ward

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANSWERING = ["respond/1/", "respond/2/", "respond/3/", "respond/check/"]
ANSWERING += ["respond/save/"]
AFTER = ["respond/sent/", "receipt/", "receipt/withdraw/", "respond/equality/1/"]
AFTER += ["respond/1/"]


def look(page, live_server, resident, paths):
    page.context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": live_server.url}
            for name, cookie in resident.client.cookies.items()
            if cookie.value
        ]
    )
    for path in paths:
        page.goto(f"{resident.root}/{path}")
        browser.assert_accessible(page)


@pytest.mark.rule("ACC-04", "accepts")
def test_the_pages_of_answering_have_no_barrier(page, live_server):
    make_council()
    make_ward()
    resident = Resident(make_published_consultation()).answer_all()

    look(page, live_server, resident, ANSWERING)
    page.goto(f"{resident.root}/respond/3/")
    page.fill("#id_q_age", "many")
    with page.expect_navigation():
        page.click("text=Continue")

    assert page.title().startswith("Error: ")
    browser.assert_accessible(page)


def test_the_pages_after_sending_have_no_barrier(page, live_server):
    make_council()
    equality_set, _made = EqualitySet.objects.get_or_create(
        code="census-2021", version=1, defaults={"title": "Census", "document": {}}
    )
    resident = sent(make_published_consultation(equality_set=equality_set))
    paths = AFTER if equality_set.document else AFTER[:3]

    look(page, live_server, resident, paths)
