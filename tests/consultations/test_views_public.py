"""What everybody reads: the list, one consultation, documents, what we did."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from consultations import actions
from consultations.models import (
    Amendment,
    Consultation,
    Document,
    Release,
)
from design import formats
from notices.models import Notice, Subscription
from tests.factories import (
    make_approver,
    make_consultation,
    make_council,
    make_officer,
    make_published_consultation,
    make_service,
    make_topic,
    make_ward,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def council():
    return make_council()


def publish(consultation, kind="feedback", outcome="changed"):
    return Release.objects.create(
        consultation=consultation,
        kind=kind,
        outcome=outcome,
        input_digest="x",
        prepared_by=consultation.lead_officer,
        checked_by=make_approver(),
        public_from=timezone.now() - timedelta(hours=1),
    )


def titles(response):
    return [row.consultation.title for row in response.context["rows"]]


# Finding -------------------------------------------------------------------------


def test_the_list_shows_open_consultations_soonest_to_close_first(client):
    make_published_consultation(title="Later", closes=9)
    make_published_consultation(title="Sooner", closes=2)
    make_published_consultation(title="Soon", opens=3, closes=9)
    make_published_consultation(title="Over", closes=-2)
    make_consultation(title="Secret")

    response = client.get("/consultations/")

    assert titles(response) == ["Sooner", "Later"]
    assert "2 consultations" in response.text
    assert "2 found" in response.text.split("</title>")[0]
    assert "2 days left" in response.text


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("opens_soon", ["Soon"]),
        ("closed", ["Found", "Over"]),
        ("feedback", ["Told"]),
        ("all", ["Found", "Open", "Over", "Soon", "Told"]),
    ],
)
def test_each_status_lists_its_own(client, status, expected):
    make_published_consultation(title="Open")
    make_published_consultation(title="Soon", opens=3, closes=9)
    make_published_consultation(title="Over", closes=-2)
    publish(make_published_consultation(title="Found", closes=-2), "findings")
    publish(make_published_consultation(title="Told", closes=-2))

    response = client.get("/consultations/", {"status": status})

    assert sorted(titles(response)) == expected


def test_filters_narrow_by_ward_topic_service_and_words(client):
    ward, topic, service = make_ward(), make_topic(), make_service()
    make_published_consultation(title="A bus", wards=[ward], topic=topic)
    make_published_consultation(title="A park", service=service)
    make_published_consultation(title="Elsewhere", wards=[make_ward()])

    def found(**query):
        return sorted(titles(client.get("/consultations/", query)))

    assert found(ward=ward.slug) == ["A bus", "A park"]
    assert found(topic=topic.slug) == ["A bus"]
    assert found(service=service.slug) == ["A park"]
    assert found(q="park a") == ["A park"]
    assert found(q="nothing like it") == []


@pytest.mark.parametrize(
    "query",
    [
        "status=secret",
        "ward=%00",
        "ward=no-such-ward&topic=7&service=__",
        "q=%ED%A0%80",
        "q=" + "x" * 200,
        "page=99999999999999999999",
        "page=-1",
        "sort=password",
        "lead_officer__password__startswith=a",
        "status=open&status=all",
    ],
)
def test_values_that_are_none_of_ours_are_ignored(client, query):
    make_published_consultation()

    response = client.get(f"/consultations/?{query}")

    assert response.status_code == 200


def test_a_filter_can_be_taken_away(client):
    ward = make_ward(name="Castle")

    response = client.get("/consultations/", {"ward": ward.slug, "q": "bus"})

    assert 'href="?q=bus"' in response.text
    assert f'href="?ward={ward.slug}"' in response.text


def test_the_list_costs_the_same_however_long_it_is(assert_same_query_count):
    def more():
        make_published_consultation(wards=[make_ward(), make_ward()])

    more()
    assert_same_query_count("/consultations/?status=all", add_more=more)


def test_twenty_are_on_a_page(client):
    service, officer = make_service(), make_officer()
    for _n in range(21):
        make_published_consultation(service=service, lead_officer=officer)

    response = client.get("/consultations/?page=2")

    assert len(titles(response)) == 1
    assert "page 2 of 2" in response.text


# One consultation -----------------------------------------------------------------


@pytest.mark.rule("LVL-01", "accepts")
def test_the_overview_says_what_can_change_who_decides_and_when(client):
    consultation = make_published_consultation()

    text = client.get(consultation.get_absolute_url()).text

    for words in (
        "We want to change when the library is open.",
        "The hours on each day.",
        "How much money there is.",
        "The Cabinet",
        consultation.level.promise,
        "The library team",
        "Ask for a paper form at any library.",
        "minute",
        "at 11:59pm",
        f'action="/consultations/{consultation.slug}/respond/"',
    ):
        assert words in text


@pytest.mark.parametrize(("opens", "closes"), [(2, 9), (-9, -2)])
def test_nobody_can_start_before_opening_or_after_closing(client, opens, closes):
    consultation = make_published_consultation(opens=opens, closes=closes)

    text = client.get(consultation.get_absolute_url()).text

    assert "/respond/" not in text


@pytest.mark.parametrize("status", ["draft", "waiting", "returned", "withdrawn"])
def test_what_is_hidden_answers_like_what_is_not_there(client, status):
    consultation = make_consultation(
        status=status, withdrawn_at=timezone.now(), public_note="Gone."
    )
    document = Document.objects.create(
        consultation=consultation, title="Map", text="Words"
    )

    for path in ("", "follow/", "followed/", f"documents/{document.pk}/"):
        address = f"/consultations/{consultation.slug}/{path}"
        assert client.get(address).status_code == 404
        assert client.get(f"/consultations/nothing/{path}").status_code == 404


def withdraw(consultation, note="We found <b>a mistake</b>."):
    actions.withdraw(
        consultation, by=consultation.lead_officer, reason="Secret.", public_note=note
    )


def test_what_was_withdrawn_leaves_its_public_note_at_its_address(client):
    consultation = make_published_consultation(contact_phone="01234 567890")
    withdraw(consultation)

    page = client.get(consultation.get_absolute_url())
    everything = client.get("/consultations/", {"status": "all"})

    assert page.status_code == 410
    assert consultation.title in page.text
    assert f"withdrawn on {formats.day(timezone.now())}" in page.text
    assert "We found &lt;b&gt;a mistake" in page.text
    assert "The link to your answer still works" in page.text
    assert "library@example.org" in page.text
    assert "01234 567890" in page.text
    assert "Secret." not in page.text
    assert consultation.overview not in page.text
    assert titles(everything) == []


def test_what_was_withdrawn_before_it_opened_speaks_of_no_answers(client):
    consultation = make_published_consultation(opens=3, closes=9)
    withdraw(consultation)

    page = client.get(consultation.get_absolute_url())

    assert page.status_code == 410
    assert "It will not open." in page.text
    assert "If you have answered" not in page.text


def test_every_page_of_what_was_withdrawn_leads_to_the_note(client):
    consultation = make_published_consultation()
    document = Document.objects.create(
        consultation=consultation, title="Map", text="Words"
    )
    withdraw(consultation)

    pages = ["follow/", "followed/", "results/", "respond/1/", "respond/check/"]
    pages += ["receipt/", f"documents/{document.pk}/", "documents/9999/"]
    for page in pages:
        response = client.get(f"{consultation.get_absolute_url()}{page}")
        assert response.status_code == 302, page
        assert response["Location"] == consultation.get_absolute_url()


def test_staff_read_the_same_note_as_the_public(client):
    consultation = make_published_consultation()
    withdraw(consultation)
    client.force_login(consultation.lead_officer)

    page = client.get(consultation.get_absolute_url())

    assert page.status_code == 410
    assert "We found" in page.text


def test_an_old_address_of_what_was_withdrawn_leads_to_the_note_too(client):
    consultation = recalled()
    old = consultation.get_absolute_url()
    retitle(consultation, "Shorter hours")
    approve_again(consultation)
    withdraw(consultation)

    page = client.get(old)

    assert consultation.get_absolute_url() != old
    assert page.status_code == 410
    assert "We found" in page.text


def recalled():
    """Approved, listed, and taken back before it opened."""
    consultation = make_consultation(title="Longer hours")
    officer = consultation.lead_officer
    actions.send_for_approval(consultation, by=officer)
    actions.approve(consultation, by=make_approver())
    actions.recall(
        consultation, by=officer, reason="Secret.", public_note="We must think again."
    )
    consultation.refresh_from_db()
    return consultation


def retitle(consultation, title):
    actions.edit(consultation, by=consultation.lead_officer, changes={"title": title})
    consultation.refresh_from_db()


def approve_again(consultation):
    actions.send_for_approval(consultation, by=consultation.lead_officer)
    actions.approve(consultation, by=make_approver())
    consultation.refresh_from_db()


def test_what_was_taken_back_before_opening_leaves_its_note(client):
    consultation = recalled()

    page = client.get(consultation.get_absolute_url())

    assert page.status_code == 410
    assert "before it opened" in page.text
    assert "We must think again." in page.text
    assert "The link to your answer" not in page.text


def test_the_note_of_what_was_taken_back_says_nothing_of_the_new_draft(client):
    consultation = recalled()
    old = consultation.get_absolute_url()
    actions.edit(
        consultation,
        by=consultation.lead_officer,
        changes={"title": "Closing libraries", "contact_name": "Mx New"},
    )
    consultation.refresh_from_db()

    page = client.get(old)
    new = client.get(consultation.get_absolute_url())

    assert page.status_code == 410
    assert "Longer hours" in page.text
    assert "Closing libraries" not in page.text
    assert "Mx New" not in page.text
    assert new.status_code == 404


def test_no_title_that_a_draft_once_had_can_be_guessed_by_its_address(client):
    consultation = recalled()
    retitle(consultation, "Secret sale of a library")
    secret = consultation.get_absolute_url()
    retitle(consultation, "Something else")

    as_draft = client.get(secret)
    approve_again(consultation)
    withdraw(consultation)
    as_withdrawn = client.get(secret)

    assert as_draft.status_code == 404
    assert as_withdrawn.status_code == 404


@pytest.mark.parametrize(
    "page", ["respond/", "respond/1/", "respond/check/", "receipt/"]
)
def test_pages_to_answer_what_was_taken_back_lead_to_its_note(client, page):
    note = recalled().get_absolute_url()

    response = client.get(f"{note}{page}")

    assert response.status_code == 302
    assert response["Location"] == note


def test_what_comes_back_after_it_was_taken_back_is_read_again(client):
    consultation = recalled()
    approve_again(consultation)

    page = client.get(consultation.get_absolute_url())

    assert page.status_code == 200
    assert "We must think again." not in page.text


@pytest.mark.rule("CON-10", "accepts")
def test_late_feedback_is_said_on_the_page_and_in_what_we_did(client):
    consultation = make_published_consultation(
        closes=-90, opens=-120, feedback_due=timezone.localdate() - timedelta(days=3)
    )
    Consultation.objects.update(feedback_late_reason="We are short of people.")

    page = client.get(consultation.get_absolute_url()).text
    what_we_did = client.get("/feedback/").text

    assert "Feedback was due on" in page
    assert "We are short of people." in page
    assert consultation.title in what_we_did
    assert "not yet published" in what_we_did


@pytest.mark.rule("CON-10", "refuses")
def test_feedback_that_is_published_or_not_due_is_not_called_late(client):
    told = make_published_consultation(
        closes=-90, opens=-120, feedback_due=timezone.localdate() - timedelta(days=3)
    )
    publish(told)
    on_time = make_published_consultation(closes=-2)

    for consultation in (told, on_time):
        assert (
            "Feedback was due" not in client.get(consultation.get_absolute_url()).text
        )
    assert on_time.title not in client.get("/feedback/").text


@pytest.mark.rule("CON-09", "accepts")
def test_what_changed_and_when_is_public(client):
    consultation = make_published_consultation()
    Amendment.objects.create(
        consultation=consultation,
        what="Contact",
        old="Old desk",
        new="New desk",
        reason="It moved.",
        by=consultation.lead_officer,
    )

    text = client.get(consultation.get_absolute_url()).text

    assert "What changed and when" in text
    for words in ("Old desk", "New desk", "It moved."):
        assert words in text


# Documents -------------------------------------------------------------------------


def test_a_file_is_only_ever_saved_and_runs_nothing(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    consultation = make_published_consultation()
    document = Document(
        consultation=consultation,
        title="The plan",
        file_name="The plan.pdf",
        file_format="PDF",
        file_size=4,
        accessible_note="Ask us.",
    )
    document.file.save("x.bin", ContentFile(b"%PDF"))

    page = client.get(f"/consultations/{consultation.slug}/documents/{document.pk}/")
    file = client.get(
        f"/consultations/{consultation.slug}/documents/{document.pk}/file/"
    )

    assert "Ask us." in page.text
    assert b"".join(file.streaming_content) == b"%PDF"
    assert file["Content-Disposition"] == 'attachment; filename="The plan.pdf"'
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file["Content-Security-Policy"]


def test_a_document_of_another_consultation_is_not_found(client):
    consultation, other = make_published_consultation(), make_published_consultation()
    document = Document.objects.create(consultation=other, title="Map", text="Words")

    for key in (document.pk, 10**18, 10**30):
        address = f"/consultations/{consultation.slug}/documents/{key}/"
        assert client.get(address).status_code == 404
        assert client.get(f"{address}file/").status_code == 404


# Following ---------------------------------------------------------------------------


def test_whoever_asks_gets_the_same_answer_and_confirms_by_email(client):
    consultation = make_published_consultation()
    address = f"/consultations/{consultation.slug}/follow/"

    first = client.post(address, {"email": "ann@example.org"})
    again = client.post(address, {"email": "ann@example.org"})

    assert first["Location"] == again["Location"]
    assert "Check your email" in client.get(first["Location"]).text
    assert Subscription.objects.get().confirmed_at is None
    assert Notice.objects.get().kind == "notices.confirm_alert"


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x" * 300 + "@example.org"])
def test_an_address_that_is_none_gets_a_sentence(client, email):
    consultation = make_published_consultation()

    response = client.post(
        f"/consultations/{consultation.slug}/follow/", {"email": email}
    )

    assert response.status_code == 200
    assert "There is a problem" in response.text
    assert not Subscription.objects.exists()


# What we did -------------------------------------------------------------------------


def test_what_we_did_is_filtered_by_outcome_ward_service_and_year(client):
    ward, service = make_ward(), make_service()
    changed = make_published_consultation(
        title="Bus", opens=-20, closes=-9, wards=[ward]
    )
    publish(changed, outcome="changed")
    kept = make_published_consultation(
        title="Park", opens=-20, closes=-9, service=service
    )
    publish(kept, outcome="not_changed")

    def found(**query):
        response = client.get("/feedback/", query)
        rows = response.context["rows"]
        return sorted(row["standing"].consultation.title for row in rows)

    year = (timezone.localdate() - timedelta(days=9)).year
    assert found() == ["Bus", "Park"]
    assert found(outcome="changed") == ["Bus"]
    assert found(outcome="late") == []
    assert found(ward=ward.slug) == ["Bus", "Park"]
    assert found(service=service.slug) == ["Park"]
    assert found(year=year) == ["Bus", "Park"]
    assert found(year=1999, outcome="nonsense") == ["Bus", "Park"]


def test_what_we_did_costs_the_same_however_long_it_is(assert_same_query_count):
    def more():
        publish(make_published_consultation(closes=-3, wards=[make_ward()]))

    more()
    assert_same_query_count("/feedback/", add_more=more)
