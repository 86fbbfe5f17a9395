"""Files of every format to Documents: what stands in them, not yet what it means."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import replace
from pathlib import Path

from corpus.errors import Refusal, UnreadableFile
from corpus.model import Note, Severity
from corpus.readers.document import Document
from corpus.readers.encoding import decode, recoded
from corpus.readers.isolate import read_in_child
from corpus.readers.kind import ending_lies, kind_of
from corpus.readers.limits import Limits
from corpus.readers.text import document_of_text

__all__ = ["Limits", "read_document"]


def read_document(
    path: Path, *, limits: Limits | None = None, folder: Path | None = None
) -> Document:
    """Read one file of any supported format.

    The format is told by the bytes; an ending that says otherwise becomes a note. Everything but
    plain text is read in a child process under `limits`. With `folder`, a path or link that
    leaves it is refused. Raises `UnreadableFile` and nothing else.
    """
    limits = limits or Limits()
    _check(path, limits, folder)
    try:
        kind = kind_of(path, limits)
        document = _read_text(path) if kind == "text" else read_in_child(path, kind, limits)
    except OSError as error:
        raise UnreadableFile(path, Refusal.NOT_A_FILE) from error
    if ending_lies(path, kind):
        note = Note(
            "ending_lies",
            Severity.WARNING,
            f"Đuôi tệp “{path.suffix}” không đúng với nội dung ({document.format}); "
            "đã đọc theo nội dung.",
        )
        document = replace(document, notes=(note, *document.notes))
    return document


def _check(path: Path, limits: Limits, folder: Path | None) -> None:
    """Refuse what is not a regular file of a bearable size inside `folder`."""
    try:
        if folder is not None and not path.resolve().is_relative_to(folder.resolve()):
            raise UnreadableFile(path, Refusal.OUTSIDE_FOLDER)
        found = path.stat()
    except (OSError, ValueError, RuntimeError) as error:
        raise UnreadableFile(path, Refusal.NOT_A_FILE) from error
    if not stat.S_ISREG(found.st_mode) or not os.access(path, os.R_OK):
        raise UnreadableFile(path, Refusal.NOT_A_FILE)
    if found.st_size == 0:
        raise UnreadableFile(path, Refusal.EMPTY)
    if found.st_size > limits.size:
        raise UnreadableFile(path, Refusal.TOO_LARGE)


def _read_text(path: Path) -> Document:
    data = path.read_bytes()
    decoded = decode(data)
    document = document_of_text(
        decoded.text,
        name=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        notes=decoded.notes,
    )
    blocks, notes = recoded(document.blocks)
    return replace(document, blocks=tuple(blocks), notes=(*document.notes, *notes))
