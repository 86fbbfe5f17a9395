"""A real server over a made corpus, under the load it is meant for, under twice that, and after."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import json
import os
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from eval.bench.load import load
from eval.bench.measure import in_a_child, this_python
from eval.bench.ours import known_items, questions_about, words_for

# Requests a second that two cores are meant to answer at 100,000 chunks.
_AIMS = {"search": 300.0, "ask": 150.0}
# Shares of the aim, in turn: nobody waits; the aim; twice of it; and is all well again?
_STEPS = (0.1, 1.0, 2.0, 0.5)
# Enough that few are asked twice; more than an engine remembers.
_DIFFERENT = 3_000
# Workers open their index at the first request, and files are mapped.
_WARMING_SECONDS = 5.0
_READY_WITHIN = 120.0
_ENGINE_STAGES = ("understand", "encode", "lexical", "dense", "retrieve", "answer")
# `kehoach_stage_seconds_sum{stage="answer"} 1.25`
_SUM = re.compile(r'^kehoach_(?:request|stage)_seconds_sum\{\w+="([^"]+)"\} (\S+)$', re.M)
_PAGE, _FIGURES = "serving.md", "serving.json"

Figures = dict[str, Any]


def measure_serving(
    plans: int,
    workers: int,
    seconds: float,
    work: Path,
    out: Path,
    progress: Callable[[int, int, str], None],
) -> None:
    """Serve a corpus of `plans` made plans, load it, and write what was seen into `out`."""
    folder = work / str(plans)
    built = in_a_child(this_python(), ("-m", "eval.bench.ours", str(folder), str(plans), "build"))
    requests = _requests(plans)
    loads: list[Figures] = []
    with _server(folder / "index", workers) as port:
        for kind, of_kind in requests.items():
            asyncio.run(load(port, of_kind, _AIMS[kind] * _STEPS[0], _WARMING_SECONDS, seed=2))
            for step in _STEPS:
                progress(len(loads), len(requests) * len(_STEPS), f"{kind}, {step:g} lần mức đặt")
                before = _seconds_spent(port)
                seen = asyncio.run(load(port, of_kind, _AIMS[kind] * step, seconds))
                spent = {k: v - before.get(k, 0.0) for k, v in _seconds_spent(port).items()}
                engine = sum(spent.get(stage, 0.0) for stage in _ENGINE_STAGES)
                whole = spent[f"/v1/{kind}"] - spent.get("wait", 0.0)
                ratio = round(whole / engine, 2)
                loads.append(
                    {"kind": kind, "of_aim": step, **dataclasses.asdict(seen), "over_engine": ratio}
                )
    figures = {"built": built, "workers": workers, "seconds": seconds, "loads": loads}
    out.mkdir(parents=True, exist_ok=True)
    (out / _FIGURES).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (out / _PAGE).write_text(_page(figures), encoding="utf-8")


def _requests(plans: int) -> dict[str, list[bytes]]:
    items = known_items(plans, _DIFFERENT, seed=3)
    return {
        "search": [_get(f"/v1/search?q={quote(words_for(item))}") for item in items],
        "ask": [_post("/v1/ask", {"question": text}) for text in questions_about(items)],
    }


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def _post(path: str, document: object) -> bytes:
    body = json.dumps(document, ensure_ascii=False).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def _server(index: Path, workers: int) -> Iterator[int]:
    """Run ``kehoach serve`` over `index` while the block runs; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    serve = ("-m", "kehoach", "serve", "--port", str(port), "--workers", str(workers))
    # One caller sends it all; a thread of each library is enough where workers share the cores.
    surroundings = {"KEHOACH_INDEX": str(index), "KEHOACH_RATE": "0", "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(  # noqa: S603 - our own program
        [str(this_python()), *serve],
        env=os.environ | surroundings,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            deadline = time.monotonic() + _READY_WITHIN
            while not _is_ready(port):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(
                        f"it does not start: KEHOACH_INDEX={index} {' '.join(serve)}"
                    )
                time.sleep(0.2)
            yield port
        finally:
            server.terminate()


def _is_ready(port: int) -> bool:
    try:
        return b"ready" in _read(port, "/readyz")
    except OSError:
        return False


def _seconds_spent(port: int) -> dict[str, float]:
    """Return the seconds that requests took so far, by route, and by stage of answering them."""
    text = _read(port, "/metrics").decode()
    return {name: float(value) for name, value in _SUM.findall(text)}


def _read(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as response:
        content: bytes = response.read()
    return content


def _page(figures: Figures) -> str:
    built = figures["built"]
    about = (
        f"Measured on {datetime.date.today():%d %B %Y} with `kehoach eval load`: "
        f"{built['chunks']:,} chunks, {figures['workers']} workers, {os.cpu_count()} cores shared "
        f"with the client and whatever else ran (load average {os.getloadavg()[1]:.1f}), "
        f"{figures['seconds']:g} s each. Requests arrive at random times whether or not the server "
        "keeps up, and no question comes twice in a step as long as there are others. Times are of "
        "answered requests, from when they were due. *Over engine* is the time inside the server, "
        "without waiting for a turn, over that inside the engine."
    )
    head = (
        "| | of the aim | offered/s | answered/s | shed/s | failed/s | p50 / p95 / p99, ms | "
        "p99 of shed, ms | over engine |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    return "\n\n".join(["# Serving", about, "\n".join([head, *_rows(figures["loads"])])]) + "\n"


def _rows(loads: Sequence[Figures]) -> list[str]:
    return [
        f"| {one['kind']} | {one['of_aim']:g}× | {one['offered']} | {one['answered']} | "
        f"{one['shed']} | {one['failed']} | {one['p50']} / {one['p95']} / {one['p99']} | "
        f"{one['shed_p99']} | {one['over_engine']} |"
        for one in loads
    ]
