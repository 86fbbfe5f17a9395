"""What is known of every plan while none is open: heads, editions, names of units, places."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from corpus.editions import Edition, abridged
from corpus.model import Period, Plan, Role, Source
from corpus.units import split_units

_CATALOGUE = "catalogue.msgpack"
_STARTS = "plans.starts.npy"
_UNIT_COLUMNS = (Role.LEAD, Role.SUPPORT, Role.MONITOR)


@dataclass(frozen=True, slots=True)
class PlanHead:
    """What a list says of a plan; `rows`, `sections` and `notes` are how many there are."""

    id: str
    number: str | None
    title: str
    issuer: str | None
    province: str | None
    issued_on: datetime.date | None
    period: Period | None
    source: Source
    rows: int
    sections: int
    notes: int

    @classmethod
    def of(cls, plan: Plan) -> PlanHead:
        """Return the head of `plan`; where its pages begin is not told."""
        return cls(
            plan.id, plan.number, plan.title, plan.issuer, plan.province, plan.issued_on,
            plan.period, replace(plan.source, page_starts=()), len(plan.rows),
            sum(1 for _ in plan.walk()), len(plan.notes),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Abstract:
    """What the next build asks of a plan that did not change, short of reading it.

    `plan` is abridged to what tells its editions, and its notes; `head` is that of the whole plan;
    `unit_names` are those of its rows, each once.
    """

    plan: Plan
    head: PlanHead
    unit_names: tuple[str, ...]

    @classmethod
    def of(cls, plan: Plan) -> Abstract:
        """Return the abstract of `plan`."""
        return cls(
            replace(abridged(plan), notes=plan.notes),
            PlanHead.of(plan),
            tuple(dict.fromkeys(unit_names_in(plan))),
        )


@dataclass(frozen=True, slots=True)
class _Stored:
    heads: tuple[PlanHead, ...]
    superseded: tuple[Edition, ...]
    unit_names: tuple[str, ...]


class Catalogue:
    """The plans of an index in the order of their chunks; `unit_names` are those of its rows."""

    def __init__(
        self,
        heads: Iterable[PlanHead],
        superseded: Iterable[Edition],
        unit_names: tuple[str, ...],
        starts: NDArray[np.int64],
    ) -> None:
        self.heads: Mapping[str, PlanHead] = {head.id: head for head in heads}
        self.superseded: Mapping[str, Edition] = {e.plan_id: e for e in superseded}
        self.unit_names = unit_names
        self._starts = starts
        self._numbers = {plan_id: number for number, plan_id in enumerate(self.heads)}

    @staticmethod
    def write(
        heads: Iterable[PlanHead],
        superseded: Iterable[Edition],
        unit_names: Iterable[str],
        lengths: Sequence[int],
        folder: Path,
    ) -> None:
        """Write the catalogue of plans with `lengths` chunks each into `folder`."""
        stored = _Stored(tuple(heads), tuple(superseded), tuple(unit_names))
        (folder / _CATALOGUE).write_bytes(msgspec.msgpack.encode(stored))
        np.save(folder / _STARTS, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))

    @classmethod
    def open(cls, folder: Path) -> Catalogue:
        """Open what `write` wrote."""
        data = (folder / _CATALOGUE).read_bytes()
        stored = msgspec.msgpack.decode(data, type=_Stored)
        starts = np.load(folder / _STARTS)
        return cls(stored.heads, stored.superseded, stored.unit_names, starts)

    @functools.cached_property
    def provinces(self) -> tuple[str, ...]:
        """Return the provinces that have a plan, by name."""
        return tuple(sorted({head.province for head in self.heads.values() if head.province}))

    @functools.cached_property
    def years(self) -> tuple[int, ...]:
        """Return the years that some plan covers, in order."""
        periods = {head.period for head in self.heads.values() if head.period}
        return tuple(sorted({year for period in periods for year in period.years}))

    @functools.cached_property
    def newest(self) -> tuple[PlanHead, ...]:
        """Return all plans from the newest to the oldest, those without a date last."""
        by_id = sorted(self.heads.values(), key=lambda head: head.id)
        return tuple(
            sorted(by_id, key=lambda head: head.issued_on or datetime.date.min, reverse=True)
        )

    def number_of(self, plan_id: str) -> int:
        """Return the place of a plan among the plans."""
        return self._numbers[plan_id]

    def chunks_of(self, plan_id: str) -> range:
        """Return the positions of the chunks of a plan; none for an unknown one."""
        number = self._numbers.get(plan_id)
        if number is None:
            return range(0)
        return range(int(self._starts[number]), int(self._starts[number + 1]))

    def plans_with(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say of each plan whether `mask` lets one of its chunks through."""
        has_some = np.zeros(len(self._starts) - 1, dtype=np.bool_)
        with_chunks = np.flatnonzero(np.diff(self._starts))
        # Each reaches to the next that has chunks.
        has_some[with_chunks] = np.logical_or.reduceat(mask, self._starts[with_chunks])
        return has_some


def unit_names_in(plan: Plan) -> Iterable[str]:
    """Yield every unit that stands in a unit column of `plan`, as written."""
    for row in plan.rows:
        for role in _UNIT_COLUMNS:
            cell = row.text_of(role)
            yield from (span.of(cell) for span in split_units(cell))
