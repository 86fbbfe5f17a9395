"""Which features are worth a row: those seen often enough to be learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.static import Rows, Vocabulary
from indexer.training.pairs import Pairs, Source


@dataclass(frozen=True, slots=True)
class Limits:
    """How often a feature must occur, and how many pairs of each kind are kept at most."""

    word: int = 5
    pair: int = 20
    plain_pair: int = 30
    most_pairs: int = 70_000
    most_plain_pairs: int = 40_000
    hashed: int = 4_096


def choose_vocabulary(pairs: Pairs, limits: Limits) -> tuple[Vocabulary, tuple[Source, ...]]:
    """Return the features of `pairs` and its sources numbered by them."""
    count = np.zeros(len(pairs.words), dtype=np.int64)
    for source in pairs.sources:
        count += np.bincount(source.ids, minlength=len(pairs.words))
    words = [pairs.words[index] for index in np.flatnonzero(count >= limits.word)]
    empty = np.zeros(0, dtype=np.int64)
    single = Vocabulary(words, limits.hashed, empty, empty)
    number = np.array([single.id_of(word) for word in pairs.words], dtype=np.int32)
    sources = tuple(
        Source(source.name, number[source.ids], source.starts) for source in pairs.sources
    )
    marked = _frequent_pairs(sources, single, limits.pair, limits.most_pairs, plain=False)
    plain = _frequent_pairs(sources, single, limits.plain_pair, limits.most_plain_pairs, plain=True)
    return Vocabulary(words, limits.hashed, marked, plain), sources


def _frequent_pairs(
    sources: tuple[Source, ...], vocabulary: Vocabulary, least: int, most: int, *, plain: bool
) -> Rows:
    keys: Rows = np.zeros(0, dtype=np.int64)
    counts: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
    for source in sources:
        known = source.ids < len(vocabulary.words)
        inside = np.ones(len(source.ids) - 1, dtype=bool)
        inside[source.starts[1:-1] - 1] = False
        parts = vocabulary.plain_ids[source.ids] if plain else source.ids.astype(np.int64)
        key = (parts[:-1] * vocabulary.reach + parts[1:])[inside & known[:-1] & known[1:]]
        found, times = np.unique(key, return_counts=True)
        keys, place = np.unique(np.concatenate([keys, found]), return_inverse=True)
        counts = np.bincount(place, weights=np.concatenate([counts, times])).astype(np.int64)
    order = np.argsort(-counts, kind="stable")[:most]
    return np.sort(keys[order[counts[order] >= least]])
