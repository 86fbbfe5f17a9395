"""The pages of duties, deadlines and comparison; doubts beside their places; who that is now."""

import httpx2
import pytest
from lxml import html

LABOUR = "so-lao-dong-thuong-binh-va-xa-hoi"
QUESTION = "đơn vị nào chủ trì phối hợp với báo chí năm 2024?"
TABLES = ("/so-sanh", "/don-vi", f"/don-vi/{LABOUR}", "/thoi-han", "/kho")


@pytest.fixture(scope="module")
def client(server):
    with httpx2.Client(base_url=server, headers={"accept": "text/html"}, timeout=60) as opened:
        yield opened


def page_of(response, status=200):
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("text/html")
    return html.fromstring(response.text)


def text_of(element):
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("address", ["/don-vi", "/thoi-han", "/so-sanh"])
def test_every_page_leads_to_the_tables(client, address):
    for start in ("/", "/thoi-han"):
        assert page_of(client.get(start)).xpath("//a[@href=$address]", address=address)


@pytest.mark.parametrize("address", ["/so-sanh", f"/don-vi/{LABOUR}", "/thoi-han"])
def test_every_line_leads_to_the_place_it_comes_from(client, address):
    links = page_of(client.get(address)).xpath("//main//a[starts-with(@href, '/plan/')]/@href")
    assert links
    for link in dict.fromkeys(links[:5]):
        shown = page_of(client.get(link))
        anchor = link.partition("#")[2]
        assert len(shown.xpath("//*[@id=$anchor]", anchor=anchor)) == 1


def test_an_answer_shows_who_holds_the_task_now_and_on_what_basis(client):
    page = page_of(client.get("/", params={"q": QUESTION}))
    held = text_of(page.xpath("//aside[@class='holders']")[0])
    assert held.startswith("Hiện nay")
    assert "Sở Lao động - Thương binh và Xã hội → Sở Giáo dục và Đào tạo" in held
    assert "Nghị định" in held
    assert "Đến ngày" not in text_of(page.xpath("//p[@class='answer']")[0])


def test_a_question_may_go_on_from_the_one_before(client):
    page = page_of(client.get("/", params={"q": "ai chủ trì báo chí ở Kiên Giang?"}))
    (before,) = page.xpath("//input[@name='truoc']/@value")
    page = page_of(client.get("/", params={"q": "còn Bình Thuận thì sao?", "truoc": before}))
    assert "Bình Thuận" in text_of(page.xpath("//p[@class='answer']")[0])
    assert before in text_of(page.xpath("//form[@role='search']")[0])


def test_a_doubt_stands_beside_every_place_it_concerns(client):
    page = page_of(client.get("/plan/97-kh-ubnd.kien-giang.2023"))
    beside = [
        text_of(doubts.getprevious())
        for doubts in page.xpath("//p[@class='doubts'][contains(., '37/KH-UBND')]")
    ]
    assert [("97 /KH-UBND" in text, "37/KH-UBND" in text) for text in beside] == [
        (True, False),
        (False, True),
    ]
    (row,) = page.xpath("//tr[@class='doubts'][contains(., 'để trống')]")
    assert row.getprevious().get("id") == "r10"


def test_the_comparison_shows_pairs_differences_and_what_only_one_has(client):
    text = text_of(page_of(client.get("/so-sanh")).xpath("//main")[0])
    assert "Chỉ Kiên Giang có" in text
    assert "2 trong 63" in text
    assert len(page_of(client.get("/so-sanh")).xpath("//table")) == 8
    assert page_of(client.get("/so-sanh")).xpath("//tr[@class='differs']")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("province=Kiên Giang&province=Kiên Giang", "hai tỉnh khác nhau"),
        ("province=Xứ Mây", "Xứ Mây"),
        ("province=Kiên Giang&plan=1549/KH-UBND", "mâu thuẫn"),
    ],
)
def test_a_comparison_that_makes_no_sense_is_refused_on_the_page(client, query, says):
    page = page_of(client.get(f"/so-sanh?{query}"), 422)
    assert says in text_of(page.xpath("//*[@role='alert']")[0])


def test_a_topic_that_no_plan_has_is_said_not_to_be_found(client):
    page = page_of(client.get("/so-sanh", params={"chu-de": "giá vàng"}))
    assert "Không tìm thấy" in text_of(page.xpath("//main")[0])


def test_a_unit_page_tells_counts_duties_and_who_holds_them_now(client):
    page = page_of(client.get(f"/don-vi/{LABOUR}"))
    assert page.xpath("//table[@class='counts']//th[text()='chủ trì']")
    assert "Sở Giáo dục và Đào tạo" in text_of(page.xpath("//aside[@class='holders']")[0])
    named, through = page.xpath("//table[contains(@class, 'matrix')]")
    assert "qua “" not in text_of(named)
    assert all("qua “" in text_of(duty) for duty in through.xpath("tbody/tr"))


def test_the_matrix_of_a_unit_says_for_every_year_what_it_does(client, engine):
    page = page_of(client.get(f"/don-vi/{LABOUR}"))
    years = [
        text_of(head)
        for head in page.xpath("//table[contains(@class, 'matrix')]")[0].xpath("thead//th")
    ][1:-1]
    assert years == ["2023", "2024", "2025"]
    duties = engine.duties(LABOUR).named
    lines = page.xpath("//table[contains(@class, 'matrix')]")[0].xpath("tbody/tr")
    assert len(lines) == len(duties)
    for line, duty in zip(lines, duties, strict=True):
        said = [text_of(cell) for cell in line.xpath("td")][:-1]
        roles = ", ".join(duty.roles)
        assert said == [roles if int(year) in duty.years else "" for year in years]


def test_the_units_are_drawn_by_how_much_they_lead(client, engine):
    page = page_of(client.get("/don-vi"))
    leads = {name: counts.get("lead", 0) for _, name, counts in engine.units()}
    first = page.xpath("//tbody/tr")[0]
    name, count = text_of(first.xpath("th")[0]), text_of(first.xpath("td")[0])
    assert leads[name] == int(count) == max(leads.values())
    assert first.xpath("td[1]//*[name()='rect']/@width") == ["100.0%"]


def test_the_timeline_marks_every_day_of_the_list_and_says_so_in_words(client):
    page = page_of(client.get("/thoi-han"))
    (line,) = page.xpath("//*[name()='svg'][contains(@class, 'timeline')]")
    marks = line.xpath("*[name()='circle']")
    events = client.get("/v1/deadlines").json()["deadlines"]
    assert len(marks) == sum(len(event["dates"]) for event in events)
    assert f"{len(marks)} ngày phải nộp" in line.get("aria-label")
    assert line.get("role") == "img"


def test_the_calendar_can_be_subscribed_to_in_the_chosen_scope(client, server):
    page = page_of(client.get("/thoi-han", params={"province": "Kiên Giang", "year": 2024}))
    (address,) = page.xpath("//a[starts-with(@href, 'webcal://')]/@href")
    followed = client.get(address.replace("webcal://", "http://"))
    assert address.startswith(server.replace("http://", "webcal://"))
    assert followed.headers["content-type"].startswith("text/calendar")
    assert "BEGIN:VEVENT" in followed.text


def test_two_plans_are_compared_by_choosing_them(client, engine):
    chosen = list(engine.plans)[:2]
    page = page_of(client.get("/so-sanh", params={"plan": chosen, "province": ["", ""]}))
    picked = page.xpath("//select[@name='plan']/option[@selected]/@value")
    assert picked == chosen
    assert page.xpath("//section[@class='card']")


def test_the_page_of_what_is_held_tells_plans_ages_and_doubts(client, engine):
    page = page_of(client.get("/kho"))
    lines = page.xpath("//table[contains(@class, 'held')]/tbody/tr")
    assert len(lines) == len(engine.plans)
    kien_giang = next(line for line in lines if "97/KH-UBND" in text_of(line))
    assert "30/03/2023" in text_of(kien_giang)
    assert "2023–2025" in text_of(kien_giang)
    doubts = kien_giang.xpath(".//details//li")
    assert any("37/KH-UBND" in text_of(doubt) for doubt in doubts)
    for address in kien_giang.xpath(".//details//a/@href"):
        assert page_of(client.get(address)).xpath("//*[@id='trich']")
    (coverage,) = page.xpath("//*[name()='svg'][contains(@class, 'waffle')]")
    assert coverage.get("aria-label").startswith("2 trong 34")


@pytest.mark.parametrize(
    "address", [*TABLES, f"/?q={QUESTION}", "/plan/97-kh-ubnd.kien-giang.2023"]
)
def test_every_table_can_be_taken_along_as_a_file(client, address):
    links = page_of(client.get(address)).xpath("//p[@class='filed']/a/@href")
    assert len(links) >= 3
    for link in dict.fromkeys(links):
        filed = client.get(link)
        assert filed.status_code == 200, link
        assert filed.headers["content-disposition"].startswith("attachment")


def test_an_unknown_unit_has_a_page_that_names_the_nearest(client):
    page = page_of(client.get("/don-vi/so-tai-chanh"), 404)
    assert "Sở Tài chính" in text_of(page.xpath("//main")[0])


def test_every_unit_of_the_list_has_its_page(client):
    for address in page_of(client.get("/don-vi")).xpath("//main//th/a/@href"):
        assert client.get(address).status_code == 200


def test_deadlines_chosen_by_year_are_those_of_the_calendar_file_beside_them(client):
    page = page_of(client.get("/thoi-han?year=2024"))
    (file,) = page.xpath("//a[starts-with(@href, '/v1/') and contains(@href, 'format=ics')]/@href")
    events = client.get(file).text.count("BEGIN:VEVENT")
    dated = [g for g in page.xpath("//section") if "Không rõ ngày" not in text_of(g)]
    assert events == sum(len(group.xpath(".//tbody/tr")) for group in dated)


@pytest.mark.parametrize("width", [320, 360, 1366])
def test_no_table_is_wider_than_the_screen(browser, server, width):
    page = browser.new_page(viewport={"width": width, "height": 700})
    for address in TABLES:
        page.goto(server + address)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (address, width)
    page.close()


def test_the_tables_ask_nothing_of_other_hosts(client):
    for address in TABLES:
        page = page_of(client.get(address))
        loaded = page.xpath("//link[not(@rel='expect')]/@href | //script/@src | //img/@src")
        assert all(target.startswith("/") and not target.startswith("//") for target in loaded)
        assert not page.xpath("//@style | //style | //@onclick")
