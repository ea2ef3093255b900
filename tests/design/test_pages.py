"""The frame of every page, the pages for errors, and the pages to sign in."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory

from design.components import Table

pytestmark = pytest.mark.urls("tests.design.urls")
TEMPLATES = Path(settings.BASE_DIR, "templates")
OWN = ["base.html", "bare.html", "includes", "portal", "account", "mfa", "allauth"]
OWN += ["400.html", "403.html", "404.html", "405.html", "500.html", "503.html"]
COUNCIL = SimpleNamespace(
    name="Fernleigh Council",
    service_name="Have your say",
    is_demonstration=False,
    phone="01632 960001",
    email="say@example.org",
    logo=None,
)
RESIDENT = SimpleNamespace(is_authenticated=False)
OFFICER = SimpleNamespace(is_authenticated=True)


def page(blocks="{% block h1 %}Find a consultation{% endblock %}", **context):
    context = {"council": COUNCIL, "user": RESIDENT, **context}
    return Template('{% extends "base.html" %}' + blocks).render(Context(context))


def title_of(html):
    return " ".join(re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1].split())


def own_files():
    for name in OWN:
        place = TEMPLATES / name
        yield from place.rglob("*.*") if place.is_dir() else [place]


def test_the_title_is_the_heading_the_service_and_the_council():
    html = page()

    assert title_of(html) == "Find a consultation – Have your say – Fernleigh Council"
    assert html.count("<h1") == 1


def test_the_title_of_a_wrong_form_begins_with_error():
    class Form(forms.Form):
        name = forms.CharField()

    html = page(form=Form({}))

    assert title_of(html).startswith("Error: Find a consultation")
    assert html.index("govuk-error-summary") < html.index("<h1")


def test_the_title_of_a_list_says_which_of_its_pages_this_is():
    html = page(page_obj=Paginator(range(70), 20).get_page(2))

    assert title_of(html).startswith("Find a consultation (page 2 of 4) –")


def test_a_heading_from_a_person_cannot_leave_the_title():
    html = page(
        "{% block h1 %}{{ name }}{% endblock %}",
        name="</title><script>alert(1)</script>",
    )

    assert "<script>alert" not in html


def test_the_first_stop_is_the_skip_link_and_the_last_block_of_main_is_help():
    html = page()

    assert re.search(r"<body[^>]*>\s*<a href=\"#main-content\"", html)
    main = re.search(r"<main.*</main>", html, re.DOTALL)[0]
    assert main.rstrip().endswith("</section>\n\n      </main>")
    assert "Get help or answer another way" in main
    assert "say@example.org" in main


def test_where_staff_work_the_help_for_residents_is_not_in_the_way():
    assert "Get help or answer another way" not in page(is_staff_page=True)


def test_a_demonstration_says_that_it_is_one():
    council = SimpleNamespace(**{**vars(COUNCIL), "is_demonstration": True})

    assert "invented" in page(council=council)
    assert "invented" not in page()


def test_a_resident_sees_where_to_sign_in_and_an_officer_where_to_sign_out():
    resident, officer = page(), page(user=OFFICER)

    assert "Sign in" in resident
    assert "Sign out" not in resident
    assert "<form" not in resident
    assert "Your work" in officer
    assert re.search(r'<form[^>]*method="post"[^>]*>.*Sign out', officer, re.DOTALL)


def test_the_links_of_the_navigation_mark_where_the_reader_is():
    navigation = [
        {"label": "Consultations", "url": "/c/", "active": True},
        {"label": "What we did", "url": "/f/", "active": False},
    ]

    html = page(navigation=navigation)

    assert html.count('aria-current="true"') == 1
    assert html.index("Have your say") < html.index("What we did")


def test_messages_are_banners_and_an_error_is_not_one():
    messages = [
        SimpleNamespace(level_tag=tag, message=text)
        for tag, text in [("success", "Saved."), ("info", "Look."), ("error", "No.")]
    ]

    html = page(messages=messages)

    assert 'role="alert" aria-labelledby="message-1-title"' in html
    assert 'role="region" aria-labelledby="message-2-title"' in html
    assert html.count("govuk-notification-banner__heading") == 2
    assert html.count("There is a problem") == 1


def test_the_pagination_keeps_what_the_reader_has_filtered_by():
    request = RequestFactory().get("/?status=open&q=a%26b&page=3")
    pages = Paginator(range(200), 20)

    html = Template("{% pagination page_obj %}").render(
        Context({"request": request, "page_obj": pages.get_page(3)})
    )

    assert 'href="?status=open&amp;q=a%26b&amp;page=4"' in html
    assert 'aria-label="Page 3" aria-current="page"' in html
    assert html.count("⋯") + html.count("&ctdot;") == 1
    assert "Previous<span" in html


def test_a_list_of_one_page_has_no_pagination():
    html = Template("{% pagination page_obj %}").render(
        Context({"page_obj": Paginator(range(5), 20).get_page(1)})
    )

    assert html == ""


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_the_last_pages_need_no_database_no_context_and_no_addresses(name, settings):
    settings.ROOT_URLCONF = "tests.design.no_such_module"

    html = get_template(name).template.render(Context())

    assert html.count("<h1") == 1
    assert "<title></title>" not in html
    assert not re.search(r"\b(oops|sorry|invalid|error code)\b", html, re.IGNORECASE)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("404.html", "Page not found"),
        ("403.html", "You cannot use this page"),
        ("405.html", "Nothing can be shown at this address"),
    ],
)
def test_a_page_that_is_missing_or_closed_says_so_in_plain_words(name, words):
    html = get_template(name).template.render(
        Context({"council": COUNCIL, "user": RESIDENT})
    )

    assert title_of(html).startswith(words)


@pytest.mark.parametrize(
    "file", [*own_files()], ids=lambda f: str(f.relative_to(TEMPLATES))
)
def test_a_template_of_ours_is_sound_and_keeps_to_the_policy(file):
    source = file.read_text("utf-8")

    get_template(str(file.relative_to(TEMPLATES)))

    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"click here|read more|govuk-header__|GDS Transport", source)


def test_the_script_imports_only_what_the_build_copies():
    source = Path(settings.BASE_DIR, "static/portal.js").read_text("utf-8")

    assert re.findall(r'from "([^"]*)"', source) == ["./vendor/govuk-frontend.min.js"]


def test_a_row_with_no_link_leaves_room_for_those_that_have_one():
    html = Template(
        '{% summary %}{% row "Closes" action="/x" hidden="closing date" %}1 May'
        '{% endrow %}{% row "Wards" %}<b>{{ ward }}</b>{% endrow %}{% endsummary %}'
    ).render(Context({"ward": "<Castle>"}))

    assert html.count("govuk-summary-list__row--no-actions") == 1
    assert "data-plain" not in html
    assert "<b>&lt;Castle&gt;</b>" in html
    assert 'Change<span class="govuk-visually-hidden"> closing date</span>' in html


def test_a_wide_table_scrolls_in_a_region_that_has_a_name():
    from_tag = Template("{% table t %}")

    wide = from_tag.render(Context({"t": Table("Wards", list("abcd"), [list("1234")])}))
    slim = from_tag.render(Context({"t": Table("Wards", list("ab"), [list("12")])}))

    assert 'role="region" tabindex="0" aria-label="Wards"' in wide
    assert "region" not in slim
