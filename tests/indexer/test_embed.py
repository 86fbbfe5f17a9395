"""Any sentence-transformers model is loaded with its prompts, its window and its segmentation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from indexer.chunk import chunk_plan, embedded_text
from indexer.embed import SentenceEncoder, _prompts_by_name, open_encoder, reads_segmented
from indexer.errors import EncoderUnavailable
from tests.factories import make_plan, make_row, make_section
from tests.fakes import FakeEncoder
from tests.models import TEXTS, WINDOW, save_model


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    prompts = {"query": "query: ", "document": "passage: "}
    return save_model(tmp_path_factory.mktemp("bert"), prompts=prompts)


@pytest.fixture(scope="module")
def phobert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("phobert"), roberta=True, declared=None)


def test_vectors_are_unit_float32_one_for_each_text(bert: Path) -> None:
    encoder = open_encoder(str(bert))
    vectors = encoder.encode_texts(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, encoder.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode_texts([]).shape == (0, encoder.dimensions)


def test_a_text_and_a_question_get_the_prompts_of_the_model(bert: Path) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = open_encoder(str(bert))
    plain = SentenceTransformer(str(bert), device="cpu")
    expected = plain.encode(["passage: báo chí", "query: báo chí"], normalize_embeddings=True)
    assert np.allclose(encoder.encode_texts(["báo chí"])[0], expected[0], atol=1e-5)
    assert np.allclose(encoder.encode_questions(["báo chí"])[0], expected[1], atol=1e-5)
    assert not np.allclose(expected[0], expected[1], atol=1e-3)


def test_a_model_of_a_family_with_prompts_gets_them_by_its_name(tmp_path: Path) -> None:
    folder = save_model(tmp_path).rename(tmp_path / "multilingual-e5-small")
    encoder = open_encoder(str(folder))
    question, text = encoder.encode_questions(["báo chí"]), encoder.encode_texts(["báo chí"])
    assert not np.allclose(question, text, atol=1e-3)


def test_a_model_without_prompts_reads_questions_as_texts(phobert: Path) -> None:
    encoder = open_encoder(str(phobert))
    assert np.allclose(encoder.encode_questions(TEXTS), encoder.encode_texts(TEXTS), atol=1e-6)


def test_the_window_leaves_room_for_special_tokens_and_prompt(bert: Path) -> None:
    encoder = open_encoder(str(bert))
    prompt = max(encoder.count("query: "), encoder.count("passage: "))
    assert encoder.longest == WINDOW - 2 - prompt


def test_the_window_is_never_wider_than_the_model_has_positions(phobert: Path) -> None:
    encoder = open_encoder(str(phobert))
    assert encoder.longest == WINDOW - 2 - 2  # two padded positions, two special tokens
    encoder.encode_texts(["giáo_dục " * 500])  # does not fall over


def test_what_fits_by_the_count_is_read_to_its_last_word(bert: Path) -> None:
    encoder = open_encoder(str(bert))
    words = ["báo"] * 60
    while encoder.count(" ".join(words)) > encoder.longest:
        words.pop()
    fits, changed = " ".join(words), " ".join([*words[:-1], "kinh"])
    assert encoder.count(fits) == encoder.longest
    assert not np.allclose(encoder.encode_texts([fits]), encoder.encode_texts([changed]), atol=1e-6)


def test_a_model_of_joined_syllablesreads_segmented_text(phobert: Path) -> None:
    encoder = open_encoder(str(phobert))
    assert encoder.count("truyền thông về giáo dục nghề nghiệp") == 4
    apart = encoder.encode_texts(["truyền thông về giáo dục"])
    joined = encoder.encode_texts(["truyền_thông về giáo_dục"])
    assert np.allclose(apart, joined, atol=1e-6)


def test_a_model_of_plain_syllables_reads_plain_text(bert: Path) -> None:
    assert open_encoder(str(bert)).count("giáo dục") >= 2


def test_a_folder_may_say_how_it_wants_to_be_used(tmp_path: Path) -> None:
    folder = save_model(tmp_path)
    (folder / "kehoach.json").write_text(
        json.dumps({"segmented": True, "prompts": {"query": "báo chí "}}), encoding="utf-8"
    )
    encoder = open_encoder(str(folder))
    assert not np.allclose(encoder.encode_questions(TEXTS), encoder.encode_texts(TEXTS), atol=1e-3)


def test_the_fingerprint_stays_until_the_weights_or_the_use_change(tmp_path: Path) -> None:
    folder = save_model(tmp_path)
    first = open_encoder(str(folder)).fingerprint
    (folder / "README.md").write_text("other words", encoding="utf-8")
    assert open_encoder(str(folder)).fingerprint == first
    (folder / "kehoach.json").write_text('{"prompts": {"query": "hỏi: "}}', encoding="utf-8")
    assert open_encoder(str(folder)).fingerprint != first


def test_chunks_of_a_plan_fit_the_window_of_a_small_model(tmp_path: Path) -> None:
    folder = save_model(tmp_path, positions=96, declared=96)
    encoder: SentenceEncoder = open_encoder(str(folder))
    plan = make_plan(
        sections=[make_section("I", "MỤC TIÊU", " ".join(TEXTS * 8))],
        rows=[make_row(activity=TEXTS[0] * 6, lead=TEXTS[1], product=TEXTS[2])],
    )
    chunks = chunk_plan(plan, encoder.longest, encoder.count)
    assert len(chunks) > 8
    assert all(encoder.count(embedded_text(chunk, plan)) <= encoder.longest for chunk in chunks)


@pytest.mark.parametrize("name", ["/khong/co/thu/muc", "./khong-co", "khong-co/mo-hinh-nay"])
def test_a_model_that_is_not_there_is_refused_in_vietnamese(name: str) -> None:
    with pytest.raises(EncoderUnavailable, match="KEHOACH_ENCODER"):
        open_encoder(name, local=True)


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(EncoderUnavailable, match="Không nạp được"):
        open_encoder(str(tmp_path))


def test_the_fake_puts_texts_that_share_words_near_each_other() -> None:
    vectors = FakeEncoder().encode_texts(["cơ quan báo chí", "báo chí", "kinh phí hằng năm"])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


@pytest.mark.parametrize(
    ("name", "prompts"),
    [
        ("intfloat/multilingual-e5-small", True),
        ("e5-base-vi", True),
        ("BAAI/bge-base-en-v1.5", True),
        ("BAAI/bge-m3", False),
        ("made5-easy", False),
        ("bkai-foundation-models/vietnamese-bi-encoder", False),
    ],
)
def test_families_with_prompts_are_known_by_name(name: str, prompts: bool) -> None:
    assert bool(_prompts_by_name(name)) is prompts


@pytest.mark.parametrize(
    ("words", "segmented"),
    [
        (["giáo_dục", "nghề_nghiệp", "sở"], True),
        (["▁giáo", "▁dục", "_", "__", "<s>", "</s>", "_sở", "a_"], False),
        (["giáo_dục", *map(str, range(500))], False),
    ],
)
def test_a_vocabulary_of_joined_syllables_is_told_by_its_words(
    words: list[str], segmented: bool
) -> None:
    class Words:
        def get_vocab(self) -> dict[str, int]:
            return {word: number for number, word in enumerate(words)}

    assert reads_segmented(Words()) is segmented
