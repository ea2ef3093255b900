"""The form pack: labels, hints, errors and ids of every control."""

import re
from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import (
    FileExtensionValidator,
    MaxValueValidator,
    MinValueValidator,
)
from django.template import Context, Template
from django.utils import translation

from design.controls import control, error_links
from design.errors import NUL, error_texts
from design.widgets import Checkboxes, Radios, Words

pytestmark = pytest.mark.urls("tests.design.urls")
BAD = "<img src=x onerror=alert(1)>\"'&"
COLOURS = [("red", "Red"), ("blue", "Blue"), ("none", "None of these")]


def whole(form, **context):
    template = Template('{% include "includes/form.html" %}')
    return template.render(Context({"form": form, **context}))


def ids_in(html):
    return re.findall(r'\sid="([^"]*)"', html)


def one(field, data=None):
    form = type("OneFieldForm", (forms.Form,), {"field": field})(data)
    return form, form["field"]


class EveryKind(forms.Form):
    text = forms.CharField(label="Name of your group", help_text="As people know it")
    email = forms.EmailField(label="Email address")
    long = forms.CharField(label="Story", widget=forms.Textarea, max_length=2000)
    words = forms.CharField(label="Summary", widget=Words(limit=150))
    number = forms.IntegerField(label="How many came?")
    amount = forms.DecimalField(label="Amount")
    select = forms.ChoiceField(label="Service", choices=[("", "Choose"), *COLOURS])
    radios = forms.ChoiceField(
        label="Favourite colour",
        choices=COLOURS,
        widget=Radios(hints={"red": "Like a bus"}, reveals={"blue": "other"}),
    )
    other = forms.CharField(label="Which blue", required=False)
    boxes = forms.MultipleChoiceField(
        label="Colours you know", choices=COLOURS, widget=Checkboxes(exclusive=["none"])
    )
    agree = forms.BooleanField(label="I have read the notice")
    day = forms.DateField(label="Closing date")
    when = forms.SplitDateTimeField(label="Opens")
    file = forms.FileField(label="Document")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    secret = forms.CharField(widget=forms.HiddenInput, initial="token")


@pytest.mark.parametrize("data", [None, {}])
def test_every_control_has_a_label_and_every_id_is_one_of_a_kind(data):
    html = whole(EveryKind(data))

    ids = ids_in(html)
    assert len(ids) == len(set(ids))
    controls = re.findall(r"<(?:input|select|textarea)[^>]*>", html)
    labelled = set(re.findall(r'<label[^>]* for="([^"]*)"', html))
    for each in controls:
        if 'type="hidden"' not in each:
            assert re.search(r'\sid="([^"]*)"', each)[1] in labelled
    described = " ".join(re.findall(r'aria-describedby="([^"]*)"', html)).split()
    assert set(described) <= set(ids)


@pytest.mark.parametrize("data", [None, {}])
def test_nothing_is_required_by_the_browser_or_styled_in_line(data):
    html = whole(EveryKind(data))

    assert "novalidate" in html
    for unwanted in (" required", " maxlength=", "style=", "placeholder=", "autofocus"):
        assert unwanted not in html


def test_every_error_is_said_in_the_same_words_above_and_at_its_control():
    html = whole(EveryKind({}))

    links = re.findall(r'<a href="#([^"]*)">([^<]*)</a>', html)
    assert len(links) == 13 + 1  # every field but the one that may be left empty
    ids = ids_in(html)
    for target, words in links:
        assert target in ids
        assert html.count(words) >= 2
        assert "This field is required" not in words
    first_controls = {target for target, _words in links}
    assert {"id_radios_0", "id_boxes_0", "id_when_0"} <= first_controls


def test_the_summary_comes_once_even_when_the_page_has_shown_it_above():
    form = EveryKind({})

    html = Template(
        '{% error_summary form %}{% include "includes/form.html" %}'
    ).render(Context({"form": form}))

    assert html.count("govuk-error-summary__title") == 1


def test_the_alert_is_inside_the_summary_so_that_focus_does_not_lose_it():
    html = whole(EveryKind({}))

    assert re.search(
        r'<div class="govuk-error-summary" data-module="govuk-error-summary">\s*'
        r'<div role="alert">',
        html,
    )


def test_what_officers_write_is_shown_as_text_everywhere_in_a_form():
    class Nasty(forms.Form):
        text = forms.CharField(label=BAD, help_text=BAD, initial=BAD)
        long = forms.CharField(label=BAD, widget=forms.Textarea, initial=BAD)
        radios = forms.ChoiceField(
            label=BAD, choices=[(BAD, BAD)], widget=Radios(hints={BAD: BAD})
        )
        boxes = forms.MultipleChoiceField(
            label=BAD, choices=[(BAD, BAD)], widget=Checkboxes, help_text=BAD
        )
        select = forms.ChoiceField(label=BAD, choices=[(BAD, [(BAD, BAD)])])
        tick = forms.BooleanField(label=BAD)
        email = forms.EmailField(label=BAD)

        def clean(self):
            raise forms.ValidationError(BAD)

    for data in (None, {}, {"text": BAD, "long": BAD, "radios": "x", "email": BAD}):
        html = whole(Nasty(data), submit=BAD)
        assert "<img" not in html
        assert "onerror=alert(1)>" not in html


def test_an_optional_question_says_so_once():
    class Questions(forms.Form):
        first = forms.CharField(label="Your street", required=False)
        second = forms.CharField(label="Your town (optional)", required=False)
        third = forms.CharField(label="Your name")
        fourth = forms.BooleanField(label="Write to me", required=False)

    html = whole(Questions())

    assert html.count("(optional)") == 2
    assert "Your street (optional)" in html
    assert "Write to me<" in html


def test_a_filter_form_does_not_call_each_filter_optional():
    class Filter(forms.Form):
        ward = forms.CharField(label="Ward", required=False)

    html = whole(Filter({}), method="get")

    assert "(optional)" not in html
    assert "csrf" not in html


def test_the_label_of_a_single_question_can_be_the_heading_of_the_page():
    _form, bound = one(forms.CharField(label="What do you think?"))
    form, _bound = one(
        forms.ChoiceField(label="Which?", choices=COLOURS, widget=Radios)
    )

    text = whole(bound.form, heading=True)
    radios = whole(form, heading=True)

    assert re.search(
        r'<h1 class="govuk-label-wrapper"><label class="govuk-label g', text
    )
    assert re.search(
        r'<legend[^>]*><h1 class="govuk-fieldset__heading">Which\?', radios
    )
    assert text.count("<h1") == radios.count("<h1") == 1


def test_a_number_is_typed_as_text_so_that_a_wheel_cannot_change_it():
    html = whole(EveryKind())

    number = re.search(r'<input[^>]*name="number"[^>]*>', html)[0]
    amount = re.search(r'<input[^>]*name="amount"[^>]*>', html)[0]
    assert 'type="text"' in number
    assert 'inputmode="numeric"' in number
    assert 'inputmode="decimal"' in amount


def test_the_limit_of_a_text_is_written_out_for_those_without_a_script():
    html = whole(EveryKind())

    assert "You can enter up to 2,000 characters" in html
    assert 'data-maxlength="2000"' in html
    assert "You can enter up to 150 words" in html
    assert 'data-maxwords="150"' in html
    assert 'aria-describedby="id_long-info"' in html


def test_the_counter_speaks_the_language_of_the_page():
    _form, bound = one(forms.CharField(widget=forms.Textarea, max_length=10))

    with translation.override("cy"):
        texts = control(bound).i18n

    assert "data-i18n.characters-under-limit.other" in texts


def test_an_option_that_excludes_the_rest_stands_apart():
    html = whole(EveryKind())

    assert html.count('<div class="govuk-checkboxes__divider">or</div>') == 1
    assert re.search(r'value="none"[^>]*data-behaviour="exclusive"', html)


def test_a_revealed_question_stands_under_its_option_and_nowhere_else():
    html = whole(EveryKind())

    assert html.count('name="other"') == 1
    assert html.index('value="blue"') < html.index('name="other"')
    assert html.index('name="other"') < html.index("Colours you know")
    assert "portal-reveal" in html


def test_a_revealed_question_with_an_error_is_never_hidden():
    form = EveryKind({})
    form.add_error("other", "Enter which blue")

    html = whole(form)

    assert "portal-reveal" not in html


def test_answers_are_kept_when_something_is_wrong():
    data = {
        "text": "Friends of the park",
        "long": "  \nFirst line",
        "radios": "red",
        "boxes": ["red", "blue"],
        "when_0": "nonsense",
        "when_1": "10:00",
        "select": "blue",
    }

    html = whole(EveryKind(data))

    assert 'value="Friends of the park"' in html
    assert "  \nFirst line" in html
    assert re.search(r'id="id_radios_0"[^>]*checked', html)
    assert len(re.findall(r'name="boxes"[^>]*checked', html)) == 2
    assert 'value="nonsense"' in html
    assert '<option value="blue" selected>' in html


@pytest.mark.parametrize(
    ("field", "data", "words"),
    [
        (forms.CharField(label="Name of a group"), "", "Enter the name of a group"),
        (
            forms.CharField(label="What is your name?"),
            "",
            "Answer the question “What is your name?”",
        ),
        (forms.CharField(label="Your street"), "", "Enter your street"),
        (forms.CharField(label="Who decides"), "", "Enter who decides"),
        (forms.EmailField(label="Email"), "", "Enter an email address"),
        (
            forms.CharField(label="Password", widget=forms.PasswordInput),
            "",
            "Enter your password",
        ),
        (
            forms.IntegerField(label="Days until feedback"),
            "",
            "Enter a number: Days until feedback",
        ),
        (forms.ChoiceField(label="Ward", choices=COLOURS), "", "Select the ward"),
        (
            forms.EmailField(label="Email"),
            "nobody",
            "Enter an email address in the correct format, like name@example.com",
        ),
        (
            forms.CharField(label="Your story", max_length=2000),
            "x" * 2140,
            "Your story must be 2,000 characters or less. You have used 2,140",
        ),
        (
            forms.DecimalField(label="Amount"),
            "many",
            "Amount must be a number, like 450",
        ),
        (
            forms.IntegerField(label="Places", validators=[MaxValueValidator(1000)]),
            "1001",
            "Places must be 1,000 or less",
        ),
        (
            forms.DateField(label="Closing date"),
            "31/2/2026",
            "Closing date must be a real date, like 1/12/2026",
        ),
        (
            forms.ChoiceField(label="Ward", choices=COLOURS),
            "green",
            "Select an answer from the list",
        ),
        (
            forms.CharField(label="Your street"),
            "a\0b",
            "Your street has a character that cannot be stored. Delete it",
        ),
        (forms.BooleanField(label="I agree"), "", "Tick the box: I agree"),
        (
            forms.CharField(error_messages={"required": "Say your name"}),
            "",
            "Say your name",
        ),
        (forms.IntegerField(label="How many came?"), "x", "Your answer must be a whole "
         "number, like 12"),
    ],
)  # fmt: skip
def test_an_error_says_what_to_do(field, data, words):
    form, _bound = one(field, {"field": data})

    assert words in [link["text"] for link in error_links(form)]


def test_a_file_of_the_wrong_kind_is_named():
    field = forms.FileField(validators=[FileExtensionValidator(["pdf", "jpg", "docx"])])
    form = type("FileForm", (forms.Form,), {"field": field})(
        {}, {"field": SimpleUploadedFile("virus.exe", b"MZ")}
    )

    (link,) = error_links(form)

    assert link["text"] == "The selected file must be a PDF, JPG or DOCX"


def test_what_is_wrong_with_the_whole_form_has_words_and_no_link():
    class Closed(forms.Form):
        def clean(self):
            raise forms.ValidationError("This consultation closed on 3 May.")

    html = whole(Closed({}))

    assert "<li>This consultation closed on 3 May.</li>" in html


def test_a_set_of_forms_lists_the_errors_of_each():
    class Item(forms.Form):
        name = forms.CharField(label="Item")

    items = forms.formset_factory(Item, extra=2)(
        {
            "form-TOTAL_FORMS": "2",
            "form-INITIAL_FORMS": "0",
            "form-0-name": "",
            "form-1-name": "",
        },
        form_kwargs={"empty_permitted": False, "use_required_attribute": False},
    )

    links = error_links(items)

    assert [link["href"] for link in links] == ["#id_form-0-name", "#id_form-1-name"]


def test_a_file_that_is_there_already_can_be_kept_or_removed():
    class Kept:
        url = "/files/plan.pdf"

        def __str__(self):
            return "plan.pdf"

    field = forms.FileField(label="Plan", required=False)
    form = type("FileForm", (forms.Form,), {"field": field})(initial={"field": Kept()})

    html = whole(form)

    assert 'href="/files/plan.pdf"' in html
    assert 'name="field-clear"' in html


def test_what_cannot_be_stored_is_said_once_and_nothing_else_with_it():
    _form, email = one(forms.EmailField(label="Email address"), {"field": "a\0@b.org"})

    assert error_texts(email) == [
        "Email address has a character that cannot be stored. Delete it"
    ]


def test_a_choice_that_cannot_be_stored_is_no_choice():
    colour = forms.ChoiceField(label="Colour", choices=COLOURS)
    colour.validators.append(NUL)
    colour.valid_value = lambda value: True

    _form, bound = one(colour, {"field": "red\0"})

    assert error_texts(bound) == ["Select an answer from the list"]


class DayForm(forms.Form):
    day = forms.DateField(
        label="First day",
        validators=[
            MinValueValidator(date(1990, 1, 1)),
            MaxValueValidator(date(2099, 12, 31)),
        ],
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1066-10-14", "First day must be on or after 1 January 1990"),
        ("2100-01-01", "First day must be on or before 31 December 2099"),
    ],
)
def test_a_day_out_of_bounds_is_answered_with_a_day_in_words(typed, said):
    assert error_texts(DayForm({"day": typed})["day"]) == [said]
