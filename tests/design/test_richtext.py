"""What officers write in Markdown is formatted, and can do no harm."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.richtext import LONGEST, richtext

ALLOWED = {
    "p", "ul", "ol", "li", "a", "strong", "em", "h3", "h4", "h5", "h6", "blockquote",
    "br", "hr", "code", "pre",
}  # fmt: skip


def tags_in(html):
    return {name.lower() for name in re.findall(r"<\s*/?\s*([a-zA-Z][\w-]*)", html)}


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt:alert(1))",
        "[click](data:text/html,<script>alert(1)</script>)",
        "[click](vbscript:x)",
        "![x](http://example.com/x.png)",
        "<javascript:alert(1)>",
        '[a](http://example.com "onmouseover=alert(1)")',
        "<iframe src=//example.com></iframe>",
        '<p style="position:fixed">x</p>',
        '<a href="https://example.com" onclick="x()">x</a>',
        "[x]: javascript:alert(1)\n\n[x]",
        "<div class='govuk-error-summary'>x</div>",
        "<!-- --!><script>alert(1)</script>",
        "`<script>`",
        "**<script>**",
        "&lt;script&gt;",
        "<scr\0ipt>alert(1)</scr\0ipt>",
    ],
)
def test_no_attack_leaves_a_tag_a_handler_or_a_bad_address(attack):
    html = richtext(attack)

    assert tags_in(html) <= ALLOWED
    for opening in re.findall(r"<[a-z][^>]*>", html):
        assert not re.search(r"\son\w+\s*=\s*[^\"]", opening.split('title="')[0])
        assert "style=" not in opening
    for address in re.findall(r'href="([^"]*)"', html):
        assert address.split(":")[0].lower() in {"http", "https", "mailto"}


@given(st.text(max_size=400))
def test_any_text_at_all_gives_only_allowed_tags(text):
    assert tags_in(richtext(text)) <= ALLOWED


@given(st.lists(st.sampled_from("#*_-`>[]()!<>&\n 1.ab\\\"'~|"), max_size=200))
def test_any_mixture_of_marks_gives_only_allowed_tags(marks):
    assert tags_in(richtext("".join(marks))) <= ALLOWED


@pytest.mark.parametrize(
    "text",
    ["\0" * 10, "\ud800 lone", "a" * 1_000_000, ">" * 5000, "- " * 3000, None, ""],
)
def test_broken_and_enormous_text_is_shown_without_an_error(text):
    html = richtext(text)

    html.encode("utf-8")
    assert tags_in(html) <= ALLOWED


def test_a_very_long_text_is_kept_whole():
    assert richtext("a" * (LONGEST + 1)).count("a") >= LONGEST + 1


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# One\n\n## Two\n\n# Three", ["3", "4", "3"]),
        ("## One\n\n#### Two", ["3", "4"]),
        ("###### One", ["3"]),
        ("# 1\n\n## 2\n\n### 3\n\n#### 4\n\n##### 5", ["3", "4", "5", "6", "6"]),
    ],
)
def test_headings_begin_at_the_third_level_and_skip_none(text, levels):
    assert re.findall(r"<h(\d)", richtext(text)) == levels


def test_lists_links_and_emphasis_wear_the_classes_of_the_design():
    html = richtext("A [link](https://example.com/) and **bold**\n\n- one\n- two")

    assert '<p class="govuk-body">' in html
    assert 'class="govuk-link"' in html
    assert "<strong>bold</strong>" in html
    assert '<ul class="govuk-list govuk-list--bullet">' in html


@pytest.mark.parametrize("raw", ["a <strong>b</strong>", "<p class='govuk-body'>b</p>"])
def test_html_that_is_typed_is_shown_as_it_was_typed(raw):
    html = richtext(raw)

    assert "&lt;" in html
    assert "<strong>" not in html
    assert html.count("<p") == 1
