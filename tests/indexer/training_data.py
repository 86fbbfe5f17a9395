"""Small training files for tests."""

from __future__ import annotations

import json
import lzma
from pathlib import Path


def write_source(path: Path, pairs: list[tuple[str, str]]) -> None:
    """Write `pairs` in the form the training reads."""
    with lzma.open(path, "wt", encoding="utf-8") as file:
        for short, long in pairs:
            file.write(json.dumps({"a": short, "b": long}, ensure_ascii=False) + "\n")
