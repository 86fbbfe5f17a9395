"""Too much at once is turned away with a time to come back; what is let in is answered."""

import asyncio
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import asynccontextmanager

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from search_api.app import create_app
from search_api.metrics import Metrics
from search_api.turns import Turns
from tests.conftest import serving
from tests.search_api.fake_engine import FakeEngine
from tests.search_api.test_app import problem_of

_ASKERS = 12
# One is answered, four wait.
_REFUSED = _ASKERS - 5


class HeldEngine(FakeEngine):
    """An engine whose suggestions wait until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()

    def suggest(self, *_arguments: object) -> tuple[str, ...]:
        self.begun.release()
        assert self.go.wait(300)
        return ()


@pytest.fixture
def full():
    """A real server with one answer held up and its line full; its engine; what was asked of it."""
    engine, metrics = HeldEngine(), Metrics()
    turns = Turns(metrics, 1, patience=300)
    with (
        ThreadPoolExecutor(_ASKERS) as askers,
        serving(create_app(engine, metrics=metrics, turns=turns)) as address,
    ):
        asked = [
            askers.submit(httpx2.get, f"{address}/v1/suggest", timeout=300) for _ in range(_ASKERS)
        ]
        try:
            refused = list(itertools.islice(as_completed(asked, timeout=120), _REFUSED))
            yield address, engine, asked, [one.result() for one in refused]
        finally:
            engine.go.set()


def counted(address: str, name: str) -> dict[str, float]:
    families = text_string_to_metric_families(httpx2.get(f"{address}/metrics").text)
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return {next(iter(sample.labels.values())): sample.value for sample in samples}


def test_a_full_server_sheds_at_once_answers_whom_it_let_in_and_recovers(full):
    address, engine, asked, refused = full
    for response in refused:
        problem_of(response, 503, "busy")
        assert response.headers["retry-after"] == "1"
    assert counted(address, "kehoach_turned_away_total")["busy"] == len(refused)
    engine.go.set()
    statuses = sorted(one.result().status_code for one in asked)
    assert statuses == [200] * (_ASKERS - _REFUSED) + [503] * _REFUSED
    assert counted(address, "kehoach_stage_seconds_count")["wait"] == _ASKERS - _REFUSED - 1
    for path in ("/v1/plans", "/", "/v1/search?q=báo chí"):
        assert httpx2.get(f"{address}{path}").status_code == 200


def test_watchers_and_files_of_the_pages_need_no_turn(full):
    for path in ("/healthz", "/readyz", "/metrics", "/static/portal.css"):
        assert httpx2.get(f"{full[0]}{path}").status_code == 200


@pytest.mark.parametrize("accepted", ["text/html", "application/json"])
def test_whoever_waits_too_long_for_a_turn_is_told_when_to_come_back(accepted):
    engine, metrics = HeldEngine(), Metrics()
    app = create_app(engine, metrics=metrics, turns=Turns(metrics, 1, patience=0.05))
    with ThreadPoolExecutor(1) as asker, serving(app) as address:
        asked = asker.submit(httpx2.get, f"{address}/v1/suggest", timeout=300)
        assert engine.begun.acquire(timeout=120)
        refused = httpx2.get(f"{address}/", headers={"Accept": accepted})
        engine.go.set()
        assert asked.result().status_code == 200
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["content-type"].startswith(
        "text/html" if accepted == "text/html" else "application/problem+json"
    )


def test_turns_are_given_in_the_order_of_the_line():
    async def take_turns() -> list[str]:
        turn, order = asynccontextmanager(Turns(Metrics(), 1).turn), []

        async def work(name: str) -> None:
            async with turn():
                order.append(name)

        async with asyncio.TaskGroup() as line, turn():
            for name in "abc":
                line.create_task(work(name))
            await asyncio.sleep(0)
            order.append("first")
            await asyncio.sleep(0)
            assert order == ["first"]
        return order

    # In a thread of its own: the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: asyncio.run(take_turns())).result() == ["first", *"abc"]
