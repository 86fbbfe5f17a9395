"""What the command line shows people: answers, hits, plans and reports as plain Vietnamese text."""

from __future__ import annotations

import datetime
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from corpus.lint import lint
from corpus.model import AppendixRow, Note, Period, Plan, Role, Section
from indexer.build import Report
from search_api.cite import cite
from search_api.comparison import Comparison, Side
from search_api.diary import Entry
from search_api.matrix import Duties, Duty
from search_api.model import Answer, Citation, Holder, Item, SearchResult, Status
from search_api.tally import count_duties
from search_api.wording import (
    FIELDS,
    INTENTS,
    SEVERITIES,
    VERDICTS,
    YEARS_FROM,
    coverage,
    held,
    lines_of,
    said,
    verdict,
)

if TYPE_CHECKING:
    from search_api.schemas import Remarks

# Columns. Longer lines are hard to read even where the terminal has room.
_WIDEST = 100
# Columns of a table, which has more to show side by side; also where nobody watches.
_WIDEST_TABLE = 140
# Characters of a quote beside a note: enough to find the place.
_QUOTED = 160

_OUTCOMES = {
    "read": "đã đọc",
    "unchanged": "không đổi",
    "kept": "giữ bản cũ",
    "refused": "từ chối",
    "skipped": "bỏ qua",
    "removed": "đã gỡ",
}


def show_answer(
    answer: Answer, as_of: datetime.date | None = None, most: int | None = None
) -> None:
    """Print an answer with at most `most` of its citations; `as_of` is the day of its holders."""
    read = answer.interpretation
    if read.corrected:
        _write(f"Hiểu câu hỏi là: {read.corrected}")
    _heading(verdict(answer))
    _write(said(answer), 2)
    if answer.rephrased:
        _write(f"Diễn đạt lại (máy viết, chỉ từ các trích dẫn): {answer.rephrased}", 2)
    _show_holders(answer.holders, as_of)
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
    for appendix in dict.fromkeys(row.appendix for row in plan.rows):
        _show_rows([row for row in plan.rows if row.appendix == appendix])
    notes = lint(plan)
    _heading(f"Nghi vấn và mâu thuẫn ({len(notes)})")
    _show_notes(plan, notes)


def show_notes(plan: Plan, notes: Sequence[Note]) -> None:
    """Print `notes`, the doubts about a plan, each with its places quoted."""
    number = f" (số {plan.number})" if plan.number else ""
    typer.secho(f"{plan.id}{number}: {len(notes) or 'không có'} điều cần xem", bold=True)
    _show_notes(plan, notes)


def show_comparisons(
    compared: Sequence[Comparison], plans: Mapping[str, Plan], provinces: int, today: int
) -> None:
    """Print plans in pairs: what both have, where they differ, what one could take or has alone."""
    for pair in compared:
        one, other = plans[pair.one], plans[pair.other]
        _heading(f"{_plan_name(one)} và {_plan_name(other)}")
        if not (pair.pairs or pair.only_one or pair.only_other):
            _write("Không có hoạt động nào về chủ đề này.", 2)
        for paired in pair.pairs:
            typer.echo("")
            _show_side(paired.one, one)
            _show_side(paired.other, other)
            same = _columns(paired.same)
            differs = _columns(paired.differs)
            _write(f"Khác: {differs or 'không'}. Giống: {same or 'không'}.", 4)
            for taken in paired.could_take:
                _write(f"Ô “{FIELDS[taken['column']]}” để trống có thể lấy của {taken['from']}: "
                       f"{taken['text']}", 4)  # fmt: skip
        for plan, alone in ((one, pair.only_one), (other, pair.only_other)):
            if alone:
                _heading(f"Chỉ {_plan_name(plan)} có")
                for side in alone:
                    _show_side(side, plan)
    typer.echo("")
    _write(held(provinces, today))


def show_duties(duties: Duties, holders: Sequence[Holder], on: datetime.date) -> None:
    """Print the duties of a unit: how many by role and year, then each, collectives apart."""
    typer.secho(duties.name + (" (tên gọi chung)" if duties.collective else ""), bold=True)
    _show_holders(holders, on)
    counts = count_duties(duties.named)
    years = sorted({year for by_year in counts.values() for year in by_year})
    if counts:
        table = _table("Vai trò", *map(str, years))
        for role, by_year in counts.items():
            table.add_row(role, *(str(by_year.get(year, "")) for year in years))
        _print(table)
    _heading(f"Được nêu tên ({len(duties.named)})")
    _show_duties(duties.named)
    if duties.through_collectives:
        _heading(f"Có thể thuộc một tên gọi chung ({len(duties.through_collectives)})")
        _show_duties(duties.through_collectives)


def show_deadlines(entries: Sequence[Entry]) -> None:
    """Print deadlines: what is to come, what is past, and what the calendar does not know."""
    for title, chosen in (
        ("Sắp tới", [entry for entry in entries if entry.next]),
        ("Đã qua", [entry for entry in entries if entry.days and not entry.next]),
        ("Không rõ ngày (như văn bản ghi)", [entry for entry in entries if not entry.days]),
    ):
        if chosen:
            _heading(f"{title} ({len(chosen)})")
            for entry in chosen:
                _show_deadline(entry)
    if not entries:
        typer.echo("Không có thời hạn nào trong phạm vi này.")


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
            _write(f"[{SEVERITIES[note.severity]}] {note.message}", 12)
    if report.warning:
        typer.echo(report.warning, err=True)
    typer.echo(
        f"{report.plans} kế hoạch, {report.chunks} đoạn: "
        f"{report.embedded} đoạn mã hóa mới, {report.reused} đoạn dùng lại.\n"
        f"Chỉ mục vec-tơ: {report.vectors} vec-tơ."
    )


def show_remarks(remarks: Remarks) -> None:
    """Print what people said about answers, newest first."""
    for remark in remarks.remarks:
        typer.secho(VERDICTS[remark.verdict], bold=True, nl=False)
        typer.echo(f" – {remark.at:%d/%m/%Y %H:%M}{f', {remark.caller}' if remark.caller else ''}")
        for text in (remark.question, remark.comment, remark.citation):
            _write(text, 2)
    typer.echo(f"\n{len(remarks.remarks)} trong {remarks.total} góp ý.")


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


def _show_rows(rows: Sequence[AppendixRow]) -> None:
    """Print rows of one appendix as a table of the columns that any of them fills."""
    shown = [role for role in _TABLE_ROLES if any(row.text_of(role) for row in rows)]
    names = {
        role: next(cell.header for row in rows if (cell := row.cell(role))) or FIELDS[role]
        for role in shown
    }
    marked = any(row.years for row in rows)
    _heading(f"{rows[0].appendix} ({len(rows)} dòng)")
    table = _table("TT", *names.values(), *(["Năm"] if marked else []))
    for row in rows:
        cells = [row.text_of(role) for role in shown]
        years = [", ".join(map(str, row.years))] if marked else []
        table.add_row(row.ordinal, *cells, *years, style="bold" if row.is_heading else None)
    _print(table)


# The columns an official checks; the rest is in the JSON.
_TABLE_ROLES = (
    Role.ACTIVITY,
    Role.LEAD,
    Role.SUPPORT,
    Role.MONITOR,
    Role.PRODUCT,
    Role.TIME,
    Role.BUDGET,
)


def _show_notes(plan: Plan, notes: Iterable[Note]) -> None:
    for note in notes:
        _write(f"- [{SEVERITIES[note.severity]}] {note.message}", 2)
        for span in filter(len, note.spans):
            label = cite(plan, span).label
            quote = textwrap.shorten(span.of(plan.text), _QUOTED, placeholder="…")
            _write(f"{label}: “{quote}”", 6)


def _show_holders(holders: Sequence[Holder], on: datetime.date | None) -> None:
    if holders:
        _heading(f"Đến ngày {on:%d/%m/%Y}" if on else "Hiện nay")
        for holder in holders:
            _write(holder.sentence + (" (suy ra)" if holder.inferred else ""), 2)


def _show_side(side: Side, plan: Plan) -> None:
    fields = side.fields
    place = plan.province or plan.id
    _write(f"{place}, {side.citation.label}: {fields['activity']}", 2)
    for name in ("lead", "support", "product", "time", "years"):
        lines = lines_of(fields.get(name))
        if lines:
            _write(f"{FIELDS[name]}: {(', ' if name == 'years' else '; ').join(lines)}", 4)


def _show_duties(duties: Sequence[Duty]) -> None:
    for duty in duties:
        years = f" ({', '.join(map(str, duty.years))})" if duty.years else ""
        through = f" – qua “{duty.through}”" if duty.through else ""
        _write(f"- {', '.join(duty.roles)}{years}: {_one_line(duty.text)}{through}", 2)
        _write(f"{duty.citation.label} – {_about(duty.citation)}", 6)


def _show_deadline(entry: Entry) -> None:
    deadline = entry.deadline
    who = "; ".join(deadline.who)
    day = f"{entry.next:%d/%m/%Y} – " if entry.next else ""
    again = " (hằng năm)" if entry.recurs else ""
    _write(f"- {day}{deadline.when}{again}: {_one_line(deadline.what)}", 2)
    if who:
        _write(f"{who}{f' → {deadline.to_whom}' if deadline.to_whom else ''}", 6)
    _write(f"{deadline.citation.label} – {_about(deadline.citation)}", 6)


def _plan_name(plan: Plan) -> str:
    number = f"số {plan.number}" if plan.number else plan.id
    return f"{plan.province} ({number})" if plan.province else number


def _columns(names: Iterable[str]) -> str:
    return ", ".join(FIELDS[name].lower() for name in names)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _table(*names: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_lines=False, pad_edge=False)
    for number, name in enumerate(names):
        table.add_column(name, no_wrap=not number, overflow="fold")
    return table


def _print(table: Table) -> None:
    """Print a table as wide as the terminal, markup in its texts left as it is."""
    width = min(shutil.get_terminal_size().columns, _WIDEST_TABLE) if sys.stdout.isatty() else None
    console = Console(width=width or _WIDEST_TABLE, markup=False, highlight=False, emoji=False)
    console.print(table)
