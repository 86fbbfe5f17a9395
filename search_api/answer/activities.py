"""Which activities of a unit in a role, of a group, of a year; and who leads which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.abbreviations import expand
from corpus.model import Role, Span
from corpus.text import fold
from indexer.filter import Filter
from search_api.answer.draft import Draft, refusal, units_of, values_of
from search_api.answer.labelled import Task, add_task, tasks_held
from search_api.answer.rows import (
    ABOUT,
    Held,
    column_of,
    held_units,
    holds,
    line_of,
    matching_rows,
    own_topic,
    topic_beside_units,
)
from search_api.answer.sections import answer_who, matching_clauses
from search_api.cues import (
    ALONE,
    EITHER_ROLE,
    EVERY_YEAR,
    LINE,
    OF_APPENDIX,
    PRODUCT,
    WHICH_PROVINCE,
    WHO_CUE,
    cue,
)
from search_api.match import words_of
from search_api.model import Intent, Reason
from search_api.question import AskedUnit, Question
from search_api.retrieve import Retriever, RowMatch, origin

# The body answers instead of the rows where it covers this much more of the topic.
_CLEARLY_MORE = 0.1
# A supporting unit is the partner when its name has so much of the partner's.
_NAMED = 0.7
# "phối hợp với các cơ quan báo chí", "phối hợp báo chí"; not "phối hợp tổ chức", "phối hợp nào".
_WITH = cue(
    r"phối hợp(?: với| cùng)?(?: các| những| cơ quan| đơn vị)*"
    r"(?! (?:tổ chức|thực hiện|triển khai|xây dựng|tuyên truyền|các|những|cơ quan|đơn vị|với|cùng))"
)
_OTHER_READING = "Cách hiểu khác: {} là đơn vị phối hợp."
_MOST_OTHERS = 5
# A product is the one asked for when it has so much of what is said of it; others as good as it.
_IS_THE_PRODUCT, _AS_MUCH = 0.75, 0.94
# A row says all that is asked, the name of a body in it too, from here on.
_SAID = 0.85
# "Sở X chủ trì việc gì, xong khi nào, bao nhiêu tiền": what is told of each activity.
_TOLD_BESIDE = (Role.PRODUCT, Role.TIME, Role.YEARS, Role.BUDGET)
_ARABIC = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7"}
_HOLDERS = (Role.LEAD, Role.SUPPORT)
_OF_ROWS = (Intent.LEAD, Intent.SUPPORT, Intent.PRODUCT, Intent.YEARS)
_ROLE_WORD = {Role.LEAD: "chủ trì", Role.SUPPORT: "phối hợp", Role.MONITOR: "theo dõi"}


def answer_activities(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return every activity the question's units, topic and years leave; None where none is left.

    Computed over all rows and all labelled tasks in scope, so the list is complete.
    """
    matches = select_rows(question, retriever, wanted)
    tasks = select_tasks(question, retriever, wanted)
    if tasks and topic_beside_units(question, retriever, wanted):
        # What holds the unit and is on something else answers only where nothing is on the topic.
        rows = _on_topic(matches, question, retriever, wanted)
        on_topic = [task for task in tasks if task.on_topic]
        if rows or on_topic:
            matches, tasks = rows, on_topic
    if not (matches or tasks):
        return None
    if not tasks and _clause_is_better(question, matches, retriever, wanted):
        return None
    draft = Draft()
    if retriever.reads_all(wanted):
        counts = ((len(matches), "dòng"), (len(tasks), "nhiệm vụ ghi rõ đơn vị"))
        listed = " và ".join(f"{count} {noun}" for count, noun in counts if count)
        draft.note = f"Đủ {listed} trong phạm vi hỏi."
    who = WHO_CUE.search(question.text.lower())
    also = [r for r in question.also if r in _TOLD_BESIDE or (who and r in _HOLDERS)]
    lines = []
    partners = _ids(question.partners_of)
    if partners:
        also = [*_HOLDERS, *(role for role in also if role not in _HOLDERS)]
    for match in matches:
        draft.add_row(match)
        told = [match.activity, *(value for role in also for value in values_of(match, role))]
        draft.add_values(v for v in told if not (partners & retriever.units_in([v])))
        lines.append(line_of(match, also) if also else f"{match.where}: {match.activity}")
    for task in tasks:
        add_task(draft, task)
        lines.append(task.line)
    if WHICH_PROVINCE.search(question.text.lower()):
        plans = [match.plan for match in matches] + [task.clause.plan for task in tasks]
        draft.values = list(dict.fromkeys(map(origin, plans)))
    draft.sentence = "\n".join(lines)
    return draft


def answer_lead(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return who leads what the question is about.

    "Chủ trì phối hợp với báo chí" may be an activity, which is to cooperate with the press, or any
    that the press supports. The first reading answers, the second is offered beside it; it answers,
    and says so, where the first finds nothing.
    """
    draft = answer_who(question, retriever, wanted)
    partner = _partner(question)
    if partner is None:
        return draft
    name = partner.of(question.restored)
    supported = _supported_by(partner, question, retriever, wanted)
    if draft is None or not _speaks_of(partner, question, draft, retriever):
        beside = column_of(supported, (Role.LEAD,))
        if beside is not None:
            beside.note = (
                f"Không có hoạt động nào là phối hợp với {name}; "
                f"trả lời theo cách hiểu {name} là đơn vị phối hợp."
            )
        return beside or draft
    cited = {(citation.plan_id, citation.span) for citation in draft.citations}
    others = [match for match in supported if (match.plan_id, match.row.span) not in cited]
    for match in others[:_MOST_OTHERS]:
        leads = tuple(values_of(match, Role.LEAD))
        draft.offer(_OTHER_READING.format(name), match.plan, match.row.span, leads)
    return draft


def answer_partners(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return with whom a unit works on the topic that it only supports; None where it leads it."""
    partners = _ids(question.partners_of)
    rows = matching_rows(question, retriever, wanted) if partners else []
    if not rows or not all(holds(match, [(partners, Role.SUPPORT)], retriever) for match in rows):
        return None
    draft = column_of(rows, _HOLDERS)
    if draft is not None:
        draft.values = [v for v in draft.values if not (partners & retriever.units_in([v]))]
    return draft


def _partner(question: Question) -> Span | None:
    """Return where the question names the one to cooperate with, None where it names none."""
    if Role.SUPPORT in question.asks:
        return None
    for match in _WITH.finditer(question.text.lower()):
        after = [term for term in question.free_terms if term.span.start >= match.end()]
        if not after or after[0].span.start > match.end() + 1:
            continue
        first = after[0].span
        names = (*(unit.span for unit in question.units), *question.words)
        return next((name for name in names if name.contains(first)), first)
    return None


def _speaks_of(partner: Span, question: Question, draft: Draft, retriever: Retriever) -> bool:
    """Say whether an activity or clause of the draft names the partner itself."""
    topic = retriever.topic_of(partner.of(question.text))
    said = (str(item.fields.get("activity", item.fields.get("text"))) for item in draft.items)
    return any(topic.fit([words_of(text, 1.0)]) >= _NAMED for text in said)


def _supported_by(
    partner: Span, question: Question, retriever: Retriever, wanted: Filter
) -> list[RowMatch]:
    """Return the rows whose supporting units are the partner, by its id or by its words."""
    unit = next((unit for unit in question.units if unit.span == partner), None)
    topic = retriever.topic_of(partner.of(question.text))
    if unit is not None and not retriever.reads_all(wanted):
        wanted = replace(wanted, units=unit.ids)
    rows = [match for match in retriever.every_row(wanted, topic) if not match.row.is_heading]
    if unit is not None:
        return [m for m in rows if holds(m, [(frozenset(unit.ids), Role.SUPPORT)], retriever)]
    return [m for m in rows if topic.fit([words_of(m.row.text_of(Role.SUPPORT), 1.0)]) >= _NAMED]


def _clause_is_better(
    question: Question, matches: Sequence[RowMatch], retriever: Retriever, wanted: Filter
) -> bool:
    """Say whether the body names what is asked for and the rows only touch it."""
    lowered = question.text.lower()
    if any(unit.role for unit in question.units) or WHICH_PROVINCE.search(lowered):
        return False
    if PRODUCT.search(lowered) and _making(question, retriever, wanted):
        return False
    clauses = matching_clauses(question, retriever.topic(question), retriever, wanted)
    best_clause = max((match.fit for match in clauses), default=0.0)
    best_row = max(match.fit for match in matches)
    return bool(best_row) and best_clause > best_row + _CLEARLY_MORE


def select_rows(question: Question, retriever: Retriever, wanted: Filter) -> list[RowMatch]:
    """Return the rows (no mere headings) that hold the question's units and are on its topic.

    Of these, where it asks for every year, those of all years it names, else of all of the plan.
    """
    rows = _select_rows(question, retriever, wanted)
    if appendix := OF_APPENDIX.search(question.text.lower()):
        of_it = [m for m in rows if _number_of(m.row.appendix) == _number_of(appendix[0])]
        rows = of_it or rows
    if not EVERY_YEAR.search(question.text.lower()):
        return rows
    return [match for match in rows if is_in_all(match, question)]


def _number_of(appendix: str) -> str:
    """Return the number of an appendix in digits; "" for one without: "Phụ lục II" has "2"."""
    match = OF_APPENDIX.search(appendix.lower())
    return _ARABIC.get(match["number"], match["number"]) if match else ""


def is_in_all(match: RowMatch, question: Question) -> bool:
    """Say whether a row is for every year the question names, where it names several, else all."""
    period = match.plan.period
    named = question.years if len(question.years) > 1 else ()
    needed = named or (period.years if period else ())
    return bool(needed) and set(needed) <= set(match.years)


def _select_rows(question: Question, retriever: Retriever, wanted: Filter) -> list[RowMatch]:
    if question.reference and question.reference.ordinals:
        return matching_rows(question, retriever, wanted)
    held = held_units(question)
    if made := _making(question, retriever, wanted):
        return _held_by(held, made, question, retriever) if held else made
    named = [unit for unit in question.units if unit.role is None]
    if not held and named and not _is_about(question, retriever, wanted):
        # "Hoạt động nào của Sở X?": in whatever role, best that it leads.
        for role in _HOLDERS:
            rows = _with_units(retriever, wanted, [(_ids(named[0]), role)], question)
            if rows:
                return _on_topic(rows, question, retriever, wanted)
    if held:
        rows = _with_units(retriever, wanted, held, question)
        if either := _in_either_role(question):
            leading = _with_units(retriever, wanted, [(either, Role.LEAD)], question)
            supporting = _with_units(retriever, wanted, [(either, Role.SUPPORT)], question)
            rows = list({(m.plan_id, m.row.key): m for m in (*leading, *supporting)}.values())
        return _on_topic(rows, question, retriever, wanted) or rows
    if not own_topic(question, retriever, wanted):
        every = [match for match in retriever.every_row(wanted) if not match.row.is_heading]
        return every if LINE.search(question.text.lower()) else _somebodys(every)
    return matching_rows(question, retriever, wanted)


def select_tasks(question: Question, retriever: Retriever, wanted: Filter) -> list[Task]:
    """Return the labelled tasks of the body that the question's units hold."""
    lowered = question.text.lower()
    if question.reference or EVERY_YEAR.search(lowered) or PRODUCT.search(lowered):
        return []
    held = held_units(question)
    named = [unit for unit in question.units if unit.role is None]
    if held or not named:
        tasks = tasks_held(question, held, retriever, wanted) if held else []
        if ALONE.search(lowered):
            tasks = [task for task in tasks if len(units_of(task.said[held[0][1]])) == 1]
        return tasks
    for role in _HOLDERS:
        if tasks := tasks_held(question, [(frozenset(named[0].ids), role)], retriever, wanted):
            return tasks
    return []


def _somebodys(rows: Sequence[RowMatch]) -> list[RowMatch]:
    """Return the rows of tables that say who leads, of plans that have such: tasks, no targets."""
    with_lead = {match.plan_id for match in rows if match.row.cell(Role.LEAD)}
    return [m for m in rows if m.row.cell(Role.LEAD) or m.plan_id not in with_lead]


def _in_either_role(question: Question) -> frozenset[str]:
    """Return the ids of the unit whose rows are wanted whether it leads them or supports them."""
    if EITHER_ROLE.search(question.text.lower()):
        return _ids(question.units[0])
    return _ids(question.partners_of)


def _ids(unit: AskedUnit | None) -> frozenset[str]:
    return frozenset(unit.ids) if unit else frozenset()


def _making(question: Question, retriever: Retriever, wanted: Filter) -> list[RowMatch]:
    """Return the rows whose product is what a question says comes out; none where it says none."""
    topic = retriever.topic(question)
    if not topic or not PRODUCT.search(question.text.lower()):
        return []
    scored = [
        (topic.fit([words_of(expand(match.row.text_of(Role.PRODUCT)).text, 1.0)]), match)
        for match in retriever.every_row(wanted)
        if match.row.text_of(Role.PRODUCT)
    ]
    best = max((fit for fit, _ in scored), default=0.0)
    if best < _IS_THE_PRODUCT:
        return []
    return [match for fit, match in scored if fit >= _AS_MUCH * best]


def refuse_unknown_unit(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Refuse where the question is about a single body that no plan in scope names anywhere."""
    for unit in question.units:
        if retriever.is_collective(unit.ids) or retriever.groups_of(unit.ids):
            continue
        if (
            unit.role is None
            and question.intent in _OF_ROWS
            and _is_said(question, retriever, wanted)
        ):
            continue
        allowed = retriever.index.allowed(replace(wanted, units=unit.ids, years=()))
        if allowed is not None and not allowed.count:
            return refusal(
                Reason.UNIT_NOT_NAMED,
                f"Các kế hoạch trong phạm vi hỏi không nhắc đến “{unit.name}”.",
            )
    return None


def _is_said(question: Question, retriever: Retriever, wanted: Filter) -> bool:
    """Say whether a row has nearly all of the question's words: a name in it is its subject."""
    topic = retriever.topic(question)
    return any(m.fit >= _SAID for m in retriever.rows(question, topic, wanted)[:1])


def refuse_unit(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Refuse where the question's unit does not hold the role asked, with the rows that name it."""
    for unit in question.units:
        if not unit.role:
            continue
        role = _ROLE_WORD.get(unit.role, unit.role.value)
        draft = refusal(
            Reason.UNIT_NOT_NAMED,
            f"Không dòng nào trong phạm vi hỏi ghi “{unit.name}” ở vai trò {role}.",
        )
        for match in retriever.every_row(replace(wanted, units=unit.ids))[:3]:
            draft.offer(f"Dòng có nhắc “{unit.name}” ở vai trò khác.", match.plan, match.row.span)
        return draft
    return None


def _on_topic(
    rows: Sequence[RowMatch], question: Question, retriever: Retriever, wanted: Filter
) -> list[RowMatch]:
    """Keep the rows on what the question says beside the names of its units."""
    topic = topic_beside_units(question, retriever, wanted)
    if not topic:
        return list(rows)
    return [row for row in rows if topic.fit(retriever.words_at(row.at)) >= ABOUT]


def _with_units(
    retriever: Retriever, wanted: Filter, held: Sequence[Held], question: Question
) -> list[RowMatch]:
    if not retriever.reads_all(wanted):
        wanted = replace(wanted, units=tuple(held[0][0]))
    return _held_by(held, retriever.every_row(wanted), question, retriever)


def _held_by(
    held: Sequence[Held], among: Iterable[RowMatch], question: Question, retriever: Retriever
) -> list[RowMatch]:
    """Return the rows that the question's units hold, alone where it says so."""
    rows = [match for match in among if holds(match, held, retriever)]
    rows = _named_so(rows, question, retriever) or rows
    if ALONE.search(question.text.lower()):
        # "Sở X chủ trì một mình và báo chí phối hợp": it is who leads that is alone.
        role = Role.LEAD if any(role is Role.LEAD for _, role in held) else held[0][1]
        rows = [match for match in rows if len(values_of(match, role)) == 1]
    return rows


def _named_so(rows: Sequence[RowMatch], question: Question, retriever: Retriever) -> list[RowMatch]:
    """Return the rows that name the collectives of a question in its own words.

    One id stands for "các đơn vị có liên quan" and "các ngành, lĩnh vực có liên quan" alike.
    """
    names = [
        (unit.role, words_of(expand(unit.name).text, 1.0).keys.strip())
        for unit in question.units
        if unit.role and retriever.is_collective(unit.ids)
    ]
    return [
        match
        for match in rows
        if names
        and all(
            f" {name} " in words_of(expand(match.row.text_of(role)).text, 1.0).keys
            for role, name in names
        )
    ]


def _is_about(question: Question, retriever: Retriever, wanted: Filter) -> bool:
    """Say whether the words of the question, its units' names among them, are an activity's own."""
    topic = own_topic(question, retriever, wanted)
    rows = retriever.every_row(wanted, topic) if topic else ()
    best = max((retriever.own_fit_in_plan(row, topic) for row in rows), default=0.0)
    unit_words = {fold(word) for unit in question.units for word in unit.name.split()}
    return best >= ABOUT and any(term.key not in unit_words for term in topic.terms)
