import dataclasses
import datetime

import pytest

from search_api.portal.holdings import age
from search_api.portal.pictures import Band, band_of, line_of, share
from tests.factories import make_plan

TODAY = datetime.date(2024, 7, 1)


def test_a_share_is_of_the_largest():
    assert [share(part, 4) for part in (0, 1, 4)] == [0, 25, 100]
    assert share(0, 0) == 0


def test_days_lie_on_the_line_where_they_lie_in_its_years():
    line = line_of([(datetime.date(2024, 1, 1), "giữa")], [2023, 2024], TODAY)
    assert [(year.label, year.at) for year in line.years] == [("2023", 0), ("2024", 49.93)]
    assert [(mark.at, step) for mark, step in line.marks] == [(49.93, 0)]
    assert line.today == pytest.approx(74.8, abs=0.1)


def test_days_that_fall_together_are_piled_up():
    day = datetime.date(2024, 6, 20)
    line = line_of([(day, "b"), (day, "a")], [2024], TODAY)
    assert [(mark.label, step) for mark, step in line.marks] == [("a", 0), ("b", 1)]


def test_a_line_without_years_is_none_and_today_elsewhere_is_not_on_it():
    assert line_of([], [], TODAY) is None
    assert line_of([], [2020, 2022], TODAY).today is None


def test_a_band_reaches_from_the_first_day_to_the_last():
    assert band_of(2023, 2024, [2023, 2024]) == Band(0, pytest.approx(100, abs=0.2))
    assert band_of(2024, 2024, [2023, 2024, 2025]).start == pytest.approx(33.3, abs=0.1)


@pytest.mark.parametrize(
    ("issued", "said"),
    [
        ("2020-12-01", "3 năm 7 tháng"),
        ("2023-07-01", "1 năm"),
        ("2024-04-02", "2 tháng"),
        ("2024-06-25", "dưới 1 tháng"),
        ("2025-01-01", ""),
    ],
)
def test_the_age_of_a_plan_is_told_in_years_and_months(issued, said):
    plan = dataclasses.replace(make_plan(), issued_on=datetime.date.fromisoformat(issued))
    assert age(plan, TODAY) == said
