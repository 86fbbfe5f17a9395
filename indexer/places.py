"""Where things lie in files that only grow; a search tells positions, as if all were written anew.

Positions number the chunks of the plans, in the order of the plans' ids. In a file that grows, they
lie in the order in which they came, and what has left lies there still, until all is written anew:
the place of a position says where.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.dense import Dense, Found, first_of_equals
from indexer.filter import Allowed
from indexer.lexical import Lexical

_CHUNKS, _PLANS = "places.chunks.npy", "places.plans.npy"
# Filters come again; the same number as the facets remember.
_REMEMBERED = 64


class Places:
    """The place of every chunk by its position, and of every plan by its number.

    `grown` is false where everything lies in its position.
    """

    def __init__(
        self, chunks: NDArray[np.int32], plans: NDArray[np.int32], *, grown: bool = True
    ) -> None:
        self.chunks = chunks
        self.plans = plans
        self.grown = grown

    @classmethod
    def open(cls, folder: Path, chunks: int, plans: int) -> Places:
        """Open what `write` wrote, for so many chunks and plans; nothing, where nothing grew."""
        if not (folder / _CHUNKS).exists():
            every = np.arange(max(chunks, plans), dtype=np.int32)
            return cls(every[:chunks], every[:plans], grown=False)
        return cls(
            np.asarray(np.load(folder / _CHUNKS, mmap_mode="r")),
            np.asarray(np.load(folder / _PLANS, mmap_mode="r")),
        )

    def write(self, folder: Path) -> None:
        """Write all places into `folder`."""
        np.save(folder / _CHUNKS, self.chunks)
        np.save(folder / _PLANS, self.plans)

    def remembering(self, size: int) -> Callable[[Allowed | None], Allowed | None]:
        """Return what says of each of `size` places whether its chunk is there and allowed.

        Where all are, that is None; what was said last is remembered.
        """

        @functools.lru_cache(maxsize=_REMEMBERED)
        def find(allowed: Allowed | None) -> Allowed | None:
            if allowed is None and len(self.chunks) == size:
                return None
            mask = np.zeros(size, dtype=np.bool_)
            mask[self.chunks] = True if allowed is None else allowed.mask
            return Allowed(mask, allowed.clauses if allowed else ())

        return find

    def positions(self, size: int) -> NDArray[np.int32]:
        """Return the positions of what lies in each of `size` places, -1 for what has left."""
        found = np.full(size, -1, dtype=np.int32)
        found[self.chunks] = np.arange(len(self.chunks), dtype=np.int32)
        return found


class GrownDense:
    """Vectors in the order in which they came."""

    def __init__(self, dense: Dense, places: Places, position_of: NDArray[np.int32]) -> None:
        self._dense = dense
        self._places = places.chunks
        self._position_of = position_of
        self._there = places.remembering(len(dense))

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: Allowed | None = None
    ) -> list[Found]:
        """Return the `k` chunks nearest to `vector` ([dimensions]), best first."""
        there = self._there(allowed)
        return _placed(lambda k: self._dense.search(vector, k, there), k, self._position_of)

    def vectors(self, positions: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of the chunks at `positions`: [chunks, dimensions]."""
        places = self._places[np.asarray(positions, dtype=np.int64)]
        return self._dense.vectors(places.astype(np.int64))


class GrownLexical:
    """Words in the order in which they came; what has left is not among them any more."""

    def __init__(self, lexical: Lexical, places: Places, position_of: NDArray[np.int32]) -> None:
        self._lexical = lexical
        self._position_of = position_of
        self._there = places.remembering(len(position_of))

    def search(self, question: str, k: int, allowed: Allowed | None = None) -> list[Found]:
        """Return the `k` chunks that share most with `question`, best first."""
        there = allowed and self._there(allowed)
        return _placed(lambda k: self._lexical.search(question, k, there), k, self._position_of)


def _placed(
    search: Callable[[int], list[Found]], k: int, position_of: NDArray[np.int32]
) -> list[Found]:
    """Return the `k` best of what `search` finds, by position."""
    if k <= 0:
        return []
    return first_of_equals(
        lambda k: [Found(int(position_of[place]), score) for place, score in search(k)], k
    )
