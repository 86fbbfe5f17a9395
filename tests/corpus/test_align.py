"""The same activity in two plans."""

import pytest

from corpus.align import align
from tests.factories import make_plan, make_row

PRESS = make_row("1", "Tuyên truyền trên báo, tạp chí")
PANEL = make_row("2", "Xây dựng pa-nô, áp phích quảng bá hình ảnh")
PANEL_TOO = make_row("7", "Xây dựng các pa-nô, đề-can quảng bá hình ảnh, thông điệp")
FAIR = make_row("8", "Tổ chức ngày hội việc làm cho bộ đội xuất ngũ")


def ordinals(alignment):
    return [(pair.one.ordinal, pair.other.ordinal) for pair in alignment.pairs]


def test_the_shipped_plans_share_eight_activities_and_four_stand_alone(engine):
    plans = engine.plans
    found = align(plans["1549-kh-ubnd.binh-thuan.2024"], plans["97-kh-ubnd.kien-giang.2023"])
    assert ordinals(found) == [
        ("1", "2"), ("2", "3"), ("3", "5"), ("4", "6"),
        ("5", "8"), ("6", "10"), ("7", "8.2"), ("8", "7"),
    ]  # fmt: skip
    assert found.only_one == ()
    assert [row.ordinal for row in found.only_other] == ["1", "4", "9", "11"]


def test_alike_activities_are_paired_and_the_others_left():
    found = align(make_plan(rows=(PRESS, PANEL)), make_plan(rows=(PANEL_TOO, FAIR)))
    assert ordinals(found) == [("2", "7")]
    assert [row.ordinal for row in found.only_one] == ["1"]
    assert [row.ordinal for row in found.only_other] == ["8"]


def test_a_row_is_paired_once():
    found = align(
        make_plan(rows=(PANEL,)), make_plan(rows=(PANEL_TOO, make_row("9", "Xây dựng pa-nô")))
    )
    assert len(found.pairs) == 1


def test_it_does_not_matter_which_plan_comes_first():
    one, other = make_plan(rows=(PRESS, PANEL)), make_plan(rows=(PANEL_TOO, FAIR))
    assert ordinals(align(one, other)) == [(b, a) for a, b in ordinals(align(other, one))]


def test_a_group_wins_over_a_row_below_it_that_is_as_like():
    group = make_row("3", "Xây dựng, số hóa ấn phẩm tuyên truyền", lead="")
    below = make_row("3.1", "Xây dựng, số hóa ấn phẩm tuyên truyền ở địa phương")
    found = align(
        make_plan(rows=(make_row("2", "Xây dựng, số hóa các ấn phẩm tuyên truyền ở địa phương"),)),
        make_plan(rows=(group, below, FAIR)),
    )
    assert ordinals(found) == [("2", "3")]


@pytest.mark.parametrize("rows", [(), (PRESS,)])
def test_a_plan_without_rows_shares_nothing(rows):
    found = align(make_plan(rows=rows), make_plan())
    assert found.pairs == ()
    assert len(found.only_one) == len(rows)
