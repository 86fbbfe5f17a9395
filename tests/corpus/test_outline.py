import pytest

from corpus.model import Span
from corpus.outline import parse_outline


def outline_of(*texts):
    """Return the sections, the notes and the text they point into."""
    lines, start = [], 0
    for text in texts:
        lines.append((text, Span(start, start + len(text))))
        start += len(text) + 1
    sections, notes = parse_outline(lines)
    return sections, notes, "\n".join(texts)


def locators(*texts):
    sections, _, _ = outline_of(*texts)
    return [each.locator for section in sections for each in section.walk()]


def note_codes(*texts):
    return [note.code for note in outline_of(*texts)[1]]


def test_roman_parts_hold_numbers_and_numbers_hold_letters():
    assert locators(
        "I. MỤC TIÊU",
        "1. Mục tiêu chung",
        "a) Tuyên truyền",
        "b) Tập huấn",
        "2. Cụ thể",
        "II. YÊU CẦU",
    ) == ["I", "I.1", "I.1.a", "I.1.b", "I.2", "II"]


def test_dotted_numbers_are_cited_once():
    assert locators(
        "1. Chung", "1.1. Cấp tỉnh", "1.1.1. Sở", "1.2 Cấp xã", "a) Thôn", "2. Riêng"
    ) == [
        "1",
        "1.1",
        "1.1.1",
        "1.2",
        "1.2.a",
        "2",
    ]


def test_dotted_numbers_under_a_roman_part_keep_the_part():
    assert locators("III. GIẢI PHÁP", "1. Tham mưu", "1.1. Các sở", "1.2. Cấp xã") == [
        "III",
        "III.1",
        "III.1.1",
        "III.1.2",
    ]


def test_parts_hold_upper_letters_and_these_roman_numbers():
    assert locators(
        "PHẦN I", "A. CHUNG", "I. MỤC TIÊU", "1. Một", "B. RIÊNG", "C. KHÁC", "PHẦN II"
    ) == [
        "PHẦN I",
        "PHẦN I.A",
        "PHẦN I.A.I",
        "PHẦN I.A.I.1",
        "PHẦN I.B",
        "PHẦN I.C",
        "PHẦN II",
    ]


def test_the_title_of_a_part_may_stand_on_the_next_line():
    sections, _, text = outline_of("Phần thứ nhất", "MỤC TIÊU CHUNG", "Nội dung.", "Phần thứ hai")
    assert [section.title for section in sections] == ["MỤC TIÊU CHUNG", ""]
    assert sections[0].heading.of(text) == "Phần thứ nhất\nMỤC TIÊU CHUNG"


def test_bracketed_numbers_stand_under_plain_ones():
    assert locators("1. Sở Nội vụ", "1) Chủ trì", "a) Một", "2) Phối hợp", "2. Sở Tài chính") == [
        "1",
        "1.1",
        "1.1.a",
        "1.2",
        "2",
    ]


def test_sections_may_be_numbered_without_roman_parts():
    assert locators("1. Mục tiêu", "Lời văn.", "2. Yêu cầu", "3. Tổ chức") == ["1", "2", "3"]


def test_the_second_of_two_equal_letters_is_the_one_that_was_due():
    texts = ("1. Các cơ sở", "c) Ba", "d) Bốn", "d) Năm", "e) Sáu")
    assert locators(*texts) == ["1", "1.c", "1.d", "1.đ", "1.e"]
    (note,) = outline_of(*texts)[1]
    assert note.code == "duplicate_marker"
    assert "“đ”" in note.message


def test_a_due_letter_that_is_printed_further_on_is_not_given_away():
    texts = ("1. Các cơ sở", "c) Ba", "d) Bốn", "d) Nữa", "đ) Năm")
    assert locators(*texts) == ["1", "1.c", "1.d", "1.d", "1.đ"]
    assert note_codes(*texts) == ["duplicate_marker"]


def test_an_author_who_skips_d_with_a_stroke_misses_nothing():
    assert note_codes("1. Sở", "c) Ba", "d) Bốn", "e) Năm", "g) Bảy") == []


@pytest.mark.parametrize(
    "texts", [("I. A", "III. B"), ("1. Sở", "a) Một", "c) Ba"), ("1. A", "2. B", "5. C")]
)
def test_a_missing_number_is_noted(texts):
    assert note_codes(*texts) == ["missing_marker"]


def test_notes_come_in_the_order_of_the_text():
    _, notes, _ = outline_of("I. A", "1. Một", "3. Ba", "III. C", "1. Một", "1. Hai")
    assert [note.code for note in notes] == ["missing_marker", "missing_marker", "duplicate_marker"]


def test_a_heading_has_a_title_and_a_paragraph_has_none():
    sections, _, _ = outline_of(
        "1. Sở Nội vụ:",
        "Chủ trì tổng hợp.",
        "2. Sở Tài chính phối hợp bố trí kinh phí.",
        "3. Sở Y tế",
    )
    assert [section.title for section in sections] == ["Sở Nội vụ", "", ""]


def test_a_run_in_heading_is_the_whole_paragraph():
    (section,), _, text = outline_of("1. Sở Tài chính: Phối hợp với Sở Nội vụ bố trí kinh phí.")
    assert section.title == ""
    assert section.heading.of(text) == text


def test_bullets_are_text_of_their_section():
    sections, _, text = outline_of("1. Sở Nội vụ", "- Chủ trì;", "+ Phối hợp.", "2. Sở Y tế")
    assert sections[0].children == ()
    assert sections[0].span.of(text) == "1. Sở Nội vụ\n- Chủ trì;\n+ Phối hợp."


@pytest.mark.parametrize(
    "closing",
    [
        "Trong quá trình triển khai thực hiện, nếu có vướng mắc, báo cáo UBND tỉnh.",
        "Trên đây là Kế hoạch chuyển đổi số.",
        "Yêu cầu các sở, ban, ngành nghiêm túc thực hiện.",
        "Uỷ ban nhân dân tỉnh yêu cầu các sở báo cáo.",
        "(Phân công nhiệm vụ theo Phụ lục đính kèm)",
    ],
)
def test_the_closing_formula_stands_under_the_last_part_only(closing):
    sections, _, text = outline_of("I. TỔ CHỨC", "1. Sở Nội vụ", "a) Chủ trì.", closing)
    assert sections[0].span.of(text).endswith(closing)
    assert not sections[0].children[0].span.of(text).endswith(closing)


@pytest.mark.parametrize("text", ["Trong quá trình hội nhập,", "Yêu cầu chung", "Phụ lục này gồm"])
def test_a_sentence_that_only_begins_alike_stays_in_its_point(text):
    sections, _, whole = outline_of("I. TỔ CHỨC", "1. Sở Nội vụ", text)
    assert sections[0].children[0].span.of(whole).endswith(text)


@pytest.mark.parametrize("line", ["3. Sở Nội vụ", "b) Tập huấn", "2.3. Cấp xã"])
def test_a_number_in_the_middle_of_prose_opens_no_section(line):
    assert locators("Lời mở đầu.", line) == []


def test_a_decimal_at_the_start_of_a_line_is_no_section():
    assert locators("I. CHỈ TIÊU", "2.5 triệu người dân") == ["I"]


def test_no_lines_have_no_sections():
    assert outline_of()[:2] == ((), ())
