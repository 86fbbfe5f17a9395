"""What a body has to do: the clauses that speak to it, else the rows that name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.abbreviations import expand
from corpus.model import Role
from indexer.filter import Filter
from search_api.answer.draft import Draft, values_of, whole_clause
from search_api.answer.labelled import Task, add_task, tasks_held
from search_api.answer.rows import MOST_UNKNOWN, held_units, holds, matching_rows
from search_api.answer.sections import answer_section
from search_api.cues import LEAD_CUE, WHO_CUE, cue
from search_api.match import Topic, words_of
from search_api.question import AskedUnit, Question
from search_api.retrieve import ClauseMatch, Retriever, RowMatch, beside_title

_ELSEWHERE = "Việc khác của đơn vị này ghi ngoài phần của đơn vị:"
# Duties off the topic are left out once one covers the topic so well; those then on it cover so
# much of what the best one covers.
_SURE, _ON_TOPIC = 0.75, 0.6
# "phải bố trí cái gì", "được yêu cầu viết bài"; not "có phải", "phải không".
_OWES = cue(
    r"(?<!có )phải(?! (?:không|chăng|là|chứ)(?!\w))|cần|nên|có trách nhiệm"
    r"|được (?:giao|yêu cầu|phân công)"
)
_WORKS_WITH = cue("phối hợp|cùng với")
_ASKS = cue(r"gì|nào|ai|đâu|(?:ra|làm) sao|thế nào|bao nhiêu|mấy")
# A duty must cover so much of what is asked beside the plan's subject; as much as the best one; and
# not less than a row by more than this. The heading above it counts nearly as much.
_OWED, _AS_OWED, _ROWS_LESS, _HEADING = 0.55, 0.9, 0.2, 0.85


def answer_duties(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the duties of the first unit the question names; None where none is known."""
    for unit in question.units:
        clauses = duty_clauses(unit, retriever, wanted)
        rows = [] if clauses else unit_rows(unit, retriever, wanted)
        tasks = [] if clauses or rows else _unit_tasks(unit, question, retriever, wanted)
        if not (clauses or rows or tasks):
            continue
        chosen = clauses
        if not question.lists:
            topic = retriever.topic(question).without(_keys(unit))
            chosen = _on_topic([(_fit_beside_title(topic, m, retriever), m) for m in clauses])
        elsewhere = []
        if len(chosen) == len(clauses):
            own = _of_its_own_part(unit, chosen, retriever)
            chosen, elsewhere = own, [match for match in chosen if match not in own]
        draft = Draft(complete=len(chosen) + len(elsewhere) == len(clauses))
        draft.say_clauses(chosen)
        for match in elsewhere:
            draft.offer(_ELSEWHERE.rstrip(":"), match.plan, whole_clause(match))
        if elsewhere:
            draft.note = f"{_ELSEWHERE} {'; '.join(match.where for match in elsewhere)}."
        for row in rows:
            draft.add_row(row)
            draft.add_values([row.activity])
        lines = [_row_line(row, unit, retriever) for row in rows]
        for task in tasks:
            add_task(draft, task)
            lines.append(task.line)
        draft.sentence = "\n".join(filter(None, [draft.sentence, *lines]))
        return draft
    return None


def answer_held(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the duties of a unit that no row holds in the role asked for, else the part asked for.

    What somebody else does is no answer to what a unit does; and where rows name the unit, they
    have told who leads: then only a duty to lead counts.
    """
    held = held_units(question)
    if not held:
        return answer_section(question, retriever, wanted)
    named = replace(wanted, units=tuple(held[0][0]), kinds=("row",))
    in_rows = retriever.index.allowed(named)
    if partners := question.partners_of:
        draft = Draft()
        clauses = duty_clauses(partners, retriever, wanted)
        draft.say_clauses([m for m in clauses if _WORKS_WITH.search(m.text.lower())])
        return draft if draft.citations else None
    if in_rows is None or not in_rows.count:
        return answer_duties(question, retriever, wanted)
    lead = question.unit_in(Role.LEAD)
    clauses = duty_clauses(lead, retriever, wanted) if lead else []
    draft = Draft()
    draft.say_clauses([match for match in clauses if LEAD_CUE.search(match.text.lower())])
    return draft if draft.citations else None


def answer_owed(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the duties that say what a question says somebody must do; None where none does.

    "Cơ quan chủ quản phải bố trí cái gì?": who must do it opens the question and the part of the
    plan, its name in other words perhaps; what it asks for stands in the duty, whatever kind of
    thing it is.
    """
    owes = _OWES.search(question.text.lower())
    if owes is None or WHO_CUE.search(question.text[: owes.start()].lower()):
        return None
    topic = retriever.topic(question)
    if not topic or topic.unknown_share > MOST_UNKNOWN:
        return None
    units = [unit for unit in question.units if unit.span.end <= owes.start()]
    clauses = [clause for unit in units[-1:] for clause in duty_clauses(unit, retriever, wanted)]
    said, named = topic, bool(clauses)
    if named:
        after = [term for term in topic.terms if term.span.start >= owes.end()]
        said = topic.only(after)
    else:
        clauses = retriever.clauses(question, topic, replace(wanted, roles=("duty",)))
    rows = matching_rows(question, retriever, wanted)
    above = max((match.fit for match in rows), default=0.0)
    chosen: dict[tuple[str, str], ClauseMatch] = {}
    for part in _parts(said, question.text[owes.start() :].lower(), owes.start()):
        scored = [(_fit_beside_title(part, m, retriever, heading=not named), m) for m in clauses]
        best = max((fit for fit, _ in scored), default=0.0)
        if best < _OWED or best < above - _ROWS_LESS:
            continue
        chosen |= {match.place: match for fit, match in scored if fit >= _AS_OWED * best}
    draft = Draft()
    draft.say_clauses(chosen.values())
    return draft if draft.citations else None


def duty_clauses(unit: AskedUnit, retriever: Retriever, wanted: Filter) -> list[ClauseMatch]:
    """Return the clauses under a heading that is the unit, without the heading itself."""
    restricted = replace(wanted, units=unit.ids + retriever.groups_of(unit.ids), roles=("duty",))
    return [
        match
        for match in retriever.every_clause(restricted)
        if not match.section.children or match.body.start >= match.section.heading.end
    ]


def _of_its_own_part(
    unit: AskedUnit, clauses: list[ClauseMatch], retriever: Retriever
) -> list[ClauseMatch]:
    """Return the clauses below the heading that is the unit, in plans that have one; else all."""
    own = {
        match.place
        for match in clauses
        if any(
            not retriever.units_in([above.title]).isdisjoint(unit.ids)
            for above in (*retriever.sections_above(match), match.section)
            if above.title
        )
    }
    with_part = {plan_id for plan_id, _ in own}
    return [m for m in clauses if m.place in own or m.plan_id not in with_part]


def unit_rows(unit: AskedUnit, retriever: Retriever, wanted: Filter) -> list[RowMatch]:
    """Return the rows that name the unit in its role, else as lead or support."""
    roles = (unit.role,) if unit.role else (Role.LEAD, Role.SUPPORT)
    return [
        match
        for match in retriever.every_row(replace(wanted, units=unit.ids))
        if any(holds(match, [(frozenset(unit.ids), role)], retriever) for role in roles)
    ]


def _parts(topic: Topic, lowered: str, start: int) -> list[Topic]:
    """Return the topic cut where a question asks for one thing and then for another."""
    ends = [start + asks.end() for asks in _ASKS.finditer(lowered)]
    if len(ends) < 2:
        return [topic]
    parts = []
    begin = 0
    for end in (*ends[:-1], len(lowered) + start):
        terms = [term for term in topic.terms if begin <= term.span.start < end]
        if terms:
            parts.append(topic.only(terms))
        begin = end
    return parts


def _fit_beside_title(
    topic: Topic, match: ClauseMatch, retriever: Retriever, *, heading: bool = False
) -> float:
    """Return how well a duty fits what a topic says beside the subject of its plan."""
    rest = beside_title(topic, match.plan)
    said = [words_of(expand(match.text).text, 1.0)]
    if heading:
        said += [words_of(above.title, _HEADING) for above in retriever.sections_above(match)]
        said.append(words_of(match.section.title, _HEADING))
    return rest.fit(said)


def _on_topic(scored: Sequence[tuple[float, ClauseMatch]]) -> list[ClauseMatch]:
    best = max((fit for fit, _ in scored), default=0.0)
    if best < _SURE:
        # Not enough to leave any out, but to say which comes first.
        return [match for _, match in sorted(scored, key=lambda one: -one[0])]
    return [match for fit, match in scored if fit >= _ON_TOPIC * best]


def _unit_tasks(
    unit: AskedUnit, question: Question, retriever: Retriever, wanted: Filter
) -> list[Task]:
    """Return the labelled tasks of a unit in the role asked, else those it leads or supports."""
    ids = frozenset(unit.ids)
    tasks = [
        task
        for role in ((unit.role,) if unit.role else (Role.LEAD, Role.SUPPORT))
        for task in tasks_held(question, [(ids, role)], retriever, wanted)
    ]
    return [task for task in tasks if task.on_topic] or tasks


def _keys(unit: AskedUnit) -> frozenset[str]:
    return frozenset(key for unit_id in unit.ids for key in unit_id.split("-"))


def _row_line(match: RowMatch, unit: AskedUnit, retriever: Retriever) -> str:
    role = next(
        name
        for role, name in ((Role.LEAD, "chủ trì"), (Role.SUPPORT, "phối hợp"))
        if frozenset(unit.ids) & {retriever.unit_id(value) for value in values_of(match, role)}
    )
    return f"{match.where} ({role}): {match.activity}"
