"""Several bodies on one server, each with an index of its own: the key decides whose is asked."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from search_api.access import Access
from search_api.gate import ALWAYS_OPEN


class Tenants:
    """ASGI application that hands each request to the application of its caller's tenant.

    A tenant's application knows one index and admits that tenant's keys only, so nothing that it
    says can come from another. Everybody else is seen to in the `lobby`, which has no plans.
    """

    def __init__(self, lobby: ASGIApp, apps: Mapping[str, ASGIApp], access: Access) -> None:
        self._lobby = lobby
        self._apps = apps
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request on."""
        app = self._lobby
        if scope["type"] == "http" and scope["path"] not in ALWAYS_OPEN:
            caller = self._access.caller(Headers(scope=scope).get("authorization"))
            app = self._apps.get(caller.tenant or "", self._lobby)
        await app(scope, receive, send)
