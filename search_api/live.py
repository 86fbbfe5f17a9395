"""The application over the newest index: one is made for every generation, and swapped whole.

An engine and the application over it never change, so a request that has begun ends with the plans
it began with.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from indexer.errors import IndexerError
from search_api.engine import Engine

# Collections of young objects between two of everything: thousands of questions instead of ten.
_COLLECTIONS_APART = 1_000
_LOG = logging.getLogger("kehoach.live")


class Live:
    """ASGI application that hands each request to what `make_app` made of the newest engine."""

    def __init__(self, engine: Engine, make_app: Callable[[Engine], ASGIApp]) -> None:
        engine.warm()
        self.engine = engine
        collect_rarely()
        self._make_app = make_app
        self._app = make_app(engine)
        self._opening = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with what is open; a newer index is opened beside it, nobody waits for that."""
        if self.engine.index.is_stale and not self._opening.locked():
            threading.Thread(target=self.refresh, daemon=True).start()
        await self._app(scope, receive, send)

    def refresh(self) -> None:
        """Open the newest index, if it is not open yet; where it cannot serve, the old one does."""
        with self._opening:
            if not self.engine.index.is_stale:
                return
            try:
                engine = self.engine.reopened()
                engine.warm()
            except IndexerError as error:
                _LOG.warning("newer index not opened: %s", error)
                return
            self._app = self._make_app(engine)
            self.engine = engine
            gc.collect()


def collect_rarely() -> None:
    """Let hardly a question wait until the collector has gone through all that is remembered.

    That takes .2 s where many plans are, and finds nothing but what a swap has left.
    """
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _COLLECTIONS_APART)
