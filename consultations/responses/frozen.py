"""What follows from a frozen version alone, kept in the process: it never changes.

Nothing personal is kept here. Reading the document took a quarter of Continue,
and rendering twenty questions was nearly all that a question page cost.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import Generic, TypeVar

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from consultations.models import QuestionnaireVersion
from consultations.questionnaire.document import Page, Questionnaire, load
from consultations.responses.fields import Wording, page_fields_of
from wards.models import Ward

Kept = TypeVar("Kept")


class _Newest(Generic[Kept]):
    """The things used last, up to a number; threads may share it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.things: OrderedDict[Hashable, Kept] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        with self.lock:
            if key in self.things:
                self.things.move_to_end(key)
                return self.things[key]
        made = make()
        with self.lock:
            self.things[key] = made
            while len(self.things) > self.most:
                self.things.popitem(last=False)
        return made


_documents: _Newest[Questionnaire] = _Newest(100)
_pages: _Newest[SafeString] = _Newest(200)
_fields: _Newest[dict[str, forms.Field]] = _Newest(200)


def questionnaire(version: QuestionnaireVersion) -> Questionnaire:
    """Return the typed document of a version."""
    if version.frozen_at is None:
        return load(version.document)
    key = (version.pk, version.frozen_at)
    return _documents.get(key, lambda: load(version.document))


def page_fields(
    version: QuestionnaireVersion,
    page: Page,
    *,
    language: str,
    wards: Iterable[Ward],
) -> dict[str, forms.Field]:
    """Return a page's form fields, which every form of that page shares."""
    words = Wording(questionnaire(version), language, tuple(wards))
    if version.frozen_at is None:
        return page_fields_of(page, words)
    key = _key(version, page, language, words.wards)
    return _fields.get(key, lambda: page_fields_of(page, words))


def _key(
    version: QuestionnaireVersion, page: Page, language: str, wards: Iterable[Ward]
) -> Hashable:
    return (
        version.pk,
        version.frozen_at,
        page.key,
        language,
        get_language(),
        tuple((ward.code, ward.name) for ward in wards),
    )


def blank_page(
    version: QuestionnaireVersion,
    page: Page,
    *,
    language: str,
    wards: Iterable[Ward],
    render: Callable[[], SafeString],
) -> SafeString:
    """Return a page's controls as they are without answers; `render` makes them."""
    if version.frozen_at is None:
        return render()
    return _pages.get(_key(version, page, language, wards), render)
