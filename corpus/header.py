"""The head of a plan: issuer, number, place and date, title, period, legal bases."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.model import LegalBasis, Period, Span
from corpus.text import CAPITALS, place_tones

# "Số: 97 /KH-UBND", "Số:     /KH-UBND", "Kế hoạch số 1549  /KH-UBND"; not "số 2239/QĐ-TTg".
PLAN_NUMBER = re.compile(
    r"\bsố\s*:?\s*(?P<digits>\d{0,5}[a-z]?)[\s.…_]*/\s*(?P<code>KH-[A-ZĐ]+\d*)", re.I
)
# "30 tháng 3 năm 2023", "26  /4/2024", "26-4-2024"; not "ngày     tháng    năm 2026" nor "30/6".
DATE = re.compile(
    r"(?:ngày\s+)?\b(?P<day>\d{1,2})\s*(?:tháng|/|-|\.)\s*(?P<month>\d{1,2})\s*(?:năm|/|-|\.)\s*(?P<year>(?:19|20)\d{2})\b",
    re.I,
)
# Another plan that a head names: "Thực hiện Kế hoạch số 12/KH-UBND".
_NAMES_ANOTHER_PLAN = re.compile(r"\bkế hoạch\s*$", re.I)
# "Kiên Giang, ngày …", also with day and month still blank or "DD"; not "báo cáo, ngày 20 tháng 6".
_PLACE_AND_DATE = re.compile(
    rf"(?:^|(?<=\s))(?P<place>(?:TP\.?\s*)?[{CAPITALS}][^\W\d_]*(?:\s*[-–]?\s*[{CAPITALS}][^\W\d_]*){{0,4}}),"
    r"\s*ngày[^,;:]{0,12}tháng[^,;:]{0,12}năm\b"
)
_YEAR_OF_BLANK_DATE = re.compile(r"\bnăm\s*((?:19|20)\d{2})\b", re.I)
# What stands to the right of the issuer where two columns were read as one.
_MOTTO = re.compile(r"\s*(?:CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA.*|Độc lập\s*[-–]\s*Tự do.*)$", re.I)
# "ỦY BAN NHÂN DÂN", "UBND TỈNH KIÊN GIANG"; not "Ủy viên Ban Thường vụ".
_ISSUER_LINE = re.compile(r"^(?:ỦY BAN NHÂN DÂN|UBND)\b", re.I)
# The second line of "ỦY BAN NHÂN DÂN" / "TỈNH LÂM ĐỒNG"; not "Tỉnh đoàn".
_ISSUER_PLACE = re.compile(rf"^(?:TỈNH|THÀNH PHỐ|TP\.?|HUYỆN|XÃ|PHƯỜNG)\s+[{CAPITALS}\d\s-]+$")
# "Ủy ban nhân dân tỉnh ban hành", "của UBND tỉnh)"; not "báo cáo Ủy ban nhân dân tỉnh kết quả".
_ISSUER_IN_SENTENCE = re.compile(
    r"\b((?:Chủ tịch\s+)?(?:Ủy ban nhân dân|UBND)\s+(?:[Tt]ỉnh|[Tt]hành phố)"
    rf"(?:\s+[{CAPITALS}][^\W\d_]*){{0,4}})"
    r"(?=\s+(?:ban hành|xây dựng|tổ chức)|\s*\)?$)"
)
# "KẾ HOẠCH", "KẾ HOẠCH TRUYỀN THÔNG", "Kế hoạch" alone; not "Kế hoạch này".
_DOCUMENT_KIND = re.compile(r"^(?:KẾ HOẠCH\b\s*(?P<rest>.*)|Kế hoạch)$")
# "Căn cứ Luật …"; also "Thực hiện Nghị quyết số …", but not "Thực hiện mục tiêu".
_BASIS = re.compile(
    r"^[-–]?\s*(?:Căn cứ\b|(?:Tiếp tục\s+)?(?:Thực hiện|Triển khai)\s+(?:Luật|Nghị|Quyết định|"
    r"Chỉ thị|Kết luận|Công văn|Kế hoạch|Chương trình|Thông tư)\b[^.;]{0,200}?\bsố\s+\d)",
    re.I,
)
# "giai đoạn 2023-2025", "từ năm 2023 đến năm 2025"; not "từ 20 giờ đến 21 giờ".
_PERIOD = re.compile(
    r"\b(?:giai đoạn|thời kỳ|từ)\s+(?:từ\s+)?(?:năm\s+)?(?P<first>(?:19|20)\d{2})\s*(?:[-–]|đến)\s*"
    r"(?:năm\s+)?(?P<last>(?:19|20)\d{2})\b",
    re.I,
)
# "2023-2025", "năm học 2023 - 2024"; not "02/2023-CT".
_RANGE = re.compile(r"\b(?P<first>20\d{2})\s*[-–]\s*(?P<last>20\d{2})\b")
# "năm 2024"; not "5 năm".
_YEAR = re.compile(r"\bnăm\s+(?P<first>(?:19|20)\d{2})\b", re.I)
# A rule under the title, or the sentence that enacts the plan.
_END_OF_TITLE = re.compile(
    r"^[-_—*=\s]{2,}$|[:.;]$|"
    r"^(?:Thực hiện|Tiếp tục|Ủy ban|UBND|Chủ tịch|Nhằm|Để|Trên cơ sở|Theo|Xét)\b"
)
# The longest titles of plans have about 250 characters; a longer paragraph below one is prose.
_LONGEST_TITLE_LINE = 300
_BASIS_PARTS = re.compile(
    r"""^[-–]?\s*(?:Căn\s+cứ|(?:Tiếp\s+tục\s+)?(?:Thực\s+hiện|Triển\s+khai))
        \s+(?P<kind>(?:Luật|Bộ\s+luật|Hiến\s+pháp)\b[^;]*?(?=\s+(?:số|ngày|năm\s+\d{4})\b|[;.]
            |,\s*(?:$|được|sửa|theo|căn|luật|bộ\s+luật|nghị|quyết|pháp\s+lệnh|thông\s+tư|chỉ\s+thị
                |chủ\s+tịch|ủy\s+ban|UBND)|$)
        |[A-ZĐ][^\d;]*?(?=\s+(?:số|ngày)\b))
        (?:\s+số\s+(?P<number>[\w./-]+))?
        (?:\s*,?\s*ngày\s+(?P<date>\d{1,2}\s*(?:tháng|/|-)\s*\d{1,2}\s*(?:năm|/|-)\s*\d{4}))?
        (?:\s+của\s+(?P<issuer>.+?)
            (?=\s+(?:phê\ duyệt|ban\ hành|về|quy\ định|hướng\ dẫn|sửa\ đổi|triển\ khai|thực\ hiện
                |công\ bố|giao|v/v)\b|,\s*(?:Chủ\ tịch\s+)?(?:Ủy\ ban\ nhân\ dân|UBND)\b|[;.,]?$))?
        \s*,?\s*(?P<title>.*?)
        (?:,\s*(?:Chủ\ tịch\s+)?(?:Ủy\ ban\ nhân\ dân|UBND)\b[^;]*\bban\ hành\b.*|[;.,:\s]*)$""",
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
    title_guessed: bool = False


def parse_header(lines: Sequence[tuple[str, Span]]) -> Header:
    """Read the lines above the first section; each comes with its span in the plan's text."""
    header = Header()
    plain: list[tuple[str, Span]] = []
    title_open = False
    for text, span in lines:
        kind = _DOCUMENT_KIND.match(text)
        if kind and "title" not in header.fields:
            title_open = True
            if kind["rest"]:
                _extend_title(header, kind["rest"], Span(span.start + kind.start("rest"), span.end))
            continue
        if title_open and text and not _ends_title(header, text):
            _extend_title(header, text, span)
            continue
        title_open = False
        if _BASIS.match(text):
            header.bases.append(parse_basis(text, span))
        if text and not _read_line(header, text, span) and not header.bases:
            plain.append((text, span))
    if not header.title:
        _guess_title(header, plain)
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
    if header.issuer is None:
        _read_issuer_in_sentence(header, text, span)


def parse_basis(text: str, span: Span) -> LegalBasis:
    """Take a "Căn cứ …" paragraph apart; what it does not say is None."""
    match = _BASIS_PARTS.match(place_tones(text))
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


def _ends_title(header: Header, text: str) -> bool:
    """Say whether a line below "KẾ HOẠCH" no longer belongs to the title."""
    if len(text) > _LONGEST_TITLE_LINE or text.startswith("Căn cứ"):
        return True
    return bool(header.title and not text.isupper() and _END_OF_TITLE.search(place_tones(text)))


def _read_line(header: Header, text: str, span: Span) -> bool:
    """Take number, place, date and issuer from a line; say whether it held one, or the motto."""
    before = dict(header.fields)
    number = PLAN_NUMBER.search(text)
    if (
        number
        and "number" not in header.fields
        and not _NAMES_ANOTHER_PLAN.search(text[: number.start()])
    ):
        header.fields["number"] = _inside(span, number.start("digits"), number.end())
        header.number = plan_number(number) if number["digits"] else None
    place = _PLACE_AND_DATE.search(text)
    if place and "place" not in header.fields:
        header.place = place["place"]
        header.fields["place"] = _inside(span, *place.span("place"))
        date = DATE.search(text, place.end("place"))
        year = _YEAR_OF_BLANK_DATE.search(text, place.end("place"))
        if date and (found := date_of(date)):
            header.issued_on = found
            header.fields["issued_on"] = _inside(span, *date.span())
        elif year:
            header.fields["issued_year"] = _inside(span, *year.span(1))
    if not place:
        _read_issuer(header, text, span)
    return header.fields != before or bool(_MOTTO.match(text))


def _read_issuer(header: Header, text: str, span: Span) -> None:
    """Take the issuer from its own line or two, else from the sentence that enacts the plan."""
    own = _MOTTO.sub("", text)
    line = _ISSUER_LINE.match(place_tones(own))
    if header.issuer is None and line and (own.isupper() or len(own) <= 60):
        header.issuer = own
        header.fields["issuer"] = _inside(span, 0, len(own))
    elif header.issuer is None:
        _read_issuer_in_sentence(header, text, span)
    elif _ISSUER_PLACE.match(own) and _ISSUER_LINE.fullmatch(place_tones(header.issuer)):
        header.issuer = f"{header.issuer} {own}"
        header.fields["issuer"] = Span(header.fields["issuer"].start, span.start + len(own))


def _read_issuer_in_sentence(header: Header, text: str, span: Span) -> None:
    if sentence := _ISSUER_IN_SENTENCE.search(place_tones(text)):
        header.issuer = text[slice(*sentence.span(1))]
        header.fields["issuer"] = _inside(span, *sentence.span(1))


def _guess_title(header: Header, plain: Sequence[tuple[str, Span]]) -> None:
    """Take the first lines that are nothing else for the title of a plan without "KẾ HOẠCH"."""
    for text, span in plain:
        if _ends_title(header, text) or text.endswith((".", ";", ":")):
            break
        _extend_title(header, text, span)
        header.title_guessed = True


def _extend_title(header: Header, text: str, span: Span) -> None:
    before = header.fields.get("title")
    header.title = f"{header.title} {text}".strip()
    header.fields["title"] = Span(before.start if before else span.start, span.end)


def _inside(span: Span, start: int, end: int) -> Span:
    return Span(span.start + start, span.start + end)
