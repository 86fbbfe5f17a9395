"""Is it so: a claim about a unit, a year or a clause, held against what the plans say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Role
from indexer.filter import Filter
from search_api import cues
from search_api.answer.draft import Draft, values_of
from search_api.answer.rows import matching_rows
from search_api.answer.sections import matching_clauses
from search_api.question import AskedUnit, Question
from search_api.retrieve import Retriever

# A row is firmer ground than a sentence; a clause speaks where it covers this much more.
_ROWS_FIRST = 0.15
_YES, _NO = "có", "không"
_ROLE_WORD = {Role.LEAD: "chủ trì", Role.SUPPORT: "phối hợp"}


def answer_verify(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return "có" or "không" with the rows or clauses that say so; None where nothing is on topic."""
    lowered = question.text.lower()
    claimed = [unit for unit in question.units if unit.role]
    if (
        not claimed
        and question.units
        and (cues.LEAD_CUE.search(lowered) or cues.SUPPORT_VERB.search(lowered))
    ):
        claimed = list(question.units[:1])
    if claimed:
        return _verify_units(question, retriever, wanted, claimed)
    draft = Draft(values=[_YES])
    rows = matching_rows(question, retriever, wanted)
    clauses = matching_clauses(question, retriever.topic(question), retriever, wanted)
    best_row = max((match.fit for match in rows), default=0.0)
    best_clause = max((match.fit for match in clauses), default=0.0)
    if not rows and not clauses:
        return None
    if best_row >= best_clause - _ROWS_FIRST:
        for match in rows:
            draft.add_row(match)
    else:
        for clause in clauses[:2]:
            draft.add_clause(clause)
    draft.sentence = "Có. " + " ".join(f"{c.label}: {c.quote}" for c in draft.citations)
    return draft


def _verify_units(
    question: Question, retriever: Retriever, wanted: Filter, claimed: Sequence[AskedUnit]
) -> Draft | None:
    """Hold each claimed unit against the column of its role, in the rows on the topic."""
    lowered = question.text.lower()
    default = Role.LEAD if cues.LEAD_CUE.search(lowered) else Role.SUPPORT
    free = replace(question, units=())
    rows = matching_rows(free, retriever, wanted)
    if not rows:
        return None
    held = []
    for match in rows:
        answers = []
        for unit in claimed:
            ids = {retriever.unit_id(value) for value in values_of(match, unit.role or default)}
            answers.append(bool(set(unit.ids) & ids))
        held.append(all(answers))
    draft = Draft(values=[_YES if any(held) else _NO])
    role = _ROLE_WORD[claimed[0].role or default]
    lines = []
    for match, is_so in zip(rows, held, strict=True):
        if any(held) and not is_so:
            continue
        draft.add_row(match)
        names = "; ".join(values_of(match, claimed[0].role or default)) or "không ghi"
        lines.append(
            f"{match.plan.province or match.plan.title} – “{match.row.text_of(Role.ACTIVITY)}” ({match.row.label}), {role}: {names}."
        )
    draft.sentence = ("Có. " if any(held) else "Không. ") + "\n".join(lines)
    return draft
