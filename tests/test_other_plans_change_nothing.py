"""A question about some plans is answered alike, whatever else the index holds."""

from __future__ import annotations

import pytest

from eval.cases import CASES, made_plans, read_cases
from indexer.build import build_index
from search_api.engine import Engine
from search_api.model import Filters, Reason
from tests.conftest import SHIPPED_PLANS


@pytest.fixture(scope="module")
def among_others(tmp_path_factory, encoder) -> Engine:
    folder = tmp_path_factory.mktemp("among-others") / "index"
    build_index([SHIPPED_PLANS, made_plans("varied")], folder, encoder)
    return Engine.open(folder, encoder)


def told(answer):
    cited = sorted((citation.plan_id, citation.locator) for citation in answer.citations)
    return answer.status, answer.reason, sorted(answer.values), cited


def test_questions_about_the_shipped_plans(engine, among_others):
    of_shipped = Filters(plans=tuple(engine.plans))
    cases = [
        case
        for case in read_cases(CASES / "dev.jsonl", engine.plans)
        if case.filters == Filters()
        and Reason.PROVINCE_NOT_IN_CORPUS not in (case.expect.reasons or ())
    ]
    assert len(cases) > 500
    differing = [
        case.question
        for case in cases
        if told(engine.ask(case.question)) != told(among_others.ask(case.question, of_shipped))
    ]
    assert differing == []


@pytest.mark.parametrize(
    "question",
    [
        "Lịch tiêm vắc xin cho học sinh THCS ở Kiên Giang?",
        "Ở Bình Thuận ai chủ trì diễn tập chữa cháy rừng?",
        "Kiên Giang hỗ trợ bao nhiêu hộ nghèo xây nhà?",
    ],
)
def test_what_only_other_provinces_do_is_not_answered_from_this_one(question, among_others):
    assert not among_others.ask(question).citations
