"""The responsibility matrix: every duty of a unit, from the rows and from the clauses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from corpus.collective import falls_under
from corpus.model import Role
from corpus.units import Unit
from indexer.filter import Filter
from search_api.answer.draft import units_of, whole_clause
from search_api.answer.labelled import OF_UNITS, Task, task_at
from search_api.cite import cite
from search_api.model import Citation
from search_api.retrieve import ClauseMatch, Retriever, RowMatch

# What a clause makes its unit do, by the verbs it opens with; the name of the role people read.
_VERBS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(words, re.I))
    for role, words in (
        ("báo cáo", r"\bbáo cáo\b"),
        (
            "bố trí kinh phí",
            r"\b(?:bố trí|cân đối|phân bổ|thẩm định)\b[^.;]{0,40}"
            r"\b(?:kinh phí|nguồn lực|ngân sách)|\bnguồn kinh phí\b",
        ),
        ("tham mưu", r"\btham mưu\b"),
        ("chủ trì", r"\bchủ trì\b"),
        ("phối hợp", r"\bphối hợp\b"),
        ("chỉ đạo", r"\bchỉ đạo\b"),
        ("hướng dẫn", r"\bhướng dẫn\b"),
        ("kiểm tra", r"\b(?:kiểm tra|giám sát|theo dõi|đôn đốc)\b"),
        ("tổng hợp", r"\btổng hợp\b"),
    )
)
_ROLE_OF_COLUMN = {Role.LEAD: "chủ trì", Role.SUPPORT: "phối hợp", Role.MONITOR: "kiểm tra"}
_OTHER = "thực hiện"


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: `roles` as people read them, `text` verbatim, `through` the collective it came by.

    `years` are those of the row, or the period of the plan for a clause.
    """

    unit: str
    roles: tuple[str, ...]
    text: str
    years: tuple[int, ...]
    province: str | None
    citation: Citation
    through: str | None = None


@dataclass(frozen=True, slots=True)
class Duties:
    """What a unit has to do: what names it, and apart from that what it falls under."""

    unit_id: str
    name: str
    collective: bool
    named: tuple[Duty, ...]
    through_collectives: tuple[Duty, ...]


def collectives_over(unit: Unit, retriever: Retriever) -> list[Unit]:
    """Return the collectives of the plans that `unit` falls under, by id."""
    if unit.collective:
        return []
    groups = map(retriever.registry.get, sorted(retriever.index.facets.counts("unit:")))
    return [group for group in groups if group and group.collective and falls_under(unit, group)]


def duties_of(unit: Unit, groups: Iterable[Unit], retriever: Retriever, wanted: Filter) -> Duties:
    """Return every duty of `unit` and of the `groups` it falls under, in the order of the plans."""
    places = [(unit, match) for match in _places(unit, retriever, wanted)]
    own = len(places)
    places += [(group, match) for group in groups for match in _places(group, retriever, wanted)]
    made: list[Duty | None] = [None] * len(places)
    # Plan by plan, for so each is opened once: a body has its duties in very many of them.
    for number in sorted(range(len(places)), key=lambda number: places[number][1].at.position):
        of, match = places[number]
        made[number] = _duty(of, match, retriever, None if number < own else of.name)
    named, through = (tuple(filter(None, duties)) for duties in (made[:own], made[own:]))
    return Duties(unit.id, unit.name, unit.collective, named, through)


def roles_of_clause(text: str) -> tuple[str, ...]:
    """Return the roles a clause gives, in the order of its words; "thực hiện" where none is said.

    >>> roles_of_clause("Chủ trì, phối hợp với các sở triển khai Kế hoạch")
    ('chủ trì', 'phối hợp')
    """
    found = [(match.start(), role) for role, words in _VERBS if (match := words.search(text))]
    return tuple(role for _, role in sorted(found)) or (_OTHER,)


def _places(unit: Unit, retriever: Retriever, wanted: Filter) -> list[RowMatch | ClauseMatch]:
    """Return the rows that name a unit, then the clauses that give it tasks."""
    naming = replace(wanted, units=(unit.id,))
    rows = retriever.every_row(naming, whole=True)
    giving = replace(naming, roles=("duty", *map(str, OF_UNITS)))
    return [*rows, *retriever.every_clause(giving, whole=True)]


def _duty(
    unit: Unit, match: RowMatch | ClauseMatch, retriever: Retriever, through: str | None
) -> Duty | None:
    if isinstance(match, ClauseMatch):
        task = task_at(match)
        if task and (roles := _roles_in(unit, task.said, retriever)):
            return _task_duty(unit, match, task, roles, through)
        says = not match.section.children or match.body.start >= match.section.heading.end
        return _clause_duty(unit, match, through) if says else None
    said = {role: match.row.text_of(role) for role in _ROLE_OF_COLUMN}
    roles = _roles_in(unit, said, retriever)
    return _row_duty(unit, match, roles, through) if roles else None


def _roles_in(unit: Unit, said: Mapping[Role, str], retriever: Retriever) -> tuple[str, ...]:
    """Return the roles, as people read them, in which what is `said` of each names a unit."""
    return tuple(
        name
        for role, name in _ROLE_OF_COLUMN.items()
        if unit.id in retriever.units_in(units_of(said.get(role, "")))
    )


def _row_duty(unit: Unit, match: RowMatch, roles: tuple[str, ...], through: str | None) -> Duty:
    return Duty(
        unit.name, roles, match.row.text_of(Role.ACTIVITY), match.years, match.plan.province,
        cite(match.plan, match.row.span), through,
    )  # fmt: skip


def _task_duty(
    unit: Unit, match: ClauseMatch, task: Task, roles: tuple[str, ...], through: str | None
) -> Duty:
    duty = _clause_duty(unit, match, through)
    return replace(duty, roles=roles, text=task.text, citation=cite(match.plan, task.span))


def _clause_duty(unit: Unit, match: ClauseMatch, through: str | None) -> Duty:
    period = match.plan.period
    return Duty(
        unit.name, roles_of_clause(match.text), match.text, period.years if period else (),
        match.plan.province, cite(match.plan, whole_clause(match)), through,
    )  # fmt: skip
