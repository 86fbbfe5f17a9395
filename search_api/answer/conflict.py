"""Where the plan itself says two things: both are shown, and the answer is no more than partial."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.abbreviations import expand
from corpus.model import Note, Plan, Role, Severity, Span
from corpus.text import fold
from indexer.filter import Filter
from search_api import cues
from search_api.answer.draft import Draft, values_of
from search_api.answer.rows import ABOUT
from search_api.match import words_of
from search_api.model import Citation, Intent, Reason, Status
from search_api.question import Question
from search_api.retrieve import Retriever, RowMatch, beside_title, origin

# What an undecided field of the head is asked for as, by the code of the note about it.
_OF_HEAD = {"number_undecided": "number", "date_undecided": "issued_on"}
# The column that answers each kind of question, where the question names none.
_COLUMN = {
    Intent.LEAD: Role.LEAD,
    Intent.SUPPORT: Role.SUPPORT,
    Intent.PRODUCT: Role.PRODUCT,
    Intent.BUDGET: Role.BUDGET,
    Intent.DEADLINE: Role.TIME,
    Intent.YEARS: Role.TIME,
}
# Where a plan says two things; other notes tell what is missing or odd.
_OF_NUMBER = ("number_mismatch", "number_undecided")
_CONTRADICTS = frozenset(
    (
        *_OF_NUMBER, "date_mismatch", "date_undecided", "period_mismatch", "deadline_mismatch",
        "row_told_twice", "phase_against_years", "basis_after_plan", "deadline_before_plan",
    )
)  # fmt: skip
_SAME = cues.cue(r"giống|khớp|trùng|như nhau|thống nhất|nhất quán")
_NOT_SAME = cues.cue(r"không (?:giống|khớp|trùng|thống nhất|nhất quán)")
# What such a question is asked with.
_ASKED_WITH = "mâu thuẫn vênh tự khớp giống khác trùng lệch nhau trang đầu phụ lục bảng chỗ"
_OF_CONFLICT = frozenset(fold(_ASKED_WITH).split())
_YEAR = re.compile(r"(?:19|20)\d{2}")
_WHEN = (Intent.YEARS, Intent.DEADLINE)
_BEFORE = "Văn bản tự mâu thuẫn ở điều được hỏi, cần đối chiếu bản gốc"


def answer_conflict(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return where a plan says two things, both sides of each; None where that is not asked.

    Of the number of the plan where that is asked about, else of what is on the topic, else all.
    None, too, where nothing of that kind is found: then the question is answered as any.
    """
    lowered = question.text.lower()
    if not cues.INNER_CONFLICT.search(lowered):
        return None
    draft = Draft()
    about = _OF_NUMBER if cues.NUMBER_OF_PLAN.search(lowered) else ()
    topic = retriever.topic(question).without(_OF_CONFLICT)
    for plan in retriever.plans(wanted):
        rest = beside_title(topic, plan)
        for note in retriever.contradictions(plan):
            sides = [span.of(plan.text) for span in note.spans]
            fit = max((rest.fit([words_of(expand(side).text, 1.0)]) for side in sides), default=0.0)
            asked = note.code in about if about else not rest or fit >= ABOUT
            if _contradicts(note) and asked:
                for span in note.spans:
                    draft.cite(plan, span)
                draft.add_values(sides)
                draft.sentence += f"\n{origin(plan)} – {note.message}"
    if not draft.citations:
        return None
    told = ""
    if question.yes_no:
        same = _SAME.search(lowered) and not _NOT_SAME.search(lowered)
        draft.values, told = (["không"], "Không. ") if same else (["có"], "Có. ")
    draft.sentence = told + draft.sentence.strip()
    return draft


def _contradicts(note: Note) -> bool:
    return note.code in _CONTRADICTS and note.severity is not Severity.INFO and len(note.spans) > 1


def admit_conflict(question: Question, draft: Draft, retriever: Retriever) -> Draft:
    """Return `draft`, partial where a plan says elsewhere something else of the very thing asked.

    Only what nothing decides counts: a number in the head is the plan's number whatever its
    appendix says, and goals that share out the years of a row are its phases.
    """
    for citation in tuple(draft.citations):
        plan = retriever.index.plans[citation.plan_id]
        for note in retriever.contradictions(plan):
            if _is_asked(question, note, citation, plan, retriever):
                _show(question, draft, plan, note, retriever)
    return draft


def _is_asked(
    question: Question, note: Note, citation: Citation, plan: Plan, retriever: Retriever
) -> bool:
    """Say whether `citation` answers with one side of the contradiction that `note` tells."""
    if part := _OF_HEAD.get(note.code):
        return part in question.parts
    if not any(_touch(span, citation.span) for span in note.spans):
        return False
    if note.code == "phase_against_years":
        return question.claim in _WHEN and note.severity is Severity.WARNING
    if note.code == "deadline_mismatch":
        return question.claim is Intent.DEADLINE
    if note.code == "row_told_twice":
        sides = [_row_at(plan, span, retriever) for span in note.spans]
        return any(
            len({fold(side.row.text_of(role)) for side in sides}) > 1 for role in _asked(question)
        )
    return False


def _show(question: Question, draft: Draft, plan: Plan, note: Note, retriever: Retriever) -> None:
    """Cite and say both sides of a contradiction."""
    for span in note.spans:
        if any(_touch(span, known.span) for known in draft.citations if known.plan_id == plan.id):
            continue
        if note.code == "row_told_twice":
            other = _row_at(plan, span, retriever)
            draft.add_row(other)
            said = [value for role in _asked(question) for value in values_of(other, role)]
        else:
            draft.cite(plan, span)
            said = list(_said(note, span, plan))
        if question.claim is not Intent.COUNT and not question.yes_no:
            draft.add_values(said)
        draft.sentence += f"\n{draft.citations[-1].label}: {draft.citations[-1].quote}"
    if draft.reason is not Reason.CONTRADICTORY_SOURCE:
        draft.sentence = f"{_BEFORE}.\n{draft.sentence}"
    draft.status, draft.reason = Status.PARTIAL, Reason.CONTRADICTORY_SOURCE
    if note.message not in (draft.note or ""):
        draft.note = " ".join(filter(None, (draft.note, note.message)))


def _said(note: Note, span: Span, plan: Plan) -> Iterator[str]:
    """Yield what a side that is no row says: a number, a date, or the years of a phase."""
    text = span.of(plan.text)
    if note.code == "phase_against_years":
        yield from _YEAR.findall(text.split(":")[0])
    else:
        yield text


def _asked(question: Question) -> tuple[Role, ...]:
    held = tuple(unit.role for unit in question.units if unit.role)
    column = _COLUMN.get(question.claim)
    return question.asks or (held if question.yes_no else ()) or ((column,) if column else ())


def _row_at(plan: Plan, span: Span, retriever: Retriever) -> RowMatch:
    rows = retriever.every_row(Filter(plans=(plan.id,)))
    return next(match for match in rows if match.row.span == span)


def _touch(one: Span, other: Span) -> bool:
    return one.contains(other) or other.contains(one)
