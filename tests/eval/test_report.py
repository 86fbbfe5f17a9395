from __future__ import annotations

import dataclasses
from pathlib import Path

from eval.metrics import summarise
from eval.report import read_baseline, render_comparison, render_report, save_baseline
from eval.run import Results, run_cases
from tests.eval.factories import KnowingEngine, make_case, shipped_plans

RIGHT = make_case("6", id="a", question="Ai chủ trì truyền thông qua mạng internet?")
MISSED = make_case("4", id="b", question="Ai chủ trì làm pa-nô?")


def run() -> Results:
    return run_cases(KnowingEngine([RIGHT]), [RIGHT, MISSED], shipped_plans())


def line_of(report: str, label: str) -> str:
    return next(line for line in report.splitlines() if line.startswith(label))


def test_the_report_shows_the_figures_and_what_was_aimed_at() -> None:
    line = line_of(render_report(run()), "Trích dẫn đầu đúng")
    assert line.split()[-3:] == ["0,500", "≥", "0,90"]


def test_the_report_shows_the_difference_to_the_baseline() -> None:
    line = line_of(render_report(run(), {"first_right": 0.25}), "Trích dẫn đầu đúng")
    assert line.split()[4:7] == ["0,500", "0,250", "+0,250"]


def test_counts_are_whole_numbers() -> None:
    line = line_of(render_report(run(), {"false_refusals": 3}), "Từ chối khi phải trả lời")
    assert line.split()[-3:] == ["1", "3", "-2"]


def test_the_report_is_broken_down_by_intent_and_manner() -> None:
    report = render_report(run())
    assert line_of(report, "lead").split()[1:3] == ["2", "0,500"]
    assert line_of(report, "plain").split()[1:3] == ["2", "0,500"]


def test_questions_are_shown_only_when_failures_are_asked_for() -> None:
    assert MISSED.question not in render_report(run())
    assert MISSED.question in render_report(run(), failures=True)
    assert RIGHT.question not in render_report(run(), failures=True)


def test_a_stored_baseline_comes_back_without_times(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    summary = summarise(run().verdicts)
    save_baseline("dev", summary, path)
    save_baseline("frozen", summary, path)
    stored = read_baseline(path)
    assert set(stored) == {"dev", "frozen"}
    assert stored["dev"]["first_right"] == 0.5
    assert "p95_ms" not in stored["dev"]


def test_without_a_stored_baseline_there_is_none(tmp_path: Path) -> None:
    assert read_baseline(tmp_path / "baseline.json") == {}


def test_a_run_like_the_baseline_is_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    summary = summarise(run().verdicts)
    save_baseline("dev", summary, path)
    assert "không đổi" in render_comparison({"dev": summary}, read_baseline(path))


def test_a_comparison_names_only_what_changed(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    summary = summarise(run().verdicts)
    save_baseline("dev", dataclasses.replace(summary, exact=None, first_right=0.75), path)
    lines = render_comparison({"dev": summary}, read_baseline(path)).splitlines()
    assert lines == ["dev:", "  Trích dẫn đầu đúng: 0,750 → 0,500"]


def test_a_split_never_stored_says_so() -> None:
    assert "chưa có mốc" in render_comparison({"dev": summarise(run().verdicts)}, {})
