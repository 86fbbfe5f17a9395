from __future__ import annotations

import datetime

import pytest

from eval.cases import CASES, Manner, read_cases
from eval.metrics import summarise
from eval.run import run_cases
from search_api.model import Answer, Filters, Reason
from tests.eval.factories import KnowingEngine, make_case, shipped_plans


@pytest.mark.parametrize("split", ["dev", "frozen"])
def test_an_engine_that_knows_the_gold_has_full_marks(split: str) -> None:
    cases = read_cases(CASES / f"{split}.jsonl", shipped_plans())
    results = run_cases(KnowingEngine(cases), cases, shipped_plans())
    faults = {v.case.id: v.faults for v in results.verdicts if v.faults not in ((), ("verbatim",))}
    assert faults == {}
    summary = summarise(results.verdicts)
    assert summary.abstention == summary.first_right == summary.precision == 1
    assert summary.unmarked_loss == summary.half_marked_loss == 0


def test_an_engine_deaf_to_questions_without_marks_loses_them_all() -> None:
    cases = read_cases(CASES / "dev.jsonl", shipped_plans())
    engine = KnowingEngine(cases, deaf_to=[Manner.UNMARKED])
    assert summarise(run_cases(engine, cases, shipped_plans()).verdicts).unmarked_loss == 1


def test_filters_go_along_with_the_question() -> None:
    filters = Filters(provinces=("Bình Thuận",))
    case = make_case("6", filters=filters)
    engine = KnowingEngine([case])
    run_cases(engine, [case], shipped_plans())
    assert set(engine.asked) == {(case.question, filters)}


def test_a_question_rejected_as_bad_input_counts_as_refused() -> None:
    case = make_case(question="???!!!", reasons=(Reason.NOT_UNDERSTOOD,))
    (verdict,) = run_cases(KnowingEngine([]), [case], shipped_plans()).verdicts
    assert verdict.faults == ()


def test_a_crash_names_the_question_that_caused_it() -> None:
    class BrokenEngine:
        def ask(
            self,
            question: str,
            filters: Filters,
            as_of: datetime.date | None,
            previous: tuple[str, ...],
        ) -> Answer:
            del question, filters, as_of, previous
            raise ZeroDivisionError

    case = make_case("6", id="t042")
    with pytest.raises(ZeroDivisionError) as caught:
        run_cases(BrokenEngine(), [case], shipped_plans())
    assert "t042" in caught.value.__notes__[0]


def test_progress_is_told_question_by_question() -> None:
    cases = [make_case("6", id="a"), make_case("4", id="b")]
    told: list[tuple[int, int]] = []
    run_cases(KnowingEngine([]), cases, shipped_plans(), lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]
