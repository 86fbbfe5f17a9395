"""Plain text and Markdown as a Document: emphasis dropped, tab and pipe tables kept as tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corpus.model import Note
from corpus.readers.document import Block, Document, Line, PageBreak, Table
from corpus.text import normalise

# "## II. YÊU CẦU" but not "#hashtag".
_HEADING = re.compile(r"^#{1,6}\s+")
# "*Căn cứ …;*" and "**1. Mục tiêu**", not "2 * 3" nor a lone asterisk.
_EMPHASIS = re.compile(r"(\*{1,3})(?=\S)([^*]+)(?<=\S)\1")
# What is left of an emphasis that runs over several lines: "**KT. CHỦ TỊCH" / "PHÓ CHỦ TỊCH**".
_OPEN_EMPHASIS = re.compile(r"^\*{1,3}(?=\S)|(?<=\S)\*{2,3}$")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_PIPE_ROW = re.compile(r"^\|.*\|$")
_PIPE_RULE = re.compile(r"^\|(?:\s*:?-+:?\s*\|)+$")
# A tab-separated table has at least this many columns; a tab inside prose has fewer.
_FEWEST_COLUMNS = 3


def document_of_text(
    text: str, *, name: str, sha256: str, notes: tuple[Note, ...] = ()
) -> Document:
    """Return the blocks of `text`: tables where lines have columns, lines elsewhere.

    Line ends are taken for layout (``Line.wrapped``) unless the text is Markdown or has
    tab-separated tables, as text copied out of a word processor has.
    """
    pages = [normalise(page).split("\n") for page in text.split("\f")]
    lines = [line for page in pages for line in page]
    marked_up = any(
        _HEADING.match(line) or _EMPHASIS.search(line) or "\t" in line for line in lines
    )
    blocks = tuple(
        block
        for number, page in enumerate(pages)
        for block in (*([PageBreak()] if number else ()), *_blocks(page, wrapped=not marked_up))
    )
    return Document(
        name=name,
        format="markdown" if marked_up else "text",
        sha256=sha256,
        blocks=blocks,
        notes=notes,
    )


def _blocks(lines: list[str], *, wrapped: bool) -> Iterator[Block]:
    index = 0
    while index < len(lines):
        split = _row_splitter(lines[index])
        if split is None:
            if lines[index].strip():
                yield Line(_plain(lines[index]), wrapped=wrapped)
            index += 1
            continue
        rows = []
        while index < len(lines) and _row_splitter(lines[index]) is split:
            if not _PIPE_RULE.match(lines[index]):
                rows.append(split(lines[index]))
            index += 1
        width = max(map(len, rows), default=0)
        if rows:
            yield Table(tuple(tuple(row + [""] * (width - len(row))) for row in rows))


def _row_splitter(line: str) -> Callable[[str], list[str]] | None:
    if line.count("\t") >= _FEWEST_COLUMNS - 1:
        return _tab_cells
    if _PIPE_ROW.match(line) and line.count("|") > _FEWEST_COLUMNS:
        return _pipe_cells
    return None


def _tab_cells(line: str) -> list[str]:
    return [_plain(cell) for cell in line.split("\t")]


def _pipe_cells(line: str) -> list[str]:
    return [_plain(cell.replace("<br>", " ")) for cell in line.strip("|").split("|")]


def _plain(line: str) -> str:
    line = _HEADING.sub("", line.strip())
    if "*" in line:
        while (plain := _EMPHASIS.sub(r"\2", line)) != line:
            line = plain
        line = _OPEN_EMPHASIS.sub("", line)
    return normalise(_AUTOLINK.sub(r"\1", line) if "<" in line else line)
