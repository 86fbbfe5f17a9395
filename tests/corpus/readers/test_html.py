"""Web pages: words as a browser joins them, numbers as it draws them."""

import pytest

from corpus.readers.document import Line, Table
from corpus.readers.html import _FURNITURE, read_html


@pytest.fixture
def read(tmp_path):
    def make(body: str, head: str = ""):
        path = tmp_path / "a.html"
        text = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
        path.write_text(text, encoding="utf-8")
        return read_html(path)

    return make


def lines(document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Line)]


def test_letters_of_a_word_in_two_elements_stay_together_and_cells_apart(read):
    body = "<p>Ph<b>ối</b> hợp</p><div>Sở A</div><div>Sở B</div>"
    assert lines(read(body)) == ["Phối hợp", "Sở A", "Sở B"]


def test_numbers_of_lists_are_drawn(read):
    body = "<ol start=3><li>ba<li>bốn</ol><ol type=a><li>một</ol><ul><li>gạch</ul>"
    assert lines(read(body)) == ["3. ba", "4. bốn", "a) một", "- gạch"]


def test_hidden_parts_scripts_and_forms_are_left_out(read):
    body = (
        "<p>Kế hoạch</p><p hidden>ẩn</p><p style='display: none'>ẩn</p><script>ẩn</script>"
        "<form><button>Gửi</button></form><div class='main-menu'><p>Trình đơn</p></div>"
    )
    assert lines(read(body)) == ["Kế hoạch"]


def test_a_table_set_by_styles_only_is_a_table_and_a_letterhead_is_not(read):
    head = "<table><tr><td>UBND TỈNH A<td>Độc lập - Tự do - Hạnh phúc</table>"
    table = "<table><tr><td>TT<td>Nội dung<td>Chủ trì<tr><td>1<td>Tập huấn<td>Sở A<br>Sở B</table>"
    document = read(head + table)
    assert lines(document) == ["UBND TỈNH A", "Độc lập - Tự do - Hạnh phúc"]
    assert document.blocks[-1] == Table(
        (("TT", "Nội dung", "Chủ trì"), ("1", "Tập huấn", "Sở A\nSở B"))
    )


def test_old_fonts_named_in_the_page_are_converted(read):
    document = read("<p><font face='.VnTime'>KÕ ho¹ch</font> năm 2024</p>")
    assert lines(document) == ["Kế hoạch năm 2024"]
    assert [note.code for note in document.notes] == ["encoding_converted"]


def test_the_whole_words_of_a_class_tell_furniture():
    assert all(map(_FURNITURE.search, ("main-menu", "sidebar", "footer col-4")))
    assert not any(map(_FURNITURE.search, ("content-navy", "menus", "noidung", "researcher")))
