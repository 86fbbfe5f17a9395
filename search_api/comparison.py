"""The same policy in two provinces: rows paired, what differs, what only one has."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from corpus.align import align
from corpus.model import AppendixRow, Plan, Role
from search_api.answer.draft import units_of
from search_api.cite import cite
from search_api.match import Topic, words_of
from search_api.model import Citation
from search_api.retrieve import Retriever

_COMPARED = (Role.LEAD, Role.SUPPORT, Role.PRODUCT, Role.TIME)
# A pair is on the topic when either row covers so much of it.
_ON_TOPIC = 0.5


@dataclass(frozen=True, slots=True)
class Side:
    """One plan's row of a pair: what its columns say, and its citation."""

    province: str | None
    fields: dict[str, object]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Paired:
    """One activity in two plans.

    `differs` and `same` name the columns, `could_take` the blank ones that the other plan fills
    (as `{"column": …, "from": province, "text": …}`).
    """

    one: Side
    other: Side
    likeness: float
    differs: tuple[str, ...]
    same: tuple[str, ...]
    could_take: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans side by side."""

    one: str
    other: str
    pairs: tuple[Paired, ...]
    only_one: tuple[Side, ...]
    only_other: tuple[Side, ...]


def compare_plans(
    plans: tuple[Plan, ...], retriever: Retriever, topic: Topic | None = None
) -> tuple[Comparison, ...]:
    """Compare every two of `plans`; with a topic only the rows about it."""
    return tuple(_compare(one, other, retriever, topic) for one, other in combinations(plans, 2))


def _compare(one: Plan, other: Plan, retriever: Retriever, topic: Topic | None) -> Comparison:
    aligned = align(one, other)
    pairs = [
        _paired(one, pair.one, other, pair.other, pair.likeness, retriever)
        for pair in aligned.pairs
        if _is_on(topic, pair.one) or _is_on(topic, pair.other)
    ]
    return Comparison(
        one.id,
        other.id,
        tuple(pairs),
        tuple(_side(one, row, retriever) for row in aligned.only_one if _is_on(topic, row)),
        tuple(_side(other, row, retriever) for row in aligned.only_other if _is_on(topic, row)),
    )


def _paired(
    one: Plan,
    row: AppendixRow,
    other: Plan,
    other_row: AppendixRow,
    likeness: float,
    retriever: Retriever,
) -> Paired:
    sides = _side(one, row, retriever), _side(other, other_row, retriever)
    differs: list[str] = []
    same: list[str] = []
    could_take: list[dict[str, str]] = []
    for role in _COMPARED:
        mine, theirs = (
            _keys(plan, r, role, retriever) for plan, r in ((one, row), (other, other_row))
        )
        if mine is None or theirs is None:
            continue
        (same if mine == theirs else differs).append(role.value)
        for blank, filled, source, text in (
            (mine, theirs, other, _below(other, other_row, role)),
            (theirs, mine, one, _below(one, row, role)),
        ):
            if not blank and filled:
                could_take.append(
                    {
                        "column": role.value,
                        "from": source.province or source.id,
                        "text": "; ".join(text),
                    }
                )
    years = (sides[0].fields["years"], sides[1].fields["years"])
    (same if years[0] == years[1] else differs).append(Role.YEARS.value)
    return Paired(*sides, round(likeness, 3), tuple(differs), tuple(same), tuple(could_take))


def _side(plan: Plan, row: AppendixRow, retriever: Retriever) -> Side:
    fields: dict[str, object] = {"ordinal": row.ordinal, "activity": row.text_of(Role.ACTIVITY)}
    for role in _COMPARED:
        texts = _below(plan, row, role)
        if role in (Role.LEAD, Role.SUPPORT):
            fields[role.value] = list(
                dict.fromkeys(unit for text in texts for unit in units_of(text))
            )
        elif row.cell(role) is not None:
            fields[role.value] = texts if row.is_heading else row.text_of(role)
    fields["years"] = list(retriever.years_of(plan, row))
    return Side(plan.province, fields, cite(plan, row.span))


def _below(plan: Plan, row: AppendixRow, role: Role) -> list[str]:
    """Return what a row says in a column; a heading row says what the rows below it say."""
    rows = (
        [row]
        if not row.is_heading
        else [r for r in plan.rows if r.parent == row.ordinal and r.appendix == row.appendix]
    )
    return [text for r in rows if (text := r.text_of(role))]


def _keys(plan: Plan, row: AppendixRow, role: Role, retriever: Retriever) -> set[str] | None:
    if row.cell(role) is None:
        return None
    texts = _below(plan, row, role)
    if role in (Role.LEAD, Role.SUPPORT):
        return {retriever.unit_id(unit) for text in texts for unit in units_of(text)}
    return {text.casefold() for text in texts}


def _is_on(topic: Topic | None, row: AppendixRow) -> bool:
    return (
        topic is None
        or not topic
        or topic.fit(
            [words_of(row.text_of(Role.ACTIVITY), 1.0), words_of(row.text_of(Role.PRODUCT), 0.6)]
        )
        >= _ON_TOPIC
    )
