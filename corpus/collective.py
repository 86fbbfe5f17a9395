"""Which bodies a collective name covers: "các sở, ban, ngành", "các đơn vị có liên quan"."""

from __future__ import annotations

import re

from corpus.text import fold
from corpus.units import Unit

_ADMINISTRATION = frozenset({"province", "district", "commune"})
# What a collective's (folded) name says of its members' level, the most general last.
_COVERS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile(r"\b(?:thong tan|bao chi|truyen hinh)\b"), frozenset({"press"})),
    (re.compile(r"\b(?:truong|co so giao duc|co so gdnn)\b"), frozenset({"school"})),
    (re.compile(r"\b(?:doanh nghiep|hop tac xa)\b"), frozenset({"enterprise"})),
    (
        re.compile(r"\b(?:doan the|mat tran|to chuc chinh tri|to chuc xa hoi|hoi)\b"),
        frozenset({"organisation"}),
    ),
    (re.compile(r"\b(?:huyen|thi xa)\b"), frozenset({"district"})),
    (re.compile(r"\b(?:xa|(?<!dia )phuong|dac khu)\b"), frozenset({"commune"})),
    (re.compile(r"\b(?:so|ban|nganh|dia phuong)\b"), _ADMINISTRATION),
    (re.compile(r"\b(?:don vi|co quan)\b"), _ADMINISTRATION | {"organisation", "press", "school"}),
)
# "các sở, ban, ngành" are the province's; "các sở, ngành, địa phương" are all.
_ALSO_BELOW = re.compile(r"\bdia phuong\b")


def falls_under(unit: Unit, collective: Unit) -> bool:
    """Say whether a collective name covers `unit`, by what kind of body each is.

    A guess from names and levels, never a finding: "các đơn vị có liên quan" covers whoever is
    concerned, and the plan does not say who is.
    """
    if unit.collective or not collective.collective:
        return False
    name = fold(collective.name)
    for words, levels in _COVERS:
        if words.search(name):
            if levels == _ADMINISTRATION:
                return unit.level == "province" or (
                    bool(_ALSO_BELOW.search(name)) and unit.level in levels
                )
            return unit.level in levels
    return False
