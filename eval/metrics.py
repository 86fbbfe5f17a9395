"""What is measured: one answer against its case, many answers together, and a ranking."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.marker import read_marker
from corpus.model import Plan, Role, Section
from corpus.text import one_line
from eval.cases import OWN_WORDS, Case, Evidence, Manner, words_of
from search_api.model import Answer, Citation, Intent, Reason, Status


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one answer compares with its case; None where the case does not ask that.

    `refused` says that no answer came. `first_right`, `all_cited` and `exact` are judged where an
    answer was due, `precision` (0..1) where citations came and any are allowed, `reason_right`
    where a due refusal or part of an answer came. `milliseconds` is the time as the caller saw it.
    """

    case: Case
    status: Status
    reason: Reason | None
    first_right: bool | None
    all_cited: bool | None
    precision: float | None
    exact: bool | None
    status_right: bool
    reason_right: bool | None
    wrong_province: bool
    wrong_year: bool
    verbatim: bool
    milliseconds: float

    @property
    def refused(self) -> bool:
        """Say whether no answer came."""
        return self.status is Status.NOT_FOUND

    @property
    def faults(self) -> tuple[str, ...]:
        """Return the names of everything that is wrong, none for a perfect answer."""
        named = {
            "status": self.status_right,
            "first": self.first_right,
            "all": self.all_cited,
            "exact": self.exact,
            "reason": self.reason_right,
            "province": not self.wrong_province,
            "year": not self.wrong_year,
            "verbatim": self.verbatim,
        }
        return tuple(name for name, right in named.items() if right is False)


@dataclass(frozen=True, slots=True)
class Summary:
    """Many verdicts together. Shares are in 0..1 and None where nothing was judged.

    `abstention` is the mean of the share of due refusals that came and of due answers that came;
    `unmarked_loss` is what of `first_right` is lost when the same questions come without marks,
    `half_marked_loss` with half of them.
    """

    cases: int
    first_right: float | None
    all_cited: float | None
    precision: float | None
    exact: float | None
    abstention: float | None
    reason_right: float | None
    false_answers: int
    false_refusals: int
    wrong_province: int
    wrong_year: int
    not_verbatim: int
    unmarked_loss: float | None
    half_marked_loss: float | None
    p50_ms: float | None
    p95_ms: float | None


def judge(case: Case, answer: Answer, plans: Mapping[str, Plan], milliseconds: float) -> Verdict:
    """Compare `answer` with what `case` expects; `plans` are the plans answered from, by id."""
    expect = case.expect
    refused = answer.status is Status.NOT_FOUND
    cited = answer.citations
    due = expect.must_answer
    acceptable = (*expect.citations, *expect.first, *expect.allowed)
    return Verdict(
        case=case,
        status=answer.status,
        reason=answer.reason,
        first_right=bool(cited) and _is_first(cited, expect.first, plans) if due else None,
        all_cited=all(_is_covered(place, cited, plans) for place in expect.citations)
        if due
        else None,
        precision=_share(_is_acceptable(citation, acceptable) for citation in cited)
        if cited and acceptable
        else None,
        exact=same_values(answer.values, expect.values)
        if due and expect.values is not None
        else None,
        status_right=answer.status in expect.statuses,
        reason_right=answer.reason in expect.reasons
        if expect.reasons is not None and ((refused and not due) or answer.status is Status.PARTIAL)
        else None,
        wrong_province=any(
            expect.provinces is not None and citation.province not in expect.provinces
            for citation in cited
        ),
        wrong_year=any(
            expect.years is not None and not set(expect.years) & years_of(citation, plans)
            for citation in cited
        ),
        verbatim=_is_verbatim(case, answer, plans),
        milliseconds=milliseconds,
    )


def summarise(verdicts: Sequence[Verdict]) -> Summary:
    """Return the figures of `verdicts` together."""
    due = [verdict for verdict in verdicts if verdict.case.expect.must_answer]
    undue = [verdict for verdict in verdicts if verdict.case.expect.must_refuse]
    times = [verdict.milliseconds for verdict in verdicts]
    return Summary(
        cases=len(verdicts),
        first_right=_share(verdict.first_right for verdict in verdicts),
        all_cited=_share(verdict.all_cited for verdict in verdicts),
        precision=_share(verdict.precision for verdict in verdicts),
        exact=_share(verdict.exact for verdict in verdicts),
        abstention=_balanced(
            _share(verdict.refused for verdict in undue),
            _share(not verdict.refused for verdict in due),
        ),
        reason_right=_share(verdict.reason_right for verdict in verdicts),
        false_answers=sum(not verdict.refused for verdict in undue),
        false_refusals=sum(verdict.refused for verdict in due),
        wrong_province=sum(verdict.wrong_province for verdict in verdicts),
        wrong_year=sum(verdict.wrong_year for verdict in verdicts),
        not_verbatim=sum(not verdict.verbatim for verdict in verdicts),
        unmarked_loss=_loss(verdicts, Manner.UNMARKED),
        half_marked_loss=_loss(verdicts, Manner.HALF_MARKED),
        p50_ms=percentile(times, 0.50),
        p95_ms=percentile(times, 0.95),
    )


@dataclass(frozen=True, slots=True)
class Lists:
    """Questions whose gold is several places: how whole their answers are.

    `recall` is the mean share of the gold cited, `whole` the share of answers that have all of it;
    `called_complete` say of themselves that nothing is missing, `wrongly` of these something is.
    """

    cases: int
    recall: float | None
    whole: float | None
    called_complete: int
    wrongly: int


def completeness(
    verdicts: Sequence[Verdict], answers: Mapping[str, Answer], plans: Mapping[str, Plan]
) -> Lists:
    """Return how whole the answers are that must list several places."""
    lists = [v for v in verdicts if len(v.case.expect.citations) > 1 and not v.refused]
    shares = [
        _share(
            _is_covered(place, answers[v.case.id].citations, plans)
            for place in v.case.expect.citations
        )
        for v in lists
    ]
    called = [v for v in lists if answers[v.case.id].complete]
    return Lists(
        cases=len(lists),
        recall=_share(shares),
        whole=_share(v.all_cited for v in lists),
        called_complete=len(called),
        wrongly=sum(v.all_cited is False for v in called),
    )


def confused_reasons(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], int]:
    """Return how often each outcome came where each was due: (due, given), "answered" included."""
    pairs: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts:
        expect = verdict.case.expect
        if verdict.status in expect.statuses and verdict.reason in (expect.reasons or (None,)):
            due = given = str(verdict.reason or verdict.status)
        else:
            due = "|".join(expect.reasons or expect.statuses)
            given = str(verdict.reason or verdict.status)
        pairs[due, given] += 1
    return dict(sorted(pairs.items()))


# The columns that hold what each kind of question about a row wants.
_COLUMN: Mapping[Intent | None, Role] = {
    Intent.LEAD: Role.LEAD,
    Intent.SUPPORT: Role.SUPPORT,
    Intent.PRODUCT: Role.PRODUCT,
    Intent.DEADLINE: Role.TIME,
    Intent.BUDGET: Role.BUDGET,
}


def confused_roles(
    verdicts: Iterable[Verdict], answers: Mapping[str, Answer], plans: Mapping[str, Plan]
) -> dict[tuple[str, str], int]:
    """Return from which column the values came where each was asked: (asked, given).

    Only answers that cite rows count; a value that stands in the asked column is from there
    whatever other column has it too, one in no column is "other".
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts:
        asked = _COLUMN.get(verdict.case.intent)
        answer = answers[verdict.case.id]
        places = {(c.plan_id, c.span) for c in answer.citations if c.kind == "row"}
        rows = [row for plan_id, span in places for row in plans[plan_id].rows if row.span == span]
        if asked is None or not rows:
            continue
        for value in answer.values:
            told = (
                role
                for role in (asked, *Role)
                if any(words_of(value) in words_of(row.text_of(role)) for row in rows)
            )
            pairs[asked.value, next(told, Role.OTHER).value] += 1
    return dict(sorted(pairs.items()))


def group(verdicts: Iterable[Verdict], key: Callable[[Case], str]) -> dict[str, list[Verdict]]:
    """Return `verdicts` by what `key` says of their case, kinds in alphabetical order."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(key(verdict.case), []).append(verdict)
    return dict(sorted(groups.items()))


def same_values(given: Sequence[str], gold: Sequence[Sequence[str]]) -> bool:
    """Say whether `given` is the set `gold`, each of whose members lists the wordings of one value.

    Case, spaces, punctuation, the marker of a clause and a leading "các" or "những" do not count.

    >>> same_values(["Các cơ sở GDNN"], [["các cơ sở  GDNN", "cơ sở GDNN"]])
    True
    """
    found = {_value_key(value) for value in given}
    wanted = [{_value_key(wording) for wording in wordings} for wordings in gold]
    return all(wordings & found for wordings in wanted) and found <= set().union(*wanted)


def years_of(citation: Citation, plans: Mapping[str, Plan]) -> frozenset[int]:
    """Return the years the cited place is about: those of its row, else those of its plan."""
    plan = plans[citation.plan_id]
    if citation.kind == "row":
        for row in plan.rows:
            if row.ordinal == citation.locator and row.years and row.span.contains(citation.span):
                return frozenset(row.years)
    if plan.period:
        return frozenset(plan.period.years)
    return frozenset({plan.issued_on.year} if plan.issued_on else ())


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest of `values` that at least `share` of them do not exceed.

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.0
    """
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def recall_at(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return the share of `relevant` in the first `k` of `ranking`.

    For one relevant document this is the hit rate.

    >>> recall_at(["a", "b", "c"], {"b", "z"}, 2)
    0.5
    """
    return len(set(ranking[:k]) & set(relevant)) / len(relevant)


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return one over the place of the first relevant document, 0 if it is not in the first `k`.

    >>> reciprocal_rank(["a", "b"], {"b"}, 10)
    0.5
    """
    places = (place for place, name in enumerate(ranking[:k], 1) if name in relevant)
    return 1 / next(places, math.inf)


def ndcg(ranking: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """Return the discounted gain of the first `k` of `ranking`, over the best possible one.

    The gain at place i is divided by log2(i + 1) (Järvelin and Kekäläinen 2002).

    >>> round(ndcg(["a", "b"], {"b": 1}, 10), 3)
    0.631
    """
    best = _discounted(sorted(gains.values(), reverse=True)[:k])
    return _discounted([gains.get(name, 0) for name in ranking[:k]]) / best if best else 0.0


def _is_at(citation: Citation, place: Evidence) -> bool:
    if citation.plan_id != place.plan or citation.kind != place.kind:
        return False
    if place.kind == "plan":
        return not place.text or words_of(place.text) in words_of(citation.quote)
    return citation.locator in place.locators


def _is_first(
    cited: Sequence[Citation], places: Sequence[Evidence], plans: Mapping[str, Plan]
) -> bool:
    """Say whether the best evidence is one of `places`, or opens one cited point by point."""
    best = cited[0]
    return any(
        _is_at(best, place)
        or (
            place.kind == best.kind == "section"
            and best.plan_id == place.plan
            and any(best.locator.startswith(f"{locator}.") for locator in place.locators)
            and _is_covered(place, cited, plans)
        )
        for place in places
    )


def _is_covered(place: Evidence, cited: Sequence[Citation], plans: Mapping[str, Plan]) -> bool:
    """Say whether `place` is cited: itself, its parent's whole text, or all of its parts."""
    if any(_is_at(citation, place) for citation in cited):
        return True
    if place.kind != "section":
        return False
    sections = [c for c in cited if c.plan_id == place.plan and c.kind == "section"]
    for section in plans[place.plan].walk():
        if section.locator in place.locators:
            parent = ".".join(section.path[:-1])
            whole = any(c.locator == parent and c.span.contains(section.span) for c in sections)
            return whole or _has_all_children(section, sections)
    return False


def _has_all_children(section: Section, cited: Sequence[Citation]) -> bool:
    locators = {citation.locator for citation in cited}
    children = {child.locator for child in section.children}
    return bool(children) and children <= locators


def _is_acceptable(citation: Citation, places: Sequence[Evidence]) -> bool:
    """Say whether `citation` is one of `places` or a part of a section among them that is gold."""
    return any(
        _is_at(citation, place)
        or (
            citation.kind == place.kind == "section"
            and citation.plan_id == place.plan
            and any(citation.locator.startswith(f"{locator}.") for locator in place.locators)
        )
        for place in places
    )


def _is_verbatim(case: Case, answer: Answer, plans: Mapping[str, Plan]) -> bool:
    """Say whether every quote is its span of the plan and every value stands in a cited plan."""
    for citation in answer.citations:
        if citation.span.of(plans[citation.plan_id].text) != citation.quote:
            return False
    if case.intent in OWN_WORDS:
        return True
    # Spaces are no text: "Số: 97 /KH-UBND" has the value "97/KH-UBND".
    texts = ["".join(plans[c.plan_id].text.split()) for c in answer.citations]
    return all(any("".join(value.split()) in text for text in texts) for value in answer.values)


def _value_key(value: str) -> str:
    line = one_line(value)
    marker = read_marker(line)
    tokens = words_of(line[marker.text_start :] if marker else line).split()
    return " ".join(tokens[1:] if tokens[:1] in (["các"], ["những"]) and tokens[1:] else tokens)


def _share(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _balanced(*shares: float | None) -> float | None:
    return _share(shares) if all(share is not None for share in shares) else None


def _loss(verdicts: Sequence[Verdict], manner: Manner) -> float | None:
    """Return how much more often the twins in full marks have the right first citation.

    Pairs that must be refused have none, and would only water the loss down.
    """
    by_id = {verdict.case.id: verdict for verdict in verdicts}
    pairs = [
        (full, verdict)
        for verdict in verdicts
        if verdict.case.manner is manner
        and (full := by_id.get(verdict.case.twin_of or "")) is not None
        and full.first_right is not None
    ]
    return _share(bool(full.first_right) - bool(bare.first_right) for full, bare in pairs)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))
