"""Two lists become one."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.dense import Found
from search_api.rank import fuse

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
