"""Lines to paragraphs: page furniture out, what a page break or a line end cut joined again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.marker import Level, read_marker
from corpus.readers.document import Block, Line, Table
from corpus.text import fold, one_line

# A whole line "1/20/2023 11:11:11", as a printer or a signing service leaves it.
_STAMP = re.compile(r"^\d{1,2}/\d{1,2}/\d{4},?\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?$")
# A whole line "2", "- 2 -", "Trang 2/14"; not "2023" nor "30/6", for no page comes after the last.
_PAGE_NUMBER = re.compile(
    r"^(?:[-–]\s*)?(?:trang\s+)?(?P<page>\d{1,3})(?:\s*/\s*(?P<pages>\d{1,3}))?(?:\s*[-–])?$", re.I
)
# Not "hội nghị," nor "cấp tỉnh": what ends so may go on.
_CLOSED = re.compile(r"[.;:!?…][)”\"'»\]]*$|/$")
# A line that ends so was certainly cut: "và", "của", a comma, a hyphen; not "giáo dục".
_DANGLING = re.compile(
    r"(?:[,\-–(]|\b(?:và|của|các|với|cho|về|tại|theo|hoặc|từ|đến|trên|trong|những|là|do|bởi))$",
    re.I,
)
# "KT. CHỦ TỊCH", "Nơi nhận", "Căn cứ": these begin a paragraph whatever stands above.
_FRESH_STARTS = ("noi nhan", "can cu", "kt.", "tm.")
# No pattern above looks at more of a line's end than this.
_TAIL = 40
# A wrapped line shorter than this share of the longest ended its paragraph.
_FULL_LINE_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text and the 1-based page it begins on (None without pages)."""

    text: str
    page: int | None = None


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
        if isinstance(block, Table):
            table = _without_blank_rows(block)
            if table.rows:
                kept.append(table)
        elif isinstance(block, Line):
            line = replace(block, text=one_line(block.text))
            if _STAMP.match(line.text):
                stamps.append(line.text)
            elif line.text and not _is_page_number(line.text):
                kept.append(line)
    return Cleaned(tuple(_join(kept)), tuple(stamps))


def _without_blank_rows(table: Table) -> Table:
    filled = [
        index
        for index, row in enumerate(table.rows)
        if any(cell is not None and one_line(cell) for cell in row)
    ]
    return replace(
        table,
        rows=tuple(table.rows[index] for index in filled),
        pages=tuple(table.pages[index] for index in filled if index < len(table.pages)),
        doubtful=tuple(new for new, old in enumerate(filled) if old in table.doubtful),
    )


def _is_page_number(text: str) -> bool:
    number = _PAGE_NUMBER.match(text)
    return number is not None and int(number["page"]) <= int(number["pages"] or 999)


def _join(blocks: Sequence[Line | Table]) -> Iterator[Paragraph | Table]:
    longest = max((len(b.text) for b in blocks if isinstance(b, Line) and b.wrapped), default=0)
    open_lines: list[Line] = []
    for block in blocks:
        if isinstance(block, Line) and open_lines and _continues(open_lines, block, longest):
            open_lines.append(block)
            continue
        if open_lines:
            yield _paragraph(open_lines)
        open_lines = [block] if isinstance(block, Line) else []
        if isinstance(block, Table):
            yield block
    if open_lines:
        yield _paragraph(open_lines)


def _paragraph(lines: Sequence[Line]) -> Paragraph:
    return Paragraph(" ".join(line.text for line in lines), lines[0].page)


def _continues(above: Sequence[Line], line: Line, longest: int) -> bool:
    """Say whether `line` goes on with the paragraph of the lines `above`."""
    last = above[-1].text
    end = last[-_TAIL:]
    closed = bool(_CLOSED.search(end))
    full = line.wrapped and len(last) >= _FULL_LINE_SHARE * longest
    marker = read_marker(line.text)
    if marker is not None:
        # "Sở Lao động" / "- Thương binh và Xã hội": a hyphen, no bullet.
        return marker.level == Level.BULLET and full and not closed and line.text[0] in "-–"
    if above[0].text.startswith("(") and last.endswith(")"):
        return False
    starts_lower = line.text.lstrip('"“(')[:1].islower()
    if closed:
        return line.wrapped and starts_lower and not last.endswith((":", ";", "/"))
    if line.text.isupper() or all(each.text.isupper() for each in above):
        return False
    if starts_lower:
        return True
    if _DANGLING.search(end) and not fold(line.text[:_TAIL]).startswith(_FRESH_STARTS):
        return True
    return full
