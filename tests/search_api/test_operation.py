"""What the server counts and writes down: enough to run it, nothing of what was asked."""

import gc
import json
import logging
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from search_api.access import Access, KeyFile, Scope
from search_api.app import create_app
from search_api.live import Live
from search_api.logs import REQUESTS, JsonLines
from search_api.trace import begin, stage
from tests.search_api.fake_engine import FakeEngine
from tests.search_api.test_access import bearer

QUESTION = "đơn vị nào chủ trì phối hợp với báo chí năm 2024?"


@pytest.fixture
def client(engine):
    return TestClient(create_app(engine))


def values(client) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every number of /metrics, by its name and the values of its labels, in their order."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_questions_are_counted_by_how_they_ended_and_why(client):
    client.post("/v1/ask", json={"question": "Ai ký kế hoạch 97/KH-UBND?"})
    client.post("/v1/ask", json={"question": "Sở Y tế Quảng Nam chủ trì hoạt động gì?"})
    counted = values(client)
    assert counted["kehoach_answers_total", ("", "answered")] == 1
    assert counted["kehoach_answers_total", ("province_not_in_corpus", "not_found")] == 1


def test_time_is_told_by_stage_and_a_stage_leaves_out_those_inside_it(client):
    # No other test asks so: what has been read is remembered.
    client.post("/v1/ask", json={"question": "Xin hỏi ai chủ trì ngày hội việc làm hai năm tới?"})
    counted = values(client)
    stages = [counted["kehoach_stage_seconds_sum", (name,)]
              for name in ("understand", "retrieve", "answer")]  # fmt: skip
    assert all(seconds > 0 for seconds in stages)
    assert sum(stages) <= counted["kehoach_request_seconds_sum", ("/v1/ask",)]


def test_a_stage_is_noted_without_those_inside_it_even_when_it_fails():
    trace = begin()
    with pytest.raises(ZeroDivisionError), stage("outer"), stage("inner"):
        raise ZeroDivisionError
    assert set(trace.seconds) == {"outer", "inner"}
    assert all(seconds >= 0 for seconds in trace.seconds.values())


def test_the_index_is_told_by_size_and_age(client, engine):
    counted = values(client)
    assert counted["kehoach_plans", ()] == len(engine.plans)
    assert counted["kehoach_chunks", ()] == len(engine.index.chunks)
    assert counted["kehoach_index_created_timestamp_seconds", ()] > 1.7e9
    assert counted["kehoach_index_is_stale", ()] == 0


def test_requests_under_way_are_counted_and_let_go(client):
    assert values(client)["kehoach_requests_under_way", ()] == 1
    assert values(client)["kehoach_requests_under_way", ()] == 1


def test_an_id_given_by_a_proxy_is_kept_and_one_that_could_forge_a_line_is_not(client):
    given = client.get("/healthz", headers={"X-Request-ID": "abc-123"})
    assert given.headers["x-request-id"] == "abc-123"
    made = client.get("/healthz", headers={"X-Request-ID": 'a"\tb'}).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", made)


def test_a_request_is_one_line_without_question_or_key(tmp_path, caplog):
    key_file = KeyFile(tmp_path / "keys.json")
    token = key_file.add("so-noi-vu", [Scope.READ])
    client = TestClient(create_app(FakeEngine(), access=Access(key_file, frozenset())))
    with caplog.at_level(logging.INFO, REQUESTS):
        client.get("/v1/search?q=bí mật&format=json", headers=bearer(token))
        client.get("/v1/units/bí mật/duties", headers=bearer(f"{token}x"))
        client.get("/bí mật")
    lines = [JsonLines().format(record) for record in caplog.records if record.name == REQUESTS]
    told = [json.loads(line) for line in lines]
    assert [(line["route"], line["status"], line["key"]) for line in told] == [
        ("/v1/search", 200, "so-noi-vu"),
        ("/v1/units/{unit_id}/duties", 401, None),
        ("(none)", 404, None),
    ]
    assert not any("bí mật" in line or "kehoach_" in line for line in lines)


def test_an_error_is_written_down_by_type_and_place_without_its_text(caplog):
    class Broken(FakeEngine):
        def suggest(self, prefix, _count):
            raise RuntimeError(prefix)

    client = TestClient(create_app(Broken()), raise_server_exceptions=False)
    response = client.get("/v1/suggest?q=bí mật")
    record = next(record for record in caplog.records if record.name == "kehoach.errors")
    line = json.loads(JsonLines().format(record))
    assert line["error"] == "RuntimeError"
    assert line["id"] == response.headers["x-request-id"]
    assert any("suggest" in place for place in line["at"])
    assert not any("bí mật" in JsonLines().format(record) for record in caplog.records)


def test_no_question_waits_until_all_that_is_remembered_was_collected(engine):
    Live(engine, create_app)
    before = gc.get_stats()[2]["collections"]
    for number in range(60):
        engine.ask(f"Đơn vị nào chủ trì hoạt động {number} về phối hợp báo chí?")
    assert gc.get_stats()[2]["collections"] == before
