"""How well the parts of the search rank any labelled set of texts and questions."""

from __future__ import annotations

import functools
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import BadSet
from eval.metrics import ndcg, recall_at, reciprocal_rank
from indexer.dense import Dense, Found
from indexer.embed import Encoder
from indexer.lexical import Lexical
from search_api.rank import fuse
from search_api.restore import SHIPPED, Restorer

# How many of each ranking are fused, as in a search of plans.
_DEPTH = 120
_K = 10
_QUESTIONS_AT_ONCE = 512

RANKINGS = ("lexical", "dense", "fused", "final")
METRICS: Mapping[str, Callable[[Sequence[str], Mapping[str, float]], float]] = {
    "R@1": lambda ranking, gains: recall_at(ranking, gains, 1),
    f"R@{_K}": lambda ranking, gains: recall_at(ranking, gains, _K),
    f"MRR@{_K}": lambda ranking, gains: reciprocal_rank(ranking, gains, _K),
    f"nDCG@{_K}": lambda ranking, gains: ndcg(ranking, gains, _K),
}


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


def measure_sets(
    folders: Sequence[Path],
    encoder: Encoder,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> dict[str, dict[str, dict[str, float]]]:
    """Return ``{set: {ranking: {metric: value}}}``, sets named by their folder.

    `on_progress` is told the set and how many of how many questions are done.
    """
    measured = {}
    for folder in folders:
        labelled = read_set(folder)
        name = folder.resolve().name
        if name in measured:
            name = str(folder)
        progress = functools.partial(on_progress, name) if on_progress else None
        measured[name] = measure(labelled, encoder, progress)
    return measured


def measure(
    labelled: LabelledSet,
    encoder: Encoder,
    on_progress: Callable[[int, int], None] | None = None,
) -> dict[str, dict[str, float]]:
    """Return ``{ranking: {metric: mean over the questions}}``."""
    sums = {ranking: dict.fromkeys(METRICS, 0.0) for ranking in RANKINGS}
    for done, (question, rankings) in enumerate(_rankings(labelled, encoder), 1):
        for name, ranking in rankings.items():
            for metric, score in METRICS.items():
                sums[name][metric] += score(ranking, labelled.gains[question])
        if on_progress:
            on_progress(done, len(labelled.questions))
    return {
        name: {metric: total / len(labelled.questions) for metric, total in totals.items()}
        for name, totals in sums.items()
    }


def render_retrieval(measured: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Return the figures as a table, one block a set."""
    lines = []
    for name, rankings in measured.items():
        lines.append(f"{name:<28}" + "".join(f"{metric:>10}" for metric in METRICS))
        for ranking, figures in rankings.items():
            shown = "".join(f"{figures[metric]:>10.3f}" for metric in METRICS)
            lines.append(f"  {ranking:<26}" + shown.replace(".", ","))
    return "\n".join(lines) + "\n"


def _rankings(
    labelled: LabelledSet, encoder: Encoder
) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield every question's id with the document ids of each ranking, best first."""
    ids = [document.id for document in labelled.documents]
    # As in a search: words are looked up as typed, meaning with the marks that are missing.
    restorer = Restorer.open(SHIPPED)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        lexical = _lexical(labelled.documents, folder)
        dense, owners = _dense(labelled.documents, encoder, folder)
        most_pieces = max(Counter(owners).values())
        names = list(labelled.questions)
        for start in range(0, len(names), _QUESTIONS_AT_ONCE):
            batch = names[start : start + _QUESTIONS_AT_ONCE]
            marked = [restorer.restore(labelled.questions[name]).text for name in batch]
            vectors = encoder.encode_questions(marked)
            for name, vector in zip(batch, vectors, strict=True):
                by_words = lexical.search(labelled.questions[name], _DEPTH)
                by_meaning = _whole(dense.search(vector, _DEPTH * most_pieces), owners)
                fused = fuse(by_words, by_meaning)
                found = {"lexical": by_words, "dense": by_meaning, "fused": fused, "final": fused}
                yield (
                    name,
                    {
                        ranking: [ids[one.position] for one in found[ranking]]
                        for ranking in RANKINGS
                    },
                )


def _lexical(documents: Sequence[Document], folder: Path) -> Lexical:
    place = folder / "lexical"
    place.mkdir()
    with Lexical.writing(place) as writer:
        for document in documents:
            writer.add(document.whole, "", ())
    return Lexical.open(place)


def _dense(
    documents: Sequence[Document], encoder: Encoder, folder: Path
) -> tuple[Dense, list[int]]:
    """Return the vectors of all documents, long ones in pieces, and the document of each vector."""
    texts = []
    owners = []
    for position, document in enumerate(documents):
        for piece in _readable(document.whole, encoder):
            texts.append(piece)
            owners.append(position)
    with Dense.writing(folder / "dense", encoder.dimensions) as writer:
        for vector in encoder.encode_texts(texts):
            writer.add(vector)
    return Dense.open(folder / "dense"), owners


def _readable(text: str, encoder: Encoder) -> Iterator[str]:
    """Yield `text`, halved between words until the encoder reads every piece to its end."""
    words = text.split()
    if len(words) < 2 or encoder.count(text) <= encoder.longest:
        yield text
        return
    middle = len(words) // 2
    yield from _readable(" ".join(words[:middle]), encoder)
    yield from _readable(" ".join(words[middle:]), encoder)


def _whole(found: Sequence[Found], owners: Sequence[int]) -> list[Found]:
    """Return documents for pieces of them: each by its best piece."""
    best: dict[int, Found] = {}
    for piece in found:
        owner = owners[piece.position]
        best.setdefault(owner, Found(owner, piece.score))
    return list(best.values())[:_DEPTH]


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
