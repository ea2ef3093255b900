"""The builder through HTTP alone, as an officer without JavaScript uses it."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from accounts.roles import RoleKind
from consultations.models import QuestionnaireVersion
from consultations.questionnaire import actions, checks
from consultations.questionnaire.document import Kind, Role, Route, load
from tests.consultations.questionnaire.pages import fields_as_they_stand
from tests.factories import (
    make_approver,
    make_consultation,
    make_council,
    make_equality_set,
    make_officer,
    make_published_consultation,
    make_questionnaire,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    make_council()
    return make_consultation(slug="library", title="Library hours")


@pytest.fixture
def officer(client, consultation):
    client.force_login(consultation.lead_officer)
    return consultation.lead_officer


HOME = "/staff/consultations/library/questions/"
WORDS = "How often do you use the library?"


def page_of(response):
    assert response.status_code == 200, response.status_code
    return " ".join(response.content.decode().split())


def revision(client, address=HOME):
    return re.search(r'name="revision" value="(\w+)"', page_of(client.get(address)))[1]


def post(client, address, follow=True, **data):
    """Post as the page at this moment would, and see where it leads."""
    data.setdefault("revision", actions.revision_of(document()))
    return client.post(f"{HOME}{address}", data, follow=follow)


def document():
    return load(QuestionnaireVersion.objects.get().document)


# Building ----------------------------------------------------------------------


def test_an_officer_builds_three_pages_with_every_type_and_a_rule(client):
    make_council()
    consultation = make_consultation(slug="library", questionnaire=None)
    client.force_login(consultation.lead_officer)
    actions.draft_of(consultation)
    page_1 = document().pages[0].key

    def add(page, kind, label, **data):
        answer = post(
            client, f"pages/{page}/add/", follow=False, kind=kind, label=label, **data
        )
        key = document().page(page).questions[-1].key
        assert answer.headers["Location"] == f"{HOME}#{key}"
        return key

    post(client, "pages/", label="Opening hours")
    post(client, "pages/", label="Anything else", hint="Nearly done.")
    page_2, page_3 = (page.key for page in document().pages[1:])
    add(page_1, "ward", "Where do you live?")
    use = add(page_1, "one", WORDS, options="Often\nNever", endings=["other"])
    days = add(page_2, "many", "Which days?", options="Monday\nFriday", endings="none")
    agree = add(page_2, "agree", "Should it open later?", required="on")
    grid = add(page_2, "agree_grid", "Do you agree?", rows="A café\nA quiet room")
    number = add(page_3, "number", "How many of you?", minimum="1", maximum="30")
    short = add(page_3, "short_text", "A name?", max_length="40", hint="For the room")
    add(page_3, "long_text", "Why?")
    never = document().question(use).options[1].key
    post(client, f"pages/{page_1}/rules/", **{f"{use}-{never}": page_3})

    built = document()
    assert [q.kind for q in built.questions()] == [
        Kind.CAPACITY,
        Kind.WARD,
        Kind.ONE,
        Kind.MANY,
        Kind.AGREE,
        Kind.AGREE_GRID,
        Kind.NUMBER,
        Kind.SHORT_TEXT,
        Kind.LONG_TEXT,
    ]
    assert built.page(page_1).routes == (
        Route(question=use, options=(never,), to=page_3),
    )
    assert [o.other for o in built.question(use).options] == [False, False, True]
    assert [o.exclusive for o in built.question(days).options] == [False, False, True]
    assert built.question(agree).required
    assert built.question(agree).options[0].role is Role.STRONG_POSITIVE
    assert [built.label(r.key) for r in built.question(grid).rows] == [
        "A café",
        "A quiet room",
    ]
    assert (built.question(number).minimum, built.question(number).maximum) == (1, 30)
    assert built.question(short).max_length == 40
    assert built.hint(short) == "For the room"
    assert checks.problems(built) == []
    shown = page_of(client.get(HOME))
    assert "9 questions. About 4 minutes to answer." in shown
    assert "is “Never”, go to page 3 (“Anything else”)." in shown
    assert AuditEntry.objects.filter(action="questionnaire.changed").count() == 11


def test_the_page_lists_problems_and_advice(client, consultation, officer):
    make_council(max_questions=8)
    post(client, "pages/", label="Empty")

    shown = page_of(client.get(HOME))

    assert "Page 4 (“Empty”) has no questions." in shown
    assert "There are 9 questions, which take about 4 minutes." in shown


def test_an_officer_moves_copies_deletes_and_undoes(client, consultation, officer):
    def keys(place):
        return [question.key for question in document().pages[place].questions]

    moved = post(client, "change/q_use/do/", follow=False, do="up")
    assert keys(0) == ["q_capacity", "q_use", "q_ward"]
    assert moved.headers["Location"] == f"{HOME}#q_use"

    copied = post(client, "change/q_use/do/", follow=False, do="copy")
    assert copied.headers["Location"] == f"{HOME}#{keys(0)[2]}"
    assert document().label(keys(0)[2]) == WORDS

    post(client, "change/q_capacity/do/", do="down")
    assert keys(0)[1] == "q_capacity"

    gone = post(client, "change/q_use/do/", do="delete")
    assert "q_use" not in keys(0)
    assert document().pages[0].routes == ()
    assert "was removed" in page_of(gone)

    undone = post(client, "undo/")
    assert keys(0)[0] == "q_use"
    assert document().pages[0].routes != ()
    assert "The last change is undone." in page_of(undone)


def test_an_officer_moves_and_deletes_pages(client, consultation, officer):
    post(client, "pages/p3/do/", do="up")
    assert [page.key for page in document().pages] == ["p1", "p3", "p2"]

    post(client, "pages/p1/do/", do="down")
    assert [page.key for page in document().pages] == ["p3", "p1", "p2"]
    assert "leads backwards" in page_of(client.get(HOME))

    post(client, "pages/p3/do/", do="delete")
    assert [page.key for page in document().pages] == ["p1", "p2"]


def change_data(client, key):
    """What the page of a question would post if it were sent as it is."""
    return fields_as_they_stand(client.get(f"{HOME}change/{key}/").content.decode())


def test_an_officer_changes_a_question_option_by_option(client, consultation, officer):
    data = change_data(client, "q_use")
    data |= {
        "label": "When were you here?",
        "kind": "many",
        "required": "on",
        "o_often-label": "Last week",
        "o_often-place": "2",
        "o_never-place": "1",
        "o_never-exclusive": "on",
        "o_use_other-remove": "on",
        "more": "Last month\n\n Last year ",
    }

    post(client, "change/q_use/", **data)

    built = document()
    question = built.question("q_use")
    assert question.kind is Kind.MANY
    assert question.required
    assert [built.label(o.key) for o in question.options] == [
        "Never",
        "Last week",
        "Last month",
        "Last year",
    ]
    assert question.options[0].exclusive
    assert built.label("q_use") == "When were you here?"
    assert built.pages[0].routes == make_questionnaire().pages[0].routes


@pytest.mark.parametrize("key", [q.key for q in make_questionnaire().questions()])
def test_saving_a_question_as_it_is_changes_nothing(key, client, consultation, officer):
    data = change_data(client, key)
    before = document()

    answer = post(client, f"change/{key}/", follow=False, **data)

    assert answer.status_code == 302
    assert document() == before


def test_an_officer_moves_a_question_to_another_page(client, consultation, officer):
    post(
        client,
        "change/q_why/",
        **(change_data(client, "q_why") | {"page": "p1", "kind": "long_text"}),
    )

    assert document().pages[0].questions[-1].key == "q_why"


def test_an_officer_gives_a_statement_its_own_meanings(client, consultation, officer):
    data = change_data(client, "q_agree")
    for option, role in zip(
        document().question("q_agree").options[:2],
        ("negative", "positive"),
        strict=True,
    ):
        data[f"{option.key}-role"] = role

    post(client, "change/q_agree/", **data)

    roles = [o.role for o in document().question("q_agree").options[:2]]
    assert roles == [Role.NEGATIVE, Role.POSITIVE]


def test_an_officer_renames_a_page_and_its_rules_are_shown(
    client, consultation, officer
):
    post(client, "pages/p2/", label="Hours", hint="When we are open.")

    assert (document().label("p2"), document().hint("p2")) == (
        "Hours",
        "When we are open.",
    )
    rules = page_of(client.get(f"{HOME}pages/p1/rules/"))
    assert '<option value="p3" selected' in rules
    empty = page_of(client.get(f"{HOME}pages/p3/rules/"))
    assert "No question on this page has options" in empty


def test_rules_can_be_taken_away(client, consultation, officer):
    post(client, "pages/p1/rules/")

    assert document().pages[0].routes == ()


# Refusals ----------------------------------------------------------------------


def test_a_tab_from_before_a_change_is_refused_and_what_was_typed_is_shown(
    client, consultation, officer
):
    old = revision(client)
    post(client, "change/q_why/do/", do="up")
    before = document()

    answer = post(
        client, "pages/p1/add/", kind="long_text", label="My long words", revision=old
    )

    shown = page_of(answer)
    assert "The questions were changed after you opened this page." in shown
    assert "My long words" in shown
    assert document() == before
    again = post(
        client,
        "pages/p1/add/",
        kind="long_text",
        label="My long words",
        revision=re.search(r'name="revision" value="(\w+)"', shown)[1],
    )
    assert again.redirect_chain
    assert document().label(document().pages[0].questions[-1].key) == "My long words"


@pytest.mark.parametrize("data", [{"revision": "0123456789abcdef"}, {"revision": ""}])
@pytest.mark.parametrize(
    ("address", "do"),
    [("change/q_why/do/", "delete"), ("pages/p1/do/", "delete"), ("undo/", "")],
)
def test_a_button_of_an_old_page_does_nothing(
    address, do, data, client, consultation, officer
):
    post(client, "change/q_use/do/", do="up")
    before = document()

    answer = post(client, address, do=do, **data)

    assert "changed after you opened this page" in page_of(answer)
    assert document() == before


def test_changing_what_was_deleted_meanwhile_shows_what_was_typed(
    client, consultation, officer
):
    answer = post(client, "change/q_absent/", label="My long words")

    shown = page_of(answer)
    assert "This part was deleted after you opened the page." in shown
    assert "You had written: “My long words”" in shown
    assert client.get(f"{HOME}change/q_absent/").status_code == 404
    assert client.get(f"{HOME}pages/p9/").status_code == 404
    assert client.get(f"{HOME}pages/p9/add/").status_code == 404
    assert client.get(f"{HOME}pages/p9/rules/").status_code == 404
    assert document() == make_questionnaire()


def test_after_sending_for_approval_the_page_reads_but_does_not_change(client):
    make_council()
    consultation = make_consultation(slug="library", status="waiting")
    client.force_login(consultation.lead_officer)

    shown = page_of(client.get(HOME))
    answer = post(client, "change/q_why/do/", do="delete")

    assert "The questions cannot be changed now." in shown
    assert "Move up" not in shown
    assert "waiting for approval" in page_of(answer)
    assert document() == make_questionnaire()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "address",
    [
        "",
        "undo/",
        "pages/",
        "pages/p1/",
        "pages/p1/do/",
        "pages/p1/rules/",
        "pages/p1/add/",
        "change/q_why/",
        "change/q_why/do/",
        "../preview/1/",
        "../preview/check/",
    ],
)
def test_others_may_neither_read_nor_change(address, method, client, consultation):
    people = {
        None: 302,
        make_officer(): 404,
        make_user(RoleKind.ADMINISTRATOR): 404,
        make_user(RoleKind.COUNCILLOR): 404,
    }
    url = HOME.replace("questions/", "") + (
        address[3:] if address.startswith("../") else f"questions/{address}"
    )
    if method == "get" and address.endswith(("undo/", "do/")):
        people = {None: 302}

    for person, expected in people.items():
        client.logout()
        if person:
            client.force_login(person)
        answer = getattr(client, method)(url, {"do": "delete", "label": "x"})
        # A page that only reads refuses to be posted to, whoever asks.
        assert answer.status_code in (expected, 405), person

    assert document() == make_questionnaire()


def test_an_equalities_officer_may_preview_but_not_change(client, consultation):
    client.force_login(make_user(RoleKind.EQUALITIES_OFFICER))

    assert client.get("/staff/consultations/library/preview/1/").status_code == 200
    assert client.get(HOME).status_code == 403
    assert client.post(f"{HOME}pages/", {"label": "x"}).status_code == 403
    assert document() == make_questionnaire()


@pytest.mark.parametrize(
    ("role", "leaves_to"),
    [
        (RoleKind.EQUALITIES_OFFICER, "/staff/consultations/library/"),
        (RoleKind.CONSULTATION_APPROVER, HOME),
    ],
)
def test_a_preview_is_left_to_a_page_that_this_person_may_open(
    client, consultation, role, leaves_to
):
    client.force_login(make_user(role))

    for address in ("preview/1/", "preview/check/"):
        page = client.get(f"/staff/consultations/library/{address}").content.decode()
        assert f'href="{leaves_to}"' in page
        assert (f'href="{HOME}"' in page) is (leaves_to == HOME)
    assert client.get(leaves_to).status_code == 200


def test_options_are_not_called_optional(client, consultation, officer):
    client.force_login(officer)
    addresses = re.findall(
        r'href="(/staff[^"]+)"[^>]*>\s*Add a question',
        client.get(HOME).content.decode(),
    )

    page = client.get(addresses[0]).content.decode()

    assert "Options, one on each line" in page
    assert "one on each line (optional)" not in page
    assert "Hint (optional)" in page


def test_the_central_team_may_change_the_questions(client, consultation):
    client.force_login(make_approver())

    post(client, "pages/", label="From the centre")

    assert document().label(document().pages[-1].key) == "From the centre"


def test_looking_writes_nothing(client):
    make_council()
    consultation = make_consultation(slug="library", questionnaire=None)
    client.force_login(consultation.lead_officer)

    for address in (HOME, f"{HOME}pages/", "/staff/consultations/library/preview/1/"):
        page_of(client.get(address))

    assert not QuestionnaireVersion.objects.exists()
    assert not AuditEntry.objects.exists()


# Bad input ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Select the type of question"),
        ({"kind": "poem"}, "Select the type of question"),
        ({"kind": "ward"}, "Enter the question"),
        ({"kind": "one", "options": "One"}, "Enter at least two options"),
        ({"kind": "agree_grid"}, "Enter at least one statement"),
        ({"kind": "number", "minimum": "x"}, "Enter a number, like 10"),
        ({"kind": "number", "minimum": "nan"}, "Enter a number, like 10"),
        ({"kind": "number", "minimum": "1e999"}, "Enter a number, like 10"),
        (
            {"kind": "number", "minimum": "5", "maximum": "4"},
            "The highest number must be the lowest number or more",
        ),
        (
            {"kind": "long_text", "max_length": "9" * 5000},
            "Enter a number of characters from 1 to 20,000",
        ),
        (
            {"kind": "ward", "label": "x" * 2001},
            "must be 2,000 characters or less. You have used 2,001",
        ),
        ({"kind": "one", "options": "x\n" * 61}, "Enter up to 60 lines."),
        ({"kind": "one", "options": "x" * 10**6}, "must be 2,000 characters or less"),
        ({"kind": "one", "endings": "poem"}, "Select from the list"),
    ],
)
def test_a_bad_question_gets_a_sentence_and_adds_nothing(
    data, sentence, client, consultation, officer
):
    label = {} if data.get("kind") == "ward" else {"label": "What?"}

    answer = post(client, "pages/p1/add/", **(label | data))

    shown = page_of(answer)
    assert sentence in shown
    assert "<title> Error:" in shown or "<title>Error:" in shown
    assert document() == make_questionnaire()


def test_a_bad_option_gets_a_sentence_and_changes_nothing(
    client, consultation, officer
):
    data = change_data(client, "q_use") | {
        "kind": "number",
        "page": "p9",
        "o_often-label": "",
        "o_often-place": "first",
        "o_often-role": "poem",
        "o_never-place": "-1",
    }

    shown = page_of(post(client, "change/q_use/", **data))

    for sentence in (
        "Select the type of question",
        "Select a page from the list",
        "Enter the words of option 1",
        "The place of option 1 must be a number, like 1",
        "Select a meaning from the list",
        "The place of option 2 must be a number, like 1",
    ):
        assert sentence in shown
    assert document() == make_questionnaire()


def test_taking_all_options_away_gets_a_sentence(client, consultation, officer):
    data = change_data(client, "q_days") | {
        "kind": "many",
        **{f"{key}-remove": "on" for key in ("o_mon", "o_sat", "o_none")},
    }

    shown = page_of(post(client, "change/q_days/", **data))

    assert "Enter the options that people choose from." in shown
    assert document() == make_questionnaire()


def test_a_rule_that_leads_nowhere_or_backwards_gets_a_sentence(
    client, consultation, officer
):
    for to in ("p1", "nowhere"):
        shown = page_of(post(client, "pages/p2/rules/", **{"q_days-o_mon": to}))
        assert "Select a later page" in shown

    assert document() == make_questionnaire()


def test_an_unknown_button_gets_a_sentence(client, consultation, officer):
    for address in ("change/q_why/do/", "pages/p1/do/"):
        shown = page_of(post(client, address, do="explode"))
        assert "Choose one of the buttons on the page." in shown

    assert document() == make_questionnaire()


FIELDS = [
    "label",
    "hint",
    "options",
    "rows",
    "minimum",
    "max_length",
    "do",
    "more",
    "page",
    "required",
    "o_often-label",
    "o_often-place",
    "q_use-o_never",
]
anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.sampled_from(
            [
                "label",
                "hint",
                "options",
                "rows",
                "minimum",
                "max_length",
                "do",
                "more",
                "o_often-label",
                "o_often-place",
                "q_use-o_never",
                "page",
                "required",
            ]
        ),
        anything,
    ),
    kind=st.one_of(st.sampled_from([kind.value for kind in Kind]), anything),
)
def test_whatever_is_typed_there_is_a_page(values, kind, client, consultation, officer):
    for address in (
        "pages/p1/add/",
        "change/q_use/",
        "change/q_use/do/",
        "pages/",
        "pages/p1/",
        "pages/p1/rules/",
    ):
        answer = post(client, address, **{**values, "kind": kind})
        assert answer.status_code in (200, 404)
        page_of(client.get(HOME))
    revised = client.post(
        f"{HOME}pages/", {"label": "x", "revision": values.get("label", "")}
    )
    assert revised.status_code in (200, 302)


def test_bytes_that_are_no_text_are_stored_as_text(client, consultation, officer):
    body = b"label=%ED%A0%80%00%FF&revision=" + revision(client).encode()

    client.post(f"{HOME}pages/", body, content_type="application/x-www-form-urlencoded")

    label = document().label(document().pages[-1].key)
    assert "\0" not in label
    page_of(client.get(HOME))


# Preview -----------------------------------------------------------------------

PREVIEW = "/staff/consultations/library/preview/"


def test_the_preview_walks_the_journey_and_follows_the_rule(
    client, consultation, officer
):
    first = page_of(client.get(f"{PREVIEW}1/"))
    assert "Preview: answers are not saved" in first
    assert WORDS in first

    answer = client.post(f"{PREVIEW}1/", {"q_capacity": "o_me", "q_use": "o_never"})
    assert answer.headers["Location"] == f"{PREVIEW}3/"
    answer = client.post(f"{PREVIEW}3/", {"q_age": "4", "q_why": "Because."})
    assert answer.headers["Location"] == f"{PREVIEW}check/"

    shown = page_of(client.get(f"{PREVIEW}check/"))
    assert "For myself" in shown
    assert "Because." in shown
    assert "Which days suit you?" not in shown
    assert "Not provided" in shown
    kept = page_of(client.get(f"{PREVIEW}3/"))
    assert "Because." in kept
    assert f'href="{PREVIEW}1/"' in kept


def test_the_preview_goes_on_to_the_equality_questions(client, consultation, officer):
    consultation.equality_set = make_equality_set()
    consultation.save(update_fields=["equality_set"])

    assert f'href="{PREVIEW}4/"' in page_of(client.get(f"{PREVIEW}check/"))
    assert "What is your age group?" in page_of(client.get(f"{PREVIEW}4/"))
    answer = client.post(f"{PREVIEW}4/", {"age": "age_under_16", "cond": "cond_no"})

    assert answer.headers["Location"] == f"{PREVIEW}5/"
    second = page_of(client.get(f"{PREVIEW}5/"))
    assert "sexual orientation" not in second
    assert "Do you look after" in second
    done = client.post(f"{PREVIEW}5/", {})
    assert done.headers["Location"] == f"{PREVIEW}check/"
    assert client.get(f"{PREVIEW}6/").status_code == 404


def test_the_preview_checks_what_is_typed(client, consultation, officer):
    shown = page_of(client.post(f"{PREVIEW}3/", {"q_age": "many"}))

    assert "There is a problem" in shown
    assert "must be a number" in shown


def test_the_preview_can_start_again(client, consultation, officer):
    client.post(f"{PREVIEW}3/", {"q_why": "Because."})

    answer = client.post(f"{PREVIEW}check/")

    assert answer.headers["Location"] == f"{PREVIEW}1/"
    assert "Because." not in page_of(client.get(f"{PREVIEW}check/"))


def test_the_preview_of_changed_questions_forgets_what_no_longer_fits(
    client, consultation, officer
):
    client.post(f"{PREVIEW}1/", {"q_use": "o_never"})
    post(client, "change/q_use/do/", do="delete")

    assert "Never" not in page_of(client.get(f"{PREVIEW}check/"))
    page_of(client.get(f"{PREVIEW}1/"))


@pytest.mark.parametrize("n", ["0", "4", "99999999999999999999"])
def test_a_preview_of_no_page_is_not_found(n, client, consultation, officer):
    assert client.get(f"{PREVIEW}{n}/").status_code == 404
    assert client.post(f"{PREVIEW}{n}/").status_code == 404


def test_a_published_consultation_can_be_previewed(client):
    make_council()
    consultation = make_published_consultation(slug="library")
    client.force_login(consultation.lead_officer)

    assert WORDS in page_of(client.get(f"{PREVIEW}1/"))


def test_the_preview_stores_nothing_but_the_session(client, consultation, officer):
    client.post(f"{PREVIEW}1/", {"q_capacity": "o_me", "q_use": "o_often"})

    assert not consultation.drafts.exists()
    assert not consultation.responses.exists()
    assert not AuditEntry.objects.exists()
