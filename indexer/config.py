"""Every choice that changes what stands in an index, and its fingerprint."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass

# Raise when files of a generation change meaning, or what a chunk, a lexical field, a facet, a word
# count or an abstract of a plan contains: of plans that stay, these are not made again.
FORMAT = 8

# Tokens. Below this the column names and the context of a row leave no room for its text.
_LEAST = 64


@dataclass(frozen=True, slots=True)
class Config:
    """The choices of one index.

    `longest` is the most tokens of a chunk, even where the encoder reads more: a chunk is what is
    ranked and quoted, and a very long one says too many things at once (not tuned; the longest
    section of a typical plan has about 200 syllables).
    """

    longest: int = 400

    def __post_init__(self) -> None:
        if self.longest < _LEAST:
            raise ValueError(f"longest must be at least {_LEAST}, not {self.longest}")

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that differ whenever a choice differs."""
        choices = json.dumps({"format": FORMAT, **dataclasses.asdict(self)}, sort_keys=True)
        return hashlib.sha256(choices.encode()).hexdigest()[:16]
