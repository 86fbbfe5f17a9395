from __future__ import annotations

import dataclasses

import pytest

from eval.cases import Case, Evidence, Manner
from eval.metrics import (
    Verdict,
    judge,
    ndcg,
    percentile,
    recall_at,
    reciprocal_rank,
    same_values,
    summarise,
)
from search_api.model import Answer, Intent, Reason, Status
from tests.eval.factories import (
    BINH_THUAN,
    make_answer,
    make_case,
    make_citation,
    make_evidence,
    shipped_plans,
)


def judged(case: Case, answer: Answer, milliseconds: float = 1.0) -> Verdict:
    return judge(case, answer, shipped_plans(), milliseconds)


# One answer


def test_the_gold_row_first_and_alone_is_perfect() -> None:
    verdict = judged(make_case("5.2"), make_answer(make_citation("5.2")))
    assert verdict.faults == ()
    assert verdict.precision == 1


def test_the_gold_row_second_is_not_first() -> None:
    verdict = judged(make_case("5.2"), make_answer(make_citation("5.1"), make_citation("5.2")))
    assert verdict.faults == ("first",)
    assert verdict.precision == 0.5


def test_one_of_two_gold_rows_is_not_all() -> None:
    verdict = judged(make_case("5.2", "5.1"), make_answer(make_citation("5.2")))
    assert verdict.faults == ("all",)


def test_the_same_ordinal_of_another_plan_is_another_row() -> None:
    verdict = judged(make_case("4"), make_answer(make_citation("4", BINH_THUAN)))
    assert verdict.faults == ("first", "all")


def test_an_allowed_row_costs_no_precision() -> None:
    case = make_case("5.2", allowed=(make_evidence("5"),))
    verdict = judged(case, make_answer(make_citation("5.2"), make_citation("5")))
    assert verdict.precision == 1


def test_a_refusal_where_an_answer_was_due_fails_everything() -> None:
    case = make_case("5.2", values=(("các cơ sở giáo dục nghề nghiệp",),))
    verdict = judged(case, make_answer())
    assert verdict.faults == ("status", "first", "all", "exact")
    assert verdict.precision is None


def test_either_of_two_locators_is_right() -> None:
    place = Evidence("97-kh-ubnd.kien-giang.2023", "section", ("IX.2", "IX"))
    case = make_case("IX.2", citations=(place,), first=(place,))
    assert judged(case, make_answer(make_citation("IX"))).faults == ()


def test_a_parent_cited_whole_covers_its_points() -> None:
    verdict = judged(make_case("VIII.2.a", "VIII.2.b"), make_answer(make_citation("VIII.2")))
    assert verdict.all_cited


def test_a_heading_alone_covers_no_point() -> None:
    whole = make_citation("VIII.2")
    heading = dataclasses.replace(whole, end=whole.start + 10, quote=whole.quote[:10])
    assert not judged(make_case("VIII.2.a"), make_answer(heading)).all_cited


def test_a_grandparent_covers_nothing() -> None:
    assert not judged(make_case("VIII.2.a"), make_answer(make_citation("VIII"))).all_cited


def test_all_points_together_cover_their_section() -> None:
    answer = make_answer(make_citation("VIII.2.a"), make_citation("VIII.2.b"))
    verdict = judged(make_case("VIII.2"), answer)
    assert verdict.all_cited
    assert verdict.precision == 1


def test_a_quote_of_the_head_must_hold_the_words_asked_for() -> None:
    place = make_evidence("number", text="97")
    case = make_case("number", citations=(place,), first=(place,))
    assert judged(case, make_answer(make_citation("number"))).first_right
    assert not judged(case, make_answer(make_citation("title"))).first_right


def test_evidence_of_another_province_is_a_wrong_province() -> None:
    case = make_case("4", provinces=("Bình Thuận",), plan=BINH_THUAN)
    answer = make_answer(make_citation("4", BINH_THUAN), make_citation("6"))
    assert judged(case, answer).wrong_province


def test_any_evidence_is_wrong_for_a_province_without_plans() -> None:
    assert judged(make_case(provinces=()), make_answer(make_citation("6"))).wrong_province


def test_a_row_of_another_year_is_a_wrong_year() -> None:
    case = make_case("6", years=(2023,))
    assert judged(case, make_answer(make_citation("4", BINH_THUAN))).wrong_year
    assert not judged(case, make_answer(make_citation("6"))).wrong_year


def test_a_section_counts_for_the_years_of_its_plan() -> None:
    case = make_case("VII.1", years=(2025,))
    assert not judged(case, make_answer(make_citation("VII.1"))).wrong_year
    late = make_case("VII.1", years=(2026,))
    assert judged(late, make_answer(make_citation("VII.1"))).wrong_year


def test_a_quote_that_is_not_its_span_is_not_verbatim() -> None:
    citation = dataclasses.replace(make_citation("5.2"), quote="Sở Thủy sản")
    assert judged(make_case("5.2"), make_answer(citation)).faults == ("verbatim",)


def test_a_value_that_no_cited_plan_has_is_not_verbatim() -> None:
    answer = make_answer(make_citation("5.2"), values=["Sở Thủy sản"])
    assert not judged(make_case("5.2"), answer).verbatim


def test_spaces_do_not_make_a_value_less_verbatim() -> None:
    case = make_case("number")
    answer = make_answer(make_citation("number"), values=["97/KH-UBND"])
    assert judged(case, answer).verbatim


def test_a_count_is_our_own_word() -> None:
    answer = make_answer(make_citation("5.2"), values=["1.234.567"])
    assert judged(make_case("5.2", intent=Intent.COUNT), answer).verbatim


def test_a_due_refusal_is_judged_by_its_reason() -> None:
    case = make_case(reasons=(Reason.FIELD_EMPTY, Reason.OUT_OF_CORPUS))
    assert judged(case, make_answer(reason=Reason.FIELD_EMPTY)).faults == ()
    assert judged(case, make_answer(reason=Reason.NOT_UNDERSTOOD)).faults == ("reason",)


def test_where_both_are_right_neither_answer_nor_refusal_is_judged() -> None:
    case = make_case("VII.1", statuses=(Status.NOT_FOUND, Status.PARTIAL))
    assert judged(case, make_answer()).faults == ()
    partial = make_answer(make_citation("VII.1"), status=Status.PARTIAL)
    assert judged(case, partial).faults == ()


# Values


@pytest.mark.parametrize(
    ("given", "gold", "same"),
    [
        (["Sở Tài chính"], [["sở  tài chính"]], True),
        (["Các cơ quan thông tấn, báo chí"], [["cơ quan thông tấn báo chí"]], True),
        (["Sở Lao động – Thương binh"], [["Sở Lao động - Thương binh"]], True),
        (["a) Lồng ghép tuyên truyền."], [["Lồng ghép tuyên truyền"]], True),
        (["ngày 26 /4/2024"], [["ngày 26/4/2024"]], True),
        (["B", "A"], [["A"], ["B"]], True),
        (["97/KH-UBND"], [["97"], ["37"]], False),
        (["Sở Tài chính", "Sở Xây dựng"], [["Sở Tài chính"]], False),
        (["Sở Tài chính"], [["Sở Tài chính"], ["Sở Xây dựng"]], False),
        (["Sở Tai chinh"], [["Sở Tài chính"]], False),
        (["20/6"], [["trước ngày 20/6", "20/6"]], True),
        ([], [], True),
        (["các"], [["những"]], False),
    ],
)
def test_values_are_compared_by_their_words(
    given: list[str], gold: list[list[str]], same: bool
) -> None:
    assert same_values(given, gold) is same


# Many answers


def test_abstention_weighs_both_mistakes_alike() -> None:
    verdicts = [
        judged(make_case(id="a"), make_answer(make_citation("6"))),
        judged(make_case("6", id="b"), make_answer(make_citation("6"))),
        judged(make_case("6", id="c"), make_answer(make_citation("6"))),
        judged(make_case("6", id="d"), make_answer()),
        judged(make_case("6", id="e"), make_answer(make_citation("6"))),
    ]
    summary = summarise(verdicts)
    assert summary.abstention == (0 + 3 / 4) / 2
    assert (summary.false_answers, summary.false_refusals) == (1, 1)
    assert summary.first_right == 3 / 4


def test_nothing_judged_is_nothing_not_zero() -> None:
    summary = summarise([judged(make_case(), make_answer())])
    assert summary.first_right is None
    assert summary.abstention is None
    assert summarise([]).p50_ms is None


def test_the_loss_without_marks_is_counted_over_twins_only() -> None:
    right, wrong = make_answer(make_citation("6")), make_answer(make_citation("4"))
    unmarked = Manner.UNMARKED
    verdicts = [
        judged(make_case("6", id="a"), right),
        judged(make_case("6", id="a-u", manner=unmarked, twin_of="a"), wrong),
        judged(make_case("6", id="b"), right),
        judged(make_case("6", id="b-u", manner=unmarked, twin_of="b"), right),
        judged(make_case("6", id="c", manner=unmarked), wrong),
    ]
    assert summarise(verdicts).unmarked_loss == 0.5
    assert summarise(verdicts).half_marked_loss is None


def test_a_twin_that_does_better_is_a_negative_loss() -> None:
    verdicts = [
        judged(make_case("6", id="a"), make_answer()),
        judged(
            make_case("6", id="a-h", manner=Manner.HALF_MARKED, twin_of="a"),
            make_answer(make_citation("6")),
        ),
    ]
    assert summarise(verdicts).half_marked_loss == -1


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3.0], 0.5, 3.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
        ([float(n) for n in range(1, 101)], 0.95, 95.0),
        ([1.0, 2.0], 0.95, 2.0),
    ],
)
def test_a_percentile_is_one_of_the_values(
    values: list[float], share: float, expected: float
) -> None:
    assert percentile(values, share) == expected


# Rankings, computed by hand


@pytest.mark.parametrize(
    ("ranking", "relevant", "k", "expected"),
    [
        ("abcd", "a", 1, 1.0),
        ("abcd", "b", 1, 0.0),
        ("abcd", "bd", 2, 0.5),
        ("abcd", "bd", 4, 1.0),
        ("abcd", "xyz", 4, 0.0),
        ("", "a", 10, 0.0),
        ("ab", "abcd", 10, 0.5),
    ],
)
def test_recall_is_the_share_of_the_relevant_found(
    ranking: str, relevant: str, k: int, expected: float
) -> None:
    assert recall_at(list(ranking), set(relevant), k) == expected


@pytest.mark.parametrize(
    ("ranking", "relevant", "k", "expected"),
    [
        ("abc", "a", 10, 1.0),
        ("abc", "cb", 10, 0.5),
        ("abc", "c", 10, 1 / 3),
        ("abc", "c", 2, 0.0),
        ("abc", "z", 10, 0.0),
    ],
)
def test_the_reciprocal_rank_is_that_of_the_first_relevant(
    ranking: str, relevant: str, k: int, expected: float
) -> None:
    assert reciprocal_rank(list(ranking), set(relevant), k) == expected


@pytest.mark.parametrize(
    ("ranking", "gains", "k", "expected"),
    [
        ("ab", {"a": 1}, 10, 1.0),
        # 1 / log2(3)
        ("ab", {"b": 1}, 10, 0.63093),
        # (1 / log2(2) + 1 / log2(4)) / (1 / log2(2) + 1 / log2(3)) = 1.5 / 1.63093
        ("axb", {"a": 1, "b": 1}, 10, 0.91972),
        # (1 / 1 + 3 / log2(3)) / (3 / 1 + 1 / log2(3)) = 2.89279 / 3.63093
        ("ab", {"a": 1, "b": 3}, 10, 0.79671),
        # only the first place counts, and the best first place is worth 3
        ("ab", {"a": 1, "b": 3}, 1, 0.33333),
        ("ab", {"z": 1}, 10, 0.0),
    ],
)
def test_discounted_gain_is_that_of_the_hand_computed_table(
    ranking: str, gains: dict[str, float], k: int, expected: float
) -> None:
    assert ndcg(list(ranking), gains, k) == pytest.approx(expected, abs=1e-5)
