"""Where training starts: latent semantic vectors of the features, from the texts alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from indexer.static import Vocabulary
from indexer.training.pairs import Source

Matrix = NDArray[np.float32]

# A pair says little that its two parts do not; a form without marks less than the marked one.
_PAIR_SHARE = 0.7
_PLAIN_SHARE = 0.5
_TEXTS_AT_ONCE = 20_000
_SPARE_DIMENSIONS = 16
_POWER_STEPS = 2


def latent_start(
    vocabulary: Vocabulary, sources: tuple[Source, ...], dimensions: int, seed: int, cache: Path
) -> Matrix:
    """Return a vector per feature, mean length 1: truncated SVD of the tf-idf matrix of all pairs.

    Randomised range finder with two power steps (Halko, Martinsson, Tropp 2011). Features that
    no text has, and the hashed rows, get random directions.
    """
    names = "-".join(source.name for source in sources)
    kept = cache / f"start-{names}-{vocabulary.rows}-{dimensions}-{seed}.npy"
    if kept.is_file():
        return np.asarray(np.load(kept), dtype=np.float32)
    random = np.random.default_rng(seed)
    texts = scipy.sparse.vstack([_counts(vocabulary, source) for source in sources], format="csr")
    present = np.bincount(texts.indices, minlength=vocabulary.rows)
    rarity = np.log((texts.shape[0] + 1) / (present + 1)).astype(np.float32)
    rarity[vocabulary.first_plain : vocabulary.first_pair] *= _PLAIN_SHARE
    rarity[vocabulary.first_pair :] *= _PAIR_SHARE
    rarity[vocabulary.first_plain_pair :] *= _PLAIN_SHARE
    texts.data *= rarity[texts.indices]
    lengths = np.sqrt(texts.multiply(texts).sum(axis=1)).A1
    texts.data /= np.repeat(lengths, np.diff(texts.indptr)).astype(np.float32)
    features = texts.T.tocsr()
    wide = dimensions + _SPARE_DIMENSIONS
    basis = features @ random.standard_normal((texts.shape[0], wide)).astype(np.float32)
    for _ in range(_POWER_STEPS):
        basis, _upper = np.linalg.qr(basis)
        basis = features @ (texts @ basis)
    basis, _upper = np.linalg.qr(basis)
    shadow = texts @ basis
    strengths, turn = np.linalg.eigh(shadow.T @ shadow)
    best = np.arange(wide)[::-1][:dimensions]
    strength = np.sqrt(strengths[best])
    vectors = (basis @ turn[:, best]) * rarity[:, None] * np.sqrt(strength.mean() / strength)
    length = np.linalg.norm(vectors, axis=1)
    vectors /= length.mean()
    unknown = length < 1e-6
    unknown[len(vocabulary.words) : vocabulary.reach] = True
    vectors[unknown] = random.standard_normal((unknown.sum(), dimensions)) / np.sqrt(dimensions)
    start: Matrix = vectors.astype(np.float32)
    np.save(kept, start)
    return start


def _counts(vocabulary: Vocabulary, source: Source) -> scipy.sparse.csr_matrix:
    """Return one row a pair, both sides together: the square root of how often a feature occurs."""
    parts = []
    for first in range(0, len(source), _TEXTS_AT_ONCE):
        edges = source.starts[2 * first : 2 * min(len(source), first + _TEXTS_AT_ONCE) + 1 : 2]
        bags = vocabulary.bags(source.ids[edges[0] : edges[-1]].astype(np.int64), np.diff(edges))
        ends = np.append(bags.starts, len(bags.rows))
        parts.append(
            scipy.sparse.csr_matrix(
                (bags.weights, bags.rows, ends), shape=(len(edges) - 1, vocabulary.rows)
            )
        )
    return scipy.sparse.vstack(parts, format="csr")
