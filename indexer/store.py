"""Where the vectors and words of an index are: beside its plans, or in an engine of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.bundle import Manifest, take_over
from indexer.dense import Dense, DenseWriter, Found
from indexer.errors import IndexForeign
from indexer.filter import Allowed
from indexer.lexical import Lexical, LexicalWriter
from indexer.places import GrownDense, GrownLexical, Places

_VECTORS, _LEXICAL = "vectors", "lexical"
_OWN = (f"{_VECTORS}/", f"{_LEXICAL}/")


class DenseSearch(Protocol):
    """Vectors to their nearest chunks, by cosine, among those a filter allows."""

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: Allowed | None = None
    ) -> list[Found]:
        """Return the `k` chunks nearest to `vector` ([dimensions]), best first."""

    def vectors(self, positions: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of the chunks at `positions`: [chunks, dimensions]."""


class LexicalSearch(Protocol):
    """Words to scored chunks, among those a filter allows."""

    def search(self, question: str, k: int, allowed: Allowed | None = None) -> list[Found]:
        """Return the `k` chunks that share most with `question`, best first."""


class Opened(NamedTuple):
    """The two halves of an open store."""

    dense: DenseSearch
    lexical: LexicalSearch


class StoreWriter(Protocol):
    """Takes chunks one after the other, in their order."""

    @property
    def kind(self) -> str:
        """What the vectors are kept in, and why, once all are."""

    def add(
        self, vector: NDArray[np.float32], words: Mapping[str, str], terms: Sequence[str]
    ) -> None:
        """Add the next chunk: its vector, the words it is found by, its facet terms."""


class GrowingWriter(StoreWriter, Protocol):
    """Also changes what is there, told by the place that it came to."""

    def replace(self, place: int, words: Mapping[str, str], terms: Sequence[str]) -> None:
        """Put other words and facet terms in the place of those of a chunk; its vector stays."""

    def remove(self, places: Sequence[int]) -> None:
        """Take out the words of chunks."""


class Store(Protocol):
    """Keeps vectors and words of every generation; positions are those of the chunks."""

    def writing(
        self, folder: Path, dimensions: int, made_with: tuple[str, str]
    ) -> AbstractContextManager[StoreWriter]:
        """Take the chunks of the generation in `folder`; they can be searched on leaving.

        `made_with` are the fingerprints of configuration and encoder.
        """

    def growing(
        self, folder: Path, before: Path, manifest: Manifest
    ) -> AbstractContextManager[GrowingWriter] | None:
        """Go on in `folder` from what the generation `before`, with this `manifest`, has.

        None where that cannot be, and all has to be taken anew.
        """

    def open(self, folder: Path, manifest: Manifest) -> Opened:
        """Open what was taken; raise IndexUnusable where it is not there."""

    def forget(self, folder: Path, before: str | None) -> None:
        """Drop what neither the published generation in `folder` nor the one `before` needs."""


class Embedded:
    """FAISS and tantivy, in files of the generation: nothing to install, nothing to run."""

    @contextlib.contextmanager
    def writing(
        self, folder: Path, dimensions: int, made_with: tuple[str, str]
    ) -> Iterator[EmbeddedWriter]:
        """Take the chunks of the generation in `folder`."""
        del made_with  # the manifest says it
        (folder / _LEXICAL).mkdir()
        with (
            Lexical.writing(folder / _LEXICAL) as lexical,
            Dense.writing(folder / _VECTORS, dimensions) as dense,
        ):
            yield EmbeddedWriter(dense, lexical)

    def growing(
        self, folder: Path, before: Path, manifest: Manifest
    ) -> AbstractContextManager[EmbeddedWriter] | None:
        """Go on from the files of the generation `before`."""
        if not (before / _VECTORS).exists():
            return None
        return self._growing(folder, before, manifest)

    @contextlib.contextmanager
    def _growing(self, folder: Path, before: Path, manifest: Manifest) -> Iterator[EmbeddedWriter]:
        for name in manifest.files:
            # Locks are nobody's any more; what numpy saves is written anew, over what is there.
            if name.startswith(_OWN) and not name.endswith((".lock", ".npy")):
                take_over(before, manifest, name, folder)
        with (
            Lexical.writing(folder / _LEXICAL, Dense.size(before / _VECTORS)) as lexical,
            Dense.writing(folder / _VECTORS, manifest.dimensions) as dense,
        ):
            yield EmbeddedWriter(dense, lexical)

    def open(self, folder: Path, manifest: Manifest) -> Opened:
        """Open what was written."""
        if not (folder / _VECTORS).exists():
            raise IndexForeign(
                folder.parent, "chỉ mục này nằm trong Milvus, hãy đặt biến KEHOACH_STORE"
            )
        dense, lexical = Dense.open(folder / _VECTORS), Lexical.open(folder / _LEXICAL)
        places = Places.open(folder, manifest.chunks, manifest.plans)
        if not places.grown:
            return Opened(dense, lexical)
        position_of = places.positions(len(dense))
        return Opened(
            GrownDense(dense, places, position_of), GrownLexical(lexical, places, position_of)
        )

    def forget(self, folder: Path, before: str | None) -> None:
        """Do nothing: files go with their generation."""


class EmbeddedWriter:
    """Writes vectors and words into files."""

    def __init__(self, dense: DenseWriter, lexical: LexicalWriter) -> None:
        self._dense = dense
        self._lexical = lexical

    @property
    def kind(self) -> str:
        """Return what the vectors are kept in."""
        return self._dense.kind

    def add(
        self, vector: NDArray[np.float32], words: Mapping[str, str], terms: Sequence[str]
    ) -> None:
        """Take one chunk."""
        self._dense.add(vector)
        self._lexical.add(words, terms)

    def replace(self, place: int, words: Mapping[str, str], terms: Sequence[str]) -> None:
        """Put other words and facet terms in the place of those of a chunk."""
        self._lexical.replace(place, words, terms)

    def remove(self, places: Sequence[int]) -> None:
        """Take out the words of chunks; their vectors lie there until all is written anew."""
        self._lexical.remove(places)
