"""What a part of the plan says: goals, audiences, forms, budget; and who a clause gives a task to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Role, Section
from indexer.filter import Filter
from search_api import cues
from search_api.answer.draft import Draft
from search_api.answer.rows import column_of, matching_rows
from search_api.match import Topic, words_of
from search_api.question import Question
from search_api.retrieve import ClauseMatch, Retriever, body_of, leaves

# The share of a topic a clause must cover; more than a row, for clauses are longer.
ABOUT = 0.55
_NEAR_BEST = 0.9
# A heading is asked for when it covers so much of the topic, and the topic so much of it.
_HEADING_COVERS_TOPIC = 0.6
_TOPIC_COVERS_HEADING = 0.45
# A heading of several words that the question has in full may leave more of the question open.
_WHOLE_HEADING = 0.95
_NAMED_COVERS_TOPIC = 0.4
_MOST_CLAUSES = 3
# Rows are where plans say who leads; a sentence of the body wins only by so much.
_CLEARLY_MORE = 0.3
# "điểm d mục 1 phần VIII", "khoản 2 mục IX", "mục VIII.1.d"
_DOTTED_PATH = re.compile(r"(?<![\w.])([ivxlc]+(?:\.\w{1,2})+)(?!\w)", re.I)
_NAMED_PARTS = re.compile(
    rf"(?:{cues.cue('điểm|mục|phần|khoản|tiểu mục|ý').pattern})\s+(?P<label>[ivxlc]+|\d{{1,2}}|[a-zđ])(?![\w])",
    re.I,
)
_MONEY = cues.cue(r"kinh phí|ngân sách|tài chính|nguồn lực")


def answer_section(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the part of the plan that is asked for: by its number, its heading, else its words."""
    cited = _by_path(question, retriever, wanted)
    if cited:
        return _draft_of(cited)
    topic = retriever.topic(question)
    headed = _by_heading(topic, retriever, wanted)
    if headed:
        return _draft_of(headed)
    return answer_clauses(question, retriever, wanted)


def answer_heading(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the parts under the heading that is asked for, never single clauses."""
    headed = _by_heading(retriever.topic(question), retriever, wanted)
    return _draft_of(headed) if headed else None


def answer_clauses(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the clauses whose own words cover the topic."""
    topic = retriever.topic(question)
    found = matching_clauses(question, topic, retriever, wanted)
    return _draft_of(found[:_MOST_CLAUSES]) if found else None


def answer_budget(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return where the money comes from; None where the question is about something else."""
    topic = retriever.topic(question)
    parts = [
        match
        for match in retriever.every_clause(wanted)
        if match.section.title
        and len(match.section.path) == 1
        and _MONEY.search(match.section.title.lower())
    ]
    below = [clause for part in parts for clause in _leaf_matches(part)]
    fits = [
        topic.fit(
            [
                words_of(f"{m.section.title} {m.text}", 1.0),
                *(words_of(p.section.title, 1.0) for p in parts),
                words_of(m.plan.title, 1.0),
            ]
        )
        for m in below
    ]
    if below and max(fits) >= ABOUT - 0.15:
        strong = [m for m, fit in zip(below, fits, strict=True) if fit >= _NEAR_BEST * max(fits)]
        return _draft_of(strong if len(strong) < len(below) and max(fits) > 0.8 else below)
    return answer_clauses(question, retriever, wanted)


def answer_actor(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return who a clause gives the task to: the unit of its heading, else the subject it opens with."""
    topic = retriever.topic(question)
    found = matching_clauses(question, topic, retriever, wanted)
    draft = Draft()
    lines = []
    for match in found[:_MOST_CLAUSES]:
        actors = actors_of(match, retriever)
        if not actors:
            continue
        draft.add_clause(match)
        draft.add_values(actors)
        lines.append(
            f"{match.plan.province or match.plan.title} – {'; '.join(actors)} ({match.section.label}): {match.text}"
        )
    draft.sentence = "\n".join(lines)
    return draft if draft.citations else None


def answer_who(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return who does it: by the rows on the topic, or by a clause that is clearly more on it."""
    clauses = matching_clauses(question, retriever.topic(question), retriever, wanted)
    best_clause = max((match.fit for match in clauses if actors_of(match, retriever)), default=0.0)
    rows = matching_rows(question, retriever, wanted)
    if rows and best_clause <= max(match.fit for match in rows) + _CLEARLY_MORE:
        return column_of(rows, question.asks or (Role.LEAD,))
    return answer_actor(question, retriever, wanted)


def actors_of(match: ClauseMatch, retriever: Retriever) -> list[str]:
    """Return the units a clause speaks to, as the plan writes them."""
    sections = {section.locator: section for section in match.plan.walk()}
    for depth in range(len(match.section.path), 1, -1):
        section = sections.get(".".join(match.section.path[:depth]))
        if section and section.title and (mentions := retriever.mentions(section.title)):
            if mentions[0].span.start <= 1:
                return [section.title]
    opening = match.text[:200]
    for mention in retriever.mentions(opening):
        if mention.span.start <= 1:
            return [mention.text]
    return []


def matching_clauses(
    question: Question, topic: Topic, retriever: Retriever, wanted: Filter
) -> list[ClauseMatch]:
    """Return the clauses on the topic, best first; a section that only holds them is left out."""
    if not topic:
        return []
    candidates = [
        match for match in retriever.clauses(question, topic, wanted) if _has_own_words(match)
    ]
    best = max((match.fit for match in candidates), default=0.0)
    if best < ABOUT:
        return []
    return [match for match in candidates if match.fit >= _NEAR_BEST * best]


def _by_path(question: Question, retriever: Retriever, wanted: Filter) -> list[ClauseMatch]:
    """Return the section a question names by its number."""
    lowered = question.text.lower()
    dotted = _DOTTED_PATH.search(lowered)
    parts = [match["label"] for match in _NAMED_PARTS.finditer(lowered)]
    labels = dotted[1].split(".") if dotted else parts
    if not labels:
        return []
    if (
        any(
            label in ("i", "v", "x") or (len(label) > 1 and not label.isdigit())
            for label in labels[-1:]
        )
        and not dotted
    ):
        labels = labels[::-1]
    path = tuple(
        label.upper() if index == 0 and not label.isdigit() else label
        for index, label in enumerate(labels)
    )
    if not path or not path[0].isalpha():
        return []
    found = [m for m in retriever.every_clause(wanted) if m.section.path == path]
    return [
        clause
        for match in found
        for clause in ([match] if not match.section.children else _leaf_matches(match))
    ]


def _by_heading(topic: Topic, retriever: Retriever, wanted: Filter) -> list[ClauseMatch]:
    """Return what stands under the heading that is the topic."""
    best: tuple[float, int, ClauseMatch] | None = None
    for match in retriever.every_clause(wanted):
        title = match.section.title
        if not title:
            continue
        above = [
            s.title
            for s in match.plan.walk()
            if s.title
            and s.path != match.section.path
            and match.section.path[: len(s.path)] == s.path
        ]
        covers = topic.fit(
            [
                words_of(title, 1.0),
                words_of(" . ".join(above), 0.9),
                words_of(match.plan.title, 0.9),
            ]
        )
        own = topic.fit([words_of(title, 1.0)])
        covered = retriever.title_topic(title).fit([words_of(topic.text, 1.0)])
        named = covered >= _WHOLE_HEADING and len(title.split()) > 1
        enough = _NAMED_COVERS_TOPIC if named else _HEADING_COVERS_TOPIC
        if covers >= enough and covered >= _TOPIC_COVERS_HEADING and own > 0:
            key = (covers + covered + 0.3 * own, len(match.section.path))
            if best is None or key > best[:2]:
                best = (*key, match)
    return _leaf_matches(best[2]) if best else []


def _leaf_matches(match: ClauseMatch) -> list[ClauseMatch]:
    return [
        replace(match, section=section, body=body_of(match.plan, section))
        for section in leaves(match.section)
    ]


def _has_own_words(match: ClauseMatch) -> bool:
    section: Section = match.section
    return not section.children or not section.title or match.body.start >= section.heading.end


def _draft_of(matches: Sequence[ClauseMatch]) -> Draft:
    draft = Draft()
    for match in matches:
        draft.add_clause(match)
        draft.add_values([match.text])
    draft.sentence = "\n".join(
        f"{match.plan.province or match.plan.title}, {match.section.label}: {match.text}"
        for match in matches
    )
    return draft
