"""Planning a consultation, asking for approval and answering."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts import ActionRefused
from accounts.models import AuditEntry
from consultations import actions
from consultations.actions import approval, snapshots
from consultations.actions.files import LARGEST, checked
from consultations.models import (
    Amendment,
    Consultation,
    Document,
    OldAddress,
    OpenWindow,
    QuestionnaireVersion,
    Status,
)
from consultations.questionnaire import actions as questionnaires
from consultations.questionnaire import checks as questionnaire_checks
from consultations.questionnaire.document import load
from council.clock import day_ends, day_starts
from notices.models import Notice
from tests.factories import (
    make_approver,
    make_consultation,
    make_council,
    make_equality_set,
    make_level,
    make_officer,
    make_privacy_notice,
    make_service,
    make_ward,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def council():
    return make_council()


def words_missing(consultation):
    return [each.text for each in actions.missing(consultation, timezone.now())]


# Starting ------------------------------------------------------------------------


def test_a_new_consultation_gets_the_next_reference_of_the_year():
    service = make_service()
    officer = make_officer(service)
    year = timezone.localdate().year
    make_consultation(reference=f"CON/{year}/041")

    made = actions.create(service, title="Number 7 bus", by=officer)

    assert made.reference == f"CON/{year}/042"
    assert made.status == Status.DRAFT
    assert made.lead_officer == officer
    assert made.questionnaires.count() == 1


def test_two_consultations_of_one_title_have_two_addresses():
    service = make_service()
    officer = make_officer(service)

    first = actions.create(service, title="Number 7 bus", by=officer)
    second = actions.create(service, title="Number 7 bus!", by=officer)

    assert (first.slug, second.slug) == ("number-7-bus", "number-7-bus-2")


@pytest.mark.parametrize("title", ["New", "№ ☃", "x" * 150])
def test_every_title_makes_an_address(title):
    service = make_service()

    made = actions.create(service, title=title, by=make_officer(service))

    assert made.slug
    assert made.slug != "new"


def test_a_changed_title_changes_the_address_and_keeps_the_old_one():
    consultation = make_consultation(title="Library hours", slug="library-hours")

    actions.edit(
        consultation, by=consultation.lead_officer, changes={"title": "Library times"}
    )

    consultation.refresh_from_db()
    assert consultation.slug == "library-times"
    assert OldAddress.objects.get().slug == "library-hours"
    entry = AuditEntry.objects.about(consultation).first()
    assert entry.before == {"title": "Library hours"}


def test_a_title_that_comes_back_takes_its_old_address_back():
    consultation = make_consultation(title="Library hours", slug="library-hours")
    officer = consultation.lead_officer
    actions.edit(consultation, by=officer, changes={"title": "Library times"})

    actions.edit(consultation, by=officer, changes={"title": "Library hours"})

    consultation.refresh_from_db()
    assert consultation.slug == "library-hours"
    assert [old.slug for old in consultation.old_addresses.all()] == ["library-times"]


@pytest.mark.parametrize("status", [Status.WAITING, Status.APPROVED, Status.WITHDRAWN])
def test_a_plan_that_was_sent_cannot_be_changed(status):
    consultation = make_consultation(
        status=status,
        approved_at=timezone.now(),
        approved_by=make_approver(),
        withdrawn_at=timezone.now(),
        public_note="Gone.",
    )

    with pytest.raises(ActionRefused):
        actions.edit(
            consultation, by=consultation.lead_officer, changes={"summary": "Other"}
        )

    consultation.refresh_from_db()
    assert consultation.summary == "When should the library be open?"


@pytest.mark.rule("CON-10", "accepts")
def test_feedback_is_due_84_days_after_closing_unless_the_plan_says_so():
    consultation = make_consultation(feedback_due=None)

    actions.edit(
        consultation,
        by=consultation.lead_officer,
        changes={"closes_on": date(2027, 3, 1), "feedback_due": None},
    )

    consultation.refresh_from_db()
    assert consultation.feedback_due == date(2027, 3, 1) + timedelta(days=84)


# Documents -----------------------------------------------------------------------


def pdf(name="plan.pdf", content=b"%PDF-1.7 text"):
    return SimpleUploadedFile(name, content)


def office(member, name):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(member, "x")
    return SimpleUploadedFile(name, data.getvalue())


def test_a_file_is_kept_under_a_name_that_nobody_can_guess(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    consultation = make_consultation()

    document = actions.add_document(
        consultation,
        by=consultation.lead_officer,
        title="The plan",
        upload=checked(pdf("../../The plan.pdf")),
        accessible_note="Ask us for large print.",
    )

    assert document.file_name == "The plan.pdf"
    assert document.file_format == "PDF"
    assert "plan" not in document.file.name


def test_a_file_without_a_word_on_other_formats_is_refused():
    consultation = make_consultation()

    with pytest.raises(ActionRefused, match="format"):
        actions.add_document(
            consultation,
            by=consultation.lead_officer,
            title="The plan",
            upload=checked(pdf()),
        )

    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (pdf("plan.exe"), "must be a PDF"),
        (pdf("plan"), "must be a PDF"),
        (pdf("plan.pdf", b"MZ not a pdf"), "not a PDF"),
        (pdf("plan.pdf", b""), "empty"),
        (pdf("plan.docx"), "not a DOCX"),
        (office("evil.txt", "plan.docx"), "not a DOCX"),
        (pdf("plan.html", b"<script>"), "must be a PDF"),
        (pdf("plan.pdf", b"%PDF-" + b"0" * LARGEST), "smaller than 10MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(upload, sentence):
    with pytest.raises(ActionRefused, match=sentence):
        checked(upload)


@pytest.mark.parametrize(
    ("member", "name"), [("word/document.xml", "a.docx"), ("content.xml", "a.ODT")]
)
def test_office_files_are_known_by_what_they_hold(member, name):
    assert checked(office(member, name)).format in {"DOCX", "ODT"}


def test_documents_move_up_and_down_and_stop_at_the_ends():
    consultation = make_consultation()
    officer = consultation.lead_officer
    first, second = (
        actions.add_document(consultation, by=officer, title=title, text="Words")
        for title in ("First", "Second")
    )

    actions.move_document(second, by=officer, up=True)
    actions.move_document(second, by=officer, up=True)

    assert list(consultation.documents.all()) == [second, first]


# Sending -------------------------------------------------------------------------


@pytest.mark.rule("CON-10", "accepts")
@pytest.mark.rule("CON-11", "accepts")
@pytest.mark.rule("GDPR-02", "accepts")
@pytest.mark.rule("LVL-01", "accepts")
def test_a_complete_plan_is_sent_and_approvers_are_told():
    approver = make_approver(email="central@example.org")
    consultation = make_consultation()

    step = actions.send_for_approval(consultation, by=consultation.lead_officer)

    consultation.refresh_from_db()
    assert consultation.status == Status.WAITING
    assert step.plan["title"] == consultation.title
    notice = Notice.objects.get(kind="consultations.approval_waiting")
    assert notice.recipient == approver.email
    assert notice.payload["pages"]["approve"].endswith("/approve/")


LACKS = {
    "summary": {"summary": ""},
    "overview": {"overview": " "},
    "can_influence": {"can_influence": ""},
    "cannot_influence": {"cannot_influence": ""},
    "audience": {"audience": ""},
    "contact": {"contact_email": "", "contact_phone": ""},
    "contact_name": {"contact_name": ""},
    "other_ways": {"other_ways": ""},
    "wards": {"all_wards": False},
    "opens_on": {"opens_on": None},
    "closes_on": {"closes_on": None},
    "decision_maker": {"decision_maker": ""},
    "decision_due": {"decision_due": None},
    "feedback_how": {"feedback_how": ""},
    "feedback_due": {"feedback_due": None},
    "past": {"opens_on": date(2020, 1, 1)},
    "early decision": {"decision_due": date(2020, 1, 1)},
    "early feedback": {"feedback_due": date(2020, 1, 1)},
}


@pytest.mark.rule("CON-10", "refuses")
@pytest.mark.parametrize("fields", LACKS.values(), ids=LACKS.keys())
def test_a_plan_that_lacks_something_is_not_sent(fields):
    consultation = make_consultation(**fields)

    with pytest.raises(ActionRefused) as refused:
        actions.send_for_approval(consultation, by=consultation.lead_officer)

    consultation.refresh_from_db()
    assert consultation.status == Status.DRAFT
    assert len(words_missing(consultation)) == 1
    assert str(refused.value) == words_missing(consultation)[0]
    assert not Notice.objects.exists()


def test_every_missing_thing_is_said_with_the_page_that_mends_it():
    consultation = make_consultation(summary="", audience="", opens_on=None)

    lacks = actions.missing(consultation, timezone.now())

    assert [each.route for each in lacks] == [
        "consultations:edit_overview",
        "consultations:edit_people",
        "consultations:edit_dates",
    ]


@pytest.mark.rule("LVL-01", "refuses")
def test_a_plan_without_a_level_or_with_one_that_takes_no_answers_is_not_sent():
    informing = make_level(takes_responses=False)
    without = make_consultation()
    Consultation.objects.filter(pk=without.pk).update(level=None)
    without.refresh_from_db()

    for consultation in (without, make_consultation(level=informing)):
        with pytest.raises(ActionRefused, match="level"):
            actions.send_for_approval(consultation, by=consultation.lead_officer)
        consultation.refresh_from_db()
        assert consultation.status == Status.DRAFT


@pytest.mark.rule("GDPR-02", "refuses")
@pytest.mark.parametrize("part", ["controller", "retention", "rights", "dpo_contact"])
def test_a_plan_whose_privacy_notice_is_incomplete_is_not_sent(part):
    consultation = make_consultation(privacy_notice=make_privacy_notice(**{part: " "}))

    with pytest.raises(ActionRefused, match="privacy notice"):
        actions.send_for_approval(consultation, by=consultation.lead_officer)

    consultation.refresh_from_db()
    assert consultation.status == Status.DRAFT


@pytest.mark.rule("GDPR-02", "refuses")
def test_equality_questions_need_the_special_condition_and_others_do_not():
    notice = make_privacy_notice(special_category_condition="")
    plain = make_consultation(privacy_notice=notice)
    asking = make_consultation(privacy_notice=notice, equality_set=make_equality_set())

    assert not words_missing(plain)
    assert words_missing(asking)


def test_a_plan_without_questions_is_not_sent():
    consultation = make_consultation(questionnaire=None)

    with pytest.raises(ActionRefused):
        actions.send_for_approval(consultation, by=consultation.lead_officer)

    consultation.refresh_from_db()
    assert consultation.status == Status.DRAFT


@pytest.mark.rule("CON-11", "refuses")
def test_too_many_questions_are_advised_against_and_never_refused():
    consultation = make_consultation()
    document = load(consultation.questionnaires.get().document)

    assert questionnaire_checks.advice(document, 2)
    actions.send_for_approval(consultation, by=consultation.lead_officer)

    consultation.refresh_from_db()
    assert consultation.status == Status.WAITING


# Answering -----------------------------------------------------------------------


@pytest.fixture
def waiting():
    consultation = make_consultation(wards=[make_ward()])
    actions.send_for_approval(consultation, by=consultation.lead_officer)
    consultation.refresh_from_db()
    return consultation


def test_approval_opens_a_window_of_whole_days_in_london(waiting):
    approver = make_approver()

    actions.approve(waiting, by=approver)

    waiting.refresh_from_db()
    window = OpenWindow.objects.get()
    assert waiting.status == Status.APPROVED
    assert waiting.approved_by == approver
    assert window.starts == day_starts(waiting.opens_on)
    assert window.ends == day_ends(waiting.closes_on)
    assert QuestionnaireVersion.objects.get().frozen_at


def test_the_author_and_the_lead_officer_cannot_approve(waiting):
    for person in {waiting.created_by, waiting.lead_officer}:
        with pytest.raises(ActionRefused, match="second person"):
            actions.approve(waiting, by=person)

    waiting.refresh_from_db()
    assert waiting.status == Status.WAITING
    assert not OpenWindow.objects.exists()


def test_who_sent_it_cannot_approve_it_even_for_a_colleague():
    approver = make_approver()
    consultation = make_consultation()
    actions.send_for_approval(consultation, by=approver)

    with pytest.raises(ActionRefused, match="second person"):
        actions.approve(consultation, by=approver)

    consultation.refresh_from_db()
    assert consultation.status == Status.WAITING


def test_who_sent_it_is_not_asked_to_approve_it():
    sender, approver = make_approver(), make_approver()

    actions.send_for_approval(make_consultation(), by=sender)

    asked = Notice.objects.filter(kind="consultations.approval_waiting")
    assert [notice.recipient for notice in asked] == [approver.email]


def write_plan(consultation, by):
    actions.edit(consultation, by=by, changes={"summary": "In other words."})


def write_document(consultation, by):
    actions.add_document(consultation, by=by, title="The map", text="Words")


def write_question(consultation, by):
    def rename(document):
        return document.model_copy(update={"next_number": document.next_number + 1})

    questionnaires.change(questionnaires.draft_of(consultation), rename, by=by)


WRITINGS = [write_plan, write_document, write_question]


@pytest.mark.parametrize("write", WRITINGS)
def test_an_approver_cannot_approve_what_they_wrote(write):
    approver = make_approver()
    consultation = make_consultation()
    write(consultation, approver)
    actions.send_for_approval(consultation, by=consultation.lead_officer)

    with pytest.raises(ActionRefused, match="Somebody else must approve"):
        actions.approve(consultation, by=approver)

    consultation.refresh_from_db()
    assert consultation.status == Status.WAITING
    assert not OpenWindow.objects.exists()
    actions.return_with_reasons(consultation, by=approver, reason="Say more.")


@pytest.mark.parametrize("write", WRITINGS)
def test_another_approver_approves_what_a_colleague_wrote(write):
    consultation = make_consultation()
    write(consultation, make_approver())
    actions.send_for_approval(consultation, by=consultation.lead_officer)

    actions.approve(consultation, by=make_approver())

    consultation.refresh_from_db()
    assert consultation.status == Status.APPROVED


def test_who_wrote_before_the_last_approval_may_approve_the_next(waiting):
    approver = make_approver()
    actions.recall(waiting, by=waiting.lead_officer)
    write_plan(waiting, approver)
    actions.send_for_approval(waiting, by=waiting.lead_officer)
    actions.approve(waiting, by=make_approver())
    actions.recall(
        waiting, by=waiting.lead_officer, reason="Snow.", public_note="Snow."
    )
    actions.send_for_approval(waiting, by=waiting.lead_officer)

    actions.approve(waiting, by=approver)

    waiting.refresh_from_db()
    assert waiting.approved_by == approver


def test_an_approver_who_read_an_older_version_is_told_so(waiting):
    seen = approval.last_sent(waiting)
    actions.recall(waiting, by=waiting.lead_officer)
    actions.send_for_approval(waiting, by=waiting.lead_officer)

    with pytest.raises(ActionRefused, match="once more"):
        actions.approve(waiting, by=make_approver(), step=seen.pk)

    waiting.refresh_from_db()
    assert waiting.status == Status.WAITING


def test_approving_from_a_later_day_moves_the_closing_day_too(waiting):
    later = waiting.opens_on + timedelta(days=5)
    closes = waiting.closes_on + timedelta(days=5)

    actions.approve(waiting, by=make_approver(), opens_on=later)

    waiting.refresh_from_db()
    assert (waiting.opens_on, waiting.closes_on) == (later, closes)
    assert OpenWindow.objects.get().starts == day_starts(later)


def test_approving_from_an_earlier_day_is_refused(waiting):
    earlier = waiting.opens_on - timedelta(days=1)

    with pytest.raises(ActionRefused, match="after the planned"):
        actions.approve(waiting, by=make_approver(), opens_on=earlier)

    assert not OpenWindow.objects.exists()


def test_it_cannot_have_been_open_before_it_was_approved():
    today = timezone.localdate()
    consultation = make_consultation(opens_on=today)
    actions.send_for_approval(consultation, by=consultation.lead_officer)
    when = timezone.now()

    actions.approve(consultation, by=make_approver(), when=when)

    assert OpenWindow.objects.get().starts == when


def test_asking_for_changes_needs_reasons_and_tells_who_sent_it(waiting):
    approver = make_approver()

    with pytest.raises(ActionRefused):
        actions.return_with_reasons(waiting, by=approver, reason="  ")
    actions.return_with_reasons(waiting, by=approver, reason="Say who decides.")

    waiting.refresh_from_db()
    assert waiting.status == Status.RETURNED
    notice = Notice.objects.get(kind="consultations.returned")
    assert notice.recipient == waiting.lead_officer.email
    assert notice.payload["reason"] == "Say who decides."


def test_the_approver_reads_what_changed_since_the_last_time(waiting):
    approver = make_approver()
    actions.return_with_reasons(waiting, by=approver, reason="Say more.")
    officer = waiting.lead_officer
    actions.edit(waiting, by=officer, changes={"decision_maker": "Full council"})
    actions.add_document(waiting, by=officer, title="Map", text="Words")

    sent = actions.send_for_approval(waiting, by=officer)

    before = approval.sent_before(sent)
    assert snapshots.changes(before, sent) == [
        "Who decides: it was “The Cabinet”, now it is “Full council”.",
        "Document “Map” was added.",
    ]


def test_taking_back_before_opening_makes_a_draft_that_can_be_sent_again(waiting):
    actions.approve(waiting, by=make_approver())

    actions.recall(
        waiting, by=waiting.lead_officer, reason="Snow.", public_note="It snowed."
    )
    waiting.refresh_from_db()
    entry = AuditEntry.objects.get(action="consultation.recalled")
    assert (waiting.status, waiting.public_note) == (Status.DRAFT, "It snowed.")
    assert entry.reason == "Snow."
    actions.send_for_approval(waiting, by=waiting.lead_officer)
    actions.approve(waiting, by=make_approver())

    waiting.refresh_from_db()
    assert waiting.status == Status.APPROVED
    assert (waiting.withdrawn_at, waiting.public_note) == (None, "")
    assert OpenWindow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_people_who_start_at_the_same_moment_get_different_references():
    service = make_service()
    officers = [make_officer(service) for _n in range(6)]
    gate = Barrier(len(officers))

    def start(officer):
        try:
            gate.wait(10)
            made = actions.create(service, title="Number 7 bus", by=officer)
            return made.reference, made.slug
        finally:
            connection.close()

    with ThreadPoolExecutor(len(officers)) as pool:
        made = list(pool.map(start, officers))

    assert len({reference for reference, _slug in made}) == len(officers)
    assert len({slug for _reference, slug in made}) == len(officers)


@pytest.mark.rule("CON-09", "accepts")
def test_another_file_of_the_same_name_is_another_file(client):
    consultation = make_consultation()
    officer = consultation.lead_officer
    with time_machine.travel("2026-11-03 10:00Z", tick=False):
        document = actions.add_document(
            consultation,
            by=officer,
            title="The plan",
            upload=checked(pdf("plan.pdf")),
            accessible_note="Ask us.",
        )
    with document.file.open() as file:
        before = file.read()
    actions.send_for_approval(consultation, by=officer)
    actions.approve(consultation, by=make_approver())
    OpenWindow.objects.update(starts=timezone.now() - timedelta(days=1))

    actions.amend_document(
        document,
        by=officer,
        title="The plan",
        upload=checked(pdf("plan.pdf")),
        accessible_note="Ask us.",
        reason="A road was missing.",
        is_material=False,
    )

    amendment = Amendment.objects.get()
    assert "added 3 November 2026 at 10am" in amendment.old
    assert "plan.pdf" in amendment.new
    assert amendment.old != amendment.new
    kept = f"/staff/consultations/{consultation.slug}/amend/files/{amendment.pk}/"
    assert client.get(kept).status_code == 302
    client.force_login(officer)
    assert kept in client.get(kept.partition("files")[0]).content.decode()
    answer = client.get(kept)
    assert b"".join(answer.streaming_content) == before
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert client.get(kept.replace(str(amendment.pk), "9" * 30)).status_code == 404
