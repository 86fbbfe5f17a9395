"""What one request went through: seconds by stage, and how its question ended."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class Trace:
    """Notes of one request; `seconds` of a stage are without those of the stages inside it."""

    seconds: dict[str, float] = field(default_factory=dict)
    status: str | None = None
    reason: str | None = None


_CURRENT: ContextVar[Trace | None] = ContextVar("trace", default=None)


def begin() -> Trace:
    """Return the notes that `stage` and `ended` write to from here on."""
    trace = Trace()
    _CURRENT.set(trace)
    return trace


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Note how long the block, or the function it decorates, takes."""
    trace = _CURRENT.get()
    if trace is None:
        yield
        return
    before, started = sum(trace.seconds.values()), time.perf_counter()
    try:
        yield
    finally:
        inside = sum(trace.seconds.values()) - before
        own = time.perf_counter() - started - inside
        trace.seconds[name] = trace.seconds.get(name, 0.0) + own


def ended(status: str, reason: str | None) -> None:
    """Note whether the question was answered, and if not, why."""
    trace = _CURRENT.get()
    if trace is not None:
        trace.status, trace.reason = status, reason
