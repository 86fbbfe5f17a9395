"""Chunks are spans of their plan, hold all of it, and fit the encoder."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Plan
from corpus.text import tokenise
from indexer.chunk import Chunk, chunk_plan, embedded_text, looked_up_text, years_named
from tests.factories import RowDraft, SectionDraft, make_plan, make_row, make_section

PHRASES = st.sampled_from(
    [
        "Tuyên truyền trên báo, tạp chí (điện tử, báo in...)",
        "Sở Tài chính",
        "Các cơ sở giáo dục nghề nghiệp; các cơ quan thông tấn, báo chí",
        "Trước ngày 20/11 hằng năm. Báo cáo gửi về Sở Nội vụ.",
        "x" * 90,
        "Năm 2024: tổ chức hội nghị; sơ kết, tổng kết",
        "./.",
        "",
    ]
)
ROWS = st.lists(
    st.builds(
        make_row,
        ordinal=st.sampled_from(["1", "2", "2.1", "3", "II"]),
        activity=PHRASES,
        lead=PHRASES,
        support=PHRASES,
        product=PHRASES,
        time=st.sampled_from(["", "Quý I/2024", "Thường xuyên"]),
        group=st.sampled_from([None, "Truyền thông"]),
    ),
    max_size=5,
)
LEAVES = st.builds(make_section, st.sampled_from(["a", "b", "đ"]), PHRASES, PHRASES)
SECTIONS = st.lists(
    st.builds(
        make_section,
        st.sampled_from(["I", "II", "VIII"]),
        st.sampled_from(["MỤC TIÊU", "TỔ CHỨC THỰC HIỆN"]),
        PHRASES,
        st.lists(LEAVES, max_size=3),
    ),
    max_size=3,
)
PLANS = st.builds(
    make_plan,
    number=st.sampled_from([None, "97/KH-UBND"]),
    title=PHRASES,
    bases=st.lists(PHRASES, max_size=2),
    opening=PHRASES,
    sections=SECTIONS,
    recipients=st.lists(PHRASES, max_size=3),
    signatory=st.sampled_from([None, "Nguyễn Lưu Trung"]),
    rows=ROWS,
    period=st.sampled_from([None, (2023, 2025)]),
)
LAW = settings(deadline=None, max_examples=60)


def count(text: str) -> int:
    return len(tokenise(text))


def chunks_of(plan: Plan, longest: int = 400) -> dict[str, Chunk]:
    return {chunk.id.partition("#")[2]: chunk for chunk in chunk_plan(plan, longest, count)}


@LAW
@given(PLANS)
def test_the_text_of_a_chunk_is_its_span_of_the_plan(plan: Plan) -> None:
    for chunk in chunk_plan(plan, 64, count):
        assert chunk.text == chunk.span.of(plan.text)
        assert chunk.text == chunk.text.strip() != ""


@LAW
@given(PLANS)
def test_every_character_that_is_not_blank_is_in_exactly_one_chunk(plan: Plan) -> None:
    covered = [0] * len(plan.text)
    for chunk in chunk_plan(plan, 64, count):
        for place in range(chunk.span.start, chunk.span.end):
            covered[place] += 1
    for place, character in enumerate(plan.text):
        assert covered[place] == 1 or (character.isspace() and covered[place] == 0)


@LAW
@given(PLANS, st.sampled_from([64, 100, 400]), st.sampled_from([count, len]))
def test_no_chunk_is_longer_than_the_encoder_reads(
    plan: Plan, longest: int, measure: Callable[[str], int]
) -> None:
    for chunk in chunk_plan(plan, longest, measure):
        assert measure(embedded_text(chunk, plan)) <= longest


@LAW
@given(PLANS)
def test_ids_are_unique_and_stable(plan: Plan) -> None:
    ids = [chunk.id for chunk in chunk_plan(plan, 64, count)]
    assert len(set(ids)) == len(ids)
    assert ids == [chunk.id for chunk in chunk_plan(plan, 64, count)]


def test_a_row_is_one_chunk_named_by_its_printed_ordinal() -> None:
    plan = make_plan(rows=[make_row("5"), make_row("5.2", "Tuyên truyền trên báo")])
    chunk = chunks_of(plan)["r5.2"]
    assert (chunk.kind, chunk.locator, chunk.label) == ("row", "5.2", "Phụ lục, dòng 5.2")
    assert chunk.text.startswith("5.2\tTuyên truyền trên báo\t")


def test_a_row_is_embedded_as_a_sentence_with_its_column_names_parent_and_plan() -> None:
    plan = make_plan(
        rows=[
            make_row("5", "Phối hợp với báo chí", lead=""),
            make_row(
                "5.2", "Tuyên truyền trên báo", lead="Sở Nội vụ", product="Tin, bài", years=(2024,)
            ),
        ]
    )
    assert embedded_text(chunks_of(plan)["r5.2"], plan) == (
        "Nội dung/hoạt động: Tuyên truyền trên báo. Đơn vị chủ trì: Sở Nội vụ. "
        "Sản phẩm dự kiến: Tin, bài. Năm 2024. Thuộc: Phối hợp với báo chí. "
        "Kế hoạch: Truyền thông về giáo dục nghề nghiệp, Kiên Giang"
    )


def test_a_chunk_is_looked_up_by_its_label_and_all_that_is_embedded() -> None:
    plan = make_plan(rows=[make_row("5.2", "Tuyên truyền trên báo", years=(2024,))])
    chunk = chunks_of(plan)["r5.2"]
    assert looked_up_text(chunk, plan) == f"Phụ lục, dòng 5.2. {embedded_text(chunk, plan)}"


def test_the_header_of_a_table_is_looked_up_by_its_title_not_by_the_names_of_columns() -> None:
    plan = make_plan(rows=[make_row("1", lead="Sở Nội vụ")])
    (header,) = [chunk for chunk in chunk_plan(plan, 200, count) if chunk.locator == "appendix"]
    assert "Đơn vị chủ trì" in header.text
    assert "Đơn vị chủ trì" not in looked_up_text(header, plan)
    assert "PHỤ LỤC" in looked_up_text(header, plan)


def test_a_row_says_its_group_only_where_ordinals_start_again() -> None:
    rows = [
        make_row("1", group="Truyền thông", key="g1.r1"),
        make_row("2", group="Truyền thông", key="g1.r2"),
        make_row("1", group="Đào tạo", key="g2.r1"),
    ]
    labels = {key: chunk.label for key, chunk in chunks_of(make_plan(rows=rows)).items()}
    assert labels["g2.r1"] == "Phụ lục, dòng 1 (nhóm Đào tạo)"
    assert labels["g1.r2"] == "Phụ lục, dòng 2"


@pytest.mark.parametrize(
    ("row", "years", "years_from"),
    [
        (make_row(years=(2023, 2025), time="Quý I/2024"), (2023, 2025), "marks"),
        (make_row(time="Quý I/2024"), (2024,), "time"),
        (make_row(time="Thường xuyên"), (2023, 2024, 2025), "title"),
    ],
)
def test_the_years_of_a_row_come_from_marks_then_time_then_title(
    row: RowDraft, years: tuple[int, ...], years_from: str
) -> None:
    chunk = chunks_of(make_plan(rows=[row]))["r1"]
    assert (chunk.years, chunk.years_from) == (years, years_from)


def test_a_heading_row_has_the_years_of_the_rows_below_it() -> None:
    heading = make_row("5", "Phối hợp với báo chí", lead="")
    rows = [heading, make_row("5.1", years=(2023,)), make_row("5.2", years=(2025,))]
    assert chunks_of(make_plan(rows=rows))["r5"].years == (2023, 2025)


@pytest.mark.parametrize(
    ("section", "years", "years_from"),
    [
        (make_section("d", "Năm 2023 và năm 2024: xây dựng không gian"), (2023, 2024), "text"),
        (make_section("d", "Xây dựng không gian"), (2023, 2024, 2025), "period"),
    ],
)
def test_the_years_of_a_section_come_from_its_text_then_the_period(
    section: SectionDraft, years: tuple[int, ...], years_from: str
) -> None:
    chunk = chunks_of(make_plan(sections=[section]))["d"]
    assert (chunk.years, chunk.years_from) == (years, years_from)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("giai đoạn 2023-2025", (2023, 2024, 2025)),
        ("từ năm 2023 đến năm 2025", (2023, 2024, 2025)),
        ("trước ngày 30/6/2026", (2026,)),
        ("tháng 12/2026", (2026,)),
        ("năm 2023, 2025", (2023, 2025)),
        ("Quyết định số 2239/QĐ-TTg ngày 30 tháng 12 năm 2021", ()),
        ("Nghị định số 45/2025/NĐ-CP", ()),
        ("2025000 đồng; 1.2024", ()),
        ("tháng 13", ()),
    ],
)
def test_years_are_read_but_not_those_of_cited_documents(text: str, years: tuple[int, ...]) -> None:
    assert years_named(text) == years


def test_units_of_a_row_are_known_by_their_role() -> None:
    row = make_row(
        activity="Phối hợp với Tỉnh đoàn",
        lead="Sở Lao động - Thương binh và Xã hội, các cơ sở giáo dục nghề nghiệp",
        support="Sở Tài chính",
    )
    units = chunks_of(make_plan(rows=[row]))["r1"].units
    assert units["lead"] == ("so-lao-dong-thuong-binh-va-xa-hoi", "cac-co-so-giao-duc-nghe-nghiep")
    assert units["support"] == ("so-tai-chinh",)
    assert len(units["named"]) == 1


def test_what_stands_under_a_unit_in_the_last_part_is_that_units_duty() -> None:
    plan = make_plan(
        sections=[
            make_section("VII", "KINH PHÍ", children=[make_section("1", "Sở Tài chính")]),
            make_section(
                "VIII",
                "TỔ CHỨC THỰC HIỆN",
                children=[
                    make_section(
                        "1", "Sở Tài chính", children=[make_section("a", "Bố trí kinh phí.")]
                    ),
                    make_section("2", "Kinh phí của Sở Tài chính"),
                ],
            ),
        ]
    )
    duties = {key: chunk.units.get("duty", ()) for key, chunk in chunks_of(plan).items()}
    assert duties["VIII.1"] == duties["VIII.1.a"] == ("so-tai-chinh",)
    assert duties["VII.1"] == duties["VIII.2"] == ()


def test_a_sentence_that_gives_a_unit_a_task_is_its_duty_wherever_it_stands() -> None:
    plan = make_plan(
        sections=[
            make_section("1", "Sở Tài chính chịu trách nhiệm tổng hợp."),
            make_section("2", "Các doanh nghiệp, người sử dụng lao động."),
        ]
    )
    chunks = chunks_of(plan)
    assert chunks["1"].units["duty"] == ("so-tai-chinh",)
    assert "duty" not in chunks["2"].units


def test_parts_of_the_head_and_the_end_have_names() -> None:
    plan = make_plan(
        bases=["Căn cứ Luật Giáo dục nghề nghiệp;", "Căn cứ Quyết định số 1/QĐ-TTg;"],
        opening="Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:",
        sections=[make_section("I", "MỤC TIÊU")],
        recipients=["Bộ Nội vụ", "Lưu: VT"],
        signatory="Nguyễn Lưu Trung",
        rows=[make_row()],
    )
    chunks = chunks_of(plan)
    expected = "header title basis.1 basis.2 opening I recipients signatory appendix r1"
    assert list(chunks) == expected.split()
    assert chunks["basis.2"].label == "Căn cứ 2"
    assert chunks["recipients"].text == "Nơi nhận:\n- Bộ Nội vụ;\n- Lưu: VT;"
    assert chunks["appendix"].text.endswith("Đơn vị chủ trì\tĐơn vị phối hợp\tSản phẩm dự kiến")


def test_a_heading_and_the_words_before_its_first_point_are_one_chunk() -> None:
    section = make_section(
        "IV", "NỘI DUNG", "Xác định rõ nhiệm vụ:", [make_section("1", "Nhận thức")]
    )
    chunks = chunks_of(make_plan(sections=[section]))
    assert chunks["IV"].text == "IV. NỘI DUNG\nXác định rõ nhiệm vụ:"
    assert chunks["IV.1"].label == "Mục IV.1"
    assert "NỘI DUNG" in chunks["IV.1"].context


def test_pieces_of_a_long_section_end_with_sentences_and_keep_its_locator() -> None:
    text = " ".join(f"Đây là câu thứ {number} nói về truyền thông." for number in range(30))
    chunks = chunks_of(make_plan(sections=[make_section("I", "MỤC TIÊU", text)]), longest=100)
    pieces = [chunk for key, chunk in chunks.items() if key.startswith("I")]
    assert [chunk.id.partition("#")[2] for chunk in pieces[:2]] == ["I", "I~2"]
    assert {chunk.locator for chunk in pieces} == {"I"}
    assert all(chunk.text.endswith(".") for chunk in pieces)


def test_a_chunk_knows_its_page() -> None:
    plan = make_plan(sections=[make_section("I", "MỤC TIÊU"), make_section("II", "YÊU CẦU")])
    second = plan.sections[1].span.start
    paged = make_plan(
        sections=[make_section("I", "MỤC TIÊU"), make_section("II", "YÊU CẦU")],
        page_starts=(0, second),
    )
    assert [chunks_of(paged)[key].page for key in ("I", "II")] == [1, 2]
    assert chunks_of(plan)["I"].page is None


@pytest.mark.parametrize(
    ("part", "is_duty"),
    [
        ("TỔ CHỨC THỰC HIỆN", True),
        ("PHÂN CÔNG NHIỆM VỤ", True),
        ("Trách nhiệm của các sở, ban, ngành", True),
        ("THỜI GIAN THỰC HIỆN", False),
        ("NỘI DUNG, NHIỆM VỤ TRỌNG TÂM", False),
    ],
)
def test_parts_that_give_tasks_are_known_by_their_heading(part: str, is_duty: bool) -> None:
    section = make_section("V", part, children=[make_section("1", "Sở Tài chính")])
    assert ("duty" in chunks_of(make_plan(sections=[section]))["V.1"].units) is is_duty


@pytest.mark.parametrize(
    ("item", "duty"),
    [
        ("Giao Sở Tài chính chủ trì.", ("so-tai-chinh",)),
        ("Đề nghị Sở Tài chính, Sở Nội vụ phối hợp.", ("so-tai-chinh", "so-noi-vu")),
        ("Sở Tài chính và Sở Nội vụ có trách nhiệm bố trí.", ("so-tai-chinh", "so-noi-vu")),
        ("Sở Tài chính tham mưu; Sở Nội vụ tổng hợp.", ("so-tai-chinh",)),
        ("Kinh phí do Sở Tài chính bố trí.", ()),
        ("Giao lưu với Sở Tài chính.", ()),
    ],
)
def test_the_units_a_task_begins_with_hold_it(item: str, duty: tuple[str, ...]) -> None:
    section = make_section("V", "TỔ CHỨC THỰC HIỆN", children=[make_section("1", item)])
    assert chunks_of(make_plan(sections=[section]))["V.1"].units.get("duty", ()) == duty
