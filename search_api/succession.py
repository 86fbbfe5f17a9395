"""Who is that today: units and provinces of a plan, on the date asked."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from corpus.places import current_province
from corpus.units import Succession, Unit, UnitRegistry
from search_api.model import Holder

_PROVINCES_SINCE = datetime.date(2025, 7, 1)
_PROVINCES_BASIS = "Nghị quyết số 202/2025/QH15 ngày 12/6/2025"


def holders_of(
    names: Iterable[str], topic: str, on: datetime.date, registry: UnitRegistry
) -> tuple[Holder, ...]:
    """Return the successors on the day `on` of every unit of `names` that no longer is.

    `topic` tells which function is meant: the words of the question, the activity and the plan.
    """
    holders: dict[tuple[str, str | None], Holder] = {}
    for name in names:
        unit = registry.find(name)
        if unit is None or unit.collective:
            continue
        for item in registry.successors(unit, on, topic):
            successor = registry.get(item.unit_id)
            holder = None if _is_unclear(item, unit) or successor is None else successor.name
            holders.setdefault(
                (name, holder),
                Holder(name, holder, item.function, item.since, item.basis, item.inferred),
            )
    return tuple(holders.values())


def province_today(name: str | None, on: datetime.date) -> Holder | None:
    """Return what a province of a plan is called on the day `on`, None where nothing changed."""
    if name is None:
        return None
    today = current_province(name, on)
    if today == name:
        return None
    return Holder(name, today, None, _PROVINCES_SINCE, _PROVINCES_BASIS, inferred=False)


def predecessors_of(
    unit_ids: Iterable[str],
    known: Iterable[str],
    topic: str,
    on: datetime.date,
    registry: UnitRegistry,
) -> tuple[tuple[str, Holder], ...]:
    """Return the units of `known` whose tasks on `topic` one of `unit_ids` holds on that day."""
    wanted = set(unit_ids)
    found = []
    for unit_id in known:
        unit = registry.get(unit_id)
        if unit is None or unit.collective:
            continue
        for item in registry.successors(unit, on, topic):
            successor = registry.get(item.unit_id)
            if item.unit_id in wanted and successor:
                holder = Holder(
                    unit.name, successor.name, item.function, item.since, item.basis, item.inferred
                )
                found.append((unit_id, holder))
    return tuple(found)


def successors_of(
    unit_ids: Iterable[str],
    known: Collection[str],
    topic: str,
    on: datetime.date,
    registry: UnitRegistry,
) -> tuple[tuple[str, Holder], ...]:
    """Return the units of `known` that hold the tasks of `unit_ids` on `topic` on that day.

    Where it is unclear which function is meant, nobody is.
    """
    found = []
    for unit in filter(None, map(registry.get, unit_ids)):
        for item in registry.successors(unit, on, topic):
            successor = registry.get(item.unit_id)
            if successor and item.unit_id in known and not _is_unclear(item, unit):
                holder = Holder(
                    unit.name, successor.name, item.function, item.since, item.basis, item.inferred
                )
                found.append((item.unit_id, holder))
    return tuple(found)


def _is_unclear(item: Succession, unit: Unit) -> bool:
    """Say whether a successor of the whole body stands for functions that went elsewhere."""
    return item.function is None and item.inferred and len(unit.successors) > 1
