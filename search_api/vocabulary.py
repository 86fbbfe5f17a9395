"""The words of the indexed plans: how rare each is, and which one a slip of the keyboard meant."""

from __future__ import annotations

import functools
import heapq
import math
from collections.abc import Callable, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from corpus.text import Token
from indexer.frequencies import MARKED, Frequencies
from search_api.spelling import sound_alikes

# Shorter words have too many neighbours one letter away to guess among them.
_SHORTEST_CORRECTED = 3
# Far more terms than the questions of an hour have.
_REMEMBERED = 50_000


class Rarities:
    """How rare folded syllables and folded pairs of neighbours ("bao chi") are in some texts.

    `count` says how many of so many `documents` have a term.
    """

    def __init__(self, documents: int, count: Callable[[str], int]) -> None:
        self._documents = documents
        self._count = functools.lru_cache(maxsize=_REMEMBERED)(count)

    def __contains__(self, term: str) -> bool:
        return self._count(term) > 0

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a folded syllable or pair, in (0, log(2N + 2)].

        A term no plan has is as rare as can be.
        """
        return math.log(1 + (self._documents + 0.5) / (self._count(term) + 0.5))


class Vocabulary(Rarities):
    """The words of all indexed plans."""

    def __init__(self, frequencies: Frequencies) -> None:
        super().__init__(frequencies.documents, frequencies.count)
        self._known = frequencies.syllables

    def endings(self, letters: str, after: str | None, most: int) -> list[str]:
        """Return folded syllables that begin with `letters`, those most plans have first.

        With `after`, of those that stand after that syllable somewhere.
        """
        counts = {
            syllable: self._count(f"{after} {syllable}" if after else syllable)
            for syllable in self._known
            if syllable.startswith(letters)
        }
        found = (syllable for syllable, count in counts.items() if count)
        return heapq.nsmallest(most, found, key=lambda syllable: (-counts[syllable], syllable))

    def marked_count(self, term: str) -> int:
        """Return how many chunks have a marked syllable or pair of neighbours ("báo chí")."""
        return self._count(f"{MARKED}{term}")

    def correct(
        self,
        tokens: Sequence[Token],
        known: frozenset[str],
        is_usual: Callable[[str, str], bool],
    ) -> dict[int, str]:
        """Return the syllables (by index) that look like slips, and the folded syllable meant.

        A syllable is a slip where it forms no pair the plans know with either neighbour, while one
        letter away, or sounding alike, stands a syllable that forms one with each neighbour it has.
        Of the words in `known` (the question's own) only sound-alikes are tried; what is usual
        Vietnamese next to a neighbour (`is_usual` of two syllables as typed) is no slip.
        """
        found: dict[int, str] = {}
        for index, token in enumerate(tokens):
            if (
                token.key in known
                or not token.key.isalpha()
                or len(token.key) < _SHORTEST_CORRECTED
            ):
                continue
            neighbours = [
                (tokens[other].key, other < index)
                for other in (index - 1, index + 1)
                if 0 <= other < len(tokens)
            ]
            if any(self._pair(token.key, *neighbour) for neighbour in neighbours):
                continue
            if any(
                is_usual(
                    *((tokens[o].text, token.text) if o < index else (token.text, tokens[o].text))
                )
                for o in (index - 1, index + 1)
                if 0 <= o < len(tokens)
            ):
                continue
            candidates = sorted(sound_alikes(token.key) & self._known)
            if token.key not in known:
                candidates += self._one_letter_away(token.key)
            scored = [
                (sum(self._pair(candidate, *neighbour) for neighbour in neighbours), candidate)
                for candidate in candidates
            ]
            best = max(scored, key=lambda item: item[0], default=(0, ""))
            is_word = token.key in self or token.key in known
            needed = len(neighbours) if is_word else 1
            if best[0] >= max(needed, 1):
                found[index] = best[1]
        return found

    def _one_letter_away(self, key: str) -> list[str]:
        return sorted(
            syllable
            for syllable in self._known
            if abs(len(syllable) - len(key)) <= 1
            and DamerauLevenshtein.distance(syllable, key, score_cutoff=1) == 1
        )

    def _pair(self, syllable: str, neighbour: str, comes_before: bool) -> bool:
        pair = f"{neighbour} {syllable}" if comes_before else f"{syllable} {neighbour}"
        return self._count(pair) > 0
