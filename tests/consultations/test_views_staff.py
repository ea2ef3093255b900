"""The staff's pages: your work, the hub, planning, approving, running."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.roles import RoleKind
from consultations import actions
from consultations.feedback import actions as feedback
from consultations.models import Amendment, Consultation, Document, OpenWindow, Status
from design import formats
from notices.models import Notice
from tests.factories import (
    make_approver,
    make_consultation,
    make_council,
    make_officer,
    make_published_consultation,
    make_user,
    make_ward,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def council():
    return make_council()


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def service(officer):
    return officer.service_posts.get().service


def plan(officer, **fields):
    service = officer.service_posts.get().service
    return make_consultation(service=service, lead_officer=officer, **fields)


def published(officer, **fields):
    service = officer.service_posts.get().service
    return make_published_consultation(service=service, lead_officer=officer, **fields)


def staff(consultation, page=""):
    return f"/staff/consultations/{consultation.slug}/{page}"


# Doors -----------------------------------------------------------------------------

PLANNING = ["overview/", "people/", "dates/", "privacy/", "documents/"]
PLANNING += ["documents/add/", "send-for-approval/"]
RUNNING = ["extend/", "close-early/", "withdraw/", "amend/", "amend/plan/"]
RUNNING += ["amend/words/q_use/", "move-feedback/"]


@pytest.mark.parametrize("page", ["", *PLANNING, *RUNNING, "history/"])
def test_every_page_opens_for_an_officer_of_the_service(client, officer, page):
    client.force_login(officer)

    for consultation in (published(officer), plan(officer)):
        response = client.get(staff(consultation, page))
        assert response.status_code == 200
        assert response.text.count("<h1") == 1


@pytest.mark.parametrize("page", ["", *PLANNING, *RUNNING, "history/"])
def test_strangers_are_sent_away_and_cannot_tell_hidden_from_absent(client, page):
    hidden, public = make_consultation(), make_published_consultation()

    client.force_login(make_officer())
    for method in (client.get, client.post):
        assert method(staff(hidden, page)).status_code in {404, 405}
        assert method(staff(public, page)).status_code in {403, 405}
    assert client.get(staff(hidden, page)).status_code == 404
    assert client.get(f"/staff/consultations/nothing/{page}").status_code == 404
    client.logout()
    assert client.get(staff(public, page)).status_code == 302


# Starting and planning -------------------------------------------------------------


def test_an_officer_starts_a_consultation_of_their_own_service_only(
    client, officer, service
):
    other = make_officer().service_posts.get().service
    client.force_login(officer)

    refused = client.post(
        "/staff/consultations/new/", {"title": "Bus", "service": other.pk}
    )
    response = client.post(
        "/staff/consultations/new/", {"title": "Bus", "service": service.pk}
    )

    assert refused.status_code == 200
    assert response["Location"] == "/staff/consultations/bus/"
    assert Consultation.objects.get().service == service


def test_a_councillor_starts_nothing(client):
    client.force_login(make_user(RoleKind.COUNCILLOR))

    assert client.get("/staff/consultations/new/").status_code == 403


def test_people_and_places_are_saved_and_shown_again(client, officer):
    consultation, ward = plan(officer), make_ward()
    client.force_login(officer)
    address = staff(consultation, "people/")

    response = client.post(
        address,
        {
            "audience": "Everybody.",
            "where": "wards",
            "wards": [ward.pk],
            "level": consultation.level_id,
            "contact_name": "The desk",
            "contact_email": "desk@example.org",
            "other_ways": "By phone.",
        },
    )

    consultation.refresh_from_db()
    assert response["Location"] == staff(consultation)
    assert not consultation.all_wards
    assert list(consultation.wards.all()) == [ward]
    assert consultation.contact_name == "The desk"
    assert "The desk" in client.get(address).text


@pytest.mark.parametrize(
    ("page", "data", "sentence"),
    [
        ("overview/", {"title": "", "summary": "One"}, "Enter the title"),
        ("overview/", {"title": "x" * 151, "summary": "One"}, "150 characters"),
        ("overview/", {"title": "A", "summary": "x\0"}, "cannot be stored"),
        (
            "overview/",
            {"title": "A", "summary": "B", "overview": "x" * 10**6},
            "10,000",
        ),
        ("people/", {"where": "wards"}, "Select the wards"),
        ("people/", {"where": "all", "contact_email": "nope"}, "email address"),
        ("people/", {"where": "nowhere", "level": "seven"}, "Select an answer"),
        ("dates/", {"opens_on": "31/2/2027"}, "must be a real date"),
        ("dates/", {"closes_on": "1/1/9999"}, "between 2000 and 2100"),
        (
            "dates/",
            {"opens_on": "2 June 2027", "closes_on": "1/6/2027"},
            "on or after the opening day",
        ),
        (
            "dates/",
            {"closes_on": "1/6/2027", "decision_due": "1/6/2027"},
            "after the closing day",
        ),
        ("privacy/", {"privacy_notice": "99999999"}, "Select an answer"),
        ("privacy/", {"privacy_notice": "1\0"}, "Select an answer from the list"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    client, officer, page, data, sentence
):
    consultation = plan(officer)
    before = Consultation.objects.values().get()
    client.force_login(officer)

    response = client.post(staff(consultation, page), data)

    assert response.status_code == 200
    assert "There is a problem" in response.text
    assert sentence in response.text
    assert "Null characters" not in response.text
    assert Consultation.objects.values().get() == before


def test_the_hub_says_what_is_missing_and_where_to_mend_it(client, officer):
    consultation = plan(officer, decision_maker="", questionnaire=None)
    client.force_login(officer)

    hub = client.get(staff(consultation)).text
    sending = client.get(staff(consultation, "send-for-approval/")).text
    client.post(staff(consultation, "send-for-approval/"))

    consultation.refresh_from_db()
    assert "1 thing missing" in hub
    assert "Cannot start yet" in hub
    assert f'href="{staff(consultation, "dates/")}">Say who decides.' in sending
    assert consultation.status == Status.DRAFT


@pytest.mark.rule("CON-11", "accepts")
def test_the_author_reads_how_long_it_takes_and_when_it_is_too_long(client, officer):
    make_council(max_questions=2)
    consultation = plan(officer)
    client.force_login(officer)

    hub = client.get(staff(consultation)).text
    sending = client.get(staff(consultation, "send-for-approval/")).text

    assert "9 questions, about" in hub
    assert "Advice" in sending
    assert "2" in sending


# Documents -------------------------------------------------------------------------


def test_a_document_is_added_moved_changed_and_removed(
    client, officer, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    consultation = plan(officer)
    client.force_login(officer)
    add = staff(consultation, "documents/add/")

    client.post(add, {"title": "Map", "text": "Words"})
    client.post(
        add,
        {
            "title": "Plan",
            "upload": SimpleUploadedFile("plan.pdf", b"%PDF-1.7"),
            "accessible_note": "Ask us.",
        },
    )
    first, second = consultation.documents.all()
    client.post(
        staff(consultation, f"documents/{second.pk}/move/"), {"direction": "up"}
    )
    client.post(
        staff(consultation, f"documents/{second.pk}/"),
        {"title": "Big plan", "accessible_note": "Ask us."},
    )
    client.post(staff(consultation, f"documents/{first.pk}/remove/"))

    only = Document.objects.get()
    assert (only.title, only.file_format, only.position) == ("Big plan", "PDF", 0)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"title": "Map"}, "Enter the text of the document"),
        ({"title": "", "text": "Words"}, "Enter the title"),
        ({"title": "M", "upload": ("a.pdf", b"%PDF-1")}, "Say how people get"),
        ({"title": "M", "upload": ("a.exe", b"MZ")}, "must be a PDF"),
        ({"title": "M", "upload": ("a.pdf", b"MZ")}, "is not a PDF"),
        ({"title": "M", "upload": ("a.pdf", b"")}, "is empty"),
    ],
)
def test_a_document_that_is_none_gets_a_sentence(client, officer, data, sentence):
    consultation = plan(officer)
    client.force_login(officer)
    if "upload" in data:
        data = {**data, "upload": SimpleUploadedFile(*data["upload"])}

    response = client.post(staff(consultation, "documents/add/"), data)

    assert response.status_code == 200
    assert sentence in response.text
    assert not Document.objects.exists()


# Approving -------------------------------------------------------------------------


@pytest.fixture
def waiting(officer):
    consultation = plan(officer)
    actions.send_for_approval(consultation, by=officer)
    return consultation


def test_an_approver_approves_in_three_clicks_from_the_email(client, waiting):
    client.force_login(make_approver())
    notice = Notice.objects.filter(kind="consultations.approval_waiting").first()
    address = (
        notice.payload["pages"]["approve"] if notice else staff(waiting, "approve/")
    )

    read = client.get(address)
    asked = client.post(address, answer(read, choice="approve"))
    done = client.post(address, {**answer(read, choice="approve"), "confirmed": "1"})

    waiting.refresh_from_db()
    assert "Confirm the approval" in asked.text
    assert done["Location"] == "/staff/"
    assert waiting.status == Status.APPROVED


def answer(page, **data):
    return {"step": page.context["form"].initial["step"], **data}


def test_an_approver_asks_for_changes_and_the_officer_reads_them(
    client, officer, waiting
):
    client.force_login(make_approver())
    address = staff(waiting, "approve/")
    read = client.get(address)

    empty = client.post(address, answer(read, choice="return"))
    data = answer(read, choice="return", reason="Say who decides.")
    client.post(address, {**data, "confirmed": "1"})
    client.force_login(officer)

    assert "Enter what needs to change" in empty.text
    assert "Say who decides." in client.get(staff(waiting)).text
    assert "Make the changes asked for" in client.get("/staff/").text


def test_a_page_from_before_it_was_sent_again_does_not_approve(
    client, officer, waiting
):
    client.force_login(make_approver())
    address = staff(waiting, "approve/")
    read = client.get(address)
    actions.recall(waiting, by=officer)
    actions.send_for_approval(waiting, by=officer)

    client.post(address, {**answer(read, choice="approve"), "confirmed": "1"})

    waiting.refresh_from_db()
    assert waiting.status == Status.WAITING
    assert not OpenWindow.objects.exists()


def test_the_author_cannot_open_the_approvers_page(client, officer, waiting):
    client.force_login(officer)

    assert client.get(staff(waiting, "approve/")).status_code == 403
    assert client.post(staff(waiting, "approve/")).status_code == 403
    waiting.refresh_from_db()
    assert waiting.status == Status.WAITING


@pytest.mark.parametrize("step", ["", "x", "9" * 30, "-1"])
def test_a_broken_answer_changes_nothing(client, waiting, step):
    client.force_login(make_approver())

    response = client.post(
        staff(waiting, "approve/"),
        {"step": step, "choice": "approve", "confirmed": "1"},
        follow=True,
    )

    waiting.refresh_from_db()
    assert response.status_code == 200
    assert waiting.status == Status.WAITING


def test_an_approver_who_changed_it_is_told_why_they_cannot_approve(client, officer):
    approver, consultation = make_approver(), plan(officer)
    actions.edit(consultation, by=approver, changes={"summary": "In other words."})
    actions.send_for_approval(consultation, by=officer)
    client.force_login(approver)

    work = client.get("/staff/").context["work"]
    hub = client.get(staff(consultation))
    page = client.get(staff(consultation, "approve/"))
    data = answer(page, choice="approve", confirmed="1")
    client.post(staff(consultation, "approve/"), data)
    consultation.refresh_from_db()
    before = consultation.status
    data = answer(page, choice="return", reason="Say more.", confirmed="1")
    client.post(staff(consultation, "approve/"), data)

    assert work.now == []
    assert [task.title for task in work.waiting] == [
        f"Waiting for approval: {consultation.title}"
    ]
    assert "somebody else has to approve it" in hub.text
    assert "Read and answer" not in hub.text
    assert "somebody else has to approve it" in page.text
    assert 'value="approve"' not in page.text
    assert before == Status.WAITING
    consultation.refresh_from_db()
    assert consultation.status == Status.RETURNED


def test_an_approver_who_sent_it_is_told_that_somebody_else_answers(client, officer):
    approver, consultation = make_approver(), plan(officer)
    actions.send_for_approval(consultation, by=approver)
    client.force_login(approver)

    work = client.get("/staff/").context["work"]
    hub = client.get(staff(consultation))
    page = client.get(staff(consultation, "approve/"))

    assert work.now == []
    for text in (hub.text, page.text):
        assert "You sent it yourself, so somebody else has to answer." in text
    assert 'name="choice"' not in page.text


def test_taking_it_back_makes_it_a_draft(client, officer, waiting):
    client.force_login(officer)

    asked = client.get(staff(waiting, "recall/"))
    client.post(staff(waiting, "recall/"))

    waiting.refresh_from_db()
    assert "Take it back to draft?" in asked.text
    assert waiting.status == Status.DRAFT


def test_taking_back_what_opens_soon_asks_for_a_note_and_a_second_click(
    client, officer
):
    consultation = published(officer, opens=3, closes=9)
    client.force_login(officer)
    address = staff(consultation, "recall/")
    data = {"reason": "A fault.", "public_note": "We found a fault."}

    half = client.post(address, {"reason": "A fault.", "confirmed": "1"})
    asked = client.post(address, data)
    before = Consultation.objects.get().status
    done = client.post(address, {**data, "confirmed": "1"}, follow=True)

    assert "There is a problem" in half.text
    assert "Confirm that it is taken back to draft" in asked.text
    assert before == Status.APPROVED
    assert Consultation.objects.get().status == Status.DRAFT
    assert "We found a fault." in done.text


# Running ---------------------------------------------------------------------------


def test_extending_asks_to_confirm_and_says_it_in_public(client, officer):
    consultation = published(officer, closes=3)
    client.force_login(officer)
    day = timezone.localdate() + timedelta(days=9)
    data = {"closes_on": day.strftime("%d/%m/%Y"), "reason": "It snowed."}
    address = staff(consultation, "extend/")

    asked = client.post(address, data)
    assert consultation.windows.count() == 1
    done = client.post(address, {**data, "confirmed": "1"})

    assert "Confirm the new closing day" in asked.text
    assert done["Location"] == staff(consultation)
    assert consultation.windows.count() == 2
    assert "It snowed." in client.get(consultation.get_absolute_url()).text


@pytest.mark.parametrize("page", ["close-early/", "withdraw/"])
def test_ending_needs_both_texts_and_a_second_click(client, officer, page):
    consultation = published(officer)
    client.force_login(officer)
    address = staff(consultation, page)

    half = client.post(address, {"reason": "A fault.", "confirmed": "1"})
    data = {"reason": "A fault.", "public_note": "We found a fault."}
    asked = client.post(address, data)
    stage = Consultation.objects.get().stage_at(timezone.now())
    client.post(address, {**data, "confirmed": "1"})

    assert "There is a problem" in half.text
    assert "We found a fault." in asked.text
    assert stage == "open"
    after = Consultation.objects.get().stage_at(timezone.now())
    assert after == ("closed" if page == "close-early/" else "withdrawn")


def test_what_makes_no_sense_now_is_a_sentence_and_keeps_the_form(client, officer):
    consultation = published(officer, opens=-9, closes=-2)
    client.force_login(officer)
    data = {"closes_on": "1/1/2090", "reason": "It snowed.", "confirmed": "1"}

    response = client.post(staff(consultation, "extend/"), data)

    assert "Only an open consultation can be extended." in response.text
    assert "It snowed." in response.text
    assert consultation.windows.count() == 1


@pytest.mark.rule("CON-09", "accepts")
def test_the_wording_of_a_question_is_corrected_in_public(client, officer):
    consultation = published(officer)
    client.force_login(officer)

    client.post(
        staff(consultation, "amend/words/q_use/"),
        {"label": "How often do you visit?", "reason": "It was unclear."},
    )

    text = client.get(consultation.get_absolute_url()).text
    assert "How often do you visit?" in text
    assert "How often do you use the library?" in text


@pytest.mark.rule("CON-09", "refuses")
def test_a_correction_without_a_reason_is_not_made(client, officer):
    consultation = published(officer)
    client.force_login(officer)

    response = client.post(
        staff(consultation, "amend/words/q_use/"), {"label": "Other", "reason": ""}
    )

    assert "There is a problem" in response.text
    assert consultation.questionnaires.count() == 1
    assert not Amendment.objects.exists()


def test_words_that_are_not_there_cannot_be_corrected(client, officer):
    client.force_login(officer)

    page = staff(published(officer), "amend/words/q_nothing/")

    assert client.get(page).status_code == 404


# Your work, the list, the history --------------------------------------------------


def test_your_work_has_what_to_do_now_what_waits_and_what_comes(client, officer):
    plan(officer, title="A draft")
    sent = plan(officer, title="A sent one")
    actions.send_for_approval(sent, by=officer)
    published(officer, title="An open one")
    published(
        officer,
        title="A late one",
        opens=-200,
        closes=-100,
        feedback_due=timezone.localdate() - timedelta(days=1),
    )
    make_published_consultation(title="Of somebody else")

    client.force_login(officer)
    mine = client.get("/staff/").context["work"]
    client.force_login(make_approver())
    theirs = client.get("/staff/").context["work"]

    assert [task.title for task in mine.now] == ["Feedback is late: A late one"]
    assert [task.title for task in mine.waiting] == ["Waiting for approval: A sent one"]
    assert {task.title for task in mine.coming} == {
        "Finish the plan: A draft",
        "Closes: An open one",
    }
    assert [task.title for task in theirs.now] == ["Approve: A sent one"]


def test_the_staff_list_holds_ones_own_and_is_searched(client, officer):
    plan(officer, title="Bus")
    published(officer, title="Park")
    make_published_consultation(title="Elsewhere")
    client.force_login(officer)

    def found(**query):
        rows = client.get("/staff/consultations/", query).context["rows"]
        return sorted(row.standing.consultation.title for row in rows)

    assert found() == ["Bus", "Park"]
    assert found(stage="draft") == ["Bus"]
    assert found(q="park") == ["Park"]
    assert found(stage="nonsense", page="x") == ["Bus", "Park"]


ALL, PUBLIC = ["A draft", "An open one"], ["An open one"]


@pytest.mark.parametrize(
    ("role", "expected", "opens"),
    [
        (RoleKind.CONSULTATION_APPROVER, ALL, "/staff/consultations/{slug}/"),
        (RoleKind.EQUALITIES_OFFICER, ALL, "/staff/consultations/{slug}/"),
        (RoleKind.MONITORING_OFFICER, ALL, "/staff/consultations/{slug}/history/"),
        (RoleKind.ADMINISTRATOR, ALL, "/staff/consultations/{slug}/history/"),
        (RoleKind.COUNCILLOR, PUBLIC, "/consultations/{slug}/"),
        (RoleKind.DEMOCRATIC_SERVICES, PUBLIC, "/consultations/{slug}/"),
        (RoleKind.FUNDING_OFFICER, PUBLIC, "/consultations/{slug}/"),
        (RoleKind.FINANCE, PUBLIC, "/consultations/{slug}/"),
    ],
)
def test_each_role_lists_what_it_may_read_and_every_link_opens(
    client, role, expected, opens
):
    make_consultation(title="A draft")
    make_published_consultation(title="An open one")
    client.force_login(make_user(role))

    rows = client.get("/staff/consultations/").context["rows"]

    assert sorted(row.standing.consultation.title for row in rows) == expected
    for row in rows:
        assert row.href == opens.format(slug=row.standing.consultation.slug)
        assert client.get(row.href).status_code == 200


@pytest.mark.parametrize(
    "role", [RoleKind.EQUALITIES_OFFICER, RoleKind.ADMINISTRATOR, RoleKind.COUNCILLOR]
)
def test_the_list_costs_every_role_the_same_however_long_it_is(
    client, role, assert_same_query_count
):
    make_published_consultation()
    client.force_login(make_user(role))

    assert_same_query_count("/staff/consultations/", make_published_consultation)


@pytest.mark.parametrize("page", ["/staff/", "/staff/consultations/"])
def test_lists_cost_the_same_however_long_they_are(
    client, officer, page, assert_same_query_count
):
    def more():
        plan(officer)
        published(officer)
        sent = plan(officer)
        actions.send_for_approval(sent, by=officer)
        over = published(officer, opens=-9, closes=-2)
        words = {"how_people_took_part": "Online.", "question_texts": {}}
        text = feedback.save_findings(over, by=officer, summary="Yes.", **words)
        feedback.ask_for_confirmation(text, by=officer)

    more()
    client.force_login(officer)
    assert_same_query_count(page, add_more=more)


def test_the_hub_of_what_was_withdrawn_says_since_when(client, officer):
    consultation = published(officer)
    actions.withdraw(consultation, by=officer, reason="Why.", public_note="A fault.")
    client.force_login(officer)

    text = client.get(staff(consultation)).text

    assert f"Withdrawn {formats.day(timezone.now())}" in text
    assert "days left" not in text
    assert "A fault." in text


def test_who_only_watches_comes_back_from_the_history_to_the_list(client, officer):
    consultation = published(officer)
    client.force_login(make_user(RoleKind.MONITORING_OFFICER))

    page = client.get(staff(consultation, "history/"))

    assert page.context["back_url"] == "/staff/consultations/"


def test_the_history_says_who_did_what_and_why(client, officer):
    consultation = published(officer, closes=3)
    actions.close_early(
        consultation, by=officer, reason="A fault.", public_note="A fault was found."
    )
    client.force_login(officer)

    text = client.get(staff(consultation, "history/")).text

    assert officer.full_name in text
    assert "A fault." in text
