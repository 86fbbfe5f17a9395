"""What is measured without questions: pairs of rows, planted contradictions, and the tables."""

from pathlib import Path

from corpus.lint import lint
from corpus.model import Role
from corpus.parse import parse_document
from corpus.readers import read_document
from eval.alignment import measure_alignment
from eval.cases import made_plans
from eval.metrics import completeness, confused_reasons, confused_roles
from eval.planted import PLANTS, measure_planted, planted_plans
from eval.report import render_findings, render_report
from eval.run import Results, run_cases
from search_api.model import Intent, Reason, Status
from tests.eval.factories import (
    KIEN_GIANG,
    KnowingEngine,
    make_answer,
    make_case,
    make_citation,
    shipped_plans,
)


def test_every_kind_of_contradiction_is_planted_and_sound_plans_too():
    codes = [code for code, _ in planted_plans(1)]
    assert set(codes) == {*PLANTS, "sound"}
    assert sum(code != "sound" for code in codes) >= 40
    assert codes.count("sound") >= 20


def test_planted_plans_are_the_same_for_one_seed_and_others_for_another():
    texts = [[plan.text for _, plan in planted_plans(seed)] for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_what_was_planted_is_found_and_nothing_is_imagined_whatever_the_seed():
    for seed in (1, 2):
        for code, kind in measure_planted(seed).items():
            assert (kind.found, kind.imagined) == (kind.planted, 0), (seed, code)


def test_sound_plans_have_rows_and_no_notes():
    sound = [plan for code, plan in planted_plans(3) if code == "sound"]
    assert all(len(plan.rows) == 5 and not lint(plan) for plan in sound)


def test_rows_are_paired_as_people_pair_them():
    paths: list[Path] = [*made_plans("varied").iterdir(), *made_plans("unseen").iterdir()]
    made = [parse_document(read_document(path)) for path in paths]
    plans = {**shipped_plans(), **{plan.id: plan for plan in made}}
    measured = measure_alignment(plans)
    assert [pair.gold for pair in measured] == [8, 3, 3, 0]
    assert all(pair.right == pair.gold == pair.made for pair in measured)
    assert len(measure_alignment(shipped_plans())) == 1


def test_an_answer_that_says_it_is_complete_and_is_not_is_told():
    case = make_case("5.1", "5.2", id="t1")
    whole = make_case("6", "8", id="t2")
    answers = {
        "t1": make_answer(make_citation("5.1")),
        "t2": make_answer(make_citation("6"), make_citation("8")),
    }
    verdicts = results_of(answers, case, whole).verdicts
    lists = completeness(verdicts, answers, shipped_plans())
    assert (lists.cases, lists.recall, lists.whole) == (2, 0.75, 0.5)
    assert (lists.called_complete, lists.wrongly) == (2, 1)


def test_values_out_of_another_column_are_told():
    product = shipped_plans()[KIEN_GIANG].rows[0].text_of(Role.PRODUCT)
    case = make_case("1", id="t1", intent=Intent.LEAD)
    answers = {"t1": make_answer(make_citation("1"), values=[product])}
    verdicts = results_of(answers, case).verdicts
    assert confused_roles(verdicts, answers, shipped_plans()) == {("lead", "product"): 1}


def test_a_refusal_for_another_reason_is_told():
    case = make_case(id="t1", reasons=(Reason.FIELD_EMPTY,))
    partial = make_case(
        "6", id="t2", statuses=(Status.PARTIAL,), reasons=(Reason.CONTRADICTORY_SOURCE,)
    )
    answers = {
        "t1": make_answer(reason=Reason.OUT_OF_CORPUS),
        "t2": make_answer(
            make_citation("6"), status=Status.PARTIAL, reason=Reason.CONTRADICTORY_SOURCE
        ),
    }
    assert confused_reasons(results_of(answers, case, partial).verdicts) == {
        ("contradictory_source", "contradictory_source"): 1,
        ("field_empty", "out_of_corpus"): 1,
    }


def test_the_tables_are_printed():
    case = make_case("6", "8", id="t1")
    printed = render_report(run_cases(KnowingEngine([case]), [case], shipped_plans()))
    assert "Danh sách nhiều chỗ" in printed
    assert "answered → answered: 1" in printed
    found = render_findings(measure_alignment(shipped_plans()), measure_planted())
    assert "độ phủ 1,000, độ chính xác 1,000" in found


def results_of(answers, *cases) -> Results:
    class Engine:
        def ask(self, question, *_):
            return answers[question]

    named = [case.__class__(**{**fields(case), "question": case.id}) for case in cases]
    return run_cases(Engine(), named, shipped_plans())


def fields(case):
    return {name: getattr(case, name) for name in case.__slots__}
