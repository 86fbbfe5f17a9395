"""One field of an answer, exactly: the amount, the number, the day, the body that was asked for."""

import pytest


@pytest.mark.parametrize(
    ("asked", "values", "place"),
    [
        ("Tổng vốn giảm nghèo năm 2026 của Đắk Lắk là bao nhiêu?", ("486,5 tỷ đồng",), "IV.1"),
        ("Ngân sách trung ương cho giảm nghèo Đắk Lắk là bao nhiêu?", ("352 tỷ đồng",), "IV.2.a"),
        (
            "Kế hoạch phòng cháy của Thanh Hóa cần bao nhiêu tiền, ngân sách huyện bao nhiêu?",
            ("15.680 triệu đồng", "12.180 triệu đồng", "3.500 triệu đồng"),
            "IV.1",
        ),
    ],
)
def test_an_amount_is_the_value_and_its_clause_the_evidence(varied, asked, values, place):
    answer = varied.ask(asked)
    assert answer.values == values
    assert [citation.locator for citation in answer.citations] == [place]


def test_both_kinds_of_report_are_told_where_both_are_asked(varied):
    answer = varied.ask("Các sở, ngành Đắk Lắk nộp báo cáo 6 tháng và báo cáo năm trước ngày nào?")
    assert answer.values == ("trước ngày 10/6/2026", "trước ngày 05/12/2026")


def test_a_day_of_each_quarter_is_a_date(varied):
    asked = "Báo cáo quý của các sở, ngành Thanh Hóa nộp trước ngày nào?"
    assert varied.ask(asked).values == ("trước ngày 15 của tháng cuối quý",)


def test_who_must_do_it_may_be_called_by_other_words_than_the_plan(varied):
    answer = varied.ask("Các huyện của Thanh Hóa phải bố trí ngân sách trang bị cái gì?")
    assert [citation.locator for citation in answer.citations] == ["V.7.b"]


def test_a_body_only_a_heading_names_has_its_duties(varied):
    answer = varied.ask("Công ty Điện lực Thanh Hóa có nhiệm vụ gì?")
    assert [citation.locator for citation in answer.citations] == ["V.6"]


def test_another_number_of_the_same_thing_is_denied(varied):
    asked = "Trường có bếp ăn bán trú ở Hải Dương phải lưu mẫu thức ăn {} giờ đúng không?"
    assert varied.ask(asked.format(48)).values == ("không",)
    assert varied.ask(asked.format(24)).values == ("có",)


def test_a_day_after_the_deadline_is_late(engine):
    asked = "Ngày {} huyện mới gửi báo cáo năm thì có trễ hạn không?"
    late, early = (engine.ask(asked.format(day)) for day in ("25/11", "15/11"))
    assert (late.values, early.values) == (("có",), ("không",))
    assert late.citations[0].locator == "IX.1"


def test_a_group_of_rows_is_named_by_its_number(engine):
    answer = engine.ask("Nhóm số 7 trong phụ lục Kiên Giang gồm những hoạt động cụ thể nào?")
    assert [citation.locator for citation in answer.citations] == ["7.1", "7.2"]


def test_an_activity_is_found_by_its_product(engine):
    answer = engine.ask(
        "Hoạt động nào ở Kiên Giang có sản phẩm là không gian truyền thông được hình thành?"
    )
    assert [citation.locator for citation in answer.citations] == ["8.2"]
