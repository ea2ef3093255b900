"""Markdown that officers write, as HTML that cannot hurt the page.

Two walls: raw HTML in the text is shown as text, and what Markdown makes is
cleaned again against a short list of tags, classes and link schemes.
"""

import xml.etree.ElementTree as etree
from functools import lru_cache

import markdown
import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from design.formats import storable

# Beyond this it is not a text that a person wrote: shown as it is, unformatted.
LONGEST = 100_000
# Pages show the same few texts again and again: so many of these are kept.
LONGEST_KEPT = 10_000
KEPT = 500
FIRST_LEVEL = 3
LAST_LEVEL = 6
CLASSES = {
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "h3": "govuk-heading-m",
    "h4": "govuk-heading-s",
    "h5": "govuk-heading-s",
    "h6": "govuk-heading-s",
    "blockquote": "govuk-inset-text",
}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
TAGS = {*CLASSES, "li", "strong", "em", "br", "hr", "code", "pre"}


class HouseStyle(Treeprocessor):
    """Headings from h3 without gaps, and the class names of the design."""

    def run(self, root: etree.Element) -> None:
        previous = FIRST_LEVEL - 1
        base: int | None = None
        for element in root.iter():
            written = HEADINGS.get(element.tag)
            if written:
                base = written if base is None else min(base, written)
                wanted = FIRST_LEVEL + written - base
                previous = min(wanted, previous + 1, LAST_LEVEL)
                element.tag = f"h{previous}"
            if element.tag in CLASSES:
                element.set("class", CLASSES[element.tag])


class HouseExtension(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.deregister("image_link")
        md.inlinePatterns.deregister("image_reference")
        md.treeprocessors.register(HouseStyle(md), "house_style", 0)


def _plain(text: str) -> SafeString:
    paragraphs = [p for p in text.split("\n\n") if p.strip()]
    return mark_safe(
        "\n".join(f'<p class="govuk-body">{escape(p.strip())}</p>' for p in paragraphs)
    )


def richtext(text: str | None) -> SafeString:
    """Markdown as safe HTML; headings start at h3, links are http, https, mailto."""
    source = storable(str(text or "")).replace("\r\n", "\n")
    if len(source) > LONGEST:
        return _plain(source)
    return _formatted(source) if len(source) > LONGEST_KEPT else _kept(source)


def _formatted(source: str) -> SafeString:
    try:
        html = markdown.markdown(
            source, extensions=[HouseExtension(), "sane_lists"], output_format="html"
        )
    except RecursionError:
        return _plain(source)
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "title"}},
        allowed_classes={tag: set(names.split()) for tag, names in CLASSES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    return mark_safe(cleaned)


# The HTML follows from the text alone, so what is kept is never stale.
_kept = lru_cache(maxsize=KEPT)(_formatted)
