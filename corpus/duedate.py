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
_IN_YEAR = re.compile(r"(?:trong|hết|cuối)?\s*năm\s+(?P<year>(?:19|20)\d{2})(?!\d|\s*[-–])", re.I)
_YEARLY = re.compile(r"(?:hằng|hàng|mỗi)\s+năm", re.I)
_MONTHLY = re.compile(r"(?:hằng|hàng|mỗi)\s+tháng|tháng liền kề", re.I)
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
    otherwise they are not guessed. A month, quarter or year means its last day.

    >>> parse_due("Quý II/2026").on
    datetime.date(2026, 6, 30)
    >>> parse_due("Thường xuyên trong năm") is None
    True
    """
    if _MONTHLY.search(text):
        return None
    for date in _DATE.finditer(text):
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


def _end_of(year: int, month: int) -> DueDate | None:
    if not 1 <= month <= 12:
        return None
    return DueDate(on=datetime.date(year, month, calendar.monthrange(year, month)[1]))


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
