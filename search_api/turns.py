"""So much work at once, so many in line for it, and no more: whoever comes then may come back.

Answering is work of the processor. More of it at once than there are cores makes every answer late
and none sooner, and in a long line everybody only waits as long as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from search_api.errors import TooBusy
from search_api.metrics import Metrics
from search_api.trace import stage

# Pieces of work at once in one process, of which there is one for each core: one of Python, one
# outside it. 1, 2 and 4 did not differ measurably, see docs/findings/serving.md.
AT_ONCE = 2
# The same where work is mostly waiting, for another machine's index or a language model; not tuned.
AT_ONCE_ELSEWHERE = 16

# Those in line for each turn: whoever is last waits as long as four answers take; see there.
_LINE = 4
# Seconds in line when answers take far longer than usual; nobody watches a page longer. Not tuned.
_PATIENCE = 3.0


class Turns:
    """Gives out `at_once` turns, first come, first served, within `patience` seconds."""

    def __init__(
        self, metrics: Metrics, at_once: int = AT_ONCE, patience: float = _PATIENCE
    ) -> None:
        self._metrics = metrics
        self._free = asyncio.Semaphore(at_once)
        self._longest_line = _LINE * at_once
        self._patience = patience
        self._in_line = 0

    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it meanwhile, as a dependency of a route; raise TooBusy."""
        if self._free.locked():
            await self._wait()
        else:
            await self._free.acquire()
        try:
            yield
        finally:
            self._free.release()

    def is_full(self) -> bool:
        """Say whether nobody else may get into line: refusing early is a saving where many come."""
        return self._in_line >= self._longest_line

    async def _wait(self) -> None:
        if self.is_full():
            self._metrics.turned_away("busy")
            raise TooBusy
        self._in_line += 1
        try:
            with stage("wait"):
                async with asyncio.timeout(self._patience):
                    await self._free.acquire()
        except TimeoutError:
            self._metrics.turned_away("busy")
            raise TooBusy from None
        finally:
            self._in_line -= 1
