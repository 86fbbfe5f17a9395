"""Many ranked lists to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.dense import Found

# Weighted min-max fusion lost nothing to reciprocal ranks or a learned ranker where it was
# measured; .2 to .35 differ by less than the noise. See docs/findings/ranking.md.
DENSE_SHARE = 0.25

# How many of the fused list a reranker reads: each costs what it costs to embed it. On four public
# sets the right text is among the first 40 for 63 to 99 questions in 100.
_READ_AGAIN = 40


@dataclass(frozen=True, slots=True)
class Rankings:
    """One question's chunks by words, by meaning, by both, and as they are shown."""

    lexical: Sequence[Found]
    dense: Sequence[Found]
    fused: Sequence[Found]
    final: Sequence[Found]


class Reranker(Protocol):
    """What compares a question with texts by reading them together."""

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a score for each of `texts`, higher is better."""


def rank(
    lexical: Sequence[Found],
    dense: Sequence[Found],
    question: str,
    text_of: Callable[[int], str],
    reranker: Reranker | None = None,
) -> Rankings:
    """Return the two lists, one made of both, and what is shown: that, its best read again.

    Scores stay with the places of the fused list, not with its chunks: what is decided by them
    later was measured on fused scores, and no two rerankers score alike.
    """
    fused = fuse(lexical, dense)
    if not reranker:
        return Rankings(lexical, dense, fused, fused)
    best = fused[:_READ_AGAIN]
    scores = reranker.scores(question, [text_of(item.position) for item in best])
    order = np.argsort(-scores, kind="stable")
    moved = [Found(best[chosen].position, best[place].score) for place, chosen in enumerate(order)]
    return Rankings(lexical, dense, fused, [*moved, *fused[_READ_AGAIN:]])


def fuse(
    lexical: Sequence[Found], dense: Sequence[Found], dense_share: float = DENSE_SHARE
) -> list[Found]:
    """Return the union of two lists, best first, by weighted min-max scores in 0..1.

    Each list is scaled so that its best is 1 and its last is 0 (all 1 where they are equal); a
    chunk that one list lacks counts 0 there.
    """
    fused: dict[int, float] = {}
    for found, share in ((lexical, 1 - dense_share), (dense, dense_share)):
        if not found:
            continue
        scores = [score for _, score in found]
        low = min(scores)
        width = max(scores) - low
        for position, score in found:
            scaled = (score - low) / width if width > 0 else 1.0
            fused[position] = fused.get(position, 0.0) + share * scaled
    ranked = sorted((-score, position) for position, score in fused.items())
    return [Found(position, -score) for score, position in ranked]
