"""Two plans side by side, row by row."""

import pytest


@pytest.fixture(scope="module")
def comparison(engine):
    return engine.compare(("Bình Thuận", "Kiên Giang"))[0]


def test_the_activities_of_one_plan_are_paired_with_those_of_the_other(comparison):
    pairs = [(p.one.fields["ordinal"], p.other.fields["ordinal"]) for p in comparison.pairs]
    assert pairs == [
        ("1", "2"), ("2", "3"), ("3", "5"), ("4", "6"),
        ("5", "8"), ("6", "10"), ("7", "8.2"), ("8", "7"),
    ]  # fmt: skip


def test_what_only_one_has_is_told(comparison):
    assert comparison.only_one == ()
    assert [side.fields["ordinal"] for side in comparison.only_other] == ["1", "4", "9", "11"]


def test_a_column_is_either_different_or_the_same(comparison):
    for pair in comparison.pairs:
        assert not set(pair.differs) & set(pair.same)
        assert "years" in (*pair.differs, *pair.same)


def test_a_blank_column_can_be_taken_from_the_other_plan(comparison):
    could = [
        (p.other.fields["ordinal"], t["column"], t["from"])
        for p in comparison.pairs
        for t in p.could_take
    ]
    assert ("10", "product", "Bình Thuận") in could


def test_every_unit_of_a_side_stands_in_the_plan(engine, comparison):
    for pair in comparison.pairs:
        for side in (pair.one, pair.other):
            text = engine.plans[side.citation.plan_id].text
            assert all(unit in text for unit in side.fields["lead"])


def test_with_a_topic_only_its_rows_are_compared(engine):
    (about,) = engine.compare(("Bình Thuận", "Kiên Giang"), topic="báo chí")
    assert ("3", "5") in [(p.one.fields["ordinal"], p.other.fields["ordinal"]) for p in about.pairs]
    assert len(about.pairs) < 8
