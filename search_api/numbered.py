"""Texts as numbers of their syllables, very many compared at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.text import fold

# Between the parts of a text; no syllable has it.
_BORDER = 0
_LAST_BORDER = np.array([_BORDER], dtype=np.int32)

Numbers = NDArray[np.int32]
Weights = NDArray[np.float64]
Places = NDArray[np.intp]


class Syllables:
    """Numbers for syllables in small letters, given as they are met, and for their keys."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._forms: dict[str, list[str]] = {}
        self._key_of = np.zeros(1, dtype=np.int32)
        self._adding = threading.Lock()

    def read(self, parts: Iterable[str]) -> Numbers:
        """Return the numbers of the syllables of each part, a border before each."""
        known, numbers = self._numbers, []
        for part in parts:
            numbers.append(_BORDER)
            for syllable in part.split():
                number = known.get(syllable)
                numbers.append(self._add(syllable) if number is None else number)
        return np.array(numbers, dtype=np.int32)

    def number_of(self, syllable: str) -> int | None:
        """Return the number of a syllable, None where no text has it."""
        return self._numbers.get(syllable)

    def number_of_key(self, key: str) -> int | None:
        """Return the number of a key, None where no text has it."""
        return self._keys.get(key)

    def forms_of(self, key: str) -> Sequence[str]:
        """Return the syllables with this key that texts have."""
        return tuple(self._forms.get(key, ()))

    def keys_of(self, numbers: Numbers) -> Numbers:
        """Return the number of the key of each syllable."""
        return self._key_of[numbers]

    def _add(self, syllable: str) -> int:
        with self._adding:
            if (number := self._numbers.get(syllable)) is not None:
                return number
            number, key = len(self._numbers) + 1, fold(syllable)
            if number == len(self._key_of):
                self._key_of = np.concatenate((self._key_of, np.zeros_like(self._key_of)))
            self._key_of[number] = self._keys.setdefault(key, len(self._keys) + 1)
            self._forms.setdefault(key, []).append(syllable)
            self._numbers[syllable] = number
            return number


@dataclass(frozen=True, slots=True)
class Numbered:
    """One text: its parts as `Syllables.read` gives them, and what a match in each counts."""

    numbers: Numbers
    weights: tuple[float, ...]


class Texts:
    """Some texts, each of at least one part, side by side."""

    def __init__(self, texts: Sequence[Numbered], syllables: Syllables) -> None:
        self.syllables = syllables
        lengths = [len(text.numbers) for text in texts]
        parts = [len(text.weights) for text in texts]
        self.numbers = np.concatenate([*(text.numbers for text in texts), _LAST_BORDER])
        self.keys = syllables.keys_of(self.numbers)
        self.size = len(texts)
        self._weights = np.array([weight for text in texts for weight in text.weights])
        self._part = np.cumsum(self.numbers == _BORDER) - 1
        self._firsts = np.cumsum([0, *lengths[:-1]])
        self._first_parts = np.cumsum([0, *parts[:-1]])
        self._known: dict[object, Weights] = {}

    def places_of(self, sequence: Sequence[int | None], column: Numbers) -> Places:
        """Return where numbers stand one after the other in `numbers` or `keys`; nowhere a None."""
        if None in sequence:
            return np.empty(0, dtype=np.intp)
        found: Places = (column == sequence[0]).nonzero()[0]
        for step, number in enumerate(sequence[1:], 1):
            found = found[column[found + step] == number]
        return found

    def best(self, name: object, find: Callable[[], Mapping[float, Places]]) -> Weights:
        """Return the most that one part of each text has of a thing, worked out once a `name`.

        `find` says what it is worth where; of several worths in a part the one told last counts.
        """
        known = self._known.get(name)
        if known is None:
            worths = np.zeros(len(self._weights))
            for worth, places in find().items():
                worths[self._part[places]] = worth
            known = np.maximum.reduceat(worths * self._weights, self._first_parts)
            self._known[name] = known
        return known

    def longest(self, values: Numbers) -> Numbers:
        """Return the largest of `values`, one for each syllable, in each text."""
        return np.maximum.reduceat(values[:-1], self._firsts)

    def count(self, key: str) -> int:
        """Return how many texts have a key, or some with blanks between, in one part."""
        numbers = [self.syllables.number_of_key(part) for part in key.split()]
        places = self.places_of(numbers, self.keys)
        return len(np.unique(np.searchsorted(self._firsts, places, side="right")))
