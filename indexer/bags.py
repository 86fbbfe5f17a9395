"""Texts to sums of learned vectors, with numpy alone: what one question needs is loaded at once.

A text is cut into syllables, each brought to one spelling (`place_tone`). Its features are every
syllable, every syllable without marks, and every known pair of neighbours of both kinds; a word
that was not learned falls into one of a few thousand hashed rows, so that two texts that share it
are near each other all the same. The vector is the sum of the features' rows, each times the square
root of how often it occurs, at unit length. Rows are stored with 4 or 8 bits a number, and one
scale and offset a row.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from corpus.text import fold
from indexer.syllables import place_tone, split_syllables

WEIGHTS = "model.safetensors"
WORDS = "words.txt"
CONFIG = "config.json"
# Syllables read of one text. Chunks are far shorter; it bounds what one hostile text may cost.
LONGEST = 8_192
# The module as sentence-transformers names it in a model's folder.
MODULE = "indexer.static.StaticEncoder"
# Shorter sums have no direction; torch draws the same line.
_SHORTEST = 1e-12

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bags:
    """The features of some texts: text i has ``rows[starts[i]:starts[i + 1]]``, weighted."""

    rows: Rows
    starts: Rows
    weights: NDArray[np.float32]


class Vocabulary:
    """Which features exist and which row each has.

    Rows stand in this order: words, hashed unknown words, words without marks, pairs, pairs
    without marks. `pairs` and `plain_pairs` are sorted keys ``first * reach + second``.
    """

    def __init__(self, words: Sequence[str], hashed: int, pairs: Rows, plain_pairs: Rows) -> None:
        self.words = tuple(words)
        self.hashed = hashed
        self.pairs = pairs
        self.plain_pairs = plain_pairs
        self.reach = len(self.words) + hashed
        plain: dict[str, int] = {}
        ids = [plain.setdefault(fold(word), len(plain)) for word in self.words]
        # An unknown word has no row without marks: hashing tells marked from unmarked anyway.
        self.plain_ids = np.array([*ids, *range(len(plain), len(plain) + hashed)], dtype=np.int64)
        self.plain_count = len(plain)
        self.first_plain = self.reach
        self.first_pair = self.first_plain + self.plain_count
        self.first_plain_pair = self.first_pair + len(pairs)
        self.rows = self.first_plain_pair + len(plain_pairs)
        self._ids = _Ids(self.words, hashed)

    def ids(self, text: str) -> list[int]:
        """Return the id of every syllable of `text`; unknown ones get a hashed id.

        `text` has been through `corpus.text.normalise`, as all stored text and every question has;
        here only its composition is made sure of, because the whole would take half the time.
        """
        words = split_syllables(normalize("NFC", text).lower())[:LONGEST]
        return list(map(self._ids.__getitem__, words))

    def id_of(self, word: str) -> int:
        """Return the id of one lower-case word."""
        return self._ids[place_tone(word)]

    def bags(self, ids: Rows, lengths: Rows) -> Bags:
        """Return the features of texts given by their concatenated syllable ids."""
        text = np.repeat(np.arange(len(lengths)), lengths)
        plain = self.plain_ids[ids]
        has_row = plain < self.plain_count
        rows = [ids, self.first_plain + plain[has_row]]
        owners = [text, text[has_row]]
        if len(ids) > 1:
            inside = text[:-1] == text[1:]
            for parts, keys, first in (
                (ids, self.pairs, self.first_pair),
                (plain, self.plain_pairs, self.first_plain_pair),
            ):
                if not len(keys):
                    continue
                key = parts[:-1] * self.reach + parts[1:]
                place = np.searchsorted(keys, key)
                place[place == len(keys)] = 0
                known = (keys[place] == key) & inside
                rows.append(first + place[known])
                owners.append(text[:-1][known])
        feature, count = np.unique(
            np.concatenate(owners) * self.rows + np.concatenate(rows), return_counts=True
        )
        owner = feature // self.rows
        return Bags(
            rows=feature % self.rows,
            starts=np.searchsorted(owner, np.arange(len(lengths))),
            weights=np.sqrt(count).astype(np.float32),
        )


class _Ids(dict[str, int]):
    """The ids of known words; an unknown one has that of its usual spelling, else a hashed id."""

    def __init__(self, words: Sequence[str], hashed: int) -> None:
        super().__init__({word: index for index, word in enumerate(words)})
        self._first = len(words)
        self._hashed = hashed

    def __missing__(self, word: str) -> int:
        word = place_tone(word)
        found = self.get(word)
        return self._first + zlib.crc32(word.encode()) % self._hashed if found is None else found


class VectorSums:
    """A model that is a sum of vectors: what `indexer.static.StaticEncoder` does, without torch.

    It is asked as a sentence-transformers model is; `packed` is [rows, bytes], made by
    `indexer.static.pack`.
    """

    transformers_model = None
    tokenizer = None
    max_seq_length = LONGEST

    def __init__(
        self,
        vocabulary: Vocabulary,
        packed: NDArray[np.uint8],
        bits: int,
        prompts: dict[str, str] | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.bits = bits
        self.prompts = prompts or {}
        # A row ends with its scale and offset: two float32 for 8 bits, two float16 for 4.
        kind = np.float32 if bits == 8 else np.float16
        width = 2 * np.dtype(kind).itemsize
        self._numbers = packed[:, :-width]
        self._scales = np.ascontiguousarray(packed[:, -width:]).view(kind).astype(np.float32)

    @classmethod
    def load(cls, folder: Path) -> VectorSums:
        """Read what `StaticEncoder.save` wrote, and the prompts beside it."""
        about = folder / "config_sentence_transformers.json"
        prompts = json.loads(about.read_text(encoding="utf-8"))["prompts"] if about.exists() else {}
        return cls(*read_parts(folder), prompts)

    def get_embedding_dimension(self) -> int:
        """Return the length of a vector."""
        return int(self._numbers.shape[1]) * 8 // self.bits

    def encode(
        self, sentences: Sequence[str], prompt: str | None = None, batch_size: int = 64, **_: object
    ) -> NDArray[np.float32]:
        """Return unit vectors, float32 [texts, dimensions]; no syllables, no direction."""
        vectors = np.zeros((len(sentences), self.get_embedding_dimension()), dtype=np.float32)
        for first in range(0, len(sentences), batch_size):
            batch = sentences[first : first + batch_size]
            ids = [self.vocabulary.ids((prompt or "") + text) for text in batch]
            bags = self.vocabulary.bags(
                np.fromiter(chain.from_iterable(ids), dtype=np.int64),
                np.array([len(text) for text in ids], dtype=np.int64),
            )
            ends = np.append(bags.starts[1:], len(bags.rows))
            for vector, start, end in zip(vectors[first:], bags.starts, ends, strict=False):
                vector[:] = self._sum(bags.rows[start:end], bags.weights[start:end])
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _SHORTEST)
        return vectors

    def _sum(self, rows: Rows, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the weighted sum of `rows`: scales and offsets are applied to sums."""
        numbers = self._numbers[rows]
        by_number = weights * self._scales[rows, 0]
        total = np.empty(self.get_embedding_dimension(), dtype=np.float32)
        if self.bits == 8:
            total[:] = by_number @ numbers.astype(np.float32)
        else:
            # The lower half of a byte is the earlier number.
            total[0::2] = by_number @ (numbers & 0x0F).astype(np.float32)
            total[1::2] = by_number @ (numbers >> 4).astype(np.float32)
        total += weights @ self._scales[rows, 1]
        return total


def is_static(folder: Path) -> bool:
    """Say whether `folder` holds a model whose only module is a StaticEncoder."""
    modules = folder / "modules.json"
    if not modules.is_file():
        return False
    return [module["type"] for module in json.loads(modules.read_text(encoding="utf-8"))] == [
        MODULE
    ]


def read_parts(folder: Path) -> tuple[Vocabulary, NDArray[np.uint8], int]:
    """Return the features of the model in `folder`, its packed rows, and bits a number."""
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    arrays = load_file(folder / WEIGHTS)
    words = (folder / WORDS).read_text(encoding="utf-8").splitlines()
    vocabulary = Vocabulary(words, config["hashed"], arrays["pairs"], arrays["plain_pairs"])
    return vocabulary, arrays["packed"], int(config["bits"])
