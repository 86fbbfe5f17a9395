"""Tables to appendix rows, whatever the column set."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from corpus.marker import read_marker
from corpus.model import AppendixRow, Cell, Role, Span
from corpus.readers.document import Table
from corpus.text import fold, one_line

# What a header says about its column, most specific first; matched in the folded header. "Kết quả
# đánh giá" is no monitoring and "Đơn vị tính" no lead.
_HEADER_WORDS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.ORDINAL, re.compile(r"^(?:stt|tt|so tt|so thu tu|no\.?)$")),
    (Role.YEARS, re.compile(r"^(?:nam )?(?:19|20)\d{2}$")),
    (Role.ACTIVITY, re.compile(r"^(?:noi dung|nhiem vu|hoat dong|cong viec)\b(?! chi\b)")),
    (Role.MONITOR, re.compile(r"\b(?:theo doi|kiem tra|don doc|giam sat)\b")),
    (Role.LEAD, re.compile(r"\bchu tri\b.*\bphoi hop\b")),
    (Role.LEAD, re.compile(r"^(?:co quan|don vi)(?:\W+(?:co quan|don vi))?$")),
    (Role.SUPPORT, re.compile(r"\bphoi hop\b|^(?:thanh vien|thanh phan)\b")),
    (Role.LEAD, re.compile(r"\b(?:chu tri|trach nhiem|don vi dau moi|phan cong)\b")),
    (Role.LEAD, re.compile(r"\b(?:don vi|co quan|nguoi|to chuc) thuc hien\b")),
    (Role.PRODUCT, re.compile(r"\b(?:san pham|ket qua|dau ra|muc tieu can dat)\b")),
    (Role.TIME, re.compile(r"\b(?:thoi (?:gian|han|diem)|tien do|han hoan thanh|lo trinh|ngay)\b")),
    (Role.BUDGET, re.compile(r"\b(?:kinh phi|du toan|nguon von|so tien|ngan sach)\b")),
    (Role.NOTE, re.compile(r"\b(?:ghi chu|chu thich)\b")),
    (Role.ACTIVITY, re.compile(r"\b(?:noi dung|hoat dong|nhiem vu|cong viec)\b")),
    (Role.ACTIVITY, re.compile(r"\b(?:giai phap|ten|chi tieu|hang muc)\b")),
)  # fmt: skip
# "Năm 2023"; not "20231".
_YEAR = re.compile(r"\b((?:19|20)\d{2})\b")
# "X", "✓"; not "XX" nor "x 3".
_MARK = re.compile(r"^[xX✓✔√]$")
# "5", "5.2.", "IV", "B", "a)"; not "2024" nor "5 lớp".
_ORDINAL = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,6}|[A-ZĐ]|[a-zđ])[.)]?$")
# A spreadsheet makes "3" the number "3.0"; not "3.10".
_NUMBER_FROM_SHEET = re.compile(r"^(\d{1,3})\.0$")
# "Chủ trì: Sở Nội vụ; phối hợp: Sở Tài chính"; not "Chủ trì, phối hợp với các sở".
_LEAD_THEN_SUPPORT = re.compile(
    r"^\W*(?:(?:cơ quan|đơn vị)\s+)?chủ trì\s*:\s*(?P<lead>.+?)[-–+;.,\s]*"
    r"(?:(?:cơ quan|đơn vị)\s+)?phối hợp(?:\s+thực hiện)?\s*:\s*(?P<support>.+)$",
    re.I | re.S,
)
# "Sở Nội vụ chủ trì, phối hợp với Sở Tài chính"; not "Sở Nội vụ chủ trì thẩm định".
_LEADS_WITH_SUPPORT = re.compile(
    r"^(?P<lead>[^:]+?)\s+chủ trì\s*[,;]\s*phối hợp(?:\s+(?:với|cùng))?\s+(?P<support>.+)$",
    re.I | re.S,
)
# A header stands in the first rows of a table, if it has one.
_MOST_HEADER_ROWS = 5
_LEAST_HEADER_CELLS = 2
# Not tuned: a longer text is no column name.
_LONGEST_COLUMN_NAME = 80
# A group row has its ordinal and its title.
_MOST_CELLS_OF_A_GROUP = 2


@dataclass(frozen=True, slots=True)
class Grid:
    """Tables that are one: the header of each column, and its rows of text cells.

    `headers` names each column, `printed` holds the rows of the header as they stand (more than one
    where a name has sub-heads). `doubtful` are indexes of `rows` that may be cut in the wrong
    place, `pages[i]` is the page of row i.
    """

    headers: tuple[str, ...]
    roles: tuple[Role, ...]
    rows: tuple[tuple[str, ...], ...]
    pages: tuple[int | None, ...]
    doubtful: tuple[int, ...] = ()
    printed: tuple[tuple[str, ...], ...] = ()


def join_tables(tables: Sequence[Table]) -> list[Grid]:
    """Put the parts of one table together: repeated headers go, a row cut by a page is one row.

    A table without a header of its own that is as wide as the one before continues it.
    """
    grids: list[Grid] = []
    for table in tables:
        headers, printed = _split_header(table)
        start = len(printed)
        last = grids[-1] if grids else None
        continues = (
            last is not None
            and len(last.headers) == len(table.rows[0])
            and headers in ((), last.headers)
            and all(row in last.printed for row in printed)
        )
        names = last.headers if last and continues else headers or ("",) * len(table.rows[0])
        rows = _text_rows(table.rows[start:], names)
        pages = [
            table.pages[index] if index < len(table.pages) else None
            for index in range(start, len(table.rows))
        ]
        doubtful = [index - start for index in table.doubtful if index >= start]
        if last is None or not continues:
            roles = column_roles(names, rows)
            grids.append(
                Grid(names, roles, tuple(rows), tuple(pages), tuple(doubtful), tuple(printed))
            )
            continue
        if rows and last.rows and _is_rest_of_row(rows[0], last):
            cut, *rows = rows
            _, *pages = pages
            doubtful = [index - 1 for index in doubtful if index]
            merged = tuple(one_line(f"{a} {b}") for a, b in zip(last.rows[-1], cut, strict=True))
            last = replace(last, rows=(*last.rows[:-1], merged))
        grids[-1] = replace(
            last,
            rows=(*last.rows, *rows),
            pages=(*last.pages, *pages),
            doubtful=(*last.doubtful, *(index + len(last.rows) for index in doubtful)),
        )
    return grids


def is_task_table(grid: Grid) -> bool:
    """Say whether a grid lists activities (and is not a signature block, a layout or a form)."""
    named = any(grid.headers) or Role.ORDINAL in grid.roles
    return bool(grid.rows) and named and Role.ACTIVITY in grid.roles and len(grid.roles) > 1


def column_roles(headers: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> tuple[Role, ...]:
    """Return the role of each column, from its header, else from what stands in it.

    >>> [role.value for role in column_roles(["STT", "Nội dung/hoạt động", "Đơn vị chủ trì"])]
    ['ordinal', 'activity', 'lead']
    """
    roles = [role_of_header(header) for header in headers]
    for column, role in enumerate(roles):
        if role is Role.OTHER:
            filled = [row[column] for row in rows if row[column]]
            if filled and all(_ORDINAL.match(text) for text in filled) and column == 0:
                roles[column] = Role.ORDINAL
    first = next((c for c, role in enumerate(roles) if role is not Role.ORDINAL), None)
    if Role.ACTIVITY not in roles and first is not None and roles[first] is Role.MONITOR:
        # "Đợt kiểm tra" before all others names what is done, not who looks after it.
        roles[first] = Role.ACTIVITY
    if Role.ACTIVITY not in roles:
        # The widest text says what is to be done.
        widths = Counter(
            {
                column: sum(len(row[column]) for row in rows)
                for column, role in enumerate(roles)
                if role is Role.OTHER
            }
        )
        if widths:
            roles[widths.most_common(1)[0][0]] = Role.ACTIVITY
    for column, role in enumerate(roles):
        repeated = role in (Role.ORDINAL, Role.ACTIVITY) and role in roles[:column]
        # "Thời gian" over "Quý I", "Quý II" with marks below says no time in words.
        filled = [row[column] for row in rows if row[column]]
        marked = role is Role.TIME and filled and all(_MARK.match(text) for text in filled)
        if repeated or marked:
            roles[column] = Role.OTHER
    return tuple(roles)


@functools.lru_cache(maxsize=4096)
def role_of_header(header: str) -> Role:
    """Return what the column under `header` says; OTHER where the header does not tell."""
    folded = fold(one_line(header)).strip(" .:")
    return next((role for role, words in _HEADER_WORDS if words.search(folded)), Role.OTHER)


def read_rows(
    grid: Grid, spans: Sequence[Sequence[Span]], *, appendix: str, prefix: str
) -> list[AppendixRow]:
    """Return the typed rows of a grid.

    `spans[r][c]` is where cell c of row r stands in the plan's text; `appendix` is the label people
    use, `prefix` makes keys unique within the plan ("" or "pl2."). A group row (roman or letter
    ordinal, or none) under which ordinals start again becomes part of the key of its rows.
    """
    column = grid.roles.index(Role.ORDINAL) if Role.ORDINAL in grid.roles else None
    ordinals = [_ordinal(row, column) for row in grid.rows]
    printed = Counter(ordinals)
    rows: list[AppendixRow] = []
    taken: Counter[str] = Counter()
    above: list[tuple[int, str]] = []
    group: AppendixRow | None = None
    groups = 0
    for number, (texts, places) in enumerate(zip(grid.rows, spans, strict=True)):
        cells = _cells(grid, texts, places)
        ordinal = ordinals[number]
        row = AppendixRow(
            key="",
            appendix=appendix,
            group=None,
            ordinal=ordinal,
            parent=None,
            cells=cells,
            span=Span(places[0].start, places[-1].end),
            years=marked_years(cells),
        )
        if column is not None and row.is_heading and not ordinal:
            cells = _title_cells(cells, column)
            ordinal = _ordinal([cell.text for cell in cells], column)
            row = replace(row, cells=cells, ordinal=ordinal)
        if column is not None and row.is_heading and not ordinal[:1].isdigit():
            groups += 1
            group = row
            key = f"{prefix}{'r' + ordinal if ordinal else f'g{groups}'}"
        else:
            ordinal = ordinal or (rows[-1].ordinal if column is not None and rows else "")
            ordinal = ordinal or str(number + 1)
            inside = f"g{groups}." if group and printed[ordinal] > 1 else ""
            key = f"{prefix}{inside}r{ordinal}"
            row = replace(row, group=group.text_of(Role.ACTIVITY) if group else None)
        taken[key] += 1
        repeat = {1: "", 2: "+"}.get(taken[key], f"+{taken[key]}")
        parent = _parent(ordinal, printed, above)
        rows.append(replace(row, key=f"{key}{repeat}", ordinal=ordinal, parent=parent))
    return rows


def marked_years(cells: Sequence[Cell]) -> tuple[int, ...]:
    """Return the years whose column carries a mark."""
    return tuple(
        int(year[1])
        for cell in cells
        if cell.role is Role.YEARS
        and _MARK.match(cell.text)
        and (year := _YEAR.search(cell.header))
    )


def _split_header(table: Table) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the column names, none where the table has no header, and the rows that give them."""
    rows = [
        tuple(None if cell is None else one_line(cell) for cell in row)
        for row in table.rows[:_MOST_HEADER_ROWS]
    ]
    # Only the title of the table, in one cell across, may stand above the names.
    start = 1 if len(rows) > 1 and rows[0][0] and rows[0][1:] and not any(rows[0][1:]) else 0
    if not _names_columns(rows[start]):
        return (), []
    end = start + 1
    while end < len(rows) and _is_below_names(rows[end]):
        end += 1
    names = tuple(_column_name(rows[start:end], column) for column in range(len(rows[0])))
    return names, [tuple(cell or "" for cell in row) for row in rows[:end]]


def _names_columns(row: Sequence[str | None]) -> bool:
    """Say whether a row of short names opens a table, and not "1 | Phối hợp kiểm tra …"."""
    texts = [text for text in row if text]
    known = sum(role_of_header(text) is not Role.OTHER for text in texts)
    return (
        known >= min(_LEAST_HEADER_CELLS, len(row))
        and 2 * known >= len(texts)
        and not _ORDINAL.match(texts[0])
        and not any(
            len(text) > _LONGEST_COLUMN_NAME or text[0].islower() or text[-1] in ".;"
            for text in texts
        )
    )


def _is_below_names(row: Sequence[str | None]) -> bool:
    """Say whether a row under the names has sub-heads or counts the columns."""
    texts = [text for text in row if text]
    if any(len(text) > _LONGEST_COLUMN_NAME for text in texts):
        return False
    if row[0] is None or not texts or _is_column_numbering(texts):
        return True
    known = sum(role_of_header(text) is not Role.OTHER for text in texts)
    return not row[0] and known == len(texts) >= _LEAST_HEADER_CELLS


def _column_name(header: Sequence[Sequence[str | None]], column: int) -> str:
    """Return the lowest name of a column, after the names above it if it says too little alone."""
    names: list[str] = []
    own = False
    for row in header:
        if _is_column_numbering([text for text in row if text]):
            continue
        if row[column]:
            own = True
        if row[column] is None and not own:
            # Covered from the left: the name that reaches over this column.
            names.extend([text for text in row[:column] if text][-1:])
        else:
            names.extend([text for text in row[column : column + 1] if text])
    start = len(names) - 1
    while start > 0 and role_of_header(": ".join(names[start:])) is Role.OTHER:
        start -= 1
    return ": ".join(names[max(start, 0) :])


def _is_column_numbering(texts: Sequence[str]) -> bool:
    """Say whether a header row only counts the columns: (1) (2) (3)."""
    digits = [text.strip("()") for text in texts]
    return len(digits) > 1 and digits == [str(number) for number in range(1, len(digits) + 1)]


def _text_rows(rows: Sequence[Sequence[str | None]], names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the rows as text; a cell merged with the one above says the same as that one.

    None says that a cell is covered, not from where: in a row that is one cell across (a group) it
    is covered from the left, in any other from above. But lead and support are often one cell: a
    support right of a lead stays blank, for the one above would be somebody else's.
    """
    shared = [
        (role_of_header(left), role_of_header(name)) == (Role.LEAD, Role.SUPPORT)
        for left, name in pairwise(["", *names])
    ]
    texts: list[tuple[str, ...]] = []
    for row, following in zip_longest(rows, rows[1:], fillvalue=()):
        above = () if not texts or _is_across(row, following) else texts[-1]
        texts.append(
            tuple(
                above[column]
                if cell is None and above and not (shared[column] and row[column - 1])
                else one_line(cell or "")
                for column, cell in enumerate(row)
            )
        )
    return texts


def _is_across(row: Sequence[str | None], following: Sequence[str | None]) -> bool:
    """Say whether a row is a title across the table: an ordinal and a text, "I" or "5" over "5.1".

    At the end of a table it is taken for one: a missing lead is better than a wrong one.
    """
    own = [text for text in map(one_line, filter(None, row)) if text]
    if row[0] is None or row[-1] is not None or len(own) > _MOST_CELLS_OF_A_GROUP:
        return False
    if len(own) < _MOST_CELLS_OF_A_GROUP or not own[0][0].isdigit():
        return True
    below = one_line(following[0] or "") if following else ""
    return not below.rstrip(".)").isdigit()


def _is_rest_of_row(row: Sequence[str], grid: Grid) -> bool:
    """Say whether the first row after a page break goes on with the last row before it."""
    if Role.ORDINAL not in grid.roles or row[grid.roles.index(Role.ORDINAL)]:
        return False
    first = next((text for text in row if text), "")
    return bool(first) and not (
        sum(map(bool, row)) == 1
        and first[0].isupper()
        and first == row[grid.roles.index(Role.ACTIVITY)]
    )


def _cells(grid: Grid, texts: Sequence[str], places: Sequence[Span]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for header, role, text, span in zip(grid.headers, grid.roles, texts, places, strict=True):
        both = role in (Role.LEAD, Role.SUPPORT) and (
            _LEAD_THEN_SUPPORT.match(text) or _LEADS_WITH_SUPPORT.match(text)
        )
        if both:
            cells.extend(
                _part(Cell(part, header, text, span), *both.span(part))
                for part in (Role.LEAD, Role.SUPPORT)
            )
        else:
            cells.append(Cell(role, header, text, span))
    return tuple(cells)


def _part(cell: Cell, start: int, end: int) -> Cell:
    """Return the characters [start, end) of a cell as a cell, without punctuation at their end."""
    text = cell.text[start:end].rstrip(" .;,")
    begin = cell.span.start + start
    return replace(cell, text=text, span=Span(begin, begin + len(text)))


def _title_cells(cells: tuple[Cell, ...], column: int) -> tuple[Cell, ...]:
    """Divide a group title that stands across the table into its ordinal and its text."""
    across = cells[column]
    activity = next((i for i, cell in enumerate(cells) if cell.role is Role.ACTIVITY), None)
    if not across.text or activity is None or cells[activity].text:
        return cells
    marker = read_marker(across.text)
    start = marker.text_start if marker else 0
    changed = list(cells)
    changed[column] = _part(across, 0, len(marker.label) if marker else 0)
    changed[activity] = replace(
        cells[activity],
        text=across.text[start:],
        span=Span(across.span.start + start, across.span.end),
    )
    return tuple(changed)


def _ordinal(texts: Sequence[str], column: int | None) -> str:
    if column is None:
        return ""
    text = _NUMBER_FROM_SHEET.sub(r"\1", texts[column])
    return text.rstrip(".)") if _ORDINAL.match(text) else ""


def _parent(ordinal: str, printed: Counter[str], above: list[tuple[int, str]]) -> str | None:
    """Return the ordinal of the row this one stands under; `above` holds the open rows by rank."""
    rank = _rank(ordinal)
    while above and above[-1][0] >= rank:
        above.pop()
    parent = above[-1][1] if above else None
    above.append((rank, ordinal))
    prefix = ordinal.rpartition(".")[0]
    while prefix and not printed[prefix]:
        prefix = prefix.rpartition(".")[0]
    if prefix or "." not in ordinal:
        return prefix or parent or None
    return next((other for _, other in reversed(above) if other and not other[0].isdigit()), None)


def _rank(ordinal: str) -> int:
    """Return how deep an ordinal stands: A, then I, then 1, 1.1, …, then a."""
    if ordinal[:1].isdigit():
        return 2 + ordinal.count(".")
    if ordinal.islower():
        return 9
    return 1 if set(ordinal) <= set("IVX") else 0
