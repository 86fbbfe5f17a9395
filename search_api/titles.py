"""The titles of plans by their words: which plans a question is about, told without opening one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpus.text import token_keys
from indexer.catalogue import PlanHead


class Titles:
    """The folded words of every title and its pairs of neighbours, and the plans that have them.

    Plans are numbered in their order; `among` is [plans], True for those in question.
    """

    def __init__(self, heads: Iterable[PlanHead]) -> None:
        found: dict[str, list[int]] = {}
        self._words: list[frozenset[str]] = []
        for number, head in enumerate(heads):
            keys = token_keys(head.title)
            self._words.append(frozenset(keys))
            for term in {*keys, *(f"{a} {b}" for a, b in pairwise(keys))}:
                found.setdefault(term, []).append(number)
        self._plans = {term: np.array(numbers) for term, numbers in found.items()}

    def telling(self, terms: Iterable[str], among: NDArray[np.bool_]) -> tuple[int, list[int]]:
        """Return the most terms a title has that some titles have and not all; and whose title.

        Where no term tells anything, that is 0 and every plan.
        """
        scores = np.zeros(len(among), dtype=np.int32)
        everywhere = np.count_nonzero(among)
        for term in terms:
            plans = self._plans.get(term)
            if plans is not None and np.count_nonzero(among[plans]) < everywhere:
                scores[plans] += 1
        scores[~among] = -1
        best = int(scores.max(initial=0))
        return best, np.flatnonzero(scores == best).tolist()

    def in_all(self, among: NDArray[np.bool_]) -> frozenset[str]:
        """Return the words that every title has."""
        numbers = np.flatnonzero(among)
        if not len(numbers):
            return frozenset()
        return frozenset(
            word
            for word in self._words[numbers[0]]
            if np.count_nonzero(among[self._plans[word]]) == len(numbers)
        )
