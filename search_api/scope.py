"""Where to look: filters and the places, years and plan numbers of a question, resolved."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from corpus.model import Period
from corpus.places import find_province, former_provinces
from corpus.text import fold, one_line, tokenise
from corpus.units import UnitRegistry, unit_key, unit_registry
from indexer.build import Index
from indexer.filter import Filter
from search_api import cues
from search_api.errors import UnknownFilterValue
from search_api.model import Filters, Intent, Reason
from search_api.question import Question
from search_api.titles import Titles

_NEAREST = 3
# Words of a title name the plan where they are at least this share of the question's; not tuned.
_SUBJECT = 0.25
# Periods told one by one where a year is asked for that none has; nobody reads more. Not tuned.
_MOST_PERIODS = 30
_KINDS = ("row", "section", "plan")
# "kế hoạch 97", "KH số 1549": a number that may be that of a plan.
_PLAN_BY_NUMBER = re.compile(
    rf"{cues.cue('kế hoạch|kh|văn bản|phụ lục').pattern}\s*(?:{cues.cue('số').pattern}\s*)?"
    r"(?P<digits>\d{1,5})(?![\d/]*\d{3}|\s*[-–]\s*\d)"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The chunks a question is about, or why there are none.

    `wanted` is the filter in ids; `held` has for each province named those that plans are held of,
    more than one where others were merged into it; `reason` and `message` (Vietnamese) are set
    where the question asks for a place or year that no plan covers; `note` says what a name was
    taken for.
    """

    wanted: Filter
    held: tuple[tuple[str, ...], ...] = ()
    missing_provinces: tuple[str, ...] = ()
    reason: Reason | None = None
    message: str = ""
    note: str | None = None

    @property
    def provinces(self) -> tuple[str, ...]:
        """The provinces asked about that plans are held of."""
        return tuple(dict.fromkeys(name for names in self.held for name in names))


def resolve_filters(filters: Filters, index: Index) -> Filter:
    """Return caller-written filters as ids; raise UnknownFilterValue for what no plan has.

    Where no plan is named, plans that have given way to another edition are left out.
    """
    provinces: list[str] = []
    for value in filters.provinces:
        provinces += _known_provinces(value, index) or _unknown(
            "province", value, index.catalogue.provinces
        )
    plans: list[str] = []
    for value in filters.plans:
        plans += _known_plans(value, index) or _unknown("plan", value, index.plans)
    units = [_known_unit(value, index) for value in filters.units]
    years, roles = index.facets.counts("year:"), index.facets.counts("role:")
    for year in filters.years:
        if str(year) not in years:
            _unknown("year", year, years)
    for role in filters.roles:
        if role.value not in roles:
            _unknown("role", role.value, roles)
    for kind in filters.kinds:
        if kind not in _KINDS:
            _unknown("kind", kind, _KINDS)
    return Filter(
        tuple(provinces),
        filters.years,
        tuple(plans),
        tuple(units),
        tuple(role.value for role in filters.roles),
        filters.kinds,
        current=not plans and bool(index.superseded),
    )


def read_scope(question: Question, base: Filter, index: Index) -> Scope:
    """Narrow `base` by the places, years and plan number of the question, never widen it."""
    wanted = base
    note = None
    plans = _plans_by_number(question.text, index)
    if plans:
        chosen = tuple(plan for plan in plans if not base.plans or plan in base.plans)
        if not chosen:
            return Scope(wanted, reason=Reason.OUT_OF_CORPUS,
                         message=_beyond_filter(plans, base.plans))  # fmt: skip
        # A plan that has given way answers where it is named.
        wanted = replace(wanted, plans=chosen, current=False)
    held: list[tuple[str, ...]] = []
    missing: list[str] = []
    for name in question.provinces:
        known = _known_provinces(name, index)
        if known:
            # One that is named beside the province it was merged into is asked about by itself.
            apart = [other for other in known if other == name or other not in question.provinces]
            held.append(tuple(apart or known))
            if name not in known:
                note = f"Từ 1/7/2025 {' và '.join(known)} thuộc {name}."
        else:
            missing.append(name)
    if missing and not held:
        return Scope(
            wanted, (), tuple(missing), Reason.PROVINCE_NOT_IN_CORPUS,
            f"Chưa có kế hoạch nào của {_listed(missing)} trong kho dữ liệu. "
            f"Hiện có: {_listed(index.catalogue.provinces)}.",
        )  # fmt: skip
    there = Scope(wanted, tuple(held)).provinces
    if there:
        both = tuple(name for name in there if not base.provinces or name in base.provinces)
        if not both:
            return Scope(
                wanted, tuple(held), (), Reason.PROVINCE_NOT_IN_CORPUS,
                _beyond_filter(there, base.provinces), note,
            )  # fmt: skip
        wanted = replace(wanted, provinces=both)
    if question.years and question.claim not in (Intent.METADATA, Intent.LEGAL_BASIS):
        years = tuple(year for year in question.years if not base.years or year in base.years)
        if not years:
            return Scope(
                wanted, tuple(held), tuple(missing), Reason.YEAR_OUTSIDE_PLAN,
                _beyond_filter(question.years, base.years), note,
            )  # fmt: skip
        narrowed = replace(wanted, years=years)
        allowed = index.allowed(narrowed)
        if allowed is not None and not allowed.count:
            return Scope(
                wanted, tuple(held), tuple(missing), Reason.YEAR_OUTSIDE_PLAN,
                _outside_message(question.years, wanted, index), note,
            )  # fmt: skip
        wanted = narrowed
    return Scope(wanted, tuple(held), tuple(missing), note=note)


def narrow_to_subject(
    question: Question, scope: Scope, titles: Titles, among: NDArray[np.bool_], index: Index
) -> Scope:
    """Narrow a scope to the plans whose titles alone have words of the question, if some do.

    "Ai ký kế hoạch không ma túy?" is about the one plan on that; words that all titles have, or
    none has, choose nothing. Pairs of neighbours are compared, for single syllables stand in many
    titles.
    """
    asked = {
        f"{a.key} {b.key}"
        for a, b in pairwise(question.free_terms)
        if b.span.start - a.span.end <= 1
    }
    enough = _SUBJECT * len(question.free_terms)
    best, numbers = titles.telling(asked, among)
    if best + 1 < enough or not numbers or len(numbers) == np.count_nonzero(among):
        return scope
    ids = list(index.catalogue.heads)
    return replace(scope, wanted=replace(scope.wanted, plans=tuple(ids[n] for n in numbers)))


def unit_name(unit_id: str, registry: UnitRegistry) -> str:
    """Return how a unit is called: by the registry, else as its id reads."""
    found = registry.get(unit_id)
    return found.name if found else unit_id.replace("-", " ")


def _known_provinces(name: str, index: Index) -> list[str]:
    """Return the provinces of the index that `name` is, or that it took in."""
    place = find_province(name)
    official = place.name if place else one_line(name)
    have = index.catalogue.provinces
    names = [known for known in have if fold(known) == fold(official)]
    return names + [
        former for former in former_provinces(official) if former in have and former not in names
    ]


def _known_plans(value: str, index: Index) -> list[str]:
    """Return the plans meant by an id, a number, or the digits of a number.

    Of several editions with one number those that still answer are meant; an id means just itself.
    """
    if value in index.plans:
        return [value]
    keys = tuple(token.key for token in tokenise(value))
    found = [plan for plan, number in _numbers(index) if number[: len(keys)] == keys]
    return [plan_id for plan_id in found if plan_id not in index.superseded] or found


@functools.lru_cache(maxsize=4)
def _numbers(index: Index) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the plans that have a number, by id, and the words of it."""
    return tuple(
        (plan.id, tuple(token.key for token in tokenise(plan.number)))
        for plan in index.catalogue.heads.values()
        if plan.number
    )


def _plans_by_number(text: str, index: Index) -> tuple[str, ...]:
    lowered = text.lower()
    numbers = [match[0] for match in cues.DOCUMENT_NUMBER.finditer(text)]
    numbers += [match["digits"] for match in _PLAN_BY_NUMBER.finditer(lowered)]
    return tuple(dict.fromkeys(plan for number in numbers for plan in _known_plans(number, index)))


def _beyond_filter(asked: Iterable[object], chosen: Iterable[object]) -> str:
    """Say that a question asks for what its caller's filter leaves out; the filter holds."""
    return (
        f"Câu hỏi nói về {_listed(asked)} nhưng bộ lọc chỉ chọn {_listed(chosen)}. "
        "Hãy bỏ bộ lọc hoặc sửa câu hỏi."
    )


def _outside_message(years: tuple[int, ...], wanted: Filter, index: Index) -> str:
    periods = [
        (plan.province or plan.title, plan.period)
        for plan in index.catalogue.heads.values()
        if plan.period
        and (not wanted.provinces or plan.province in wanted.provinces)
        and (not wanted.plans or plan.id in wanted.plans)
    ]
    if len(periods) > _MOST_PERIODS:
        first, last = min(p.first for _, p in periods), max(p.last for _, p in periods)
        periods = [(f"{len(periods)} kế hoạch", Period(first, last))]
    covered = "; ".join(f"{origin}: {_years_of(period)}" for origin, period in periods)
    return f"Không kế hoạch nào trong phạm vi hỏi bao gồm năm {_listed(years)}. {covered}."


def _years_of(period: Period) -> str:
    return "-".join(map(str, dict.fromkeys((period.first, period.last))))


def _known_unit(value: str, index: Index) -> str:
    known = index.facets.counts("unit:")
    for unit_id in (unit_registry().id_of(value), unit_key(value)):
        if unit_id in known:
            return unit_id
    nearest = process.extract(unit_key(value), list(known), scorer=fuzz.ratio, limit=_NEAREST)
    raise UnknownFilterValue(
        "unit", value, tuple(unit_name(key, unit_registry()) for key, _, _ in nearest)
    )


def _unknown(name: str, value: object, known: Iterable[str]) -> NoReturn:
    nearest = process.extract(str(value), list(known), limit=_NEAREST)
    raise UnknownFilterValue(name, value, tuple(text for text, _, _ in nearest))


def _listed(values: Iterable[object]) -> str:
    return ", ".join(map(str, values))
