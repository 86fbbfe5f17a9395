"""Requests that arrive at a server when they will, whether or not it keeps up."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from eval.bench.measure import share_of

# Seconds that the last answers are waited for; whoever has none then has waited too long.
_PATIENCE = 10.0
_SHED = frozenset({429, 503})
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
_LATER = re.compile(rb"\r\nretry-after: *\d+", re.I)


@dataclass(frozen=True, slots=True)
class Load:
    """What became of the requests of one run; times in ms, from when a request was due.

    `shed` were turned away with a time to come back, `failed` got another answer or none.
    """

    offered: float
    answered: float
    shed: float
    failed: float
    p50: float
    p95: float
    p99: float
    shed_p99: float
    client_share: float


async def load(
    port: int, requests: Sequence[bytes], rate: float, seconds: float, seed: int = 1
) -> Load:
    """Send `requests` to our own machine, `rate` a second at random times; return what came back.

    Nobody waits for an answer before the next request is sent (an open loop), so a server that
    slows down gets no fewer of them.
    """
    draw = random.Random(seed)  # noqa: S311 - to repeat a run, nothing secret
    loop = asyncio.get_running_loop()
    free: list[_Connection] = []
    outcomes: list[tuple[int, float]] = []
    under_way = set()

    async def send(request: bytes, due: float) -> None:
        status = 0
        try:
            # One that was idle may have been hung up on a moment ago.
            while free and not status:
                connection = free.pop()
                status = await connection.ask(request) if connection.is_open else 0
            if not status:
                connection = await _connect(port)
                status = await connection.ask(request)
            if connection.is_open:
                free.append(connection)
        except OSError:
            pass
        outcomes.append((status, (loop.time() - due) * 1000))

    worked, started = time.process_time(), loop.time()
    due, sent = started, 0
    while due < started + seconds:
        await asyncio.sleep(due - loop.time())
        task = loop.create_task(send(requests[sent % len(requests)], due))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        sent += 1
        due += draw.expovariate(rate)
    if under_way:
        await asyncio.wait(under_way, timeout=_PATIENCE)
    share = (time.process_time() - worked) / (loop.time() - started)
    for connection in free:
        connection.close()
    answered = sorted(took for status, took in outcomes if status == 200)
    shed = sorted(took for status, took in outcomes if status in _SHED)
    p50, p95, p99 = (round(share_of(answered or [0], part), 1) for part in (0.5, 0.95, 0.99))
    return Load(
        offered=round(sent / seconds, 1),
        answered=round(len(answered) / seconds, 1),
        shed=round(len(shed) / seconds, 1),
        failed=round((sent - len(answered) - len(shed)) / seconds, 1),
        p50=p50,
        p95=p95,
        p99=p99,
        shed_p99=round(share_of(shed or [0], 0.99), 1),
        client_share=round(share, 2),
    )


async def _connect(port: int) -> _Connection:
    loop = asyncio.get_running_loop()
    return (await loop.create_connection(_Connection, "127.0.0.1", port))[1]


class _Connection(asyncio.Protocol):
    """One connection, one request at a time: no more HTTP than our own server speaks."""

    def __init__(self) -> None:
        self.is_open = False
        self._received = bytearray()
        self._answer: asyncio.Future[int] | None = None

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """Send `request`; return the status of its answer, 0 where there is none."""
        self._received.clear()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what TCP gives
        self._transport, self.is_open = transport, True

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.is_open = False
        self._tell(0)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return
        length = _LENGTH.search(self._received, 0, head)
        if length and len(self._received) >= head + 4 + int(length[1]):
            status = int(self._received[9:12])
            can_wait = status not in _SHED or _LATER.search(self._received, 0, head)
            self._tell(status if can_wait else 0)

    def _tell(self, status: int) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(status)
