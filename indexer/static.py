"""A sentence encoder that is a sum of learned vectors: of syllables and of pairs of them.

A text is cut into syllables, each brought to one spelling (`place_tone`). Its features are every
syllable, every syllable without marks, and every known pair of neighbours of both kinds; a word
that was not learned falls into one of a few thousand hashed rows, so that two texts that share it
are near each other all the same. The vector is the sum of the features' rows, each times the square
root of how often it occurs, at unit length. Rows are stored with 4 or 8 bits a number and one scale
a row, and are never unpacked: torch sums them as they are.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Module

from corpus.text import fold
from indexer.syllables import SYLLABLE, place_tone

_WEIGHTS = "model.safetensors"
_WORDS = "words.txt"
_CONFIG = "config.json"
# Syllables read of one text. Chunks are far shorter; it bounds what one hostile text may cost.
_LONGEST = 8_192
_CLASS = "indexer.static.StaticEncoder"

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
        self._ids = {word: index for index, word in enumerate(self.words)}

    def ids(self, text: str) -> list[int]:
        """Return the id of every syllable of `text`; unknown ones get a hashed id.

        `text` has been through `corpus.text.normalise`, as all stored text and every question has;
        here only its composition is made sure of, because the whole would take half the time.
        """
        known = self._ids
        return [
            index if (index := known.get(word)) is not None else self.id_of(word)
            for word in SYLLABLE.findall(normalize("NFC", text).lower())[:_LONGEST]
        ]

    def id_of(self, word: str) -> int:
        """Return the id of one lower-case word."""
        word = place_tone(word)
        found = self._ids.get(word)
        return len(self.words) + zlib.crc32(word.encode()) % self.hashed if found is None else found

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


class StaticEncoder(Module):
    """The encoder as a sentence-transformers module: texts in, unit vectors out."""

    modalities = ("text",)
    save_in_root = True

    def __init__(self, vocabulary: Vocabulary, packed: torch.Tensor, bits: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        self.vocabulary = vocabulary
        self.bits = bits
        self.max_seq_length = _LONGEST
        self.tokenizer = vocabulary.ids
        self.register_buffer("packed", packed)
        # A row ends with its scale and offset: two float32 for 8 bits, two float16 for 4.
        self._dimensions = (packed.shape[1] - (8 if bits == 8 else 4)) * 8 // bits

    def get_embedding_dimension(self) -> int:
        """Return the length of a vector."""
        return self._dimensions

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **_: object
    ) -> dict[str, torch.Tensor]:
        """Return the features of `inputs` as tensors."""
        ids = [self.vocabulary.ids((prompt or "") + text) for text in inputs]
        bags = self.vocabulary.bags(
            np.fromiter((index for text in ids for index in text), dtype=np.int64),
            np.array([len(text) for text in ids], dtype=np.int64),
        )
        return {
            "rows": torch.from_numpy(bags.rows),
            "starts": torch.from_numpy(bags.starts),
            "weights": torch.from_numpy(bags.weights),
        }

    def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
        """Add ``sentence_embedding``, float32 [texts, dimensions]; no syllables, no direction."""
        total = self._sum()(
            self.packed,
            features["rows"],
            features["starts"],
            False,  # scale gradients by frequency: there are none
            0,  # mode: sum
            False,  # pruned weights
            features["weights"],
            None,  # no mapping of pruned rows
            False,  # the last start is not the end
        )
        return {**features, "sentence_embedding": torch.nn.functional.normalize(total)}

    def rows_of(self, rows: Rows) -> NDArray[np.float32]:
        """Return the unpacked vectors of single `rows`, float32 [rows, dimensions]."""
        index = torch.from_numpy(rows)
        ones = torch.ones(len(rows))
        starts = torch.arange(len(rows))
        vectors: NDArray[np.float32] = self._sum()(
            self.packed, index, starts, False, 0, False, ones, None, False
        ).numpy()
        return vectors

    def get_config_dict(self) -> dict[str, int]:
        """Return what `load` needs beside the weights."""
        return {"bits": self.bits, "hashed": self.vocabulary.hashed}

    def save(self, output_path: str, *_: object, **__: object) -> None:
        """Write the module into the folder `output_path`."""
        folder = Path(output_path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _CONFIG).write_text(json.dumps(self.get_config_dict()) + "\n", encoding="utf-8")
        (folder / _WORDS).write_text("\n".join(self.vocabulary.words) + "\n", encoding="utf-8")
        arrays = {
            "packed": self.packed.numpy(),
            "pairs": self.vocabulary.pairs,
            "plain_pairs": self.vocabulary.plain_pairs,
        }
        (folder / _WEIGHTS).write_bytes(save(arrays))

    @classmethod
    def load(  # type: ignore[override]  # the rest concerns the hub
        cls, model_name_or_path: str, subfolder: str = "", **_: object
    ) -> StaticEncoder:
        """Read the module that `save` wrote."""
        folder = Path(model_name_or_path) / subfolder
        config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
        arrays = load_file(folder / _WEIGHTS)
        words = (folder / _WORDS).read_text(encoding="utf-8").splitlines()
        vocabulary = Vocabulary(words, config["hashed"], arrays["pairs"], arrays["plain_pairs"])
        return cls(vocabulary, torch.from_numpy(arrays["packed"]), config["bits"])

    def _sum(self) -> Callable[..., torch.Tensor]:
        operations = torch.ops.quantized
        chosen: Callable[..., torch.Tensor] = (
            operations.embedding_bag_byte_rowwise_offsets
            if self.bits == 8
            else operations.embedding_bag_4bit_rowwise_offsets
        )
        return chosen


def pack(vectors: NDArray[np.float32], bits: int) -> torch.Tensor:
    """Return `vectors` with 8 or 4 bits a number, each row with its own scale."""
    weights = torch.from_numpy(np.ascontiguousarray(vectors, dtype=np.float32))
    packed: torch.Tensor = (
        torch.ops.quantized.embedding_bag_byte_prepack(weights)
        if bits == 8
        else torch.ops.quantized.embedding_bag_4bit_prepack(weights, True)  # seek the best range
    )
    return packed


def is_static(folder: Path) -> bool:
    """Say whether `folder` holds a model whose only module is a StaticEncoder."""
    modules = folder / "modules.json"
    if not modules.is_file():
        return False
    return [module["type"] for module in json.loads(modules.read_text(encoding="utf-8"))] == [
        _CLASS
    ]


def open_static(folder: Path) -> SentenceTransformer:
    """Open the model in `folder` without letting the folder name code to be run.

    ``SentenceTransformer(folder)`` would do the same, but asks for `trust_remote_code` before it
    imports any class that is not its own; this class is ours, whatever the folder says.
    """
    return SentenceTransformer(modules=[StaticEncoder.load(str(folder))], device="cpu")
