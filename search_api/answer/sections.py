"""What a part of the plan says: goals, audiences, forms, budget; and to whom a clause speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Role, Section
from corpus.units import opens_a_body
from indexer.filter import Filter
from search_api import cues
from search_api.answer.draft import Draft
from search_api.answer.labelled import answer_labelled
from search_api.answer.rows import MOST_UNKNOWN, column_of, matching_rows
from search_api.match import Topic, words_of
from search_api.question import Question
from search_api.retrieve import ClauseMatch, Retriever, beside_title, leaves, origin

# The share of a topic a clause must cover; more than a row, for clauses are longer.
ABOUT = 0.55
# A source of money is the one asked about when it covers so much of the question, the titles above
# it included; when its own words cover so much of what is said beside the plan's title.
_SURE_SOURCE, _OWN_SOURCE = 0.8, 0.5
_NEAR_BEST = 0.9
# A task in labelled words stands apart from the clause that says what it is.
_LABELLED_NEAR = 0.8
# A heading is asked for when it covers so much of the topic, and the topic so much of it.
_HEADING_COVERS_TOPIC = 0.6
_TOPIC_COVERS_HEADING = 0.45
# What a question says beside a heading picks out points that cover so much of it.
_REST = 0.7
# A heading that covers so much of a question with "ai" lists who is asked for.
_LISTS_WHO = 0.85
# A heading of several words that the question has in full may leave more of the question open.
_WHOLE_HEADING = 0.95
_NAMED_COVERS_TOPIC = 0.4
# Between headings that fit alike, the one that says it itself.
_OWN_SHARE = 0.3
_MOST_CLAUSES = 3
# Where one is asked for, others that are hardly less on the topic are told too, no more.
_AS_GOOD = 0.97
_MOST_OF_A_LIST = 12
# "Giao Công an tỉnh …": what may stand before the subject of a clause.
_GIVEN_TO = re.compile(r"(?:Giao|Đề nghị|Yêu cầu)\s+(?:cho\s+)?", re.I)
# A subject stands within the first characters of its clause.
_LONGEST_SUBJECT = 200
# Rows are where plans say who leads; a sentence of the body wins only by so much.
_CLEARLY_MORE = 0.3
_A_LITTLE_MORE = 0.1
# Who "phải" or "được giao" is asked of the clauses that give duties.
_DUTY = -0.15
# "Năm 2025: …": a point that is for some years says so at its beginning.
_OWN_YEARS = re.compile(r"(?<![\d/])(?:19|20)\d{2}(?![\d/])")
_OPENING = 60
_MONEY_WORDS = "kinh phí ngân sách tài chính nguồn lực"
_MONEY = cues.cue(r"kinh phí|ngân sách|tài chính|nguồn lực")


def answer_section(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the part of the plan that is asked for: by its number, its heading, else its words."""
    topic = retriever.topic(question)
    named = _by_reference(question, topic, retriever, wanted)
    if named:
        return _draft_of(named)
    headed = _by_heading(topic, retriever, wanted)
    asked_for = _in_asked_years(question, _on_the_rest(topic, headed))
    if asked_for:
        draft = _draft_of(asked_for)
        draft.complete = len(asked_for) == len(headed)
        return draft
    return answer_clauses(question, retriever, wanted)


def answer_exact_heading(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the parts under a heading that the question names in full and asks nothing beside."""
    if question.units and any(unit.role for unit in question.units):
        return None
    topic = retriever.topic(question)
    heading = _heading_of(topic, retriever, wanted)
    if heading is None or len(heading.section.title.split()) < 2:
        return None
    titled = words_of(f"{heading.section.title} {heading.plan.title}", 1.0)
    said = words_of(question.text, 1.0)
    if retriever.topic_of(heading.section.title).fit([said]) < _WHOLE_HEADING:
        return None
    if topic.fit([titled]) < _WHOLE_HEADING:
        return None
    return _draft_of(_leaf_matches(heading))


def answer_listed(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the parts under a heading that lists who is asked for; None for who does a thing."""
    if question.asks:
        return None
    topic = retriever.topic(question)
    heading = _heading_of(topic, retriever, wanted)
    if heading is None:
        return None
    titles = (words_of(heading.section.title, 1.0), words_of(heading.plan.title, 1.0))
    if topic.fit(titles) < _LISTS_WHO:
        return None
    return _draft_of(_leaf_matches(heading))


def answer_heading(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the points right under the heading or number asked for, never other clauses."""
    topic = retriever.topic(question)
    found = _by_reference(question, topic, retriever, wanted, whole=True)
    if not found:
        heading = _heading_of(topic, retriever, wanted, "" if topic else question.text)
        found = _child_matches(heading) if heading else []
    return _draft_of(found) if found else None


def answer_clauses(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return the clauses whose own words cover the topic; others may speak of it in other words."""
    topic = retriever.topic(question)
    found = matching_clauses(question, topic, retriever, wanted)
    if not found:
        return None
    draft = _draft_of(found[:_MOST_CLAUSES])
    draft.complete = False
    return draft


def answer_budget(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return where the money comes from; None where the question is about something else."""
    topic = retriever.topic(question)
    parts = [
        heading.match
        for heading in retriever.headings(wanted, _MONEY_WORDS)
        if _MONEY.match(heading.title.lower())
        or (_MONEY.search(heading.title.lower()) and len(heading.match.section.path) == 1)
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
    if below and cues.EXCEPT.search(question.text.lower()) and len(below) > 1:
        excepted = fits.index(max(fits))
        return _draft_of([match for index, match in enumerate(below) if index != excepted])
    if below and (not topic or max(fits) >= ABOUT - 0.15):
        # One source is asked about, or some of them, and not where all of the money comes from.
        least = _OWN_SOURCE if cues.OF_EACH.search(question.text.lower()) else _NEAR_BEST
        beside = [beside_title(topic, m.plan).fit([words_of(m.text, 1.0)]) for m in below]
        for scores, sure in ((fits, _SURE_SOURCE), (beside, _OWN_SOURCE)):
            best = max(scores)
            strong = [m for m, fit in zip(below, scores, strict=True) if fit >= least * best]
            if len(strong) < len(below) and best >= sure:
                return _draft_of(strong)
        own = [round(topic.fit([words_of(m.text, 1.0)]), 1) for m in below]
        return _draft_of([below[n] for n in sorted(range(len(below)), key=lambda n: -own[n])])
    return answer_clauses(question, retriever, wanted)


def answer_actor(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return who a clause gives the task to: the subject it opens with, else its heading's unit."""
    topic = retriever.topic(question)
    found = matching_clauses(question, topic, retriever, wanted)
    draft = Draft(complete=False)
    lines = []
    several = cues.SEVERAL.search(question.text.lower())
    if not several:
        best = max((match.score for match in found), default=0.0)
        found = [match for match in found if match.score >= _AS_GOOD * best]
    for match in found[: _MOST_OF_A_LIST if several else _MOST_CLAUSES]:
        actors = actors_of(match, retriever)
        if not actors:
            continue
        draft.add_clause(match)
        draft.add_values(actors)
        lines.append(
            f"{origin(match.plan)} – {'; '.join(actors)} ({match.section.label}): {match.text}"
        )
    draft.sentence = "\n".join(lines)
    if draft.citations or not found or cues.LEAD_CUE.search(question.text.lower()):
        return draft if draft.citations else None
    # Who is asked for and nobody is named: the clause itself is all there is to say.
    return _draft_of(found[:1])


def answer_who(question: Question, retriever: Retriever, wanted: Filter) -> Draft | None:
    """Return who does it: by the rows on the topic, or by a clause that is clearly more on it."""
    clauses = matching_clauses(question, retriever.topic(question), retriever, wanted)
    best_clause = max((match.fit for match in clauses if actors_of(match, retriever)), default=0.0)
    rows = matching_rows(question, retriever, wanted)
    asked = question.asks or (Role.LEAD,)
    best_row = max((match.fit for match in rows), default=0.0)
    labelled = answer_task(question, asked, retriever, wanted, best_row)
    if labelled is not None:
        return labelled
    margin = _CLEARLY_MORE if question.asks else _A_LITTLE_MORE
    if cues.MUST.search(question.text.lower()) and not cues.LEAD_CUE.search(question.text.lower()):
        margin = _DUTY
    if rows and best_clause <= best_row + margin:
        return column_of(rows, asked, question.also)
    return answer_actor(question, retriever, wanted)


def answer_task(
    question: Question,
    asked: Sequence[Role],
    retriever: Retriever,
    wanted: Filter,
    above: float = 0.0,
) -> Draft | None:
    """Return what labelled words say of the task on the topic, where it fits better than `above`.

    The clause that fits best need not be the task's: its aim is told elsewhere in like words.
    """
    topic = retriever.topic(question)
    if not topic or topic.unknown_share > MOST_UNKNOWN:
        return None
    found = retriever.clauses(question, topic, wanted)
    best = max((match.fit for match in found), default=0.0)
    least = max(ABOUT, above, _LABELLED_NEAR * best)
    return answer_labelled([match for match in found if match.fit > least], asked)


def actors_of(match: ClauseMatch, retriever: Retriever) -> list[str]:
    """Return the units a clause speaks to, as written: its subject, else its heading."""
    given = _GIVEN_TO.match(match.text)
    start = given.end() if given else 0
    for mention in retriever.mentions(match.text[:_LONGEST_SUBJECT]):
        if start <= mention.span.start <= start + 1:
            return [mention.text]
        if mention.span.start > start:
            break
    for section in reversed([*retriever.sections_above(match), match.section]):
        given = _GIVEN_TO.match(section.title)
        start = given.end() if given else 0
        mentions = retriever.mentions(section.title) if len(section.path) > 1 else ()
        named = mentions and start <= mentions[0].span.start <= start + 1
        if named or (given and opens_a_body(section.title[start:])):
            return [section.title[start:]]
    return []


def matching_clauses(
    question: Question, topic: Topic, retriever: Retriever, wanted: Filter
) -> list[ClauseMatch]:
    """Return the clauses on the topic, best first; a section that only holds them is left out."""
    if not topic or topic.unknown_share > MOST_UNKNOWN:
        return []
    candidates = retriever.clauses(question, topic, wanted)
    by_fit = sorted((match for match in candidates if match.fit >= ABOUT), key=lambda m: -m.fit)
    # Looking at a section opens its plan: only at those that can count.
    best = next((match.fit for match in by_fit if _has_own_words(match)), 0.0)
    if best < ABOUT:
        return []
    return [m for m in candidates if m.fit >= _NEAR_BEST * best and _has_own_words(m)]


def _by_reference(
    question: Question, topic: Topic, retriever: Retriever, wanted: Filter, *, whole: bool = False
) -> list[ClauseMatch]:
    """Return the section a question names by number; of a part with points, those on the topic.

    A number alone ("khoản 2 phần yêu cầu") counts below the heading that the topic names. With
    `whole` the points of the part are returned whatever the topic.
    """
    reference = question.reference
    if reference is None or not reference.path:
        return []
    if reference.is_absolute:
        named = replace(wanted, locators=(".".join(reference.path),))
        every = retriever.every_clause(named)
        found = [match for match in every if match.section.path == reference.path]
    else:
        heading = _heading_of(topic, retriever, wanted)
        if heading is None:
            return []
        every = retriever.every_clause(replace(wanted, plans=(heading.plan_id,)))
        above = heading.section.path
        size = len(reference.path)
        found = [
            match
            for match in every
            if match.section.path[: len(above)] == above
            and match.section.path[len(above) : len(above) + size] == reference.path
            and len(match.section.path) == len(above) + size
        ]
        topic = Topic((), retriever.rarities)
    below = [clause for match in found for clause in _leaf_matches(match)]
    if whole:
        return [child for match in found for child in _child_matches(match)]
    scored = [(topic.fit([words_of(match.text, 1.0)]), match) for match in below]
    best = max((fit for fit, _ in scored), default=0.0)
    if len(below) > 1 and best >= ABOUT and min(fit for fit, _ in scored) < _NEAR_BEST * best:
        return [match for fit, match in scored if fit >= _NEAR_BEST * best]
    return below


def _on_the_rest(topic: Topic, matches: list[ClauseMatch]) -> list[ClauseMatch]:
    """Of the points under a heading keep those on what the question says beside the heading."""
    if len(matches) < 2:
        return matches
    depth = min(len(match.section.path) for match in matches) - 1
    path = matches[0].section.path[:depth]
    titles = " ".join(
        section.title
        for section in matches[0].plan.walk()
        if path[: len(section.path)] == section.path
    )
    heading = (words_of(titles, 1.0), words_of(matches[0].plan.title, 1.0))
    rest = topic.beyond(heading)
    if not rest:
        return matches
    scored = [(rest.fit([words_of(match.text, 1.0)]), match) for match in matches]
    best = max(fit for fit, _ in scored)
    if best < _REST:
        # Not enough to leave any out, but to say which comes first.
        return [match for _, match in sorted(scored, key=lambda one: -one[0])]
    return [match for fit, match in scored if fit >= _NEAR_BEST * best]


def _in_asked_years(question: Question, matches: list[ClauseMatch]) -> list[ClauseMatch]:
    """Of points that name their years keep those of the years asked for."""
    if not question.years:
        return matches
    asked = {str(year) for year in question.years}
    dated = [match for match in matches if asked & set(_OWN_YEARS.findall(match.text[:_OPENING]))]
    return dated if dated and len(dated) < len(matches) else matches


def _by_heading(topic: Topic, retriever: Retriever, wanted: Filter) -> list[ClauseMatch]:
    """Return what stands under the heading that is the topic."""
    heading = _heading_of(topic, retriever, wanted)
    return _leaf_matches(heading) if heading else []


def _heading_of(
    topic: Topic, retriever: Retriever, wanted: Filter, said: str = ""
) -> ClauseMatch | None:
    """Return the section whose heading is the topic, the deepest where several are.

    `said` is the whole question, for headings made of words that say little ("Tổ chức thực hiện").
    """
    best: tuple[float, int, ClauseMatch] | None = None
    said_words = words_of(said or topic.text, 1.0)
    for heading in retriever.headings(wanted, said or topic.text):
        covered = heading.topic.fit([said_words])
        if covered < _TOPIC_COVERS_HEADING:
            continue
        named = covered >= _WHOLE_HEADING and len(heading.title.split()) > 1
        enough = _NAMED_COVERS_TOPIC if named else _HEADING_COVERS_TOPIC
        covers, own = topic.fit(heading.words), topic.fit([heading.own_words])
        if not topic and named:
            covers, own = 1.0, 1.0
        if covers >= enough and own > 0:
            match = heading.match
            key = (covers + covered + _OWN_SHARE * own, len(match.section.path))
            if best is None or key > best[:2]:
                best = (*key, match)
    return best[2] if best else None


def _leaf_matches(match: ClauseMatch) -> list[ClauseMatch]:
    return [replace(match, below=section) for section in leaves(match.section)]


def _child_matches(match: ClauseMatch) -> list[ClauseMatch]:
    return [replace(match, below=child) for child in match.section.children]


def _has_own_words(match: ClauseMatch) -> bool:
    section: Section = match.section
    return not section.children or not section.title or match.body.start >= section.heading.end


def _draft_of(matches: Sequence[ClauseMatch]) -> Draft:
    draft = Draft()
    draft.say_clauses(matches)
    return draft
