"""In which years, and how much in which: marks and figures of rows, years that clauses name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.abbreviations import expand
from corpus.model import Cell, Role
from indexer.filter import Filter
from search_api.answer.draft import Draft
from search_api.answer.rows import column_of, matching_rows
from search_api.answer.sections import matching_clauses
from search_api.cues import WHICH_YEAR, cue
from search_api.match import words_of
from search_api.question import Question
from search_api.retrieve import Retriever, RowMatch, origin

# "khi nào" may be answered by years, "ngày nào" not.
_ANY_TIME = cue(r"khi nào|lúc nào|bao giờ|thời gian nào|thời điểm nào|giai đoạn nào")
_YEAR = re.compile(r"(?<![\d/])(?:19|20)\d{2}(?![\d/])")
# "quý I năm 2026", "tháng 12/2025".
_MONTH = re.compile(r"(?:quý|tháng)\s+(?:[IV]+|\d{1,2})\s*(?:/|năm)\s*\d{4}", re.I)
# "Ngày 04/10/2025", "Quý IV/2024"; not "15/2018/NĐ-CP".
_YEAR_IN_A_DATE = re.compile(r"(?<!\d)(?:19|20)\d{2}(?![\d/])")
_BEGINS = cue(
    r"(?:bắt đầu|khởi động)(?: \w+){0,3}? năm nào|từ năm nào|năm nào(?: \w+){0,2}? bắt đầu"
)
_ENDS = cue(
    r"(?:đến|tới|hết|kết thúc)(?: \w+){0,2}? năm nào|năm nào(?: \w+){0,2}? (?:kết thúc|xong|hết)"
)
_PIECE_END = re.compile(r"(?<=[.;])\s|\n")
_DIGIT = re.compile(r"\d")
# "bao nhiêu phần trăm", "chỉ tiêu"; not "bao nhiêu đơn vị".
_HOW_MUCH = cue(r"(?:bao nhiêu|mấy) ?(?:%|phần trăm)|bao nhiêu(?=\W*$)|chỉ tiêu|tỷ lệ|mức")
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
        role = Role.TIME if timed else Role.YEARS
        return _of_the_years_asked(question, column_of(timed or rows, (role,), question.also))
    draft = Draft()
    for match in clauses[:1]:
        draft.add_clause(match)
        said = [piece for piece in _PIECE_END.split(match.text) if _YEAR.search(piece)]
        best = max(said, key=lambda piece: topic.fit([words_of(expand(piece).text, 1.0)]))
        months = _MONTH.findall(best) if _ANY_TIME.search(question.text.lower()) else []
        draft.add_values(months or _YEAR.findall(best))
        draft.sentence = f"{match.where}: {match.text}"
    return draft


def _of_the_years_asked(question: Question, draft: Draft | None) -> Draft | None:
    """Let the year be the value where a year is asked for: of "Quý IV/2024" that is 2024.

    Of several, the first or the last where it is asked when a thing begins or ends.
    """
    lowered = question.text.lower()
    if draft is None or not WHICH_YEAR.search(lowered):
        return draft
    told = [_YEAR_IN_A_DATE.findall(value) or [value] for value in draft.values]
    draft.values = list(dict.fromkeys(year for years in told for year in years))
    years = sorted(value for value in draft.values if _YEAR.fullmatch(value))
    if years and years == sorted(draft.values) and len(draft.citations) == 1:
        begins, ends = bool(_BEGINS.search(lowered)), bool(_ENDS.search(lowered))
        if begins is not ends:
            draft.values = years[:1] if begins else years[-1:]
    return draft


def answer_figures(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return what the columns of years say of the rows on the topic: "Năm 2025 | 70%".

    Of the years the question names, else of all. None where no such column has a figure, no amount
    is asked for, or a clause is more on the topic.
    """
    if not question.terms or not _HOW_MUCH.search(question.text.lower()):
        return None
    told = [
        (match, figures)
        for match in matching_rows(question, retriever, wanted)
        if (figures := _figures(match, question.years))
    ]
    clauses = matching_clauses(question, retriever.topic(question), retriever, wanted)
    best_clause = max((match.fit for match in clauses), default=0.0)
    if not told or best_clause > max(match.fit for match, _ in told) + _CLEARLY_BETTER:
        return None
    draft = Draft()
    lines = []
    for match, figures in told:
        draft.add_row(match)
        draft.add_values(cell.text for cell in figures)
        said = " | ".join(f"{cell.header}: {cell.text}" for cell in figures)
        lines.append(f"{origin(match.plan)} – “{match.activity}” ({match.row.label}): {said}.")
    draft.sentence = "\n".join(lines)
    return draft


def _figures(match: RowMatch, years: Sequence[int]) -> list[Cell]:
    """Return the cells of a row below years, those asked for, that say a number; marks do not."""
    return [
        cell
        for cell in match.row.cells
        if cell.role is Role.YEARS
        and _DIGIT.search(cell.text)
        and (not years or any(str(year) in cell.header for year in years))
    ]


def answer_when(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the years of what is due at no day, where the question asks for no day."""
    if not _ANY_TIME.search(question.text.lower()):
        return None
    return answer_years(question, retriever, wanted)
