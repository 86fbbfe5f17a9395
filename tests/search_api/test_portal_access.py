"""Everybody can use every page: contrast and names (axe), reflow, zoom, keyboard, no shifting."""

import pytest
from axe_playwright_python.sync_playwright import Axe

LABOUR = "so-lao-dong-thuong-binh-va-xa-hoi"
PAGES = {
    "question box": "/",
    "answer": "/?q=đơn vị nào chủ trì phối hợp với báo chí năm 2024?",
    "corrected answer": "/?q=sp của truyền thông internet&province=Kiên Giang&kind=row",
    "long answer": "/?q=Sở Lao động - Thương binh và Xã hội chủ trì những hoạt động nào?",
    "no answer": "/?q=giá vàng hôm nay ở Luân Đôn?",
    "refusal": "/?q=báo chí&province=Xứ Mây",
    "plan": "/plan/97-kh-ubnd.kien-giang.2023",
    "cited row": "/plan/97-kh-ubnd.kien-giang.2023?from=20695&to=20945#r5.2",
    "comparison": "/so-sanh",
    "units": "/don-vi",
    "unit": f"/don-vi/{LABOUR}",
    "deadlines": "/thoi-han",
    "holdings": "/kho",
    "recipes": "/huong-dan-nhung",
    "administration": "/quan-tri",
    "frame": "/nhung",
    "not there": "/khong-co",
}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Bytes of everything a page loads, as sent.
LARGEST_TRANSFER = 150 * 1024

every_page = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())


@pytest.fixture(scope="module")
def contexts(browser):
    opened = {
        scheme: browser.new_context(
            viewport={"width": 1366, "height": 768}, color_scheme=scheme, locale="vi-VN"
        )
        for scheme in ("light", "dark")
    }
    yield opened
    for context in opened.values():
        context.close()


@pytest.fixture
def page(contexts):
    opened = contexts["light"].new_page()
    yield opened
    opened.close()


def violations(page):
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    return [
        f"{rule['id']}: {node['html'][:200]} – {node['failureSummary']}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@every_page
def test_axe_finds_nothing(contexts, server, address, scheme):
    page = contexts[scheme].new_page()
    page.goto(server + address)
    page.eval_on_selector_all("details", "all => all.forEach(folded => folded.open = true)")
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_suggestions_are_open(contexts, server, scheme):
    page = contexts[scheme].new_page()
    page.goto(server)
    page.get_by_role("combobox", name="Câu hỏi").press_sequentially("truyền th")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_answer_of_the_element(contexts, server, scheme):
    page = contexts[scheme].new_page()
    page.goto(f"{server}/huong-dan-nhung")
    box = page.get_by_role("combobox")
    box.fill("sp của truyền thông internet")
    box.press("Enter")
    page.get_by_role("region", name="Câu trả lời").wait_for()
    assert violations(page) == []
    page.close()


@every_page
def test_nothing_is_wider_than_a_narrow_screen(page, server, address):
    """Reflow (WCAG 1.4.10): 320 pixels are 1,280 at a zoom of 400 %."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(server + address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@every_page
def test_letters_twice_as_large_stay_readable(page, server, address):
    """Resize text (WCAG 1.4.4): nothing is cut off and nothing runs out of the window."""
    page.goto(server + address)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    cut = page.evaluate(
        """[...document.querySelectorAll('a, button, label, h1, h2, th, td, dd')].filter(e => {
             const style = getComputedStyle(e);
             return style.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1
               && !e.closest('.hidden, thead');
           }).map(e => e.outerHTML.slice(0, 100))"""
    )
    assert cut == []


@every_page
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(page, server, address):
    page.goto(server + address.partition("#")[0])
    expected = page.evaluate(
        """(function stops(root) {
             return [...root.querySelectorAll('*')].reduce((count, e) => count
               + (e.shadowRoot ? stops(e.shadowRoot) : 0)
               + (e.matches('a[href], button, input, select, summary, [tabindex="0"]')
                  && e.getClientRects().length > 0
                  && !(e.closest('details:not([open])') && e.localName !== 'summary')), 0);
           })(document)"""
    )
    reached = []
    for _ in range(expected):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                  let e = document.activeElement;
                  while (e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;
                  const style = getComputedStyle(e), box = e.getBoundingClientRect();
                  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
                  const inside = box.bottom > 0 && box.top < innerHeight;
                  return [e.outerHTML.slice(0, 120), seen && inside];
                }"""
            )
        )
    assert [element for element, visible in reached if not visible] == []
    assert len({element for element, _ in reached}) > 1


def test_the_first_stop_leads_past_the_head_of_the_page(page, server):
    page.goto(f"{server}/so-sanh")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@every_page
def test_a_page_is_light_loads_nothing_from_elsewhere_and_does_not_shift(contexts, server, address):
    page = contexts["light"].new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes, foreign = [], []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on(
        "request", lambda request: request.url.startswith(server) or foreign.append(request.url)
    )
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => "
        "{ window.shift += e.value })).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(server + address)
    page.wait_for_timeout(200)  # for what would still move
    assert sum(sizes) <= LARGEST_TRANSFER
    assert foreign == []
    assert page.evaluate("window.shift") == 0
    page.close()


def test_a_page_prints_without_what_only_a_screen_needs(page, server):
    page.emulate_media(media="print")
    page.goto(server + PAGES["answer"])
    for gone in (".masthead", ".ask", ".facets", ".filed", ".pages"):
        assert not page.locator(gone).first.is_visible()
    assert page.locator(".card table").is_visible()
    assert page.locator(".citation").first.is_visible()
