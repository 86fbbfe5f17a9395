"""Who is that today, on the day asked."""

import datetime

import pytest

from corpus.units import unit_registry
from search_api.succession import holders_of, predecessors_of, province_today, successors_of

AFTER = datetime.date(2025, 8, 1)
BEFORE = datetime.date(2025, 2, 28)
LABOUR = "Sở Lao động - Thương binh và Xã hội"


def test_vocational_education_went_to_education():
    (holder,) = holders_of([LABOUR], "giáo dục nghề nghiệp", AFTER, unit_registry())
    assert holder.holder == "Sở Giáo dục và Đào tạo"
    assert LABOUR in holder.sentence
    assert "1/3/2025" in holder.sentence


def test_before_the_day_nobody_has_passed():
    assert holders_of([LABOUR], "giáo dục nghề nghiệp", BEFORE, unit_registry()) == ()


def test_without_a_function_the_holder_is_left_open_or_said_to_be_inferred():
    holders = holders_of([LABOUR], "", AFTER, unit_registry())
    assert all(holder.holder is None or holder.inferred for holder in holders)


@pytest.mark.parametrize("name", ["Sở Tài chính của tôi", "các sở, ban, ngành", "2024", ""])
def test_a_collective_or_no_unit_has_no_holder(name):
    assert holders_of([name], "giáo dục nghề nghiệp", AFTER, unit_registry()) == ()


@pytest.mark.parametrize(
    ("name", "day", "today"),
    [
        ("Kiên Giang", (2025, 7, 1), "An Giang"),
        ("Kiên Giang", (2025, 6, 30), None),
        ("Hà Nội", (2025, 8, 1), None),
        (None, (2025, 8, 1), None),
    ],
)
def test_a_province_is_called_by_its_name_of_the_day(name, day, today):
    holder = province_today(name, datetime.date(*day))
    assert (holder.holder if holder else None) == today


def test_a_new_name_leads_back_to_the_old_one_that_the_plans_use():
    found = predecessors_of(
        ["so-giao-duc-va-dao-tao"],
        ["so-lao-dong-thuong-binh-va-xa-hoi", "so-tai-chinh"],
        "giáo dục nghề nghiệp",
        AFTER,
        unit_registry(),
    )
    assert [unit_id for unit_id, _ in found] == ["so-lao-dong-thuong-binh-va-xa-hoi"]


@pytest.mark.parametrize(
    ("topic", "found"),
    [("cai nghiện ma túy", ["cong-an"]), ("giảm nghèo", []), ("", [])],
)
def test_an_old_name_leads_on_to_who_holds_the_task_if_the_plans_name_it(topic, found):
    known = ["cong-an", "so-noi-vu", "so-tai-chinh"]
    asked = ["so-lao-dong-thuong-binh-va-xa-hoi"]
    holders = successors_of(asked, known, topic, AFTER, unit_registry())
    assert [unit_id for unit_id, _ in holders] == found
