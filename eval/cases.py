"""Questions with what a right answer is, as typed data, and the loader that trusts none of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from corpus.model import Plan, Role
from corpus.text import fold, tokenise
from eval.errors import BadCases
from search_api.model import Filters, Intent, Reason, Status

CASES = Path(__file__).parent / "cases"


# Splits that ask of plans made for another.
_MADE_FOR = dict.fromkeys(
    ("mixed", "blind_mixed", "ninth", "blind_ninth", "tenth", "blind_tenth"), "varied"
)


def made_plans(split: str) -> Path:
    """Return the folder of the plans made for a split; it does not exist where none were."""
    return CASES / _MADE_FOR.get(split, split)


# "IX.2|IX": either place is right, because people number a trailing paragraph either way.
_OR = "|"


# The values of these are no words of a plan ("18", "có", who holds a task today); all others are.
OWN_WORDS = (Intent.COUNT, Intent.TODAY, Intent.VERIFY)


class Manner(StrEnum):
    """How a question is put."""

    PLAIN = "plain"
    UNMARKED = "unmarked"
    HALF_MARKED = "half_marked"
    ABBREVIATED = "abbreviated"
    TYPO = "typo"
    PARAPHRASED = "paraphrased"
    REVERSE = "reverse"
    LIST = "list"
    COMPARE = "compare"
    MULTI_CONSTRAINT = "multi_constraint"
    FOLLOW_UP = "follow_up"
    SUCCESSION = "succession"
    CONTRADICTION = "contradiction"
    UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a plan: any of `locators` is right.

    For `kind` "plan" (the header, the recipients, …) the locator is only a name; there `text`, if
    given, is what the quote must contain.
    """

    plan: str
    kind: str
    locators: tuple[str, ...]
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a right answer is.

    `citations` is all the gold evidence, `first` what the best evidence may be, `allowed` what is
    not wrong to cite besides. Each of `values` is a tuple of wordings of one value; None means that
    values are not judged. None in `reasons`, `provinces` and `years` restricts nothing; an empty
    `provinces` means that evidence of any province is wrong.
    """

    statuses: tuple[Status, ...]
    reasons: tuple[Reason, ...] | None
    citations: tuple[Evidence, ...]
    first: tuple[Evidence, ...]
    allowed: tuple[Evidence, ...]
    values: tuple[tuple[str, ...], ...] | None
    provinces: tuple[str, ...] | None
    years: tuple[int, ...] | None

    @property
    def must_refuse(self) -> bool:
        """Say whether any answer at all is wrong."""
        return self.statuses == (Status.NOT_FOUND,)

    @property
    def must_answer(self) -> bool:
        """Say whether a refusal is wrong."""
        return Status.NOT_FOUND not in self.statuses


@dataclass(frozen=True, slots=True)
class Case:
    """One question; `twin_of` is the id of the same question in full marks.

    `previous` are the questions asked before it, oldest first.
    """

    id: str
    question: str
    intent: Intent | None
    manner: Manner
    twin_of: str | None
    filters: Filters
    as_of: datetime.date | None
    expect: Expected
    previous: tuple[str, ...] = ()


def read_cases(path: Path, plans: Mapping[str, Plan]) -> tuple[Case, ...]:
    """Read a file of cases, one JSON object a line; raise BadCases naming everything wrong in it.

    `plans` are the plans the questions are about, by id: every gold place must exist in them.
    """
    cases: list[Case] = []
    faults: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            cases.append(_case(json.loads(line)))
        except (KeyError, TypeError, ValueError) as error:
            faults.append(f"{path.name}, dòng {number}: {type(error).__name__}: {error}")
    faults.extend(_contradictions(cases))
    faults.extend(_strangers(cases, plans))
    if faults:
        raise BadCases(faults)
    return tuple(cases)


def _case(data: Mapping[str, Any]) -> Case:
    expect = data["expect"]
    reasons, values = expect["reason"], expect["values"]
    provinces, years = expect["province"], expect["years"]
    as_of = data.get("as_of")
    return Case(
        id=data["id"],
        question=data["question"],
        intent=Intent(data["intent"]) if data["intent"] else None,
        manner=Manner(data["manner"]),
        twin_of=data["twin_of"],
        filters=_filters(data["filters"]),
        as_of=datetime.date.fromisoformat(as_of) if as_of else None,
        previous=tuple(data.get("previous", ())),
        expect=Expected(
            statuses=tuple(Status(status) for status in expect["status"]),
            reasons=None if reasons is None else tuple(Reason(reason) for reason in reasons),
            citations=_evidence(expect["citations"]),
            first=_evidence(expect["first"]),
            allowed=_evidence(expect["allowed"]),
            values=None if values is None else tuple(tuple(v.split(_OR)) for v in values),
            provinces=None if provinces is None else tuple(provinces),
            years=None if years is None else tuple(int(year) for year in years),
        ),
    )


def _filters(data: Mapping[str, Sequence[Any]]) -> Filters:
    values: dict[str, Any] = {name: tuple(value) for name, value in data.items()}
    if "roles" in values:
        values["roles"] = tuple(Role(role) for role in values["roles"])
    return Filters(**values)


def _evidence(places: Sequence[Mapping[str, str]]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            plan=place["plan"],
            kind=place["kind"],
            locators=tuple(place["locator"].split(_OR)),
            text=place.get("text"),
        )
        for place in places
    )


def _contradictions(cases: Sequence[Case]) -> Iterator[str]:
    """Yield what is wrong with the cases among themselves."""
    by_id: dict[str, Case] = {}
    questions: set[tuple[str, Filters, tuple[str, ...]]] = set()
    for case in cases:
        if case.id in by_id:
            yield f"{case.id}: mã trùng"
        asked = (case.question, case.filters, case.previous)
        if asked in questions:
            yield f"{case.id}: câu hỏi trùng"
        by_id[case.id] = case
        questions.add(asked)
    for case in cases:
        expect = case.expect
        if not expect.statuses:
            yield f"{case.id}: không có trạng thái mong đợi"
        if expect.must_answer and not expect.citations:
            yield f"{case.id}: phải trả lời nhưng không có chứng cứ"
        if expect.must_refuse and (expect.citations or expect.values):
            yield f"{case.id}: phải từ chối nhưng lại có chứng cứ hoặc giá trị"
        if bool(expect.first) != bool(expect.citations):
            yield f"{case.id}: chứng cứ đầu tiên và chứng cứ không khớp nhau"
        if case.twin_of is None:
            continue
        twin = by_id.get(case.twin_of)
        if twin is None:
            yield f"{case.id}: không có câu hỏi gốc {case.twin_of}"
        elif fold(twin.question) != fold(case.question) or twin.expect != expect:
            yield f"{case.id}: khác câu hỏi gốc {case.twin_of} không chỉ ở dấu"


def _strangers(cases: Sequence[Case], plans: Mapping[str, Plan]) -> Iterator[str]:
    """Yield every place and filter that the plans do not have."""
    places = {
        plan.id: {
            "row": {row.ordinal for row in plan.rows},
            "section": {section.locator for section in plan.walk()},
        }
        for plan in plans.values()
    }
    folded = {plan.id: fold(" ".join(plan.text.split())) for plan in plans.values()}
    spoken = [words_of(plan.text) for plan in plans.values()]
    for case in cases:
        for evidence in (*case.expect.citations, *case.expect.first, *case.expect.allowed):
            if evidence.plan not in places:
                yield f"{case.id}: không có kế hoạch {evidence.plan}"
            elif evidence.kind == "plan":
                if evidence.text and fold(evidence.text) not in folded[evidence.plan]:
                    yield f"{case.id}: {evidence.plan} không có chữ “{evidence.text}”"
            elif not set(evidence.locators) & places[evidence.plan].get(evidence.kind, set()):
                where = _OR.join(evidence.locators)
                yield f"{case.id}: {evidence.plan} không có {evidence.kind} {where}"
        if case.intent not in OWN_WORDS:
            for wordings in case.expect.values or ():
                if not any(words_of(wording) in text for wording in wordings for text in spoken):
                    yield f"{case.id}: không kế hoạch nào có giá trị “{wordings[0]}”"


def words_of(text: str) -> str:
    """Return the words of `text` in lower case, one space apart, punctuation dropped."""
    return " ".join(token.text for token in tokenise(text))
