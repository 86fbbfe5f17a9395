"""Money of rows: how much a thing costs, which costs most or least, which costs just so much."""

from __future__ import annotations

import re

from corpus.model import Role
from corpus.text import fold
from indexer.filter import Filter
from search_api.answer.draft import Draft, refusal
from search_api.answer.rows import ABOUT, column_of, held_units, holds, matching_rows
from search_api.cues import (
    AMOUNT,
    LEAST_MONEY,
    MOST_MONEY,
    NO_ROW_OF_MONEY,
    TOTAL,
    WHAT_ACTIVITY,
    WHICH_ACTIVITY,
    WHO_CUE,
)
from search_api.model import Reason
from search_api.question import Question
from search_api.retrieve import Retriever, RowMatch, beside_title

# What is asked of money, not of what it is for.
_OF_MONEY = frozenset(
    fold(
        "tổng tốn kém tiền kinh phí ngân sách chi phí vốn nhiều lớn cao ít thấp nhỏ đỡ nhất"
    ).split()
)
_ALL_OF_IT = 0.8
# A cell that is a sum and nothing else: "9.600", "1.250,5".
_SUM = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
# "45.000 triệu đồng", "45 tỷ"; in a header only the unit: "Kinh phí (triệu đồng)".
_AMOUNT = re.compile(
    r"(?<![\d/.,])(?P<number>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)"
    r"\s*(?P<unit>tỷ|triệu|nghìn|ngàn|đồng|ty dong|trieu dong|nghin dong)(?!\w)",
    re.I,
)
_UNIT = re.compile(r"ty|trieu|nghin|ngan|dong")
_WORTH = {"ty": 1e9, "trieu": 1e6, "nghin": 1e3, "ngan": 1e3, "dong": 1.0}


def answer_money(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the money of the rows on the topic, where an amount is asked and a column has it."""
    lowered = question.text.lower()
    if not AMOUNT.search(lowered):
        return None
    # A total stands in the body; of rows only one on all that is asked has it.
    total = bool(TOTAL.search(lowered))
    topic = retriever.topic(question).without(_OF_MONEY if total else frozenset())
    with_column = [
        match
        for match in matching_rows(question, retriever, wanted)
        if any(cell.role is Role.BUDGET for cell in match.row.cells)
        and retriever.fits_beside_title(match, topic)
        and not (total and topic.fit(retriever.words_at(match.at)) < _ALL_OF_IT)
    ]
    return column_of(with_column, (Role.BUDGET,), question.also)


def answer_costliest(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the row with the most money, or the least, of each plan; None where none is asked for.

    Sums are compared within a column, which has one unit of money; where none is, it is refused.
    """
    lowered = question.text.lower()
    least = LEAST_MONEY.search(lowered)
    asked = (least or MOST_MONEY.search(lowered)) and WHICH_ACTIVITY.search(lowered)
    if question.yes_no or not asked or NO_ROW_OF_MONEY.search(lowered):
        return None
    if not retriever.reads_all(wanted):
        return refusal(
            Reason.NOT_UNDERSTOOD,
            "Phạm vi hỏi quá rộng để so kinh phí của mọi dòng. Hãy nêu tỉnh, năm hay kế hoạch.",
        )
    held, topic = held_units(question), retriever.topic(question).without(_OF_MONEY)
    columns: dict[tuple[str, str], list[tuple[float, RowMatch]]] = {}
    for match in retriever.every_row(wanted):
        cell, rest = match.row.cell(Role.BUDGET), beside_title(topic, match.plan)
        if not cell or not cell.text.strip() or match.row.is_heading or not match.row.ordinal:
            continue
        if not holds(match, held, retriever):
            continue
        if rest and rest.fit(retriever.words_at(match.at)) < ABOUT:
            continue
        if not _SUM.fullmatch(cell.text.strip()):
            return refusal(
                Reason.FIELD_EMPTY,
                f"Không so được: {match.where} ghi kinh phí không bằng một con số.",
            )
        amount = _number(cell.text.strip())
        columns.setdefault((match.plan_id, cell.header), []).append((amount, match))
    chosen = [
        match
        for sums in columns.values()
        for amount, match in sums
        if amount == (min if least else max)(amount for amount, _ in sums)
    ]
    draft = column_of(chosen, (Role.BUDGET,), (*question.asks, *question.also))
    if draft is None:
        return refusal(Reason.FIELD_EMPTY, "Không dòng nào trong phạm vi hỏi ghi kinh phí bằng số.")
    draft.values = list(dict.fromkeys((*(match.activity for match in chosen), *draft.values)))
    compared = sum(map(len, columns.values()))
    draft.note = f"So {compared} dòng ghi kinh phí; các dòng không ghi không được so."
    return draft


def answer_of_amount(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the rows that cost just so much, or who leads them; None where none is asked for."""
    lowered = question.text.lower()
    amounts = [_number(m["number"]) * _worth(m["unit"]) for m in _AMOUNT.finditer(lowered)]
    which, who = WHAT_ACTIVITY.search(lowered), WHO_CUE.search(lowered)
    if not amounts or question.yes_no or AMOUNT.search(lowered) or not (which or who):
        return None
    held = held_units(question)
    rows = [
        match
        for match in retriever.every_row(wanted)
        if (cell := match.row.cell(Role.BUDGET))
        and _SUM.fullmatch(cell.text.strip())
        and _number(cell.text.strip()) * _worth(cell.header) in amounts
        and holds(match, held, retriever)
    ]
    return column_of(rows, (Role.ACTIVITY,) if which else question.asks or (Role.LEAD,))


def _number(written: str) -> float:
    return float(written.replace(".", "").replace(",", "."))


def _worth(text: str) -> float:
    """Return how many đồng the unit of money in a text is; one where it names none."""
    unit = _UNIT.search(fold(text).replace("kinh phi", ""))
    return _WORTH[unit[0]] if unit else 1.0
