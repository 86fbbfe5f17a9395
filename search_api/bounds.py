"""What is refused before it is looked up: filters that no plan meets, a thing beside itself."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.build import Index
from search_api.errors import NothingToCompare, SearchError
from search_api.model import Filters
from search_api.scope import resolve_filters

# Plans compared at once, each with each other: 66 pairs of tables take seconds, nobody reads more.
MOST_COMPARED = 12
# Places read for a list that leaves nothing out (deadlines, bases), and for one of duties, each of
# which may stand in a plan of its own: two seconds of the processor, see docs/benchmarks/growth.md.
MOST_PLACES, MOST_DUTIES = 10_000, 5_000
# Lines of a list of what is held, of which there are pages.
MOST_LISTED = 1_000


class FiltersDisagree(SearchError):
    """No plan named by the filter is of a province named by the other filter."""

    def __init__(self, provinces: Sequence[str], plans: Sequence[str]) -> None:
        super().__init__(
            f"Hai bộ lọc mâu thuẫn nhau: kế hoạch {', '.join(plans)} không phải của "
            f"{', '.join(provinces)}. Hãy bỏ một trong hai."
        )


class TooManyToCompare(SearchError):
    """More plans are in scope than are compared at once."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"Phạm vi có {count} kế hoạch, mỗi lần so sánh nhiều nhất {MOST_COMPARED}. "
            "Hãy chọn tỉnh hoặc kế hoạch cần so sánh."
        )


def check_filters(filters: Filters, index: Index) -> Filters:
    """Return `filters`; raise FiltersDisagree where province and plan cannot both hold."""
    if filters.provinces and filters.plans:
        wanted = resolve_filters(filters, index)
        heads = index.catalogue.heads
        if not any(heads[plan].province in wanted.provinces for plan in wanted.plans):
            raise FiltersDisagree(filters.provinces, filters.plans)
    return filters


def check_comparison(provinces: Sequence[str], plans: Sequence[str], index: Index) -> None:
    """Raise where a province or a plan would stand beside itself, or too many beside each other."""
    wanted = resolve_filters(
        check_filters(Filters(provinces=tuple(provinces), plans=tuple(plans)), index), index
    )
    for named, meant in ((provinces, wanted.provinces), (plans, wanted.plans)):
        if len(named) > 1 and len(set(meant)) < 2:
            raise NothingToCompare(tuple(named))
    count = sum(
        1
        for plan in index.catalogue.heads.values()
        if plan.rows
        and (not wanted.plans or plan.id in wanted.plans)
        and (not wanted.provinces or plan.province in wanted.provinces)
    )
    if count > MOST_COMPARED:
        raise TooManyToCompare(count)
