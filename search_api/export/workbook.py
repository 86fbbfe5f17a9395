"""Extracts as XLSX: every cell text, the header frozen and repeated, ready to print on A4."""

from __future__ import annotations

import datetime
import io
import math
from typing import Any

from search_api.export.extract import Extract

_FONT = "Times New Roman"
# Points. The line height is what spreadsheets give to 12 points.
_SIZE, _TITLE_SIZE, _LINE_HEIGHT = 12, 14, 16.5
# Points: no spreadsheet has higher rows. A wrapped line leaves about a tenth of itself blank.
_HIGHEST, _BLANK = 409, 1.1
# Together wider than this, in characters, the columns want the paper lying on its side.
_PORTRAIT = 90
# Millimetres to the inches of a page setup, as Decree 30/2020 asks: top, bottom, left, right.
_MARGINS = {"top": 20 / 25.4, "bottom": 20 / 25.4, "left": 30 / 25.4, "right": 15 / 25.4}
_A4 = 9


def write_xlsx(extract: Extract, on: datetime.date) -> bytes:
    """Return `extract` as a workbook: the table with its title, and its sources on a second sheet.

    `on` is the day of the extract.
    """
    from openpyxl import Workbook

    book = Workbook()
    moment = datetime.datetime.combine(on, datetime.time())
    book.properties.created = book.properties.modified = moment
    book.properties.creator, book.properties.title = "Kehoach", extract.title
    sheet = book.active
    sheet.title = "Bảng trích"
    widths = extract.widths
    _write_table(sheet, extract, on, widths)
    sources = book.create_sheet("Nguồn")
    for number, source in enumerate(("Các kế hoạch được trích", *extract.sources), 1):
        _put(sources.cell(number, 1), source, bold=number == 1)
    sources.column_dimensions["A"].width = 110
    for part in book.worksheets:
        _set_page(part, landscape=part is sheet and sum(widths) > _PORTRAIT)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write_table(
    sheet: Any,  # noqa: ANN401  # openpyxl has no types
    extract: Extract,
    on: datetime.date,
    widths: tuple[float, ...],
) -> None:
    from openpyxl.styles import Border, PatternFill, Side
    from openpyxl.utils import get_column_letter

    columns = len(extract.columns)
    remarks = (*extract.remarks, f"Ngày trích: {on:%d/%m/%Y}. Bảng trích không thay văn bản gốc.")
    for number, line in enumerate((extract.title, *remarks), 1):
        cell = sheet.cell(number, 1)
        _put(cell, line, bold=number == 1, size=_TITLE_SIZE if number == 1 else _SIZE)
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=columns)
        size = 1.25 if number == 1 else 1.0
        sheet.row_dimensions[number].height = size * _height(line, sum(widths) / size)
    head = len(remarks) + 2
    line = Border(*(Side(style="thin", color="808080") for _ in range(4)))
    fill = PatternFill("solid", fgColor="E7E6E6")
    for number, row in enumerate((extract.columns, *extract.rows), head):
        for place, text in enumerate(row, 1):
            cell = sheet.cell(number, place)
            if number > head + 1:
                # openpyxl looks a style up whenever it is given, which takes longer than the rest.
                cell.value, cell.data_type = text, "s"
                cell._style = sheet.cell(head + 1, place)._style  # its own way
                continue
            _put(cell, text, bold=number == head)
            cell.border = line
            if number == head:
                cell.fill = fill
        # Not every program measures the rows of a file that does not say how high they are.
        sheet.row_dimensions[number].height = max(map(_height, row, widths))
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width + 1
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    sheet.print_title_rows = f"{head}:{head}"
    last = sheet.cell(head + len(extract.rows), columns).coordinate
    sheet.auto_filter.ref = f"A{head}:{last}"


def _height(text: str, width: float) -> float:
    """Return how high a cell of `width` characters is, in points."""
    lines = sum(max(1, math.ceil(len(line) * _BLANK / width)) for line in text.split("\n"))
    return min(lines * _LINE_HEIGHT, _HIGHEST)


def _put(cell: Any, text: str, *, bold: bool = False, size: int = _SIZE) -> None:  # noqa: ANN401  # openpyxl has no types
    """Write `text` as text: what begins with "=" stays what it says, also once it is edited."""
    from openpyxl.styles import Alignment, Font

    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    cell.font = Font(name=_FONT, size=size, bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _set_page(sheet: Any, *, landscape: bool) -> None:  # noqa: ANN401  # openpyxl has no types
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side, inches in _MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    sheet.oddHeader.center.text = "&P"
