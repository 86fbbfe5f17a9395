"""What every request passes through: who calls, size, load, and a count of what happened."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_api.access import Access
from search_api.problems import BUSY, TOO_LARGE, problem

# Bytes. A question of 1,000 characters with every filter stays under 8 KiB.
LARGEST_BODY = 64 * 1024
# Requests under way at once before new ones are turned away; not tuned.
MOST_AT_ONCE = 64

# Those who watch the server must get through when it is full.
_ALWAYS_OPEN = frozenset({"/healthz", "/readyz", "/metrics"})
# Seconds; the promised 50 ms is one of the borders.
_BORDERS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Traffic:
    """Counts of finished requests by route and status, and of their seconds by route."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: Counter[tuple[str, float]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self.under_way = 0

    def record(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one finished request."""
        with self._lock:
            self._requests[method, route, status] += 1
            self._seconds[route] += seconds
            for border in _BORDERS:
                if seconds <= border:
                    self._buckets[route, border] += 1

    def exposition(self, plans: int) -> str:
        """Return everything in the Prometheus text format, version 0.0.4."""
        with self._lock:
            lines = [
                "# HELP kehoach_plans Plans in the open index.",
                "# TYPE kehoach_plans gauge",
                f"kehoach_plans {plans}",
                "# HELP kehoach_requests_under_way Requests being answered now.",
                "# TYPE kehoach_requests_under_way gauge",
                f"kehoach_requests_under_way {self.under_way}",
                "# HELP kehoach_requests_total Requests answered.",
                "# TYPE kehoach_requests_total counter",
                *(
                    f'kehoach_requests_total{{method="{method}",route="{route}",'
                    f'status="{status}"}} {count}'
                    for (method, route, status), count in sorted(self._requests.items())
                ),
                "# HELP kehoach_request_seconds Time to answer.",
                "# TYPE kehoach_request_seconds histogram",
            ]
            for route, seconds in sorted(self._seconds.items()):
                name = "kehoach_request_seconds"
                count = sum(n for (_, r, _), n in self._requests.items() if r == route)
                lines += [
                    f'{name}_bucket{{route="{route}",le="{border}"}} {self._buckets[route, border]}'
                    for border in _BORDERS
                ]
                lines += [
                    f'{name}_bucket{{route="{route}",le="+Inf"}} {count}',
                    f'{name}_sum{{route="{route}"}} {seconds:.6f}',
                    f'{name}_count{{route="{route}"}} {count}',
                ]
        return "\n".join(lines) + "\n"


class Gate:
    """ASGI middleware that refuses what is too large or too much, and tells who calls.

    The body is read here, before any handler: it is small by law, and a refusal is then always a
    problem document.
    """

    def __init__(
        self,
        app: ASGIApp,
        traffic: Traffic,
        access: Access,
        largest_body: int = LARGEST_BODY,
        most_at_once: int = MOST_AT_ONCE,
    ) -> None:
        self._app = app
        self._traffic = traffic
        self._access = access
        self._largest_body = largest_body
        self._most_at_once = most_at_once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._traffic.under_way += 1
        try:
            await self._answer(scope, receive, watch)
        finally:
            self._traffic.under_way -= 1
            self._traffic.record(
                scope["method"] if scope["method"] in _METHODS else "OTHER",
                getattr(scope.get("route"), "path", "(none)"),
                status,
                time.perf_counter() - started,
            )

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._traffic.under_way > self._most_at_once and scope["path"] not in _ALWAYS_OPEN:
            await problem(BUSY, headers={"Retry-After": "1"})(scope, receive, send)
            return
        caller = self._access.caller(Headers(scope=scope).get("authorization"))
        scope.setdefault("state", {})["caller"] = caller
        body = await self._read(scope, receive)
        if body is None:
            await problem(TOO_LARGE, headers={"Connection": "close"})(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > self._largest_body:
            return None
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                break
            body += message.get("body", b"")
            if len(body) > self._largest_body:
                return None
            more = message.get("more_body", False)
        return bytes(body)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives `body` once and then whatever the server says."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
