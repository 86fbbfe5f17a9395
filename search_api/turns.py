"""So much work at once and no more: whoever would wait too long for a turn is told to come back.

Answering is work of the processor. More of it at once than there are cores makes every answer late
and none sooner, so requests wait in line; and a line that does not go away is cut short, because
whoever stands in it would only wait as long as it is (after CoDel, as servers use it: Maurer,
"Fail at Scale", 2015).
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator

from search_api.errors import TooBusy
from search_api.metrics import Metrics
from search_api.trace import stage

# Pieces of work at once in one process, of which there is one for each core: one of Python, one
# outside it. 1, 2 and 4 did not differ measurably, see docs/findings/serving.md.
AT_ONCE = 2
# The same where work is mostly waiting, for another machine's index or a language model; not tuned.
AT_ONCE_ELSEWHERE = 16

# Seconds that a turn is waited for at most, until a line has been there for as long: bursts pass.
_BURST = 0.3
# And then, until there has been no line for a moment; not tuned, any of it.
_STANDING = 0.02
_MOMENT = 0.1


class Turns:
    """Gives out `at_once` turns, first come, first served."""

    def __init__(self, metrics: Metrics, at_once: int = AT_ONCE) -> None:
        self._metrics = metrics
        self._at_once = at_once
        self._free = asyncio.Semaphore(at_once)
        self._in_line = 0
        self._line_since = self._line_seen = -math.inf

    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it meanwhile, as a dependency of a route; raise TooBusy."""
        if self._free.locked():
            self._in_line += 1
            try:
                with stage("wait"):
                    async with asyncio.timeout(self.patience(time.monotonic())):
                        await self._free.acquire()
            except TimeoutError:
                self._metrics.turned_away("busy")
                raise TooBusy from None
            finally:
                self._in_line -= 1
        else:
            await self._free.acquire()
        try:
            yield
        finally:
            self._free.release()

    def is_full(self) -> bool:
        """Say whether who comes now need not even get into line: a saving where many come."""
        return self._in_line >= self._at_once and self.patience(time.monotonic()) == _STANDING

    def patience(self, now: float) -> float:
        """Return for how many seconds whoever gets into line `now` may stand there."""
        if now - self._line_seen > _MOMENT:
            self._line_since = now
        self._line_seen = now
        return _STANDING if now - self._line_since > _BURST else _BURST
