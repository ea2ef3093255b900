"""Parts of pages that the process keeps follow what they are made of."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import (
    make_council,
    make_officer,
    make_published_consultation,
    make_service,
)

pytestmark = pytest.mark.django_db


def test_a_new_name_and_telephone_of_the_council_are_on_the_next_page(client):
    make_council(name="Fernshire Council", phone="01234 567890")
    before = client.get("/").content.decode()

    make_council(
        name="Bracken Council", service_name="Tell Bracken", phone="01234 111111"
    )

    after = client.get("/").content.decode()
    assert "Fernshire Council" in before
    assert "01234 567890" in before
    for old in ("Fernshire Council", "01234 567890"):
        assert old not in after
    for new in ("Bracken Council", "Tell Bracken", "01234 111111"):
        assert new in after


def test_the_demonstration_is_marked_from_the_next_page_on(client):
    make_council(is_demonstration=False)
    before = client.get("/").content.decode()

    make_council(is_demonstration=True)

    assert "are invented" not in before
    assert "are invented" in client.get("/").content.decode()


def test_staff_and_the_public_never_see_each_others_navigation_and_footer(client):
    make_council()
    officer = make_officer()
    public = client.get("/consultations/").content.decode()

    client.force_login(officer)
    staff = client.get("/consultations/").content.decode()
    client.logout()
    public_again = client.get("/consultations/").content.decode()

    assert "Sign in" in public
    assert "Sign out" in staff
    assert "Your work" in staff
    for page in (public, public_again):
        assert "Sign out" not in page
        assert "Your work" not in page


def test_two_members_of_staff_never_get_the_same_token():
    make_council()
    tokens = []
    for _person in range(2):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(make_officer())
        page = browser.get("/").content.decode()
        found = re.search(r'<form[^>]*logout/"><input[^>]* value="(\w+)"', page)
        tokens.append(found[1])
        done = browser.post("/accounts/logout/", {"csrfmiddlewaretoken": found[1]})
        assert done.status_code == 302

    assert tokens[0] != tokens[1]


def test_the_link_of_the_page_that_is_open_is_marked_on_that_page_alone(client):
    make_council()

    lists = client.get("/consultations/").content.decode()
    home = client.get("/").content.decode()
    did = client.get("/feedback/").content.decode()

    assert lists.count('aria-current="true"') == 1
    assert 'aria-current="true"' not in home
    assert re.search(r'href="/feedback/" aria-current="true"', did)


def test_what_one_visitor_searched_for_is_on_nobody_elses_page(client):
    make_council()

    mine = client.get("/consultations/", {"q": "parking"}).content.decode()
    theirs = client.get("/consultations/").content.decode()
    again = client.get("/consultations/", {"q": "libraries"}).content.decode()

    assert 'value="parking"' in mine
    assert "parking" not in theirs
    assert 'value="libraries"' in again


def test_a_new_service_can_be_chosen_on_the_next_page(client):
    make_council()
    make_service(name="Highways", slug="highways")
    before = client.get("/consultations/").content.decode()

    make_service(name="Libraries", slug="libraries")

    assert "Libraries" not in before
    assert "Libraries" in client.get("/consultations/").content.decode()


def test_each_overview_follows_its_own_consultation(client):
    make_council()
    first, second = (
        make_published_consultation(opens=-1, closes=10) for _n in range(2)
    )

    pages = [client.get(each.get_absolute_url()) for each in (first, second)]

    for page, consultation in zip(pages, (first, second), strict=True):
        address = f"/consultations/{consultation.slug}/follow/"
        assert f'action="{address}"' in page.content.decode()


def test_the_day_of_printing_is_today(client):
    make_council()
    page = client.get("/").content.decode()

    today = timezone.localdate()
    assert f"Printed on {today.day} {today:%B %Y}" in page
