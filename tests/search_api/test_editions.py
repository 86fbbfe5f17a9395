"""A plan that has given way to another edition stays reachable, and does not answer unasked."""

from __future__ import annotations

import pytest

from indexer.build import build_index
from search_api.engine import Engine
from search_api.model import Filters
from tests.fakes import FakeEncoder

_PLAN = """**Số: {number}/KH-UBND**

Kiên Giang, ngày {day} tháng 3 năm {year}

**KẾ HOẠCH**

**Truyền thông về giáo dục nghề nghiệp năm {year} trên địa bàn tỉnh Kiên Giang**

**I. NGUỒN KINH PHÍ**

1. Kinh phí {money}. {last}
"""


@pytest.fixture(scope="module")
def replaced(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("plans")
    for name, values in {
        "old.md": {
            "number": 97,
            "day": 30,
            "year": 2023,
            "money": "từ ngân sách huyện",
            "last": "",
        },
        "new.md": {
            "number": 12,
            "day": 15,
            "year": 2024,
            "money": "từ ngân sách tỉnh",
            "last": "Kế hoạch này thay thế Kế hoạch số 97/KH-UBND ngày 30/3/2023.",
        },
    }.items():
        (folder / name).write_text(_PLAN.format(**values), encoding="utf-8")
    build_index([folder], folder / "index", FakeEncoder())
    return Engine.open(folder / "index", FakeEncoder())


def cited(engine: Engine, question: str, filters: Filters | None = None) -> set[str | None]:
    return {citation.plan_number for citation in engine.ask(question, filters).citations}


def test_the_plan_that_replaces_another_answers_alone(replaced: Engine) -> None:
    assert cited(replaced, "Kinh phí lấy từ đâu?") == {"12/KH-UBND"}


def test_the_replaced_plan_answers_when_it_is_named(replaced: Engine) -> None:
    assert cited(replaced, "Kinh phí theo kế hoạch 97/KH-UBND lấy từ đâu?") == {"97/KH-UBND"}
    old = next(plan.id for plan in replaced.plans.values() if plan.number == "97/KH-UBND")
    answer = replaced.ask("Kinh phí lấy từ đâu?", Filters(plans=(old,)))
    assert {citation.plan_id for citation in answer.citations} == {old}
    assert answer.coverage.note is not None
    assert "12/KH-UBND" in answer.coverage.note


def test_a_search_leaves_the_replaced_plan_out_unless_it_is_named(replaced: Engine) -> None:
    found = replaced.search("ngân sách huyện")
    assert {hit.citation.plan_number for hit in found.hits} == {"12/KH-UBND"}
    named = replaced.search("ngân sách huyện", Filters(plans=("97/KH-UBND",)))
    assert {hit.citation.plan_number for hit in named.hits} == {"97/KH-UBND"}


def test_every_edition_stays_listed(replaced: Engine) -> None:
    assert len(replaced.plans) == 2
    assert len(replaced.index.superseded) == 1


def test_the_shipped_plans_have_one_edition_each(engine: Engine) -> None:
    assert engine.index.superseded == {}
