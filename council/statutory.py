"""The statutory pages' own words, for a council that has not written its own yet.

Markdown. The parts that the law asks for in every case (dates, contact and
enforcement of the accessibility statement; the cookies in use) are in the templates,
so that a council's own words cannot leave them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext, gettext_lazy

from council.models import StatutoryPage

Kind = StatutoryPage.Kind
# When these words were written, and checked against the portal.
PREPARED_ON = date(2026, 11, 22)
REVIEW_EVERY = timedelta(days=365)

WORDS = {
    Kind.ACCESSIBILITY: gettext_lazy(
        "We want as many people as possible to be able to use this website. You can "
        "enlarge the text to 400%, use it with the keyboard alone, without scripts, "
        "and with a screen reader. The language is plain.\n\n"
        "### How accessible this website is\n\n"
        "This website is partially compliant with the Web Content Accessibility "
        "Guidelines version 2.2 AA standard, because of what is listed below.\n\n"
        "### Content that is not accessible\n\n"
        "- Documents in other formats than web pages (PDF and office files) may not "
        "work with every screen reader. Ask us for another format.\n"
        "- This website is checked by programs and by keyboard. People with "
        "disabilities have not yet tested it for us.\n\n"
        "### How we checked it\n\n"
        "Every page is tested by programs against WCAG 2.2 AA, at two widths, "
        "whenever the website changes."
    ),
    Kind.PRIVACY: gettext_lazy(
        "You can answer without an account and without your name. We look up a "
        "postcode to find the ward, and do not keep the postcode. Answers, equality "
        "questions and email addresses are kept apart from each other. If you "
        "withdraw your answer, we delete it. Totals and quotes that are published "
        "already stay as they are."
    ),
    Kind.COOKIES: gettext_lazy(
        "A cookie is a small text that a website keeps in your browser. We use "
        "essential cookies only. We do not count or follow you, so we do not ask."
    ),
    Kind.CONTACT: gettext_lazy(
        "Ask us for a paper form, large print, Easy Read, another language or help "
        "with answering. Every way of answering counts the same."
    ),
}


@dataclass(frozen=True)
class Page:
    """A statutory page as it is shown: its text and its days."""

    kind: str
    text: str
    prepared_on: date | None
    reviewed_on: date | None
    is_own: bool

    def review_is_due(self, today: date) -> bool:
        """Whether nobody has reviewed it within twelve months (ACC-01)."""
        last = self.reviewed_on or (self.prepared_on if self.is_own else None)
        return last is None or last + REVIEW_EVERY < today


def page(kind: str) -> Page:
    """Return a page: the council's own words, or ours."""
    row = StatutoryPage.objects.filter(kind=kind).first()
    if row is None:
        words = str(WORDS[Kind(kind)])
        return Page(kind, words, PREPARED_ON, None, is_own=False)
    return Page(kind, row.text, row.prepared_on, row.reviewed_on, is_own=True)


def reminder(today: date) -> str:
    """Tell administrators that the accessibility statement wants a review, or ""."""
    if not page(Kind.ACCESSIBILITY).review_is_due(today):
        return ""
    return gettext(
        "The accessibility statement has not been reviewed in the last 12 months."
    )
