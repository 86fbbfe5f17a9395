"""What a unit or a province is today: where the plans name it; who it is, the registry says."""

from __future__ import annotations

from dataclasses import replace

from corpus.model import Plan, Span
from indexer.filter import Filter
from search_api.answer.draft import Draft
from search_api.question import Question
from search_api.retrieve import Retriever


def answer_today(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the place of each plan that names what is asked about; None where none does.

    Of several rows the one most on the topic.

    Who holds its tasks on the day asked is added to every answer, from what it names.
    """
    draft = Draft()
    topic = retriever.topic(question)
    for unit in question.units:
        named = replace(wanted, units=unit.ids, years=())
        for plan in retriever.plans(named):
            of_plan = replace(named, plans=(plan.id,))
            rows = [m for m in retriever.every_row(of_plan, topic) if not m.row.is_heading]
            if rows:
                draft.add_row(max(rows, key=lambda match: match.fit))
            elif clauses := retriever.every_clause(of_plan):
                draft.add_clause(clauses[0])
    if not question.units and question.provinces:
        for plan in retriever.plans(replace(wanted, years=())):
            draft.cite(plan, _issued_by(plan))
    return draft if draft.citations else None


def _issued_by(plan: Plan) -> Span:
    """Return where the head of a plan says whose it is."""
    return plan.fields.get("issuer") or plan.fields.get("title") or Span(0, len(plan.text))
