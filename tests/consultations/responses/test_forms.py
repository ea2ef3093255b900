"""The form of a page: what people may give, and the sentences when they may not."""

import pytest
from crispy_forms.utils import render_crispy_form
from django.http import QueryDict

from consultations.questionnaire.document import (
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    Words,
)
from consultations.responses.forms import page_form
from tests.factories import make_questionnaire, make_ward
from wards.models import Postcode

pytestmark = pytest.mark.django_db


def filled(page=0, complete=True, wards=(), **answers):
    questionnaire = make_questionnaire()
    data = QueryDict(mutable=True)
    for name, value in answers.items():
        values = value if isinstance(value, list) else [value]
        data.setlist(name.replace("__", "."), values)
    return page_form(
        questionnaire,
        questionnaire.pages[page],
        data=data,
        wards=wards,
        complete=complete,
    )


def one_question(question, **labels):
    page = Page(key="p1", questions=(question,))
    words = {key: Words(label=label) for key, label in labels.items()}
    return Questionnaire(pages=(page,), texts={"en-gb": words})


def test_nothing_need_be_answered_unless_it_is_required():
    form = filled()

    assert form.is_valid()
    assert form.answers() == {}


def test_a_page_gives_its_answers_in_the_shape_of_a_draft():
    form = filled(
        1,
        q_days=["o_mon", "o_sat"],
        q_agree="ao_a",
        q_grid__r_quiet="go_sa",
    )

    assert form.is_valid(), form.errors
    assert form.answers() == {
        "q_days": ["o_mon", "o_sat"],
        "q_agree": "ao_a",
        "q_grid": {"r_quiet": "go_sa"},
    }


def test_an_exclusive_option_goes_with_no_other():
    form = filled(1, q_days=["o_mon", "o_none"])

    assert form.errors["q_days"] == [
        "Select either “None of these” or other answers, not both"
    ]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"q_age": "many"}, "must be a number, like 4"),
        ({"q_age": "-1"}, "must be 0 or more"),
        ({"q_age": "31"}, "must be 30 or less"),
        ({"q_age": "nan"}, "must be a number"),
        ({"q_age": "9" * 1_000_000}, "must be a number"),
        ({"q_name": "a" * 101}, "must be 100 characters or less. You have used 101"),
        (
            {"q_why": "a" * 2140},
            "must be 2,000 characters or less. You have used 2,140",
        ),
        ({"q_why": "a\0b"}, "We removed characters that we cannot keep"),
        ({"q_why": "a\ud800b"}, "We removed characters that we cannot keep"),
    ],
)
@pytest.mark.rule("ACC-04", "refuses")
def test_a_bad_text_or_number_gets_a_sentence_and_is_kept_on_the_page(given, sentence):
    form = filled(2, **given)

    (name,) = form.errors
    assert sentence in form.errors[name][0]
    html = render_crispy_form(form)
    assert f'id="id_{name}-error"' in html
    assert 'aria-describedby="' in html
    assert "\0" not in html


def test_a_new_line_counts_as_one_character():
    form = filled(2, q_why="a" * 1999 + "\r\n")
    form_2 = filled(2, q_why="a\r\nb")

    assert form.is_valid()
    assert form_2.answers()["q_why"] == "a\nb"


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (Kind.ONE, "Select an answer to “Which day?”"),
        (Kind.MANY, "Select your answers to “Which day?”, or select “None of these”"),
    ],
)
def test_a_required_choice_names_its_question(kind, sentence):
    options = (Option(key="o1"), Option(key="o2", exclusive=True))
    question = Question(key="q1", kind=kind, required=True, options=options)
    asked = one_question(question, q1="Which day?", o1="Monday", o2="None of these")

    form = page_form(asked, asked.pages[0], data=QueryDict())

    assert form.errors["q1"] == [sentence]


def test_saving_for_later_asks_for_nothing_that_is_missing():
    question = Question(key="q1", kind=Kind.LONG_TEXT, required=True)
    asked = one_question(question, q1="Why?")

    form = page_form(asked, asked.pages[0], data=QueryDict(), complete=False)

    assert form.is_valid()
    assert form.fields["q1"].required


def test_the_words_beside_other_choose_their_option():
    form = filled(q_use__other="As a meeting room")

    assert form.answers() == {
        "q_use": "o_use_other",
        "q_use.other": "As a meeting room",
    }


def test_the_words_beside_other_do_not_go_with_another_option():
    form = filled(q_use="o_often", q_use__other="As a meeting room")

    assert "Select “Something else”, or clear" in form.errors["q_use"][0]


def test_an_organisation_has_a_name():
    nameless = filled(q_capacity="o_org")
    named = filled(q_capacity="o_org", q_capacity__organisation="The Friends")

    assert nameless.errors["q_capacity.organisation"] == [
        "Enter the name of your organisation"
    ]
    assert named.answers() == {
        "q_capacity": "o_org",
        "q_capacity.organisation": "The Friends",
    }


@pytest.mark.rule("GDPR-05", "accepts")
def test_a_postcode_becomes_a_ward_and_is_dropped():
    ward = make_ward()
    Postcode.objects.create(code="AB12CD", ward_code=ward.code)

    form = filled(q_ward__postcode=" ab1 2cd.", wards=[ward])

    assert form.answers() == {"q_ward": {"place": "ward", "ward_code": ward.code}}


@pytest.mark.rule("GDPR-05", "accepts")
def test_a_postcode_of_another_council_is_outside():
    Postcode.objects.create(code="AB12CD", ward_code="E05000001", area_code="E06000001")
    ours = make_ward(area_code="E06000099")

    form = filled(q_ward__postcode="AB1 2CD", wards=[ours])

    assert form.answers() == {"q_ward": {"place": "outside"}}


@pytest.mark.rule("GDPR-05", "refuses")
def test_an_unknown_postcode_leads_to_choosing_the_ward():
    ward = make_ward()
    unknown = filled(q_ward__postcode="ZZ9 9ZZ", wards=[ward])
    chosen = filled(q_ward__postcode="ZZ9 9ZZ", q_ward__ward=ward.code, wards=[ward])
    half = filled(q_ward__postcode="ZZ9", wards=[ward])

    assert "Choose your ward" in unknown.errors["q_ward.ward"][0]
    assert 'value="ZZ9 9ZZ"' in render_crispy_form(unknown)
    assert chosen.answers() == {"q_ward": {"place": "ward", "ward_code": ward.code}}
    assert half.errors["q_ward.postcode"] == ["Enter a full UK postcode"]


def test_people_may_keep_their_ward_to_themselves():
    form = filled(q_ward__ward="not_stated")

    assert form.answers() == {"q_ward": {"place": "not_stated"}}


@pytest.mark.rule("GDPR-09", "accepts")
def test_every_free_text_warns_against_personal_details():
    html = render_crispy_form(filled(2))

    assert html.count("do not include personal details about yourself or others") == 2


def test_a_grid_is_a_fieldset_of_fieldsets():
    html = render_crispy_form(filled(1))

    assert html.count("portal-group") == 1
    assert "Do you agree with each of these? (optional)</legend>" in html
    assert ">A quiet room</legend>" in html
    assert html.count("<fieldset") == html.count("</fieldset>")


def test_answers_given_before_are_on_the_page_again():
    questionnaire = make_questionnaire()
    ward = make_ward()
    answers = {
        "q_capacity": "o_org",
        "q_capacity.organisation": "The Friends",
        "q_ward": {"place": "ward", "ward_code": ward.code},
        "q_days": ["o_sat"],
        "q_grid": {"r_cafe": "go_n"},
    }

    first = page_form(
        questionnaire, questionnaire.pages[0], initial=answers, wards=[ward]
    )
    second = page_form(questionnaire, questionnaire.pages[1], initial=answers)

    html = render_crispy_form(first)
    assert 'value="o_org" checked' in html
    assert 'value="The Friends"' in html
    assert f'value="{ward.code}" selected' in html
    html = render_crispy_form(second)
    assert 'value="o_sat" checked' in html
    assert 'value="go_n" checked' in html


@pytest.mark.parametrize("value", ["o_nothing", "\0", "a" * 1_000_000, "\ud800"])
def test_an_option_that_does_not_exist_gets_a_sentence(value):
    form = filled(q_use=value)

    assert form.errors["q_use"] == [
        "Select one of the answers to “How often do you use the library?”"
    ]
    render_crispy_form(form)
