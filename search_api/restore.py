"""Marks for a question typed without them, or with some of them: syllable trigrams and a beam.

Reading a typed syllable as a marked one is a choice among the syllables that look like it without
marks; the best sequence of choices under a language model of Vietnamese is the restoration. What
is never touched: a mark that was typed, numbers and everything joined to them ("97/KH-UBND"),
abbreviations in capitals, addresses, words that are no Vietnamese syllables.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.text import fold
from indexer.syllables import place_tone

# What stands between spaces; its parts are syllables only where nothing technical joins them.
_CHUNK = re.compile(r"\S+")
_LETTERS = re.compile(r"[^\W\d_]+")
# A number and what is joined to it (97/KH-UBND, 2024-2025, 4.0, covid19), an address
# (a@b.vn, kiengiang.gov.vn, https://…); not "năm." and not "báo/đài".
_TECHNICAL = re.compile(r"\d|@|://|\w\.\w|_")
# UBND, LĐTBXH: so many capitals in a row abbreviate; not Kế, not A.
_SHORTEST_ABBREVIATION = 2
# Longer shouting is a whole text in capitals, not abbreviations.
_SHOUTED_SHARE = 0.8
_MODEL = "model.npz"
# The model that comes with the project; see docs/findings/diacritics.md.
SHIPPED = Path(__file__).parent / "weights" / "restorer"
# Logarithms are stored in 1/16 nats, 0..255: down to -16, rarer than once in the training texts.
_STEP = 1 / 16
_NEVER = -16.0
_BACK_OFF = math.log(0.4)
_BEAM = 6
# More syllables than the language has.
_REMEMBERED = 32_768
# Readings below this share of their spelling are dropped: it costs .1 points and halves the time.
_RARE_READING = 0.002
# Where more of the words are no syllables, the text is not Vietnamese and is left alone.
_FOREIGN_SHARE = 0.5
# What adding a mark costs a writer who forgets none, in nats: it keeps real bare syllables bare.
_MOST_PENALTY = 6.0


# What questions are made of, a phrase a line: the training texts ask nothing.
_FRAMES = Path(__file__).parent / "weights" / "questions.txt"
# Added to the chance of a syllable: its share after the one before it in the plans, and so much of
# that in what questions are made of. Shares taken off the language at large did no better.
_FRAMES_WEIGHT = 0.1
# What stands once in the plans is no habit of theirs: "(chú) trọng tuyên (truyền)" against "trong".
_DISCOUNT = 0.75
_RARE = 10
_START = "^"


def _nowhere(_term: str) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Restoration:
    """`text` with marks; `confidence` in 0..1 is its share among the readings weighed last."""

    text: str
    changed: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class _Slot:
    """A word of the text: its place, its readings (id, spelling), and how it was typed."""

    start: int
    end: int
    readings: tuple[tuple[int, str], ...]
    typed: str
    marked: bool


# The words chosen so far, last first; and a state of the search.
_Path = tuple[str, "_Path | None"]
_State = tuple[float, int, int, _Path | None]


class Restorer:
    """A language model of marked syllables, and the search for the best reading."""

    def __init__(
        self,
        words: list[str],
        unigrams: list[float],
        bigrams: dict[int, float],
        trigrams: dict[int, float],
    ) -> None:
        self._size = len(words)
        self._words = words
        # What was not seen in a long context is looked up in a shorter one, at a price.
        self._unigrams = [log + 2 * _BACK_OFF for log in unigrams]
        self._bigrams = {key: log + _BACK_OFF for key, log in bigrams.items()}
        self._trigrams = trigrams
        self._ids = {word: index for index, word in enumerate(words) if index}
        self._readings: dict[str, tuple[tuple[int, str], ...]] = {}
        readings: dict[str, list[tuple[int, str]]] = {}
        for word, index in self._ids.items():
            readings.setdefault(fold(word), []).append((index, word))
        for key, found in readings.items():
            best = max(unigrams[index] for index, _ in found) + math.log(_RARE_READING)
            self._readings[key] = tuple(pair for pair in found if unigrams[pair[0]] >= best)
        self._readings_of = functools.lru_cache(maxsize=_REMEMBERED)(self._read_readings)

    @classmethod
    def open(cls, path: Path) -> Restorer:
        """Read the model in folder `path`."""
        with np.load(path / _MODEL) as stored:
            words = bytes(stored["words"]).decode().split("\n")
            return cls(
                words,
                _logs(stored["unigrams"]).tolist(),
                dict(zip(_keys(stored["pairs"]), _logs(stored["pair_logs"]).tolist(), strict=True)),
                dict(
                    zip(
                        _keys(stored["triples"]), _logs(stored["triple_logs"]).tolist(), strict=True
                    )
                ),
            )

    def restore(self, text: str, counted: Callable[[str], int] = _nowhere) -> Restoration:
        """Return `text` with the marks it most likely lacks.

        `counted` says how often the plans have a marked syllable or pair of neighbours: what they
        speak of is likelier to be meant.
        """
        slots = list(self._slots(text))
        open_slots = [slot for slot in slots if len(slot.readings) > 1 or self._adds(slot)]
        if not open_slots:
            return Restoration(text, changed=False, confidence=1.0)
        context = _Context(counted)
        chosen, confidence = self._search(slots, context, 0.0)
        marked = sum(slot.marked for slot in slots)
        added = sum(word != slot.typed for slot, word in zip(slots, chosen, strict=True))
        if marked and added:
            # How often this writer drops a mark is unknown; the first reading estimates it. Where
            # none was added, making it dearer changes nothing.
            kept = marked + sum(
                word == slot.typed and not slot.marked
                for slot, word in zip(slots, chosen, strict=True)
            )
            penalty = min(_MOST_PENALTY, max(0.0, math.log((kept + 0.5) / (added + 0.5))))
            chosen, confidence = self._search(slots, context, penalty)
        pieces: list[str] = []
        end = 0
        for slot, word in zip(slots, chosen, strict=True):
            pieces += (text[end : slot.start], _in_case(word, text[slot.start : slot.end]))
            end = slot.end
        restored = "".join(pieces) + text[end:]
        return Restoration(restored, restored != text, confidence)

    def is_usual(self, first: str, second: str) -> bool:
        """Say whether two neighbours, with the marks they may lack, were often seen together."""
        size = self._size
        return any(
            one * size + other in self._bigrams
            for one, _ in self._readings_of(first)
            for other, _ in self._readings_of(second)
        )

    def _slots(self, text: str) -> Iterator[_Slot]:
        letters = [character for character in text if character.isalpha()]
        shouted = sum(map(str.isupper, letters)) > _SHOUTED_SHARE * len(letters)
        found: list[_Slot] = []
        foreign = 0
        for chunk in _CHUNK.finditer(text):
            if _TECHNICAL.search(chunk[0]):
                continue
            for match in _LETTERS.finditer(chunk[0]):
                typed = match[0].lower()
                abbreviated = (
                    not shouted and match[0].isupper() and len(match[0]) >= _SHORTEST_ABBREVIATION
                )
                readings = () if abbreviated else self._readings_of(typed)
                foreign += not readings and not abbreviated
                found.append(
                    _Slot(
                        chunk.start() + match.start(),
                        chunk.start() + match.end(),
                        readings or ((self._ids.get(place_tone(typed), 0), typed),),
                        typed,
                        fold(typed) != typed,
                    )
                )
        if foreign <= _FOREIGN_SHARE * len(found):
            yield from found

    def _read_readings(self, typed: str) -> tuple[tuple[int, str], ...]:
        """Return what `typed` may stand for: nothing a typed mark contradicts."""
        key = fold(typed)
        readings = self._readings.get(key, ())
        if typed == key:
            return readings
        own = self._ids.get(place_tone(typed))
        if own is not None:
            return ((own, typed),)
        return tuple((index, word) for index, word in readings if _extends(word, typed))

    @staticmethod
    def _adds(slot: _Slot) -> bool:
        return slot.readings[0][1] != slot.typed

    def _search(
        self, slots: list[_Slot], context: _Context, penalty: float
    ) -> tuple[list[str], float]:
        """Return the best spelling of every slot, and its share among the readings that remain.

        A state of the beam is (score, the word before the last, the last, how it came there).
        """
        size, triples, pairs = self._size, self._trigrams.get, self._bigrams.get
        singles = self._unigrams
        beam: list[_State] = [(0.0, 0, 0, None)]
        for slot in slots:
            grown: dict[int, _State] = {}
            for score, before, last, path in beam:
                pair = last * size
                triple = before * size * size + pair
                previous = path[0] if path else _START
                for index, word in slot.readings:
                    follows = triples(triple + index)
                    if follows is None:
                        follows = pairs(pair + index)
                        if follows is None:
                            follows = singles[index]
                    if len(slot.readings) > 1:
                        follows = context.weighed(previous, word, follows)
                    new = score + follows
                    if word != slot.typed:
                        new -= penalty
                    rival = grown.get(pair + index)
                    if rival is None or rival[0] < new:
                        grown[pair + index] = (new, last, index, (word, path))
            beam = sorted(grown.values(), key=_score, reverse=True)[:_BEAM]
        total = sum(math.exp(state[0] - beam[0][0]) for state in beam)
        words = []
        path = beam[0][3]
        while path is not None:
            word, path = path
            words.append(word)
        return words[::-1], 1 / total


@functools.cache
def shipped_restorer() -> Restorer:
    """Return the model that comes with the project, read once for all engines of a process."""
    return Restorer.open(SHIPPED)


class _Context:
    """What questions and plans say of a syllable after another, beside the language at large."""

    def __init__(self, counted: Callable[[str], int]) -> None:
        self._counted = functools.cache(counted)
        self._shares = functools.cache(self._share)

    def weighed(self, previous: str, word: str, log: float) -> float:
        """Return the logarithm of the chance of `word` after `previous`, `log` in the language."""
        share = self._shares(previous, word)
        return math.log(math.exp(log) + share) if share else log

    def _share(self, previous: str, word: str) -> float:
        pair, frames = f"{previous} {word}", _frames()
        share = _FRAMES_WEIGHT * frames[pair] / (frames[previous] + 1)
        if in_plans := self._counted(pair):
            share += (in_plans - _DISCOUNT) / (self._counted(previous) + _RARE)
        return share


@functools.cache
def _frames() -> Counter[str]:
    """Return how often a syllable, and a pair of neighbours, stands in what questions are made of.

    The start of a question is a neighbour too.
    """
    counts: Counter[str] = Counter()
    for line in _FRAMES.read_text(encoding="utf-8").splitlines():
        syllables = [_START, *line.split()]
        counts.update(syllables)
        counts.update(f"{a} {b}" for a, b in pairwise(syllables))
    return counts


def _score(state: _State) -> float:
    return state[0]


def _keys(steps: NDArray[np.int64]) -> list[int]:
    """Return sorted keys from the distances between them."""
    keys: list[int] = np.cumsum(steps, dtype=np.int64).tolist()
    return keys


def _logs(stored: NDArray[np.uint8]) -> NDArray[np.float64]:
    return _NEVER + stored.astype(np.float64) * _STEP


def _extends(word: str, typed: str) -> bool:
    """Say whether `word` keeps every mark of `typed`: đuong → đường, not → dương.

    Letters are compared as sets of marks, so that "duơng" may become "dường" too.
    """
    return len(word) == len(typed) and all(
        _marks(letter) <= _marks(full) for letter, full in zip(typed, word, strict=True)
    )


def _marks(letter: str) -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFD", letter.replace("đ", "d\u0335"))[1:])


def _in_case(word: str, typed: str) -> str:
    """Return `word` with the capitals of `typed`, letter by letter."""
    if word == typed.lower() or len(word) != len(typed):
        return typed
    return "".join(
        letter.upper() if model.isupper() else letter
        for letter, model in zip(word, typed, strict=True)
    )
