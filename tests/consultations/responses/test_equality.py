"""Equality questions: after sending, optional, apart, and never asked of the wrong."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.analysis.codes import encode
from consultations.models import (
    EqualityAnswers,
    EqualitySet,
    OpenWindow,
    Release,
    Response,
)
from consultations.questionnaire.document import load
from tests.consultations.responses.people import sent
from tests.factories import make_approver, make_council, make_published_consultation

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident():
    make_council()
    equality_set = EqualitySet.objects.get(code="census-2021")
    return sent(make_published_consultation(equality_set=equality_set))


@pytest.mark.rule("EQ-01", "accepts")
def test_every_equality_question_can_be_left_out(resident):
    pages = [resident.get(f"respond/equality/{n}/") for n in (1, 2)]
    answers = [resident.post(f"respond/equality/{n}/") for n in (1, 2)]

    assert "(optional)" in pages[0].content.decode()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[1].headers["Location"].endswith("/respond/sent/?equality=1")
    assert not EqualityAnswers.objects.exists()


@pytest.mark.rule("EQ-01", "refuses")
def test_no_question_of_the_set_that_is_asked_is_required():
    for each in EqualitySet.objects.all():
        assert not any(q.required for q in load(each.document).questions())


@pytest.mark.rule("EQ-02", "accepts")
def test_preferring_not_to_say_is_an_answer_of_its_own(resident):
    resident.post("respond/equality/1/", {"age": "age_pnts"})

    row = EqualityAnswers.objects.get()
    assert row.answers == {"age": "age_pnts"}
    assert row.codes == encode(load(row.equality_set.document), row.answers)


@pytest.mark.rule("EQ-02", "refuses")
def test_preferring_not_to_say_goes_with_no_other_answer(resident):
    resident.post("respond/equality/1/", {"cond": "cond_yes"})

    answer = resident.post(
        "respond/equality/2/", {"impair": ["impair_vision", "impair_pnts"]}
    )

    assert "Select either" in answer.content.decode()
    assert "impair" not in EqualityAnswers.objects.get().answers


@pytest.mark.rule("EQ-03", "refuses")
def test_under_sixteen_is_not_asked_and_what_is_posted_is_discarded(resident):
    resident.post("respond/equality/1/", {"age": "age_under_16"})

    page = resident.get("respond/equality/2/").content.decode()
    resident.post(
        "respond/equality/2/",
        {
            "gender_id": "gender_id_no",
            "gender_id.other": "x",
            "orient": "orient_bisexual",
            "carer": "carer_no",
        },
    )

    assert 'name="gender_id"' not in page
    assert 'name="orient"' not in page
    answers = EqualityAnswers.objects.get().answers
    assert answers == {"age": "age_under_16", "carer": "carer_no"}


@pytest.mark.rule("EQ-03", "refuses")
def test_going_back_to_say_under_sixteen_discards_what_was_said(resident):
    resident.post("respond/equality/1/", {"age": "age_16_24"})
    resident.post("respond/equality/2/", {"orient": "orient_bisexual"})

    resident.post("respond/equality/1/", {"age": "age_under_16"})

    assert EqualityAnswers.objects.get().answers == {"age": "age_under_16"}


@pytest.mark.rule("EQ-03", "accepts")
def test_from_sixteen_the_questions_are_asked_and_kept(resident):
    resident.post("respond/equality/1/", {"age": "age_16_24"})

    resident.post(
        "respond/equality/2/",
        {"gender_id": "gender_id_no", "gender_id.other": "Non-binary"},
    )

    answers = EqualityAnswers.objects.get().answers
    assert answers["gender_id.other"] == "Non-binary"


@pytest.mark.rule("GDPR-03", "accepts")
def test_equality_answers_are_stored_apart_from_the_response(resident):
    before = Response.objects.values().get()

    resident.post("respond/equality/1/", {"age": "age_25_34", "sex": "sex_female"})

    assert Response.objects.values().get() == before
    assert EqualityAnswers.objects.get().answers["sex"] == "sex_female"


@pytest.mark.rule("GDPR-03", "refuses")
def test_no_page_of_the_receipt_shows_an_equality_answer(resident):
    resident.post("respond/equality/1/", {"religion": "religion_jewish"})

    for path in ("respond/sent/", "receipt/"):
        assert "Jewish" not in resident.get(path).content.decode()


def test_somebody_else_cannot_add_equality_answers(resident, client):
    answer = client.post(f"{resident.root}/respond/equality/1/", {"age": "age_25_34"})

    assert answer.status_code == 404
    assert not EqualityAnswers.objects.exists()


def test_withdrawing_deletes_the_equality_answers(resident):
    resident.post("respond/equality/1/", {"age": "age_25_34"})

    resident.post("receipt/withdraw/")

    assert not EqualityAnswers.objects.exists()
    assert resident.get("respond/equality/1/").status_code == 404


def test_once_results_are_out_the_questions_are_closed(resident):
    now = timezone.now()
    OpenWindow.objects.update(ends=now - timedelta(days=1))
    Release.objects.create(
        consultation=resident.consultation,
        kind="findings",
        input_digest="x",
        counts={"counted": 1},
        prepared_by=make_approver(),
        checked_by=make_approver(),
        public_from=now - timedelta(hours=1),
    )

    answer = resident.post("respond/equality/1/", {"age": "age_25_34"})
    receipt = resident.get("receipt/").content.decode()

    assert answer.status_code == 409
    assert not EqualityAnswers.objects.exists()
    assert "It is the 1 response in the results published on" in receipt
