"""Grids of cells, whatever drew them: letterheads told from tables, tables joined."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.text import fold

# A table that only lays out the head of a document or its signature has at most this many rows.
_LETTERHEAD_ROWS = 8

_LETTERHEAD = re.compile(r"doc lap\s*-\s*tu do|cong hoa xa hoi chu nghia|noi nhan\s*:")

Grid = Sequence[Sequence[str | None]]


def is_letterhead(rows: Grid, *, ruled: bool) -> bool:
    """Say whether a table only sets texts side by side: issuer and motto, recipients and signature.

    >>> is_letterhead([["UBND TỈNH A", "Độc lập - Tự do - Hạnh phúc"]], ruled=False)
    True
    >>> is_letterhead([["1", "Tuyên truyền"], ["2", "Tập huấn"]], ruled=True)
    False
    """
    if not rows or len(rows[0]) > 3 or len(rows) > _LETTERHEAD_ROWS:
        return False
    used = {column for row in rows for column, cell in enumerate(row) if cell and cell.strip()}
    text = fold("\n".join(cell for row in rows for cell in row if cell))
    return bool(_LETTERHEAD.search(text)) or (len(used) <= 2 and not ruled)


def flatten_columns(rows: Grid) -> list[str]:
    """Return the lines of a letterhead: the left column from top to bottom, then the next one."""
    width = max(map(len, rows), default=0)
    cells = (row[column] for column in range(width) for row in rows if column < len(row))
    return [line for cell in cells if cell for line in cell.split("\n") if line.strip()]
