"""What each route answers, as an extract: the columns people file, and the source of every line."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from corpus.model import Role
from search_api import schemas
from search_api.export.extract import Extract
from search_api.model import Filters
from search_api.wording import FIELDS, REASONS, SEVERITIES, YEARS_FROM, held, lines_of

_SOURCE = "Nguồn"
_PROVINCE = "Tỉnh"
_KINDS = {"row": "dòng phụ lục", "section": "mục", "plan": "thông tin chung"}
# How often a unit is named, by what it is named for.
_COUNTED = {
    "lead": "Chủ trì",
    "support": "Phối hợp",
    "monitor": "Theo dõi",
    "duty": "Được giao nhiệm vụ",
    "named": "Được nêu tên",
}
_STATUSES = {
    "answered": "Trả lời",
    "partial": "Trả lời một phần",
    "not_found": "Không tìm thấy",
}
_RELATIONS = {
    "copy": "bản sao của",
    "draft": "dự thảo của",
    "replaced": "được thay bằng",
    "amended": "được sửa đổi bởi",
}
_SIDE = ("activity", "lead", "support", "product", "time", "years")


def of_answer(answer: schemas.Answer) -> Extract:
    """Return the lines of an answer; a refusal has none, and its remarks say why."""
    filled = [name for name in FIELDS if any(item.fields.get(name) for item in answer.items)]
    rows = []
    for item in answer.items:
        cited = answer.citations[item.citation]
        cells = [_field(item.fields, name) for name in filled]
        rows.append((_said(item.province), *cells, cited.quote, source_of(cited)))
    cited_by_item = {item.citation for item in answer.items}
    rows += [
        (_said(cited.province), *("" for _ in filled), cited.quote, source_of(cited))
        for number, cited in enumerate(answer.citations)
        if number not in cited_by_item
    ]
    verdict = _STATUSES[answer.status]
    if answer.reason:
        verdict += f" – {REASONS[answer.reason]}"
    return Extract.of(
        "tra-loi",
        f"Trả lời câu hỏi “{answer.question}”",
        (_PROVINCE, *(FIELDS[name] for name in filled), "Trích nguyên văn", _SOURCE),
        rows,
        (f"{verdict}: {answer.answer}", answer.coverage.note or ""),
        _plans(answer.citations),
    )


def of_hits(found: schemas.SearchResult, words: str, scope: str = "") -> Extract:
    """Return ranked sections and rows."""
    return Extract.of(
        "tim-kiem",
        f"Kết quả tìm kiếm “{words}”",
        ("TT", "Loại", "Nội dung", _PROVINCE, _SOURCE),
        (
            (
                str(hit.rank),
                _KINDS.get(hit.kind, hit.kind),
                hit.text,
                _said(hit.citation.province),
                source_of(hit.citation),
            )
            for hit in found.hits
        ),
        (scope, f"{len(found.hits)} trong {found.total} mục và dòng tìm thấy."),
        _plans(hit.citation for hit in found.hits),
    )


def of_comparisons(compared: schemas.Comparisons, scope: str = "") -> Extract:
    """Return plans in pairs: the two lines of an activity follow each other."""
    rows: list[tuple[str, ...]] = []
    citations = []
    number = 0
    for pair in compared.comparisons:
        for paired in pair.pairs:
            number += 1
            remark = _difference(paired)
            for side in (paired.one, paired.other):
                rows.append((f"Cặp {number}", *_side(side), remark, source_of(side.citation)))
                citations.append(side.citation)
        for alone in (*pair.only_one, *pair.only_other):
            rows.append(("Chỉ một nơi có", *_side(alone), "", source_of(alone.citation)))
            citations.append(alone.citation)
    topic = f" về “{compared.topic}”" if compared.topic else ""
    columns = (FIELDS[name] for name in _SIDE)
    return Extract.of(
        "so-sanh",
        f"So sánh kế hoạch của các tỉnh{topic}",
        ("Đối chiếu", _PROVINCE, *columns, "Giống và khác", _SOURCE),
        rows,
        (scope, held(compared.corpus.held, compared.corpus.held_today)),
        _plans(citations),
    )


def of_duties(duties: schemas.UnitDuties, on: datetime.date, scope: str = "") -> Extract:
    """Return all duties of a unit, those by a collective name last."""
    holders = (
        f"{holder.name} → {holder.holder or 'chưa xác định'}"
        + (f" ({holder.function})" if holder.function else "")
        + f", từ {_day(holder.since)}, {holder.basis}"
        for holder in duties.holders
    )
    every = (*duties.named, *duties.through_collectives)
    return Extract.of(
        "nhiem-vu",
        f"Nhiệm vụ của {duties.name}",
        ("TT", "Vai trò", "Nhiệm vụ", "Năm", "Qua tên gọi chung", _PROVINCE, _SOURCE),
        (
            (
                str(number),
                ", ".join(duty.roles),
                duty.text,
                ", ".join(map(str, duty.years)),
                duty.through or "",
                _said(duty.province),
                source_of(duty.citation),
            )
            for number, duty in enumerate(every, 1)
        ),
        (
            scope,
            f"{len(duties.named)} nhiệm vụ nêu tên đơn vị; "
            f"{len(duties.through_collectives)} nhiệm vụ có thể thuộc một tên gọi chung.",
            *(f"Đến ngày {_day(on)}: {holder}." for holder in holders),
        ),
        _plans(duty.citation for duty in every),
    )


def of_deadlines(deadlines: schemas.Deadlines, on: datetime.date, scope: str = "") -> Extract:
    """Return all deadlines; `on` is the day from which the next day is counted."""
    return Extract.of(
        "thoi-han",
        "Thời hạn trong các kế hoạch",
        ("Ngày tới", "Các ngày", "Như văn bản ghi", "Việc", "Đơn vị", "Gửi", _PROVINCE, _SOURCE),
        (
            (
                _day(due.next),
                "\n".join(map(_day, due.dates)),
                due.when + (" (hằng năm)" if due.recurs else ""),
                due.what,
                "; ".join(due.who),
                due.to_whom or "",
                _said(due.province),
                source_of(due.citation),
            )
            for due in deadlines.deadlines
        ),
        (
            scope,
            f"{deadlines.total} thời hạn, {deadlines.dated} thời hạn có ngày; "
            f"ngày tới tính từ {_day(on)}. Thời hạn không ghi ngày được chép như văn bản.",
        ),
        _plans(due.citation for due in deadlines.deadlines),
    )


def of_bases(bases: schemas.Bases, scope: str = "") -> Extract:
    """Return the documents that plans stand on, from the top down."""
    return Extract.of(
        "can-cu",
        "Các văn bản mà kế hoạch căn cứ",
        ("TT", "Cấp", "Loại", "Số, ký hiệu", "Ngày", "Cơ quan ban hành", "Trích yếu", _SOURCE),
        (
            (
                str(number),
                basis.rank,
                basis.kind,
                basis.number or "",
                _day(basis.issued_on),
                basis.issuer or "",
                basis.title or "",
                "\n".join(map(source_of, basis.citations)),
            )
            for number, basis in enumerate(bases.bases, 1)
        ),
        (scope,),
        _plans(citation for basis in bases.bases for citation in basis.citations),
    )


def of_plans(plans: schemas.Plans, offset: int = 0) -> Extract:
    """Return the list of the plans, or the part of it that begins at `offset`."""
    part, shown = _part(offset, len(plans.plans), plans.total)
    return Extract.of(
        f"ke-hoach{part}",
        "Các kế hoạch đã lập chỉ mục",
        (
            *("TT", "Số, ký hiệu", "Ngày ban hành", _PROVINCE, "Tên kế hoạch", "Thời kỳ"),
            *("Số mục", "Số dòng phụ lục", "Nghi vấn", "Bản khác", "Tệp"),
        ),
        (
            (
                str(number),
                plan.number or "",
                _day(plan.issued_on),
                _said(plan.province),
                plan.title,
                _period(plan.period),
                str(plan.sections),
                str(plan.rows),
                str(plan.notes),
                " ".join(filter(None, (_RELATIONS.get(plan.relation or ""), plan.superseded_by))),
                plan.source.name,
            )
            for number, plan in enumerate(plans.plans, offset + 1)
        ),
        (f"{shown} kế hoạch.",),
    )


def of_rows(rows: schemas.Rows, plan: schemas.PlanSummary) -> Extract:
    """Return the appendix rows of a plan under the very headers that it gives them."""
    columns: dict[tuple[Role, str], str] = {}
    for row in rows.rows:
        for cell in row.cells:
            columns.setdefault((cell.role, cell.header), cell.header or FIELDS.get(cell.role, ""))
    several = len({row.appendix for row in rows.rows}) > 1
    return Extract.of(
        f"{plan.id}-phu-luc",
        f"Phụ lục của {_plan_name(plan.number, plan.title, plan.issued_on)}",
        (*(["Phụ lục"] if several else []), *columns.values(), _SOURCE),
        (
            (
                *([row.appendix] if several else []),
                *_under(columns, row),
                f"{row.appendix}, dòng {row.ordinal}" if row.ordinal else row.appendix,
            )
            for row in rows.rows
        ),
        (plan.title, f"{rows.total} dòng."),
        (_plan(plan.number, plan.title, plan.province, plan.issued_on, plan.source.name),),
    )


def of_notes(notes: schemas.Notes, plan: schemas.PlanSummary) -> Extract:
    """Return what is doubtful or contradictory in a plan."""
    return Extract.of(
        f"{plan.id}-nghi-van",
        f"Nghi vấn và mâu thuẫn trong {_plan_name(plan.number, plan.title, plan.issued_on)}",
        ("TT", "Mức", "Điều cần xem", "Các chỗ liên quan"),
        (
            (
                str(number),
                SEVERITIES[note.severity],
                note.message,
                "\n".join(f"{place.label}: “{place.text}”" for place in note.places),
            )
            for number, note in enumerate(notes.notes, 1)
        ),
        (plan.title, f"{notes.total} điều cần xem."),
        (_plan(plan.number, plan.title, plan.province, plan.issued_on, plan.source.name),),
    )


def of_units(units: schemas.Units, offset: int = 0) -> Extract:
    """Return the units that plans name, and how often, or the part that begins at `offset`."""
    part, shown = _part(offset, len(units.units), units.total)
    return Extract.of(
        f"don-vi{part}",
        "Các đơn vị được nêu trong các kế hoạch",
        ("TT", "Đơn vị", *_COUNTED.values()),
        (
            (str(number), unit.name, *(str(unit.counts.get(role, "")) for role in _COUNTED))
            for number, unit in enumerate(units.units, offset + 1)
        ),
        (f"{shown} đơn vị; mỗi số là số mục và dòng phụ lục.",),
    )


def scope_of(filters: Filters) -> str:
    """Return what a table was restricted to, "" where it was not.

    >>> scope_of(Filters(provinces=("Kiên Giang",), years=(2024, 2025)))
    'Phạm vi: tỉnh Kiên Giang; năm 2024, 2025.'
    """
    parts = (
        ("tỉnh", filters.provinces),
        ("năm", filters.years),
        ("kế hoạch", filters.plans),
        ("đơn vị", filters.units),
        ("vai trò", tuple(FIELDS.get(role, role).lower() for role in filters.roles)),
        ("loại", tuple(_KINDS.get(kind, kind) for kind in filters.kinds)),
    )
    said = [f"{name} {', '.join(map(str, values))}" for name, values in parts if values]
    return f"Phạm vi: {'; '.join(said)}." if said else ""


def source_of(citation: schemas.Citation) -> str:
    """Return the place of a line as an official cites it."""
    page = f", trang {citation.page}" if citation.page else ""
    plan = _plan_name(citation.plan_number, citation.plan_title, citation.issued_on)
    return f"{citation.label}{page}, {plan}"


def _part(offset: int, count: int, total: int) -> tuple[str, str]:
    """Return how a part of a list is told in the name of its file and in words; "" for the whole.

    >>> _part(1000, 60, 1060)
    ('-1001-1060-trong-1060', '1001 đến 1060 trong 1060')
    """
    if count == total:
        return "", str(total)
    first, last = offset + 1, offset + count
    return f"-{first}-{last}-trong-{total}", f"{first} đến {last} trong {total}"


def _plans(citations: Iterable[schemas.Citation]) -> Iterable[str]:
    return (
        _plan(c.plan_number, c.plan_title, c.province, c.issued_on, c.source) for c in citations
    )


def _plan(
    number: str | None,
    title: str,
    province: str | None,
    issued_on: datetime.date | None,
    source: str,
) -> str:
    place = f", {province}" if province else ""
    named = f": {title}" if number and title else ""
    return f"{_plan_name(number, title, issued_on)}{place}{named} (tệp {source})"


def _plan_name(number: str | None, title: str, issued_on: datetime.date | None) -> str:
    name = f"Kế hoạch số {number}" if number else f"Kế hoạch “{title}”"
    return f"{name} ngày {_day(issued_on)}" if issued_on else name


def _under(columns: Iterable[tuple[Role, str]], row: schemas.Row) -> list[str]:
    """Return the cells of `row` by column; what stands twice under one header follows below."""
    texts: dict[tuple[Role, str], list[str]] = {}
    for cell in row.cells:
        texts.setdefault((cell.role, cell.header), []).append(cell.text)
    return ["\n".join(filter(None, texts.get(column, ()))) for column in columns]


def _side(side: schemas.Side) -> Sequence[str]:
    return (_said(side.province), *(_field(side.fields, name) for name in _SIDE))


def _difference(paired: schemas.Paired) -> str:
    lines = [
        f"{what}: {', '.join(FIELDS[name].lower() for name in names)}."
        for what, names in (("Khác", paired.differs), ("Giống", paired.same))
        if names
    ]
    lines += [
        f"Ô “{FIELDS[taken['column']]}” để trống; {taken['from']} ghi: “{taken['text']}”."
        for taken in paired.could_take
    ]
    return "\n".join(lines)


def _field(fields: Mapping[str, object], name: str) -> str:
    lines = lines_of(fields.get(name))
    if name != "years":
        return "; ".join(lines)
    origin = YEARS_FROM.get(str(fields.get("years_from")))
    return ", ".join(lines) + (f" ({origin})" if lines and origin else "")


def _said(value: str | None) -> str:
    return value or ""


def _day(day: datetime.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _period(period: schemas.Period | None) -> str:
    if period is None:
        return ""
    return str(period.first) if period.first == period.last else f"{period.first} - {period.last}"
