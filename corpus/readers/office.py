"""Older office formats (.doc, .rtf, .odt, .xls, .ods): converted by LibreOffice, then read."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from corpus.errors import Refusal, UnreadableFile
from corpus.readers.document import Document
from corpus.readers.docx import read_docx
from corpus.readers.limits import Limits
from corpus.readers.sheet import read_sheet

# How a document of an older format begins, and the ending LibreOffice expects of it.
_WRITER_ENDINGS = ((b"\xd0\xcf\x11\xe0", ".doc"), (b"PK", ".odt"), (b"{\\rtf", ".rtf"))
_CALC_ENDINGS = ((b"\xd0\xcf\x11\xe0", ".xls"), (b"PK", ".ods"))


def read_writer(path: Path, *, limits: Limits | None = None) -> Document:
    """Read .doc, .rtf or .odt by way of DOCX. Raises `UnreadableFile`."""
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="kehoach-") as folder:
        converted = _convert(path, _ending(path, _WRITER_ENDINGS), "docx", Path(folder), limits)
        return _as(path, read_docx(converted, limits=limits), _ending(path, _WRITER_ENDINGS))


def read_calc(path: Path, *, limits: Limits | None = None) -> Document:
    """Read .xls or .ods by way of XLSX. Raises `UnreadableFile`."""
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="kehoach-") as folder:
        converted = _convert(path, _ending(path, _CALC_ENDINGS), "xlsx", Path(folder), limits)
        return _as(path, read_sheet(converted, limits=limits), _ending(path, _CALC_ENDINGS))


def _ending(path: Path, endings: tuple[tuple[bytes, str], ...]) -> str:
    with path.open("rb") as file:
        head = file.read(16).lstrip()
    return next((ending for magic, ending in endings if head.startswith(magic)), endings[0][1])


def _as(path: Path, document: Document, ending: str) -> Document:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(document, name=path.name, format=ending.lstrip("."), sha256=digest)


def _convert(path: Path, ending: str, target: str, folder: Path, limits: Limits) -> Path:
    """Let LibreOffice write `path` anew, in its own profile and, where the system can, offline."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        raise UnreadableFile(path, Refusal.TOOL_MISSING, _MISSING)
    source = folder / f"source{ending}"
    shutil.copyfile(path, source)
    command = [
        *_without_network(),
        soffice,
        "--headless",
        "--norestore",
        "--nolockcheck",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--convert-to", target, "--outdir", str(folder), str(source)),
    ]
    try:
        subprocess.run(command, capture_output=True, timeout=limits.seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(path, Refusal.TIMEOUT) from error
    converted = folder / f"source.{target}"
    if not converted.exists():
        raise UnreadableFile(path, Refusal.DAMAGED)
    return converted


_MISSING = "Máy chưa cài LibreOffice nên không đọc được tệp định dạng cũ; hãy lưu lại thành DOCX."


def _without_network() -> list[str]:
    """Return a prefix that runs a command without a network; empty where that is not allowed."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    allowed = subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False)  # noqa: S603
    return [unshare, "-rn"] if allowed.returncode == 0 else []
