import json

import pytest

from corpus.archive import pack_plan, read_plan, unpack_plan, write_plan
from tests.factories import make_plan, make_row, make_section


@pytest.fixture
def plan():
    return make_plan(
        bases=["Căn cứ Luật Ngân sách nhà nước;"],
        sections=[make_section("I", "MỤC TIÊU", "Nâng cao.", [make_section("1", "Chung")])],
        recipients=["Bộ Nội vụ"],
        signatory="Nguyễn Lưu Trung",
        rows=[make_row("1", years=(2023, 2025)), make_row("1.1")],
        page_starts=(0, 40),
    )


def test_a_plan_is_read_as_it_was_written(plan):
    assert read_plan(write_plan(plan)) == plan


def test_a_packed_plan_is_unpacked_as_it_was(plan):
    assert unpack_plan(pack_plan(plan)) == plan


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xc1", b"plan"])
def test_anything_else_is_not_unpacked(data):
    with pytest.raises(ValueError, match=r"."):
        unpack_plan(data)


def test_a_plan_that_says_nothing_is_read_as_it_was_written():
    plan = make_plan(number=None, title="", province=None, period=None)
    assert read_plan(write_plan(plan)) == plan


def test_vietnamese_is_written_as_people_read_it(plan):
    assert "Nguyễn Lưu Trung" in write_plan(plan)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"id": 1}', "null"])
def test_anything_else_is_refused(text):
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_plan(text)


def test_a_span_that_ends_before_it_begins_is_refused(plan):
    data = json.loads(write_plan(plan))
    data["recipients"] = [[5, 2]]
    with pytest.raises(ValueError, match="not a span"):
        read_plan(json.dumps(data))
