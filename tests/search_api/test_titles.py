"""Titles tell which plans a question is about."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.catalogue import PlanHead
from search_api.titles import Titles
from tests.factories import make_plan

TITLES = ("Kế hoạch chuyển đổi số", "Kế hoạch an toàn thực phẩm", "Kế hoạch chuyển đổi số cấp xã")
ALL = np.ones(3, dtype=np.bool_)


@pytest.fixture(scope="module")
def titles() -> Titles:
    return Titles(
        PlanHead.of(make_plan(id=str(number), title=title)) for number, title in enumerate(TITLES)
    )


@pytest.mark.parametrize(
    ("terms", "most", "plans"),
    [
        ({"chuyen doi", "doi so"}, 2, [0, 2]),
        ({"chuyen doi", "doi so", "cap xa"}, 3, [2]),
        ({"ke hoach"}, 0, [0, 1, 2]),
        ({"giao thong"}, 0, [0, 1, 2]),
    ],
)
def test_plans_whose_titles_have_most_of_the_terms_are_told(titles, terms, most, plans):
    assert titles.telling(terms, ALL) == (most, plans)


def test_only_the_plans_in_question_are_told(titles):
    assert titles.telling({"chuyen doi"}, np.array([True, True, False])) == (1, [0])


def test_words_that_every_title_in_question_has(titles):
    assert titles.in_all(ALL) == {"ke", "hoach"}
    assert titles.in_all(np.array([True, False, True])) == {"ke", "hoach", "chuyen", "doi", "so"}
    assert titles.in_all(np.zeros(3, dtype=np.bool_)) == frozenset()
