"""Extracts as CSV: UTF-8 that spreadsheets recognise, and no cell that they would compute."""

from __future__ import annotations

import csv
import io

from search_api.export.extract import Extract

# What a spreadsheet takes for a formula, also behind spaces and in full width (OWASP).
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def write_csv(extract: Extract) -> bytes:
    """Return the columns and rows of `extract`, nothing else, as RFC 4180 has them."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    for row in (extract.columns, *extract.rows):
        writer.writerow(map(inert, row))
    return written.getvalue().encode("utf-8-sig")


def inert(text: str) -> str:
    """Return `text`, behind an apostrophe where a spreadsheet would compute it.

    >>> inert("- Chủ trì"), inert("97/KH-UBND")
    ("'- Chủ trì", '97/KH-UBND')
    """
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
