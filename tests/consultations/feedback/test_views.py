"""The pages of findings, feedback and public results."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import RoleKind
from consultations.feedback import actions
from consultations.models import Consultation, Feedback, Findings, Release
from design import formats
from tests.consultations.feedback.test_actions import (
    publish,
    write_feedback,
    write_findings,
)
from tests.factories import (
    make_approver,
    make_closed_consultation,
    make_consultation,
    make_council,
    make_officer,
    make_published_consultation,
    make_response,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db

PAGES = [
    "findings",
    "findings/preview",
    "findings/confirm",
    "feedback",
    "feedback/charts",
    "feedback/preview",
    "feedback/confirm",
    "findings/cancel",
    "feedback/cancel",
]


@pytest.fixture(autouse=True)
def _council():
    make_council()


@pytest.fixture
def consultation():
    consultation = make_closed_consultation()
    for number in range(31):
        make_response(
            consultation,
            {
                "q_use": "o_often",
                "q_days": ["o_mon"],
                "q_agree": "ao_sa" if number < 24 else "ao_d",
                "q_grid": {"r_quiet": "go_a", "r_cafe": "go_d"},
                "q_age": 2,
                "q_why": f"Reason {number}",
            },
        )
    return consultation


def address(consultation, page):
    return f"/staff/consultations/{consultation.slug}/{page}/"


def results(consultation):
    return f"/consultations/{consultation.slug}/results/"


FEEDBACK = {
    "we_asked": "When?",
    "you_said": "Saturdays.",
    "we_did": "Open on Saturdays.",
    "outcome": "changed",
    "signed_off_by": "The Cabinet",
}


@pytest.mark.parametrize("page", PAGES)
def test_only_those_who_run_it_write_about_it(client, consultation, page):
    for person, status in [
        (consultation.lead_officer, 200),
        (make_approver(), 200),
        (make_officer(make_service()), 403),
        (make_user(RoleKind.EQUALITIES_OFFICER), 403),
        (make_user(RoleKind.ADMINISTRATOR), 403),
        (make_user(is_superuser=True), 403),
    ]:
        client.force_login(person)
        assert client.get(address(consultation, page)).status_code == status
        if status == 403:
            assert client.post(address(consultation, page), FEEDBACK).status_code == 403
    assert not Findings.objects.exists()
    assert not Feedback.objects.exists()
    client.logout()
    assert "/accounts/login/" in client.get(address(consultation, page)).url


@pytest.mark.parametrize("page", PAGES)
def test_a_draft_of_another_service_is_not_found(client, page):
    draft = make_consultation()
    client.force_login(make_officer())

    assert client.get(address(draft, page)).status_code == 404
    assert client.post(address(draft, page), FEEDBACK).status_code == 404


def test_two_people_publish_feedback_in_six_clicks(client, consultation):
    publish(write_findings(consultation), make_approver())
    client.force_login(consultation.lead_officer)
    client.get(address(consultation, "feedback"))  # 1

    saved = client.post(address(consultation, "feedback"), FEEDBACK)  # 2
    assert saved.url == address(consultation, "feedback/charts")
    charts = client.post(saved.url, {"charts": ["q_agree"]})  # 3
    assert charts.url == address(consultation, "feedback")
    assert address(consultation, "feedback/preview") in _text(client, charts.url)
    preview = _text(client, address(consultation, "feedback/preview"))  # 4
    assert "Only staff see this page" in preview
    assert "Open on Saturdays." in preview
    asked = client.post(address(consultation, "feedback/preview"), {})  # 5
    assert asked.url == address(consultation, "feedback/confirm")
    assert "Somebody else must confirm it" in _text(client, asked.url)

    second = make_approver()
    client.force_login(second)
    page = client.get(asked.url)
    seen = page.context["form"].initial["seen"]
    done = client.post(asked.url, {"seen": seen})  # 6

    assert done.url == address(consultation, "").replace("//", "/")
    assert Release.objects.get(kind="feedback").checked_by == second
    client.logout()
    public = _text(client, results(consultation))
    assert public.index("We asked") < public.index("You said") < public.index("We did")
    assert "Signed off by" in public
    assert public.count('id="figure-q_agree"') == 1


def _text(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_preparer_who_posts_anyway_publishes_nothing(client, consultation):
    draft = write_findings(consultation)
    actions.ask_for_confirmation(draft, by=consultation.lead_officer)
    client.force_login(consultation.lead_officer)

    answer = client.post(address(consultation, "findings/confirm"), {}, follow=True)

    assert "A second person must confirm this." in answer.content.decode()
    assert not Release.objects.exists()


def test_headlines_are_suggested_and_only_changes_are_kept(client, consultation):
    client.force_login(consultation.lead_officer)
    form = client.get(address(consultation, "findings")).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert data["headline-q_agree"] == "Just over 3 in 4 agree"

    client.post(
        address(consultation, "findings"),
        {**data, "summary": "Yes.", "headline-q_use": "Most come often"},
    )

    findings = Findings.objects.get()
    assert findings.question_texts == {"q_use": {"headline": "Most come often"}}
    preview = _text(client, address(consultation, "findings/preview"))
    assert "Most come often" in preview
    assert "Just over 3 in 4 agree" in preview


def test_nothing_can_be_written_before_it_closes(client):
    open_now = make_published_consultation()
    client.force_login(open_now.lead_officer)

    page = _text(client, address(open_now, "findings"))
    answer = client.post(address(open_now, "findings"), {"summary": "Early"})

    assert "once the consultation has closed" in page
    assert answer.status_code == 200
    assert not Findings.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"we_asked": "a\0b"},
        {"we_asked": "x" * 1_000_000},
        {"outcome": "everything"},
        {"next_update_on": "yesterday"},
        {"signed_off_by": "x" * 1000},
        {"publish_on": "31/02/2027", "publish_time": "25:61"},
        {"summary": "\0", "headline-q_use": "x" * 1000, "quotes-q_why": "17"},
        {"charts": ["nothing", "q_use"]},
    ],
)
@pytest.mark.parametrize("page", PAGES)
def test_bad_input_gets_a_sentence(client, consultation, page, bad):
    client.force_login(consultation.lead_officer)

    answer = client.post(address(consultation, page), bad)

    assert answer.status_code in {200, 302}
    assert not Release.objects.exists()


def test_the_public_page_is_not_there_before_anything_is_public(client, consultation):
    assert client.get(results(consultation)).status_code == 404
    draft = write_findings(consultation)
    publish(draft, make_approver(), publish_at=timezone.now() + timedelta(hours=1))

    assert client.get(results(consultation)).status_code == 404
    assert client.get(f"{results(consultation)}q_use.csv").status_code == 404
    assert client.get("/consultations/absent/results/").status_code == 404


@pytest.mark.rule("ACC-05", "accepts")
def test_the_public_page_has_a_table_and_a_file_for_every_chart(client, consultation):
    publish(write_findings(consultation), make_approver())

    page = _text(client, results(consultation))

    assert page.count('<svg class="portal-chart"') == 5
    assert page.count("Download this table (CSV)") == 5
    assert page.count("<caption") == 7
    assert "Net support +55" in page
    assert "31" in page


@pytest.mark.rule("GDPR-09", "refuses")
def test_no_text_is_public_without_a_review(client, consultation):
    publish(write_findings(consultation), make_approver())

    assert "Reason 3" not in _text(client, results(consultation))


def test_the_public_page_reads_releases_and_no_answers(
    client, consultation, django_assert_max_num_queries
):
    publish(write_findings(consultation), make_approver())
    publish(write_feedback(consultation), make_approver())
    client.get(results(consultation))

    with django_assert_max_num_queries(12) as asked:
        _text(client, results(consultation))

    sql = " ".join(query["sql"] for query in asked.captured_queries)
    assert "consultations_response" not in sql
    assert "consultations_comment" not in sql


def test_a_withdrawn_answer_changes_no_published_figure(client, consultation):
    publish(write_findings(consultation), make_approver())
    before = _text(client, f"{results(consultation)}q_use.csv")

    consultation.responses.update(status="withdrawn")

    assert _text(client, f"{results(consultation)}q_use.csv") == before


def test_a_table_comes_as_a_file(client, consultation):
    publish(write_findings(consultation), make_approver())

    text = _text(client, f"{results(consultation)}q_agree.csv")

    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0][2:] == ["Answer", "Number", "Percentage", "Base"]
    assert rows[1][2:] == ["Strongly agree", "24", "77", "31"]
    assert client.get(f"{results(consultation)}q_why.csv").status_code == 200
    assert client.get(f"{results(consultation)}q_capacity.csv").status_code == 404
    assert client.get(f"{results(consultation)}nothing.csv").status_code == 404


def test_formulas_of_officers_are_guarded_in_public_files(client):
    consultation = make_closed_consultation()
    make_response(consultation)
    release = publish(write_findings(consultation), make_approver())
    table = dict(release.tables[0], label="=1+1")
    Release.objects.create(
        consultation=consultation,
        kind="findings",
        number=2,
        texts=release.texts,
        tables=[table],
        counts=release.counts,
        policy=release.policy,
        input_digest=release.input_digest,
        prepared_by=release.prepared_by,
        checked_by=release.checked_by,
        public_from=timezone.now(),
    )

    text = _text(client, f"{results(consultation)}{table['key']}.csv")

    assert '"\'=1+1"' in text


def test_only_the_newest_release_is_shown(client, consultation):
    publish(write_findings(consultation, summary="The first words."), make_approver())
    publish(write_findings(consultation, summary="Better words."), make_approver())

    page = _text(client, results(consultation))

    assert "Better words." in page
    assert "The first words." not in page


@pytest.mark.parametrize("page", ["findings", "feedback"])
def test_the_second_person_is_led_to_what_waits(client, consultation, page):
    officer, approver = consultation.lead_officer, make_approver()
    if page == "feedback":
        publish(write_findings(consultation), approver)
    draft = (write_findings if page == "findings" else write_feedback)(consultation)
    actions.ask_for_confirmation(draft, by=officer)
    hub = f"/staff/consultations/{consultation.slug}/"

    client.force_login(approver)

    for place in ("/staff/", hub):
        assert f'href="{hub}{page}/confirm/"' in client.get(place).content.decode()

    client.force_login(officer)

    for place in ("/staff/", hub):
        said = client.get(place).content.decode()
        assert "Waiting for a second person" in said
        assert f'href="{hub}{page}/"' in said


def test_who_asked_or_wrote_is_told_that_somebody_else_confirms(client, consultation):
    asker = make_approver(full_name="Ada Asker")
    draft = write_findings(consultation)
    actions.ask_for_confirmation(draft, by=asker)

    for person in (asker, consultation.lead_officer):
        client.force_login(person)
        page = _text(client, address(consultation, "findings/confirm"))
        assert "Somebody else must confirm it." in page
        assert 'name="seen"' not in page

    client.force_login(make_approver())
    page = _text(client, address(consultation, "findings/confirm"))
    assert "Ada Asker asked for this on" in page
    assert 'name="seen"' in page


# Set for later -----------------------------------------------------------------------


def set_for_later(consultation, write=write_findings):
    # A time on another day, so that no run around midnight tells it wrong.
    later = timezone.now() + timedelta(days=3)
    return publish(write(consultation), make_approver(), publish_at=later)


def test_the_hub_says_when_it_will_be_published_and_cancels_it(client, consultation):
    release = set_for_later(consultation)
    moment = formats.moment(release.public_from)
    client.force_login(consultation.lead_officer)
    hub = client.get(f"/staff/consultations/{consultation.slug}/")

    asked = client.get(address(consultation, "findings/cancel"))
    before = Release.objects.count()
    done = client.post(address(consultation, "findings/cancel"), follow=True)
    again = client.post(address(consultation, "findings/cancel"), follow=True)

    assert f"Will be published on {moment}" in hub.text
    assert "Cancel publication of the findings" in hub.text
    assert f"It will be published on {moment}." in asked.text
    assert before == 1
    assert not Release.objects.exists()
    assert "It will not be published." in done.text
    assert "Will be published on" not in done.text
    assert "public already" in again.text


@pytest.mark.parametrize("page", ["findings", "findings/preview", "findings/confirm"])
def test_what_waits_for_its_time_says_so_and_how_to_stop_it(client, consultation, page):
    set_for_later(consultation)
    client.force_login(consultation.lead_officer)

    text = client.get(address(consultation, page)).text

    assert "What you change now is not in it." in text
    assert address(consultation, "findings/cancel") in text
    assert "ask for confirmation" not in text


def test_nothing_that_is_public_can_be_cancelled(client, consultation):
    publish(write_findings(consultation), make_approver())
    client.force_login(consultation.lead_officer)

    hub = client.get(f"/staff/consultations/{consultation.slug}/")
    page = client.get(address(consultation, "findings/cancel"))
    client.post(address(consultation, "findings/cancel"))

    assert "Cancel publication" not in hub.text
    assert "Nothing waits to be published." in page.text
    assert Release.objects.count() == 1


def test_your_work_says_that_it_will_be_published_and_not_that_it_is_late(
    client, consultation
):
    due = timezone.localdate() - timedelta(days=1)
    Consultation.objects.update(feedback_due=due)
    client.force_login(consultation.lead_officer)
    before = client.get("/staff/").context["work"]
    set_for_later(consultation, write_feedback)

    after = client.get("/staff/").context["work"]

    assert [task.title for task in before.now] == [
        f"Feedback is late: {consultation.title}"
    ]
    assert after.now == []
    assert [task.title for task in after.coming] == [
        f"Will be published: {consultation.title}"
    ]


def test_only_those_who_may_confirm_are_led_to_confirmation(client, consultation):
    officer, colleague = consultation.lead_officer, make_officer(consultation.service)
    outsider, writer = make_approver(), make_approver()
    words = {"how_people_took_part": "Online.", "question_texts": {}}
    actions.save_findings(consultation, by=colleague, summary="Yes.", **words)
    actions.save_findings(consultation, by=writer, summary="Yes!", **words)
    actions.ask_for_confirmation(write_findings(consultation), by=officer)

    def told(person):
        client.force_login(person)
        work = client.get("/staff/").context["work"]
        return [
            [task.title.partition(":")[0] for task in part]
            for part in (work.now, work.waiting)
        ]

    assert told(officer) == [[], ["Waiting for a second person"]]
    assert told(colleague) == [[], ["Waiting for a second person"]]
    assert told(writer) == [[], []]
    assert told(outsider) == [["Confirm publication"], []]


def test_feedback_is_led_to_the_findings_that_come_first(client, consultation):
    write_feedback(consultation)
    client.force_login(consultation.lead_officer)

    preview = client.get(address(consultation, "feedback/preview"))
    work = client.get("/staff/").context["work"]
    publish(write_findings(consultation), make_approver())
    after = client.get(address(consultation, "feedback/preview"))
    work_after = client.get("/staff/").context["work"]

    assert "Publish the findings first" in preview.text
    assert "Publish on" not in preview.text
    assert [(task.title, task.href) for task in work.coming] == [
        (f"Write the findings: {consultation.title}", address(consultation, "findings"))
    ]
    assert "Publish on" in after.text
    assert [task.title for task in work_after.coming] == [
        f"Write feedback: {consultation.title}"
    ]
