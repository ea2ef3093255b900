"""Bad input gets a sentence, a redirect or a page: never a 500 (SEC-2)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations.models import Draft, Response
from tests.consultations.responses.people import Resident, sent
from tests.factories import make_council, make_published_consultation

NAMES = [
    "q_capacity",
    "q_capacity.organisation",
    "q_ward.postcode",
    "q_ward.ward",
    "q_use",
    "q_use.other",
    "q_days",
    "q_agree",
    "q_grid.r_quiet",
    "q_age",
    "q_name",
    "q_why",
    "email",
    "wants_receipt",
    "wants_feedback",
    "seen",
    "rendered",
    "your-website",
    "page",
    "save-for-later",
    "another",
]
NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "\0",
            "a" * 100_000,
            "9" * 5000,
            "1e400",
            "NaN",
            "-1",
            "o_often",
            "o_none",
            "o_mon",
            "\u202eright to left",
            "<script>alert(1)</script>",
            "{{ 7|add:7 }}",
            "' OR 1=1 --",
            "ann@example.org",
            "a@" + "b" * 300 + ".org",
        ]
    ),
)
BODY = st.dictionaries(
    st.sampled_from(NAMES), st.one_of(NASTY, st.lists(NASTY, max_size=3)), max_size=8
)
PATHS = [
    "respond/",
    "respond/1/",
    "respond/2/",
    "respond/3/",
    "respond/99999999999999999999/",
    "respond/save/",
    "respond/check/",
    "receipt/change/",
    "receipt/contact/",
    "respond/equality/1/",
    "respond/sent/",
    "respond/finish-on-this-device/",
]
FEW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def consultation():
    make_council()
    return make_published_consultation()


@pytest.mark.django_db
@FEW
@given(path=st.sampled_from(PATHS), body=BODY)
def test_whatever_is_posted_while_answering_is_answered(consultation, path, body):
    resident = Resident(consultation)
    resident.start()

    answer = resident.post(path, body)

    assert answer.status_code < 500
    assert resident.get("respond/1/").status_code < 500


@pytest.mark.django_db
@FEW
@given(path=st.sampled_from(PATHS), body=BODY)
def test_whatever_is_posted_after_sending_is_answered_and_nothing_is_doubled(
    consultation, path, body
):
    resident = sent(consultation)
    before = Response.objects.count()

    answer = resident.post(path, body)

    assert answer.status_code < 500
    assert Response.objects.count() == before


@pytest.mark.django_db
@FEW
@given(
    cookie=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])),
    path=st.sampled_from(PATHS),
)
def test_a_forged_cookie_opens_nothing(consultation, cookie, path):
    resident = Resident(consultation)
    for kind in ("draft", "receipt"):
        resident.client.cookies[f"{kind}-{consultation.pk}"] = cookie

    answer = resident.get(path)

    assert answer.status_code in (302, 404, 405)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["respond/save/", "respond/check/"])
@pytest.mark.parametrize("email", ["ann", "ann@", "a\0@example.org", "a" * 1_000_000])
def test_a_bad_address_gets_a_sentence(path, email):
    make_council()
    resident = Resident(make_published_consultation()).answer_all()

    page = resident.post(path, {"email": email, "wants_receipt": "on"})

    assert "Enter an email address in the correct format" in page.content.decode()
    assert not Response.objects.exists()
    assert Draft.objects.get().email == ""


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", "ann", "a\0@example.org", "a" * 1_000_000])
def test_asking_for_lost_links_with_a_bad_address_gets_a_sentence(client, email):
    make_council()

    page = client.post("/lost-link/", {"email": email})

    assert "Enter an email address in the correct format" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_every_address_is_refused_in_a_civil_way_without_a_draft(client, path):
    make_council()
    consultation = make_published_consultation()

    for method in (client.get, client.post):
        answer = method(f"/consultations/{consultation.slug}/{path}")
        assert answer.status_code in (200, 302, 404, 405)
        assert client.get("/consultations/no-such-one/receipt/").status_code == 404
    assert not Response.objects.exists()
