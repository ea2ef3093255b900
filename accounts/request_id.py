"""The id of the request being served, for logs and the audit trail."""

import logging
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the id of the request (or task) being served, or an empty string."""
    return _current.get()


def begin(request_id: str) -> None:
    """Name what is being served from here on."""
    _current.set(request_id)


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current()
        return True
