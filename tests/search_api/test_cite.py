"""A quote is verbatim because it is cut from the plan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from search_api.cite import cite, cite_chunk
from tests.factories import make_plan, make_row, make_section

PLAN = make_plan(
    bases=("Căn cứ Quyết định số 2239/QĐ-TTg",),
    sections=(make_section("I", "MỤC TIÊU", children=(make_section("1", "Mục tiêu chung"),)),),
    recipients=("Bộ Tài chính",),
    signatory="Nguyễn Văn A",
    rows=(make_row("5.2"),),
)


@pytest.mark.parametrize(
    ("span", "kind", "locator", "label"),
    [
        (PLAN.rows[0].span, "row", "5.2", "Phụ lục, dòng 5.2"),
        (PLAN.sections[0].children[0].span, "section", "I.1", "Mục I.1"),
        (PLAN.sections[0].heading, "section", "I", "Mục I"),
        (PLAN.fields["number"], "plan", "number", "Số kế hoạch"),
        (PLAN.fields["title"], "plan", "title", "Tên kế hoạch"),
        (PLAN.bases[0].span, "plan", "basis.1", "Căn cứ 1"),
        (PLAN.recipients[0], "plan", "recipients", "Nơi nhận"),
        (PLAN.signatory.span, "plan", "signatory", "Người ký"),
    ],
)
def test_a_place_is_cited_as_people_cite_it(span, kind, locator, label):
    citation = cite(PLAN, span)
    assert (citation.kind, citation.locator, citation.label) == (kind, locator, label)


@given(st.integers(0, len(PLAN.text)), st.integers(1, 80))
def test_every_quote_is_the_span_of_the_plan(start, length):
    span = Span(start, start + length)
    if span.end > len(PLAN.text):
        with pytest.raises(ValueError, match="no quote"):
            cite(PLAN, span)
    else:
        citation = cite(PLAN, span)
        assert citation.quote == span.of(PLAN.text)
        assert citation.span == span


def test_nothing_is_no_quote():
    with pytest.raises(ValueError, match="no quote"):
        cite(PLAN, Span(3, 3))


def test_a_url_holds_plan_and_anchor():
    url = cite(PLAN, PLAN.rows[0].span).url
    assert url == "/v1/plans/97-kh-ubnd.kien-giang.2023#r5.2"


def test_a_chunk_is_cited_as_its_span_is_without_opening_the_plan(engine):
    heads, plans = engine.index.catalogue.heads, engine.plans
    kinds = set()
    for chunk in engine.index.chunks:
        if citation := cite_chunk(chunk, heads[chunk.plan_id]):
            assert citation == cite(plans[chunk.plan_id], chunk.span)
            kinds.add(chunk.kind)
    assert kinds == {"row", "section"}
