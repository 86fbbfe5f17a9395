"""Sums of vectors by numpy are those that torch makes of the same model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.bags import VectorSums, Vocabulary
from indexer.embed import DEFAULT_FOLDER, SentenceEncoder, open_encoder
from indexer.static import StaticEncoder, open_static, pack
from indexer.training.publish import publish_encoder

TEXTS = [
    "đơn vị nào chủ trì phối hợp với báo chí năm 2024?",
    "Sở Lao động - Thương binh và Xã hội; các cơ sở giáo dục nghề nghiệp. " * 60,
    "hoà bình hoà bình hoà bình",
    "blockchain",
    "",
    "…",
]


@pytest.fixture(scope="module")
def shipped() -> VectorSums:
    return VectorSums.load(DEFAULT_FOLDER)


def test_the_model_that_comes_along_gives_the_vectors_of_sentence_transformers(
    shipped: VectorSums,
) -> None:
    expected = open_static(DEFAULT_FOLDER).encode(TEXTS, normalize_embeddings=True)
    assert np.allclose(shipped.encode(TEXTS), expected, atol=1e-6)


@pytest.mark.parametrize("bits", [4, 8])
@settings(deadline=None, max_examples=40)
@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_any_texts_have_the_vectors_of_torch(bits: int, texts: list[str]) -> None:
    words = ("giáo", "dục", "nghề", "nghiệp", "a", "b")
    vocabulary = Vocabulary(words, 16, np.zeros(0, np.int64), np.zeros(0, np.int64))
    vectors = np.random.default_rng(1).standard_normal((vocabulary.rows, 32)).astype(np.float32)
    packed = pack(vectors, bits)
    module = StaticEncoder(vocabulary, packed, bits)
    expected = module(module.preprocess(texts))["sentence_embedding"].numpy()
    sums = VectorSums(vocabulary, packed.numpy(), bits)
    assert sums.get_embedding_dimension() == module.get_embedding_dimension()
    assert np.allclose(sums.encode(texts), expected, atol=1e-6)


def test_an_index_cannot_tell_which_of_the_two_made_it(tmp_path: Path) -> None:
    words = ("giáo", "dục")
    vocabulary = Vocabulary(words, 4, np.zeros(0, np.int64), np.zeros(0, np.int64))
    vectors = np.random.default_rng(2).standard_normal((vocabulary.rows, 16)).astype(np.float32)
    publish_encoder(vocabulary, vectors, 8, tmp_path)
    by_torch = SentenceEncoder(open_static(tmp_path), "x", "y", {})
    by_numpy = SentenceEncoder(VectorSums.load(tmp_path), "x", "y", {})
    assert by_numpy.fingerprint == by_torch.fingerprint
    assert by_numpy.longest == by_torch.longest
    assert by_numpy.count("giáo dục") == by_torch.count("giáo dục")


def test_a_prompt_of_the_model_is_read_before_the_text(shipped: VectorSums) -> None:
    assert np.array_equal(shipped.encode(["chí"], prompt="báo "), shipped.encode(["báo chí"]))


def test_the_model_that_comes_along_is_read_by_numpy() -> None:
    assert isinstance(open_encoder()._model, VectorSums)


def test_opening_it_loads_neither_torch_nor_transformers() -> None:
    code = (
        "import sys; from indexer.embed import open_encoder;"
        "open_encoder().encode_questions(['ai chủ trì?']);"
        "heavy = ('torch', 'transformers', 'sentence_transformers');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
