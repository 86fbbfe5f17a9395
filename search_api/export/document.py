"""Extracts as DOCX in the style of Decree 30/2020/NĐ-CP.

A4, its margins, Times New Roman 13 and 14, the page number on top from the second page on. An
extract is no document of an authority: it has neither the national motto nor a number, and says
so below its title.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from search_api.export.extract import Extract

_FONT = "Times New Roman"
# Points.
_SIZE, _TITLE_SIZE = 13, 14
# Millimetres: Decree 30/2020 asks for 20-25 above and below, 30-35 left, 15-20 right.
_SHORT, _LONG = 210, 297
_TOP, _BOTTOM, _LEFT, _RIGHT = 20, 20, 30, 15
# Together wider than this, in characters, the columns want the paper lying on its side.
_PORTRAIT = 90
_TWIPS_IN_MM = 56.693
# Millimetres: beside the text of a cell, and a usual letter of 13 points (measured: 2.2 to 2.4).
_PADDING, _CHARACTER = 1, 2.4
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def write_docx(extract: Extract, on: datetime.date) -> bytes:
    """Return `extract` as a document; `on` is the day of the extract."""
    from docx import Document

    document = Document()
    moment = datetime.datetime.combine(on, datetime.time())
    properties = document.core_properties
    properties.created = properties.modified = moment
    properties.author = properties.last_modified_by = "Kehoach"
    properties.title, properties.comments, properties.language = extract.title[:255], "", "vi-VN"
    _set_style(document)
    room = _set_page(document.sections[0], landscape=sum(extract.widths) > _PORTRAIT)
    _paragraph(document, "BẢNG TRÍCH", centred=True, bold=True, size=_TITLE_SIZE)
    _paragraph(document, extract.title, centred=True, bold=True, size=_TITLE_SIZE)
    day = f"ngày {on.day:02} tháng {on.month:02} năm {on.year}"
    _paragraph(
        document,
        f"(Trích từ các kế hoạch đã lập chỉ mục, {day}; không thay văn bản gốc)",
        centred=True,
        italic=True,
    )
    for remark in extract.remarks:
        _paragraph(document, remark)
    if extract.rows:
        end = document.element.body[-1]
        end.addprevious(_table(extract, room))
    if extract.sources:
        _paragraph(document, "Nguồn:", bold=True, before=6)
        for source in extract.sources:
            _paragraph(document, f"- {source}")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_style(document: Any) -> None:  # noqa: ANN401  # python-docx has no types
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(_SIZE)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    style.paragraph_format.space_after = Pt(3)
    style.paragraph_format.line_spacing = 1.0


def _set_page(section: Any, *, landscape: bool) -> float:  # noqa: ANN401  # python-docx has no types
    """Set paper, margins and page number; return the width left for the text in millimetres."""
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.shared import Mm

    width, height = (_LONG, _SHORT) if landscape else (_SHORT, _LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = f'<w:fldSimple xmlns:w="{_NAMESPACE}" w:instr="PAGE"><w:r><w:t>2</w:t></w:r>'
    number._p.append(parse_xml(f"{field}</w:fldSimple>"))
    return width - _LEFT - _RIGHT


def _paragraph(
    document: Any,  # noqa: ANN401  # python-docx has no types
    text: str,
    *,
    centred: bool = False,
    bold: bool = False,
    italic: bool = False,
    size: int = _SIZE,
    before: int = 0,
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(before)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _table(extract: Extract, room: float) -> Any:  # noqa: ANN401  # lxml has no types
    """Return the table over the whole `room`, its header repeated on every page.

    It is written as XML at once: python-docx searches the whole table for every cell.
    """
    from docx.oxml import parse_xml

    widths = extract.widths_within(room / _CHARACTER)
    twips = [round(width * _CHARACTER * _TWIPS_IN_MM) for width in widths]
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    margins = "".join(
        f'<w:{side} w:w="{round(_PADDING * _TWIPS_IN_MM)}" w:type="dxa"/>'
        for side in ("left", "right")
    )
    head = _row(extract.columns, twips, header=True)
    lines = (_row(row, twips) for row in extract.rows)
    return parse_xml(
        f'<w:tbl xmlns:w="{_NAMESPACE}"><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{''.join(lines)}</w:tbl>"
    )


def _row(cells: Sequence[str], twips: Sequence[int], *, header: bool = False) -> str:
    repeated = "<w:tblHeader/>" if header else ""
    made = (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_lines(text, header)}</w:tc>'
        for text, width in zip(cells, twips, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(made)}</w:tr>"


def _lines(text: str, header: bool) -> str:
    """Return a cell's lines as paragraphs; a cell without any still needs one."""
    bold = "<w:rPr><w:b/></w:rPr>" if header else ""
    centred = '<w:jc w:val="center"/>' if header else ""
    return "".join(
        f'<w:p><w:pPr><w:spacing w:after="0"/>{centred}</w:pPr>'
        f'<w:r>{bold}<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for line in text.split("\n")
    )
