"""What people say about answers: one JSON line each, only ever added to, beside the index."""

from __future__ import annotations

import datetime
import fcntl
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from search_api.errors import FeedbackFull

# Bytes: some ten thousand remarks; who fills it may move the file away.
_LARGEST_FILE = 20_000_000


def book_of(index_dir: Path) -> Path:
    """Return the file of the remarks on answers from the index at `index_dir`."""
    return index_dir / "feedback.jsonl"


class Feedback:
    """The remarks in one file; safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, remark: Mapping[str, Any], caller: str | None) -> str:
        """Add a remark and return its id; `caller` is the name of the key it came with."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        kept = {"id": secrets.token_hex(6), "at": now, "caller": caller, **remark}
        line = json.dumps(kept, ensure_ascii=False) + "\n"
        with self._path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if file.tell() > _LARGEST_FILE:
                raise FeedbackFull
            file.write(line.encode())
        return str(kept["id"])

    def newest(self, count: int) -> tuple[list[dict[str, Any]], int]:
        """Return the last `count` remarks, newest first, and how many there are."""
        try:
            # Not `splitlines`: a remark may hold other things that end a line.
            lines = self._path.read_text(encoding="utf-8").split("\n")[:-1]
        except FileNotFoundError:
            return [], 0
        return [json.loads(line) for line in reversed(lines[-count:])], len(lines)
