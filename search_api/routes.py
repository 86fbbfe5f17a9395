"""The API under ``/v1``: thin handlers, each a call of the engine and a shape from `schemas`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from corpus.model import Plan
from search_api import schemas
from search_api.engine import Engine
from search_api.errors import NotOffered, SourceMissing, UnknownPlan
from search_api.gate import Traffic
from search_api.problems import NOT_READY, problem

Format = Literal["json", "xlsx", "csv", "docx"]

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {
        "description": description,
        "content": {"application/problem+json": {"schema": schemas.Problem.model_json_schema()}},
    }
    for code, description in (
        (404, "Không có"),
        (413, "Quá lớn"),
        (422, "Yêu cầu không hợp lệ"),
        (500, "Lỗi của hệ thống"),
        (501, "Chưa có trong phiên bản này"),
        (503, "Bận hoặc chưa sẵn sàng"),
    )
}

# What the contract names and a later version brings.
_LATER: tuple[tuple[str, str, str], ...] = (
    ("GET", "/v1/compare", "So sánh giữa các tỉnh"),
    ("GET", "/v1/units/{unit_id}/duties", "Bảng nhiệm vụ của một đơn vị"),
    ("GET", "/v1/deadlines", "Danh sách thời hạn"),
    ("POST", "/v1/plans", "Tải kế hoạch lên"),
    ("DELETE", "/v1/plans/{plan_id}", "Gỡ kế hoạch"),
    ("GET", "/v1/jobs/{job_id}", "Theo dõi công việc"),
    ("POST", "/v1/feedback", "Góp ý về câu trả lời"),
    ("GET", "/widget.js", "Thành phần nhúng"),
)


def api_routes(engine: Engine) -> APIRouter:
    """Return the routes of the API over an open `engine`."""
    router = APIRouter(responses=_PROBLEMS)

    def plan_of(plan_id: str) -> Plan:
        try:
            return engine.plans[plan_id]
        except KeyError:
            raise UnknownPlan(plan_id) from None

    @router.post("/v1/ask")
    def ask(asked: schemas.AskRequest) -> schemas.Answer:
        """Trả lời một câu hỏi, kèm trích dẫn nguyên văn."""
        filters = (asked.filters or schemas.Filters()).to_model()
        answer = engine.ask(asked.question, filters, as_of=asked.as_of)
        return schemas.Answer.model_validate(answer)

    @router.get("/v1/search")
    def search(query: Annotated[schemas.SearchQuery, Query()]) -> schemas.SearchResult:
        """Tìm các mục và các dòng phụ lục, xếp theo mức liên quan."""
        _only_json(query.format)
        found = engine.search(
            query.q,
            filters=query.to_filters(),
            k=query.k,
            offset=query.offset,
            as_of=query.as_of,
        )
        return schemas.SearchResult.model_validate(found)

    @router.get("/v1/suggest")
    def suggest(q: str = "", count: Annotated[int, Query(ge=1, le=20)] = 8) -> schemas.Suggestions:
        """Gợi ý khi đang gõ."""
        return schemas.Suggestions(suggestions=list(engine.suggest(q, count)))

    @router.get("/v1/plans")
    def plans(format: Format = "json") -> schemas.Plans:
        """Liệt kê các kế hoạch đã lập chỉ mục."""
        _only_json(format)
        listed = [schemas.PlanSummary.of(plan) for plan in engine.plans.values()]
        return schemas.Plans(plans=listed, total=len(listed))

    @router.get("/v1/plans/{plan_id}")
    def plan(plan_id: str) -> schemas.PlanDetail:
        """Toàn bộ một kế hoạch, trừ các dòng phụ lục."""
        return schemas.PlanDetail.of(plan_of(plan_id))

    @router.get("/v1/plans/{plan_id}/rows")
    def rows(plan_id: str, format: Format = "json") -> schemas.Rows:
        """Các dòng phụ lục của một kế hoạch."""
        _only_json(format)
        found = plan_of(plan_id)
        listed = [schemas.Row.of(found, row) for row in found.rows]
        return schemas.Rows(plan_id=plan_id, rows=listed, total=len(listed))

    @router.get("/v1/plans/{plan_id}/notes")
    def notes(plan_id: str) -> schemas.Notes:
        """Những điều còn nghi vấn trong một kế hoạch."""
        listed = schemas.notes_of(plan_of(plan_id))
        return schemas.Notes(plan_id=plan_id, notes=listed, total=len(listed))

    @router.get("/v1/plans/{plan_id}/source", response_class=Response)
    def source(plan_id: str) -> Response:
        """Tệp gốc của một kế hoạch, luôn để tải về."""
        found = plan_of(plan_id)
        content = _read_source(found, Path(engine.index.sources[plan_id].path))
        return _attachment(content, found.source.name)

    @router.get("/v1/units")
    def units(format: Format = "json") -> schemas.Units:
        """Các đơn vị được nêu trong các kế hoạch."""
        _only_json(format)
        return schemas.units_of(engine.units())

    for method, path, what in _LATER:
        router.add_api_route(path, _refusal(what), methods=[method], summary=what, status_code=501)
    return router


def operation_routes(engine: Engine, traffic: Traffic) -> APIRouter:
    """Return the routes for those who run the server."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Say that the process is alive."""
        return {"status": "ok"}

    @router.get("/readyz")
    def readyz() -> Any:  # noqa: ANN401  # a document or a problem
        """Say whether a question would be answered now, by looking something up."""
        if not engine.plans:
            return problem(NOT_READY, "Chỉ mục không có kế hoạch nào.")
        try:
            engine.search("kế hoạch", k=1)
        except Exception as error:  # whatever is wrong, the truth is "not ready"
            return problem(NOT_READY, f"Chỉ mục không trả lời được: {error}")
        return {
            "status": "ready",
            "plans": len(engine.plans),
            "newer_index": engine.index.is_stale,
        }

    @router.get("/metrics", response_class=PlainTextResponse)
    def metrics() -> PlainTextResponse:
        """Return counters in the Prometheus text format."""
        return PlainTextResponse(
            traffic.exposition(len(engine.plans)),
            media_type="text/plain; version=0.0.4; charset=utf-8",
        )

    return router


def _only_json(wanted: str) -> None:
    if wanted != "json":
        raise NotOffered(f"Xuất bảng dạng {wanted.upper()}")


def _refusal(what: str) -> Callable[[], None]:
    def refuse() -> None:
        raise NotOffered(what)

    return refuse


def _read_source(plan: Plan, path: Path) -> bytes:
    """Return the bytes that `plan` was read from, and nothing else that lies there now."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceMissing(plan.source.name) from error
    if hashlib.sha256(content).hexdigest() != plan.source.sha256:
        raise SourceMissing(plan.source.name)
    return content


def _attachment(content: bytes, name: str) -> Response:
    plain = name.lower().endswith((".txt", ".md"))
    return Response(
        content,
        media_type="text/plain; charset=utf-8" if plain else "application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
