from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corpus.parse import parse_document
from corpus.readers import read_document
from corpus.text import fold
from eval.cases import CASES, Manner, made_plans, read_cases
from eval.errors import BadCases
from search_api.model import Filters, Intent, Reason
from tests.eval.factories import KIEN_GIANG, shipped_plans

SPLITS = ("dev", "frozen")
# Its values are of the registry, which no gold quote has; tests/search_api/test_today.py asks it.
NOT_OF_THE_PLANS = {Intent.TODAY}
# What is asked only over plans made for it.
OF_MADE_PLANS = {
    Manner.MULTI_CONSTRAINT,
    Manner.FOLLOW_UP,
    Manner.SUCCESSION,
    Manner.CONTRADICTION,
}


def make_line(**changes: Any) -> dict[str, Any]:
    place = {"plan": KIEN_GIANG, "kind": "row", "locator": "5.2"}
    expect = {
        "status": ["answered"],
        "reason": None,
        "citations": [place],
        "first": [place],
        "allowed": [],
        "values": None,
        "province": None,
        "years": None,
    }
    line = {
        "id": "t001",
        "question": "Ai chủ trì tuyên truyền trên báo?",
        "intent": "lead",
        "manner": "plain",
        "twin_of": None,
        "filters": {},
        "expect": expect,
    }
    expect.update({name: value for name, value in changes.items() if name in expect})
    line.update({name: value for name, value in changes.items() if name in line})
    return line


def write_cases(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "cases.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def faults_of(folder: Path, *lines: dict[str, Any] | str) -> tuple[str, ...]:
    with pytest.raises(BadCases) as caught:
        read_cases(write_cases(folder, *lines), shipped_plans())
    return caught.value.faults


@pytest.mark.parametrize("split", SPLITS)
def test_the_shipped_cases_are_sound(split: str) -> None:
    assert read_cases(CASES / f"{split}.jsonl", shipped_plans())


@pytest.mark.parametrize(
    "split", ["later", "blind", "fifth", "blind_fifth", "eighth", "blind_eighth"]
)
def test_the_cases_of_later_writers_are_sound(split: str) -> None:
    assert read_cases(CASES / f"{split}.jsonl", shipped_plans())


def test_dev_and_frozen_share_no_question() -> None:
    dev, frozen = (read_cases(CASES / f"{split}.jsonl", shipped_plans()) for split in SPLITS)
    assert not {fold(case.question) for case in dev} & {fold(case.question) for case in frozen}


@pytest.mark.parametrize(
    "split", ["mixed", "blind_mixed", "ninth", "blind_ninth", "tenth", "blind_tenth"]
)
def test_the_cases_over_shipped_and_made_plans_are_sound(split: str) -> None:
    made = [parse_document(read_document(path)) for path in sorted(made_plans(split).iterdir())]
    plans = {**shipped_plans(), **{plan.id: plan for plan in made}}
    cases = read_cases(CASES / f"{split}.jsonl", plans)
    assert {c.plan for case in cases for c in case.expect.citations} == plans.keys()


@pytest.mark.parametrize("split", ["varied", "unseen", "blind_made"])
def test_the_cases_over_made_plans_are_sound(split: str) -> None:
    paths = sorted(made_plans(split).iterdir())
    plans = [parse_document(read_document(path)) for path in paths]
    assert all("giả định" in path_text(path) for path in paths)
    cases = read_cases(
        CASES / f"{split}.jsonl", {**shipped_plans(), **{plan.id: plan for plan in plans}}
    )
    if split != "blind_made":
        assert {case.manner for case in cases} >= OF_MADE_PLANS
    assert {c.plan for case in cases for c in case.expect.citations} >= {p.id for p in plans}


def path_text(path: Path) -> str:
    if path.suffix != ".docx":
        return path.read_text(encoding="utf-8")
    return zipfile.ZipFile(path).read("word/document.xml").decode()


@pytest.mark.parametrize("split", SPLITS)
def test_every_intent_and_manner_is_asked(split: str) -> None:
    cases = read_cases(CASES / f"{split}.jsonl", shipped_plans())
    assert {case.intent for case in cases} >= set(Intent) - NOT_OF_THE_PLANS
    assert {case.manner for case in cases} == set(Manner) - OF_MADE_PLANS


@pytest.mark.parametrize("split", SPLITS)
def test_about_a_fifth_of_the_questions_must_be_refused(split: str) -> None:
    cases = read_cases(CASES / f"{split}.jsonl", shipped_plans())
    share = Counter(case.expect.must_refuse for case in cases)[True] / len(cases)
    assert 0.15 < share < 0.25


def test_a_case_is_read_with_all_its_parts(tmp_path: Path) -> None:
    line = make_line(
        filters={"provinces": ["Kiên Giang"], "years": [2024], "roles": ["lead"]},
        values=["Sở Lao động - Thương binh và Xã hội|Sở LĐTBXH"],
        reason=["field_empty"],
    )
    (case,) = read_cases(write_cases(tmp_path, line), shipped_plans())
    assert case.filters.provinces == ("Kiên Giang",)
    assert case.expect.values == (("Sở Lao động - Thương binh và Xã hội", "Sở LĐTBXH"),)
    assert case.expect.reasons == (Reason.FIELD_EMPTY,)
    assert case.expect.must_answer


def test_a_case_without_filters_restricts_nothing(tmp_path: Path) -> None:
    (case,) = read_cases(write_cases(tmp_path, make_line()), shipped_plans())
    assert case.filters == Filters()


def test_an_id_used_twice_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, make_line(), make_line(question="Ai chủ trì?"))
    assert "mã trùng" in fault


def test_a_question_asked_twice_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, make_line(), make_line(id="t002"))
    assert "câu hỏi trùng" in fault


@pytest.mark.parametrize(
    ("kind", "locator"), [("row", "5.9"), ("section", "X.1"), ("chapter", "5.2")]
)
def test_a_gold_place_that_does_not_exist_is_a_fault(
    tmp_path: Path, kind: str, locator: str
) -> None:
    place = {"plan": KIEN_GIANG, "kind": kind, "locator": locator}
    (fault,) = faults_of(tmp_path, make_line(allowed=[place]))
    assert locator in fault


def test_a_plan_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    place = {"plan": "1-kh-ubnd.ha-noi.2020", "kind": "row", "locator": "1"}
    (fault,) = faults_of(tmp_path, make_line(allowed=[place]))
    assert "1-kh-ubnd.ha-noi.2020" in fault


def test_a_gold_value_that_no_plan_has_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, make_line(values=["Sở Thủy sản"]))
    assert "Sở Thủy sản" in fault


def test_a_count_need_not_stand_in_a_plan(tmp_path: Path) -> None:
    line = make_line(intent="count", values=["1.234.567"])
    assert read_cases(write_cases(tmp_path, line), shipped_plans())


def test_words_of_the_head_must_stand_in_the_plan(tmp_path: Path) -> None:
    place = {"plan": KIEN_GIANG, "kind": "plan", "locator": "number", "text": "98/KH-UBND"}
    (fault,) = faults_of(tmp_path, make_line(allowed=[place]))
    assert "98/KH-UBND" in fault


def test_a_refusal_with_gold_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, make_line(status=["not_found"]))
    assert "phải từ chối" in fault


def test_an_answer_without_gold_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, make_line(citations=[], first=[]))
    assert "không có chứng cứ" in fault


def test_a_twin_differs_only_in_marks(tmp_path: Path) -> None:
    twin = make_line(id="t001-u", question="Ai chu tri tuyen truyen tren bao?", twin_of="t001")
    assert read_cases(write_cases(tmp_path, make_line(), twin), shipped_plans())


def test_a_twin_in_other_words_is_a_fault(tmp_path: Path) -> None:
    twin = make_line(id="t001-u", question="Ai lam chinh viec dang bao?", twin_of="t001")
    (fault,) = faults_of(tmp_path, make_line(), twin)
    assert "t001" in fault


def test_a_twin_of_nothing_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, make_line(twin_of="t009"))
    assert "t009" in fault


def test_every_broken_line_is_named_at_once(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, "{", make_line(intent="weather"), make_line())
    assert [fault.partition(":")[0] for fault in faults] == [
        "cases.jsonl, dòng 1",
        "cases.jsonl, dòng 2",
    ]
