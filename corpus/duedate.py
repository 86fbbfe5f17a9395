"""Times as plans write them: "trước ngày 20/6 hằng năm", "Quý II/2026", "Thường xuyên"."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

from corpus.marker import roman_value

_DATE = re.compile(
    r"(?:ngày\s+)?(?<!\d)(?P<day>\d{1,2})\s*(?:/|-|\s+tháng\s+)\s*(?P<month>\d{1,2})(?:\s*(?:/|-|\s+năm\s+)\s*(?P<year>(?:19|20)\d{2}))?(?![\d/])",
    re.I,
)
_MONTH = re.compile(
    r"tháng\s+(?P<month>\d{1,2})\s*(?:/|-|\s+năm\s+)\s*(?P<year>(?:19|20)\d{2})(?!\d)", re.I
)
_QUARTER = re.compile(
    r"quý\s+(?P<quarter>IV|I{1,3}|[1-4])\s*(?:/|-|\s+năm\s+|,?\s*)\s*(?P<year>(?:19|20)\d{2})(?!\d)",
    re.I,
)
# "Năm 2026", "trong năm 2026", "hoàn thành năm 2026"; not "theo Kế hoạch … năm 2026 của tỉnh".
_IN_YEAR = re.compile(
    r"(?:^\W*|\b(?:trong|hết|cuối|đến|hoàn thành|thực hiện|triển khai|ban hành)\s+)"
    r"năm\s+(?P<year>(?:19|20)\d{2})(?!\d|\s*[-–])",
    re.I,
)
# "Quyết định số 1441/QĐ-UBND ngày 25/9/2025": the day of a document is no time of a task.
_DATED_DOCUMENT = re.compile(
    r"\d+\s*/\s*(?:\d{4}\s*/\s*)?[^\W\d_][\w-]*,?\s+ngày\s+\d{1,2}"
    r"\s*(?:/|-|\s+tháng\s+)\s*\d{1,2}\s*(?:/|-|\s+năm\s+)\s*\d{4}"
)
_YEARLY = re.compile(r"(?:hằng|hàng|mỗi)\s+năm", re.I)
_MONTHLY = re.compile(r"(?:hằng|hàng|mỗi)\s+tháng|tháng liền kề", re.I)
# What stands between two times of a list, and what makes a span of time of them.
_BETWEEN = re.compile(r"^(?:[\s,;.)]|và\s)+")
_RANGE = re.compile(r"\s*(?:[-–]|đến|tới)", re.I)
_BEFORE = re.compile(r"\btrước\b(?:\s+ngày)?\s*$", re.I)


@dataclass(frozen=True, slots=True)
class DueDate:
    """A time that the calendar knows: on `on`, or every year on `month`/`day`.

    `before` says that the day itself is too late ("trước ngày 01/01/2030").
    """

    on: datetime.date | None = None
    month: int | None = None
    day: int | None = None
    before: bool = False

    @property
    def recurs(self) -> bool:
        """Say whether it comes back every year."""
        return self.on is None

    def in_year(self, year: int) -> datetime.date | None:
        """Return the day in `year`, None where it does not come then."""
        if self.on is not None:
            return self.on if self.on.year == year else None
        if self.month is None or self.day is None:
            return None
        return datetime.date(
            year, self.month, min(self.day, calendar.monthrange(year, self.month)[1])
        )


def parse_due(text: str, context: str = "") -> DueDate | None:
    """Return the date that `text` names, None where it names none the calendar knows.

    A day and month without a year come back every year if `text` or `context` says "hằng năm";
    otherwise they are not guessed. A month, quarter or year means its last day, as does a span.

    >>> parse_due("Quý II/2026").on
    datetime.date(2026, 6, 30)
    >>> parse_due("Thường xuyên trong năm") is None
    True
    """
    text = _DATED_DOCUMENT.sub(lambda match: " " * len(match[0]), text)
    if _MONTHLY.search(text):
        return None
    for date in _DATE.finditer(text):
        if _RANGE.match(text, date.end()) and _DATE.search(text, date.end()):
            continue
        before = bool(_BEFORE.search(text[: date.start()]))
        month, day = int(date["month"]), int(date["day"])
        if date["year"]:
            on = _date(int(date["year"]), month, day)
            if on:
                return DueDate(on=on, before=before)
        elif _date(2024, month, day) and _YEARLY.search(f"{text} {context}"):
            return DueDate(month=month, day=day, before=before)
    if match := _MONTH.search(text):
        return _end_of(int(match["year"]), int(match["month"]))
    if match := _QUARTER.search(text):
        quarter = match["quarter"].upper()
        number = int(quarter) if quarter.isdigit() else roman_value(quarter) or 0
        return _end_of(int(match["year"]), 3 * number)
    if match := _IN_YEAR.search(text):
        return _end_of(int(match["year"]), 12)
    return None


def split_dues(text: str) -> tuple[str, ...]:
    """Return the pieces of a time column that each name one time; all of it where none or one is.

    >>> split_dues("Ban hành trong tháng 01/2026, kiểm tra chậm nhất trong tháng 6/2026.")
    ('Ban hành trong tháng 01/2026', 'kiểm tra chậm nhất trong tháng 6/2026')
    """
    named = _DATED_DOCUMENT.sub(lambda match: " " * len(match[0]), text)
    ends = sorted({m.end() for kind in (_DATE, _MONTH, _QUARTER) for m in kind.finditer(named)})
    starts = [0, *ends[:-1]]
    pieces = [text[start:end] for start, end in zip(starts, ends, strict=False)]
    if len(pieces) < 2 or any(_RANGE.match(piece) for piece in pieces[1:]):
        return (text,)
    return tuple(_BETWEEN.sub("", piece) for piece in pieces)


def _end_of(year: int, month: int) -> DueDate | None:
    if not 1 <= month <= 12:
        return None
    return DueDate(on=datetime.date(year, month, calendar.monthrange(year, month)[1]))


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
