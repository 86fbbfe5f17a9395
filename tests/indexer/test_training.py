"""The training recipe, on a handful of pairs."""

from __future__ import annotations

import json
import lzma
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from indexer.static import open_static
from indexer.training import pairs as pairs_module
from indexer.training.__main__ import main
from indexer.training.contrast import Course, contrast, encode, train
from indexer.training.pairs import read_pairs
from indexer.training.start import latent_start
from indexer.training.vary import Habits, Varier
from indexer.training.vocabulary import Limits, choose_vocabulary
from tests.indexer.training_data import write_source

LIMITS = Limits(word=1, pair=2, plain_pair=2, hashed=16)
TOPICS = (
    ("tuyển sinh giáo dục nghề nghiệp", "các trường nhận học viên, học sinh vào học nghề hằng năm"),
    ("phối hợp với báo chí", "đài phát thanh và truyền hình đăng tin, bài, phóng sự"),
    ("kinh phí thực hiện", "ngân sách nhà nước bảo đảm, xã hội hóa theo quy định"),
    ("an toàn giao thông", "xe ô tô, mô tô đi đúng làn đường và đội mũ bảo hiểm"),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_source(folder / "law.jsonl.xz", [pair for pair in TOPICS for _ in range(6)])
    write_source(folder / "wiki.jsonl.xz", list(TOPICS))
    with lzma.open(folder / "admin_texts.jsonl.xz", "wt", encoding="utf-8") as file:
        text = (
            "QUY ĐỊNH\nĐiều 1. Hồ sơ đăng ký\n"
            "Hồ sơ gồm đơn, theo Điều 5. Bản sao giấy tờ và bản cam kết của cơ sở."
        )
        file.write(json.dumps({"path": "a", "text": text}, ensure_ascii=False) + "\n")
    return folder


def test_articles_of_a_document_become_pairs(data: Path) -> None:
    ((short, long),) = pairs_module.read_texts(data / "admin_texts.jsonl.xz")
    assert short == "Hồ sơ đăng ký"
    assert "theo Điều 5. Bản sao" in long


@pytest.mark.parametrize(
    ("line", "opens"),
    [
        ("Điều 5. Hồ sơ", True),
        ("Điều 12a. Hồ sơ", True),
        ("theo Điều 5. Hồ sơ", False),
        ("Điều kiện", False),
    ],
)
def test_only_the_head_of_an_article_opens_it(line: str, opens: bool) -> None:
    assert bool(pairs_module._ARTICLE.match(line)) is opens


def test_reading_again_gives_the_same_from_the_cache(data: Path, tmp_path: Path) -> None:
    first = read_pairs(data, ("law", "wiki"), tmp_path)
    again = read_pairs(data, ("law", "wiki"), tmp_path)
    assert again.words == first.words
    assert np.array_equal(again.sources[1].ids, first.sources[1].ids)
    assert len(first.sources[0]) == 24


def test_headings_repeated_everywhere_are_not_drawn(tmp_path: Path) -> None:
    write_source(
        tmp_path / "law.jsonl.xz", [("Phạm vi điều chỉnh", "Luật này")] * 9 + [("Giá điện", "Giá")]
    )
    (source,) = read_pairs(tmp_path, ("law",), tmp_path).sources
    assert source.telling().tolist() == [9]


@pytest.mark.parametrize("sizes", [((8, 1.0),), ((8, 1.0), (4, 0.5))])
def test_the_written_gradient_is_the_traced_one(sizes: tuple[tuple[int, float], ...]) -> None:
    torch.manual_seed(0)
    questions = torch.randn(6, 8, requires_grad=True)
    texts = torch.randn(6, 8, requires_grad=True)
    log_scale = torch.tensor(1.5, requires_grad=True)
    same = torch.eye(6, dtype=torch.bool)
    same[0, 1] = same[1, 0] = True
    masked = same & ~torch.eye(6, dtype=torch.bool)
    loss = torch.zeros(())
    for size, share in sizes:
        cosine = (
            torch.nn.functional.normalize(questions[:, :size])
            @ torch.nn.functional.normalize(texts[:, :size]).T
        )
        logits = (cosine * log_scale.exp()).masked_fill(masked, -1e9)
        own = torch.arange(6)
        loss = (
            loss
            + share
            * (
                torch.nn.functional.cross_entropy(logits, own)
                + torch.nn.functional.cross_entropy(logits.T, own)
            )
            / 2
        )
    loss.backward()
    got, by_question, by_text, slope = contrast(
        questions.detach(), texts.detach(), same, 1.5, sizes
    )
    assert got == pytest.approx(float(loss.detach()), abs=1e-5)
    assert torch.allclose(by_question, questions.grad, atol=1e-5)
    assert torch.allclose(by_text, texts.grad, atol=1e-5)
    assert slope == pytest.approx(float(log_scale.grad), abs=1e-5)


def test_training_brings_each_question_to_its_text(data: Path, tmp_path: Path) -> None:
    vocabulary, sources = choose_vocabulary(read_pairs(data, ("wiki",), tmp_path), LIMITS)
    start = latent_start(vocabulary, sources, 3, 0, tmp_path)
    start = np.random.default_rng(0).standard_normal((vocabulary.rows, 16)).astype(np.float32)
    course = Course(steps=40, batch=16, rate=0.05, sizes=((16, 1.0), (8, 0.3)))
    varier = Varier(vocabulary, Habits(), np.random.default_rng(0))
    trained = train(vocabulary, sources, start, course, varier, lambda *_: None)
    assert np.mean(trained.losses[-5:]) < np.mean(trained.losses[:5])
    questions = encode(vocabulary, trained.vectors, [sources[0].short(i) for i in range(4)])
    texts = encode(vocabulary, trained.vectors, [sources[0].long(i) for i in range(4)])
    assert (questions @ texts.T).argmax(1).tolist() == [0, 1, 2, 3]


def test_variations_keep_a_pair_together(data: Path, tmp_path: Path) -> None:
    vocabulary, (source,) = choose_vocabulary(read_pairs(data, ("wiki",), tmp_path), LIMITS)
    varier = Varier(
        vocabulary, Habits(unmarked=1.0, framed=0, piece=0, abbreviated=0), np.random.default_rng(0)
    )
    question, text, label = varier.draw(source, 1)
    assert question.tolist() == vocabulary.ids("phoi hop voi bao chi")
    assert text.tolist() == source.long(1).tolist()
    assert label == varier.draw(source, 1)[2] != varier.draw(source, 2)[2]


def test_names_that_have_an_abbreviation_are_abbreviated(data: Path, tmp_path: Path) -> None:
    vocabulary, _ = choose_vocabulary(read_pairs(data, ("wiki",), tmp_path), LIMITS)
    varier = Varier(vocabulary, Habits(), np.random.default_rng(0))
    written = np.array(vocabulary.ids("tuyển sinh giáo dục nghề nghiệp năm"), dtype=np.int32)
    assert varier._abbreviate(written).tolist() == vocabulary.ids("tuyển sinh gdnn năm")


def test_the_recipe_runs_and_repeats_itself_in_another_process(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ["--data", str(data), "--steps", "3", "--batch", "8", "--dimensions", "8", "--out"]
    monkeypatch.setattr(sys, "argv", ["training", *options, str(tmp_path / "one")])
    main()
    subprocess.run(
        [sys.executable, "-m", "indexer.training", *options, tmp_path / "two"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    one, two = tmp_path / "one", tmp_path / "two"
    for path in ("encoder/model.safetensors", "encoder/training.json", "restorer/model.npz"):
        assert (one / path).read_bytes() == (two / path).read_bytes()
    assert "<svg" in (one / "encoder" / "losses.svg").read_text(encoding="utf-8")
    assert open_static(one / "encoder").encode(["báo chí"]).shape == (1, 8)
