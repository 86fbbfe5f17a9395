"""One module for each kind of question: what it reads from a clause, a row or a head."""

import pytest

from indexer.filter import Filter
from search_api.answer.activities import _WITH
from search_api.answer.count import _ALSO_LISTS, _ROWS, _UNITS
from search_api.answer.deadlines import _DATE, _OPENING, _REPORT_KIND, _SUBJECT_END, dues_of
from search_api.answer.draft import Draft, units_of
from search_api.answer.head import _NTH, _WHICH
from search_api.answer.sections import _GIVEN_TO
from search_api.answer.verify import _DAY, _PLAN_DIGITS, _POSITION
from search_api.answer.wants import _HOW_MANY, _MARKER
from search_api.answer.years import _YEAR
from search_api.model import Filters, Reason, Status


@pytest.mark.parametrize(
    ("pattern", "said", "near"),
    [
        (_WITH, "phối hợp với các cơ quan báo chí", "phù hợp với báo chí"),
        (_WITH, "phối hợp báo chí", "phối hợp tổ chức hội thi"),
        (_ALSO_LISTS, "gồm những quyết định nào", "gồm năm quyết định"),
        (_ROWS, "bao nhiêu hoạt động", "bao nhiêu tiền"),
        (_UNITS, "mấy đơn vị", "đơn vị mấy"),
        (_DATE, "trước ngày 20/6", "tỷ lệ 20/6"),
        (_DATE, "trong quý II/2026", "quý khách"),
        (_OPENING, "Căn cứ tình hình, các sở", "Các sở, ban, ngành"),
        (_SUBJECT_END, "Sở Tài chính chủ trì", "Sở Tài chính"),
        (_REPORT_KIND, "báo cáo 6 tháng", "báo cáo viên"),
        (_NTH, "căn cứ thứ hai", "căn cứ hai bên"),
        (_WHICH, "Bộ nào nhận", "bộ nhận diện nào"),
        (_GIVEN_TO, "Giao Công an tỉnh", "Bàn giao"),
        (_DAY, "20/6", "120/65"),
        (_PLAN_DIGITS, "kế hoạch 97", "30/3"),
        (_POSITION, "Phó Chủ tịch", "chủ trì"),
        (_HOW_MANY, "bao nhiêu cộng", "thứ mấy trong"),
        (_MARKER, "VIII. Tổ chức", "Viết báo"),
        (_YEAR, "đến năm 2025", "45/2025/NĐ-CP"),
    ],
)
def test_a_pattern_finds_its_phrase_and_not_its_neighbour(pattern, said, near):
    assert pattern.search(said)
    assert not pattern.search(near)


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        ("Kế hoạch của Kiên Giang có bao nhiêu căn cứ?", ("3",)),
        ("Phụ lục của Bình Thuận có bao nhiêu hoạt động?", ("8",)),
        ("Kế hoạch của Kiên Giang ban hành ngày nào?", ("ngày 30 tháng 3 năm 2023",)),
        ("Hoạt động 7.2 thực hiện những năm nào?", ("2023", "2024", "2025")),
        ("Có phải Kiên Giang ban hành kế hoạch ngày 30/3/2023 không?", ("có",)),
        ("Có phải Kiên Giang ban hành kế hoạch ngày 1/4/2023 không?", ("không",)),
    ],
)
def test_a_plain_question_has_a_plain_value(engine, asked, values):
    assert engine.ask(asked).values == values


def test_a_row_named_by_its_number_is_the_only_one_that_answers(engine):
    answer = engine.ask("Đơn vị phối hợp của hoạt động số 5 của Bình Thuận?")
    assert [citation.locator for citation in answer.citations] == ["5"]


def test_a_number_that_no_row_has_is_not_answered_from_other_rows(engine):
    assert not engine.ask("Dòng 15 của Bình Thuận do ai chủ trì?").citations


def test_who_does_a_thing_on_zalo_is_no_question_for_an_address(engine):
    answer = engine.ask("Tuyên truyền trên Facebook, Zalo do ai chủ trì?")
    assert "Sở Lao động - Thương binh và Xã hội" in answer.values


def test_a_count_is_the_number_of_what_is_cited(engine):
    answer = engine.ask("Bình Thuận có bao nhiêu hoạt động?")
    assert answer.values == (str(len(answer.items)),)
    assert answer.complete


def test_a_blank_cell_is_said_to_be_blank_and_shown(engine):
    answer = engine.ask("Sản phẩm của dòng 10 ở Kiên Giang là gì?")
    assert answer.status is Status.NOT_FOUND
    assert "không ghi sản phẩm" in answer.answer
    assert answer.alternatives[0].citation.locator == "10"


def test_what_excludes_is_wrong_where_the_plan_names_more(engine):
    answer = engine.ask("Có phải chỉ Sở LĐTBXH chủ trì tuyên truyền trên báo, tạp chí không?")
    assert answer.values[0] in ("có", "không")
    assert answer.citations


def test_the_dates_of_a_clause_each_know_what_is_due(engine):
    clause = next(
        c for c in engine._retriever.every_clause(Filter()) if c.section.locator == "IX.2"
    )
    assert [(due.what, due.date) for due in dues_of(clause)] == [
        ("báo cáo 6 tháng", "trước ngày 30/6"),
        ("báo cáo năm", "trước ngày 30/11"),
    ]


def test_a_value_is_kept_once_whatever_its_capitals():
    draft = Draft()
    draft.add_values(["Các cơ sở", "các cơ sở", "", "Sở Tài chính"])
    assert draft.values == ["Các cơ sở", "Sở Tài chính"]


def test_a_citation_is_added_once(engine):
    plan = next(iter(engine.plans.values()))
    draft = Draft()
    assert [draft.cite(plan, plan.rows[0].span) for _ in range(2)] == [0, 0]
    assert len(draft.citations) == 1


def test_the_units_of_a_cell_are_copied():
    assert units_of("Sở Tài chính, Sở Nội vụ") == ("Sở Tài chính", "Sở Nội vụ")


def test_a_plan_of_a_number_that_none_has_is_not_all_plans(engine):
    assert not engine.ask("Kế hoạch số 5 nói gì?").citations


@pytest.mark.parametrize(
    ("asked", "locators"),
    [
        ("Việc nào ở Kiên Giang do mỗi Sở LĐTBXH chủ trì, phối hợp với 'các đơn vị có liên quan', "
         "và làm đủ cả ba năm?", ["1", "2", "4"]),
        ("Năm 2024 Sở LĐTBXH Kiên Giang chủ trì một mình việc nào mà đầu ra là tin, bài, phóng sự "
         "được đăng?", ["7.2"]),
        ("Trong năm 2023, các trường nghề Kiên Giang tự mình đứng chủ trì (không chung với Sở) "
         "những việc gì?", ["9", "10"]),
    ],
)  # fmt: skip
def test_several_constraints_hold_at_once(engine, asked, locators):
    assert [citation.locator for citation in engine.ask(asked).citations] == locators


def test_who_only_supports_leads_nothing(varied):
    answer = varied.ask("Sở Tài chính Sơn La chủ trì những nhiệm vụ nào trong phụ lục phòng bệnh?")
    assert (answer.status, answer.reason) == (Status.NOT_FOUND, Reason.UNIT_NOT_NAMED)


def test_a_time_that_only_begins_has_no_end(varied):
    asked = "Đợt kiểm tra thực phẩm phục vụ Tết Ất Tỵ ở Hải Dương {} hôm nào?"
    assert varied.ask(asked.format("bắt đầu")).values == ("Từ ngày 15/12/2024",)
    answer = varied.ask(asked.format("kết thúc"))
    assert (answer.status, answer.reason) == (Status.NOT_FOUND, Reason.FIELD_EMPTY)
    assert [nearest.citation.locator for nearest in answer.alternatives] == ["4"]


def test_the_point_of_a_heading_that_is_asked_for_comes_first(engine):
    answer = engine.ask("Mục tiêu cụ thể của Kiên Giang dành cho khối doanh nghiệp là gì?")
    assert answer.citations[0].locator == "I.2.b"


def test_the_earlier_of_two_plans_comes_first(engine):
    answer = engine.ask("Kiên Giang hay Bình Thuận ra kế hoạch trước, ngày nào?")
    assert [citation.province for citation in answer.citations] == ["Kiên Giang", "Bình Thuận"]


def test_a_question_without_marks_asks_what_its_restored_text_asks(engine):
    answer = engine.ask("Tien lam ke hoach nay lay o dau ra?")
    assert answer.interpretation.intent == "budget"
    assert {citation.locator for citation in answer.citations} == {"VII.1", "VII.2"}


@pytest.mark.parametrize(
    ("asked", "complete"),
    [
        ("Sở Tài chính Kiên Giang có trách nhiệm gì?", True),
        ("Sở LĐTBXH có nhiệm vụ gì về kinh phí ở Kiên Giang?", False),
        ("Đối tượng truyền thông của Kiên Giang gồm những ai?", True),
        ("Kế hoạch nói gì về chuyên trang, chuyên mục?", False),
    ],
)
def test_what_was_chosen_by_its_words_is_not_said_to_be_all(engine, asked, complete):
    answer = engine.ask(asked)
    assert answer.citations
    assert answer.complete is complete


def test_a_part_of_the_head_that_a_named_plan_lacks_is_said_to_be_missing(engine):
    answer = engine.ask("Kiên Giang và Bình Thuận: ai ký, ngày nào?")
    assert answer.values == ("ngày 26 /4/2024", "Nguyễn Lưu Trung", "ngày 30 tháng 3 năm 2023")
    assert "Bình Thuận – người ký: văn bản không ghi." in answer.answer


def test_where_one_body_is_asked_for_clauses_less_on_the_topic_tell_no_others(engine):
    asked = (
        "Đẩy mạnh các hoạt động tuyên truyền ở các cơ sở giáo dục nghề nghiệp trên địa bàn là do "
        "đơn vị nào chỉ đạo?"
    )
    answer = engine.ask(asked, Filters(provinces=("Kiên Giang",)))
    assert answer.values == ("Sở Lao động - Thương binh và Xã hội",)
    assert [citation.locator for citation in answer.citations] == ["VIII.1.c"]
