"""Staff pages about what people answered."""

import csv
import io

import pytest

from accounts.models import AuditEntry
from accounts.roles import RoleKind
from consultations.models import Comment, ContactOptIn, EqualityAnswers, Response
from tests.factories import (
    PASSWORD,
    make_approver,
    make_consultation,
    make_council,
    make_equality_set,
    make_officer,
    make_published_consultation,
    make_response,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db

PAGES = ["counts", "comments", "responses", "export"]


@pytest.fixture(autouse=True)
def _council():
    make_council()


@pytest.fixture
def consultation():
    return make_published_consultation()


def address(consultation, page):
    return f"/staff/consultations/{consultation.slug}/{page}/"


def sign_in(client, user, *, again=False):
    """Sign in; `again` also gives the password again, as the guarded pages ask."""
    client.force_login(user)
    if again:
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def read_csv(response):
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def people(consultation):
    """Everyone, and what each gets: counts page, pages with words."""
    return [
        (consultation.lead_officer, 200, 200),
        (make_approver(), 200, 200),
        (make_user(RoleKind.EQUALITIES_OFFICER), 200, 403),
        (make_officer(make_service()), 403, 403),
        (make_user(RoleKind.COUNCILLOR), 403, 403),
        (make_user(RoleKind.ADMINISTRATOR), 403, 403),
        (make_user(is_superuser=True), 403, 403),
    ]


def test_only_those_who_run_it_read_words_and_equalities_officers_read_counts(
    client, consultation
):
    make_response(consultation, {"q_why": "Because of the rain"})
    for person, counts, words in people(consultation):
        sign_in(client, person, again=True)
        assert client.get(address(consultation, "counts")).status_code == counts
        for page in ("comments", "responses", "export"):
            assert client.get(address(consultation, page)).status_code == words, page


@pytest.mark.parametrize("page", PAGES)
def test_a_draft_of_another_service_is_not_found(client, page):
    draft = make_consultation()
    sign_in(client, make_officer())

    assert client.get(address(draft, page)).status_code == 404
    assert client.get("/staff/consultations/absent/counts/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_is_asked_to(client, consultation, page):
    answer = client.get(address(consultation, page))

    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url


def test_counts_come_as_they_are_now(client, consultation):
    sign_in(client, consultation.lead_officer)
    assert "Nobody has answered yet" in _text(client, consultation, "counts")

    make_response(consultation, channel="paper")

    page = _text(client, consultation, "counts")
    assert "Most common answer" not in page
    assert "1 answer to this question" in page
    assert "Paper" in page


def _text(client, consultation, page):
    answer = client.get(address(consultation, page))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_counts_page_costs_the_same_for_one_response_and_three(
    client, consultation, assert_same_query_count
):
    make_response(consultation, {"q_why": "Rain", "q_age": 2})
    sign_in(client, consultation.lead_officer)

    assert_same_query_count(
        address(consultation, "counts"),
        add_more=lambda: make_response(consultation, {"q_why": "Sun", "q_age": 3}),
    )


@pytest.mark.parametrize("page", ["comments", "responses"])
def test_lists_cost_the_same_for_one_row_and_three(
    client, consultation, assert_same_query_count, page
):
    make_response(consultation, {"q_why": "Rain"})
    sign_in(client, consultation.lead_officer)

    assert_same_query_count(
        address(consultation, page),
        add_more=lambda: make_response(consultation, {"q_why": "Sun"}),
    )


def test_comments_are_searched_by_question_and_words(client, consultation):
    make_response(consultation, {"q_why": "It rains a lot", "q_name": "Rain room"})
    make_response(consultation, {"q_why": "The sun shines"})
    held = make_response(consultation, {"q_why": "Held rain"}, status="held")
    sign_in(client, consultation.lead_officer)

    page = _text(client, consultation, "comments") + ""
    found = client.get(
        address(consultation, "comments"), {"question": "q_why", "words": "rain"}
    ).content.decode()

    assert "It rains a lot" in page
    assert "The sun shines" in page
    assert held.comments.get().text not in page
    assert "It rains a lot" in found
    assert "Rain room" not in found
    assert "The sun shines" not in found


@pytest.mark.parametrize(
    "query",
    [
        {"question": "nothing"},
        {"words": "a\0b"},
        {"words": "x" * 10_000},
        {"page": "99999999999"},
        {"page": "-3"},
        {"publish": "everything"},
    ],
)
def test_a_filter_that_makes_no_sense_gets_a_page(client, consultation, query):
    make_response(consultation, {"q_why": "Rain"})
    sign_in(client, consultation.lead_officer)

    assert client.get(address(consultation, "comments"), query).status_code == 200
    assert client.get(address(consultation, "responses"), query).status_code == 200


@pytest.mark.rule("GDPR-09", "accepts")
def test_an_officer_clears_a_text_in_other_words(client, consultation):
    comment = make_response(consultation, {"q_why": "Ask Ann Lee"}).comments.get()
    sign_in(client, consultation.lead_officer)

    client.post(
        f"{address(consultation, 'comments')}{comment.pk}/",
        {"publish": "redacted", "redacted_text": "Ask [a name]"},
    )

    comment.refresh_from_db()
    assert comment.publish == "redacted"
    assert comment.redacted_text == "Ask [a name]"
    entry = AuditEntry.objects.get(action="comment.reviewed")
    assert entry.after == {"publish": "redacted"}
    assert "Ann" not in str([entry.before, entry.after, entry.reason])


@pytest.mark.rule("GDPR-09", "refuses")
def test_a_redaction_without_words_is_refused(client, consultation):
    comment = make_response(consultation, {"q_why": "Ask Ann Lee"}).comments.get()
    sign_in(client, consultation.lead_officer)

    page = client.post(
        f"{address(consultation, 'comments')}{comment.pk}/",
        {"publish": "redacted", "redacted_text": "  "},
    )

    assert "Enter the text as it may be published" in page.content.decode()
    comment.refresh_from_db()
    assert comment.publish == "not_reviewed"
    assert not AuditEntry.objects.filter(action="comment.reviewed").exists()


def test_an_equalities_officer_reviews_nothing(client, consultation):
    comment = make_response(consultation, {"q_why": "Rain"}).comments.get()
    sign_in(client, make_user(RoleKind.EQUALITIES_OFFICER))

    answer = client.post(
        f"{address(consultation, 'comments')}{comment.pk}/", {"publish": "publishable"}
    )

    assert answer.status_code == 403
    comment.refresh_from_db()
    assert comment.publish == "not_reviewed"


def test_a_text_of_another_consultation_is_not_found(client, consultation):
    other = make_response(make_published_consultation(), {"q_why": "Rain"})
    sign_in(client, make_approver())

    comment = f"{address(consultation, 'comments')}{other.comments.get().pk}/"
    whole = f"{address(consultation, 'responses')}{other.reference}/"

    sign_in(client, make_approver(), again=True)
    assert client.get(comment).status_code == 404
    assert client.get(whole).status_code == 404
    absent = f"{address(consultation, 'comments')}99999999999999999999/"
    assert client.get(absent).status_code == 404


@pytest.mark.parametrize("page", ["responses/{}", "export"])
def test_whole_answers_ask_for_the_password_again(client, consultation, page):
    response = make_response(consultation)
    sign_in(client, consultation.lead_officer)
    url = address(consultation, page.format(response.reference))

    for answer in (client.get(url), client.post(url, {"reason": "A complaint"})):
        assert answer.status_code == 302
        assert "/accounts/reauthenticate/" in answer.url

    assert not AuditEntry.objects.filter(
        action__in=["response.read", "responses.exported"]
    ).exists()


def test_reading_one_response_takes_a_reason_and_leaves_an_entry(client, consultation):
    response = make_response(consultation, {"q_why": "Because of the rain"})
    sign_in(client, consultation.lead_officer, again=True)
    url = f"{address(consultation, 'responses')}{response.reference}/"

    before = client.get(url).content.decode()
    refused = client.post(url, {"reason": " "}).content.decode()
    assert "Because of the rain" not in before + refused
    assert not AuditEntry.objects.filter(action="response.read").exists()

    page = client.post(url, {"reason": "A complaint about it"}).content.decode()

    assert "Because of the rain" in page
    entry = AuditEntry.objects.get(action="response.read")
    assert entry.reason == "A complaint about it"
    assert entry.actor == consultation.lead_officer
    assert entry.about_id == str(consultation.pk)


CANARY_EQUALITY, CANARY_EMAIL = "eq-canary", "canary@example.org"


def _with_canaries(consultation):
    response = make_response(consultation, {"q_use": "o_often", "q_why": "Rain"})
    EqualityAnswers.objects.create(
        response=response,
        equality_set=make_equality_set(),
        answers={"sex": CANARY_EQUALITY},
        codes=CANARY_EQUALITY,
    )
    ContactOptIn.objects.create(
        response=response,
        consultation=consultation,
        email=CANARY_EMAIL,
        address_key="canary-key",
    )
    return response


@pytest.mark.rule("GDPR-03", "accepts")
def test_equality_answers_and_contacts_are_on_no_page_and_in_no_file(
    client, consultation
):
    response = _with_canaries(consultation)
    sign_in(client, consultation.lead_officer, again=True)

    seen = "".join(_text(client, consultation, page) for page in PAGES)
    whole = f"{address(consultation, 'responses')}{response.reference}/"
    seen += client.post(whole, {"reason": "A complaint"}).content.decode()
    rows = read_csv(client.post(address(consultation, "export"), {"reason": "Report"}))

    for canary in (CANARY_EQUALITY, CANARY_EMAIL, "canary-key"):
        assert canary not in seen
        assert canary not in str(rows)


@pytest.mark.rule("GDPR-03", "refuses")
def test_no_page_or_file_asks_for_equality_answers(
    client, consultation, django_assert_num_queries
):
    response = _with_canaries(consultation)
    sign_in(client, consultation.lead_officer, again=True)
    urls = [address(consultation, page) for page in PAGES]
    urls.append(f"{address(consultation, 'responses')}{response.reference}/")

    asked = []
    for url in urls:
        with django_assert_num_queries(50, exact=False) as queries:
            answer = client.post(url, {"reason": "x"}) if "/r" in url else None
            answer = answer or client.get(url)
        asked += [query["sql"] for query in queries.captured_queries]

    assert asked
    assert not [sql for sql in asked if "equalityanswers" in sql]
    assert not [sql for sql in asked if "contactoptin" in sql]


def test_the_file_holds_every_response_that_is_kept(client, consultation):
    make_response(
        consultation,
        {
            "q_capacity": "o_org",
            "q_capacity.organisation": "=cmd|' /C calc'!A0",
            "q_use": "o_use_other",
            "q_use.other": "\t+1 for Sundays",
            "q_days": ["o_mon", "o_sat"],
            "q_grid": {"r_quiet": "go_a"},
            "q_age": 3,
            "q_why": "＝HYPERLINK(1)",
        },
    )
    make_response(
        consultation,
        status="excluded",
        excluded_because="spam",
        decided_by=consultation.lead_officer,
    )
    make_response(consultation, {"q_why": "Gone"}, status="withdrawn")
    sign_in(client, consultation.lead_officer, again=True)

    answer = client.post(address(consultation, "export"), {"reason": "Report"})
    rows = [dict(zip(*pair, strict=True)) for pair in _pairs(read_csv(answer))]

    assert answer["Content-Disposition"].startswith("attachment")
    assert len(rows) == 2
    first, second = rows
    assert first["Organisation"] == "'=cmd|' /C calc'!A0"
    assert first["How often do you use the library?"] == "Something else"
    other = "How often do you use the library?: in their own words"
    assert first[other] == "'\t+1 for Sundays"
    assert first["Which days suit you?"] == "Monday; Saturday"
    assert first["Do you agree with each of these?: A quiet room"] == "Agree"
    assert first["How many people live with you?"] == "3"
    assert first["Why?"] == "'＝HYPERLINK(1)"
    assert (first["Counted"], second["Counted"]) == ("Yes", "No")
    assert second["Left out because"] == "Spam"
    entry = AuditEntry.objects.get(action="responses.exported")
    assert entry.reason == "Report"


def _pairs(rows):
    return [(rows[0], row) for row in rows[1:]]


def test_the_file_costs_the_same_queries_for_one_response_and_for_many(
    client, consultation, django_assert_num_queries
):
    def queries():
        with django_assert_num_queries(50, exact=False) as asked:
            answer = client.post(address(consultation, "export"), {"reason": "x"})
            read_csv(answer)
        return len(asked.captured_queries)

    sign_in(client, consultation.lead_officer, again=True)
    make_response(consultation, {"q_why": "Rain"})
    queries()
    one = queries()
    for _ in range(3):
        make_response(consultation, {"q_why": "Rain"})
    assert queries() == one


def test_reading_pages_writes_nothing(client, consultation):
    response = make_response(consultation, {"q_why": "Rain"})
    sign_in(client, consultation.lead_officer, again=True)
    before = (AuditEntry.objects.count(), Comment.objects.count())

    for page in [*PAGES, f"responses/{response.reference}"]:
        assert client.get(address(consultation, page)).status_code == 200

    assert (AuditEntry.objects.count(), Comment.objects.count()) == before
    assert Response.objects.get(pk=response.pk).status == "sent"


@pytest.mark.rule("CON-08", "accepts")
def test_an_officer_leaves_a_counted_response_out_and_counts_it_again(
    client, consultation
):
    response = make_response(consultation)
    make_response(consultation)
    officer = consultation.lead_officer
    sign_in(client, officer, again=True)
    decide = address(consultation, f"held/{response.reference}")

    page = _text(client, consultation, f"responses/{response.reference}")
    form = client.get(decide).content.decode()
    client.post(decide, {"reason": "duplicate", "note": "Sent twice."})

    assert f'href="{decide}"' in page
    assert "Exclude this response from the counts" in page
    assert "Count it" not in form
    left_out = Response.objects.get(pk=response.pk)
    assert (left_out.status, left_out.excluded_because) == ("excluded", "duplicate")
    counts = _text(client, consultation, "counts")
    assert "Left out: Duplicate" in counts
    assert "1 answer to this question" in counts
    entry = AuditEntry.objects.get(action="response.excluded")
    assert (entry.actor, entry.reason) == (officer, "Sent twice.")
    page = _text(client, consultation, f"responses/{response.reference}")
    assert "Decide whether this response counts" in page

    client.post(decide, {"reason": "count"})

    assert Response.objects.get(pk=response.pk).status == "sent"
    assert "2 answers to this question" in _text(client, consultation, "counts")
    assert AuditEntry.objects.filter(action="response.released").exists()


@pytest.mark.rule("CON-08", "refuses")
def test_a_counted_response_is_not_left_out_without_a_reason_or_by_others(
    client, consultation
):
    response = make_response(consultation)
    gone = make_response(consultation, status="withdrawn")
    decide = address(consultation, f"held/{response.reference}")

    sign_in(client, make_officer(make_service()))
    forbidden = client.post(decide, {"reason": "spam"})
    sign_in(client, consultation.lead_officer, again=True)
    empty = client.post(decide, {"reason": ""})
    counted = client.post(decide, {"reason": "count"})
    page = _text(client, consultation, f"responses/{gone.reference}")

    assert forbidden.status_code == 403
    for answer in (empty, counted):
        assert "Select what to do with this response" in answer.content.decode()
    assert (
        client.get(address(consultation, f"held/{gone.reference}")).status_code == 404
    )
    assert f"held/{gone.reference}" not in page
    response.refresh_from_db()
    assert response.status == "sent"
    assert not AuditEntry.objects.filter(action__startswith="response.").exists()


@pytest.mark.rule("REM-05", "accepts")
def test_what_came_within_the_grace_is_shown_as_such_to_staff(client, consultation):
    in_time = make_response(consultation)
    make_response(consultation, status="held", is_late=True)
    sign_in(client, consultation.lead_officer, again=True)
    assert "after closing" not in _text(client, consultation, "counts")
    late = make_response(consultation, is_late=True)

    counts = _text(client, consultation, "counts")
    pages = [
        client.post(
            address(consultation, f"responses/{each.reference}"), {"reason": "Report"}
        ).content.decode()
        for each in (in_time, late)
    ]
    answer = client.post(address(consultation, "export"), {"reason": "Report"})
    rows = [dict(zip(*pair, strict=True)) for pair in _pairs(read_csv(answer))]

    said = "Of the answers that count, 1 arrived after closing, within the grace."
    assert said in counts
    assert "It arrived after closing" not in pages[0]
    assert "It arrived after closing, within the grace." in pages[1]
    column = [row["Arrived after closing"] for row in rows]
    assert column == ["No", "Yes", "Yes"]
    assert {row["Received on"] for row in rows} == {in_time.received_on.isoformat()}
