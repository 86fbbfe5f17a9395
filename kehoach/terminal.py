"""What the command line shows people: answers, hits, plans and reports as plain Vietnamese text."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence

import typer

from corpus.model import AppendixRow, Note, Period, Plan, Role, Section
from indexer.build import Report
from search_api.model import Answer, Citation, Item, SearchResult, Status
from search_api.wording import FIELDS, INTENTS, YEARS_FROM, coverage, lines_of, verdict

# Columns. Longer lines are hard to read even where the terminal has room.
_WIDEST = 100

_OUTCOMES = {
    "read": "đã đọc",
    "unchanged": "không đổi",
    "kept": "giữ bản cũ",
    "refused": "từ chối",
    "skipped": "bỏ qua",
    "removed": "đã gỡ",
}
_SEVERITIES = {"info": "lưu ý", "warning": "cảnh báo", "error": "lỗi"}


def show_answer(answer: Answer, most: int | None = None) -> None:
    """Print an answer with at most `most` of its citations."""
    read = answer.interpretation
    if read.corrected:
        _write(f"Hiểu câu hỏi là: {read.corrected}")
    _heading(verdict(answer))
    _write(answer.answer, 2)
    if answer.citations:
        for item in answer.items:
            if item.citation < (most or len(answer.citations)):
                _show_item(item, answer.citations[item.citation])
        _heading("Trích dẫn")
        for number, citation in enumerate(answer.citations[:most], 1):
            _show_citation(f"[{number}]", citation)
    if answer.alternatives:
        found = answer.status is not Status.NOT_FOUND
        _heading("Cũng có thể bạn muốn hỏi" if found else "Gần nhất với câu hỏi")
        for other in answer.alternatives:
            _write(": ".join(filter(None, [other.note, "; ".join(other.values)])), 2)
            _show_citation(" - ", other.citation)
    _heading("Vì sao")
    for name, value in (
        ("Hỏi về", INTENTS.get(read.intent or "", read.intent or "")),
        ("Chủ đề", read.topic or ""),
        ("Đơn vị", "; ".join(read.units)),
        ("Tỉnh", ", ".join(read.provinces)),
        ("Năm", ", ".join(map(str, read.years))),
        ("Đã tra", coverage(answer)),
        ("Lưu ý", answer.coverage.note or ""),
    ):
        if value:
            _write(f"{name}: {value}", 2)


def show_hits(found: SearchResult) -> None:
    """Print one page of search results."""
    for hit in found.hits:
        typer.secho(f"{hit.rank}. {hit.label}", bold=True, nl=False)
        typer.echo(f" – {_about(hit.citation)}")
        _write(hit.text.replace("\t", " | "), 3)
    typer.echo(f"\n{len(found.hits)} trong {found.total} mục và dòng.")


def show_plan(plan: Plan) -> None:
    """Print what a plan is, its outline and its rows."""
    typer.secho(plan.title or plan.id, bold=True)
    for name, value in (
        ("Mã", plan.id),
        ("Số", plan.number),
        ("Cơ quan ban hành", plan.issuer),
        ("Tỉnh", plan.province),
        ("Ngày ban hành", f"{plan.issued_on:%d/%m/%Y}" if plan.issued_on else None),
        ("Thời kỳ", _period(plan.period)),
        ("Người ký", plan.signatory.name if plan.signatory else None),
        ("Tệp", plan.source.name),
    ):
        if value:
            _write(f"{name}: {value}", 2)
    if plan.bases:
        _heading("Căn cứ")
        for basis in plan.bases:
            _write(f"- {basis.span.of(plan.text)}", 2)
    if plan.sections:
        _heading("Mục lục")
        for section in plan.walk():
            _show_section(plan, section)
    if plan.rows:
        _heading(f"Phụ lục ({len(plan.rows)} dòng)")
        for row in plan.rows:
            _show_row(row)
    if plan.notes:
        _heading(f"Nghi vấn ({len(plan.notes)})")
        _show_notes(plan, plan.notes)


def show_notes(plan: Plan, notes: Sequence[Note]) -> None:
    """Print `notes`, the doubts about a plan."""
    typer.secho(f"{plan.id}: {len(notes) or 'không có'} nghi vấn", bold=True)
    _show_notes(plan, notes)


def show_report(report: Report) -> None:
    """Print what became of every file, and the sum."""
    for file in report.files:
        name = file.path.rpartition("/")[2]
        if file.plan_id:
            name += f" → {file.plan_id}"
        typer.echo(f"{_OUTCOMES[file.outcome]:<12}{name}")
        if file.reason:
            _write(file.reason, 12)
        for note in file.notes:
            _write(f"[{_SEVERITIES[note.severity]}] {note.message}", 12)
    if report.warning:
        typer.echo(report.warning, err=True)
    typer.echo(
        f"{report.plans} kế hoạch, {report.chunks} đoạn: "
        f"{report.embedded} đoạn mã hóa mới, {report.reused} đoạn dùng lại."
    )


def _heading(text: str) -> None:
    typer.secho(f"\n{text}", bold=True)


def _write(text: str, indent: int = 0) -> None:
    """Print `text` indented, wrapped only where a person reads it on a terminal."""
    margin = " " * indent
    width = min(shutil.get_terminal_size().columns, _WIDEST) if sys.stdout.isatty() else 0
    for line in filter(None, text.split("\n")):
        wrapped: Sequence[str] = [margin + line]
        if width > indent + 20:
            wrapped = textwrap.wrap(
                line,
                width,
                initial_indent=margin,
                subsequent_indent=margin,
                break_long_words=False,
                break_on_hyphens=False,
            )
        for part in wrapped:
            typer.echo(part)


def _show_item(item: Item, citation: Citation) -> None:
    if not any(lines_of(item.fields.get(name)) for name in FIELDS):
        return
    place = " – ".join(filter(None, [item.province, citation.label]))
    typer.echo(f"\n  {place} [{item.citation + 1}]")
    for name, label in FIELDS.items():
        lines = lines_of(item.fields.get(name))
        if lines:
            text = (", " if name == "years" else "; ").join(lines)
            origin = YEARS_FROM.get(str(item.fields.get("years_from")))
            if name == "years" and origin:
                text += f" ({origin})"
            _write(f"{label}: {text}", 4)


def _show_citation(mark: str, citation: Citation) -> None:
    typer.echo(f"  {mark} {citation.label} – {_about(citation)}")
    _write(f"“{citation.quote}”".replace("\t", " | "), 6)


def _about(citation: Citation) -> str:
    parts = [
        f"Kế hoạch số {citation.plan_number}" if citation.plan_number else citation.plan_title,
        citation.province,
        f"{citation.issued_on:%d/%m/%Y}" if citation.issued_on else None,
        f"trang {citation.page}" if citation.page else None,
    ]
    return ", ".join(filter(None, parts))


def _period(period: Period | None) -> str | None:
    if period is None or period.first == period.last:
        return str(period.first) if period else None
    return f"{period.first}–{period.last}"


def _show_section(plan: Plan, section: Section) -> None:
    title = section.title or textwrap.shorten(section.heading.of(plan.text), 70, placeholder="…")
    label = f"{section.path[-1]}. " if section.title else ""
    _write(f"{label}{title}", 2 * len(section.path))


def _show_row(row: AppendixRow) -> None:
    indent = 2 + 2 * row.ordinal.count(".")
    _write(f"{row.ordinal}. {row.text_of(Role.ACTIVITY)}", indent)
    for role in (Role.LEAD, Role.SUPPORT, Role.PRODUCT, Role.TIME, Role.BUDGET):
        text = row.text_of(role)
        if text:
            _write(f"{FIELDS[role]}: {text}", indent + 3)
    if row.years:
        _write(f"{FIELDS['years']}: {', '.join(map(str, row.years))}", indent + 3)


def _show_notes(plan: Plan, notes: Iterable[Note]) -> None:
    for note in notes:
        _write(f"- [{_SEVERITIES[note.severity]}] {note.message}", 2)
        for span in note.spans:
            _write(f"“{textwrap.shorten(span.of(plan.text), 120, placeholder='…')}”", 6)
