"""Where the vectors and words of an index are: beside its plans, or in an engine of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.bundle import Manifest
from indexer.dense import Dense, DenseWriter, Found
from indexer.errors import IndexForeign
from indexer.filter import Allowed
from indexer.lexical import Lexical, LexicalWriter

_VECTORS, _LEXICAL = "vectors", "lexical"


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

    def add(self, vector: NDArray[np.float32], text: str, terms: Sequence[str]) -> None:
        """Add the next chunk: its vector, the text to look it up by, its facet terms."""


class Store(Protocol):
    """Keeps vectors and words of every generation; positions are those of the chunks."""

    def writing(
        self, folder: Path, dimensions: int, made_with: tuple[str, str]
    ) -> AbstractContextManager[StoreWriter]:
        """Take the chunks of the generation in `folder`; they can be searched on leaving.

        `made_with` are the fingerprints of configuration and encoder.
        """

    def open(self, folder: Path, manifest: Manifest) -> Opened:
        """Open what `writing` took; raise IndexUnusable where it is not there."""

    def forget(self, folder: Path, before: str | None) -> None:
        """Drop what neither the published generation in `folder` nor the one `before` needs."""


class Embedded:
    """FAISS and tantivy, in files of the generation: nothing to install, nothing to run."""

    @contextlib.contextmanager
    def writing(
        self, folder: Path, dimensions: int, made_with: tuple[str, str]
    ) -> Iterator[_EmbeddedWriter]:
        """Take the chunks of the generation in `folder`."""
        del made_with  # the manifest says it
        (folder / _LEXICAL).mkdir()
        with (
            Lexical.writing(folder / _LEXICAL) as lexical,
            Dense.writing(folder / _VECTORS, dimensions) as dense,
        ):
            yield _EmbeddedWriter(dense, lexical)

    def open(self, folder: Path, manifest: Manifest) -> Opened:
        """Open what `writing` wrote."""
        del manifest
        if not (folder / _VECTORS).exists():
            raise IndexForeign(
                folder.parent, "chỉ mục này nằm trong Milvus, hãy đặt biến KEHOACH_STORE"
            )
        return Opened(Dense.open(folder / _VECTORS), Lexical.open(folder / _LEXICAL))

    def forget(self, folder: Path, before: str | None) -> None:
        """Do nothing: files go with their generation."""


class _EmbeddedWriter:
    def __init__(self, dense: DenseWriter, lexical: LexicalWriter) -> None:
        self._dense = dense
        self._lexical = lexical

    @property
    def kind(self) -> str:
        """Return what the vectors are kept in."""
        return self._dense.kind

    def add(self, vector: NDArray[np.float32], text: str, terms: Sequence[str]) -> None:
        """Take one chunk."""
        self._dense.add(vector)
        self._lexical.add(text, terms)
