"""Made plans are repeatable, say that they are made, and are read as real ones are."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.model import Role
from eval.synthetic import MARK, make_plan, read_plan_of, write_plans


def test_a_plan_is_the_same_each_time_and_another_for_another_seed():
    assert make_plan(3) == make_plan(3)
    assert make_plan(3) != make_plan(3, seed=1)
    assert make_plan(3).text != make_plan(4).text


@pytest.mark.parametrize("number", range(5))
def test_every_plan_says_in_its_text_that_it_is_made(number):
    assert MARK in make_plan(number).text


@pytest.mark.parametrize("number", range(3))
def test_a_made_plan_is_read_whole(tmp_path: Path, number: int):
    made = make_plan(number)
    (path,) = write_plans(tmp_path, 1, first=number)
    plan = read_plan_of(path)
    assert plan.number == made.known[0].number
    assert plan.province is not None
    assert plan.period is not None
    assert [row.ordinal for row in plan.rows] == [item.ordinal for item in made.known]
    assert len(plan.sections) == 4


def test_a_known_item_is_about_its_row(tmp_path: Path):
    made = make_plan(0)
    (path,) = write_plans(tmp_path, 1)
    plan = read_plan_of(path)
    for item, row in zip(made.known, plan.rows, strict=True):
        assert item.activity == row.text_of(Role.ACTIVITY)
