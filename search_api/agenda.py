"""Deadlines: who owes what to whom by when, from reporting clauses and time columns."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.duedate import DueDate, parse_due, split_dues
from corpus.model import Role
from indexer.filter import Filter
from search_api.answer.deadlines import dues_of, subject_of
from search_api.answer.draft import units_of, whole_clause
from search_api.answer.labelled import Task, task_at
from search_api.answer.sections import actors_of
from search_api.cite import cite
from search_api.model import Citation
from search_api.retrieve import ClauseMatch, Retriever, RowMatch

# "báo cáo Ủy ban nhân dân tỉnh kết quả thực hiện (qua Sở …)": to whom a report goes.
_TO_WHOM = re.compile(
    r"(?:báo cáo|gửi(?: về)?|trình)\s+(?=(?:UBND|(?:Ủ|U)y ban|Sở|Văn phòng|Bộ|Chủ tịch|HĐND))", re.I
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing due: `when` as written; `due` is None where the calendar does not know it.

    `who` are the units as written, `years` the marked years of a row without a time column.
    """

    who: tuple[str, ...]
    what: str
    to_whom: str | None
    when: str
    due: DueDate | None
    years: tuple[int, ...]
    province: str | None
    citation: Citation


def deadlines(retriever: Retriever, wanted: Filter) -> tuple[Deadline, ...]:
    """Return all deadlines in scope, dated ones first, the rest in the order of the plans."""
    found = [
        deadline
        for clause in retriever.every_clause(wanted, whole=True)
        for deadline in _of_clause(clause, retriever)
    ]
    found += [
        deadline
        for row in retriever.every_row(wanted, whole=True)
        if not row.row.is_heading
        for deadline in _of_row(row)
    ]
    return tuple(sorted(found, key=_order))


def next_day(due: DueDate | None, today: datetime.date) -> datetime.date | None:
    """Return the first day from `today` on that a due date falls on, None where there is none."""
    if due is None:
        return None
    if due.on is not None:
        return due.on if due.on >= today else None
    return next(
        (
            day
            for year in (today.year, today.year + 1)
            if (day := due.in_year(year)) and day >= today
        ),
        None,
    )


def _of_clause(match: ClauseMatch, retriever: Retriever) -> Iterator[Deadline]:
    task = task_at(match)
    if task and Role.TIME in task.said:
        yield from _of_task(task)
        return
    dues = dues_of(match)
    if not dues:  # most clauses; whom they speak to need not be found out
        return
    subject = subject_of(match).strip(" ,")
    who = units_of(subject) if retriever.mentions(subject) else tuple(actors_of(match, retriever))
    target = _TO_WHOM.search(match.text)
    mentions = retriever.mentions(match.text[target.end() :]) if target else ()
    to_whom = mentions[0].text if mentions and mentions[0].span.start == 0 else None
    for due in dues:
        yield Deadline(
            who=who,
            what=due.what or match.text,
            to_whom=to_whom,
            when=due.date,
            due=parse_due(due.date, match.text),
            years=match.plan.period.years if match.plan.period else (),
            province=match.plan.province,
            citation=cite(match.plan, whole_clause(match)),
        )


def _of_task(task: Task) -> Iterator[Deadline]:
    plan = task.clause.plan
    for piece in split_dues(task.said[Role.TIME]):
        yield Deadline(
            who=units_of(task.said.get(Role.LEAD, "")),
            what=task.text,
            to_whom=None,
            when=piece,
            due=parse_due(piece),
            years=plan.period.years if plan.period else (),
            province=plan.province,
            citation=cite(plan, task.span),
        )


def _of_row(match: RowMatch) -> Iterator[Deadline]:
    when = match.row.text_of(Role.TIME)
    marks = ", ".join(map(str, match.years)) if match.years_from == "marks" else ""
    if not when and not marks:
        return
    for piece in split_dues(when) if when else (f"Năm {marks}",):
        yield Deadline(
            who=units_of(match.row.text_of(Role.LEAD)),
            what=match.row.text_of(Role.ACTIVITY),
            to_whom=None,
            when=piece,
            due=parse_due(piece) if when else None,
            years=match.years,
            province=match.plan.province,
            citation=cite(match.plan, match.row.span),
        )


def _order(deadline: Deadline) -> tuple[int, int, int, int]:
    due = deadline.due
    if due is None:
        return (2, 0, 0, 0)
    if due.on is not None:
        return (0, due.on.year, due.on.month, due.on.day)
    return (1, 0, due.month or 0, due.day or 0)
