"""Traces tell where the time of a request went, and nothing of what was asked or by which key."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import quote

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from starlette.testclient import TestClient

from search_api.access import Access, KeyFile, Scope
from search_api.app import create_app
from search_api.spans import Spans
from tests.conftest import running
from tests.search_api.test_access import bearer

QUESTION = "đơn vị nào chủ trì bi-mat-quoc-gia với báo chí năm 2024?"


@pytest.fixture
def traced(engine, tmp_path):
    """A client with a key, that key, and a function that returns the spans so far."""
    exporter = InMemorySpanExporter()
    spans = Spans(exporter)
    key_file = KeyFile(tmp_path / "keys.json")
    key = key_file.add("so-noi-vu", [Scope.READ])
    app = create_app(engine, access=Access(key_file, frozenset()), spans=spans)

    def finished():
        spans.flush()
        return exporter.get_finished_spans()

    return TestClient(app, headers=bearer(key)), key, finished


def test_a_question_is_a_span_with_its_stages_inside(traced):
    client, _, finished = traced
    client.post("/v1/ask", json={"question": QUESTION})
    spans = {span.name: span for span in finished()}
    request, answer = spans["POST /v1/ask"], spans["answer"]
    assert {"understand", "retrieve", "encode", "lexical", "dense"} <= set(spans)
    assert request.attributes["http.response.status_code"] == 200
    assert answer.parent.span_id == request.context.span_id
    assert spans["understand"].parent.span_id == answer.context.span_id
    assert spans["lexical"].parent.span_id == spans["retrieve"].context.span_id
    for name in set(spans) - {"POST /v1/ask"}:
        assert request.start_time <= spans[name].start_time <= spans[name].end_time
        assert spans[name].end_time <= request.end_time


def test_no_span_holds_what_was_asked_or_the_key(traced):
    client, key, finished = traced
    client.post("/v1/ask", json={"question": QUESTION})
    client.get("/v1/search", params={"q": QUESTION})
    client.get("/", params={"q": QUESTION}, headers={"tracestate": "a=b"})
    client.get(f"/v1/units/{quote(QUESTION)}/duties")
    told = " ".join(span.to_json() for span in finished())
    assert "GET /v1/units/{unit_id}/duties" in told
    for secret in ("bi-mat", "b\\u00e1o", "báo", key, "so-noi-vu"):
        assert secret not in told


def test_a_request_belongs_to_the_trace_of_whoever_sent_it_on(traced):
    client, _, finished = traced
    trace_id, parent_id = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    client.get("/v1/plans", headers={"traceparent": f"00-{trace_id}-{parent_id}-01"})
    client.get("/v1/plans", headers={"traceparent": "nonsense"})
    first, second = (span for span in finished() if span.name == "GET /v1/plans")
    assert format(first.context.trace_id, "032x") == trace_id
    assert format(first.parent.span_id, "016x") == parent_id
    assert second.parent is None


def test_a_refusal_tells_its_reason_and_a_failure_is_an_error(engine, traced, monkeypatch):
    client, _, finished = traced
    client.post("/v1/ask", json={"question": "Sở Y tế Quảng Nam chủ trì hoạt động gì?"})
    (span,) = (span for span in finished() if span.name == "POST /v1/ask")
    assert span.attributes["kehoach.reason"] == "province_not_in_corpus"
    assert span.status.status_code is StatusCode.UNSET
    monkeypatch.setattr(engine, "suggest", None)
    with pytest.raises(TypeError):
        client.get("/v1/suggest?q=a")
    (failed,) = (span for span in finished() if span.name == "GET /v1/suggest")
    assert failed.status.status_code is StatusCode.ERROR


def test_a_running_server_sends_its_traces_where_it_is_told(index_dir, tmp_path):
    received, arrived = [], threading.Event()

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()
            arrived.set()

        def log_message(self, *_arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{collector.server_port}/v1/traces"
        plain = {"OTEL_EXPORTER_OTLP_COMPRESSION": "none", "KEHOACH_TRACES": url}
        with running(index_dir, tmp_path / "log", **plain) as address:
            httpx2.get(f"{address}/v1/plans")
            assert arrived.wait(60)
        collector.shutdown()
    sent = ExportTraceServiceRequest.FromString(received[0]).resource_spans[0]
    assert ("service.name", "kehoach") in [
        (one.key, one.value.string_value) for one in sent.resource.attributes
    ]
    assert sent.scope_spans[0].spans


def test_nothing_of_opentelemetry_is_loaded_and_no_trace_of_others_is_made_unless_asked():
    code = """
import sys
from opentelemetry import trace
from starlette.testclient import TestClient
from search_api.app import create_app
from tests.search_api.fake_engine import FakeEngine
client = TestClient(create_app(FakeEngine()))
client.get("/v1/search?q=b")
assert not any(name.startswith("opentelemetry.sdk") for name in sys.modules)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
everything = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(everything))
trace.set_tracer_provider(provider)
client.get("/v1/search?q=b")
print(len(everything.get_finished_spans()))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=os.environ | {"FASTAPI_OTEL_AUTO_CONFIGURE": "true"},
    )  # fmt: skip
    assert done.stdout.strip() == "0"
