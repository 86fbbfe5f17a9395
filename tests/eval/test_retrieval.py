from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.text import strip_marks
from eval.cases import CASES, read_cases
from eval.errors import BadSet
from eval.retrieval import (
    METRICS,
    RANKINGS,
    Marks,
    half_marked,
    measure_cases,
    measure_sets,
    read_set,
    render_retrieval,
)
from search_api.engine import Engine
from tests.fakes import FakeEncoder

DOCUMENTS = {
    "d1": ("Điều 1", "Truyền thông qua mạng viễn thông và internet"),
    "d2": ("Điều 2", "Phối hợp với các cơ quan thông tấn, báo chí"),
    "d3": ("Điều 3", "Nguồn kinh phí từ ngân sách Nhà nước"),
    "d4": ("Chế độ báo cáo", "Các sở, ngành gửi về Ủy ban nhân dân tỉnh"),
}
QUESTIONS = {
    "q1": "truyền thông trên internet",
    "q2": "kinh phí lấy từ đâu",
    "q3": "chế độ báo cáo",
}
LABELS = "q1\td1\t1\nq2\td3\t1\nq3\td4\t1\n"


def write_set(
    folder: Path,
    *,
    labels: str = LABELS,
    documents: dict[str, tuple[str, str]] = DOCUMENTS,
    questions: dict[str, str] = QUESTIONS,
) -> Path:
    folder.mkdir(exist_ok=True)
    corpus = [{"id": i, "title": title, "text": text} for i, (title, text) in documents.items()]
    queries = [{"id": i, "text": text} for i, text in questions.items()]
    for name, lines in (("corpus", corpus), ("queries", queries)):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (folder / "qrels.tsv").write_text(labels, encoding="utf-8")
    return folder


def test_every_ranking_gets_every_metric(tmp_path: Path) -> None:
    measured = measure_sets([write_set(tmp_path / "tiny")], FakeEncoder())
    assert set(measured) == {"tiny"}
    assert tuple(measured["tiny"]) == RANKINGS
    assert all(tuple(figures) == tuple(METRICS) for figures in measured["tiny"].values())


def test_questions_that_share_words_with_their_text_find_it(tmp_path: Path) -> None:
    measured = measure_sets([write_set(tmp_path / "tiny")], FakeEncoder())
    assert all(figures["R@10"] == 1 for figures in measured["tiny"].values())
    assert measured["tiny"]["lexical"]["R@1"] == 1


def test_a_title_is_searched_as_well(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "tiny", labels="q3\td4\t1\n")
    figures = measure_sets([folder], FakeEncoder())["tiny"]
    assert figures["lexical"]["R@1"] == figures["dense"]["R@1"] == 1


def test_a_long_text_is_read_to_its_end(tmp_path: Path) -> None:
    padding = " ".join(f"chữ{number}" for number in range(100))
    long = {"d0": ("", f"{padding} đua ghe ngo"), "d1": ("", padding), "d2": ("", padding[:200])}
    folder = write_set(
        tmp_path / "tiny", documents=long, questions={"q": "đua ghe ngo"}, labels="q\td0\t1\n"
    )
    encoder = FakeEncoder(longest=20)
    assert measure_sets([folder], encoder)["tiny"]["dense"]["R@1"] == 1
    assert max(map(encoder.count, encoder.encoded)) <= 20


def test_recall_is_over_all_relevant_texts(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "tiny", labels="q1\td1\t1\nq1\tnowhere\t1\n")
    assert measure_sets([folder], FakeEncoder())["tiny"]["final"]["R@10"] == 0.5


def test_sets_of_the_same_name_are_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    folders = [write_set(tmp_path / "a" / "tiny"), write_set(tmp_path / "b" / "tiny")]
    assert len(measure_sets(folders, FakeEncoder())) == 2


def test_progress_is_told_for_every_set(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    folder = write_set(tmp_path / "tiny")
    measure_sets([folder], FakeEncoder(), lambda *step: told.append(step))
    assert told == [("tiny", 1, 3), ("tiny", 2, 3), ("tiny", 3, 3)]


@pytest.mark.parametrize(
    "labels",
    [
        "q1\td1\t1\n",
        "query-id\tcorpus-id\tscore\nq1\td1\t1\n",
        "q1\t0\td1\t1\n",
        "q1 d1 1\r\n",
        "q1\td1\t1\nq1\td2\t0\nq9\td1\t1\n",
    ],
)
def test_labels_are_read_in_every_usual_form(tmp_path: Path, labels: str) -> None:
    assert read_set(write_set(tmp_path / "tiny", labels=labels)).gains == {"q1": {"d1": 1.0}}


def test_an_id_with_spaces_stays_whole(tmp_path: Path) -> None:
    labels = "q1\tLuật Viên chức 2010|1\t1\n"
    labelled = read_set(write_set(tmp_path / "tiny", labels=labels))
    assert labelled.gains == {"q1": {"Luật Viên chức 2010|1": 1.0}}


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    documents = {"d1": ("", "một\u2028hai"), "d2": ("", "ba\x85bốn")}
    folder = write_set(tmp_path / "tiny", documents=documents)
    assert [document.id for document in read_set(folder).documents] == ["d1", "d2"]


def test_questions_without_a_label_are_left_out(tmp_path: Path) -> None:
    assert set(read_set(write_set(tmp_path / "tiny", labels="q2\td3\t1\n")).questions) == {"q2"}


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write_set(tmp_path / "tiny")
    (folder / name).unlink()
    with pytest.raises(BadSet, match=name):
        read_set(folder)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl"])
@pytest.mark.parametrize("line", ["{", '{"id": 1}', '{"text": ""}', "[]"])
def test_a_broken_line_is_named(tmp_path: Path, name: str, line: str) -> None:
    folder = write_set(tmp_path / "tiny")
    (folder / name).write_text(line, encoding="utf-8")
    with pytest.raises(BadSet, match=f"{name}, dòng 1"):
        read_set(folder)


@pytest.mark.parametrize("labels", ["", "q9\td1\t1\n", "q1\td1\t0\n"])
def test_a_set_without_any_label_is_refused(tmp_path: Path, labels: str) -> None:
    with pytest.raises(BadSet, match="đáp án"):
        read_set(write_set(tmp_path / "tiny", labels=labels))


def test_a_label_that_is_no_number_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSet, match="dòng 2"):
        read_set(write_set(tmp_path / "tiny", labels="q1\td1\t1\nq1\td2\tcó\n"))


def test_the_table_has_a_line_for_each_ranking(tmp_path: Path) -> None:
    measured = measure_sets([write_set(tmp_path / "tiny")], FakeEncoder())
    lines = render_retrieval(measured).splitlines()
    assert lines[0].split() == ["tiny", *METRICS]
    assert [line.split()[0] for line in lines[1:]] == list(RANKINGS)


def test_questions_can_be_asked_without_marks_and_with_half_of_them(tmp_path: Path) -> None:
    measured = measure_sets([write_set(tmp_path / "tiny")], FakeEncoder(), marks=tuple(Marks))
    assert list(measured) == ["tiny", "tiny.unmarked", "tiny.half_marked"]
    assert measured["tiny.unmarked"]["lexical"]["R@1"] == 1


def test_half_of_the_marks_are_lost_always_the_same_ones() -> None:
    words = " ".join(QUESTIONS.values()).split()
    half = half_marked(" ".join(words)).split()
    lost = [a != b for a, b in zip(words, half, strict=True)]
    assert [strip_marks(word) for word in words] == [strip_marks(word) for word in half]
    assert 0.2 < sum(lost) / len(lost) < 0.8


class Reversed:
    """A reranker that turns every list round."""

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([len(question) + place for place in range(len(texts))], dtype=np.float32)


def test_a_reranker_changes_the_final_ranking_and_no_other(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "tiny")
    plain = measure_sets([folder], FakeEncoder())["tiny"]
    reranked = measure_sets([folder], FakeEncoder(), reranker=Reversed())["tiny"]
    assert plain["final"]["R@1"] == 1
    assert reranked["final"]["R@1"] == 0
    assert all(plain[name] == reranked[name] for name in ("lexical", "dense", "fused"))


def test_our_own_questions_are_measured_on_an_open_index(engine: Engine) -> None:
    cases = read_cases(CASES / "dev.jsonl", engine.plans)[:40]
    told: list[tuple[str, int, int]] = []
    measured = measure_cases(
        "dev", cases, engine, lambda *step: told.append(step), marks=[Marks.AS_TYPED]
    )
    assert tuple(measured["dev"]) == RANKINGS
    assert measured["dev"]["final"]["R@10"] > 0.5
    done, total = told[-1][1:]
    assert done == total < len(cases)
