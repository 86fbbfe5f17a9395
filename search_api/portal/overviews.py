"""The pages that show many duties, deadlines or plans at once, each a table with its citations."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from corpus.places import current_province
from indexer.catalogue import Catalogue, PlanHead
from search_api.bounds import (
    MOST_DUTIES,
    MOST_LISTED,
    MOST_PLACES,
    check_comparison,
    check_filters,
)
from search_api.comparison import Comparison
from search_api.diary import Entry, entries_of
from search_api.engine import Engine
from search_api.errors import SearchError, TooMuchToList, UnknownFilterValue
from search_api.matrix import Duties, Duty
from search_api.model import Filters
from search_api.portal.pictures import line_of, share
from search_api.portal.rendering import error_page, page
from search_api.problems import UNKNOWN_UNIT, kind_of
from search_api.tally import count_duties, holders_on
from search_api.wording import held

# Roles in which the units are counted, the gravest first.
_COUNTED = {"lead": "Chủ trì", "support": "Phối hợp", "duty": "Được giao trong văn bản"}

# Units on one page, and plans offered for a comparison: more is a list nobody goes through.
_PER_PAGE = 1_000
_OFFERED = 500

Chosen = Annotated[list[str], Query()]


def overview_routes(engine: Engine) -> APIRouter:
    """Return the pages over an open `engine`."""
    router = APIRouter(include_in_schema=False)
    catalogue = engine.index.catalogue

    @router.get("/so-sanh", response_class=HTMLResponse)
    def comparison(
        topic: Annotated[str, Query(alias="chu-de")] = "",
        province: Chosen = [],  # noqa: B006  # read by FastAPI, never changed
        plan: Chosen = [],  # noqa: B006  # as above
    ) -> HTMLResponse:
        provinces, plans = _chosen(province), _chosen(plan)
        shown: dict[str, object] = {
            "topic": topic,
            "provinces": catalogue.provinces,
            "chosen_provinces": provinces,
            "plans": catalogue.heads,
            "offered": _offered(catalogue, provinces, plans),
            "chosen_plans": plans,
            "compared": (),
            "refusal": None,
            "found": False,
            "held": _held(catalogue),
        }
        try:
            check_comparison(provinces, plans, engine.index)
            compared = engine.compare(provinces, topic.strip() or None, plans)
        except SearchError as error:
            return page("compare.html", {**shown, "refusal": str(error)}, kind_of(error).status)
        return page("compare.html", {**shown, "compared": compared, "found": _found(compared)})

    @router.get("/don-vi", response_class=HTMLResponse)
    def units(
        number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
    ) -> HTMLResponse:
        counted = [
            (key, name, {str(role): count for role, count in counts.items()})
            for key, name, counts in engine.units()
        ]
        largest = {
            role: max((counts.get(role, 0) for _, _, counts in counted), default=0)
            for role in _COUNTED
        }
        shown = [entry for entry in counted if not _COUNTED.keys().isdisjoint(entry[2])]
        shown.sort(key=lambda entry: [-entry[2].get(role, 0) for role in _COUNTED])
        return page(
            "units.html",
            {
                "total": len(shown),
                "listed": len(counted),
                "most_listed": MOST_LISTED,
                "units": shown[(number - 1) * _PER_PAGE : number * _PER_PAGE],
                "page": number,
                "pages": max(1, -(-len(shown) // _PER_PAGE)),
                "roles": _COUNTED,
                "shares": {role: partial(share, largest=largest[role]) for role in _COUNTED},
            },
        )

    @router.get("/don-vi/{unit_id}", response_class=HTMLResponse)
    def duties(
        unit_id: str,
        province: Chosen = [],  # noqa: B006  # as above
        year: Chosen = [],  # noqa: B006  # as above
    ) -> HTMLResponse:
        provinces, years = _chosen(province), _years(year)
        status, refusal = 200, None
        try:
            found = engine.duties(unit_id, Filters(provinces, years), MOST_DUTIES)
        except UnknownFilterValue as error:
            kind = UNKNOWN_UNIT if error.filter_name == "unit" else kind_of(error)
            return error_page(kind, str(error))
        except TooMuchToList as error:
            status, refusal = kind_of(error).status, str(error)
            unit = engine.unit(unit_id)
            found = Duties(unit.id, unit.name, unit.collective, (), ())
        counts = count_duties(found.named)
        return page(
            "duties.html",
            {
                "refusal": refusal,
                "duties": found,
                "counts": counts,
                "columns": _years_of(found.named),
                "through_columns": _years_of(found.through_collectives),
                "holders": holders_on(found, datetime.date.today()),
                "provinces": catalogue.provinces,
                "years": catalogue.years,
                "chosen_provinces": provinces,
                "chosen_years": years,
            },
            status,
        )

    @router.get("/thoi-han", response_class=HTMLResponse)
    def deadlines(
        request: Request,
        province: Chosen = [],  # noqa: B006  # as above
        year: Chosen = [],  # noqa: B006  # as above
    ) -> HTMLResponse:
        provinces, years = _chosen(province), _years(year)
        filters = check_filters(Filters(provinces=provinces, years=years), engine.index)
        today = datetime.date.today()
        status, refusal = 200, None
        entries: tuple[Entry, ...] = ()
        try:
            entries = entries_of(engine.deadlines(filters, MOST_PLACES), years, today)
        except TooMuchToList as error:
            status, refusal = kind_of(error).status, str(error)
        marked = [
            (day, f"{day:%d/%m/%Y}: {entry.deadline.what}")
            for entry in entries
            for day in entry.days
        ]
        chosen = [("province", name) for name in provinces] + [("year", year) for year in years]
        calendar = "/v1/deadlines?" + urlencode([("format", "ics"), *chosen])
        return page(
            "deadlines.html",
            {
                "refusal": refusal,
                "line": line_of(marked, sorted({day.year for day, _ in marked}), today),
                "calendar": calendar,
                "subscription": f"webcal://{request.url.netloc}{calendar}",
                "groups": (
                    ("Sắp tới", [entry for entry in entries if entry.next]),
                    ("Đã qua", [entry for entry in entries if entry.days and not entry.next]),
                    ("Không rõ ngày", [entry for entry in entries if not entry.days]),
                ),
                "total": len(entries),
                "provinces": catalogue.provinces,
                "years": catalogue.years,
                "chosen_provinces": provinces,
                "chosen_years": years,
            },
            status,
        )

    return router


def _offered(
    catalogue: Catalogue, provinces: Sequence[str], chosen: Sequence[str]
) -> list[tuple[str, str]]:
    """Return the plans to choose from, the newest first; of very many, those of `provinces`."""
    with_rows = [head for head in catalogue.newest if head.rows]
    if len(with_rows) > _OFFERED and provinces:
        with_rows = [head for head in with_rows if head.province in provinces]
    named = [catalogue.heads[plan] for plan in chosen if plan in catalogue.heads]
    offered = dict.fromkeys((*with_rows[:_OFFERED], *named))
    return [(head.id, _named(head)) for head in offered]


def _named(plan: PlanHead) -> str:
    return " – ".join(filter(None, (plan.province, plan.number or plan.title or plan.id)))


def _years_of(duties: Iterable[Duty]) -> list[int]:
    return sorted({year for duty in duties for year in duty.years})


def _chosen(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value.strip())


def _years(values: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(value) for value in values if value.isdecimal())


def _held(catalogue: Catalogue) -> str:
    today = {current_province(name, datetime.date.today()) for name in catalogue.provinces}
    return held(len(catalogue.provinces), len(today))


def _found(compared: Sequence[Comparison]) -> bool:
    return any(pair.pairs or pair.only_one or pair.only_other for pair in compared)
