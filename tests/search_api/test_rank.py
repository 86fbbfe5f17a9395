"""Two lists become one, and its best are read again."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.dense import Found
from search_api.rank import fuse, rank

LISTS = st.lists(
    st.builds(Found, st.integers(0, 30), st.floats(-5, 50)), max_size=12, unique_by=lambda f: f[0]
)


@given(LISTS, LISTS, st.floats(0, 1))
def test_a_fused_list_is_the_union_best_first_in_0_to_1(lexical, dense, share):
    fused = fuse(lexical, dense, share)
    assert {f.position for f in fused} == {f.position for f in (*lexical, *dense)}
    assert [f.score for f in fused] == sorted((f.score for f in fused), reverse=True)
    assert all(-1e-9 <= f.score <= 1 + 1e-9 for f in fused)


def test_the_best_of_both_lists_is_best():
    fused = fuse([Found(1, 9.0), Found(2, 1.0)], [Found(1, 0.9), Found(3, 0.1)])
    assert fused[0] == Found(1, 1.0)


def test_with_no_share_the_dense_list_only_adds():
    fused = fuse([Found(1, 2.0), Found(2, 1.0)], [Found(2, 0.9), Found(3, 0.1)], dense_share=0)
    assert fused[0].position == 1


def test_equal_scores_are_ordered_by_position():
    assert [f.position for f in fuse([Found(7, 1.0), Found(3, 1.0)], [])] == [3, 7]


class Shortest:
    """A reranker for which the shorter text is the better one."""

    def scores(self, question, texts):
        return np.array([len(question) - len(text) for text in texts], dtype=np.float32)


def text_of(position: int) -> str:
    return "chữ " * (100 - position)


@given(LISTS, LISTS)
def test_without_a_reranker_the_fused_list_is_shown(lexical, dense):
    ranked = rank(lexical, dense, "chữ gì", text_of)
    assert ranked.final == ranked.fused


def test_a_reranker_has_the_last_word_and_scores_stay_with_the_places():
    lexical = [Found(1, 9.0), Found(2, 5.0), Found(3, 1.0)]
    ranked = rank(lexical, [], "chữ gì", text_of, Shortest())
    assert [f.position for f in ranked.fused] == [1, 2, 3]
    assert [f.position for f in ranked.final] == [3, 2, 1]
    assert [f.score for f in ranked.final] == [f.score for f in ranked.fused]


def test_only_the_first_forty_are_ranked_again():
    lexical = [Found(position, 100.0 - position) for position in range(60)]
    final = rank(lexical, [], "chữ gì", text_of, Shortest()).final
    assert [f.position for f in final] == [*range(39, -1, -1), *range(40, 60)]
