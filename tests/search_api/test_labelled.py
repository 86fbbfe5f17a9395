"""Tasks whose lead, support and time stand in the body, each after its label."""

import pytest

from corpus.model import Role
from search_api.answer.labelled import labelled_in


def test_each_label_names_its_column():
    text = (
        "Cơ quan chủ trì: Sở Xây dựng. Cơ quan phối hợp: Sở Y tế, Sở Nội vụ.\n"
        "- Thời gian hoàn thành: trước ngày 31/8/2026.\n- Sản phẩm: báo cáo"
    )
    assert labelled_in(text) == {
        Role.LEAD: "Sở Xây dựng",
        Role.SUPPORT: "Sở Y tế, Sở Nội vụ",
        Role.TIME: "trước ngày 31/8/2026",
        Role.PRODUCT: "báo cáo",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Sở Nội vụ chủ trì, phối hợp với Sở Tài chính.",
        "Trách nhiệm của Sở Y tế: khám bệnh.",
        "Phát sóng lúc 8:30 hằng ngày.",
        "Các sự kiện: hội thi, hội giảng.",
    ],
)
def test_other_words_before_a_colon_are_no_column(text):
    assert labelled_in(text) == {}


def test_who_leads_and_supports_is_read_after_the_labels(varied):
    led = varied.ask("Ở Đắk Lắk đơn vị nào chủ trì hỗ trợ nhà ở cho hộ nghèo?")
    assert led.values == ("Sở Xây dựng",)
    assert [citation.locator for citation in led.citations] == ["III.3.b"]
    helped = varied.ask("Thế ai phối hợp?", previous=(led.question,))
    assert helped.values == (
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
        "Sở Dân tộc và Tôn giáo",
    )


def test_when_a_task_is_due_is_read_after_its_label(varied):
    answer = varied.ask("Nhà ở cho hộ nghèo, hộ cận nghèo phải làm xong trước ngày nào?")
    assert answer.values == ("trước ngày 31/8/2026",)
    assert answer.citations[0].locator == "III.3.b"
