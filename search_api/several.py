"""One text with several questions: each is read, and answered, by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from search_api import cues
from search_api.model import Answer, Coverage, Intent, Status
from search_api.question import Question

# After a question mark, or where a sentence ends and the next one begins.
_END = re.compile(r"(?<=[?])\s+(?=\w)|(?<=[\w)”\"][.!])\s+(?=[A-ZĐÀ-Ỹ])")
_ASKS = cues.cue(cues.WHO, "nào|gì|đâu|sao|mấy|bao nhiêu|bao giờ|bao lâu|không|chưa|hay")
_POLITE = cues.cue("cảm ơn|cám ơn|chào|trân trọng")
# Whoever pastes a letter asks one thing of it, if anything.
_MOST = 4


def questions_in(text: str, read: Callable[[str], Question]) -> list[str]:
    """Return the questions of a text, one after the other, without thanks and greetings.

    What asks for nothing of its own ("Kể đủ các nhóm.", "Tôi phụ trách an toàn thực phẩm.") stays
    with the question before it, else with the next.

    >>> from search_api.question import Question
    >>> read = lambda text: Question(text, text, None, text, Intent.LEAD)
    >>> questions_in("Ai chủ trì tập huấn? Hạn khi nào?", read)
    ['Ai chủ trì tập huấn?', 'Hạn khi nào?']
    """
    found: list[str] = []
    pending = ""
    pieces = _END.split(text)
    if not 1 < len(pieces) <= _MOST:
        return [text]
    for piece in pieces:
        asked = read(piece)
        if _asks(piece) and (asked.terms or asked.claim is not Intent.SECTION):
            found.append(f"{pending}{piece}")
            pending = ""
        elif _is_polite(piece, asked):
            continue
        elif found:
            found[-1] = f"{found[-1]} {piece}"
        else:
            pending = f"{pending}{piece} "
    return found or [text]


def _asks(piece: str) -> bool:
    return piece.endswith("?") or bool(_ASKS.search(piece.lower()))


def _is_polite(piece: str, asked: Question) -> bool:
    """Say whether a sentence only greets or thanks."""
    says_where = asked.units or asked.years or asked.provinces or asked.names_plan
    return bool(_POLITE.search(piece.lower())) and not (_asks(piece) or says_where)


def join_answers(text: str, answers: Sequence[Answer]) -> Answer:
    """Return the answers to the questions of `text` as one, partial where one is a refusal."""
    told = [answer for answer in answers if answer.citations]
    if len(told) > 1:
        # Which is whose: two may both say "Có."
        told = [replace(one, answer=f"“{one.question}”\n{one.answer}") for one in told]
    read = [answer.interpretation.corrected or answer.question for answer in answers]
    corrected = any(answer.interpretation.corrected for answer in answers)
    joined = (told or answers)[0]
    interpretation = replace(joined.interpretation, corrected=" ".join(read) if corrected else None)
    joined = replace(joined, question=text, interpretation=interpretation)
    for other in told[1:]:
        joined = _joined(joined, other)
    refused = [answer for answer in answers if not answer.citations]
    if told and refused:
        missing = [f"Chưa trả lời được: “{answer.question}” {answer.answer}" for answer in refused]
        joined = replace(
            joined,
            status=Status.PARTIAL,
            reason=refused[0].reason,
            answer="\n".join([joined.answer, *missing]),
            complete=False,
        )
    return joined


def _joined(one: Answer, other: Answer) -> Answer:
    """Return two answers one after the other; what both say is said once."""
    citations = list(dict.fromkeys((*one.citations, *other.citations)))
    shifted = tuple(
        replace(item, citation=citations.index(other.citations[item.citation]))
        for item in other.items
    )
    lines = dict.fromkeys(f"{one.answer}\n{other.answer}".split("\n"))
    notes = dict.fromkeys(filter(None, (one.coverage.note, other.coverage.note)))
    by_refusal = one if one.status is Status.PARTIAL else other
    return replace(
        one,
        status=by_refusal.status,
        reason=by_refusal.reason,
        answer="\n".join(lines),
        values=tuple(dict.fromkeys((*one.values, *other.values))),
        items=(*one.items, *shifted),
        complete=one.complete and other.complete,
        coverage=Coverage(
            max(one.coverage.plans_searched, other.coverage.plans_searched),
            len({citation.plan_id for citation in citations}),
            one.coverage.rows_matched + other.coverage.rows_matched,
            " ".join(notes) or None,
        ),
        citations=tuple(citations),
        alternatives=(*one.alternatives, *other.alternatives),
        holders=tuple(dict.fromkeys((*one.holders, *other.holders))),
        took_ms=one.took_ms + other.took_ms,
    )
