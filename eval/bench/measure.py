"""Times, memory and disk of one piece of work, measured so that a busy machine disturbs little."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one question: half, 95 and 99 of 100 take no longer.

    Of the processor, which a busy machine lengthens least; `wall_p50` is by the clock.
    """

    p50: float
    p95: float
    p99: float
    wall_p50: float


def times_of(work: Callable[[Item], object], items: Sequence[Item]) -> Times:
    """Do `work` on each item and return how long one takes."""
    cpu, wall = [], []
    for item in items:
        started, clock = time.process_time(), time.perf_counter()
        work(item)
        cpu.append((time.process_time() - started) * 1000)
        wall.append((time.perf_counter() - clock) * 1000)
    cpu.sort()
    wall.sort()
    p50, p95, p99 = (round(share_of(cpu, share), 2) for share in (0.5, 0.95, 0.99))
    return Times(p50, p95, p99, round(share_of(wall, 0.5), 2))


def share_of(ordered: Sequence[float], share: float) -> float:
    """Return the value that `share` of the ordered values do not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def resident() -> dict[str, float]:
    """Return the megabytes this process has in memory: its own, and mapped files it may share."""
    values = {}
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name in ("RssAnon", "RssFile"):
            values[name] = int(value.split()[0]) / 1024
    return {"own_mb": round(values["RssAnon"]), "mapped_mb": round(values["RssFile"])}


def size_of(folder: Path) -> float:
    """Return the megabytes of all files below `folder`."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return round(sum(path.stat().st_size for path in files) / 1e6, 1)


def in_a_child(python: Path, script: Sequence[str], **environment: str) -> dict[str, Any]:
    """Run a module or file in a process of its own, with one thread; return the JSON it prints."""
    done = subprocess.run(  # noqa: S603 - our own scripts
        [str(python), *script],
        env={
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "TOKENIZERS_PARALLELISM": "false",
            **environment,
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def this_python() -> Path:
    """Return the interpreter that runs this."""
    return Path(sys.executable)
