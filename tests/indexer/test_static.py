"""The static encoder: its features, its file, and the model that comes along."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import strip_marks, tokenise
from indexer import static, syllables
from indexer.embed import DEFAULT_FOLDER
from indexer.static import StaticEncoder, Vocabulary, is_static, open_static, pack
from indexer.syllables import place_tone, read_syllables, syllable_forms
from indexer.training.publish import publish_encoder

WORDS = ("giáo", "dục", "nghề", "nghiệp", "báo", "chí", "bão", "nghe", "hòa", "bình", "2024")


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    plain = Vocabulary(WORDS, 16, np.zeros(0, np.int64), np.zeros(0, np.int64))
    pair = plain.id_of("giáo") * plain.reach + plain.id_of("dục")
    plain_pair = int(plain.plain_ids[4] * plain.reach + plain.plain_ids[5])
    return Vocabulary(WORDS, 16, np.array([pair]), np.array([plain_pair]))


@pytest.fixture(scope="module")
def vectors(vocabulary: Vocabulary) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((vocabulary.rows, 64)).astype(np.float32)


def rows(vocabulary: Vocabulary, text: str) -> dict[int, float]:
    ids = np.array(vocabulary.ids(text), dtype=np.int64)
    bags = vocabulary.bags(ids, np.array([len(ids)]))
    return dict(zip(bags.rows.tolist(), bags.weights.tolist(), strict=True))


@pytest.mark.parametrize(
    ("written", "placed"),
    [("hoá", "hóa"), ("khoẻ", "khỏe"), ("uỷ", "ủy"), ("thuỵ", "thụy"), ("loè", "lòe")],
)
def test_the_tone_mark_stands_in_one_place(written: str, placed: str) -> None:
    assert place_tone(written) == placed
    assert place_tone(placed) == placed


@pytest.mark.parametrize(
    "syllable", ["quý", "quỳ", "hoàn", "hoả n", "toán", "tuý t", "oa", "hòa", ""]
)
def test_near_misses_keep_their_tone_mark(syllable: str) -> None:
    assert place_tone(syllable) == syllable
    assert not syllables._LATE_TONE.search(syllable)


def test_old_and_new_spelling_have_the_same_features(vocabulary: Vocabulary) -> None:
    assert vocabulary.ids("Hoà bình") == vocabulary.ids("hòa BÌNH")
    assert read_syllables("Uỷ ban") == ["ủy", "ban"]


@given(st.text() | st.text(" \tuỷUỶ_.,/97Ωß\u0301"))
def test_syllables_are_the_tokens_of_a_text_in_both_forms(text: str) -> None:
    forms = [(token.key, place_tone(token.text)) for token in tokenise(text)]
    assert syllable_forms(text) == forms


def test_a_text_has_its_words_its_plain_words_and_its_known_pairs(vocabulary: Vocabulary) -> None:
    found = rows(vocabulary, "giáo dục")
    assert len(found) == 5
    assert vocabulary.first_pair in found


def test_a_pair_is_known_without_its_marks(vocabulary: Vocabulary) -> None:
    assert vocabulary.first_plain_pair in rows(vocabulary, "báo chí")
    assert vocabulary.first_plain_pair in rows(vocabulary, "bão chí")
    assert vocabulary.first_plain_pair not in rows(vocabulary, "chí báo")


def test_a_pair_never_spans_two_texts(vocabulary: Vocabulary) -> None:
    ids = np.array([vocabulary.id_of("giáo"), vocabulary.id_of("dục")])
    bags = vocabulary.bags(ids, np.array([1, 1]))
    assert vocabulary.first_pair not in bags.rows


def test_a_repeated_word_weighs_the_root_of_its_count(vocabulary: Vocabulary) -> None:
    assert rows(vocabulary, "báo báo báo báo")[vocabulary.id_of("báo")] == 2


def test_an_unknown_word_has_a_row_of_its_own_spelling(vocabulary: Vocabulary) -> None:
    assert vocabulary.id_of("blockchain") >= len(WORDS)
    assert vocabulary.id_of("blockchain") == vocabulary.id_of("blockchain")


@pytest.mark.parametrize("bits", [4, 8])
def test_the_packed_sum_is_the_sum_of_the_rows(
    vocabulary: Vocabulary, vectors: np.ndarray, bits: int
) -> None:
    encoder = StaticEncoder(vocabulary, pack(vectors, bits), bits)
    assert encoder.get_embedding_dimension() == 64
    features = rows(vocabulary, "giáo dục nghề nghiệp báo chí")
    expected = sum(weight * vectors[row] for row, weight in features.items())
    expected /= np.linalg.norm(expected)
    got = encoder(encoder.preprocess(["giáo dục nghề nghiệp báo chí"]))["sentence_embedding"][0]
    assert float(np.dot(expected, got.numpy())) > (0.99 if bits == 4 else 0.9999)


def test_a_saved_model_gives_the_same_vectors(
    tmp_path: Path, vocabulary: Vocabulary, vectors: np.ndarray
) -> None:
    publish_encoder(vocabulary, vectors, 8, tmp_path)
    assert is_static(tmp_path)
    texts = ["báo chí 2024", "hoà bình", "", "blockchain"]
    encoder = StaticEncoder(vocabulary, pack(vectors, 8), 8)
    before = encoder(encoder.preprocess(texts))["sentence_embedding"].numpy()
    assert np.array_equal(open_static(tmp_path).encode(texts), before)


def test_a_folder_of_another_kind_is_not_static(tmp_path: Path) -> None:
    assert not is_static(tmp_path)
    (tmp_path / "modules.json").write_text('[{"type": "sentence_transformers.models.Pooling"}]')
    assert not is_static(tmp_path)


def test_no_syllables_give_zeros(vocabulary: Vocabulary, vectors: np.ndarray) -> None:
    encoder = StaticEncoder(vocabulary, pack(vectors, 8), 8)
    embedding = encoder(encoder.preprocess(["", "…", "báo"]))["sentence_embedding"].numpy()
    assert not embedding[:2].any()
    assert np.linalg.norm(embedding[2]) == pytest.approx(1)
    assert not encoder(encoder.preprocess([""]))["sentence_embedding"].numpy().any()


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_any_texts_are_encoded_and_each_alone_alike(texts: list[str]) -> None:
    vocabulary = Vocabulary(WORDS, 16, np.zeros(0, np.int64), np.zeros(0, np.int64))
    weights = np.random.default_rng(0).standard_normal((vocabulary.rows, 16)).astype(np.float32)
    encoder = StaticEncoder(vocabulary, pack(weights, 8), 8)
    together = encoder(encoder.preprocess(texts))["sentence_embedding"].numpy()
    alone = [encoder(encoder.preprocess([text]))["sentence_embedding"].numpy() for text in texts]
    assert np.allclose(together, np.concatenate(alone), atol=1e-5)


@pytest.fixture(scope="module")
def shipped() -> object:
    return open_static(DEFAULT_FOLDER)


def test_the_model_that_comes_along_is_small_and_opens_fast() -> None:
    assert sum(path.stat().st_size for path in DEFAULT_FOLDER.rglob("*")) < 40e6
    began = time.process_time()
    open_static(DEFAULT_FOLDER)
    assert time.process_time() - began < 1


def test_the_model_that_comes_along_puts_meaning_before_chance(shipped: object) -> None:
    question, near, far = shipped.encode(  # type: ignore[attr-defined]
        [
            "đơn vị nào tuyên truyền trên báo chí",
            "Cơ quan báo, đài đăng tin, bài, phóng sự truyền thông",
            "Kiểm tra nồng độ cồn của người lái xe trên đường bộ",
        ]
    )
    assert question @ near > question @ far + 0.1


def test_a_question_without_marks_stays_near_itself(shipped: object) -> None:
    question = "đơn vị nào chủ trì phối hợp với báo chí"
    marked, plain, other = shipped.encode(  # type: ignore[attr-defined]
        [question, strip_marks(question), "kinh phí thực hiện từ ngân sách nhà nước"]
    )
    assert marked @ plain > 0.5 > marked @ other


def test_reach_is_the_base_of_pair_keys(vocabulary: Vocabulary) -> None:
    assert static.Vocabulary(WORDS, 16, vocabulary.pairs, vocabulary.plain_pairs).reach == 27
