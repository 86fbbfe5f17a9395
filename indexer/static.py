"""The sum of learned vectors as a sentence-transformers module, and how its rows are packed.

Whoever opens the folder of a model with ``SentenceTransformer`` gets this one; the program itself
reads the same folder by `indexer.bags`, which gives the same vectors without loading torch. Rows
are never unpacked here: torch sums them as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Module

from indexer.bags import (
    CONFIG,
    LONGEST,
    WEIGHTS,
    WORDS,
    Bags,
    Rows,
    Vocabulary,
    is_static,
    read_parts,
)

__all__ = ["Bags", "Rows", "StaticEncoder", "Vocabulary", "is_static", "open_static", "pack"]


class StaticEncoder(Module):
    """The encoder as a sentence-transformers module: texts in, unit vectors out."""

    modalities = ("text",)
    save_in_root = True

    def __init__(self, vocabulary: Vocabulary, packed: torch.Tensor, bits: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        self.vocabulary = vocabulary
        self.bits = bits
        self.max_seq_length = LONGEST
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
        (folder / CONFIG).write_text(json.dumps(self.get_config_dict()) + "\n", encoding="utf-8")
        (folder / WORDS).write_text("\n".join(self.vocabulary.words) + "\n", encoding="utf-8")
        arrays = {
            "packed": self.packed.numpy(),
            "pairs": self.vocabulary.pairs,
            "plain_pairs": self.vocabulary.plain_pairs,
        }
        (folder / WEIGHTS).write_bytes(save(arrays))

    @classmethod
    def load(  # type: ignore[override]  # the rest concerns the hub
        cls, model_name_or_path: str, subfolder: str = "", **_: object
    ) -> StaticEncoder:
        """Read the module that `save` wrote."""
        folder = Path(model_name_or_path) / subfolder
        vocabulary, packed, bits = read_parts(folder)
        return cls(vocabulary, torch.from_numpy(packed), bits)

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


def open_static(folder: Path) -> SentenceTransformer:
    """Open the model in `folder` without letting the folder name code to be run.

    ``SentenceTransformer(folder)`` would do the same, but asks for `trust_remote_code` before it
    imports any class that is not its own; this class is ours, whatever the folder says.
    """
    return SentenceTransformer(modules=[StaticEncoder.load(str(folder))], device="cpu")
