"""What every request passes through: who calls, how often, for how long, and a note of it."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_api import access, trace
from search_api.access import Access, Caller
from search_api.errors import AccessRefused
from search_api.limits import Rates, network_of
from search_api.logs import REQUESTS
from search_api.metrics import Metrics
from search_api.problems import BUSY, TOO_LARGE, TOO_MANY, TOO_SLOW, Kind, kind_of, problem
from search_api.spans import Spans
from search_api.turns import Turns

# Bytes. A question of 1,000 characters with every filter stays under 8 KiB.
LARGEST_BODY = 64 * 1024
# Where a route declares a larger one: ``openapi_extra={LARGEST_BODY_OF_ROUTE: 50 * 1024 * 1024}``.
LARGEST_BODY_OF_ROUTE = "x-largest-body"
# Requests under way at once before new ones are turned away; not tuned.
MOST_AT_ONCE = 64
# Seconds: far beyond any answer, short enough for somebody who waits before a page; not tuned.
LONGEST = 30.0

# Bytes a second that a sender must keep up to be given more time than that: a poor mobile line.
_SLOWEST_SENDER = 16 * 1024
# Those who watch the server must get through when it is full.
ALWAYS_OPEN = frozenset({"/healthz", "/readyz", "/metrics"})
# What a page loads beside itself; it takes no turn.
FILES = "/static/"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# An id that a proxy gave: "6f1c2d3e-…"; not one that could forge a line or a header.
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")

_LOG = logging.getLogger(REQUESTS)


class Gate:
    """ASGI middleware: knows who calls, turns away what is too much, ends what takes too long."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        access: Access,
        turns: Turns,
        rates: Rates | None = None,
        spans: Spans | None = None,
        largest_body: int = LARGEST_BODY,
        most_at_once: int = MOST_AT_ONCE,
        longest: float = LONGEST,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._access = access
        self._turns = turns
        self._rates = rates
        self._spans = spans
        self._largest_body = largest_body
        self._most_at_once = most_at_once
        self._longest = longest
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, notes, status = time.perf_counter(), trace.begin(), 500
        headers = Headers(scope=scope)
        request_id = headers.get("x-request-id", "")
        if not _REQUEST_ID.match(request_id):
            request_id = uuid.uuid4().hex
        caller = self._access.caller(headers.get("authorization"))
        scope.setdefault("state", {}).update(caller=caller, request_id=request_id)

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            refusal, wait = self._refusal(scope, caller)
            if refusal:
                await problem(refusal, headers={"Retry-After": str(wait)})(scope, receive, watch)
            else:
                await self._in_time(scope, receive, watch)
        finally:
            seconds = time.perf_counter() - started
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            route = getattr(scope.get("route"), "path", "(none)")
            self._metrics.record(method, route, status, seconds, notes)
            if self._spans:
                self._spans.record(method, route, status, headers, notes)
            _LOG.info(
                "request",
                extra={
                    "fields": {
                        "id": request_id,
                        "method": method,
                        "route": route,
                        "status": status,
                        "ms": round(seconds * 1000, 1),
                        "stages_ms": {k: round(v * 1000, 1) for k, v in notes.seconds.items()},
                        "key": caller.name,
                    }
                },
            )

    def _refusal(self, scope: Scope, caller: Caller) -> tuple[Kind | None, int]:
        """Say why a request is turned away (None where it is not), and when to come back."""
        if scope["path"] in ALWAYS_OPEN:
            return None, 0
        if self._rates is not None:
            address = scope["client"][0] if scope.get("client") else ""
            wait = self._rates.wait_for(
                f"key {caller.name}" if caller.name else network_of(address)
            )
            if wait:
                self._metrics.turned_away("rate")
                return TOO_MANY, wait
        no_turn = self._turns.is_full() and not scope["path"].startswith(FILES)
        if self._under_way >= self._most_at_once or no_turn:
            self._metrics.turned_away("busy")
            return BUSY, 1
        return None, 0

    async def _in_time(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say that it takes too long: whoever sends much and fast has longer."""
        started, received = time.monotonic(), 0
        waiting = answering = over = False

        async def take() -> Message:
            nonlocal received, waiting
            announced = Headers(scope=scope).get("content-length", "")
            self._check_size(scope, int(announced) if announced.isdecimal() else 0)
            waiting = True
            message = await receive()
            waiting = False
            received += len(message.get("body", b""))
            self._check_size(scope, received)
            return message

        async def send_while_asked(message: Message) -> None:
            nonlocal answering
            if not over:
                answering = True
                await send(message)

        work = asyncio.create_task(_run(self._app, scope, take, send_while_asked))
        self._count(1)
        work.add_done_callback(self._forget)
        try:
            while not work.done():
                left = started + self._longest + received / _SLOWEST_SENDER - time.monotonic()
                if left <= 0:
                    break
                await asyncio.wait({work}, timeout=left)
        except asyncio.CancelledError:
            work.cancel()
            raise
        if work.done():
            work.result()
            return
        over = True
        if waiting:
            work.cancel()
        self._metrics.turned_away("slow")
        if not answering:
            headers = {"Connection": "close", "Retry-After": str(int(self._longest) or 1)}
            await problem(TOO_SLOW, headers=headers)(scope, receive, send)

    def _check_size(self, scope: Scope, size: int) -> None:
        """Refuse a body too large for its route; one beyond the usual is an administrator's."""
        if size <= self._largest_body:
            return
        declared = getattr(scope.get("route"), "openapi_extra", None) or {}
        if size > declared.get(LARGEST_BODY_OF_ROUTE, 0):
            raise HTTPException(TOO_LARGE.status)
        try:
            scope["state"]["caller"].check(access.Scope.ADMIN)
        except AccessRefused as error:
            # Bodies are read before dependencies are asked, and errors of reading are flattened.
            scope["state"]["refused"] = error
            raise HTTPException(kind_of(error).status) from error

    def _count(self, change: int) -> None:
        self._under_way += change
        self._metrics.under_way(change)

    def _forget(self, work: asyncio.Task[None]) -> None:
        # A thread cannot be stopped: until it ends by itself its request counts as under way.
        self._count(-1)
        if not work.cancelled():
            work.exception()


async def _run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)
