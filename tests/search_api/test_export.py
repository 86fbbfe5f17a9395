"""Every table as a file: opened again and compared with the JSON of the same address."""

import csv
import datetime
import io
import re
import zipfile

import docx
import httpx2
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_api.export.delimited import write_csv
from search_api.export.extract import Extract, printable
from search_api.export.file import MEDIA_TYPES, write_file

LABOUR = "so-lao-dong-thuong-binh-va-xa-hoi"
PLAN = "97-kh-ubnd.kien-giang.2023"
QUESTION = "đơn vị nào chủ trì phối hợp với báo chí năm 2024?"
TODAY = datetime.date(2026, 11, 22)
# Every table and, in its JSON, the list with one entry for each line of the file.
TABLES = {
    f"/v1/ask?q={QUESTION}": lambda answer: answer["items"],
    "/v1/search?q=báo chí&k=7": lambda found: found["hits"],
    "/v1/compare": lambda compared: [
        side
        for pair in compared["comparisons"]
        for side in (
            *(paired[name] for paired in pair["pairs"] for name in ("one", "other")),
            *pair["only_one"],
            *pair["only_other"],
        )
    ],
    "/v1/deadlines?year=2024": lambda found: found["deadlines"],
    "/v1/bases": lambda found: found["bases"],
    "/v1/plans": lambda found: found["plans"],
    f"/v1/plans/{PLAN}/rows": lambda found: found["rows"],
    f"/v1/plans/{PLAN}/notes": lambda found: found["notes"],
    "/v1/units": lambda found: found["units"],
    f"/v1/units/{LABOUR}/duties": lambda d: [*d["named"], *d["through_collectives"]],
}
FORMS = tuple(MEDIA_TYPES)
HOSTILE = (
    '=HYPERLINK("http://x.example","Sở Y tế")', "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", " =1+1",
    "＝1+1", "<w:t>Sở</w:t>&amp;", "Sở\x00 Y\x0b tế\ud800", "một\r\nhai", "{{ 7*7 }}", "_x0041_",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(server):
    with httpx2.Client(base_url=server, timeout=60) as opened:
        yield opened


def asked_as(client, path, form):
    return client.get(f"{path}{'&' if '?' in path else '?'}format={form}")


def rows_of(content, form):
    """The table of a file as rows of texts, its header first."""
    if form == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if form == "docx":
        (table,) = docx.Document(io.BytesIO(content)).tables
        return [[cell.text for cell in row.cells] for row in table.rows]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    head = int(re.search(r"\d+", sheet.auto_filter.ref)[0])
    return [[value or "" for value in row] for row in sheet.iter_rows(head, values_only=True)]


def make_extract(*cells):
    return Extract.of(
        "bang", "Bảng", ("TT", "Nội dung"), [(str(n), c) for n, c in enumerate(cells)]
    )


# What is in the files


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", TABLES)
def test_every_table_comes_as_a_file_with_a_line_for_each_entry_of_its_json(client, path, form):
    response = asked_as(client, path, form)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == MEDIA_TYPES[form]
    assert re.fullmatch(
        rf'attachment; filename="[a-z0-9.-]+\.{form}"', response.headers["content-disposition"]
    )
    entries = TABLES[path](client.get(path).json())
    assert entries
    assert len(rows_of(response.content, form)) == 1 + len(entries)


@pytest.mark.parametrize("path", TABLES)
def test_the_three_files_of_a_table_say_the_same(client, path):
    one, *others = (rows_of(asked_as(client, path, form).content, form) for form in FORMS)
    for other in others:
        # An apostrophe keeps spreadsheets from computing what stands in a CSV file.
        assert [[c.removeprefix("'") for c in row] for row in other] == [
            [c.removeprefix("'") for c in row] for row in one
        ]


@pytest.mark.parametrize("form", FORMS)
def test_cells_say_what_the_json_says_and_where_it_stands(client, form):
    head, *lines = rows_of(asked_as(client, "/v1/deadlines", form).content, form)
    for line, due in zip(lines, client.get("/v1/deadlines").json()["deadlines"], strict=True):
        cells = dict(zip(head, line, strict=True))
        assert cells["Việc"] == due["what"]
        assert cells["Đơn vị"] == "; ".join(due["who"])
        assert cells["Như văn bản ghi"].removesuffix(" (hằng năm)") == due["when"]
        assert cells["Tỉnh"] == due["province"]
        days = [f"{datetime.date.fromisoformat(day):%d/%m/%Y}" for day in due["dates"]]
        assert cells["Các ngày"].split() == days
        cited = due["citation"]
        day = datetime.date.fromisoformat(cited["issued_on"])
        assert cells["Nguồn"] == (
            f"{cited['label']}, Kế hoạch số {cited['plan_number']} ngày {day:%d/%m/%Y}"
        )


@pytest.mark.parametrize("form", FORMS)
def test_rows_of_a_plan_stand_under_the_headers_of_the_plan_itself(client, form):
    path = f"/v1/plans/{PLAN}/rows"
    head, *lines = rows_of(asked_as(client, path, form).content, form)
    assert head == [
        "STT", "Nội dung/hoạt động", "Đơn vị chủ trì", "Đơn vị phối hợp", "Sản phẩm dự kiến",
        "Năm 2023", "Năm 2024", "Năm 2025", "Nguồn",
    ]  # fmt: skip
    for line, row in zip(lines, client.get(path).json()["rows"], strict=True):
        assert line[:-1] == [printable(cell["text"]) for cell in row["cells"]]
        assert line[-1].endswith(f"dòng {row['ordinal']}")


def test_the_two_sides_of_an_activity_follow_each_other_and_differences_are_named(client):
    head, *lines = rows_of(asked_as(client, "/v1/compare", "csv").content, "csv")
    cells = [dict(zip(head, line, strict=True)) for line in lines]
    paired = [c for c in cells if c["Đối chiếu"].startswith("Cặp")]
    for one, other in zip(paired[::2], paired[1::2], strict=True):
        assert one["Đối chiếu"] == other["Đối chiếu"]
        assert one["Tỉnh"] != other["Tỉnh"]
        assert one["Giống và khác"] == other["Giống và khác"] != ""
    assert {c["Đối chiếu"] for c in cells[len(paired) :]} == {"Chỉ một nơi có"}


def test_a_refusal_is_a_file_that_says_why_and_has_no_lines(client):
    path = "/v1/ask?q=giá vàng hôm nay ở Luân Đôn?"
    found = docx.Document(io.BytesIO(asked_as(client, path, "docx").content))
    assert found.tables == []
    assert any(p.text.startswith("Không tìm thấy – ") for p in found.paragraphs)
    assert rows_of(asked_as(client, path, "csv").content, "csv")[1:] == []


def test_a_posted_question_has_the_same_file_as_one_in_the_address(client):
    posted = client.post("/v1/ask?format=csv", json={"question": QUESTION})
    assert posted.content == asked_as(client, f"/v1/ask?q={QUESTION}", "csv").content


def test_a_question_in_the_address_is_answered_as_a_posted_one(client):
    asked = {"question": "còn Bình Thuận thì sao?", "context": {"question": QUESTION}}
    posted = client.post("/v1/ask", json=asked).json()
    address = {"q": asked["question"], "after": QUESTION}
    got = client.get("/v1/ask", params=address).json()
    del posted["took_ms"], got["took_ms"]
    assert got == posted


def test_a_restricted_table_says_what_it_was_restricted_to(client):
    content = asked_as(client, "/v1/deadlines?year=2024&province=Kiên Giang", "docx").content
    texts = [p.text for p in docx.Document(io.BytesIO(content)).paragraphs]
    assert "Phạm vi: tỉnh Kiên Giang; năm 2024." in texts


def test_an_unknown_form_is_refused(client):
    assert asked_as(client, "/v1/units", "pdf").status_code == 422


# How the files are made


def test_a_document_is_laid_out_as_the_decree_asks_and_does_not_pose_as_an_official_one(client):
    content = asked_as(client, f"/v1/plans/{PLAN}/rows", "docx").content
    found = docx.Document(io.BytesIO(content))
    (page,) = found.sections
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (297, 210)
    for margin, least, most in (
        (page.top_margin, 20, 25), (page.bottom_margin, 20, 25),
        (page.left_margin, 30, 35), (page.right_margin, 15, 20),
    ):  # fmt: skip
        assert least - 0.1 <= margin.mm <= most
    normal = found.styles["Normal"].font
    assert (normal.name, normal.size.pt) == ("Times New Roman", 13)
    assert {run.font.size.pt for p in found.paragraphs for run in p.runs} <= {13, 14}
    assert "w:tblHeader" in found.tables[0].rows[0]._tr.xml
    text = "\n".join(p.text for p in found.paragraphs)
    assert "CỘNG HÒA" not in text.upper()
    assert "không thay văn bản gốc" in text
    assert "001_dd44a5c3ed61e0b7.txt" in text


def test_few_columns_stand_upright(client):
    found = docx.Document(io.BytesIO(asked_as(client, "/v1/units", "docx").content))
    assert round(found.sections[0].page_width.mm) == 210


def test_a_workbook_is_frozen_below_its_header_and_prints_on_a4(client):
    content = asked_as(client, "/v1/deadlines", "xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    head = int(re.search(r"\d+", sheet.auto_filter.ref)[0])
    assert sheet.freeze_panes == f"A{head + 1}"
    assert sheet.print_title_rows == f"${head}:${head}"
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    assert book.sheetnames == ["Bảng trích", "Nguồn"]
    assert "97/KH-UBND" in "".join(str(c.value) for c in book["Nguồn"]["A"])


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula_whatever_it_says(text):
    extract = make_extract(text)
    written = write_file(extract, "xlsx", TODAY)
    cell = openpyxl.load_workbook(io.BytesIO(written)).worksheets[0].cell(4, 2)
    assert (cell.value, cell.data_type, cell.number_format) == (printable(text), "s", "@")
    _, (_, plain) = rows_of(write_csv(extract), "csv")
    assert plain.lstrip()[:1] not in ("=", "+", "-", "@", "＝")
    assert plain.removeprefix("'") == printable(text)
    _, (_, shown) = rows_of(write_file(extract, "docx", TODAY), "docx")
    assert shown == printable(text)


def test_a_header_from_a_plan_is_no_formula_either():
    written = write_csv(Extract.of("bang", "Bảng", ("=1+1",), [("x",)]))
    assert rows_of(written, "csv")[0] == ["'=1+1"]


def test_lines_of_a_cell_stay_lines():
    extract = make_extract("một\nhai")
    for form in FORMS:
        assert rows_of(write_file(extract, form, TODAY), form)[1][1] == "một\nhai"


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text("\x00\t\r\n\x0b\x85\u2028=á"))
def test_whatever_stands_in_a_cell_can_be_written_and_read_again(text):
    extract = make_extract(text)
    assert printable(printable(text)) == printable(text)
    for form in FORMS:
        _, (_, read) = rows_of(write_file(extract, form, TODAY), form)
        assert read.removeprefix("'") == printable(text).removeprefix("'")


def test_what_no_cell_can_hold_is_cut_and_says_so():
    extract = make_extract("kế hoạch " * 10_000)
    for form in FORMS:
        text = rows_of(write_file(extract, form, TODAY), form)[1][1]
        assert len(text) < 32_767
        assert text.endswith("(còn tiếp, xem nguồn)")


@pytest.mark.parametrize("form", FORMS)
def test_the_same_table_on_the_same_day_is_the_same_file(form):
    extract = make_extract("Sở Y tế")
    assert write_file(extract, form, TODAY) == write_file(extract, form, TODAY)
    if form != "csv":
        with zipfile.ZipFile(io.BytesIO(write_file(extract, form, TODAY))) as archive:
            assert {part.date_time[:3] for part in archive.infolist()} == {(2026, 11, 22)}
            assert b"2026-11-22T00:00:00Z" in archive.read("docProps/core.xml")


def test_columns_fill_the_paper_and_no_word_breaks():
    extract = Extract.of(
        "bang", "Bảng", ("TT", "Ngày", "Nội dung"), [("1", "30/03/2023", "Tuyên truyền " * 60)]
    )
    widths = extract.widths_within(70)
    assert sum(widths) == pytest.approx(70)
    assert widths[1] > len("30/03/2023")
    assert widths[2] > 50


def test_a_row_of_another_length_is_no_row_of_the_table():
    with pytest.raises(ValueError, match="2 cells"):
        Extract.of("bang", "Bảng", ("TT", "Nội dung"), [("1",)])
