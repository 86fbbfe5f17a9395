"""Too much at once is turned away with a time to come back; what is let in is answered."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
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


class HeldEngine(FakeEngine):
    """An engine whose suggestions wait until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()

    def suggest(self, *_arguments: object) -> tuple[str, ...]:
        self.begun.release()
        assert self.go.wait(60)
        return ()


@pytest.fixture
def held():
    """A real server that answers two questions at once, both of them held up; and its engine."""
    engine, metrics = HeldEngine(), Metrics()
    with (
        ThreadPoolExecutor(2) as askers,
        serving(create_app(engine, metrics=metrics, turns=Turns(metrics, 2))) as address,
    ):
        asked = [askers.submit(httpx2.get, f"{address}/v1/suggest", timeout=90) for _ in range(2)]
        for _ in asked:
            assert engine.begun.acquire(timeout=60)
        try:
            yield address, engine, asked
        finally:
            engine.go.set()


def counted(address: str, name: str) -> dict[str, float]:
    families = text_string_to_metric_families(httpx2.get(f"{address}/metrics").text)
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return {next(iter(sample.labels.values())): sample.value for sample in samples}


def test_a_server_with_its_hands_full_sheds_and_recovers_at_once(held):
    address, engine, asked = held
    for number in range(1, 4):
        refused = httpx2.get(f"{address}/v1/plans")
        problem_of(refused, 503, "busy")
        assert refused.headers["retry-after"] == "1"
        assert counted(address, "kehoach_turned_away_total")["busy"] == number
    engine.go.set()
    assert [one.result().status_code for one in asked] == [200, 200]
    for path in ("/v1/plans", "/", "/v1/search?q=báo chí"):
        assert httpx2.get(f"{address}{path}").status_code == 200


def test_a_page_of_a_full_server_is_a_page_that_says_when_to_come_back(held):
    refused = httpx2.get(f"{held[0]}/", headers={"Accept": "text/html"})
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"
    assert "Máy chủ đang bận" in refused.text


def test_watchers_and_files_of_the_pages_need_no_turn(held):
    for path in ("/healthz", "/readyz", "/metrics", "/static/portal.css"):
        assert httpx2.get(f"{held[0]}{path}").status_code == 200


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


def test_a_line_that_stays_is_cut_short_until_there_has_been_none_for_a_moment():
    turns = Turns(Metrics())
    times = [number / 100 for number in range(100)]
    patience = [turns.patience(now) for now in times]
    burst, standing = patience[0], patience[-1]
    assert standing < burst
    assert patience == [burst if now <= burst else standing for now in times]
    assert turns.patience(times[-1] + 1) == burst


def test_lines_with_breaks_between_them_are_bursts():
    turns = Turns(Metrics())
    assert len({turns.patience(number / 5) for number in range(100)}) == 1
