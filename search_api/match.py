"""How well a row or a clause fits a topic: the share of the topic's weight that it covers."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul
from typing import NamedTuple

import numpy as np

from corpus.model import Span
from corpus.text import Token, fold, may_be, place_tones, token_keys, token_texts
from search_api.everyday import EVERYDAY
from search_api.numbered import Places, Texts, Weights
from search_api.synonyms import groups_that_may_stand
from search_api.vocabulary import Rarities

# A pair of neighbours counts this much of its rarer word: phrases matter, but less than words.
_PAIR_WEIGHT = 0.5
# One word of two syllables is as rare as the pair, however common its syllables are.
_COMPOUND_WEIGHT = 0.6
# The same letters with other marks are mostly another word (duong, đường, dương).
_OTHER_MARKS = 0.2
# A synonym is nearly the word itself.
_SYNONYM = 0.9
# "phối hợp" says how a thing is done, rarely what it is; so do words of every talk.
_WEAK = frozenset({"phoi", "hop"})
_WEAK_WEIGHT = 0.3
# A word that no plan has is as rare as can be, yet mostly the questioner's own ("rót", "lo"): in
# full it refused more answers due, without the rule of the unknown share it answered too much.
_UNKNOWN_WEIGHT = 0.5
_EVERYDAY_KEYS = frozenset(map(fold, EVERYDAY))
# More parts of one topic than the titles of all plans leave.
_RESTS = 256


class Words(NamedTuple):
    """One text of a target and what a match in it counts.

    `text` is its syllables in small letters, a blank before, between and after them; `keys` the
    same without marks, letter by letter.
    """

    text: str
    keys: str
    weight: float


@functools.lru_cache(maxsize=20_000)
def words_of(text: str, weight: float) -> Words:
    """Prepare a text that topics will be compared with; `weight` in 0..1 is what a match counts."""
    return words_of_syllables(syllables_of(text), weight)


def syllables_of(text: str) -> list[str]:
    """Return the syllables of a text in small letters, tones in their place."""
    return token_texts(place_tones(text.lower()))


def words_of_syllables(texts: Sequence[str], weight: float) -> Words:
    """Prepare a text that is cut into syllables already, in small letters, tones in their place."""
    return Words(f" {' '.join(texts)} ", f" {' '.join(map(_key, texts))} ", weight)


# More syllables than the language has.
@functools.lru_cache(maxsize=32_768)
def _key(syllable: str) -> str:
    return fold(syllable)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two neighbouring terms, the first at `index`, and whether they are one word or synonym.

    `key` is both without marks, a blank before, between and after them.
    """

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
        rarities: Rarities,
        words: Sequence[Span] = (),
        said: str = "",
    ) -> None:
        self._said = token_keys(said)
        self.terms = tuple(terms)
        self._keys = [f" {term.key} " for term in terms]
        self._numbered = list(enumerate(self._keys))
        # As typed, where marks were; without any, every form of the syllable may be meant.
        self._marked = [f" {t.text} " if t.text != t.key else "" for t in terms]
        self._words = tuple(words)
        self._strengths = [_WEAK_WEIGHT if _is_weak(term, rarities) else 1.0 for term in terms]
        apart = [
            rarities.rarity(term.key) * strength
            for term, strength in zip(terms, self._strengths, strict=True)
        ]
        self._weights = [
            rarity if term.key in rarities else _UNKNOWN_WEIGHT * rarity
            for term, rarity in zip(terms, apart, strict=True)
        ]
        self._synonyms = _synonyms_in(terms)
        self._rarities = rarities
        self._pairs = tuple(self._read_pairs())
        self._pair_weights = [pair.weight for pair in self._pairs]
        self._tearable = self._members_of_words()
        self._rests: dict[frozenset[int], Topic] = {}
        self._total = sum(self._weights) + sum(self._pair_weights)
        spoken_for = frozenset().union(
            *(
                indexes
                for indexes, members in self._synonyms
                if any(_may_stand(fold(member).split(), rarities) for member in members)
            )
        )
        unknown = [
            weight
            for index, (term, weight) in enumerate(zip(terms, apart, strict=True))
            if term.key not in rarities and index not in spoken_for
        ]
        # The share of the topic in words that no plan has and no synonym explains.
        self.unknown_share = sum(unknown) / sum(apart) if len(unknown) > 1 else 0.0

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def weight(self) -> float:
        """Return what the terms weigh together."""
        return self._total

    def fit(self, target: Iterable[Words]) -> float:
        """Return the share of the topic's weight that `target` covers, in 0..1; 0 for no topic."""
        hits, by_synonym = [0.0] * len(self.terms), [0.0] * len(self.terms)
        pair_hits = [0.0] * len(self._pairs)
        for words in target:
            self._hit_terms(words, hits, by_synonym)
            for place, pair in enumerate(self._pairs):
                if pair_hits[place] < words.weight and pair.key in words.keys:
                    pair_hits[place] = words.weight
        if not any(hits):
            return 0.0
        for place, pair in enumerate(self._pairs):
            if pair.in_synonym:
                both = min(by_synonym[pair.index : pair.index + 2])
                pair_hits[place] = max(pair_hits[place], both)
        for index, places in self._tearable:
            if hits[index] and not any(pair_hits[place] for place in places):
                hits[index] = 0.0
        covered = sum(map(mul, self._weights, hits), 0.0)
        covered += sum(map(mul, self._pair_weights, pair_hits), 0.0)
        return float(covered / self._total)

    def fits(self, texts: Texts) -> Weights:
        """Return what `fit` returns for each of many texts."""
        if not self.terms:
            return np.zeros(texts.size)
        hits = [self._hits_of_term(index, texts) for index in range(len(self.terms))]
        pair_hits = [_hits_of_keys(pair.key, texts) for pair in self._pairs]
        by_synonym = [np.zeros(texts.size) for _ in self.terms]
        for indexes, members in self._synonyms:
            worth = _hits_of_any(members, texts) * _SYNONYM
            for index in indexes:
                by_synonym[index] = np.maximum(by_synonym[index], worth)
                hits[index] = np.maximum(hits[index], worth)
        for place, pair in enumerate(self._pairs):
            if pair.in_synonym:
                both = np.minimum(by_synonym[pair.index], by_synonym[pair.index + 1])
                pair_hits[place] = np.maximum(pair_hits[place], both)
        for index, places in self._tearable:
            is_whole = np.logical_or.reduce([pair_hits[place] > 0 for place in places])
            hits[index] = hits[index] * is_whole
        # Added one by one, as `fit` does: sums in another order end in other digits.
        covered, of_pairs = np.zeros(texts.size), np.zeros(texts.size)
        for weight, hit in zip(self._weights, hits, strict=True):
            covered += weight * hit
        for weight, hit in zip(self._pair_weights, pair_hits, strict=True):
            of_pairs += weight * hit
        return (covered + of_pairs) / self._total

    def beyond_each(self, texts: Texts) -> list[Topic]:
        """Return what `beyond` returns for each of many texts."""
        covered = np.zeros((len(self.terms), texts.size), dtype=np.bool_)
        for index, term in enumerate(self.terms):
            covered[index] = _hits_of_keys(term.key, texts) > 0
        for index, places in self._tearable:
            pairs = [_hits_of_keys(self._pairs[place].key, texts) > 0 for place in places]
            covered[index] &= np.logical_or.reduce(pairs)
        for indexes, members in self._synonyms:
            covered[list(indexes)] |= _hits_of_any(members, texts) > 0
        return [self._beside(set(np.flatnonzero(column).tolist())) for column in covered.T]

    def runs(self, texts: Texts) -> Weights:
        """Return the longest stretch of the question that stands in each text as it was typed.

        A share of the question's syllables, in 0..1; those that are no terms count like the rest.
        """
        if not self._said:
            return np.zeros(texts.size)
        length = np.zeros(len(texts.keys), dtype=np.int32)
        longest = length
        for key in self._said:
            grown = np.zeros_like(length)
            number = texts.syllables.number_of_key(key)
            if number is not None:
                found = np.flatnonzero(texts.keys == number)
                grown[found] = length[found - 1] + 1
                longest = np.maximum(longest, grown)
            length = grown
        return texts.longest(longest) / len(self._said)

    def _hits_of_term(self, index: int, texts: Texts) -> Weights:
        """Return what a term is worth in each text: less with other marks."""
        term, syllables = self.terms[index], texts.syllables

        def find() -> dict[float, Places]:
            worths = {1.0: texts.places_of([syllables.number_of_key(term.key)], texts.keys)}
            forms = syllables.forms_of(term.key)
            meant = [form for form in forms if form == term.key or _is_meant(form, term.text)]
            if self._marked[index] and len(meant) < len(forms):
                worths = {_OTHER_MARKS: worths[1.0]}
                for form in meant:
                    places = texts.places_of([syllables.number_of(form)], texts.numbers)
                    worths[1.0] = np.concatenate((worths.get(1.0, places[:0]), places))
            return worths

        return texts.best(term.text, find)

    def _hit_terms(self, words: Words, hits: list[float], by_synonym: list[float]) -> None:
        """Raise `hits` to what each term is worth in `words`, itself or by a synonym.

        What it is worth by a synonym alone is told too: then the whole word stands there.
        """
        keys, weight = words.keys, words.weight
        for index in [index for index, key in self._numbered if key in keys]:
            if hits[index] < weight:
                worth = weight * self._worth_of(index, words)
                hits[index] = max(hits[index], worth)
        for indexes, members in self._synonyms:
            worth = weight * _SYNONYM
            if any(by_synonym[index] < worth for index in indexes) and _has_any(members, words):
                for index in indexes:
                    by_synonym[index] = max(by_synonym[index], worth)
                    hits[index] = max(hits[index], worth)

    def _worth_of(self, index: int, words: Words) -> float:
        """Return the share a term counts in `words`, which have its key: less with other marks."""
        text, key = words.text, self._keys[index]
        if self._marked[index] in text or key in text:
            return 1.0
        place = words.keys.find(key)
        while place >= 0:
            if _is_meant(text[place + 1 : place + len(key) - 1], self.terms[index].text):
                return 1.0
            place = words.keys.find(key, place + 1)
        return _OTHER_MARKS

    def _members_of_words(self) -> list[tuple[int, list[int]]]:
        """Return the terms (by index) that are part of a word, and the pairs they form in it.

        Where none of these stands, its syllables stand in other words: "giao thông" is not in
        "giao lưu … thông tin".
        """
        found: dict[int, list[int]] = {}
        for place, pair in enumerate(self._pairs):
            if pair.is_word:
                for member in (pair.index, pair.index + 1):
                    found.setdefault(member, []).append(place)
        return list(found.items())

    def _read_pairs(self) -> Iterator[_Pair]:
        """Yield the neighbours that say more together than apart.

        A pair no plan has tells nothing, unless it is one word: people put words together freely.
        """
        for index, (a, b) in enumerate(pairwise(self.terms)):
            key = f"{a.key} {b.key}"
            if b.start - a.end > 1:
                continue
            is_word = any(word.start <= a.start and b.end <= word.end for word in self._words)
            # Without marks it is a guess that they are one word: the plans must know it.
            guessed = a.text == a.key and b.text == b.key
            if (not is_word or guessed) and key not in self._rarities:
                continue
            if is_word and a.key not in _WEAK:
                strength = max(self._strengths[index : index + 2])
                weight = self._rarities.rarity(key) * _COMPOUND_WEIGHT * strength
            else:
                weight = _PAIR_WEIGHT * min(self._weights[index], self._weights[index + 1])
            in_synonym = any({index, index + 1} <= indexes for indexes, _ in self._synonyms)
            yield _Pair(index, f" {key} ", weight, is_word, in_synonym)

    @property
    def text(self) -> str:
        """Return the terms as one line."""
        return " ".join(term.text for term in self.terms)

    def without(self, keys: frozenset[str]) -> Topic:
        """Return the topic without the terms whose key is in `keys`."""
        return self._beside({i for i, term in enumerate(self.terms) if term.key in keys})

    def only(self, terms: Sequence[Token]) -> Topic:
        """Return the topic with just these of its terms."""
        return Topic(terms, self._rarities, self._words)

    def beyond(self, target: Sequence[Words]) -> Topic:
        """Return the topic without the terms that `target` covers, itself or by a synonym."""
        covered = {i for i, key in enumerate(self._keys) if any(key in w.keys for w in target)}
        covered -= {
            index
            for index, places in self._tearable
            if not any(self._pairs[place].key in words.keys for place in places for words in target)
        }
        for indexes, members in self._synonyms:
            if any(_has_any(members, words) for words in target):
                covered |= indexes
        return self._beside(covered)

    def _beside(self, left_out: set[int]) -> Topic:
        """Return the topic without some terms; titles leave out the same ones again and again."""
        if not left_out:
            return self
        known = self._rests.get(chosen := frozenset(left_out))
        if known is None:
            kept = [term for index, term in enumerate(self.terms) if index not in left_out]
            known = Topic(kept, self._rarities, self._words)
            if len(self._rests) < _RESTS:
                self._rests[chosen] = known
        return known


def _hits_of_keys(keys: str, texts: Texts) -> Weights:
    """Return what a key, or some with blanks between, is worth in each text."""
    numbers = map(texts.syllables.number_of_key, keys.split())
    return texts.best(keys, lambda: {1.0: texts.places_of(tuple(numbers), texts.keys)})


def _hits_of_any(members: tuple[str, ...], texts: Texts) -> Weights:
    number_of = texts.syllables.number_of

    def find() -> dict[float, Places]:
        found = [
            texts.places_of(tuple(map(number_of, member.split())), texts.numbers)
            for member in members
        ]
        return {1.0: np.concatenate(found)}

    return texts.best(members, find)


def _is_weak(term: Token, rarities: Rarities) -> bool:
    """Say whether a term says little; without marks only if it is a word that no plan has."""
    bare = term.text == term.key and term.key not in rarities
    return term.key in _WEAK or term.text in EVERYDAY or (bare and term.key in _EVERYDAY_KEYS)


def _may_stand(keys: Sequence[str], rarities: Rarities) -> bool:
    """Say whether some text may have these syllables, one after the other."""
    pairs = [f"{a} {b}" for a, b in pairwise(keys)]
    return all(term in rarities for term in pairs or keys)


def _has_any(members: Iterable[str], words: Words) -> bool:
    return any(member in words.text for member in members)


# Pairs of a syllable asked and one with the same letters, of the questions of an hour.
@functools.lru_cache(maxsize=32_768)
def _is_meant(text: str, typed: str) -> bool:
    """Say whether a plan's syllable is what was typed, or lacks a mark of it ("lòng ghép").

    đ is no marked d.
    """
    return may_be(typed, text) or (("đ" in text) is ("đ" in typed) and may_be(text, typed))


def _synonyms_in(terms: Sequence[Token]) -> list[tuple[frozenset[int], tuple[str, ...]]]:
    """Return for each synonym group the topic touches: the terms it covers, and all its members.

    A member has a blank on either side, to be found as a whole word in `Words.text`.
    """
    line, starts = "", []
    for term in terms:
        starts.append(len(line))
        line += f"{term.text} "
    found = []
    for group in groups_that_may_stand({term.key for term in terms}):
        indexes: set[int] = set()
        for match in group.pattern.finditer(line.rstrip()):
            indexes |= {i for i, start in enumerate(starts) if match.start() <= start < match.end()}
        if indexes:
            found.append((frozenset(indexes), tuple(f" {member} " for member in group.members)))
    return found
