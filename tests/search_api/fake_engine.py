"""An engine over the shipped plans that finds rows and sections by shared words.

It behaves like the real one (quotes are verbatim, filters hold, refusals have no citations) and is
used where the real one would be in the way: to make faults happen and to look at the pages.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import numpy as np

from corpus.lint import lint
from corpus.model import Plan, Role, Span
from corpus.parse import parse_document
from corpus.readers import read_document
from corpus.text import tokenise
from indexer.catalogue import Catalogue, PlanHead
from search_api.errors import (
    LONGEST_QUESTION,
    EmptyQuestion,
    QuestionTooLong,
    UnknownFilterValue,
)
from search_api.model import (
    Answer,
    Citation,
    Coverage,
    Filters,
    Hit,
    Holder,
    Interpretation,
    Item,
    Reason,
    SearchResult,
    Status,
)

ANYTHING = Filters()
PLANS_FOLDER = Path(__file__).parents[2] / "corpus" / "data" / "plans"


def read_shipped_plans() -> dict[str, Plan]:
    plans = [parse_document(read_document(path)) for path in sorted(PLANS_FOLDER.glob("*.txt"))]
    return {plan.id: plan for plan in plans}


class FakeEngine:
    """Finds by shared words; `plans` are the only thing it knows."""

    def __init__(self, plans: Mapping[str, Plan] | None = None) -> None:
        self.plans = read_shipped_plans() if plans is None else plans
        sources = {
            plan.id: SimpleNamespace(path=str(PLANS_FOLDER / plan.source.name))
            for plan in self.plans.values()
        }
        manifest = SimpleNamespace(
            plans=len(self.plans),
            chunks=0,
            created_at="2026-01-01T00:00:00+00:00",
            vectors="Flat",
        )
        self.index = SimpleNamespace(
            sources=sources,
            superseded={},
            catalogue=Catalogue(
                map(PlanHead.of, self.plans.values()), (), (), np.arange(len(self.plans) + 1)
            ),
            notes_of=lambda plan_id: lint(self.plans[plan_id]),
            is_stale=False,
            index_dir=Path("/nowhere"),
            encoder=None,
            store=None,
            manifest=manifest,
            dense=SimpleNamespace(kind="flat"),
        )

    rephrasings: Mapping[str, int] = MappingProxyType({})

    def rephrase(self, answer: Answer) -> Answer:
        return answer

    def ask(
        self,
        question: str,
        filters: Filters = ANYTHING,
        as_of: datetime.date | None = None,
        previous: tuple[str, ...] = (),
        *,
        as_typed: bool = False,
    ) -> Answer:
        del as_of, previous, as_typed
        found = [hit for hit in self._ranked(question, filters) if hit.kind == "row"][:3]
        found = [hit for hit in found if hit.score >= 3]
        citations = tuple(hit.citation for hit in found)
        rows = {row.key: row for plan in self.plans.values() for row in plan.rows}
        items = tuple(
            Item(
                citation.province,
                number,
                {
                    "lead": [rows[f"r{citation.locator}"].text_of(Role.LEAD)],
                    "product": rows[f"r{citation.locator}"].text_of(Role.PRODUCT),
                    "years": [2024],
                    "years_from": "title",
                },
            )
            for number, citation in enumerate(citations)
        )
        return Answer(
            question=question,
            status=Status.ANSWERED if found else Status.NOT_FOUND,
            reason=None if found else Reason.OUT_OF_CORPUS,
            answer="; ".join(hit.text for hit in found[:1]) or "Không tìm thấy trong các kế hoạch.",
            values=(),
            items=items,
            complete=bool(found),
            coverage=Coverage(len(self.plans), len({c.plan_id for c in citations}), len(found)),
            citations=citations,
            interpretation=Interpretation("lead", question),
            took_ms=1.0,
        )

    def search(
        self,
        words: str,
        filters: Filters = ANYTHING,
        k: int = 10,
        offset: int = 0,
        *,
        as_typed: bool = False,
    ) -> SearchResult:
        del as_typed
        ranked = self._ranked(words, filters)
        provinces = [hit.citation.province or "" for hit in ranked]
        return SearchResult(
            hits=tuple(ranked[offset : offset + k]),
            facets={"province": {name: provinces.count(name) for name in provinces}},
            total=len(ranked),
            took_ms=1.0,
        )

    def suggest(self, prefix: str, count: int = 8) -> tuple[str, ...]:
        activities = [r.text_of(Role.ACTIVITY) for p in self.plans.values() for r in p.rows]
        return tuple(a for a in activities if a.lower().startswith(prefix.lower()))[:count]

    def renamed(self, plan_id: str, on: datetime.date) -> tuple[tuple[Span, Holder], ...]:
        del plan_id, on
        return ()

    def units(self) -> tuple[tuple[str, str, dict[Role, int]], ...]:
        return (("so-noi-vu", "Sở Nội vụ", {Role.LEAD: 1}),)

    def _ranked(self, words: str, filters: Filters) -> list[Hit]:
        if not words.strip():
            raise EmptyQuestion
        if len(words) > LONGEST_QUESTION:
            raise QuestionTooLong(len(words))
        provinces = {plan.province for plan in self.plans.values()}
        for name in filters.provinces:
            if name not in provinces:
                raise UnknownFilterValue("province", name, tuple(p for p in provinces if p))
        wanted = {token.key for token in tokenise(words)}
        scored = []
        for plan, kind, locator, label, span in self._places():
            if filters.provinces and plan.province not in filters.provinces:
                continue
            tokens = tokenise(span.of(plan.text))
            marks = tuple(
                (token.span.start, token.span.end) for token in tokens if token.key in wanted
            )
            score = len(wanted & {token.key for token in tokens})
            if score:
                scored.append((score, plan, kind, locator, label, span, marks))
        scored.sort(key=lambda entry: -entry[0])
        return [
            Hit(
                rank=rank,
                score=float(score),
                kind=kind,
                locator=locator,
                label=label,
                text=span.of(plan.text),
                highlights=marks,
                citation=_citation(plan, kind, locator, label, span),
                found_by=("lexical",),
            )
            for rank, (score, plan, kind, locator, label, span, marks) in enumerate(scored, 1)
        ]

    def _places(self) -> Iterator[tuple[Plan, str, str, str, Span]]:
        for plan in self.plans.values():
            for row in plan.rows:
                label = f"{row.appendix}, dòng {row.ordinal}"
                yield plan, "row", row.ordinal, label, row.span
            for section in plan.walk():
                if not section.children:
                    yield plan, "section", section.locator, f"Mục {section.locator}", section.span


def _citation(plan: Plan, kind: str, locator: str, label: str, span: Span) -> Citation:
    anchor = f"r{locator}" if kind == "row" else locator
    return Citation(
        plan_id=plan.id,
        plan_number=plan.number,
        plan_title=plan.title,
        province=plan.province,
        issued_on=plan.issued_on,
        source=plan.source.name,
        kind=kind,
        locator=locator,
        label=label,
        page=plan.source.page_of(span.start),
        start=span.start,
        end=span.end,
        quote=span.of(plan.text),
        url=f"/v1/plans/{plan.id}#{anchor}",
    )
