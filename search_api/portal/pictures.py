"""Pictures as shares of the width they get: bars, bands and days on a line of years."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Something on the line, `at` percent from its beginning."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """Years as a line: where each begins, where the marks are, and where today is if it is there.

    A mark that others share is the higher for each of them: `marks` come with their step.
    """

    years: tuple[Place, ...]
    marks: tuple[tuple[Place, int], ...]
    today: float | None


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of years on such a line, in percent."""

    start: float
    width: float


def share(part: int, largest: int) -> float:
    """Return `part` as percent of the largest."""
    return round(100 * part / largest, 2) if largest else 0.0


def line_of(
    marked: Iterable[tuple[datetime.date, str]], years: Sequence[int], today: datetime.date
) -> Line | None:
    """Return the line of `years` (in order) with the marked days on it; None without a year."""
    if not years:
        return None
    steps: dict[datetime.date, int] = {}
    marks = []
    for day, label in sorted(marked):
        step = steps[day] = steps.get(day, -1) + 1
        marks.append((Place(_percent(day, years), label), step))
    starts = tuple(
        Place(_percent(datetime.date(year, 1, 1), years), str(year))
        for year in range(years[0], years[-1] + 1)
    )
    is_there = years[0] <= today.year <= years[-1]
    return Line(starts, tuple(marks), _percent(today, years) if is_there else None)


def band_of(first: int, last: int, years: Sequence[int]) -> Band:
    """Return where the years from `first` to `last` lie on the line of `years`."""
    start = _percent(datetime.date(first, 1, 1), years)
    return Band(start, round(_percent(datetime.date(last, 12, 31), years) - start, 2))


def _percent(day: datetime.date, years: Sequence[int]) -> float:
    begin = datetime.date(years[0], 1, 1)
    days = (datetime.date(years[-1], 12, 31) - begin).days + 1
    return round(100 * (day - begin).days / days, 2)
