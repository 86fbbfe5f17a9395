"""Words and rules on pages to paragraphs, tables and page breaks, whoever found them.

A PDF and a scan differ in how words are found; from there on they are the same: rules make
grids, words fall into cells, a table goes on over the page, lines become paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from rapidfuzz import fuzz

from corpus.readers.document import Block, Line, PageBreak, Table
from corpus.readers.grid import Grid, Rule, find_grids, is_letterhead
from corpus.text import fold

# Points everywhere. None of these is tuned beyond the pages LibreOffice and Chromium print.
_INDENT = 8.0
_COLUMN_GAP = 12.0
_GUTTER = 6.0
_NARROW_GUTTER = 3.0
# Justified text never leaves a gap this wide.
_WIDE_GAP = 40.0
# A line ends its paragraph where the next word would have fitted with this much to spare; in
# cells the judgement needs more, since a wrong break there costs more than a missed one.
_SPARE = 1.0
_SPARE_IN_CELL = 8.0
# In columns narrower than this a word may be broken anywhere.
_NARROW = 25.0
# Lines further apart than this share of the usual distance belong to two paragraphs.
_APART = 1.25
# Fewer lines than this tell nothing about margins: the tables beside them do.
_FEW_LINES = 12
# Page numbers and running heads stand within this share of the page's height from its edge.
_MARGIN = 0.09
# Columns of two parts of one table agree within this distance.
_SAME_EDGE = 9.0
# A recognised row this similar (0..100) to the header is the header.
_ALIKE = 75
# How sure a table is whose columns are only white gaps.
_UNRULED = 0.6

_PAGE_NUMBER = re.compile(r"(?:trang|page)?\s*[-–]?\s*\d{1,4}\s*[-–]?(?:\s*/\s*\d{1,4})?", re.I)
# "1/20/2023 11:11:11" alone on a line: the printer's, not the author's.
_TIME_STAMP = re.compile(r"\d{1,2}/\d{1,2}/\d{4},?\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?", re.I)
# "1.", "2.1.", "IV.", "a)", "- " and "+ "; not "2023-2025" and not "1,5 triệu".
_MARKER = re.compile(
    r"(?:[IVXL]{1,7}\.|\d{1,3}(?:\.\d{1,3}){0,3}[.)]|[a-zđ]{1,2}\)|[-–+•*])(?=\s|$)"
)
_JOINS_TO_NEXT = re.compile(r"[^\s\-–/][-/]$")
# A number or its heading too wide for its column: "S|TT", "5.|2", "1|0", "202|3"; not "5|6|7".
_BROKEN_WORD = re.compile(
    r"S\0TT|ST\0T|S\0T|T\0T|\d{1,2}\.\0\d{1,2}|1\0\d|1\0\d\.|20\d\0\d|20\0\d\d|I{1,2}\0I{1,2}|[IX]\0V|V\0I{1,3}"
)
# Folded; not "phường xã hội" and not "(Ban hành kèm theo Kế hoạch số …)".
_LETTERHEAD_LINE = re.compile(r"doc lap\s*-\s*tu do|cong hoa xa hoi chu|noi nhan\s*:|^so\s*:")
# As printed: a signature is in capitals, "Chủ tịch Ủy ban nhân dân tỉnh" is not one.
_SIGNATURE_LINE = re.compile(r"\b(?:TM|KT|TL|TUQ)\.|CHỦ TỊCH|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|TRƯỞNG BAN")
_ORDINAL_HEAD = re.compile(r"(?:so )?s?tt\.?|so")
_ORDINAL = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,3}|[IVXL]{1,6}|[a-zđ])[.)]?")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a space, and its box (points from the top left corner)."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its words in any order and its ruling lines; `sure` is 1 for stored text."""

    number: int
    width: float
    height: float
    words: Sequence[Word]
    across: Sequence[Rule]
    down: Sequence[Rule]
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class _TextLine:
    words: tuple[Word, ...]
    page: int

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def height(self) -> float:
        return median(word.bottom - word.top for word in self.words)

    @property
    def space(self) -> float:
        return 0.25 * self.height


_Lines = list[_TextLine]


@dataclass
class _PageTable:
    """A table, or the part of one that stands on a page: the lines of every cell."""

    edges: tuple[float, ...]
    cells: list[list[_Lines | None]]
    pages: list[int]
    top: float
    sure: float
    header: int = 1

    def texts(self) -> list[list[str | None]]:
        widths = _widths(self)
        return [
            [
                None if lines is None else _cell_text(lines, width)
                for lines, width in zip(row, widths, strict=True)
            ]
            for row in self.cells
        ]


@dataclass
class _Margins:
    """Where lines of running text begin and end, and how far apart they stand."""

    left: float = 0.0
    right: float = 0.0
    pitch: float = 0.0
    indented: bool = False


@dataclass
class _Layout:
    """One page with its tables taken out and its margins cleared."""

    page: Page
    tables: list[_PageTable] = field(default_factory=list)
    lines: _Lines = field(default_factory=list)


def blocks_of_pages(pages: Sequence[Page]) -> list[Block]:
    """Return lines, tables and page breaks in reading order.

    Paragraphs are joined, also over pages; tables are joined over pages with the repeated header
    dropped and a row cut by the break made whole; page numbers and running heads are left out;
    texts set side by side (letterhead, signature) come left column first.
    """
    layouts = [_laid_out(page) for page in pages]
    _drop_furniture(layouts)
    _find_unruled_tables(layouts)
    margins = _margins(layouts)
    stream: list[_TextLine | _PageTable | Line | PageBreak] = []
    for index, layout in enumerate(layouts):
        if index:
            stream.append(PageBreak())
        stream.extend(_in_order(layout))
    return list(_joined(_tables_joined(stream), margins, layouts))


def text_lines(words: Sequence[Word], page: int) -> _Lines:
    """Group words into lines, top to bottom, words left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.top + word.bottom) / 2):
        centre = (word.top + word.bottom) / 2
        if lines:
            last = lines[-1]
            reference = sum((one.top + one.bottom) / 2 for one in last) / len(last)
            if abs(centre - reference) <= 0.4 * max(
                word.bottom - word.top, last[0].bottom - last[0].top
            ):
                last.append(word)
                continue
        lines.append([word])
    return [_TextLine(tuple(sorted(line, key=lambda word: word.x0)), page) for line in lines]


def _laid_out(page: Page) -> _Layout:
    grids = find_grids(page.across, page.down)
    inside: dict[int, dict[tuple[int, int], list[Word]]] = defaultdict(lambda: defaultdict(list))
    outside = []
    for word in page.words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        for index, grid in enumerate(grids):
            place = grid.place_of(x, y)
            if place is not None:
                inside[index][place].append(word)
                break
        else:
            outside.append(word)
    layout = _Layout(page)
    for index, grid in enumerate(grids):
        table = _table(grid, inside[index], page)
        if is_letterhead(table.texts(), ruled=True) or not inside[index]:
            outside.extend(word for words in inside[index].values() for word in words)
        else:
            layout.tables.append(table)
    layout.lines = text_lines(outside, page.number)
    return layout


def _table(grid: Grid, words: dict[tuple[int, int], list[Word]], page: Page) -> _PageTable:
    rows, columns = len(grid.ys) - 1, len(grid.xs) - 1
    cells: list[list[_Lines | None]] = [
        [
            text_lines(words[row, column], page.number)
            if grid.owner[row][column] == (row, column)
            else None
            for column in range(columns)
        ]
        for row in range(rows)
    ]
    starts = [column for column in range(columns) if any(row[column] is not None for row in cells)]
    edges = (*(grid.xs[column] for column in starts), grid.xs[-1])
    kept = [[row[column] for column in starts] for row in cells]
    filled = [row for row in kept if any(cell is not None for cell in row)]
    return _PageTable(edges, filled, [page.number] * len(filled), grid.ys[0], page.sure)


def _drop_furniture(layouts: list[_Layout]) -> None:
    """Drop page numbers, printers' time stamps, and what repeats at the edge of pages."""

    def key(line: _TextLine) -> str:
        return re.sub(r"\d+", "#", fold(line.text))

    repeats: Counter[str] = Counter()
    for layout in layouts:
        repeats.update({key(line) for line in layout.lines if _at_edge(line, layout.page)})
    for layout in layouts:
        layout.lines = [
            line
            for line in layout.lines
            if not _TIME_STAMP.fullmatch(line.text)
            and not (layout.page.sure < 1 and sum(map(str.isalnum, line.text)) <= 1)
            and not (
                _at_edge(line, layout.page)
                and (_PAGE_NUMBER.fullmatch(line.text) or repeats[key(line)] >= 3)
            )
        ]


def _at_edge(line: _TextLine, page: Page) -> bool:
    return line.bottom < _MARGIN * page.height or line.top > (1 - _MARGIN) * page.height


def _margins(layouts: list[_Layout]) -> dict[float, _Margins]:
    """Return the margins of running text for every page width."""
    by_width: dict[float, list[_Lines]] = defaultdict(list)
    sides: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for layout in layouts:
        by_width[round(layout.page.width)].append(layout.lines)
        for table in layout.tables:
            sides[round(layout.page.width)].append((table.edges[0], table.edges[-1]))
    margins = {}
    for width, pages in by_width.items():
        lines = [line for page in pages for line in page]
        if not lines:
            continue
        ends = Counter(round(line.x1 / 2) * 2 for line in lines)
        right, often = ends.most_common(1)[0]
        if often < 0.2 * len(lines) or often < 3:
            right = round(max(line.x1 for line in lines))
        long = [line for line in lines if line.x1 > right - 60] or lines
        starts = Counter(round(line.x0) for line in long)
        left = min(
            start
            for start, count in starts.items()
            if count >= max(2, 0.05 * len(long))
            or len(starts) == 1
            or count == max(starts.values())
        )
        pitches = [
            low.top - high.top
            for page in pages
            for high, low in pairwise(page)
            if high.x1 > right - 60 and low.x0 - left < _INDENT
        ]
        full = [
            (high, low) for page in pages for high, low in pairwise(page) if high.x1 < right - 60
        ]
        after_short = [low for _, low in full if low.x1 > right - 60]
        indented = sum(low.x0 - left > _INDENT for low in after_short)
        if len(lines) < _FEW_LINES:
            right = max(round(max(line.x1 for line in lines)), round(width - left))
        if len(lines) < _FEW_LINES and sides[width]:
            left = round(min(start for start, _ in sides[width]))
            right = round(max(end for _, end in sides[width]))
        margins[width] = _Margins(
            left=left,
            right=max(right, median(line.x1 for line in long)),
            pitch=median(pitches) if pitches else 0.0,
            indented=indented * 2 > len(after_short),
        )
    return margins


def _in_order(layout: _Layout) -> Iterator[_TextLine | _PageTable | Line]:
    tables = sorted(layout.tables, key=lambda table: table.top)
    lines = layout.lines
    place = 0
    for table in tables:
        before = place
        while place < len(lines) and lines[place].top < table.top:
            place += 1
        yield from _side_by_side(lines[before:place])
        yield table
    yield from _side_by_side(lines[place:])


def _side_by_side(lines: _Lines) -> Iterator[_TextLine | Line]:
    """Yield lines; where letterhead or signature stand side by side, left column first."""
    index = 0
    left = min((line.x0 for line in lines), default=0.0)
    right = max((line.x1 for line in lines), default=0.0)
    while index < len(lines):
        gap = _widest_gap(lines[index])
        if gap is None or gap[1] - gap[0] < _COLUMN_GAP:
            yield lines[index]
            index += 1
            continue
        end, gutter = index, gap
        while end < len(lines):
            narrower = _free_part(lines[end], gutter)
            if narrower is None:
                break
            if lines[end].x1 <= narrower[0] and not lines[end].text.startswith(("-", "–", "+")):
                break
            off_centre = abs(lines[end].x0 - left - right + lines[end].x1)
            if lines[end].x0 >= narrower[0] and off_centre <= _INDENT:
                break  # centred on the page: the title below a letterhead
            gutter = narrower
            end += 1
        part = lines[index:end]
        listed = gap[1] - gap[0] > _WIDE_GAP and lines[index].text.startswith("-")
        if not listed and not any(
            _LETTERHEAD_LINE.search(fold(line.text)) or _SIGNATURE_LINE.search(line.text)
            for line in part
        ):
            yield lines[index]
            index += 1
            continue
        middle = (gutter[0] + gutter[1]) / 2
        for side in (
            [tuple(word for word in line.words if word.x0 < middle) for line in part],
            [tuple(word for word in line.words if word.x0 >= middle) for line in part],
        ):
            yield from _column([_TextLine(words, part[0].page) for words in side if words])
        index = end


def _column(lines: _Lines) -> Iterator[Line]:
    """Yield the lines of one column, a line that goes on in lower case joined to the one before."""
    text = ""
    for line in lines:
        if text and line.text[:1].islower() and not text.endswith((";", ".", ":")):
            text = _glued(text, line.text)
            continue
        if text:
            yield Line(text, line.page)
        text = line.text
    if text:
        yield Line(text, lines[-1].page)


def _widest_gap(line: _TextLine) -> tuple[float, float] | None:
    gaps = [(high.x1, low.x0) for high, low in pairwise(line.words)]
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=None)


def _free_part(line: _TextLine, gutter: tuple[float, float]) -> tuple[float, float] | None:
    """Return the widest part of a gutter that no word of the line enters."""
    start, end = gutter
    best: tuple[float, float] | None = None
    for word in (*line.words, None):
        stop = end if word is None else min(end, word.x0)
        if stop - start >= _GUTTER and (best is None or stop - start > best[1] - best[0]):
            best = (start, stop)
        if word is not None:
            start = max(start, word.x1)
    return best


_Item = _TextLine | _PageTable | Line | PageBreak


def _tables_joined(stream: list[_Item]) -> list[_Item]:
    """Join tables that only a page break separates."""
    out: list[_Item] = []
    for item in stream:
        if isinstance(item, _PageTable):
            before = len(out)
            while before and isinstance(out[before - 1], PageBreak):
                before -= 1
            table = out[before - 1] if before and before < len(out) else None
            if isinstance(table, _PageTable) and _goes_on(table, item):
                _append(table, item)
                continue
        out.append(item)
    return out


def _goes_on(table: _PageTable, part: _PageTable) -> bool:
    if len(table.edges) == len(part.edges):
        shift = part.edges[0] - table.edges[0]
        return all(
            abs(b - a - shift) <= _SAME_EDGE for a, b in zip(table.edges, part.edges, strict=True)
        )
    return False


def _append(table: _PageTable, part: _PageTable) -> None:
    """Add the rows of `part`: without the repeated header, a cut row completed."""
    head, body = _plain_texts(table), _plain_texts(part)
    same = 0
    while same < min(len(head), len(body) - 1) and _alike(head[same], body[same], table.sure):
        same += 1
    cells, pages = part.cells[same:], part.pages[same:]
    if cells and not cells[0][0] and _complete(table, cells[0]):
        cells, pages = cells[1:], pages[1:]
    table.cells.extend(cells)
    table.pages.extend(pages)


def _alike(head: list[str | None], row: list[str | None], sure: float) -> bool:
    """Say whether a row repeats the header: to the letter, or nearly where it was recognised."""
    texts = ["\t".join(cell or "" for cell in cells) for cells in (head, row)]
    if not texts[1].strip():
        return False
    return texts[0] == texts[1] or (sure < 1 and fuzz.ratio(*texts) >= _ALIKE)


def _plain_texts(table: _PageTable) -> list[list[str | None]]:
    return [
        [None if lines is None else " ".join(line.text for line in lines) for lines in row]
        for row in table.cells
    ]


def _anchor(table: _PageTable, column: int) -> list[_Lines | None]:
    """Return the row that holds the last cell of a column: above the last row where cells merge."""
    return next((row for row in reversed(table.cells) if row[column] is not None), table.cells[-1])


def _complete(table: _PageTable, row: list[_Lines | None]) -> bool:
    """Give the table's last row what `row`, without a number and first on its page, adds to it.

    Say whether that was all of it: the row was cut by the page break. Where it is a row of its own,
    only cells merged over rows went on: what they add is moved and they become None.
    """
    widths = _widths(table)
    rest = [(column, _anchor(table, column)[column], lines) for column, lines in enumerate(row)]
    both = [(column, before, after) for column, before, after in rest if before and after]
    begun = [
        column for column, before, after in both if not _flows(before[-1], after[0], widths[column])
    ]
    numbered = all(bool(cells[0]) for cells in table.cells)
    cut = not begun and (bool(both) or numbered)
    for column, _, after in rest:
        if after and (cut or column not in begun):
            if not cut and column > 1:
                break
            target = _anchor(table, column)
            target[column] = [*(target[column] or []), *after]
            row[column] = None
        elif not cut:
            if after:
                break
            if column or not row[1]:
                row[column] = None
    if not cut and row[1] is None:
        row[0] = None
    return cut


def _flows(before: _TextLine, after: _TextLine, width: float) -> bool:
    """Say whether text goes on from the last line of a cell to the first on the next page."""
    first = after.words[0]
    used = before.x1 - before.x0 + before.space + first.x1 - first.x0
    return after.text[:1].islower() or bool(_MARKER.match(after.text)) or used + _SPARE > width


def _widths(table: _PageTable) -> list[float]:
    """Return the longest line of every column."""
    return [
        max((line.x1 - line.x0 for row in table.cells for line in row[column] or ()), default=0.0)
        for column in range(len(table.edges) - 1)
    ]


def _cell_text(lines: _Lines, width: float) -> str:
    text = ""
    for index, line in enumerate(lines):
        if not index:
            text = line.text
            continue
        before = lines[index - 1]
        first = line.words[0]
        used = before.x1 - before.x0 + before.space + first.x1 - first.x0
        begins = _MARKER.match(line.text) or line.text[:1].isupper()
        if begins and used + _SPARE_IN_CELL <= width and before.page == line.page:
            text += "\n" + line.text
        elif width < _NARROW and _BROKEN_WORD.fullmatch(text + "\0" + line.text):
            text += line.text
        else:
            text = _glued(text, line.text)
    return text


def _glued(text: str, more: str) -> str:
    """Join two lines: without a space where the first ends inside a word ("2021-" + "2025").

    >>> _glued("giai đoạn 2021-", "2025"), _glued("Lao động -", "Thương binh")
    ('giai đoạn 2021-2025', 'Lao động - Thương binh')
    """
    return text + ("" if _JOINS_TO_NEXT.search(text) else " ") + more


def _joined(
    stream: list[_Item], margins: dict[float, _Margins], layouts: list[_Layout]
) -> Iterator[Block]:
    """Yield blocks: lines of running text joined to paragraphs, also over page breaks."""
    width_of = {layout.page.number: round(layout.page.width) for layout in layouts}
    paragraph: _Lines = []
    breaks = 0

    def flush() -> Iterator[Block]:
        nonlocal paragraph, breaks
        if paragraph:
            text = paragraph[0].text
            for line in paragraph[1:]:
                text = _glued(text, line.text)
            yield Line(text, paragraph[0].page)
        for _ in range(breaks):
            yield PageBreak()
        paragraph, breaks = [], 0

    for item in stream:
        if isinstance(item, PageBreak):
            breaks += 1
        elif isinstance(item, _TextLine):
            margin = margins.get(width_of[item.page], _Margins())
            if paragraph and _same_paragraph(paragraph, item, margin):
                paragraph.append(item)
                continue
            yield from flush()
            paragraph = [item]
        else:
            yield from flush()
            if isinstance(item, _PageTable):
                rows = tuple(map(tuple, item.texts()))
                yield Table(rows, tuple(item.pages), confidence=item.sure)
            else:
                yield item
    yield from flush()


def _same_paragraph(paragraph: _Lines, line: _TextLine, margin: _Margins) -> bool:
    last, first = paragraph[-1], line.words[0]
    more = last.space + first.x1 - first.x0 + _SPARE
    middle = (margin.left + margin.right) / 2
    if last.x0 - margin.left > _INDENT and all(
        abs((one.x0 + one.x1) / 2 - middle) <= _INDENT / 2 for one in (last, line)
    ):
        # A centred title over several lines, but not what stands in brackets below it.
        width = last.x1 - last.x0
        return width + more > margin.right - margin.left and not line.text.startswith("(")
    if last.x1 + more <= margin.right:
        return False
    if last.page == line.page and margin.pitch:
        apart = line.top - last.top
        if apart > _APART * max(margin.pitch, 1.1 * last.height):
            return False
    if not 0.75 <= line.height / max(last.height, 0.1) <= 1.33:
        return False
    marked = bool(_MARKER.match(line.text))
    indent = line.x0 - margin.left
    if marked and (indent > _INDENT or last.text.endswith((".", ";", ":", "!"))):
        return False
    if not marked and line.text[:1].islower():
        return True
    if indent <= _INDENT:
        return not (marked and not margin.indented)
    hanging = len(paragraph[0].words) > 1 and abs(paragraph[0].words[1].x0 - line.x0) <= _INDENT / 2
    if hanging and _MARKER.match(paragraph[0].text):
        return True
    if abs(line.x0 - last.x0) <= _INDENT / 4:
        return not margin.indented or line.text[:1].islower()
    return False


def _find_unruled_tables(layouts: list[_Layout]) -> None:
    """Find tables set without vertical rules: an ordinal column in the head, then free gutters."""
    edges: tuple[float, ...] | None = None
    head: list[str] = []
    for layout in layouts:
        lines = layout.lines
        start = 0
        if edges is None:
            start = next((i for i, line in enumerate(lines) if _opens_table(line)), len(lines))
            edges, head = _gutters(lines[start:]) if start < len(lines) else None, []
        if edges is None:
            continue
        end = start
        while end < len(lines):
            place = end - start
            header = lines[end].text == head[place] if place < len(head) else not head and place < 4
            if not header and _crosses(lines[end], edges):
                break
            end += 1
        ends_here = end < len(lines)
        if end - start >= 2:
            part = lines[start:end]
            table = _unruled_table(part, edges, layout.page, head)
            head = head or [line.text for line in part[: _head_length(part)]]
            layout.tables.append(table)
            layout.lines = [*lines[:start], *lines[end:]]
        if ends_here or end == start:
            edges = None


def _opens_table(line: _TextLine) -> bool:
    gap = _widest_gap(line)
    return (
        gap is not None
        and gap[1] - gap[0] >= _GUTTER
        and bool(_ORDINAL_HEAD.fullmatch(fold(_first_part(line))))
    )


def _first_part(line: _TextLine) -> str:
    """Return the text of a line up to its first gap."""
    text = line.words[0].text
    for high, low in pairwise(line.words):
        if low.x0 - high.x1 >= _GUTTER:
            break
        text += " " + low.text
    return text


def _gutters(lines: _Lines) -> tuple[float, ...] | None:
    """Return the column edges of the table that begins with `lines`, None where there is none."""
    first = next((i for i, line in enumerate(lines) if _is_ordinal(line.words[0])), None)
    if first is None or first > 6:
        return None
    free = [(lines[first].words[0].x1, lines[first].x1)]
    right = 0.0
    for place, line in enumerate(lines[first:]):
        if not place:
            free = [
                (high.x1, low.x0)
                for high, low in pairwise(line.words)
                if low.x0 - high.x1 >= _GUTTER
            ]
            tail = (line.x1, line.x1 + 1_000)
            free.append(tail)
        narrower = [part for gutter in free for part in _free_parts(line, gutter)]
        if place >= 3 and sum(end < 900 for _, end in narrower) * 2 <= len(free) - 1:
            break
        free = narrower
        right = max(right, line.x1)
    inner = [gutter for gutter in free if gutter[1] < right + 1]
    if len(inner) < 2:
        return None
    for line in lines[:first]:
        for index, gutter in enumerate(inner):
            parts = _free_parts(line, gutter, least=_NARROW_GUTTER)
            inner[index] = max(parts, key=lambda part: part[1] - part[0], default=gutter)
    left = min(lines[0].x0, lines[first].x0) - _GUTTER
    return (left, *((start + end) / 2 for start, end in inner), right + _GUTTER)


def _free_parts(
    line: _TextLine, gutter: tuple[float, float], *, least: float = _GUTTER
) -> list[tuple[float, float]]:
    """Return the parts of a gutter, at least so wide, that no word of the line enters."""
    start, end = gutter
    parts = []
    for word in line.words:
        if word.x1 <= start or word.x0 >= end:
            continue
        if word.x0 - start >= least:
            parts.append((start, word.x0))
        start = max(start, word.x1)
    if end - start >= least:
        parts.append((start, end))
    return parts


def _is_ordinal(word: Word) -> bool:
    return bool(_ORDINAL.fullmatch(word.text))


def _crosses(line: _TextLine, edges: tuple[float, ...]) -> bool:
    """Say whether a line runs over the gutters as no row does."""
    if line.x0 < edges[0] - _COLUMN_GAP or line.x1 > edges[-1] + _COLUMN_GAP:
        return True
    return any(word.x0 < edge < word.x1 for word in line.words for edge in edges[1:-1]) or any(
        high.x1 <= edge <= low.x0 and low.x0 - high.x1 < _NARROW_GUTTER
        for high, low in pairwise(line.words)
        for edge in edges[1:-1]
    )


def _head_length(lines: _Lines) -> int:
    """Return how many lines stand above the first ordinal."""
    return next((i for i, line in enumerate(lines) if _is_ordinal(line.words[0])), 0)


def _unruled_table(
    lines: _Lines, edges: tuple[float, ...], page: Page, head: list[str]
) -> _PageTable:
    """Cut lines at the gutters into columns, and at the ordinals into rows.

    `head` are the lines of the header as printed on the table's first page, to know them again.
    """
    columns = len(edges) - 1

    def column_of(word: Word) -> int:
        middle = (word.x0 + word.x1) / 2
        return max(0, min(columns - 1, sum(middle >= edge for edge in edges[1:-1])))

    split: list[list[_Lines]] = []
    for line in lines:
        parts: list[list[Word]] = [[] for _ in range(columns)]
        for word in line.words:
            parts[column_of(word)].append(word)
        split.append([[_TextLine(tuple(part), page.number)] if part else [] for part in parts])
    length = _head_length(lines) if not head else 0
    if head and [line.text for line in lines[: len(head)]] == head:
        length = len(head)
    cells = _header_rows(lines[:length], split[:length], edges) if length else []
    for first, last in pairwise([*_row_starts(lines, split, length, page), len(lines)]):
        row: list[_Lines | None] = [
            [line for parts in split[first:last] for line in parts[column]]
            for column in range(columns)
        ]
        if cells and not row[0] and not row[1] and first > length:
            row[:2] = None, None  # cells merged over rows
        cells.append(row)
    return _PageTable(edges, cells, [page.number] * len(cells), lines[0].top, _UNRULED)


def _header_rows(
    lines: _Lines, split: list[list[_Lines]], edges: tuple[float, ...]
) -> list[list[_Lines | None]]:
    """Return the header as one row, or as two where a heading stands over several columns."""
    columns = len(edges) - 1
    over: dict[int, tuple[int, _Lines]] = {}
    for line in lines:
        part = [line.words[0]]
        for word in (*line.words[1:], None):
            if word is not None and word.x0 - part[-1].x1 < _GUTTER:
                part.append(word)
                continue
            inside = [i for i, edge in enumerate(edges[1:-1]) if part[0].x0 < edge < part[-1].x1]
            if inside:
                over[inside[0]] = (inside[-1] + 1, [_TextLine(tuple(part), line.page)])
            if word is not None:
                part = [word]
    whole: list[_Lines | None] = [
        [line for parts in split for line in parts[column]] for column in range(columns)
    ]
    if not over:
        return [whole]
    upper, lower = list(whole), [None] * columns
    below: list[_Lines | None] = list(lower)
    for first, (last, heading) in over.items():
        words = set(heading[0].words)
        for column in range(first, last + 1):
            rest = [
                _TextLine(kept, line.page)
                for line in whole[column] or []
                if (kept := tuple(word for word in line.words if word not in words))
            ]
            below[column], upper[column] = rest, heading if column == first else None
    return [upper, below]


def _row_starts(lines: _Lines, split: list[list[_Lines]], length: int, page: Page) -> list[int]:
    """Return the index of the first line of every row below a header of `length` lines.

    Rules across the table decide; else rows begin at their ordinals, or, where ordinals stand in
    the middle of their rows, at the line between them where most cells begin with a capital.
    """
    if length >= len(lines):
        return []
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    rules = sorted(rule.at for rule in page.across if rule.end - rule.start > 0.6 * width)
    rules = [at for at in rules if lines[length].top - 20 < at < lines[-1].bottom + 20]
    if len(rules) >= 3:
        starts = {length}
        for at in rules:
            starts.add(next((i for i, line in enumerate(lines) if line.top > at - 2), length))
        return sorted(start for start in starts if start >= length)
    ordinals = [
        i for i in range(length, len(lines)) if split[i][0] and _is_ordinal(split[i][0][0].words[0])
    ]

    def capitals(start: int, end: int) -> float:
        """Return the share of cells that begin with a capital if a row begins at line `start`."""
        firsts = []
        for column in range(1, len(split[0])):
            part = next((parts[column] for parts in split[start:end] if parts[column]), None)
            if part:
                firsts.append(part[0].text[:1])
        return sum(not letter.islower() for letter in firsts) / max(1, len(firsts))

    at_top = [capitals(here, end) for here, end in pairwise([*ordinals, len(lines)])]
    if sum(at_top) >= 0.8 * len(at_top):
        starts = {length, *ordinals, *_unnumbered(split, length)}
        return sorted(starts)
    starts = {length}
    for here, after in pairwise(ordinals):
        middle = (here + after) / 2
        starts.add(
            max(
                range(here + 1, after + 1),
                key=lambda i: (capitals(i, after + 1), -abs(i - middle)),
            )
        )
    return sorted(starts)


def _unnumbered(split: list[list[_Lines]], length: int) -> list[int]:
    """Return lines where a row without its own number begins: several cells begin anew at once."""
    columns = len(split[0])
    widths = [
        max((line.x1 - line.x0 for parts in split for line in parts[column]), default=0.0)
        for column in range(columns)
    ]
    last: list[_TextLine | None] = [None] * columns
    out = []
    for i, parts in enumerate(split[length:], start=length):
        begun = [column for column in range(2, columns) if parts[column] and last[column]]
        if not parts[0] and len(begun) >= 3:
            flows = [
                _flows(before, parts[column][0], widths[column])
                for column in begun
                if (before := last[column]) is not None
            ]
            lower = any(parts[column][0].text[:1].islower() for column in begun)
            if not lower and not all(flows):
                out.append(i)
        for column in range(columns):
            last[column] = parts[column][0] if parts[column] else last[column]
    return out
