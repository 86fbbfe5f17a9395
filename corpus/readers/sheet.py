"""Spreadsheets: every visible sheet as the lines above its table, the table, the lines below."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import Refusal, UnreadableFile
from corpus.model import Note, Severity
from corpus.readers.document import Block, Document, Line, Table
from corpus.readers.encoding import decode, recoded
from corpus.readers.limits import Limits, open_archive

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

# A row with this many filled cells belongs to a table; fewer are title or signature lines.
_FEWEST_COLUMNS = 3
_SAMPLE = 20_000

_DECIMALS = re.compile(r"0\.(0+)(?:$|[^0])")
# "3.1" and "12.4": an ordinal that a spreadsheet keeps as a number; not "3.14" nor "120.5".
_DOTTED_ORDINAL = re.compile(r"(\d{1,2})\.(\d)")

_Grid = list[list[str | None]]


def read_sheet(path: Path, *, limits: Limits | None = None) -> Document:
    """Read an .xlsx file: values as shown, merged cells, hidden sheets, rows and columns left out.

    Raises `UnreadableFile`.
    """
    from openpyxl import load_workbook

    limits = limits or Limits()
    with open_archive(path, limits) as archive:
        for name in archive.namelist():
            if name.endswith(".xml") and _has_doctype(archive.open(name).read(4096)):
                raise UnreadableFile(path, Refusal.BOMB)
    try:
        book = load_workbook(path, data_only=True)
    except MemoryError:
        raise
    except Exception as error:  # openpyxl lets many kinds of error through
        raise UnreadableFile(path, Refusal.DAMAGED) from error
    blocks: list[Block] = []
    notes: list[Note] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            notes.append(
                Note(
                    "hidden_sheet", Severity.INFO, f"Trang tính ẩn “{sheet.title}” không được đọc."
                )
            )
            continue
        grid = _grid(path, sheet, limits)
        if _mend_ordinals(grid):
            notes.append(
                Note(
                    "ordinal_mended",
                    Severity.INFO,
                    "Số thứ tự dạng 3.10 bị bảng tính lưu thành 3.1; đã sửa lại theo thứ tự dòng.",
                )
            )
        blocks.extend(_blocks(grid))
    return _document(path, "xlsx", blocks, notes)


def read_csv(path: Path, *, limits: Limits | None = None) -> Document:
    """Read comma, semicolon or tab separated values of any encoding. Raises `UnreadableFile`."""
    limits = limits or Limits()
    decoded = decode(path.read_bytes())
    try:
        dialect: csv.Dialect | type[csv.Dialect] = csv.Sniffer().sniff(
            decoded.text[:_SAMPLE], delimiters=",;\t|"
        )
    except csv.Error:
        dialect = csv.excel
    grid: _Grid = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(decoded.text), dialect):
            cells += len(row)
            if cells > limits.cells:
                raise UnreadableFile(path, Refusal.TOO_LARGE)
            grid.append([cell.strip() for cell in row])
    except csv.Error as error:
        raise UnreadableFile(path, Refusal.DAMAGED) from error
    width = max(map(len, grid), default=0)
    grid = [[*row, *[""] * (width - len(row))] for row in grid]
    return _document(path, "csv", list(_blocks(grid)), list(decoded.notes))


def _has_doctype(head: bytes) -> bool:
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


def _document(path: Path, kind: str, blocks: list[Block], notes: list[Note]) -> Document:
    blocks, converted = recoded(blocks)
    return Document(
        name=path.name,
        format=kind,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        blocks=tuple(blocks),
        notes=(*notes, *converted),
    )


def _grid(path: Path, sheet: Worksheet, limits: Limits) -> _Grid:
    """Return what a sheet shows, cut to what is filled; a far cell does not make it large."""
    # The sparse dictionary behind the sheet: its public iterators would fill a million rows.
    shown = {
        (cell.row, cell.column): text
        for cell in sheet._cells.values()
        if (text := _shown(cell))
        and not sheet.row_dimensions[cell.row].hidden
        and not sheet.column_dimensions[cell.column_letter].hidden
    }
    rows = sorted({row for row, _ in shown})
    columns = sorted({column for _, column in shown})
    covered: set[tuple[int, int]] = set()
    for merged in sheet.merged_cells.ranges:
        inside_rows = [row for row in rows if merged.min_row <= row <= merged.max_row]
        inside_columns = [c for c in columns if merged.min_col <= c <= merged.max_col]
        covered.update((r, c) for r in inside_rows for c in inside_columns)
        covered.discard((merged.min_row, merged.min_col))
    if len(rows) * len(columns) > limits.cells:
        raise UnreadableFile(path, Refusal.TOO_LARGE)
    # Rows that are blank between filled ones separate a title from a table: they need no place.
    return [[None if (r, c) in covered else shown.get((r, c), "") for c in columns] for r in rows]


def _shown(cell: Cell) -> str:
    """Return a cell's value as the sheet shows it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime.datetime):
        return value.strftime("%d/%m/%Y" if value.time() == datetime.time() else "%d/%m/%Y %H:%M")
    if isinstance(value, datetime.date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float | int):
        return _number(value, cell.number_format or "General")
    return str(value).strip()


def _number(value: float, form: str) -> str:
    if "%" in form:
        return f"{value * 100:.10g}%"
    decimals = _DECIMALS.search(form)
    if decimals:
        return f"{value:.{len(decimals[1])}f}"
    if "#,##0" in form:
        return f"{value:,.0f}".replace(",", ".")
    return f"{value:.10g}" if abs(value) < 1e10 else f"{value:.0f}"


def _mend_ordinals(grid: _Grid) -> bool:
    """Turn the "3.1" that follows "3.9" back into "3.10"; say whether there was any."""
    mended = False
    last = (0, 0)
    for row in grid:
        match = _DOTTED_ORDINAL.fullmatch(row[0] or "") if row else None
        if match is None:
            if row and row[0]:
                last = (0, 0)
            continue
        group, number = int(match[1]), int(match[2])
        if group == last[0] and number <= last[1] and (last[1] + 1) == number * 10:
            row[0] = f"{group}.{number * 10}"
            mended = True
            number *= 10
        last = (group, number)
    return mended


def _blocks(grid: _Grid) -> Iterator[Block]:
    """Yield the lines above a table, the table, and the lines below it."""
    filled = [index for index, row in enumerate(grid) if _filled(row) >= _FEWEST_COLUMNS]
    if len(filled) < 2:
        yield from _lines(grid)
        return
    first, last = filled[0], filled[-1] + 1
    if first and _merged_into_header(grid[first - 1]):
        first -= 1
    while last < len(grid) and _goes_on(grid[last]):
        last += 1
    yield from _lines(grid[:first])
    table = grid[first:last]
    starts = [c for c in range(len(table[0])) if any(row[c] for row in table)]
    yield Table(tuple(tuple(row[c] for c in starts) for row in table))
    yield from _lines(grid[last:])


def _filled(row: Sequence[str | None]) -> int:
    return sum(bool(cell) for cell in row)


def _merged_into_header(row: Sequence[str | None]) -> bool:
    return _filled(row) == 2 and None in row


def _goes_on(row: Sequence[str | None]) -> bool:
    """Say whether a row below the last full one still belongs to the table: it has an ordinal."""
    return bool(row[0]) and len(row[0] or "") <= 6 and _filled(row) >= 2


def _lines(rows: _Grid) -> Iterator[Line]:
    """Yield the filled cells of rows; where two stand side by side, the left ones first."""
    beside = [row for row in rows if _filled(row) >= 2]
    if len(beside) < 2:
        for row in rows:
            yield from (Line(line) for cell in row if cell for line in cell.split("\n") if line)
        return
    start = rows.index(beside[0])
    end = len(rows) - rows[::-1].index(beside[-1])
    yield from _lines(rows[:start])
    part = rows[start:end]
    for column in range(len(part[0])):
        for row in part:
            yield from (Line(line) for line in (row[column] or "").split("\n") if line)
    yield from _lines(rows[end:])
