"""What may be uploaded as a document, told from its first bytes and not its name."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts import ActionRefused

LARGEST = 10 * 1024 * 1024
# Extension -> (format as shown, content type, first bytes).
FORMATS: dict[str, tuple[str, str, bytes]] = {
    "pdf": ("PDF", "application/pdf", b"%PDF-"),
    "docx": (
        "DOCX",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        b"PK\x03\x04",
    ),
    "odt": ("ODT", "application/vnd.oasis.opendocument.text", b"PK\x03\x04"),
    "xlsx": (
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        b"PK\x03\x04",
    ),
    "png": ("PNG", "image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("JPG", "image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("JPG", "image/jpeg", b"\xff\xd8\xff"),
}
# What an office file must hold, so that any other archive is refused.
MEMBERS = {"docx": "word/", "xlsx": "xl/", "odt": "content.xml"}
CONTENT_TYPES = {shown: kind for shown, kind, _start in FORMATS.values()}


@dataclass(frozen=True)
class Checked:
    """An upload that `checked` let through."""

    file: UploadedFile[bytes]
    name: str
    format: str
    size: int


def checked(upload: UploadedFile[bytes]) -> Checked:
    """Return an upload with its format, or refuse it with a sentence."""
    name = _tidy(upload.name or "")
    extension = name.rpartition(".")[2].lower()
    size = upload.size or 0
    if extension not in FORMATS:
        raise ActionRefused(
            _("The selected file must be a PDF, DOCX, ODT, XLSX, PNG or JPG")
        )
    if size == 0:
        raise ActionRefused(_("The selected file is empty"))
    if size > LARGEST:
        raise ActionRefused(_("The selected file must be smaller than 10MB"))
    shown, _kind, first_bytes = FORMATS[extension]
    upload.seek(0)
    starts = upload.read(len(first_bytes))
    if starts != first_bytes or not _holds_its_member(upload, extension):
        raise ActionRefused(
            _("The selected file is not a %(format)s, whatever its name says")
            % {"format": shown}
        )
    upload.seek(0)
    return Checked(file=upload, name=name, format=shown, size=size)


def _tidy(name: str) -> str:
    """A file's name as it may be shown and sent in a header."""
    kept = "".join(c for c in name if c.isprintable() and c not in '/\\"<>:|?*;')
    kept = kept.encode("utf-8", "ignore").decode("utf-8").strip() or "document"
    stem, dot, extension = kept.rpartition(".")
    return f"{stem[:120]}{dot}{extension[:10]}" if dot else kept[:120]


def _holds_its_member(upload: UploadedFile[bytes], extension: str) -> bool:
    wanted = MEMBERS.get(extension)
    if wanted is None:
        return True
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:
            return any(name.startswith(wanted) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
