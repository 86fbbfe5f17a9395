"""By when: the dates of the reporting clauses, and the time column of the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from corpus.model import Role
from corpus.text import Token, tokenise
from indexer.filter import Filter
from search_api import cues
from search_api.answer.draft import Draft, refusal, units_of, values_of
from search_api.answer.rows import column_of, matching_rows
from search_api.answer.sections import actors_of, answer_task, matching_clauses
from search_api.match import Topic, words_of
from search_api.model import Reason
from search_api.question import Question
from search_api.retrieve import (
    ClauseMatch,
    Match,
    Retriever,
    RowMatch,
    beside_title,
)

_ON_A_DAY = (
    r"ngày\s+\d{1,2}(?:\s*/\s*\d{1,2}(?:\s*/\s*\d{4})?|\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?"
    r"|\s+(?:hằng|hàng|mỗi)\s+tháng"
    r"|\s+(?:của\s+)?tháng\s+(?:cuối|đầu|sau|liền kề|tiếp theo)(?:\s+(?:của\s+|mỗi\s+)?quý)?)"
)
_IN_A_MONTH = r"(?:trong\s+)?(?:quý|tháng)\s+(?:[IV]+|\d{1,2})\s*(?:/|năm)\s*\d{4}"
_AT_AN_HOUR = r"(?:trước|(?:chậm|muộn) nhất(?: là)?)\s+\d{1,2}\s*(?:giờ|h)(?:\s*\d{2})?\b"
# "trước 16 giờ", "trước ngày 20/6", "chậm nhất ngày 15 hằng tháng", "trong quý II/2026", "từ ngày
# 1/9 đến hết ngày 14/12/2026"; not "ngày càng".
_DATE = re.compile(
    r"(?:(?:trước|chậm nhất(?: là)?(?: vào)?|muộn nhất(?: là)?|vào|đến hết|hoàn thành trước)\s+)?"
    rf"(?:(?:từ\s+)?{_ON_A_DAY}\s+đến(?:\s+hết)?\s+{_ON_A_DAY}|{_ON_A_DAY}|{_IN_A_MONTH})"
    rf"|{_AT_AN_HOUR}",
    re.I,
)
_SETS_A_TIME = re.compile(rf"\b(?:trước ngày|chậm nhất)\b|{_AT_AN_HOUR}", re.I)
_HOUR = re.compile(_AT_AN_HOUR, re.I)
_ASKS_HOUR = cues.cue("(?:mấy|bao nhiêu) giờ|giờ nào")
# What the date is for: the words since the last separator.
_SINCE = re.compile(r"[;,.(:]")
_REPORT_KIND = re.compile(
    r"báo cáo\s+(?:(?:6|sáu|9|chín) tháng|năm|quý|tháng|tuần|sơ kết|tổng kết|giữa kỳ|cuối kỳ)",
    re.I,
)
# "báo cáo UBND tỉnh trước ngày 10/12 hằng năm": one that names no kind is the yearly one.
_YEARLY = re.compile(r"(?:báo cáo|kết quả)(?: thực hiện)? năm(?! \d)|cả năm|tổng kết", re.I)
_EVERY_YEAR = re.compile(r"(?:hằng|hàng|mỗi) năm", re.I)
_ASKED_KINDS = (
    (
        cues.cue(r"(?:6|sáu) tháng|nửa năm|giữa năm|sơ kết"),
        re.compile(r"(?:6|sáu) tháng|sơ kết", re.I),
    ),
    (cues.cue(r"(?:9|chín) tháng"), re.compile(r"(?:9|chín) tháng", re.I)),
    (cues.cue(r"báo cáo quý|hằng quý|hàng quý|quý"), re.compile(r"quý", re.I)),
    (
        cues.cue(r"hằng tháng|hàng tháng|báo cáo tháng"),
        re.compile(r"báo cáo tháng|(?:hằng|hàng|mỗi) tháng", re.I),
    ),
    (
        cues.cue(
            r"cả năm|(?:bc|báo cáo)(?: (?!nửa|giữa)\w+){0,3}? năm(?! (?:nào|mấy))|cuối năm|tổng kết"
        ),
        _YEARLY,
    ),
)
# "tháng 11", what the month of a date is; not "6 tháng".
_MONTH_ASKED = re.compile(rf"{cues.cue('tháng').pattern} (?P<month>\d{{1,2}})(?![\d/])")
_MONTH_OF = re.compile(r"(?:/\s*|tháng\s+)(\d{1,2})(?!\d)")
_DAY = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}(?:/\d{4})?(?!\d)")
_SENTENCE_END = re.compile(r"(?<=[.;])\s+|\n")
# A sentence of a clause speaks of the topic when it covers nearly as much as the best one.
_AS_GOOD = 0.85
# "báo cáo tình hình … về Ủy ban nhân dân tỉnh (qua Sở …": what stands before whom a report goes to.
_REPORTED_TO = re.compile(
    r"báo cáo(?:[^.;]*?\s(?:về|gửi|gửi về|cho|lên|tới|trình|qua))?(?:[^.;]*\(\s*qua)?\s+$", re.I
)
_THROUGH = re.compile(r"\bqua\s+$", re.I)
# Who a clause speaks to stands between an opening "Căn cứ …," and its first verb.
_OPENING = re.compile(r"^(?:Căn cứ|Trên cơ sở|Theo|Định kỳ|Hằng năm|Hàng năm)[^,]*,\s*", re.I)
# "gửi báo cáo cho Sở A", "báo cáo lên UBND tỉnh": to whom, not who.
_TO_WHOM = re.compile(cues.cue("cho|về|lên|tới|đến|qua|gửi|nộp|báo cáo").pattern + r"\s*$")
_SUBJECT_END = re.compile(
    r"\(|;|\b(?:báo cáo|chịu trách nhiệm|có trách nhiệm|chủ động|chủ trì|định kỳ|tổng hợp|xây dựng"
    r"|tổ chức|thực hiện|triển khai|gửi|phối hợp|theo dõi|căn cứ|nghiên cứu|tham mưu"
    r"|theo chức năng)\b",
    re.I,
)
# Words of any question about a deadline; the rest says who is asked about.
_REPORT_WORDS = frozenset(
    token.key
    for token in tokenise(
        "báo cáo 6 tháng năm gửi nộp thời hạn chậm nhất trước ngày phải kết quả định kỳ"
    )
)
# "trước ngày nào": a day is wanted, "khi nào" may be anything; "từ ngày nào đến ngày nào".
_ASKS_DAY = cues.cue(r"ngày|chậm nhất|muộn nhất|hạn")
_ASKS_RANGE = cues.cue(r"từ (?:ngày|tháng|khi|lúc|thời điểm)(?: \w+){0,4}? (?:đến|tới)")
# "Từ ngày 15/12/2024": no end; not "Từ tháng 3 đến tháng 5".
_ONLY_BEGINS = re.compile(r"\s*từ\s(?!.*(?:đến|tới|-|–))", re.I | re.S)
_RANGE = re.compile(r"từ\s.*\sđến\s", re.I | re.S)
_DIGIT = re.compile(r"\d")
# Rows have a column for the time; a clause answers instead where it is so much more on the topic.
_CLEARLY_MORE = 0.15
# A place must cover so much of what is to be done, beside whom it is asked of.
_TASK = 0.3
# A clause whose subject covers the asked unit so well speaks of it.
_SUBJECT = 0.5

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class _Due:
    """One date of a clause: what is due and the date, both as written."""

    what: str
    date: str


def answer_deadline(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the dates asked for, as written; None where no plan in scope sets one."""
    lowered = question.text.lower()
    if not cues.REPORTING.search(lowered) and not _DAY.search(question.text):
        draft = _answer_task(question, retriever, wanted)
        if draft or question.terms:
            return draft
    due = [(match, dues) for match in retriever.every_clause(wanted) if (dues := dues_of(match))]
    if cues.REPORTING.search(lowered):
        due = [pair for pair in due if cues.REPORTING.search(pair[0].text.lower())]
    if _ASKS_HOUR.search(lowered):
        due = [pair for pair in due if _HOUR.search(pair[0].text)] or due
    due = _of_the_subject(question, due, retriever)
    if not due:
        return refusal(Reason.FIELD_EMPTY, "Kế hoạch trong phạm vi hỏi không ghi thời hạn báo cáo.")
    asked = _asked_kinds(lowered)
    due = _in_asked_month(lowered, due)
    days = set(_DAY.findall(question.text)) if not question.yes_no else set()
    wants_who = bool(days) and bool(cues.WHO_CUE.search(lowered))
    draft = Draft()
    lines = []
    for match, dues in due:
        of_kind = [due for due in dues if not asked or any(kind.search(due.what) for kind in asked)]
        if _YEARLY in asked and len(dues) == 1 and _EVERY_YEAR.search(match.text):
            of_kind = dues
        if days:
            of_kind = [due for due in of_kind if days & set(_DAY.findall(due.date))]
        if not of_kind:
            continue
        draft.add_clause(match)
        if wants_who:
            names = units_of(subject_of(match).strip(" ,")) or tuple(actors_of(match, retriever))
            draft.add_values(names)
            lines += [f"{match.where} – {'; '.join(names)}: {due.date}" for due in of_kind]
            continue
        draft.add_values(due.date for due in of_kind)
        lines += [
            f"{match.where}{f' – {due.what}' if due.what else ''}: {due.date}" for due in of_kind
        ]
    if not draft.citations:
        return refusal(Reason.FIELD_EMPTY, "Kế hoạch không ghi thời hạn cho loại báo cáo được hỏi.")
    draft.sentence = "\n".join(lines)
    return draft


def answer_report_to(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return to whom reports go, as the clauses say that speak to the unit asked about."""
    lowered = question.text.lower()
    if question.yes_no or not cues.REPORT_TO.search(lowered):
        return None
    asks_when = cues.DEADLINE.search(lowered) or cues.TIME.search(lowered)
    speaks_of_reports = cues.REPORTING.search(lowered)
    reports = [
        (match, [mention.text for mention in retriever.mentions(match.text)
                 if _REPORTED_TO.search(match.text[: mention.span.start])])
        for match in retriever.every_clause(wanted, retriever.topic(question))
    ]  # fmt: skip
    draft = Draft()
    lines = []
    said = [pair for pair in reports if pair[1]]
    on_it = _of_the_report(question, said, retriever)
    if speaks_of_reports and (len(on_it) > 1 or not on_it):
        said = _of_the_subject(question, on_it or said, retriever)
    else:
        said = on_it
    through = cues.THROUGH.search(lowered)
    for match, names in said:
        draft.add_clause(match)
        draft.add_values((through and _through_whom(match, retriever)) or names)
        if asks_when:
            draft.add_values(due.date for due in dues_of(match))
        lines.append(f"{match.where}: {match.text}")
    draft.sentence = "\n".join(lines)
    return draft if draft.citations else None


def _through_whom(match: ClauseMatch, retriever: Retriever) -> list[str]:
    """Return those through whom a report goes: "về UBND tỉnh (qua Sở A)"."""
    return [
        mention.text
        for mention in retriever.mentions(match.text)
        if _THROUGH.search(match.text[: mention.span.start])
    ]


def _answer_task(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return when the task on the topic is due: by its row, its labelled words, or its clause."""
    lowered = question.text.lower()
    rows = [
        match
        for match in (matching_rows(question, retriever, wanted) if question.terms else [])
        if match.row.text_of(Role.TIME)
    ]
    rows = _on_the_task(question, rows, retriever)
    if cues.END.search(lowered):
        begun = [match for match in rows if _ONLY_BEGINS.match(match.row.text_of(Role.TIME))]
        if begun and len(begun) == len(rows):
            refused = refusal(Reason.FIELD_EMPTY, "Kế hoạch chỉ ghi khi nào bắt đầu.")
            for match in begun:
                refused.offer("Chỉ ghi khi nào bắt đầu.", match.plan, match.row.span)
            return refused
        rows = [match for match in rows if match not in begun]
    clauses = matching_clauses(question, retriever.topic(question), retriever, wanted)
    clauses = _on_the_task(question, clauses, retriever)
    if _ASKS_DAY.search(lowered):
        # "Thường xuyên" names no day.
        rows = [match for match in rows if _DIGIT.search(match.row.text_of(Role.TIME))] or rows
    best_row = max((match.fit for match in rows), default=0.0)
    who = (Role.LEAD,) if cues.WHO_CUE.search(lowered) else ()
    labelled = answer_task(question, (Role.TIME, *who, *question.also), retriever, wanted, best_row)
    if labelled is not None:
        return labelled
    dated = _dated_clauses(question, clauses, retriever)
    best_clause = max((match.fit for match in clauses), default=0.0)
    names_day = any(_DIGIT.search(match.row.text_of(Role.TIME)) for match in rows)
    margin = _CLEARLY_MORE if names_day or not _ASKS_DAY.search(lowered) else -_CLEARLY_MORE
    if _ASKS_RANGE.search(lowered) and not any(
        _RANGE.search(match.row.text_of(Role.TIME)) for match in rows
    ):
        margin = -_CLEARLY_MORE
    if rows and not (dated and best_clause > best_row + margin):
        return column_of(rows, (Role.TIME,), (*who, *question.also))
    return dated


def _on_the_task(question: Question, matches: Sequence[Match], retriever: Retriever) -> list[Match]:
    """Keep the places that say what is to be done, not just for whom and of which plan.

    A row that one body asked about is named in says enough.
    """
    asked = {
        unit_id
        for unit in question.units
        for unit_id in unit.ids
        if not retriever.is_collective(unit.ids)
    }
    task = _beside_units(question, retriever)
    kept = []
    for match in matches:
        rest = beside_title(task, match.plan)
        named = asked and isinstance(match, RowMatch) and asked & _units_of(match, retriever)
        if named or not rest or rest.fit(retriever.words_at(match.at)) >= _TASK:
            kept.append(match)
    return kept


def _beside_units(question: Question, retriever: Retriever) -> Topic:
    """Return the topic without the names of the units that the question names."""
    names = [unit.span for unit in question.units]
    topic = retriever.topic(question)
    return topic.only([t for t in topic.terms if not any(name.contains(t.span) for name in names)])


def _units_of(match: RowMatch, retriever: Retriever) -> set[str]:
    return retriever.units_in(values_of(match, Role.LEAD) + values_of(match, Role.SUPPORT))


def _dated_clauses(
    question: Question, clauses: Sequence[ClauseMatch], retriever: Retriever
) -> Draft | None:
    """Return the dates of the clauses on the topic; None where none has one."""
    topic = retriever.topic(question)
    draft = Draft()
    lines = []
    for match in clauses:
        sentences = _sentences_on(match.text, topic)
        dates = [date[0] for sentence in sentences for date in _DATE.finditer(sentence)]
        if dates:
            draft.add_clause(match)
            draft.add_values(dates)
            lines.append(f"{match.where}: {match.text}")
    draft.sentence = "\n".join(lines)
    return draft if draft.citations else None


def _sentences_on(text: str, topic: Topic) -> list[str]:
    """Return the sentences of a clause that say most of the topic."""
    pieces = [piece for piece in _SENTENCE_END.split(text) if piece.strip()]
    fits = [topic.fit([words_of(piece, 1.0)]) for piece in pieces]
    best = max(fits, default=0.0)
    return [piece for piece, fit in zip(pieces, fits, strict=True) if fit >= _AS_GOOD * best]


def dues_of(match: ClauseMatch) -> list[_Due]:
    """Return the dates a clause sets, where it is one about reporting or finishing something."""
    text = match.text
    if match.section.children or not (_REPORT_KIND.search(text) or _SETS_A_TIME.search(text)):
        return []
    dues = []
    for date in _DATE.finditer(text):
        before = text[: date.start()]
        cuts = [cut.end() for cut in _SINCE.finditer(before)]
        dues.append(_Due(before[cuts[-1] if cuts else 0 :].strip(), date[0]))
    return dues


def _of_the_report(
    question: Question, clauses: Sequence[tuple[ClauseMatch, list[Said]]], retriever: Retriever
) -> list[tuple[ClauseMatch, list[Said]]]:
    """Return the clauses that say what is reported; none where the question does not say it."""
    topic = _beside_units(question, retriever)
    what = topic.without(_REPORT_WORDS)
    fits = [beside_title(what, match.plan).fit([words_of(match.text, 1.0)]) for match, _ in clauses]
    best = max(fits, default=0.0)
    if best < _SUBJECT:
        return []
    return [pair for pair, fit in zip(clauses, fits, strict=True) if fit >= _AS_GOOD * best]


def _of_the_subject(
    question: Question, clauses: list[tuple[ClauseMatch, list[Said]]], retriever: Retriever
) -> list[tuple[ClauseMatch, list[Said]]]:
    """Keep the clauses that speak to the unit asked about; a collective stands for its members."""
    if len(clauses) < 2:
        return clauses
    lowered = question.text.lower()
    reports = cues.REPORTING.search(lowered)
    # "Các huyện báo cáo Sở A khi nào?": who reports stands before the verb, to whom after it.
    asked = [u for u in question.units if reports and u.span.end <= reports.start()]
    asked = asked or [u for u in question.units if not _TO_WHOM.search(lowered[: u.span.start])]
    to_whom = {i for unit in question.units if unit not in asked for i in unit.ids}
    clauses = [
        pair
        for pair in clauses
        if not pair[0].spoken_to or not to_whom.issuperset(pair[0].spoken_to)
    ] or clauses
    named = {unit_id for unit in asked for unit_id in unit.ids}
    named |= set(retriever.groups_of(named))
    subjects = [subject_of(match) for match, _ in clauses]
    mentioned = [{m.unit.id for m in retriever.mentions(subject)} for subject in subjects]
    own = [pair for pair, units in zip(clauses, mentioned, strict=True) if named & units]
    own = own or [pair for pair in clauses if named & set(pair[0].spoken_to)]
    if own:
        return own
    about = _about_whom(question, reports.start() if reports else 0)
    if about:
        topic = Topic(about, retriever.rarities)
        scored = [
            topic.fit([words_of(subject.strip() or _heading_above(match, retriever), 1.0)])
            for subject, (match, _) in zip(subjects, clauses, strict=True)
        ]
        best = max(scored)
        if best >= _SUBJECT and min(scored) < best * 0.8:
            return [pair for pair, fit in zip(clauses, scored, strict=True) if fit >= 0.9 * best]
    if named:
        collective = [
            pair
            for pair, subject in zip(clauses, subjects, strict=True)
            if any(m.unit.collective for m in retriever.mentions(subject))
        ]
        return collective or clauses
    return clauses


def _heading_above(match: ClauseMatch, retriever: Retriever) -> str:
    """Return the title of the section a clause stands in; "" where it has none."""
    titles = [above.title for above in retriever.sections_above(match)]
    return titles[-1] if titles else ""


def _about_whom(question: Question, verb: int) -> list[Token]:
    """Return the terms that may say who reports: those before the verb, where there are any."""
    terms = [term for term in question.terms if term.key not in _REPORT_WORDS]
    return [term for term in terms if term.span.end <= verb] or terms


def subject_of(match: ClauseMatch) -> str:
    """Return the words that say whom a clause speaks to."""
    opening = _OPENING.match(match.text)
    start = opening.end() if opening else 0
    cut = _SUBJECT_END.search(match.text, start)
    return match.text[start : cut.start()] if cut else match.text[start:]


def _asked_kinds(lowered: str) -> list[re.Pattern[str]]:
    return [kind for cue, kind in _ASKED_KINDS if cue.search(lowered)]


def _in_asked_month(
    lowered: str, clauses: list[tuple[ClauseMatch, list[_Due]]]
) -> list[tuple[ClauseMatch, list[_Due]]]:
    """Keep the dates of the month that the question names, where there are any."""
    months = {int(match["month"]) for match in _MONTH_ASKED.finditer(lowered)}
    kept = [
        (clause, [due for due in dues if months & set(map(int, _MONTH_OF.findall(due.date)))])
        for clause, dues in clauses
    ]
    return [pair for pair in kept if pair[1]] or clauses
