"""Which chunks a search may see: filters as facet terms, evaluated before anything is ranked."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.model import Plan
from corpus.text import fold, one_line
from indexer.chunk import Chunk

_TERMS = "facets.json"
_STARTS = "facets.starts.npy"
_POSITIONS = "facets.positions.npy"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a search is restricted to; an empty tuple restricts nothing.

    Values of one field are alternatives, different fields all hold. Units and roles together mean
    "that unit in that role". `units` are unit ids, `plans` plan ids, `roles` keys of `Chunk.units`.
    """

    provinces: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    plans: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def clauses(self) -> tuple[tuple[str, ...], ...]:
        """Return the filter as facet terms: of each clause one must hold."""
        if self.units and self.roles:
            units = tuple(_held(role, unit) for role in self.roles for unit in self.units)
            roles: tuple[str, ...] = ()
        else:
            units = tuple(f"unit:{unit}" for unit in self.units)
            roles = tuple(f"role:{role}" for role in self.roles)
        clauses = (
            tuple(_province(name) for name in self.provinces),
            tuple(f"year:{year}" for year in self.years),
            tuple(f"plan:{plan}" for plan in self.plans),
            units,
            roles,
            tuple(f"kind:{kind}" for kind in self.kinds),
        )
        return tuple(clause for clause in clauses if clause)


@dataclass(frozen=True, slots=True, eq=False)
class Allowed:
    """The chunks a search may see: `mask[position]`, and the clauses that say the same."""

    mask: NDArray[np.bool_]
    clauses: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, positions: Iterable[int], size: int) -> Allowed:
        """Return just these of `size` chunks."""
        mask = np.zeros(size, dtype=np.bool_)
        mask[list(positions)] = True
        return cls(mask, ())

    @property
    def count(self) -> int:
        """Return how many chunks are allowed."""
        return int(np.count_nonzero(self.mask))

    def positions(self) -> NDArray[np.int64]:
        """Return the positions of the allowed chunks, in order."""
        return np.flatnonzero(self.mask)


def facet_terms(chunk: Chunk, plan: Plan) -> tuple[str, ...]:
    """Return the terms a filter can ask for.

    A section or a part of the head counts for every year its plan covers, beside those it names; a
    row only for its own, unless its time is a day before or after all of them.
    """
    years = set(chunk.years)
    if plan.period and (chunk.kind != "row" or years.isdisjoint(plan.period.years)):
        years.update(plan.period.years)
    terms = [f"kind:{chunk.kind}", f"plan:{plan.id}"]
    terms += [_province(plan.province)] if plan.province else []
    terms += [f"year:{year}" for year in sorted(years)]
    for role, units in chunk.units.items():
        terms.append(f"role:{role}")
        for unit in units:
            terms += [f"unit:{unit}", _held(role, unit)]
    return tuple(dict.fromkeys(terms))


class Facets:
    """The positions of the chunks that carry each term; memory-mapped once opened."""

    def __init__(
        self,
        terms: Sequence[str],
        starts: NDArray[np.int64],
        positions: NDArray[np.int32],
        size: int,
    ) -> None:
        self._place = {term: number for number, term in enumerate(terms)}
        self._starts = starts
        self._positions = positions
        self._size = size

    @staticmethod
    def write(terms_of_chunks: Iterable[Sequence[str]], folder: Path) -> None:
        """Write the terms of chunk 0, 1, 2 … into `folder`."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        size = 0
        for position, terms in enumerate(terms_of_chunks):
            size = position + 1
            for term in terms:
                found[term].append(position)
        names = sorted(found)
        lengths = [len(found[name]) for name in names]
        (folder / _TERMS).write_text(
            json.dumps({"size": size, "terms": names}, ensure_ascii=False), encoding="utf-8"
        )
        np.save(folder / _STARTS, np.cumsum([0, *lengths], dtype=np.int64))
        flat = [position for name in names for position in found[name]]
        np.save(folder / _POSITIONS, np.asarray(flat, dtype=np.int32))

    @classmethod
    def open(cls, folder: Path) -> Facets:
        """Open what `write` wrote."""
        data = json.loads((folder / _TERMS).read_text(encoding="utf-8"))
        return cls(
            data["terms"],
            np.load(folder / _STARTS),
            np.load(folder / _POSITIONS, mmap_mode="r"),
            data["size"],
        )

    def allowed(self, wanted: Filter | None) -> Allowed | None:
        """Return the chunks that `wanted` lets through, None where it restricts nothing."""
        clauses = wanted.clauses() if wanted else ()
        if not clauses:
            return None
        mask = np.ones(self._size, dtype=np.bool_)
        for clause in clauses:
            one = np.zeros(self._size, dtype=np.bool_)
            for term in clause:
                one[self._positions_of(term)] = True
            mask &= one
        return Allowed(mask, clauses)

    def counts(self, prefix: str, allowed: Allowed | None = None) -> dict[str, int]:
        """Return how many allowed chunks carry each term that begins with `prefix` ("year:")."""
        found: dict[str, int] = {}
        for term in self._place:
            if term.startswith(prefix):
                positions = self._positions_of(term)
                number = len(positions) if allowed is None else int(allowed.mask[positions].sum())
                if number:
                    found[term.removeprefix(prefix)] = number
        return found

    def _positions_of(self, term: str) -> NDArray[np.int32]:
        place = self._place.get(term)
        if place is None:
            return np.empty(0, dtype=np.int32)
        return self._positions[self._starts[place] : self._starts[place + 1]]


def _province(name: str) -> str:
    return f"province:{fold(one_line(name))}"


def _held(role: str, unit: str) -> str:
    return f"held:{role}:{unit}"
