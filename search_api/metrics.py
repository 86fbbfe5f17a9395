"""What the server counts, for Prometheus; no question and no key is ever a label."""

from __future__ import annotations

import datetime
import os
from collections import Counter as Tally
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from search_api.engine import Engine
from search_api.trace import Trace

# Seconds; the promised 50 ms is one of the borders.
_BORDERS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
# Set by whoever starts several workers: the folder in which they add up what they count.
_SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """Counts of one application; several workers of it add up where the environment says."""

    content_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "kehoach_requests", "Requests answered.", ["method", "route", "status"],
            registry=registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "kehoach_request_seconds", "Time to answer.", ["route"], buckets=_BORDERS,
            registry=registry,
        )  # fmt: skip
        self._stages = Histogram(
            "kehoach_stage_seconds", "Time spent in a stage of answering.", ["stage"],
            buckets=_BORDERS, registry=registry,
        )  # fmt: skip
        self._answers = Counter(
            "kehoach_answers", "Questions answered or refused, and why.", ["status", "reason"],
            registry=registry,
        )  # fmt: skip
        self._turned_away = Counter(
            "kehoach_turned_away", "Requests refused before anybody looked at them.", ["why"],
            registry=registry,
        )  # fmt: skip
        self._under_way = Gauge(
            "kehoach_requests_under_way", "Requests being answered now.",
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self._rephrasings = Gauge(
            "kehoach_rephrasings", "Calls of the language model, and its sentences.", ["outcome"],
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self._index = {
            name: Gauge(f"kehoach_{name}", what, registry=registry, multiprocess_mode="mostrecent")
            for name, what in (
                ("plans", "Plans in the open index."),
                ("chunks", "Sections and rows in the open index."),
                ("index_created_timestamp_seconds", "When the oldest open index was built."),
                ("index_is_stale", "1 while a newer index is published but not yet open."),
            )
        }

    def under_way(self, change: int) -> None:
        """Count a request that begins (1) or ends (-1)."""
        self._under_way.inc(change)

    def turned_away(self, why: str) -> None:
        """Count a request refused: "busy", "rate", "slow", "host" or "origin"."""
        self._turned_away.labels(why).inc()

    def record(self, method: str, route: str, status: int, seconds: float, trace: Trace) -> None:
        """Count one finished request and what it went through."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)
        for name, took in trace.seconds.items():
            self._stages.labels(name).observe(took)
        if trace.status:
            self._answers.labels(trace.status, trace.reason or "").inc()

    def exposition(self, engines: Sequence[Engine]) -> bytes:
        """Return everything in the Prometheus text format, of every worker and every index."""
        made = [engine.index.manifest for engine in engines]
        oldest = min(datetime.datetime.fromisoformat(one.created_at).timestamp() for one in made)
        for name, value in (
            ("plans", sum(one.plans for one in made)),
            ("chunks", sum(one.chunks for one in made)),
            ("index_created_timestamp_seconds", oldest),
            ("index_is_stale", any(engine.index.is_stale for engine in engines)),
        ):
            self._index[name].set(value)
        rephrasings = sum((Tally(engine.rephrasings) for engine in engines), Tally())
        for outcome, count in rephrasings.items():
            self._rephrasings.labels(outcome).set(count)
        if not os.environ.get(_SHARED_FOLDER):
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
