"""Words to scored chunks: BM25 over marked and unmarked syllables and their pairs."""

from __future__ import annotations

import contextlib
import itertools
import math
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tantivy

from corpus.text import normalise, tokenise
from indexer.dense import Found
from indexer.filter import Allowed
from indexer.syllables import place_tone, syllable_forms

# How much each field's BM25 counts in the sum. On four public retrieval sets pairs of syllables at
# 1.0 gave 7 to 12 points R@1 over syllables alone and .6 to 1.0 differed by less than a point;
# marked syllables gained up to one point for marked questions and cost unmarked ones nothing.
FIELD_WEIGHTS = MappingProxyType({"folded": 1.0, "pairs": 1.0, "marked": 0.5})
FIELDS = tuple(FIELD_WEIGHTS)

_POSITION = "position"
_FACETS = "facets"
# Entries of the text index read for one question, some hundred million a second: the rarest words
# first, for what many chunks have tells them apart least. All are some twelve a chunk; at a million
# chunks one a chunk found as many rows as all, half of one lost 3 in 100 of the first ten. See
# docs/findings/latency.md.
_MOST_READ = 300_000
_READ_A_CHUNK = 1.0
# Of so many allowed chunks the best are looked for among all first: with a condition the engine
# reads every entry, at a million chunks in twice the time.
_BROAD = 50_000
# Bytes the writer may use before it flushes; tantivy's least is 15 million.
_WRITER_MEMORY = 64_000_000
_Query = tantivy.Query
_MUST, _SHOULD = tantivy.Occur.Must, tantivy.Occur.Should


class Lexical:
    """An open text index; positions are those of the chunks it was written from."""

    def __init__(
        self, index: tantivy.Index, most_read: int = _MOST_READ, broad: int = _BROAD
    ) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        self._most_read = most_read
        self._broad = broad

    @staticmethod
    @contextlib.contextmanager
    def writing(folder: Path, first: int = 0) -> Iterator[LexicalWriter]:
        """Open a text index in the existing `folder`, new where it is empty; complete on leaving.

        `first` is the position of the next chunk.
        """
        schema = _schema()
        index = tantivy.Index(schema, path=str(folder))
        # One thread, so that documents keep the order of the chunks and ties break alike each time.
        writer = index.writer(_WRITER_MEMORY, 1)
        try:
            yield LexicalWriter(writer, schema, first)
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            # Its threads write on in the folder until they are waited for.
            writer.wait_merging_threads()

    @classmethod
    def open(cls, folder: Path, most_read: int = _MOST_READ, broad: int = _BROAD) -> Lexical:
        """Open what `writing` wrote, also where nothing can be written."""
        if os.access(folder, os.W_OK):
            return cls(tantivy.Index.open(str(folder)), most_read, broad)
        # The engine makes a lock in the folder that it opens, so it gets one of its own.
        with tempfile.TemporaryDirectory(prefix="kehoach-") as stand_in:
            for path in folder.resolve().iterdir():
                if path.suffix != ".lock":
                    Path(stand_in, path.name).symlink_to(path)
            return cls(tantivy.Index.open(stand_in), most_read, broad)

    def search(self, question: str, k: int, allowed: Allowed | None = None) -> list[Found]:
        """Return the `k` chunks that share most with `question`, best first.

        Only chunks with a word of the question come back. Unmarked words always count; a word typed
        with marks counts more where the marks agree. Of very many chunks, the most common words of
        the question are not asked for.
        """
        if k <= 0 or (allowed is not None and not allowed.count):
            return []
        # Side by side, not field by field: only so the engine passes over what cannot be among the
        # best (a third of the time at 100,000 chunks).
        scored = [
            (_SHOULD, self._weighted(field, word))
            for field, word in self._telling(question_terms(question))
        ]
        if not scored:
            return []
        if allowed is not None and allowed.count > self._broad:
            return self._among_all(scored, k, allowed)
        return self._run(scored, k, allowed)

    def _among_all(
        self, scored: list[tuple[tantivy.Occur, tantivy.Query]], k: int, allowed: Allowed
    ) -> list[Found]:
        """Look among all for as many as should hold `k` that are allowed, else on condition."""
        count: int = self._searcher.num_docs
        most = k * math.ceil(count / allowed.count)
        found = self._run(scored, most, None)
        kept = [one for one in found if allowed.mask[one.position]]
        enough = len(kept) >= k or len(found) < most
        return kept[:k] if enough else self._run(scored, k, allowed)

    def _telling(self, terms: dict[str, list[str]]) -> list[tuple[str, str]]:
        """Return the words to ask for, each with its field: of many entries the rarest words."""
        counts = {
            (field, word): count
            for field, words in terms.items()
            for word in words
            if (count := self._searcher.doc_freq(field, word))
        }
        most = max(self._most_read, _READ_A_CHUNK * self._searcher.num_docs)
        if sum(counts.values()) <= most:
            return list(counts)
        asked: list[tuple[str, str]] = []
        read = 0
        # A word of a field that counts half must be twice as rare.
        for term in sorted(counts, key=lambda term: counts[term] / FIELD_WEIGHTS[term[0]]):
            if not asked or read + counts[term] <= most:
                asked.append(term)
                read += counts[term]
        return asked

    def _weighted(self, field: str, word: str) -> tantivy.Query:
        has = _Query.term_query(self._schema, field, word, "freq")
        weight = FIELD_WEIGHTS[field]
        return has if weight == 1 else _Query.boost_query(has, weight)

    def _run(
        self, scored: list[tuple[tantivy.Occur, tantivy.Query]], k: int, allowed: Allowed | None
    ) -> list[Found]:
        query = _Query.boolean_query(scored)
        if allowed is not None:
            facets = [
                _silent(_Query.term_set_query(self._schema, _FACETS, list(clause)))
                for clause in allowed.clauses
            ]
            query = _Query.boolean_query([(_MUST, query), *((_MUST, facet) for facet in facets)])
        hits = self._searcher.search(query, limit=k, count=False).hits
        positions = self._searcher.fast_field_values(_POSITION, [address for _, address in hits])
        return [
            Found(int(position), float(score))
            for position, (score, _) in zip(positions, hits, strict=True)
            if position is not None
        ]


class LexicalWriter:
    """Takes chunks one after the other, in their order."""

    def __init__(self, writer: Any, schema: tantivy.Schema, first: int) -> None:  # noqa: ANN401 - no public name
        self._writer = writer
        self._schema = schema
        self._next = first

    def add(self, words: Mapping[str, str], facets: Sequence[str]) -> None:
        """Add the next chunk: the words it is found by (`chunk_terms`), and its facet terms."""
        self._write(self._next, words, facets)
        self._next += 1

    def replace(self, position: int, words: Mapping[str, str], facets: Sequence[str]) -> None:
        """Put a chunk in the place of the one at `position`."""
        self.remove([position])
        self._write(position, words, facets)

    def remove(self, positions: Sequence[int]) -> None:
        """Take out chunks; until their part of the index is merged, they count as texts still."""
        among = _Query.term_set_query(self._schema, _POSITION, list(positions))
        self._writer.delete_documents_by_query(among)

    def _write(self, position: int, words: Mapping[str, str], facets: Sequence[str]) -> None:
        document = {_POSITION: position, **words, _FACETS: list(facets)}
        self._writer.add_document(tantivy.Document.from_dict(document, self._schema))


def chunk_terms(text: str) -> dict[str, str]:
    """Return the words a chunk is found by, by field, with a blank between them."""
    forms = syllable_forms(normalise(text))
    folded = [syllable for syllable, _ in forms]
    return {
        "folded": " ".join(folded),
        "pairs": " ".join(_pairs(folded)),
        "marked": " ".join([syllable for _, syllable in forms]),
    }


def question_terms(question: str) -> dict[str, list[str]]:
    """Return the distinct words to look up in each field, in the order of FIELDS."""
    tokens = tokenise(normalise(question))
    return {
        "folded": list(dict.fromkeys(token.key for token in tokens)),
        "pairs": list(dict.fromkeys(_pairs([token.key for token in tokens]))),
        "marked": list(dict.fromkeys(place_tone(t.text) for t in tokens if t.text != t.key)),
    }


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_POSITION, indexed=True, fast=True)
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(_FACETS, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _pairs(folded: Sequence[str]) -> Iterator[str]:
    return map("_".join, itertools.pairwise(folded))


def _silent(query: tantivy.Query) -> tantivy.Query:
    """Return `query` as a condition that adds nothing to the score."""
    return _Query.const_score_query(query, 0.0)
