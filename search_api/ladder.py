"""The legal ladder: the documents that plans stand on, and which plans share one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.model import LegalBasis, Plan
from corpus.text import fold
from search_api.cite import cite
from search_api.model import Citation

# Who issues what, from the top: a plan stands below every document it cites.
_RANKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("luật", ("luat", "bo luat", "hien phap", "phap lenh")),
    ("Quốc hội", ("quoc hoi", "uy ban thuong vu")),
    ("Chính phủ", ("nghi dinh", "chinh phu")),
    ("Thủ tướng Chính phủ", ("thu tuong",)),
    ("bộ", ("bo truong", "thong tu", "bo ")),
    ("tổng cục, cục", ("tong cuc", "cuc truong")),
    ("tỉnh", ("tinh uy", "hoi dong nhan dan", "uy ban nhan dan", "ubnd", "hdnd")),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that plans cite as their basis; `rank` is who issued it, `step` 0 at the top."""

    kind: str
    number: str | None
    issued_on: datetime.date | None
    issuer: str | None
    title: str | None
    rank: str
    step: int
    plans: tuple[str, ...]
    citations: tuple[Citation, ...]


def legal_ladder(plans: Iterable[Plan]) -> tuple[Document, ...]:
    """Return every cited document once, from the top down, with the plans that stand on it."""
    found: dict[str, list[tuple[Plan, LegalBasis]]] = {}
    for plan in plans:
        for basis in plan.bases:
            found.setdefault(_identity(basis), []).append((plan, basis))
    documents = [_document(pairs) for pairs in found.values()]
    return tuple(sorted(documents, key=lambda d: (d.step, -len(d.plans), d.number or "")))


def _document(pairs: list[tuple[Plan, LegalBasis]]) -> Document:
    basis = pairs[0][1]
    step, rank = _rank(basis)
    return Document(
        kind=basis.kind or "",
        number=basis.number,
        issued_on=basis.issued_on,
        issuer=basis.issuer,
        title=basis.title,
        rank=rank,
        step=step,
        plans=tuple(dict.fromkeys(plan.id for plan, _ in pairs)),
        citations=tuple(cite(plan, one.span) for plan, one in pairs),
    )


def _identity(basis: LegalBasis) -> str:
    return fold("".join((basis.number or basis.kind or str(basis.span)).split()))


def _rank(basis: LegalBasis) -> tuple[int, str]:
    said = fold(f"{basis.kind or ''} {basis.issuer or ''}")
    # "Thủ tướng Chính phủ" names both; the longer name is meant.
    ranked = sorted(enumerate(_RANKS), key=lambda item: -len(item[1][0]))
    for step, (name, words) in ranked:
        if any(word in said for word in words):
            return step, name
    return len(_RANKS), "khác"
