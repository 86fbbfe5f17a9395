"""Which activities: of a unit in a role, of a group, of a year; as a list or as a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Role
from corpus.text import fold
from indexer.filter import Filter
from search_api.answer.draft import Draft, refusal, values_of
from search_api.answer.rows import ABOUT, Held, held_units, holds, matching_rows, own_topic
from search_api.cues import ALONE
from search_api.model import Reason
from search_api.question import Question
from search_api.retrieve import Retriever, RowMatch

_ROLE_WORD = {Role.LEAD: "chủ trì", Role.SUPPORT: "phối hợp", Role.MONITOR: "theo dõi"}


def answer_activities(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return every activity the question's units, topic and years leave; None where none is left.

    Computed over all rows in scope, so the list is complete.
    """
    matches = select_rows(question, retriever, wanted)
    if not matches:
        return None
    draft = Draft(note=f"Đủ {len(matches)} dòng trong phạm vi hỏi.")
    for match in matches:
        draft.add_row(match)
        draft.add_values([match.row.text_of(Role.ACTIVITY)])
    draft.sentence = "\n".join(
        f"{match.plan.province or match.plan.title}, {match.row.label}: {match.row.text_of(Role.ACTIVITY)}"
        for match in matches
    )
    return draft


def select_rows(question: Question, retriever: Retriever, wanted: Filter) -> list[RowMatch]:
    """Return the rows (no mere headings) that hold the question's units and are on its topic."""
    held = held_units(question)
    named = [unit for unit in question.units if unit.role is None]
    if not held and named and not _is_about(question, retriever, wanted):
        # "Hoạt động nào của Sở X?": in whatever role.
        for role in (Role.LEAD, Role.SUPPORT):
            rows = _with_units(retriever, wanted, [(frozenset(named[0].ids), role)], question)
            if rows:
                return rows
    if held:
        rows = _with_units(retriever, wanted, held, question)
        topic = own_topic(question, retriever, wanted)
        on_topic = [
            row for row in rows if topic and topic.fit(retriever.words_of_row(row)) >= ABOUT
        ]
        return on_topic or rows
    if not own_topic(question, retriever, wanted):
        return [match for match in retriever.every_row(wanted) if not match.row.is_heading]
    return matching_rows(question, retriever, wanted)


def refuse_unit(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Refuse where the question's unit stands nowhere in scope, or not in the role asked."""
    for unit in question.units:
        everywhere = replace(wanted, units=unit.ids)
        allowed = retriever.index.allowed(everywhere)
        if allowed is not None and not allowed.count:
            return refusal(
                Reason.UNIT_NOT_NAMED,
                f"Các kế hoạch trong phạm vi hỏi không nhắc đến “{unit.name}”.",
            )
        if unit.role:
            draft = refusal(
                Reason.UNIT_NOT_NAMED,
                f"Không dòng nào trong phạm vi hỏi ghi “{unit.name}” ở vai trò {_ROLE_WORD.get(unit.role, unit.role.value)}.",
            )
            for match in retriever.every_row(everywhere)[:3]:
                draft.offer(
                    f"Dòng có nhắc “{unit.name}” ở vai trò khác.", match.plan, match.row.span
                )
            return draft
    return None


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

