"""Lines to paragraphs: page furniture out, what a page break or a line end cut joined again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.marker import read_marker
from corpus.readers.document import Block, Line, PageBreak, Table
from corpus.text import fold

# A whole line "1/20/2023 11:11:11", as a printer or a signing service leaves it.
_STAMP = re.compile(r"^\d{1,2}/\d{1,2}/\d{4},?\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?$")
# A whole line "2", "- 2 -", "Trang 2/14"; a lone number above 999 is no page.
_PAGE_NUMBER = re.compile(
    r"^(?:[-–]\s*)?(?:trang\s+)?\d{1,3}(?:\s*/\s*\d{1,3})?(?:\s*[-–])?$", re.I
)
_CLOSED = re.compile(r"[.;:!?…][)”\"'»\]]*$|/$")
# A line that ends so was certainly cut: "và", "của", a comma, a hyphen.
_DANGLING = re.compile(
    r"(?:[,\-–(]|\b(?:và|của|các|với|cho|về|tại|theo|hoặc|từ|đến|trên|trong|những|là|do|bởi))$",
    re.I,
)
_STARTS_LOWER = re.compile(r"^[\"“(]?[^\W\d_]")
# A wrapped line shorter than this share of the longest ended its paragraph.
_FULL_LINE_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text and the 1-based page it begins on (None without pages).

    `wrapped` keeps the original lines where line ends may mean something (a table in raw text).
    """

    text: str
    page: int | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of a document: paragraphs and tables in order, and the stamps taken out."""

    blocks: tuple[Paragraph | Table, ...]
    stamps: tuple[str, ...]


def clean(blocks: Sequence[Block]) -> Cleaned:
    """Drop page numbers and stamps from `blocks` and join the paragraphs that were cut."""
    stamps = []
    kept: list[Line | Table] = []
    for block in blocks:
        if isinstance(block, PageBreak):
            continue
        if isinstance(block, Line):
            if _STAMP.match(block.text):
                stamps.append(block.text)
                continue
            if _PAGE_NUMBER.match(block.text):
                continue
        kept.append(block)
    return Cleaned(tuple(_join(kept)), tuple(stamps))


def _join(blocks: Sequence[Line | Table]) -> list[Paragraph | Table]:
    longest = max((len(b.text) for b in blocks if isinstance(b, Line) and b.wrapped), default=0)
    joined: list[Paragraph | Table] = []
    last_line: Line | None = None
    for block in blocks:
        if isinstance(block, Table):
            joined.append(block)
            last_line = None
            continue
        previous = joined[-1] if joined else None
        if (
            isinstance(previous, Paragraph)
            and last_line is not None
            and _continues(previous.text, last_line, block, longest)
        ):
            joined[-1] = Paragraph(
                f"{previous.text} {block.text}", previous.page, (*previous.lines, block.text)
            )
        else:
            joined.append(Paragraph(block.text, block.page, (block.text,)))
        last_line = block
    return joined


def _continues(text: str, last_line: Line, line: Line, longest: int) -> bool:
    """Say whether `line` goes on with the paragraph `text` that so far ends with `last_line`."""
    if read_marker(line.text) is not None:
        return False
    starts_lower = bool(_STARTS_LOWER.match(line.text)) and line.text.lstrip('"“(')[0].islower()
    if text.startswith("(") and text.endswith(")"):
        return False
    if _CLOSED.search(text):
        return line.wrapped and starts_lower and not text.endswith((":", ";", "/"))
    if text.isupper() or line.text.isupper():
        return False
    if starts_lower:
        return True
    if _DANGLING.search(text) and not fold(line.text).startswith(
        ("noi nhan", "can cu", "kt.", "tm.")
    ):
        return True
    return line.wrapped and len(last_line.text) >= _FULL_LINE_SHARE * longest
