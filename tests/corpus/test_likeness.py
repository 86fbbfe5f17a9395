"""How alike two texts are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.likeness import Likeness

TEXTS = ("Tuyên truyền trên báo chí", "Tuyên truyền trên mạng", "Xây dựng pa-nô")
WORDS = st.lists(st.sampled_from(" ".join(TEXTS).split()), max_size=8).map(" ".join)


@given(WORDS, WORDS)
def test_likeness_is_a_share_and_the_same_both_ways(one, other):
    likeness = Likeness.of(TEXTS)
    assert 0 <= likeness.between(one, other) <= 1
    assert likeness.between(one, other) == pytest.approx(likeness.between(other, one))


@given(WORDS.filter(bool))
def test_a_text_is_wholly_like_itself(text):
    assert Likeness.of(TEXTS).between(text, text) == pytest.approx(1)


def test_what_all_texts_say_counts_little():
    likeness = Likeness.of(TEXTS)
    assert likeness.coverage("Tuyên truyền mạng", "Tuyên truyền") < 0.6
    assert likeness.weights["mang"] > likeness.weights["tuyen"]
    assert likeness.between(TEXTS[0], TEXTS[2]) == 0


def test_coverage_asks_how_much_of_one_the_other_has():
    likeness = Likeness.of(TEXTS)
    assert likeness.coverage("báo chí", TEXTS[0]) == pytest.approx(1)
    assert likeness.coverage(TEXTS[0], "báo chí") < 1


@given(WORDS, WORDS)
def test_the_overlap_of_two_texts_is_the_greater_of_their_coverages(one, other):
    likeness = Likeness.of(TEXTS)
    coverages = likeness.coverage(one, other), likeness.coverage(other, one)
    assert likeness.overlap(one, other) == max(coverages)


def test_marks_and_capitals_do_not_matter():
    assert Likeness.of(TEXTS).between("TUYEN TRUYEN", "tuyên truyền") == pytest.approx(1)


def test_nothing_is_like_nothing():
    assert Likeness.of(()).between("", "") == 0


def test_a_matrix_holds_every_pair():
    assert Likeness.of(TEXTS).matrix(TEXTS[:2], TEXTS).shape == (2, 3)
