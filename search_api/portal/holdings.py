"""The page of what is held: which plans, of where, how old, and what in them was doubtful."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from corpus.model import Severity
from corpus.places import current_province
from indexer.catalogue import PlanHead
from search_api.bounds import MOST_LISTED
from search_api.engine import Engine
from search_api.portal.linked import dataset
from search_api.portal.pictures import band_of, line_of, share
from search_api.portal.rendering import page as render
from search_api.wording import PROVINCES_TODAY, held

# Plans on one page.
_PER_PAGE = 50


def holding_routes(engine: Engine) -> APIRouter:
    """Return the page over an open `engine`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/kho", response_class=HTMLResponse)
    def holdings(
        request: Request, page: Annotated[int, Query(ge=1, le=10_000)] = 1
    ) -> HTMLResponse:
        today = datetime.date.today()
        catalogue = engine.index.catalogue
        plans, years = catalogue.newest, catalogue.years
        counted = Counter(plan.province for plan in plans if plan.province)
        now = {name: current_province(name, today) for name in counted}
        shown = [
            (plan, engine.index.notes_of(plan.id))
            for plan in plans[(page - 1) * _PER_PAGE : page * _PER_PAGE]
        ]
        return render(
            "holdings.html",
            {
                "total": len(plans),
                "most_listed": MOST_LISTED,
                "rows": sum(plan.rows for plan in plans),
                "dated": [plan for plan in plans if plan.issued_on],
                "held": held(len(counted), len(set(now.values()))),
                "held_today": len(set(now.values())),
                "of_today": PROVINCES_TODAY,
                "provinces": [
                    (name, now[name], count, share(count, max(counted.values())))
                    for name, count in counted.most_common()
                ],
                "line": line_of((), years, today),
                "listed": [
                    {
                        "plan": plan,
                        "age": age(plan, today),
                        "band": band_of(plan.period.first, plan.period.last, years)
                        if plan.period
                        else None,
                        "newer": engine.index.superseded.get(plan.id),
                        "notes": notes,
                        "grave": sum(note.severity is Severity.ERROR for note in notes),
                    }
                    for plan, notes in shown
                ],
                "page": page,
                "pages": max(1, -(-len(plans) // _PER_PAGE)),
                "linked_data": dataset(catalogue.provinces, str(request.base_url)),
            },
        )

    return router


def age(plan: PlanHead, today: datetime.date) -> str:
    """Return how long ago a plan was issued: "3 năm 7 tháng", "" where no date is known."""
    issued = plan.issued_on
    if issued is None or issued > today:
        return ""
    months = (today.year - issued.year) * 12 + today.month - issued.month
    months -= today.day < issued.day
    parts = (
        f"{months // 12} năm" if months >= 12 else "",
        f"{months % 12} tháng" * (months % 12 > 0),
    )
    return " ".join(filter(None, parts)) or "dưới 1 tháng"
