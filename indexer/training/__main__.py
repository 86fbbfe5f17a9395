"""Train the encoder and the restorer: ``python -m indexer.training --data FOLDER --out FOLDER``.

DATA holds ``NAME.jsonl.xz``, one ``{"a": short text, "b": longer text that belongs to it}`` a line
(whole documents: ``{"text": …}``). OUT gets ``encoder/``, ``restorer/`` and ``cache/``, where each
step leaves its result for the next run. The same seed, data and libraries give the same weights.
"""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from indexer.training.contrast import Course, progress, train
from indexer.training.marks import write_marks
from indexer.training.pairs import read_pairs
from indexer.training.publish import draw_losses, publish_encoder, write_report
from indexer.training.start import latent_start
from indexer.training.vary import Habits, Varier
from indexer.training.vocabulary import Limits, choose_vocabulary

_CLEAN = ("law", "wiki", "admin_texts")
_NEWS = ("news_baomoi", "news")
_COURSE = Course()


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m indexer.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of NAME.jsonl.xz")
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument(
        "--news", action="store_true", help="newspaper texts too (no licence stated)"
    )
    parser.add_argument("--steps", type=int, default=_COURSE.steps)
    parser.add_argument("--batch", type=int, default=_COURSE.batch)
    parser.add_argument("--dimensions", type=int, default=_COURSE.sizes[0][0])
    parser.add_argument("--bits", type=int, choices=(4, 8), default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", choices=("encoder", "restorer"))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    names = _CLEAN + (_NEWS if options.news else ())
    if options.only != "restorer":
        _train_encoder(options, names)
    if options.only != "encoder":
        pairs = read_pairs(options.data, names, options.out / "cache")
        write_marks(pairs, options.out / "restorer")


def _train_encoder(options: argparse.Namespace, names: tuple[str, ...]) -> None:
    cache = options.out / "cache"
    limits, habits = Limits(), Habits()
    whole = options.dimensions
    sizes = ((whole, 1.0), *(pair for pair in _COURSE.sizes if pair[0] < whole))
    course = Course(options.steps, options.batch, sizes=sizes, seed=options.seed)
    vocabulary, sources = choose_vocabulary(read_pairs(options.data, names, cache), limits)
    start = latent_start(vocabulary, sources, whole, course.seed, cache)
    varier = Varier(vocabulary, habits, np.random.default_rng(course.seed + 1))
    trained = train(vocabulary, sources, start, course, varier, progress(course.steps))
    folder = options.out / "encoder"
    publish_encoder(vocabulary, trained.vectors, options.bits, folder)
    draw_losses(trained.losses, folder / "losses.svg")
    facts: dict[str, object] = {
        "data": {
            source.name: {
                "pairs": len(source),
                "syllables": len(source.ids),
                "sha256": _digest(options.data / f"{source.name}.jsonl.xz"),
            }
            for source in sources
        },
        "limits": asdict(limits),
        "habits": asdict(habits),
        "course": asdict(course),
        "rows": vocabulary.rows,
        "bits": options.bits,
        "last_loss": round(float(np.mean(trained.losses[-20:])), 4),
        "libraries": {"torch": torch.__version__, "numpy": np.__version__},
    }
    write_report(facts, folder / "training.json")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main()
