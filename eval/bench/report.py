"""What a benchmark found, as a page with tables and a plot."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

_PLOT = "growth.svg"
_PAGE = "growth.md"
# The status of what is not answered over so many plans.
_REFUSED = 422
_WIDTH, _HEIGHT, _EDGE = 640, 320, 56
# What is drawn: its name for people, where it stands in a size's figures, its colour.
_CURVES = (
    ("lập chỉ mục (s)", ("build_s",), "#1b6ca8"),
    ("đĩa (MB)", ("disk_mb",), "#7a5195"),
    ("search p95 (ms)", ("search", "p95"), "#2a9d3f"),
    ("ask p95 (ms)", ("ask", "p95"), "#d1495b"),
    ("mở chỉ mục (s)", ("open_cpu_s",), "#8d6a00"),
)

Figures = dict[str, Any]


def write_report(sizes: Sequence[Figures], peers: Figures, about: str, folder: Path) -> None:
    """Write the page and its plot into `folder`; `about` says where and when it was measured."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _PLOT).write_text(_plot(sizes), encoding="utf-8")
    parts = ["# Growth and peers", about, _growth(sizes), f"![Growth]({_PLOT})", _floor(sizes)]
    parts.append(_routes(sizes))
    if peers:
        parts.append(_peers(peers, sizes[-1]))
    (folder / _PAGE).write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _growth(sizes: Sequence[Figures]) -> str:
    rows: list[tuple[str, Callable[[Figures], object]]] = [
        ("chunks", lambda s: f"{s['chunks']:,}"),
        ("plans", lambda s: f"{s['plans']:,}"),
        ("vector index", lambda s: s["vectors"]),
        ("read + cut + embed + index, s", lambda s: f"{s['build_s']:,}"),
        ("chunks a second", lambda s: f"{s['chunks_per_s']:,}"),
        ("memory while building, MB", lambda s: f"{s['build_mb']:,}"),
        ("disk, MB", lambda s: f"{s['disk_mb']:,}"),
        ("opening, s", lambda s: s["open_cpu_s"]),
        ("memory after asking: own / mapped, MB", lambda s: f"{s['own_mb']} / {s['mapped_mb']}"),
        ("search p50 / p95 / p99, ms", lambda s: _times(s["search"])),
        ("ask p50 / p95 / p99, ms", lambda s: _times(s["ask"])),
        ("known row found first / in ten", lambda s: f"{s['found_at_1']} / {s['found_at_10']}"),
    ]
    head = "| |" + " |" * len(sizes) + "\n|---|" + "---:|" * len(sizes)
    lines = [f"| {name} | " + " | ".join(str(of(s)) for s in sizes) + " |" for name, of in rows]
    return "\n".join(["## Growth", "", head, *lines])


def _floor(sizes: Sequence[Figures]) -> str:
    lines = [
        f"| {s['chunks']:,} | {s['bare']['p50']} | {s['search']['p50']} "
        f"({s['search']['p50'] / s['bare']['p50']:.1f}×) | {s['ask']['p50']} "
        f"({s['ask']['p50'] / s['bare']['p50']:.1f}×) |"
        for s in sizes
    ]
    return "\n".join(
        [
            "## Against the floor",
            "",
            "Encoding, one look-up in tantivy and one in FAISS, 80 candidates each; p50, ms.",
            "",
            "| chunks | bare | search | ask |",
            "|---:|---:|---:|---:|",
            *lines,
        ]
    )


def _routes(sizes: Sequence[Figures]) -> str:
    """Return what every route takes at each size, and how much more at the last than the first."""
    head = "| |" + "".join(f" {size['chunks']:,} |" for size in sizes) + " last / first |"
    lines = []
    for route in sizes[0]["routes"]:
        asked = [size["routes"][route] for size in sizes]
        times = " | ".join(map(_twice, asked))
        growth = asked[-1]["second_cpu_ms"] / max(asked[0]["second_cpu_ms"], 0.1)
        says = "–" if asked[-1]["status"] == _REFUSED else f"{growth:.1f}×"
        lines.append(f"| `{route}` | {times} | {says} |")
    return "\n".join(
        [
            "## Every route",
            "",
            "The first and the second request for it over a warm index, ms of the processor; ✕ is "
            "refused because the scope is too wide. By chunks:",
            "",
            head,
            "|---|" + "---:|" * (len(sizes) + 1),
            *lines,
        ]
    )


def _twice(asked: Figures) -> str:
    refused = " ✕" if asked["status"] == _REFUSED else ""
    return f"{asked['first_cpu_ms']:,.0f} / {asked['second_cpu_ms']:,.0f}{refused}"


def _peers(peers: Figures, ours: Figures) -> str:
    lines = [
        "| | indexing, s | memory, MB | search p50 / p95 / p99, ms | found first / in ten |",
        "|---|---:|---:|---:|---:|",
        f"| **kehoach** | {ours['build_s']} | {ours['own_mb'] + ours['mapped_mb']} "
        f"| {_times(ours['search'])} | {ours['found_at_1']} / {ours['found_at_10']} |",
    ]
    done = {name: found for name, found in peers.items() if "failed" not in found}
    lines += [
        f"| {name} | {f['build_s']} | {f['peak_mb']} | {_times(f['search'])} "
        f"| {f['found_at_1']} / {f['found_at_10']} |"
        for name, f in done.items()
    ]
    lines += [f"| {name} | failed: {peers[name]['failed']} | | | |" for name in peers.keys() - done]
    text = ["## Against peers", "", *lines]
    if done:
        usual = median(f["search"]["p50"] for f in done.values())
        text += [
            "",
            f"The median peer takes {usual / ours['search']['p50']:.1f} times as long a question.",
        ]
    return "\n".join(text)


def _times(times: Figures) -> str:
    return f"{times['p50']} / {times['p95']} / {times['p99']}"


def _plot(sizes: Sequence[Figures]) -> str:
    """Return every curve against the number of chunks, both axes logarithmic."""
    curves = [
        (name, colour, [(s["chunks"], _value(s, path)) for s in sizes])
        for name, path, colour in _CURVES
    ]
    values = [value for _, _, points in curves for _, value in points if value > 0]
    left, right = (math.log10(f(s["chunks"] for s in sizes)) for f in (min, max))
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def at(chunks: float, value: float) -> tuple[float, float]:
        x = _EDGE + (math.log10(chunks) - left) / max(right - left, 1e-9) * (_WIDTH - 3.4 * _EDGE)
        y = (
            _HEIGHT
            - _EDGE
            - (math.log10(value) - low) / max(high - low, 1) * (_HEIGHT - 1.5 * _EDGE)
        )
        return round(x, 1), round(y, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/>'
    ]
    for power in range(low, high + 1):
        _, y = at(10**left, 10**power)
        parts.append(
            f'<path d="M{_EDGE} {y}H{_WIDTH - 2.4 * _EDGE:.0f}" stroke="#ddd"/>'
            f'<text x="{_EDGE - 6}" y="{y + 4}" text-anchor="end">{10**power:g}</text>'
        )
    for size in sizes:
        x, _ = at(size["chunks"], 10**low)
        parts.append(
            f'<text x="{x}" y="{_HEIGHT - _EDGE + 18}" text-anchor="middle">'
            f"{size['chunks']:,}</text>"
        )
    for name, colour, points in curves:
        places = [at(chunks, value) for chunks, value in points if value > 0]
        line = " ".join(f"{x},{y}" for x, y in places)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places]
        x, y = places[-1]
        parts.append(f'<text x="{x + 8}" y="{y + 4}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _value(size: Figures, path: Sequence[str]) -> float:
    found: Any = size
    for name in path:
        found = found[name]
    return float(found)
