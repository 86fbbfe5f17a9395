"""Older office formats (.doc, .odt, .rtf, .xls, .ods): converted by LibreOffice, then read."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from corpus.errors import Refusal, UnreadableFile
from corpus.readers.document import Document
from corpus.readers.docx import read_docx
from corpus.readers.limits import Limits

_SPREADSHEETS = frozenset({".xls", ".ods"})
_OLE = b"\xd0\xcf\x11\xe0"


def read_office(path: Path, *, limits: Limits | None = None) -> Document:
    """Read a file of an older format by way of DOCX or XLSX. Raises `UnreadableFile`."""
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="kehoach-office-") as folder:
        target = "xlsx" if _is_spreadsheet(path) else "docx"
        converted = _convert(path, target, Path(folder), limits)
        if target == "xlsx":
            from corpus.readers.sheet import read_sheet

            document = read_sheet(converted, limits=limits)
        else:
            document = read_docx(converted, limits=limits)
    from hashlib import sha256

    return replace(
        document,
        name=path.name,
        format=path.suffix.lower().lstrip(".") or "doc",
        sha256=sha256(path.read_bytes()).hexdigest(),
    )
