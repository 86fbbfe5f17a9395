"""Duties, deadlines, comparison, legal ladder and notes as the API gives them."""

import datetime
from urllib.parse import quote

import httpx2
import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from indexer.build import build_index
from search_api.app import create_app
from search_api.engine import Engine
from tests.conftest import SHIPPED_PLANS
from tests.fakes import FakeEncoder

LABOUR = "so-lao-dong-thuong-binh-va-xa-hoi"


@pytest.fixture(scope="module")
def client(server):
    with httpx2.Client(base_url=server, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def in_process(engine):
    return TestClient(create_app(engine), raise_server_exceptions=False)


def problem_of(response, status, name):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"urn:problem-type:kehoach:{name}"
    return response.json()


def quotes_of(value):
    """Every citation below a JSON value."""
    if isinstance(value, dict):
        if "quote" in value and "plan_id" in value:
            yield value
        for part in value.values():
            yield from quotes_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from quotes_of(part)


@pytest.mark.parametrize(
    "path", ["/v1/compare", f"/v1/units/{LABOUR}/duties", "/v1/deadlines", "/v1/bases"]
)
def test_every_quote_of_a_table_stands_in_its_plan(client, engine, path):
    citations = list(quotes_of(client.get(path).json()))
    assert citations
    for citation in citations:
        text = engine.plans[citation["plan_id"]].text
        assert text[citation["start"] : citation["end"]] == citation["quote"]


# Comparison


def test_each_activity_stands_beside_its_counterpart(client):
    (pair,) = client.get("/v1/compare").json()["comparisons"]
    aligned = [
        (p["one"]["fields"]["ordinal"], p["other"]["fields"]["ordinal"]) for p in pair["pairs"]
    ]
    assert aligned == [
        ("1", "2"), ("2", "3"), ("3", "5"), ("4", "6"),
        ("5", "8"), ("6", "10"), ("7", "8.2"), ("8", "7"),
    ]  # fmt: skip
    assert pair["only_one"] == []
    assert [side["fields"]["ordinal"] for side in pair["only_other"]] == ["1", "4", "9", "11"]


def test_what_differs_what_is_alike_and_what_a_blank_cell_could_take_is_named(client):
    (pair,) = client.get("/v1/compare").json()["comparisons"]
    columns = {"lead", "support", "product", "time", "years"}
    for paired in pair["pairs"]:
        assert set(paired["differs"]) | set(paired["same"]) <= columns
        assert not set(paired["differs"]) & set(paired["same"])
        assert set(paired) >= {"one", "other", "likeness", "differs", "same", "could_take"}
    taken = [taken for paired in pair["pairs"] for taken in paired["could_take"]]
    assert [(t["column"], t["from"]) for t in taken] == [("product", "Bình Thuận")]


def test_a_comparison_says_how_much_of_the_country_it_is(client):
    held = client.get("/v1/compare").json()["corpus"]
    assert (held["plans"], held["held"], held["of"]) == (2, 2, 63)
    assert (held["held_today"], held["of_today"]) == (2, 34)
    assert held["provinces"] == ["Bình Thuận", "Kiên Giang"]


def test_a_topic_leaves_the_rows_about_it(client):
    (pair,) = client.get("/v1/compare", params={"topic": "báo chí"}).json()["comparisons"]
    assert pair["pairs"]
    assert all("báo" in p["one"]["fields"]["activity"] for p in pair["pairs"])


def test_a_topic_that_nobody_has_leaves_nothing(client):
    (pair,) = client.get("/v1/compare", params={"topic": "giá vàng"}).json()["comparisons"]
    assert (pair["pairs"], pair["only_one"], pair["only_other"]) == ([], [], [])


@pytest.mark.parametrize(
    "query",
    [
        "province=Kiên Giang&province=Kiên Giang",
        "province=Kiên Giang&province=kien giang",
        "province=Kiên Giang",
        "plan=97/KH-UBND&plan=97",
        "province=Kiên Giang&province=An Giang",
    ],
)
def test_a_thing_is_not_compared_with_itself(client, query):
    detail = problem_of(client.get(f"/v1/compare?{query}"), 422, "nothing-to-compare")["detail"]
    assert "hai" in detail


def test_two_plans_of_one_province_are_not_two_provinces(tmp_path):
    folder = tmp_path / "plans"
    folder.mkdir()
    seed = (SHIPPED_PLANS / "001_dd44a5c3ed61e0b7.txt").read_text(encoding="utf-8")
    (folder / "one.txt").write_text(seed, encoding="utf-8")
    (folder / "two.txt").write_text(seed.replace("97 /KH-UBND", "98 /KH-UBND"), encoding="utf-8")
    encoder = FakeEncoder()
    build_index([folder], tmp_path / "index", encoder)
    engine = Engine.open(tmp_path / "index", encoder)
    assert len(engine.plans) == 2
    client = TestClient(create_app(engine))
    response = client.get("/v1/compare?province=Kiên Giang&province=Kiên Giang")
    problem_of(response, 422, "nothing-to-compare")
    assert client.get("/v1/compare?province=Kiên Giang").status_code == 200


def test_more_plans_than_anyone_reads_are_not_compared(engine, monkeypatch):
    monkeypatch.setattr("search_api.bounds.MOST_COMPARED", 1)
    response = TestClient(create_app(engine)).get("/v1/compare")
    problem_of(response, 422, "too-many-to-compare")


def test_an_unknown_province_is_refused_with_the_nearest(client):
    document = problem_of(client.get("/v1/compare?province=Kien Gang"), 422, "unknown-filter-value")
    assert "Kiên Giang" in document["nearest"]


# Duties


def test_what_names_a_unit_stands_apart_from_what_it_falls_under(client):
    duties = client.get(f"/v1/units/{LABOUR}/duties").json()
    assert duties["name"] == "Sở Lao động - Thương binh và Xã hội"
    assert duties["total"] == len(duties["named"])
    assert all(duty["through"] is None for duty in duties["named"])
    assert duties["through_collectives"]
    assert all(duty["through"] for duty in duties["through_collectives"])
    assert {"VIII.1.a", "IX.2", "5.1"} <= {d["citation"]["locator"] for d in duties["named"]}


def test_the_matrix_counts_the_duties_that_name_the_unit(client):
    duties = client.get(f"/v1/units/{LABOUR}/duties").json()
    for role, by_year in duties["matrix"].items():
        for year, count in by_year.items():
            named = [d for d in duties["named"] if role in d["roles"] and int(year) in d["years"]]
            assert len(named) == count


@pytest.mark.parametrize("name", ["Sở LĐTBXH", "so lao dong thuong binh va xa hoi", LABOUR])
def test_a_unit_is_found_by_any_of_its_names(client, name):
    assert client.get(f"/v1/units/{quote(name)}/duties").json()["unit_id"] == LABOUR


def test_a_year_leaves_the_duties_of_that_year(client):
    duties = client.get(f"/v1/units/{LABOUR}/duties?year=2025").json()
    assert duties["named"]
    assert all(2025 in duty["years"] for duty in duties["named"])


def test_who_holds_the_duties_depends_on_the_day(client):
    address = f"/v1/units/{LABOUR}/duties"
    assert client.get(f"{address}?as_of=2024-12-31").json()["holders"] == []
    (holder,) = client.get(f"{address}?as_of=2025-03-01").json()["holders"]
    assert holder["holder"] == "Sở Giáo dục và Đào tạo"
    assert holder["function"] == "giáo dục nghề nghiệp"
    assert holder["basis"]


def test_an_unknown_unit_is_not_found_but_the_nearest_are_named(client):
    document = problem_of(client.get("/v1/units/so-tai-chanh/duties"), 404, "unknown-unit")
    assert "Sở Tài chính" in document["nearest"]


# Deadlines


def test_reports_are_due_on_the_days_that_the_plan_says(client):
    dated = [d for d in client.get("/v1/deadlines").json()["deadlines"] if d["due"]]
    assert {(d["citation"]["locator"], d["due"]) for d in dated} == {
        ("IX.1", "2023-06-20"),
        ("IX.1", "2023-11-20"),
        ("IX.2", "2023-06-30"),
        ("IX.2", "2023-11-30"),
    }
    for deadline in dated:
        assert deadline["recurs"]
        assert deadline["before"]
        assert deadline["to_whom"] == "Ủy ban nhân dân tỉnh"
        assert [day[:4] for day in deadline["dates"]] == ["2023", "2024", "2025"]


def test_the_next_day_is_counted_from_the_day_asked_on_and_ends_with_the_plan(client):
    def next_days(as_of):
        listed = client.get("/v1/deadlines", params={"as_of": as_of}).json()["deadlines"]
        return [d["next"] for d in listed if d["due"]]

    assert next_days("2024-07-01") == ["2024-11-20", "2024-11-30", "2025-06-20", "2025-06-30"]
    assert next_days("2026-01-01") == [None] * 4


def test_what_cannot_be_dated_is_kept_as_written(client):
    listed = client.get("/v1/deadlines").json()
    undated = [d for d in listed["deadlines"] if not d["due"]]
    assert len(undated) == listed["total"] - listed["dated"] > 0
    assert all(d["when"] and d["dates"] == [] and d["next"] is None for d in undated)


def test_a_year_leaves_the_days_of_that_year(client):
    listed = client.get("/v1/deadlines?year=2024").json()["deadlines"]
    assert {day[:4] for d in listed for day in d["dates"]} == {"2024"}


def test_the_calendar_has_what_is_dated_and_nothing_else(client):
    response = client.get("/v1/deadlines?format=ics")
    assert response.headers["content-type"].startswith("text/calendar")
    described = client.get("/openapi.json").json()["paths"]["/v1/deadlines"]["get"]["responses"]
    assert response.headers["content-type"] in described["200"]["content"]
    events = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert len(events) == client.get("/v1/deadlines").json()["dated"]
    for event in events:
        assert type(event.decoded("dtstart")) is datetime.date
        assert event["rrule"]["FREQ"] == ["YEARLY"]
        assert event["rrule"]["UNTIL"][0].year == 2025


def test_an_event_keeps_its_id(client):
    one, other = (
        icalendar.Calendar.from_ical(client.get("/v1/deadlines?format=ics").content)
        for _ in range(2)
    )
    ids = [str(event["uid"]) for event in one.walk("VEVENT")]
    assert ids == [str(event["uid"]) for event in other.walk("VEVENT")]
    assert len(set(ids)) == len(ids)


def test_a_unit_has_its_own_deadlines(client):
    listed = client.get("/v1/deadlines", params={"unit": "Sở Tài chính"}).json()
    assert listed["total"] == 0
    assert client.get("/v1/deadlines", params={"unit": "Sở LĐTBXH"}).json()["total"]


# Legal ladder and notes


def test_the_documents_a_plan_stands_on_are_listed_from_the_top(client):
    bases = client.get("/v1/bases").json()["bases"]
    assert [basis["number"] for basis in bases] == ["2239/QĐ-TTg", "534/QĐ-LĐTBXH", "270/QĐ-TCGDNN"]
    assert [basis["step"] for basis in bases] == sorted(basis["step"] for basis in bases)
    assert bases[0]["issued_on"] == "2021-12-30"
    assert all(basis["plans"] and basis["citations"] for basis in bases)


def test_a_contradiction_is_shown_with_both_places(client):
    notes = client.get("/v1/plans/97-kh-ubnd.kien-giang.2023/notes").json()["notes"]
    (number,) = [note for note in notes if note["code"] == "number_mismatch"]
    assert number["severity"] == "error"
    assert [place["text"] for place in number["places"]] == ["97 /KH-UBND", "37/KH-UBND"]
    assert all(place["label"] and place["url"] for place in number["places"])
    order = ["error", "warning", "info"]
    assert [n["severity"] for n in notes] == sorted((n["severity"] for n in notes), key=order.index)


# Who is that today, and going on


def test_an_answer_says_who_holds_the_task_on_the_day_asked(client):
    asked = {"question": "Đơn vị nào chủ trì truyền thông qua internet ở Kiên Giang?"}
    before = client.post("/v1/ask", json={**asked, "as_of": "2025-02-28"}).json()
    after = client.post("/v1/ask", json={**asked, "as_of": "2025-07-01"}).json()
    assert before["holders"] == []
    held = {holder["name"]: holder["holder"] for holder in after["holders"]}
    assert held["Sở Lao động - Thương binh và Xã hội"] == "Sở Giáo dục và Đào tạo"
    assert held["Kiên Giang"] == "An Giang"
    assert all(holder["since"] and holder["basis"] for holder in after["holders"])


def test_a_question_goes_on_from_the_one_before(client):
    first = "Đơn vị nào chủ trì phối hợp báo chí ở Kiên Giang?"
    asked = {"question": "còn Bình Thuận thì sao?", "context": {"question": first}}
    answer = client.post("/v1/ask", json=asked).json()
    assert answer["interpretation"]["intent"] == "lead"
    assert {citation["province"] for citation in answer["citations"]} == {"Bình Thuận"}


def test_a_question_goes_on_from_a_list_of_questions(client):
    before = ["Ai chủ trì truyền thông qua mạng internet ở Kiên Giang?", "Thế ai phối hợp?"]
    asked = {"question": "còn Bình Thuận thì sao?", "context": {"questions": before}}
    answer = client.post("/v1/ask", json=asked).json()
    assert answer["interpretation"]["intent"] == "support"
    assert {citation["province"] for citation in answer["citations"]} == {"Bình Thuận"}
    split = {"questions": before[:1], "question": before[1]}
    same = client.post("/v1/ask", json={**asked, "context": split}).json()
    assert same["citations"] == answer["citations"]


def test_a_context_longer_than_any_conversation_is_refused(client):
    asked = {"question": "còn Bình Thuận?", "context": {"questions": ["Ai chủ trì?"] * 11}}
    problem_of(client.post("/v1/ask", json=asked), 422, "invalid-request")


# Bad input


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/search?q=báo chí&"),
        ("GET", "/v1/compare?"),
        ("GET", "/v1/deadlines?"),
        ("GET", f"/v1/units/{LABOUR}/duties?"),
    ],
)
def test_a_plan_of_another_province_contradicts_the_province(client, method, path):
    query = "province=Kiên Giang&plan=1549/KH-UBND"
    problem_of(client.request(method, path + query), 422, "filters-disagree")


def test_contradictory_filters_of_a_question_are_refused(client):
    filters = {"province": "Bình Thuận", "plan": "97/KH-UBND"}
    asked = {"question": "ai chủ trì báo chí?", "filters": filters}
    problem_of(client.post("/v1/ask", json=asked), 422, "filters-disagree")


def test_a_plan_by_the_name_its_province_has_today_is_no_contradiction(client):
    query = "province=An Giang&plan=97/KH-UBND"
    assert client.get(f"/v1/deadlines?{query}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1/deadlines?as_of=30/2/2024",
        "/v1/deadlines?as_of=2024-02-30",
        "/v1/deadlines?year=nay",
        "/v1/deadlines?format=pdf",
        "/v1/deadlines?khi=mai",
        f"/v1/units/{LABOUR}/duties?as_of=mai",
        f"/v1/compare?topic={'x' * 1001}",
        "/v1/bases?format=pdf",
    ],
)
def test_what_is_no_date_no_year_or_no_filter_is_refused(client, path):
    problem_of(client.get(path), 422, "invalid-request")


ANY_TEXT = st.text(max_size=1000) | st.text(
    st.sampled_from("aăâđêôơư ộởị?“”.,;:-/0123456789()…\u200b\x00\n"), max_size=200
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=ANY_TEXT, previous=st.none() | ANY_TEXT)
def test_no_question_is_our_failure(in_process, question, previous):
    asked = {"question": question}
    if previous is not None:
        asked["context"] = {"question": previous}
    assert in_process.post("/v1/ask", json=asked).status_code in (200, 422)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=ANY_TEXT)
def test_no_words_are_our_failure(in_process, words):
    assert in_process.get("/v1/search", params={"q": words}).status_code in (200, 422)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(topic=ANY_TEXT, name=st.text(min_size=1, max_size=60))
def test_no_topic_and_no_unit_is_our_failure(in_process, topic, name):
    assert in_process.get("/v1/compare", params={"topic": topic}).status_code in (200, 422)
    status = in_process.get(f"/v1/units/{quote(name, safe='')}/duties").status_code
    assert status in (200, 404, 422)
