"""Every route over one index, asked twice: what grows with the number of plans would be seen."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from starlette.types import ASGIApp, Message

from eval.bench.measure import in_a_child, resident, this_python
from indexer.embed import open_encoder
from search_api.app import create_app
from search_api.engine import Engine
from search_api.live import collect_rarely

# No route is cut short here: what takes so long is to be seen.
_LONGEST = 3_600.0
# Of each kind of question one that names neither plan nor topic, so that all plans are meant.
_QUESTIONS = (
    "Sở Tài chính có trách nhiệm gì?",
    "Những thời hạn báo cáo nào?",
    "Có bao nhiêu hoạt động?",
    "Liệt kê tất cả các hoạt động",
    "Sở Y tế chủ trì những hoạt động nào?",
    "So sánh các tỉnh về tuyên truyền",
    "Ai ký các kế hoạch?",
    "Các kế hoạch căn cứ vào những văn bản nào?",
)


def measure_routes(folder: Path) -> dict[str, object]:
    """Ask every route over the index in `folder`, in a process of its own."""
    return in_a_child(this_python(), ("-m", "eval.bench.routes", str(folder)))


def addresses(engine: Engine) -> Iterator[tuple[str, str]]:
    """Yield every route that reads, under a name that is the same for every index, and its address.

    It is asked of all plans, then of those of the province that has most.
    """
    heads = engine.index.catalogue.heads.values()
    province = Counter(head.province for head in heads if head.province).most_common(1)[0][0]
    unit, plan = engine.units()[0][0], engine.index.catalogue.newest[0].id
    for path in (
        "/", "/?q=Đơn vị nào chủ trì tuyên truyền?", "/kho", "/don-vi", "/thoi-han", "/so-sanh",
        "/huong-dan-nhung", "/opensearch.xml", "/readyz", "/metrics", "/openapi.json",
        "/v1/plans", "/v1/plans?format=xlsx", "/v1/units", "/v1/deadlines", "/v1/bases",
        "/v1/compare", "/v1/suggest?q=t", "/v1/suggest?q=chuyển đ",
        "/v1/suggest?q=đơn vị nào chủ trì tập h", "/v1/search?q=báo cáo kết quả",
        *(f"/v1/ask?q={question}" for question in _QUESTIONS),
    ):  # fmt: skip
        yield path, path
    for path in ("/v1/deadlines", "/v1/bases", "/thoi-han"):
        yield f"{path}?province=…", f"{path}?province={province}"
    yield "/v1/units/…/duties", f"/v1/units/{unit}/duties"
    yield "/v1/units/…/duties?province=…", f"/v1/units/{unit}/duties?province={province}"
    yield "/plan/…", f"/plan/{plan}"
    for what in ("", "/rows", "/notes"):
        yield f"/v1/plans/…{what}", f"/v1/plans/{plan}{what}"


def ask_all(folder: Path) -> dict[str, object]:
    """Open the index below `folder` and ask every route twice; return what that took."""
    engine = Engine.open(folder / "index", open_encoder())
    collect_rarely()  # as the server does
    engine.warm()
    app = create_app(engine, longest=_LONGEST)
    asked = {}
    for name, address in addresses(engine):
        first, second = _ask(app, address), _ask(app, address)
        asked[name] = {
            "status": second["status"],
            "bytes": second["bytes"],
            **{f"first_{what}": first[what] for what in ("cpu_ms", "wall_ms")},
            **{f"second_{what}": second[what] for what in ("cpu_ms", "wall_ms")},
            "own_mb": resident()["own_mb"],
        }
    return {"routes": asked}


def _ask(app: ASGIApp, address: str) -> dict[str, Any]:
    """Send one request to `app`; return its status, how long its answer is, and what it took."""
    started, clock = time.process_time(), time.perf_counter()
    answered = asyncio.run(_answer(app, address))
    return {
        **answered,
        "cpu_ms": round((time.process_time() - started) * 1000, 1),
        "wall_ms": round((time.perf_counter() - clock) * 1000, 1),
    }


async def _answer(app: ASGIApp, address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    given = (part.partition("=") for part in parts.query.split("&") if part)
    query = urlencode([(name, value) for name, _, value in given])
    answered: dict[str, Any] = {"status": 0, "bytes": 0}

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered["status"] = message["status"]
        else:
            answered["bytes"] += len(message.get("body", b""))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50_000),
        "path": parts.path,
        "raw_path": quote(parts.path).encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1:8000")],
    }
    await app(scope, receive, send)
    return answered


if __name__ == "__main__":
    sys.stdout.write(json.dumps(ask_all(Path(sys.argv[1]))) + "\n")
