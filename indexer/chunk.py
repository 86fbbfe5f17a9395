"""Plan to chunks: what is embedded, ranked and quoted, each exactly a span of the plan."""

from __future__ import annotations

import functools
import itertools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpus.abbreviations import expand
from corpus.labelled import labelled_in
from corpus.marker import read_marker
from corpus.model import AppendixRow, Cell, Plan, Role, Section, Span
from corpus.text import fold, place_tones
from corpus.units import opens_a_body, split_units, unit_key, unit_registry
from indexer.segment import sentences
from indexer.syllables import split_syllables

Kind = Literal["row", "section", "plan"]

# A year alone or "2023-2025", "2023 đến năm 2025"; not "2239/QĐ-TTg", "45/2025/NĐ-CP", "2025000".
_YEARS = re.compile(
    r"(?<![\d.,])(?P<first>(?:19|20)\d{2})(?:\s*(?:[-–]|đến(?:\s+hết)?)\s*(?:năm\s*)?(?P<last>(?:19|20)\d{2}))?"
    r"(?![\d/]|[.,]\d)"
)
# A cited document with its date: its year is not a year of the task. Not "trước ngày 30/6/2025".
_CITED = re.compile(
    r"\d+(?:/\d{4})?/[A-ZĐ][\w&-]*(?:[-–][\w&]+)*,?\s+(?:ngày\s+)?"
    r"(?:\d{1,2}\s*/\s*\d{1,2}\s*/\s*\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})"
)
# Parts of a plan that give tasks to bodies, by their folded heading; not "thoi gian thuc hien".
_DUTIES = re.compile(r"\b(?:to chuc thuc hien|phan cong|trach nhiem|nhiem vu cua)\b")
# What may stand before the name of the body that gets a task: "Giao Sở …", "Đề nghị Ủy ban …".
_GIVEN_TO = re.compile(r"\W*(?:(?:giao|đề nghị|yêu cầu|trách nhiệm của|đối với)\b[:\s]*)?", re.I)
# What a body does in a sentence that gives it a task; not "các doanh nghiệp, người lao động".
_TAKES_ON = re.compile(
    r"(?:\s+[\w,]+){0,4}?\s+(?:chủ trì|chủ động|phối hợp|chịu trách nhiệm|có trách nhiệm|tham mưu|"
    r"tổng hợp|hướng dẫn|chỉ đạo|bố trí|cân đối|báo cáo|theo dõi|đôn đốc)\b",
    re.I,
)
_BETWEEN_UNITS = re.compile(r"[\s,;]*(?:và\s+)?(?:tỉnh[\s,;]*)?(?:và\s+)?")
# The same, and the word after it: where the first unit begins, if it is not further on.
_FIRST_WORDS = re.compile(_BETWEEN_UNITS.pattern + r"[^\W_]*")
_RECIPIENTS_HEADING = "noi nhan"
_ZONE_LABELS = {
    "header": "Phần đầu kế hoạch",
    "opening": "Lời dẫn",
    "closing": "Phần kết",
    "appendix": "Phụ lục: tên và các cột",
}

_UNIT_CELLS = {Role.LEAD: "lead", Role.SUPPORT: "support", Role.MONITOR: "monitor"}
# Cells that a row's sentence leaves out: the ordinal says nothing, the years are in the context.
_UNSPOKEN = frozenset({Role.ORDINAL, Role.YEARS})
# Cells that say more than who, when and at what cost; and those that say nothing.
_NOT_BESIDE = frozenset({Role.ACTIVITY, Role.PRODUCT, Role.ORDINAL, Role.YEARS})
# How a column without a header is called.
_SPOKEN_ROLE = {
    Role.ACTIVITY: "Nội dung",
    Role.LEAD: "Đơn vị chủ trì",
    Role.SUPPORT: "Đơn vị phối hợp",
    Role.PRODUCT: "Sản phẩm",
    Role.TIME: "Thời gian",
    Role.BUDGET: "Kinh phí",
    Role.MONITOR: "Theo dõi, kiểm tra",
    Role.NOTE: "Ghi chú",
}
# The share of a chunk's tokens that its context may take.
_CONTEXT_SHARE = 0.34
# Where an over-long sentence is cut, best place first.
_SEPARATORS = ["\n", "\t", "; ", ", ", " ", ""]
_LONGEST_GROUP_NAME = 60


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a plan: ``text == span.of(plan.text)``, always.

    `id` is ``{plan_id}#{key}``, unique and stable (``…#r5.2``, ``…#VIII.1.d``, ``…#title``; a
    second piece of the same place ends in ``~2``). `locator` is the printed ordinal of a row, the
    path of a section, or the part of the plan ("title", "basis.1"); `label` says it in Vietnamese.
    `context` is one line that is embedded and searched with the text but never quoted.
    `years_from` says where `years` stand: "marks", "time", "title", "text", "period", or None where
    there are none. `units` are unit ids by role: "lead", "support", "monitor", "duty", "named".
    `page` is 1-based. `parts` are what the place says, as syllables in small letters with a
    blank between, abbreviations written out: of a row its "activity", "product", what stands
    "above" it and "beside" it; of a section its "text", the titles "above" it, and its own "title",
    which stays as written.
    """

    id: str
    plan_id: str
    kind: Kind
    locator: str
    label: str
    span: Span
    text: str
    context: str
    years: tuple[int, ...] = ()
    years_from: str | None = None
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int | None = None
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChunkBrief:
    """What a chunk is compared by; unpacked in a third of the time that all of it takes."""

    id: str
    plan_id: str
    kind: Kind
    parts: Mapping[str, str]


def chunk_plan(plan: Plan, longest: int, count: Callable[[str], int]) -> tuple[Chunk, ...]:
    """Cut `plan` into chunks, in reading order.

    Together they hold every character that is not blank, none twice. No ``embedded_text`` is longer
    than `longest` by `count`, which must not grow when a text is cut.
    """
    pieces: Counter[str] = Counter()
    chunks: list[Chunk] = []
    for part, run in _runs(plan.text, _parts(plan)):
        context = _shortened(part.context, int(longest * _CONTEXT_SHARE), count)
        for span in _fitting(plan, part, context, run, longest, count):
            pieces[part.key] += 1
            number = pieces[part.key]
            chunks.append(
                Chunk(
                    id=f"{plan.id}#{part.key}" + (f"~{number}" if number > 1 else ""),
                    plan_id=plan.id,
                    kind=part.kind,
                    locator=part.locator,
                    label=part.label,
                    span=span,
                    text=span.of(plan.text),
                    context=context,
                    years=part.years,
                    years_from=part.years_from,
                    units=part.units,
                    page=plan.source.page_of(span.start),
                    parts=_written_out(part, span.of(plan.text)),
                )
            )
    return tuple(chunks)


def embedded_text(chunk: Chunk, plan: Plan) -> str:
    """Return what the encoder reads: a row as a sentence with column names; then the context."""
    return _spoken(plan, _row_of(chunk, plan), chunk.span, chunk.context)


def looked_up_text(chunk: Chunk, plan: Plan) -> str:
    """Return what the words of a question are looked up in: the label, then what is embedded.

    The names of columns are said by every row, so the header of a table need not be found by them:
    who looks for “đơn vị chủ trì” wants a row.
    """
    if chunk.locator != "appendix":
        return f"{chunk.label}. {embedded_text(chunk, plan)}"
    return f"{chunk.label}. {_without_column_names(chunk, plan)}. {chunk.context}"


def years_named(text: str) -> tuple[int, ...]:
    """Return the years `text` names, in order; those of cited documents are left out.

    >>> years_named("Quyết định số 2239/QĐ-TTg ngày 30 tháng 12 năm 2021; giai đoạn 2023-2025")
    (2023, 2024, 2025)
    """
    years: set[int] = set()
    for match in _YEARS.finditer(_CITED.sub(" ", text)):
        first = int(match["first"])
        last = int(match["last"] or first)
        years.update(range(first, last + 1) if first <= last else (first, last))
    return tuple(sorted(years))


@dataclass(frozen=True, slots=True)
class _Part:
    """What a stretch of the plan is, before it is cut to size."""

    kind: Kind
    key: str
    locator: str
    label: str
    span: Span
    context: str
    years: tuple[int, ...]
    years_from: str | None
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    row: AppendixRow | None = None
    parts: Mapping[str, str] = field(default_factory=dict)


def _written_out(part: _Part, text: str) -> dict[str, str]:
    """Return the parts of a chunk that say something; a title stays as written."""
    says = {name: said for name, said in part.parts.items() if said}
    if part.row is not None:
        return {name: _syllables(expand(said).text) for name, said in says.items()}
    says["text"] = _syllables(expand(text).text)
    if "above" in says:
        says["above"] = _syllables(says["above"])
    return says


def _syllables(text: str) -> str:
    return " ".join(map(_syllable, split_syllables(text.lower())))


# More than the language has; a text of millions of other words costs what it did.
@functools.lru_cache(maxsize=32_768)
def _syllable(word: str) -> str:
    return place_tones(word).lower()


def _parts(plan: Plan) -> list[_Part]:
    """Return all parts of a plan; a later one owns what it shares with an earlier one."""
    named = [_plan_part(plan, locator, label, span) for locator, label, span in _named_places(plan)]
    return [*_gap_parts(plan), *_section_parts(plan), *named, *_row_parts(plan)]


def _plan_part(plan: Plan, locator: str, label: str, span: Span) -> _Part:
    years, origin = _plan_years(plan)
    context = _context(plan, years)
    return _Part("plan", locator, locator, label, span, context, years, origin)


def _runs(text: str, parts: Sequence[_Part]) -> list[tuple[_Part, Span]]:
    """Return each part with every stretch it owns, trimmed of blanks, in reading order."""
    owner: NDArray[np.int32] = np.full(len(text), -1, dtype=np.int32)
    for number, part in enumerate(parts):
        owner[part.span.start : part.span.end] = number
    # Blanks belong to the part before them, so that they separate no part from itself.
    blank = np.fromiter(map(str.isspace, text), dtype=np.bool_, count=len(text))
    # Of each character the last one up to it that is not blank, counted from 1; 0 for none.
    solid = np.maximum.accumulate(np.where(blank, 0, np.arange(1, len(text) + 1)))
    owner = np.concatenate(([np.int32(-1)], owner))[solid]
    borders = [0, *(np.flatnonzero(np.diff(owner)) + 1).tolist(), len(text)]
    runs: list[tuple[_Part, Span]] = []
    for start, end in itertools.pairwise(borders):
        trimmed = text[start:end].strip()
        if not trimmed:
            continue
        begin = text.index(trimmed, start)
        span = Span(begin, begin + len(trimmed))
        if runs and not any(map(str.isalnum, trimmed)):
            # A full stop or a bullet that no part names says nothing by itself.
            part, before = runs[-1]
            runs[-1] = part, Span(before.start, span.end)
        else:
            runs.append((parts[int(owner[begin])], span))
    return runs


def _gap_parts(plan: Plan) -> list[_Part]:
    """Return parts for what no other part names: head, opening words, column headers."""
    closing = [*plan.recipients, *([plan.signatory.span] if plan.signatory else [])]
    sections = [section.span for section in plan.sections]
    bases = [basis.span for basis in plan.bases]
    rows = [row.span for row in plan.rows]
    first_named = min((span.start for span in (*sections, *bases, *rows)), default=len(plan.text))
    head = max((s.end for s in plan.fields.values() if s.end <= first_named), default=0)
    opening = max(head, min((span.start for span in sections), default=head))
    body = max((span.end for span in (*sections, *bases, *closing)), default=opening)
    body = max(body, opening)
    rest = "appendix" if rows else "closing" if sections else "opening"
    zones = [
        ("header", Span(0, head)),
        ("opening", Span(head, opening)),
        ("closing", Span(opening, body)),
        (rest, Span(body, len(plan.text))),
    ]
    return [_plan_part(plan, locator, _ZONE_LABELS[locator], span) for locator, span in zones]


def _named_places(plan: Plan) -> Iterator[tuple[str, str, Span]]:
    """Yield locator, label and span of the title, each legal basis, recipients and signatory."""
    if "title" in plan.fields:
        yield "title", "Tên kế hoạch", plan.fields["title"]
    for number, basis in enumerate(plan.bases, 1):
        yield f"basis.{number}", f"Căn cứ {number}", basis.span
    if plan.recipients:
        first = plan.recipients[0].start
        after = max(
            (section.span.end for section in plan.sections if section.span.end <= first), default=0
        )
        heading = fold(plan.text[after:first]).rfind(_RECIPIENTS_HEADING)
        start = after + heading if heading >= 0 else first
        yield "recipients", "Nơi nhận", Span(start, plan.recipients[-1].end)
    if plan.signatory:
        yield "signatory", "Người ký", plan.signatory.span


# Below "7. UBND các huyện": "a) Chủ tịch UBND cấp huyện chịu trách nhiệm …" is a duty of both.
_ITS_HEAD = re.compile(
    r"\s*\S{1,4}\s+(?:Chủ tịch|Giám đốc|Thủ trưởng|Người đứng đầu|Trưởng ban)\b", re.IGNORECASE
)


def _section_parts(plan: Plan) -> list[_Part]:
    parts: list[_Part] = []

    def visit(
        section: Section,
        above: tuple[str, ...],
        titles: tuple[str, ...],
        duty_part: bool,
        duty: tuple[str, ...],
    ) -> None:
        heading = _line(section.heading.of(plan.text))
        own = _own_text(plan, section)
        spoken_to = _opening_units(heading, named_alone=duty_part)
        if duty and spoken_to and _ITS_HEAD.match(heading):
            spoken_to = tuple(dict.fromkeys((*duty, *spoken_to)))
        duty = spoken_to or duty
        if duty_part and not duty and opens_a_body(section.title):
            duty = (unit_key(section.title),)
        units = {"duty": duty, **_units_labelled(own), "named": _units_named(own)}
        years, origin = years_named(own), "text"
        if not years:
            years, origin = (plan.period.years, "period") if plan.period else ((), "")
        parts.append(
            _Part(
                kind="section",
                key=section.locator,
                locator=section.locator,
                label=f"Mục {section.locator}",
                span=section.span,
                context=_context(plan, years, " > ".join(above)),
                years=years,
                years_from=origin or None,
                units={role: ids for role, ids in units.items() if ids},
                parts={"title": section.title, "above": " . ".join(titles)},
            )
        )
        below_duties = duty_part or bool(_DUTIES.search(fold(section.title)))
        for child in section.children:
            visit(
                child,
                (*above, section.title or heading),
                (*titles, section.title) if section.title else titles,
                below_duties,
                duty,
            )

    for section in plan.sections:
        visit(section, (), (), False, ())
    return parts


def _row_parts(plan: Plan) -> list[_Part]:
    above = _rows_above(plan.rows)
    years = _row_years(plan, above)
    printed = Counter((row.appendix, row.ordinal) for row in plan.rows)
    # Of several rows with one ordinal the first is meant.
    first = {(row.appendix, row.ordinal): row for row in reversed(plan.rows)}
    parts: list[_Part] = []
    for index, row in enumerate(plan.rows):
        row_years, origin = years[index]
        parent = above[index]
        inside = (
            "" if parent is None else f"Thuộc: {_line(plan.rows[parent].text_of(Role.ACTIVITY))}"
        )
        label = f"{row.appendix}, " + (f"dòng {row.ordinal}" if row.ordinal else "dòng nhóm")
        if row.group and printed[row.appendix, row.ordinal] > 1:
            label += f" (nhóm {_clipped(row.group)})"
        parts.append(
            _Part(
                kind="row",
                key=row.key,
                locator=row.ordinal or row.key,
                label=label,
                span=row.span,
                context=_context(plan, row_years, inside),
                years=row_years,
                years_from=origin,
                units=_row_units(row),
                row=row,
                parts=_row_says(row, first.get((row.appendix, row.parent or ""))),
            )
        )
    return parts


def _row_says(row: AppendixRow, parent: AppendixRow | None) -> dict[str, str]:
    """Return what a row under `parent` says, by where it stands."""
    above = [parent.text_of(Role.ACTIVITY)] if parent and row.parent else []
    beside = [cell.text for cell in row.cells if cell.role not in _NOT_BESIDE]
    return {
        "activity": row.text_of(Role.ACTIVITY),
        "above": " . ".join([*above, row.group] if row.group else above),
        "product": row.text_of(Role.PRODUCT),
        "beside": " . ".join(beside),
    }


def _rows_above(rows: Sequence[AppendixRow]) -> list[int | None]:
    """Return for each row the index of the row it belongs to: its parent, else its group's row."""
    latest: dict[tuple[str, str], int] = {}
    above: list[int | None] = []
    for index, row in enumerate(rows):
        parent = latest.get((row.appendix, row.parent)) if row.parent else None
        if parent is None and row.group:
            parent = latest.get((row.appendix, row.group))
        above.append(parent)
        latest[row.appendix, row.ordinal] = index
        if row.is_heading:
            latest[row.appendix, row.text_of(Role.ACTIVITY)] = index
    return above


def _row_years(plan: Plan, above: Sequence[int | None]) -> list[tuple[tuple[int, ...], str | None]]:
    """Return the years of each row and where they stand; a heading has those of its rows."""
    found: list[tuple[tuple[int, ...], str | None]] = []
    below: defaultdict[int, list[int]] = defaultdict(list)
    for index, row in enumerate(plan.rows):
        timed = years_named(" ; ".join(c.text for c in row.cells if c.role is Role.TIME))
        if row.years:
            found.append((row.years, "marks"))
        elif timed:
            found.append((timed, "time"))
        else:
            found.append(((), None))
        parent = above[index]
        if parent is not None:
            below[parent].append(index)
    general = _plan_years(plan)[0]
    # From the last row up, so that a heading of headings finds theirs ready.
    for index in reversed(range(len(found))):
        if found[index][0]:
            continue
        union = {year for child in below[index] for year in found[child][0]}
        if union and plan.rows[index].is_heading:
            origin = next(found[child][1] for child in below[index] if found[child][0])
            found[index] = (tuple(sorted(union)), origin)
        elif general:
            found[index] = (general, "title")
    return found


def _plan_years(plan: Plan) -> tuple[tuple[int, ...], str | None]:
    if plan.period:
        return plan.period.years, "period"
    named = years_named(plan.title)
    return named, "title" if named else None


def _row_units(row: AppendixRow) -> dict[str, tuple[str, ...]]:
    units: dict[str, tuple[str, ...]] = {}
    for cell in row.cells:
        role = _UNIT_CELLS.get(cell.role)
        if role and cell.text:
            units[role] = tuple(dict.fromkeys((*units.get(role, ()), *_units_of_cell(cell.text))))
    named = _units_named(row.text_of(Role.ACTIVITY))
    if named:
        units["named"] = named
    return units


# The same few cells stand in row after row.
@functools.lru_cache(maxsize=10_000)
def _units_of_cell(text: str) -> tuple[str, ...]:
    listed = {mention.span: mention.unit.id for mention in unit_registry().mentions(text)}
    spans = split_units(text)
    return tuple(filter(None, (listed.get(span) or _unit_id(span.of(text)) for span in spans)))


def _units_named(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.unit.id for mention in unit_registry().mentions(text)))


def _units_labelled(text: str) -> dict[str, tuple[str, ...]]:
    """Return the units that labels in a section name, by role: "Cơ quan chủ trì: Sở Nội vụ"."""
    said = labelled_in(text)
    return {name: _units_of_cell(said[role]) for role, name in _UNIT_CELLS.items() if role in said}


def _unit_id(name: str) -> str:
    unit = unit_registry().find(name)
    return unit.id if unit else unit_key(name)


def _opening_units(heading: str, *, named_alone: bool) -> tuple[str, ...]:
    """Return the units a heading begins with: "3. Sở Tài chính", "Giao Sở A và Sở B tham mưu …".

    Unless a name alone is enough, the heading must say what they do.
    """
    marker = read_marker(heading)
    text = heading[marker.text_start :] if marker else heading
    given = _GIVEN_TO.match(text)
    place = given.end() if given else 0
    opening = _FIRST_WORDS.match(text, place)
    if opening is None or not unit_registry().may_begin(opening[0]):
        return ()
    found: list[str] = []
    for mention in unit_registry().mentions(text):
        if mention.span.start < place or not _BETWEEN_UNITS.fullmatch(
            text[place : mention.span.start]
        ):
            break
        found.append(mention.unit.id)
        place = mention.span.end
    if found and not named_alone and not _TAKES_ON.match(text, place):
        return ()
    return tuple(dict.fromkeys(found))


def _own_text(plan: Plan, section: Section) -> str:
    """Return the heading and text of a section without its children's."""
    stretches = [section.span.start]
    for child in section.children:
        stretches += [child.span.start, child.span.end]
    stretches.append(section.span.end)
    pairs = zip(stretches[::2], stretches[1::2], strict=True)
    return "\n".join(plan.text[start:end] for start, end in pairs)


def _context(plan: Plan, years: Sequence[int], inside: str = "") -> str:
    """Return one line: the years, what the piece stands under, the plan and its province."""
    said = [
        f"Năm {', '.join(map(str, years))}" if years else "",
        inside,
        f"Kế hoạch: {_line(plan.title)}" + (f", {plan.province}" if plan.province else ""),
    ]
    return ". ".join(filter(None, said))


def _clipped(name: str) -> str:
    return (
        name if len(name) <= _LONGEST_GROUP_NAME else f"{name[: _LONGEST_GROUP_NAME - 1].rstrip()}…"
    )


def _shortened(context: str, most: int, count: Callable[[str], int]) -> str:
    """Return as many leading words of `context` as fit."""
    if count(context) <= most:
        return context
    words = context.split(" ")
    fitting = bisect_right(
        range(1, len(words)), most, key=lambda number: count(" ".join(words[:number]))
    )
    return " ".join(words[:fitting])


def _fitting(
    plan: Plan, part: _Part, context: str, run: Span, longest: int, count: Callable[[str], int]
) -> Iterator[Span]:
    """Yield `run`, or pieces of it that are short enough to be embedded whole."""

    def fits(span: Span) -> bool:
        return count(_spoken(plan, part.row, span, context)) <= longest

    if fits(run):
        yield run
        return
    room = longest
    while room > 1:
        room = max(1, room * 2 // 3)
        pieces = _pieces(plan.text, run, room, count)
        if all(map(fits, pieces)):
            yield from pieces
            return
    raise ValueError(f"{longest} tokens are too few for one character with its context")


def _pieces(text: str, run: Span, room: int, count: Callable[[str], int]) -> list[Span]:
    """Pack the sentences of `run` into spans of at most `room` tokens; cut longer sentences."""
    stretch = run.of(text)
    atoms: list[Span] = []
    for sentence in sentences(stretch):
        atoms += _cut(stretch, sentence, room, count)
    pieces: list[Span] = []
    for atom in atoms:
        last = pieces[-1] if pieces else None
        if last and count(stretch[last.start : atom.end]) <= room:
            pieces[-1] = Span(last.start, atom.end)
        else:
            pieces.append(atom)
    return [Span(run.start + piece.start, run.start + piece.end) for piece in pieces]


def _cut(text: str, sentence: Span, room: int, count: Callable[[str], int]) -> list[Span]:
    if count(sentence.of(text)) <= room:
        return [sentence]
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        chunk_size=room,
        chunk_overlap=0,
        length_function=count,
        keep_separator="end",
        strip_whitespace=False,
    )
    spans: list[Span] = []
    place = sentence.start
    for piece in splitter.split_text(sentence.of(text)):
        # With no overlap and every separator kept, the pieces in a row are the sentence again.
        end = place + len(piece)
        trimmed = text[place:end].strip()
        if trimmed:
            start = text.index(trimmed, place)
            spans.append(Span(start, start + len(trimmed)))
        place = end
    if place != sentence.end:
        raise AssertionError("the splitter lost or added characters")
    return spans


def _spoken(plan: Plan, row: AppendixRow | None, span: Span, context: str) -> str:
    body = _line(span.of(plan.text)) if row is None else _row_sentence(row, span, plan.text)
    return f"{body.rstrip(' .')}. {context}" if context else body


def _row_sentence(row: AppendixRow, span: Span, text: str) -> str:
    """Return the cells of `row` that lie in `span`, each after the name of its column."""
    said: list[str] = []
    for cell in row.cells:
        start, end = max(cell.span.start, span.start), min(cell.span.end, span.end)
        words = _line(text[start:end]) if start < end else ""
        if words and cell.role not in _UNSPOKEN:
            said.append(f"{_column_name(cell)}: {words.rstrip(' .')}")
    return ". ".join(said) if said else _line(span.of(text))


def _without_column_names(chunk: Chunk, plan: Plan) -> str:
    names = {_line(cell.header) for row in plan.rows for cell in row.cells}
    return "\n".join(
        cell for line in chunk.text.split("\n") for cell in line.split("\t") if cell not in names
    )


def _column_name(cell: Cell) -> str:
    return _line(cell.header) or _SPOKEN_ROLE.get(cell.role, "Khác")


def _line(text: str) -> str:
    """Return text that is normalised already on one line."""
    return " ".join(text.split())


def _row_of(chunk: Chunk, plan: Plan) -> AppendixRow | None:
    if chunk.kind != "row":
        return None
    index = bisect_right(plan.rows, chunk.span.start, key=lambda row: row.span.start) - 1
    row = plan.rows[index] if index >= 0 else None
    return row if row and row.span.contains(chunk.span) else None
