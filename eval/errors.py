"""What can go wrong while measuring, each with a Vietnamese message for the one who ran it.

EvalError
├── BadCases      a file of cases that cannot be trusted: what is wrong stands in the message
└── BadSet        a folder that is not a labelled retrieval set
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class EvalError(Exception):
    """The base of every error this package raises."""


class BadCases(EvalError):  # noqa: N818  (it says what is wrong, not that something is)
    """Cases that contradict themselves or the plans; `faults` has one line for each fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("Bộ câu hỏi đánh giá có lỗi, hãy sửa trước khi đo:\n" + "\n".join(faults))


class BadSet(EvalError):  # noqa: N818
    """A folder without readable ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``."""

    def __init__(self, folder: Path, what: str) -> None:
        self.folder = folder
        super().__init__(
            f"Thư mục “{folder}” không phải bộ đánh giá truy hồi: {what}. "
            "Cần có corpus.jsonl, queries.jsonl và qrels.tsv."
        )
