"""Tasks of the body that say in labelled words who leads them and by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.labelled import before_labels, labelled_in
from corpus.model import Role, Section, Span
from indexer.filter import Filter
from search_api.answer.draft import Draft, units_of, whole_clause
from search_api.answer.rows import ABOUT, Held, topic_beside_units
from search_api.cite import section_at
from search_api.model import Item
from search_api.question import Question
from search_api.retrieve import ClauseMatch, Retriever, origin

OF_UNITS = (Role.LEAD, Role.SUPPORT, Role.MONITOR)

Labelled = Mapping[Role, tuple[ClauseMatch, str]]


@dataclass(frozen=True, slots=True)
class Task:
    """A task of the body: where it is named, what its labels say, and where all of that stands."""

    clause: ClauseMatch
    name: Span
    said: Mapping[Role, str]
    span: Span
    on_topic: bool = False

    @property
    def text(self) -> str:
        """Return the words that name it."""
        return self.name.of(self.clause.plan.text)

    @property
    def line(self) -> str:
        """Return it and where it stands, as a line of an answer."""
        plan = self.clause.plan
        section = section_at(plan, self.span) or self.clause.section
        return f"{origin(plan)}, {section.label}: {self.text}"


def task_at(match: ClauseMatch) -> Task | None:
    """Return the task whose labels stand in a clause; None where none do.

    It is named in the same clause before them, else by the heading there or the one above.
    """
    said = labelled_in(match.text)
    if not any(role in said for role in OF_UNITS):
        return None
    own, whole = before_labels(match.text), whole_clause(match)
    start = match.body.start
    if len(own):
        return Task(match, Span(start + own.start, start + own.end), said, whole)
    for section in filter(None, (match.section, _above(match))):
        if section.title:
            heading = section.heading
            name = Span(heading.end - len(section.title), heading.end)
            if name.of(match.plan.text) == section.title:
                return Task(match, name, said, Span(heading.start, whole.end))
    return None


def tasks_held(
    question: Question, held: Sequence[Held], retriever: Retriever, wanted: Filter
) -> list[Task]:
    """Return the tasks that name every unit of `held` in its role; `on_topic` tells which fit."""
    ids, role = held[0]
    naming = replace(wanted, units=tuple(ids), roles=(role.value,))
    topic = topic_beside_units(question, retriever, wanted)
    found = []
    for match in retriever.every_clause(naming, topic or None):
        task = task_at(match)
        if task and all(
            not ids.isdisjoint(retriever.units_in(units_of(task.said.get(role, ""))))
            for ids, role in held
        ):
            found.append(replace(task, on_topic=bool(topic) and match.fit >= ABOUT))
    return found


def add_task(draft: Draft, task: Task) -> None:
    """Cite a task and add what its labels say as one line, like a row."""
    plan = task.clause.plan
    fields: dict[str, object] = {"activity": task.text}
    for role, text in task.said.items():
        fields[role.value] = list(units_of(text)) if role in OF_UNITS else text
    draft.items.append(Item(plan.province, draft.cite(plan, task.span), fields))
    draft.add_values([task.text])


def labelled_of(match: ClauseMatch) -> Labelled:
    """Return the labelled words of the task a clause belongs to: its own, else below or beside."""
    own = labelled_in(match.text)
    if Role.LEAD in own:
        return {role: (match, text) for role, text in own.items()}
    for section in (match.section, _above(match)):
        children = [replace(match, below=child) for child in section.children] if section else []
        told = [(clause, labelled_in(clause.text)) for clause in children]
        # Where several lead, each is a task of its own.
        if sum(Role.LEAD in said for _, said in told) == 1:
            return {role: (clause, text) for clause, said in told for role, text in said.items()}
    return {}


def _above(match: ClauseMatch) -> Section | None:
    """Return the section that a clause stands in."""
    return match.at.open_plan.sections.get(".".join(match.section.path[:-1]))


def answer_labelled(clauses: Sequence[ClauseMatch], asked: Sequence[Role]) -> Draft | None:
    """Return what the task of the first clause that is of one says of the columns `asked`.

    `clauses` are the best first; None where no task says it.
    """
    for match in clauses:
        labelled = labelled_of(match)
        told = [(*labelled[role], role) for role in asked if role in labelled]
        if not told:
            continue
        draft = Draft()
        for clause, text, role in told:
            draft.add_clause(clause)
            draft.add_values(units_of(text) if role in OF_UNITS else [text])
        draft.sentence = "\n".join(
            dict.fromkeys(f"{clause.where}: {clause.text}" for clause, _, _ in told)
        )
        return draft
    return None
