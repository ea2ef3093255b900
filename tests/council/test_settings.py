"""The council's settings, brand and statutory texts (matrix row 34)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import AuditEntry
from council import statutory
from council.forms import NUMBER_GROUPS, NUMBERS
from council.models import Council, PrivacyNotice, StatutoryPage
from tests.factories import make_council, make_privacy_notice, make_user

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
NAMES = {
    "name": "Fernshire Council",
    "service_name": "Have your say",
    "place": "Fernshire",
    "reference_prefix": "CON",
    "brand_colour": "#12436d",
    "website": "",
    "email": "haveyoursay@example.org",
    "phone": "",
    "postal_address": "",
    "reason": "New brand",
}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def administrator(client):
    make_council()
    person = make_user("administrator")
    client.force_login(person)
    return person


def rules(**changes):
    council = Council.objects.get()
    return {name: getattr(council, name) for name in NUMBERS} | {
        "reason": "Agreed by the cabinet",
        **changes,
    }


def test_an_administrator_changes_name_and_colour(client, administrator):
    data = {**NAMES, "place": "the Ferns", "brand_colour": "#0B0C0C"}

    answer = client.post("/staff/council/settings/name/", data)

    assert answer["Location"] == "/staff/council/"
    council = Council.objects.get()
    assert (council.place, council.brand_colour) == ("the Ferns", "#0b0c0c")
    entry = AuditEntry.objects.get()
    assert entry.action == "council.changed"
    assert entry.before == {"place": "Fernshire", "brand_colour": "#12436d"}
    assert entry.reason == "New brand"
    assert "#0b0c0c" in client.get("/brand.css").content.decode()


@pytest.mark.parametrize(
    "colour", ["#ffdd00", "#777777", "red", "#12436", "", "#12436d}body{color:red"]
)
def test_a_colour_on_which_white_cannot_be_read_is_refused(
    client, administrator, colour
):
    answer = client.post(
        "/staff/council/settings/name/", {**NAMES, "brand_colour": colour}
    )

    assert "There is a problem" in answer.content.decode()
    assert Council.objects.get().brand_colour == "#12436d"
    assert not AuditEntry.objects.exists()


def test_the_lightest_colour_that_is_taken(client, administrator):
    client.post("/staff/council/settings/name/", {**NAMES, "brand_colour": "#767676"})

    assert Council.objects.get().brand_colour == "#767676"  # 4.54 to 1


def test_days_and_limits_are_changed(client, administrator):
    answer = client.post(
        "/staff/council/settings/rules/", rules(feedback_days=60, quiet_from_hour=22)
    )

    assert answer.status_code == 302
    council = Council.objects.get()
    assert (council.feedback_days, council.quiet_from_hour) == (60, 22)


def test_the_limits_against_misuse_are_the_councils_and_audited(client, administrator):
    client.post(
        "/staff/council/settings/rules/",
        rules(most_equal_an_hour=40, most_an_hour=300, fastest_seconds=0),
    )

    entry = AuditEntry.objects.get()
    assert entry.after == {
        "most_equal_an_hour": 40,
        "most_an_hour": 300,
        "fastest_seconds": 0,
    }
    assert entry.before["most_an_hour"] == 120
    page = client.get("/staff/council/").content.decode()
    assert "Most answers from one place in an hour" in page


@pytest.mark.parametrize(
    "change",
    [
        {"quiet_from_hour": 24},
        {"feedback_days": -1},
        {"feedback_days": "many"},
        {"feedback_days": "9" * 5000},
        {"min_base_for_percent": 0},
        {"signal_days": 31},
        {"fastest_seconds": 61},
        {"most_equal_an_hour": 4},
        {"most_an_hour": 1001},
        {"most_equal_an_hour": 121, "most_an_hour": 120},
        {"reason": ""},
        {"reason": "\0"},
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(client, administrator, change):
    answer = client.post("/staff/council/settings/rules/", rules(**change))

    assert "There is a problem" in answer.content.decode()
    assert not AuditEntry.objects.exists()


def test_every_limit_is_shown_in_one_group():
    shown = [name for _title, names in NUMBER_GROUPS for name in names]

    assert sorted(shown) == sorted(NUMBERS)


def test_a_setting_that_is_not_on_the_form_stays(client, administrator):
    client.post(
        "/staff/council/settings/rules/",
        rules(feedback_days=60, is_demonstration="on", name="Elsewhere", id=2),
    )

    council = Council.objects.get()
    assert (council.name, council.is_demonstration) == ("Fernshire Council", False)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "settings/name/",
        "settings/rules/",
        "logo/",
        "pages/privacy/",
        "privacy-notice/",
        "services/",
        "services/add/",
    ],
)
@pytest.mark.parametrize(
    "role", ["consultation_approver", "democratic_services", "monitoring_officer"]
)
def test_nobody_else_opens_the_settings(client, path, role):
    client.force_login(make_user(role))

    assert client.get(f"/staff/council/{path}").status_code == 403
    assert client.post(f"/staff/council/{path}", NAMES).status_code in {403, 405}
    assert not Council.objects.exists()


# Logo -----------------------------------------------------------------------------


def upload(client, content, name="logo.png"):
    file = SimpleUploadedFile(name, content, content_type="image/png")
    return client.post("/staff/council/logo/", {"logo": file, "reason": "Brand"})


def test_a_logo_is_served_as_the_image_it_is(client, administrator):
    upload(client, PNG, name="../../evil.html")

    council = Council.objects.get()
    assert council.logo.name.startswith("brand/")
    assert council.logo.name.endswith(".png")
    answer = client.get(council.logo.url)
    assert answer.content == PNG
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert council.logo.url in client.get("/").content.decode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html>",
        b"GIF89a",
        b"%PDF-1.7",
        PNG + b"\0" * 210_000,
    ],
)
def test_what_is_no_small_image_is_refused(client, administrator, content):
    answer = upload(client, content)

    assert "There is a problem" in answer.content.decode()
    assert not Council.objects.get().logo


def test_a_logo_is_taken_away_again(
    client, administrator, django_capture_on_commit_callbacks
):
    upload(client, PNG)
    address = Council.objects.get().logo.url

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/staff/council/logo/", {"reason": "Old"})

    assert not Council.objects.get().logo
    assert client.get(address).status_code == 404


def test_taking_away_a_logo_that_is_not_there_is_no_change(client, administrator):
    answer = client.post("/staff/council/logo/", {"reason": "Old"})

    assert "there is no logo" in answer.content.decode()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("name", ["x.png", "..", "%2e%2e%2fsecret", "a%00b"])
def test_no_other_file_is_served(client, administrator, name):
    upload(client, PNG)

    assert client.get(f"/files/brand/{name}").status_code == 404


def test_browsers_may_keep_the_colour(client):
    make_council(brand_colour="#0b0c0c")
    first = client.get("/brand.css")

    again = client.get("/brand.css", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert "max-age=" in first["Cache-Control"]


# Statutory pages ------------------------------------------------------------------


@pytest.mark.rule("ACC-01", "accepts")
def test_the_accessibility_statement_has_every_part_the_law_asks_for(client):
    make_council(phone="01234 567890")

    page = client.get("/accessibility/").content.decode()

    for part in (
        "partially compliant",
        "Content that is not accessible",
        "This statement was prepared on 22 November 2026",
        "haveyoursay@example.org",
        "01234 567890",
        "Equality and Human Rights Commission",
        "Equality Advisory and Support Service",
    ):
        assert part in page


@pytest.mark.rule("ACC-01", "accepts")
def test_the_councils_own_words_cannot_leave_the_law_out(client, administrator):
    today = timezone.localdate()
    data = {
        "text": "We are **fully compliant**.",
        "prepared_on": f"{today:%d/%m/%Y}",
        "reviewed_on": f"{today:%d/%m/%Y}",
    }

    client.post("/staff/council/pages/accessibility/", data)

    page = client.get("/accessibility/").content.decode()
    assert "<strong>fully compliant</strong>" in page
    assert "Equality and Human Rights Commission" in page
    assert statutory.reminder(today) == ""
    assert AuditEntry.objects.get().action == "statutory_page.changed"


def test_a_page_that_was_not_changed_is_no_entry_of_the_history(client, administrator):
    today = timezone.localdate()
    data = {
        "text": "We are working on it.",
        "prepared_on": f"{today:%d/%m/%Y}",
        "reviewed_on": f"{today:%d/%m/%Y}",
    }
    client.post("/staff/council/pages/accessibility/", data)

    answer = client.post("/staff/council/pages/accessibility/", data)

    assert "Nothing was changed." in answer.content.decode()
    entry = AuditEntry.objects.get()
    assert entry.after["text"] == "We are working on it."


@pytest.mark.rule("ACC-01", "refuses")
@pytest.mark.parametrize(("days", "is_due"), [(365, False), (366, True)])
def test_a_statement_not_reviewed_for_a_year_is_flagged(
    client, administrator, days, is_due
):
    day = timezone.localdate() - timedelta(days=days)
    StatutoryPage.objects.create(
        kind="accessibility", text="Ours", prepared_on=day, reviewed_on=day
    )

    page = client.get("/staff/council/").content.decode()

    assert ("has not been reviewed in the last 12 months" in page) is is_due


def test_a_statement_that_the_council_never_reviewed_is_flagged(client, administrator):
    page = client.get("/staff/council/").content.decode()

    assert "has not been reviewed in the last 12 months" in page


def test_a_script_in_the_councils_words_does_not_run(client):
    StatutoryPage.objects.create(kind="contact", text="<script>alert(1)</script>")

    assert "<script>alert" not in client.get("/contact/").content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"text": "x" * 20_001},
        {"reviewed_on": "1/1/2999"},
        {"reviewed_on": "1/1/1999"},
        {"prepared_on": "x"},
    ],
)
def test_a_bad_text_gets_a_sentence(client, administrator, change):
    data = {"text": "Ours", "prepared_on": "1/1/2020", "reviewed_on": "1/1/2021"}

    answer = client.post("/staff/council/pages/contact/", {**data, **change})

    assert "There is a problem" in answer.content.decode()
    assert not StatutoryPage.objects.exists()


def test_the_cookies_page_names_every_cookie(client):
    page = client.get("/cookies/").content.decode()

    for name in ("session", "csrf", "language", "draft-…", "receipt-…", "join"):
        assert name in page


def test_the_cookies_page_says_how_long_an_unfinished_answer_stays(client):
    make_council(draft_days=21)

    page = client.get("/cookies/").content.decode()

    assert "Kept until 21 days after the consultation closes" in page


def test_the_privacy_page_shows_the_version_in_force(client):
    make_privacy_notice(version=1, purposes="Old purposes")
    make_privacy_notice(version=2, purposes="Purposes of today")
    make_privacy_notice(
        version=3,
        purposes="Purposes of tomorrow",
        in_force_from=timezone.localdate() + timedelta(days=1),
    )

    page = client.get("/privacy/").content.decode()

    assert "Purposes of today" in page
    assert "Old purposes" not in page
    assert "Purposes of tomorrow" not in page


@pytest.mark.rule("GDPR-02", "refuses")
def test_a_new_privacy_notice_leaves_the_one_before_as_it_is(client, administrator):
    old = make_privacy_notice(version=1, purposes="Old purposes")
    page = client.get("/staff/council/privacy-notice/").content.decode()
    assert "Old purposes" in page
    parts = {
        name: f"New {name}"
        for name in (
            "controller",
            "purposes",
            "lawful_basis",
            "retention",
            "sharing",
            "publication",
            "rights",
            "dpo_contact",
        )
    }
    data = {
        **parts,
        "special_category_condition": "",
        "reason": "New basis",
        "in_force_from": f"{timezone.localdate():%d/%m/%Y}",
    }

    answer = client.post("/staff/council/privacy-notice/", data)

    assert answer.status_code == 302
    old.refresh_from_db()
    assert old.purposes == "Old purposes"
    assert PrivacyNotice.objects.get(version=2).purposes == "New purposes"


# Services -------------------------------------------------------------------------


def test_an_administrator_adds_a_service_and_retires_it(client, administrator):
    added = client.post(
        "/staff/council/services/add/",
        {"name": "Parks & play", "email": "", "phone": ""},
    )
    assert added.status_code == 302

    changed = client.post(
        "/staff/council/services/parks-play/",
        {"name": "Parks", "email": "parks@example.org", "phone": ""},
    )

    assert changed.status_code == 302
    assert "Retired" in client.get("/staff/council/services/").content.decode()
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == [
        "service.added",
        "service.changed",
    ]


def test_two_services_do_not_share_a_name(client, administrator):
    data = {"name": "Parks", "email": "", "phone": ""}
    client.post("/staff/council/services/add/", data)

    answer = client.post("/staff/council/services/add/", {**data, "name": "PARKS"})

    assert "of this name already" in answer.content.decode()
    assert AuditEntry.objects.count() == 1
