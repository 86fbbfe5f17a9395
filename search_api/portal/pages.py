"""The pages: the question box with its answer at ``/``, and every plan at ``/plan/{id}``."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from corpus.lint import lint
from corpus.model import Note, Plan, Role, Span
from search_api.engine import Engine
from search_api.errors import SearchError, UnknownPlan
from search_api.model import Answer, Filters, SearchResult
from search_api.portal.reading import lay_out, outline
from search_api.portal.rendering import page as render
from search_api.portal.rendering import text as render_text
from search_api.problems import kind_of
from search_api.wording import FIELDS

# Results on one page: what an official skims before asking again.
_PER_PAGE = 10
# Plans listed on the first page, newest first; the rest is found by asking.
_PLANS_SHOWN = 20
# A question longer than this does not read as an example.
_LONGEST_EXAMPLE = 110


def portal_routes(engine: Engine) -> APIRouter:
    """Return the pages over an open `engine`."""
    router = APIRouter(include_in_schema=False)

    @functools.cache
    def notes_of(plan_id: str) -> tuple[Note, ...]:
        return lint(engine.plans[plan_id])

    @router.get("/", response_class=HTMLResponse)
    def home(
        q: str = "",
        province: Annotated[list[str], Query()] = [],  # noqa: B006  # read by FastAPI, never changed
        year: Annotated[list[str], Query()] = [],  # noqa: B006  # as above
        before: Annotated[str, Query(alias="truoc")] = "",
        page: Annotated[int, Query(ge=1, le=1000)] = 1,
    ) -> HTMLResponse:
        provinces, years = _chosen(province), _chosen(year)
        choices = _Choices(engine.plans.values())
        shown: dict[str, object] = {
            "q": q,
            "before": before,
            "chosen_provinces": provinces,
            "chosen_years": years,
            "choices": choices,
            "examples": example_questions(engine.plans.values()),
            "plans": newest(engine.plans.values())[:_PLANS_SHOWN],
            "total_plans": len(engine.plans),
        }
        if not q.strip():
            return render("home.html", shown)
        try:
            filters = Filters(
                provinces=provinces, years=tuple(int(y) for y in years if y.isdecimal())
            )
            answer = engine.ask(q, filters, previous=before.strip() or None)
            offset = (page - 1) * _PER_PAGE
            found = engine.search(q, filters=filters, k=_PER_PAGE, offset=offset)
        except SearchError as error:
            return render("home.html", {**shown, "refusal": str(error)}, kind_of(error).status)
        address: dict[str, object] = {"q": q, "province": provinces, "year": years}
        if before:
            address["truoc"] = before
        shown |= {
            "answer": answer,
            "columns": columns_of(answer),
            "rows": [item for item in answer.items if not FIELDS.keys().isdisjoint(item.fields)],
            "found": found,
            "page": page,
            **_neighbours(address, page, found),
        }
        return render("home.html", shown)

    @router.get("/plan/{plan_id}", response_class=HTMLResponse)
    def plan(
        plan_id: str,
        start: Annotated[int | None, Query(alias="from", ge=0)] = None,
        end: Annotated[int | None, Query(alias="to", ge=0)] = None,
    ) -> HTMLResponse:
        if plan_id not in engine.plans:
            raise UnknownPlan(plan_id)
        found = engine.plans[plan_id]
        cited = None
        if start is not None and end is not None and start < end <= len(found.text):
            cited = Span(start, end)
        notes = notes_of(plan_id)
        blocks = lay_out(found, cited, notes)
        shown = {"plan": found, "blocks": blocks, "outline": outline(found), "notes": notes}
        return render("plan.html", shown)

    @router.get("/opensearch.xml")
    def opensearch(request: Request) -> Response:
        described = render_text("opensearch.xml", {"base": str(request.base_url)})
        return Response(described, media_type="application/opensearchdescription+xml")

    return router


def columns_of(answer: Answer) -> list[str]:
    """Return the fields that some line of the answer fills, in the order of the table."""
    return [name for name in FIELDS if any(item.fields.get(name) for item in answer.items)]


def example_questions(plans: Iterable[Plan], count: int = 4) -> list[str]:
    """Return questions that the open plans do answer, made from their own words."""
    questions: list[str] = []
    for plan in newest(plans)[:count]:
        place = f" ở {plan.province}" if plan.province else ""
        led = [row.text_of(Role.ACTIVITY) for row in plan.rows if row.text_of(Role.LEAD)]
        if led:
            activity = min(led, key=len)
            questions.append(f"Đơn vị nào chủ trì {_inner(activity)}{place}?")
        if plan.bases:
            questions.append(f"Kế hoạch{place} căn cứ vào những văn bản nào?")
        if plan.rows:
            questions.append(f"Có bao nhiêu hoạt động{place}?")
    return [question for question in questions if len(question) <= _LONGEST_EXAMPLE][:count]


def newest(plans: Iterable[Plan]) -> list[Plan]:
    """Return plans from the newest to the oldest, those without a date last."""
    dated = sorted(plans, key=lambda plan: plan.id)
    return sorted(
        dated, key=lambda plan: plan.issued_on.toordinal() if plan.issued_on else 0, reverse=True
    )


class _Choices:
    """The values that the filters of the page offer."""

    def __init__(self, plans: Iterable[Plan]) -> None:
        listed = list(plans)
        self.provinces = sorted({plan.province for plan in listed if plan.province})
        self.years = sorted({str(y) for plan in listed if plan.period for y in plan.period.years})


def _chosen(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value.strip())


def _inner(activity: str) -> str:
    """Return an activity as it reads inside a sentence: "UBND" keeps its capitals."""
    text = " ".join(activity.split()).rstrip(" .;,")
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _neighbours(
    address: Mapping[str, object], page: int, found: SearchResult
) -> dict[str, str | None]:
    def link(number: int) -> str:
        return "/?" + urlencode({**address, "page": number}, doseq=True) + "#ket-qua"

    return {
        "previous_page": link(page - 1) if page > 1 else None,
        "next_page": link(page + 1) if page * _PER_PAGE < found.total else None,
    }
