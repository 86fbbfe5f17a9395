"""Is it so: a claim about a unit, a year, a date or a clause, held against what the plans say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.abbreviations import expand
from corpus.header import DATE, date_of
from corpus.model import Role
from corpus.text import fold, tokenise
from indexer.filter import Filter
from search_api import cues
from search_api.answer.activities import is_in_all, select_rows
from search_api.answer.deadlines import answer_deadline
from search_api.answer.draft import Draft, refusal, values_of
from search_api.answer.head import answer_legal_basis, answer_metadata, position_of
from search_api.answer.rows import matching_rows
from search_api.answer.sections import (
    actors_of,
    answer_budget,
    answer_task,
    matching_clauses,
)
from search_api.match import words_of
from search_api.model import Intent, Reason
from search_api.question import AskedUnit, Question
from search_api.retrieve import Retriever, RowMatch, beside_title, origin

# A row is firmer ground than a sentence; a clause speaks where it covers this much more.
_ROWS_FIRST = 0.15
# A claim about the head of a plan holds when its words stand in the evidence to this share.
_STANDS = 0.6
_YES, _NO = "có", "không"
_ROLE_WORD = {Role.LEAD: "chủ trì", Role.SUPPORT: "phối hợp"}
_DAY = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}(?:/\d{4})?(?!\d)")
_POSITION = re.compile(r"(?:phó )?(?:chủ tịch|giám đốc|chánh văn phòng)", re.I)
_DIGITS = re.compile(r"\d+")
# "không tính trong tổng vốn", "chưa được cấp"; not "không gian", "không chỉ", "không quá".
_DENIES = re.compile(
    r"(?<!\w)(?:không|chưa) (?:được |phải )?"
    r"(?:tính|thuộc|nằm|gồm|bao gồm|có|áp dụng|thực hiện|tổ chức|cấp|cho phép|hỗ trợ|sử dụng)(?!\w)"
)
# "Từ ngày 18/4", "trước ngày 30/6": more days than the one.
_SPAN = re.compile(r"(?<!\w)(?:từ|đến|trước|sau|kể từ)(?!\w)", re.I)
# A plan's period is no year of a row of its own.
_SAID_BY_THE_ROW = ("marks", "time")
# "Có phải tỉnh giao Sở Y tế phun hóa chất?"
_GIVEN = re.compile(cues.cue("giao|giao cho").pattern + r"\s*$")
_QUESTION_END = re.compile(
    cues.cue(r"(?:có |đã |được )?(?:(?:phải|đúng) )?(?:không|chưa|chứ)(?: ạ| vậy| nhỉ)?").pattern
    + r"\W*$"
)
# "48 giờ", "06 lớp"; not "ngày 15/2", "năm 2025".
_MEASURE = re.compile(
    r"(?<![\d/.,])(?P<number>\d[\d.,]*)\s*(?P<noun>%|(?!năm|tháng|đến|và)[^\W\d_]+)(?![/\d])"
)
_AMOUNTS = frozenset({"ty", "trieu", "nghin", "dong"})
_IN_TIME = cues.cue(r"kịp|đúng")
# "97" of "kế hoạch 97"; not "3 năm", "30/3".
_PLAN_DIGITS = re.compile(r"(?<![\d/])\d{2,5}(?![\d/]|\s*(?:năm|tháng))")


def answer_verify(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return "có" or "không" with the evidence; None where the plans say nothing on the topic."""
    lowered = question.text.lower()
    if question.claim is Intent.METADATA:
        return _verify_head(question, retriever, _any_plan(wanted), answer_metadata)
    if question.claim is Intent.LEGAL_BASIS:
        return _verify_head(question, retriever, wanted, answer_legal_basis)
    if question.claim is Intent.DEADLINE:
        return _verify_dates(lowered, answer_deadline(question, retriever, wanted))
    if question.claim is Intent.BUDGET and not question.units:
        draft = answer_budget(question, retriever, wanted)
        denied = draft and _denied(question, draft, retriever, wanted)
        return denied if denied is not None else _verify_only(question, draft)
    claimed = [unit for unit in question.units if unit.role]
    if claimed and cues.ANY_AT_ALL.search(lowered):
        return _verify_any(question, retriever, wanted)
    if not claimed and question.units and cues.HOLDS_ROLE.search(lowered):
        claimed = list(question.units[:1])
    if not claimed:
        given = [u for u in question.units if _GIVEN.search(lowered[: u.span.start])]
        claimed = [replace(unit, role=Role.LEAD) for unit in given]
    if claimed:
        return _verify_units(question, retriever, wanted, claimed)
    return _verify_topic(question, retriever, wanted)


def _verify_topic(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Say "có" with the rows or the clauses that are on the topic."""
    rows = matching_rows(question, retriever, wanted)
    clauses = matching_clauses(question, retriever.topic(question), retriever, wanted)
    draft = Draft(values=[_YES])
    best_row = max((match.fit for match in rows), default=0.0)
    best_clause = max((match.fit for match in clauses), default=0.0)
    in_other_years = _rows_of_other_years(question, retriever, wanted)
    best_other = max((match.fit for match in in_other_years), default=0.0)
    if best_other > best_row + _ROWS_FIRST and best_other >= best_clause - _ROWS_FIRST:
        for match in in_other_years:
            draft.add_row(match)
        return _concluded(draft, is_so=False)
    if not rows and not clauses:
        return None
    if rows and best_row >= best_clause - _ROWS_FIRST:
        for match in rows:
            draft.add_row(match)
        if cues.EVERY_YEAR.search(question.text.lower()):
            return _concluded(draft, is_so=all(is_in_all(match, question) for match in rows))
        if question.years and _says_only(question):
            return _concluded(draft, is_so=all(m.years == question.years for m in rows))
    else:
        for clause in clauses[:2]:
            draft.add_clause(clause)
    return _concluded(draft, is_so=_agrees(question.text, draft.citations[0].quote))


def _rows_of_other_years(
    question: Question, retriever: Retriever, wanted: Filter
) -> list[RowMatch]:
    """Return the rows on the topic that say in which years they are, none of them one asked for."""
    if not question.years:
        return []
    rows = matching_rows(question, retriever, replace(wanted, years=()))
    return [
        match
        for match in rows
        if match.years_from in _SAID_BY_THE_ROW and set(match.years).isdisjoint(question.years)
    ]


def _agrees(claim: str, said: str) -> bool:
    """Say whether what the evidence says neither denies the claim nor has other numbers for it."""
    asked = _QUESTION_END.sub("", claim.lower())
    if _DENIES.search(said.lower()) and not _DENIES.search(asked):
        return False
    days, told_days = _days(claim), _days(said)
    if days and len(told_days) == 1 and days.isdisjoint(told_days) and not _SPAN.search(said):
        return False
    told = _measures(said)
    return all(
        number in numbers
        for noun, number in _measures(asked)
        if (numbers := [other for counted, other in told if counted == noun])
    )


def _days(text: str) -> set[tuple[int, ...]]:
    """Return the days that a text names: (4, 11)."""
    return {tuple(map(int, day.split("/")[:2])) for day in _DAY.findall(text)}


def _measures(text: str) -> list[tuple[str, str]]:
    """Return what a text counts, and how many: ("gio", "24")."""
    return [(fold(m["noun"]), m["number"].lstrip("0")) for m in _MEASURE.finditer(text.lower())]


def _verify_any(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Say whether the units hold their role in any row, with every row in which they do."""
    rows = select_rows(question, retriever, wanted)
    if not rows:
        return None
    draft = Draft()
    for match in rows:
        draft.add_row(match)
    told = "\n".join(f"{match.where}: {match.activity}" for match in rows)
    return _concluded(draft, is_so=True, told=told)


def _verify_units(
    question: Question, retriever: Retriever, wanted: Filter, claimed: Sequence[AskedUnit]
) -> Draft | None:
    """Hold each claimed unit against the column of its role, in the rows on the topic."""
    default = Role.LEAD if cues.LEAD_CUE.search(question.text.lower()) else Role.SUPPORT
    free = replace(question, units=())
    rows = matching_rows(free, retriever, wanted)
    best_row = max((match.fit for match in rows), default=0.0)
    roles = [unit.role or default for unit in claimed]
    task = answer_task(free, roles, retriever, wanted, best_row)
    if task is not None:
        named = retriever.units_in(task.values)
        return _concluded(task, is_so=all(set(unit.ids) & named for unit in claimed))
    if not rows:
        return _verify_actor(question, retriever, wanted, claimed)
    held = [
        all(
            set(unit.ids) & retriever.units_in(values_of(match, unit.role or default))
            for unit in claimed
        )
        for match in rows
    ]
    draft = Draft()
    for match, is_so in zip(rows, held, strict=True):
        if is_so or not any(held):
            draft.add_row(match)
    role = _ROLE_WORD[claimed[0].role or default]
    told = [
        f"{origin(match.plan)} – “{match.activity}” "
        f"({match.row.label}), {role}: "
        f"{'; '.join(values_of(match, claimed[0].role or default)) or 'không ghi'}."
        for match, is_so in zip(rows, held, strict=True)
        if is_so or not any(held)
    ]
    return _concluded(draft, is_so=any(held), told="\n".join(told))


def _verify_actor(
    question: Question, retriever: Retriever, wanted: Filter, claimed: Sequence[AskedUnit]
) -> Draft | None:
    """Hold each claimed unit against those the clauses on the topic speak to."""
    free = replace(question, units=())
    clauses = matching_clauses(free, retriever.topic(free), retriever, wanted)
    told = [(clause, retriever.units_in(actors_of(clause, retriever))) for clause in clauses[:2]]
    told = [(clause, units) for clause, units in told if units]
    if not told:
        return None
    draft = Draft()
    for clause, _ in told:
        draft.add_clause(clause)
    return _concluded(
        draft, is_so=all(any(set(unit.ids) & units for _, units in told) for unit in claimed)
    )


def _verify_head(
    question: Question,
    retriever: Retriever,
    wanted: Filter,
    find: Callable[[Question, Retriever, Filter], Draft | None],
) -> Draft | None:
    """Hold dates, numbers and names of the claim against the fields that `find` returns.

    Where some plans bear the claim out, those that do not are left out.
    """
    draft = find(question, retriever, wanted)
    if draft is None or not draft.citations:
        return draft
    plans = dict.fromkeys(citation.plan_id for citation in draft.citations)
    if len(plans) > 1:
        each = {plan: find(question, retriever, replace(wanted, plans=(plan,))) for plan in plans}
        so = [p for p, found in each.items() if found and _head_says(question, found, retriever)]
        draft = (so and find(question, retriever, replace(wanted, plans=tuple(so)))) or draft
    return _concluded(draft, is_so=_head_says(question, draft, retriever))


def _head_says(question: Question, draft: Draft, retriever: Retriever) -> bool:
    """Say whether the fields that were found say what the claim says, by the part it is about."""
    quotes = " ".join(citation.quote for citation in draft.citations)
    plans = [retriever.index.plans[citation.plan_id] for citation in draft.citations]
    part = question.parts[0] if question.parts else ""
    if days := {date_of(date) for date in DATE.finditer(question.text)}:
        return bool(days & {date_of(date) for date in DATE.finditer(quotes)})
    if part in ("number", "attachment") and (digits := _PLAN_DIGITS.findall(question.text)):
        return bool(set(digits) & set(_DIGITS.findall(quotes)))
    if part == "signatory" and (claimed := _POSITION.search(question.text)):
        held = _POSITION.search(" ".join(map(position_of, plans)))
        return held is not None and claimed[0].lower() == held[0].lower()
    if part == "period" and question.years:
        return any(plan.period and plan.period.years == question.years for plan in plans)
    if question.units:
        return _say(" ".join(unit.name for unit in question.units), quotes, retriever)
    topic = retriever.topic(replace(question, terms=question.free_terms))
    return not topic or topic.fit([words_of(expand(quotes).text, 1.0)]) >= _STANDS


def _say(words: str, quotes: str, retriever: Retriever) -> bool:
    """Say whether most of some words stand in `quotes`."""
    fit = retriever.topic_of(words).fit([words_of(expand(quotes).text, 1.0)])
    return fit >= _STANDS


def _verify_dates(lowered: str, draft: Draft | None) -> Draft | None:
    if draft is None or not draft.citations:
        return draft
    claimed = set(_DAY.findall(lowered))
    found = {day for value in draft.values for day in _DAY.findall(value.replace(" ", ""))}
    if not claimed:
        return draft
    if (late := cues.LATE.search(lowered)) and found:
        in_time = max(map(_month_and_day, claimed)) < min(map(_month_and_day, found))
        return _concluded(draft, is_so=in_time is bool(_IN_TIME.search(late[0])))
    return _concluded(draft, is_so=claimed <= found)


def _month_and_day(written: str) -> tuple[int, int]:
    day, month = written.split("/")[:2]
    return int(month), int(day)


def _says_only(question: Question) -> bool:
    """Say whether a claim excludes: "chỉ làm năm 2024"; not "bao chi" without its marks."""
    return all(cues.ONLY.search(said.lower()) for said in (question.text, question.restored))


def _verify_only(question: Question, draft: Draft | None) -> Draft | None:
    """Say "có" with what was found; "chỉ …" is so only where the plan names nothing beside it."""
    if draft is None or not draft.citations:
        return draft
    return _concluded(draft, is_so=len(draft.values) == 1 or not _says_only(question))


def _denied(question: Question, draft: Draft, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return what is left to say where a clause denies what the question claims, in the same word.

    "Khoản vay có tính trong tổng vốn không?" against "… không tính trong tổng vốn nêu trên": the
    claim is denied if that clause is the one on what is claimed of; where none is, it is refused.
    None where no clause denies it.
    """
    claimed = question.text.lower()
    if _DENIES.search(claimed):
        return None
    topic = retriever.topic(question)
    for clause in retriever.clauses(question, topic, wanted):
        denial = _DENIES.search(clause.text.lower())
        # "Có" stands in every such question.
        if not denial or (verb := denial[0].split()[-1]) == "có" or verb not in claimed.split():
            continue
        said = {token.key for token in tokenise(clause.text[denial.start() :])} | _AMOUNTS
        kept = [t for t in topic.terms if t.key not in said and not t.key.isdigit()]
        subject = beside_title(topic.only(kept), clause.plan)
        fit = subject.fit([words_of(expand(clause.text).text, 1.0)])
        quotes = (expand(c.quote).text for c in draft.citations if clause.text not in c.quote)
        if any(subject.fit([words_of(quote, 1.0)]) > fit for quote in quotes):
            continue
        if not fit:
            refused = refusal(Reason.OUT_OF_CORPUS, "Kế hoạch không nói rõ điều được hỏi.")
            refused.alternatives = draft.as_alternatives("Chỗ gần nhất với câu hỏi.")
            return refused
        told = Draft()
        told.add_clause(clause)
        return _concluded(told, is_so=False)
    return None


def _concluded(draft: Draft, *, is_so: bool, told: str = "") -> Draft:
    told = told or "\n".join(f"{c.label}: {c.quote}" for c in draft.citations)
    draft.values = [_YES if is_so else _NO]
    draft.sentence = ("Có. " if is_so else "Không. ") + told
    return draft


def _any_plan(wanted: Filter) -> Filter:
    """Return the filter without years: a date in a claim is what is to be checked."""
    return replace(wanted, years=())
