"""A cross-encoder is opened by name, reads long texts to their end, and refuses in Vietnamese."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.errors import RerankerUnavailable
from indexer.rerank import open_reranker
from tests.models import TEXTS, save_cross_encoder, save_model

QUESTION = "đơn vị nào bố trí kinh phí"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("cross"))


def test_every_text_gets_the_score_that_the_library_gives_the_pair(folder: Path) -> None:
    from sentence_transformers import CrossEncoder

    expected = CrossEncoder(str(folder), device="cpu").predict([(QUESTION, t) for t in TEXTS])
    scores = open_reranker(str(folder)).scores(QUESTION, TEXTS)
    assert scores.dtype == np.float32
    assert np.allclose(scores, expected, atol=1e-6)
    assert len(set(scores.tolist())) == len(TEXTS)


def test_no_texts_have_no_scores(folder: Path) -> None:
    assert open_reranker(str(folder)).scores(QUESTION, []).shape == (0,)


def test_a_text_longer_than_the_window_counts_as_its_best_piece(folder: Path) -> None:
    reranker = open_reranker(str(folder))
    long = " ".join(TEXTS * 4)
    whole = float(reranker.scores(QUESTION, [long])[0])
    words = long.split()
    halves = [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]
    assert whole == pytest.approx(float(reranker.scores(QUESTION, halves).max()), abs=1e-6)


def test_an_endless_question_still_leaves_room_for_the_text(folder: Path) -> None:
    reranker = open_reranker(str(folder))
    assert np.isfinite(reranker.scores(" ".join(TEXTS * 9), TEXTS)).all()


def test_a_model_trained_on_segmented_words_gets_segmented_words(tmp_path: Path) -> None:
    reranker = open_reranker(str(save_cross_encoder(tmp_path, segmented=True)))
    assert reranker._segmented
    assert np.isfinite(reranker.scores("báo chí", TEXTS)).all()


@pytest.mark.parametrize("name", ["/khong/co/thu/muc", "./khong-co", "khong-co/mo-hinh-nay"])
def test_a_reranker_that_is_not_there_is_refused_in_vietnamese(name: str) -> None:
    with pytest.raises(RerankerUnavailable, match="KEHOACH_RERANKER"):
        open_reranker(name, local=True)


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(RerankerUnavailable, match="Không dùng được"):
        open_reranker(str(tmp_path))


def test_a_model_that_only_makes_vectors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RerankerUnavailable, match="cross-encoder"):
        open_reranker(str(save_model(tmp_path)))


def test_a_model_with_more_than_one_score_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RerankerUnavailable, match="3 số"):
        open_reranker(str(save_cross_encoder(tmp_path, labels=3)))
