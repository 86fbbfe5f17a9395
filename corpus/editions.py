"""Which plans are one plan: in two formats, as a draft, amended or replaced by a later one."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from corpus.header import PLAN_NUMBER, plan_number
from corpus.likeness import Likeness
from corpus.model import Period, Plan, Span
from corpus.text import fold

# "thay thế Kế hoạch số 97/KH-UBND", "bãi bỏ Kế hoạch số …"; not "thay thế thiết bị".
_REPLACES = re.compile(r"\b(?:thay thế|bãi bỏ)\b(?:\s+(?:cho|toàn bộ))?\s+(?=Kế hoạch\b)", re.I)
_AMENDS = re.compile(r"\b(?:sửa đổi|bổ sung|điều chỉnh)\b[^.;]{0,60}?(?=Kế hoạch\s+số\b)", re.I)
# How far from "thay thế" the number of the plan may stand.
_REACH = 160
# A draft has nearly the title and text of what was issued; two plans of one series do not.
_SAME_TITLE = 0.85
_SAME_TEXT = 0.7
# What was typed is surer than what was printed, that surer than what was recognised.
_SUREST_FIRST = ("docx", "markdown", "text", "html", "xlsx", "odt", "doc", "pdf")


class Relation(StrEnum):
    """How a plan stands to the one that answers instead of it, or beside it."""

    COPY = "copy"
    DRAFT = "draft"
    REPLACED = "replaced"
    AMENDED = "amended"


@dataclass(frozen=True, slots=True)
class Edition:
    """`plan_id` has given way to `by` (for AMENDED: is to be read together with it).

    `evidence` is where `by` says so in its own text, None where number and title told it.
    """

    plan_id: str
    by: str
    relation: Relation
    evidence: Span | None = None

    @property
    def supersedes(self) -> bool:
        """Say whether the older plan should no longer answer."""
        return self.relation is not Relation.AMENDED


def abridged(plan: Plan) -> Plan:
    """Return what `editions` looks at of a plan, so that very many fit into memory.

    The text stays where it names another plan or may be that of a draft, and of what a draft may
    have become.
    """
    tells = plan.number is None or _REPLACES.search(plan.text) or _AMENDS.search(plan.text)
    return replace(
        plan, bases=(), recipients=(), signatory=None, rows=(), notes=(), fields={},
        sections=tuple(replace(section, children=()) for section in plan.sections[:1]),
        text=plan.text if tells else "",
    )  # fmt: skip


def editions(
    plans: Iterable[Plan], text_of: Callable[[Plan], str] = lambda plan: plan.text
) -> tuple[Edition, ...]:
    """Return how the plans of a collection stand to one another.

    `text_of` returns the text of an issued plan where `plans` are `abridged`.
    """
    known = sorted(plans, key=lambda plan: plan.id)
    found: dict[tuple[str, Relation], Edition] = {}
    for edition in (*_copies(known), *_drafts(known, text_of), *_named_in_text(known)):
        found.setdefault((edition.plan_id, edition.relation), edition)
    return tuple(found.values())


def superseded(
    plans: Iterable[Plan], text_of: Callable[[Plan], str] = lambda plan: plan.text
) -> dict[str, Edition]:
    """Return the plans that no longer answer, by id; every one of them stays reachable."""
    return {edition.plan_id: edition for edition in editions(plans, text_of) if edition.supersedes}


def _copies(plans: Sequence[Plan]) -> Iterator[Edition]:
    """Plans with one number, province and date: the surest reading answers for all."""
    groups: dict[tuple[str, str, datetime.date | None], list[Plan]] = {}
    for plan in plans:
        if plan.number:
            key = (fold(plan.number), fold(plan.province or ""), plan.issued_on)
            groups.setdefault(key, []).append(plan)
    for group in groups.values():
        best, *rest = sorted(group, key=_sureness)
        for plan in rest:
            # An appendix in a file of its own is a part of the plan, not a copy of it.
            if bool(plan.sections) == bool(best.sections):
                yield Edition(plan.id, best.id, Relation.COPY)


def _drafts(plans: Sequence[Plan], text_of: Callable[[Plan], str]) -> Iterator[Edition]:
    """Plans without a number whose title and text an issued plan of the province has."""
    issued: dict[tuple[str | None, Period | None], list[Plan]] = {}
    for plan in plans:
        if plan.number:
            issued.setdefault((plan.province, plan.period), []).append(plan)
    for draft in (plan for plan in plans if plan.number is None):
        for plan in issued.get((draft.province, draft.period), ()):
            titles = Likeness.of([draft.title, plan.title])
            if titles.between(draft.title, plan.title) < _SAME_TITLE:
                continue
            text = text_of(plan)
            if Likeness.of([draft.text, text]).between(draft.text, text) >= _SAME_TEXT:
                yield Edition(draft.id, plan.id, Relation.DRAFT)


def _named_in_text(plans: Sequence[Plan]) -> Iterator[Edition]:
    """Plans that a later plan of the province says it replaces or amends."""
    by_number: dict[tuple[str, str], list[Plan]] = {}
    for plan in plans:
        if plan.number:
            by_number.setdefault((fold(plan.number), fold(plan.province or "")), []).append(plan)
    for plan in plans:
        for pattern, relation in ((_REPLACES, Relation.REPLACED), (_AMENDS, Relation.AMENDED)):
            for match in pattern.finditer(plan.text):
                number = PLAN_NUMBER.search(plan.text, match.end(), match.end() + _REACH)
                if number is None or not number["digits"]:
                    continue
                key = (fold(plan_number(number)), fold(plan.province or ""))
                for older in by_number.get(key, ()):
                    if older.id != plan.id and _is_older(older, plan):
                        span = Span(match.start(), number.end())
                        yield Edition(older.id, plan.id, relation, span)


def _is_older(older: Plan, newer: Plan) -> bool:
    return not (older.issued_on and newer.issued_on and older.issued_on > newer.issued_on)


def _sureness(plan: Plan) -> tuple[bool, float, int, str]:
    source = plan.source
    place = (
        _SUREST_FIRST.index(source.format) if source.format in _SUREST_FIRST else len(_SUREST_FIRST)
    )
    return (
        source.recognised,
        -(source.confidence if source.confidence is not None else 1.0),
        place,
        plan.id,
    )
