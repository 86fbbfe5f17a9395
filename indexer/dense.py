"""Vectors to their nearest chunks, by cosine, exactly over what a filter allows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.filter import Allowed


class Found(NamedTuple):
    """A chunk, by its position in the index, and its score: higher is better."""

    position: int
    score: float


class Dense:
    """Unit vectors in the order of the chunks; cosine is their inner product.

    Flat and exact: up to some 200,000 chunks that is fast enough (about 10 ms on one core), and a
    filtered scan of a part stays exact at any size.
    """

    def __init__(self, index: Any) -> None:  # noqa: ANN401 - faiss has no types
        self._index = index
        size = index.ntotal * index.d
        flat = faiss.rev_swig_ptr(index.get_xb(), size) if size else np.empty(0, np.float32)
        # A view of memory that the index owns: it must never outlive this object.
        self._vectors: NDArray[np.float32] = flat.reshape(index.ntotal, index.d)

    def __len__(self) -> int:
        return len(self._vectors)

    @staticmethod
    def write(vectors: NDArray[np.float32], path: Path) -> None:
        """Write `vectors` ([chunks, dimensions], unit length) to `path`."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        faiss.write_index(index, str(path))

    @classmethod
    def open(cls, path: Path) -> Dense:
        """Open what `write` wrote, memory-mapped: processes share its pages."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

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
        selector = None
        if allowed is not None:
            bits = np.packbits(allowed.mask, bitorder="little")
            bitmap = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
            selector = faiss.SearchParameters(sel=bitmap)  # type: ignore[call-arg]
        scores, positions = self._index.search(
            np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1), k, params=selector
        )
        return [
            Found(int(position), float(score))
            for position, score in zip(positions[0], scores[0], strict=True)
            if position >= 0
        ]

    def scores(
        self, vector: NDArray[np.float32], positions: NDArray[np.int64] | Sequence[int]
    ) -> NDArray[np.float32]:
        """Return the cosine of `vector` with the chunks at `positions`."""
        return self.vectors(positions) @ np.asarray(vector, dtype=np.float32).reshape(-1)

    def vectors(self, positions: NDArray[np.int64] | Sequence[int]) -> NDArray[np.float32]:
        """Return a copy of the vectors of the chunks at `positions`."""
        return self._vectors[np.asarray(positions, dtype=np.int64)]
