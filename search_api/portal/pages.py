"""The pages: the question box with its answer at ``/``, and every plan at ``/plan/{id}``."""

from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from corpus.model import Note, Plan, Role, Severity, Span
from search_api.cite import row_at
from search_api.engine import Engine
from search_api.errors import SearchError, UnknownPlan
from search_api.model import Answer, Filters, Holder, Item, SearchResult
from search_api.portal.linked import legislation, website
from search_api.portal.reading import cells_of, lay_out, outline
from search_api.portal.rendering import page as render
from search_api.portal.rendering import place_url
from search_api.problems import kind_of
from search_api.succession import province_today
from search_api.wording import FACETS, FIELDS, KINDS, said, value_name

# Results on one page: what an official skims before asking again.
_PER_PAGE = 10
# Plans listed on the first page, newest first; the rest is found by asking.
_PLANS_SHOWN = 20
# Plans whose renamed units are remembered: those that people read now.
_REMEMBERED = 256
# A question longer than this does not read as an example.
_LONGEST_EXAMPLE = 110
# Lines of an answer read at a glance; the rest is folded away.
_LINES_SHOWN = 4
# Values of one facet; the rarer ones narrow little.
_FACET_VALUES = 6

Chosen = Annotated[list[str], Query()]


def portal_routes(engine: Engine) -> APIRouter:
    """Return the pages over an open `engine`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/", response_class=HTMLResponse)
    def home(
        request: Request,
        q: str = "",
        province: Chosen = [],  # noqa: B006  # read by FastAPI, never changed
        year: Chosen = [],  # noqa: B006  # as above
        unit: Chosen = [],  # noqa: B006  # as above
        role: Chosen = [],  # noqa: B006  # as above
        kind: Chosen = [],  # noqa: B006  # as above
        before: Annotated[str, Query(alias="truoc")] = "",
        as_typed: Annotated[bool, Query(alias="nguyen-van")] = False,
        page: Annotated[int, Query(ge=1, le=1000)] = 1,
    ) -> HTMLResponse:
        chosen = {
            "province": _chosen(province),
            "year": tuple(value for value in year if value.isdecimal()),
            "unit": _chosen(unit),
            "role": tuple(value for value in role if value in FIELDS),
            "kind": tuple(value for value in kind if value in KINDS),
        }
        catalogue = engine.index.catalogue
        plans = catalogue.newest[:_PLANS_SHOWN]
        shown: dict[str, object] = {
            "q": q,
            "before": before,
            "chosen": chosen,
            "choices": {
                "provinces": catalogue.provinces,
                "years": tuple(map(str, catalogue.years)),
            },
            "examples": example_questions(engine.plans[plan.id] for plan in plans),
            "plans": plans,
            "total_plans": len(catalogue.heads),
        }
        if not q.strip():
            return render("home.html", {**shown, "linked_data": website(str(request.base_url))})
        address = _Address(q, before, as_typed, chosen)
        # The answer is asked for in a place and time; the other filters only thin out the results.
        scope = Filters(chosen["province"], tuple(map(int, chosen["year"])))
        filters = replace(
            scope,
            units=chosen["unit"],
            roles=tuple(map(Role, chosen["role"])),
            kinds=chosen["kind"],
        )
        try:
            previous = (before.strip(),) if before.strip() else ()
            asked = engine.ask(q, scope, previous=previous, as_typed=as_typed)
            answer = engine.rephrase(asked)
            found = engine.search(
                q, filters, k=_PER_PAGE, offset=(page - 1) * _PER_PAGE, as_typed=as_typed
            )
        except SearchError as error:
            return render("home.html", {**shown, "refusal": str(error)}, kind_of(error).status)
        lines = said(answer).split("\n")
        shown |= {
            "answer": answer,
            "lines": lines[:_LINES_SHOWN],
            "more_lines": lines[_LINES_SHOWN:],
            "columns": columns_of(answer),
            "rows": [
                (item, answer.citations[item.citation], _cell_urls(engine, answer, item))
                for item in answer.items
                if not FIELDS.keys().isdisjoint(item.fields)
            ],
            "found": found,
            "hits": [
                (hit, cells_of(hit, engine.plans[hit.citation.plan_id])) for hit in found.hits
            ],
            "facets": address.facets(found),
            "as_typed": as_typed,
            "literally": address.literally,
            "page": page,
            "pages": max(1, -(-found.total // _PER_PAGE)),
            "previous_page": address.page(page - 1) if page > 1 else None,
            "next_page": address.page(page + 1) if page * _PER_PAGE < found.total else None,
        }
        return render("home.html", shown)

    @functools.lru_cache(maxsize=_REMEMBERED)
    def renamed_in(plan_id: str, on: datetime.date) -> tuple[Note, ...]:
        return tuple(_renaming(span, holder) for span, holder in engine.renamed(plan_id, on))

    @router.get("/plan/{plan_id}", response_class=HTMLResponse)
    def plan(
        request: Request,
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
        notes = engine.index.notes_of(plan_id)
        today = datetime.date.today()
        renamed = renamed_in(plan_id, today)
        edition = engine.index.superseded.get(plan_id)
        return render(
            "plan.html",
            {
                "plan": found,
                "blocks": lay_out(found, cited, (*notes, *renamed)),
                "outline": outline(found),
                "notes": notes,
                "renamed": renamed,
                "province_today": province_today(found.province, today),
                "newer": engine.index.catalogue.heads[edition.by] if edition else None,
                "cited_page": found.source.page_of(cited.start) if cited else None,
                "linked_data": legislation(found, str(request.base_url)),
            },
        )

    return router


def columns_of(answer: Answer) -> list[str]:
    """Return the fields that some line of the answer fills, in the order of the table."""
    return [name for name in FIELDS if any(item.fields.get(name) for item in answer.items)]


def example_questions(plans: Iterable[Plan], count: int = 4) -> list[str]:
    """Return questions that the first of `plans` do answer, made from their own words."""
    questions: list[str] = []
    for plan in itertools.islice(plans, count):
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


def _renaming(span: Span, holder: Holder) -> Note:
    """Return what stands beside the first place where a plan names a unit that is no more."""
    since = f"từ {holder.since:%d/%m/%Y}, {holder.basis}"
    if holder.holder is None:
        now = "đã sắp xếp lại, đơn vị nhận nhiệm vụ chưa xác định"
    else:
        now = f"hiện nay là {holder.holder}" + (f" ({holder.function})" if holder.function else "")
    return Note("renamed", Severity.INFO, f"{holder.name}: {now} – {since}.", (span,))


def _cell_urls(engine: Engine, answer: Answer, item: Item) -> dict[str, str]:
    """Return where each cell of the row stands that a line of the answer was read from."""
    cited = answer.citations[item.citation]
    row = row_at(engine.plans[cited.plan_id], cited.span)
    cells = row.cells if row else ()
    return {cell.role.value: place_url(cited, cell.span) for cell in cells if cell.text}


def _chosen(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value.strip())


def _inner(activity: str) -> str:
    """Return an activity as it reads inside a sentence: "UBND" keeps its capitals."""
    text = " ".join(activity.split()).rstrip(" .;,")
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


class _Address:
    """The address of a question with its filters, and of its neighbours."""

    def __init__(
        self, q: str, before: str, as_typed: bool, chosen: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._asked = {"q": q} | ({"truoc": before} if before else {})
        self._as_typed = {"nguyen-van": "1"} if as_typed else {}
        self._chosen = chosen

    @property
    def literally(self) -> str:
        """Return where the same question is asked letter by letter."""
        return _link({**self._asked, "nguyen-van": "1", **self._chosen})

    def page(self, number: int) -> str:
        """Return where that page of the results is."""
        return _link({**self._asked, **self._as_typed, **self._chosen, "page": number}) + _RESULTS

    def facets(self, found: SearchResult) -> list[Facet]:
        """Return the facets that would narrow the results, and those that do."""
        shown = []
        for name, title in FACETS.items():
            chosen = self._chosen[name]
            counts = found.facets.get(name, {})
            values = [
                FacetValue(
                    value_name(name, value),
                    counts.get(value),
                    self._with(name, () if value in chosen else (value,)),
                    value in chosen,
                )
                for value in dict.fromkeys((*chosen, *([] if chosen else counts)))
                if name != "role" or value in FIELDS
            ][:_FACET_VALUES]
            if chosen or len(values) > 1:
                shown.append(Facet(title, tuple(values)))
        return shown

    def _with(self, name: str, values: tuple[str, ...]) -> str:
        chosen = {**self._chosen, name: values}
        return _link({**self._asked, **self._as_typed, **chosen}) + _RESULTS


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that results can be narrowed to, or from which they can be freed again."""

    label: str
    count: int | None
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow the results."""

    title: str
    values: tuple[FacetValue, ...]


_RESULTS = "#ket-qua"


def _link(query: Mapping[str, object]) -> str:
    return "/?" + urlencode(query, doseq=True)
