"""Rows of two plans that are one activity: what `corpus.align` pairs, against what people do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.align import align
from corpus.model import Plan
from eval.cases import CASES

GOLD = CASES / "alignment.json"


@dataclass(frozen=True, slots=True)
class Paired:
    """Pairs of two plans: how many people see, how many were made, how many of these are right."""

    one: str
    other: str
    gold: int
    made: int
    right: int


def measure_alignment(plans: Mapping[str, Plan], gold: Path = GOLD) -> list[Paired]:
    """Align every pair of the gold file whose plans are there; "2|5" means that either is right."""
    measured = []
    for pair in json.loads(gold.read_text(encoding="utf-8")):
        one, other = plans.get(pair["one"]), plans.get(pair["other"])
        if one is None or other is None:
            continue
        made = {(p.one.ordinal, p.other.ordinal) for p in align(one, other).pairs}
        wanted = [(a.split("|"), b.split("|")) for a, b in pair["pairs"]]
        right = sum(any(a in ones and b in others for a, b in made) for ones, others in wanted)
        measured.append(Paired(one.id, other.id, len(wanted), len(made), right))
    return measured
