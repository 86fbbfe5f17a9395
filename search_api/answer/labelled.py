"""Tasks told in labelled words: "Cơ quan chủ trì: …. Thời gian hoàn thành: …"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.appendix import role_of_header
from corpus.model import Role
from search_api.answer.draft import Draft, units_of
from search_api.retrieve import ClauseMatch

# "b) Cơ quan chủ trì: Sở Nội vụ. Cơ quan phối hợp: …"; not "8:30", "Trách nhiệm của Sở Nội vụ:".
_LABEL = re.compile(
    r"(?:^|(?<=[.;\n]))\s*[-–+•*]?\s*(?P<label>(?![^:]* của )[^\W\d_][^:.;\n]{2,60}):(?=\s)"
)
# "Tỉnh đoàn. Thực hiện thường xuyên."; not "TP. Đà Lạt".
_SENTENCE = re.compile(r"\n|(?<=[^\W\d_A-Z])\.\s+(?=[A-ZĐ])")
# The columns of a table that a body of text tells so.
_ROLES = (Role.LEAD, Role.SUPPORT, Role.MONITOR, Role.PRODUCT, Role.TIME, Role.BUDGET)
_OF_UNITS = (Role.LEAD, Role.SUPPORT, Role.MONITOR)

Labelled = Mapping[Role, tuple[ClauseMatch, str]]


def labelled_in(text: str) -> dict[Role, str]:
    """Return what `text` says after the labels that name a column; {} where it has none.

    >>> [str(role) for role in labelled_in("Cơ quan chủ trì: Sở Nội vụ. Thời gian: quý I.")]
    ['lead', 'time']
    """
    labels = list(_LABEL.finditer(text))
    said: dict[Role, str] = {}
    for number, label in enumerate(labels, 1):
        end = labels[number].start() if number < len(labels) else len(text)
        value = _SENTENCE.split(text[label.end() : end].strip(), maxsplit=1)[0].rstrip(" .;,")
        role = role_of_header(label["label"])
        if role in _ROLES and value:
            said.setdefault(role, value)
    return said


def labelled_of(match: ClauseMatch) -> Labelled:
    """Return the labelled words of the task a clause belongs to: its own, else below or beside."""
    own = labelled_in(match.text)
    if Role.LEAD in own:
        return {role: (match, text) for role, text in own.items()}
    parent = match.at.open_plan.sections.get(".".join(match.section.path[:-1]))
    for section in (match.section, parent):
        children = [replace(match, below=child) for child in section.children] if section else []
        told = [(clause, labelled_in(clause.text)) for clause in children]
        # Where several lead, each is a task of its own.
        if sum(Role.LEAD in said for _, said in told) == 1:
            return {role: (clause, text) for clause, said in told for role, text in said.items()}
    return {}


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
            draft.add_values(units_of(text) if role in _OF_UNITS else [text])
        draft.sentence = "\n".join(
            dict.fromkeys(f"{clause.where}: {clause.text}" for clause, _, _ in told)
        )
        return draft
    return None
