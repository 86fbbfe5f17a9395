"""Plans for tests: each factory shows only what matters and fills in the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.model import (
    AppendixRow,
    Cell,
    LegalBasis,
    Period,
    Plan,
    Role,
    Section,
    Signatory,
    Source,
    Span,
)

HEADERS = {
    Role.ORDINAL: "STT",
    Role.ACTIVITY: "Nội dung/hoạt động",
    Role.LEAD: "Đơn vị chủ trì",
    Role.SUPPORT: "Đơn vị phối hợp",
    Role.PRODUCT: "Sản phẩm dự kiến",
    Role.TIME: "Thời gian",
}


@dataclass(frozen=True)
class RowDraft:
    """A row before it has a place in a text."""

    ordinal: str
    cells: dict[Role, str]
    parent: str | None = None
    group: str | None = None
    years: tuple[int, ...] = ()
    appendix: str = "Phụ lục"
    key: str | None = None


@dataclass(frozen=True)
class SectionDraft:
    """A section before it has a place in a text: `text` is what follows its heading."""

    label: str
    title: str
    text: str = ""
    children: Sequence[SectionDraft] = field(default=())


def make_row(
    ordinal: str = "1",
    activity: str = "Tuyên truyền trên báo, tạp chí",
    lead: str = "Sở Lao động - Thương binh và Xã hội",
    support: str = "",
    product: str = "",
    time: str = "",
    **more: object,
) -> RowDraft:
    """Return a row of the usual five columns; a dotted ordinal belongs to the one above it."""
    cells = {
        Role.ORDINAL: ordinal,
        Role.ACTIVITY: activity,
        Role.LEAD: lead,
        Role.SUPPORT: support,
        Role.PRODUCT: product,
    }
    if time:
        cells[Role.TIME] = time
    more.setdefault("parent", ordinal.rpartition(".")[0] or None)
    return RowDraft(ordinal, cells, **more)  # type: ignore[arg-type]


def make_section(
    label: str, title: str, text: str = "", children: Sequence[SectionDraft] = ()
) -> SectionDraft:
    """Return a section: ``make_section("I", "MỤC TIÊU", children=[…])``."""
    return SectionDraft(label, title, text, children)


def make_plan(
    *,
    id: str = "97-kh-ubnd.kien-giang.2023",
    number: str | None = "97/KH-UBND",
    title: str = "Truyền thông về giáo dục nghề nghiệp",
    province: str | None = "Kiên Giang",
    period: tuple[int, int] | None = (2023, 2025),
    bases: Sequence[str] = (),
    opening: str = "",
    sections: Sequence[SectionDraft] = (),
    recipients: Sequence[str] = (),
    signatory: str | None = None,
    rows: Sequence[RowDraft] = (),
    name: str = "plan.txt",
    page_starts: Sequence[int] = (),
) -> Plan:
    """Return a plan whose text holds its parts in the usual order, one line each."""
    writer = _Writer()
    fields = {}
    if number:
        fields["number"] = writer.line(number, before="Số: ")
    writer.line("KẾ HOẠCH")
    if title:
        fields["title"] = writer.line(title)
    legal = tuple(LegalBasis(writer.line(basis), None, None, None, None, None) for basis in bases)
    if opening:
        writer.line(opening)
    made_sections = tuple(_write_section(writer, section, ()) for section in sections)
    if recipients:
        writer.line("Nơi nhận:")
    places = tuple(writer.line(name, before="- ", after=";") for name in recipients)
    signed = None
    if signatory:
        position = writer.line("CHỦ TỊCH")
        signed = Signatory(signatory, "CHỦ TỊCH", Span(position.start, writer.line(signatory).end))
    if rows:
        writer.line("PHỤ LỤC")
        writer.line("\t".join(HEADERS[role] for role in rows[0].cells))
    made_rows = tuple(_write_row(writer, row) for row in rows)
    text = writer.text.removesuffix("\n")
    return Plan(
        id=id,
        number=number,
        title=title,
        issuer=None,
        province=province,
        issued_on=None,
        period=Period(*period) if period else None,
        bases=legal,
        recipients=places,
        signatory=signed,
        text=text,
        sections=made_sections,
        rows=made_rows,
        notes=(),
        source=Source(name, "text", hashlib.sha256(text.encode()).hexdigest(), tuple(page_starts)),
        fields=fields,
    )


class _Writer:
    def __init__(self) -> None:
        self.text = ""

    def line(self, words: str, before: str = "", after: str = "") -> Span:
        start = len(self.text) + len(before)
        self.text += f"{before}{words}{after}\n"
        return Span(start, start + len(words))


def _write_section(writer: _Writer, draft: SectionDraft, above: tuple[str, ...]) -> Section:
    marker = (
        f"{draft.label}) "
        if len(draft.label) == 1 and draft.label.islower()
        else f"{draft.label}. "
    )
    heading = writer.line(f"{marker}{draft.title}")
    end = heading.end
    if draft.text:
        end = writer.line(draft.text).end
    path = (*above, draft.label)
    children = tuple(_write_section(writer, child, path) for child in draft.children)
    end = children[-1].span.end if children else end
    return Section(path, draft.title, heading, Span(heading.start, end), children)


def _write_row(writer: _Writer, draft: RowDraft) -> AppendixRow:
    cells: list[Cell] = []
    place = len(writer.text)
    for role, words in draft.cells.items():
        cells.append(Cell(role, HEADERS[role], words, Span(place, place + len(words))))
        place += len(words) + 1
    span = writer.line("\t".join(draft.cells.values()))
    return AppendixRow(
        key=draft.key or f"r{draft.ordinal}",
        appendix=draft.appendix,
        group=draft.group,
        ordinal=draft.ordinal,
        parent=draft.parent,
        cells=tuple(cells),
        span=span,
        years=draft.years,
    )
