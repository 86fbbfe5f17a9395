"""Plans with other columns than the shipped ones: money by row, times in words, counterparts."""

from search_api.model import Reason, Status


def test_the_money_of_a_row_is_told_with_the_unit_of_its_header(varied):
    answer = varied.ask("Kinh phí nâng cấp cổng dịch vụ công của Quảng Ninh là bao nhiêu?")
    assert answer.values == ("12.000",)
    assert "Kinh phí (triệu đồng): 12.000" in answer.answer
    assert [citation.locator for citation in answer.citations] == ["2"]


def test_a_blank_cell_of_money_is_no_amount(varied):
    asked = "Kinh phí phát triển tổ công nghệ số cộng đồng ở Quảng Ninh là bao nhiêu?"
    answer = varied.ask(asked)
    assert (answer.status, answer.reason) == (Status.NOT_FOUND, Reason.FIELD_EMPTY)
    assert answer.alternatives[0].citation.locator == "4"


def test_at_which_time_is_asked_in_many_words(varied):
    asked = "Hà Tĩnh thành lập tổ công nghệ số cộng đồng vào thời gian nào?"
    assert varied.ask(asked).values == ("Quý IV/2024",)


def test_a_report_of_the_year_is_known_by_its_result(varied):
    assert varied.ask("Sở Y tế Sơn La báo cáo năm trước ngày nào?").values == (
        "trước ngày 20/12/2025",
    )


def test_a_counterpart_in_other_words_stands_beside_the_row(varied):
    answer = varied.ask("Quảng Ninh và Hà Tĩnh đào tạo kỹ năng số khác nhau thế nào?")
    assert {(c.province, c.locator) for c in answer.citations} == {
        ("Quảng Ninh", "3"),
        ("Hà Tĩnh", "2"),
    }


def test_to_which_ministry_a_plan_goes(varied):
    assert varied.ask("Kế hoạch của Sơn La gửi Bộ nào?").values == ("Bộ Y tế",)


def test_a_unit_of_another_day_is_refused_with_the_name_to_ask_by(varied):
    answer = varied.ask("Sở Khoa học và Công nghệ Quảng Ninh chủ trì việc gì về chuyển đổi số?")
    assert (answer.status, answer.reason) == (Status.NOT_FOUND, Reason.UNIT_NOT_NAMED)
    assert "Sở Thông tin và Truyền thông → Sở Khoa học và Công nghệ" in answer.coverage.note


def test_a_claim_about_the_head_is_borne_out_by_the_plans_that_say_so_alone(varied):
    answer = varied.ask("Bộ Y tế có trong nơi nhận không?")
    assert answer.values == ("có",)
    assert {citation.plan_id for citation in answer.citations} == {
        "73-kh-ubnd.son-la.2025",
        "89-kh-ubnd.hai-duong.2024",
    }
