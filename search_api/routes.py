"""The API under ``/v1``: thin handlers, each a call of the engine and a shape from `schemas`."""

from __future__ import annotations

import datetime
import functools
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from corpus.model import Plan
from search_api import schemas
from search_api.bounds import (
    MOST_DUTIES,
    MOST_LISTED,
    MOST_PLACES,
    check_comparison,
    check_filters,
)
from search_api.diary import entries_of, write_calendar
from search_api.engine import Engine
from search_api.errors import SourceMissing, UnknownFilterValue, UnknownPlan
from search_api.export import tables
from search_api.export.extract import Extract
from search_api.export.file import MEDIA_TYPES, write_file
from search_api.metrics import Metrics
from search_api.model import Filters
from search_api.problems import NOT_READY, UNKNOWN_UNIT, problem, problem_of_error
from search_api.schemas import Format
from search_api.tally import holders_on

PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {
        "description": description,
        "content": {"application/problem+json": {"schema": schemas.Problem.model_json_schema()}},
    }
    for code, description in (
        (401, "Cần khóa"),
        (403, "Không được phép"),
        (404, "Không có"),
        (413, "Quá lớn"),
        (422, "Yêu cầu không hợp lệ"),
        (500, "Lỗi của hệ thống"),
        (503, "Bận hoặc chưa sẵn sàng"),
    )
}

_CALENDAR = "text/calendar; charset=utf-8"


def _or_a_file(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Describe a table: JSON, or the file that `format` asks for."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {
        200: {
            "description": "Bảng, dạng JSON hoặc tệp theo `format`",
            "content": dict.fromkeys(media_types, binary),
        }
    }


_FILES = _or_a_file(*MEDIA_TYPES.values())

# Which lines of a long list.
_Count = Annotated[int, Query(ge=1, le=MOST_LISTED)]
_Offset = Annotated[int, Query(ge=0)]
# Plans whose doubts are remembered as the wire shows them: those that people read now.
_REMEMBERED = 256


def api_routes(engine: Engine) -> APIRouter:
    """Return the routes of the API over an open `engine`."""
    router = APIRouter(responses=PROBLEMS)

    def plan_of(plan_id: str) -> Plan:
        try:
            return engine.plans[plan_id]
        except KeyError:
            raise UnknownPlan(plan_id) from None

    def summary_of(plan_id: str) -> schemas.PlanSummary:
        return schemas.PlanSummary.of(engine.index.catalogue.heads[plan_id])

    @functools.lru_cache(maxsize=_REMEMBERED)
    def notes_of(plan_id: str) -> list[schemas.Note]:
        return schemas.notes_of(plan_of(plan_id))

    @router.post("/v1/ask", response_model=schemas.Answer, responses=_FILES)
    def ask(asked: schemas.AskRequest, format: Format = "json") -> Any:  # noqa: ANN401  # a table or a file
        """Trả lời một câu hỏi, kèm trích dẫn nguyên văn."""
        filters = check_filters((asked.filters or schemas.Filters()).to_model(), engine.index)
        answer = engine.ask(
            asked.question,
            filters,
            as_of=asked.as_of,
            previous=asked.context.in_order if asked.context else (),
            as_typed=asked.as_typed,
        )
        shown = schemas.Answer.model_validate(engine.rephrase(answer))
        return _as(format, shown, lambda: tables.of_answer(shown))

    @router.get("/v1/ask", response_model=schemas.Answer, responses=_FILES)
    def ask_by_address(query: Annotated[schemas.AskQuery, Query()]) -> Any:  # noqa: ANN401  # as above
        """Trả lời một câu hỏi đặt trong địa chỉ, để liên kết và tải bảng trả lời về."""
        filters = check_filters(query.to_filters(), engine.index)
        answer = engine.ask(
            query.q,
            filters,
            as_of=query.as_of,
            previous=tuple(filter(None, query.after)),
            as_typed=query.as_typed,
        )
        shown = schemas.Answer.model_validate(engine.rephrase(answer))
        return _as(query.format, shown, lambda: tables.of_answer(shown))

    @router.get("/v1/search", response_model=schemas.SearchResult, responses=_FILES)
    def search(query: Annotated[schemas.SearchQuery, Query()]) -> Any:  # noqa: ANN401  # as above
        """Tìm các mục và các dòng phụ lục, xếp theo mức liên quan."""
        filters = check_filters(query.to_filters(), engine.index)
        found = engine.search(query.q, filters=filters, k=query.k, offset=query.offset)
        shown = schemas.SearchResult.model_validate(found)
        scope = tables.scope_of(filters)
        return _as(query.format, shown, lambda: tables.of_hits(shown, query.q, scope))

    @router.get("/v1/suggest")
    def suggest(q: str = "", count: Annotated[int, Query(ge=1, le=20)] = 8) -> schemas.Suggestions:
        """Gợi ý khi đang gõ."""
        return schemas.Suggestions(suggestions=list(engine.suggest(q, count)))

    @router.get("/v1/compare", response_model=schemas.Comparisons, responses=_FILES)
    def compare(query: Annotated[schemas.CompareQuery, Query()]) -> Any:  # noqa: ANN401  # as above
        """Cùng một hoạt động ở các tỉnh: giống, khác, chỉ một nơi có."""
        check_comparison(query.province, query.plan, engine.index)
        topic = query.topic.strip() or None
        compared = engine.compare(query.province, topic, query.plan)
        held = schemas.Held.by(engine.index.catalogue, datetime.date.today())
        shown = schemas.Comparisons.of(topic, compared, held)
        wanted = Filters(provinces=tuple(query.province), plans=tuple(query.plan))
        scope = tables.scope_of(wanted)
        return _as(query.format, shown, lambda: tables.of_comparisons(shown, scope))

    @router.get(
        "/v1/deadlines",
        response_model=schemas.Deadlines,
        responses=_or_a_file(*MEDIA_TYPES.values(), _CALENDAR),
    )
    def deadlines(query: Annotated[schemas.DeadlinesQuery, Query()]) -> Any:  # noqa: ANN401  # as above
        """Ai phải nộp gì cho ai, khi nào; `format=ics` cho ứng dụng lịch."""
        filters = check_filters(query.to_filters(), engine.index)
        today = query.as_of or datetime.date.today()
        entries = entries_of(engine.deadlines(filters, MOST_PLACES), query.year, today)
        if query.format == "ics":
            return _calendar(write_calendar(entries, datetime.datetime.now(datetime.UTC)))
        shown = schemas.Deadlines.of(entries)
        scope = tables.scope_of(filters)
        return _as(query.format, shown, lambda: tables.of_deadlines(shown, today, scope))

    @router.get("/v1/bases", response_model=schemas.Bases, responses=_FILES)
    def bases(query: Annotated[schemas.BasesQuery, Query()]) -> Any:  # noqa: ANN401  # as above
        """Các văn bản mà kế hoạch căn cứ, từ trên xuống."""
        filters = check_filters(query.to_filters(), engine.index)
        shown = schemas.Bases.of(engine.ladder(filters, MOST_PLACES))
        scope = tables.scope_of(filters)
        return _as(query.format, shown, lambda: tables.of_bases(shown, scope))

    @router.get("/v1/plans", response_model=schemas.Plans, responses=_FILES)
    def plans(count: _Count = MOST_LISTED, offset: _Offset = 0, format: Format = "json") -> Any:  # noqa: ANN401  # as above
        """Liệt kê các kế hoạch đã lập chỉ mục, mỗi lần nhiều nhất 1.000."""
        heads, editions = engine.index.catalogue.heads, engine.index.superseded
        listed = [
            schemas.PlanSummary.of(head, editions.get(head.id))
            for head in list(heads.values())[offset : offset + count]
        ]
        shown = schemas.Plans(plans=listed, total=len(heads))
        return _as(format, shown, lambda: tables.of_plans(shown, offset))

    @router.get("/v1/plans/{plan_id}")
    def plan(plan_id: str) -> schemas.PlanDetail:
        """Toàn bộ một kế hoạch, trừ các dòng phụ lục."""
        return schemas.PlanDetail.of(plan_of(plan_id), notes_of(plan_id))

    @router.get("/v1/plans/{plan_id}/rows", response_model=schemas.Rows, responses=_FILES)
    def rows(plan_id: str, format: Format = "json") -> Any:  # noqa: ANN401  # as above
        """Các dòng phụ lục của một kế hoạch."""
        shown = schemas.Rows.of(plan_of(plan_id))
        return _as(format, shown, lambda: tables.of_rows(shown, summary_of(plan_id)))

    @router.get("/v1/plans/{plan_id}/notes", response_model=schemas.Notes, responses=_FILES)
    def notes(plan_id: str, format: Format = "json") -> Any:  # noqa: ANN401  # as above
        """Những điều còn nghi vấn và mâu thuẫn trong một kế hoạch."""
        listed = notes_of(plan_id)
        shown = schemas.Notes(plan_id=plan_id, notes=listed, total=len(listed))
        return _as(format, shown, lambda: tables.of_notes(shown, summary_of(plan_id)))

    @router.get("/v1/plans/{plan_id}/source", response_class=Response)
    def source(plan_id: str, inline: bool = False) -> Response:
        """Tệp gốc của một kế hoạch để tải về; PDF xem ngay được với `inline=true`."""
        found = plan_of(plan_id)
        content = _read_source(found, Path(engine.index.sources[plan_id].path))
        if inline and found.source.format == "pdf":
            return _shown_pdf(content)
        return _attachment(content, found.source.name)

    @router.get("/v1/units", response_model=schemas.Units, responses=_FILES)
    def units(count: _Count = MOST_LISTED, offset: _Offset = 0, format: Format = "json") -> Any:  # noqa: ANN401  # as above
        """Các đơn vị được nêu trong các kế hoạch, mỗi lần nhiều nhất 1.000."""
        found = engine.units()
        shown = schemas.units_of(found[offset : offset + count], len(found))
        return _as(format, shown, lambda: tables.of_units(shown, offset))

    @router.get("/v1/units/{unit_id}/duties", response_model=schemas.UnitDuties, responses=_FILES)
    def duties(unit_id: str, query: Annotated[schemas.DutiesQuery, Query()]) -> Any:  # noqa: ANN401  # as above, or a problem
        """Mọi nhiệm vụ của một đơn vị, gọi bằng mã hay bất kỳ tên nào của nó."""
        filters = check_filters(query.to_filters(), engine.index)
        try:
            found = engine.duties(unit_id, filters, MOST_DUTIES)
        except UnknownFilterValue as error:
            if error.filter_name != "unit":
                raise
            return problem_of_error(error, UNKNOWN_UNIT)
        on = query.as_of or datetime.date.today()
        shown = schemas.UnitDuties.of(found, holders_on(found, on))
        scope = tables.scope_of(filters)
        return _as(query.format, shown, lambda: tables.of_duties(shown, on, scope))

    return router


def operation_routes(opened: Callable[[], Sequence[Engine]], metrics: Metrics) -> APIRouter:
    """Return the routes for those who run the server, over the engines that are `opened` now."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Say that the process is alive."""
        return {"status": "ok"}

    @router.get("/readyz")
    def readyz() -> Any:  # noqa: ANN401  # a document or a problem
        """Say whether a question would be answered now, by looking something up."""
        engines = opened()
        if not all(engine.plans for engine in engines):
            return problem(NOT_READY, "Chỉ mục không có kế hoạch nào.")
        try:
            for engine in engines:
                engine.search("kế hoạch", k=1)
        except Exception as error:  # whatever is wrong, the truth is "not ready"
            return problem(NOT_READY, f"Chỉ mục không trả lời được ({type(error).__name__}).")
        return {
            "status": "ready",
            "plans": sum(len(engine.plans) for engine in engines),
            "vectors": ", ".join(sorted({engine.index.manifest.vectors for engine in engines})),
            "newer_index": any(engine.index.is_stale for engine in engines),
        }

    @router.get("/metrics", response_class=PlainTextResponse)
    def count() -> PlainTextResponse:
        """Return counters in the Prometheus text format."""
        return PlainTextResponse(metrics.exposition(opened()), media_type=metrics.content_type)

    return router


def _as(form: str, answer: object, extract: Callable[[], Extract]) -> object:
    """Return `answer` as it is, or its extract as the file that `form` names."""
    if form == "json":
        return answer
    made = extract()
    return Response(
        write_file(made, form, datetime.date.today()),
        media_type=MEDIA_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{made.name}.{form}"'},
    )


def _read_source(plan: Plan, path: Path) -> bytes:
    """Return the bytes that `plan` was read from, and nothing else that lies there now."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceMissing(plan.source.name) from error
    if hashlib.sha256(content).hexdigest() != plan.source.sha256:
        raise SourceMissing(plan.source.name)
    return content


def _calendar(content: bytes) -> Response:
    return Response(
        content,
        media_type=_CALENDAR,
        headers={"Content-Disposition": 'attachment; filename="thoi-han.ics"'},
    )


def _shown_pdf(content: bytes) -> Response:
    # Browsers show a PDF in a viewer of their own, which a stricter policy would keep out.
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "Content-Disposition": "inline",
            "Content-Security-Policy": "frame-ancestors 'none'",
        },
    )


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
