"""The head of a plan: issuer, number, place and date, title, period, legal bases."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.model import LegalBasis, Period, Span

# "Số: 97 /KH-UBND", "Số:        /KH-UBND", "Kế hoạch số 1549   /KH-UBND"; not "Quyết định số 2239/QĐ-TTg".
PLAN_NUMBER = re.compile(
    r"\bsố\s*:?\s*(?P<digits>\d{0,5}[a-z]?)[\s.…_]*/\s*(?P<code>KH-[A-ZĐ]+\d*)", re.I
)
# "30 tháng 3 năm 2023", "26  /4/2024", "26-4-2024"; not "ngày     tháng    năm 2026".
DATE = re.compile(
    r"(?:ngày\s+)?\b(?P<day>\d{1,2})\s*(?:tháng|/|-|\.)\s*(?P<month>\d{1,2})\s*(?:năm|/|-|\.)\s*(?P<year>(?:19|20)\d{2})\b",
    re.I,
)
# "Kiên Giang, ngày …", also with day and month still blank.
_PLACE_AND_DATE = re.compile(
    r"^(?P<place>[A-ZĐÀ-Ỹ][^,.;:]{1,40}),\s*ngày\s*(?:\d{1,2}|[\s.…_]*)\s*tháng\s*(?:\d{1,2}|[\s.…_]*)\s*năm\b",
    re.I,
)
_YEAR_OF_BLANK_DATE = re.compile(r"\bnăm\s*((?:19|20)\d{2})\b", re.I)
_ISSUER_LINE = re.compile(r"^(?:ỦY|UỶ) BAN NHÂN DÂN\b.*|^UBND\b.*", re.I)
# The second line of "ỦY BAN NHÂN DÂN" / "TỈNH LÂM ĐỒNG".
_ISSUER_PLACE = re.compile(r"^(?:TỈNH|THÀNH PHỐ|TP\.?)\s+[A-ZĐÀ-Ỹ\s-]+$")
_ISSUER_IN_SENTENCE = re.compile(
    r"\b((?:Chủ tịch\s+)?(?:(?:Ủy|Uỷ) ban nhân dân|UBND)\s+(?:tỉnh|thành phố)(?:\s+[A-ZĐ][\w]*){0,4})(?=\s+(?:ban hành|xây dựng|tổ chức)|\s*\)?$)"
)
_DOCUMENT_KIND = re.compile(r"^K[ẾE] HO[ẠA]CH\b\s*(?P<rest>.*)$")
_BASIS = re.compile(r"^[-–]?\s*Căn cứ\b", re.I)
_PERIOD = re.compile(
    r"\b(?:giai đoạn|thời kỳ)\s+(?P<first>(?:19|20)\d{2})\s*[-–]\s*(?P<last>(?:19|20)\d{2})", re.I
)
_RANGE = re.compile(r"\b(?P<first>20\d{2})\s*[-–]\s*(?P<last>20\d{2})\b")
_YEAR = re.compile(r"\bnăm\s+(?P<first>(?:19|20)\d{2})\b", re.I)
_END_OF_TITLE = re.compile(r"^(?:-{2,}|_{2,}|—+|\*+)$|^(?:Thực hiện|Ủy ban|Uỷ ban|UBND|Nhằm|Để)\b")
_BASIS_PARTS = re.compile(
    r"""^[-–]?\s*Căn\s+cứ\s+(?P<kind>(?:Luật|Bộ\s+luật|Hiến\s+pháp)\b[^;]*?(?=\s+(?:số|ngày|năm\s+\d{4})\b|[;.,]|$)
        |[A-ZĐ][^\d;]*?(?=\s+(?:số|ngày)\b))
        (?:\s+số\s+(?P<number>[\w./-]+))?
        (?:\s*,?\s*ngày\s+(?P<date>\d{1,2}\s*(?:tháng|/|-)\s*\d{1,2}\s*(?:năm|/|-)\s*\d{4}))?
        (?:\s+của\s+(?P<issuer>.+?)(?=\s+(?:phê\ duyệt|ban\ hành|về|quy\ định|hướng\ dẫn|sửa\ đổi|triển\ khai|thực\ hiện|công\ bố|giao|v/v)\b|[;.,]?$))?
        \s*,?\s*(?P<title>.*?)[;.,\s]*$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True)
class Header:
    """What the head says; `fields` gives the place of each value, absent where it does not say."""

    number: str | None = None
    title: str = ""
    issuer: str | None = None
    place: str | None = None
    issued_on: datetime.date | None = None
    bases: list[LegalBasis] = field(default_factory=list)
    fields: dict[str, Span] = field(default_factory=dict)


def parse_header(lines: Sequence[tuple[str, Span]]) -> Header:
    """Read the lines above the first section; each comes with its span in the plan's text."""
    header = Header()
    title_open = False
    for text, span in lines:
        if _BASIS.match(text):
            header.bases.append(parse_basis(text, span))
            title_open = False
            continue
        kind = _DOCUMENT_KIND.match(text)
        if kind and "title" not in header.fields:
            title_open = True
            if kind["rest"]:
                _extend_title(header, kind["rest"], Span(span.start + kind.start("rest"), span.end))
            continue
        if title_open:
            if _END_OF_TITLE.match(text) or (header.title and text.endswith(".")):
                title_open = False
            else:
                _extend_title(header, text, span)
                continue
        issuer = header.fields.get("issuer")
        if issuer and issuer.end + 1 == span.start and _ISSUER_PLACE.match(text):
            header.issuer = f"{header.issuer} {text}"
            header.fields["issuer"] = Span(issuer.start, span.end)
        _read_line(header, text, span)
    return header


def parse_attachment(header: Header, text: str, span: Span) -> None:
    """Fill what the head lacks from "(Kèm theo Kế hoạch số … ngày … của …)"."""
    header.fields.setdefault("attachment", span)
    number = PLAN_NUMBER.search(text)
    if header.number is None and number and number["digits"]:
        header.number = plan_number(number)
        header.fields["number"] = _inside(span, number.start("digits"), number.end())
    date = DATE.search(text)
    if header.issued_on is None and date and (found := date_of(date)):
        header.issued_on = found
        header.fields["issued_on"] = _inside(span, *date.span())
    if header.issuer is None and (issuer := _ISSUER_IN_SENTENCE.search(text)):
        header.issuer = issuer[1]
        header.fields["issuer"] = _inside(span, *issuer.span(1))


def parse_basis(text: str, span: Span) -> LegalBasis:
    """Take a "Căn cứ …" paragraph apart; what it does not say is None."""
    match = _BASIS_PARTS.match(text)
    if match is None:
        return LegalBasis(span, None, None, None, None, None)
    date = DATE.search(match["date"]) if match["date"] else None
    return LegalBasis(
        span=span,
        kind=match["kind"].strip(),
        number=match["number"],
        issued_on=date_of(date) if date else None,
        issuer=match["issuer"],
        title=match["title"] or None,
    )


def parse_period(text: str) -> tuple[Period, Span] | None:
    """Return the first period a title names and where: "giai đoạn 2023-2025", "năm 2024".

    A year inside a date ("ngày 15 tháng 7 năm 2021") is no period.
    """
    dates = [Span(*date.span()) for date in DATE.finditer(text)]
    found = [
        (
            Span(*match.span()),
            int(match["first"]),
            int(match.groupdict().get("last") or match["first"]),
        )
        for pattern in (_PERIOD, _RANGE, _YEAR)
        for match in pattern.finditer(text)
    ]
    periods = [
        (span.start, -len(span), span, Period(first, last))
        for span, first, last in found
        if first <= last and not any(date.contains(span) for date in dates)
    ]
    if not periods:
        return None
    *_, span, period = min(periods, key=lambda item: item[:2])
    return period, span


def plan_number(match: re.Match[str]) -> str:
    """Return the number of a plan without the spaces a form leaves in it."""
    return f"{match['digits']}/{match['code'].upper()}"


def date_of(match: re.Match[str]) -> datetime.date | None:
    """Return the date of a `DATE` match, None where the calendar has no such day."""
    try:
        return datetime.date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _read_line(header: Header, text: str, span: Span) -> None:
    number = PLAN_NUMBER.search(text)
    if number and "number" not in header.fields:
        header.fields["number"] = _inside(span, number.start("digits"), number.end())
        header.number = plan_number(number) if number["digits"] else None
    place = _PLACE_AND_DATE.search(text)
    if place and "place" not in header.fields:
        header.place = place["place"].strip()
        header.fields["place"] = _inside(span, *place.span("place"))
        date = DATE.search(text, place.end("place"))
        year = _YEAR_OF_BLANK_DATE.search(text, place.end("place"))
        if date and (found := date_of(date)):
            header.issued_on = found
            header.fields["issued_on"] = _inside(span, *date.span())
        elif year:
            header.fields["issued_year"] = _inside(span, *year.span(1))
    if header.issuer is None:
        issuer = (_ISSUER_LINE if not place else _ISSUER_IN_SENTENCE).match(text)
        if issuer and (text.isupper() or len(text) <= 60):
            header.issuer = issuer[0]
            header.fields["issuer"] = _inside(span, *issuer.span())
        elif sentence := _ISSUER_IN_SENTENCE.search(text):
            header.issuer = sentence[1]
            header.fields["issuer"] = _inside(span, *sentence.span(1))


def _extend_title(header: Header, text: str, span: Span) -> None:
    before = header.fields.get("title")
    header.title = f"{header.title} {text}".strip()
    header.fields["title"] = Span(before.start if before else span.start, span.end)


def _inside(span: Span, start: int, end: int) -> Span:
    return Span(span.start + start, span.start + end)
