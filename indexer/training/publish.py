"""What a training leaves behind: the model folder, the losses as a picture, the figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from indexer.static import StaticEncoder, Vocabulary, pack

_WIDTH, _HEIGHT, _MARGIN = 640, 320, 48
# A point of the curve is the mean of so many steps: single batches jump.
_SMOOTHED = 10


def publish_encoder(
    vocabulary: Vocabulary, vectors: NDArray[np.float32], bits: int, folder: Path
) -> None:
    """Write the trained encoder as a folder that sentence-transformers opens."""
    encoder = StaticEncoder(vocabulary, pack(vectors, bits), bits)
    model = SentenceTransformer(modules=[encoder], device="cpu")
    model.save(str(folder), create_model_card=False)


def draw_losses(losses: Sequence[float], path: Path) -> None:
    """Write the course of the loss as an SVG picture."""
    count = max(1, len(losses) // _SMOOTHED)
    points = [float(np.mean(part)) for part in np.array_split(np.array(losses), count)]
    low, high = min(points), max(points)
    across = (_WIDTH - 2 * _MARGIN) / max(1, count - 1)
    down = (_HEIGHT - 2 * _MARGIN) / ((high - low) or 1.0)
    line = " ".join(
        f"{_MARGIN + index * across:.1f},{_HEIGHT - _MARGIN - (point - low) * down:.1f}"
        for index, point in enumerate(points)
    )
    bottom = _HEIGHT - _MARGIN
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">\n'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>\n'
        f'<path d="M{_MARGIN} {_MARGIN}V{bottom}H{_WIDTH - _MARGIN}" fill="none" stroke="#666"/>\n'
        f'<polyline points="{line}" fill="none" stroke="#0b57d0" stroke-width="2"/>\n'
        f'<text x="{_MARGIN}" y="{_MARGIN - 12}">hàm mất mát, trung bình {_SMOOTHED} bước</text>\n'
        f'<text x="{_MARGIN - 6}" y="{_MARGIN + 4}" text-anchor="end">{high:.2f}</text>\n'
        f'<text x="{_MARGIN - 6}" y="{bottom}" text-anchor="end">{low:.2f}</text>\n'
        f'<text x="{_WIDTH - _MARGIN}" y="{bottom + 20}" text-anchor="end">'
        f"{len(losses)} bước</text>\n</svg>\n",
        encoding="utf-8",
    )


def write_report(facts: dict[str, object], path: Path) -> None:
    """Write what was trained, on what and how far it came, as JSON."""
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
