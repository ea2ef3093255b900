"""Uploaded files on their way out."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404


def as_attachment(
    file: FieldFile, name: str, kind: str = "application/octet-stream"
) -> FileResponse:
    """A file that is always saved, never opened inside the portal (T-22); or 404."""
    if not file.name or not file.storage.exists(file.name):
        raise Http404
    response = FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type=kind
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
