"""How many chunks have each syllable and each pair of neighbours, counted when they are indexed.

Terms are folded ("bao chi") or, after an apostrophe, as they are marked ("'báo chí").
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.syllables import syllable_forms

# Before a term that is counted with its marks.
MARKED = "'"
_SYLLABLES = "syllables.json"
_KEYS = "frequencies.keys.npy"
_COUNTS = "frequencies.counts.npy"


def count_terms(texts: Iterable[str]) -> Counter[str]:
    """Return in how many of `texts` each syllable and pair of neighbours stands, in both forms."""
    folded: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    for text in texts:
        forms = syllable_forms(text)
        for counts, form in ((folded, 0), (marked, 1)):
            syllables = [both[form] for both in forms]
            counts.update({*syllables, *map(" ".join, pairwise(syllables))})
    folded.update({f"{MARKED}{term}": count for term, count in marked.items()})
    return folded


class FrequencyCounter:
    """Adds up the words of texts, those of many at a time, beside those counted `before`."""

    def __init__(self, before: Frequencies | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.documents = before.documents if before else 0
        self._before = before or Frequencies.none()

    def add(self, counts: Mapping[str, int], documents: int) -> None:
        """Add what `count_terms` counted in so many documents."""
        self.counts.update(counts)
        self.documents += documents

    def remove(self, counts: Mapping[str, int], documents: int) -> None:
        """Take off what was added."""
        self.counts.subtract(counts)
        self.documents -= documents

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
    def of(cls, texts: Sequence[str]) -> Frequencies:
        """Return the counts of `texts`."""
        counter = FrequencyCounter()
        counter.add(count_terms(texts), len(texts))
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


def _is_folded_syllable(term: str) -> bool:
    return " " not in term and not term.startswith(MARKED)


def _key(term: str) -> int:
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")
