"""Deadlines on the calendar: the days of each, the next one, and the iCalendar file."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import icalendar

from search_api.agenda import Deadline, next_day

# A line that still fits the day view of a calendar.
_LONGEST_SUMMARY = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """A deadline with its days: all from the plan's issue to the end of its period.

    Where a plan has no period, what comes back every year has only its next day. `days` is empty
    where the calendar does not know the time; `next` is the first day from the day asked on.
    """

    deadline: Deadline
    days: tuple[datetime.date, ...]
    next: datetime.date | None

    @property
    def recurs(self) -> bool:
        """Say whether it comes back every year."""
        return self.deadline.due is not None and self.deadline.due.recurs


def entries_of(
    deadlines: Iterable[Deadline], years: Sequence[int], today: datetime.date
) -> tuple[Entry, ...]:
    """Return `deadlines` with their days, the soonest from `today` first, undated ones last.

    With `years` only what falls into one of them; what cannot be dated stays if the years it is
    marked with do, or if it is marked with none.
    """
    found = []
    for deadline in deadlines:
        days = _days(deadline, today)
        kept = tuple(day for day in days if not years or day.year in years)
        marked = deadline.years if deadline.due is None else ()
        if (days and not kept) or (marked and years and not set(marked) & set(years)):
            continue
        coming = next((day for day in kept if day >= today), None)
        found.append(Entry(deadline, kept, coming))
    return tuple(sorted(found, key=_order))


def write_calendar(entries: Iterable[Entry], now: datetime.datetime) -> bytes:
    """Return the dated `entries` as iCalendar (RFC 5545), all-day events whose ids are stable."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Kehoach//Thoi han//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Thời hạn trong các kế hoạch")
    for entry in entries:
        if entry.days:
            calendar.add_component(_event(entry, now))
    return bytes(calendar.to_ical())


def _days(deadline: Deadline, today: datetime.date) -> tuple[datetime.date, ...]:
    due = deadline.due
    if due is None:
        return ()
    if due.on is not None:
        return (due.on,)
    if not deadline.years:
        coming = next_day(due, today)
        return (coming,) if coming else ()
    days = [day for year in deadline.years if (day := due.in_year(year))]
    issued_on = deadline.citation.issued_on
    return tuple(day for day in days if issued_on is None or day >= issued_on)


def _order(entry: Entry) -> tuple[int, datetime.date]:
    """Order what is still to come by its day, then what is past by its last, then the undated."""
    if entry.next:
        return 0, entry.next
    return (1, entry.days[-1]) if entry.days else (2, datetime.date.max)


def _event(entry: Entry, now: datetime.datetime) -> icalendar.Event:
    deadline = entry.deadline
    event = icalendar.Event()
    event.add("uid", f"{_identity(deadline, entry.days[0])}@kehoach")
    event.add("dtstamp", now)
    event.add("summary", _summary(deadline))
    event.add("description", _description(deadline))
    event.add("transp", "TRANSPARENT")
    event.add("dtstart", entry.days[0])
    if len(entry.days) > 1 and _is_yearly(entry.days):
        event.add("rrule", {"freq": "yearly", "until": entry.days[-1]})
    elif len(entry.days) > 1:
        event.add("rdate", list(entry.days[1:]), parameters={"value": "DATE"})
    elif entry.recurs and not deadline.years:
        event.add("rrule", {"freq": "yearly"})
    return event


def _is_yearly(days: Sequence[datetime.date]) -> bool:
    return all(
        (one.month, one.day, one.year + 1) == (other.month, other.day, other.year)
        for one, other in pairwise(days)
    )


def _identity(deadline: Deadline, first: datetime.date) -> str:
    cited = deadline.citation
    parts = (cited.plan_id, cited.kind, cited.locator, deadline.when, deadline.what, str(first))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _summary(deadline: Deadline) -> str:
    text = f"{deadline.what} – {'; '.join(deadline.who)}" if deadline.who else deadline.what
    text = f"{deadline.when[:1].upper()}{deadline.when[1:]}: {' '.join(text.split())}"
    return text if len(text) <= _LONGEST_SUMMARY else text[: _LONGEST_SUMMARY - 1].rstrip() + "…"


def _description(deadline: Deadline) -> str:
    cited = deadline.citation
    number = f"Kế hoạch số {cited.plan_number}" if cited.plan_number else cited.plan_title
    lines = [
        f"Thời hạn như văn bản ghi: {deadline.when}",
        f"Đơn vị: {'; '.join(deadline.who)}" if deadline.who else "",
        f"Gửi: {deadline.to_whom}" if deadline.to_whom else "",
        ", ".join(filter(None, (number, cited.province, cited.label))),
        f"“{cited.quote}”".replace("\t", " | "),
    ]
    return "\n".join(filter(None, lines))
