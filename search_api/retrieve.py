"""Question to candidates: the rows, clauses and legal bases that fit its topic, best first."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.collective import falls_under
from corpus.marker import read_marker
from corpus.model import AppendixRow, Plan, Role, Section, Span
from corpus.text import place_tones, tokenise
from corpus.units import split_units, unit_registry
from indexer.build import Index
from indexer.chunk import Chunk
from indexer.dense import Found
from indexer.filter import Filter
from search_api.match import Topic, Words, words_of
from search_api.question import Question
from search_api.rank import fuse
from search_api.vocabulary import Vocabulary

# How many chunks each engine proposes for a closer look.
_CANDIDATES = 80
# What a word of the topic is worth where it stands: in the thing itself, above it, or beside it.
_PARENT = 0.8
_PRODUCT = 0.6
_UNITS = 0.5
_HEADINGS = 0.85
# The fused rank settles between equal fits, and lets the dense half speak where words differ.
_FUSED_SHARE = 0.12
# Levels of which a collective names every body alike.
_PLAIN_LEVELS = frozenset({"district", "commune"})


@dataclass(frozen=True, slots=True)
class RowMatch:
    """A row that may answer; `fit` and `own_fit` (without the heading above it) are in 0..1."""

    plan: Plan
    row: AppendixRow
    years: tuple[int, ...]
    years_from: str | None
    fit: float = 0.0
    own_fit: float = 0.0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class ClauseMatch:
    """A section that may answer; `body` is its own text without marker, heading and children."""

    plan: Plan
    section: Section
    body: Span
    fit: float = 0.0
    score: float = 0.0

    @property
    def text(self) -> str:
        """Return the words of the clause."""
        return self.body.of(self.plan.text)


class Retriever:
    """Looks things up in an open index; safe to share between threads.

    `registry` also knows the units the plans name; `unit_id` and `mentions` are its own, remembered.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.vocabulary = Vocabulary(f"{chunk.context} {chunk.text}" for chunk in index.chunks)
        self._rows = {plan.id: {row.key: row for row in plan.rows} for plan in index.plans.values()}
        self._sections = {
            plan.id: {section.locator: section for section in plan.walk()}
            for plan in index.plans.values()
        }
        self.registry = unit_registry().extended(_unit_names(index))
        self._words_of_chunk = functools.lru_cache(maxsize=20_000)(self._read_words)
        self.unit_id = functools.lru_cache(maxsize=20_000)(self.registry.id_of)
        self.mentions = functools.lru_cache(maxsize=20_000)(self.registry.mentions)
        self._collectives = [
            unit
            for unit_id in index.facets.counts("unit:")
            if (unit := self.registry.get(unit_id)) and unit.collective
        ]
        self._split = functools.lru_cache(maxsize=20_000)(split_units)
        self._years = {
            (chunk.plan_id, chunk.id.rpartition("#")[2].partition("~")[0]): chunk.years
            for chunk in index.chunks
            if chunk.kind == "row"
        }
        self._title_topic = functools.lru_cache(maxsize=20_000)(
            lambda title: Topic(tokenise(place_tones(title)), self.vocabulary)
        )
        self._chunk = functools.lru_cache(maxsize=20_000)(lambda position: index.chunks[position])

    def is_collective(self, unit_ids: Iterable[str]) -> bool:
        """Say whether the ids are those of a collective ("các sở, ban, ngành"), not of one body."""
        units = [self.registry.get(unit_id) for unit_id in unit_ids]
        return any(unit is not None and unit.collective for unit in units)

    def groups_of(self, unit_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the collectives of the plans that plainly mean a body of this level.

        "UBND các huyện, thành phố" means each UBND huyện; "các sở, ban, ngành" or "các đơn vị có liên
        quan" names nobody in particular.
        """
        units = [unit for unit_id in unit_ids if (unit := self.registry.get(unit_id))]
        return tuple(
            group.id
            for group in self._collectives
            for unit in units
            if unit.level in _PLAIN_LEVELS and falls_under(unit, group)
        )

    def units_in(self, names: Iterable[str]) -> set[str]:
        """Return the ids of units as written, and of the bodies inside a name ("Lãnh đạo Sở Y tế")."""
        return {self.unit_id(name) for name in names} | {
            mention.unit.id
            for name in names
            for mention in self.mentions(name)
            if not mention.unit.collective
        }

    def units_of_cell(self, match: RowMatch, role: Role) -> tuple[str, ...]:
        """Return the single units of a row's cell, as written."""
        return self.units_of_text(match.row.text_of(role))

    def units_of_text(self, text: str) -> tuple[str, ...]:
        """Return the single units of a text that lists units, as written."""
        return tuple(span.of(text) for span in self._split(text))

    def years_of(self, plan: Plan, row: AppendixRow) -> tuple[int, ...]:
        """Return the years of a row as the index has them."""
        return self._years.get((plan.id, row.key), row.years)

    def own_fit(self, match: RowMatch, topic: Topic) -> float:
        """Return how well a row fits `topic` without the heading above it."""
        return topic.fit(w for w in _words_of_row(match.plan, match.row) if w.weight != _PARENT)

    def chunk(self, position: int) -> Chunk:
        """Return the chunk at `position`."""
        return self._chunk(position)

    def topic(self, question: Question) -> Topic:
        """Return the question's terms, weighted by how rare they are here."""
        return Topic(question.terms, self.vocabulary, question.words)

    def fit_of_clause(self, match: ClauseMatch, topic: Topic) -> float:
        """Return how well a clause's own words fit `topic`."""
        return topic.fit([words_of(match.text, 1.0)])

    def title_topic(self, title: str) -> Topic:
        """Return a heading as a topic, to ask how much of it a question names."""
        return self._title_topic(title)

    def words_of_row(self, match: RowMatch) -> tuple[Words, ...]:
        """Return what a topic is compared with in a row."""
        return tuple(_words_of_row(match.plan, match.row))

    def ranked(
        self, words: str, wanted: Filter | None, k: int = _CANDIDATES
    ) -> tuple[list[Found], set[int], set[int]]:
        """Return chunks by fused score, and the positions each engine proposed."""
        allowed = self.index.allowed(wanted)
        lexical = self.index.lexical.search(words, k, allowed)
        vector = self.index.encoder.encode_questions([words])[0]
        dense = self.index.dense.search(vector, k, allowed)
        return fuse(lexical, dense), {f.position for f in lexical}, {f.position for f in dense}

    def rows(self, question: Question, topic: Topic, wanted: Filter) -> list[RowMatch]:
        """Return candidate rows (heading rows too), best first."""
        restricted = replace(wanted, kinds=("row",))
        found, _, _ = self.ranked(question.topic or question.text, restricted)
        matches: dict[tuple[str, str], RowMatch] = {}
        for position, fused in found:
            chunk = self.chunk(position)
            row = self._row_of(chunk)
            if (chunk.plan_id, row.key) in matches:
                continue
            words = self._words_of_chunk(position)
            fit = topic.fit(words)
            has_heading = any(w.weight == _PARENT for w in words)
            own = topic.fit(w for w in words if w.weight != _PARENT) if has_heading else fit
            matches[chunk.plan_id, row.key] = RowMatch(
                self.index.plans[chunk.plan_id], row, chunk.years, chunk.years_from,
                fit, own, fit + _FUSED_SHARE * fused,
            )  # fmt: skip
        return sorted(matches.values(), key=lambda match: -match.score)

    def every_row(self, wanted: Filter, topic: Topic | None = None) -> list[RowMatch]:
        """Return all rows a filter lets through, in the order of the plans, headings among them."""
        restricted = replace(wanted, kinds=("row",))
        allowed = self.index.allowed(restricted)
        matches: dict[tuple[str, str], RowMatch] = {}
        for position in allowed.positions() if allowed else ():
            chunk = self.chunk(int(position))
            row = self._row_of(chunk)
            words = self._words_of_chunk(int(position))
            fit = topic.fit(words) if topic else 0.0
            own = topic.fit(w for w in words if w.weight != _PARENT) if topic else 0.0
            matches.setdefault(
                (chunk.plan_id, row.key),
                RowMatch(
                    self.index.plans[chunk.plan_id],
                    row,
                    chunk.years,
                    chunk.years_from,
                    fit,
                    own,
                    fit,
                ),
            )
        return list(matches.values())

    def children(self, match: RowMatch) -> list[RowMatch]:
        """Return the rows below a heading row."""
        below = [
            row
            for row in match.plan.rows
            if row.appendix == match.row.appendix
            and (
                row.parent == match.row.ordinal
                or (row.group and row.group == match.row.text_of(Role.ACTIVITY))
            )
            and row.key != match.row.key
        ]
        wanted = Filter(plans=(match.plan.id,), kinds=("row",))
        by_key = {other.row.key: other for other in self.every_row(wanted)}
        return [by_key[row.key] for row in below if row.key in by_key]

    def clauses(self, question: Question, topic: Topic, wanted: Filter) -> list[ClauseMatch]:
        """Return candidate sections with words of their own, best first."""
        restricted = replace(wanted, kinds=("section",))
        found, _, _ = self.ranked(question.topic or question.text, restricted)
        matches: dict[tuple[str, str], ClauseMatch] = {}
        for position, fused in found:
            chunk = self.chunk(position)
            section = self._sections[chunk.plan_id][chunk.locator]
            fit = topic.fit(self._words_of_chunk(position))
            plan = self.index.plans[chunk.plan_id]
            body = _after_children(plan, section, chunk) or body_of(plan, section)
            match = ClauseMatch(plan, section, body, fit, fit + _FUSED_SHARE * fused)
            best = matches.get((plan.id, section.locator))
            if best is None or match.score > best.score:
                matches[plan.id, section.locator] = match
        return sorted(matches.values(), key=lambda match: -match.score)

    def every_clause(self, wanted: Filter, topic: Topic | None = None) -> list[ClauseMatch]:
        """Return all sections a filter lets through, in the order of the plans."""
        restricted = replace(wanted, kinds=("section",))
        allowed = self.index.allowed(restricted)
        matches: dict[tuple[str, str], ClauseMatch] = {}
        for position in allowed.positions() if allowed else ():
            chunk = self.chunk(int(position))
            plan = self.index.plans[chunk.plan_id]
            section = self._sections[plan.id][chunk.locator]
            fit = topic.fit(self._words_of_chunk(int(position))) if topic else 0.0
            matches.setdefault(
                (plan.id, section.locator),
                ClauseMatch(plan, section, body_of(plan, section), fit, fit),
            )
        return list(matches.values())

    def plans(self, wanted: Filter) -> list[Plan]:
        """Return the plans a filter lets through, in the order of their ids."""
        allowed = self.index.allowed(wanted)
        counts = self.index.facets.counts("plan:", allowed)
        return [self.index.plans[plan_id] for plan_id in sorted(counts)]

    def _row_of(self, chunk: Chunk) -> AppendixRow:
        key = chunk.id.rpartition("#")[2].partition("~")[0]
        return self._rows[chunk.plan_id][key]

    def _read_words(self, position: int) -> tuple[Words, ...]:
        chunk = self.chunk(position)
        plan = self.index.plans[chunk.plan_id]
        if chunk.kind == "row":
            return tuple(_words_of_row(plan, self._row_of(chunk)))
        if chunk.kind == "section":
            section = self._sections[plan.id][chunk.locator]
            return tuple(self._words_of_section(plan, section, chunk))
        return (words_of(chunk.text, 1.0),)

    def _words_of_section(self, plan: Plan, section: Section, chunk: Chunk) -> Iterator[Words]:
        yield words_of(chunk.text, 1.0)
        above = [
            self._sections[plan.id][".".join(section.path[:depth])].title
            for depth in range(1, len(section.path))
            if ".".join(section.path[:depth]) in self._sections[plan.id]
        ]
        if above:
            yield words_of(" . ".join(above), _HEADINGS)


def _unit_names(index: Index) -> Iterator[str]:
    """Yield every unit the plans name in a unit column or as the heading of its duties."""
    for plan in index.plans.values():
        for row in plan.rows:
            for role in (Role.LEAD, Role.SUPPORT, Role.MONITOR):
                cell = row.text_of(role)
                yield from (span.of(cell) for span in split_units(cell))


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


def _words_of_row(plan: Plan, row: AppendixRow) -> Iterator[Words]:
    yield words_of(row.text_of(Role.ACTIVITY), 1.0)
    parent = next(
        (
            other
            for other in plan.rows
            if other.appendix == row.appendix and other.ordinal == row.parent
        ),
        None,
    )
    above = [parent.text_of(Role.ACTIVITY)] if parent and row.parent else []
    if row.group:
        above.append(row.group)
    if above:
        yield words_of(" . ".join(above), _PARENT)
    yield words_of(row.text_of(Role.PRODUCT), _PRODUCT)
    beside = [
        cell.text
        for cell in row.cells
        if cell.role not in (Role.ACTIVITY, Role.PRODUCT, Role.ORDINAL, Role.YEARS)
    ]
    yield words_of(" . ".join(beside), _UNITS)


def _trimmed(text: str, span: Span) -> Span:
    piece = span.of(text)
    lead = len(piece) - len(piece.lstrip())
    return Span(span.start + lead, max(span.start + lead, span.start + len(piece.rstrip())))

