"""Many ranked lists to one."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.dense import Found

# Weighted min-max fusion lost nothing to reciprocal ranks or a learned ranker where it was
# measured; .2 to .35 differ by less than the noise. See docs/findings/ranking.md.
DENSE_SHARE = 0.25


def fuse(
    lexical: Sequence[Found], dense: Sequence[Found], dense_share: float = DENSE_SHARE
) -> list[Found]:
    """Return the union of two lists, best first, by weighted min-max scores in 0..1.

    Each list is scaled so that its best is 1 and its last is 0 (all 1 where they are equal); a
    chunk that one list lacks counts 0 there.
    """
    fused: dict[int, float] = {}
    for found, share in ((lexical, 1 - dense_share), (dense, dense_share)):
        for position, score in _scaled(found):
            fused[position] = fused.get(position, 0.0) + share * score
    return sorted(
        (Found(position, score) for position, score in fused.items()),
        key=lambda item: (-item.score, item.position),
    )


def _scaled(found: Sequence[Found]) -> list[Found]:
    if not found:
        return []
    scores = [item.score for item in found]
    low, high = min(scores), max(scores)
    width = high - low
    return [Found(p, (score - low) / width if width > 0 else 1.0) for p, score in found]
