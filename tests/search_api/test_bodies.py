"""All that a body does, with whom and by when, asked in one go."""

import pytest

from search_api.model import Reason, Status


def places(answer):
    return [
        (citation.plan_id[:3], citation.kind, citation.locator) for citation in answer.citations
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "Sở Y tế Sơn La chủ trì việc gì, tháng mấy xong?",
        "Sở Y tế Sơn La chủ trì những việc gì, trước ngày nào xong, phối hợp với ai?",
    ],
)
def test_what_a_body_leads_is_told_with_its_time(varied, asked):
    answer = varied.ask(asked)
    assert places(answer) == [("73-", "row", "2"), ("73-", "row", "5")]
    assert {"Tháng 4/2025", "Trước ngày 30/4/2025"} <= set(answer.values)
    assert "Sở Tài chính" in answer.values or "ai" not in asked


def test_all_that_is_wanted_of_what_a_body_leads_is_told(engine):
    answer = engine.ask("Sở LĐTBXH Bình Thuận chủ trì việc gì, ai phối hợp, sản phẩm ra sao?")
    assert [locator for _, _, locator in places(answer)] == ["1", "2", "3", "4", "5", "7", "8"]
    assert {
        "Cơ quan chủ quản của các cơ sở GDNN",
        "Các ấn phẩm, sản phẩm số được phát hành",
    } <= set(answer.values)


def test_partners_are_those_of_rows_a_body_leads_and_of_rows_it_supports(varied):
    answer = varied.ask("Sở Y tế Sơn La phối hợp với ai, tháng mấy?")
    assert places(answer) == [("73-", "row", "2"), ("73-", "row", "5"), ("73-", "row", "4")]
    assert {"Sở Tài chính", "Tỉnh đoàn", "Quý III/2025"} <= set(answer.values)
    assert "Sở Y tế" not in answer.values


def test_who_only_supports_on_the_topic_works_with_who_leads(varied):
    answer = varied.ask("Công an tỉnh Thanh Hóa phối hợp với ai kiểm tra chợ?")
    assert answer.values == ("Sở Công Thương", "Sở Xây dựng", "Công ty Điện lực Thanh Hóa")
    assert places(answer) == [("58-", "row", "5")]


def test_partners_that_only_a_duty_names_are_told_by_it(engine):
    answer = engine.ask("Sở Thông tin và Truyền thông Kiên Giang phối hợp với ai?")
    assert places(answer) == [("97-", "section", "VIII.2.a")]


def test_what_no_row_has_a_body_lead_is_not_answered_by_what_others_do(varied):
    answer = varied.ask("Sở Tài chính Sơn La chủ trì việc gì, tháng mấy?")
    assert (answer.status, answer.reason) == (Status.NOT_FOUND, Reason.UNIT_NOT_NAMED)


def test_initials_of_the_province_behind_a_body_choose_its_plan(engine):
    answer = engine.ask("SLĐTBXH BT chủ trì việc gì?")
    assert {plan for plan, _, _ in places(answer)} == {"154"}
    assert answer.interpretation.provinces == ("Bình Thuận",)
