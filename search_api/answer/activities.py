"""Which activities: of a unit in a role, of a group, of a year; as a list or as a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Role
from corpus.text import fold, tokenise
from indexer.filter import Filter
from search_api.answer.draft import Draft, refusal, values_of
from search_api.answer.rows import ABOUT, Held, held_units, holds, matching_rows, own_topic
from search_api.answer.sections import matching_clauses
from search_api.cues import ALONE, WHICH_PROVINCE
from search_api.model import Reason
from search_api.question import Question
from search_api.retrieve import Retriever, RowMatch, origin

# The body answers instead of the rows where it covers this much more of the topic.
_CLEARLY_MORE = 0.1
_ROLE_WORD = {Role.LEAD: "chủ trì", Role.SUPPORT: "phối hợp", Role.MONITOR: "theo dõi"}


def answer_activities(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return every activity the question's units, topic and years leave; None where none is left.

    Computed over all rows in scope, so the list is complete.
    """
    matches = select_rows(question, retriever, wanted)
    if not matches or _clause_is_better(question, matches, retriever, wanted):
        return None
    draft = Draft(note=f"Đủ {len(matches)} dòng trong phạm vi hỏi.")
    for match in matches:
        draft.add_row(match)
        draft.add_values([match.activity])
    if WHICH_PROVINCE.search(question.text.lower()):
        draft.values = list(dict.fromkeys(origin(match.plan) for match in matches))
    draft.sentence = "\n".join(f"{match.where}: {match.activity}" for match in matches)
    return draft


def _clause_is_better(
    question: Question, matches: Sequence[RowMatch], retriever: Retriever, wanted: Filter
) -> bool:
    """Say whether the body names what is asked for and the rows only touch it."""
    if any(unit.role for unit in question.units) or WHICH_PROVINCE.search(question.text.lower()):
        return False
    clauses = matching_clauses(question, retriever.topic(question), retriever, wanted)
    best_clause = max((match.fit for match in clauses), default=0.0)
    best_row = max(match.fit for match in matches)
    return bool(best_row) and best_clause > best_row + _CLEARLY_MORE


def select_rows(question: Question, retriever: Retriever, wanted: Filter) -> list[RowMatch]:
    """Return the rows (no mere headings) that hold the question's units and are on its topic."""
    held = held_units(question)
    named = [unit for unit in question.units if unit.role is None]
    if not held and named and not _is_about(question, retriever, wanted):
        # "Hoạt động nào của Sở X?": in whatever role.
        for role in (Role.LEAD, Role.SUPPORT):
            rows = _with_units(retriever, wanted, [(frozenset(named[0].ids), role)], question)
            if rows:
                return _on_topic(rows, question, retriever, wanted)
    if held:
        rows = _with_units(retriever, wanted, held, question)
        return _on_topic(rows, question, retriever, wanted) or rows
    if not own_topic(question, retriever, wanted):
        return [match for match in retriever.every_row(wanted) if not match.row.is_heading]
    return matching_rows(question, retriever, wanted)


def refuse_unknown_unit(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Refuse where the question is about a single body that no plan in scope names anywhere."""
    for unit in question.units:
        if retriever.is_collective(unit.ids) or retriever.groups_of(unit.ids):
            continue
        allowed = retriever.index.allowed(replace(wanted, units=unit.ids, years=()))
        if allowed is not None and not allowed.count:
            return refusal(
                Reason.UNIT_NOT_NAMED,
                f"Các kế hoạch trong phạm vi hỏi không nhắc đến “{unit.name}”.",
            )
    return None


def refuse_unit(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Refuse where the question's unit does not hold the role asked, with the rows that name it."""
    for unit in question.units:
        if not unit.role:
            continue
        role = _ROLE_WORD.get(unit.role, unit.role.value)
        draft = refusal(
            Reason.UNIT_NOT_NAMED,
            f"Không dòng nào trong phạm vi hỏi ghi “{unit.name}” ở vai trò {role}.",
        )
        for match in retriever.every_row(replace(wanted, units=unit.ids))[:3]:
            draft.offer(f"Dòng có nhắc “{unit.name}” ở vai trò khác.", match.plan, match.row.span)
        return draft
    return None


def _on_topic(
    rows: Sequence[RowMatch], question: Question, retriever: Retriever, wanted: Filter
) -> list[RowMatch]:
    """Keep the rows on what the question says beside the names of its units."""
    names = frozenset(token.key for unit in question.units for token in tokenise(unit.name))
    topic = own_topic(question, retriever, wanted).without(names, retriever.vocabulary)
    if not topic:
        return list(rows)
    return [row for row in rows if topic.fit(retriever.words_of_row(row)) >= ABOUT]


def _with_units(
    retriever: Retriever, wanted: Filter, held: Sequence[Held], question: Question
) -> list[RowMatch]:
    alone = bool(ALONE.search(question.text.lower()))
    rows = [m for m in retriever.every_row(wanted) if holds(m, held, retriever)]
    if alone:
        rows = [m for m in rows if all(len(values_of(m, role)) == 1 for _, role in held)]
    return rows


def _is_about(question: Question, retriever: Retriever, wanted: Filter) -> bool:
    """Say whether the words of the question, its units' names among them, are an activity's own."""
    topic = own_topic(question, retriever, wanted)
    best = (
        max((m.own_fit for m in retriever.every_row(wanted, topic)), default=0.0) if topic else 0.0
    )
    unit_words = {fold(word) for unit in question.units for word in unit.name.split()}
    return best >= ABOUT and any(term.key not in unit_words for term in topic.terms)
