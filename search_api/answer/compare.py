"""The same activity in several provinces, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.align import align
from corpus.model import Role
from indexer.filter import Filter
from search_api.answer.draft import Draft, values_of
from search_api.answer.rows import matching_rows
from search_api.question import Question
from search_api.retrieve import Retriever, RowMatch, origin

# Each plan shows its own best rows, though another's fit better.
_EACH_PLAN = 0.6
_NAMES = {
    Role.LEAD: "chủ trì",
    Role.SUPPORT: "phối hợp",
    Role.PRODUCT: "sản phẩm",
    Role.YEARS: "năm",
    Role.TIME: "thời gian",
    Role.BUDGET: "kinh phí",
}
_USUAL = (Role.LEAD, Role.SUPPORT, Role.PRODUCT, Role.YEARS)


def answer_compare(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the rows on the topic province by province, and which columns differ."""
    matches = matching_rows(question, retriever, wanted, near_other_plan=_EACH_PLAN)
    by_province: dict[str, list[RowMatch]] = {}
    for match in matches:
        by_province.setdefault(origin(match.plan), []).append(match)
    if not by_province:
        return None
    if question.provinces:
        for match in _counterparts(matches, retriever, wanted):
            by_province.setdefault(origin(match.plan), []).append(match)
    asked = dict.fromkeys((*question.asks, *question.also))
    roles = [role for role in asked if role in _NAMES] or list(_USUAL)
    draft = Draft()
    lines = []
    for province, rows in by_province.items():
        for match in rows:
            draft.add_row(match)
            parts = [
                f"{_NAMES[role]}: {'; '.join(values_of(match, role)) or 'không ghi'}"
                for role in roles
            ]
            lines.append(
                f"{province} – “{match.activity}” ({match.row.label}): {' | '.join(parts)}."
            )
            if asked:
                for role in roles:
                    draft.add_values(values_of(match, role))
    if len(by_province) > 1:
        lines.append(_difference(list(by_province.values()), roles, retriever))
    else:
        only = next(iter(by_province))
        others = sorted({origin(plan) for plan in retriever.heads(wanted)} - {only})
        if others:
            lines.append(f"Chỉ {only} có nội dung này; không thấy ở {', '.join(others)}.")
            draft.complete = True
    draft.sentence = "\n".join(lines)
    return draft


def _counterparts(
    matches: Sequence[RowMatch], retriever: Retriever, wanted: Filter
) -> Iterator[RowMatch]:
    """Yield rows that are the same activity in plans where no row has the words of the question."""
    found = {match.plan.id for match in matches}
    for plan in retriever.plans(wanted):
        if plan.id in found:
            continue
        rows = {m.row.key: m for m in retriever.every_row(replace(wanted, plans=(plan.id,)))}
        seen: set[str] = set()
        for match in matches:
            for pair in align(match.plan, plan).pairs:
                key = pair.other.key
                if pair.one.key == match.row.key and key in rows and key not in seen:
                    seen.add(key)
                    yield rows[key]


def _difference(groups: list[list[RowMatch]], roles: list[Role], retriever: Retriever) -> str:
    same: list[str] = []
    different: list[str] = []
    for role in roles:
        sets = [
            {
                retriever.unit_id(v) if role in (Role.LEAD, Role.SUPPORT) else v.casefold()
                for m in rows
                for v in values_of(m, role)
            }
            for rows in groups
        ]
        (same if all(one == sets[0] for one in sets) else different).append(_NAMES[role])
    parts = []
    if same:
        parts.append(f"Giống nhau: {', '.join(same)}")
    if different:
        parts.append(f"Khác nhau: {', '.join(different)}")
    return ". ".join(parts) + "."
