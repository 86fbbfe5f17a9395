"""Raw words to a question: what is asked, about what, where, when, by whom."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Role
from corpus.text import strip_marks
from search_api.errors import LONGEST_QUESTION, EmptyQuestion, QuestionTooLong
from search_api.model import Intent
from search_api.question import check_length, follow_up, is_marked, read_question, read_words
from search_api.restore import Restorer


@pytest.fixture(scope="module")
def read(engine):
    retriever = engine._retriever

    def reading(raw):
        said = read_words(raw, retriever.vocabulary, retriever.mentions, engine._restorer)
        return read_question(raw, said, retriever.mentions)

    return reading


INTENTS = [
    ("Đơn vị nào chủ trì phối hợp với báo chí năm 2024?", Intent.LEAD),
    ("Đơn vị nào phối hợp xây dựng bộ nhận diện?", Intent.SUPPORT),
    ("Sản phẩm của hoạt động xây dựng pa-nô là gì?", Intent.PRODUCT),
    ("Xây dựng pa-nô thực hiện vào những năm nào?", Intent.YEARS),
    ("Báo cáo 6 tháng nộp khi nào?", Intent.DEADLINE),
    ("Sở Tài chính có nhiệm vụ gì?", Intent.DUTIES),
    ("Nhiệm vụ của Sở Tài chính?", Intent.DUTIES),
    ("Sở LĐTBXH chủ trì những hoạt động nào?", Intent.ACTIVITIES),
    ("Kế hoạch căn cứ vào những văn bản nào?", Intent.LEGAL_BASIS),
    ("Kinh phí lấy từ đâu?", Intent.BUDGET),
    ("Ai ký kế hoạch của Kiên Giang?", Intent.METADATA),
    ("Kế hoạch có mục tiêu gì?", Intent.SECTION),
    ("Có bao nhiêu hoạt động năm 2024?", Intent.COUNT),
    ("So sánh hai tỉnh về tuyên truyền trên báo chí", Intent.COMPARE),
    ("Có phải Sở Tài chính chủ trì không?", Intent.VERIFY),
]


@pytest.mark.parametrize(("asked", "intent"), INTENTS)
def test_the_intent_is_read_from_the_cues(read, asked, intent):
    assert read(asked).intent is intent


@pytest.mark.parametrize(("asked", "intent"), INTENTS)
def test_the_intent_is_the_same_without_marks(read, asked, intent):
    assert read(strip_marks(asked)).intent is intent


@pytest.mark.parametrize(
    ("asked", "years"),
    [
        ("năm 2024", (2024,)),
        ("giai đoạn 2023-2025", (2023, 2024, 2025)),
        ("từ 2023 đến năm 2025", (2023, 2024, 2025)),
        ("nam 2023 va nam 2025", (2023, 2025)),
        ("Nghị định 45/2025/NĐ-CP", ()),
        ("ngày 30/3/2023", ()),
        ("2025-2023", ()),
        ("số 20245", ()),
    ],
)
def test_years_are_years_and_not_parts_of_numbers_and_dates(read, asked, years):
    assert read(f"hoạt động nào {asked}?").years == years


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("Cho em hỏi đơn vị nào chủ trì xây dựng pa-nô ạ?", "pa nô"),
        ("Đơn vị nào chủ trì tạo việc làm?", "việc làm"),
        ("Đơn vị nào tổ chức hội thi?", "hội thi"),
    ],
)
def test_what_a_question_is_asked_with_is_no_topic(read, asked, topic):
    assert topic in read(asked).topic
    assert "đơn vị" not in read(asked).topic


def test_a_unit_has_the_role_the_question_gives_it(read):
    question = read("Hoạt động nào Sở LĐTBXH chủ trì và Tỉnh đoàn phối hợp?")
    assert [unit.role for unit in question.units] == [Role.LEAD, Role.SUPPORT]
    assert read("Sở Tài chính có nhiệm vụ gì?").units[0].role is None


def test_units_named_together_share_their_role(read):
    question = read("Sở Tài chính và Tỉnh đoàn chủ trì hoạt động nào?")
    assert [unit.role for unit in question.units] == [Role.LEAD, Role.LEAD]


def test_abbreviations_are_written_out_and_shown(read):
    question = read("sở ldtbxh chu tri gi?")
    assert "Lao động - Thương binh và Xã hội" in question.text
    assert question.corrected is not None


def test_a_question_typed_well_is_not_corrected(read):
    assert read("Đơn vị nào chủ trì xây dựng bộ nhận diện?").corrected is None


def test_a_slip_of_the_keyboard_is_corrected_against_the_plans(read):
    assert read("đơn vị nào chủ trì tuyên truyềnn trên báo").topic == "tuyên truyen báo"
    assert read("phoi hopp voi bao chi").corrected == "phối hợp với báo chí"


@pytest.mark.parametrize(
    ("text", "marked"),
    [("đơn vị nào chủ trì", True), ("don vi nao", False), ("đơn vi nao tri", False)],
)
def test_a_text_is_marked_when_most_syllables_are(text, marked):
    assert is_marked(text) is marked


@pytest.mark.parametrize("raw", ["", "   ", "?!…", "\u200b"])
def test_a_question_without_a_word_is_refused(raw):
    with pytest.raises(EmptyQuestion):
        check_length(raw)


def test_a_question_that_is_too_long_is_refused():
    with pytest.raises(QuestionTooLong):
        check_length("a" * (LONGEST_QUESTION + 1))


def test_a_follow_up_takes_what_it_leaves_unsaid(read):
    first = read("Đơn vị nào chủ trì phối hợp với báo chí năm 2024?")
    other_place = follow_up(read("còn Bình Thuận thì sao?"), first)
    assert (other_place.intent, other_place.years) == (Intent.LEAD, (2024,))
    assert other_place.provinces == ("Bình Thuận",)
    other_column = follow_up(read("thế ai phối hợp?"), first)
    assert (other_column.intent, other_column.topic) == (Intent.SUPPORT, first.topic)
    assert follow_up(read("năm 2025?"), first).years == (2025,)


def test_a_follow_up_that_leaves_its_intent_unsaid_is_read_with_the_words_before(read):
    first = read("Năm 2024 có bao nhiêu hoạt động theo kế hoạch số 97/KH-UBND?")
    year = follow_up(read("còn năm 2025?"), first)
    assert (year.intent, year.years) == (Intent.COUNT, (2025,))
    assert "bao nhiêu hoạt động theo kế hoạch số 97/KH-UBND" in year.text
    assert "97" not in follow_up(read("còn Bình Thuận?"), first).text


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("Thế sản phẩm là gì?", ""),
        ("vậy thì ai phối hợp?", ""),
        ("Thế nào là hệ sinh thái truyền thông?", "hệ sinh thái truyền thông"),
        ("Thế giới nghề nghiệp gồm gì?", "thế giới nghề nghiệp"),
    ],
)
def test_what_opens_a_follow_up_is_no_topic(read, asked, topic):
    assert read(asked).topic == topic


def test_a_question_that_says_all_itself_stands_alone(read):
    alone = read("Sản phẩm của hoạt động xây dựng pa-nô là gì?")
    assert follow_up(alone, read("Đơn vị nào chủ trì tuyên truyền?")) == alone


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_any_text_is_read_or_refused(read, raw):
    try:
        question = read(raw)
    except EmptyQuestion:
        return
    assert all(term.span.of(question.text).lower() == term.text for term in question.terms)


def test_the_restorer_is_opened_from_a_folder(engine):
    assert isinstance(engine._restorer, Restorer)
