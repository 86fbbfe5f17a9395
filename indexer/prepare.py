"""One plan to all that an index keeps of it: needs no other plan, so it can be done anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from corpus.lint import lint
from corpus.model import Plan
from indexer.chunk import Chunk, chunk_plan, embedded_text, looked_up_text
from indexer.embed import Encoder
from indexer.filter import facet_terms
from indexer.frequencies import count_terms
from indexer.lexical import chunk_terms

# Bytes of a `text_key`: among a billion texts two share one once in 10^20 times.
KEY_BYTES = 16

# From keys of texts to the vectors of those that are known.
Known = Callable[[Sequence[bytes]], Mapping[bytes, NDArray[np.float32]]]


@dataclass(frozen=True, slots=True)
class EmbeddedPlan:
    """A plan cut and embedded: `keys` and `vectors` ([chunks, dimensions]) go with the `chunks`.

    `fresh` says how many vectors were not known before.
    """

    chunks: tuple[Chunk, ...]
    keys: tuple[bytes, ...]
    vectors: NDArray[np.float32]
    fresh: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is kept of a plan, as it is kept: of each chunk in turn, and of all together.

    `words` are those a chunk is found by and `facets` its facet terms; `counts` says how many
    chunks have each term. `notes` are what is doubtful in the plan, gravest first.
    """

    chunks: tuple[bytes, ...]
    keys: bytes
    vectors: NDArray[np.float32]
    words: tuple[Mapping[str, str], ...]
    facets: tuple[tuple[str, ...], ...]
    counts: Mapping[str, int]
    notes: bytes
    fresh: int


def prepare(
    plan: Plan,
    encoder: Encoder,
    longest: int,
    known: Known = lambda _keys: {},
    chunks: Sequence[Chunk] | None = None,
    *,
    current: bool,
) -> Prepared:
    """Return what is kept of `plan`; `current` says that it has not given way to another."""
    made = embed(plan, encoder, longest, known, chunks)
    return Prepared(
        chunks=tuple(map(msgspec.msgpack.encode, made.chunks)),
        keys=b"".join(made.keys),
        vectors=made.vectors,
        words=tuple(chunk_terms(looked_up_text(chunk, plan)) for chunk in made.chunks),
        facets=tuple(facet_terms(chunk, plan, current=current) for chunk in made.chunks),
        counts=count_terms(map(counted_text, made.chunks)),
        notes=msgspec.msgpack.encode(lint(plan)),
        fresh=made.fresh,
    )


def embed(
    plan: Plan,
    encoder: Encoder,
    longest: int,
    known: Known = lambda _keys: {},
    chunks: Sequence[Chunk] | None = None,
) -> EmbeddedPlan:
    """Cut and embed `plan`; texts whose vector is `known` are not embedded again.

    `longest` is the most tokens of a chunk; `chunks` are those of the plan where it was cut before.
    """
    if chunks is None:
        chunks = chunk_plan(plan, min(longest, encoder.longest), encoder.count)
    texts = [embedded_text(chunk, plan) for chunk in chunks]
    keys = tuple(map(text_key, texts))
    vectors = dict(known(keys))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}
    fresh = encoder.encode_texts(list(missing.values()))
    if not np.isfinite(fresh).all():
        raise ValueError("the encoder returned a vector that is not finite")
    vectors.update(zip(missing, fresh, strict=True))
    rows = np.array([vectors[key] for key in keys], dtype=np.float32)
    return EmbeddedPlan(
        tuple(chunks), keys, rows.reshape(len(keys), encoder.dimensions), len(missing)
    )


def counted_text(chunk: Chunk) -> str:
    """Return what of a chunk is counted."""
    return f"{chunk.context} {chunk.text}"


def text_key(text: str) -> bytes:
    """Return what tells an embedded text from every other."""
    return hashlib.sha256(text.encode()).digest()[:KEY_BYTES]
