"""Sentences and words stay where they are in the text."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.segment import segmented, sentences, words

TEXTS = st.text(
    alphabet=st.sampled_from('aăâbcdđeêghiknoôơuưxyáàảãạếề ABĐ .,;:!?-–/()\t\n"…0123456789_&é🙂'),
    max_size=80,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Sở Lao động - Thương binh và Xã hội chủ trì",
            ["Sở", "Lao động", "-", "Thương binh", "và", "Xã hội", "chủ trì"],
        ),
        ("Sở Giáo dục và Đào tạo", ["Sở", "Giáo dục", "và", "Đào tạo"]),
        ("các cơ quan thông tấn", ["các", "cơ quan", "thông tấn"]),
        ("", []),
    ],
)
def test_words_of_the_names_of_units_are_cut_at_their_borders(
    text: str, expected: list[str]
) -> None:
    assert [span.of(text) for span in words(text)] == expected


def test_words_keep_the_tone_marks_as_they_were_typed() -> None:
    text = "UBND tỉnh Hoà Bình và Uỷ ban"
    assert "Hoà Bình" in [span.of(text) for span in words(text)]


def test_segmented_text_joins_the_syllables_of_a_word() -> None:
    assert segmented("truyền thông về giáo dục") == "truyền_thông về giáo_dục"


def test_no_word_goes_from_one_cell_into_the_next() -> None:
    text = "giáo\tdục"
    assert [span.of(text) for span in words(text)] == ["giáo", "dục"]


def test_a_sentence_does_not_end_after_an_abbreviation_or_inside_a_date() -> None:
    text = "UBND TP. Hồ Chí Minh gửi báo cáo trước 20.11.2024. Sở Tài chính tổng hợp."
    assert [span.of(text) for span in sentences(text)] == [
        "UBND TP. Hồ Chí Minh gửi báo cáo trước 20.11.2024.",
        "Sở Tài chính tổng hợp.",
    ]


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_sentences_hold_every_character_that_is_not_blank_once(text: str) -> None:
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_words_are_in_order_and_lose_nothing(text: str) -> None:
    spans = words(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())


def test_words_are_found_without_importing_the_whole_of_underthesea() -> None:
    code = (
        "import sys; from indexer.segment import words; words('giáo dục');"
        "print('underthesea.pipeline.word_tokenize' in sys.modules,"
        " 'underthesea.pipeline.classification' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "False"]


def test_the_first_words_may_be_asked_for_by_many_at_once():
    code = """
import threading
from concurrent.futures import ThreadPoolExecutor
from indexer.segment import sentences, words
together = threading.Barrier(8)
def ask(number):
    together.wait()
    return len(sentences("Sở Y tế. Sở Tài chính.")), len(words("Sở Tài chính"))
with ThreadPoolExecutor(8) as pool:
    print(set(pool.map(ask, range(8))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{(2, 2)}"
