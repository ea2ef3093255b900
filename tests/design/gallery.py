"""Every component on one page, with a form of every control, for browser tests."""

from datetime import UTC, datetime
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from design import charts
from design.components import Table
from design.widgets import Checkboxes, Radios
from tests.design import urls

COLOURS = [("red", "Red"), ("blue", "Blue"), ("none", "None of these")]
SCALE = [
    "Strongly agree",
    "Agree",
    "Neither agree nor disagree",
    "Disagree",
    "Strongly disagree",
]
LONG = "Llanfairpwllgwyngyll" * 4
PAGE = """{% extends "base.html" %}
{% block before_content %}{% breadcrumbs "Home" "/" "Gallery" %}{% endblock %}
{% block h1 %}Gallery{% endblock %}
{% block content %}
<p class="govuk-body">{% status_tag "open" "Open" %} {% status_tag "draft" "Draft" %}
{% status_tag "waiting" "Waiting" %} {% status_tag "closed" "Closed" %}
{% status_tag "findings" "Findings" %} {% status_tag "overdue" "Overdue" %}
{% status_tag "returned" "Returned" %} {% status_tag "approved" "Approved" %}
{% status_tag "opens_soon" "Opens soon" %}</p>
{% button_link "/x" "Start" start=True %}
{% summary %}{% row "Closes" action="/x" hidden="closing date" %}{{ when|closing }}
{% endrow %}{% row "Word" %}{{ long }}{% endrow %}{% endsummary %}
{% card "Page 1" action="/y" %}{% summary %}{% row "Age" %}25{% endrow %}
{% endsummary %}{% endcard %}
<h2 class="govuk-heading-m">Tasks</h2>{% task_list tasks %}
{% inset %}Inset{% endinset %}{% warning %}You cannot undo this.{% endwarning %}
{% details "More" %}Words{% enddetails %}
{% if not form.errors %}{% banner success=True %}<p>Saved</p>{% endbanner %}
{% endif %}
<h2 class="govuk-heading-m">Charts</h2>
{% for each in figures %}{% figure each csv="/answers.csv" %}{% endfor %}
{% pagination page_obj %}{% table wide %}{{ text|richtext }}
{% panel "Sent" level=2 %}Your reference{% endpanel %}
{% include "includes/form.html" with submit="Send" secondary="Save" cancel="/" %}
{% endblock %}"""


class EveryKind(forms.Form):
    name = forms.CharField(label="Your name", help_text="As on letters")
    email = forms.EmailField(label="Email address", required=False)
    story = forms.CharField(widget=forms.Textarea, max_length=200, label="Your story")
    colour = forms.ChoiceField(
        choices=COLOURS, label="Colour", widget=Radios(reveals={"blue": "which"})
    )
    which = forms.CharField(label="Which blue", required=False)
    known = forms.MultipleChoiceField(
        label="Colours", choices=COLOURS, widget=Checkboxes(exclusive=["none"])
    )
    agree = forms.BooleanField(label="I have read the notice")
    ward = forms.ChoiceField(choices=[(LONG, LONG)], label="Ward")
    when = forms.SplitDateTimeField(label="Opens")
    plan = forms.FileField(label="Plan")
    people = forms.IntegerField(label="How many?")


def gallery(request: HttpRequest) -> HttpResponse:
    counts = [120, 60, 30, 20, 50]
    bins = [(str(n), n * n) for n in range(11)]
    context = {
        "council": SimpleNamespace(
            name="Fernleigh Council",
            service_name="Have your say",
            is_demonstration=True,
            email="say@example.org",
        ),
        "navigation": [
            {"label": label, "url": f"/{label}/", "active": label == "Gallery"}
            for label in ("Consultations", "What we did", "Your ward", "Gallery")
        ],
        "form": EveryKind({}) if "errors" in request.GET else EveryKind(),
        "when": datetime(2026, 12, 2, tzinfo=UTC),
        "long": LONG,
        "tasks": [
            {"title": "Overview", "href": "/x", "status": "Completed"},
            {"title": LONG, "href": "/y", "status": "Started", "colour": "teal"},
            {"title": "Send", "status": "Cannot start yet", "cannot_start": True},
        ],
        "figures": [
            charts.bars("b", "Most want it", [(LONG, 126), ("No", 0)], base=280),
            charts.agree("a", "Most agree", counts, scale=SCALE),
            charts.agree_grid("g", "All agree", [(LONG, counts)], scale=SCALE),
            charts.columns("c", "High marks", bins, base=385),
        ],
        "page_obj": Paginator(range(200), 20).page(5),
        "wide": Table("Wide", list("ABCDEF"), [[LONG, *range(5)]], numeric={1, 2, 3}),
        "text": f"# One\n\n{LONG}\n\n> [quote](https://example.com/)",
    }
    return HttpResponse(Template(PAGE).render(RequestContext(request, context)))


urlpatterns = [path("gallery/", gallery), *urls.urlpatterns]
