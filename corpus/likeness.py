"""How alike two texts of plans are: the words and pairs they share, rare ones counting more."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpus.text import token_keys

# A pair of neighbours tells more than its two words apart.
_PAIR_WEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class Likeness:
    """A measure fitted to a collection of texts, so that what all of them say counts little."""

    weights: dict[str, float]
    unseen: float
    _known: dict[str, tuple[frozenset[str], float]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, texts: Iterable[str]) -> Likeness:
        """Fit to `texts`: the weight of a word is its inverse document frequency."""
        frequencies: Counter[str] = Counter()
        count = 0
        for text in texts:
            frequencies.update(_features(text))
            count += 1
        weights = {
            feature: math.log(1 + (count + 0.5) / (number + 0.5)) * _share(feature)
            for feature, number in frequencies.items()
        }
        return cls(weights, math.log(2 * count + 2) if count else 1.0)

    def between(self, one: str, other: str) -> float:
        """Return the weighted share of features both texts have (Dice), in 0..1."""
        (a, weight_of_one), (b, weight_of_other) = self._weighed(one), self._weighed(other)
        total = weight_of_one + weight_of_other
        return 2 * self._weight(a & b) / total if total else 0.0

    def coverage(self, of: str, by: str) -> float:
        """Return the weighted share of the features of one text that the other has, in 0..1."""
        (a, total), (b, _) = self._weighed(of), self._weighed(by)
        return self._weight(a & b) / total if total else 0.0

    def overlap(self, one: str, other: str) -> float:
        """Return the greater `coverage` of two texts: the share of the one that says less."""
        (a, weight_of_one), (b, weight_of_other) = self._weighed(one), self._weighed(other)
        least = min(weight_of_one, weight_of_other)
        return self._weight(a & b) / least if least else 0.0

    def matrix(self, ones: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
        """Return `between` for every pair: [ones, others]."""
        return np.array([[self.between(one, other) for other in others] for one in ones])

    def _weighed(self, text: str) -> tuple[frozenset[str], float]:
        """Return the features of a text and their weight; every text is compared many times."""
        known = self._known.get(text)
        if known is None:
            features = _features(text)
            known = self._known[text] = features, self._weight(features)
        return known

    def _weight(self, features: frozenset[str]) -> float:
        # Exact, so that the order of a set cannot lift a share above one.
        known = self.weights
        if features <= known.keys():
            return math.fsum(map(known.__getitem__, features))
        return math.fsum(known.get(feature, self.unseen * _share(feature)) for feature in features)


def _features(text: str) -> frozenset[str]:
    keys = token_keys(text)
    return frozenset((*keys, *(f"{a} {b}" for a, b in pairwise(keys))))


def _share(feature: str) -> float:
    return _PAIR_WEIGHT if " " in feature else 1.0
