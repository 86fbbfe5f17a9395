"""What a run found, as a table people read, and its difference to the stored baseline."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from eval.alignment import Paired
from eval.metrics import (
    Summary,
    Verdict,
    completeness,
    confused_reasons,
    confused_roles,
    group,
    summarise,
)
from eval.planted import Planted
from eval.run import Results
from search_api.model import Answer

BASELINE = Path(__file__).parent / "baseline.json"

# Names people read, and what the first complete version had to reach.
_FIGURES: Mapping[str, tuple[str, str]] = {
    "cases": ("Số câu hỏi", ""),
    "first_right": ("Trích dẫn đầu đúng", "≥ 0,90"),
    "all_cited": ("Đủ mọi chứng cứ", "≥ 0,85"),
    "precision": ("Trích dẫn không thừa", ""),
    "exact": ("Giá trị đúng hoàn toàn", "≥ 0,95"),
    "abstention": ("Từ chối đúng lúc (cân bằng)", "≥ 0,90"),
    "reason_right": ("Lý do từ chối đúng", ""),
    "false_answers": ("Trả lời khi phải từ chối", ""),
    "false_refusals": ("Từ chối khi phải trả lời", ""),
    "wrong_province": ("Sai tỉnh", "0"),
    "wrong_year": ("Sai năm", "0"),
    "not_verbatim": ("Không nguyên văn", "0"),
    "unmarked_loss": ("Mất khi không dấu", "≤ 0,03"),
    "half_marked_loss": ("Mất khi thiếu dấu", "≤ 0,03"),
    "p50_ms": ("Thời gian p50 (ms)", ""),
    "p95_ms": ("Thời gian p95 (ms)", "≤ 50"),
}
_BY_KIND = ("cases", "first_right", "all_cited", "precision", "exact", "abstention")
_KIND_HEADS = ("câu", "đầu đúng", "đủ", "không thừa", "giá trị", "từ chối")
# Times differ from run to run by more than any change is worth, so they are no regression.
_UNSTABLE = ("p50_ms", "p95_ms")
_FAULTS = {
    "status": "trạng thái",
    "first": "trích dẫn đầu",
    "all": "thiếu chứng cứ",
    "exact": "giá trị",
    "reason": "lý do",
    "province": "sai tỉnh",
    "year": "sai năm",
    "verbatim": "không nguyên văn",
}


def render_report(
    results: Results,
    baseline: Mapping[str, float | None] | None = None,
    *,
    failures: bool = False,
) -> str:
    """Return the figures of a run: all together, by intent, by manner, and what failed if asked."""
    verdicts = results.verdicts
    lines = [*_overall(summarise(verdicts), baseline)]
    lines += ["", *_kinds("Ý hỏi", group(verdicts, lambda case: case.intent or "—"))]
    lines += ["", *_kinds("Cách hỏi", group(verdicts, lambda case: case.manner))]
    lines += ["", *_lists(results)]
    roles = confused_roles(verdicts, results.answers, results.plans)
    lines += ["", *_confusion("Cột được hỏi → cột đã lấy (số giá trị)", roles)]
    lines += ["", *_confusion("Kết cục phải có → đã có (số câu)", confused_reasons(verdicts))]
    if failures:
        lines += ["", *_failures(verdicts, results.answers)]
    return "\n".join(lines) + "\n"


def render_findings(alignment: Sequence[Paired], planted: Mapping[str, Planted]) -> str:
    """Return what was measured without questions: rows aligned, contradictions found."""
    lines = [f"{'Căn dòng hai kế hoạch':<62}{'cặp':>6}{'đã ghép':>9}{'đúng':>6}"]
    for pair in alignment:
        name = f"{pair.one} – {pair.other}"
        lines.append(f"{name:<62}{pair.gold:>6}{pair.made:>9}{pair.right:>6}")
    lines += ["", f"{'Mâu thuẫn cài vào kế hoạch':<28}{'cài':>6}{'thấy':>6}{'báo nhầm':>10}"]
    for code, kind in planted.items():
        lines.append(f"{code:<28}{kind.planted:>6}{kind.found:>6}{kind.imagined:>10}")
    found = sum(kind.found for kind in planted.values())
    recall = found / max(1, sum(kind.planted for kind in planted.values()))
    precision = found / max(1, found + sum(kind.imagined for kind in planted.values()))
    lines.append(f"độ phủ {_shown(recall)}, độ chính xác {_shown(precision)}")
    return "\n".join(lines) + "\n"


def render_comparison(
    summaries: Mapping[str, Summary], baseline: Mapping[str, Mapping[str, float | None]]
) -> str:
    """Return, for each split, every figure that differs from the stored one."""
    lines = []
    for split, summary in summaries.items():
        lines.append(f"{split}:")
        stored = baseline.get(split)
        if stored is None:
            lines.append("  chưa có mốc so sánh (dùng --save-baseline)")
            continue
        changed = [
            f"  {_FIGURES[name][0]}: {_shown(stored.get(name))} → {_shown(value)}"
            for name, value in dataclasses.asdict(summary).items()
            if name not in _UNSTABLE and _shown(value) != _shown(stored.get(name))
        ]
        lines.extend(changed or ["  không đổi"])
    return "\n".join(lines) + "\n"


def read_baseline(path: Path = BASELINE) -> dict[str, dict[str, float | None]]:
    """Return the stored figures by split, nothing where none were ever stored."""
    if not path.exists():
        return {}
    stored: dict[str, dict[str, float | None]] = json.loads(path.read_text(encoding="utf-8"))
    return stored


def save_baseline(split: str, summary: Summary, path: Path = BASELINE) -> None:
    """Store the figures of `split`, leaving those of other splits as they are."""
    stored = read_baseline(path)
    stored[split] = {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in dataclasses.asdict(summary).items()
        if name not in _UNSTABLE
    }
    text = json.dumps(stored, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def _overall(summary: Summary, baseline: Mapping[str, float | None] | None) -> Iterator[str]:
    yield f"{'':<30}{'kết quả':>10}{'mốc':>10}{'hiệu':>10}{'mục tiêu':>12}"
    for name, value in dataclasses.asdict(summary).items():
        stored = (baseline or {}).get(name)
        change = "" if stored is None or value is None else _signed(value - stored)
        label, target = _FIGURES[name]
        shown = _shown(stored) if stored is not None else ""
        yield f"{label:<30}{_shown(value):>10}{shown:>10}{change:>10}{target:>12}"


def _kinds(head: str, groups: Mapping[str, Sequence[Verdict]]) -> Iterator[str]:
    yield f"{head:<16}" + "".join(f"{name:>12}" for name in _KIND_HEADS)
    for kind, verdicts in groups.items():
        figures = dataclasses.asdict(summarise(verdicts))
        if figures["abstention"] is None:
            figures["abstention"] = _agreement(verdicts)
        yield f"{kind:<16}" + "".join(f"{_shown(figures[name]):>12}" for name in _BY_KIND)


def _agreement(verdicts: Sequence[Verdict]) -> float:
    """Return how often answering or refusing was right, for a kind with only one of the two due."""
    right = sum(
        not (verdict.case.expect.must_refuse and not verdict.refused)
        and not (verdict.case.expect.must_answer and verdict.refused)
        for verdict in verdicts
    )
    return right / len(verdicts)


def _lists(results: Results) -> Iterator[str]:
    lists = completeness(results.verdicts, results.answers, results.plans)
    yield f"{'Danh sách nhiều chỗ':<24}{'câu':>6}{'phủ':>8}{'trọn':>8}{'nói đủ':>8}{'nói sai':>9}"
    yield (
        f"{'':<24}{lists.cases:>6}{_shown(lists.recall):>8}{_shown(lists.whole):>8}"
        f"{lists.called_complete:>8}{lists.wrongly:>9}"
    )


def _confusion(head: str, pairs: Mapping[tuple[str, str], int]) -> Iterator[str]:
    yield head
    for (due, given), count in pairs.items():
        yield f"{'  ' if due == given else '! '}{due} → {given}: {count}"


def _failures(verdicts: Sequence[Verdict], answers: Mapping[str, Answer]) -> Iterator[str]:
    for verdict in verdicts:
        if not verdict.faults:
            continue
        case, answer = verdict.case, answers[verdict.case.id]
        yield f"{case.id} [{case.intent or '—'}, {case.manner}] {case.question}"
        yield f"    lỗi: {', '.join(_FAULTS[fault] for fault in verdict.faults)}"
        yield f"    {answer.status} {answer.reason or ''}".rstrip()
        cited = [f"{c.province}:{c.kind} {c.locator}" for c in answer.citations]
        gold = [f"{e.plan}:{e.kind} {'|'.join(e.locators)}" for e in case.expect.citations]
        yield f"    trích: {'; '.join(cited) or '—'}"
        yield f"    đúng:  {'; '.join(gold) or '—'}"
        if "exact" in verdict.faults:
            yield f"    giá trị: {' / '.join(answer.values) or '—'}"
            wanted = (wordings[0] for wordings in case.expect.values or ())
            yield f"    cần:     {' / '.join(wanted)}"


def _shown(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.3f}".replace(".", ",") if isinstance(value, float) else str(value)


def _signed(difference: float) -> str:
    if not difference:
        return "="
    return (
        f"{difference:+.3f}".replace(".", ",")
        if isinstance(difference, float)
        else f"{difference:+d}"
    )
