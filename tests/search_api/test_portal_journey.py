"""A working day in the browser: ask, open the citation, compare, take the table along; and a plan
that would rather attack."""

import csv
import html
import io
import shutil

import docx
import openpyxl
import pytest

from indexer.build import build_index
from search_api.app import create_app
from search_api.engine import Engine
from search_api.feedback import Feedback, book_of
from tests.conftest import serving
from tests.fakes import FakeEncoder

EVIL = "<img src=x onerror=alert(1)> \"'><script>alert(2)</script> {{7*7}} javascript:alert(3)"
COLUMNS = ("STT", "Nội dung, hoạt động", "Đơn vị chủ trì", "Đơn vị phối hợp", "Sản phẩm dự kiến")


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    opened.complaints = []
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("dialog", lambda dialog: (opened.complaints.append(dialog.message), dialog.accept()))
    yield opened
    opened.close()


def texts_of(path):
    """Return everything a downloaded table says, whatever kind of file it is."""
    if path.suffix == ".xlsx":
        rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        return " ".join(str(cell) for row in rows for cell in row if cell is not None)
    if path.suffix == ".docx":
        tables = docx.Document(str(path)).tables
        return " ".join(cell.text for table in tables for row in table.rows for cell in row.cells)
    text = path.read_text(encoding="utf-8-sig")
    return " ".join(cell for row in csv.reader(io.StringIO(text)) for cell in row)


def test_ask_open_the_citation_compare_and_take_the_tables_along(page, server, tmp_path):
    page.goto(server)
    page.get_by_label("Câu hỏi").fill("đơn vị nào chủ trì truyền thông qua mạng internet?")
    page.get_by_role("button", name="Hỏi").click()
    lead = page.locator("td.lead a.cell").first
    name = lead.inner_text()
    lead.click()
    assert page.locator("tr.cited td.lead mark").inner_text().split(",")[0] in name
    assert page.locator("tr.cited").is_visible()
    page.get_by_role("link", name="So sánh", exact=True).click()
    page.get_by_label("Chủ đề").fill("truyền thông qua internet")
    page.get_by_role("button", name="So sánh").click()
    activity = page.locator(".pair caption").first.inner_text()
    for kind in ("Excel", "Word", "CSV"):
        with page.expect_download() as coming:
            page.get_by_role("link", name=kind).click()
        path = tmp_path / coming.value.suggested_filename
        coming.value.save_as(path)
        assert activity in " ".join(texts_of(path).split())
    assert page.complaints == []


def test_the_whole_question_is_asked_by_keyboard_alone(page, server):
    page.goto(server)
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.id") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("giá trị không có gì")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+A")
    page.keyboard.type("đơn vị nào chủ trì truyền thông qua mạng internet")
    page.keyboard.press("Enter")
    page.wait_for_selector(".answered")
    while "cell" not in page.evaluate("document.activeElement.className"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.cited mark")


def hostile_plan(province, number):
    """Return a plan in which every text is an attack."""
    evil = html.escape(EVIL)
    rows = [(str(n), f"Tuyên truyền {evil}", f"Sở Nội vụ {evil}", evil, evil) for n in (1, 2)]
    table = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in (COLUMNS, *rows)
    )
    lines = (
        f"ỦY BAN NHÂN DÂN TỈNH {province.upper()}",
        f"Số: {number}/KH-UBND",
        f"{province}, ngày 01 tháng 02 năm 2024",
        "KẾ HOẠCH",
        f"Tuyên truyền {evil} năm 2024",
        f"Căn cứ Quyết định số 1/QĐ-TTg {evil};",
        f"I. MỤC TIÊU {evil}",
        f"1. Nâng cao {evil}",
        "II. TỔ CHỨC THỰC HIỆN",
        f"1. Sở Nội vụ {evil} báo cáo Ủy ban nhân dân tỉnh {evil} trước ngày 20/6/2024.",
        "PHỤ LỤC",
    )
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><body>{body}<table>{table}</table></body></html>"


def test_a_plan_is_text_on_every_page_whatever_it_says(page, tmp_path):
    plans = tmp_path / "plans"
    plans.mkdir()
    for province, number in (("Kiên Giang", 12), ("Bình Thuận", 13)):
        (plans / f"{number}.html").write_text(hostile_plan(province, number), encoding="utf-8")
    build_index([plans], tmp_path / "index", FakeEncoder())
    engine = Engine.open(tmp_path / "index", FakeEncoder())
    assert len(engine.plans) == 2
    assert all(len(plan.rows) == 2 for plan in engine.plans.values())
    addresses = [
        "/",
        "/?q=đơn vị nào chủ trì tuyên truyền",
        f"/?q={EVIL.replace('&', '%26')}",
        "/so-sanh",
        "/thoi-han",
        "/kho",
        "/don-vi",
        *(f"/plan/{plan_id}" for plan_id in engine.plans),
        *(f"/don-vi/{unit_id}" for unit_id, _, _ in engine.units()),
    ]
    seen = ""
    with serving(create_app(engine)) as server:
        for address in addresses:
            page.goto(server + address)
            seen += page.locator("main").inner_text()
            assert (
                page.locator("img[src=x], [onerror], script:not([src])").evaluate_all(
                    "all => all.filter(e => e.type !== 'application/ld+json').length"
                )
                == 0
            ), address
        page.goto(f"{server}/huong-dan-nhung")
        page.get_by_role("combobox").fill("đơn vị nào chủ trì tuyên truyền")
        page.get_by_role("combobox").press("Enter")
        page.get_by_role("region", name="Câu trả lời").wait_for()
        assert page.locator("img[src=x]").count() == 0
    assert "<img src=x onerror=alert(1)>" in seen
    assert "{{7*7}}" in seen
    assert page.complaints == []


def test_a_remark_on_an_answer_is_kept_with_its_question(page, engine, tmp_path):
    shutil.copytree(engine.index.index_dir, tmp_path / "index")
    own = Engine.open(tmp_path / "index", engine.index.encoder)
    question = "đơn vị nào chủ trì truyền thông qua mạng internet?"
    with serving(create_app(own)) as server:
        page.goto(f"{server}/?q={question}")
        page.get_by_label("Câu trả lời này thế nào?").fill("Thiếu năm 2026")
        page.get_by_role("button", name="Thiếu").click()
        page.get_by_text("Đã ghi góp ý.").wait_for()
    (kept,) = Feedback(book_of(tmp_path / "index")).newest(10)[0]
    assert kept["question"] == question
    assert (kept["verdict"], kept["comment"]) == ("incomplete", "Thiếu năm 2026")
    assert kept["answer"].startswith("Kiên Giang – “Truyền thông qua mạng internet”")
