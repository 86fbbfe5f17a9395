"""One plan to all that an index keeps of it: needs no other plan, so it can be done anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.lint import lint
from corpus.model import Note, Plan
from indexer.chunk import Chunk, chunk_plan, embedded_text
from indexer.embed import Encoder

# Bytes of a `text_key`: among a billion texts two share one once in 10^20 times.
KEY_BYTES = 16

# From keys of texts to the vectors of those that are known.
Known = Callable[[Sequence[bytes]], Mapping[bytes, NDArray[np.float32]]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan cut and embedded: `keys` and `vectors` ([chunks, dimensions]) go with the `chunks`.

    `notes` are what is doubtful in it, gravest first; `embedded` says how many vectors were not
    known before.
    """

    plan: Plan
    chunks: tuple[Chunk, ...]
    keys: tuple[bytes, ...]
    vectors: NDArray[np.float32]
    notes: tuple[Note, ...]
    embedded: int


def prepare(
    plan: Plan,
    encoder: Encoder,
    longest: int,
    known: Known = lambda _keys: {},
    chunks: Sequence[Chunk] | None = None,
) -> Prepared:
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
    return Prepared(
        plan,
        tuple(chunks),
        keys,
        rows.reshape(len(keys), encoder.dimensions),
        lint(plan),
        len(missing),
    )


def text_key(text: str) -> bytes:
    """Return what tells an embedded text from every other."""
    return hashlib.sha256(text.encode()).digest()[:KEY_BYTES]
