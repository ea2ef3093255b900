"""The main job, end to end: without a script, and then by keyboard alone.

An officer plans and builds a consultation, an approver returns it and approves
it; a resident finds it by postcode, answers, saves, comes back, sends and changes
an answer; the clock moves, people are reminded, and hear what came of it.
"""

import pytest
import time_machine

from consultations.models import Consultation, Draft, Release, Response
from notices.models import Subscription
from tests import factories
from tests.consultations.analysis.sql_oracle import differences
from tests.journeys.people import ByKeyboard, WithoutScript
from tests.journeys.scene import london, set_the_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFICER = "officer@example.org"
APPROVER = "approver@example.org"
ANSWERED = "ada@example.org"  # answers and leaves an address
UNFINISHED = "ben@example.org"  # begins, saves and never comes back
FOLLOWER = "cy@example.org"  # only wants to hear
SLUG = "library-opening-hours"
HUB = f"/staff/consultations/{SLUG}/"


@pytest.fixture(params=[WithoutScript, ByKeyboard])
def sit_down(request, new_page):
    """Seat somebody at a browser of their own, of the kind of this run."""
    kind = request.param

    def seat():
        return kind(new_page(javascript=kind is ByKeyboard))

    return seat


def test_a_consultation_is_made_answered_and_reported(
    sit_down, live_server, mailbox, settings
):
    settings.BASE_URL = live_server.url
    with time_machine.travel(london(2026, 12, 1, 10, 0)) as clock:
        scene = set_the_scene(clock, mailbox)
        staff = sit_down()

        plan(staff, scene)
        build(staff)
        get_it_approved(staff, scene)

        scene.at(2026, 12, 8, 9, 0)
        follow(sit_down(), scene)
        answer_in_two_sittings(sit_down, scene)
        begin_and_save(sit_down(), scene)
        more_people_answer()

        remind(scene)
        report(staff, scene)
        hear_what_came_of_it(sit_down(), scene)


def plan(staff, scene):
    """From Your work to a complete plan."""
    staff.sign_in(scene.people["officer"], factories.PASSWORD)
    staff.press("New consultation")
    staff.fill("Title", "Library opening hours")
    staff.select("Service", "Library service")
    staff.press("Continue")
    staff.sees("Library opening hours")

    staff.press("Overview")
    staff.fill("What this is about, in one sentence", "When should we be open?")
    staff.fill("What you are asking, and why", "Fewer people come on mornings.")
    staff.fill("What people can influence", "The hours.")
    staff.fill("What people cannot influence", "The money.")
    staff.press("Save and continue")

    staff.press("People and places")
    staff.fill("Who it is for", "Everybody who uses the library.")
    staff.pick("Some wards", within="Which places it is about")
    staff.pick("Castlegate")
    staff.select("Level of engagement", "Consulting")
    staff.fill("Contact", "The library team")
    staff.fill("Email address", "library@example.org")
    staff.fill("Other ways to answer", "Ask for a paper form.")
    staff.press("Save and continue")

    staff.press("Dates and feedback")
    staff.fill("Opening day", "8/12/2026")
    staff.fill("Closing day", "22 January 2027")
    staff.fill("Who decides", "The Cabinet")
    staff.fill("When they decide", "10 March 2027")
    staff.fill("How people hear what came of it", "On this page and by email.")
    staff.press("Save and continue")

    staff.press("Privacy and equality")
    staff.select("Privacy notice", "Privacy notice, version 1")
    staff.press("Save and continue")


def build(staff):
    """Three pages with every type of question, and one route."""
    staff.press("Questions")
    add(staff, 1, "Postcode or ward", "Where do you live?")
    add(
        staff,
        1,
        "One choice",
        "How often do you come?",
        options="Often\nSometimes\nNever",
        endings=["Something else, with room for words"],
    )
    add_page(staff, "Opening hours")
    add(
        staff,
        2,
        "Many choices",
        "Which days suit you?",
        options="Monday\nSaturday",
        endings=["None of these"],
    )
    add(staff, 2, "Agree scale", "Should we open later?")
    add(staff, 2, "Agree grid", "Do you agree?", rows="A quiet room\nA café")
    add_page(staff, "Anything else")
    add(staff, 3, "Number", "How many people live with you?", numbers=("0", "20"))
    add(staff, 3, "Short text", "What should the room be called?")
    add(staff, 3, "Long text", "Why?")

    route = staff.page.get_by_role("link", name="Set where answers lead").first
    staff.press_on(route)
    never = staff.group("How often do you come?").get_by_label("Never", exact=True)
    staff.drop_down(never, "Page 3 (“Anything else”)")
    staff.press("Save rules")

    questions = Consultation.objects.get().questionnaires.get()
    kinds = [
        question["kind"]
        for page in questions.document["pages"]
        for question in page["questions"]
    ]
    assert kinds == [
        "capacity",
        "ward",
        "one",
        "many",
        "agree",
        "agree_grid",
        "number",
        "short_text",
        "long_text",
    ]


def add_page(staff, title):
    staff.fill("Title of the page (optional)", title)
    staff.press("Add page")


def add(staff, page, kind, label, *, options="", endings=(), rows="", numbers=()):
    """Add one question to a page of the builder, by its form."""
    links = staff.page.get_by_role("link", name="Add a question")
    staff.press_on(links.nth(page - 1))
    staff.pick(kind, within="What type of question is it?")
    staff.fill("What do you want to ask?", label)
    if options:
        staff.fill("Options, one on each line", options)
    if endings:
        staff.pick(*endings)
    if rows:
        staff.fill("Statements, one on each line", rows)
    if numbers:
        staff.fill("Lowest number (optional)", numbers[0])
        staff.fill("Highest number (optional)", numbers[1])
    staff.press("Add question")
    staff.sees(label)


def get_it_approved(staff, scene):
    """Sent, returned with reasons, sent again, approved in three clicks (O2)."""
    send_for_approval(staff)

    staff.sign_in(scene.people["approver"], factories.PASSWORD)
    staff.go(scene.link(APPROVER, f"{HUB}approve/"))
    staff.pick("Ask for changes", within="What do you want to do?")
    staff.fill("What needs to change", "Say more about why.")
    staff.press("Continue")
    staff.press("Confirm")

    staff.sign_in(scene.people["officer"], factories.PASSWORD)
    staff.go(scene.link(OFFICER, HUB))
    staff.sees("Say more about why.")
    staff.press("Overview")
    staff.fill("What you are asking, and why", "Fewer people come on mornings now.")
    staff.press("Save and continue")
    send_for_approval(staff)

    staff.sign_in(scene.people["approver"], factories.PASSWORD)
    staff.go(scene.link(APPROVER, f"{HUB}approve/"))
    staff.clicks = 1  # the link in the mail
    staff.sees("Fewer people come on mornings now.")
    staff.pick("Approve", within="What do you want to do?")
    staff.press("Continue")
    staff.press("Confirm")
    assert staff.clicks <= 3, "O2"
    assert Consultation.objects.get().status == "approved"


def send_for_approval(staff):
    staff.go(HUB)
    staff.press("Send for approval")
    staff.press("Send for approval", within=staff.page.locator("main"))


def follow(follower, scene):
    """Tell me what happens: an address, confirmed by a link and a button."""
    follower.go(f"/consultations/{SLUG}/")
    follower.fill("Your email address", FOLLOWER)
    follower.press("Tell me what happens")
    follower.go(scene.link(FOLLOWER, "/alerts/"))
    follower.press("Confirm")
    assert Subscription.objects.get().confirmed_at is not None


def answer_in_two_sittings(sit_down, scene):
    """Found by postcode, begun, saved, finished by the link, sent, changed."""
    resident = sit_down()
    resident.go("/")
    resident.fill("Postcode", "fn1 1aa")
    resident.press("Find your ward")
    resident.press("Library opening hours")
    resident.press("Start")
    resident.pick("For myself", within="Are you answering for yourself")
    resident.fill("Postcode", "FN1 1AA")
    resident.pick("Often", within="How often do you come?")
    resident.press("Continue")
    resident.pick("Monday", "Saturday", within="Which days suit you?")
    before = resident.clicks
    resident.press("Save and come back later")
    resident.fill("Email address", ANSWERED)
    resident.press("Email me the link")
    assert resident.clicks_since(before) <= 2, "R4"

    later = sit_down()  # another device: nothing but the link
    later.go(scene.link(ANSWERED, "/resume/"))
    later.sees("Opening hours")
    assert later.page.get_by_label("Monday", exact=True).is_checked()
    later.pick("Agree", within="Should we open later?")
    later.pick("Strongly agree", within="A quiet room")
    later.pick("Disagree", within="A café")
    later.press("Continue")
    later.fill("How many people live with you? (optional)", "3")
    later.fill("What should the room be called? (optional)", "The Snug")
    later.fill("Why? (optional)", "Because it is warm.")
    later.press("Continue")
    later.sees("Because it is warm.")
    later.fill("Email address (optional)", ANSWERED)
    later.pick("Email me a copy of my receipt link", "Tell me what came of it")
    later.press("Send your response")
    later.sees("We have received your response")

    response = Response.objects.get()
    later.sees(response.reference)
    assert response.place == "ward"
    assert not Draft.objects.get(is_sent=True).answers
    later.go(scene.link(ANSWERED, "/receipt/"))
    change_an_answer(later, response)


def change_an_answer(resident, response):
    """The same response, with another answer, under the same reference."""
    resident.press("Change your response")
    resident.press("Change What should the room be called?")
    resident.fill("What should the room be called? (optional)", "The Nest")
    resident.press("Continue")
    resident.press("Send your changed response")

    changed = Response.objects.get()
    assert (changed.pk, changed.reference) == (response.pk, response.reference)
    assert "The Nest" in changed.comments.values_list("text", flat=True)


def begin_and_save(resident, scene):
    """Somebody who leaves an address and never comes back."""
    resident.go(f"/consultations/{SLUG}/")
    resident.press("Start")
    resident.press("Save and come back later")
    resident.fill("Email address", UNFINISHED)
    resident.press("Email me the link")
    assert scene.link(UNFINISHED, "/resume/")


def more_people_answer():
    """Thirty-five more, so that percentages are shown."""
    consultation = Consultation.objects.get()
    questions = consultation.questionnaires.get().document["pages"]
    one, many = questions[0]["questions"][2], questions[1]["questions"][0]
    agree, grid = questions[1]["questions"][1:3]
    for number in range(35):
        factories.make_response(
            consultation,
            {
                one["key"]: one["options"][number % 2]["key"],
                many["key"]: [many["options"][number % 3]["key"]],
                agree["key"]: agree["options"][number % 6]["key"],
                grid["key"]: {
                    row["key"]: grid["options"][(number + at) % 5]["key"]
                    for at, row in enumerate(grid["rows"])
                },
            },
        )


def remind(scene):
    """Seven days and one day before closing, once each; never who answered."""
    scene.mailbox.clear()
    scene.at(2027, 1, 14, 12, 0)
    assert scene.mailbox == []

    scene.at(2027, 1, 15, 12, 0)
    scene.at(2027, 1, 15, 13, 0)
    seven = {address: len(scene.mailbox.to(address)) for address in EVERYBODY}
    assert seven == {UNFINISHED: 1, FOLLOWER: 1, ANSWERED: 0, OFFICER: 0}

    scene.mailbox.clear()
    scene.at(2027, 1, 21, 12, 0)
    scene.at(2027, 1, 21, 13, 0)
    one = {address: len(scene.mailbox.to(address)) for address in EVERYBODY}
    assert one == {UNFINISHED: 1, FOLLOWER: 1, ANSWERED: 0, OFFICER: 1}
    assert scene.mails(OFFICER) == ["Closes 22 January 2027: Library opening hours"]


EVERYBODY = (UNFINISHED, FOLLOWER, ANSWERED, OFFICER)


def report(staff, scene):
    """Findings, then We asked / You said / We did in six clicks (O6)."""
    scene.at(2027, 2, 1, 10, 0)
    staff.sign_in(scene.people["officer"], factories.PASSWORD)
    staff.press("Write the findings: Library opening hours")
    staff.fill("Summary of what people said", "Most agree.")
    staff.press("Save and preview")
    staff.press("Publish: ask for confirmation")
    staff.sign_in(scene.people["second"], factories.PASSWORD)
    staff.press("Confirm publication: Library opening hours")
    staff.press("Confirm and publish")

    staff.sign_in(scene.people["officer"], factories.PASSWORD)
    staff.press("Write feedback: Library opening hours")
    staff.fill("We asked", "When should we be open?")
    staff.fill("You said", "Later.")
    staff.fill("We did", "We open later on two days.")
    staff.pick("Changed because of what people said")
    staff.fill("Who signed it off", "The Cabinet")
    staff.press("Save")
    staff.pick("Should we open later?")
    staff.press("Save")
    staff.press("Preview")
    staff.press("Publish: ask for confirmation")
    clicks = staff.clicks
    staff.sign_in(scene.people["second"], factories.PASSWORD)
    staff.press("Confirm publication: Library opening hours")
    staff.press("Confirm and publish")
    # Counted as O6 counts: one person's way, and the other's confirmation.
    assert clicks + 1 <= 6, "O6"


def hear_what_came_of_it(resident, scene):
    """The notice arrives; every public figure is counted again by plain SQL."""
    scene.mailbox.clear()
    scene.at(2027, 2, 1, 10, 5)
    link = scene.link(ANSWERED, f"/consultations/{SLUG}/results/")
    assert len(scene.mailbox.to(ANSWERED)) == 2  # findings and feedback, once each
    resident.go(link)
    resident.sees("We open later on two days.")

    resident.go("/")
    resident.clicks = 0
    resident.press("What we did", within=resident.page.get_by_role("navigation").first)
    resident.press("Library opening hours")
    assert resident.clicks <= 2, "R5"

    releases = list(Release.objects.all())
    assert {release.kind for release in releases} == {"findings", "feedback"}
    assert [differences(release) for release in releases] == [[], []]
    tables = {t["key"]: t for t in releases[0].tables}
    assert tables
