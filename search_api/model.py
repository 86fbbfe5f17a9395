"""What is asked and what is answered: the types of this package."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.model import Role, Span


class Intent(StrEnum):
    """What kind of thing the question wants to know."""

    LEAD = "lead"
    SUPPORT = "support"
    PRODUCT = "product"
    YEARS = "years"
    DEADLINE = "deadline"
    DUTIES = "duties"
    ACTIVITIES = "activities"
    LEGAL_BASIS = "legal_basis"
    BUDGET = "budget"
    METADATA = "metadata"
    SECTION = "section"
    COUNT = "count"
    COMPARE = "compare"
    VERIFY = "verify"
    TODAY = "today"


class Reason(StrEnum):
    """Why a question has no answer, or only part of one."""

    OUT_OF_CORPUS = "out_of_corpus"
    PROVINCE_NOT_IN_CORPUS = "province_not_in_corpus"
    YEAR_OUTSIDE_PLAN = "year_outside_plan"
    UNIT_NOT_NAMED = "unit_not_named"
    FIELD_EMPTY = "field_empty"
    CONTRADICTORY_SOURCE = "contradictory_source"
    NOT_UNDERSTOOD = "not_understood"


class Status(StrEnum):
    """How much of the question the answer covers."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a caller restricts the search to; an empty tuple restricts nothing.

    Provinces, units and plans are given as people write them; values of one filter are
    alternatives, different filters all hold. `kinds` are "row", "section" and "plan".
    """

    provinces: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    plans: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote and where it stands; made only by `search_api.cite.cite`."""

    plan_id: str
    plan_number: str | None
    plan_title: str
    province: str | None
    issued_on: datetime.date | None
    source: str
    kind: str
    locator: str
    label: str
    page: int | None
    start: int
    end: int
    quote: str
    url: str

    @property
    def span(self) -> Span:
        """Return where the quote stands in ``Plan.text``."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Hit:
    """One ranked section or row; `highlights` are ``[start, end)`` in `text`."""

    rank: int
    score: float
    kind: str
    locator: str
    label: str
    text: str
    highlights: tuple[tuple[int, int], ...]
    citation: Citation
    found_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits of one page, facet counts over all of them (`facets["province"]["Kiên Giang"]`)."""

    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]]
    total: int
    took_ms: float


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an answer: what one row or clause says; `citation` indexes `Answer.citations`."""

    province: str | None
    citation: int
    fields: dict[str, object]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was looked at: whether "all" in an answer is all there is."""

    plans_searched: int
    plans_with_match: int
    rows_matched: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How the question was read; `corrected` is the question as understood, None if unchanged."""

    intent: str | None
    topic: str | None
    years: tuple[int, ...] = ()
    provinces: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    corrected: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the tasks of a unit (or is a province) on a day; `name` is as written in the plan.

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
            return (
                f"{self.name}: đã sắp xếp lại ({since}, {self.basis}); "
                "đơn vị nhận nhiệm vụ chưa xác định"
            )
        function = f" ({self.function})" if self.function else ""
        return f"{self.name} → {self.holder}{function}, {since}, {self.basis}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the plans say. Without citations it is a refusal, and `reason` says why.

    `holders` say who holds today what a unit of the answer held, where that has changed.

    `rephrased` says the same more smoothly, in the words of the citations, where a language model
    was asked to; the answer stands without it.

    `alternatives` are citations too: the nearest evidence of a refusal, or the evidence of
    another reading of the question, each with a Vietnamese `note`.
    """

    question: str
    status: Status
    reason: Reason | None
    answer: str
    values: tuple[str, ...]
    items: tuple[Item, ...]
    complete: bool
    coverage: Coverage
    citations: tuple[Citation, ...]
    interpretation: Interpretation
    alternatives: tuple[Alternative, ...] = ()
    holders: tuple[Holder, ...] = ()
    took_ms: float = 0.0
    rephrased: str | None = None

    def __post_init__(self) -> None:
        if bool(self.citations) == (self.status is Status.NOT_FOUND):
            raise ValueError("an answer has citations, a refusal has none")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Evidence for another reading, or the nearest thing to an answer that does not exist."""

    note: str
    citation: Citation
    values: tuple[str, ...] = field(default=())
