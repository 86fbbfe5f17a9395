"""How well the parts of the search rank: any labelled set of texts, and our own questions."""

from __future__ import annotations

import functools
import json
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from corpus.text import strip_marks
from eval.cases import Case, Manner
from eval.errors import BadSet
from eval.metrics import ndcg, recall_at, reciprocal_rank
from indexer.build import Index
from indexer.dense import Dense, Found
from indexer.embed import Encoder, halved_to_fit
from indexer.frequencies import Frequencies
from indexer.lexical import Lexical, chunk_terms
from search_api.model import Filters
from search_api.rank import Rankings, Reranker, rank
from search_api.restore import SHIPPED, Restorer
from search_api.vocabulary import Vocabulary

# How many of each ranking are fused, as in a search of plans.
_DEPTH = 120
_K = 10
_QUESTIONS_AT_ONCE = 512

_WORD = re.compile(r"[^\W\d_]+")

# {set: {ranking: {metric: value}}}
Measured = dict[str, dict[str, dict[str, float]]]

RANKINGS = ("lexical", "dense", "fused", "final")
METRICS: Mapping[str, Callable[[Sequence[str], Mapping[str, float]], float]] = {
    "R@1": lambda ranking, gains: recall_at(ranking, gains, 1),
    f"R@{_K}": lambda ranking, gains: recall_at(ranking, gains, _K),
    f"MRR@{_K}": lambda ranking, gains: reciprocal_rank(ranking, gains, _K),
    f"nDCG@{_K}": lambda ranking, gains: ndcg(ranking, gains, _K),
}


class Marks(StrEnum):
    """Which marks the questions of a set are asked with."""

    AS_TYPED = "as_typed"
    UNMARKED = "unmarked"
    HALF_MARKED = "half_marked"

    def of(self, name: str) -> str:
        """Return what a set of this name is called when its questions are asked so."""
        return name if self is Marks.AS_TYPED else f"{name}.{self}"

    def apply(self, question: str) -> str:
        """Return `question` with these marks."""
        if self is Marks.AS_TYPED:
            return question
        return strip_marks(question) if self is Marks.UNMARKED else half_marked(question)


class Engine(Protocol):
    """Whatever ranks the chunks of an open index."""

    @property
    def index(self) -> Index:
        """The open index."""

    def ranked(self, words: str, filters: Filters) -> Rankings:
        """Return the chunks for `words`, by every ranking."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be found; `title` is "" where the set has none."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """Return the title, as a heading, and the text."""
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Texts, questions by id, and for each question the gain (> 0) of each text that answers it."""

    documents: tuple[Document, ...]
    questions: Mapping[str, str]
    gains: Mapping[str, Mapping[str, float]]


def read_set(folder: Path) -> LabelledSet:
    """Read ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``, else raise BadSet.

    A line of ``qrels.tsv`` is ``query document gain``, tab-separated, with or without a header or
    the unused second column of TREC. Questions without a relevant document are left out.
    """
    documents = tuple(
        Document(_id(data), data.get("title") or "", data.get("text") or "")
        for data in _json_lines(folder, "corpus.jsonl")
    )
    questions = {_id(data): data["text"] for data in _json_lines(folder, "queries.jsonl")}
    gains: dict[str, dict[str, float]] = {}
    for number, line in enumerate(_lines(folder, "qrels.tsv"), 1):
        fields = line.split("\t") if "\t" in line else line.split()
        try:
            gain = float(fields[-1])
            question, document = fields[0], fields[-2]
        except (ValueError, IndexError) as error:
            if number == 1:
                continue
            raise BadSet(folder, f"qrels.tsv, dòng {number}: “{line}”") from error
        if gain > 0 and question in questions:
            gains.setdefault(question, {})[document] = gain
    if not documents or not gains:
        raise BadSet(folder, "không có văn bản hoặc không có câu hỏi nào có đáp án")
    return LabelledSet(documents, {name: questions[name] for name in gains}, gains)


def half_marked(text: str) -> str:
    """Return `text` with about every second syllable stripped of its marks, always the same ones.

    >>> half_marked("kinh phí lấy từ đâu")
    'kinh phi lấy từ dau'
    """
    return _WORD.sub(lambda word: _half_stripped(word[0], word.start()), text)


class SearchOfTexts:
    """The same engines as in a search of plans, over the texts of a set, written to `folder`."""

    def __init__(
        self,
        documents: Sequence[Document],
        encoder: Encoder,
        folder: Path,
        reranker: Reranker | None = None,
    ) -> None:
        self._documents = documents
        self._encoder = encoder
        self._reranker = reranker
        self._restorer = Restorer.open(SHIPPED)
        self._vocabulary = Vocabulary(Frequencies.of([document.whole for document in documents]))
        self._lexical = _lexical(documents, folder)
        self._dense, self._owners = _dense(documents, encoder, folder)
        self._most_pieces = max(Counter(self._owners).values())

    def ranked(self, questions: Sequence[str]) -> Iterator[tuple[str, Rankings]]:
        """Yield every question with the marks it lacked, and the documents by every ranking."""
        for start in range(0, len(questions), _QUESTIONS_AT_ONCE):
            batch = questions[start : start + _QUESTIONS_AT_ONCE]
            # As in a search: words are looked up as typed, meaning with the marks that are missing.
            counted = self._vocabulary.marked_count
            marked = [self._restorer.restore(text, counted).text for text in batch]
            vectors = self._encoder.encode_questions(marked)
            for text, restored, vector in zip(batch, marked, vectors, strict=True):
                by_meaning = self._dense.search(vector, _DEPTH * self._most_pieces)
                yield (
                    restored,
                    rank(
                        self._lexical.search(text, _DEPTH),
                        _whole(by_meaning, self._owners),
                        restored,
                        lambda position: self._documents[position].whole,
                        self._reranker,
                    ),
                )


def measure_sets(
    folders: Sequence[Path],
    encoder: Encoder,
    on_progress: Callable[[str, int, int], None] | None = None,
    *,
    reranker: Reranker | None = None,
    marks: Sequence[Marks] = (Marks.AS_TYPED,),
) -> Measured:
    """Return ``{set: {ranking: {metric: value}}}``, sets named by their folder.

    Where `marks` are taken from the questions, the set's name says which: ``name.unmarked``.
    `on_progress` is told the set and how many of how many questions are done.
    """
    measured: Measured = {}
    for folder in folders:
        labelled = read_set(folder)
        name = folder.resolve().name
        if name in measured:
            name = str(folder)
        with tempfile.TemporaryDirectory() as place:
            search = SearchOfTexts(labelled.documents, encoder, Path(place), reranker)
            ids = [document.id for document in labelled.documents]
            for typed in marks:
                texts = [typed.apply(text) for text in labelled.questions.values()]
                ranked = (rankings for _, rankings in search.ranked(texts))
                progress = functools.partial(on_progress, typed.of(name)) if on_progress else None
                measured[typed.of(name)] = _measure(labelled.gains, ids, ranked, progress)
    return measured


def measure_cases(
    split: str,
    cases: Sequence[Case],
    engine: Engine,
    on_progress: Callable[[str, int, int], None] | None = None,
    *,
    marks: Sequence[Marks] = (Marks.AS_TYPED,),
) -> Measured:
    """Return how well our own questions find a chunk that holds the gold evidence.

    Only questions in full marks whose evidence is a chunk of its own count: what the head of a plan
    says is looked up, not searched.
    """
    chunks = engine.index.chunks
    at_place: dict[tuple[str, str, str], list[str]] = {}
    for chunk in chunks:
        at_place.setdefault((chunk.plan_id, chunk.kind, chunk.locator), []).append(chunk.id)
    asked: list[Case] = []
    gains: dict[str, dict[str, float]] = {}
    for case in cases:
        gold = {
            chunk: 1.0
            for place in case.expect.citations
            for locator in place.locators
            for chunk in at_place.get((place.plan, place.kind, locator), ())
        }
        if gold and case.manner not in (Manner.UNMARKED, Manner.HALF_MARKED):
            asked.append(case)
            gains[case.id] = gold
    ids = [chunk.id for chunk in chunks]
    measured: Measured = {}
    for typed in marks:
        ranked = (engine.ranked(typed.apply(case.question), case.filters) for case in asked)
        progress = functools.partial(on_progress, typed.of(split)) if on_progress else None
        measured[typed.of(split)] = _measure(gains, ids, ranked, progress)
    return measured


def render_retrieval(measured: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Return the figures as a table, one block a set."""
    lines = []
    for name, rankings in measured.items():
        lines.append(f"{name:<28}" + "".join(f"{metric:>10}" for metric in METRICS))
        for ranking, figures in rankings.items():
            shown = "".join(f"{figures[metric]:>10.3f}" for metric in METRICS)
            lines.append(f"  {ranking:<26}" + shown.replace(".", ","))
    return "\n".join(lines) + "\n"


def _measure(
    gains: Mapping[str, Mapping[str, float]],
    ids: Sequence[str],
    ranked: Iterable[Rankings],
    on_progress: Callable[[int, int], None] | None,
) -> dict[str, dict[str, float]]:
    """Return ``{ranking: {metric: mean over the questions}}``; `ids` by position."""
    sums = {ranking: dict.fromkeys(METRICS, 0.0) for ranking in RANKINGS}
    for done, (gain, rankings) in enumerate(zip(gains.values(), ranked, strict=True), 1):
        for name, totals in sums.items():
            found = [ids[one.position] for one in getattr(rankings, name)]
            for metric, score in METRICS.items():
                totals[metric] += score(found, gain)
        if on_progress:
            on_progress(done, len(gains))
    return {
        name: {metric: total / len(gains) for metric, total in totals.items()}
        for name, totals in sums.items()
    }


def _lexical(documents: Sequence[Document], folder: Path) -> Lexical:
    place = folder / "lexical"
    place.mkdir()
    with Lexical.writing(place) as writer:
        for document in documents:
            writer.add(chunk_terms(document.whole), ())
    return Lexical.open(place)


def _dense(
    documents: Sequence[Document], encoder: Encoder, folder: Path
) -> tuple[Dense, list[int]]:
    """Return the vectors of all documents, long ones in pieces, and the document of each vector."""
    texts = []
    owners = []
    for position, document in enumerate(documents):
        for piece in halved_to_fit(document.whole, encoder.count, encoder.longest):
            texts.append(piece)
            owners.append(position)
    with Dense.writing(folder / "dense", encoder.dimensions) as writer:
        for vector in encoder.encode_texts(texts):
            writer.add(vector)
    return Dense.open(folder / "dense"), owners


def _whole(found: Sequence[Found], owners: Sequence[int]) -> list[Found]:
    """Return documents for pieces of them: each by its best piece."""
    best: dict[int, Found] = {}
    for piece in found:
        owner = owners[piece.position]
        best.setdefault(owner, Found(owner, piece.score))
    return list(best.values())[:_DEPTH]


def _half_stripped(word: str, place: int) -> str:
    return strip_marks(word) if zlib.crc32(f"{place} {word}".encode()) % 2 else word


def _id(data: Mapping[str, Any]) -> str:
    return str(data["id"] if "id" in data else data["_id"])


def _json_lines(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(folder, name), 1):
        try:
            data = json.loads(line)
            _id(data)
            data["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise BadSet(folder, f"{name}, dòng {number} không đọc được") from error
        yield data


def _lines(folder: Path, name: str) -> list[str]:
    try:
        text = (folder / name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSet(folder, f"không đọc được {name}") from error
    # Not splitlines: a text may hold characters that it would take for line ends.
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
