"""Deadlines on the calendar: their days, and what a calendar program reads."""

import datetime
from dataclasses import replace

import icalendar
import pytest

from corpus.duedate import DueDate
from search_api.agenda import Deadline
from search_api.cite import cite
from search_api.diary import entries_of, write_calendar
from tests.factories import make_plan, make_section

NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
TODAY = datetime.date(2024, 7, 1)
LAST_OF_FEBRUARY = DueDate(month=2, day=29)


@pytest.fixture
def plan():
    section = make_section("I", "CHẾ ĐỘ BÁO CÁO", text="Báo cáo trước ngày 20/6 hằng năm.")
    return replace(make_plan(sections=[section]), issued_on=datetime.date(2023, 7, 1))


def entries(plan, due, years=(2023, 2024, 2025), wanted=(), today=TODAY):
    citation = cite(plan, plan.sections[0].heading)
    deadline = Deadline(
        ("Sở Tài chính",), "báo cáo năm", None, "trước …", due, years, None, citation
    )
    return entries_of([deadline], wanted, today)


def events(found):
    return icalendar.Calendar.from_ical(write_calendar(found, NOW)).walk("VEVENT")


def test_what_comes_back_every_year_begins_after_the_plan_and_ends_with_its_period(plan):
    (entry,) = entries(plan, DueDate(month=6, day=20))
    assert entry.days == (datetime.date(2024, 6, 20), datetime.date(2025, 6, 20))
    assert entry.next == datetime.date(2025, 6, 20)


def test_without_a_period_only_the_next_day_is_known_and_the_event_goes_on(plan):
    found = entries(plan, DueDate(month=6, day=20), years=())
    assert found[0].days == (datetime.date(2025, 6, 20),)
    (event,) = events(found)
    assert event["rrule"] == {"FREQ": ["YEARLY"]}


def test_a_single_day_is_one_event_without_a_rule(plan):
    found = entries(plan, DueDate(on=datetime.date(2030, 1, 1), before=True))
    assert found[0].next == datetime.date(2030, 1, 1)
    (event,) = events(found)
    assert "rrule" not in event
    assert event.decoded("dtstart") == datetime.date(2030, 1, 1)


def test_what_is_past_has_no_next_day(plan):
    (entry,) = entries(plan, DueDate(on=datetime.date(2024, 6, 30)))
    assert entry.days
    assert entry.next is None


def test_what_cannot_be_dated_is_no_event(plan):
    found = entries(plan, None)
    assert found[0].days == ()
    assert events(found) == []


@pytest.mark.parametrize(
    ("due", "wanted", "kept"),
    [
        (DueDate(month=11, day=30), (2024,), 1),
        (DueDate(month=11, day=30), (2030,), 0),
        (DueDate(on=datetime.date(2026, 6, 30)), (2024,), 0),
        (None, (2024,), 1),
        (None, (2030,), 0),
    ],
)
def test_a_year_leaves_what_falls_into_it(plan, due, wanted, kept):
    assert len(entries(plan, due, wanted=wanted)) == kept


def test_years_apart_are_dates_not_a_rule(plan):
    found = entries(plan, DueDate(month=11, day=30), wanted=(2023, 2025))
    (event,) = events(found)
    assert "rrule" not in event
    assert [date.dt for date in event["rdate"].dts] == [datetime.date(2025, 11, 30)]


def test_the_last_of_february_is_not_skipped_in_common_years(plan):
    found = entries(plan, LAST_OF_FEBRUARY)
    assert found[0].days == (datetime.date(2024, 2, 29), datetime.date(2025, 2, 28))
    (event,) = events(found)
    assert "rrule" not in event


def test_what_is_to_come_stands_first_and_what_is_undated_last(plan):
    citation = cite(plan, plan.sections[0].heading)
    dues = (None, DueDate(on=datetime.date(2024, 1, 5)), DueDate(on=datetime.date(2025, 1, 5)))
    deadlines = [Deadline((), "việc", None, "", due, (), None, citation) for due in dues]
    ordered = [entry.deadline.due for entry in entries_of(deadlines, (), TODAY)]
    assert ordered == [dues[2], dues[1], dues[0]]
