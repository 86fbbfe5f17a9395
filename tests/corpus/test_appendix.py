import pytest

from corpus.appendix import Grid, column_roles, is_task_table, join_tables
from corpus.model import Role
from tests.corpus.documents import (
    COLUMNS,
    HEAD,
    PageBreak,
    codes,
    make_table,
    parse,
    parse_table,
    texts,
)


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("STT", Role.ORDINAL),
        ("Số TT", Role.ORDINAL),
        ("Năm 2024", Role.YEARS),
        ("2025", Role.YEARS),
        ("Nội dung/hoạt động", Role.ACTIVITY),
        ("Nội dung kiểm tra", Role.ACTIVITY),
        ("Tên nhiệm vụ", Role.ACTIVITY),
        ("Đơn vị chủ trì", Role.LEAD),
        ("Trách nhiệm thực hiện", Role.LEAD),
        ("Cơ quan, đơn vị", Role.LEAD),
        ("Cơ quan chủ trì, phối hợp", Role.LEAD),
        ("Phối hợp thực hiện", Role.SUPPORT),
        ("Sản phẩm dự kiến", Role.PRODUCT),
        ("Kết quả đánh giá", Role.PRODUCT),
        ("Thời gian hoàn thành", Role.TIME),
        ("Tiến độ", Role.TIME),
        ("Dự toán kinh phí (triệu đồng)", Role.BUDGET),
        ("Theo dõi, kiểm tra, đôn đốc", Role.MONITOR),
        ("Ghi chú", Role.NOTE),
        ("Đơn vị tính", Role.OTHER),
        ("Địa điểm", Role.OTHER),
        ("Nội dung chi", Role.ACTIVITY),
        ("20231", Role.OTHER),
        ("", Role.OTHER),
    ],
)
def test_a_header_says_what_its_column_is(header, role):
    assert column_roles(["STT", "Nhiệm vụ", header])[2] is role or (
        role in (Role.ORDINAL, Role.ACTIVITY) and column_roles([header])[0] is role
    )


def test_a_first_column_about_checking_names_what_is_checked():
    headers = ["STT", "Đợt kiểm tra", "Đơn vị chủ trì", "Thành viên", "Thời gian thực hiện"]
    assert column_roles(headers) == (
        Role.ORDINAL,
        Role.ACTIVITY,
        Role.LEAD,
        Role.SUPPORT,
        Role.TIME,
    )
    assert column_roles(["STT", "Nhiệm vụ", "Kiểm tra"])[2] is Role.MONITOR


def test_without_headers_the_widest_column_is_the_activity():
    rows = [("1", "Tập huấn cho cán bộ cấp xã", "Sở Nội vụ"), ("2", "Hội thảo khoa học", "Sở Y tế")]
    assert column_roles(["", "", ""], rows) == (Role.ORDINAL, Role.ACTIVITY, Role.OTHER)


def test_a_row_has_its_cells_by_role():
    (row,) = parse_table(
        (*COLUMNS, "Thời gian", "Kinh phí", "Theo dõi", "Địa điểm"),
        ("1", "Tập huấn", "Sở Nội vụ", "Sở Y tế", "Quý I", "50 triệu", "Văn phòng", "Đà Lạt"),
    )
    assert texts(row) == {
        Role.ORDINAL: "1",
        Role.ACTIVITY: "Tập huấn",
        Role.LEAD: "Sở Nội vụ",
        Role.SUPPORT: "Sở Y tế",
        Role.TIME: "Quý I",
        Role.BUDGET: "50 triệu",
        Role.MONITOR: "Văn phòng",
        Role.OTHER: "Đà Lạt",
    }
    assert row.cell(Role.OTHER).header == "Địa điểm"


def test_dotted_ordinals_stand_under_the_row_above():
    rows = parse_table(COLUMNS, ("3", "Số hóa", "", ""), ("3.1", "Ấn phẩm", "Sở A", "Sở B"))
    assert [(row.key, row.parent, row.is_heading) for row in rows] == [
        ("r3", None, True),
        ("r3.1", "3", False),
    ]


def test_ordinals_that_start_again_under_a_group_have_their_own_keys():
    rows = parse_table(
        COLUMNS,
        ("I", "Thể chế", None, None),
        ("1", "Rà soát", "Sở Tư pháp", ""),
        ("2", "Công bố", "Sở Tư pháp", ""),
        ("II", "Thủ tục", None, None),
        ("1", "Kiểm soát", "Các sở", ""),
        ("3", "Đối thoại", "Các sở", ""),
    )
    assert [row.key for row in rows] == ["rI", "g1.r1", "r2", "rII", "g2.r1", "r3"]
    assert [row.parent for row in rows] == [None, "I", "I", None, "II", "II"]
    assert [row.group for row in rows] == [None, "Thể chế", "Thể chế", None, "Thủ tục", "Thủ tục"]
    assert rows[4].label == "Phụ lục, dòng 1 (nhóm Thủ tục)"


def test_upper_letters_roman_numbers_digits_and_small_letters_nest():
    rows = parse_table(
        COLUMNS,
        ("A", "Chung", "", ""),
        ("I", "Thể chế", "", ""),
        ("1", "Rà soát", "Sở A", ""),
        ("a", "Cấp tỉnh", "Sở B", ""),
        ("b", "Cấp xã", "Sở C", ""),
        ("2", "Công bố", "Sở D", ""),
        ("B", "Riêng", "", ""),
    )
    assert [(row.ordinal, row.parent) for row in rows] == [
        ("A", None),
        ("I", "A"),
        ("1", "I"),
        ("a", "1"),
        ("b", "1"),
        ("2", "I"),
        ("B", None),
    ]


def test_a_group_title_across_the_table_is_divided():
    rows = parse_table(
        COLUMNS,
        ("I. Cải cách thể chế", None, None, None),
        ("1", "Rà soát", "Sở Tư pháp", "Các sở"),
        ("Nhóm khác", None, None, None),
        ("1", "Công bố", "Sở Nội vụ", "Các sở"),
    )
    assert [(row.ordinal, row.text_of(Role.ACTIVITY)) for row in rows] == [
        ("I", "Cải cách thể chế"),
        ("1", "Rà soát"),
        ("", "Nhóm khác"),
        ("1", "Công bố"),
    ]
    assert rows[3].group == "Nhóm khác"
    assert rows[0].cell(Role.ORDINAL).text == "I"


def test_a_cell_merged_downwards_says_the_same_in_every_row():
    rows = parse_table(
        COLUMNS,
        ("1", "Kiểm tra", "Sở Nội vụ", "Các sở"),
        (None, None, "Các xã", None),
        ("2", "Tập huấn", None, "Sở Y tế"),
    )
    assert [(row.ordinal, row.text_of(Role.ACTIVITY), row.text_of(Role.LEAD)) for row in rows] == [
        ("1", "Kiểm tra", "Sở Nội vụ"),
        ("1", "Kiểm tra", "Các xã"),
        ("2", "Tập huấn", "Các xã"),
    ]
    assert [row.key for row in rows] == ["r1", "r1+", "r2"]


def test_all_columns_of_plain_rows_may_be_merged_downwards():
    rows = parse_table(
        COLUMNS,
        ("1", "Một", "Sở A", "Sở B"),
        ("2", "Hai", None, None),
        ("3", "Ba", None, None),
        ("4", "Bốn", "Sở C", "Sở D"),
    )
    assert [row.text_of(Role.LEAD) for row in rows] == ["Sở A", "Sở A", "Sở A", "Sở C"]


def test_a_support_that_shares_the_cell_of_its_lead_is_not_taken_from_above():
    rows = parse_table(
        (*COLUMNS, "Theo dõi"),
        ("1", "Một", "Sở A", "Sở B", "Văn phòng"),
        ("2", "Hai", "Theo phân công tại Quyết định số 5/QĐ-UBND", None, "Văn phòng"),
        ("3", "Ba", None, None, None),
        ("4", "Bốn", "Sở C", "Sở D", None),
    )
    assert [row.text_of(Role.SUPPORT) for row in rows] == ["Sở B", "", "", "Sở D"]
    assert rows[3].text_of(Role.MONITOR) == "Văn phòng"


def test_a_numbered_title_across_the_table_leads_no_one():
    rows = parse_table(
        COLUMNS,
        ("4", "Số hóa", "Sở A", "Sở B"),
        ("5", "Báo chí", None, None),
        ("5.1", "Phát thanh", "Sở C", "Sở D"),
    )
    assert rows[1].is_heading
    assert rows[1].text_of(Role.LEAD) == ""


def test_a_row_without_ordinal_goes_on_with_the_one_above():
    rows = parse_table(COLUMNS, ("1", "Một", "Sở A", "Sở B"), ("", "", "Sở C", "Sở D"))
    assert [(row.key, row.ordinal) for row in rows] == [("r1", "1"), ("r1+", "1")]


def test_a_table_without_ordinals_counts_its_rows():
    rows = parse_table(("Nhiệm vụ", "Chủ trì"), ("Tập huấn", "Sở A"), ("Hội thảo", "Sở B"))
    assert [row.key for row in rows] == ["r1", "r2"]
    assert [row.parent for row in rows] == [None, None]


def test_a_header_repeated_after_a_page_break_is_read_once():
    first = make_table(COLUMNS, ("1", "Một", "Sở A", "Sở B"))
    second = make_table(COLUMNS, ("2", "Hai", "Sở C", "Sở D"))
    plan = parse(*HEAD, "I. A", "PHỤ LỤC", first, PageBreak(), "2", second)
    assert [row.key for row in plan.rows] == ["r1", "r2"]
    assert plan.text.count("Chủ trì") == 1


def test_a_table_without_header_continues_the_one_before():
    first = make_table(COLUMNS, ("1", "Một", "Sở A", "Sở B"))
    second = make_table(("2", "Phối hợp kiểm tra kết quả", "Sở Nội vụ theo dõi", "Sở D"))
    plan = parse(*HEAD, "I. A", "PHỤ LỤC", first, PageBreak(), second)
    assert plan.rows[1].text_of(Role.LEAD) == "Sở Nội vụ theo dõi"


def test_a_row_cut_by_a_page_break_is_one_row():
    first = make_table(COLUMNS, ("1", "Phối hợp tổ chức các", "Sở Nội", ""))
    second = make_table(("", "lớp tập huấn", "vụ", "Các sở"), ("2", "Hai", "Sở C", "Sở D"))
    plan = parse(*HEAD, "I. A", "PHỤ LỤC", first, PageBreak(), second)
    assert texts(plan.rows[0]) == {
        Role.ORDINAL: "1",
        Role.ACTIVITY: "Phối hợp tổ chức các lớp tập huấn",
        Role.LEAD: "Sở Nội vụ",
        Role.SUPPORT: "Các sở",
    }
    assert len(plan.rows) == 2


def test_a_group_row_after_a_page_break_is_no_rest_of_a_row():
    first = make_table(COLUMNS, ("1", "Một", "Sở A", "Sở B"))
    second = make_table(("", "Nhóm nhiệm vụ khác", "", ""), ("1", "Hai", "Sở C", "Sở D"))
    plan = parse(*HEAD, "I. A", "PHỤ LỤC", first, PageBreak(), second)
    assert [row.ordinal for row in plan.rows] == ["1", "", "1"]


@pytest.mark.parametrize(
    ("cell", "lead", "support"),
    [
        ("Chủ trì: Sở Nội vụ; phối hợp: Sở Tài chính", "Sở Nội vụ", "Sở Tài chính"),
        (
            "- Đơn vị chủ trì: Sở Nội vụ. - Đơn vị phối hợp thực hiện: Sở Y tế",
            "Sở Nội vụ",
            "Sở Y tế",
        ),
        ("Sở Nội vụ chủ trì, phối hợp với Sở Tài chính", "Sở Nội vụ", "Sở Tài chính"),
    ],
)
def test_lead_and_support_in_one_cell_are_two(cell, lead, support):
    (row,) = parse_table(("STT", "Nhiệm vụ", "Đơn vị thực hiện"), ("1", "Tập huấn", cell))
    assert row.text_of(Role.LEAD) == lead
    assert row.text_of(Role.SUPPORT) == support


@pytest.mark.parametrize("cell", ["Sở Nội vụ chủ trì thẩm định", "Chủ trì, phối hợp với các sở"])
def test_a_cell_without_two_parts_stays_whole(cell):
    (row,) = parse_table(("STT", "Nhiệm vụ", "Đơn vị thực hiện"), ("1", "Tập huấn", cell))
    assert row.text_of(Role.LEAD) == cell


def test_sub_heads_name_their_columns_and_nothing_is_lost():
    plan = parse(
        *HEAD,
        "I. A",
        "PHỤ LỤC",
        make_table(
            ("STT", "Nhiệm vụ", "Đơn vị thực hiện", None, "Kinh phí (triệu đồng)", None, None),
            (None, None, "Chủ trì", "Phối hợp", "Tổng", "Trong đó", None),
            (None, None, None, None, None, "Ngân sách", "Xã hội hóa"),
            ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"),
            ("1", "Tập huấn", "Sở A", "Sở B", "50", "30", "20"),
        ),
    )
    (row,) = plan.rows
    assert [cell.header for cell in row.cells] == [
        "STT",
        "Nhiệm vụ",
        "Chủ trì",
        "Phối hợp",
        "Kinh phí (triệu đồng): Tổng",
        "Ngân sách",
        "Kinh phí (triệu đồng): Trong đó: Xã hội hóa",
    ]
    assert [cell.role for cell in row.cells][4:] == [Role.BUDGET] * 3
    assert "Đơn vị thực hiện" in plan.text


def test_year_columns_under_one_name_are_years():
    (row,) = parse_table(
        ("TT", "Hoạt động", "Năm thực hiện", None),
        (None, None, "2024", "2025"),
        ("1", "Hội thi", "", "x"),
    )
    assert row.years == (2025,)


@pytest.mark.parametrize(
    ("mark", "years"), [("X", (2024,)), ("✓", (2024,)), ("XX", ()), ("x 3", ())]
)
def test_only_a_mark_marks_a_year(mark, years):
    (row,) = parse_table(("TT", "Hoạt động", "Năm 2024"), ("1", "Hội thi", mark))
    assert row.years == years


def test_quarters_that_are_only_marked_are_kept_under_their_own_name():
    (row,) = parse_table(
        ("TT", "Hoạt động", "Thời gian", None),
        (None, None, "Quý I", "Quý II"),
        ("1", "Hội thi", "x", ""),
    )
    assert [(cell.header, cell.role) for cell in row.cells][2] == ("Thời gian: Quý I", Role.OTHER)


def test_the_title_of_a_table_may_stand_in_its_first_row():
    (row,) = parse_table(
        ("BẢNG PHÂN CÔNG NHIỆM VỤ", None, None, None), COLUMNS, ("1", "Tập huấn", "Sở A", "Sở B")
    )
    assert row.text_of(Role.LEAD) == "Sở A"


@pytest.mark.parametrize(
    ("printed", "ordinal"),
    [("3.0", "3"), ("3.10", "3.10"), ("5.2.", "5.2"), ("a)", "a"), ("IV", "IV")],
)
def test_ordinals_lose_only_their_punctuation(printed, ordinal):
    (row,) = parse_table(COLUMNS, (printed, "Tập huấn", "Sở A", "Sở B"))
    assert row.ordinal == ordinal


def test_a_blank_cell_in_a_filled_column_is_doubted():
    rows = [(str(n), f"Việc {n}", "Sở A", "Sở B") for n in range(1, 8)]
    plan = parse(*HEAD, "I. A", "PHỤ LỤC", make_table(COLUMNS, *rows, ("8", "Việc 8", "", "Sở B")))
    assert codes(plan).count("blank_cell") == 1


def test_a_signature_block_is_no_list_of_tasks():
    (grid,) = join_tables([make_table(("Nơi nhận", "CHỦ TỊCH"), ("- Như trên", "Nguyễn Minh"))])
    assert not is_task_table(Grid(grid.headers, (Role.OTHER, Role.OTHER), grid.rows, grid.pages))


def test_doubtful_rows_keep_their_place_when_tables_are_joined():
    first = make_table(COLUMNS, ("1", "Một", "Sở A", "Sở B"), doubtful=(1,))
    second = make_table(COLUMNS, ("", "tiếp", "", ""), ("2", "Hai", "Sở C", ""), doubtful=(2,))
    (grid,) = join_tables([first, second])
    assert grid.doubtful == (0, 1)


def test_a_second_table_under_its_own_title_is_another_table():
    first = make_table(("BẢNG 1", None, None, None), COLUMNS, ("1", "Một", "Sở A", "Sở B"))
    second = make_table(("BẢNG 2", None, None, None), COLUMNS, ("1", "Hai", "Sở C", "Sở D"))
    plan = parse(*HEAD, "I. A", "PHỤ LỤC", first, second)
    assert [row.key for row in plan.rows] == ["r1", "t2.r1"]
    assert "BẢNG 2" in plan.text


def test_a_cell_of_invisible_characters_is_blank():
    (row,) = parse_table(COLUMNS, ("1", "Một", "\u200b", "\x1b"))
    assert row.is_heading
