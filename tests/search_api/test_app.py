import datetime
import json

import httpx2
import pytest
from starlette.testclient import TestClient

from corpus.lint import lint
from indexer.errors import IndexDamaged
from search_api.app import create_app
from search_api.errors import LONGEST_QUESTION
from tests.conftest import SHIPPED_PLANS, serving
from tests.search_api.fake_engine import FakeEngine

QUESTION = "đơn vị nào chủ trì phối hợp với báo chí năm 2024?"


@pytest.fixture(scope="module")
def client(server):
    with httpx2.Client(base_url=server) as opened:
        yield opened


@pytest.fixture
def plan_ids(engine):
    return list(engine.plans)


def problem_of(response, status, name):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["type"] == f"urn:problem-type:kehoach:{name}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document


# Asking


def test_an_answer_has_every_field_of_the_contract(client):
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert set(answer) >= {
        "question", "status", "reason", "answer", "values", "items", "complete", "coverage",
        "citations", "interpretation", "alternatives", "holders", "took_ms",
    }  # fmt: skip
    assert set(answer["citations"][0]) >= {
        "plan_id", "plan_number", "plan_title", "province", "issued_on", "source", "kind",
        "locator", "label", "page", "start", "end", "quote", "url",
    }  # fmt: skip
    assert answer["question"] == QUESTION
    assert answer["took_ms"] >= 0


def test_every_quote_stands_in_its_plan_where_the_citation_says(client):
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert answer["citations"]
    for citation in answer["citations"]:
        text = client.get(citation["url"].partition("#")[0]).json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_every_line_of_an_answer_points_at_one_of_its_citations(client):
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert answer["items"]
    for item in answer["items"]:
        assert answer["citations"][item["citation"]]["province"] == item["province"]


def test_a_filter_holds_whether_given_alone_or_in_a_list(client):
    for province in ("Kiên Giang", ["Kiên Giang"]):
        asked = {"question": QUESTION, "filters": {"province": province}}
        answer = client.post("/v1/ask", json=asked).json()
        assert {citation["province"] for citation in answer["citations"]} == {"Kiên Giang"}


def test_a_date_to_look_from_is_accepted(client):
    asked = {"question": QUESTION, "as_of": "2025-07-02"}
    assert client.post("/v1/ask", json=asked).status_code == 200


# Bad input


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "\u200b"])
def test_an_empty_question_is_refused(client, question):
    problem_of(client.post("/v1/ask", json={"question": question}), 422, "empty-question")


def test_a_question_of_ten_thousand_characters_is_refused(client):
    asked = {"question": "kế hoạch " * 1250}
    detail = problem_of(client.post("/v1/ask", json=asked), 422, "question-too-long")["detail"]
    assert f"{LONGEST_QUESTION:,}".replace(",", ".") in detail


def test_a_body_beyond_the_limit_is_refused_unread(client):
    problem_of(client.post("/v1/ask", json={"question": "x" * 100_000}), 413, "too-large")


def test_a_body_beyond_the_limit_is_refused_when_its_length_was_not_announced(client):
    chunks = (b"x" * 1000 for _ in range(100))
    headers = {"content-type": "application/json"}
    problem_of(client.post("/v1/ask", content=chunks, headers=headers), 413, "too-large")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "JSON"),
        (b"[]", "JSON"),
        (b"{}", "question"),
        (b'{"question": 5}', "question"),
        (b'{"question": "\\ud800"}', "question"),
        (b'{"question": "a", "filters": {"colour": "red"}}', "filters.colour"),
        (b'{"question": "a", "filters": {"year": ["hai"]}}', "filters.year.0"),
        (b'{"question": "a", "filters": {"\\ud800": 1}}', "filters"),
        (b'{"question": "a", "as_of": "hom qua"}', "as_of"),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_naming_the_field(client, body, says):
    response = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})
    assert says in problem_of(response, 422, "invalid-request")["detail"]


@pytest.mark.parametrize("query", ["k=0", "k=-1", "k=1000", "k=abc", "k=1.5", "offset=-1"])
def test_a_bad_number_of_results_is_refused(client, query):
    problem_of(client.get(f"/v1/search?q=báo chí&{query}"), 422, "invalid-request")


@pytest.mark.parametrize("query", ["kind=book", "role=boss", "year=nay", "provinces=An Giang"])
def test_a_filter_of_the_wrong_shape_or_name_is_refused_not_ignored(client, query):
    problem_of(client.get(f"/v1/search?q=báo chí&{query}"), 422, "invalid-request")


def test_an_unknown_province_is_refused_naming_the_filter(client):
    document = problem_of(
        client.get("/v1/search", params={"q": "báo chí", "province": "Xứ Mây"}),
        422,
        "unknown-filter-value",
    )
    assert document["filter"] == "province"
    assert document["value"] == "Xứ Mây"


def test_a_question_with_control_characters_is_answered_like_one_without(client):
    clean = client.post("/v1/ask", json={"question": QUESTION}).json()
    dirty = client.post("/v1/ask", json={"question": f"\x00{QUESTION}\x07"}).json()
    assert [c["quote"] for c in dirty["citations"]] == [c["quote"] for c in clean["citations"]]


# Searching


def test_a_search_returns_ranked_hits_with_facets_and_total(client):
    found = client.get("/v1/search", params={"q": "báo chí", "k": 3}).json()
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert found["total"] >= 3
    assert set(found["facets"]["province"]) <= {"Kiên Giang", "Bình Thuận"}
    assert found["took_ms"] >= 0


def test_highlights_lie_inside_the_text_of_their_hit(client):
    for hit in client.get("/v1/search", params={"q": "báo chí"}).json()["hits"]:
        for start, end in hit["highlights"]:
            assert 0 <= start < end <= len(hit["text"])


def test_the_next_page_continues_where_the_first_ended(client):
    both = client.get("/v1/search", params={"q": "truyền thông", "k": 6}).json()["hits"]
    second = client.get("/v1/search", params={"q": "truyền thông", "k": 3, "offset": 3}).json()
    assert [h["citation"]["url"] for h in second["hits"]] == [
        h["citation"]["url"] for h in both[3:]
    ]


def test_a_kind_filter_returns_nothing_of_another_kind(client):
    found = client.get("/v1/search", params={"q": "truyền thông", "kind": "row"}).json()
    assert {hit["kind"] for hit in found["hits"]} == {"row"}


def test_suggestions_complete_what_was_typed(client):
    suggestions = client.get("/v1/suggest", params={"q": "truyền thông"}).json()["suggestions"]
    assert suggestions
    assert client.get("/v1/suggest").status_code == 200


# Plans and units


def test_every_plan_is_listed_with_what_identifies_it(client, engine):
    listed = client.get("/v1/plans").json()
    assert listed["total"] == len(engine.plans)
    assert {plan["id"] for plan in listed["plans"]} == set(engine.plans)
    assert all(plan["title"] and plan["source"]["sha256"] for plan in listed["plans"])


def test_a_plan_is_shown_whole(client, engine, plan_ids):
    for plan_id in plan_ids:
        shown = client.get(f"/v1/plans/{plan_id}").json()
        plan = engine.plans[plan_id]
        assert shown["text"] == plan.text
        assert shown["rows"] == len(plan.rows)
        assert len(shown["notes"]) == len(lint(plan))
        assert len(shown["bases"]) == len(plan.bases)
        assert [s["locator"] for s in shown["sections"]] == [s.locator for s in plan.sections]


def test_the_rows_of_a_plan_carry_their_cells_by_role(client, engine, plan_ids):
    for plan_id in plan_ids:
        shown = client.get(f"/v1/plans/{plan_id}/rows").json()
        text = engine.plans[plan_id].text
        assert shown["total"] == len(engine.plans[plan_id].rows)
        for row in shown["rows"]:
            for cell in row["cells"]:
                assert text[cell["start"] : cell["end"]] == cell["text"]


def test_the_notes_of_a_plan_quote_the_places_they_concern(client, engine, plan_ids):
    for plan_id in plan_ids:
        for note in client.get(f"/v1/plans/{plan_id}/notes").json()["notes"]:
            for place in note["places"]:
                assert engine.plans[plan_id].text[place["start"] : place["end"]] == place["text"]


def test_the_source_of_a_plan_is_the_very_file_as_an_attachment(client, engine, plan_ids):
    for plan_id in plan_ids:
        response = client.get(f"/v1/plans/{plan_id}/source")
        name = engine.plans[plan_id].source.name
        assert response.content == (SHIPPED_PLANS / name).read_bytes()
        assert response.headers["content-disposition"].startswith("attachment;")
        assert response.headers["content-type"].startswith("text/plain")
        assert "sandbox" in response.headers["content-security-policy"]


def test_a_source_that_changed_since_it_was_indexed_is_not_served(tmp_path):
    engine = FakeEngine()
    plan_id = next(iter(engine.plans))
    changed = tmp_path / "changed.txt"
    changed.write_text("khác")
    engine.index.sources[plan_id].path = str(changed)
    client = TestClient(create_app(engine))
    problem_of(client.get(f"/v1/plans/{plan_id}/source"), 404, "source-missing")


@pytest.mark.parametrize("part", ["", "/rows", "/notes", "/source"])
def test_an_unknown_plan_is_not_found(client, part):
    problem_of(client.get(f"/v1/plans/khong-co{part}"), 404, "unknown-plan")


def test_units_come_with_their_counts(client):
    units = client.get("/v1/units").json()
    assert units["total"] == len(units["units"])
    assert all(unit["id"] and unit["name"] and unit["counts"] for unit in units["units"])


# What HTTP refuses


def test_an_unknown_address_is_a_problem_document(client):
    problem_of(client.get("/v1/nothing"), 404, "not-found")


def test_a_wrong_method_is_a_problem_document_that_names_the_right_one(client):
    response = client.put("/v1/ask")
    problem_of(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "POST"


def test_an_unforeseen_error_is_a_problem_document_without_its_text():
    class Broken(FakeEngine):
        def suggest(self, *_arguments):
            raise RuntimeError("secret")

    client = TestClient(create_app(Broken()), raise_server_exceptions=False)
    response = client.get("/v1/suggest?q=a")
    problem_of(response, 500, "internal")
    assert "secret" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_an_index_that_breaks_while_serving_makes_the_server_unready(tmp_path):
    class Damaged(FakeEngine):
        def search(self, *_args, **_options):
            raise IndexDamaged(tmp_path, "vectors.faiss")

    client = TestClient(create_app(Damaged()))
    problem_of(client.get("/readyz"), 503, "not-ready")
    problem_of(client.get("/v1/search?q=a"), 503, "not-ready")
    assert client.get("/healthz").status_code == 200


def test_an_index_without_plans_is_not_ready():
    problem_of(TestClient(create_app(FakeEngine({}))).get("/readyz"), 503, "not-ready")


def test_a_server_with_too_much_under_way_turns_new_questions_away_but_not_its_watchers():
    client = TestClient(create_app(FakeEngine(), most_at_once=0))
    response = client.get("/v1/plans")
    problem_of(response, 503, "busy")
    assert response.headers["retry-after"] == "1"
    assert client.get("/healthz").status_code == 200


# Running the server


def test_a_server_with_an_open_index_is_ready(client, engine):
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["plans"] == len(engine.plans)


def test_metrics_count_requests_by_route_and_status(client):
    client.get("/v1/plans/khong-co")
    text = client.get("/metrics").text
    counted = 'kehoach_requests_total{method="GET",route="/v1/plans/{plan_id}",status="404"}'
    assert counted in text
    assert "khong-co" not in text
    assert "kehoach_request_seconds_bucket" in text


@pytest.mark.parametrize(
    "path", ["/", "/v1/plans", "/v1/nothing", "/static/portal.css", "/healthz"]
)
def test_every_response_carries_the_safe_headers(client, path):
    headers = client.get(path).headers
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_description_names_every_route_of_the_contract(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert {
        "/v1/ask", "/v1/search", "/v1/suggest", "/v1/compare", "/v1/plans", "/v1/plans/{plan_id}",
        "/v1/plans/{plan_id}/rows", "/v1/plans/{plan_id}/source", "/v1/plans/{plan_id}/notes",
        "/v1/units", "/v1/units/{unit_id}/duties", "/v1/deadlines", "/v1/jobs/{job_id}",
        "/v1/feedback", "/healthz", "/readyz", "/metrics",
    } <= set(paths)  # fmt: skip


def test_no_page_loads_scripts_from_outside(client):
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404


def test_many_questions_at_once_all_get_the_same_answer(server):
    from concurrent.futures import ThreadPoolExecutor

    def ask(_number):
        answer = httpx2.post(f"{server}/v1/ask", json={"question": QUESTION}, timeout=60).json()
        return json.dumps(answer["citations"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(32)))) == 1


def test_dates_on_the_wire_are_iso(client):
    for plan in client.get("/v1/plans").json()["plans"]:
        if plan["issued_on"]:
            datetime.date.fromisoformat(plan["issued_on"])


def test_two_servers_do_not_share_their_counts(engine):
    with serving(create_app(engine)) as one, serving(create_app(engine)) as other:
        httpx2.get(f"{one}/v1/plans")
        assert "/v1/plans" not in httpx2.get(f"{other}/metrics").text
