"""A plan laid out for reading: headings, paragraphs and tables, with the cited place marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from corpus.model import AppendixRow, Note, Plan, Role, Section, Span
from search_api.cite import row_at
from search_api.model import Hit

# Headings deeper than this are items of running text; the outline would only repeat them.
_OUTLINE_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is marked or not."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the plan; `level` is 0 for plain prose, else the depth of its heading."""

    pieces: tuple[Piece, ...]
    anchors: tuple[str, ...] = ()
    level: int = 0
    is_title: bool = False
    cited: bool = False
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell with the name of its column, for screens too narrow for a table."""

    header: str
    role: Role
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of an appendix."""

    anchor: str
    cells: tuple[TableCell, ...]
    is_heading: bool
    cited: bool
    notes: tuple[Note, ...] = ()


@dataclass(slots=True)
class Table:
    """Rows that follow each other under one header."""

    caption: str
    header: tuple[str, ...]
    rows: list[TableRow] = field(default_factory=list)


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A line of the outline."""

    anchor: str
    label: str
    title: str
    children: tuple[OutlineEntry, ...] = ()


def lay_out(plan: Plan, cited: Span | None, notes: Sequence[Note] = ()) -> tuple[Block, ...]:
    """Return all of `plan` in reading order; what lies in `cited` is marked.

    Each of `notes` stands beside every line or row in which one of its places begins.
    """
    return tuple(_drop_table_headers(_blocks(plan, cited, notes)))


def outline(plan: Plan) -> tuple[OutlineEntry, ...]:
    """Return the titled sections of `plan`, then its appendices."""
    appendices = {row.appendix: row for row in reversed(plan.rows)}
    return (
        *_entries(plan.sections, 1),
        *(
            OutlineEntry(row.key, name, plan_part(plan, "appendix_title"))
            for name, row in reversed(appendices.items())
        ),
    )


def plan_part(plan: Plan, name: str) -> str:
    """Return the text of one of the plan's header fields, "" where it has none."""
    span = plan.fields.get(name)
    return span.of(plan.text) if span else ""


def pieces_of(text: str, offset: int, marks: Iterable[Span]) -> tuple[Piece, ...]:
    """Cut `text`, which begins at `offset`, into pieces inside and outside of `marks`.

    >>> [piece.text for piece in pieces_of("kế hoạch năm 2024", 0, [Span(9, 12)]) if piece.marked]
    ['năm']
    """
    pieces = []
    position = 0
    for mark in sorted(marks):
        start = max(mark.start - offset, position)
        end = min(mark.end - offset, len(text))
        if start >= end:
            continue
        if start > position:
            pieces.append(Piece(text[position:start]))
        pieces.append(Piece(text[start:end], marked=True))
        position = end
    if position < len(text):
        pieces.append(Piece(text[position:]))
    return tuple(pieces)


def cells_of(hit: Hit, plan: Plan) -> tuple[TableCell, ...]:
    """Return the filled cells of a row that was found, its highlights marked; () for no row.

    Marked years are left to the row's own list.
    """
    row = row_at(plan, hit.citation.span)
    if row is None:
        return ()
    start = hit.citation.start
    marks = [Span(start + first, start + last) for first, last in hit.highlights]
    return tuple(
        TableCell(cell.header, cell.role, pieces_of(cell.text, cell.span.start, marks))
        for cell in row.cells
        if cell.text and cell.role not in (Role.ORDINAL, Role.YEARS)
    )


def _blocks(plan: Plan, cited: Span | None, notes: Sequence[Note]) -> Iterator[Block]:
    sections = sorted(plan.walk(), key=lambda section: section.heading.start)
    rows = sorted(plan.rows, key=lambda row: row.span.start)
    title = plan.fields.get("title")
    seen: set[str] = set()
    table: Table | None = None
    next_section = next_row = 0
    for line in _lines(plan.text):
        while next_row < len(rows) and rows[next_row].span.start < line.end:
            row = rows[next_row]
            next_row += 1
            header = _header_of(row)
            if table is None or table.header != header or table.caption != row.appendix:
                table = Table(row.appendix, header)
                yield table
            table.rows.append(_row(row, cited, _beside(row.span, notes)))
        if _inside(line, rows, next_row):
            continue
        text = line.of(plan.text)
        if not text.strip():
            continue
        table = None
        anchors = []
        level = 0
        while next_section < len(sections) and sections[next_section].heading.start < line.end:
            section = sections[next_section]
            next_section += 1
            level = level or len(section.path)
            if section.locator not in seen:
                seen.add(section.locator)
                anchors.append(section.locator)
        yield Paragraph(
            pieces=pieces_of(text, line.start, [cited] if cited else []),
            anchors=tuple(anchors),
            level=level,
            is_title=bool(title and title.start < line.end and line.start < title.end),
            cited=bool(cited and cited.start < line.end and line.start < cited.end),
            notes=_beside(line, notes),
        )


def _beside(place: Span, notes: Sequence[Note]) -> tuple[Note, ...]:
    return tuple(
        note
        for note in notes
        if any(len(span) and place.start <= span.start < place.end for span in note.spans)
    )


def _drop_table_headers(blocks: Iterator[Block]) -> Iterator[Block]:
    """Leave out the line of column names right above a table: the table shows them itself."""
    waiting: Block | None = None
    for block in blocks:
        is_header = (
            isinstance(block, Table)
            and isinstance(waiting, Paragraph)
            and "\t" in "".join(piece.text for piece in waiting.pieces)
        )
        if waiting is not None and not is_header:
            yield waiting
        waiting = block
    if waiting is not None:
        yield waiting


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield Span(start, start + len(line))
        start += len(line) + 1


def _inside(line: Span, rows: Sequence[AppendixRow], next_row: int) -> bool:
    return next_row > 0 and line.start < rows[next_row - 1].span.end


def _header_of(row: AppendixRow) -> tuple[str, ...]:
    names = tuple(cell.header for cell in row.cells)
    return names if row.cell(Role.ORDINAL) else ("TT", *names)


def _row(row: AppendixRow, cited: Span | None, notes: tuple[Note, ...]) -> TableRow:
    whole = bool(cited and cited.contains(row.span))
    marks = [cited] if cited and not whole else []
    cells = tuple(
        TableCell(cell.header, cell.role, pieces_of(cell.text, cell.span.start, marks))
        for cell in row.cells
    )
    if not row.cell(Role.ORDINAL):
        cells = (TableCell("TT", Role.ORDINAL, (Piece(row.ordinal),)), *cells)
    return TableRow(
        anchor=row.key,
        cells=cells,
        is_heading=row.is_heading,
        cited=bool(cited and cited.start < row.span.end and row.span.start < cited.end),
        notes=notes,
    )


def _entries(sections: Sequence[Section], depth: int) -> tuple[OutlineEntry, ...]:
    return tuple(
        OutlineEntry(
            section.locator,
            section.path[-1],
            section.title,
            _entries(section.children, depth + 1) if depth < _OUTLINE_DEPTH else (),
        )
        for section in sections
        if section.title
    )
