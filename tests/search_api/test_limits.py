"""Nobody takes more than their share: how often, how long, how much at once."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import Depends
from starlette.testclient import TestClient

from search_api.access import WITHOUT_KEYS, Access, KeyFile, Scope, require
from search_api.app import create_app
from search_api.gate import LARGEST_BODY_OF_ROUTE
from search_api.limits import Rates, network_of
from tests.search_api.fake_engine import FakeEngine
from tests.search_api.test_access import bearer
from tests.search_api.test_app import problem_of


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_burst_is_let_through_and_then_as_many_as_the_rate_allows(clock):
    rates = Rates(2, clock=clock)
    assert [rates.wait_for("a") for _ in range(10)] == [0] * 10
    assert rates.wait_for("a") == 1
    clock.now = 1
    assert [rates.wait_for("a") for _ in range(3)] == [0, 0, 1]


def test_what_is_told_to_wait_is_enough(clock):
    rates = Rates(0.1, clock=clock)
    assert rates.wait_for("a") == 0
    wait = rates.wait_for("a")
    clock.now = wait
    assert rates.wait_for("a") == 0


def test_one_caller_does_not_use_up_the_share_of_another(clock):
    rates = Rates(1, clock=clock)
    while not rates.wait_for("a"):
        pass
    assert rates.wait_for("b") == 0


def test_a_million_callers_do_not_fill_the_memory(clock):
    rates = Rates(1, most_callers=100, clock=clock)
    for number in range(1_000):
        rates.wait_for(str(number))
    assert len(rates) == 100


def test_a_clock_that_stands_still_gives_no_tokens_and_takes_none(clock):
    rates = Rates(1, clock=clock)
    assert sum(rates.wait_for("a") == 0 for _ in range(50)) == 5


def test_all_addresses_of_one_network_are_one_caller():
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1")


def test_whoever_asks_too_often_is_told_when_to_come_back():
    client = TestClient(create_app(FakeEngine(), rate=0.01))
    assert client.get("/v1/plans").status_code == 200
    refused = client.get("/v1/plans")
    problem_of(refused, 429, "too-many-requests")
    assert 60 < int(refused.headers["retry-after"]) <= 100
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert client.get("/healthz").status_code == 200
    assert 'kehoach_turned_away_total{why="rate"}' in client.get("/metrics").text


def test_a_key_has_a_share_of_its_own(tmp_path):
    key_file = KeyFile(tmp_path / "keys.json")
    one, other = key_file.add("one", [Scope.READ]), key_file.add("other", [Scope.READ])
    client = TestClient(create_app(FakeEngine(), access=Access(key_file), rate=0.01))
    while client.get("/v1/plans", headers=bearer(one)).status_code == 200:
        pass
    assert client.get("/v1/plans", headers=bearer(other)).status_code == 200


class SlowEngine(FakeEngine):
    """An engine whose suggestions wait until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def suggest(self, *_arguments: object) -> tuple[str, ...]:
        self.go.wait(30)
        return ()


def test_what_takes_too_long_is_ended_and_told():
    engine = SlowEngine()
    with TestClient(create_app(engine, longest=0.2)) as client:
        response = client.get("/v1/suggest?q=a")
        problem_of(response, 503, "too-slow")
        assert response.headers["retry-after"]
        engine.go.set()


def test_work_that_goes_on_after_its_time_still_counts_as_under_way():
    engine = SlowEngine()
    with TestClient(create_app(engine, longest=0.2, most_at_once=1)) as client:
        assert client.get("/v1/suggest?q=a").status_code == 503
        problem_of(client.get("/v1/plans"), 503, "busy")
        engine.go.set()
        deadline = time.monotonic() + 10
        while client.get("/v1/plans").status_code != 200:
            assert time.monotonic() < deadline


def send_slowly(app, chunks, pause):
    """Send a body chunk by chunk to the application; return the status of its response."""
    sent = iter(chunks)
    told = []

    async def receive():
        await asyncio.sleep(pause)
        chunk = next(sent, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    async def send(message):
        told.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/v1/ask", "raw_path": b"/v1/ask",
        "query_string": b"", "headers": [(b"content-type", b"application/json")],
        "http_version": "1.1", "scheme": "http", "client": ("127.0.0.1", 1), "server": ("a", 80),
        "root_path": "", "asgi": {"version": "3.0"},
    }  # fmt: skip
    # In a thread of its own: the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    return told[0]["status"]


def test_a_body_that_only_drips_in_is_ended():
    app = create_app(FakeEngine(), longest=0.2)
    assert send_slowly(app, (b" " for _ in range(1_000)), 0.02) == 503


def test_a_body_that_comes_fast_enough_has_longer():
    app = create_app(FakeEngine(), longest=0.5)
    asked = b'{"question": "b\xc3\xa1o ch\xc3\xad"}'
    assert send_slowly(app, [b" " * 8_000] * 6 + [asked], 0.1) == 200


def client_with_large_route(access: Access) -> TestClient:
    app = create_app(FakeEngine(), access=access, largest_body=100)
    declared = {LARGEST_BODY_OF_ROUTE: 1_000}

    @app.post("/large", openapi_extra=declared, dependencies=[Depends(require(Scope.ADMIN))])
    def large(body: dict[str, str]) -> int:
        return len(body["a"])

    return TestClient(app)


def test_a_route_may_declare_a_larger_body(tmp_path):
    key_file = KeyFile(tmp_path / "keys.json")
    headers = bearer(key_file.add("a", [Scope.ADMIN]))
    client = client_with_large_route(Access(key_file))
    assert client.post("/large", json={"a": "x" * 800}, headers=headers).json() == 800
    for body in ({"a": "x" * 1_000}, {"a": "x" * 100_000}):
        problem_of(client.post("/large", json=body, headers=headers), 413, "too-large")
    problem_of(client.post("/v1/ask", json={"question": "x" * 800}), 413, "too-large")


def test_a_large_body_of_nobody_in_particular_is_refused_unread(tmp_path):
    key_file = KeyFile(tmp_path / "keys.json")
    reader = bearer(key_file.add("a", [Scope.READ]))
    client = client_with_large_route(Access(key_file))
    problem_of(client.post("/large", content=b" " * 900), 401, "unauthorised")
    problem_of(client.post("/large", content=b" " * 900, headers=reader), 403, "forbidden")
    told = client_with_large_route(WITHOUT_KEYS).post("/large", content=b" " * 900)
    assert "kehoach keys add" in problem_of(told, 403, "forbidden")["detail"]
