"""Tables to appendix rows, whatever the column set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.marker import roman_value
from corpus.model import AppendixRow, Cell, Role, Span
from corpus.readers.document import Table
from corpus.text import fold, one_line

# What a header says about its column, most specific first; matched in the folded header.
_HEADER_WORDS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.ORDINAL, re.compile(r"^(?:stt|tt|so tt|so thu tu|no\.?)$")),
    (Role.YEARS, re.compile(r"^(?:nam )?(?:19|20)\d{2}$")),
    (Role.MONITOR, re.compile(r"\b(?:theo doi|kiem tra|don doc|giam sat|danh gia)\b")),
    (Role.SUPPORT, re.compile(r"\bphoi hop\b")),
    (Role.LEAD, re.compile(r"\b(?:chu tri|trach nhiem|don vi thuc hien|co quan thuc hien|don vi dau moi|phan cong|nguoi thuc hien|to chuc thuc hien)\b")),
    (Role.PRODUCT, re.compile(r"\b(?:san pham|ket qua|dau ra|muc tieu can dat)\b")),
    (Role.TIME, re.compile(r"\b(?:thoi gian|thoi han|tien do|han hoan thanh|lo trinh|thoi diem|ngay)\b")),
    (Role.BUDGET, re.compile(r"\b(?:kinh phi|du toan|nguon von|so tien|ngan sach)\b")),
    (Role.NOTE, re.compile(r"\b(?:ghi chu|chu thich)\b")),
    (Role.ACTIVITY, re.compile(r"\b(?:noi dung|hoat dong|nhiem vu|cong viec|giai phap|ten|chi tieu|hang muc)\b")),
)  # fmt: skip
_YEAR = re.compile(r"\b((?:19|20)\d{2})\b")
_MARK = re.compile(r"^[xX✓✔√]$")
_ORDINAL = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,6}|[A-ZĐ]|[a-zđ])[.)]?$")
_NUMBER_FROM_SHEET = re.compile(r"^(\d{1,3})\.0$")
_CHU_TRI_PHOI_HOP = re.compile(
    r"^\W*(?:(?:cơ quan|đơn vị)\s+)?chủ trì\s*:\s*(?P<lead>.+?)[;.,\s]*(?:(?:cơ quan|đơn vị)\s+)?phối hợp(?:\s+thực hiện)?\s*:\s*(?P<support>.+)$",
    re.I | re.S,
)
# A header stands in the first rows of a table, if it has one.
_MOST_HEADER_ROWS = 4
_LEAST_HEADER_CELLS = 2
# A group row has its ordinal and its title.
_MOST_CELLS_OF_A_GROUP = 2


@dataclass(frozen=True, slots=True)
class Grid:
    """Tables that are one: the header of each column, and its rows of text cells.

    `doubtful` are indexes of `rows` that may be cut in the wrong place, `pages[i]` the page of row i.
    """

    headers: tuple[str, ...]
    roles: tuple[Role, ...]
    rows: tuple[tuple[str, ...], ...]
    pages: tuple[int | None, ...]
    doubtful: tuple[int, ...] = ()


def join_tables(tables: Sequence[Table]) -> list[Grid]:
    """Put the parts of one table together: repeated headers go, a row cut by a page is one row.

    A table without a header of its own that is as wide as the one before continues it.
    """
    grids: list[Grid] = []
    for table in tables:
        header, body_start = _split_header(table)
        rows = _text_rows(table.rows[body_start:])
        pages = [
            table.pages[index] if index < len(table.pages) else None
            for index in range(body_start, len(table.rows))
        ]
        doubtful = [index - body_start for index in table.doubtful if index >= body_start]
        last = grids[-1] if grids else None
        if (
            last
            and len(last.headers) == len(table.rows[0])
            and (header is None or header == last.headers)
        ):
            if rows and last.rows and _is_rest_of_row(rows[0], last):
                cut, *rows = rows
                _, *pages = pages
                doubtful = [index - 1 for index in doubtful if index]
                merged = tuple(
                    one_line(f"{a} {b}") for a, b in zip(last.rows[-1], cut, strict=True)
                )
                last = replace(last, rows=(*last.rows[:-1], merged))
            grids[-1] = replace(
                last,
                rows=(*last.rows, *rows),
                pages=(*last.pages, *pages),
                doubtful=(*last.doubtful, *(index + len(last.rows) for index in doubtful)),
            )
        elif header is not None or rows:
            headers = header or tuple("" for _ in table.rows[0])
            grids.append(
                Grid(
                    headers, column_roles(headers, rows), tuple(rows), tuple(pages), tuple(doubtful)
                )
            )
    return grids


def is_task_table(grid: Grid) -> bool:
    """Say whether a grid lists activities (and is not a signature block or a form)."""
    return bool(grid.rows) and Role.ACTIVITY in grid.roles and len(grid.roles) > 1


def column_roles(headers: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> tuple[Role, ...]:
    """Return the role of each column, from its header, else from what stands in it.

    >>> [role.value for role in column_roles(["STT", "Nội dung/hoạt động", "Đơn vị chủ trì"])]
    ['ordinal', 'activity', 'lead']
    """
    roles = [_role_of_header(header) for header in headers]
    for column, role in enumerate(roles):
        if role is Role.OTHER:
            filled = [row[column] for row in rows if row[column]]
            if filled and all(_ORDINAL.match(text) for text in filled) and column == 0:
                roles[column] = Role.ORDINAL
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
    once = {Role.ORDINAL, Role.ACTIVITY}
    for column, role in enumerate(roles):
        if role in once and role in roles[:column]:
            roles[column] = Role.OTHER
    return tuple(roles)


def read_rows(
    grid: Grid, spans: Sequence[Sequence[Span]], *, appendix: str, prefix: str
) -> list[AppendixRow]:
    """Return the typed rows of a grid.

    `spans[r][c]` is where cell c of row r stands in the plan's text; `appendix` is the label people
    use, `prefix` makes keys unique within the plan ("" or "pl2."). A group row (roman or letter
    ordinal, or none) under which ordinals start again becomes part of the key of its rows.
    """
    ordinal_column = grid.roles.index(Role.ORDINAL) if Role.ORDINAL in grid.roles else None
    drafts: list[AppendixRow] = []
    group: AppendixRow | None = None
    groups = 0
    taken: set[str] = set()
    printed = {_ordinal(row, ordinal_column) for row in grid.rows}
    for number, (texts, places) in enumerate(zip(grid.rows, spans, strict=True), 1):
        cells = _cells(grid, texts, places)
        ordinal = _ordinal(texts, ordinal_column)
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
        if _opens_group(row, has_ordinals=ordinal_column is not None):
            groups += 1
            group = row
            key = f"{prefix}{'r' + _slug(ordinal) if ordinal else f'g{groups}'}"
        else:
            ordinal = ordinal or str(number)
            parent = _parent(ordinal, printed, group)
            inside = f"g{groups}." if group and f"{prefix}r{ordinal}" in taken else ""
            key = f"{prefix}{inside}r{_slug(ordinal)}"
            row = replace(
                row,
                ordinal=ordinal,
                parent=parent,
                group=group.text_of(Role.ACTIVITY) if group else None,
            )
        while key in taken:
            key += "+"
        taken.add(key)
        drafts.append(replace(row, key=key))
    return drafts


def marked_years(cells: Sequence[Cell]) -> tuple[int, ...]:
    """Return the years whose column carries a mark."""
    return tuple(
        int(year[1])
        for cell in cells
        if cell.role is Role.YEARS
        and _MARK.match(cell.text)
        and (year := _YEAR.search(cell.header))
    )


def _split_header(table: Table) -> tuple[tuple[str, ...] | None, int]:
    """Return the column names (sub-heads win over the head above them) and where rows begin."""
    best = 0
    for count in range(1, min(_MOST_HEADER_ROWS, len(table.rows)) + 1):
        row = table.rows[count - 1]
        texts = [one_line(cell) for cell in row if cell and cell.strip()]
        known = sum(_role_of_header(text) is not Role.OTHER for text in texts)
        covered = any(cell is None for cell in row)
        if texts and _ORDINAL.match(texts[0]) and count > 1 and not _is_column_numbering(texts):
            break
        if count == 1 and known < min(_LEAST_HEADER_CELLS, len(row)):
            break
        if count > 1 and not (_is_column_numbering(texts) or (covered and known >= 1) or not texts):
            break
        if any(len(text) > 80 for text in texts):
            break
        best = count
    if not best:
        return None, 0
    names = []
    for column in range(len(table.rows[0])):
        stack: list[str] = []
        for row in table.rows[:best]:
            cell = row[column]
            texts = [one_line(other) for other in row if other and other.strip()]
            if cell and cell.strip() and not _is_column_numbering(texts):
                stack.append(one_line(cell))
        names.append(stack[-1] if stack else "")
    return tuple(names), best


def _is_column_numbering(texts: Sequence[str]) -> bool:
    """Say whether a header row only counts the columns: (1) (2) (3)."""
    digits = [text.strip("()") for text in texts]
    return len(digits) > 1 and digits == [str(number) for number in range(1, len(digits) + 1)]


def _role_of_header(header: str) -> Role:
    folded = fold(one_line(header)).strip(" .:")
    return next((role for role, words in _HEADER_WORDS if words.search(folded)), Role.OTHER)


def _text_rows(rows: Sequence[Sequence[str | None]]) -> list[tuple[str, ...]]:
    """Return the rows as text; a cell merged with the one above says the same as that one.

    None says that a cell is covered, not from where: in a row that is one cell across (a group) it
    is covered from the left, in any other from above.
    """
    texts: list[tuple[str, ...]] = []
    for row in rows:
        own = [cell for cell in row if cell and cell.strip()]
        across = len(own) <= _MOST_CELLS_OF_A_GROUP and row[-1] is None and row[0] is not None
        texts.append(
            tuple(
                texts[-1][column] if cell is None and texts and not across else one_line(cell or "")
                for column, cell in enumerate(row)
            )
        )
    return texts


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
        both = _CHU_TRI_PHOI_HOP.match(text) if role in (Role.LEAD, Role.SUPPORT) else None
        if both:
            for part, part_role in (("lead", Role.LEAD), ("support", Role.SUPPORT)):
                start, end = both.span(part)
                trimmed = text[start:end].rstrip(" .;,")
                cells.append(
                    Cell(
                        part_role,
                        header,
                        trimmed,
                        Span(span.start + start, span.start + start + len(trimmed)),
                    )
                )
        else:
            cells.append(Cell(role, header, text, span))
    return tuple(cells)


def _ordinal(texts: Sequence[str], column: int | None) -> str:
    if column is None:
        return ""
    text = _NUMBER_FROM_SHEET.sub(r"\1", texts[column])
    return text.rstrip(".)") if _ORDINAL.match(text) else ""


def _opens_group(row: AppendixRow, *, has_ordinals: bool) -> bool:
    """Say whether a row only titles what follows and stands above numbered rows."""
    if not row.is_heading or not has_ordinals:
        return False
    return not row.ordinal or not row.ordinal[0].isdigit()


def _parent(ordinal: str, printed: set[str], group: AppendixRow | None) -> str | None:
    above = ordinal.rpartition(".")[0]
    while above and above not in printed:
        above = above.rpartition(".")[0]
    if above:
        return above
    if (
        group is not None
        and group.ordinal
        and (roman_value(group.ordinal) or group.ordinal.isalpha())
    ):
        return group.ordinal
    return None


def _slug(ordinal: str) -> str:
    return ordinal.replace(" ", "")
