"""The administrators' page in a real browser: a file is sent, checked, approved and withdrawn."""

import shutil

import httpx2
import pytest

from search_api.access import Access, KeyFile, Scope
from search_api.app import create_live_app
from search_api.engine import Engine
from tests.conftest import serving
from tests.search_api.test_uploads import PLAN, QUESTION, make_docx

# Milliseconds: the machine may be busy.
PATIENCE = 60_000


@pytest.fixture
def server(index_dir, encoder, tmp_path):
    """The address of a server, and the key of its administrator."""
    own = shutil.copytree(index_dir, tmp_path / "index")
    keys = KeyFile(tmp_path / "keys.json")
    token = keys.add("quan-tri", [Scope.ADMIN])
    engine = Engine.open(own, encoder)
    access = Access(keys, frozenset({Scope.READ, Scope.FEEDBACK}))
    with serving(create_live_app(engine, access=access)) as address:
        yield address, token


@pytest.fixture
def page(browser, server):
    """The page, entered with the key; whatever it complains about fails the test."""
    address, token = server
    opened = browser.new_page(viewport={"width": 1100, "height": 900})
    opened.set_default_timeout(PATIENCE)
    complaints = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    opened.on("dialog", lambda dialog: dialog.accept())
    opened.goto(f"{address}/quan-tri")
    opened.fill("#key", token)
    opened.click("text=Vào")
    opened.wait_for_selector("#desk:not([hidden])")
    yield opened
    opened.close()
    assert complaints == []


def send(page, content=None, name="Kế hoạch 12.docx"):
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content or make_docx()}
    page.set_input_files("#file", file)


def open_reading(page):
    page.click("text=Xem và duyệt")
    page.wait_for_selector("#understood:not([hidden])")


def status_of(address):
    asked = {"question": QUESTION}
    return httpx2.post(f"{address}/v1/ask", json=asked, timeout=60).json()["status"]


def test_a_plan_is_sent_checked_approved_asked_and_withdrawn(page, server):
    address, _ = server
    send(page)
    open_reading(page)
    understood = page.inner_text("#understood")
    for said in ("12/KH-UBND", "Lâm Đồng", "05/01/2026", "MỤC TIÊU", "Số hóa hồ sơ đất đai"):
        assert said in understood
    assert status_of(address) == "not_found"
    page.click("#decide >> text=Duyệt")
    page.wait_for_selector("#jobs .done")
    page.wait_for_selector(f"#plans a[href='/plan/{PLAN}']")
    assert status_of(address) == "answered"
    page.click("[aria-label='Gỡ 12/KH-UBND']")
    page.wait_for_selector(f"#plans:not(:has(a[href='/plan/{PLAN}']))")
    assert status_of(address) == "not_found"
    assert httpx2.get(f"{address}/plan/{PLAN}", timeout=60).status_code == 404


def test_a_plan_is_read_again_and_the_reading_thrown_away(page):
    page.click("[aria-label='Đọc lại 97/KH-UBND']")
    open_reading(page)
    assert "37/KH-UBND" in page.inner_text("#notes")
    assert page.locator("#rows tbody tr").count() == 22
    page.click("#decide >> text=Bỏ")
    page.wait_for_selector("#jobs .rejected")


def test_a_file_that_is_no_document_is_told_with_its_reason(page):
    send(page, b"MZ\x90\x00 program", "virus.docx")
    assert "Chưa hỗ trợ" in page.inner_text("#jobs .failed .reason")


def test_a_file_dropped_on_the_page_is_sent(page):
    page.evaluate(
        """() => {
          const dropped = new DataTransfer();
          dropped.items.add(new File(["x"], "thả.txt"));
          const drop = document.getElementById("drop");
          drop.dispatchEvent(new DragEvent("drop", {dataTransfer: dropped, cancelable: true}));
        }"""
    )
    page.wait_for_selector("#jobs .job:has-text('thả.txt')")


def test_what_people_and_files_say_is_shown_as_text(page, server):
    address, _ = server
    remark = {"question": "<img src=x onerror=alert(1)>", "verdict": "wrong", "comment": "<b>a</b>"}
    httpx2.post(f"{address}/v1/feedback", json=remark, timeout=60)
    send(page, make_docx(activity="<script>alert(1)</script>"), "<b>.docx")
    open_reading(page)
    assert "<script>alert(1)</script>" in page.inner_text("#rows")
    page.reload()
    page.wait_for_selector("#remarks li")
    assert remark["question"] in page.inner_text("#remarks")
    assert page.locator("#remarks b, #remarks img, #jobs b").count() == 0


def test_a_wrong_key_opens_nothing_and_the_right_one_is_kept_until_one_leaves(page):
    page.reload()
    page.wait_for_selector("#desk:not([hidden])")
    page.click("text=Thoát")
    page.wait_for_selector("#key-form:not([hidden])")
    page.reload()
    assert page.is_hidden("#desk")


def test_a_wrong_key_is_told(browser, server):
    address, _ = server
    page = browser.new_page()
    page.goto(f"{address}/quan-tri")
    page.fill("#key", "kehoach_x")
    page.click("text=Vào")
    page.wait_for_function("document.getElementById('message').textContent.includes('Khóa')")
    assert page.is_hidden("#desk")
    page.close()


@pytest.mark.parametrize("width", [320, 1366])
def test_nothing_is_wider_than_the_screen(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    send(page)
    open_reading(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
