"""Candidates from the real index: best first, each place once, filters held."""

import pytest

from indexer.chunk import embedded_text
from indexer.filter import Filter
from indexer.rerank import open_reranker
from search_api.retrieve import Retriever, body_of, leaves, origin
from tests.factories import make_plan, make_section
from tests.models import save_cross_encoder


@pytest.fixture(scope="module")
def retriever(engine):
    return engine._retriever


@pytest.fixture(scope="module")
def asked(engine):
    return engine._read("Đơn vị nào chủ trì tuyên truyền trên báo, tạp chí?")


def test_rows_come_best_first_and_each_once(retriever, asked):
    rows = retriever.rows(asked, retriever.topic(asked), Filter())
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
    assert len({row.place for row in rows}) == len(rows)
    assert rows[0].row.ordinal == "5.2"


def test_clauses_come_best_first_and_each_once(retriever, asked):
    clauses = retriever.clauses(asked, retriever.topic(asked), Filter())
    assert [c.score for c in clauses] == sorted((c.score for c in clauses), reverse=True)
    assert len({clause.place for clause in clauses}) == len(clauses)


def test_every_row_is_every_row_of_the_plans_in_their_order(retriever):
    plans = retriever.index.plans
    found = retriever.every_row(Filter())
    assert {match.place for match in found} == {
        (plan.id, row.key) for plan in plans.values() for row in plan.rows
    }
    for plan_id in plans:
        starts = [m.row.span.start for m in found if m.plan.id == plan_id]
        assert starts == sorted(starts)


def test_a_cross_encoder_by_name_has_the_last_word_on_every_list(engine, asked, tmp_path):
    reranker = open_reranker(str(save_cross_encoder(tmp_path)), local=True)
    plain = engine._retriever.ranked(asked.text, Filter())
    again = Retriever(engine.index, reranker).ranked(asked.text, Filter())
    assert list(again.fused) == list(plain.fused)
    first = [item.position for item in again.final[:40]]
    assert sorted(first) == sorted(item.position for item in plain.final[:40])
    chunks, plans = engine.index.chunks, engine.index.plans
    texts = [embedded_text(chunks[at], plans[chunks[at].plan_id]) for at in first]
    scores = reranker.scores(asked.text, texts)
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


def test_a_filter_is_held_before_anything_is_ranked(retriever, asked):
    (plan,) = retriever.plans(Filter(provinces=("Bình Thuận",)))
    rows = retriever.rows(asked, retriever.topic(asked), Filter(provinces=("Bình Thuận",)))
    assert {row.plan.id for row in rows} == {plan.id}


def test_the_rows_below_a_heading_are_its_children(retriever):
    heading = next(
        m for m in retriever.every_row(Filter()) if m.row.ordinal == "5" and m.row.is_heading
    )
    assert [m.row.ordinal for m in retriever.children(heading)] == ["5.1", "5.2", "5.3"]


def test_the_fit_without_the_heading_above_is_never_more(retriever, asked):
    topic = retriever.topic(asked)
    rows = retriever.rows(asked, topic, Filter())
    assert all(retriever.own_fit_in_plan(row, topic) <= row.fit + 1e-9 for row in rows)


def test_sections_above_are_named_from_the_top(retriever):
    clause = next(m for m in retriever.every_clause(Filter()) if m.section.locator == "VIII.1.d")
    assert [section.locator for section in retriever.sections_above(clause)] == ["VIII", "VIII.1"]
    assert clause.where == "Kiên Giang, Mục VIII.1.d"


def test_the_body_of_a_section_is_without_marker_heading_and_children():
    plan = make_plan(
        sections=(
            make_section("I", "MỤC TIÊU", "Nâng cao nhận thức.", (make_section("1", "Chung"),)),
        )
    )
    section = plan.sections[0]
    assert body_of(plan, section).of(plan.text) == "Nâng cao nhận thức."
    assert body_of(plan, section.children[0]).of(plan.text) == "Chung"
    assert leaves(section) == [section.children[0]]


def test_a_plan_without_a_province_is_told_by_its_title():
    assert origin(make_plan()) == "Kiên Giang"
    assert origin(make_plan(province=None)) == "Truyền thông về giáo dục nghề nghiệp"


def test_a_collective_covers_plain_levels_only(retriever):
    district = [
        u.id for u in retriever.registry.units if u.level == "district" and not u.collective
    ]
    department = retriever.unit_id("Sở Tài chính")
    assert not retriever.groups_of([department])
    assert all(retriever.is_collective([g]) for g in retriever.groups_of(district[:1]))


def test_of_too_many_places_some_are_looked_at_and_the_answer_says_so(engine, monkeypatch):
    asked = "Sở Lao động - Thương binh và Xã hội chủ trì những hoạt động nào?"
    assert engine.ask(asked).complete
    monkeypatch.setattr("search_api.retrieve._READ_WHOLE", 40)
    cut = engine.ask(asked)
    assert not cut.complete
    assert "quá rộng" in cut.coverage.note
    assert "Đủ" not in cut.coverage.note
    retriever = engine._retriever
    assert len(retriever.every_row(Filter(), whole=True)) > 20
