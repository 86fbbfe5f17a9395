"""How well a row or a clause fits a topic: the share of the topic's weight that it covers."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.text import Token, may_be, place_tones, tokenise
from search_api.synonyms import groups
from search_api.vocabulary import Vocabulary

# A pair of neighbours counts this much of its rarer word: phrases matter, but less than words.
_PAIR_WEIGHT = 0.5
# The same letters with other marks are mostly another word (duong, đường, dương).
_OTHER_MARKS = 0.2
# A synonym is nearly the word itself.
_SYNONYM = 0.9
# "giao thông" is not in "giao lưu … thông tin": its syllables count this much there.
_TORN = 0.5
# "phối hợp" says how a thing is done, rarely what it is.
_WEAK = frozenset({"phoi", "hop"})
_WEAK_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Words:
    """One text of a target: its syllables by key, its folded pairs, its marked text, its weight."""

    syllables: dict[str, frozenset[str]]
    pairs: frozenset[str]
    text: str
    weight: float


@functools.lru_cache(maxsize=20_000)
def words_of(text: str, weight: float) -> Words:
    """Prepare a text that topics will be compared with; `weight` in 0..1 is what a match counts."""
    lowered = place_tones(text.lower())
    tokens = tokenise(lowered)
    by_key: dict[str, set[str]] = {}
    for token in tokens:
        by_key.setdefault(token.key, set()).add(token.text)
    return Words(
        {key: frozenset(texts) for key, texts in by_key.items()},
        frozenset(f"{a.key} {b.key}" for a, b in pairwise(tokens)),
        f" {' '.join(token.text for token in tokens)} ",
        weight,
    )


class Topic:
    """The terms of a question, weighted by how rare they are in the plans."""

    def __init__(self, terms: Sequence[Token], vocabulary: Vocabulary) -> None:
        self.terms = tuple(terms)
        self._weights = [
            vocabulary.rarity(term.key) * (_WEAK_WEIGHT if term.key in _WEAK else 1)
            for term in terms
        ]
        self._pairs = [
            (index, f"{a.key} {b.key}")
            for index, (a, b) in enumerate(pairwise(terms))
            if b.span.start - a.span.end <= 1
        ]
        # A pair no plan has tells nothing: people put words together in their own way.
        self._pairs = [(index, pair) for index, pair in self._pairs if pair in vocabulary]
        self._pair_weights = [
            _PAIR_WEIGHT * min(self._weights[index], self._weights[index + 1])
            for index, _ in self._pairs
        ]
        self._total = sum(self._weights) + sum(self._pair_weights)
        self._synonyms = _synonyms_in(terms)

    def __bool__(self) -> bool:
        return bool(self.terms)

    def fit(self, target: Iterable[Words]) -> float:
        """Return the share of the topic's weight that `target` covers, in 0..1; 0 for no topic."""
        if not self._total:
            return 0.0
        target = tuple(target)
        hits = [max((_hit(term, words) for words in target), default=0.0) for term in self.terms]
        for indexes, members in self._synonyms:
            found = max(
                (w.weight * _SYNONYM for w in target if any(f" {m} " in w.text for m in members)),
                default=0.0,
            )
            for index in indexes:
                hits[index] = max(hits[index], found)
        pair_hits = [
            max(
                max((w.weight for w in target if pair in w.pairs), default=0.0),
                min(hits[index], hits[index + 1]) if self._same_synonym(index) else 0.0,
            )
            for index, pair in self._pairs
        ]
        for index in self._torn(pair_hits):
            hits[index] *= _TORN
        covered = sum(weight * hit for weight, hit in zip(self._weights, hits, strict=True))
        covered += sum(w * hit for w, hit in zip(self._pair_weights, pair_hits, strict=True))
        return covered / self._total

    def _torn(self, pair_hits: Sequence[float]) -> list[int]:
        """Return the terms whose every known pair is missing: the syllable is there in other words."""
        found: dict[int, float] = {}
        for (index, _), hit in zip(self._pairs, pair_hits, strict=True):
            for member in (index, index + 1):
                found[member] = max(found.get(member, 0.0), hit)
        return [index for index, hit in found.items() if not hit]

    @property
    def text(self) -> str:
        """Return the terms as one line."""
        return " ".join(term.text for term in self.terms)

    def without(self, keys: frozenset[str], vocabulary: Vocabulary) -> Topic:
        """Return the topic without the terms whose key is in `keys`."""
        return Topic([term for term in self.terms if term.key not in keys], vocabulary)

    def _same_synonym(self, index: int) -> bool:
        return any(index in indexes and index + 1 in indexes for indexes, _ in self._synonyms)


def _hit(term: Token, words: Words) -> float:
    texts = words.syllables.get(term.key)
    if not texts:
        return 0.0
    if term.text == term.key or any(
        may_be(term.text, text) or may_be(text, term.text) for text in texts
    ):
        return words.weight
    return words.weight * _OTHER_MARKS


def _synonyms_in(terms: Sequence[Token]) -> list[tuple[frozenset[int], tuple[str, ...]]]:
    """Return for each synonym group the topic touches: the terms it covers, and all its members."""
    line, starts = "", []
    for term in terms:
        starts.append(len(line))
        line += f"{term.text} "
    found = []
    for group in groups():
        indexes: set[int] = set()
        for match in group.pattern.finditer(line.rstrip()):
            indexes |= {i for i, start in enumerate(starts) if match.start() <= start < match.end()}
        if indexes:
            found.append((frozenset(indexes), group.members))
    return found
