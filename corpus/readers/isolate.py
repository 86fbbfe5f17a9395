"""A file read in a child process that may fail, hang or swell without harm to ours.

The child is a fresh interpreter for every file, so a hostile file poisons nothing but itself. It
limits itself before it opens the file, works in a private folder that is deleted afterwards,
and hands its Document back as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import corpus
from corpus.errors import Refusal, UnreadableFile
from corpus.model import Note, Severity
from corpus.readers.document import Block, Document, Line, PageBreak, Table
from corpus.readers.limits import Limits

_ANSWER = "document.json"
_OPEN_FILES = 128


def read_in_child(path: Path, kind: str, limits: Limits) -> Document:
    """Read `path` as `kind` in a child process; raises `UnreadableFile` whatever happens there."""
    seconds = limits.scan_seconds if kind in ("pdf", "image") else limits.seconds
    with tempfile.TemporaryDirectory(prefix="kehoach-") as folder:
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(Path(corpus.__file__).parent.parent),
            "HOME": folder,
            "TMPDIR": folder,
            "LC_ALL": "C.UTF-8",
            "OMP_THREAD_LIMIT": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        child = subprocess.Popen(  # noqa: S603  (our own interpreter, arguments are not a shell's)
            [
                *(sys.executable, "-m", "corpus.readers.isolate"),
                *(str(path.absolute()), kind, json.dumps(asdict(limits))),
            ],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            status = child.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise UnreadableFile(path, Refusal.TIMEOUT) from error
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        answer = Path(folder) / _ANSWER
        if not answer.exists():
            raise UnreadableFile(path, _reason_of_death(status))
        if answer.stat().st_size > limits.output:
            raise UnreadableFile(path, Refusal.TOO_LARGE)
        try:
            fields = json.loads(answer.read_bytes())
        except ValueError as error:
            raise UnreadableFile(path, Refusal.DAMAGED) from error
    if "refused" in fields:
        raise UnreadableFile(path, Refusal(fields["refused"]), fields["message"])
    return document_of_json(fields)


def document_to_json(document: Document) -> dict[str, Any]:
    """Return a Document as plain lists and dictionaries."""
    return {
        "name": document.name,
        "format": document.format,
        "sha256": document.sha256,
        "blocks": [_block_to_json(block) for block in document.blocks],
        "pages": document.pages,
        "recognised": document.recognised,
        "confidence": document.confidence,
        "notes": [[note.code, note.severity.value, note.message] for note in document.notes],
    }


def document_of_json(fields: dict[str, Any]) -> Document:
    """Return the Document that `document_to_json` wrote."""
    return Document(
        name=fields["name"],
        format=fields["format"],
        sha256=fields["sha256"],
        blocks=tuple(map(_block_of_json, fields["blocks"])),
        pages=fields["pages"],
        recognised=fields["recognised"],
        confidence=fields["confidence"],
        notes=tuple(
            Note(code, Severity(severity), message) for code, severity, message in fields["notes"]
        ),
    )


def _block_to_json(block: Block) -> list[Any]:
    if isinstance(block, Line):
        return ["line", block.text, block.page, block.wrapped]
    if isinstance(block, Table):
        return ["table", block.rows, block.pages, block.confidence, block.doubtful]
    return ["break"]


def _block_of_json(fields: list[Any]) -> Block:
    if fields[0] == "line":
        return Line(fields[1], fields[2], fields[3])
    if fields[0] == "table":
        rows = tuple(map(tuple, fields[1]))
        return Table(rows, tuple(fields[2]), fields[3], tuple(fields[4]))
    return PageBreak()


def _reason_of_death(status: int) -> Refusal:
    """Guess from the exit status why a child left no answer."""
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return Refusal.TIMEOUT
    return Refusal.MEMORY if status in (-signal.SIGABRT, -signal.SIGSEGV) else Refusal.DAMAGED


def _reader_of(kind: str) -> Callable[..., Document]:
    """Import the reader of one kind, and nothing else."""
    if kind == "docx":
        from corpus.readers.docx import read_docx

        return read_docx
    if kind == "pdf":
        from corpus.readers.pdf import read_pdf

        return read_pdf
    if kind == "image":
        from corpus.readers.scan import read_scan

        return read_scan
    if kind == "html":
        from corpus.readers.html import read_html

        return read_html
    if kind == "csv":
        from corpus.readers.sheet import read_csv

        return read_csv
    if kind == "xlsx":
        from corpus.readers.sheet import read_sheet

        return read_sheet
    if kind == "calc":
        from corpus.readers.office import read_calc

        return read_calc
    from corpus.readers.office import read_writer

    return read_writer


def _limit_ourselves(kind: str, limits: Limits) -> None:
    seconds = limits.scan_seconds if kind in ("pdf", "image") else limits.seconds
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.output),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def _main(name: str, kind: str, limits_json: str) -> None:
    path, limits = Path(name), Limits(**json.loads(limits_json))
    _limit_ourselves(kind, limits)
    try:
        answer = document_to_json(_reader_of(kind)(path, limits=limits))
    except UnreadableFile as error:
        answer = {"refused": error.reason.value, "message": error.message}
    except (MemoryError, RecursionError):
        answer = _refusal(path, Refusal.MEMORY)
    except Exception:
        answer = _refusal(path, Refusal.DAMAGED)
    part = Path(_ANSWER + ".part")
    part.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8", errors="replace")
    part.rename(_ANSWER)


def _refusal(path: Path, reason: Refusal) -> dict[str, str]:
    return {"refused": reason.value, "message": UnreadableFile(path, reason).message}


if __name__ == "__main__":
    _main(*sys.argv[1:])
