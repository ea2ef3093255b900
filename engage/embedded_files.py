"""The files that the embedded defaults leave behind: done bells and written mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from council.models import Council

FILE_MAIL = "django.core.mail.backends.filebased.EmailBackend"
BELLS_KEPT = timedelta(days=1)


def purge(when: datetime) -> int:
    """Delete bells that were heard, and mail as old as an address may be kept.

    With a broker and a mail server of one's own there is nothing to delete.
    """
    gone = 0
    processed = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("processed_folder")
    if processed:
        gone += _delete_older(Path(str(processed)), "*", when - BELLS_KEPT)
    if settings.EMAIL_BACKEND == FILE_MAIL:
        kept = timedelta(days=Council.objects.current().notice_days)
        gone += _delete_older(Path(settings.EMAIL_FILE_PATH), "*.log", when - kept)
    return gone


def _delete_older(folder: Path, pattern: str, before: datetime) -> int:
    """Delete the folder's own files; another process may be doing the same."""
    gone = 0
    for file in folder.glob(pattern):
        try:
            if file.is_file() and file.stat().st_mtime < before.timestamp():
                file.unlink()
                gone += 1
        except FileNotFoundError:
            continue
    return gone
