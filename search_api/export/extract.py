"""An extract: a table as a file shows it, with what it is about and where its lines come from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# What no office file may hold: controls but tab and line feed, halves of pairs, non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# A cell of a plan's table row stands before the next one.
_CELL_BORDER = re.compile(r" ?\t ?")
# Characters of a cell that a spreadsheet can hold, less room for the words that say it was cut.
_LONGEST_CELL = 32_000
_CUT = "… (còn tiếp, xem nguồn)"
# Characters: no column asks for less or for more; a word longer than the last may break.
_NARROWEST, _WIDEST, _LONGEST_WORD = 3, 60, 16


@dataclass(frozen=True, slots=True)
class Extract:
    """A table with its title; `name` is what its file is called, without an ending.

    `remarks` say what was asked and what the table leaves open, `sources` are the plans, both
    lines of Vietnamese. Every cell is text; a line break within it is kept.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        name: str,
        title: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[str]],
        remarks: Iterable[str] = (),
        sources: Iterable[str] = (),
    ) -> Extract:
        """Return the extract of texts as they come; raise ValueError for a row of other length."""
        made = tuple(tuple(map(printable, row)) for row in rows)
        if any(len(row) != len(columns) for row in made):
            raise ValueError(f"a row of “{title}” has not {len(columns)} cells")
        return cls(
            name,
            printable(title),
            tuple(map(printable, columns)),
            made,
            tuple(filter(None, map(printable, remarks))),
            tuple(dict.fromkeys(map(printable, sources))),
        )

    @property
    def widths(self) -> tuple[float, ...]:
        """Return how wide each column would like to be, in characters."""
        return tuple(max(_longest_word(texts) + 1, _usual(texts)) for texts in self._by_column())

    def widths_within(self, room: float) -> tuple[float, ...]:
        """Return widths that fill `room`: no word breaks as long as all of them can be whole."""
        words = [_longest_word(texts) + 1.5 for texts in self._by_column()]
        wishes = [max(wish - word, 0.1) for wish, word in zip(self.widths, words, strict=True)]
        rest = room - sum(words)
        if rest < 0:
            return tuple(word * room / sum(words) for word in words)
        return tuple(
            word + rest * wish / sum(wishes) for word, wish in zip(words, wishes, strict=True)
        )

    def _by_column(self) -> list[list[str]]:
        return [
            [name, *(row[place] for row in self.rows)] for place, name in enumerate(self.columns)
        ]


def printable(text: str) -> str:
    r"""Return `text` without what files cannot hold; its letters and its line breaks stay.

    >>> printable("Sở\x00 Y tế\tchủ trì\r\n")
    'Sở Y tế | chủ trì'
    """
    text = _UNPRINTABLE.sub("", _LINE_BREAK.sub("\n", text))
    text = _CELL_BORDER.sub(" | ", text.strip())
    return text if len(text) <= _LONGEST_CELL else text[:_LONGEST_CELL].rstrip() + _CUT


def _longest_word(texts: Iterable[str]) -> int:
    longest = max((len(word) for text in texts for word in text.split()), default=0)
    return min(max(longest, _NARROWEST), _LONGEST_WORD)


def _usual(texts: Iterable[str]) -> float:
    """Return a width for the longest line at which it wraps into a block, not into a tower."""
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    # The root keeps a column of sentences from starving the columns of names beside it.
    return min(longest + 1.0, 3.2 * math.sqrt(longest), _WIDEST)
