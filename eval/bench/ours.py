"""One size of a made corpus, indexed, opened and asked, each in a process of its own."""

from __future__ import annotations

import dataclasses
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from eval.bench.measure import in_a_child, resident, size_of, this_python, times_of
from eval.synthetic import KnownItem, make_plan, read_plan_of, write_plans
from indexer.build import build_index
from indexer.embed import open_encoder
from search_api.engine import Engine
from search_api.live import collect_rarely

_QUESTIONS = 120
# Asked first, so that files are mapped and modules loaded; not counted.
_WARMING = 12
_CANDIDATES = 80
_BUILT = "built.json"
# Of every kind alike.
_TEMPLATES = (
    "Đơn vị nào chủ trì {activity} ở tỉnh {province}?",
    "Sản phẩm của {activity} ở {province} là gì?",
    "Những đơn vị nào phối hợp {activity}?",
    "{activity} được thực hiện trong năm nào ở {province}?",
    "Sở Tài chính có trách nhiệm gì trong công tác {field} của tỉnh {province}?",
    "Ai ký kế hoạch {field} của tỉnh {province}?",
    "Mục đích của kế hoạch {field} tỉnh {province} là gì?",
    "Kinh phí thực hiện {field} ở {province} lấy từ đâu?",
)


def known_items(plans: int, count: int, seed: int = 1) -> list[KnownItem]:
    """Return rows drawn from all plans, the same for the same numbers."""
    draw = random.Random(seed)  # noqa: S311 - to repeat a run, nothing secret
    return [draw.choice(make_plan(draw.randrange(plans)).known) for _ in range(count)]


def words_for(item: KnownItem) -> str:
    """Return what somebody searches for who wants this row."""
    return f"{item.activity} {item.field} {item.province}"


def questions_about(items: Sequence[KnownItem]) -> list[str]:
    """Return a question about each item, of every kind in turn."""
    return [
        _TEMPLATES[number % len(_TEMPLATES)].format(
            activity=item.activity[0].lower() + item.activity[1:],
            field=item.field,
            province=item.province,
        )
        for number, item in enumerate(items)
    ]


def build(folder: Path, plans: int) -> dict[str, object]:
    """Make `plans` plans below `folder` and index them; return what that took.

    What was built before and not removed is not built again: the largest takes longest.
    """
    known = folder / _BUILT
    if known.exists():
        return dict(json.loads(known.read_text(encoding="utf-8")))
    for _ in write_plans(folder / "plans", plans):
        pass
    encoder = open_encoder()
    started = time.process_time()
    report = build_index(
        [folder / "plans"], folder / "index", encoder, read=lambda path, _: read_plan_of(path)
    )
    seconds = time.process_time() - started
    built = {
        "plans": report.plans,
        "chunks": report.chunks,
        "vectors": report.vectors,
        "build_s": round(seconds, 1),
        "chunks_per_s": round(report.chunks / seconds),
        "build_mb": resident()["own_mb"],
        "disk_mb": size_of(folder / "index"),
    }
    known.write_text(json.dumps(built), encoding="utf-8")
    return built


def ask(folder: Path, plans: int) -> dict[str, object]:
    """Open the index below `folder` and ask it; return what that took, beside the bare parts."""
    encoder = open_encoder()
    started, clock = time.process_time(), time.perf_counter()
    engine = Engine.open(folder / "index", encoder)
    collect_rarely()  # as the server does
    opened = time.process_time() - started, time.perf_counter() - clock
    items = known_items(plans, _QUESTIONS + _WARMING)
    words, questions = list(map(words_for, items)), questions_about(items)
    for text in (*words[:_WARMING], *questions[:_WARMING]):
        engine.search(text)
        engine.ask(text)
    index = engine.index

    def bare(text: str) -> None:
        index.lexical.search(text, _CANDIDATES)
        index.dense.search(encoder.encode_questions([text])[0], _CANDIDATES)

    asked = items[_WARMING:]
    found = [_place_of(engine, words_for(item), item) for item in asked]
    # Other rows than those just searched for, so that nothing is remembered.
    others = known_items(plans, 2 * _QUESTIONS, seed=2)
    return {
        "open_cpu_s": round(opened[0], 2),
        "open_wall_s": round(opened[1], 2),
        "bare": dataclasses.asdict(times_of(bare, words[_WARMING:])),
        "search": dataclasses.asdict(
            times_of(engine.search, list(map(words_for, others[:_QUESTIONS])))
        ),
        "ask": dataclasses.asdict(times_of(engine.ask, questions_about(others[_QUESTIONS:]))),
        "found_at_10": round(sum(place is not None for place in found) / len(found), 3),
        "found_at_1": round(sum(place == 1 for place in found) / len(found), 3),
        **resident(),
    }


def measure(folder: Path, plans: int) -> dict[str, object]:
    """Build and ask in a process each; return what both took."""
    script = ("-m", "eval.bench.ours", str(folder), str(plans))
    built = in_a_child(this_python(), (*script, "build"))
    return {**built, **in_a_child(this_python(), (*script, "ask"))}


def _place_of(engine: Engine, words: str, item: KnownItem) -> int | None:
    for hit in engine.search(words).hits:
        if (hit.citation.plan_number, hit.locator) == (item.number, item.ordinal):
            return hit.rank
    return None


if __name__ == "__main__":
    step = {"build": build, "ask": ask}[sys.argv[3]]
    sys.stdout.write(json.dumps(step(Path(sys.argv[1]), int(sys.argv[2]))) + "\n")
