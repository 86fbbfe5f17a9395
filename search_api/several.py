"""Several questions in one text, or one about several provinces: each answered by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import replace

from corpus.model import Span
from corpus.places import province_mentions
from corpus.text import one_line, tokenise
from search_api import cues
from search_api.model import Answer, Coverage, Intent, Status
from search_api.question import Question

# After a question mark, or where a sentence ends and the next one begins.
_END = re.compile(r"(?<=[?])\s+(?=\w)|(?<=[\w)”\"][.!])\s+(?=[A-ZĐÀ-Ỹ])")
_COMMA = re.compile(r"[,;]\s+(?:còn |và )?")
# "Tôi không rõ việc này." denies and asks nothing: without a question mark these do not ask.
_ASKS = cues.cue(cues.WHO, "nào|gì|đâu|mấy|bao nhiêu|bao giờ|bao lâu")
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
    pieces = _of_each_province(text) or _END.split(text)
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


def _of_each_province(text: str) -> list[str]:
    """Return the parts of a text that each ask something of a province of their own, if all do.

    "Hải Dương chi bao nhiêu cho A, Thanh Hóa chi bao nhiêu cho B?"
    """
    parts = [part.strip() for part in _COMMA.split(text)]
    places = [{place.name for _, place in province_mentions(part)} for part in parts]
    apart = len(parts) > 1 and sum(map(len, places)) == len(set[str]().union(*places))
    return parts if apart and all(places) and all(map(_asks, parts)) else []


def of_one_province(
    asked: Question, province: str, foreign: Container[str], years: Container[int]
) -> str:
    """Return what a question about several provinces asks of one of them.

    The other provinces and what compares them go, and so do words and years that are those of the
    others' plans: `foreign` are such folded syllables, `years` those of `province`.
    """
    spans = [span for span, place in province_mentions(asked.text) if place.name != province]
    spans += [Span(*found.span()) for found in cues.COMPARE.finditer(asked.text.lower())]
    spans += [term.span for term in asked.terms if term.key in foreign]
    if any(year in years for year in asked.years):
        others = [str(year) for year in asked.years if year not in years]
        spans += [token.span for token in tokenise(asked.text) if token.text in others]
    text = asked.text
    for span in spans:
        text = text[: span.start] + " " * len(span) + text[span.end :]
    return one_line(text)


def _asks(piece: str) -> bool:
    return piece.endswith("?") or bool(_ASKS.search(piece.lower()))


def _is_polite(piece: str, asked: Question) -> bool:
    """Say whether a sentence only greets or thanks."""
    says_where = asked.units or asked.years or asked.provinces or asked.names_plan
    return bool(_POLITE.search(piece.lower())) and not (_asks(piece) or says_where)


def join_answers(text: str, answers: Sequence[Answer]) -> Answer:
    """Return the answers to the questions of `text` as one, partial where one is a refusal."""
    told = [answer for answer in answers if answer.citations]
    joined = (told or answers)[0]
    for other in told[1:]:
        joined = _joined(joined, other)
    read = [answer.interpretation.corrected or answer.question for answer in answers]
    if any(answer.interpretation.corrected for answer in answers):
        interpretation = replace(joined.interpretation, corrected=" ".join(read))
        joined = replace(joined, interpretation=interpretation)
    refused = [answer for answer in answers if not answer.citations]
    if told and refused:
        joined = replace(joined, status=Status.PARTIAL, reason=refused[0].reason, complete=False)
    # What is missing first: a page shows the first lines.
    missing = [f"Chưa trả lời được: “{one.question}” {one.answer}" for one in refused]
    lines = missing if told else []
    for answer in told:
        # Which is whose: two may both say "Có."
        lines += [f"“{answer.question}”"] * (len(answers) > 1)
        lines.append(_split(answer)[0])
    if joined.holders:
        lines.append(_who_today(joined, told))
    return replace(joined, question=text, answer="\n".join(lines) or joined.answer)


def _split(answer: Answer) -> tuple[str, str]:
    """Return what the plans say, and the last line, which tells the holders, if any."""
    if not answer.holders:
        return answer.answer, ""
    said, _, today = answer.answer.rpartition("\n")
    return said, today


def _who_today(joined: Answer, told: Sequence[Answer]) -> str:
    """Return the line that tells all holders."""
    day = next(today for answer in told if (today := _split(answer)[1])).partition(":")[0]
    return f"{day}: {'; '.join(holder.sentence for holder in joined.holders)}."


def _joined(one: Answer, other: Answer) -> Answer:
    """Return one answer with the evidence of another after its own."""
    citations = list(dict.fromkeys((*one.citations, *other.citations)))
    shifted = tuple(
        replace(item, citation=citations.index(other.citations[item.citation]))
        for item in other.items
    )
    notes = dict.fromkeys(filter(None, (one.coverage.note, other.coverage.note)))
    by_refusal = one if one.status is Status.PARTIAL else other
    return replace(
        one,
        status=by_refusal.status,
        reason=by_refusal.reason,
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
