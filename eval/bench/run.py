"""The recipe: every size of a made corpus, then the peers on the last, and a page of it all."""

from __future__ import annotations

import datetime
import json
import os
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from eval.bench.ours import measure
from eval.bench.peers import measure_peers, prepare
from eval.bench.report import write_report
from eval.bench.routes import measure_routes

_FIGURES = "figures.json"


def measure_all(
    sizes: Sequence[int],
    peers: Path | None,
    work: Path,
    out: Path,
    progress: Callable[[int, int, str], None],
) -> None:
    """Measure corpora of `sizes` made plans, and the peers on the last; write all into `out`."""
    measured: list[dict[str, Any]] = []
    for number, plans in enumerate(sizes):
        progress(number, len(sizes) + bool(peers), f"{plans} kế hoạch")
        folder = work / str(plans)
        measured.append({**measure(folder, plans), **measure_routes(folder)})
    others: dict[str, Any] = {}
    if peers:
        progress(len(sizes), len(sizes) + 1, "các thư viện khác")
        last = work / str(sizes[-1])
        others = measure_peers(last / "index", sizes[-1], prepare(peers), last)
    out.mkdir(parents=True, exist_ok=True)
    figures = json.dumps({"sizes": measured, "peers": others}, ensure_ascii=False, indent=1)
    (out / _FIGURES).write_text(figures + "\n", encoding="utf-8")
    write_report(measured, others, _about(), out)


def _about() -> str:
    return (
        f"Measured on {datetime.date.today():%d %B %Y} with `kehoach eval bench`: Python "
        f"{platform.python_version()}, {os.cpu_count()} cores, load average "
        f"{os.getloadavg()[1]:.1f}. Times are of the processor on one thread, because the machine "
        "does other work too; the plans are made by a seed (`eval/synthetic.py`), none is real."
    )
