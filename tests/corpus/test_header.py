import datetime

import pytest

from corpus.header import DATE, PLAN_NUMBER, date_of, parse_basis, parse_header, parse_period
from corpus.model import Period, Span


def header_of(*texts):
    """Return the header of these lines and the text that its spans point into."""
    lines, start = [], 0
    for text in texts:
        lines.append((text, Span(start, start + len(text))))
        start += len(text) + 1
    return parse_header(lines), "\n".join(texts)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("Số: 97 /KH-UBND", "97"),
        ("Số 12a/KH-UBND", "12a"),
        ("(Kèm theo Kế hoạch số 1549   /KH-UBND ngày 26/4/2024)", "1549"),
        ("Số:        /KH-UBND", ""),
        ("Số: ……./KH-UBND", ""),
        ("Số: 15/KH-SGDĐT", "15"),
    ],
)
def test_the_number_of_a_plan_is_read_also_where_it_is_blank(text, digits):
    match = PLAN_NUMBER.search(text)
    assert match is not None
    assert match["digits"] == digits


@pytest.mark.parametrize(
    "text",
    ["Quyết định số 2239/QĐ-TTg", "Nghị quyết số 76/NQ-CP", "97/KH-UBND", "Số: 97/UBND-KT"],
)
def test_the_number_of_another_document_is_no_plan_number(text):
    assert PLAN_NUMBER.search(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ngày 30 tháng 3 năm 2023", (2023, 3, 30)),
        ("ngày 26  /4/2024", (2024, 4, 26)),
        ("26-4-2024", (2024, 4, 26)),
        ("15.7.2021", (2021, 7, 15)),
        ("31/02/2024", None),
    ],
)
def test_a_date_is_read_in_all_its_spellings(text, expected):
    match = DATE.search(text)
    assert match is not None
    assert date_of(match) == (datetime.date(*expected) if expected else None)


@pytest.mark.parametrize(
    "text",
    ["ngày     tháng    năm 2026", "trước ngày 30/6", "ngày DD tháng MM năm 2026", "1.500.000"],
)
def test_an_incomplete_date_is_no_date(text):
    assert DATE.search(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("giai đoạn 2023-2025", Period(2023, 2025)),
        ("GIAI ĐOẠN 2021 – 2030, tầm nhìn đến năm 2045", Period(2021, 2030)),
        ("từ năm 2023 đến năm 2025", Period(2023, 2025)),
        ("năm học 2024 - 2025", Period(2024, 2025)),
        ("năm 2026 tỉnh Lâm Đồng", Period(2026, 2026)),
        ("theo Nghị quyết ngày 15 tháng 7 năm 2021 trong năm 2024", Period(2024, 2024)),
    ],
)
def test_the_period_of_a_title(text, expected):
    found = parse_period(text)
    assert found is not None
    assert found[0] == expected


@pytest.mark.parametrize(
    "text", ["ngày 15 tháng 7 năm 2021", "5 năm", "giai đoạn 2", "giai đoạn 2025-2023", ""]
)
def test_a_title_without_years_has_no_period(text):
    found = parse_period(text)
    assert found is None or found[0].first <= found[0].last
    if "2025" not in text:
        assert found is None


def test_a_full_head_is_read():
    header, text = header_of(
        "UBND TỈNH KIÊN GIANG",
        "Số: 97 /KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Kiên Giang, ngày 30 tháng 3 năm 2023",
        "KẾ HOẠCH",
        "Truyền thông về giáo dục nghề nghiệp",
        "giai đoạn 2023-2025",
        "Căn cứ Luật Giáo dục nghề nghiệp ngày 27 tháng 11 năm 2014;",
    )
    assert header.issuer == "UBND TỈNH KIÊN GIANG"
    assert header.number == "97/KH-UBND"
    assert header.place == "Kiên Giang"
    assert header.issued_on == datetime.date(2023, 3, 30)
    assert header.title == "Truyền thông về giáo dục nghề nghiệp giai đoạn 2023-2025"
    assert header.fields["title"].of(text) == header.title.replace(" giai", "\ngiai")
    assert header.fields["number"].of(text) == "97 /KH-UBND"
    assert [basis.kind for basis in header.bases] == ["Luật Giáo dục nghề nghiệp"]


def test_an_issuer_over_two_lines_is_one():
    header, text = header_of("ỦY BAN NHÂN DÂN", "TỈNH LÂM ĐỒNG", "Số: /KH-UBND")
    assert header.issuer == "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG"
    assert header.fields["issuer"].of(text) == "ỦY BAN NHÂN DÂN\nTỈNH LÂM ĐỒNG"


def test_the_old_tone_placement_is_read_and_kept():
    header, _ = header_of("UỶ BAN NHÂN DÂN", "TỈNH LÂM ĐỒNG")
    assert header.issuer == "UỶ BAN NHÂN DÂN TỈNH LÂM ĐỒNG"


def test_two_columns_read_as_one_are_taken_apart():
    header, text = header_of(
        "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "TỈNH LÂM ĐỒNG Độc lập - Tự do - Hạnh phúc",
        "Số: 12/KH-UBND Lâm Đồng, ngày 05 tháng 01 năm 2026",
    )
    assert header.issuer == "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG"
    assert header.number == "12/KH-UBND"
    assert header.place == "Lâm Đồng"
    assert header.issued_on == datetime.date(2026, 1, 5)
    assert header.fields["place"].of(text) == "Lâm Đồng"


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("TP. Hồ Chí Minh, ngày 5 tháng 1 năm 2026", "TP. Hồ Chí Minh"),
        ("Bà Rịa - Vũng Tàu, ngày 5 tháng 1 năm 2026", "Bà Rịa - Vũng Tàu"),
        ("Đắk Lắk, ngày      tháng      năm 2026", "Đắk Lắk"),
        ("Lâm Đồng, ngày DD tháng MM năm 2026", "Lâm Đồng"),
        ("Huế, ngày … tháng … năm 2026", "Huế"),
    ],
)
def test_the_place_stands_before_the_date_even_if_that_is_blank(line, place):
    header, _ = header_of(line)
    assert header.place == place


@pytest.mark.parametrize(
    "line",
    [
        "báo cáo 6 tháng, ngày 20 tháng 6 năm 2024",
        "Căn cứ Quyết định ngày 30 tháng 12 năm 2021",
        "Kiên Giang năm 2023",
    ],
)
def test_a_date_in_prose_has_no_place(line):
    header, _ = header_of(line)
    assert header.place is None


def test_a_blank_number_is_none_and_its_place_is_kept():
    header, text = header_of("Số:        /KH-UBND", "Lâm Đồng, ngày     tháng    năm 2026")
    assert header.number is None
    assert header.fields["number"].of(text) == "/KH-UBND"
    assert header.issued_on is None
    assert header.fields["issued_year"].of(text) == "2026"


def test_a_plan_that_the_head_names_is_not_this_plan():
    header, _ = header_of(
        "Thực hiện Kế hoạch số 55/KH-UBND ngày 3/2/2025 của UBND tỉnh về chuyển đổi số."
    )
    assert header.number is None


@pytest.mark.parametrize(
    "enacting",
    [
        "Thực hiện Nghị quyết số 76/NQ-CP của Chính phủ, UBND tỉnh ban hành Kế hoạch",
        "Tiếp tục thực hiện chương trình, UBND tỉnh Lâm Đồng ban hành Kế hoạch như sau:",
        "Ủy ban nhân dân tỉnh ban hành Kế hoạch cụ thể như sau:",
        "Uỷ ban nhân dân tỉnh xây dựng Kế hoạch",
        "Nhằm nâng cao nhận thức của người dân",
        "-------",
        "Căn cứ Luật Ngân sách nhà nước;",
    ],
)
def test_the_title_ends_where_the_plan_is_enacted(enacting):
    header, _ = header_of("KẾ HOẠCH", "Cải cách hành chính", "năm 2026", enacting)
    assert header.title == "Cải cách hành chính năm 2026"


def test_a_title_may_begin_like_an_enacting_sentence():
    header, _ = header_of(
        "KẾ HOẠCH", "Thực hiện Nghị quyết số 50/NQ-CP của Chính phủ", "về phòng, chống ma túy"
    )
    assert header.title == ("Thực hiện Nghị quyết số 50/NQ-CP của Chính phủ về phòng, chống ma túy")
    assert header.bases == []


def test_a_title_in_capitals_on_the_same_line():
    header, _ = header_of("KẾ HOẠCH TRUYỀN THÔNG", "THỰC HIỆN NGHỊ QUYẾT SỐ 5/NQ-CP")
    assert header.title == "TRUYỀN THÔNG THỰC HIỆN NGHỊ QUYẾT SỐ 5/NQ-CP"
    assert header.fields["title"].start == len("KẾ HOẠCH ")


def test_a_plan_without_its_kind_gets_a_guessed_title():
    header, _ = header_of(
        "ỦY BAN NHÂN DÂN",
        "TỈNH LÂM ĐỒNG",
        "Số: 12/KH-UBND",
        "Chuyển đổi số năm 2026",
        "trên địa bàn tỉnh",
        "Căn cứ Luật Công nghệ thông tin;",
    )
    assert header.title == "Chuyển đổi số năm 2026 trên địa bàn tỉnh"
    assert header.title_guessed


def test_the_issuer_of_the_enacting_sentence_is_read():
    header, _ = header_of("Chủ tịch Ủy ban nhân dân tỉnh Lâm Đồng ban hành Kế hoạch như sau:")
    assert header.issuer == "Chủ tịch Ủy ban nhân dân tỉnh Lâm Đồng"


def test_a_report_to_the_committee_names_no_issuer():
    header, _ = header_of("Các sở định kỳ báo cáo Ủy ban nhân dân tỉnh kết quả thực hiện hằng năm")
    assert header.issuer is None


@pytest.mark.parametrize(
    ("text", "kind", "number", "date", "issuer", "title"),
    [
        (
            "Căn cứ Quyết định số 2239/QĐ-TTg ngày 30 tháng 12 năm 2021 của Thủ tướng Chính phủ "
            "phê duyệt Chiến lược;",
            "Quyết định",
            "2239/QĐ-TTg",
            datetime.date(2021, 12, 30),
            "Thủ tướng Chính phủ",
            "phê duyệt Chiến lược",
        ),
        (
            "Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15;",
            "Luật Tổ chức chính quyền địa phương",
            "72/2025/QH15",
            None,
            None,
            None,
        ),
        (
            "- Căn cứ Bộ luật Lao động ngày 20/11/2019;",
            "Bộ luật Lao động",
            None,
            datetime.date(2019, 11, 20),
            None,
            None,
        ),
        (
            "Thực hiện Nghị quyết số 50/NQ-CP ngày 13/3/2025 của Chính phủ ban hành kế hoạch, "
            "Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:",
            "Nghị quyết",
            "50/NQ-CP",
            datetime.date(2025, 3, 13),
            "Chính phủ",
            "ban hành kế hoạch",
        ),
        (
            "Căn cứ Quyết định số 6/QĐ-BVHTTDL của Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch về "
            "du lịch;",
            "Quyết định",
            "6/QĐ-BVHTTDL",
            None,
            "Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch",
            "về du lịch",
        ),
    ],
)
def test_a_legal_basis_is_taken_apart(text, kind, number, date, issuer, title):
    basis = parse_basis(text, Span(0, len(text)))
    assert (basis.kind, basis.number, basis.issued_on) == (kind, number, date)
    assert (basis.issuer, basis.title) == (issuer, title)


def test_a_basis_that_says_nothing_is_still_a_basis():
    basis = parse_basis("Căn cứ", Span(0, 6))
    assert (basis.kind, basis.number) == (None, None)


@pytest.mark.parametrize(
    "text", ["Thực hiện mục tiêu của tỉnh.", "Triển khai đồng bộ các giải pháp."]
)
def test_a_sentence_that_only_begins_alike_is_no_basis(text):
    header, _ = header_of("KẾ HOẠCH", "Chuyển đổi số", text)
    assert header.bases == []
