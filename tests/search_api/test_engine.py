"""The recipe, on the real plans with the real parts."""

import datetime
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.text import strip_marks
from search_api.errors import NothingToCompare, SearchError, UnknownFilterValue
from search_api.model import Answer, Filters, Reason, Status

PRESS = "đơn vị nào chủ trì phối hợp với báo chí năm 2024?"
QUESTIONS = (
    PRESS,
    "Đơn vị nào phối hợp xây dựng bộ nhận diện?",
    "Sản phẩm của hoạt động xây dựng pa-nô là gì?",
    "Báo cáo 6 tháng nộp khi nào?",
    "Sở Tài chính có nhiệm vụ gì?",
    "Kinh phí lấy từ đâu?",
    "Ai ký kế hoạch của Kiên Giang?",
    "Có bao nhiêu hoạt động năm 2024 ở Bình Thuận?",
    "So sánh hai tỉnh về tuyên truyền trên báo chí",
    "Có phải Sở LĐTBXH chủ trì xây dựng bộ nhận diện không?",
    "Nơi nhận gồm những ai?",
    "Kế hoạch căn cứ vào những văn bản nào?",
    "Mục VIII.1.d nói gì?",
)


def rows(answer: Answer) -> set[tuple[str | None, str]]:
    return {(c.province, c.locator) for c in answer.citations}


def assert_evidence_stands(engine, answer: Answer) -> None:
    assert bool(answer.citations) is (answer.status is not Status.NOT_FOUND)
    if not answer.citations:
        assert answer.reason is not None
        assert answer.answer
        assert answer.values == ()
    for citation in (*answer.citations, *(other.citation for other in answer.alternatives)):
        assert citation.quote == citation.span.of(engine.plans[citation.plan_id].text)
    for item in answer.items:
        quote = answer.citations[item.citation].quote
        for role in ("lead", "support", "monitor"):
            assert all(unit in quote for unit in item.fields.get(role, ()))
        assert str(item.fields.get("product", "")) in quote


@pytest.mark.parametrize(
    "asked",
    [PRESS, strip_marks(PRESS), "đơn vị nào chu tri phôi hợp voi báo chí nam 2024?", PRESS.upper()],
)
def test_the_question_of_the_issue_has_its_rows_in_both_provinces(engine, asked):
    answer = engine.ask(asked)
    assert rows(answer) == {("Kiên Giang", "5.1"), ("Kiên Giang", "5.2"), ("Bình Thuận", "3")}
    assert "Báo Bình Thuận" in answer.values


@pytest.mark.parametrize("asked", QUESTIONS)
def test_every_answer_stands_on_verbatim_evidence(engine, asked):
    answer = engine.ask(asked)
    assert answer.status is Status.ANSWERED
    assert_evidence_stands(engine, answer)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_column_is_answered_with_words_that_a_citation_has(engine, asked):
    answer = engine.ask(asked)
    if answer.interpretation.intent in ("lead", "support", "product", "activities"):
        quotes = [citation.quote for citation in answer.citations]
        assert all(any(value in quote for quote in quotes) for value in answer.values)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("Ai là tổng thống Pháp?", Reason.OUT_OF_CORPUS),
        ("Đơn vị nào chủ trì tuyên truyền ở Hà Nội?", Reason.PROVINCE_NOT_IN_CORPUS),
        ("Đơn vị nào chủ trì phối hợp với báo chí năm 2030?", Reason.YEAR_OUTSIDE_PLAN),
        ("Sở Y tế chủ trì hoạt động nào?", Reason.UNIT_NOT_NAMED),
        ("Ai ký phụ lục của Bình Thuận?", Reason.FIELD_EMPTY),
        ("Kinh phí bao nhiêu tiền?", Reason.FIELD_EMPTY),
        ("asdf qwer zxcv uiop", Reason.NOT_UNDERSTOOD),
    ],
)
def test_what_the_plans_do_not_say_is_refused_with_its_reason(engine, asked, reason):
    answer = engine.ask(asked)
    assert (answer.status, answer.reason) == (Status.NOT_FOUND, reason)
    assert_evidence_stands(engine, answer)


def test_a_province_without_a_plan_beside_one_that_has_makes_a_part_of_an_answer(engine):
    answer = engine.ask("Đơn vị nào chủ trì phối hợp với báo chí ở Bình Thuận và Hà Nội?")
    assert (answer.status, answer.reason) == (Status.PARTIAL, Reason.PROVINCE_NOT_IN_CORPUS)
    assert {c.province for c in answer.citations} == {"Bình Thuận"}


def test_a_contradiction_in_the_plan_is_shown_beside_the_answer(engine):
    answer = engine.ask("Kế hoạch của Kiên Giang số mấy?")
    assert answer.values == ("97/KH-UBND",)
    assert "37/KH-UBND" in answer.coverage.note
    assert answer.alternatives[0].citation.locator == "attachment"


def test_the_other_reading_of_cooperating_is_offered_beside_the_first(engine):
    answer = engine.ask(PRESS)
    cited = {(c.plan_id, c.locator) for c in answer.citations}
    assert 0 < len(answer.alternatives) <= 5
    for other in answer.alternatives:
        assert other.note == "Cách hiểu khác: báo chí là đơn vị phối hợp."
        assert (other.citation.plan_id, other.citation.locator) not in cited
        assert other.values


def test_where_nothing_is_cooperation_with_it_who_it_supports_answers_and_it_is_said(engine):
    answer = engine.ask("Đơn vị nào chủ trì phối hợp với cơ quan chủ quản?")
    assert all("chủ quản" in citation.quote.lower() for citation in answer.citations)
    assert "là đơn vị phối hợp" in answer.coverage.note


def test_who_cooperates_offers_no_other_reading(engine):
    assert engine.ask("Đơn vị nào phối hợp với báo chí?").alternatives == ()


def test_every_constraint_of_a_question_holds(engine):
    answer = engine.ask("năm 2025, hoạt động nào Sở LĐTBXH chủ trì một mình và báo chí phối hợp?")
    assert rows(answer) == {("Kiên Giang", "3.1"), ("Kiên Giang", "7.2")}
    for item in answer.items:
        assert item.fields["lead"] == ["Sở Lao động - Thương binh và Xã hội"]
        assert 2025 in item.fields["years"]
    assert answer.complete


def test_a_question_goes_on_from_the_one_before(engine):
    assert rows(engine.ask("còn Bình Thuận thì sao?", previous=(PRESS,))) == {("Bình Thuận", "3")}
    supports = engine.ask("thế ai phối hợp?", previous=(PRESS,))
    assert rows(supports) == rows(engine.ask(PRESS))
    assert "Các cơ quan thông tấn báo chí" in supports.values


def test_a_chain_of_questions_goes_on_from_all_before(engine):
    chain = (
        "Ai chủ trì truyền thông qua mạng internet ở Kiên Giang?",
        "Thế ai phối hợp?",
        "còn Bình Thuận thì sao?",
        "Sản phẩm là gì?",
    )
    places = [{("Kiên Giang", "6")}] * 2 + [{("Bình Thuận", "4")}] * 2
    intents = ["lead", "support", "support", "product"]
    for number, (place, intent) in enumerate(zip(places, intents, strict=True)):
        answer = engine.ask(chain[number], previous=chain[:number])
        assert (rows(answer), answer.interpretation.intent) == (place, intent)


def test_a_chain_forgets_what_a_question_of_its_own_replaces(engine):
    before = (PRESS, "còn Bình Thuận thì sao?", "Sản phẩm của hoạt động xây dựng pa-nô là gì?")
    answer = engine.ask("Năm nào?", previous=before)
    assert ("Kiên Giang", "4") in rows(answer)


@pytest.mark.parametrize(
    ("day", "unit_has_passed", "province_has_passed"),
    [((2025, 2, 28), False, False), ((2025, 3, 1), True, False), ((2025, 7, 1), True, True)],
)
def test_holders_are_those_of_the_day_asked(engine, day, unit_has_passed, province_has_passed):
    names = {holder.name for holder in engine.ask(PRESS, as_of=datetime.date(*day)).holders}
    assert ("Sở Lao động - Thương binh và Xã hội" in names) is unit_has_passed
    assert ("Kiên Giang" in names) is province_has_passed


def test_filters_hold_and_an_unknown_value_names_the_nearest(engine):
    answer = engine.ask(PRESS, Filters(provinces=("Bình Thuận",)))
    assert rows(answer) == {("Bình Thuận", "3")}
    with pytest.raises(UnknownFilterValue):
        engine.ask(PRESS, Filters(provinces=("Hà Nội",)))


def test_two_provinces_are_compared_and_one_with_itself_is_not(engine):
    (comparison,) = engine.compare(("Kiên Giang", "Bình Thuận"))
    assert len(comparison.pairs) == 8
    for names in (("Kiên Giang", "Kiên Giang"), ("Kiên Giang",)):
        with pytest.raises(NothingToCompare):
            engine.compare(names)


@pytest.mark.parametrize("words", ["phối hợp với báo chí", "truyen thong", "ngân sách nhà nước"])
def test_highlights_lie_inside_the_text_and_show_words_of_the_question(engine, words):
    asked = set(strip_marks(words).split())
    for hit in engine.search(words).hits:
        assert hit.citation.quote == hit.text
        for start, end in hit.highlights:
            assert 0 <= start < end <= len(hit.text)
            assert strip_marks(hit.text[start:end]).lower() in asked


def test_pages_of_hits_go_on_where_the_last_ended(engine):
    first, second = engine.search("tuyên truyền", k=3), engine.search("tuyên truyền", k=3, offset=3)
    assert [hit.rank for hit in (*first.hits, *second.hits)] == [1, 2, 3, 4, 5, 6]
    assert not {h.citation.url for h in first.hits} & {h.citation.url for h in second.hits}


def test_the_end_of_a_question_is_gone_on_from(engine):
    suggested = engine.suggest("đơn vị nào chủ trì truyền th")
    assert suggested[0] == "đơn vị nào chủ trì truyền thông qua mạng internet"
    assert engine.suggest("đơn vị nào chủ trì t") == ()


def test_a_question_taken_as_typed_is_not_corrected(engine):
    question = "sp của truyền thông internet"
    assert engine.ask(question).interpretation.corrected == "sản phẩm của truyền thông internet"
    asked = engine.ask(question, as_typed=True)
    assert asked.interpretation.corrected is None
    assert asked.interpretation.intent != "product"


def test_facets_count_what_was_found_and_a_facet_finds_so_many(engine):
    found = engine.search("báo chí")
    assert sum(found.facets["kind"].values()) == found.total
    for province, count in found.facets["province"].items():
        assert engine.search("báo chí", Filters(provinces=(province,))).total == count


def test_suggestions_go_on_from_what_is_typed(engine):
    assert any(text.startswith("Tuyên truyền") for text in engine.suggest("tuyen tr"))
    assert engine.suggest("  ") == ()


def test_the_same_question_has_the_same_answer(engine):
    first, second = engine.ask(PRESS), engine.ask(PRESS)
    assert (first.answer, first.citations) == (second.answer, second.citations)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=1000))
def test_any_text_is_answered_or_refused(engine, raw):
    try:
        answer = engine.ask(raw)
    except SearchError:
        return
    assert_evidence_stands(engine, answer)


SCRAPS = st.lists(
    st.sampled_from(
        (*" ".join(QUESTIONS).split(), "97/KH-UBND", "5.2", "VIII.1.d", "hay", "không", "Hà Nội")
    ),
    min_size=1,
    max_size=14,
).map(" ".join)


@settings(max_examples=80, deadline=None)
@given(SCRAPS)
def test_any_words_of_questions_are_answered_or_refused(engine, raw):
    answer = engine.ask(raw)
    assert_evidence_stands(engine, answer)
    json.dumps([item.fields for item in answer.items], ensure_ascii=False)
