import re

import httpx2
import pytest
from lxml import html
from starlette.testclient import TestClient

from search_api.app import create_app
from search_api.portal.pages import example_questions
from tests.search_api.fake_engine import FakeEngine

QUESTION = "đơn vị nào chủ trì phối hợp với báo chí năm 2024?"


@pytest.fixture(scope="module")
def client(server):
    with httpx2.Client(base_url=server, headers={"accept": "text/html"}) as opened:
        yield opened


def page_of(response, status=200):
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("text/html")
    return html.fromstring(response.text)


def text_of(element):
    return " ".join(element.text_content().split())


def test_the_first_page_has_one_question_box_and_examples_that_are_answered(client):
    page = page_of(client.get("/"))
    assert len(page.xpath("//form//input[@name='q']")) == 1
    examples = page.xpath("//ul[@class='examples']//a/@href")
    assert examples
    for address in examples:
        answered = page_of(client.get(address))
        assert answered.xpath("//ol[@class='citations']/li")


def test_a_question_is_answered_with_rows_and_quotes_that_lead_to_their_places(client):
    page = page_of(client.get("/", params={"q": QUESTION}))
    links = page.xpath("//table//a[starts-with(@href, '/plan/')]/@href")
    assert links
    for address in set(links):
        shown = page_of(client.get(address))
        assert shown.xpath("//mark | //tr[contains(@class, 'cited')]")


def test_the_place_a_quote_leads_to_exists_on_the_plan_page(client):
    page = page_of(client.get("/", params={"q": QUESTION}))
    for address in page.xpath("//ol[@class='citations']//p[@class='source']//a/@href"):
        anchor = address.partition("#")[2]
        shown = page_of(client.get(address))
        assert len(shown.xpath("//*[@id=$anchor]", anchor=anchor)) == 1


def test_a_quote_on_the_page_is_word_for_word_what_the_plan_page_marks(client):
    page = page_of(client.get("/", params={"q": QUESTION}))
    quote = text_of(page.xpath("//blockquote")[0]).replace(" | ", " ")
    address = page.xpath("//p[@class='source']//a/@href")[0]
    shown = page_of(client.get(address))
    cited = shown.xpath("//tr[contains(@class, 'cited')]")[0]
    cells = [text_of(cell) for cell in cited.xpath("td")]
    assert "".join(quote.split()) == "".join("".join(cells).split())


def test_a_question_without_an_answer_says_so_and_why(client):
    page = page_of(client.get("/", params={"q": "giá vàng hôm nay ở Luân Đôn?"}))
    card = page.xpath("//section[contains(@class, 'card')]")[0]
    assert "Không tìm thấy" in text_of(card)
    assert text_of(card.xpath(".//h2")[0]).startswith("Không tìm thấy – ")


def test_the_interpretation_is_shown(client):
    page = page_of(client.get("/", params={"q": QUESTION}))
    why = text_of(page.xpath("//details[@class='why']")[0])
    assert "đơn vị chủ trì" in why
    assert "kế hoạch" in why


def test_a_filter_chosen_stays_chosen_and_holds(client):
    page = page_of(client.get("/", params={"q": QUESTION, "province": "Kiên Giang", "year": ""}))
    chosen = page.xpath("//select[@name='province']/option[@selected]")
    assert [text_of(option) for option in chosen] == ["Kiên Giang"]
    assert not page.xpath("//ol[@class='hits']//*[contains(text(), 'Bình Thuận ·')]")


def test_results_have_pages_that_keep_the_question(client):
    page = page_of(client.get("/", params={"q": "truyền thông giáo dục nghề nghiệp"}))
    address = page.xpath("//nav//a[@rel='next']/@href")[0]
    second = page_of(client.get(address))
    first_hits = [text_of(hit) for hit in page.xpath("//ol[@class='hits']/li")]
    second_hits = [text_of(hit) for hit in second.xpath("//ol[@class='hits']/li")]
    assert second_hits
    assert first_hits != second_hits


def test_every_cell_of_the_answer_leads_to_its_own_place(client):
    page = page_of(client.get("/", params={"q": QUESTION}))
    for cell in page.xpath("//table//td[@class='lead']/a"):
        shown = page_of(client.get(cell.get("href")))
        (marked,) = shown.xpath("//tr[contains(@class, 'cited')]/td[mark]")
        assert marked.get("class") == "lead"
        assert set(re.split(r"\W+", text_of(cell))) <= set(re.split(r"\W+", text_of(marked)))


def test_a_correction_is_shown_and_can_be_undone(client):
    page = page_of(client.get("/", params={"q": "sp của truyền thông internet"}))
    card = page.xpath("//section[contains(@class, 'card')]")[0]
    assert "sản phẩm của truyền thông internet" in text_of(card)
    undo = page.xpath("//p[@class='corrected']/a/@href")[0]
    page = page_of(client.get(undo))
    assert page.xpath("//input[@name='q']/@value") == ["sp của truyền thông internet"]
    assert "sản phẩm của" not in text_of(page.xpath("//section[contains(@class, 'card')]")[0])


def test_a_facet_narrows_the_results_to_as_many_as_it_says_and_can_be_undone(client):
    page = page_of(client.get("/", params={"q": "báo chí"}))
    total = text_of(page.xpath("//h2[@id='ket-qua-tieu-de']/span")[0])
    for facet in page.xpath("//nav[@class='facets']//li/a"):
        count = text_of(facet.xpath("span")[0])
        narrowed = page_of(client.get(facet.get("href")))
        assert text_of(narrowed.xpath("//h2[@id='ket-qua-tieu-de']/span")[0]) == count
    (undo,) = narrowed.xpath("//a[@class='chosen']/@href")
    freed = page_of(client.get(undo))
    assert text_of(freed.xpath("//h2[@id='ket-qua-tieu-de']/span")[0]) == total


def test_a_facet_thins_out_the_results_and_leaves_the_answer_alone(client):
    for kind in ("row", "section"):
        page = page_of(client.get("/", params={"q": QUESTION, "kind": kind}))
        assert page.xpath("//section[contains(@class, 'answered')]")


@pytest.mark.parametrize(
    "question", ["<script>alert(1)</script>", '"><img src=x onerror=a>', "{{7*7}}"]
)
def test_a_question_is_text_never_markup(client, question):
    response = client.get("/", params={"q": question})
    page = page_of(response)
    assert page.xpath("//input[@name='q']/@value") == [question]
    assert not page.xpath("//script[not(@src='/static/portal.js')] | //img[@onerror]")
    assert "49" not in page.xpath("//input[@name='q']/@value")[0]


def test_a_question_that_is_too_long_is_refused_on_the_page(client):
    page = page_of(client.get("/", params={"q": "kế hoạch " * 1000}), 422)
    assert "quá dài" in text_of(page) or "ký tự" in text_of(page.xpath("//*[@role='alert']")[0])


def test_an_unknown_province_is_refused_on_the_page(client):
    page = page_of(client.get("/", params={"q": "báo chí", "province": "Xứ Mây"}), 422)
    assert "Xứ Mây" in text_of(page.xpath("//*[@role='alert']")[0])


def test_the_plan_page_shows_every_word_of_the_plan(client, engine):
    for plan_id, plan in engine.plans.items():
        shown = page_of(client.get(f"/plan/{plan_id}")).xpath("//article")[0]
        words = "".join(shown.text_content().split())
        rows = {(row.span.start, row.span.end) for row in plan.rows}
        offset = 0
        for line in plan.text.split("\n"):
            in_row = any(start <= offset < end for start, end in rows)
            if not in_row and "\t" not in line:
                assert "".join(line.split()) in words
            offset += len(line) + 1
        for row in plan.rows:
            for cell in row.cells:
                assert "".join(cell.text.split()) in words


def test_every_section_and_row_of_a_plan_can_be_linked_to_once(client, engine):
    for plan_id, plan in engine.plans.items():
        ids = page_of(client.get(f"/plan/{plan_id}")).xpath("//@id")
        assert len(ids) == len(set(ids))
        assert {section.locator for section in plan.walk()} <= set(ids)
        assert {row.key for row in plan.rows} <= set(ids)


def test_a_citation_range_outside_the_plan_marks_nothing(client, engine):
    plan_id = next(iter(engine.plans))
    shown = page_of(client.get(f"/plan/{plan_id}?from=5&to=99999999"))
    assert not shown.xpath("//mark")


def test_an_unknown_page_leads_back_to_the_question_box(client):
    for address in ("/plan/khong-co", "/khong-co"):
        assert page_of(client.get(address), 404).xpath("//main//a[@href='/']")


def test_an_unforeseen_error_shows_a_page_without_its_text():
    class Broken(FakeEngine):
        def ask(self, *_args, **_options):
            raise RuntimeError("secret")

    client = TestClient(create_app(Broken()), raise_server_exceptions=False)
    response = client.get("/?q=a", headers={"accept": "text/html"})
    page_of(response, 500)
    assert "secret" not in response.text


def test_examples_are_made_from_the_plans_that_are_there(engine):
    questions = example_questions(engine.plans.values())
    assert any("Kiên Giang" in question for question in questions)
    assert example_questions([]) == []


def test_the_pages_ask_nothing_of_other_hosts(client, engine):
    plan_id = next(iter(engine.plans))
    for address in ("/", f"/?q={QUESTION}", f"/plan/{plan_id}"):
        page = page_of(client.get(address))
        loaded = page.xpath("//link[not(@rel='expect')]/@href | //script/@src | //img/@src")
        assert all(target.startswith("/") and not target.startswith("//") for target in loaded)
        assert not page.xpath("//@style | //style | //@onclick")
    style = client.get("/static/portal.css").text
    assert not re.search(r"@import|url\(", style)


def test_the_browser_can_add_the_page_to_its_searches(client):
    description = client.get("/opensearch.xml")
    assert description.headers["content-type"].startswith("application/opensearchdescription+xml")
    assert "?q={searchTerms}" in description.text


@pytest.mark.parametrize("width", [320, 360, 1366])
def test_no_page_is_wider_than_the_screen(browser, server, engine, width):
    plan_id = next(iter(engine.plans))
    page = browser.new_page(viewport={"width": width, "height": 700})
    for address in ("/", f"/?q={QUESTION}", f"/plan/{plan_id}"):
        page.goto(server + address)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (address, width)
    page.close()


def test_a_person_asks_by_keyboard_and_lands_on_the_marked_place(browser, server):
    page = browser.new_page(viewport={"width": 1366, "height": 700})
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    # What is still asked when the page is left is cut off by the browser itself.
    page.on(
        "requestfailed",
        lambda request: request.failure == "net::ERR_ABORTED" or complaints.append(request.url),
    )
    page.goto(server)
    page.fill("#q", QUESTION)
    page.press("#q", "Enter")
    page.wait_for_selector(".answer")
    page.click(".citations .source a >> nth=0")
    page.wait_for_selector(".cited")
    box = page.locator(".cited").first.bounding_box()
    assert box is not None
    assert -box["height"] < box["y"] < 700
    assert complaints == []
    page.close()
