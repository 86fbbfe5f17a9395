import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.marker import LETTERS, Level, read_marker, roman_value, to_roman


@pytest.mark.parametrize(
    ("line", "label", "level", "text"),
    [
        ("PHẦN I. MỤC TIÊU", "PHẦN I", Level.PART, "MỤC TIÊU"),
        ("PHẦN II", "PHẦN II", Level.PART, ""),
        ("Phần thứ nhất", "Phần thứ nhất", Level.PART, ""),
        ("PHẦN THỨ HAI: NHIỆM VỤ", "PHẦN THỨ HAI", Level.PART, "NHIỆM VỤ"),
        ("Phần 2 Giải pháp", "Phần 2", Level.PART, "Giải pháp"),
        ("A. MỤC TIÊU", "A", Level.UPPER, "MỤC TIÊU"),
        ("C. TỔ CHỨC THỰC HIỆN", "C", Level.UPPER, "TỔ CHỨC THỰC HIỆN"),
        ("I. MỤC TIÊU", "I", Level.ROMAN, "MỤC TIÊU"),
        ("VIII.TỔ CHỨC", "VIII", Level.ROMAN, "TỔ CHỨC"),
        ("II- NỘI DUNG", "II", Level.ROMAN, "NỘI DUNG"),
        ("IV/ KINH PHÍ", "IV", Level.ROMAN, "KINH PHÍ"),
        ("1. Mục tiêu chung", "1", Level.NUMBER, "Mục tiêu chung"),
        ("10.Tăng cường", "10", Level.NUMBER, "Tăng cường"),
        ("2/ Yêu cầu", "2", Level.NUMBER, "Yêu cầu"),
        ("1) Sở Nội vụ", "1", Level.BRACKETED, "Sở Nội vụ"),
        ("1.1 Cấp tỉnh", "1.1", Level.DOTTED, "Cấp tỉnh"),
        ("1.2. Cấp xã", "1.2", Level.DOTTED, "Cấp xã"),
        ("2.1.3. Thôn", "2.1.3", Level.DOTTED + 1, "Thôn"),
        ("a) Tuyên truyền", "a", Level.LETTER, "Tuyên truyền"),
        ("đ) Năm 2025", "đ", Level.LETTER, "Năm 2025"),
        ("b. Yêu cầu", "b", Level.LETTER, "Yêu cầu"),
        ("- Bộ Nội vụ;", "-", Level.BULLET, "Bộ Nội vụ;"),
        ("+ Cấp xã", "+", Level.BULLET, "Cấp xã"),
    ],
)
def test_a_marker_opens_its_line(line, label, level, text):
    marker = read_marker(line)
    assert marker is not None
    assert (marker.label, marker.level, line[marker.text_start :]) == (label, level, text)


@pytest.mark.parametrize(
    "line",
    [
        "2025. Một năm",
        "1.500 đồng",
        "1.500.000 đồng cho mỗi lớp",
        "15.7.2021 là ngày ban hành",
        "9+, Mô hình gắn kết",
        "97/KH-UBND ngày 30 tháng 3",
        "(Phụ lục đính kèm)",
        "30/6 hằng năm",
        "Số:        /KH-UBND",
        "ngày     tháng    năm 2026",
        "v.v. và các hoạt động khác",
        "a.m",
        "H. Phú Quý",
        "IIX. Không phải số La Mã",
        "Phần II của Kế hoạch này",
        "PHẦN MỀM QUẢN LÝ",
        "-5 độ",
        "f) chữ này không dùng để đánh số",
        "w) cũng vậy",
        "I.",
        "1.",
        "",
    ],
)
def test_prose_has_no_marker(line):
    assert read_marker(line) is None


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("IX. CHẾ ĐỘ", 9),
        ("đ) Năm 2025", 5),
        ("C. TỔ CHỨC", 3),
        ("2.11. Xã", 11),
        ("Phần thứ ba", 3),
        ("PHẦN IV", 4),
        ("Phần 2", 2),
        ("- Bộ", None),
    ],
)
def test_a_marker_claims_its_place_in_the_list(line, value):
    marker = read_marker(line)
    assert marker is not None
    assert marker.value == value


@given(st.integers(1, 399))
def test_roman_numerals_are_read_as_they_are_written(number):
    assert roman_value(to_roman(number)) == number


@pytest.mark.parametrize("label", ["IIX", "VX", "IVI", "", "A", "i"])
def test_what_only_looks_roman_has_no_value(label):
    assert roman_value(label) is None


@given(st.text(max_size=200))
def test_any_line_is_read_without_failing(line):
    marker = read_marker(line)
    assert marker is None or 0 < marker.text_start <= len(line)


def test_the_letters_of_a_list_have_d_with_a_stroke_but_no_f_j_w_z():
    assert LETTERS.index("đ") == 4
    assert not set("fjwz") & set(LETTERS)
