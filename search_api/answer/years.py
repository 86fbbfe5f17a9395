"""In which years: the marks of the rows, or the years that a clause of the body names."""

from __future__ import annotations

import re

from corpus.model import Role
from indexer.filter import Filter
from search_api.answer.draft import Draft
from search_api.answer.rows import column_of, matching_rows
from search_api.answer.sections import matching_clauses
from search_api.cues import cue
from search_api.question import Question
from search_api.retrieve import Retriever

# "khi nào" may be answered by years, "ngày nào" not.
_ANY_TIME = cue(r"khi nào|lúc nào|bao giờ|thời gian nào|thời điểm nào|giai đoạn nào")
_YEAR = re.compile(r"(?<![\d/])(?:19|20)\d{2}(?![\d/])")
# A clause that names a year answers instead of a row where it covers this much more of the topic.
_CLEARLY_BETTER = 0.05


def answer_years(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the years of the rows on the topic, or of a clause that is more on it."""
    rows = matching_rows(question, retriever, wanted)
    topic = retriever.topic(question)
    best_row = max((match.fit for match in rows), default=0.0)
    clauses = [
        match
        for match in matching_clauses(question, topic, retriever, wanted)
        if _YEAR.search(match.text) and match.fit > best_row + _CLEARLY_BETTER
    ]
    if not clauses:
        timed = [match for match in rows if match.row.text_of(Role.TIME)]
        return column_of(timed, (Role.TIME,)) if timed else column_of(rows, (Role.YEARS,))
    draft = Draft()
    for match in clauses[:1]:
        draft.add_clause(match)
        draft.add_values(_YEAR.findall(match.text))
        draft.sentence = f"{match.where}: {match.text}"
    return draft


def answer_when(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the years of what is due at no day, where the question asks for no day."""
    if not _ANY_TIME.search(question.text.lower()):
        return None
    return answer_years(question, retriever, wanted)
