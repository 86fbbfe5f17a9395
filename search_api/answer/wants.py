"""Things that only a sentence with one in it can answer: an amount, a phone, an address."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.text import fold
from indexer.filter import Filter
from search_api import cues
from search_api.answer.draft import Draft, refusal
from search_api.model import Intent, Reason
from search_api.question import Question
from search_api.retrieve import Retriever

# What the question wants, how a plan would write it, and what it is called.
_WANTS = (
    (cues.AMOUNT, re.compile(r"\d[\d.,]*\s*(?:đồng|triệu|tỷ|nghìn)", re.I), "số tiền"),
    (
        cues.CONTACT,
        re.compile(r"\b0\d{8,10}\b|\b0\d{2,4}[. ]\d{3}[. ]\d{3,4}|\S+@\S+", re.I),
        "thông tin liên hệ",
    ),
    (
        cues.ADDRESS,
        re.compile(r"https?://\S+|\bwww\.\S+|\b[\w.-]+\.(?:gov|com|org|edu)(?:\.vn)?\b", re.I),
        "địa chỉ trang web",
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
    r"(?! (?:câu|mốc|tiền|lâu|lần|năm|tháng|ngày)) (?P<noun>\w+)"
)
_MARKER = re.compile(r"^\s*(?:[IVXLC]+|\d+(?:\.\d+)*|\w)[.)\t]")
# An address stands in a clause that shares this much with the question; few clauses have one.
_NEAR_THE_ADDRESS = 0.25


def unmet_want(question: Question, draft: Draft) -> Draft | None:
    """Return a refusal where the question wants a thing that no evidence of the draft has in it."""
    lowered = question.text.lower()
    for cue, written, name in _WANTS:
        if cue.search(lowered) and not _has(written, (c.quote for c in draft.citations)):
            refused = refusal(Reason.FIELD_EMPTY, f"Kế hoạch không ghi {name}.")
            refused.alternatives = draft.as_alternatives(
                "Nội dung gần nhất; không có điều được hỏi."
            )
            return refused
    nouns = [fold(match["noun"]) for match in _HOW_MANY.finditer(lowered)]
    if nouns and question.intent is not Intent.COUNT:
        quotes = [fold(_MARKER.sub("", citation.quote)) for citation in draft.citations]
        counted = [rf"\d[\d.,]*\s*(?:\w+\s+){{0,2}}?{re.escape(noun)}(?!\w)" for noun in nouns]
        if not any(re.search(pattern, quote) for pattern in counted for quote in quotes):
            return _without("con số này", draft)
    return None


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
