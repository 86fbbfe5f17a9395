"""Several things in one question, and several questions in one text: each is answered."""

import shutil

import pytest

from indexer.build import build_index
from search_api.engine import Engine
from search_api.model import Filters, Reason, Status
from search_api.wording import said
from tests.search_api.test_uploads import QUESTION, make_docx


@pytest.fixture(scope="module")
def merged(index_dir, encoder, tmp_path_factory):
    """An engine with a plan of Lâm Đồng beside that of Bình Thuận, which is Lâm Đồng today."""
    folder = tmp_path_factory.mktemp("merged")
    (folder / "Kế hoạch 12.docx").write_bytes(make_docx())
    index = shutil.copytree(index_dir, folder / "index")
    build_index([folder / "Kế hoạch 12.docx"], index, encoder)
    return Engine.open(index, encoder)


def told(answer):
    return answer.values, [
        (citation.plan_id[:3], citation.locator) for citation in answer.citations
    ]


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        (
            "Số hóa hồ sơ hộ tịch ở Quảng Ninh ai chủ trì, hết bao nhiêu tiền?",
            ("Sở Tư pháp", "9.600"),
        ),
        (
            "Thanh Hóa mua xe chữa cháy hết bao nhiêu tiền, quý mấy?",
            ("Quý IV/2025", "6.400"),
        ),
        (
            "Quảng Ninh đào tạo kỹ năng số cho cán bộ: chủ trì, phối hợp, kinh phí?",
            ("Sở Nội vụ", "Sở Thông tin và Truyền thông", "Trường Chính trị tỉnh", "1.500"),
        ),
    ],
)
def test_every_column_that_is_asked_for_is_told(varied, asked, values):
    answer = varied.ask(asked)
    assert (set(answer.values), len(answer.citations)) == (set(values), 1)
    assert all(value in answer.answer for value in values)


def test_a_number_of_a_row_is_told_with_its_cell(varied):
    answer = varied.ask("Hải Dương lấy bao nhiêu mẫu bếp ăn tập thể, thức ăn đường phố?")
    assert answer.values == ("550 mẫu được phân tích",)


def test_each_question_of_a_text_is_answered_from_the_plan_of_the_first(varied):
    answer = varied.ask("Ổ dịch ở Sơn La phải xử lý trong bao nhiêu giờ? Trẻ dưới 1 tuổi thì sao?")
    assert told(answer)[1] == [("73-", "I.2.b"), ("73-", "I.2.a")]
    assert answer.values[0] == "48"
    assert [item.citation for item in answer.items] == [0, 1]
    assert answer.question.startswith("Ổ dịch")


def test_a_later_question_takes_the_topic_of_the_one_before(engine):
    answer = engine.ask("Ai chủ trì ứng dụng công nghệ thông tin ở Bình Thuận? Ai phối hợp?")
    lead, support = (
        engine.ask(f"Ai {role} ứng dụng công nghệ thông tin ở Bình Thuận?").values
        for role in ("chủ trì", "phối hợp")
    )
    assert set(answer.values) == {*lead, *support}
    assert len(answer.citations) == 1


def test_what_only_one_question_finds_is_a_partial_answer_that_says_so(varied):
    answer = varied.ask(
        "Ổ dịch ở Sơn La phải xử lý trong bao nhiêu giờ? Ai chủ trì đua thuyền rồng?"
    )
    assert (answer.status, answer.reason) == (Status.PARTIAL, Reason.OUT_OF_CORPUS)
    assert answer.values == ("48",)
    assert "Chưa trả lời được: “Ai chủ trì đua thuyền rồng?”" in answer.answer
    assert not answer.complete


def test_where_nothing_is_found_it_is_refused(varied):
    text = "Ai chủ trì nuôi chim yến? Ai chủ trì nuôi cá cảnh?"
    answer = varied.ask(text)
    assert (answer.question, answer.status) == (text, Status.NOT_FOUND)
    assert answer.reason is Reason.OUT_OF_CORPUS


def test_greetings_and_thanks_change_nothing(engine):
    question = "Kế hoạch của Kiên Giang do ai ký?"
    answer = engine.ask(f"Chào anh chị ạ. {question} Xin cảm ơn anh chị nhiều.")
    assert told(answer) == told(engine.ask(question))


def test_what_the_question_is_about_may_stand_in_a_sentence_of_its_own(varied):
    for remark in ("Tôi cần mua xe chữa cháy.", "Tôi chưa rõ việc mua xe chữa cháy."):
        assert varied.ask(f"{remark} Kinh phí bao nhiêu?").values == ("6.400",)


def test_a_question_that_names_its_place_is_not_asked_of_the_plan_before(engine):
    lead = "Ở Bình Thuận đơn vị nào chủ trì ứng dụng công nghệ thông tin?"
    answer = engine.ask(f"Ở Kiên Giang ai ký kế hoạch? Ký ngày nào? {lead}")
    assert set(engine.ask(lead).values) <= set(answer.values)


@pytest.mark.parametrize(
    "asked",
    [
        "TT. HĐND, TT. Tỉnh ủy có trong nơi nhận KH 97 ko?",
        "Kế hoạch của Kiên Giang nhắm tới những ai? Kể đủ các nhóm.",
        "Tôi ở Sở Tài chính Kiên Giang. Sở tôi được giao việc gì?",
    ],
)
def test_what_asks_for_nothing_of_its_own_stays_with_its_question(engine, asked):
    answer = engine.ask(asked)
    assert answer.citations
    assert {citation.plan_id[:3] for citation in answer.citations} == {"97-"}


def test_parts_of_several_plans_are_counted_for_each(varied):
    answer = varied.ask("Mục II có mấy khoản?")
    points = [
        str(len(section.children))
        for plan in varied.plans.values()
        for section in plan.walk()
        if section.locator == "II" and section.children
    ]
    assert len(points) > 1
    assert sorted(answer.values) == sorted(points)
    assert all(f": {number} mục" in answer.answer for number in points)


def test_the_position_of_a_named_signatory_is_that_of_their_plan(varied):
    names = {plan.signatory.name: plan.id for plan in varied.plans.values() if plan.signatory}
    assert len(names) > 1
    for name, plan_id in names.items():
        (citation,) = varied.ask(f"Ông {name} giữ chức gì khi ký?").citations
        assert citation.plan_id == plan_id


def test_the_name_of_a_missing_signatory_is_not_the_name_of_the_plan(engine):
    answer = engine.ask("Họ tên người ký Kế hoạch 1549/KH-UBND của Bình Thuận?")
    assert (answer.status, answer.reason) == (Status.NOT_FOUND, Reason.FIELD_EMPTY)


def test_a_document_that_a_plan_does_not_name_is_not_answered_with_its_others(engine):
    answer = engine.ask("Kế hoạch 97/KH-UBND dẫn Quyết định 1719/QĐ-TTg thế nào?")
    assert answer.status is Status.NOT_FOUND


def test_whom_to_tell_of_difficulties_is_not_whom_reports_go_to(engine):
    (citation,) = engine.ask("Nếu gặp vướng mắc khi làm thì báo cho ai?").citations
    assert "khó khăn, vướng mắc" in citation.quote


def test_the_row_with_the_most_money_is_found_by_its_column(varied):
    answer = varied.ask(
        "Việc nào tốn tiền nhất trong phụ lục chuyển đổi số Quảng Ninh và ai chủ trì?"
    )
    activity = "Xây dựng trung tâm giám sát an toàn thông tin mạng"
    assert answer.values == (activity, "45.000", "Sở Thông tin và Truyền thông")
    assert "So 4 dòng ghi kinh phí" in answer.coverage.note


def test_the_row_with_the_least_money_is_found_too(varied):
    answer = varied.ask("Thanh Hóa: nhiệm vụ nào kinh phí thấp nhất?")
    assert answer.values[1:] == ("480",)


def test_no_sums_are_no_answer(engine):
    answer = engine.ask("Hoạt động nào tốn tiền nhất?")
    assert (answer.status, answer.reason) == (Status.NOT_FOUND, Reason.FIELD_EMPTY)


def test_who_signs_and_when_are_both_told(engine):
    answer = engine.ask("Ai ký kế hoạch của Kiên Giang và ký ngày nào?")
    assert answer.values == ("Nguyễn Lưu Trung", "ngày 30 tháng 3 năm 2023")


def test_after_a_question_on_reports_whom_to_send_to_means_them(engine):
    answer = engine.ask("Thời hạn báo cáo 6 tháng của Kiên Giang? Gửi cho ai?")
    assert "trước ngày 20/6" in answer.values
    assert "Ủy ban nhân dân tỉnh" in answer.values
    assert {citation.kind for citation in answer.citations} == {"section"}


def test_a_comparison_of_which_one_side_has_nothing_is_partial(varied):
    answer = varied.ask("So sánh kinh phí của Quảng Ninh và Thanh Hóa")
    assert (answer.status, answer.reason) == (Status.PARTIAL, Reason.OUT_OF_CORPUS)
    assert "chưa có dẫn chứng của Thanh Hóa" in answer.coverage.note


def test_who_reports_by_a_day_is_told_where_the_heading_names_them(varied):
    answer = varied.ask("Sở nào ở Quảng Ninh phải báo cáo trước 15/6?")
    assert answer.values == ("Sở Thông tin và Truyền thông",)


@pytest.mark.parametrize("asked", ["Nơi nhận gồm những ai?", "Giấy mời gửi cho ai?"])
def test_other_recipients_are_not_those_of_reports(engine, asked):
    answer = engine.ask(f"Các sở ở Kiên Giang báo cáo kết quả khi nào? {asked}")
    alone = engine.ask(asked, Filters(provinces=("Kiên Giang",)))
    assert set(alone.values) <= set(answer.values)


def test_what_is_asked_of_a_topic_is_compared_within_it(varied):
    answer = varied.ask("Việc nào về tuyên truyền tốn tiền nhất ở Thanh Hóa?")
    assert "6.400" not in answer.values


@pytest.mark.parametrize(
    "asked",
    [
        "Tổng kinh phí của kế hoạch ở Thanh Hóa cao nhất là bao nhiêu?",
        "Hộ nghèo được vay vốn cao nhất bao nhiêu?",
        "Mỗi xã có ít nhất một mô hình, kinh phí lấy từ đâu?",
    ],
)
def test_sums_that_no_row_has_are_not_read_off_the_rows(varied, asked):
    assert not {"45.000", "6.400", "480", "1.500"} & set(varied.ask(asked).values)


def test_money_is_told_with_its_unit(varied):
    answer = varied.ask("Công an tỉnh Thanh Hóa chủ trì việc gì, bao nhiêu tiền?")
    assert "Kinh phí (triệu đồng): 480" in answer.answer


def test_what_is_told_of_each_question_stands_before_who_holds_it_today(engine):
    answer = engine.ask("Ai ký kế hoạch của Kiên Giang? Kinh phí lấy từ đâu? Ai nuôi cá cảnh?")
    assert answer.holders
    *told, today = answer.answer.split("\n")
    assert today.startswith("Đến ngày ")
    assert today.count("Kiên Giang → An Giang") == 1
    assert said(answer) == "\n".join(told)
    assert [line for line in told if line.startswith("“")] == [
        "“Ai ký kế hoạch của Kiên Giang?”",
        "“Kinh phí lấy từ đâu?”",
    ]
    assert told[0].startswith("Chưa trả lời được: “Ai nuôi cá cảnh?”")
    assert any("Mục VII.2" in line for line in told)


def test_two_claims_are_each_told_with_their_own_answer(engine):
    answer = engine.ask(
        "Kế hoạch của Kiên Giang do ông Nguyễn Lưu Trung ký, đúng không? "
        "Sở Tài chính chủ trì ứng dụng công nghệ thông tin ở Bình Thuận, đúng không?"
    )
    assert set(answer.values) == {"có", "không"}
    lines = answer.answer.split("\n")
    assert lines[1].startswith("Có")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (
            "Sở Giáo dục và Đào tạo chủ trì việc gì trong phụ lục phòng bệnh của Sơn La và trong "
            "phụ lục phòng cháy của Thanh Hóa?",
            [("73-", "4"), ("58-", "3")],
        ),
        (
            "Chỉ tiêu hồ sơ trực tuyến năm 2025 của Hà Tĩnh và của Quảng Ninh là bao nhiêu?",
            [("118", "1"), ("205", "I.2")],
        ),
    ],
)
def test_what_is_asked_of_several_provinces_is_answered_for_each(varied, asked, found):
    assert told(varied.ask(asked))[1] == found


def test_a_province_without_an_answer_makes_it_partial(varied):
    answer = varied.ask("Sơn La và Hải Dương tiêm bù vắc xin sởi vào tháng mấy?")
    assert {citation.province for citation in answer.citations} == {"Sơn La"}
    assert (answer.status, answer.complete) == (Status.PARTIAL, False)


def test_the_times_of_two_provinces_are_compared(varied):
    answer = varied.ask(
        "So sánh tổ công nghệ số cộng đồng Hà Tĩnh và Quảng Ninh: thời gian, sản phẩm"
    )
    assert "thời gian: Quý IV/2024" in answer.answer
    assert "1.400 tổ công nghệ số" in answer.values


def test_a_question_of_several_provinces_stays_within_the_callers_filter(engine):
    asked = "Sở nào chủ trì xây dựng không gian truyền thông ở Kiên Giang và Bình Thuận?"
    answer = engine.ask(asked, Filters(provinces=("Kiên Giang",)))
    assert {citation.province for citation in answer.citations} == {"Kiên Giang"}
    assert answer.status is Status.PARTIAL
    assert answer.coverage.note == "Câu trả lời chưa có dẫn chứng của Bình Thuận."


def test_an_unmarked_question_of_several_provinces_is_answered_for_each(varied):
    marked, unmarked = (
        told(varied.ask(asked))[1]
        for asked in (
            "Chỉ tiêu hồ sơ trực tuyến năm 2025 của Hà Tĩnh và của Quảng Ninh là bao nhiêu?",
            "chi tieu ho so truc tuyen nam 2025 cua Ha Tinh va cua Quang Ninh la bao nhieu?",
        )
    )
    assert len({plan for plan, _ in marked}) == 2
    assert unmarked == marked


def test_initials_before_a_colon_label_the_question(varied):
    full, short = (
        varied.ask(f"{label}: ai chủ trì tiêm vắc xin sởi?") for label in ("Sơn La", "SL")
    )
    assert full.citations
    assert told(short) == told(full)
    assert short.interpretation.corrected.startswith("Sơn La")


def test_letters_that_are_a_provinces_initials_and_something_else_name_no_province(varied):
    answer = varied.ask("Ai chủ trì HT giám sát dịch bệnh ở Sơn La?")
    assert answer.interpretation.provinces == ("Sơn La",)


def test_a_province_and_those_merged_into_it_are_one_that_is_asked_about(merged):
    answer = merged.ask(QUESTION)
    assert answer.interpretation.provinces == ("Lâm Đồng", "Bình Thuận")
    assert (answer.status, answer.coverage.note) == (Status.ANSWERED, None)


def test_a_province_named_beside_the_one_it_was_merged_into_is_asked_by_itself(merged):
    asked = "Ai chủ trì ứng dụng công nghệ thông tin ở Lâm Đồng và Bình Thuận?"
    answer = merged.ask(asked)
    assert {citation.province for citation in answer.citations} == {"Bình Thuận"}
    assert answer.coverage.note == "Câu trả lời chưa có dẫn chứng của Lâm Đồng."
    assert len(answer.citations) == len(answer.items) == 1


def test_what_is_marked_in_all_years_that_are_named_is_listed(varied):
    answer = varied.ask("Quảng Ninh: việc nào được đánh dấu đủ cả 2024, 2025 và 2026?")
    assert answer.values == ("Đào tạo kỹ năng số cho cán bộ, công chức",)


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        ("Tỷ lệ hồ sơ trực tuyến toàn trình của Hà Tĩnh năm 2025 là bao nhiêu?", ("70%",)),
        ("Hà Tĩnh: chỉ tiêu hồ sơ trực tuyến toàn trình qua các năm?", ("60%", "70%", "80%")),
        ("ty le ho so truc tuyen toan trinh cua ha tinh nam 2026 bao nhieu %", ("80%",)),
    ],
)
def test_figures_below_years_are_told_for_the_years_that_are_asked_for(varied, asked, values):
    answer = varied.ask(asked)
    assert answer.values == values
    assert all(value in answer.citations[0].quote for value in values)


@pytest.mark.parametrize(
    ("claimed", "values"),
    [
        ("Vốn tín dụng chính sách có tính trong tổng vốn", ("không",)),
        ("Ngân sách địa phương có tính trong tổng vốn", ("có",)),
        ("Khoản cho vay có tính trong tổng vốn 486,5 tỷ đồng", ()),
    ],
)
def test_what_is_denied_of_one_thing_is_not_denied_of_another(varied, claimed, values):
    answer = varied.ask(f"{claimed} giảm nghèo của Đắk Lắk không?")
    assert answer.values == values


def test_who_leads_and_supports_a_labelled_task_stand_beside_its_time(varied):
    answer = varied.ask("Đắk Lắk: nhà cho hộ nghèo sở nào cầm, xong trước ngày nào, ai phụ?")
    assert {"trước ngày 31/8/2026", "Sở Xây dựng", "Sở Dân tộc và Tôn giáo"} <= set(answer.values)
