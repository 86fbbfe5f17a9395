"""Who owes what to whom by when."""

import datetime

import pytest

from corpus.duedate import DueDate
from search_api.agenda import next_day
from search_api.model import Filters


def test_the_reports_of_the_body_are_due_every_year(engine):
    reports = [
        (d.citation.locator, d.what, d.to_whom, d.due.month, d.due.day)
        for d in engine.deadlines()
        if d.citation.kind == "section"
    ]
    province = "Ủy ban nhân dân tỉnh"
    assert sorted(reports) == [
        ("IX.1", "báo cáo 6 tháng", province, 6, 20),
        ("IX.1", "báo cáo năm", province, 11, 20),
        ("IX.2", "báo cáo 6 tháng", province, 6, 30),
        ("IX.2", "báo cáo năm", province, 11, 30),
    ]


def test_dated_things_come_before_those_that_only_have_years(engine):
    dated = [deadline.due is not None for deadline in engine.deadlines()]
    assert dated == sorted(dated, reverse=True)


def test_every_time_is_in_its_quote(engine):
    for deadline in engine.deadlines():
        if deadline.due is not None:
            assert deadline.when in deadline.citation.quote


def test_a_filter_holds(engine):
    found = engine.deadlines(Filters(provinces=("Bình Thuận",)))
    assert {deadline.province for deadline in found} <= {"Bình Thuận"}


@pytest.mark.parametrize(
    ("due", "day"),
    [
        (DueDate(month=6, day=20), (2025, 6, 20)),
        (DueDate(month=2, day=1), (2026, 2, 1)),
        (DueDate(on=datetime.date(2026, 1, 1)), (2026, 1, 1)),
        (DueDate(on=datetime.date(2020, 1, 1)), None),
        (None, None),
    ],
)
def test_the_next_day_is_the_first_from_today_on(due, day):
    expected = datetime.date(*day) if day else None
    assert next_day(due, datetime.date(2025, 3, 1)) == expected
