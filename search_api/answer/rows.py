"""Who leads, who supports, what is produced, in which years: one column of the rows on a topic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Role
from corpus.text import tokenise
from indexer.filter import Filter
from search_api.answer.draft import Draft, refusal, values_of
from search_api.cues import cue
from search_api.match import Topic, words_of
from search_api.model import Intent, Reason
from search_api.question import Question
from search_api.retrieve import Retriever, RowMatch, origin

# The share of a topic's weight a row must cover to be about it. Lower answers what was not asked,
# higher refuses paraphrases; chosen on the dev cases, see docs/findings/questions.md.
ABOUT = 0.5
# A row is as good as the best of its plan when it comes this near.
_NEAR_BEST = 0.94
# A plan that only brushes the topic is silent where another one names it.
_NEAR_OTHER_PLAN = 0.84
# A topic with a greater share of words that no plan has is none of the plans'.
MOST_UNKNOWN = 0.4
# Below a heading that is on the topic, a row counts as naming the topic itself from here on.
_OWN = 0.3
# A heading that is the topic, neither more nor less, is asked about with all rows below it.
_IS_ITS_NAME = 0.97
# A row that shares a word with the topic, and whose time is the day asked for, is as good as
# certain.
_ON_THE_DAY = 0.9
# "13 tháng 11", "13/11"; not "13/11/2026/NĐ-CP".
_DAY = re.compile(r"(?<![\d/])(\d{1,2})\s*(?:/|tháng|thang)\s*(\d{1,2})(?!\d)", re.I)
_GROUP = cue(r"nhóm|gồm những|thuộc mục|trong mục")
_WEAK_KEYS = frozenset({"phoi", "hop", "to", "chuc", "xay", "dung"})

Held = tuple[frozenset[str], Role]

_COLUMN = {
    Role.LEAD: "chủ trì",
    Role.SUPPORT: "phối hợp",
    Role.PRODUCT: "sản phẩm",
    Role.YEARS: "năm thực hiện",
    Role.MONITOR: "theo dõi",
    Role.TIME: "thời gian",
    Role.ACTIVITY: "nội dung",
    Role.BUDGET: "kinh phí",
}


def answer_column(
    question: Question, roles: Sequence[Role], retriever: Retriever, wanted: Filter
) -> Draft | None:
    """Return what the rows on the topic say in the columns `roles`; None where no row is on it."""
    return column_of(matching_rows(question, retriever, wanted), roles, question.also)


def column_of(
    matches: Sequence[RowMatch], asked: Sequence[Role], also: Sequence[Role] = ()
) -> Draft | None:
    """Return what `matches` say in the columns `asked`, and in those `also` asked for.

    None for no matches.
    """
    if not matches:
        return None
    filled = [match for match in matches if any(values_of(match, role) for role in asked)]
    if not filled:
        columns = " và ".join(_COLUMN[role] for role in asked)
        draft = refusal(
            Reason.FIELD_EMPTY,
            f"Kế hoạch có nội dung này nhưng không ghi {columns} ({_places(matches)}).",
        )
        for match in matches:
            draft.offer(
                f"Dòng nói về nội dung này; ô {columns} để trống.", match.plan, match.row.span
            )
        return draft
    draft = Draft()
    told = tuple(dict.fromkeys((*asked, *also)))
    for match in filled:
        draft.add_row(match)
        for role in told:
            draft.add_values(values_of(match, role))
    draft.sentence = "\n".join(line_of(match, told) for match in filled)
    blank = [
        _COLUMN[role]
        for role in also
        if any(m.row.cell(role) for m in filled) and not any(values_of(m, role) for m in filled)
    ]
    if blank:
        draft.note = f"Ô {', '.join(blank)} để trống."
    if len(filled) < len(matches):
        draft.note = f"{len(matches) - len(filled)} dòng cùng nội dung để trống ô được hỏi."
    return draft


def matching_rows(
    question: Question,
    retriever: Retriever,
    wanted: Filter,
    near_other_plan: float = _NEAR_OTHER_PLAN,
) -> list[RowMatch]:
    """Return the rows a question is about, best plan first, rows of a plan in their order.

    A question without a topic of its own is about every row its filters and units let through.
    """
    if question.reference and question.reference.ordinals:
        return _by_ordinal(question.reference.ordinals, retriever, wanted)
    topic = own_topic(question, retriever, wanted)
    held = held_units(question)
    if (not topic and not question.free_terms) or (not topic and held):
        named = wanted.plans and (question.names_plan or question.asks)
        if not (held or question.lists or question.years or question.provinces or named):
            return []
        candidates = [m for m in retriever.every_row(wanted) if not m.row.is_heading]
        return [match for match in candidates if holds(match, held, retriever)]
    if topic.unknown_share > MOST_UNKNOWN:
        return []
    if on_the_day := _on_the_day(question, topic, retriever, wanted):
        return on_the_day
    candidates = retriever.rows(question, topic, wanted)
    if held:
        candidates = [
            match for match in candidates if match.row.is_heading or holds(match, held, retriever)
        ]
    if held and not candidates:
        return matching_rows(
            replace(question, units=(), terms=question.free_terms), retriever, wanted
        )
    by_plan: dict[str, list[RowMatch]] = {}
    for match in candidates:
        by_plan.setdefault(match.plan_id, []).append(match)
    whole_groups = question.intent is Intent.ACTIVITIES or bool(
        _GROUP.search(question.text.lower())
    )
    chosen: dict[str, list[RowMatch]] = {}
    best = 0.0
    # Looking at rows opens their plan: only at those that can come near the best, the best first.
    for plan_id in sorted(by_plan, key=lambda plan_id: -_best_fit(by_plan[plan_id])):
        if _best_fit(by_plan[plan_id]) < near_other_plan * best:
            break
        chosen[plan_id] = _best_of_plan(
            by_plan[plan_id], topic, retriever, held, whole_groups=whole_groups
        )
        best = max(best, _best_fit(chosen[plan_id]))
    return [
        match
        for plan_id in by_plan
        for match in chosen.get(plan_id, ())
        if match.fit >= near_other_plan * best
    ]


def _best_fit(matches: Sequence[RowMatch]) -> float:
    return max((match.fit for match in matches), default=0.0)


def _on_the_day(
    question: Question, topic: Topic, retriever: Retriever, wanted: Filter
) -> list[RowMatch]:
    """Return the rows on the topic whose time is a day that the question names."""
    if question.yes_no or not (asked := _days_in(question.text)):
        return []
    rest = topic.without(frozenset(word for day in asked for word in (*map(str, day), "thang")))
    rows = [m for m in retriever.every_row(wanted, rest) if asked & _days_in(_time_of(m))]
    return [replace(row, fit=_ON_THE_DAY) for row in rows if row.fit > 0]


def _days_in(text: str) -> set[tuple[int, int]]:
    return {(int(day), int(month)) for day, month in _DAY.findall(text)}


def _time_of(match: RowMatch) -> str:
    return match.row.text_of(Role.TIME)


def _by_ordinal(ordinals: tuple[str, ...], retriever: Retriever, wanted: Filter) -> list[RowMatch]:
    """Return the rows with these printed ordinals, rows below for a heading row."""
    every = retriever.every_row(replace(wanted, locators=ordinals))
    rows = [match for match in every if match.row.ordinal in ordinals]
    return [
        below
        for match in rows
        for below in (retriever.children(match) if match.row.is_heading else [match])
    ]


def own_topic(question: Question, retriever: Retriever, wanted: Filter) -> Topic:
    """Return the topic without the words that every plan in scope has in its title."""
    topic = retriever.topic(question)
    in_all = retriever.titles.in_all(retriever.among(wanted))
    rest = topic.without(in_all)
    return rest if not rest else topic


def topic_beside_units(question: Question, retriever: Retriever, wanted: Filter) -> Topic:
    """Return the same without the names of the question's units."""
    names = frozenset(token.key for unit in question.units for token in tokenise(unit.name))
    return own_topic(question, retriever, wanted).without(names)


def held_units(question: Question) -> list[Held]:
    """Return the units that a row must name in a role, as the question says."""
    return [(frozenset(unit.ids), unit.role) for unit in question.units if unit.role]


def holds(match: RowMatch, held: Sequence[Held], retriever: Retriever) -> bool:
    """Say whether a row names each of the units in its role."""
    # The whole cell too: "các Sở: Y tế, Tài chính" names what its pieces do not.
    return all(
        ids & retriever.units_in((*values_of(match, role), match.row.text_of(role)))
        for ids, role in held
    )


def _best_of_plan(
    matches: Sequence[RowMatch],
    topic: Topic,
    retriever: Retriever,
    held: Sequence[Held],
    *,
    whole_groups: bool,
) -> list[RowMatch]:
    if _best_fit(matches) < ABOUT:
        return []
    best_score = max(match.score for match in matches)
    near = [m for m in matches if m.fit >= ABOUT and m.score >= _NEAR_BEST * best_score]
    headings = [match for match in near if match.row.is_heading]
    rows = [match for match in near if not match.row.is_heading]
    for heading in headings:
        known = {match.row.key for match in rows}
        below = [
            m
            for m in retriever.children(heading)
            if m.row.key not in known and not m.row.is_heading
        ]
        scored = {m.row.key: m for m in matches}
        rows += [scored.get(m.row.key, m) for m in below if holds(m, held, retriever)]

    asked = [words_of(" ".join(term.text for term in topic.terms), 1.0)]

    def is_named(match: RowMatch) -> bool:
        name = retriever.topic_of(match.activity)
        return retriever.own_fit(match, topic) >= _IS_ITS_NAME and name.fit(asked) >= _IS_ITS_NAME

    # The heading of a group may be what is asked about, word by word.
    whole_groups |= any(map(is_named, headings)) and not any(map(is_named, rows))
    if not whole_groups:
        rows = _naming_the_topic(rows, topic, retriever)
    return sorted(rows, key=lambda match: (-round(match.score, 2), match.row.span.start))


def _naming_the_topic(rows: list[RowMatch], topic: Topic, retriever: Retriever) -> list[RowMatch]:
    """Of rows below one heading keep those that name the topic themselves, if any does."""
    strong = topic.without(_WEAK_KEYS)
    if not strong:
        return rows
    kept = []
    for row in rows:
        siblings = [
            other for other in rows if other.row.parent and other.row.parent == row.row.parent
        ]
        if row.row.parent and len(siblings) > 1:
            own = {other.row.key: retriever.own_fit(other, strong) for other in siblings}
            if max(own.values()) >= _OWN and own[row.row.key] < _OWN * max(own.values()):
                continue
        kept.append(row)
    return kept


def line_of(match: RowMatch, roles: Sequence[Role]) -> str:
    """Return what a row says in some columns, as a line of an answer."""
    parts = []
    for role in roles:
        values = values_of(match, role)
        cell = match.row.cell(role)
        if values and role is Role.BUDGET and cell:
            # The unit of money stands in the header: "Kinh phí (triệu đồng)".
            parts.append(f"{cell.header}: {'; '.join(values)}")
        elif values:
            parts.append(
                f"{_COLUMN[role]}: {'; '.join(values)}" if len(roles) > 1 else "; ".join(values)
            )
    return f"{origin(match.plan)} – “{match.activity}” ({match.row.label}): {' | '.join(parts)}."


def _places(matches: Sequence[RowMatch]) -> str:
    return "; ".join(f"{match.plan.province}: {match.row.label}" for match in matches)
