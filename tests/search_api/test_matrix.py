"""Every duty of a unit, from rows and from clauses."""

import pytest

from search_api.matrix import roles_of_clause


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Chủ trì, phối hợp với các sở triển khai Kế hoạch", ("chủ trì", "phối hợp")),
        ("Bố trí kinh phí thực hiện", ("bố trí kinh phí",)),
        ("Bố trí cán bộ. Kinh phí tự lo", ("thực hiện",)),
        ("Theo dõi, đôn đốc, tổng hợp, báo cáo", ("kiểm tra", "tổng hợp", "báo cáo")),
        ("Đăng tin trên báo cáo bạch", ("báo cáo",)),
        ("Tuyên truyền trên báo chí", ("thực hiện",)),
        ("Phù hợp với tình hình", ("thực hiện",)),
    ],
)
def test_a_clause_gives_the_roles_its_verbs_say(text, roles):
    assert roles_of_clause(text) == roles


def test_every_row_that_names_a_unit_is_a_duty_of_it(engine):
    duties = engine.duties("sở ldtbxh")
    rows = {
        (plan.id, row.ordinal)
        for plan in engine.plans.values()
        for row in plan.rows
        if "Sở Lao động - Thương binh và Xã hội" in row.span.of(plan.text)
    }
    found = {(d.citation.plan_id, d.citation.locator) for d in duties.named}
    assert rows <= found


def test_duties_through_a_collective_are_kept_apart_and_say_which(engine):
    duties = engine.duties("Sở Tài chính")
    assert all(duty.through is None for duty in duties.named)
    assert all(duty.through for duty in duties.through_collectives)
    assert all("VIII.3" in duty.citation.locator for duty in duties.named)


def test_a_duty_quotes_its_words(engine):
    for duty in engine.duties("Sở Tài chính").named:
        assert duty.text in duty.citation.quote
