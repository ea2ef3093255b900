"""The one writer: whatever is stored, its comments and its codes agree with it."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import ActionRefused
from consultations.analysis.codes import encode
from consultations.models import Comment, EqualityAnswers, EqualitySet, Response
from consultations.questionnaire.document import load
from consultations.responses import writer
from consultations.responses.rebuild import stale_codes
from tests.factories import make_published_consultation

pytestmark = pytest.mark.django_db

ANSWERS = {
    "q_capacity": "o_org",
    "q_capacity.organisation": "The Friends",
    "q_ward": {"place": "ward", "ward_code": "E05990001"},
    "q_use": "o_use_other",
    "q_use.other": "As a meeting room",
    "q_days": ["o_mon", "o_sat"],
    "q_grid": {"r_quiet": "go_a"},
    "q_age": 2.5,
    "q_why": "Evenings.",
}


def write(consultation, answers=ANSWERS, **more):
    version = consultation.questionnaires.get()
    fields = {
        "source": "paper",
        "source_key": "1",
        "channel": "paper",
        "received_on": timezone.localdate(),
        "language": "en-gb",
        **more,
    }
    return writer.write(consultation, version, answers=answers, **fields)


def test_answers_come_back_as_they_were_written():
    response = write(make_published_consultation())

    stored = Response.objects.select_related("version").get(pk=response.pk)

    assert writer.stored_answers(stored) == ANSWERS
    assert stored.capacity == "organisation"
    assert stored.organisation == "The Friends"
    assert (stored.place, stored.ward_code) == ("ward", "E05990001")
    assert "q_capacity.organisation" not in stored.answers
    comment = Comment.objects.get(question_key="q_use.other")
    assert stored.answers["q_use.other"] == comment.pk
    assert (comment.text, comment.ward_code) == ("As a meeting room", "E05990001")
    assert comment.publish == Comment.Publish.NOT_REVIEWED


def test_one_key_is_stored_once():
    consultation = make_published_consultation()
    write(consultation)

    with pytest.raises(IntegrityError), transaction.atomic():
        write(consultation)

    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    "answers",
    [
        {"q_use": "o_nothing"},
        {"q_use": ["o_often"]},
        {"q_days": ["o_mon", "o_none"]},
        {"q_days": ["o_mon", "o_mon"]},
        {"q_days": []},
        {"q_grid": {"r_other": "go_a"}},
        {"q_grid": "go_a"},
        {"q_age": "2"},
        {"q_age": True},
        {"q_age": float("nan")},
        {"q_age": 31},
        {"q_why": 7},
        {"q_why": ""},
        {"q_why": "a\0"},
        {"q_why": "\ud800"},
        {"q_why": "a" * 2001},
        {"q_ward": {"place": "ward"}},
        {"q_ward": {"place": "moon"}},
        {"q_ward": "E05990001"},
        {"q_use": "o_often", "q_use.other": "text"},
        {"q_capacity": "o_me", "q_capacity.organisation": "The Friends"},
        {"q_why.organisation": "The Friends"},
    ],
)
def test_answers_that_do_not_fit_the_questions_are_refused(answers):
    consultation = make_published_consultation()

    with pytest.raises(ActionRefused, match="do not fit the questions"):
        write(consultation, answers)

    assert not Response.objects.exists()
    assert not Comment.objects.exists()


def test_answers_to_questions_that_do_not_exist_or_are_hidden_are_dropped():
    """T-11."""
    consultation = make_published_consultation()

    response = write(
        consultation, {"q_use": "o_never", "q_agree": "ao_a", "q_secret": "x"}
    )

    assert response.answers == {"q_use": "o_never"}


def test_an_unchanged_text_keeps_what_was_decided_about_it():
    consultation = make_published_consultation()
    response = write(consultation, {"q_name": "The den", "q_why": "Evenings."})
    response.comments.update(publish="redacted", redacted_text="—")
    kept = response.comments.get(question_key="q_name")

    write(
        consultation,
        {"q_name": "The den", "q_why": "Mornings."},
        response=response,
    )

    stored = {c.question_key: c for c in response.comments.all()}
    assert stored["q_name"].pk == kept.pk
    assert stored["q_name"].publish == "redacted"
    assert stored["q_why"].publish == "not_reviewed"
    assert stored["q_why"].redacted_text == ""
    assert stored["q_why"].text == "Mornings."


def test_a_reference_can_be_read_aloud_and_not_guessed():
    references = {writer.new_reference() for _n in range(2000)}

    assert len(references) == 2000
    shape = re.compile(r"\A[2-9B-DF-HJKMNP-TV-Z]{4}-[2-9B-DF-HJKMNP-TV-Z]{4}-.{2}\Z")
    assert all(shape.match(reference) for reference in references)


def test_codes_agree_with_the_answers_of_every_stored_row():
    consultation = make_published_consultation()
    for n, answers in enumerate([ANSWERS, {}, {"q_use": "o_never"}]):
        write(consultation, answers, source_key=str(n))

    assert list(stale_codes()) == []
    for response in Response.objects.select_related("version"):
        questionnaire = load(response.version.document)
        assert response.codes == encode(questionnaire, response.answers)


def test_rebuilding_the_codes_mends_every_row_and_running_it_twice_changes_nothing():
    consultation = make_published_consultation()
    response = write(consultation)
    equality_set = EqualitySet.objects.get()
    EqualityAnswers.objects.create(
        response=response,
        equality_set=equality_set,
        answers={"age": "age_25_34"},
        codes="wrong",
    )
    right = response.codes
    Response.objects.update(codes="wrong")

    with pytest.raises(SystemExit):
        call_command("rebuild_codes", "--check", stdout=StringIO())
    first, second = StringIO(), StringIO()
    call_command("rebuild_codes", stdout=first)
    call_command("rebuild_codes", stdout=second)

    response.refresh_from_db()
    assert response.codes == right
    assert "2 rows had" in first.getvalue()
    assert "0 rows had" in second.getvalue()
