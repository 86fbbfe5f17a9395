"""The server as it is run: its workers, its patience with slow callers, its logs."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kehoach.parts import open_server
from search_api.logs import logging_config

if TYPE_CHECKING:
    from starlette.types import ASGIApp

# Seconds in which the head of a request must have come; browsers send it at once. Whoever only
# dribbles would otherwise keep a connection for ever.
_HEAD_WITHIN = 10.0
# Connections of one worker, most of them idle browsers; more are refused with 503.
_MOST_CONNECTIONS = 1_000
# Seconds that answers under way are given when the server is told to stop.
_LAST_ANSWERS = 10


def serve(app: ASGIApp, index: Path, host: str, port: int, workers: int) -> None:
    """Serve `app` until told to stop; or several workers of it, each replaced when it dies."""
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "http": Http,
        "ws": "none",
        "log_config": logging_config(),
        "access_log": False,
        "server_header": False,
        "limit_concurrency": _MOST_CONNECTIONS,
        "timeout_graceful_shutdown": _LAST_ANSWERS,
    }
    if workers == 1:
        uvicorn.run(app, **options)
        return
    os.environ["KEHOACH_INDEX"] = str(index)
    with tempfile.TemporaryDirectory(prefix="kehoach-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        uvicorn.run("kehoach.serving:application", factory=True, workers=workers, **options)


def application() -> ASGIApp:
    """Return what one of several workers serves."""
    return open_server(Path(os.environ["KEHOACH_INDEX"]))[0]


class Http(H11Protocol):
    """HTTP/1.1 that hangs up on whoever does not get the head of a request across."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        # Head and body are two writes; unless told so the second waits 40 ms for the first to be
        # acknowledged. asyncio tells by itself only where it made the socket.
        connected: socket.socket = transport.get_extra_info("socket")
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Stop waiting once a request has begun."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        self._wait_for_head()
        super().on_response_complete()

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(_HEAD_WITHIN, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
