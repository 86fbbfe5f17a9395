import datetime
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.archive import read_plan, write_plan
from corpus.model import Role, Span
from corpus.parse import parse_document
from corpus.readers import read_document
from corpus.readers.document import Line, PageBreak, Table
from corpus.readers.text import document_of_text
from corpus.text import normalise, one_line
from tests.corpus.documents import (
    COLUMNS,
    HEAD,
    codes,
    locators,
    make_document,
    make_table,
    parse,
)

ROOT = Path(__file__).parents[2]
PLANS = ROOT / "corpus" / "data" / "plans"
GOLDEN = ROOT / "tests" / "golden"

# What the shipped plans are known to say, written down from the sources and not from the parser.
SHIPPED = {
    "001_dd44a5c3ed61e0b7.txt": "97-kh-ubnd.kien-giang.2023",
    "000_2034609a6a56d60e.txt": "1549-kh-ubnd.binh-thuan.2024",
}


@pytest.fixture(scope="module")
def kien_giang():
    return parse_document(read_document(PLANS / "001_dd44a5c3ed61e0b7.txt"))


@pytest.fixture(scope="module")
def binh_thuan():
    return parse_document(read_document(PLANS / "000_2034609a6a56d60e.txt"))


# The shipped plans


@pytest.mark.parametrize(("file", "plan_id"), SHIPPED.items())
def test_a_shipped_plan_is_understood_as_its_golden_file_says(file, plan_id):
    plan = parse_document(read_document(PLANS / file))
    golden = (GOLDEN / f"{plan_id}.json").read_text(encoding="utf-8")
    assert json.loads(write_plan(plan)) == json.loads(golden)


def test_golden_files_are_written_only_when_asked():
    result = subprocess.run(
        [sys.executable, "-m", "tests.golden"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "--write" in result.stderr


def test_every_cell_of_the_tabbed_appendix_is_the_cell_of_the_file(kien_giang):
    source = (PLANS / "001_dd44a5c3ed61e0b7.txt").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in source.splitlines() if "\t" in line]
    expected = [[one_line(cell) for cell in line] for line in lines if line[0] != "STT"]
    assert [[cell.text for cell in row.cells] for row in kien_giang.rows] == expected
    assert (len(expected), len(expected[0])) == (22, 8)
    assert sum(row.is_heading for row in kien_giang.rows) == 4


def test_the_sections_of_the_shipped_plan_are_those_of_its_table_of_contents(kien_giang):
    points = Counter(len(section.path) for section in kien_giang.walk())
    assert [section.locator for section in kien_giang.sections] == [
        "I",
        "II",
        "III",
        "IV",
        "V",
        "VI",
        "VII",
        "VIII",
        "IX",
    ]
    assert points[2] == 2 + 3 + 5 + 3 + 8 + 11 + 2 + 11 + 2
    assert points[3] == 5 + (7 + 5 + 2) + (4 + 2 + 0 + 0 + 0 + 3 + 3 + 3 + 6 + 3 + 2)


def test_the_doubts_about_the_first_shipped_plan(kien_giang):
    assert set(codes(kien_giang)) == {
        "number_mismatch",
        "stamp_before_plan",
        "duplicate_marker",
        "blank_cell",
    }
    by_code = {note.code: note for note in kien_giang.notes}
    said = {
        code: [span.of(kien_giang.text) for span in note.spans] for code, note in by_code.items()
    }
    assert said["number_mismatch"] == ["97 /KH-UBND", "37/KH-UBND"]
    assert said["stamp_before_plan"] == ["ngày 30 tháng 3 năm 2023"]
    assert said["blank_cell"][0].startswith("10\t")
    assert said["duplicate_marker"][1].startswith("d) Chú trọng tuyên truyền")
    assert "VIII.9.đ" in locators(kien_giang)


def test_the_doubts_about_the_second_shipped_plan(binh_thuan):
    assert set(codes(binh_thuan)) == {"body_missing", "province_guessed"}
    assert binh_thuan.period.years == (2024,)
    assert len(binh_thuan.rows) == 8
    assert [cell.role for cell in binh_thuan.rows[0].cells] == [
        Role.ORDINAL,
        Role.ACTIVITY,
        Role.LEAD,
        Role.SUPPORT,
        Role.PRODUCT,
    ]


def test_every_word_of_the_broken_appendix_is_in_its_cells_in_order(binh_thuan):
    source = (PLANS / "000_2034609a6a56d60e.txt").read_text(encoding="utf-8")
    words = source[source.index("chủ trì Đơn vị phối hợp") :].split()[6:]
    words.remove("2") if words.count("2") == 2 else None
    cells = [cell.text for row in binh_thuan.rows for cell in row.cells]
    assert Counter(" ".join(cells).split()) == Counter(words) - Counter({"2": words.count("2") - 1})


# Templates


def test_a_word_plan_with_two_appendices():
    plan = parse(
        *HEAD,
        "Căn cứ Luật Chuyển đổi số ngày 11 tháng 12 năm 2025;",
        "Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:",
        "1. Mục tiêu",
        "1.1. Mục tiêu chung",
        "a) Nâng cao nhận thức.",
        "2. Tổ chức thực hiện",
        "Nơi nhận:",
        "- Bộ Khoa học và Công nghệ;",
        "TM. ỦY BAN NHÂN DÂN TỈNH",
        "CHỦ TỊCH",
        "Trần Hồng Thái",
        "Phụ lục I",
        "NHIỆM VỤ NĂM 2026",
        "(Kèm theo Kế hoạch số 12/KH-UBND ngày 05/01/2026 của UBND tỉnh)",
        make_table(COLUMNS, ("1", "Tập huấn", "Sở A", "Sở B")),
        "Phụ lục II",
        "DANH MỤC DỰ ÁN",
        make_table(COLUMNS, ("1", "Hạ tầng", "Sở C", "Sở D")),
    )
    assert plan.id == "12-kh-ubnd.lam-dong.2026"
    assert plan.issued_on == datetime.date(2026, 1, 5)
    assert plan.period.years == (2026,)
    assert locators(plan) == ["1", "1.1", "1.1.a", "2"]
    assert [(row.key, row.label) for row in plan.rows] == [
        ("r1", "Phụ lục I, dòng 1"),
        ("pl2.r1", "Phụ lục II, dòng 1"),
    ]
    assert plan.signatory.name == "Trần Hồng Thái"
    assert [span.of(plan.text) for span in plan.recipients] == ["Bộ Khoa học và Công nghệ"]
    assert plan.fields["appendix_title"].of(plan.text) == "NHIỆM VỤ NĂM 2026"
    assert codes(plan) == []


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Phụ lục", "Phụ lục"),
        ("PHỤ LỤC II", "Phụ lục II"),
        ("PHỤ LỤC 01", "Phụ lục 01"),
        ("Phụ lục số 3:", "Phụ lục 3"),
        ("Phụ lục I: Danh mục nhiệm vụ", "Phụ lục I"),
        ("PHỤ LỤC II - CÁC DỰ ÁN", "Phụ lục II"),
        ("PHỤ LỤC DANH MỤC NHIỆM VỤ", "Phụ lục"),
    ],
)
def test_an_appendix_opens_with_its_own_line(line, label):
    plan = parse(*HEAD, "I. MỤC TIÊU", line, make_table(COLUMNS, ("1", "Một", "Sở A", "Sở B")))
    assert [row.appendix for row in plan.rows] == [label]


@pytest.mark.parametrize(
    "line",
    [
        "(Phụ lục đính kèm)",
        "Phụ lục này gồm các nhiệm vụ sau",
        "Phụ lục I kèm theo Kế hoạch này",
        "Chi tiết tại Phụ lục I",
    ],
)
def test_a_mention_of_an_appendix_opens_none(line):
    plan = parse(*HEAD, "I. MỤC TIÊU", line, make_table(COLUMNS, ("1", "Một", "Sở A", "Sở B")))
    assert [row.key for row in plan.rows] == ["b1.r1"]


def test_the_title_of_an_appendix_may_stand_on_its_first_line():
    plan = parse(
        "Phụ lục I: Danh mục nhiệm vụ năm 2025", make_table(COLUMNS, ("1", "Một", "A", "B"))
    )
    assert plan.title == "Danh mục nhiệm vụ năm 2025"
    assert plan.period.years == (2025,)
    assert plan.fields["title"].of(plan.text) == plan.title


def test_two_tables_of_one_appendix_have_their_own_keys():
    plan = parse(
        *HEAD,
        "I. MỤC TIÊU",
        "PHỤ LỤC",
        make_table(COLUMNS, ("1", "Một", "Sở A", "Sở B")),
        "Bảng 2. Các dự án",
        make_table(COLUMNS, ("1", "Hai", "Sở C", "Sở D")),
    )
    assert [row.key for row in plan.rows] == ["r1", "t2.r1"]


def test_tables_of_the_body_have_rows_and_the_text_goes_on():
    plan = parse(
        *HEAD,
        "I. LỊCH",
        "1. Các sở",
        make_table(COLUMNS, ("1", "Một", "Sở A", "Sở B")),
        "Nội dung tiếp theo.",
        "2. Các xã",
        make_table(COLUMNS, ("1", "Hai", "Xã C", "Xã D")),
        "II. TỔ CHỨC",
    )
    assert [row.label for row in plan.rows] == ["Bảng 1, dòng 1", "Bảng 2, dòng 1"]
    assert locators(plan) == ["I", "I.1", "I.2", "II"]
    first = plan.sections[0].children[0].span.of(plan.text)
    assert "Sở A" in first
    assert first.endswith("Nội dung tiếp theo.")


def test_a_layout_table_is_text_and_no_rows():
    plan = parse(
        *HEAD, "I. A", "Lời văn.", make_table(("Chữ bên trái", "Chữ bên phải")), "Lời nữa."
    )
    assert plan.rows == ()
    assert "Chữ bên trái\tChữ bên phải" in plan.text


def test_a_plan_without_numbered_sections_keeps_its_closing():
    plan = parse(
        *HEAD, "Các sở tổ chức thực hiện.", "Nơi nhận:", "- Như trên;", "CHỦ TỊCH", "Võ An"
    )
    assert plan.sections == ()
    assert plan.signatory.name == "Võ An"
    assert [span.of(plan.text) for span in plan.recipients] == ["Như trên"]


def test_a_blank_form_is_noted_and_keeps_its_title_and_year():
    plan = parse(
        "UBND TỈNH LÂM ĐỒNG",
        "Số:        /KH-UBND",
        "Lâm Đồng, ngày     tháng    năm",
        "KẾ HOẠCH",
        "Cải cách hành chính năm 2026",
        "I. MỤC TIÊU",
    )
    assert (plan.number, plan.issued_on) == (None, None)
    assert plan.id == "cai-cach-hanh-chinh-nam-2026.lam-dong.2026"
    assert codes(plan) == ["number_missing", "date_missing"]


def test_a_guessed_title_is_called_a_guess():
    plan = parse("UBND TỈNH LÂM ĐỒNG", "Chuyển đổi số năm 2026", "I. MỤC TIÊU", "1. Chung")
    assert plan.title == "Chuyển đổi số năm 2026"
    assert "title_guessed" in codes(plan)


def test_an_appendix_of_another_date_is_noted():
    plan = parse(*HEAD, "I. A", "PHỤ LỤC", "(Kèm theo Kế hoạch số 12/KH-UBND ngày 06/01/2026)")
    assert codes(plan) == ["date_mismatch"]


def test_a_stamp_younger_than_the_plan_is_only_noted_as_removed():
    plan = parse(*HEAD, "I. A", "5/20/2026 11:11:11", "Nội dung.")
    assert codes(plan) == ["stamp_removed"]
    assert "11:11:11" not in plan.text


def test_a_stamp_with_an_impossible_date_is_noted():
    assert codes(parse(*HEAD, "I. A", "45/45/2026 11:11:11")) == ["stamp_removed"]


def test_a_guess_of_the_cell_borders_is_noted():
    table = make_table(COLUMNS, ("1", "Một", "Sở A", "Sở B"), doubtful=(1,), confidence=0.6)
    plan = parse(*HEAD, "I. A", "PHỤ LỤC", table)
    assert codes(plan) == ["doubtful_cells"]


def test_an_empty_document_is_a_plan():
    plan = parse_document(make_document(name="trong.docx"))
    assert (plan.id, plan.text, plan.sections, plan.rows) == ("trong", "", (), ())


def test_a_file_without_any_name_still_has_an_id():
    assert parse_document(make_document(name="...")).id == "ke-hoach"


def test_markdown_pages_and_emphasis_are_read_as_text():
    document = document_of_text(
        "**KẾ HOẠCH**\n**Chuyển đổi số**\n## I. MỤC TIÊU\nNội dung các\f2\nsở.",
        name="a.md",
        sha256="0",
    )
    assert PageBreak() in document.blocks
    plan = parse_document(document)
    assert plan.title == "Chuyển đổi số"
    assert plan.text.endswith("Nội dung các sở.")


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("## II. YÊU CẦU", "II. YÊU CẦU"),
        ("#hashtag", "#hashtag"),
        ("*Căn cứ Luật;*", "Căn cứ Luật;"),
        ("**1. Mục tiêu**", "1. Mục tiêu"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("<https://a.gov.vn>", "https://a.gov.vn"),
        ("giá trị < 3 và > 1", "giá trị < 3 và > 1"),
        ("**KT. CHỦ TỊCH", "KT. CHỦ TỊCH"),
    ],
)
def test_markdown_signs_go_and_signs_of_the_text_stay(raw, plain):
    (line,) = document_of_text(raw, name="a.md", sha256="0").blocks
    assert line.text == plain


def test_a_pipe_table_is_a_table_and_its_rule_is_none():
    (table,) = document_of_text(
        "|STT|Nhiệm vụ|Chủ trì|\n|---|:-:|--:|\n|1|Tập huấn|Sở A<br>Sở B|", name="a.md", sha256="0"
    ).blocks
    assert table.rows == (("STT", "Nhiệm vụ", "Chủ trì"), ("1", "Tập huấn", "Sở A Sở B"))


@pytest.mark.parametrize("line", ["|một|", "giá | trị | khác", "a\tb"])
def test_a_line_with_few_columns_is_no_table(line):
    assert isinstance(document_of_text(line, name="a.md", sha256="0").blocks[0], Line)


# Laws

PHRASES = st.sampled_from(
    [
        *HEAD,
        "I. MỤC TIÊU",
        "II. YÊU CẦU",
        "1. Sở Nội vụ",
        "1.1. Cấp tỉnh",
        "a) Tuyên truyền các",
        "d) Một.",
        "d) Hai.",
        "- Bộ Nội vụ;",
        "PHẦN I",
        "nội dung tiếp theo.",
        "Căn cứ Quyết định số 2239/QĐ-TTg ngày 30 tháng 12 năm 2021 của Thủ tướng Chính phủ;",
        "Nơi nhận:",
        "KT. CHỦ TỊCH",
        "Nguyễn Lưu Trung",
        "PHỤ LỤC",
        "Phụ lục II: Danh mục",
        "(Kèm theo Kế hoạch số 37/KH-UBND ngày 30/3/2023 của UBND tỉnh)",
        "Trong quá trình triển khai thực hiện, nếu có khó khăn",
        "1/20/2023 11:11:11",
        "45/45/2023 11:11",
        "12",
        "(Phụ lục đính kèm)",
    ]
)
WORDS = st.one_of(PHRASES, st.text(max_size=30))
CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "1", "2", "1.1", "I", "a", *COLUMNS, "X", "Năm 2024", "Sở Nội vụ", "tiếp theo", "(1)"]
    ),
    st.text(max_size=12),
)


@st.composite
def tables(draw):
    width = draw(st.integers(1, 5))
    row = st.tuples(*[CELLS] * width)
    return Table(tuple(draw(st.lists(row, max_size=6))))


BLOCKS = st.lists(
    st.one_of(
        st.builds(Line, WORDS, st.one_of(st.none(), st.integers(1, 5)), st.booleans()),
        tables(),
        st.just(PageBreak()),
    ),
    max_size=25,
)


@given(BLOCKS)
@settings(max_examples=120, deadline=None)
def test_any_document_is_a_plan_that_keeps_the_laws(blocks):
    plan = parse_document(make_document(*blocks))
    whole = Span(0, len(plan.text))
    assert_nested(plan.sections, whole)
    for row in plan.rows:
        assert whole.contains(row.span)
        for cell in row.cells:
            assert cell.text == cell.span.of(plan.text)
            assert row.span.contains(cell.span)
    spans = [
        *plan.recipients,
        *plan.fields.values(),
        *(basis.span for basis in plan.bases),
        *(span for note in plan.notes for span in note.spans),
        *([plan.signatory.span] if plan.signatory else []),
    ]
    assert all(whole.contains(span) for span in spans)
    assert len({row.key for row in plan.rows}) == len(plan.rows)
    assert plan.id
    assert normalise(plan.text) == plan.text.strip(" \n")
    assert read_plan(write_plan(plan)) == plan


def assert_nested(sections, around):
    end = around.start
    for section in sections:
        assert around.contains(section.span)
        assert section.span.contains(section.heading)
        assert section.span.start >= end
        end = section.span.end
        assert_nested(section.children, section.span)


@given(BLOCKS)
@settings(max_examples=100, deadline=None)
def test_every_visible_character_is_in_the_text_of_the_plan(blocks):
    lines = [one_line(block.text) for block in blocks if isinstance(block, Line)]
    cells = [
        one_line(cell)
        for block in blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
        if cell
    ]
    text = "".join(parse_document(make_document(*blocks)).text.split())
    for words in (*lines, *cells):
        if not words.replace("/", "").replace("-", "").strip(" –").isdigit() and ":11" not in words:
            for word in words.split():
                assert word in text


@pytest.mark.parametrize(
    "blocks",
    [
        [Line("Phối hợp với các sở, ban, ngành trong việc", wrapped=True)] * 5000,
        [Line("d) Một việc.")] * 5000,
        [Line("Căn cứ Luật Ngân sách nhà nước;")] * 5000,
        [Line("1.1. Cấp tỉnh"), Line("a) Một")] * 2500,
        [make_table(COLUMNS, *[("1", "Việc", "", "Sở")] * 5000)],
        [make_table(COLUMNS, ("1", "Việc", "", "Sở"))] * 2500,
        [Line("Căn cứ " + "Quyết định về việc " * 5000)],
        [Line("- Chủ trì: " + "phối hợp " * 10000)],
    ],
    ids=["wrapped", "letters", "bases", "dotted", "rows", "tables", "basis", "line"],
)
def test_five_thousand_lines_are_read_in_a_moment(blocks):
    start = time.process_time()
    parse_document(make_document(*HEAD, "I. A", *blocks))
    parse_document(make_document("PHỤ LỤC", *blocks))
    assert time.process_time() - start < 8


def test_a_long_starred_line_is_read_in_a_moment():
    start = time.process_time()
    document_of_text("*a " * 30000, name="a.md", sha256="0")
    assert time.process_time() - start < 3
