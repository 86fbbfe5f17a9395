"""Duties of a unit counted by role and year, and who holds them on a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from corpus.units import unit_registry
from search_api.matrix import Duties, Duty
from search_api.model import Holder
from search_api.succession import holders_of


def count_duties(duties: Iterable[Duty]) -> dict[str, dict[int, int]]:
    """Return how many of `duties` there are by role and year, the commonest role first.

    A duty with two roles, or for three years, counts in each of them.
    """
    counts: dict[str, dict[int, int]] = {}
    for duty in duties:
        for role in duty.roles:
            by_year = counts.setdefault(role, {})
            for year in duty.years:
                by_year[year] = by_year.get(year, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: -sum(item[1].values()))
    return {role: dict(sorted(by_year.items())) for role, by_year in ranked}


def holders_on(duties: Duties, on: datetime.date) -> tuple[Holder, ...]:
    """Return who holds on the day `on` what the unit held.

    The title of a plan tells which function is meant; where it does not, the words of each duty do.
    """
    found: dict[str | None, Holder] = {}
    for duty in (*duties.named, *duties.through_collectives):
        title = duty.citation.plan_title
        holders = holders_of((duties.name,), title, on, unit_registry())
        if any(holder.holder is None for holder in holders):
            holders = holders_of((duties.name,), f"{title} {duty.text}", on, unit_registry())
        for holder in holders:
            found.setdefault(holder.holder, holder)
    # What one duty leaves open another may tell.
    clear = tuple(holder for name, holder in found.items() if name is not None)
    return clear or tuple(found.values())
