"""Contradictions inside one plan, each with the places that disagree; nothing is corrected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.header import DATE, date_of
from corpus.likeness import Likeness
from corpus.marker import roman_value
from corpus.model import AppendixRow, Note, Plan, Role, Section, Severity, Span
from corpus.text import fold
from corpus.units import split_units, unit_registry

# Headings (folded) of the part that lists what will be done, and of the part that gives duties.
_ACTIVITY_PART = re.compile(
    r"^(?:cac |mot so )?(?:hoat dong|nhiem vu|noi dung thuc hien|giai phap)"
)
_DUTY_PART = re.compile(r"\b(?:to chuc thuc hien|phan cong|trach nhiem)\b")
_GOAL_PART = re.compile(r"\bmuc tieu\b")
# "Năm 2023 và năm 2024: Xây dựng …", "1. Năm 2024: …": a goal for some years only.
_PHASED = re.compile(
    r"^(?:(?:[a-zđ]\)|\d+(?:\.\d+)*\.)\s*)?(?P<years>(?:Trong |Đến |Giai đoạn )?năm\s+\d{4}"
    r"(?:\s*(?:,|và|-|–)\s*(?:năm\s+)?\d{4})*)\s*[:,]",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
# What a report covers, and when it is due: "báo cáo 6 tháng trước ngày 20/6".
_REPORT_KIND = re.compile(
    r"(?<!\w)(?:(?:6|sáu|9|chín) tháng|quý|năm(?!\s+\d)|tháng(?!\s+\d))", re.I
)
_REPORT_DAY = re.compile(
    r"(?:trước|chậm nhất(?: là)?(?: vào)?|vào)\s+(?:ngày\s+)?"
    r"(?P<day>\d{1,2}\s*/\s*\d{1,2}(?:\s*/\s*\d{4})?)(?![\d/])",
    re.I,
)
_REPORTS = re.compile(r"(?<!\w)báo cáo(?!\w)", re.I)
_CLAUSE_END = re.compile(r"[,;.:]\s")
# What two rows on one activity may say differently.
_TOLD = {
    Role.LEAD: "chủ trì",
    Role.SUPPORT: "phối hợp",
    Role.TIME: "thời gian",
    Role.PRODUCT: "sản phẩm",
    Role.BUDGET: "kinh phí",
}
# An item and a row are the same activity from here on (share of the shorter text's words).
_SAME_ACTIVITY = 0.55
# Items and rows are one list only if so many of the items have a row.
_SAME_LIST = 0.5
# A phased goal and a row are about the same thing from here on.
_SAME_GOAL = 0.5


def lint(plan: Plan) -> tuple[Note, ...]:
    """Return the parser's own doubts and every contradiction found, gravest first."""
    found = [
        *plan.notes,
        *_dates_out_of_order(plan),
        *_ordinals(plan),
        *_units_without_row(plan),
        *_items_and_rows(plan),
        *_phases_against_years(plan),
        *_rows_told_twice(plan),
        *_report_days(plan),
        *_years_of_the_appendix(plan),
    ]
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    unique = {(note.code, note.spans, note.message): note for note in found}
    return tuple(sorted(unique.values(), key=lambda note: order[note.severity]))


def _dates_out_of_order(plan: Plan) -> Iterator[Note]:
    """Yield a basis younger than the plan, a deadline before the plan or outside of its period."""
    if plan.issued_on is None:
        return
    for basis in plan.bases:
        if basis.issued_on and basis.issued_on > plan.issued_on:
            yield Note(
                "basis_after_plan",
                Severity.ERROR,
                f"Căn cứ {basis.kind or ''} {basis.number or ''} đề ngày "
                f"{basis.issued_on:%d/%m/%Y}, sau ngày ban hành kế hoạch "
                f"{plan.issued_on:%d/%m/%Y}.",
                (basis.span, plan.fields["issued_on"]),
            )
    for row in plan.rows:
        cell = row.cell(Role.TIME)
        for date in DATE.finditer(cell.text) if cell else ():
            due = date_of(date)
            if cell and due and due < plan.issued_on:
                yield Note(
                    "deadline_before_plan",
                    Severity.WARNING,
                    f"{row.label}: thời hạn “{date[0]}” trước ngày ban hành "
                    f"{plan.issued_on:%d/%m/%Y}.",
                    (_within(cell.span, date), plan.fields["issued_on"]),
                )


def _ordinals(plan: Plan) -> Iterator[Note]:
    """Yield an ordinal twice, or one left out, among the rows under one heading.

    In 1, 2, 2, 4 the second 2 stands for the 3, so nothing is left out.
    """
    lists: dict[tuple[str, str | None, str | None], list[AppendixRow]] = {}
    for row in plan.rows:
        if _position(row) is not None:
            lists.setdefault((row.key.rpartition("r")[0], row.group, row.parent), []).append(row)
    for rows in lists.values():
        repeated = 0
        for before, row in pairwise(rows):
            first, second = _position(before), _position(row)
            if first is None or second is None:
                continue
            merged = before.cells[0].text == row.cells[0].text and _same_activity(before, row)
            if second == first and not merged:
                repeated += 1
                yield Note(
                    "duplicate_ordinal",
                    Severity.WARNING,
                    f"{row.appendix}: số thứ tự {row.ordinal} dùng hai lần.",
                    (before.span, row.span),
                )
            elif second > first + 1 + repeated:
                yield Note(
                    "missing_ordinal",
                    Severity.WARNING,
                    f"{row.appendix}: sau dòng {before.ordinal} là dòng {row.ordinal}, "
                    "có thể thiếu dòng ở giữa.",
                    (before.span, row.span),
                )


def _units_without_row(plan: Plan) -> Iterator[Note]:
    """Yield a unit with duties in the text that no row names."""
    if not _appendix_rows(plan):
        return
    registry = unit_registry()
    cells = {
        row.text_of(role) for row in plan.rows for role in (Role.LEAD, Role.SUPPORT, Role.MONITOR)
    }
    names = {span.of(cell) for cell in cells for span in split_units(cell)}
    in_rows = set(map(registry.id_of, names))
    in_rows |= {mention.unit.id for cell in cells for mention in registry.mentions(cell)}
    for part in plan.sections:
        if not _DUTY_PART.search(fold(part.title)):
            continue
        for section in part.children:
            units = registry.mentions(section.title)
            if not units or units[0].span.start > 1 or units[0].unit.collective:
                continue
            if not {mention.unit.id for mention in units} & in_rows:
                yield Note(
                    "unit_without_row",
                    Severity.INFO,
                    f"{section.label}: “{section.title}” được giao nhiệm vụ nhưng không có tên "
                    "trong bảng phụ lục.",
                    (section.heading,),
                )


def _items_and_rows(plan: Plan) -> Iterator[Note]:
    """Yield an item of the activity part that no row takes up, and a row no item announces."""
    items = [
        section
        for part in plan.sections
        if _ACTIVITY_PART.search(fold(part.title))
        for section in part.children
    ]
    rows = [row for row in _appendix_rows(plan) if row.text_of(Role.ACTIVITY)]
    top = [row for row in rows if not row.parent]
    if len(items) < 2 or not rows:
        return
    item_texts = [item.heading.of(plan.text) for item in items]
    row_texts = [row.text_of(Role.ACTIVITY) for row in rows]
    likeness = Likeness.of([*item_texts, *row_texts])
    overlaps = [[likeness.overlap(text, row) for row in row_texts] for text in item_texts]
    best = list(map(max, overlaps))
    if sum(score >= _SAME_ACTIVITY for score in best) < _SAME_LIST * len(items):
        return
    for item, score in zip(items, best, strict=True):
        if score < _SAME_ACTIVITY:
            yield Note(
                "item_without_row",
                Severity.WARNING,
                f"{item.label}: hoạt động nêu trong nội dung không có dòng tương ứng "
                "trong phụ lục.",
                (item.heading,),
            )
    announced = {
        row.key
        for row, of_row in zip(rows, zip(*overlaps, strict=True), strict=True)
        if max(of_row) >= _SAME_ACTIVITY
    }
    # An appendix of which no row is announced lists something else, targets for instance.
    of_the_list = {row.appendix for row in rows if row.key in announced}
    for row in top:
        if row.appendix in of_the_list and row.key not in announced:
            if any(r.parent == row.ordinal and r.key in announced for r in rows):
                continue
            yield Note(
                "row_without_item",
                Severity.WARNING,
                f"{row.label}: hoạt động trong phụ lục không được nêu trong phần nội dung.",
                (row.span,),
            )


def _phases_against_years(plan: Plan) -> Iterator[Note]:
    """Yield a goal set for some years while the row on the same thing is marked for others.

    Where several goals share the years of one row out among them the plan may mean its phases.
    """
    marked = [row for row in plan.rows if _years_of(row)]
    goals = [
        (section, match)
        for section in plan.walk()
        if (match := _PHASED.search(section.heading.of(plan.text)))
        and any(_GOAL_PART.search(fold(above)) for above in _titles_above(plan, section))
    ]
    if not marked or not goals:
        return
    texts = [row.text_of(Role.ACTIVITY) for row in marked]
    goal_texts = [section.heading.of(plan.text)[match.end() :] for section, match in goals]
    likeness = Likeness.of([*texts, *goal_texts])
    on_row: dict[str, list[tuple[Section, str, set[int]]]] = {}
    for (section, match), goal in zip(goals, goal_texts, strict=True):
        scores = [likeness.coverage(text, goal) for text in texts]
        best = max(scores)
        if best >= _SAME_GOAL:
            years = {int(year) for year in _YEAR.findall(match["years"])}
            row = marked[scores.index(best)]
            on_row.setdefault(row.key, []).append((section, match["years"].lower(), years))
    for row in marked:
        said = on_row.get(row.key, [])
        years_of_row = set(_years_of(row))
        together: set[int] = set().union(*(years for _, _, years in said))
        severity = Severity.INFO if years_of_row <= together else Severity.WARNING
        for section, phase, years in said:
            if years_of_row - years:
                yield Note(
                    "phase_against_years",
                    severity,
                    f"{section.label} đặt mục tiêu cho {phase}, còn {row.label} "
                    f"ghi năm {', '.join(map(str, sorted(years_of_row)))}.",
                    (section.heading, row.span),
                )


def _rows_told_twice(plan: Plan) -> Iterator[Note]:
    """Yield two rows of one list with the same activity that say different things about it.

    Rows with one ordinal share a merged cell: they are the parts of one task.
    """
    seen: dict[tuple[str, str | None, str | None, str], AppendixRow] = {}
    for row in plan.rows:
        activity = fold(row.text_of(Role.ACTIVITY))
        if not activity or row.is_heading:
            continue
        before = seen.setdefault((row.appendix, row.group, row.parent, activity), row)
        told = [name for role, name in _TOLD.items() if _tell_apart(before, row, role)]
        if before.ordinal != row.ordinal and told:
            yield Note(
                "row_told_twice",
                Severity.WARNING,
                f"{before.label} và {row.label} ghi cùng một hoạt động nhưng khác nhau ở: "
                f"{', '.join(told)}.",
                (before.span, row.span),
            )


def _report_days(plan: Plan) -> Iterator[Note]:
    """Yield two clauses that set different days for the same report of the same bodies."""
    registry = unit_registry()
    seen: dict[tuple[frozenset[str], str], tuple[str, Section, Span]] = {}
    for section in plan.walk():
        text = section.span.of(plan.text)
        if section.children or not (_REPORTS.search(text) and _REPORT_DAY.search(text)):
            continue
        above = " ".join(_titles_above(plan, section)) if len(section.path) > 1 else ""
        units = frozenset(m.unit.id for m in registry.mentions(f"{above} {text}"))
        for due in _REPORT_DAY.finditer(text):
            cuts = [cut.end() for cut in _CLAUSE_END.finditer(text, 0, due.start())]
            kinds = _REPORT_KIND.findall(text[cuts[-1] if cuts else 0 : due.start()])
            if not kinds:
                continue
            day = "".join(due["day"].split())
            span = _within(section.span, due)
            known, where, place = seen.setdefault((units, kinds[-1].lower()), (day, section, span))
            if _other_day(known, day) and where is not section:
                yield Note(
                    "deadline_mismatch",
                    Severity.ERROR,
                    f"{where.label} ghi hạn báo cáo {kinds[-1].lower()} là {known}, "
                    f"{section.label} ghi {day}.",
                    (place, span),
                )


def _years_of_the_appendix(plan: Plan) -> Iterator[Note]:
    """Yield the title of an appendix that is for years outside those of the plan's own title."""
    title, appendix = plan.fields.get("period"), plan.fields.get("appendix_title")
    if plan.period is None or title is None or appendix is None or appendix.contains(title):
        return
    years = {int(year) for year in _YEAR.findall(appendix.of(plan.text))}
    if years - set(plan.period.years):
        yield Note(
            "period_mismatch",
            Severity.ERROR,
            f"Tên kế hoạch ghi {title.of(plan.text)}, tên phụ lục ghi năm "
            f"{', '.join(map(str, sorted(years)))}.",
            (title, appendix),
        )


def _years_of(row: AppendixRow) -> tuple[int, ...]:
    """Return the years a row is marked for, else those its time column names."""
    return row.years or tuple(int(year) for year in _YEAR.findall(row.text_of(Role.TIME)))


def _tell_apart(one: AppendixRow, other: AppendixRow, role: Role) -> bool:
    """Say whether two rows both say something in a column, and not the same."""
    texts = {fold(one.text_of(role)), fold(other.text_of(role))}
    return len(texts) == 2 and "" not in texts


def _other_day(one: str, other: str) -> bool:
    """Say whether two days cannot be one; "20/6" may be "20/6/2026"."""
    return any(int(a) != int(b) for a, b in zip(one.split("/"), other.split("/"), strict=False))


def _appendix_rows(plan: Plan) -> list[AppendixRow]:
    """Return the rows of appendices; a table in the body is no list of all activities."""
    return [row for row in plan.rows if row.appendix.startswith("Phụ lục")]


def _titles_above(plan: Plan, section: Section) -> Iterator[str]:
    for other in plan.walk():
        if other.title and section.path[: len(other.path)] == other.path and other is not section:
            yield other.title


def _position(row: AppendixRow) -> int | None:
    last = row.ordinal.rpartition(".")[2]
    return int(last) if last.isdigit() else roman_value(last)


def _same_activity(one: AppendixRow, other: AppendixRow) -> bool:
    return one.text_of(Role.ACTIVITY) == other.text_of(Role.ACTIVITY)


def _within(span: Span, match: re.Match[str]) -> Span:
    return Span(span.start + match.start(), span.start + match.end())
