"""The tables of the restorer of marks: how often syllables follow each other in marked text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.text import fold
from indexer.training.pairs import Pairs

Keys = NDArray[np.int64]

# A word that some other word equals without marks is worth learning; others are context at most.
_LEAST_WORD = 30
_LEAST_PAIR = 4
_LEAST_TRIPLE = 4
# Of the pairs and triples, so many that the file stays under 5 MB.
_MOST_PAIRS = 450_000
_MOST_TRIPLES = 700_000
# Taken off every count before it becomes a share (absolute discounting).
_DISCOUNT = 0.5
_STEP = 1 / 16
_NEVER = -16.0


def write_marks(pairs: Pairs, folder: Path) -> None:
    """Write ``model.npz`` for `search_api.restore.Restorer` into `folder`.

    Words are numbered by frequency, 0 stands for everything else and for the start. Keys of pairs
    and triples are numbers in base ``len(words)``; logarithms are bytes, 1/16 nat each from -16.
    """
    words, streams = _numbered(pairs)
    size = len(words)
    count = np.zeros(size, dtype=np.int64)
    for stream in streams:
        count += np.bincount(stream, minlength=size)
    couple, couple_count = _count(streams, size, 2, _LEAST_PAIR)
    triple, triple_count = _count(streams, size, 3, _LEAST_TRIPLE)
    couple_log = np.log((couple_count - _DISCOUNT) / count[couple // size])
    place = np.searchsorted(couple, triple // size)
    triple_log = np.log((triple_count - _DISCOUNT) / couple_count[place])
    couple, couple_log = _top(couple, couple_log, couple_count, _MOST_PAIRS)
    triple, triple_log = _top(triple, triple_log, triple_count, _MOST_TRIPLES)
    share = count.astype(np.float64)
    share[0] = 1
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        folder / "model.npz",
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        unigrams=_bytes(np.log(share / share.sum())),
        pairs=_distances(couple),
        pair_logs=_bytes(couple_log),
        triples=_distances(triple),
        triple_logs=_bytes(triple_log),
    )


def _numbered(pairs: Pairs) -> tuple[list[str], list[NDArray[np.int64]]]:
    """Return the words kept, most frequent first after "", and the texts as their numbers."""
    count = np.zeros(len(pairs.words), dtype=np.int64)
    for source in pairs.sources:
        count += np.bincount(source.ids, minlength=len(pairs.words))
    frequent = [index for index in np.argsort(-count, kind="stable") if count[index] >= _LEAST_WORD]
    spelled = [pairs.words[index] for index in frequent]
    marked = {fold(word) for word in spelled if fold(word) != word}
    kept = [
        (index, word)
        for index, word in zip(frequent, spelled, strict=True)
        if fold(word) in marked and word.isalpha()
    ]
    number = np.zeros(len(pairs.words), dtype=np.int64)
    for place, (index, _) in enumerate(kept, start=1):
        number[index] = place
    # A 0 between texts, so that no sequence runs from one into the next.
    streams = [np.insert(number[source.ids], source.starts[1:-1], 0) for source in pairs.sources]
    return ["", *(word for _, word in kept)], streams


def _count(
    streams: list[NDArray[np.int64]], size: int, length: int, least: int
) -> tuple[Keys, NDArray[np.int64]]:
    keys: Keys = np.zeros(0, dtype=np.int64)
    counts: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
    for stream in streams:
        key = np.zeros(len(stream) - length + 1, dtype=np.int64)
        for shift in range(length):
            key = key * size + stream[shift : len(stream) - length + 1 + shift]
        # Only what ends in a word that has to be told from others is ever asked for, and a
        # context that ends in an unknown word says nothing.
        useful = (key % size > 0) & (key // size % size > 0 if length > 2 else True)
        found, times = np.unique(key[useful], return_counts=True)
        keys, place = np.unique(np.concatenate([keys, found]), return_inverse=True)
        counts = np.bincount(place, weights=np.concatenate([counts, times])).astype(np.int64)
    return keys[counts >= least], counts[counts >= least]


def _top(
    keys: Keys, logs: NDArray[np.float64], counts: NDArray[np.int64], most: int
) -> tuple[Keys, NDArray[np.float64]]:
    best = np.sort(np.argsort(-counts, kind="stable")[:most])
    return keys[best], logs[best]


def _distances(keys: Keys) -> Keys:
    """Return the steps between sorted keys: small numbers, which compress well."""
    return np.diff(keys, prepend=0)


def _bytes(logs: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.clip(np.round((logs - _NEVER) / _STEP), 0, 255).astype(np.uint8)
