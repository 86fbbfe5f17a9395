"""Grids of cells, whatever drew them: ruling lines to cells, letterheads told from tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.text import fold

# A table that only lays out the head of a document or its signature has at most this many rows.
_LETTERHEAD_ROWS = 8
# Points. Two rules nearer than this are one; dashes further apart than this are two rules.
_SAME_RULE = 3.0
_DASH_GAP = 7.0
# A rule must cover this share of a cell's side to close it: printers leave gaps at corners.
_CLOSES = 0.5
# Rules that run on for this long (points) beyond the last crossing enclose an open cell.
_OPEN_SIDE = 20.0

_LETTERHEAD = re.compile(r"doc lap\s*-\s*tu do|cong hoa xa hoi chu nghia|noi nhan\s*:")
# "STT", "TT" and "Số TT" over a column of ordinals.
_ORDINAL_HEAD = re.compile(r"(?:so\s*)?s?tt\.?")

Texts = Sequence[Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line across or down a page: where it stands, and from where to where it runs."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells that rules enclose.

    `xs` and `ys` are the edges of columns and rows; `owner[r][c]` is the (row, column) of the cell
    that covers the place, itself where nothing is merged.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: tuple[tuple[tuple[int, int], ...], ...]

    def place_of(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the cell that holds a point, None outside the grid."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        return self.owner[bisect_right(self.ys, y) - 1][bisect_right(self.xs, x) - 1]


def find_grids(across: Iterable[Rule], down: Iterable[Rule]) -> list[Grid]:
    """Return the grids that crossing rules draw, from top to bottom.

    A lone box or an underlined line is no grid: at least two columns are needed. Sides that are
    not drawn are added where the rules run on.
    """
    horizontal, vertical = _merged(across), _merged(down)
    grids = []
    for some_across, some_down in _connected(horizontal, vertical):
        some_across, some_down = _closed(some_across, some_down)
        ys, xs = _positions(some_across), _positions(some_down)
        if len(ys) >= 2 and len(xs) >= 3:
            grids.append(Grid(xs, ys, _owners(xs, ys, some_across, some_down)))
    return sorted(grids, key=lambda grid: grid.ys[0])


def is_letterhead(rows: Texts, *, ruled: bool) -> bool:
    """Say whether a table only sets texts side by side: issuer and motto, recipients and signature.

    >>> is_letterhead([["UBND TỈNH A", "Độc lập - Tự do - Hạnh phúc"]], ruled=False)
    True
    >>> is_letterhead([["1", "Tuyên truyền"], ["2", "Tập huấn"]], ruled=True)
    False
    """
    if not rows or len(rows[0]) > 3 or len(rows) > _LETTERHEAD_ROWS:
        return False
    if _ORDINAL_HEAD.fullmatch(fold(rows[0][0] or "").strip()):
        return False
    used = {column for row in rows for column, cell in enumerate(row) if cell and cell.strip()}
    text = fold("\n".join(cell for row in rows for cell in row if cell))
    return bool(_LETTERHEAD.search(text)) or (len(used) <= 2 and not ruled)


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Join dashes and double rules into whole ones."""
    lanes: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lanes and rule.at - lanes[-1][-1].at <= _SAME_RULE / 2:
            lanes[-1].append(rule)
        else:
            lanes.append([rule])
    out = []
    for lane in lanes:
        lane.sort(key=lambda rule: rule.start)
        run = [lane[0]]
        end = lane[0].end
        for rule in lane[1:]:
            if rule.start - end > _DASH_GAP:
                out.append(_one(run, end))
                run, end = [], rule.end
            run.append(rule)
            end = max(end, rule.end)
        out.append(_one(run, end))
    return [rule for rule in out if rule.end - rule.start > 2 * _SAME_RULE]


def _one(run: list[Rule], end: float) -> Rule:
    weight = sum(rule.end - rule.start for rule in run) or 1.0
    at = sum(rule.at * (rule.end - rule.start) for rule in run) / weight
    return Rule(at if any(rule.end > rule.start for rule in run) else run[0].at, run[0].start, end)


def _connected(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Group rules that touch, directly or through others."""
    parent = list(range(len(across) + len(down)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for i, rule in enumerate(across):
        for j, other in enumerate(down, start=len(across)):
            if (
                rule.start - _SAME_RULE <= other.at <= rule.end + _SAME_RULE
                and other.start - _SAME_RULE <= rule.at <= other.end + _SAME_RULE
            ):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(rule)
    for j, rule in enumerate(down, start=len(across)):
        groups.setdefault(root(j), ([], []))[1].append(rule)
    return [group for group in groups.values() if group[0] and group[1]]


def _closed(across: list[Rule], down: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Add the outer sides that a table without side or bottom rules leaves open."""
    left, right = min(rule.start for rule in across), max(rule.end for rule in across)
    top, bottom = min(rule.start for rule in down), max(rule.end for rule in down)
    first, last = min(rule.at for rule in down), max(rule.at for rule in down)
    upper, lower = min(rule.at for rule in across), max(rule.at for rule in across)
    down = [
        *down,
        *([Rule(left, upper, lower)] if first - left > _OPEN_SIDE else []),
        *([Rule(right, upper, lower)] if right - last > _OPEN_SIDE else []),
    ]
    across = [
        *across,
        *([Rule(top, first, last)] if upper - top > _OPEN_SIDE / 2 else []),
        *([Rule(bottom, first, last)] if bottom - lower > _OPEN_SIDE / 2 else []),
    ]
    return across, down


def _positions(rules: list[Rule]) -> tuple[float, ...]:
    clusters: list[list[float]] = []
    for at in sorted(rule.at for rule in rules):
        if clusters and at - clusters[-1][0] <= _SAME_RULE:
            clusters[-1].append(at)
        else:
            clusters.append([at])
    return tuple(sum(cluster) / len(cluster) for cluster in clusters)


def _owners(
    xs: tuple[float, ...], ys: tuple[float, ...], across: list[Rule], down: list[Rule]
) -> tuple[tuple[tuple[int, int], ...], ...]:
    rows, columns = len(ys) - 1, len(xs) - 1
    under = [
        [_covers(across, ys[row + 1], xs[column], xs[column + 1]) for column in range(columns)]
        for row in range(rows)
    ]
    beside = [
        [_covers(down, xs[column + 1], ys[row], ys[row + 1]) for column in range(columns)]
        for row in range(rows)
    ]
    owner: list[list[tuple[int, int] | None]] = [[None] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if owner[row][column] is not None:
                continue
            right = column
            while right + 1 < columns and not beside[row][right] and owner[row][right + 1] is None:
                right += 1
            low = row
            while low + 1 < rows and not any(under[low][column : right + 1]):
                low += 1
            for r in range(row, low + 1):
                for c in range(column, right + 1):
                    owner[r][c] = owner[r][c] or (row, column)
    return tuple(tuple(place or (0, 0) for place in line) for line in owner)


def _covers(rules: list[Rule], at: float, start: float, end: float) -> bool:
    covered = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start))
        for rule in rules
        if abs(rule.at - at) <= _SAME_RULE
    )
    return covered >= _CLOSES * (end - start)
