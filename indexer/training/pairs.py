"""Pairs of texts that belong together, read once and kept as numbers."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.text import normalise
from indexer.syllables import SYLLABLE, place_tone

Ids = NDArray[np.int32]

# "Điều 5. Hồ sơ đăng ký" opens an article; not "theo Điều 5. Hồ sơ" inside a line.
_ARTICLE = re.compile(r"^Điều \d+[a-zđ]?[.:] *", re.MULTILINE)
_LONGEST_HEADING = 200
_SHORTEST_ARTICLE = 60
# Of a long text the first syllables say what it is about; the rest costs time. Not tuned.
_LONGEST_SHORT, _LONGEST_LONG = 64, 320
# "Phạm vi điều chỉnh" heads thousands of articles and tells them apart from none.
_MOST_REPEATED = 6
# Whole documents: their articles become pairs.
_DOCUMENTS = "admin_texts"


@dataclass(frozen=True, slots=True)
class Source:
    """The pairs of one file: text i is ``ids[starts[i]:starts[i + 1]]``, short and long in turn."""

    name: str
    ids: Ids
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return (len(self.starts) - 1) // 2

    def short(self, pair: int) -> Ids:
        """Return the heading, headline or question side of a pair."""
        return self.ids[self.starts[2 * pair] : self.starts[2 * pair + 1]]

    def long(self, pair: int) -> Ids:
        """Return the text side of a pair."""
        return self.ids[self.starts[2 * pair + 1] : self.starts[2 * pair + 2]]

    def telling(self) -> NDArray[np.int64]:
        """Return the pairs whose short side is not repeated all over the source."""
        shorts = [self.short(pair).tobytes() for pair in range(len(self))]
        count = Counter(shorts)
        return np.array(
            [pair for pair, short in enumerate(shorts) if count[short] <= _MOST_REPEATED],
            dtype=np.int64,
        )


@dataclass(frozen=True, slots=True)
class Pairs:
    """All sources and the words their numbers stand for."""

    words: tuple[str, ...]
    sources: tuple[Source, ...]


def read_pairs(folder: Path, names: tuple[str, ...], cache: Path) -> Pairs:
    """Read ``NAME.jsonl.xz`` of `folder` for every name; remember the result in `cache`."""
    kept = cache / f"pairs-{'-'.join(names)}.npz"
    if not kept.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        _write(kept, _number(folder, names))
    with np.load(kept) as stored:
        words = tuple(bytes(stored["words"]).decode().split("\n"))
        return Pairs(
            words,
            tuple(Source(name, stored[f"{name}.ids"], stored[f"{name}.starts"]) for name in names),
        )


def read_texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the pairs of one file as they stand there, in the stored spelling of `normalise`."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if "text" in record:
                yield from _articles(normalise(record["text"]))
            else:
                yield normalise(record["a"]), normalise(record["b"])


def _articles(text: str) -> Iterator[tuple[str, str]]:
    for article in _ARTICLE.split(text)[1:]:
        heading, _, body = article.partition("\n")
        if len(heading) < _LONGEST_HEADING and len(body) > _SHORTEST_ARTICLE:
            yield heading, body


class _Numbers(dict[str, int]):
    """Gives each word the next number, and two spellings of one word the same."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def __missing__(self, word: str) -> int:
        placed = place_tone(word)
        if placed != word:
            self[word] = self[placed]
        else:
            self[word] = len(self.words)
            self.words.append(word)
        return self[word]


def _number(folder: Path, names: tuple[str, ...]) -> Pairs:
    numbers = _Numbers()
    sources = []
    for name in names:
        ids: list[Ids] = []
        for short, long in read_texts(folder / f"{name}.jsonl.xz"):
            sides = [
                np.array(
                    [numbers[word] for word in SYLLABLE.findall(side.lower())[:most]], np.int32
                )
                for side, most in ((short, _LONGEST_SHORT), (long, _LONGEST_LONG))
            ]
            if all(len(side) for side in sides):
                ids += sides
        starts = np.concatenate([[0], np.cumsum([len(side) for side in ids])]).astype(np.int64)
        sources.append(Source(name, np.concatenate(ids), starts))
    return Pairs(tuple(numbers.words), tuple(sources))


def _write(path: Path, pairs: Pairs) -> None:
    arrays: dict[str, NDArray[np.generic]] = {
        "words": np.frombuffer("\n".join(pairs.words).encode(), dtype=np.uint8)
    }
    for source in pairs.sources:
        arrays[f"{source.name}.ids"] = source.ids
        arrays[f"{source.name}.starts"] = source.starts
    np.savez(path, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for options
