"""What only Word knows: numbers, changes, boxes, nested and merged cells, old fonts."""

import zipfile

import pytest

from corpus.errors import Refusal, UnreadableFile
from corpus.readers.document import Line, Table
from corpus.readers.docx import read_docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a document made of the given body and parts."""

    def make(body: str, **parts: str):
        path = tmp_path / "plan.docx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"
            )
            for name, xml in parts.items():
                archive.writestr(f"word/{name}.xml", f"<w:{name} {NAMES}>{xml}</w:{name}>")
        return read_docx(path)

    return make


def p(text: str, properties: str = "", run: str = "") -> str:
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f"<w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"
    )


def numbered(text: str, number: int = 1, level: int = 0) -> str:
    return p(text, f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{number}'/></w:numPr>")


def level(index: int, form: str, text: str, more: str = "") -> str:
    return (
        f"<w:lvl w:ilvl='{index}'><w:start w:val='1'/><w:numFmt w:val='{form}'/>{more}"
        f"<w:lvlText w:val='{text}'/></w:lvl>"
    )


def lists(*levels: str, numbers: str = "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"):
    return f"<w:abstractNum w:abstractNumId='0'>{''.join(levels)}</w:abstractNum>{numbers}"


def cell(content: str, properties: str = "") -> str:
    content = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def table(*rows: str, borders: bool = True) -> str:
    drawn = "<w:tblBorders><w:top w:val='single'/></w:tblBorders>" if borders else ""
    return (
        f"<w:tbl><w:tblPr>{drawn}</w:tblPr>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    )


def lines(document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Line)]


def rows(document) -> list[list[str | None]]:
    return [list(row) for row in next(b for b in document.blocks if isinstance(b, Table)).rows]


def test_levels_of_a_list_count_and_start_again_below_their_parent(read):
    numbering = lists(
        level(0, "upperRoman", "%1."), level(1, "decimal", "%2."), level(2, "lowerLetter", "%3)")
    )
    body = "".join(
        numbered(text, level=depth)
        for text, depth in (
            ("MỤC TIÊU", 0),
            ("Mục tiêu chung", 1),
            ("Mục tiêu cụ thể", 1),
            ("Tuyên truyền", 2),
            ("Khuyến khích", 2),
            ("YÊU CẦU", 0),
            ("Thông tin", 1),
        )
    )
    assert lines(read(body, numbering=numbering)) == [
        "I. MỤC TIÊU",
        "1. Mục tiêu chung",
        "2. Mục tiêu cụ thể",
        "a) Tuyên truyền",
        "b) Khuyến khích",
        "II. YÊU CẦU",
        "1. Thông tin",
    ]


def test_a_legal_level_shows_roman_parents_as_arabic(read):
    numbering = lists(level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2.", "<w:isLgl/>"))
    body = numbered("MỤC TIÊU") + numbered("Mục tiêu chung", level=1)
    assert lines(read(body, numbering=numbering)) == ["I. MỤC TIÊU", "1.1. Mục tiêu chung"]


def test_two_lists_of_one_kind_count_on_unless_told_to_restart(read):
    numbers = (
        "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
        "<w:num w:numId='2'><w:abstractNumId w:val='0'/></w:num>"
        "<w:num w:numId='3'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'>"
        "<w:startOverride w:val='1'/></w:lvlOverride></w:num>"
    )
    numbering = lists(level(0, "decimal", "%1."), numbers=numbers)
    body = numbered("một", 1) + numbered("hai", 2) + numbered("ba", 3) + numbered("bốn", 3)
    assert lines(read(body, numbering=numbering)) == ["1. một", "2. hai", "1. ba", "2. bốn"]


def test_bullets_become_dashes_and_numbers_may_come_from_the_style(read):
    styles = (
        "<w:style w:type='paragraph' w:styleId='Muc'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr>"
        "</w:pPr></w:style>"
    )
    numbering = lists(level(0, "bullet", "\uf0b7", "<w:pStyle w:val='Muc'/>"))
    body = p("Lồng ghép tuyên truyền", "<w:pStyle w:val='Muc'/>")
    assert lines(read(body, numbering=numbering, styles=styles)) == ["- Lồng ghép tuyên truyền"]


def test_an_empty_cell_with_an_automatic_number_shows_the_number(read):
    numbering = lists(level(0, "decimal", "%1"))
    body = table(
        cell("TT") + cell("Nội dung") + cell("Chủ trì"),
        cell(numbered("")) + cell("Tập huấn") + cell("Sở Nội vụ"),
        cell(numbered("")) + cell("Hội nghị") + cell("Sở Tài chính"),
    )
    assert [row[0] for row in rows(read(body, numbering=numbering))] == ["TT", "1", "2"]


def test_tracked_changes_are_accepted_and_noted(read):
    body = (
        "<w:p><w:r><w:t>Sở </w:t></w:r><w:del><w:r><w:delText>Lao động</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>Nội vụ</w:t></w:r></w:ins></w:p>"
    )
    document = read(body)
    assert lines(document) == ["Sở Nội vụ"]
    assert [note.code for note in document.notes] == ["tracked_changes"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs(read):
    body = p("phát triển ", "<w:rPr><w:del/></w:rPr>") + p("nguồn nhân lực")
    assert lines(read(body)) == ["phát triển nguồn nhân lực"]


def test_a_deleted_row_is_gone(read):
    body = table(
        cell("TT") + cell("Nội dung") + cell("Chủ trì"),
        "<w:trPr><w:del/></w:trPr>" + cell("1") + cell("bỏ") + cell("bỏ"),
        cell("1") + cell("Tập huấn") + cell("Sở Nội vụ"),
    )
    assert [row[1] for row in rows(read(body))] == ["Nội dung", "Tập huấn"]


def test_merged_cells_are_none_where_they_are_covered(read):
    body = table(
        cell("TT", "<w:vMerge w:val='restart'/>")
        + cell("Đơn vị thực hiện", "<w:gridSpan w:val='2'/>")
        + cell("Sản phẩm"),
        cell("", "<w:vMerge/>") + cell("Chủ trì") + cell("Phối hợp") + cell("Báo cáo"),
    )
    assert rows(read(body)) == [
        ["TT", "Đơn vị thực hiện", None, "Sản phẩm"],
        [None, "Chủ trì", "Phối hợp", "Báo cáo"],
    ]


def test_content_controls_text_boxes_and_alternatives_are_read_once(read):
    box = f"<w:txbxContent>{p('trong khung')}</w:txbxContent>"
    body = (
        f"<w:sdt><w:sdtContent>{p('trong điều khiển')}</w:sdtContent></w:sdt>"
        "<w:p><w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert lines(read(body)) == ["trong điều khiển", "trong khung"]


def test_a_table_inside_a_cell_keeps_its_text_in_the_cell(read):
    inner = table(cell("Quý I") + cell("10 lớp"), cell("Quý II") + cell("12 lớp"))
    body = table(
        cell("TT") + cell("Nội dung") + cell("Chủ trì"),
        cell("1") + cell(p("Tập huấn") + inner) + cell("Sở Nội vụ"),
    )
    assert rows(read(body))[1][1] == "Tập huấn\nQuý I 10 lớp\nQuý II 12 lớp"


def test_a_letterhead_becomes_lines_left_column_first(read):
    body = table(
        cell("UBND TỈNH A") + cell("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        cell("Số: 1/KH-UBND") + cell("A, ngày 1 tháng 2 năm 2024"),
        borders=False,
    )
    assert lines(read(body)) == [
        "UBND TỈNH A",
        "Số: 1/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "A, ngày 1 tháng 2 năm 2024",
    ]


def test_old_fonts_become_unicode_run_by_run(read):
    fonts = "<w:rFonts w:ascii='{0}' w:hAnsi='{0}'/>"
    body = (
        p("KÕ ho¹ch truyÒn th«ng", run=fonts.format(".VnTime"))
        + p("kÕ ho¹ch", run=fonts.format(".VnTimeH"))
        + p("Keá hoaïch truyeàn thoâng", run=fonts.format("VNI-Times"))
        + p("Kế hoạch truyền thông", run=fonts.format("Times New Roman"))
    )
    document = read(body)
    assert lines(document) == [
        "Kế hoạch truyền thông",
        "KẾ HOẠCH",
        "Kế hoạch truyền thông",
        "Kế hoạch truyền thông",
    ]
    assert [note.code for note in document.notes] == ["encoding_converted"]


def test_capitals_by_format_are_capitals_and_hidden_text_is_not_there(read):
    body = p("Mục tiêu", run="<w:caps/>") + p("bí mật", run="<w:vanish/>")
    assert lines(read(body)) == ["MỤC TIÊU"]


def test_a_line_break_ends_a_line_and_a_footnote_follows_its_paragraph(read):
    body = (
        "<w:p><w:r><w:t>KT. CHỦ TỊCH</w:t><w:br/><w:t>PHÓ CHỦ TỊCH</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>Theo quy định</w:t><w:footnoteReference w:id='2'/></w:r></w:p>"
    )
    notes = f"<w:footnote w:id='2'>{p('Luật số 74/2014/QH13')}</w:footnote>"
    assert lines(read(body, footnotes=notes)) == [
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Theo quy định",
        "[2] Luật số 74/2014/QH13",
    ]


def test_column_edges_a_hair_apart_are_one_column(read):
    wide = "<w:gridSpan w:val='2'/>"
    grid = "".join(f"<w:gridCol w:w='{width}'/>" for width in (700, 3000, 60, 2000))
    body = (
        f"<w:tbl><w:tblPr><w:tblBorders><w:top w:val='single'/></w:tblBorders></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr>{cell('TT')}{cell('Nội dung')}{cell('Chủ trì', wide)}</w:tr>"
        f"<w:tr>{cell('1')}{cell('Tập huấn', wide)}{cell('Sở Nội vụ')}</w:tr>"
        "</w:tbl>"
    )
    assert rows(read(body)) == [["TT", "Nội dung", "Chủ trì"], ["1", "Tập huấn", "Sở Nội vụ"]]


def test_a_document_without_a_body_part_is_damaged(tmp_path):
    path = tmp_path / "plan.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/styles.xml", "<a/>")
    with pytest.raises(UnreadableFile) as refused:
        read_docx(path)
    assert refused.value.reason is Refusal.DAMAGED
