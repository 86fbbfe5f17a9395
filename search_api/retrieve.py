"""Question to candidates: the rows and clauses that fit its topic, best first."""

from __future__ import annotations

import copy
import functools
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.abbreviations import expand
from corpus.collective import falls_under
from corpus.marker import read_marker
from corpus.model import AppendixRow, Note, Plan, Role, Section, Span
from corpus.text import Token, place_tones, tokenise
from corpus.units import unit_registry
from indexer.build import Index
from indexer.catalogue import PlanHead
from indexer.chunk import Chunk, ChunkBrief, embedded_text
from indexer.dense import Found
from indexer.filter import Filter
from search_api.match import Topic, Words, syllables_of, words_of, words_of_syllables
from search_api.numbered import Numbered, Syllables, Texts
from search_api.question import Question
from search_api.rank import Rankings, Reranker, rank
from search_api.titles import Titles
from search_api.trace import stage
from search_api.vocabulary import Rarities, Vocabulary

# How many chunks each engine proposes for a closer look.
_CANDIDATES = 80
# What a word of the topic is worth where it stands: in the thing itself, above it, or beside it.
_PARENT = 0.8
_PRODUCT = 0.6
_UNITS = 0.5
_HEADINGS = 0.85
_ROW_WEIGHTS = {"activity": 1.0, "above": _PARENT, "product": _PRODUCT, "beside": _UNITS}
_CLAUSE_WEIGHTS = {"text": 1.0, "above": _HEADINGS}
# Of a heading itself, what stands above it counts nearly as much.
_ABOVE_A_HEADING = 0.9
# The fused rank settles between equal fits, and lets the dense half speak where words differ.
_FUSED_SHARE = 0.12
# A topic may leave its plan's subject unsaid where at least this share of its weight is beside it;
# what is found so counts a little less.
_ENOUGH_APART = 0.4
_SUBJECT_APART = 0.95
# What was typed as a plan writes it, small words and all, tells rows with the same terms apart.
_RUN_SHARE = 0.3
# Far more texts than a province's plans have; and topics of the questions now being answered.
_REMEMBERED = 20_000
_TOPICS = 256
_OPEN_PLANS = 256
# Each some megabytes with the topics remembered for it.
_SCOPES = 16
# So many chunks in scope are looked at one by one, a few provinces' worth; of more, those are that
# share most words with the topic. It bounds what one question may cost.
_READ_WHOLE = 1_500
_CLOSER_LOOK = 200
# More plans than any list is read to its end; opening so many takes .2 s of the processor.
MOST_PLANS = 100
# What is typed may go on to so many words, and is looked for in so many rows, which are opened in
# a plan each, and headings, which plans share. Not tuned.
_ENDINGS = 5
_ROWS_NAMED, _HEADINGS_NAMED = 30, 10
# Levels of which a collective names every body alike.
_PLAIN_LEVELS = frozenset({"district", "commune"})


class Place:
    """A chunk in brief; it and what it was cut from are opened only when they are looked at."""

    __slots__ = ("_chunk_at", "_opened", "brief", "position")

    def __init__(
        self,
        position: int,
        brief: ChunkBrief,
        chunk_at: Callable[[int], Chunk],
        opened: Callable[[str], OpenPlan],
    ) -> None:
        self.position = position
        self.brief = brief
        self._chunk_at = chunk_at
        self._opened = opened

    @property
    def plan_id(self) -> str:
        """Return the id of the plan."""
        return self.brief.plan_id

    @property
    def key(self) -> str:
        """Return the key of the row or the locator of the section."""
        return self.brief.id.rpartition("#")[2].partition("~")[0]

    @property
    def chunk(self) -> Chunk:
        """Return the whole chunk."""
        return self._chunk_at(self.position)

    @property
    def open_plan(self) -> OpenPlan:
        """Return the plan with its rows and sections at hand."""
        return self._opened(self.plan_id)


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A plan, its rows by key and its sections by locator."""

    plan: Plan
    rows: Mapping[str, AppendixRow]
    sections: Mapping[str, Section]


@dataclass(frozen=True, slots=True)
class RowMatch:
    """A row that may answer; its `fit` is in 0..1."""

    at: Place
    fit: float = 0.0
    score: float = 0.0

    @property
    def plan(self) -> Plan:
        """Return the plan it stands in."""
        return self.at.open_plan.plan

    @property
    def row(self) -> AppendixRow:
        """Return the row itself."""
        return self.at.open_plan.rows[self.at.key]

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years of the row as the index has them."""
        return self.at.chunk.years

    @property
    def years_from(self) -> str | None:
        """Return where the years stand."""
        return self.at.chunk.years_from

    @property
    def plan_id(self) -> str:
        """Return the id of the plan, without opening it."""
        return self.at.plan_id

    @property
    def place(self) -> tuple[str, str]:
        """Return which row this is."""
        return self.plan_id, self.at.key

    @property
    def activity(self) -> str:
        """Return what the row is about."""
        return self.row.text_of(Role.ACTIVITY)

    @property
    def where(self) -> str:
        """Return how a person says where the row stands."""
        return f"{origin(self.plan)}, {self.row.label}"


@dataclass(frozen=True, slots=True)
class ClauseMatch:
    """A section that may answer; `below` is a section of it that is meant instead."""

    at: Place
    fit: float = 0.0
    score: float = 0.0
    below: Section | None = None

    @property
    def plan(self) -> Plan:
        """Return the plan it stands in."""
        return self.at.open_plan.plan

    @property
    def section(self) -> Section:
        """Return the section itself."""
        return self.below or self.at.open_plan.sections[self.at.key]

    @property
    def body(self) -> Span:
        """Return its own text without marker, heading and children."""
        plan, section = self.plan, self.section
        after = None if self.below else _after_children(plan, section, self.at.chunk)
        return after or body_of(plan, section)

    @property
    def plan_id(self) -> str:
        """Return the id of the plan, without opening it."""
        return self.at.plan_id

    @property
    def place(self) -> tuple[str, str]:
        """Return which section this is."""
        return self.plan_id, self.below.locator if self.below else self.at.key

    @property
    def text(self) -> str:
        """Return the words of the clause."""
        return self.body.of(self.plan.text)

    @property
    def spoken_to(self) -> tuple[str, ...]:
        """Return the ids of the units it gives something to do, by its own words or its heading."""
        return self.at.chunk.units.get("duty", ())

    @property
    def where(self) -> str:
        """Return how a person says where the clause stands."""
        return f"{origin(self.plan)}, {self.section.label}"


Match = TypeVar("Match", RowMatch, ClauseMatch)


@dataclass(frozen=True, slots=True)
class Heading:
    """A titled section as something a question may name: its words, those above it, itself."""

    match: ClauseMatch
    title: str
    words: tuple[Words, ...]
    topic: Topic

    @property
    def own_words(self) -> Words:
        """Return the words of the title itself."""
        return self.words[0]


class Retriever:
    """Looks things up in an open index; safe to share between threads.

    `registry` also knows the units the plans name; `unit_id` and `mentions` are its own,
    remembered. A `reranker` reads the best of every list again.
    """

    def __init__(self, index: Index, reranker: Reranker | None = None) -> None:
        self.index = index
        self._reranker = reranker
        self.registry = unit_registry().extended(index.catalogue.unit_names)
        self.titles = Titles(index.catalogue.heads.values())
        remember = functools.lru_cache(maxsize=_REMEMBERED)
        self.unit_id = remember(self.registry.id_of)
        self.mentions = remember(self.registry.mentions)
        self.chunk = remember(index.chunks.__getitem__)
        self._brief = remember(index.briefs.__getitem__)
        self.open_plan = functools.lru_cache(maxsize=_OPEN_PLANS)(self._open_plan)
        self.among = functools.lru_cache(maxsize=_TOPICS)(self._among)
        # One question asks for the same candidates several times, and is asked again.
        self._proposed = functools.lru_cache(maxsize=_TOPICS)(self._read_proposed)
        self._words = remember(self._read_words)
        self._syllables = Syllables()
        self._numbered = remember(self._read_numbered)
        self._numbered_line = remember(
            lambda line: Numbered(self._syllables.read([" ".join(syllables_of(line))]), (1.0,))
        )
        self._numbered_subject = remember(lambda title: self._numbered_line(expand(title).text))
        self._spoken = remember(self._read_spoken)
        self._within = functools.lru_cache(maxsize=_SCOPES)(self._read_within)
        self.vocabulary = Vocabulary(index.frequencies)
        self._weigh_by(self.vocabulary)
        self._collectives = [
            unit
            for unit_id in index.facets.counts("unit:")
            if (unit := self.registry.get(unit_id)) and unit.collective
        ]

    def _weigh_by(self, rarities: Rarities) -> None:
        """Weigh topics by how rare their words are, and remember what is found for them so."""
        self.rarities = rarities
        remember = functools.lru_cache(maxsize=_REMEMBERED)
        # Plans share their headings.
        self._title_topic = remember(self.topic_of)
        self.heading = remember(self._read_heading)
        remember_topics = functools.lru_cache(maxsize=_TOPICS)
        self._topic = remember_topics(self._read_topic)
        self._rows = remember_topics(functools.partial(self._read_matches, RowMatch))
        self._clauses = remember_topics(functools.partial(self._read_matches, ClauseMatch))

    def within(self, wanted: Filter) -> Retriever:
        """Return one that takes for rare, or for unknown, what is so in the plans of a filter.

        What others are about says nothing there: of the plans of one subject hardly any word of it
        tells two places apart. More plans than are read whole are weighed as all are.
        """
        scope = replace(wanted, years=(), units=(), roles=(), kinds=())
        return self._within(scope) if self.reads_all(scope) else self

    def _read_within(self, scope: Filter) -> Retriever:
        allowed = self.index.allowed(scope)
        positions = range(len(self.index.chunks)) if allowed is None else allowed.positions()
        texts = Texts([self._numbered(int(p)) for p in positions], self._syllables)
        inside = copy.copy(self)
        inside._weigh_by(Rarities(len(positions), texts.count))
        return inside

    def is_collective(self, unit_ids: Iterable[str]) -> bool:
        """Say whether the ids are those of a collective ("các sở, ban, ngành"), not of one body."""
        units = [self.registry.get(unit_id) for unit_id in unit_ids]
        return any(unit is not None and unit.collective for unit in units)

    def groups_of(self, unit_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the collectives of the plans that plainly mean a body of this level.

        "UBND các huyện, thành phố" means each UBND huyện; "các sở, ban, ngành" or "các đơn vị có
        liên quan" names nobody in particular.
        """
        units = [unit for unit_id in unit_ids if (unit := self.registry.get(unit_id))]
        return tuple(
            group.id
            for group in self._collectives
            for unit in units
            if unit.level in _PLAIN_LEVELS and falls_under(unit, group)
        )

    def units_in(self, names: Iterable[str]) -> set[str]:
        """Return the ids of units as written, and of bodies in a name ("Lãnh đạo Sở Y tế")."""
        names = tuple(names)
        return {self.unit_id(name) for name in names} | {
            mention.unit.id
            for name in names
            for mention in self.mentions(name)
            if not mention.unit.collective
        }

    def years_of(self, plan: Plan, row: AppendixRow) -> tuple[int, ...]:
        """Return the years of a row as the index has them."""
        for position in self.index.catalogue.chunks_of(plan.id):
            chunk = self.chunk(position)
            if chunk.kind == "row" and self._place(position).key == row.key:
                return chunk.years
        return row.years

    def topic(self, question: Question) -> Topic:
        """Return the question's terms, weighted by how rare they are here."""
        return self._topic(question.terms, question.words, question.text)

    def topic_of(self, text: str) -> Topic:
        """Return the words of a text as a topic."""
        return Topic(tokenise(place_tones(text)), self.rarities)

    def words_at(self, place: Place) -> tuple[Words, ...]:
        """Return what a topic is compared with in a row or a section."""
        return self._words(place.position)

    def own_fit(self, match: RowMatch, topic: Topic) -> float:
        """Return how well a row fits `topic` without the heading above it."""
        return topic.fit(_own(self.words_at(match.at)))

    def own_fit_in_plan(self, match: RowMatch, topic: Topic) -> float:
        """Return the same, where what its plan's title says need not be said again."""
        return self._fit(topic, match.plan_id, _own(self.words_at(match.at)))

    def fits_of_titles(self, topic: Topic, heads: Iterable[PlanHead]) -> list[float]:
        """Return how well the title and the province of each of some plans fit a topic."""
        lines = [self._numbered_line(f"{head.title} {head.province or ''}") for head in heads]
        fits: list[float] = topic.fits(Texts(lines, self._syllables)).tolist()
        return fits

    def fits_beside_title(self, match: RowMatch, topic: Topic) -> bool:
        """Say whether a row has enough of what a topic says beside the subject of its plan."""
        return beside_title(topic, match.plan).fit(self.words_at(match.at)) >= _ENOUGH_APART

    @stage("retrieve")
    def ranked(
        self, words: str, wanted: Filter | None, k: int = _CANDIDATES, meaning: str | None = None
    ) -> Rankings:
        """Return the chunks that `wanted` lets through, best first, by every ranking.

        `words` are looked up as typed; `meaning` is what is embedded: the same with its marks.
        """
        meaning = meaning or words
        allowed = self.index.allowed(wanted)
        with stage("encode"):
            vector = self.index.encoder.encode_questions([meaning])[0]
        with stage("lexical"):
            lexical = self.index.lexical.search(words, k, allowed)
        with stage("dense"):
            dense = self.index.dense.search(vector, k, allowed)
        return rank(
            lexical,
            dense,
            meaning,
            self._spoken,
            self._reranker,
        )

    @stage("retrieve")
    def rows(self, question: Question, topic: Topic, wanted: Filter) -> list[RowMatch]:
        """Return candidate rows (heading rows too), best first."""
        return list(self._rows(topic, *_searched(question), replace(wanted, kinds=("row",))))

    def every_row(
        self, wanted: Filter, topic: Topic | None = None, *, whole: bool = False
    ) -> list[RowMatch]:
        """Return all rows a filter lets through, in the order of the plans, headings among them.

        Of more than are read whole, those that share most with the topic, else the first of the
        first plans; with `whole` all of them, however many.
        """
        positions = self._positions(replace(wanted, kinds=("row",)), topic, whole=whole)
        return _first_of_each(self._every(RowMatch, positions, topic))

    def named_like(self, typed: Sequence[str]) -> list[str]:
        """Return activities and headings with most words of `typed`, the last perhaps unfinished.

        Of the words the last may go on to, those are tried that most often follow the one before.
        """
        before, last = typed[:-1], typed[-1]
        ends = self.vocabulary.endings(last, after=before[-1] if before else None, most=_ENDINGS)
        after = " ".join(before[-1:])
        words = " ".join((*before[:-1], *(f"{after} {end}" for end in ends or (last,))))
        rows, headings = (
            [self._place(at) for at, _ in self.index.lexical.search(words, most, allowed)]
            for most, allowed in (
                (_ROWS_NAMED, self.index.allowed(Filter(kinds=("row",)))),
                (_HEADINGS_NAMED, self.index.allowed(Filter(titled=True))),
            )
        )
        return [
            *(RowMatch(place).activity for place in rows),
            *(place.brief.parts["title"] for place in headings),
        ]

    def contradictions(self, plan: Plan) -> tuple[Note, ...]:
        """Return what is doubtful or contradictory in a plan, gravest first."""
        return self.index.notes_of(plan.id)

    def children(self, match: RowMatch) -> list[RowMatch]:
        """Return the rows below a heading row."""
        own, plan = match.row, match.plan
        below = {
            row.key
            for row in plan.rows
            if row.appendix == own.appendix
            and (row.parent == own.ordinal or (row.group and row.group == match.activity))
            and row.key != own.key
        }
        return [m for m in self.every_row(Filter(plans=(plan.id,))) if m.place[1] in below]

    @stage("retrieve")
    def clauses(self, question: Question, topic: Topic, wanted: Filter) -> list[ClauseMatch]:
        """Return candidate sections with words of their own, best first."""
        wanted = replace(wanted, kinds=("section",))
        return list(self._clauses(topic, *_searched(question), wanted))

    def every_clause(
        self, wanted: Filter, topic: Topic | None = None, *, whole: bool = False
    ) -> list[ClauseMatch]:
        """Return all sections a filter lets through, in the order of the plans.

        Of more than are read whole, those that share most with the topic, else the first of the
        first plans; with `whole` all of them, however many.
        """
        positions = self._positions(replace(wanted, kinds=("section",)), topic, whole=whole)
        return _first_of_each(self._every(ClauseMatch, positions, topic))

    def headings(self, wanted: Filter, said: str) -> list[Heading]:
        """Return the sections with a heading; of very many, those that share most with `said`."""
        titled = replace(wanted, kinds=("section",), titled=True)
        first: dict[tuple[str, str], Heading] = {}
        for position in self._positions(titled, self.topic_of(said)):
            heading = self.heading(position)
            first.setdefault(heading.match.place, heading)
        return list(first.values())

    def sections_above(self, match: ClauseMatch) -> Iterator[Section]:
        """Yield the sections that hold a section, the outermost first."""
        sections, path = match.at.open_plan.sections, match.section.path
        for depth in range(1, len(path)):
            if above := sections.get(".".join(path[:depth])):
                yield above

    def heads(self, wanted: Filter) -> list[PlanHead]:
        """Return the heads of the plans a filter lets through, in the order of their ids."""
        return list(compress(self.index.catalogue.heads.values(), self.among(wanted)))

    def plans(self, wanted: Filter) -> list[Plan]:
        """Return the plans a filter lets through, in the order of their ids; of very many, some."""
        return [self.index.plans[head.id] for head in self.heads(wanted)[:MOST_PLANS]]

    def _among(self, wanted: Filter) -> NDArray[np.bool_]:
        """Say of each plan whether a filter lets some of it through."""
        allowed = self.index.allowed(wanted)
        mask = np.ones(len(self.index.chunks), dtype=np.bool_) if allowed is None else allowed.mask
        return self.index.catalogue.plans_with(mask)

    def reads_all(self, wanted: Filter) -> bool:
        """Say whether every place a filter lets through is looked at, so that a list is whole."""
        allowed = self.index.allowed(wanted)
        count = len(self.index.chunks) if allowed is None else allowed.count
        return count <= _READ_WHOLE and len(self.heads(wanted)) <= MOST_PLANS

    def _positions(
        self, wanted: Filter, topic: Topic | None = None, *, whole: bool = False
    ) -> list[int]:
        allowed = self.index.allowed(wanted)
        if allowed is None:
            return []
        if whole:
            return [int(position) for position in allowed.positions()]
        if topic is None:
            heads = self.heads(wanted)[: MOST_PLANS + 1]
            end = self.index.catalogue.chunks_of(heads[-1].id).start if heads[MOST_PLANS:] else None
            positions = [int(position) for position in allowed.positions()[:_READ_WHOLE]]
            return positions if end is None else positions[: bisect_left(positions, end)]
        if allowed.count <= _READ_WHOLE:
            return [int(position) for position in allowed.positions()]
        found = self.index.lexical.search(topic.text, _CLOSER_LOOK, allowed)
        return sorted(position for position, _ in found)

    def _place(self, position: int) -> Place:
        return Place(position, self._brief(position), self.chunk, self.open_plan)

    def _open_plan(self, plan_id: str) -> OpenPlan:
        plan = self.index.plans[plan_id]
        return OpenPlan(
            plan,
            {row.key: row for row in plan.rows},
            {section.locator: section for section in plan.walk()},
        )

    def _read_topic(self, terms: tuple[Token, ...], words: tuple[Span, ...], said: str) -> Topic:
        return Topic(terms, self.rarities, words, said)

    def _read_proposed(self, words: str, meaning: str, wanted: Filter) -> Sequence[Found]:
        return self.ranked(words, wanted, meaning=meaning).final

    def _read_matches(
        self, kind: type[Match], topic: Topic, words: str, meaning: str, wanted: Filter
    ) -> Sequence[Match]:
        return _best_first(self._fitted(kind, self._proposed(words, meaning, wanted), topic))

    def _every(
        self, kind: type[Match], positions: Iterable[int], topic: Topic | None
    ) -> Iterable[Match]:
        if topic:
            return self._fitted(kind, [Found(position, 0.0) for position in positions], topic)
        return (kind(self._place(position)) for position in positions)

    def _fitted(self, kind: type[Match], found: Sequence[Found], topic: Topic) -> list[Match]:
        """Return places, each with how well it fits a topic, and its score."""
        if not found:
            return []
        places = [self._place(position) for position, _ in found]
        texts = Texts([self._numbered(place.position) for place in places], self._syllables)
        fits = topic.fits(texts)
        by_rest: dict[Topic | None, list[int]] = {}
        rests = self._rests(topic, [place.plan_id for place in places])
        for number, rest in enumerate(rests):
            by_rest.setdefault(rest, []).append(number)
        for rest, numbers in by_rest.items():
            if rest:
                apart = _SUBJECT_APART * rest.fits(texts)[numbers]
                fits[numbers] = np.maximum(fits[numbers], apart)
        fused = np.array([score for _, score in found])
        scores = fits + _FUSED_SHARE * fused + _RUN_SHARE * topic.runs(texts)
        return list(map(kind, places, fits.tolist(), scores.tolist()))

    def _fit(self, topic: Topic, plan_id: str, words: Iterable[Words]) -> float:
        """Return how well a place of a plan fits: what its title says need not be said again."""
        words = tuple(words)
        (rest,) = self._rests(topic, [plan_id])
        return max(topic.fit(words), _SUBJECT_APART * rest.fit(words) if rest else 0.0)

    def _rests(self, topic: Topic, plan_ids: Sequence[str]) -> Iterator[Topic | None]:
        """Yield what a topic says beside the subject of each plan; None where too little is."""
        heads = self.index.catalogue.heads
        titles = [heads[plan_id].title for plan_id in plan_ids]
        different = list(dict.fromkeys(titles))
        texts = Texts(list(map(self._numbered_subject, different)), self._syllables)
        least = _ENOUGH_APART * topic.weight
        beside = {
            title: rest if rest is not topic and rest.weight >= least else None
            for title, rest in zip(different, topic.beyond_each(texts), strict=True)
        }
        yield from map(beside.__getitem__, titles)

    def _read_words(self, position: int) -> tuple[Words, ...]:
        parts = self._weighed_parts(position)
        return tuple(words_of_syllables(text.split(), weight) for text, weight in parts)

    def _read_numbered(self, position: int) -> Numbered:
        texts, weights = zip(*self._weighed_parts(position) or [("", 0.0)], strict=True)
        return Numbered(self._syllables.read(texts), weights)

    def _weighed_parts(self, position: int) -> list[tuple[str, float]]:
        """Return what a topic is compared with in a chunk, each part with what it counts."""
        brief = self._brief(position)
        weights = _ROW_WEIGHTS if brief.kind == "row" else _CLAUSE_WEIGHTS
        return [(brief.parts[part], weights[part]) for part in weights if part in brief.parts]

    def _read_spoken(self, position: int) -> str:
        chunk = self.chunk(position)
        return embedded_text(chunk, self.index.plans[chunk.plan_id])

    def _read_heading(self, position: int) -> Heading:
        place = self._place(position)
        parts = place.brief.parts
        title = parts["title"]
        words = (
            words_of(title, 1.0),
            words_of(parts.get("above", ""), _ABOVE_A_HEADING),
            words_of(self.index.catalogue.heads[place.plan_id].title, _ABOVE_A_HEADING),
        )
        return Heading(ClauseMatch(place), title, words, self._title_topic(title))


def _best_first(matches: Iterable[Match]) -> list[Match]:
    """Return each place once, by its best score, the best place first."""
    best: dict[tuple[str, str], Match] = {}
    for match in matches:
        known = best.get(match.place)
        if known is None or match.score > known.score:
            best[match.place] = match
    return sorted(best.values(), key=lambda match: -match.score)


def _first_of_each(matches: Iterable[Match]) -> list[Match]:
    """Return each place once, in their order."""
    first: dict[tuple[str, str], Match] = {}
    for match in matches:
        first.setdefault(match.place, match)
    return list(first.values())


def _own(words: Iterable[Words]) -> Iterator[Words]:
    """Yield the words of a row without those of the heading above it."""
    return (part for part in words if part.weight != _PARENT)


def beside_title(topic: Topic, plan: Plan) -> Topic:
    """Return what a topic says beside the subject of a plan."""
    return topic.beyond((words_of(expand(plan.title).text, 1.0),))


def origin(plan: Plan | PlanHead) -> str:
    """Return how a person tells a plan from others: by its province, else by its title."""
    return plan.province or plan.title


def body_of(plan: Plan, section: Section) -> Span:
    """Return the section's own words: without marker and heading, up to its first child.

    Where a section has nothing but its heading, that is the heading without its marker.
    """
    end = section.children[0].span.start if section.children else section.span.end
    if section.title:
        own = _trimmed(plan.text, Span(section.heading.end, max(end, section.heading.end)))
        if len(own):
            return own
    marker = read_marker(section.heading.of(plan.text))
    start = section.heading.start + (marker.text_start if marker else 0)
    return _trimmed(plan.text, Span(start, section.heading.end if section.title else end))


def _after_children(plan: Plan, section: Section, chunk: Chunk) -> Span | None:
    """Return the words of a section that follow its last child, where the chunk is they."""
    if section.children and chunk.span.start >= section.children[-1].span.end:
        return _trimmed(plan.text, chunk.span)
    return None


def leaves(section: Section) -> list[Section]:
    """Return the sections below `section` that have no children, or itself where it has none."""
    return [below for below in section.walk() if not below.children]


def _trimmed(text: str, span: Span) -> Span:
    piece = span.of(text)
    lead = len(piece) - len(piece.lstrip())
    return Span(span.start + lead, max(span.start + lead, span.start + len(piece.rstrip())))


def _searched(question: Question) -> tuple[str, str]:
    """Return what is looked up for a question, as typed and with its marks."""
    if question.topic:
        return question.topic, question.restored_topic
    return question.text, question.restored
