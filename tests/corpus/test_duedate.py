"""Times as plans write them, and times that no calendar knows."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.duedate import DueDate, parse_due, split_dues


@pytest.mark.parametrize(
    ("text", "day", "before"),
    [
        ("ngày 15/6/2024", (2024, 6, 15), False),
        ("trước ngày 01/01/2030", (2030, 1, 1), True),
        ("ngày 5 tháng 12 năm 2025", (2025, 12, 5), False),
        ("15-6-2024", (2024, 6, 15), False),
        ("Tháng 12/2024", (2024, 12, 31), False),
        ("tháng 2 năm 2024", (2024, 2, 29), False),
        ("Quý II/2026", (2026, 6, 30), False),
        ("Quý 4 năm 2025", (2025, 12, 31), False),
        ("năm 2025", (2025, 12, 31), False),
        ("hết năm 2024", (2024, 12, 31), False),
        ("Từ 01/3/2026 đến 30/4/2026", (2026, 4, 30), False),
        ("Triển khai năm 2026", (2026, 12, 31), False),
    ],
)
def test_a_written_time_is_a_day(text, day, before):
    assert parse_due(text) == DueDate(on=datetime.date(*day), before=before)


@pytest.mark.parametrize(
    "text",
    [
        "trước ngày 20/6",
        "ngày 15 hằng tháng",
        "Thường xuyên trong năm",
        "31/02/2024",
        "tháng 13/2024",
        "Quý V/2026",
        "năm 2023-2025",
        "97/KH-UBND",
        "số 115/6/20245",
        "",
    ],
)
def test_a_time_the_calendar_does_not_know_is_none(text):
    assert parse_due(text) is None


@pytest.mark.parametrize(
    ("text", "context"), [("trước ngày 20/6 hằng năm", ""), ("trước ngày 20/6", "Định kỳ hằng năm")]
)
def test_a_day_without_a_year_recurs_only_where_it_is_said(text, context):
    due = parse_due(text, context)
    assert (due.month, due.day, due.recurs, due.before) == (6, 20, True, True)
    assert due.in_year(2026) == datetime.date(2026, 6, 20)


def test_a_leap_day_comes_on_the_last_of_february():
    assert DueDate(month=2, day=29).in_year(2025) == datetime.date(2025, 2, 28)


def test_a_day_of_one_year_comes_in_no_other():
    due = DueDate(on=datetime.date(2025, 6, 1))
    assert due.in_year(2025) == datetime.date(2025, 6, 1)
    assert due.in_year(2026) is None


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_is_a_time_or_none(text, context):
    due = parse_due(text, context)
    assert due is None or due.recurs is (due.on is None)


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2050, 12, 31)))
def test_every_day_written_out_is_that_day(day):
    assert parse_due(f"trước ngày {day.day:02}/{day.month:02}/{day.year}").on == day


@pytest.mark.parametrize(
    "text",
    [
        "Theo Điều 17 Nghị định số 52/2015/NĐ-CP ngày 28/5/2015 của Chính phủ",
        "Theo các mốc thời gian tại Quyết định số 1441/QĐ-UBND ngày 25 tháng 9 năm 2025",
        "Theo Kế hoạch rà soát thủ tục hành chính năm 2026 của tỉnh",
    ],
)
def test_the_day_of_a_document_and_the_year_in_a_name_are_no_due_dates(text):
    assert parse_due(text) is None
    assert split_dues(text) == (text,)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Trước 30/6/2026; trước 30/11/2026", ("Trước 30/6/2026", "trước 30/11/2026")),
        ("Ban hành trong tháng 01/2026 và báo cáo trong tháng 8/2026.",
         ("Ban hành trong tháng 01/2026", "báo cáo trong tháng 8/2026")),
        ("Từ 01/3/2026 đến 30/4/2026", ("Từ 01/3/2026 đến 30/4/2026",)),
        ("01/3/2026 - 30/4/2026", ("01/3/2026 - 30/4/2026",)),
        ("Thường xuyên", ("Thường xuyên",)),
        ("Quý II/2026", ("Quý II/2026",)),
    ],
)  # fmt: skip
def test_each_time_of_a_list_is_one_piece_and_a_span_of_time_is_not_cut(text, pieces):
    assert split_dues(text) == pieces
