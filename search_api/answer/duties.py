"""What a unit has to do: the clauses that speak to it, else the rows that name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Role
from indexer.filter import Filter
from search_api.answer.draft import Draft, values_of
from search_api.answer.rows import holds, own_topic
from search_api.match import words_of
from search_api.question import AskedUnit, Question
from search_api.retrieve import ClauseMatch, Retriever, RowMatch

# Duties off the topic are left out once one covers the topic so well; those then on it cover so
# much of what the best one covers.
_SURE, _ON_TOPIC = 0.75, 0.6


def answer_duties(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the duties of the first unit the question names; None where none is known."""
    for unit in question.units:
        clauses = duty_clauses(unit, retriever, wanted)
        rows = [] if clauses else unit_rows(unit, retriever, wanted)
        if not clauses and not rows:
            continue
        if not question.lists:
            topic = own_topic(question, retriever, wanted)
            topic = topic.without(_keys(unit))
            clauses = _on_topic([(topic.fit([words_of(m.text, 1.0)]), m) for m in clauses])
        draft = Draft()
        draft.say_clauses(clauses)
        for row in rows:
            draft.add_row(row)
            draft.add_values([row.activity])
        lines = [_row_line(row, unit, retriever) for row in rows]
        draft.sentence = "\n".join(filter(None, [draft.sentence, *lines]))
        return draft
    return None


def duty_clauses(unit: AskedUnit, retriever: Retriever, wanted: Filter) -> list[ClauseMatch]:
    """Return the clauses under a heading that is the unit, without the heading itself."""
    restricted = replace(wanted, units=unit.ids + retriever.groups_of(unit.ids), roles=("duty",))
    return [
        match
        for match in retriever.every_clause(restricted)
        if not match.section.children or match.body.start >= match.section.heading.end
    ]


def unit_rows(unit: AskedUnit, retriever: Retriever, wanted: Filter) -> list[RowMatch]:
    """Return the rows that name the unit as lead or support."""
    return [
        match
        for match in retriever.every_row(replace(wanted, units=unit.ids))
        if any(
            holds(match, [(frozenset(unit.ids), role)], retriever)
            for role in (Role.LEAD, Role.SUPPORT)
        )
    ]


def _on_topic(scored: Sequence[tuple[float, ClauseMatch]]) -> list[ClauseMatch]:
    best = max((fit for fit, _ in scored), default=0.0)
    if best < _SURE:
        return [match for _, match in scored]
    return [match for fit, match in scored if fit >= _ON_TOPIC * best]


def _keys(unit: AskedUnit) -> frozenset[str]:
    return frozenset(key for unit_id in unit.ids for key in unit_id.split("-"))


def _row_line(match: RowMatch, unit: AskedUnit, retriever: Retriever) -> str:
    role = next(
        name
        for role, name in ((Role.LEAD, "chủ trì"), (Role.SUPPORT, "phối hợp"))
        if frozenset(unit.ids) & {retriever.unit_id(value) for value in values_of(match, role)}
    )
    return f"{match.where} ({role}): {match.activity}"
