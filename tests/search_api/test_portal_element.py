"""The element inside a page of another site: hostile styles, a strict policy, no scripts at all."""

import contextlib
import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from search_api.app import create_app
from tests.conftest import serving

WIDGET = Path(__file__).parents[2] / "search_api" / "portal" / "static" / "widget.js"

# What a page may do to everything in it, and to the element by name.
HOSTILE = """
main *, input, button, ul, li, p, form, label, section, a, blockquote {
  display: none !important; visibility: hidden !important; color: red !important;
  font-size: 60px !important; position: absolute !important; opacity: 0 !important;
}
kehoach-search { display: none !important; visibility: hidden !important; opacity: 0 !important;
  letter-spacing: 1em !important; font: 60px cursive !important; color: red !important; }
"""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
    "script-src {portal}; connect-src {portal}; form-action {portal}; frame-src {portal}"
)
ELEMENT = """
<script type="module" src="{portal}/widget.js"></script>
<kehoach-search province="Kiên Giang">
  <form action="{portal}/" method="get">
    <label>Hỏi <input type="search" name="q"></label>
    <input type="hidden" name="province" value="Kiên Giang"><button>Gửi câu hỏi</button>
  </form>
</kehoach-search>
"""
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Cổng thông tin</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head>
<body><main>{body}</main></body></html>"""


class Foreign:
    """A site of somebody else: one page whose body, styles and policy a test decides."""

    def __init__(self):
        self.portal = ""
        self.body, self.styles, self.policy = ELEMENT, "", POLICY
        self.app = Starlette(routes=[Route("/", self.page), Route("/page.css", self.css)])

    async def page(self, _request):
        body = PAGE.format(body=self.body.format(portal=self.portal))
        policy = self.policy.format(portal=self.portal)
        return HTMLResponse(body, headers={"Content-Security-Policy": policy})

    async def css(self, _request):
        return Response(self.styles, media_type="text/css")


@pytest.fixture(scope="module")
def sites(engine):
    """A foreign site, the portal that lets it in, and a second foreign site that it does not."""
    foreign, stranger = Foreign(), Foreign()
    with contextlib.ExitStack() as stack:
        foreign.address = stack.enter_context(serving(foreign.app))
        stranger.address = stack.enter_context(serving(stranger.app))
        portal = stack.enter_context(serving(create_app(engine, origins=[foreign.address])))
        foreign.portal = stranger.portal = portal
        yield foreign, stranger


@pytest.fixture
def foreign(sites):
    site = sites[0]
    site.body, site.styles, site.policy = ELEMENT, "", POLICY
    return site


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 800, "height": 900})
    opened.complaints = []
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    opened.close()


def box_of(page):
    return page.get_by_role("combobox", name="Hỏi về kế hoạch của tỉnh")


def ask(page, question):
    box_of(page).fill(question)
    box_of(page).press("Enter")
    page.get_by_role("region", name="Câu trả lời").wait_for()
    return page.get_by_role("region", name="Câu trả lời")


def test_the_element_is_small():
    assert len(gzip.compress(WIDGET.read_bytes(), 9)) < 30 * 1024


def test_a_hostile_page_with_a_strict_policy_neither_hides_nor_changes_it(page, foreign):
    foreign.styles = HOSTILE
    page.goto(foreign.address)
    said = ask(page, "đơn vị nào chủ trì truyền thông qua mạng internet")
    assert said.is_visible()
    assert "Sở Lao động - Thương binh và Xã hội" in said.inner_text()
    look = said.locator(".answer").evaluate(
        "e => (({color, fontSize, letterSpacing}) => [color, fontSize, letterSpacing])"
        "(getComputedStyle(e))"
    )
    assert look == ["rgb(29, 36, 38)", "16px", "normal"]
    assert page.complaints == []


def test_a_citation_opens_the_plan_at_the_marked_place_and_leaves_the_page_alone(page, foreign):
    page.goto(foreign.address)
    said = ask(page, "đơn vị nào chủ trì truyền thông qua mạng internet")
    quote = said.locator("blockquote").first.inner_text()
    with page.context.expect_page() as opened:
        said.get_by_role("link", name="Phụ lục, dòng 6").click()
    plan = opened.value
    plan.wait_for_selector("tr.cited")
    assert plan.locator("tr.cited td.activity").inner_text() in quote
    assert page.url == f"{foreign.address}/"
    plan.close()


def test_only_the_province_of_the_page_is_asked_about(page, foreign):
    page.goto(foreign.address)
    said = ask(page, "đơn vị nào chủ trì phối hợp với báo chí?")
    assert "Kiên Giang" in said.inner_text()
    assert "Bình Thuận" not in said.inner_text()


def test_suggestions_are_walked_through_with_the_arrows_inside_the_shadow(page, foreign):
    page.goto(foreign.address)
    box = box_of(page)
    box.press_sequentially("truyền th")
    page.get_by_role("option").first.wait_for()
    box.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant")
    text = chosen.inner_text()
    box.press("Enter")
    page.get_by_role("region", name="Câu trả lời").wait_for()
    assert box.input_value() == text


def test_a_word_that_is_composed_is_one_request_here_too(page, foreign):
    asked = []
    page.on("request", lambda request: "/v1/suggest" in request.url and asked.append(request.url))
    page.goto(foreign.address)
    box_of(page).focus()
    typing = page.context.new_cdp_session(page)
    for text in ("đ", "đươ", "đường"):
        typing.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": 1, "selectionEnd": 1}
        )
        page.wait_for_timeout(250)
    with page.expect_response("**/v1/suggest*"):
        typing.send("Input.insertText", {"text": "đường"})
    page.wait_for_timeout(400)
    assert len(asked) == 1


def test_a_correction_is_shown_and_undone(page, foreign):
    page.goto(foreign.address)
    said = ask(page, "sp của truyền thông internet")
    assert "sản phẩm của truyền thông internet" in said.inner_text()
    as_typed = said.get_by_role("button", name="Hỏi đúng như đã gõ")
    as_typed.click()
    as_typed.wait_for(state="detached")
    answer = page.get_by_role("region", name="Câu trả lời").inner_text()
    assert "sản phẩm của truyền thông internet" not in answer
    assert "Truyền thông qua mạng internet" in answer


def test_what_came_is_said_aloud(page, foreign):
    page.goto(foreign.address)
    ask(page, "đơn vị nào chủ trì truyền thông qua mạng internet")
    assert page.locator(".told").text_content().startswith("Trả lời: Kiên Giang")


def test_a_page_dresses_it_with_its_own_variables(page, foreign):
    foreign.styles = "kehoach-search { --kehoach-accent: rgb(179, 38, 30); --accent: lime }"
    page.goto(foreign.address)
    colour = page.get_by_role("button", name="Hỏi").evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    assert colour == "rgb(179, 38, 30)"


def test_it_is_dark_only_where_its_page_is(browser, foreign):
    page = browser.new_page(color_scheme="dark")
    papers = []
    for foreign.styles in ("", ":root { color-scheme: light dark }"):
        page.goto(foreign.address)
        papers.append(page.locator(".all").evaluate("e => getComputedStyle(e).backgroundColor"))
    page.close()
    assert papers == ["rgb(255, 255, 255)", "rgb(26, 34, 36)"]


def test_without_its_script_the_form_between_the_tags_asks(page, foreign):
    foreign.policy = "default-src 'self'; form-action {portal}"
    page.goto(foreign.address)
    page.get_by_label("Hỏi").fill("đơn vị nào chủ trì phối hợp với báo chí?")
    page.get_by_role("button", name="Gửi câu hỏi").click()
    page.wait_for_selector(".answer")
    assert page.url.startswith(foreign.portal)
    assert "Bình Thuận" not in page.locator(".answer").first.inner_text()


def test_a_site_that_is_not_on_the_list_keeps_its_form(page, sites):
    stranger = sites[1]
    page.goto(stranger.address)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("customElements.get('kehoach-search') === undefined")
    assert page.get_by_role("button", name="Gửi câu hỏi").is_visible()


def test_a_server_that_does_not_answer_is_no_dead_end(page, foreign):
    page.goto(foreign.address)
    page.route("**/v1/ask", lambda route: route.abort())
    box_of(page).fill("ai chủ trì?")
    box_of(page).press("Enter")
    page.get_by_text("Chưa kết nối được").first.wait_for()
    full = page.get_by_role("link", name="Mở trang tra cứu").get_attribute("href")
    assert full.startswith(f"{foreign.portal}/?q=ai+ch")


def test_a_hostile_answer_is_text(page, foreign):
    page.goto(foreign.address)
    evil = "<img src=x onerror=alert(1)>"

    def poison(route):
        answer = route.fetch().json()
        answer["answer"] = evil
        answer["citations"][0] |= {"quote": evil, "label": evil, "plan_id": "../evil?x#"}
        route.fulfill(json=answer, headers={"access-control-allow-origin": foreign.address})

    page.route("**/v1/ask", poison)
    said = ask(page, "đơn vị nào chủ trì truyền thông qua mạng internet")
    assert evil in said.locator(".answer").inner_text()
    assert page.locator("img").count() == 0
    address = said.locator("li a").first.get_attribute("href")
    assert address.startswith(f"{foreign.portal}/plan/..%2Fevil%3Fx%23?from=")


def test_the_frame_shows_itself_to_the_sites_on_the_list_alone(page, sites):
    foreign, stranger = sites
    for site in sites:
        site.body = '<iframe src="{portal}/nhung?province=Kiên Giang" title="Tra cứu"></iframe>'
        site.policy = POLICY
        site.styles = "iframe { width: 700px; height: 600px }"
    page.goto(foreign.address)
    frame = page.frame_locator("iframe")
    box = frame.get_by_role("combobox", name="Hỏi về kế hoạch của tỉnh")
    box.fill("đơn vị nào chủ trì phối hợp với báo chí?")
    box.press("Enter")
    said = frame.get_by_role("region", name="Câu trả lời")
    said.wait_for()
    assert "Bình Thuận" not in said.inner_text()
    page.goto(stranger.address)
    page.wait_for_load_state("networkidle")
    assert frame.get_by_role("combobox").count() == 0


def test_the_recipes_hold_the_very_lines_that_work(page, foreign):
    page.goto(f"{foreign.portal}/huong-dan-nhung")
    foreign.body = page.locator("pre").first.inner_text().replace("Bình Thuận", "Kiên Giang")
    foreign.body = foreign.body.replace("{", "{{").replace("}", "}}")
    assert ask(page, "báo chí").is_visible()
    page.goto(foreign.address)
    said = ask(page, "đơn vị nào chủ trì truyền thông qua mạng internet")
    assert "Kiên Giang" in said.inner_text()
