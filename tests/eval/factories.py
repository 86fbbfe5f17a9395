"""Answers and cases over the two shipped plans, showing only what a test is about."""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import corpus
from corpus.model import Plan, Span
from corpus.parse import parse_document
from corpus.readers import read_document
from eval.cases import Case, Evidence, Expected, Manner
from search_api.errors import EmptyQuestion
from search_api.model import (
    Answer,
    Citation,
    Coverage,
    Filters,
    Intent,
    Interpretation,
    Reason,
    Status,
)

KIEN_GIANG = "97-kh-ubnd.kien-giang.2023"
BINH_THUAN = "1549-kh-ubnd.binh-thuan.2024"
NO_FILTERS = Filters()


@functools.cache
def shipped_plans() -> Mapping[str, Plan]:
    folder = Path(corpus.__file__).parent / "data" / "plans"
    plans = [parse_document(read_document(path)) for path in sorted(folder.glob("*.txt"))]
    return {plan.id: plan for plan in plans}


def make_citation(place: str, plan_id: str = KIEN_GIANG) -> Citation:
    """Cite a row ("5.2"), a section ("VIII.1.d") or a part of the head ("number")."""
    plan = shipped_plans()[plan_id]
    rows = {row.ordinal: row.span for row in plan.rows}
    sections = {section.locator: section.span for section in plan.walk()}
    if place in rows:
        kind, span = "row", rows[place]
    elif place in sections:
        kind, span = "section", sections[place]
    else:
        kind, span = "plan", plan.fields[place]
    return _citation(plan, kind, place, span)


def make_answer(
    *citations: Citation,
    values: Sequence[str] = (),
    status: Status | None = None,
    reason: Reason | None = None,
    question: str = "Ai chủ trì?",
) -> Answer:
    found = Status.ANSWERED if citations else Status.NOT_FOUND
    return Answer(
        question=question,
        status=status or found,
        reason=reason,
        answer="",
        values=tuple(values),
        items=(),
        complete=True,
        coverage=Coverage(2, len({c.plan_id for c in citations}), len(citations)),
        citations=citations,
        interpretation=Interpretation(intent=None, topic=None),
    )


def make_case(
    *places: str,
    id: str = "t001",
    question: str = "Đơn vị nào chủ trì?",
    plan: str = KIEN_GIANG,
    intent: Intent = Intent.LEAD,
    manner: Manner = Manner.PLAIN,
    twin_of: str | None = None,
    filters: Filters = NO_FILTERS,
    **expect: Any,
) -> Case:
    """Make a case whose gold are `places`; without any it must be refused."""
    gold = tuple(make_evidence(place, plan) for place in places)
    judged = Expected(
        statuses=(Status.ANSWERED,) if gold else (Status.NOT_FOUND,),
        reasons=None,
        citations=gold,
        first=gold,
        allowed=(),
        values=None,
        provinces=None,
        years=None,
    )
    judged = dataclasses.replace(judged, **expect)
    return Case(id, question, intent, manner, twin_of, filters, None, judged)


def make_evidence(place: str, plan: str = KIEN_GIANG, text: str | None = None) -> Evidence:
    kind = "row" if place[0].isdigit() else "section" if place[0].isupper() else "plan"
    return Evidence(plan, kind, (place,), text)


class KnowingEngine:
    """Answers the cases it was given as their authors would, but not the twins it is `deaf_to`."""

    def __init__(self, cases: Sequence[Case], deaf_to: Sequence[Manner] = ()) -> None:
        self.known = {
            (case.question, case.filters): case
            for case in cases
            if case.twin_of is None or case.manner not in deaf_to
        }
        self.asked: list[tuple[str, Filters]] = []

    def ask(
        self,
        question: str,
        filters: Filters,
        as_of: datetime.date | None,
        previous: tuple[str, ...],
    ) -> Answer:
        del as_of, previous
        self.asked.append((question, filters))
        if not any(character.isalnum() for character in question):
            raise EmptyQuestion
        case = self.known.get((question, filters))
        if case is None or case.expect.must_refuse:
            reasons = case.expect.reasons if case else None
            return make_answer(reason=reasons[0] if reasons else Reason.OUT_OF_CORPUS)
        citations = [
            _cite_evidence(place) for place in (*case.expect.first[:1], *case.expect.citations)
        ]
        status = next(s for s in case.expect.statuses if s is not Status.NOT_FOUND)
        reasons = case.expect.reasons if status is Status.PARTIAL else None
        return make_answer(
            *dict.fromkeys(citations),
            values=[wordings[0] for wordings in case.expect.values or ()],
            status=status,
            reason=reasons[0] if reasons else None,
        )


def _cite_evidence(place: Evidence) -> Citation:
    plan = shipped_plans()[place.plan]
    if place.kind == "plan":
        start = plan.text.casefold().find((place.text or plan.title).casefold())
        start = max(start, 0)
        span = Span(start, start + len(place.text or plan.title))
        return _citation(plan, "plan", place.locators[0], span)
    return make_citation(place.locators[0], place.plan)


def _citation(plan: Plan, kind: str, locator: str, span: Span) -> Citation:
    return Citation(
        plan_id=plan.id,
        plan_number=plan.number,
        plan_title=plan.title,
        province=plan.province,
        issued_on=plan.issued_on,
        source=plan.source.name,
        kind=kind,
        locator=locator,
        label=locator,
        page=None,
        start=span.start,
        end=span.end,
        quote=span.of(plan.text),
        url=f"/v1/plans/{plan.id}",
    )
