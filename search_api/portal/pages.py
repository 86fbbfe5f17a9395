"""The pages: the question box with its answer at ``/``, and every plan at ``/plan/{id}``."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from corpus.model import Plan, Role, Span
from search_api.engine import Engine
from search_api.errors import SearchError, UnknownPlan
from search_api.model import Answer, Citation, Filters, Hit, SearchResult
from search_api.portal.reading import Piece, lay_out, outline, pieces_of, plan_part
from search_api.problems import Kind, kind_of
from search_api.wording import FIELDS, INTENTS, YEARS_FROM, coverage, lines_of, verdict

# Results on one page: what an official skims before asking again.
_PER_PAGE = 10
# Plans listed on the first page, newest first; the rest is found by asking.
_PLANS_SHOWN = 20
# A question longer than this does not read as an example.
_LONGEST_EXAMPLE = 110

_HERE = Path(__file__).parent


def portal_routes(engine: Engine) -> APIRouter:
    """Return the pages over an open `engine`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/", response_class=HTMLResponse)
    def home(
        q: str = "",
        province: Annotated[list[str], Query()] = [],  # noqa: B006  # read by FastAPI, never changed
        year: Annotated[list[str], Query()] = [],  # noqa: B006  # as above
        page: Annotated[int, Query(ge=1, le=1000)] = 1,
    ) -> HTMLResponse:
        provinces, years = _chosen(province), _chosen(year)
        choices = _Choices(engine.plans.values())
        shown: dict[str, object] = {
            "q": q,
            "chosen_provinces": provinces,
            "chosen_years": years,
            "choices": choices,
            "examples": example_questions(engine.plans.values()),
            "plans": newest(engine.plans.values())[:_PLANS_SHOWN],
            "total_plans": len(engine.plans),
        }
        if not q.strip():
            return _page("home.html", shown)
        try:
            filters = Filters(
                provinces=provinces, years=tuple(int(y) for y in years if y.isdecimal())
            )
            answer = engine.ask(q, filters)
            offset = (page - 1) * _PER_PAGE
            found = engine.search(q, filters=filters, k=_PER_PAGE, offset=offset)
        except SearchError as error:
            return _page("home.html", {**shown, "refusal": str(error)}, kind_of(error).status)
        address = {"q": q, "province": provinces, "year": years}
        shown |= {
            "answer": answer,
            "columns": columns_of(answer),
            "rows": [item for item in answer.items if not FIELDS.keys().isdisjoint(item.fields)],
            "found": found,
            "page": page,
            **_neighbours(address, page, found),
        }
        return _page("home.html", shown)

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
        return _page(
            "plan.html",
            {"plan": found, "blocks": lay_out(found, cited), "outline": outline(found)},
        )

    @router.get("/opensearch.xml")
    def opensearch(request: Request) -> Response:
        text = _templates().get_template("opensearch.xml").render(base=str(request.base_url))
        return Response(text, media_type="application/opensearchdescription+xml")

    return router


def portal_static() -> StaticFiles:
    """Return the files that the pages load."""
    return StaticFiles(directory=_HERE / "static")


def error_page(kind: Kind, detail: str = "") -> HTMLResponse:
    """Return a page that says what went wrong and leads back to the question box."""
    return _page("error.html", {"kind": kind, "detail": detail or kind.detail}, kind.status)


def place_url(citation: Citation) -> str:
    """Return where the portal shows a citation: the plan, marked and scrolled to the place."""
    anchor = citation.url.partition("#")[2] if citation.kind != "plan" else "trich"
    marked = f"?from={citation.start}&to={citation.end}"
    return f"/plan/{quote(citation.plan_id)}{marked}#{anchor}"


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


def _page(template: str, shown: Mapping[str, object], status: int = 200) -> HTMLResponse:
    html = _templates().get_template(template).render(shown)
    return HTMLResponse(html.encode("utf-8", "replace"), status)


@functools.cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        field_names=FIELDS,
        intents=INTENTS,
        verdict=verdict,
        coverage=coverage,
        years_from=YEARS_FROM,
        place_url=place_url,
        plan_part=plan_part,
    )
    environment.filters.update(date=_date, shown=lines_of, highlighted=_highlighted)
    return environment


def _date(value: object) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def _highlighted(hit: Hit) -> tuple[Piece, ...]:
    return pieces_of(hit.text, 0, [Span(start, end) for start, end in hit.highlights])
