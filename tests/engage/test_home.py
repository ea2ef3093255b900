"""The home page and the navigation (ux 1.0 and 1.1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Release
from tests.factories import (
    make_approver,
    make_council,
    make_officer,
    make_published_consultation,
    make_user,
)

pytestmark = pytest.mark.django_db


def make_feedback(**fields):
    consultation = make_published_consultation(opens=-60, closes=-30)
    values = {
        "kind": "feedback",
        "texts": {"we_did": "We kept the library open on Sundays. More follows."},
        "outcome": "changed",
        "input_digest": "0" * 64,
        "prepared_by": consultation.lead_officer,
        "checked_by": make_approver(),
        "public_from": timezone.now() - timedelta(days=1),
    }
    return Release.objects.create(consultation=consultation, **{**values, **fields})


def shown(client, path="/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_portal_says_what_is_there(client):
    make_council(place="Fernshire")

    page = shown(client)

    assert "Have your say in Fernshire" in page
    assert "No consultation is open today." in page
    assert "Nothing has been reported yet." in page
    assert "Open now (0)" in page


def test_what_closes_first_comes_first(client):
    for days in (9, 2, 30, 7):
        make_published_consultation(closes=days, title=f"Closes in {days}")
    make_published_consultation(opens=3, closes=9, title="Not yet open")

    page = shown(client)

    places = [page.index(f"Closes in {days}<") for days in (2, 7, 9, 30)]
    assert places == sorted(places)
    assert places[1] < page.index("Open now (4)") < places[2]
    assert "Not yet open" not in page


def test_nothing_closes_soon_that_is_open_for_more_than_a_week(client):
    for days in (8, 25):
        make_published_consultation(closes=days, title=f"Closes in {days}")

    page = shown(client)

    assert "No consultation closes in the next 7 days." in page
    assert page.index("Open now (2)") < page.index("Closes in 8<")


def test_three_of_each_are_listed_and_the_rest_is_a_link_away(client):
    for days in (1, 2, 3, 4, 20, 21, 22):
        make_published_consultation(closes=days, title=f"Closes in {days}")

    answer = client.get("/")

    titles = {
        name: [row.title for row in answer.context[name]]
        for name in ("closing_soon", "open_now")
    }
    assert titles["closing_soon"] == ["Closes in 1", "Closes in 2", "Closes in 3"]
    assert titles["open_now"] == ["Closes in 4", "Closes in 20", "Closes in 21"]
    assert "Open now (7)" in answer.content.decode()


def test_the_outcome_stands_in_a_sentence(client):
    release = make_feedback()
    make_feedback(public_from=timezone.now() + timedelta(days=1))

    page = shown(client)

    assert page.count("Changed because of what people said") == 1
    assert "We kept the library open on Sundays." in page
    assert "More follows" not in page
    assert f"/consultations/{release.consultation.slug}/results/" in page


def test_the_home_page_costs_the_same_however_much_is_open(
    client, assert_same_query_count
):
    make_published_consultation()
    make_feedback()
    assert_same_query_count("/", add_more=make_published_consultation)


def test_a_visitor_gets_no_session(client):
    client.get("/")

    assert set(client.cookies) <= {"csrf"}


def test_the_public_sees_the_public_links(client):
    page = shown(client, "/privacy/")

    for text in ("Consultations", "What we did", "Your ward"):
        assert text in page
    assert "Your account" not in page


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("administrator", {"People", "Council", "Messages"}),
        ("democratic_services", {"People"}),
        ("consultation_approver", {"Messages"}),
        ("finance", set()),
    ],
)
def test_staff_see_what_they_may_open(client, role, sees):
    client.force_login(make_user(role))

    page = client.get("/privacy/")

    labels = {link.label for link in page.context["navigation"]}
    assert labels >= {"Your work", "Consultations", "Your account"}
    assert labels & {"People", "Council", "Messages"} == sees


def test_the_navigation_costs_a_visitor_nothing(client, django_assert_num_queries):
    make_council()
    with django_assert_num_queries(2):  # the council, the page's words
        client.get("/contact/")


def test_the_navigation_costs_staff_no_more_than_their_roles(
    client, django_assert_max_num_queries
):
    make_council()
    client.force_login(make_officer())
    # session, user, roles, deputies, and the visitor's two
    with django_assert_max_num_queries(6):
        client.get("/contact/")


def test_the_place_one_is_at_is_marked(client):
    client.force_login(make_user("administrator"))

    links = client.get("/staff/people/").context["navigation"]

    assert [link.label for link in links if link.active] == ["People"]
