"""What an encoder costs: opening it, one question, many chunks, in a process of its own."""

from __future__ import annotations

import datetime
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from eval.bench.measure import in_a_child, resident, this_python, times_of
from eval.bench.ours import known_items, questions_about
from eval.synthetic import read_plan_of, write_plans
from indexer.chunk import chunk_plan, embedded_text
from indexer.config import Config
from indexer.embed import open_encoder

_PLANS = 30
_QUESTIONS = 1_000
# Encoded first, so that what is loaded once is not counted with one question.
_WARMING = 20
_PAGE = "encoder.md"

Figures = dict[str, Any]


def measure_encoder(name: str | None, out: Path) -> None:
    """Measure the encoder `name` (by default the one that comes along); write a page into `out`."""
    figures = in_a_child(this_python(), ("-m", "eval.bench.encoder", *([name] if name else [])))
    out.mkdir(parents=True, exist_ok=True)
    (out / _PAGE).write_text(_page(figures), encoding="utf-8")


def cost(name: str | None = None) -> Figures:
    """Open the encoder and use it; return what that took beyond the libraries it is made with."""
    before, started, clock = resident(), time.process_time(), time.perf_counter()
    encoder = open_encoder(name)
    opened, opened_wall = time.process_time() - started, time.perf_counter() - clock
    questions = questions_about(known_items(_PLANS, _QUESTIONS + _WARMING))
    for question in questions[:_WARMING]:
        encoder.encode_questions([question])
    after = resident()
    times = times_of(lambda text: encoder.encode_questions([text]), questions[_WARMING:])
    longest = min(Config().longest, encoder.longest)
    with tempfile.TemporaryDirectory() as folder:
        plans = [read_plan_of(path) for path in write_plans(Path(folder), _PLANS)]
    texts = [
        embedded_text(chunk, plan)
        for plan in plans
        for chunk in chunk_plan(plan, longest, encoder.count)
    ]
    started = time.process_time()
    encoder.encode_texts(texts)
    seconds = time.process_time() - started
    return {
        "name": encoder.name,
        "dimensions": encoder.dimensions,
        "open_cpu_s": round(opened, 2),
        "open_wall_s": round(opened_wall, 2),
        "memory_mb": round(sum(after.values()) - sum(before.values())),
        "p50": times.p50,
        "p95": times.p95,
        "wall_p50": times.wall_p50,
        "chunks": len(texts),
        "characters": round(sum(map(len, texts)) / len(texts)),
        "chunks_per_s": round(len(texts) / seconds),
    }


def _page(figures: Figures) -> str:
    rows = (
        ("opening, s of the processor (by the clock)",
         f"{figures['open_cpu_s']} ({figures['open_wall_s']})", "≤ 1"),
        ("memory after opening and 20 questions, MB", figures["memory_mb"], "≤ 150"),
        ("one question, ms: p50 / p95 (p50 by the clock)",
         f"{figures['p50']} / {figures['p95']} ({figures['wall_p50']})", "< 1"),
        (f"chunks a second ({figures['chunks']:,} of {figures['characters']} characters)",
         f"{figures['chunks_per_s']:,}", "≥ 2,000"),
    )  # fmt: skip
    return "\n".join(
        [
            f"# What the encoder `{figures['name']}` costs",
            "",
            f"Measured on {datetime.date.today():%d %B %Y} with `kehoach eval encoder`: Python "
            f"{platform.python_version()}, one thread of {os.cpu_count()} cores, load average "
            f"{os.getloadavg()[1]:.1f}; {figures['dimensions']} numbers a vector. Over what "
            "importing the libraries takes, in a process of its own. The aims are those of a "
            "static encoder.",
            "",
            "| | | aim |",
            "|---|---:|---:|",
            *(f"| {what} | {value} | {aim} |" for what, value, aim in rows),
            "",
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(cost(*sys.argv[1:2])) + "\n")
