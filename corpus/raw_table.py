"""A table rebuilt from raw PDF text in which only the order of the lines is left.

The text of a table comes cell by cell: row number, then the lines of the first cell, of the
second, … with page numbers and repeated headers in between and nothing that says where a cell
ends. Three steps put it together again:

1. the header: from "STT" to the first row number, cut into column names and roles;
2. the rows: a row number is a line that opens with the *next* number; a lone number that is
   not the next one is a page number;
3. the cells: a dynamic program cuts every row into as many cells as there are columns. It weighs
   capitals at a cell's start, dangling words at its end, brackets, words typical of a column's
   role, and wrapping: inside a cell the next word must not have fitted into the column. Column
   widths are unknown, so cutting and measuring take turns until they agree.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from corpus.model import Role
from corpus.text import fold


@dataclass(frozen=True, slots=True)
class RawRow:
    """One rebuilt row: `cells` stand under the header's names, the ordinal as printed first.

    `confidence` in 0..1 is the chance that every cut of the row is right, by the program's own
    weights; 0 where the text did not allow a choice.
    """

    cells: tuple[str, ...]
    confidence: float

    @property
    def ordinal(self) -> str:
        """Return the row number without its full stop or bracket: "5.2"."""
        return self.cells[0].rstrip(".)")


@dataclass(frozen=True, slots=True)
class RawTable:
    """A rebuilt table: ``lines[first_line:end_line]`` are its lines, header included.

    Every row has as many cells as the header has names; a cell is its lines joined by one space.
    """

    header: tuple[str, ...]
    rows: tuple[RawRow, ...]
    first_line: int
    end_line: int

    @property
    def doubtful(self) -> tuple[RawRow, ...]:
        """Return the rows that a person should compare with the original."""
        return tuple(row for row in self.rows if row.confidence < _DOUBT)


def rebuild_table(lines: Sequence[str]) -> RawTable | None:
    """Return the table that `lines` hold, or None where they are no table.

    `lines` are normalised lines (`corpus.text.normalise`), blank ones allowed. A table opens with a
    header of "STT" or "TT", an activity ("Nội dung", "Nhiệm vụ", …) and at least one column more
    that says who, what or when, and has two rows at least; prose with numbered clauses has
    no such header. The time taken grows with the number of lines, whatever they say.
    """
    kept = [_Line(number, line) for number, line in enumerate(lines) if line]
    header = _find_header(kept)
    if header is None:
        return None
    blocks, end = _split_rows(header)
    if len(blocks) < _FEWEST_ROWS:
        return None
    marks = _mark_columns(header.columns, blocks)
    columns = [column for column in header.columns[1:] if column not in marks]
    taken = [_take_marks(block, len(marks)) for block in blocks]
    columns, cut = _cut_rows([block for block, _ in taken], columns)
    rows = tuple(
        RawRow(
            (block.ordinal, *cells, *_place_marks(found, len(marks))),
            confidence if len(found) in (0, len(marks)) else 0.0,
        )
        for (block, found), (cells, confidence) in zip(taken, cut, strict=True)
    )
    names = tuple(column.name for column in (header.columns[0], *columns, *marks))
    return RawTable(names, rows, header.lines[0].number, end)


# --- what is not tuned -------------------------------------------------------------------------

# One row could be a numbered line that happens to follow header words.
_FEWEST_ROWS = 2
# Lines; the longest header seen has 18. Beyond this, "STT" was a word of the text.
_LONGEST_HEADER = 40
# Places where a row may be cut; the longest real row seen has 142. The work for one row grows with
# the square of it, so a longer row loses its in-line cuts first, then stays in one piece.
_MOST_PIECES = 200
# Squares of pieces, each row's own overhead counted as pieces, in the rows from which the widths
# of the columns are learnt: forty rows of common length, three of the longest; more move nothing.
_WORK_TO_MEASURE = 250_000
_ROW_OVERHEAD = 60
_MOST_ROUNDS = 8
_ROWS_TO_ORDER = 12
# Readings of the row numbers kept side by side; four are enough for every layout tried.
_MOST_CHAINS = 24

# --- weights, in one unit: what a doubt costs ----------------------------------------------
# Set by hand on printed layouts; moved one at a time by a third, they change 0 to 1.6 % of the
# cells, `empty` and `in_line_unknown` the most: see docs/findings/raw-tables.md.

# A width is in thousandths of the type size, as font metrics are.
_SPACE = 250.0
# Below this, a row is named to a person.
_DOUBT = 0.8


@dataclass(frozen=True, slots=True)
class _Weights:
    """What speaks against a cell, in the unit of the program."""

    middle_start: float = 4.0
    dangling_end: float = 3.0
    unbalanced: float = 2.0
    capital_inside: float = 0.9
    own_words: float = -1.6
    other_words: float = 0.9
    no_words: float = 0.9
    empty: float = 2.5
    empty_lead: float = 3.5
    empty_activity: float = 9.0
    empty_under_heading: float = 0.3
    filled_under_heading: float = 1.0
    in_line: float = 1.0
    in_line_unknown: float = 2.3
    too_wide: float = 30.0
    too_narrow: float = 25.0
    most_per_line: float = 6.0


_WEIGHTS = _Weights()
# Cutting and measuring may settle in the wrong place, so they start from several readings.
_STARTS = (
    _WEIGHTS,
    replace(_WEIGHTS, capital_inside=2.0),
    replace(_WEIGHTS, own_words=-2.5, other_words=2.0, no_words=2.0),
    replace(_WEIGHTS, in_line=6.0, in_line_unknown=8.0),
)

# The capital letters of Vietnamese; ranges of code points mix them with small ones.
_CAPITAL = "[A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ]"

# --- the header --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, and its place among all lines."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class _Column:
    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class _Header:
    """`columns` in reading order, the `lines` they were read from, and those `below`."""

    columns: tuple[_Column, ...]
    lines: list[_Line]
    below: list[_Line]


# A page number in between may have been taken for a row.
_MOST_PAGES_A_STEP = 3
# The first cell of a header. Not "TT-BTC", "Số: 97/KH-UBND", "TT. HĐND tỉnh".
_ORDINAL_HEAD = re.compile(r"(?:stt|(?:so )?tt|so thu tu)(?= |$)")
# The same, broken over two lines. Not "Số 97".
_ORDINAL_HEAD_OPENING = re.compile(r"so(?: thu)?$")
# A line of the row that numbers the columns: "1", "(1) (2) (3)". Not "1 hội nghị".
_COLUMN_NUMBERS = re.compile(r"\(?\d{1,2}\)?(?: \(?\d{1,2}\)?)*$")
# A header line that goes on with the first row. Not "Quý 1", "Giai đoạn 1", "Năm 2021".
_HEAD_AND_ROW = re.compile(
    rf"(.*?\S)(?<!uý)(?<!ăm)(?<!oạn)(?<!ợt)(?<!ỳ)(?<!ấp) (1(?: {_CAPITAL}.*)?)$"
)
_NUMBER = re.compile(r"\d+")

# Roles by the words of a header, folded; the first match in the text wins, then in the list.
# "Đơn vị" alone is a lead only where nothing says more.
_UNIT_HEAD = r"(?:(?:don vi|co quan|to chuc|bo phan|ca nhan|cap|nguoi)[ ,/]+(?:va |hoac )?)*"
_ROLE_WORDS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.ORDINAL, re.compile(r"^(?:stt|(?:so )?tt|so thu tu)$")),
    (Role.NOTE, re.compile(r"^ghi chu")),
    (Role.YEARS, re.compile(r"^(?:nam )?20\d\d$")),
    (Role.LEAD, re.compile(_UNIT_HEAD + r"chu tri")),
    (Role.SUPPORT, re.compile(_UNIT_HEAD + r"phoi hop")),
    (
        Role.MONITOR,
        re.compile(_UNIT_HEAD + r"(?:lanh dao|theo doi|giam sat|phu trach|kiem tra)"),
    ),
    (Role.BUDGET, re.compile(r"(?:du kien |nhu cau |nguon )?(?:kinh phi|du toan|nguon von)")),
    (Role.PRODUCT, re.compile(r"san pham|ket qua|dau ra")),
    (Role.TIME, re.compile(r"thoi gian|thoi han|thoi diem|tien do|lo trinh")),
    (
        Role.ACTIVITY,
        re.compile(r"noi dung|nhiem vu|hoat dong|cong viec|giai phap|chi tieu|muc tieu"),
    ),
    (Role.LEAD, re.compile(r"don vi|co quan|thuc hien|phan cong|trach nhiem")),
)
# Heads that span "chủ trì" and "phối hợp", or the years, when those stand below them.
_SPANNING = {Role.LEAD: (Role.LEAD, Role.SUPPORT), Role.TIME: (Role.YEARS,)}
_SUBSTANCE = frozenset({Role.LEAD, Role.SUPPORT, Role.PRODUCT, Role.TIME})

# A column name opens with a capitalised word. Not "UBND" or "TT", nor what follows "/" or ",".
_CAPITALISED = re.compile(rf"(?<![,/(-]) (?={_CAPITAL}[^\W\d_])(?!{_CAPITAL}{{2}})")
# Where a name opens in a header all in capitals, folded. Not after "/", "," or "và".
_ACTIVITY_HEAD = r"(?:noi dung|nhiem vu|hoat dong|cong viec|muc tieu|chi tieu)"
_CAPS_NAME = re.compile(
    r"(?<![/,] )(?<![/,-])(?<! va )\b(?:stt|(?:so )?tt|so thu tu"
    rf"|(?:ten )?{_ACTIVITY_HEAD}(?:[ ,/]+(?:va )?{_ACTIVITY_HEAD})*"
    rf"|{_UNIT_HEAD}(?:chu tri|phoi hop|thuc hien)|don vi|co quan|san pham|ket qua|thoi gian"
    r"|thoi han|tien do|lo trinh|(?:du kien )?kinh phi|du toan|nguon von|ghi chu|nam 20\d\d)\b"
)


def _find_header(lines: list[_Line]) -> _Header | None:
    for first, opening in enumerate(lines):
        key = fold(opening.text)
        if _ORDINAL_HEAD_OPENING.match(key) and first + 1 < len(lines):
            key = f"{key} {fold(lines[first + 1].text)}"
        if not _ORDINAL_HEAD.match(key):
            continue
        head, below = _end_of_header(lines[first : first + _LONGEST_HEADER])
        columns = _read_columns(" ".join(line.text for line in head)) if head else None
        if columns:
            below = _skip_column_numbers(below + lines[first + _LONGEST_HEADER :])
            return _Header(columns, head, below)
    return None


def _end_of_header(lines: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    """Return the lines before and from the first row or column number; no lines before if none."""
    for place, line in enumerate(lines):
        if place and (_COLUMN_NUMBERS.match(line.text) or _opens_a_table(line.text)):
            return lines[:place], lines[place:]
        if match := _HEAD_AND_ROW.match(line.text):
            head, one = (_Line(line.number, match[part]) for part in (1, 2))
            return [*lines[:place], head], [one, *lines[place + 1 :]]
    return [], lines


def _opens_a_table(text: str) -> bool:
    anchor = _anchor(text)
    return anchor is not None and anchor[0] in _FIRST_ORDINALS


def _read_columns(text: str) -> tuple[_Column, ...] | None:
    names = list(_split_names(text))
    columns = [_Column(_role_of(name), name) for name in names]
    roles = [column.role for column in columns]
    if roles[0] is not Role.ORDINAL or roles.count(Role.ORDINAL) > 1:
        return None
    if Role.ACTIVITY not in roles or not _SUBSTANCE.intersection(roles):
        return None
    if sum(role is Role.OTHER for role in roles) * 2 > len(roles):
        return None
    return tuple(_put_sub_heads_in_place(columns))


def _split_names(text: str) -> Iterator[str]:
    if text.upper() == text:
        starts = [match.start() for match in _CAPS_NAME.finditer(fold(text))]
    else:
        starts = [match.end() for match in _CAPITALISED.finditer(text)]
    starts = [start for start in starts if text.count("(", 0, start) == text.count(")", 0, start)]
    bounds = [0, *(start for start in starts if start), len(text)]
    for start, end in pairwise(bounds):
        name = text[start:end].strip()
        ordinal = _ORDINAL_HEAD.match(fold(name)) if start == 0 else None
        if ordinal and ordinal.end() < len(name):
            yield name[: ordinal.end()]
            name = name[ordinal.end() :].strip()
        yield name


def _role_of(name: str) -> Role:
    key = fold(name)
    found = [
        (match.start(), rank, role)
        for rank, (role, pattern) in enumerate(_ROLE_WORDS[:-1])
        if (match := pattern.search(key))
    ]
    if found:
        return min(found)[2]
    return Role.LEAD if _ROLE_WORDS[-1][1].search(key) else Role.OTHER


def _put_sub_heads_in_place(columns: list[_Column]) -> Iterator[_Column]:
    """Yield the columns, each spanning head replaced by the heads that stand below it."""
    moved: set[int] = set()
    for index, column in enumerate(columns):
        below: list[int] = []
        if column.role in _SPANNING and "chu tri" not in fold(column.name):
            below = [
                later
                for later in range(index + 1, len(columns))
                if columns[later].role in _SPANNING[column.role]
            ]
        if {columns[later].role for later in below} == set(_SPANNING.get(column.role, "-")):
            yield from (columns[later] for later in below)
            moved.update(below)
        elif index not in moved:
            yield column


def _skip_column_numbers(lines: list[_Line]) -> list[_Line]:
    """Return `lines` without a row "1 2 3 4 5" at their beginning that numbers the columns."""
    count = 0
    for place, line in enumerate(lines):
        numbers = [int(number) for number in _NUMBER.findall(line.text)]
        expected = list(range(count + 1, count + 1 + len(numbers)))
        if numbers != expected or not _COLUMN_NUMBERS.match(line.text):
            return lines[place:] if count >= 3 else lines
        count += len(numbers)
    return lines


# --- the rows ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    """A row before it is cut: `ordinal` as printed; `heads` says that rows below belong to it."""

    ordinal: str
    lines: tuple[str, ...]
    heads: bool = False


# A row number alone or before its row's text: "5", "5.2.", "II", "3) Rà soát". Not "5.000 đồng".
_ANCHOR = re.compile(r"((\d{1,3}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|[A-H])[.)]?)(?: (\S.*))?$")
# Page furniture: "12", "- 3 -", "Trang 2/7". Not "12 hội nghị".
_PAGE_NUMBER = re.compile(r"(?:- ?)?(?:[Tt]rang )?\d{1,3}(?:/\d{1,3})?(?: ?-)?$")
# What stands below a table. Not "Ghi chú của đơn vị", "Phụ lục kèm theo Kế hoạch".
_AFTER_TABLE = re.compile(
    r"Nơi nhận|Ghi chú ?:|(?:PHỤ LỤC|Phụ lục)(?: (?:[IVX]+|\d+))?$|(?:TM|KT|TL|TUQ)\. ?[A-ZĐỦỶ]"
    r"|Tổng (?:cộng|số)(?: ?:|[ \d.,]*$)"
)
_FIRST_ORDINALS = frozenset({"1", "I", "A"})
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
_LETTERS = tuple("ABCDEFGH")


def _split_rows(header: _Header) -> tuple[list[_Block], int]:
    """Return the rows below `header` and the line at which the table ends."""
    lines = list(_without_repeated_header(header))
    anchors = _choose_anchors([line.text for line in lines])
    pages = _page_numbers(header.columns, lines, anchors.keys())
    rows: list[tuple[str, str, list[str]]] = []
    end = header.lines[-1].number + 1
    for place, line in enumerate(lines):
        if place in anchors:
            key, printed, text = anchors[place]
            rows.append((key, printed, [text] if text else []))
        elif _AFTER_TABLE.match(line.text):
            break
        elif not rows or place in pages:
            continue
        else:
            rows[-1][2].append(line.text)
        end = line.number + 1
    return [
        _Block(printed, tuple(texts), heads=_heads(key, after))
        for (key, printed, texts), (after, _, _) in pairwise([*rows, ("", "", [])])
    ], end


def _page_numbers(
    columns: Sequence[_Column], lines: list[_Line], anchors: Collection[int]
) -> set[int]:
    """Return the lines that only number a page.

    Where a column may hold bare numbers (money, a quantity), lone numbers are those of pages only
    if they count upwards as pages do.
    """
    found = {
        place: int(_NUMBER.findall(line.text)[0])
        for place, line in enumerate(lines)
        if place not in anchors and _PAGE_NUMBER.match(line.text)
    }
    bare = any(column.role in (Role.BUDGET, Role.OTHER) for column in columns)
    steps = [after - before for before, after in pairwise(found.values())]
    if bare and not all(0 < step <= _MOST_PAGES_A_STEP for step in steps):
        return set()
    return set(found)


def _without_repeated_header(header: _Header) -> Iterator[_Line]:
    """Yield the lines below `header` without its repetitions on later pages."""
    head = [fold(line.text) for line in header.lines]
    keys = [fold(line.text) for line in header.below]
    place = 0
    while place < len(keys):
        last = place + len(head) - 1
        if keys[place:last] == head[:-1] and f"{(keys + [''] * len(head))[last]} ".startswith(
            f"{head[-1]} "
        ):
            rest = header.below[last].text[len(head[-1]) :].strip()
            if rest:
                yield _Line(header.below[last].number, rest)
            place = last + 1
        else:
            yield header.below[place]
            place += 1


@dataclass(frozen=True, slots=True)
class _Chain:
    """Row numbers chosen so far: the last one's line, as `_anchor` read it, and those before."""

    score: int = 0
    line: int = 0
    anchor: tuple[str, str, str] = ("", "", "")
    before: _Chain | None = None


def _choose_anchors(lines: list[str]) -> dict[int, tuple[str, str, str]]:
    """Return the lines that open a row, each with the number as a key, as printed, and the rest.

    Each number must be a next one. A page number may be one too, so of all chains of numbers that
    one is chosen whose lines look most like rows' beginnings, the later line where two are equal.
    """
    chains = {_Counters(): _Chain()}
    for index, line in enumerate(lines):
        anchor = _anchor(line)
        if anchor is None:
            continue
        gain = _strength(lines, index) - 1
        for counters, chain in list(chains.items()):
            if anchor[0] in counters.expected():
                after = counters.advanced(anchor[0])
                longer = _Chain(chain.score + gain, index, anchor, chain)
                if after not in chains or longer.score >= chains[after].score:
                    chains[after] = longer
        kept = sorted(chains.items(), key=lambda item: -item[1].score)[:_MOST_CHAINS]
        chains = dict(kept)
    best: _Chain | None = max(chains.values(), key=lambda chain: chain.score)
    chosen = {}
    while best and best.before:
        chosen[best.line] = best.anchor
        best = best.before
    return chosen


def _anchor(line: str) -> tuple[str, str, str] | None:
    match = _ANCHOR.match(line)
    if match is None:
        return None
    printed, number, text = match[1], match[2], match[3] or ""
    if text and not _opens_like_a_cell(text):
        return None
    key = ".".join(part.lstrip("0") or "0" for part in number.split("."))
    return key, printed, text


def _strength(lines: list[str], index: int) -> int:
    """Count what speaks for a row opening at a line: a capital after it, a finished cell before."""
    below = lines[index + 1] if index + 1 < len(lines) else ""
    text = " ".join(lines[index].split()[1:]) or below
    above = lines[index - 1] if index else ""
    opens = _opens_like_a_cell(text) and not _anchor(text)
    return 2 * opens + (not _dangles(above)) + bool(_WORDS[Role.ACTIVITY].match(text))


@dataclass(frozen=True, slots=True)
class _Counters:
    """Where the numbering stands: the last number, Roman numeral and letter, "" for none."""

    number: str = ""
    roman: str = ""
    letter: str = ""
    fresh: bool = True

    def expected(self) -> frozenset[str]:
        """Return the numbers that may open the next row."""
        keys = set(_FIRST_ORDINALS) if not (self.number or self.roman or self.letter) else set()
        if self.number:
            parts = self.number.split(".")
            keys.add(f"{self.number}.1")
            for depth in range(len(parts)):
                keys.add(".".join([*parts[:depth], str(int(parts[depth]) + 1)]))
        if self.fresh:
            keys.add("1")
            if self.letter and not self.roman:
                keys.add("I")
        if self.roman:
            keys.update(_next_of(_ROMANS, self.roman))
        if self.letter:
            keys.update(_next_of(_LETTERS, self.letter))
        return frozenset(keys)

    def advanced(self, key: str) -> _Counters:
        """Return the counters after a row numbered `key`."""
        if key[0].isdigit():
            return replace(self, number=key, fresh=False)
        if key in _next_of(_ROMANS, self.roman) and not (
            self.letter and key in _next_of(_LETTERS, self.letter)
        ):
            return replace(self, roman=key, fresh=True)
        return replace(self, roman="", letter=key, fresh=True)


def _next_of(series: tuple[str, ...], last: str) -> tuple[str, ...]:
    place = series.index(last) + 1 if last in series else 0
    return series[place : place + 1]


def _heads(key: str, following: str) -> bool:
    return not key[0].isdigit() or following.startswith(f"{key}.")


# --- the marks ---------------------------------------------------------------------------------

# The marks at the end of a row: "X X X". Not the x of "Box", and not "X" before a word.
_MARKS = re.compile(r"(?:^| )((?:[xX✓✔] ?)+)$")


def _mark_columns(columns: Sequence[_Column], blocks: Sequence[_Block]) -> list[_Column]:
    """Return the trailing columns that hold a mark instead of text."""
    years = [column for column in columns if column.role is Role.YEARS]
    if not years:
        return []
    marked = sum(bool(block.lines and _MARKS.search(block.lines[-1])) for block in blocks)
    whole = sum(not block.heads for block in blocks)
    return years if marked * 2 >= whole else []


def _take_marks(block: _Block, most: int) -> tuple[_Block, list[str]]:
    """Return `block` without the marks at its end, and the marks."""
    lines, marks = list(block.lines), list[str]()
    while most and lines and len(marks) < most and (match := _MARKS.search(lines[-1])):
        marks = [*match[1].replace(" ", ""), *marks]
        lines[-1] = lines[-1][: match.start()]
        if lines[-1]:
            break
        lines.pop()
    heads = not marks if most else block.heads
    return replace(block, lines=tuple(lines), heads=heads), marks


def _place_marks(marks: list[str], columns: int) -> list[str]:
    """Return a cell for each mark column; empty ones where it is lost which of them is marked."""
    return marks if len(marks) == columns else [""] * columns


# --- the cells ---------------------------------------------------------------------------------

# A cell does not end in a word or sign that asks for more. Not "Hồ sơ và tài liệu".
_DANGLING = re.compile(
    r"(?:[,;(–/-]|(?:^| )(?:và|của|các|cho|với|về|trong|để|hoặc|tại|do|là|từ|đến|theo|bằng"
    r"|những|một"
    r"|được|cùng|bởi|trên|việc|như|thuộc|nhằm))$",
    re.IGNORECASE,
)
# Nor in the first word of a name or number that the next line brings. Not "Xã hội", "trong năm".
_UNFINISHED = re.compile(
    r"(?:^| )(?:Văn phòng|Chủ tịch|Lãnh đạo|Thủ trưởng|Trung tâm|Sở|Ban|Bộ|Hội|Đoàn|Cục|Chi cục"
    r"|Viện"
    r"|Trường|UBND|HĐND|Ủy ban|Nghị định|Quyết định số|Nghị quyết số|Chỉ thị số|Kế hoạch số)$"
)
# A number below one of these goes on with it: "Nghị định số / 52/2015/NĐ-CP", "tháng / 01/2026".
_BEFORE_A_NUMBER = re.compile(
    r"(?:^| )(?:số|năm|tháng|ngày|quý|Điều|khoản|đoạn|kỳ|thứ|đến|từ)$", re.IGNORECASE
)
_LEADING_SIGNS = '"“‘(- –+•*'

# How the cells of a role begin. A unit that is also a common word needs a capital after it: "Ban
# Dân tộc", not "Ban hành"; "Bộ Công an", not "Bộ tiêu chí"; "Hội Nông dân", not "Hội nghị".
_A_UNIT = (
    r"(?:UBND|HĐND|UBMTTQ|Ủy ban|Uỷ ban|Sở|Công an|Cơ quan|Tỉnh đoàn|Tỉnh ủy|Thành đoàn"
    r"|Thanh tra|Văn phòng|Liên đoàn|Liên minh|Hiệp hội|Chi cục|Tổng cục|Kho bạc|Ngân hàng"
    r"|Bảo hiểm|Tòa án|Mặt trận|Bưu điện|Doanh nghiệp|Đơn vị|Đài|Lãnh đạo|Chủ tịch|Thủ trưởng"
    r"|Công ty|Tập đoàn|Bệnh viện|Trung tâm|Đảng ủy"
    r"|(?:Ban|Bộ|Hội|Đoàn|Cục|Vụ|Viện|Quỹ|Báo|Phòng|Trường|Huyện|Thành phố|Tổ|Trạm) "
    + _CAPITAL
    + r"|(?:Các|Những|Toàn thể|Tất cả) (?:đơn vị|cơ quan|cơ sở|sở|ban|ngành|bộ|địa phương|huyện"
    r"|xã|phường|tổ chức|doanh nghiệp|trường|hội|đoàn thể|phòng|thành viên|cấp|lực lượng))"
)
_WORDS: dict[Role, re.Pattern[str]] = {
    Role.ACTIVITY: re.compile(
        r"(?:Xây dựng|Tổ chức|Triển khai|Tăng cường|Phối hợp|Rà soát|Thực hiện|Đẩy mạnh|Nâng cao"
        r"|Tuyên truyền|Kiểm tra|Tham mưu|Hoàn thiện|Phát triển|Đào tạo|Tập huấn|Đầu tư|Hỗ trợ"
        r"|Ứng dụng|Duy trì|Ban hành|Chủ động|Chỉ đạo|Hướng dẫn|Theo dõi|Định kỳ|Tiếp tục"
        r"|Nghiên cứu|Khảo sát|Bố trí|Đánh giá|Cập nhật|Truyền thông|Lồng ghép|Giải quyết|Đổi mới"
        r"|Thường xuyên \w+ )\b"
    ),
    Role.LEAD: re.compile(_A_UNIT),
    Role.TIME: re.compile(
        r"(?:Quý|Tháng|Năm 20|Trước ngày|Trước tháng|Thường xuyên(?:$|[,;]| trong| hằng| hàng)"
        r"|Hằng|Hàng (?:năm|quý|tháng)|Trong (?:năm|quý|tháng)|Cả năm|Từ (?:năm|tháng|quý|ngày|\d)"
        r"|Giai đoạn 20|Đến (?:năm|hết|\d)|Ngày \d|\d{1,2}/(?:\d{1,2}/)?20\d\d|20\d\d"
        r"|Theo (?:kế hoạch|tiến độ|quy định|yêu cầu)|Sau khi)"
    ),
    Role.PRODUCT: re.compile(
        r"(?:Báo cáo|Kế hoạch|Quyết định|Nghị quyết|Chỉ thị|Văn bản|Công văn|Tờ trình|Đề án"
        r"|Hội nghị|Hội thảo|Danh mục|Bộ [a-zđ]|Chương trình|Phóng sự|Tin|Bài viết|Kết quả|Hồ sơ"
        r"|Phương án|Các (?:tin|bài|sản phẩm|hoạt động|ấn phẩm|chương trình|mô hình|văn bản|lớp"
        r"|cuộc|báo cáo|bộ)|Cơ sở dữ liệu|Hệ thống|Tài liệu|Quy chế|\d+ [a-zđ])"
    ),
    Role.BUDGET: re.compile(
        r"(?:Ngân sách|Kinh phí|Nguồn|NSNN|NSTW|NSĐP|Xã hội hóa|Lồng ghép|\d[\d.,]*)"
    ),
}
_KIND_OF = {
    Role.ACTIVITY: Role.ACTIVITY,
    Role.LEAD: Role.LEAD,
    Role.SUPPORT: Role.LEAD,
    Role.MONITOR: Role.LEAD,
    Role.TIME: Role.TIME,
    Role.PRODUCT: Role.PRODUCT,
    Role.BUDGET: Role.BUDGET,
}
# Kinds that look alike: not having their words speaks against a cell.
_RECOGNISABLE = frozenset({Role.LEAD, Role.TIME, Role.BUDGET})

# Times metrics in thousandths of the type size; letters with marks are as wide as without.
_WIDTHS = {
    letter: width
    for width, letters in (
        (250.0, " .,"),
        (278.0, "/:;ijlt\\"),
        (333.0, "()[]-!frI‘’"),
        (389.0, "sJ"),
        (444.0, "acez?“”"),
        (556.0, "FPS"),
        (564.0, "+<=>"),
        (611.0, "ELTZ"),
        (667.0, "BCR"),
        (722.0, "wADGHKNOQUVXY"),
        (778.0, "m&"),
        (833.0, "%"),
        (889.0, "M"),
        (944.0, "W"),
        (1000.0, "…"),
    )
    for letter in letters
}
_WIDTH_OF_MOST = 500.0

_Costs = NDArray[np.float64]


def _cut_rows(
    blocks: Sequence[_Block], columns: list[_Column]
) -> tuple[list[_Column], list[tuple[list[str], float]]]:
    """Return the columns in the order their contents show, and cells and confidence of each row."""
    rows = [_Row.of(block) for block in blocks if len(block.lines) > 1]
    rows = [row for row in rows if row.cuttable]
    work = accumulate((_ROW_OVERHEAD + len(row.texts)) ** 2 for row in rows)
    sample = [row for row, done in zip(rows, work, strict=True) if done <= _WORK_TO_MEASURE]
    columns = _order_columns(sample, columns)
    widths = _learn_widths(sample, columns)
    return columns, [_cells_of(block, columns, widths) for block in blocks]


def _cells_of(
    block: _Block, columns: list[_Column], widths: list[float] | None
) -> tuple[list[str], float]:
    row = _Row.of(block)
    if not row.cuttable:
        return [" ".join(block.lines), *[""] * (len(columns) - 1)], 0.0 if block.lines else 1.0
    steps = _steps(row, columns, widths, _WEIGHTS)
    cuts, cost = _cheapest(steps)
    return [" ".join(row.texts[a:b]) for a, b in pairwise(cuts)], _share(steps, cost)


def _order_columns(rows: list[_Row], columns: list[_Column]) -> list[_Column]:
    """Return `columns` with those of units where the cells look like units.

    A broken header may name them late; they move only where that saves a doubt a row.
    """
    units = [column for column in columns if _KIND_OF.get(column.role) is Role.LEAD]
    others = [column for column in columns if column not in units]
    if not rows or not units or len(others) < 2:
        return columns
    rows = rows[:_ROWS_TO_ORDER]
    best, least = columns, _total(rows, columns, None, _WEIGHTS) - len(rows)
    for place in range(1, len(others) + 1):
        moved = [*others[:place], *units, *others[place:]]
        cost = _total(rows, moved, None, _WEIGHTS)
        if moved != columns and cost < least:
            best, least = moved, cost
    return best


def _learn_widths(rows: list[_Row], columns: list[_Column]) -> list[float] | None:
    """Return the column widths with which the rows are cut most cheaply."""
    if not rows:
        return None
    best: list[float] | None = None
    least = np.inf
    for weights in _STARTS:
        cuts = [_cheapest(_steps(row, columns, None, weights))[0] for row in rows]
        widths = _measure(rows, cuts, len(columns))
        for _ in range(_MOST_ROUNDS):
            again = [_cheapest(_steps(row, columns, widths, _WEIGHTS))[0] for row in rows]
            if again == cuts:
                break
            cuts, widths = again, _measure(rows, again, len(columns))
        cost = _total(rows, columns, widths, _WEIGHTS)
        if cost < least:
            best, least = widths, cost
    return best


def _total(
    rows: list[_Row], columns: list[_Column], widths: list[float] | None, weights: _Weights
) -> float:
    return sum(_cheapest(_steps(row, columns, widths, weights))[1] for row in rows)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row in the pieces between which it may be cut, with all that no column width changes.

    A piece is a line, or part of one where a capital inside it may open another cell: a cell of
    one line and the beginning of the next stand at one height and come as one line. Arrays of
    pieces are as long as `texts`, arrays of lines as long as the row has lines.
    """

    texts: tuple[str, ...]
    heads: bool
    line_of: NDArray[np.int64]
    opens_line: NDArray[np.bool_]
    left: _Costs
    right: _Costs
    depth: NDArray[np.int64]
    middle: NDArray[np.bool_]
    dangling: NDArray[np.bool_]
    kinds: tuple[frozenset[Role], ...]
    line_width: _Costs
    next_word: _Costs
    bare_break: _Costs

    @property
    def cuttable(self) -> bool:
        """Say whether there is something to choose and not too much."""
        return 1 <= len(self.texts) <= _MOST_PIECES

    @classmethod
    def of(cls, block: _Block) -> _Row:
        """Take a row to pieces."""
        lines = block.lines
        pieces = [(k, piece) for k, line in enumerate(lines) for piece in _pieces(line)]
        if len(pieces) > _MOST_PIECES:
            pieces = list(enumerate(lines))
        if len(pieces) > _MOST_PIECES:
            pieces = pieces[: _MOST_PIECES + 1]
        opens = [i == 0 or pieces[i - 1][0] != k for i, (k, _) in enumerate(pieces)]
        before = ""
        left, rests = list[float](), list[str]()
        for i, (k, _) in enumerate(pieces):
            skipped = "" if opens[i] else f"{before}{pieces[i - 1][1]} "
            before = skipped
            left.append(_width(skipped))
            rests.append(lines[k][len(skipped) :].lstrip(_LEADING_SIGNS))
        return cls(
            texts=tuple(piece for _, piece in pieces),
            heads=block.heads,
            line_of=np.array([k for k, _ in pieces], dtype=np.int64),
            opens_line=np.array([*opens, True]),
            left=np.array(left),
            right=np.array([x + _width(piece) for x, (_, piece) in zip(left, pieces, strict=True)]),
            depth=np.cumsum([0, *(_depth(piece) for _, piece in pieces)]),
            middle=np.array([_goes_on(b, a) for (_, a), (_, b) in pairwise([(0, ""), *pieces])]),
            dangling=np.array([_dangles(piece) for _, piece in pieces]),
            kinds=tuple(
                frozenset(kind for kind, words in _WORDS.items() if words.match(rest))
                for rest in rests
            ),
            line_width=np.array([_width(line) for line in lines]),
            next_word=np.array([_width(line.split(" ", 1)[0]) for line in lines[1:]] + [0.0]),
            bare_break=np.array([_bare_break(a, b) for a, b in pairwise(lines)] + [0.0]),
        )


def _pieces(line: str) -> Iterator[str]:
    words = line.split(" ")
    start = 0
    for place in range(1, len(words)):
        before = " ".join(words[start:place])
        if not _goes_on(words[place], before) and not _dangles(before):
            yield before
            start = place
    yield " ".join(words[start:])


def _opens_like_a_cell(text: str) -> bool:
    first = text.lstrip(_LEADING_SIGNS)[:1]
    return first.isupper() or first.isdigit()


def _dangles(text: str) -> bool:
    return bool(_DANGLING.search(text) or _UNFINISHED.search(text))


def _goes_on(piece: str, above: str) -> bool:
    """Say whether a piece looks like the middle of a cell."""
    if piece[:1].isdigit():
        return bool(_BEFORE_A_NUMBER.search(above))
    return not _opens_like_a_cell(piece)


def _depth(text: str) -> int:
    return text.count("(") - text.count(")") + text.count("“") - text.count("”")


def _bare_break(line: str, below: str) -> float:
    """Return how much a line end inside a cell surprises, 0..1, when the line below is capital."""
    if not below[:1].isupper() or _dangles(line):
        return 0.0
    return 0.2 if line[-1] in ".;:" else 1.0


def _width(text: str) -> float:
    return sum(_WIDTHS.get(letter, _WIDTH_OF_MOST) for letter in text)


def _steps(
    row: _Row, columns: list[_Column], widths: list[float] | None, weights: _Weights
) -> list[_Costs]:
    """Return a matrix for each column: the cost of a cell of pieces ``[i:j]``, infinite if i > j.

    An empty cell, ``i == j``, has its cost on the diagonal.
    """
    shared = _cost_of_any_cell(row, weights)
    steps = []
    for place, column in enumerate(columns):
        step = shared + _cost_of_start(row, column.role, weights)[:, None]
        if widths is not None:
            step = step + _cost_of_wrapping(row, widths[place], weights)
        step = np.pad(step, ((0, 1), (1, 0)), constant_values=np.inf)
        np.fill_diagonal(step, _cost_of_nothing(row, column.role, weights))
        steps.append(step)
    return steps


def _cost_of_any_cell(row: _Row, weights: _Weights) -> _Costs:
    first, last = row.line_of[:, None], row.line_of[None, :]
    breaks = np.concatenate([[0.0], np.cumsum(row.bare_break)])
    cost = (
        weights.middle_start * row.middle[:, None]
        + weights.dangling_end * row.dangling[None, :]
        + weights.unbalanced * np.abs(row.depth[None, 1:] - row.depth[:-1, None])
        + weights.capital_inside * (breaks[last] - breaks[first])
    )
    # A cell that ends inside a line began in that line.
    impossible = (first > last) | ((first != last) & ~row.opens_line[None, 1:])
    impossible |= np.tri(len(row.texts), k=-1, dtype=bool)
    return np.where(impossible, np.inf, cost)


def _cost_of_start(row: _Row, role: Role, weights: _Weights) -> _Costs:
    own = _KIND_OF.get(role)
    costs = np.zeros(len(row.texts))
    for place, kinds in enumerate(row.kinds):
        if own in kinds:
            costs[place] += weights.own_words
        elif own in _RECOGNISABLE:
            costs[place] += weights.no_words
        elif kinds & _RECOGNISABLE and own is not None:
            costs[place] += weights.other_words
        if row.heads and role is not Role.ACTIVITY:
            costs[place] += weights.filled_under_heading
        if not row.opens_line[place]:
            costs[place] += weights.in_line if kinds else weights.in_line_unknown
    return costs


def _cost_of_nothing(row: _Row, role: Role, weights: _Weights) -> float:
    if role is Role.ACTIVITY:
        return weights.empty_activity
    if row.heads:
        return weights.empty_under_heading
    return weights.empty_lead if role is Role.LEAD else weights.empty


def _cost_of_wrapping(row: _Row, width: float, weights: _Weights) -> _Costs:
    """Return what it costs that lines are too wide for the column or the next word had fitted."""
    line_of = row.line_of
    whole = _too_wide(row.line_width, width, weights)
    early = _too_narrow(row.line_width, row.next_word, width, weights)
    both = np.concatenate([[0.0], np.cumsum(whole + early)])
    first_line = row.line_width[line_of] - row.left
    opening = _too_wide(first_line, width, weights) + _too_narrow(
        first_line, row.next_word[line_of], width, weights
    )
    wrapped = (
        opening[:, None]
        + both[line_of][None, :]
        - both[line_of + 1][:, None]
        + whole[line_of][None, :]
    )
    single = _too_wide(row.right[None, :] - row.left[:, None], width, weights)
    return np.where(line_of[:, None] == line_of[None, :], single, wrapped)


def _too_wide(lines: _Costs, width: float | _Costs, weights: _Weights) -> _Costs:
    excess = np.maximum(lines / width - 1.03, 0.0) * weights.too_wide
    return np.minimum(excess, weights.most_per_line)


def _too_narrow(lines: _Costs, words: _Costs, width: float | _Costs, weights: _Weights) -> _Costs:
    room = np.maximum(0.985 - (lines + _SPACE + words) / width, 0.0) * weights.too_narrow
    return np.minimum(room, weights.most_per_line)


def _cheapest(steps: list[_Costs]) -> tuple[list[int], float]:
    """Return the cuts of the cheapest way through the matrices, and its cost."""
    best, back = steps[0][0], list[NDArray[np.int64]]()
    for step in steps[1:]:
        ways = best[:, None] + step
        back.append(ways.argmin(axis=0))
        best = ways.min(axis=0)
    cuts = [len(best) - 1]
    for arrows in reversed(back):
        cuts.append(int(arrows[cuts[-1]]))
    return [0, *reversed(cuts)], float(best[-1])


def _share(steps: list[_Costs], cost: float) -> float:
    """Return the weight of one way of `cost` among all ways, each weighing exp(-cost)."""
    total = -steps[0][0]
    for step in steps[1:]:
        total = np.logaddexp.reduce(total[:, None] - step, axis=0)
    return float(np.exp(-cost - total[-1]))


def _measure(rows: list[_Row], cuts: list[list[int]], columns: int) -> list[float]:
    """Return for each column the width that suits the lines cut into it best."""
    widths = []
    for column in range(columns):
        lines, words = list[float](), list[float]()
        for row, places in zip(rows, cuts, strict=True):
            for width, word in _lines_between(row, places[column], places[column + 1]):
                lines.append(width)
                words.append(word)
        if not lines:
            widths.append(_WIDEST)
            continue
        wide, follow = np.array(lines), np.array(words)
        candidates = np.unique(wide)[-_MOST_CANDIDATES:] * 1.01
        if np.isinf(follow).all():
            widths.append(float(candidates[-1]) * 1.25)
            continue
        costs = (
            _too_wide(wide[None, :], candidates[:, None], _WEIGHTS)
            + _too_narrow(wide[None, :], follow[None, :], candidates[:, None], _WEIGHTS)
        ).sum(axis=1)
        widths.append(float(candidates[costs.argmin()]))
    return widths


# A column in which nothing was seen hinders nothing.
_WIDEST = 1e6
_MOST_CANDIDATES = 200


def _lines_between(row: _Row, start: int, end: int) -> Iterator[tuple[float, float]]:
    """Yield the width of each line of a cell and of the word after it, infinite for the last."""
    place = start
    while place < end:
        line = row.line_of[place]
        first = place
        while place < end and row.line_of[place] == line:
            place += 1
        yield (
            float(row.right[place - 1] - row.left[first]),
            float(row.next_word[line]) if place < end else np.inf,
        )
