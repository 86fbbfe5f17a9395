"""A claim about a year, a day or a body is held against what the plan says of just that."""

import pytest


@pytest.mark.parametrize(
    ("claim", "verdict", "place"),
    [
        ("Nâng cấp cổng dịch vụ công của Quảng Ninh có làm năm 2025 không?", "không", "2"),
        ("nang cap cong dich vu cong cua Quang Ninh co keo dai sang nam 2025 khong", "không", "2"),
        ("Nâng cấp cổng dịch vụ công của Quảng Ninh có làm năm 2024 không?", "có", "2"),
        (
            "Nâng cấp cổng dịch vụ công của Quảng Ninh có làm cả năm 2024 và 2025 không?",
            "không",
            "2",
        ),
        ("Quảng Ninh đào tạo kỹ năng số có làm cả 3 năm không?", "có", "3"),
        ("Quảng Ninh số hóa hồ sơ hộ tịch có làm cả 3 năm không?", "không", "1"),
        ("Diễn tập cứu nạn ở Nghi Sơn diễn ra ngày 04/11/2025 phải không?", "không", "9"),
        ("Diễn tập cứu nạn ở Nghi Sơn diễn ra ngày 04/10/2025 phải không?", "có", "9"),
        ("Có phải Sơn La giao Sở Y tế phun hóa chất diệt muỗi không?", "không", "3"),
    ],
)
def test_a_claim_is_decided_by_the_row_it_is_about(varied, claim, verdict, place):
    answer = varied.ask(claim)
    assert (answer.values, answer.citations[0].locator) == ((verdict,), place)


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        (
            "KH PCCC Thanh Hóa căn cứ luật nào?",
            ("Luật Phòng cháy, chữa cháy và cứu nạn, cứu hộ",),
        ),
        ("nang cap cong dich vu cong Quang Ninh het bao nhieu trieu dong", ("12.000",)),
        ("Người đặt bút ký kế hoạch chuyển đổi số Quảng Ninh là ai?", ("Nguyễn Đình Vượng",)),
        (
            "Hà Tĩnh bồi dưỡng kỹ năng số cho CBCCVC thì trường nào PH?",
            ("Trường Chính trị Trần Phú",),
        ),
        ("Phụ lục II của Hải Dương có bao nhiêu đợt kiểm tra liên ngành?", ("4",)),
        (
            "Các đơn vị ở Quảng Ninh gửi báo cáo về Sở TTTT chậm nhất ngày nào?",
            ("trước ngày 05/6", "trước ngày 05/12"),
        ),
    ],
)
def test_what_is_asked_for_is_the_value(varied, asked, values):
    assert varied.ask(asked).values == values


def test_a_second_province_may_be_misspelt(engine):
    asked = (
        "Chương trình, tài liệu hướng nghiệp: ai phối hợp ở Kiên Giang, ai phối hợp ở Bình Thuân?"
    )
    assert {citation.province for citation in engine.ask(asked).citations} == {
        "Kiên Giang",
        "Bình Thuận",
    }


def test_the_number_of_the_plan_an_appendix_belongs_to_is_just_the_number(engine):
    asked = "Phụ lục của Bình Thuận kèm theo kế hoạch số bao nhiêu?"
    assert engine.ask(asked).values == ("1549/KH-UBND",)
