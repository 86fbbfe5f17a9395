"""The documents plans stand on, from the top down."""

import datetime

from corpus.model import LegalBasis
from search_api.ladder import legal_ladder
from tests.factories import make_plan


def plan_on(id: str, *bases: tuple[str, str, str]):
    plan = make_plan(id=id, bases=[" ".join(basis) for basis in bases])
    made = tuple(
        LegalBasis(basis.span, kind, number, datetime.date(2022, 1, 1), issuer, None)
        for basis, (kind, number, issuer) in zip(plan.bases, bases, strict=True)
    )
    return plan.__class__(**{**{f: getattr(plan, f) for f in plan.__slots__}, "bases": made})


LAW = ("Luật", "74/2014/QH13", "Quốc hội")
PREMIER = ("Quyết định", "2239/QĐ-TTg", "Thủ tướng Chính phủ")
MINISTER = ("Quyết định", "534/QĐ-LĐTBXH", "Bộ trưởng Bộ Lao động")
PROVINCE = ("Nghị quyết", "01/NQ-HĐND", "Hội đồng nhân dân tỉnh")


def test_laws_stand_above_the_premier_and_he_above_ministers_and_provinces():
    ladder = legal_ladder([plan_on("a", PROVINCE, MINISTER, PREMIER, LAW)])
    assert [d.number for d in ladder] == [d[1] for d in (LAW, PREMIER, MINISTER, PROVINCE)]
    assert [d.step for d in ladder] == sorted(d.step for d in ladder)


def test_a_document_two_plans_share_is_one_step_with_both():
    ladder = legal_ladder([plan_on("a", PREMIER), plan_on("b", PREMIER, MINISTER)])
    assert ladder[0].plans == ("a", "b")
    assert len(ladder[0].citations) == 2
    assert ladder[1].plans == ("b",)


def test_a_plan_without_bases_stands_on_nothing():
    assert legal_ladder([make_plan()]) == ()


def test_the_shipped_plan_stands_on_three_documents(engine):
    ranks = [document.rank for document in engine.ladder()]
    assert ranks == ["Thủ tướng Chính phủ", "bộ", "tổng cục, cục"]
