"""Rows of one plan and rows of another that are the same activity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.likeness import Likeness
from corpus.model import AppendixRow, Plan, Role

# Two activities are the same from here on; the nearest different ones of the seeds reach .3.
_SAME = 0.3
# A group that is as like as its row (times this) is the counterpart: "số hóa ấn phẩm" ~ group 3.
_GROUP_AS_LIKE = 0.75


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that are one activity; `likeness` in 0..1."""

    one: AppendixRow
    other: AppendixRow
    likeness: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """What two plans share, and the activities only one of them has (rows of the top level)."""

    pairs: tuple[Pair, ...]
    only_one: tuple[AppendixRow, ...]
    only_other: tuple[AppendixRow, ...]


def align(one: Plan, other: Plan) -> Alignment:
    """Pair the activities of two plans so that their likeness is greatest in all, each row once."""
    from scipy.optimize import linear_sum_assignment  # a quarter of what a question loads

    ones, others = _alignable(one), _alignable(other)
    if not ones or not others:
        return Alignment((), tuple(_top(ones)), tuple(_top(others)))
    texts = [_activity(row) for row in (*ones, *others)]
    likeness = Likeness.of(texts)
    scores = likeness.matrix([_activity(r) for r in ones], [_activity(r) for r in others])
    _prefer_groups(scores, others, axis=1)
    _prefer_groups(scores, ones, axis=0)
    pairs = [
        Pair(ones[i], others[j], float(scores[i, j]))
        for i, j in zip(*linear_sum_assignment(-scores), strict=True)
        if scores[i, j] >= _SAME
    ]
    return Alignment(
        tuple(sorted(pairs, key=lambda pair: pair.one.span.start)),
        tuple(_alone(ones, [pair.one for pair in pairs])),
        tuple(_alone(others, [pair.other for pair in pairs])),
    )


def _alignable(plan: Plan) -> list[AppendixRow]:
    return [row for row in plan.rows if _activity(row)]


def _activity(row: AppendixRow) -> str:
    return row.text_of(Role.ACTIVITY)


def _prefer_groups(scores: np.ndarray, rows: Sequence[AppendixRow], *, axis: int) -> None:
    """Let a heading row win over the rows below it where it is nearly as like."""
    places = {row.ordinal: index for index, row in enumerate(rows)}
    table = scores if axis == 1 else scores.T
    for index, row in enumerate(rows):
        parent = places.get(row.parent or "")
        if parent is None or not rows[parent].is_heading:
            continue
        group_wins = table[:, parent] >= _GROUP_AS_LIKE * table[:, index]
        better = group_wins & (table[:, index] > table[:, parent])
        table[better, parent] = table[better, index]
        table[group_wins, index] *= _GROUP_AS_LIKE


def _alone(rows: Sequence[AppendixRow], paired: Sequence[AppendixRow]) -> list[AppendixRow]:
    """Return the top rows that have no counterpart, nor any row below them."""
    taken = {row.key for row in paired} | {row.parent for row in paired if row.parent}
    return [row for row in _top(rows) if row.key not in taken and row.ordinal not in taken]


def _top(rows: Sequence[AppendixRow]) -> list[AppendixRow]:
    ordinals = {row.ordinal for row in rows}
    return [row for row in rows if row.parent is None or row.parent not in ordinals]
