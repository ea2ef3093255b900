"""Where a person is in the questions: which page comes next, which came before."""

from __future__ import annotations

from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.models import Draft
from consultations.questionnaire.document import Page, Questionnaire
from consultations.questionnaire.routing import path
from consultations.responses import frozen


class Journey:
    """The way through a questionnaire that a draft's answers make."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.slug = draft.consultation.slug

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return frozen.questionnaire(self.draft.version)

    @cached_property
    def path(self) -> list[Page]:
        return path(self.questionnaire, self.draft.answers)

    def number(self, page: Page) -> int:
        """The page's number in the document, which its address has."""
        return self.questionnaire.pages.index(page) + 1

    def page(self, number: int) -> Page | None:
        """The page of a number, if these answers lead through it."""
        pages = self.questionnaire.pages
        page = pages[number - 1] if 1 <= number <= len(pages) else None
        return page if page in self.path else None

    def is_reachable(self, page: Page) -> bool:
        """Whether every page before it on the way has been done."""
        before = self.path[: self.path.index(page)]
        return all(each.key in self.draft.pages_done for each in before)

    def first_open(self) -> Page | None:
        """The first page on the way that is not done yet."""
        done = set(self.draft.pages_done)
        return next((page for page in self.path if page.key not in done), None)

    def title(self, page: Page) -> str:
        label = self.questionnaire.label(page.key, self.draft.language)
        return label or _("Page %(number)s") % {"number": self.number(page)}

    def progress(self, page: Page) -> str:
        """“Page 2 of 5”, where no route can make it untrue."""
        if any(each.routes for each in self.questionnaire.pages):
            return ""
        count = len(self.questionnaire.pages)
        if count < 2:
            return ""
        return _("Page %(number)s of %(count)s") % {
            "number": self.number(page),
            "count": count,
        }

    def address(self, page: Page) -> str:
        return reverse(
            "consultations:respond_page", args=[self.slug, self.number(page)]
        )

    def here(self) -> str:
        """Where to go on: the first open page, or else the check."""
        page = self.first_open()
        if page is not None:
            return self.address(page)
        return reverse("consultations:respond_check", args=[self.slug])

    def after(self, page: Page, *, to_check: bool) -> str:
        """Where Continue leads: the next page, or what is still open and the check."""
        following = self.path[self.path.index(page) + 1 :] if page in self.path else []
        if to_check or not following:
            return self.here()
        return self.address(following[0])

    def before(self, page: Page | None) -> str:
        """Where Back leads from a page, or from the check (None)."""
        earlier = self.path if page is None else self.path[: self.path.index(page)]
        if earlier:
            return self.address(earlier[-1])
        return self.draft.consultation.get_absolute_url()
