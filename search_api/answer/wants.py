"""Things that only a sentence with one in it can answer: an amount, a phone, an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from corpus.abbreviations import expand
from corpus.model import Role
from corpus.text import fold
from indexer.filter import Filter
from search_api import cues
from search_api.answer.draft import Draft, refusal
from search_api.answer.rows import MOST_UNKNOWN, column_of
from search_api.answer.sections import ABOUT
from search_api.match import words_of
from search_api.model import Intent, Reason
from search_api.question import Question
from search_api.retrieve import Retriever

# "486,5 tỷ đồng", "80 triệu đồng/hộ"; not "15 triệu chứng". Marks may be gone.
_MONEY = re.compile(
    r"\d[\d.,]*\s*(?:(?:tỷ|triệu|nghìn|ngàn|ty|trieu|nghin|ngan)(?:\s*(?:đồng|dong))?|đồng|dong)"
    r"(?!\w| chứng| tập)(?:/\w+)?",
    re.I,
)
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
# Where the words of a number end: "ngân sách tỉnh 12 triệu đồng, ngân sách huyện 3,5 triệu đồng".
_PIECE_END = re.compile(r";|,(?!\d)|\.(?=\s|$)|\n")
# What the question wants, how a plan would write it, and what it is called.
_WANTS = (
    (cues.AMOUNT, _MONEY, "số tiền"),
    (
        cues.CONTACT,
        re.compile(r"\b0\d{8,10}\b|\b0\d{1,4}(?:[. ]\d{2,4}){2,3}\b|\S+@\S+", re.I),
        "thông tin liên hệ",
    ),
    (
        cues.ADDRESS,
        re.compile(r"https?://\S+|\bwww\.\S+|\b[\w.-]+\.(?:gov|com|org|edu)(?:\.vn)?\b", re.I),
        "địa chỉ trang web",
    ),
    (
        cues.RANK,
        re.compile(r"(?:hạng|thứ|vị trí|nhóm|top)\s+\d+", re.I),
        "thứ hạng",
    ),
    (
        cues.PEOPLE,
        re.compile(
            r"\d[\d.,]*\s*(?:%|người|học sinh|sinh viên|lao động|lượt|trường|doanh nghiệp)", re.I
        ),
        "con số này",
    ),
)
# "bao nhiêu cộng tác viên", "mấy tin bài": what is counted; not "thứ mấy", "năm bao nhiêu".
_HOW_MANY = cues.cue(
    r"(?<!thứ )(?<!số )(?<!năm )(?<!ngày )(?<!tháng )(?:bao nhiêu|mấy)"
    r"(?! (?:và|thì|là|ở|cho|để|từ|trong|vào|tại|hả|ạ|vậy|câu|mốc|tiền|triệu|tỷ|đồng|nghìn|lâu|lần"
    r"|năm|tháng|ngày))"
    r" (?P<noun>\w+)"
)
_PERCENT = cues.cue("phần trăm")
_MARKER = re.compile(r"^\s*(?:[IVXLC]+|\d+(?:\.\d+)*|\w)[.)\t]")
# A sentence with the number in it that says so much of the topic is the one asked for.
_SURELY = 0.8
# An address stands in a clause that shares this much with the question; few clauses have one.
_NEAR_THE_ADDRESS = 0.25


def unmet_want(question: Question, draft: Draft) -> Draft | None:
    """Return a refusal where the question wants a thing that no evidence of the draft has in it."""
    if draft.reason is Reason.FIELD_EMPTY and draft.alternatives:
        return None
    lowered = question.text.lower()
    for cue, written, name in _WANTS:
        if cue is cues.AMOUNT and question.parts:
            continue
        if cue is cues.AMOUNT and any(Role.BUDGET.value in item.fields for item in draft.items):
            continue
        if cue.search(lowered) and not _has(written, (c.quote for c in draft.citations)):
            refused = refusal(Reason.FIELD_EMPTY, f"Kế hoạch không ghi {name}.")
            refused.alternatives = draft.as_alternatives(
                "Nội dung gần nhất; không có điều được hỏi."
            )
            return refused
    counted = None if question.intent is Intent.COUNT else _counted_in(question)
    if counted and not _has(counted, (_bare(citation.quote) for citation in draft.citations[:1])):
        return _without("con số này", draft)
    return None


def tell_quantity(question: Question, draft: Draft, retriever: Retriever) -> Draft:
    """Let the number that a question wants be the value, where clauses answer it.

    Of several numbers that is the one whose own words are most on the topic, or all of them where
    the question asks for several; clauses without it are left out.
    """
    wanted = _wanted_number(question)
    rows = [item.fields for item in draft.items if "ordinal" in item.fields]
    if wanted is not None and rows and len(rows) == len(draft.items):
        return _tell_cells(wanted, rows, draft)
    texts = [item.fields.get("text") for item in draft.items]
    if wanted is None or not draft.citations or not all(isinstance(text, str) for text in texts):
        return draft
    topic = retriever.topic(question)
    found = [
        (topic.fit([words_of(expand(piece).text, 1.0)]), item, number)
        for item, text in zip(draft.items, texts, strict=True)
        for piece in _PIECE_END.split(_MARKER.sub("", str(text)))
        for number in _numbers(wanted, piece)
    ]
    if not found:
        return draft
    best = max(fit for fit, _, _ in found)
    lowered = question.text.lower()
    several = len(cues.COUNT.findall(lowered)) > 1 or cues.OF_EACH.search(lowered)
    told = found if several else [next(one for one in found if one[0] == best)]
    cited = sorted({item.citation for _, item, _ in told})
    draft.values = list(dict.fromkeys(number for _, _, number in told))
    draft.keep(cited)
    draft.sentence = "\n".join(f"{c.label}: {c.quote}" for c in draft.citations)
    return draft


def _tell_cells(
    wanted: re.Pattern[str], rows: Sequence[Mapping[str, object]], draft: Draft
) -> Draft:
    """Add the cells with the number that is wanted; they are told instead of the mere activity."""
    told = [
        text
        for row in rows
        for column, text in row.items()
        if column != Role.ACTIVITY and isinstance(text, str) and _numbers(wanted, text)
    ]
    if told:
        activities = [row.get(Role.ACTIVITY.value) for row in rows]
        draft.values = [value for value in draft.values if value not in activities]
        new = [text for text in told if text not in draft.sentence]
        draft.add_values(told)
        draft.sentence = "\n".join([draft.sentence, *new])
    return draft


def _wanted_number(question: Question) -> re.Pattern[str] | None:
    """Return how a text writes the number that a question wants; None where it wants none."""
    if cues.AMOUNT.search(question.text.lower()):
        return _MONEY
    # Rows and parts that were counted have their number already.
    # The hour by which a thing is due is told whole, too.
    known = question.intent in (Intent.COUNT, Intent.DEADLINE)
    return None if known else _counted_in(question)


def _numbers(wanted: re.Pattern[str], piece: str) -> list[str]:
    """Return the amounts of a piece, or just the numbers of what is counted, as written."""
    if wanted is _MONEY:
        return [found[0].strip() for found in wanted.finditer(piece)]
    return [
        number[0] for found in wanted.finditer(fold(piece)) if (number := _NUMBER.match(found[0]))
    ]


def answer_surely_counted(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the clause whose number stands in the shortest sentence on nearly all of the topic."""
    counted = _counted_in(question)
    topic = retriever.topic(question)
    if counted is None or not topic or topic.unknown_share > MOST_UNKNOWN:
        return None
    scored = [
        (topic.fit([words_of(expand(piece).text, 1.0)]), -len(piece), match)
        for match in retriever.clauses(question, topic, wanted)
        for piece in _PIECE_END.split(_MARKER.sub("", match.text))
        if counted.search(fold(piece))
    ]
    best = max(scored, key=lambda one: one[:2], default=None)
    if best is None or best[0] < _SURELY:
        return None
    draft = Draft()
    draft.say_clauses([best[2]])
    return draft


def answer_quantity(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the place on the topic that has a number of what is counted; None where none has."""
    asks_money = cues.AMOUNT.search(question.text.lower())
    counted = _MONEY if asks_money else _counted_in(question)
    topic = retriever.topic(question)
    if counted is None or not topic or topic.unknown_share > MOST_UNKNOWN:
        return None
    clauses = [
        match
        for match in retriever.clauses(question, topic, wanted)
        if match.fit >= ABOUT and counted.search(_bare(match.text))
    ]
    rows = [
        match
        for match in retriever.rows(question, topic, wanted)
        if match.fit >= ABOUT and counted.search(_bare(match.row.span.of(match.plan.text)))
    ]
    best_clause = max(clauses, key=lambda match: match.score, default=None)
    best_row = max(rows, key=lambda match: match.score, default=None)
    if best_row and (best_clause is None or best_row.score > best_clause.score):
        return column_of([best_row], (Role.ACTIVITY,))
    if best_clause is None:
        return None
    draft = Draft()
    draft.say_clauses([best_clause])
    return draft


def _counted_in(question: Question) -> re.Pattern[str] | None:
    """Return how a plan would write a number of what the question counts; None for no count."""
    nouns = [re.escape(fold(m["noun"])) for m in _HOW_MANY.finditer(question.text.lower())]
    if not nouns:
        return None
    if _PERCENT.search(question.text.lower()):
        nouns = ["%", "phan tram"]
    return re.compile(rf"\d[\d.,]*\s*(?:\w+\s+){{0,2}}?(?:{'|'.join(nouns)})(?!\w)")


def _bare(text: str) -> str:
    """Return a text without the number in front of it."""
    return fold(_MARKER.sub("", text))


def answer_address(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the clause with the address that a question wants; None where it wants none."""
    lowered = question.text.lower()
    topic = retriever.topic(question)
    for cue, written, _ in _WANTS:
        if cue not in (cues.ADDRESS, cues.CONTACT) or not cue.search(lowered):
            continue
        found = [m for m in retriever.every_clause(wanted, topic) if written.search(m.text)]
        best = max(found, key=lambda match: match.fit, default=None)
        if best is not None and best.fit >= _NEAR_THE_ADDRESS:
            draft = Draft(sentence=f"{best.section.label}: {best.text}")
            draft.add_clause(best)
            draft.add_values(match[0].rstrip(".,;)") for match in written.finditer(best.text))
            return draft
    return None


def _without(name: str, draft: Draft) -> Draft:
    """Refuse with the evidence that does not have what is wanted."""
    refused = refusal(Reason.FIELD_EMPTY, f"Kế hoạch không ghi {name}.")
    refused.alternatives = draft.as_alternatives(f"Nội dung gần nhất; không ghi {name}.")
    return refused


def _has(written: re.Pattern[str], quotes: Iterable[str]) -> bool:
    return any(written.search(quote) for quote in quotes)
