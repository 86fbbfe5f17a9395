"""Which chunks a search may see: filters as facet terms, evaluated before anything is ranked."""

from __future__ import annotations

import functools
import json
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.model import Plan
from corpus.text import fold, one_line
from indexer.catalogue import PlanHead
from indexer.chunk import Chunk

# Begins the term of a province; stores that keep provinces apart tell it by this.
PROVINCE = "province:"
_TERMS = "facets.json"
_CURRENT = "edition:current"
_STARTS = "facets.starts.npy"
_POSITIONS = "facets.positions.npy"
_FORWARD_STARTS = "facets.chunk-starts.npy"
_FORWARD = "facets.chunks.npy"
# Of so few chunks the terms are looked up one by one; of more, the chunks of each term are counted.
_FEW = 20_000
# Filters come again while a question is answered, and from question to question.
_REMEMBERED = 64
# Stands behind every letter that a term may go on with.
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a search is restricted to; an empty tuple restricts nothing.

    Values of one field are alternatives, different fields all hold. Units and roles together mean
    "that unit in that role". `units` are unit ids, `plans` plan ids, `roles` keys of `Chunk.units`,
    `locators` those of `Chunk.locator`. `titled`
    leaves only sections with a heading, `current` leaves out plans that have given way to another.
    """

    provinces: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    plans: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    locators: tuple[str, ...] = ()
    titled: bool = False
    current: bool = False

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
            tuple(f"at:{locator}" for locator in self.locators),
            ("titled",) if self.titled else (),
            (_CURRENT,) if self.current else (),
        )
        return tuple(clause for clause in clauses if clause)


@dataclass(frozen=True, eq=False)
class Allowed:
    """The chunks a search may see: `mask[position]`, and the clauses that say the same."""

    mask: NDArray[np.bool_]
    clauses: tuple[tuple[str, ...], ...]

    @functools.cached_property
    def count(self) -> int:
        """Return how many chunks are allowed."""
        return int(np.count_nonzero(self.mask))

    @functools.cached_property
    def bits(self) -> NDArray[np.uint8]:
        """Return the mask with eight chunks a byte, the first in the lowest bit."""
        return np.packbits(self.mask, bitorder="little")

    def positions(self) -> NDArray[np.int64]:
        """Return the positions of the allowed chunks, in order."""
        return self._positions

    @functools.cached_property
    def _positions(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.mask)


def facet_terms(chunk: Chunk, plan: Plan | PlanHead, *, current: bool = True) -> tuple[str, ...]:
    """Return the terms a filter can ask for.

    A section or a part of the head counts for every year its plan covers, beside those it names; a
    row only for its own, unless its time is a day before or after all of them.
    """
    years = set(chunk.years)
    if plan.period and (chunk.kind != "row" or years.isdisjoint(plan.period.years)):
        years.update(plan.period.years)
    terms = [f"kind:{chunk.kind}", f"plan:{plan.id}", f"at:{chunk.locator}"]
    terms += [_CURRENT] if current else []
    terms += ["titled"] if chunk.kind == "section" and "title" in chunk.parts else []
    terms += [_province(plan.province)] if plan.province else []
    terms += [f"year:{year}" for year in sorted(years)]
    for role, units in chunk.units.items():
        terms.append(f"role:{role}")
        for unit in units:
            terms += [f"unit:{unit}", _held(role, unit)]
    return tuple(dict.fromkeys(terms))


@dataclass(frozen=True, slots=True, eq=False)
class _Lists:
    """Lists of numbers, one after the other: list i is ``numbers[starts[i]:starts[i + 1]]``."""

    starts: NDArray[np.int64]
    numbers: NDArray[np.int32]

    def __getitem__(self, place: int) -> NDArray[np.int32]:
        return self.numbers[self.starts[place] : self.starts[place + 1]]

    def of(self, places: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the numbers of several lists as one."""
        begins, ends = self.starts[places], self.starts[places + 1]
        lengths = ends - begins
        shifts = np.repeat(begins - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        return self.numbers[np.arange(lengths.sum()) + shifts]


class FacetWriter:
    """Takes the terms of chunk 0, 1, 2 …, and writes what `Facets` opens.

    Some may be those that chunks have in the facets `before`.
    """

    def __init__(self, before: Facets | None = None) -> None:
        self._before = before
        self._numbers = {term: n for n, term in enumerate(before.terms if before else ())}
        self._flat = array("i")
        self._starts = array("q", [0])

    def add(self, terms: Sequence[str]) -> None:
        """Take the terms of the next chunk."""
        numbers = self._numbers
        self._flat.extend(numbers.setdefault(term, len(numbers)) for term in terms)
        self._starts.append(len(self._flat))

    def keep(self, positions: range) -> None:
        """Take for the next chunks the terms that those at `positions` had before."""
        if self._before is None:
            raise ValueError("there are no facets to keep terms of")
        starts, numbers = self._before.numbers_of(positions)
        self._starts.frombytes((starts[1:] - starts[0] + len(self._flat)).tobytes())
        self._flat.frombytes(numbers.tobytes())

    def write(self, folder: Path) -> None:
        """Write all terms into `folder`."""
        flat = np.asarray(self._flat, dtype=np.int32)
        numbered = list(self._numbers)
        used = np.flatnonzero(np.bincount(flat, minlength=len(numbered))).tolist()
        used.sort(key=numbered.__getitem__)
        names = [numbered[number] for number in used]
        (folder / _TERMS).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        # Terms were numbered as they came; from here on in their order.
        order = np.empty(len(numbered), dtype=np.int32)
        order[used] = np.arange(len(names))
        forward = order[flat]
        starts = np.asarray(self._starts, dtype=np.int64)
        lengths = np.bincount(forward, minlength=len(names))
        owners = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
        np.save(folder / _STARTS, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))
        np.save(folder / _POSITIONS, owners[np.argsort(forward, kind="stable")])
        np.save(folder / _FORWARD_STARTS, starts)
        np.save(folder / _FORWARD, forward)


class Facets:
    """Which chunks carry each term, and which terms each chunk; memory-mapped once opened."""

    def __init__(self, terms: Sequence[str], chunks: _Lists, forward: _Lists) -> None:
        self.terms = terms
        self._place = {term: number for number, term in enumerate(terms)}
        self._chunks = chunks
        self._forward = forward
        self._size = len(forward.starts) - 1
        self._allowed = functools.lru_cache(maxsize=_REMEMBERED)(self._evaluate)

    @classmethod
    def open(cls, folder: Path) -> Facets:
        """Open what a `FacetWriter` wrote."""
        chunks, forward = (
            _Lists(*(np.asarray(np.load(folder / name, mmap_mode="r")) for name in (starts, flat)))
            for starts, flat in ((_STARTS, _POSITIONS), (_FORWARD_STARTS, _FORWARD))
        )
        return cls(json.loads((folder / _TERMS).read_text(encoding="utf-8")), chunks, forward)

    def allowed(self, wanted: Filter | None) -> Allowed | None:
        """Return the chunks that `wanted` lets through, None where it restricts nothing."""
        clauses = wanted.clauses() if wanted else ()
        return self._allowed(clauses) if clauses else None

    def counts(self, prefix: str, allowed: Allowed | None = None) -> dict[str, int]:
        """Return how many allowed chunks carry each term that begins with `prefix` ("year:")."""
        if allowed is not None and allowed.count <= _FEW:
            return self.tally(allowed.positions(), (prefix,))[0]
        first, last = self._range_of(prefix)
        if allowed is None:
            numbers = np.diff(self._chunks.starts[first : last + 1])
        else:
            numbers = np.array(
                [np.count_nonzero(allowed.mask[self._chunks[n]]) for n in range(first, last)]
            )
        return self._named(prefix, first, numbers)

    def tally(
        self, positions: NDArray[np.int64], prefixes: Sequence[str]
    ) -> tuple[dict[str, int], ...]:
        """Return for each prefix how many of the chunks at `positions` carry each of its terms."""
        numbers = np.bincount(self._forward.of(positions), minlength=len(self.terms))
        ranges = ((prefix, *self._range_of(prefix)) for prefix in prefixes)
        return tuple(
            self._named(prefix, first, numbers[first:last]) for prefix, first, last in ranges
        )

    def _range_of(self, prefix: str) -> tuple[int, int]:
        """Return the first term that begins with `prefix`, and the one after the last."""
        return bisect_left(self.terms, prefix), bisect_left(self.terms, prefix + _LAST)

    def _named(self, prefix: str, first: int, numbers: NDArray[np.int64]) -> dict[str, int]:
        """Return the terms from the `first` on, without their prefix, that have a number."""
        return {
            self.terms[first + place].removeprefix(prefix): int(numbers[place])
            for place in np.flatnonzero(numbers).tolist()
        }

    def numbers_of(self, positions: range) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return where the terms of each chunk start and end, and all of them by number."""
        starts = self._forward.starts[positions.start : positions.stop + 1]
        return starts, self._forward.numbers[starts[0] : starts[-1]]

    def _evaluate(self, clauses: tuple[tuple[str, ...], ...]) -> Allowed:
        mask = np.ones(self._size, dtype=np.bool_)
        for clause in clauses:
            one = np.zeros(self._size, dtype=np.bool_)
            for term in clause:
                if (place := self._place.get(term)) is not None:
                    one[self._chunks[place]] = True
            mask &= one
        mask.flags.writeable = False
        return Allowed(mask, clauses)


def _province(name: str) -> str:
    return f"{PROVINCE}{fold(one_line(name))}"


def _held(role: str, unit: str) -> str:
    return f"held:{role}:{unit}"
