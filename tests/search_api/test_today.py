"""What a unit or a province of the plans is on the day asked."""

import datetime

import pytest

from search_api.model import Intent, Reason, Status

TODAY = datetime.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        ("Sở Lao động - Thương binh và Xã hội nay là sở nào?", ("Sở Giáo dục và Đào tạo",)),
        ("so LDTBXH hien nay la so nao", ("Sở Giáo dục và Đào tạo",)),
        ("Việc làm của Sở LĐTBXH chuyển cho sở nào?", ("Sở Nội vụ",)),
        ("Kiên Giang nay thuộc tỉnh nào?", ("An Giang",)),
        ("Tỉnh Bình Thuận đã sáp nhập vào tỉnh nào?", ("Lâm Đồng",)),
        ("Sở Tài chính hiện nay là sở nào?", ("Sở Tài chính",)),
    ],
)
def test_the_holder_of_today_is_the_value_and_the_plan_that_names_it_is_cited(
    engine, asked, values
):
    answer = engine.ask(asked, as_of=TODAY)
    assert (answer.interpretation.intent, answer.values) == (Intent.TODAY, values)
    assert answer.citations


def test_what_is_not_told_by_the_function_is_said_to_be_undecided(engine):
    answer = engine.ask("Sở TTTT đổi thành sở gì?", as_of=TODAY)
    assert answer.values == ()
    assert "chưa xác định" in answer.answer


def test_before_the_change_nothing_has_changed(engine):
    answer = engine.ask("Sở LĐTBXH nay là sở nào?", as_of=datetime.date(2024, 1, 1))
    assert answer.holders == ()
    assert "Đến ngày 1/1/2024 không thấy thay đổi" in answer.answer


def test_a_unit_no_plan_names_is_refused(engine):
    answer = engine.ask("Sở Giao thông vận tải sáp nhập vào đâu?")
    assert (answer.status, answer.reason) == (Status.NOT_FOUND, Reason.UNIT_NOT_NAMED)
