"""Which sites may use this one: by name, by an allow-list of others, and never by forgery."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_api.hosts import ANY, Hosts
from search_api.metrics import Metrics
from search_api.problems import FOREIGN_HOST, FOREIGN_ORIGIN, problem

# The page that other sites show in a frame, and the script that they load.
FRAMED = "/nhung"
LOADED = "/widget.js"
# What other sites may send; reading is by GET, anywhere under `_API`.
_POSTED = frozenset({"/v1/ask", "/v1/feedback"})
_API = "/v1/"

SAFE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

# Seconds for which a browser remembers what it may send; not tuned.
_REMEMBERED = 600
_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})


def read_origins(text: str) -> tuple[str, ...]:
    """Return the origins in `text`, parted by blanks or commas; raise ValueError for another thing.

    >>> read_origins("https://kiengiang.gov.vn, https://binhthuan.gov.vn:8443")
    ('https://kiengiang.gov.vn', 'https://binhthuan.gov.vn:8443')
    """
    origins = tuple(text.replace(",", " ").split())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError(origin)
        if not parts.hostname or "@" in parts.netloc or "*" in parts.netloc or ";" in parts.netloc:
            raise ValueError(origin)
    return origins


class Origins:
    """ASGI middleware: every response safe; only `allowed` origins read, frame or post.

    Whoever calls the server by a name that is not among `hosts` is told nothing else.

    A page of another site can make a visitor's browser send requests here. What changes something
    is therefore refused unless the browser says that it comes from here or from an allowed origin;
    programs that are no browsers send neither header (the rule is that of Go's
    ``http.CrossOriginProtection``).
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        allowed: Sequence[str] = (),
        hosts: Sequence[str] = (ANY,),
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._hosts = Hosts(hosts)
        self._allowed = tuple(allowed)
        self._shared = CORSMiddleware(
            app,
            allow_origins=self._allowed,
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "Content-Type"),
            max_age=_REMEMBERED,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        safe = self.headers_for(scope["path"])

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in safe.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        if not self._hosts.know(headers.get("host")):
            self._metrics.turned_away("host")
            await problem(FOREIGN_HOST)(scope, receive, send_safely)
        elif self._is_forged(scope["method"], headers):
            self._metrics.turned_away("origin")
            await problem(FOREIGN_ORIGIN)(scope, receive, send_safely)
        elif self._allowed and _is_shared(scope, headers):
            await self._shared(scope, receive, send_safely)
        else:
            await self._app(scope, receive, send_safely)

    def headers_for(self, path: str) -> dict[str, str]:
        """Return the safe headers of the response to a request for `path`."""
        headers = dict(SAFE_HEADERS)
        if path == FRAMED and self._allowed:
            del headers["X-Frame-Options"]  # knows no list of sites
            ancestors = " ".join(("'self'", *self._allowed))
            headers["Content-Security-Policy"] = headers["Content-Security-Policy"].replace(
                "frame-ancestors 'none'", f"frame-ancestors {ancestors}"
            )
        if path == LOADED:
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return headers

    def _is_forged(self, method: str, headers: Headers) -> bool:
        origin = headers.get("origin")
        if method in _HARMLESS or origin in self._allowed:
            return False
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in ("same-origin", "none")
        return origin is not None and origin.partition("://")[2] != headers.get("host")


def _is_shared(scope: Scope, headers: Headers) -> bool:
    method = scope["method"]
    if method == "OPTIONS":
        method = headers.get("access-control-request-method", method)
    path: str = scope["path"]
    if method in ("GET", "HEAD"):
        return path.startswith(_API) or path == LOADED
    return method == "POST" and path in _POSTED
