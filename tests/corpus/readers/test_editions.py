"""What every edition of the shipped plans is read as, cell by cell."""

import importlib.util
import shutil

import pytest

from corpus.readers.docx import read_docx
from corpus.readers.html import read_html
from corpus.readers.office import read_calc, read_writer
from corpus.readers.pdf import read_pdf
from corpus.readers.sheet import read_sheet
from tests.conftest import find_chromium
from tests.corpus.readers import editions
from tests.corpus.readers.conftest import PRINTS

PLANS = ("appendix", "plan", "merged")
needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
needs_browser = pytest.mark.skipif(not find_chromium(), reason="Chromium is not here")
needs_tesseract = pytest.mark.skipif(
    not (shutil.which("tesseract") and importlib.util.find_spec("cv2")),
    reason="Tesseract is not here",
)


def assert_read_exactly(document, truth):
    score = editions.score(document, truth)
    assert score.cells_right == score.cells
    assert score.paragraphs_right == score.paragraphs


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("automatic", [False, True], ids=["typed", "automatic numbers"])
def test_a_word_document_is_read_exactly(plan, automatic, truths, tmp_path):
    path = editions.write_docx(truths[plan], tmp_path / "plan.docx", automatic_numbers=automatic)
    assert_read_exactly(read_docx(path), truths[plan])


@pytest.mark.parametrize("plan", PLANS)
def test_a_web_page_is_read_exactly_and_its_menus_are_not(plan, truths, tmp_path):
    document = read_html(editions.write_html(truths[plan], tmp_path / "plan.html"))
    assert_read_exactly(document, truths[plan])
    lines = [block.text for block in document.blocks if hasattr(block, "text")]
    assert not {"Trang chủ", "Tin liên quan: xem thêm các tin khác"} & set(lines)


@pytest.mark.parametrize("plan", PLANS)
def test_a_workbook_is_read_exactly(plan, truths, tmp_path):
    path = editions.write_xlsx(truths[plan], tmp_path / "plan.xlsx")
    assert_read_exactly(read_sheet(path), truths[plan])


@needs_office
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("way", [way for way in PRINTS if way != "borderless"])
def test_a_printed_table_with_rules_is_read_exactly(plan, way, truths, prints):
    assert_read_exactly(read_pdf(prints / f"{plan}-{way}.pdf"), truths[plan])


@needs_office
@pytest.mark.parametrize("plan", PLANS)
def test_a_printed_table_without_rules_is_read_and_doubted(plan, truths, prints):
    document = read_pdf(prints / f"{plan}-borderless.pdf")
    assert editions.score(document, truths[plan]).cell_rate >= 0.97
    tables = [block for block in document.blocks if hasattr(block, "rows")]
    assert all(table.confidence < 1 for table in tables)


@needs_office
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_is_read_as_if_upright(angle, truths, prints, tmp_path):
    path = editions.rotate(prints / "appendix-bordered.pdf", tmp_path / "turned.pdf", angle)
    assert_read_exactly(read_pdf(path), truths["appendix"])


@needs_office
def test_lines_and_rows_keep_the_page_they_stand_on(prints):
    document = read_pdf(prints / "plan-bordered.pdf")
    pages = [block.page for block in document.blocks if hasattr(block, "wrapped")]
    table = next(block for block in document.blocks if hasattr(block, "rows"))
    assert pages == sorted(pages)
    assert (pages[0], table.pages[-1]) == (1, document.pages)
    assert list(table.pages) == sorted(table.pages)
    assert len(table.pages) == len(table.rows)


@needs_browser
def test_a_page_printed_by_a_browser_is_read_exactly(truths, tmp_path):
    page = editions.write_html(truths["merged"], tmp_path / "plan.html")
    document = read_pdf(editions.print_by_browser(page, tmp_path / "plan.pdf"))
    score = editions.score(document, truths["merged"])
    assert score.cells_right == score.cells


@needs_office
@pytest.mark.parametrize("ending", ["doc", "odt", "rtf"])
def test_an_older_document_is_read_exactly(ending, truths, prints, tmp_path):
    (path,) = editions.convert([prints / "plan-bordered.docx"], ending, tmp_path)
    assert_read_exactly(read_writer(path), truths["plan"])


@needs_office
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_an_older_workbook_is_read_exactly(ending, truths, tmp_path):
    source = editions.write_xlsx(truths["merged"], tmp_path / "plan.xlsx")
    (path,) = editions.convert([source], ending, tmp_path)
    assert_read_exactly(read_calc(path), truths["merged"])


@needs_office
@needs_tesseract
def test_a_scan_is_recognised_nearly_exactly_and_says_so(truths, prints, tmp_path, monkeypatch):
    # As in the process that reads for us: several threads on few cores wait for each other.
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")
    path = editions.scan(
        prints / "appendix-bordered.pdf", tmp_path / "scan.pdf", dpi=200, skew=0.6, noise=6
    )
    document = read_pdf(path)
    score = editions.score(document, truths["appendix"])
    assert score.rows == 10
    assert score.cell_rate >= 0.8
    assert score.characters >= 0.97
    assert document.recognised
    assert document.confidence is not None
    assert 0.8 < document.confidence <= 1
    assert [note.code for note in document.notes] == ["text_recognised"]
