"""From Start to the receipt, as a resident without an account and without scripts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.secret_links import make_token
from consultations.models import Comment, ContactOptIn, Draft, OpenWindow, Response
from consultations.questionnaire.document import Page, Questionnaire
from notices.models import Notice
from tests.consultations.responses.people import FULL, LATER, Resident, sent
from tests.factories import (
    make_council,
    make_published_consultation,
    make_questionnaire,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def council():
    return make_council()


@pytest.fixture
def consultation():
    return make_published_consultation()


def test_a_resident_answers_every_page_and_gets_a_reference(consultation):
    resident = Resident(consultation).answer_all().slowly()

    answer = resident.send()

    assert answer.headers["Location"] == f"{resident.root}/respond/sent/"
    response = resident.response()
    page = resident.get("respond/sent/").content.decode()
    assert response.reference in page
    assert response.status == Response.Status.SENT
    assert response.place == "outside"
    assert response.codes
    texts = dict(response.comments.values_list("question_key", "text"))
    assert texts == {"q_name": "The den", "q_why": "Evenings suit us.\nBoth."}
    assert response.answers["q_why"] == Comment.objects.get(question_key="q_why").pk
    assert response.answers["q_age"] == 2


def test_the_draft_keeps_its_key_alone_once_it_is_sent(consultation):
    resident = sent(consultation)

    draft = resident.draft()

    assert draft.is_sent
    assert (draft.answers, draft.pages_done, draft.email) == ({}, [], "")
    assert resident.response().source_key == str(draft.pk)


def test_a_short_consultation_takes_start_continue_and_send(consultation):
    """Journey R2: with the way from home that is four clicks."""
    document = make_questionnaire()
    only = Page(key="p3", questions=document.pages[2].questions)
    short = Questionnaire(pages=(only,), texts=document.texts)
    resident = Resident(make_published_consultation(questionnaire=short))

    clicks = [resident.start(), resident.answer(1, FULL[3]), resident.send()]

    assert clicks[0].headers["Location"] == f"{resident.root}/respond/1/"
    assert clicks[1].headers["Location"] == f"{resident.root}/respond/check/"
    assert clicks[2].headers["Location"] == f"{resident.root}/respond/sent/"


def test_three_pages_take_start_three_times_continue_and_send(consultation):
    """Journey R3: with the way from home that is six clicks."""
    resident = Resident(consultation)

    ways = [resident.start(), *(resident.answer(n) for n in FULL), resident.send()]

    assert len(ways) == 5
    assert all(way.status_code == 302 for way in ways)
    assert Response.objects.count() == 1


def test_saving_for_later_needs_no_required_answer_and_shows_the_link(consultation):
    """Journey R4: one click to save, one more for the email, one to come back."""
    resident = Resident(consultation)
    resident.start()

    answer = resident.answer(1, {"q_use": "o_often"}, **LATER)

    assert answer.headers["Location"] == f"{resident.root}/respond/save/"
    draft = resident.draft()
    assert draft.answers == {"q_use": "o_often"}
    token = make_token("draft", draft.pk, 1)
    assert f"/resume/{token}/" in resident.get("respond/save/").content.decode()
    resident.post("respond/save/", {"email": "ann@example.org"})
    notice = Notice.objects.get(kind="consultations.draft_saved")
    assert (notice.recipient, notice.subject_id) == ("ann@example.org", str(draft.pk))

    elsewhere = Resident(consultation)
    back = elsewhere.client.get(f"/resume/{token}/")
    assert back.headers["Location"] == f"{resident.root}/respond/1/"
    assert 'value="o_often" checked' in elsewhere.get("respond/1/").content.decode()


def test_saving_for_later_keeps_what_is_right_and_shows_what_is_not(consultation):
    """Nothing that was typed is lost (ux 2.3): kept, or still on the page."""
    resident = Resident(consultation)
    resident.start()
    resident.answer(1)
    resident.answer(2)

    page = resident.answer(3, {"q_age": "many", "q_why": "Evenings."}, **LATER)

    html = page.content.decode()
    assert "must be a number" in html
    assert 'value="many"' in html
    assert "We have kept your other answers on this page" in html
    assert resident.draft().answers["q_why"] == "Evenings."
    assert "q_age" not in resident.draft().answers
    assert "p3" not in resident.draft().pages_done


def test_saving_a_wrong_answer_for_later_does_not_take_the_right_one_away(consultation):
    resident = Resident(consultation)
    resident.start()
    resident.answer(1)
    resident.answer(2)
    resident.answer(3, {"q_age": "2", "q_why": "Evenings."})

    resident.answer(3, {"q_age": "many", "q_why": "Mornings."}, **LATER)

    answers = resident.draft().answers
    assert (answers["q_age"], answers["q_why"]) == (2, "Mornings.")
    check = resident.get("respond/check/")
    assert check.headers["Location"] == f"{resident.root}/respond/3/"


def test_an_error_shown_after_continue_has_kept_nothing_yet(consultation):
    resident = Resident(consultation)
    resident.start()
    resident.answer(1)
    resident.answer(2)

    page = resident.answer(3, {"q_age": "many", "q_why": "Evenings."})

    assert "We have kept your other answers" not in page.content.decode()
    assert "q_why" not in resident.draft().answers


def test_no_token_stays_in_an_address(consultation):
    resident = sent(consultation)
    token = make_token("receipt", resident.response().pk, 1)

    answer = Resident(consultation).client.get(f"/receipt/{token}/")

    assert token not in answer.headers["Location"]
    cookie = answer.cookies[f"receipt-{consultation.pk}"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (
        token,
        True,
        "Lax",
    )


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "99999999999999999999999999999999999999.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "%00",
        "00000000-0000-0000-0000-000000000000.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ],
)
@pytest.mark.parametrize("way", ["resume", "receipt", "reminders/stop", "contact/stop"])
def test_a_link_that_opens_nothing_says_what_to_do(client, way, token):
    answer = client.get(f"/{way}/{token}/")

    assert answer.status_code == 404
    assert "This link has stopped working" in answer.content.decode()


def test_raising_the_generation_kills_the_link(client, consultation):
    resident = sent(consultation)
    token = make_token("receipt", resident.response().pk, 1)
    Response.objects.update(generation=2)

    assert client.get(f"/receipt/{token}/").status_code == 404


def test_a_reference_alone_opens_nothing(client, consultation):
    reference = sent(consultation).response().reference

    assert client.get(f"/receipt/{reference}/").status_code == 404
    assert client.get(f"/consultations/{consultation.slug}/receipt/").status_code == 404


def test_back_and_refresh_lose_nothing(consultation):
    resident = Resident(consultation).answer_all()

    for n in (3, 2, 1, 1):
        assert resident.get(f"respond/{n}/").status_code == 200
    resident.answer(2, {"q_agree": "ao_d"})
    resident.answer(2, {"q_agree": "ao_d"})

    answers = resident.draft().answers
    assert answers["q_agree"] == "ao_d"
    assert "q_days" not in answers
    assert answers["q_why"].startswith("Evenings")


def test_a_step_cannot_be_skipped(consultation):
    resident = Resident(consultation)
    resident.start()

    for path in ("respond/3/", "respond/99/", "respond/0/", "respond/check/"):
        answer = resident.get(path)
        assert answer.headers["Location"] == f"{resident.root}/respond/1/", path
    assert resident.post("respond/check/").status_code == 302
    assert not Response.objects.exists()


def test_answers_that_routing_hides_are_dropped(consultation):
    """T-11: first answered, then hidden by going back and answering "never"."""
    resident = Resident(consultation).answer_all().slowly()
    resident.answer(1, {"q_use": "o_never"})

    page = resident.get("respond/check/").content.decode()
    resident.send()

    assert "Opening hours" not in page
    answers = resident.response().answers
    assert not {"q_days", "q_agree", "q_grid"} & set(answers)
    assert "~" in resident.response().codes


def test_the_check_page_shows_what_was_given_and_what_was_not(consultation):
    resident = Resident(consultation).answer_all()
    resident.answer(3, {"q_name": "The den"})

    page = resident.get("respond/check/").content.decode()

    assert "The den" in page
    assert "Not provided" in page
    assert f'href="{resident.root}/respond/2/?check=1"' in page
    assert "version" in page


def test_a_change_from_the_check_page_leads_back_to_it(consultation):
    resident = Resident(consultation).answer_all()

    answer = resident.post("respond/1/?check=1", FULL[1])

    assert answer.headers["Location"] == f"{resident.root}/respond/check/"


def only_optional():
    """A consultation none of whose questions must be answered."""
    document = make_questionnaire()
    only = Page(key="p3", questions=document.pages[2].questions)
    short = Questionnaire(pages=(only,), texts=document.texts)
    return make_published_consultation(questionnaire=short)


def test_a_response_without_any_answer_is_not_sent_and_nothing_typed_is_lost():
    resident = Resident(only_optional())
    resident.start()
    resident.answer(1, {})

    refused = resident.slowly().send(email="ann@example.org", wants_receipt="on")

    html = refused.content.decode()
    assert "Answer at least one question before you send" in html
    assert 'value="ann@example.org"' in html
    assert not Response.objects.exists()
    assert not ContactOptIn.objects.exists()
    resident.answer(1, {"q_name": "The den"})
    assert resident.send().headers["Location"].endswith("/respond/sent/")


def test_a_sent_response_cannot_be_emptied_by_a_change():
    resident = Resident(only_optional())
    resident.start()
    resident.answer(1, {"q_name": "The den"})
    resident.slowly().send()
    resident.post("receipt/change/")
    resident.answer(1, {})

    refused = resident.send()

    assert "Answer at least one question" in refused.content.decode()
    assert Comment.objects.get().text == "The den"


def test_the_same_draft_sent_twice_is_one_response_and_one_receipt(consultation):
    resident = Resident(consultation).answer_all().slowly()
    fields = resident.check()

    first = resident.post("respond/check/", fields)
    second = resident.post("respond/check/", fields)

    assert first.headers["Location"] == second.headers["Location"]
    assert Response.objects.count() == 1


def test_a_second_tab_is_told_and_its_text_offered_as_a_change(consultation):
    """REL-3: the same key with another body."""
    resident = Resident(consultation).answer_all().slowly()
    resident.send()

    answer = resident.answer(3, {"q_why": "Mornings, after all."})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "We already have this response" in page
    assert resident.response().reference in page
    assert "Mornings, after all." in page
    resident.post("receipt/change/", {"page": "3", "q_why": "Mornings, after all."})
    resident.send()
    assert Response.objects.count() == 1
    assert Comment.objects.get(question_key="q_why").text == "Mornings, after all."


def test_a_second_text_that_cannot_be_taken_is_shown_to_be_put_right(consultation):
    """REL-3: what was offered as a change is not lost because it is too long."""
    resident = sent(consultation)
    too_long = "Mornings. " * 401

    page = resident.post("receipt/change/", {"page": "3", "q_why": too_long})

    html = page.content.decode()
    assert "characters or less. You have used 4,009" in html
    assert too_long.strip() in html
    assert f'action="{resident.root}/respond/3/?check=1"' in html
    resident.answer(3, {"q_why": "Mornings."}, check="1")
    resident.send()
    assert Comment.objects.get(question_key="q_why").text == "Mornings."


def test_answers_changed_in_another_tab_are_checked_again(consultation):
    resident = Resident(consultation).answer_all().slowly()
    seen = resident.check()
    resident.answer(3, {"q_why": "Mornings."})

    answer = resident.post("respond/check/", seen)

    assert "Your answers changed in another tab" in answer.content.decode()
    assert not Response.objects.exists()


def close(consultation, minutes_ago):
    ends = timezone.now() - timedelta(minutes=minutes_ago)
    OpenWindow.objects.filter(consultation=consultation).update(ends=ends)


@pytest.mark.rule("REM-05", "accepts")
def test_an_answer_started_in_time_is_taken_in_the_grace_and_flagged(consultation):
    resident = Resident(consultation).answer_all().slowly()
    close(consultation, 14)

    resident.send()

    assert resident.response().is_late


@pytest.mark.rule("REM-05", "refuses")
def test_after_the_grace_nothing_is_sent_and_nothing_lost(consultation):
    resident = Resident(consultation).answer_all().slowly()
    fields = resident.check()
    Draft.objects.update(started_at=timezone.now() - timedelta(hours=1))
    close(consultation, 15)

    sending = resident.post("respond/check/", fields)
    page = resident.answer(3, {"q_why": "A last word."})

    assert (sending.status_code, page.status_code) == (410, 410)
    assert "The den" in sending.content.decode()
    assert "A last word." in page.content.decode()
    assert "This consultation closed on" in page.content.decode()
    assert not Response.objects.exists()


@pytest.mark.rule("REM-05", "refuses")
def test_nobody_starts_after_closing(consultation):
    close(consultation, 1)
    resident = Resident(consultation)

    answer = resident.start()

    assert "This consultation closed on" in answer.content.decode()
    assert not Draft.objects.exists()


@pytest.mark.rule("ACC-04", "accepts")
def test_an_error_is_in_the_title_and_linked_and_nothing_is_asked_again(consultation):
    resident = Resident(consultation)
    resident.start()
    resident.answer(1)
    resident.answer(2)

    page = resident.answer(3, {"q_age": "many", "q_name": "The den"})

    html = page.content.decode()
    assert "<title>Error: " in html
    assert 'href="#id_q_age"' in html
    assert 'aria-describedby="id_q_age-error"' in html
    assert 'value="The den"' in html


@pytest.mark.rule("ACC-03", "accepts")
def test_nothing_is_asked_that_a_person_must_solve(consultation):
    resident = Resident(consultation).answer_all()

    for path in ("respond/1/", "respond/check/"):
        html = resident.get(path).content.decode().lower()
        assert "captcha" not in html
        assert "required" not in html.replace("not required", "")
        assert "onpaste" not in html


@pytest.mark.rule("GDPR-04", "accepts")
def test_an_address_is_kept_apart_and_only_for_what_was_ticked(consultation):
    sent(consultation, email="ann@example.org", wants_feedback="on", wants_receipt="on")

    contact = ContactOptIn.objects.get()
    assert (contact.email, contact.wants_feedback) == ("ann@example.org", True)
    notice = Notice.objects.get(kind="consultations.receipt")
    assert notice.payload["forget_subject"] is True
    assert notice.payload["forget_payload"] is True


@pytest.mark.rule("GDPR-04", "refuses")
def test_an_address_without_a_wish_is_asked_about_and_not_kept(consultation):
    resident = Resident(consultation).answer_all()

    page = resident.send(email="ann@example.org")
    other = resident.send(wants_feedback="on")

    assert "Select what we may email you about" in page.content.decode()
    assert "Enter your email address, or clear" in other.content.decode()
    assert not ContactOptIn.objects.exists()
    assert not Response.objects.exists()


@pytest.mark.rule("GDPR-04", "accepts")
def test_removing_the_address_keeps_the_anonymous_response(consultation):
    resident = sent(consultation, email="ann@example.org", wants_feedback="on")

    resident.post("receipt/contact/")
    resident.post("receipt/contact/")

    assert not ContactOptIn.objects.exists()
    assert resident.response().status == Response.Status.SENT


def test_a_response_is_changed_until_closing_under_its_reference(consultation):
    resident = sent(consultation)
    before = resident.response()

    resident.post("receipt/change/")
    page = resident.get("respond/3/").content.decode()
    resident.answer(3, {"q_why": "Mornings."})
    resident.send()

    after = resident.response()
    assert "Evenings suit us." in page
    assert after.reference == before.reference
    assert after.received_on == before.received_on
    assert list(after.comments.values_list("text", flat=True)) == ["Mornings."]
    assert resident.draft().is_sent


def test_nothing_changes_until_a_change_is_sent(consultation):
    resident = sent(consultation)
    before = resident.response().answers

    resident.post("receipt/change/")
    resident.answer(3, {"q_why": "Mornings."})

    assert resident.response().answers == before
    assert Response.objects.count() == 1


def test_after_closing_a_response_is_not_changed(consultation):
    resident = sent(consultation)
    close(consultation, 1)

    answer = resident.post("receipt/change/")

    assert answer.status_code == 409
    assert "This consultation closed on" in answer.content.decode()
    assert resident.draft().is_sent


def test_a_response_can_be_withdrawn(consultation):
    resident = sent(consultation, email="ann@example.org", wants_feedback="on")

    asked = resident.get("receipt/withdraw/")
    resident.post("receipt/withdraw/")
    again = resident.post("receipt/withdraw/")

    assert asked.status_code == 200
    assert again.status_code == 409
    assert resident.response().status == Response.Status.WITHDRAWN
    assert not ContactOptIn.objects.exists()
    page = resident.get("receipt/").content.decode()
    assert "You have withdrawn this response" in page
    assert resident.post("receipt/change/").status_code == 409


def test_after_withdrawing_nothing_says_that_we_have_received_it(consultation):
    resident = sent(consultation)
    resident.post("receipt/withdraw/")

    page = resident.get("respond/sent/")

    assert page.status_code == 302
    assert page.headers["Location"] == f"{resident.root}/receipt/"


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("respond/", "/"),
        ("respond/finish-on-this-device/", "/"),
        ("receipt/change/", "/receipt/"),
        ("receipt/contact/", "/receipt/"),
    ],
)
def test_who_opens_the_address_of_a_button_again_is_led_on_and_changes_nothing(
    consultation, path, leads_to
):
    """A page that was posted stands at such an address: Enter there, or a bookmark."""
    resident = sent(consultation, email="ann@example.org", wants_feedback="on")
    cookies = {name: each.value for name, each in resident.client.cookies.items()}

    with CaptureQueriesContext(connection) as queries:
        answer = resident.get(path)

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{resident.root}{leads_to}"
    assert not [q for q in queries if not q["sql"].startswith("SELECT")]
    assert resident.draft().is_sent
    assert ContactOptIn.objects.exists()
    now = {name: each.value for name, each in resident.client.cookies.items()}
    assert now == cookies
    elsewhere = Resident(consultation)
    assert elsewhere.client.get(f"/consultations/absent/{path}").status_code == 404


def test_who_has_withdrawn_may_answer_again_on_the_same_device(consultation):
    resident = sent(consultation)
    resident.post("receipt/withdraw/")
    old_tab = resident.answer(1)

    begun = resident.start()
    for n in FULL:
        resident.answer(n)
    resident.slowly().send()

    assert "You have withdrawn this response." in old_tab.content.decode()
    assert begun.headers["Location"] == f"{resident.root}/respond/1/"
    statuses = Response.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["withdrawn", "sent"]


def test_finishing_on_a_device_leaves_nothing_there(consultation):
    resident = sent(consultation)

    resident.post("respond/finish-on-this-device/")

    assert resident.get("receipt/").status_code == 404
    assert resident.get("respond/1/").status_code == 404


def test_somebody_else_may_answer_on_the_same_device(consultation):
    resident = sent(consultation)

    told = resident.start()
    resident.post("respond/", {"another": "1"})
    for n in FULL:
        resident.answer(n)
    resident.slowly().send()

    assert "Start another response" in told.content.decode()
    assert Response.objects.count() == 2


def test_starting_twice_goes_on_with_the_same_draft(consultation):
    resident = Resident(consultation)
    resident.start()
    resident.answer(1)

    answer = resident.start()

    assert answer.headers["Location"] == f"{resident.root}/respond/2/"
    assert Draft.objects.count() == 1


def test_lost_links_go_to_the_address_that_was_left_and_nobody_is_told(consultation):
    resident = Resident(consultation)
    resident.start()
    resident.post("respond/save/", {"email": "ann@example.org"})

    known = resident.client.post("/lost-link/", {"email": "Ann@Example.org"})
    unknown = resident.client.post("/lost-link/", {"email": "bob@example.org"})

    assert known.content == unknown.content
    notice = Notice.objects.get(kind="consultations.lost_link")
    assert notice.recipient == "ann@example.org"


def test_pages_cost_few_queries(consultation):
    resident = Resident(consultation).answer_all().slowly()
    paths = ["respond/1/", "respond/2/", "respond/check/", "respond/save/"]

    for path in paths:
        with CaptureQueriesContext(connection) as captured:
            assert resident.get(path).status_code == 200
        assert len(captured) <= 12, [q["sql"] for q in captured]
    resident.send()
    for path in ("respond/sent/", "receipt/"):
        with CaptureQueriesContext(connection) as captured:
            assert resident.get(path).status_code == 200
        assert len(captured) <= 12, [q["sql"] for q in captured]


def test_a_get_writes_nothing(consultation):
    resident = sent(consultation)
    resident.post("receipt/change/")
    paths = ["respond/1/", "respond/check/", "respond/save/", "respond/sent/"]
    paths += ["receipt/", "receipt/withdraw/"]

    with CaptureQueriesContext(connection) as captured:
        for path in paths:
            assert resident.get(path).status_code == 200

    verbs = {query["sql"].split()[0] for query in captured}
    assert verbs <= {"SELECT"}, verbs
    assert "session" not in resident.client.cookies
