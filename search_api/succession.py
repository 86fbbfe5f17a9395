"""Who is that today: units and provinces of a plan, on the date asked."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.places import current_province
from corpus.units import UnitRegistry

_PROVINCES_SINCE = datetime.date(2025, 7, 1)
_PROVINCES_BASIS = "Nghị quyết số 202/2025/QH15 ngày 12/6/2025"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the tasks of a unit on a day; `name` is as written in the plan.

    `holder` is None ("chưa xác định") where the body is gone and the topic does not tell which of
    its functions is meant; `inferred` says that the registry concluded rather than read it.
    """

    name: str
    holder: str | None
    function: str | None
    since: datetime.date
    basis: str
    inferred: bool

    @property
    def sentence(self) -> str:
        """Return the succession as people read it."""
        since = f"từ {self.since.day}/{self.since.month}/{self.since.year}"
        if self.holder is None:
            return f"{self.name}: đã sắp xếp lại ({since}, {self.basis}); đơn vị nhận nhiệm vụ chưa xác định"
        function = f" ({self.function})" if self.function else ""
        return f"{self.name} → {self.holder}{function}, {since}, {self.basis}"


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
            unclear = item.function is None and item.inferred and len(unit.successors) > 1
            holder = None if unclear or successor is None else successor.name
            holders.setdefault(
                (name, holder), Holder(name, holder, item.function, item.since, item.basis, item.inferred)
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
