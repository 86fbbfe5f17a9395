"""Rules to grids, words to cells, lines to paragraphs; and what must not become a table."""

import pytest

from corpus.readers import page as page_module
from corpus.readers.document import Line, PageBreak, Table
from corpus.readers.grid import Rule, find_grids, is_letterhead
from corpus.readers.page import Page, Word, blocks_of_pages

HEIGHT = 12.0


def words(text: str, x: float, y: float, size: float = 5.0) -> list[Word]:
    """Set `text` at a place, every character `size` points wide."""
    out = []
    for word in text.split(" "):
        out.append(Word(word, x, y, x + size * len(word), y + HEIGHT))
        x += size * (len(word) + 1)
    return out


def page(number: int = 1, *lines: list[Word], across=(), down=()) -> Page:
    return Page(number, 595, 842, [word for line in lines for word in line], across, down)


def box(xs: list[float], ys: list[float]) -> dict[str, list[Rule]]:
    return {
        "across": [Rule(y, xs[0], xs[-1]) for y in ys],
        "down": [Rule(x, ys[0], ys[-1]) for x in xs],
    }


def paragraph(*lines: str, top: float = 100, left: float = 85, indent: float = 36):
    """Set lines of running text, the first one indented."""
    return [
        words(line, left + (indent if index == 0 else 0), top + 16 * index)
        for index, line in enumerate(lines)
    ]


def test_crossing_rules_make_a_grid_and_dashes_are_rules():
    dashes = [Rule(100, x, x + 4) for x in range(50, 350, 8)]
    rules = box([50, 150, 350], [100, 130, 160])
    (grid,) = find_grids([*dashes, *rules["across"][1:]], rules["down"])
    assert (len(grid.xs), len(grid.ys)) == (3, 3)


def test_a_missing_rule_merges_cells():
    rules = box([50, 150, 250, 350], [100, 130, 160])
    down = [rule for rule in rules["down"] if rule.at != 250] + [Rule(250, 130, 160)]
    (grid,) = find_grids(rules["across"], down)
    assert grid.owner[0] == ((0, 0), (0, 1), (0, 1))
    assert grid.owner[1] == ((1, 0), (1, 1), (1, 2))


def test_an_underline_and_a_lone_box_are_no_grid():
    assert find_grids([Rule(100, 50, 200)], []) == []
    assert find_grids(**box([50, 350], [100, 130])) == []


def test_a_table_without_outer_sides_is_closed():
    rules = box([50, 150, 350], [100, 130, 160])
    inner = [rule for rule in rules["down"] if rule.at == 150]
    (grid,) = find_grids(rules["across"], inner)
    assert grid.xs == (50, 150, 350)


def test_a_row_cut_by_a_page_break_is_one_row():
    head = [words("TT", 55, 105), words("Nội dung", 105, 105), words("Chủ trì", 305, 105)]
    xs = [50, 100, 300, 500]
    first = page(
        1,
        *head,
        words("1", 55, 125),
        words("Tuyên truyền về giáo dục nghề nghiệp", 105, 125),
        words("Sở Nội vụ", 305, 125),
        **box(xs, [100, 120, 145]),
    )
    again = [[Word(w.text, w.x0, w.top - 30, w.x1, w.bottom - 30) for w in line] for line in head]
    second = page(
        2,
        *again,
        words("trên địa bàn tỉnh", 105, 95),
        words("2", 55, 115),
        words("Tập huấn", 105, 115),
        words("Sở Tài chính", 305, 115),
        **box(xs, [70, 90, 110, 130]),
    )
    (table,) = [b for b in blocks_of_pages([first, second]) if isinstance(b, Table)]
    assert table.rows == (
        ("TT", "Nội dung", "Chủ trì"),
        ("1", "Tuyên truyền về giáo dục nghề nghiệp trên địa bàn tỉnh", "Sở Nội vụ"),
        ("2", "Tập huấn", "Sở Tài chính"),
    )
    assert table.pages == (1, 1, 2)


def test_lines_are_joined_until_the_next_word_would_have_fitted():
    lines = [
        *paragraph("a) Tuyên truyền chủ trương của Đảng và chính sách pháp luật của Nhà nước về",
                   "giáo dục nghề nghiệp."),
        *paragraph("b) Khuyến khích các doanh nghiệp tham gia hoạt động giáo dục nghề nghiệp, gắn",
                   "kết doanh nghiệp.", top=132),
    ]  # fmt: skip
    found = [block.text for block in blocks_of_pages([page(1, *lines)]) if isinstance(block, Line)]
    assert [text[:2] for text in found] == ["a)", "b)"]


def test_a_paragraph_goes_on_over_the_page_and_the_page_number_is_dropped():
    first = paragraph(
        "Trong quá trình triển khai thực hiện nếu có khó khăn và vướng mắc các đơn vị, các địa",
        "phương báo cáo về Ủy ban nhân dân tỉnh Kiên Giang qua Sở Lao động, Thương binh, Xã hội để",
    )
    number = words("2", 295, 800)
    second = [words("xem xét, giải quyết.", 85, 60)]
    blocks = blocks_of_pages([page(1, *first, number), page(2, *second)])
    assert [type(block) for block in blocks] == [Line, PageBreak]
    assert blocks[0].text.endswith("Xã hội để xem xét, giải quyết.")


def test_a_running_head_is_dropped_and_a_short_line_in_the_text_is_not():
    pages = [
        page(
            n,
            words("KẾ HOẠCH TRUYỀN THÔNG", 200, 30),
            words(f"Mục {'ABCD'[n]} của văn bản", 85, 300),
        )
        for n in (1, 2, 3)
    ]
    found = [block.text for block in blocks_of_pages(pages) if isinstance(block, Line)]
    assert found == ["Mục B của văn bản", "Mục C của văn bản", "Mục D của văn bản"]


def test_letterhead_set_side_by_side_comes_left_column_first():
    lines = [
        words("UBND TỈNH KIÊN GIANG", 85, 60),
        words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 300, 60),
        words("Số: 97/KH-UBND", 100, 76),
        words("Độc lập - Tự do - Hạnh phúc", 330, 76),
    ]
    found = [block.text for block in blocks_of_pages([page(1, *lines)]) if isinstance(block, Line)]
    assert found == [
        "UBND TỈNH KIÊN GIANG",
        "Số: 97/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]


def test_a_gap_left_for_a_number_does_not_cut_a_line():
    text = words("(Kèm theo Kế hoạch số", 85, 100) + words("/KH-UBND của Chủ tịch tỉnh)", 300, 100)
    blocks = blocks_of_pages([page(1, text)])
    assert [block.text for block in blocks if isinstance(block, Line)] == [
        "(Kèm theo Kế hoạch số /KH-UBND của Chủ tịch tỉnh)"
    ]


def test_a_numbered_list_without_rules_is_no_table():
    lines = [
        line
        for number, text in enumerate(
            ("Thông tin, tuyên truyền sâu rộng", "Tăng cường ứng dụng", "Đảm bảo nguồn lực"), 1
        )
        for line in paragraph(f"{number}. {text}", top=100 + 16 * number)
    ]
    assert not any(isinstance(block, Table) for block in blocks_of_pages([page(1, *lines)]))


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("_PAGE_NUMBER", ["2", "- 2 -", "Trang 2/5"], ["2024 2025", "2.", "Mục 2"]),
        ("_TIME_STAMP", ["1/20/2023 11:11:11"], ["ngày 20/1/2023", "20/1/2023"]),
        ("_MARKER", ["1.", "2.1.", "IV.", "a)", "đ)", "-"], ["2023-2025", "abc)", "1,5"]),
        ("_ORDINAL", ["1", "5.2", "III", "a)"], ["Sở", "2023-2025", "1,5"]),
        ("_ORDINAL_HEAD", ["stt", "tt", "so tt", "so"], ["so do", "att", "noi dung"]),
        ("_SIGNATURE_LINE", ["TM.", "CHỦ TỊCH"], ["Chủ tịch", "ATM"]),
        ("_BROKEN_WORD", ["S\0TT", "5.\0002", "202\0003"], ["5\0006", "X\0X", "Năm\0002023"]),
    ],
)
def test_patterns_match_what_they_are_for_and_nothing_near_it(pattern, yes, no):
    compiled = getattr(page_module, pattern)
    assert all(compiled.fullmatch(text) for text in yes)
    assert not any(compiled.fullmatch(text) for text in no)


def test_a_word_broken_at_a_hyphen_is_glued_and_a_dash_is_not():
    assert page_module._glued("giai đoạn 2021-", "2025") == "giai đoạn 2021-2025"
    assert page_module._glued("Quyết định số 766/QĐ-", "TTg") == "Quyết định số 766/QĐ-TTg"
    assert page_module._glued("Sở Lao động -", "Thương binh") == "Sở Lao động - Thương binh"


def test_a_table_with_an_ordinal_column_is_no_letterhead():
    assert not is_letterhead([["TT", "Nội dung"], ["1", "Tập huấn"]], ruled=False)
    assert is_letterhead([["Nơi nhận:", "KT. CHỦ TỊCH"]], ruled=True)
