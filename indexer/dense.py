"""Vectors to their nearest chunks, by cosine, exactly over what a filter allows."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.filter import Allowed

# Up to so many vectors all are scanned: at 100,000 that takes five times as long as the clusters.
_MOST_FLAT = 50_000
# Up to so many allowed vectors are scanned exactly: approximate search under a narrow filter finds
# 28 to 66 of 100 neighbours, the scan costs a few milliseconds.
_MOST_SCANNED = 50_000
# The share of the clusters that is looked into. Of a million chunks by the shipped encoder so many
# find .977 of the ten nearest, a quarter .966; see docs/findings/growth.md.
_PROBED_SHARE = 0.35
# So many times as many neighbours as wanted are proposed by their codes, then ranked by their exact
# vectors.
_PROPOSED = 5
# Dimensions that one code of four bits stands for, and the fewest codes of a vector, if it has so
# many dimensions.
_PER_CODE, _FEWEST_CODES = 4, 16
# Vectors a cluster is learned from; FAISS warns below 39, more take longer and gain little.
_LEARNED_FROM = 64
# Up to so many vectors that came after the clusters were made are scanned, which takes a tenth of
# the time of the clusters; of more, all are put into clusters.
_MOST_TAIL = 10_000
_FLAT, _SHAPE, _CLUSTERS = "flat.bin", "shape.npy", "clusters.faiss"
# So many more than wanted are looked at, and if all have one score, so many times as many.
_SPARE, _MORE = 16, 4
# Vectors handed to FAISS at once.
_BLOCK = 65_536


class Found(NamedTuple):
    """A chunk, by its position in the index, and its score: higher is better."""

    position: int
    score: float


class Dense:
    """Unit vectors in the order of the chunks; cosine is their inner product.

    All vectors are kept exactly; where there are very many, a second index of clusters proposes the
    neighbours among them, unless a filter leaves few enough to scan. `kind` says which it is.
    """

    def __init__(
        self,
        vectors: NDArray[np.float32],
        clusters: Any = None,  # noqa: ANN401 - faiss has no types
        most_scanned: int = _MOST_SCANNED,
    ) -> None:
        self._most_scanned = most_scanned
        self._clusters = clusters
        self._vectors = vectors
        self.kind = _kind(len(vectors), _recipe_of(clusters))

    def __len__(self) -> int:
        return len(self._vectors)

    @staticmethod
    @contextlib.contextmanager
    def writing(
        folder: Path, dimensions: int, most_flat: int = _MOST_FLAT, most_tail: int = _MOST_TAIL
    ) -> Iterator[DenseWriter]:
        """Add vectors of this length to those in `folder`, if any; it is complete on leaving."""
        folder.mkdir(exist_ok=True)
        writer = DenseWriter(folder, dimensions, most_flat, most_tail)
        with writer.file:
            yield writer
        writer.finish()

    @staticmethod
    def size(folder: Path) -> int:
        """Return how many vectors are in `folder`."""
        count: int = np.load(folder / _SHAPE).tolist()[0]
        return count

    @classmethod
    def open(cls, folder: Path, most_scanned: int = _MOST_SCANNED) -> Dense:
        """Open what `writing` wrote, memory-mapped: processes share its pages."""
        clusters = None
        if (folder / _CLUSTERS).exists():
            clusters = faiss.read_index(str(folder / _CLUSTERS), faiss.IO_FLAG_MMAP_IFC)
        return cls(_read(folder), clusters, most_scanned)

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: Allowed | None = None
    ) -> list[Found]:
        """Return the `k` chunks nearest to `vector` ([dimensions]), best first.

        Fewer come back only where fewer are allowed.
        """
        most = len(self) if allowed is None else allowed.count
        k = min(k, most)
        if k <= 0:
            return []
        vector = np.ascontiguousarray(vector, dtype=np.float32).reshape(-1)
        if self._clusters is not None and most > self._most_scanned:
            return self._approximate(vector, k, allowed)
        return self._exact(vector, k, allowed)

    def _exact(self, vector: NDArray[np.float32], k: int, allowed: Allowed | None) -> list[Found]:
        """Scan all that are allowed, without passing by the others."""
        selector = None
        if allowed is not None:
            positions = allowed.positions()
            selector = faiss.IDSelectorArray(len(positions), faiss.swig_ptr(positions))

        def scan(k: int) -> list[Found]:
            scores, positions = np.empty(k, dtype=np.float32), np.empty(k, dtype=np.int64)
            faiss.knn_inner_product(
                faiss.swig_ptr(vector),
                faiss.swig_ptr(self._vectors),
                len(vector),
                1,
                len(self),
                k,
                faiss.swig_ptr(scores),
                faiss.swig_ptr(positions),
                selector,
            )
            found = zip(positions.tolist(), scores.tolist(), strict=True)
            return [Found(position, score) for position, score in found if position >= 0]

        return first_of_equals(scan, k)

    def _approximate(
        self, vector: NDArray[np.float32], k: int, allowed: Allowed | None
    ) -> list[Found]:
        """Let clusters propose, and rank what they propose exactly, beside what came after them."""
        selector = None
        if allowed is not None:
            selector = faiss.IDSelectorBitmap(len(allowed.bits), faiss.swig_ptr(allowed.bits))
        probes = max(1, round(_PROBED_SHARE * self._clusters.nlist))
        parameters = _parameters(faiss.SearchParametersIVF, sel=selector, nprobe=probes)
        _, proposed = self._clusters.search(
            vector.reshape(1, -1), min(_PROPOSED * k, len(self)), params=parameters
        )
        positions = proposed[0][proposed[0] >= 0]
        covered = self._clusters.ntotal
        later = self._vectors[covered:] @ vector
        kept = np.arange(len(later)) if allowed is None else np.flatnonzero(allowed.mask[covered:])
        scores = np.concatenate((self.scores(vector, positions), later[kept]))
        positions = np.concatenate((positions, covered + kept))
        best = np.lexsort((positions, -scores))[:k]
        return [Found(int(positions[at]), float(scores[at])) for at in best]

    def scores(
        self, vector: NDArray[np.float32], positions: NDArray[np.int64] | Sequence[int]
    ) -> NDArray[np.float32]:
        """Return the cosine of `vector` with the chunks at `positions`."""
        return self.vectors(positions) @ np.asarray(vector, dtype=np.float32).reshape(-1)

    def vectors(self, positions: NDArray[np.int64] | Sequence[int]) -> NDArray[np.float32]:
        """Return a copy of the vectors of the chunks at `positions`."""
        return self._vectors[np.asarray(positions, dtype=np.int64)]


class DenseWriter:
    """Takes vectors one after the other, in the order of the chunks."""

    def __init__(self, folder: Path, dimensions: int, most_flat: int, most_tail: int) -> None:
        self.kind = ""
        self.file = (folder / _FLAT).open("ab")
        self._folder = folder
        self._dimensions = dimensions
        self._most_flat = most_flat
        self._most_tail = most_tail

    def add(self, vector: NDArray[np.float32]) -> None:
        """Add the next vector, of unit length."""
        self.file.write(np.ascontiguousarray(vector, dtype=np.float32).tobytes())

    def finish(self) -> None:
        """Write the clusters of all vectors, where there are many and not so many have them."""
        count = (self._folder / _FLAT).stat().st_size // (4 * self._dimensions)
        np.save(self._folder / _SHAPE, (count, self._dimensions))
        recipe = None
        if count > self._most_flat:
            # Four times the square root is the customary number; a power of two for tidiness.
            clusters = 2 ** round(math.log2(4 * math.sqrt(count)))
            recipe = f"IVF{clusters},PQ{_codes_of(self._dimensions)}x4fs"
            self._cluster(_read(self._folder), clusters, recipe)
        self.kind = _kind(count, recipe)

    def _cluster(self, vectors: NDArray[np.float32], clusters: int, recipe: str) -> None:
        """Have all vectors in so many clusters but for the last few; learn only new clusters."""
        path = self._folder / _CLUSTERS
        index: Any = faiss.read_index(str(path)) if path.exists() else None
        if _recipe_of(index) == recipe:
            if len(vectors) - index.ntotal <= self._most_tail:
                return
        else:
            index = faiss.index_factory(self._dimensions, recipe, faiss.METRIC_INNER_PRODUCT)
            sample = np.random.default_rng(0).choice(
                len(vectors), min(len(vectors), clusters * _LEARNED_FROM), replace=False
            )
            index.train(vectors[np.sort(sample)])
        for first in range(index.ntotal, len(vectors), _BLOCK):
            index.add(vectors[first : first + _BLOCK])
        # The file may be that of the generation before: its name is taken from it, not its bytes.
        path.unlink(missing_ok=True)
        faiss.write_index(index, str(path))


def first_of_equals(search: Callable[[int], list[Found]], k: int) -> list[Found]:
    """Return the `k` best of what `search` finds; of equal ones those first in position.

    An engine says so many; which of the equal ones at the end it leaves out is its own affair.
    """
    most = k + _SPARE
    found = search(most)
    while len(found) == most and found[k - 1].score == found[-1].score:
        most *= _MORE
        found = search(most)
    return sorted(found, key=lambda one: (-one.score, one.position))[:k]


def _read(folder: Path) -> NDArray[np.float32]:
    """Return the vectors in `folder`, memory-mapped."""
    count, dimensions = np.load(folder / _SHAPE).tolist()
    if not count:
        return np.empty((0, dimensions), dtype=np.float32)
    mapped = np.memmap(folder / _FLAT, np.float32, "r", shape=(count, dimensions))
    return np.asarray(mapped)


def _parameters(kind: Any, **values: object) -> Any:  # noqa: ANN401
    return kind(**values)


def _codes_of(dimensions: int) -> int:
    """Return into how many equal parts a vector is cut, each told by one code."""
    least = max(dimensions // _PER_CODE, min(dimensions, _FEWEST_CODES))
    return next(parts for parts in range(least, dimensions + 1) if dimensions % parts == 0)


def _recipe_of(clusters: Any) -> str | None:  # noqa: ANN401
    """Return how an index of clusters is called by those who make it; None for none."""
    if clusters is None:
        return None
    codes = getattr(clusters, "pq", None)
    return f"IVF{clusters.nlist}" + (f",PQ{codes.M}x{codes.nbits}fs" if codes else "")


def _kind(count: int, recipe: str | None) -> str:
    if recipe is None:
        return f"Flat: {count} ≤ {_MOST_FLAT}"
    return f"{recipe} + Flat: {count} > {_MOST_FLAT}"
