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
    """Counts the words of texts, one text after the other."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.documents = 0

    def add(self, text: str) -> None:
        """Count the syllables and pairs of neighbours of `text`, folded and marked, once each."""
        keys = token_keys(text)
        marked = [place_tone(token.text) for token in tokenise(text)]
        self.counts.update(
            {
                *keys,
                *(f"{a} {b}" for a, b in pairwise(keys)),
                *(f"{MARKED}{syllable}" for syllable in marked),
                *(f"{MARKED}{a} {b}" for a, b in pairwise(marked)),
            }
        )
        self.documents += 1

    def write(self, folder: Path) -> None:
        """Write what was counted into `folder`."""
        terms = list(self.counts)
        syllables = sorted(filter(_is_folded_syllable, terms))
        (folder / _SYLLABLES).write_text(
            json.dumps({"documents": self.documents, "syllables": syllables}, ensure_ascii=False),
            encoding="utf-8",
        )
        keys = np.fromiter(map(_key, terms), dtype=np.uint64, count=len(terms))
        counts = np.fromiter(self.counts.values(), dtype=np.uint32, count=len(terms))
        order = np.argsort(keys)
        np.save(folder / _KEYS, keys[order])
        np.save(folder / _COUNTS, counts[order])

    def opened(self) -> Frequencies:
        """Return what was counted so far, without writing it."""
        terms = sorted(self.counts, key=_key)
        return Frequencies(
            self.documents,
            frozenset(filter(_is_folded_syllable, terms)),
            np.array([_key(term) for term in terms], dtype=np.uint64),
            np.array([self.counts[term] for term in terms], dtype=np.uint32),
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
        self._keys = keys
        self._counts = counts

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
            np.load(folder / _KEYS, mmap_mode="r"),
            np.load(folder / _COUNTS, mmap_mode="r"),
        )

    def count(self, term: str) -> int:
        """Return in how many chunks a syllable or pair stands: "bao chi", "'báo chí"."""
        key = _key(term)
        place = int(np.searchsorted(self._keys, np.uint64(key)))
        if place < len(self._keys) and int(self._keys[place]) == key:
            return int(self._counts[place])
        return 0


def _is_folded_syllable(term: str) -> bool:
    return " " not in term and not term.startswith(MARKED)


def _key(term: str) -> int:
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")
