"""Parts that behave like the real ones, without their weight."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.text import tokenise


class FakeEncoder:
    """An encoder in which texts that share words are close: a hashed bag of syllables and pairs.

    `encoded` remembers every text it was given, so a test can tell what was embedded again.
    """

    def __init__(self, name: str = "fake", dimensions: int = 256, longest: int = 200) -> None:
        self.name = name
        self.dimensions = dimensions
        self.longest = longest
        self.encoded: list[str] = []

    @property
    def fingerprint(self) -> str:
        return f"{self.name}-{self.dimensions}-{self.longest}"

    def count(self, text: str) -> int:
        return len(tokenise(text))

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        return np.stack([self._vector(text) for text in texts]) if texts else self._none()

    def encode_questions(self, questions: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vector(text) for text in questions]) if questions else self._none()

    def _vector(self, text: str) -> NDArray[np.float32]:
        keys = [token.key for token in tokenise(text)]
        vector = np.zeros(self.dimensions, dtype=np.float32)
        for feature in (*keys, *(f"{a} {b}" for a, b in itertools.pairwise(keys))):
            code = zlib.crc32(feature.encode())
            vector[code % self.dimensions] += 1 if code & 0x10000 else -1
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector

    def _none(self) -> NDArray[np.float32]:
        return np.empty((0, self.dimensions), dtype=np.float32)
