"""How many chunks have each syllable and each pair of neighbours, counted when they are indexed.

Terms are folded ("bao chi") or, after an apostrophe, as they are marked ("'báo chí").
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.text import token_keys, tokenise
from indexer.syllables import place_tone

# Before a term that is counted with its marks.
MARKED = "'"
_SYLLABLES = "syllables.json"
_KEYS = "frequencies.keys.npy"
_COUNTS = "frequencies.counts.npy"


class FrequencyCounter:
    """Counts the words of texts, one text after the other, beside those counted `before`."""

    def __init__(self, before: Frequencies | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.documents = before.documents if before else 0
        self._before = before or Frequencies.none()

    def add(self, text: str) -> None:
        """Count the syllables and pairs of neighbours of `text`, folded and marked, once each."""
        self.counts.update(_terms(text))
        self.documents += 1

    def remove(self, text: str) -> None:
        """Count no more what was counted of `text`."""
        self.counts.subtract(_terms(text))
        self.documents -= 1

    def write(self, folder: Path) -> None:
        """Write what was counted into `folder`."""
        found = self.opened()
        data = {"documents": found.documents, "syllables": sorted(found.syllables)}
        (folder / _SYLLABLES).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        np.save(folder / _KEYS, found.keys)
        np.save(folder / _COUNTS, found.counts)

    def opened(self) -> Frequencies:
        """Return what was counted so far, without writing it."""
        before, terms = self._before, list(self.counts)
        changed = np.fromiter(map(_key, terms), dtype=np.uint64, count=len(terms))
        keys = np.union1d(before.keys, changed)
        counts = np.zeros(len(keys), dtype=np.int64)
        counts[np.searchsorted(keys, before.keys)] = before.counts
        places = np.searchsorted(keys, changed)
        counts[places] += np.fromiter(self.counts.values(), dtype=np.int64, count=len(terms))
        stays = dict(zip(terms, counts[places] > 0, strict=True))
        syllables = {term for term in before.syllables if stays.get(term, True)}
        syllables.update(term for term in terms if stays[term] and _is_folded_syllable(term))
        return Frequencies(
            self.documents,
            frozenset(syllables),
            keys[counts > 0],
            counts[counts > 0].astype(np.uint32),
        )


class Frequencies:
    """The counts of an index; terms are kept as 64 bits of a digest, memory-mapped.

    Among ten million terms one that no plan has is taken for another once in a trillion times.
    """

    def __init__(
        self,
        documents: int,
        syllables: frozenset[str],
        keys: NDArray[np.uint64],
        counts: NDArray[np.uint32],
    ) -> None:
        self.documents = documents
        self.syllables = syllables
        self.keys = keys
        self.counts = counts

    @classmethod
    def none(cls) -> Frequencies:
        """Return the counts of no text."""
        return cls(0, frozenset(), np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint32))

    @classmethod
    def of(cls, texts: Iterable[str]) -> Frequencies:
        """Return the counts of `texts`."""
        counter = FrequencyCounter()
        for text in texts:
            counter.add(text)
        return counter.opened()

    @classmethod
    def open(cls, folder: Path) -> Frequencies:
        """Open what `FrequencyCounter.write` wrote."""
        data = json.loads((folder / _SYLLABLES).read_text(encoding="utf-8"))
        return cls(
            data["documents"],
            frozenset(data["syllables"]),
            np.asarray(np.load(folder / _KEYS, mmap_mode="r")),
            np.asarray(np.load(folder / _COUNTS, mmap_mode="r")),
        )

    def count(self, term: str) -> int:
        """Return in how many chunks a syllable or pair stands: "bao chi", "'báo chí"."""
        key = _key(term)
        place = int(self.keys.searchsorted(np.uint64(key)))
        if place < len(self.keys) and int(self.keys[place]) == key:
            return int(self.counts[place])
        return 0


def _terms(text: str) -> set[str]:
    keys = token_keys(text)
    marked = [place_tone(token.text) for token in tokenise(text)]
    return {
        *keys,
        *(f"{a} {b}" for a, b in pairwise(keys)),
        *(f"{MARKED}{syllable}" for syllable in marked),
        *(f"{MARKED}{a} {b}" for a, b in pairwise(marked)),
    }


def _is_folded_syllable(term: str) -> bool:
    return " " not in term and not term.startswith(MARKED)


def _key(term: str) -> int:
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")
