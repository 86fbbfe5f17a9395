"""A benchmark measures the real thing, on the same questions each time, and says what it found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eval.bench.encoder import measure_encoder
from eval.bench.measure import share_of, size_of, times_of
from eval.bench.ours import ask, build, known_items, questions_about
from eval.bench.report import write_report
from eval.bench.routes import ask_all
from search_api.app import create_app
from search_api.engine import Engine


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("bench")
    return {**build(folder, 2), **ask(folder, 2), **ask_all(folder)}


def test_an_index_is_built_asked_and_finds_the_rows_it_was_asked_for(measured):
    assert measured["plans"] == 2
    assert measured["chunks"] > 100
    assert measured["found_at_10"] == 1.0
    for what in ("bare", "search", "ask"):
        assert 0 < measured[what]["p50"] <= measured[what]["p95"] <= measured[what]["p99"]


def test_every_route_that_reads_is_asked_and_answers(measured, index_dir, encoder):
    routes = measured["routes"]
    assert {asked["status"] for asked in routes.values()} == {200}
    assert all(asked["bytes"] > 50 for asked in routes.values())
    asked = {name.partition("?")[0].replace("…", "{}") for name in routes}
    described = create_app(Engine.open(index_dir, encoder)).openapi()["paths"]
    reading = {re.sub(r"\{\w+\}", "{}", path) for path, ways in described.items() if "get" in ways}
    # What answers without looking anything up, what needs a file, and what is the administrator's.
    left = {"/healthz", "/v1/plans/{}/source", "/v1/jobs", "/v1/jobs/{}", "/v1/feedback"}
    assert reading - asked <= left


def test_the_page_has_every_size_and_peer_and_says_who_failed(measured, tmp_path: Path):
    peers = {
        "one": {
            "build_s": 1.0,
            "peak_mb": 10,
            "search": {"p50": 2 * measured["search"]["p50"], "p95": 3, "p99": 4},
            "found_at_1": 0.5,
            "found_at_10": 0.9,
        },
        "other": {"failed": "no memory"},
    }
    write_report([measured, measured], peers, "Measured here.", tmp_path)
    page = (tmp_path / "growth.md").read_text(encoding="utf-8")
    assert page.count(f"{measured['chunks']:,}") >= 3
    assert "| other | failed: no memory" in page
    assert "takes 2.0 times as long" in page
    assert re.search(r"\| `/v1/plans` \|( [\d,]+ / [\d,]+ \|){2} [\d.]+× \|", page)
    assert (tmp_path / "growth.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_page_of_an_encoder_says_what_opening_asking_and_embedding_cost(tmp_path: Path):
    measure_encoder(None, tmp_path)
    page = (tmp_path / "encoder.md").read_text(encoding="utf-8")
    for what in ("opening", "memory", "one question", "chunks a second"):
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {what}")]
        assert re.search(r"\| [\d.]*[1-9]", row), row


def test_questions_are_the_same_each_time_and_about_their_rows():
    items = known_items(5, 16)
    assert items == known_items(5, 16)
    assert items != known_items(5, 16, seed=2)
    for item, question in zip(items, questions_about(items), strict=True):
        assert item.province in question or item.activity[1:] in question


def test_every_item_is_timed_and_shares_are_of_the_order():
    done = []
    times = times_of(done.append, range(100))
    assert done == list(range(100))
    assert 0 <= times.p50 <= times.p99
    assert share_of([1, 2, 3, 4], 0.5) == 3
    assert share_of([1], 0.99) == 1


def test_files_are_counted_wherever_they_lie(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"x" * 1_500_000)
    (tmp_path / "c").write_bytes(b"x" * 500_000)
    assert size_of(tmp_path) == 2.0
