"""The recipe: a Document becomes a Plan. It never refuses; what it doubts becomes a note."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.appendix import Grid, is_task_table, join_tables, read_rows
from corpus.closing import begins_closing, opens_closing, parse_closing
from corpus.header import (
    DATE,
    PLAN_NUMBER,
    Header,
    date_of,
    parse_attachment,
    parse_header,
    parse_period,
    plan_number,
)
from corpus.marker import Level, read_marker
from corpus.model import AppendixRow, Note, Period, Plan, Role, Severity, Source, Span
from corpus.outline import parse_outline
from corpus.paragraphs import Paragraph, clean
from corpus.places import find_province, province_mentions
from corpus.raw_table import rebuild_table
from corpus.readers.document import Block, Document, Line, Table
from corpus.text import CAPITALS, fold, one_line

# Raised whenever the same document would be understood differently: plans are then read again.
PARSER_VERSION = 2

# "Phụ lục", "PHỤ LỤC II", "Phụ lục 1: Danh mục nhiệm vụ", "PHỤ LỤC DANH MỤC"; not "(Phụ lục đính
# kèm)", "Phụ lục này …", "Phụ lục I kèm theo".
_APPENDIX = re.compile(
    rf"^(?:PHỤ LỤC|Phụ lục)(?:\s+(?:số\s+|SỐ\s+)?(?P<number>[IVXLC]+|\d{{1,2}}|[A-Z])(?![^\W_]))?"
    rf"\s*(?:[.:]?$|[.:–-]\s*(?P<title>[{CAPITALS}].{{0,200}}(?<![.;]))$|(?P<capitals>[{CAPITALS}\d][^a-z]*)$)"
)
_ATTACHMENT = re.compile(r"^\(?\s*(?:Ban hành k|K)èm theo\b", re.I)
# Columns in which a blank may be an oversight, if so many of their cells are filled.
_EXPECTED = frozenset({Role.ACTIVITY, Role.LEAD, Role.SUPPORT, Role.PRODUCT, Role.TIME})
_MOSTLY_FILLED = 0.8
_WORD = re.compile(r"[^\W_]+")
# Enough to tell the plans of one province and year apart, short enough for an address.
_WORDS_OF_TITLE_IN_ID = 10


@dataclass(slots=True)
class _Text:
    """The plan's text while it is written: every line gets its span."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    page_starts: list[int] = field(default_factory=list)

    def write(self, line: str, page: int | None, end: str = "\n") -> Span:
        if page is not None:
            while len(self.page_starts) < page:
                self.page_starts.append(self.length)
        span = Span(self.length, self.length + len(line))
        self.parts.append(line + end)
        self.length = span.end + len(end)
        return span


@dataclass(slots=True)
class _Appendix:
    """One appendix: its lines, how many task tables it has, and what makes its row keys unique."""

    label: str
    prefix: str = ""
    lines: list[tuple[str, Span]] = field(default_factory=list)
    tables: int = 0


@dataclass(slots=True)
class _Parts:
    """The zones of a document, each line with its span in the text."""

    header: list[tuple[str, Span]] = field(default_factory=list)
    body: list[tuple[str, Span]] = field(default_factory=list)
    closing: list[tuple[str, Span]] = field(default_factory=list)
    appendices: list[_Appendix] = field(default_factory=list)
    rows: list[AppendixRow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def parse_document(document: Document) -> Plan:
    """Return the plan a document holds, whatever state it is in."""
    cleaned = clean(_with_rebuilt_tables(document.blocks))
    text = _Text()
    parts = _divide(cleaned.blocks, text)
    header = parse_header(parts.header)
    for appendix in parts.appendices:
        for line, span in appendix.lines:
            if _ATTACHMENT.match(line):
                parse_attachment(header, line, span)
    sections, outline_notes = parse_outline(parts.body)
    recipients, signatory = parse_closing(parts.closing)
    _title_from_appendix(header, parts)
    written = "".join(text.parts).rstrip("\n")
    period = _period(header, written)
    province, province_note = _province(header, written)
    notes = (
        *document.notes,
        *parts.notes,
        *outline_notes,
        *_header_notes(header, parts),
        *_stamp_notes(cleaned.stamps, header),
        *([province_note] if province_note else []),
    )
    return Plan(
        id=_plan_id(header, province, period, document.name),
        number=header.number,
        title=header.title,
        issuer=header.issuer,
        province=province,
        issued_on=header.issued_on,
        period=period,
        bases=tuple(header.bases),
        recipients=recipients,
        signatory=signatory,
        text=written,
        sections=sections,
        rows=tuple(parts.rows),
        notes=notes,
        source=Source(
            name=document.name,
            format=document.format,
            sha256=document.sha256,
            page_starts=tuple(text.page_starts),
            recognised=document.recognised,
            confidence=document.confidence,
        ),
        fields=header.fields,
    )


def _with_rebuilt_tables(blocks: Sequence[Block]) -> list[Block]:
    """Replace raw lines that were a table before its geometry was lost by that table."""
    if any(isinstance(block, Table) for block in blocks):
        return list(blocks)
    start = next(
        (
            i
            for i, b in enumerate(blocks)
            if isinstance(b, Line) and b.wrapped and _APPENDIX.match(b.text)
        ),
        None,
    )
    if start is None:
        return list(blocks)
    tail = [block for block in blocks[start + 1 :] if isinstance(block, Line)]
    raw = rebuild_table([line.text for line in tail])
    if raw is None:
        return list(blocks)
    table = Table(
        rows=(raw.header, *(row.cells for row in raw.rows)),
        pages=tuple(page for page in [tail[raw.first_line].page] * (len(raw.rows) + 1) if page),
        confidence=min((row.confidence for row in raw.rows), default=1.0),
        doubtful=tuple(number for number, row in enumerate(raw.rows, 1) if row in raw.doubtful),
    )
    return [*blocks[: start + 1], *tail[: raw.first_line], table, *tail[raw.end_line :]]


def _divide(blocks: Sequence[Paragraph | Table], text: _Text) -> _Parts:
    """Write the text and sort its lines into header, body, closing and appendices."""
    parts = _Parts()
    zone = parts.header
    appendix: _Appendix | None = None
    pending: list[Table] = []
    body_tables = 0

    def flush() -> None:
        nonlocal body_tables
        if not pending:
            return
        start = text.length
        grids = join_tables(pending)
        home = appendix
        if home is None and any(map(is_task_table, grids)):
            body_tables += 1
            home = _Appendix(f"Bảng {body_tables}", prefix=f"b{body_tables}.")
        _write_grids(grids, home, parts, text)
        if appendix is None and text.length > start:
            zone.append(("", Span(start, text.length - 1)))
        pending.clear()

    for block in blocks:
        if isinstance(block, Table):
            pending.append(block)
            continue
        if pending:
            flush()
        line = block.text
        if opening := _APPENDIX.match(line):
            number = opening["number"]
            count = len(parts.appendices) + 1
            appendix = _Appendix(
                f"Phụ lục {number}" if number else "Phụ lục",
                prefix=f"pl{count}." if count > 1 else "",
            )
            parts.appendices.append(appendix)
        elif appendix is None:
            marker = read_marker(line)
            if (
                zone is parts.header
                and marker
                and marker.level in (Level.PART, Level.UPPER, Level.ROMAN, Level.NUMBER)
            ):
                zone = parts.body
            elif (opens_closing if zone is parts.header else begins_closing)(line):
                zone = parts.closing
        target = appendix.lines if appendix else zone
        target.append((line, text.write(line, block.page)))
    flush()
    return parts


def _write_grids(
    grids: Sequence[Grid], appendix: _Appendix | None, parts: _Parts, text: _Text
) -> None:
    for grid in grids:
        page = next(iter(grid.pages), None)
        for names in grid.printed:
            if any(names):
                line = "\t".join(names)
                span = text.write(line, page)
                if appendix:
                    appendix.lines.append((line, span))
        spans = [_write_row(row, grid.pages[index], text) for index, row in enumerate(grid.rows)]
        if appendix is None or not is_task_table(grid):
            continue
        appendix.tables += 1
        number = f"t{appendix.tables}" if appendix.tables > 1 else ""
        prefix = f"{appendix.prefix.rstrip('.')}{number}." if appendix.prefix or number else ""
        rows = read_rows(grid, spans, appendix=appendix.label, prefix=prefix)
        parts.rows.extend(rows)
        parts.notes.extend(_row_notes(grid, rows))


def _write_row(cells: Sequence[str], page: int | None, text: _Text) -> list[Span]:
    return [
        text.write(cell, page, end="\t" if column < len(cells) - 1 else "\n")
        for column, cell in enumerate(cells)
    ]


def _row_notes(grid: Grid, rows: Sequence[AppendixRow]) -> list[Note]:
    """Doubt blank cells in columns that are filled nearly everywhere, and cells cut by guess."""
    filled_rows = [row for row in rows if not row.is_heading]
    filled = Counter(cell.role for row in filled_rows for cell in row.cells if cell.text)
    notes = [
        Note(
            "blank_cell",
            Severity.WARNING,
            f"{row.appendix}, dòng {row.ordinal}: ô “{cell.header}” để trống.",
            (row.span,),
        )
        for row in filled_rows
        for cell in row.cells
        if not cell.text
        and cell.role in _EXPECTED
        and filled[cell.role] >= _MOSTLY_FILLED * len(filled_rows)
    ]
    for index in grid.doubtful:
        row = rows[index]
        notes.append(
            Note(
                "doubtful_cells",
                Severity.WARNING,
                f"{row.appendix}, dòng {row.ordinal}: "
                "ranh giới giữa các ô được suy từ văn bản thô, cần đối chiếu bản gốc.",
                (row.span,),
            )
        )
    return notes


def _title_from_appendix(header: Header, parts: _Parts) -> None:
    """Remember the appendix title; a file that is only an appendix takes it for its own."""
    for appendix in parts.appendices:
        lines = []
        for line, span in appendix.lines:
            if opening := _APPENDIX.match(line):
                title = opening["title"] or opening["capitals"]
                if title:
                    lines.append((title, Span(span.end - len(title), span.end)))
                continue
            if not line or _ATTACHMENT.match(line) or "\t" in line or read_marker(line):
                break
            lines.append((line, span))
        if not lines:
            continue
        span = Span(lines[0][1].start, lines[-1][1].end)
        header.fields.setdefault("appendix_title", span)
        if not header.title:
            header.title = " ".join(line for line, _ in lines)
            header.fields["title"] = span


def _period(header: Header, text: str) -> Period | None:
    """Return the years the title names, else those of an appendix title, else the year of issue."""
    for name in ("title", "appendix_title"):
        span = header.fields.get(name)
        if span and (found := parse_period(span.of(text))):
            period, place = found
            header.fields["period"] = Span(span.start + place.start, span.start + place.end)
            return period
    return Period(header.issued_on.year, header.issued_on.year) if header.issued_on else None


def _province(header: Header, text: str) -> tuple[str | None, Note | None]:
    """Return the province by place, issuer or title; else guess by the names in the text."""
    for name, source in (
        ("place", header.place),
        ("issuer", header.issuer),
        ("title", header.title),
    ):
        if not source:
            continue
        found = find_province(source) or next(
            (place for _, place in province_mentions(source)), None
        )
        if found:
            header.fields.setdefault("province", header.fields[name])
            return found.name, None
    mentions = province_mentions(text)
    if not mentions:
        return None, None
    counts: dict[str, int] = {}
    for _, place in mentions:
        counts[place.name] = counts.get(place.name, 0) + 1
    name = max(counts, key=lambda place: counts[place])
    spans = tuple(span for span, place in mentions if place.name == name)
    header.fields.setdefault("province", spans[0])
    return name, Note(
        "province_guessed",
        Severity.WARNING,
        f"Văn bản không ghi tỉnh ban hành; đoán là {name} vì tên này được nhắc trong nội dung.",
        spans,
    )


# Where number and date of a plan were read: in its head, or only in an appendix.
_SAYS = {
    True: "Đầu văn bản ghi {}, phụ lục ghi {}.",
    False: "Đầu văn bản để trống; một phụ lục ghi {}, phụ lục khác ghi {}.",
}


def _header_notes(header: Header, parts: _Parts) -> list[Note]:
    notes = []
    if not parts.body and parts.appendices:
        notes.append(
            Note(
                "body_missing",
                Severity.INFO,
                "Tệp chỉ có phụ lục, không có phần nội dung của kế hoạch.",
            )
        )
    if header.title_guessed:
        notes.append(
            Note(
                "title_guessed",
                Severity.INFO,
                f"Văn bản không có dòng “KẾ HOẠCH”; tên kế hoạch được đoán là “{header.title}”.",
                (header.fields["title"],),
            )
        )
    if header.number is None:
        notes.append(Note("number_missing", Severity.INFO, "Kế hoạch chưa ghi số."))
    if header.issued_on is None:
        notes.append(Note("date_missing", Severity.INFO, "Kế hoạch chưa ghi ngày ban hành."))
    for appendix in parts.appendices:
        for line, span in appendix.lines:
            if _ATTACHMENT.match(line):
                notes.extend(_attachment_notes(header, line, span))
    return notes


def _attachment_notes(header: Header, line: str, span: Span) -> list[Note]:
    """Note an attachment line that names another plan than the head does.

    Where the head left number or date blank and they were taken from another such line, nothing
    tells which of the two is right: the codes then end in "undecided".
    """
    notes = []
    attached = header.fields.get("attachment")

    def in_head(field: str) -> bool:
        return attached is None or not attached.contains(header.fields[field])

    number, date = PLAN_NUMBER.search(line), DATE.search(line)
    if number and number["digits"] and header.number and plan_number(number) != header.number:
        notes.append(
            Note(
                "number_mismatch" if in_head("number") else "number_undecided",
                Severity.ERROR,
                _SAYS[in_head("number")].format(
                    f"số {header.number}", f"kèm theo Kế hoạch số {plan_number(number)}"
                ),
                (
                    header.fields["number"],
                    Span(span.start + number.start("digits"), span.start + number.end()),
                ),
            )
        )
    if date and header.issued_on and date_of(date) not in (None, header.issued_on):
        notes.append(
            Note(
                "date_mismatch" if in_head("issued_on") else "date_undecided",
                Severity.ERROR,
                _SAYS[in_head("issued_on")].format(f"ngày {header.issued_on:%d/%m/%Y}", date[0]),
                (
                    header.fields["issued_on"],
                    Span(span.start + date.start(), span.start + date.end()),
                ),
            )
        )
    return notes


def _stamp_notes(stamps: Sequence[str], header: Header) -> list[Note]:
    """Note each stamp taken out of the text; one older than the plan is a contradiction."""
    notes = []
    for stamp in stamps:
        month, day, year = (int(part) for part in stamp.split()[0].rstrip(",").split("/"))
        if month > 12:
            month, day = day, month
        try:
            stamped = datetime.date(year, month, day)
        except ValueError:
            stamped = None
        if stamped and header.issued_on and stamped < header.issued_on:
            notes.append(
                Note(
                    "stamp_before_plan",
                    Severity.WARNING,
                    f"Dấu thời gian “{stamp}” trên trang có trước ngày ban hành "
                    f"{header.issued_on:%d/%m/%Y}.",
                    (header.fields["issued_on"],),
                )
            )
        else:
            notes.append(
                Note(
                    "stamp_removed", Severity.INFO, f"Đã bỏ dấu thời gian “{stamp}” khỏi nội dung."
                )
            )
    return notes


def _plan_id(header: Header, province: str | None, period: Period | None, name: str) -> str:
    """Return a readable id: number, province, year; without number its title, else its file."""
    year = header.issued_on.year if header.issued_on else period and period.first
    title = " ".join(_WORD.findall(header.title)[:_WORDS_OF_TITLE_IN_ID])
    head = header.number or title or name.rpartition(".")[0] or name
    parts = (_slug(head) or "ke-hoach", _slug(province or ""), str(year or ""))
    return ".".join(part for part in parts if part)


def _slug(text: str) -> str:
    return "-".join(_WORD.findall(fold(one_line(text))))
