"""Logs as JSON, a line each: what happened to a request, never what was asked or by which key."""

from __future__ import annotations

import datetime
import json
import logging
import traceback
from typing import Any

REQUESTS = "kehoach.requests"


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object; `fields` of a record are added to it.

    Of an error only its type and where it was raised are told: its text may hold a question.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for `record`."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line |= told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def told(error: BaseException) -> dict[str, object]:
    """Return the type of `error` and the places it passed through, without its text."""
    places = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "at": [f"{place.filename}:{place.lineno} {place.name}" for place in places],
    }


def logging_config() -> dict[str, Any]:
    """Return what `logging.config.dictConfig` takes: everything to stderr as JSON lines."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "kehoach": {"level": "INFO"},
            "uvicorn.error": {"level": "INFO"},
            # Its lines hold the address with the question in it; ours are written by the gate.
            "uvicorn.access": {"handlers": [], "propagate": False},
        },
    }
