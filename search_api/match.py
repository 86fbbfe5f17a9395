"""How well a row or a clause fits a topic: the share of the topic's weight that it covers."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.model import Span
from corpus.text import Token, fold, may_be, place_tones, tokenise
from search_api.synonyms import groups
from search_api.vocabulary import Vocabulary

# A pair of neighbours counts this much of its rarer word: phrases matter, but less than words.
_PAIR_WEIGHT = 0.5
# One word of two syllables is as rare as the pair, however common its syllables are.
_COMPOUND_WEIGHT = 0.6
# The same letters with other marks are mostly another word (duong, đường, dương).
_OTHER_MARKS = 0.2
# A synonym is nearly the word itself.
_SYNONYM = 0.9
# "phối hợp" says how a thing is done, rarely what it is.
_WEAK = frozenset({"phoi", "hop"})
_WEAK_WEIGHT = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One text of a target: its syllables by key, its folded pairs, its weight.

    `text` is its syllables with their marks, a blank before, between and after them; `keys` the
    same without marks.
    """

    syllables: dict[str, frozenset[str]]
    pairs: frozenset[str]
    text: str
    keys: str
    weight: float


@functools.lru_cache(maxsize=20_000)
def words_of(text: str, weight: float) -> Words:
    """Prepare a text that topics will be compared with; `weight` in 0..1 is what a match counts."""
    return words_of_syllables([token.text for token in tokenise(place_tones(text.lower()))], weight)


def words_of_syllables(texts: Sequence[str], weight: float) -> Words:
    """Prepare a text that is cut into syllables already, in small letters, tones in their place."""
    keys = list(map(_key, texts))
    by_key: dict[str, frozenset[str]] = {}
    for key, text in zip(keys, texts, strict=True):
        known = by_key.get(key)
        if known is None:
            by_key[key] = _alone(text)
        elif text not in known:
            by_key[key] = known | {text}
    pairs = frozenset(map(" ".join, pairwise(keys)))
    return Words(by_key, pairs, f" {' '.join(texts)} ", f" {' '.join(keys)} ", weight)


# More syllables than the language has.
@functools.lru_cache(maxsize=32_768)
def _key(syllable: str) -> str:
    return fold(syllable)


@functools.lru_cache(maxsize=32_768)
def _alone(syllable: str) -> frozenset[str]:
    return frozenset((syllable,))


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two neighbouring terms, the first at `index`, and whether they are one word or synonym."""

    index: int
    key: str
    weight: float
    is_word: bool
    in_synonym: bool


class Topic:
    """The terms of a question, weighted by how rare they are in the plans."""

    def __init__(
        self,
        terms: Sequence[Token],
        vocabulary: Vocabulary,
        words: Sequence[Span] = (),
        said: str = "",
    ) -> None:
        self._said = tuple(token.key for token in tokenise(said))
        self._stretches: dict[tuple[int, int], str] = {}
        self.terms = tuple(terms)
        self._words = tuple(words)
        self._keys = frozenset(term.key for term in terms)
        self._weights = [
            vocabulary.rarity(term.key) * (_WEAK_WEIGHT if term.key in _WEAK else 1)
            for term in terms
        ]
        self._synonyms = _synonyms_in(terms)
        self._pairs = tuple(self._read_pairs(vocabulary))
        self._pair_keys = frozenset(pair.key for pair in self._pairs)
        self._total = sum(self._weights) + sum(pair.weight for pair in self._pairs)
        spoken_for = frozenset().union(*(indexes for indexes, _ in self._synonyms))
        unknown = [
            weight
            for index, (term, weight) in enumerate(zip(terms, self._weights, strict=True))
            if term.key not in vocabulary and index not in spoken_for
        ]
        # The share of the topic in words that no plan has and no synonym explains.
        self.unknown_share = sum(unknown) / sum(self._weights) if len(unknown) > 1 else 0.0

    def __bool__(self) -> bool:
        return bool(self.terms)

    def run(self, target: Iterable[Words]) -> float:
        """Return the longest stretch of the question that stands in `target` as it was typed.

        A share of the question's syllables, in 0..1; those that are no terms count like the rest.
        """
        said, longest = self._said, 0
        for words in target:
            keys = words.keys
            start = 0
            while start + longest < len(said):
                if self._stretch(start, start + longest + 1) in keys:
                    longest += 1
                else:
                    start += 1
        return longest / len(said) if said else 0.0

    def _stretch(self, start: int, end: int) -> str:
        stretch = self._stretches.get((start, end))
        if stretch is None:
            stretch = self._stretches[start, end] = f" {' '.join(self._said[start:end])} "
        return stretch

    @property
    def weight(self) -> float:
        """Return what the terms weigh together."""
        return self._total

    def fit(self, target: Iterable[Words]) -> float:
        """Return the share of the topic's weight that `target` covers, in 0..1; 0 for no topic."""
        hits = [0.0] * len(self.terms)
        pair_hits = [0.0] * len(self._pairs)
        for words in target:
            self._hit_terms(words, hits)
            if self._pair_keys.isdisjoint(words.pairs):
                continue
            for place, pair in enumerate(self._pairs):
                if pair.key in words.pairs and words.weight > pair_hits[place]:
                    pair_hits[place] = words.weight
        if not any(hits):
            return 0.0
        for place, pair in enumerate(self._pairs):
            if pair.in_synonym:
                pair_hits[place] = max(
                    pair_hits[place], min(hits[pair.index], hits[pair.index + 1])
                )
        for index in self._torn(pair_hits):
            hits[index] = 0.0
        covered = sum(weight * hit for weight, hit in zip(self._weights, hits, strict=True))
        covered += sum(p.weight * hit for p, hit in zip(self._pairs, pair_hits, strict=True))
        return covered / self._total

    def _hit_terms(self, words: Words, hits: list[float]) -> None:
        """Raise `hits` to what each term is worth in `words`, itself or by a synonym."""
        if not self._keys.isdisjoint(words.syllables):
            for index, term in enumerate(self.terms):
                if term.key in words.syllables:
                    hits[index] = max(hits[index], _hit(term, words))
        for indexes, members in self._synonyms:
            if any(member in words.text for member in members):
                for index in indexes:
                    hits[index] = max(hits[index], words.weight * _SYNONYM)

    def _torn(self, pair_hits: Sequence[float]) -> list[int]:
        """Return the terms of words that are missing as words: their syllables stand in others.

        "giao thông" is not in "giao lưu … thông tin".
        """
        found: dict[int, float] = {}
        for pair, hit in zip(self._pairs, pair_hits, strict=True):
            if pair.is_word:
                for member in (pair.index, pair.index + 1):
                    found[member] = max(found.get(member, 0.0), hit)
        return [index for index, hit in found.items() if not hit]

    def _read_pairs(self, vocabulary: Vocabulary) -> Iterator[_Pair]:
        """Yield the neighbours that say more together than apart.

        A pair no plan has tells nothing, unless it is one word: people put words together freely.
        """
        for index, (a, b) in enumerate(pairwise(self.terms)):
            key = f"{a.key} {b.key}"
            if b.span.start - a.span.end > 1:
                continue
            is_word = any(word.contains(a.span) and word.contains(b.span) for word in self._words)
            if not is_word and key not in vocabulary:
                continue
            if is_word and a.key not in _WEAK:
                weight = vocabulary.rarity(key) * _COMPOUND_WEIGHT
            else:
                weight = _PAIR_WEIGHT * min(self._weights[index], self._weights[index + 1])
            in_synonym = any({index, index + 1} <= indexes for indexes, _ in self._synonyms)
            yield _Pair(index, key, weight, is_word, in_synonym)

    @property
    def text(self) -> str:
        """Return the terms as one line."""
        return " ".join(term.text for term in self.terms)

    def without(self, keys: frozenset[str], vocabulary: Vocabulary) -> Topic:
        """Return the topic without the terms whose key is in `keys`."""
        kept = [term for term in self.terms if term.key not in keys]
        return Topic(kept, vocabulary, self._words)

    def beyond(self, target: Iterable[Words], vocabulary: Vocabulary) -> Topic:
        """Return the topic without the terms that `target` covers, itself or by a synonym."""
        target = tuple(target)
        covered = {i for i, term in enumerate(self.terms) if any(_hit(term, w) for w in target)}
        for indexes, members in self._synonyms:
            if any(member in words.text for words in target for member in members):
                covered |= indexes
        kept = [term for index, term in enumerate(self.terms) if index not in covered]
        return Topic(kept, vocabulary, self._words)


def _hit(term: Token, words: Words) -> float:
    texts = words.syllables.get(term.key)
    if not texts:
        return 0.0
    if term.text in texts or term.text == term.key or term.key in texts:
        return words.weight
    if any(may_be(term.text, text) or _lacks_a_mark(text, term.text) for text in texts):
        return words.weight
    return words.weight * _OTHER_MARKS


def _lacks_a_mark(text: str, meant: str) -> bool:
    """Say whether a plan's syllable lacks a mark of `meant` ("lòng ghép"); đ is no marked d."""
    return ("đ" in text) is ("đ" in meant) and may_be(text, meant)


def _synonyms_in(terms: Sequence[Token]) -> list[tuple[frozenset[int], tuple[str, ...]]]:
    """Return for each synonym group the topic touches: the terms it covers, and all its members.

    A member has a blank on either side, to be found as a whole word in `Words.text`.
    """
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
            found.append((frozenset(indexes), tuple(f" {member} " for member in group.members)))
    return found
