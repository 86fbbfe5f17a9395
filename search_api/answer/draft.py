"""An answer while it is put together: evidence first, then what it says."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from corpus.model import Plan, Role, Span
from corpus.units import split_units
from search_api.cite import cite
from search_api.model import Alternative, Citation, Item, Reason, Status
from search_api.retrieve import ClauseMatch, RowMatch


@dataclass(slots=True)
class Draft:
    """Citations, values and lines in the order they were added; a citation is never added twice."""

    sentence: str = ""
    values: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)
    status: Status = Status.ANSWERED
    reason: Reason | None = None
    complete: bool = True
    rows_matched: int = 0
    note: str | None = None
    _numbers: dict[tuple[str, int, int], int] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def cite(self, plan: Plan, span: Span) -> int:
        """Add the citation of a span and return its number."""
        key = (plan.id, span.start, span.end)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.citations)
            self.citations.append(cite(plan, span))
        return number

    def keep(self, cited: Sequence[int]) -> None:
        """Leave out all citations but those numbered so, and the lines that stand on others."""
        self.items = [
            replace(item, citation=cited.index(item.citation))
            for item in self.items
            if item.citation in cited
        ]
        self.citations = [self.citations[number] for number in cited]
        self._numbers = {
            (c.plan_id, c.start, c.end): number for number, c in enumerate(self.citations)
        }

    def add_row(self, match: RowMatch) -> None:
        """Cite a row and add what all its columns say as one line."""
        number = self.cite(match.plan, match.row.span)
        self.items.append(Item(match.plan.province, number, row_fields(match)))
        self.rows_matched += 1

    def add_clause(self, match: ClauseMatch) -> None:
        """Cite a clause and add its words as one line."""
        number = self.cite(match.plan, whole_clause(match))
        fields: dict[str, object] = {"text": match.text}
        if match.section.title:
            fields["title"] = match.section.title
        self.items.append(Item(match.plan.province, number, fields))

    def add_values(self, values: Iterable[str]) -> None:
        """Add values that are not there yet; "Các cơ sở" and "các cơ sở" are one."""
        known = {value.casefold() for value in self.values}
        for value in values:
            if value and value.casefold() not in known:
                known.add(value.casefold())
                self.values.append(value)

    def say_clauses(self, matches: Iterable[ClauseMatch]) -> None:
        """Cite clauses; their words are the values and, with their place, the sentence."""
        lines = [self.sentence] if self.sentence else []
        for match in matches:
            self.add_clause(match)
            self.add_values([match.text])
            lines.append(f"{match.where}: {match.text}")
        self.sentence = "\n".join(lines)

    def as_alternatives(self, note: str) -> list[Alternative]:
        """Return the citations as the nearest evidence of a refusal."""
        return [Alternative(note, citation) for citation in self.citations[:3]]

    def offer(self, note: str, plan: Plan, span: Span, values: tuple[str, ...] = ()) -> None:
        """Offer evidence for another reading, or the nearest there is."""
        citation = cite(plan, span)
        if citation not in (other.citation for other in self.alternatives):
            self.alternatives.append(Alternative(note, citation, values))


def refusal(reason: Reason, sentence: str) -> Draft:
    """Return an answer without citations."""
    return Draft(sentence=sentence, status=Status.NOT_FOUND, reason=reason, complete=False)


def whole_clause(match: ClauseMatch) -> Span:
    """Return what is quoted of a section: from its marker to the end of its own words."""
    section = match.section
    if section.children and match.body.start >= section.children[-1].span.end:
        return match.body
    return Span(section.heading.start, max(match.body.end, section.heading.end))


def row_fields(match: RowMatch) -> dict[str, object]:
    """Return what each column of a row says, by role; units one by one."""
    row = match.row
    fields: dict[str, object] = {"ordinal": row.ordinal, "activity": row.text_of(Role.ACTIVITY)}
    for role in (Role.LEAD, Role.SUPPORT, Role.MONITOR):
        if row.cell(role):
            fields[role.value] = list(units_of(row.text_of(role)))
    for role in (Role.PRODUCT, Role.TIME, Role.BUDGET, Role.NOTE):
        if row.cell(role):
            fields[role.value] = row.text_of(role)
    fields["years"] = list(match.years)
    fields["years_from"] = match.years_from
    return fields


@functools.lru_cache(maxsize=20_000)
def units_of(cell: str) -> tuple[str, ...]:
    """Return the single units of a cell, as written."""
    return tuple(span.of(cell) for span in split_units(cell))


def values_of(match: RowMatch, role: Role) -> list[str]:
    """Return what a row says in one column, as the values of an answer."""
    if role in (Role.LEAD, Role.SUPPORT, Role.MONITOR):
        return list(units_of(match.row.text_of(role)))
    if role is Role.YEARS:
        return [str(year) for year in match.years]
    text = match.row.text_of(role)
    return [text] if text else []
