"""Supporting documents of a plan: pages of text first, files where they must be."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from consultations import permissions
from consultations.actions import moves
from consultations.actions.files import Checked
from consultations.models import Consultation, Document
from design import formats

MOST_DOCUMENTS = 30


# What a person writes of a document, and what follows from its file.
FILLED = [
    "title",
    "text",
    "file",
    "file_name",
    "file_format",
    "file_size",
    "added_at",
    "accessible_note",
]


@transaction.atomic
def add_document(
    consultation: Consultation,
    *,
    by: User,
    title: str,
    text: str = "",
    upload: Checked | None = None,
    accessible_note: str = "",
) -> Document:
    """Add a document to a plan, at the end."""
    row = moves.start_planning(consultation)
    last = row.documents.order_by("-position").first()
    if row.documents.count() >= MOST_DOCUMENTS:
        raise ActionRefused(
            _("A consultation has at most %(most)s documents.")
            % {"most": MOST_DOCUMENTS}
        )
    _refuse_nothing(text, accessible_note, has_file=upload is not None)
    document = Document.objects.create(
        consultation=row,
        position=last.position + 1 if last else 0,
        title=title,
        text=text,
        accessible_note=accessible_note,
        **_file_fields(upload),
    )
    _record("document.added", document, row, by, after=described(document))
    return document


@transaction.atomic
def edit_document(
    document: Document,
    *,
    by: User,
    title: str,
    text: str = "",
    upload: Checked | None = None,
    accessible_note: str = "",
) -> Document:
    """Change a document of a plan; without a new file the old one stays."""
    row = moves.start_planning(document.consultation)
    document = Document.objects.select_for_update().get(pk=document.pk)
    before = described(document)
    document.title = title
    fill(document, text=text, upload=upload, accessible_note=accessible_note)
    document.save(update_fields=FILLED)
    _record(
        "document.edited", document, row, by, before=before, after=described(document)
    )
    return document


@transaction.atomic
def remove_document(document: Document, *, by: User) -> None:
    """Take a document out of a plan. Its file stays in the store, unreachable."""
    row = moves.start_planning(document.consultation)
    document = Document.objects.select_for_update().get(pk=document.pk)
    _record("document.removed", document, row, by, before=described(document))
    document.delete()


@transaction.atomic
def move_document(document: Document, *, by: User, up: bool) -> None:
    """Move a document one place; at the end of the list nothing happens."""
    row = moves.start_planning(document.consultation)
    listed = list(row.documents.select_for_update().order_by("position", "pk"))
    place = next((i for i, d in enumerate(listed) if d.pk == document.pk), None)
    if place is None:
        raise ActionRefused(_("This document has been removed."))
    wanted = place - 1 if up else place + 1
    if not 0 <= wanted < len(listed):
        return
    listed[place], listed[wanted] = listed[wanted], listed[place]
    for position, each in enumerate(listed):
        each.position = position
    Document.objects.bulk_update(listed, ["position"])
    _record("document.moved", listed[wanted], row, by, after={"place": wanted + 1})


def fill(
    document: Document, *, text: str, upload: Checked | None, accessible_note: str
) -> None:
    """Set what a document holds; refuse one that holds nothing.

    A file is kept under a random name; the name it came with is only shown.
    """
    document.text, document.accessible_note = text, accessible_note
    for name, value in _file_fields(upload).items():
        setattr(document, name, value)
    _refuse_nothing(text, accessible_note, has_file=bool(document.file))


def _refuse_nothing(text: str, accessible_note: str, *, has_file: bool) -> None:
    if not text and not has_file:
        raise ActionRefused(_("Enter the text of the document, or choose a file."))
    if has_file and not text and not accessible_note:
        raise ActionRefused(
            _("Say how people get this file in a format that they can use.")
        )


def described(document: Document) -> dict[str, str]:
    """A document as the trail and the approver read it."""
    return {
        "title": document.title,
        "text": document.text,
        "file": _file_in_words(document),
        "accessible_note": document.accessible_note,
    }


def _file_in_words(document: Document) -> str:
    """Name, size and moment: so that another file of the same name is another."""
    if not document.file:
        return ""
    return _("%(name)s, %(size)s, added %(moment)s") % {
        "name": document.file_name,
        "size": filesizeformat(document.file_size),
        "moment": formats.moment(document.added_at),
    }


def _file_fields(upload: Checked | None) -> dict[str, Any]:
    """The fields of a new file; none where the old one stays."""
    if upload is None:
        return {}
    upload.file.name = f"{secrets.token_hex(16)}.bin"
    return {
        "file": upload.file,
        "file_name": upload.name,
        "file_format": upload.format,
        "file_size": upload.size,
        "added_at": timezone.now(),
    }


def _record(
    action: str,
    document: Document,
    consultation: Consultation,
    by: User,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    audit.record(
        action,
        document,
        by=by,
        acting_as=permissions.acting_as(by, consultation),
        before=before,
        after=after,
        about=consultation,
    )
