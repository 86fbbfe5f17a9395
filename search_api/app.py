"""The application: routes, portal, error map and limits, put together from arguments."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from indexer.errors import IndexerError
from search_api.access import WITHOUT_KEYS, Access, Caller, KeyFile, Scope, require
from search_api.administration import administration_routes, feedback_routes
from search_api.engine import Engine
from search_api.errors import SearchError
from search_api.feedback import Feedback, book_of
from search_api.gate import LARGEST_BODY, LONGEST, MOST_AT_ONCE, Gate
from search_api.hosts import ANY
from search_api.limits import Rates
from search_api.live import Live
from search_api.logs import told
from search_api.metrics import Metrics
from search_api.origins import SAFE_HEADERS, Origins
from search_api.portal.administration import administration_page
from search_api.portal.embedding import embedding_routes
from search_api.portal.holdings import holding_routes
from search_api.portal.overviews import overview_routes
from search_api.portal.pages import portal_routes
from search_api.portal.rendering import error_page, portal_static
from search_api.problems import (
    INTERNAL,
    NOT_READY,
    TOO_LARGE,
    kind_of,
    kind_of_status,
    problem,
    problem_of_error,
    problem_of_validation,
)
from search_api.routes import api_routes, operation_routes
from search_api.spans import Spans
from search_api.tenants import Tenants
from search_api.turns import Turns
from search_api.uploads import Uploads

_LOG = logging.getLogger("kehoach.errors")


def create_app(
    engine: Engine,
    *,
    access: Access = WITHOUT_KEYS,
    origins: Sequence[str] = (),
    hosts: Sequence[str] = (ANY,),
    largest_body: int = LARGEST_BODY,
    most_at_once: int = MOST_AT_ONCE,
    longest: float = LONGEST,
    rate: float | None = None,
    metrics: Metrics | None = None,
    turns: Turns | None = None,
    spans: Spans | None = None,
    uploads: Uploads | None = None,
) -> FastAPI:
    """Return the ASGI application over an open `engine`; what changes its index is not seen here.

    `access` tells who may do what, `origins` which other sites may read, frame and ask, `hosts`
    by which names beside its own the server may be called; `largest_body` is in bytes (a route
    declares its own, see `gate`), `most_at_once` in requests, `longest` in seconds, `rate` in
    requests of one caller a second, None for any; `turns` bound the work done at once,
    `spans` send traces.
    """
    metrics = metrics or Metrics()
    turns = turns or Turns(metrics)
    rates = Rates(rate) if rate else None
    app = _guarded(
        metrics, access, turns, origins, hosts, rates, spans, largest_body, most_at_once, longest
    )
    readers = [Depends(require(Scope.READ)), Depends(turns.turn, scope="function")]
    app.include_router(api_routes(engine), dependencies=readers)
    app.include_router(operation_routes(lambda: (engine,), metrics))
    folder = engine.index.index_dir
    uploads = uploads or Uploads(folder, engine.index.encoder, store=engine.index.store)
    app.include_router(administration_routes(engine, uploads))
    app.include_router(administration_page())
    app.include_router(feedback_routes(Feedback(book_of(folder))))
    app.include_router(portal_routes(engine), dependencies=readers)
    app.include_router(overview_routes(engine), dependencies=readers)
    app.include_router(holding_routes(engine), dependencies=readers)
    app.include_router(embedding_routes(engine, origins), dependencies=readers)
    return app


def create_live_app(engine: Engine, **settings: Any) -> Live:  # noqa: ANN401  # as `create_app` takes them
    """Return the application over `engine` and, once its index changes, over the newest."""
    index = engine.index
    uploads = Uploads(index.index_dir, index.encoder, lambda: live.refresh(), index.store)
    metrics = settings.get("metrics") or Metrics()
    settings = {"turns": Turns(metrics), **settings, "metrics": metrics, "uploads": uploads}
    live = Live(engine, lambda newest: create_app(newest, **settings))
    return live


def create_tenant_app(
    engines: Mapping[str, Engine],
    key_file: KeyFile,
    *,
    origins: Sequence[str] = (),
    hosts: Sequence[str] = (ANY,),
    rate: float | None = None,
    metrics: Metrics | None = None,
    turns: Turns | None = None,
    spans: Spans | None = None,
) -> Tenants:
    """Return the application over the engines of several tenants, each for its own keys only."""
    metrics = metrics or Metrics()
    turns = turns or Turns(metrics)
    lives = {
        name: create_live_app(
            engine,
            access=Access(key_file, frozenset(), name),
            origins=origins,
            hosts=hosts,
            rate=rate,
            metrics=metrics,
            turns=turns,
            spans=spans,
        )
        for name, engine in engines.items()
    }
    nobody = Access(key_file, frozenset())
    lobby = _guarded(metrics, nobody, turns, origins, hosts, Rates(rate) if rate else None, spans)
    lobby.include_router(operation_routes(lambda: [x.engine for x in lives.values()], metrics))
    lobby.include_router(_closed_door())
    return Tenants(lobby, lives, nobody)


def _guarded(
    metrics: Metrics,
    access: Access,
    turns: Turns,
    origins: Sequence[str],
    hosts: Sequence[str],
    rates: Rates | None,
    spans: Spans | None,
    largest_body: int = LARGEST_BODY,
    most_at_once: int = MOST_AT_ONCE,
    longest: float = LONGEST,
) -> FastAPI:
    """Return an application without routes, but with all that every request passes through."""
    app = FastAPI(
        title="Kehoach",
        version="1",
        summary="Tìm kiếm ngữ nghĩa và hỏi đáp có trích dẫn trên kế hoạch của các tỉnh",
        docs_url=None,  # both pages load scripts from outside
        redoc_url=None,
        redirect_slashes=False,
        # The framework's own traces hold the address with the question in it; ours do not.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.mount("/static", portal_static(), name="static")
    app.add_middleware(
        Gate,
        metrics=metrics,
        access=access,
        turns=turns,
        rates=rates,
        spans=spans,
        largest_body=largest_body,
        most_at_once=most_at_once,
        longest=longest,
    )
    app.add_middleware(Origins, metrics=metrics, allowed=origins, hosts=hosts)
    app.add_exception_handler(SearchError, _on_search_error)
    app.add_exception_handler(IndexerError, _on_indexer_error)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_surprise)
    return app


def _closed_door() -> APIRouter:
    """Return the route of whoever has no tenant: any address, and nothing behind it."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
    def closed(caller: Annotated[Caller, Depends(require(Scope.READ))]) -> None:
        del caller
        raise HTTPException(404)

    return router


def _wants_page(request: Request) -> bool:
    path = request.url.path
    return "text/html" in request.headers.get("accept", "") and not path.startswith("/v1/")


async def _on_search_error(request: Request, error: Exception) -> Response:
    if not _wants_page(request):
        return problem_of_error(error)
    kind = kind_of(error)
    page = error_page(kind, str(error))
    page.headers.update(kind.headers)
    return page


async def _on_indexer_error(request: Request, error: Exception) -> Response:
    if _wants_page(request):
        return error_page(NOT_READY, str(error))
    return problem(NOT_READY, str(error), headers={"Retry-After": "5"})


async def _on_validation(request: Request, error: Exception) -> Response:
    errors = error.errors() if isinstance(error, RequestValidationError) else []
    if _wants_page(request):
        return error_page(kind_of_status(422), "Địa chỉ có giá trị không hợp lệ.")
    return problem_of_validation(errors)


async def _on_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    refused = getattr(request.state, "refused", None)
    if refused is not None:
        return await _on_search_error(request, refused)
    kind = kind_of_status(error.status_code)
    if _wants_page(request):
        return error_page(kind)
    # The rest of what is too large is not waited for.
    headers = {"Connection": "close"} if kind is TOO_LARGE else {}
    return problem(kind, headers={**(error.headers or {}), **headers})


async def _on_surprise(request: Request, error: Exception) -> Response:
    request_id = getattr(request.state, "request_id", "")
    _LOG.error("surprise", extra={"fields": {"id": request_id, **told(error)}})
    response = error_page(INTERNAL) if _wants_page(request) else problem(INTERNAL)
    # This response is sent outside the gate, so it carries the safe headers itself.
    response.headers.update({**SAFE_HEADERS, "X-Request-ID": request_id})
    return response
