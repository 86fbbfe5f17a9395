"""The only way to make a Citation: a plan and a span, or a chunk, which is one of both.

So every quote is verbatim.
"""

from __future__ import annotations

from urllib.parse import quote

from corpus.model import AppendixRow, Plan, Section, Span
from indexer.catalogue import PlanHead
from indexer.chunk import Chunk
from search_api.model import Citation

# How the parts of a plan's head are called where people read them.
_PART_LABELS = {
    "number": "Số kế hoạch",
    "title": "Tên kế hoạch",
    "issued_on": "Ngày ban hành",
    "place": "Nơi ban hành",
    "issuer": "Cơ quan ban hành",
    "period": "Thời kỳ",
    "attachment": "Dòng “Kèm theo”",
    "appendix_title": "Tên phụ lục",
    "signatory": "Người ký",
    "recipients": "Nơi nhận",
}


def cite(plan: Plan, span: Span) -> Citation:
    """Return the citation of `span`: a row, the deepest section that holds it, or the plan's head.

    Raises ValueError for a span that is empty or not of this plan.
    """
    if not len(span) or span.end > len(plan.text):
        raise ValueError(f"{span} is no quote of {plan.id}")
    kind, locator, label, anchor = _place(plan, span)
    page = plan.source.page_of(span.start)
    return _of(plan, kind, locator, label, page, anchor, span, span.of(plan.text))


def cite_chunk(chunk: Chunk, head: PlanHead) -> Citation | None:
    """Return the citation of all of a row's or section's chunk, without opening its plan.

    None for a part of the plan's head, which only the plan can tell.
    """
    if chunk.kind == "plan":
        return None
    anchor = chunk.id.rpartition("#")[2].partition("~")[0]
    return _of(
        head, chunk.kind, chunk.locator, chunk.label, chunk.page, anchor, chunk.span, chunk.text
    )


def row_at(plan: Plan, span: Span) -> AppendixRow | None:
    """Return the row that holds `span`, None where none does."""
    return next((row for row in plan.rows if row.span.contains(span)), None)


def section_at(plan: Plan, span: Span) -> Section | None:
    """Return the deepest section that holds `span`, None where none does."""
    found, below = None, plan.sections
    while section := next((one for one in below if one.span.contains(span)), None):
        found, below = section, section.children
    return found


def _of(
    head: Plan | PlanHead,
    kind: str,
    locator: str,
    label: str,
    page: int | None,
    anchor: str,
    span: Span,
    text: str,
) -> Citation:
    return Citation(
        plan_id=head.id,
        plan_number=head.number,
        plan_title=head.title,
        province=head.province,
        issued_on=head.issued_on,
        source=head.source.name,
        kind=kind,
        locator=locator,
        label=label,
        page=page,
        start=span.start,
        end=span.end,
        quote=text,
        url=f"/v1/plans/{quote(head.id)}#{quote(anchor)}",
    )


def _place(plan: Plan, span: Span) -> tuple[str, str, str, str]:
    """Return kind, locator, label and page anchor of the place a span stands in."""
    if row := row_at(plan, span):
        return "row", row.ordinal or row.key, row.label, row.key
    if section := section_at(plan, span):
        return "section", section.locator, section.label, section.locator
    name, label = _part_of_head(plan, span)
    return "plan", name, label, name


def _part_of_head(plan: Plan, span: Span) -> tuple[str, str]:
    for number, basis in enumerate(plan.bases, 1):
        if basis.span.contains(span):
            return f"basis.{number}", f"Căn cứ {number}"
    if plan.signatory and plan.signatory.span.contains(span):
        return "signatory", _PART_LABELS["signatory"]
    if plan.recipients and plan.recipients[0].start <= span.start <= plan.recipients[-1].end:
        return "recipients", _PART_LABELS["recipients"]
    holding = [
        (len(place), name)
        for name, place in plan.fields.items()
        if name in _PART_LABELS and place.contains(span)
    ]
    if holding:
        name = min(holding)[1]
        return name, _PART_LABELS[name]
    return "head", "Phần đầu kế hoạch" if span.start < len(plan.text) // 2 else "Phần cuối kế hoạch"
