"""The plan page: names of today beside those written, and the very page of a PDF."""

import io

import pdfplumber
import pytest
from lxml import html
from starlette.testclient import TestClient

from indexer.build import build_index
from search_api.app import create_app
from search_api.engine import Engine
from tests.corpus.readers import editions
from tests.fakes import FakeEncoder

KIEN_GIANG = "97-kh-ubnd.kien-giang.2023"


def text_of(element):
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module")
def client(engine):
    return TestClient(create_app(engine), headers={"accept": "text/html"})


@pytest.fixture(scope="module")
def printed(tmp_path_factory, browser):
    """A client of the plan of Kiên Giang, read from a PDF."""
    del browser  # prints
    folder = tmp_path_factory.mktemp("printed")
    page = editions.write_html(editions.truths()["plan"], folder / "plan.html")
    (folder / "plans").mkdir()
    editions.print_by_browser(page, folder / "plans" / "plan.pdf")
    build_index([folder / "plans"], folder / "index", FakeEncoder())
    engine = Engine.open(folder / "index", FakeEncoder())
    return TestClient(create_app(engine), headers={"accept": "text/html"})


def test_what_a_unit_is_called_now_stands_beside_its_first_place_only(client):
    page = html.fromstring(client.get(f"/plan/{KIEN_GIANG}").text)
    now = "hiện nay là Sở Giáo dục và Đào tạo (giáo dục nghề nghiệp)"
    (note,) = [doubt for doubt in page.xpath("//*[@role='note']") if now in text_of(doubt)]
    assert "từ 01/03/2025, Nghị định" in text_of(note)
    named = text_of(note.getparent().getprevious())
    assert "Sở Lao động - Thương binh và Xã hội" in named
    listed = page.xpath("//details[@class='renamed']//li")
    assert sum(now in text_of(line) for line in listed) == 1


def test_a_unit_whose_heir_is_not_known_is_said_to_have_none_known(client):
    page = html.fromstring(client.get(f"/plan/{KIEN_GIANG}").text)
    listed = [text_of(line) for line in page.xpath("//details[@class='renamed']//li")]
    (line,) = [line for line in listed if "Sở Thông tin và Truyền thông" in line]
    assert "chưa xác định" in line


def test_the_province_of_a_plan_is_told_with_its_name_of_today(client):
    facts = html.fromstring(client.get(f"/plan/{KIEN_GIANG}").text).xpath("//dl[@class='facts']")[0]
    assert "Kiên Giang (hiện nay là An Giang)" in text_of(facts)


def test_names_of_today_are_no_doubts_of_the_plan(client):
    page = html.fromstring(client.get(f"/plan/{KIEN_GIANG}").text)
    assert "hiện nay" not in text_of(page.xpath("//details[@class='notes']")[0])


def test_a_citation_of_a_pdf_leads_to_the_very_page(printed):
    asked = html.fromstring(printed.get("/", params={"q": "truyền thông qua mạng internet"}).text)
    link = asked.xpath("//table//td[@class='from']/a/@href | //p[@class='source']/a/@href")[0]
    (source,) = html.fromstring(printed.get(link).text).xpath(
        "//a[contains(@href, '#page=')]/@href"
    )
    address, _, number = source.partition("#page=")
    shown = printed.get(address)
    assert shown.headers["content-type"] == "application/pdf"
    assert shown.headers["content-disposition"] == "inline"
    with pdfplumber.open(io.BytesIO(shown.content)) as pages:
        words = " ".join(pages.pages[int(number) - 1].extract_text().split()).lower()
    assert "mạng internet" in words


def test_a_file_that_is_no_pdf_is_never_shown_by_the_browser(client):
    kept = client.get(f"/v1/plans/{KIEN_GIANG}/source?inline=true")
    assert kept.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in kept.headers["content-security-policy"]
