"""What one request went through: its stages with their times, and how its question ended."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple


class Stage(NamedTuple):
    """One stage: how many others it is inside of, and when it was, in ns of `perf_counter_ns`."""

    name: str
    depth: int
    began_ns: int
    ended_ns: int


@dataclass(slots=True)
class Trace:
    """Notes of one request; `seconds` of a stage are without those of the stages inside it.

    `stages` are in the order in which they ended.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    status: str | None = None
    reason: str | None = None
    began_ns: int = field(default_factory=time.perf_counter_ns)
    stages: list[Stage] = field(default_factory=list)
    depth: int = 0


_CURRENT: ContextVar[Trace | None] = ContextVar("trace", default=None)


def begin() -> Trace:
    """Return the notes that `stage` and `ended` write to from here on."""
    trace = Trace()
    _CURRENT.set(trace)
    return trace


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Note when the block, or the function it decorates, begins and ends."""
    trace = _CURRENT.get()
    if trace is None:
        yield
        return
    before, began_ns = sum(trace.seconds.values()), time.perf_counter_ns()
    trace.depth += 1
    try:
        yield
    finally:
        trace.depth -= 1
        ended_ns = time.perf_counter_ns()
        inside = sum(trace.seconds.values()) - before
        own = (ended_ns - began_ns) / 1e9 - inside
        trace.seconds[name] = trace.seconds.get(name, 0.0) + own
        trace.stages.append(Stage(name, trace.depth, began_ns, ended_ns))


def ended(status: str, reason: str | None) -> None:
    """Note whether the question was answered, and if not, why."""
    trace = _CURRENT.get()
    if trace is not None:
        trace.status, trace.reason = status, reason
