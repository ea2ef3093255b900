"""Logs: one JSON object a line. No personal data, no secret links, no answers."""

import json
import logging
import re

# A token is "<row>.<mac>" (accounts.secret_links): never in a log.
_TOKEN = re.compile(r"[0-9a-z-]{1,40}\.[a-z2-7]{32}")
_RESET = re.compile(r"(password/reset/key/)[^\s\"'<>/]+")
_EMAIL = re.compile(r"[^\s\"'<>/=]+(?:@|%40)[^\s\"'<>/&]+\.[a-zA-Z]{2,}")
# PostgreSQL quotes the row that it refuses, answers and all.
_ROW = re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE)


def clean(text: str) -> str:
    """Return the text without secret links, addresses and rows of the database."""
    text = _RESET.sub(r"\1[link]", _TOKEN.sub("[link]", text))
    return _EMAIL.sub("[address]", _ROW.sub(r"\1: [row]", text))


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", ""),
            "message": clean(record.getMessage()),
        }
        if record.exc_info and record.exc_info[0]:
            entry["exception"] = clean(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


def configuration(level: str) -> dict[str, object]:
    """Return the LOGGING setting: everything to the console, at this level."""
    console = {
        "class": "logging.StreamHandler",
        "formatter": "json",
        "filters": ["request_id"],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "accounts.request_id.RequestIdFilter"}},
        "formatters": {"json": {"()": "engage.logs.JsonFormatter"}},
        "handlers": {"console": console},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"handlers": [], "propagate": False},
            # SQL holds what people wrote: never in a log, whatever the level.
            "django.db.backends": {"level": "INFO"},
        },
    }
