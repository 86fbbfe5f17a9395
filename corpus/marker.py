"""The numbering in front of a line: I., 1., 1.2., a), đ), -."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from corpus.text import CAPITALS

# The letters that number the points of a Vietnamese document, in order (Decree 30/2020/NĐ-CP).
LETTERS = "abcdđeghiklmnopqrstuvxy"

_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}

# "Phần I", "PHẦN THỨ NHẤT", "Phần 2. MỤC TIÊU"; not "Phần II của Kế hoạch này" nor "PHẦN MỀM".
_PART = re.compile(
    rf"(?P<part>(?:PHẦN|Phần)\s+(?:(?:THỨ|[Tt]hứ)\s+)?"
    rf"(?:[IVX]{{1,6}}|\d{{1,2}}|NHẤT|HAI|BA|BỐN|TƯ|NĂM|SÁU|nhất|hai|ba|bốn|tư|năm|sáu))"
    rf"(?:\s*[.:–-]\s*|\s+|$)(?=[{CAPITALS}]|$)"
)
# Not "2025. Một năm", "9+", "1.500 đồng", "97/KH-UBND", "30/6", "H. Phú Quý", "v.v.", "a.m": a
# space follows a marker, or after a point or bracket a letter. "C." numbers an upper-case list: no
# plan has a hundred parts.
_NUMBERED = re.compile(
    rf"""(?:
        (?P<roman>[IVX]{{1,6}})(?:\s*[.\-–]|/)
      | (?P<upper>[A-EĐ])\.
      | (?P<dotted>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})[.)]?
      | (?P<number>\d{{1,2}})(?:\.|/(?=\s))
      | (?P<bracketed>\d{{1,2}})\)
      | (?P<letter>[a-zđ])(?:\)|[./](?=\s+[{CAPITALS}]))
      | (?P<bullet>[-–—+•*])
    )(?:\s+|(?<=[.)])(?=[^\W\d_]))(?=\S)""",
    re.VERBOSE,
)
# "15.7.2021", "1.500.000 đồng"; not "1.2.3. Mục tiêu".
_DATE_OR_AMOUNT = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}|\d{1,3}(?:\.\d{3})+")
_SPELT = {
    name: value
    for value, names in enumerate(("nhất", "hai", "ba", "bốn tư", "năm", "sáu"), 1)
    for name in names.split()
}


class Level(IntEnum):
    """How deep a marker stands when every kind of marker is used."""

    PART = 0
    UPPER = 1
    ROMAN = 2
    NUMBER = 3
    DOTTED = 4
    BRACKETED = 7
    LETTER = 8
    BULLET = 9


@dataclass(frozen=True, slots=True)
class Marker:
    """The marker of a line: `label` without punctuation, `level`, and where the text begins."""

    label: str
    level: int
    text_start: int

    @property
    def value(self) -> int | None:
        """Return the position the marker claims in its list, from 1, or None for a bullet."""
        if self.level == Level.BULLET:
            return None
        last = self.label.rsplit(".", 1)[-1].rsplit(" ", 1)[-1]
        if last.isdigit():
            return int(last)
        if last.lower() in _SPELT:
            return _SPELT[last.lower()]
        if self.level in (Level.ROMAN, Level.PART):
            return roman_value(last)
        position = LETTERS.find(last.lower())
        return position + 1 if position >= 0 else None


def read_marker(line: str) -> Marker | None:
    """Return the marker that opens `line`, or None for plain prose.

    ::

        line   = marker text | PART | text
        marker = PART | ROMAN ("." | "-" | "/") | UPPER "." | NUMBER ("." NUMBER)+ ("." | ")")?
               | NUMBER ("." | ")" | "/") | LETTER (")" | "." | "/") | BULLET

    >>> read_marker("II. NỘI DUNG").label
    'II'
    >>> read_marker("2025. Một năm") is None
    True
    """
    match = _PART.match(line) or _NUMBERED.match(line)
    if match is None or match.lastgroup is None or _DATE_OR_AMOUNT.match(line):
        return None
    kind, label = match.lastgroup, match[match.lastgroup]
    if kind == "roman" and roman_value(label) is None:
        return None
    if kind == "letter" and label not in LETTERS:
        return None
    level = int(Level[kind.upper()])
    if kind == "dotted":
        level += label.count(".") - 1
    return Marker(label=" ".join(label.split()), level=level, text_start=match.end())


def roman_value(label: str) -> int | None:
    """Return the number a Roman numeral stands for, None where it is not a canonical one.

    >>> roman_value("VIII"), roman_value("IIX")
    (8, None)
    """
    total = 0
    for here, following in zip(label, f"{label[1:]} ", strict=False):
        value = _ROMAN_VALUES.get(here)
        if value is None:
            return None
        total += -value if value < _ROMAN_VALUES.get(following, 0) else value
    return total if total > 0 and to_roman(total) == label else None


def to_roman(number: int) -> str:
    """Return the Roman numeral of a number from 1 to 399."""
    numeral = ""
    for value, letters in (
        (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
        (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        numeral += letters * (number // value)
        number %= value
    return numeral
