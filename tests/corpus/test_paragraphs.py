import pytest

from corpus.paragraphs import Paragraph, clean
from corpus.readers.document import Line, PageBreak, Table
from tests.corpus.documents import make_table


def paragraphs(*texts, wrapped=False):
    cleaned = clean([Line(text, wrapped=wrapped) for text in texts])
    return [block.text for block in cleaned.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("text", ["2", "- 2 -", "– 14 –", "Trang 3", "Trang 2/14", "2/14"])
def test_a_page_number_is_no_text(text):
    assert paragraphs("Sở Nội vụ chủ trì.", text, "Sở Tài chính phối hợp.") == [
        "Sở Nội vụ chủ trì.",
        "Sở Tài chính phối hợp.",
    ]


@pytest.mark.parametrize("text", ["2023", "30/6", "20/11", "2.", "Trang bị", "9+", "12/KH-UBND"])
def test_a_number_that_is_no_page_stays(text):
    assert text in paragraphs("Sở Nội vụ chủ trì.", text, "Sở Tài chính phối hợp.")


@pytest.mark.parametrize(
    "text", ["1/20/2023 11:11:11", "20/01/2023 08:05", "1/20/2023, 11:11:11 AM"]
)
def test_a_stamp_is_taken_out_and_kept_aside(text):
    cleaned = clean([Line("Một."), Line(text), Line("Hai.")])
    assert cleaned.stamps == (text,)
    assert [block.text for block in cleaned.blocks] == ["Một.", "Hai."]


@pytest.mark.parametrize("text", ["20/01/2023", "Trước ngày 1/20/2023 11:11:11", "11:11:11"])
def test_a_date_or_an_hour_alone_is_no_stamp(text):
    assert clean([Line("Một."), Line(text), Line("Hai.")]).stamps == ()


def test_a_paragraph_cut_by_a_page_break_is_one_paragraph():
    blocks = [
        Line("a) Phối hợp với Sở Nội vụ triển khai các nội"),
        PageBreak(),
        Line("3"),
        Line("dung của Kế hoạch."),
    ]
    (paragraph,) = clean(blocks).blocks
    assert paragraph.text == "a) Phối hợp với Sở Nội vụ triển khai các nội dung của Kế hoạch."


def test_a_paragraph_cut_after_a_comma_goes_on_with_a_capital():
    assert paragraphs("Giao Sở Nội vụ,", "Sở Tài chính phối hợp.") == [
        "Giao Sở Nội vụ, Sở Tài chính phối hợp."
    ]


@pytest.mark.parametrize(
    "following",
    [
        "b) Sở Tài chính",
        "Nơi nhận:",
        "Căn cứ Luật Ngân sách nhà nước;",
        "KT. CHỦ TỊCH",
        "II. YÊU CẦU",
    ],
)
def test_what_begins_a_paragraph_is_not_joined_to_a_dangling_line(following):
    assert paragraphs("a) Phối hợp với các", following) == ["a) Phối hợp với các", following]


def test_a_closed_paragraph_ends_in_unwrapped_text_even_before_a_small_letter():
    assert paragraphs("Sở Nội vụ chủ trì.", "các sở phối hợp.") == [
        "Sở Nội vụ chủ trì.",
        "các sở phối hợp.",
    ]


def test_wrapped_lines_are_joined_until_a_short_one():
    assert paragraphs(
        "Tăng cường sự tham gia của các cơ sở giáo dục",
        "Nghề nghiệp trong việc xây dựng chương trình",
        "hướng nghiệp",
        "Sở Nội vụ theo dõi, đôn đốc việc thực hiện",
        wrapped=True,
    ) == [
        "Tăng cường sự tham gia của các cơ sở giáo dục Nghề nghiệp trong việc xây dựng "
        "chương trình hướng nghiệp",
        "Sở Nội vụ theo dõi, đôn đốc việc thực hiện",
    ]


def test_a_hyphen_at_the_start_of_a_wrapped_line_is_no_bullet():
    assert paragraphs(
        "a) Phối hợp chặt chẽ với Sở Lao động",
        "- Thương binh và Xã hội triển khai.",
        wrapped=True,
    ) == ["a) Phối hợp chặt chẽ với Sở Lao động - Thương binh và Xã hội triển khai."]


def test_a_bullet_after_a_colon_is_a_bullet():
    assert paragraphs("Các sở có trách nhiệm:", "- Tuyên truyền;", wrapped=True) == [
        "Các sở có trách nhiệm:",
        "- Tuyên truyền;",
    ]


def test_a_heading_in_capitals_takes_nothing_in():
    assert paragraphs("TỔ CHỨC THỰC HIỆN", "các sở, ban, ngành") == [
        "TỔ CHỨC THỰC HIỆN",
        "các sở, ban, ngành",
    ]


def test_a_remark_in_brackets_stands_alone():
    assert paragraphs("(Phụ lục đính kèm)", "các sở") == ["(Phụ lục đính kèm)", "các sở"]


def test_a_table_ends_the_paragraph_above_it():
    table = make_table(("STT", "Nhiệm vụ"))
    cleaned = clean([Line("Gồm các"), table, Line("nội dung sau.")])
    assert [type(block) for block in cleaned.blocks] == [Paragraph, Table, Paragraph]


def test_blank_lines_and_tables_without_cells_are_nothing():
    assert clean([Line(" \t "), Line("\u200b"), Table(()), Table(((),))]).blocks == ()


def test_a_paragraph_begins_on_the_page_of_its_first_line():
    (paragraph,) = clean([Line("Giao các", page=2), Line("sở, ban, ngành.", page=3)]).blocks
    assert paragraph.page == 2
