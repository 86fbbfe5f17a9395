"""The command ``kehoach``: results on stdout, all else on stderr, exit codes 0, 1, 2 and 3."""

from __future__ import annotations

import datetime
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.model import Role
from indexer.errors import (
    BackupDamaged,
    EncoderUnavailable,
    IndexerError,
    IndexForeign,
    IndexInTheWay,
    IndexMissing,
    NothingToIndex,
    RerankerUnavailable,
)
from kehoach.keys import keys
from kehoach.parts import (
    count_workers,
    find_plan,
    open_encoder,
    open_engine,
    open_rephraser,
    open_server,
    open_store,
    prepare_on_ray,
    progress_bar,
    shipped_plans,
)
from kehoach.quality import quality
from search_api.errors import SearchError
from search_api.model import Filters, Status

if TYPE_CHECKING:
    from indexer.embed import Encoder
    from search_api.export.extract import Extract

app = typer.Typer(
    name="kehoach",
    help="Tìm kiếm và hỏi đáp có trích dẫn trên kế hoạch của các tỉnh, không cần mạng.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(quality, name="eval")
app.add_typer(keys, name="keys")


class Exit(IntEnum):
    """What the exit code says."""

    FOUND = 0
    NOTHING = 1
    CALLER = 2
    FAILURE = 3


class Kind(StrEnum):
    """What a search may return."""

    ROW = "row"
    SECTION = "section"
    PLAN = "plan"


# Refusals that the caller can mend by typing something else; every other one is ours.
_CALLERS = (
    SearchError,
    BackupDamaged,
    EncoderUnavailable,
    RerankerUnavailable,
    IndexForeign,
    IndexInTheWay,
    IndexMissing,
    NothingToIndex,
)

# What `build_index` calls the stages of its work.
_STAGES = {"read": "Đọc tệp", "embed": "Lập chỉ mục"}


def _as_table(path: Path | None) -> Path | None:
    if path and path.suffix.lower() not in (".xlsx", ".csv", ".docx"):
        raise typer.BadParameter("")
    return path


Index = Annotated[
    Path, typer.Option("--index", envvar="KEHOACH_INDEX", help="Thư mục của chỉ mục.")
]
Json = Annotated[bool, typer.Option("--json", help="In JSON thay cho văn bản.")]
Provinces = Annotated[list[str], typer.Option("--province", help="Tỉnh (lặp lại được).")]
Years = Annotated[list[int], typer.Option("--year", help="Năm (lặp lại được).")]
Plans = Annotated[list[str], typer.Option("--plan", help="Mã kế hoạch (lặp lại được).")]
Units = Annotated[list[str], typer.Option("--unit", help="Đơn vị (lặp lại được).")]
Roles = Annotated[list[Role], typer.Option("--role", help="Vai trò của đơn vị (lặp lại được).")]
Kinds = Annotated[list[Kind], typer.Option("--kind", help="Loại kết quả (lặp lại được).")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="FILE",
        callback=_as_table,
        help="Ghi bảng ra tệp .xlsx, .csv hoặc .docx.",
    ),
]
AsOf = Annotated[
    datetime.datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Tên đơn vị, tỉnh tính tại ngày này."),
]
Count = Annotated[int, typer.Option("-k", min=1, max=100, help="Số kết quả nhiều nhất.")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every refusal is told in Vietnamese on stderr."""
    try:
        code = app(arguments, prog_name="kehoach", standalone_mode=False)
    except typer.TyperException as error:
        _complain(_usage(error))
        return Exit.CALLER
    except (SearchError, IndexerError) as error:
        _complain(str(error))
        return Exit.CALLER if isinstance(error, _CALLERS) else Exit.FAILURE
    except BrokenPipeError:
        # The reader has seen enough; closing a broken stdout at exit would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FOUND
    except Exception as error:  # the last line of defence: people read a sentence, not a trace
        if os.environ.get("KEHOACH_DEBUG"):
            traceback.print_exc()
        _complain(
            f"Lỗi ngoài dự kiến: {type(error).__name__}: {error}. "
            "Đặt KEHOACH_DEBUG=1 rồi chạy lại để xem chi tiết."
        )
        return Exit.FAILURE
    return code if isinstance(code, int) else Exit.FOUND


@app.command()
def index(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Tệp hoặc thư mục kế hoạch.")
    ] = None,
    index: Index = Path("index"),
    ray: Annotated[
        str | None,
        typer.Option("--ray", metavar="ADDRESS", help="Đọc và mã hóa trên cụm Ray này."),
    ] = None,
) -> int:
    """Đọc các kế hoạch và cập nhật chỉ mục; báo cáo từng tệp."""
    from indexer.build import build_index, read_plan_file
    from kehoach.terminal import show_report

    missing = [path for path in paths or [] if not path.exists()]
    if missing:
        _complain(f"Không có tệp hay thư mục: {', '.join(map(str, missing))}")
        return Exit.CALLER
    paths, read = paths or [shipped_plans()], read_plan_file
    own = open_encoder()
    encoder: Encoder = own
    workers = count_workers(own)
    with tempfile.TemporaryDirectory() as folder, progress_bar("Lập chỉ mục") as progress:
        if ray:
            prepared = prepare_on_ray(ray, paths, index, encoder, Path(folder))
            encoder, read, workers = prepared.encoder, prepared.read, 1
            typer.echo(f"Cụm Ray: đã đọc {len(prepared)} tệp trên {prepared.nodes} máy", err=True)
        report = build_index(
            paths,
            index,
            encoder,
            store=open_store(),
            read=read,
            on_progress=lambda stage, done, total: progress(done, total, _STAGES.get(stage)),
            workers=workers,
        )
    show_report(report)
    return Exit.FOUND


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="Câu hỏi.")],
    province: Provinces = [],
    year: Years = [],
    plan: Plans = [],
    unit: Units = [],
    role: Roles = [],
    kind: Kinds = [],
    as_of: AsOf = None,
    after: Annotated[
        list[str],
        typer.Option("--after", help="Câu hỏi trước, nếu câu này hỏi tiếp (lặp lại được)."),
    ] = [],
    k: Count = 20,
    index: Index = Path("index"),
    json: Json = False,
    output: Output = None,
) -> int:
    """Trả lời một câu hỏi, kèm trích dẫn nguyên văn."""
    from kehoach.terminal import show_answer
    from search_api.bounds import check_filters

    engine = open_engine(index, open_rephraser())
    filters = check_filters(_filters(province, year, plan, unit, role, kind), engine.index)
    answer = engine.ask(question, filters, as_of=_date(as_of), previous=tuple(after))
    answer = engine.rephrase(answer)
    if json or output:
        from search_api import schemas

        shown = schemas.Answer.model_validate(answer)
        _hand_over(shown, json, output, lambda tables: tables.of_answer(shown))
    else:
        show_answer(answer, _date(as_of), k)
    return Exit.NOTHING if answer.status is Status.NOT_FOUND else Exit.FOUND


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="Từ cần tìm.")],
    province: Provinces = [],
    year: Years = [],
    plan: Plans = [],
    unit: Units = [],
    role: Roles = [],
    kind: Kinds = [],
    as_of: AsOf = None,
    k: Count = 10,
    index: Index = Path("index"),
    json: Json = False,
    output: Output = None,
) -> int:
    """Tìm các mục và các dòng phụ lục, xếp theo mức liên quan."""
    from kehoach.terminal import show_hits
    from search_api.bounds import check_filters

    del as_of  # a filter takes a name of any day as it is
    engine = open_engine(index)
    filters = check_filters(_filters(province, year, plan, unit, role, kind), engine.index)
    found = engine.search(words, filters=filters, k=k)
    if json or output:
        from search_api import schemas

        shown = schemas.SearchResult.model_validate(found)
        _hand_over(shown, json, output, lambda t: t.of_hits(shown, words, t.scope_of(filters)))
    else:
        show_hits(found)
    return Exit.FOUND if found.hits else Exit.NOTHING


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Địa chỉ lắng nghe.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Cổng.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Số tiến trình, thường là số nhân.")] = 1,
    index: Index = Path("index"),
) -> int:
    """Mở giao diện lập trình và trang web."""
    from kehoach.serving import serve as run

    served, plans = open_server(index)
    typer.echo(f"Đã mở {plans} kế hoạch: http://{host}:{port}/", err=True)
    run(served, index, host, port, workers)
    return Exit.FOUND


@app.command()
def doctor(
    index: Index = Path("index"),
    keys: Annotated[
        Path | None, typer.Option("--keys", envvar="KEHOACH_KEYS", help="Tệp khóa.")
    ] = None,
) -> int:
    """Xem máy này có đủ, đúng, nguyên vẹn và mới không; nói phải làm gì."""
    from kehoach.doctor import State, examine

    colours = {State.GOOD: "green", State.WARNING: "yellow", State.BAD: "red"}
    bad = False
    for finding in examine(index, keys):
        bad |= finding.state is State.BAD
        typer.secho(f"{finding.state:<6}", fg=colours[finding.state], nl=False)
        typer.echo(f" {finding.name}: {finding.text}")
    return Exit.FAILURE if bad else Exit.FOUND


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp sao lưu (.tar).")],
    index: Index = Path("index"),
) -> int:
    """Sao lưu chỉ mục, kế hoạch đã tải lên và góp ý vào một tệp."""
    from indexer.backup import write_backup

    count = write_backup(index, file)
    typer.echo(f"Đã sao lưu {count} tệp vào {file}.", err=True)
    return Exit.FOUND


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp sao lưu (.tar).")],
    index: Index = Path("index"),
    replace: Annotated[bool, typer.Option("--replace", help="Thay chỉ mục đang có.")] = False,
) -> int:
    """Khôi phục từ tệp sao lưu: kiểm tra xong mới đổi chỗ, bản đang có được giữ bên cạnh."""
    from indexer.backup import read_backup

    if not file.is_file():
        _complain(f"Không có tệp: {file}")
        return Exit.CALLER
    kept = read_backup(file, index, replace=replace)
    typer.echo(f"Đã khôi phục chỉ mục tại {index}.", err=True)
    if kept:
        typer.echo(f"Bản trước đó: {kept}. Không cần nữa thì xóa.", err=True)
    return Exit.FOUND


@app.command()
def show(
    plan: Annotated[str, typer.Argument(help="Mã, số hoặc một phần mã của kế hoạch.")],
    index: Index = Path("index"),
    json: Json = False,
    output: Output = None,
) -> int:
    """Xem một kế hoạch đã được hiểu thế nào: phần đầu, mục lục, các dòng, nghi vấn."""
    from kehoach.terminal import show_plan

    found = find_plan(open_engine(index).index, plan)
    if json or output:
        from indexer.catalogue import PlanHead
        from search_api import schemas

        shown = schemas.PlanDetail.of(found, schemas.notes_of(found))
        rows, summary = schemas.Rows.of(found), schemas.PlanSummary.of(PlanHead.of(found))
        _hand_over(shown, json, output, lambda tables: tables.of_rows(rows, summary))
    else:
        show_plan(found)
    return Exit.FOUND


@app.command()
def lint(
    plan: Annotated[str | None, typer.Argument(help="Mã, số hoặc một phần mã.")] = None,
    index: Index = Path("index"),
    json: Json = False,
) -> int:
    """Liệt kê những điều còn nghi vấn và những chỗ mâu thuẫn trong các kế hoạch."""
    from corpus.lint import lint as find_notes
    from kehoach.terminal import show_notes

    opened = open_engine(index).index
    chosen = [find_plan(opened, plan)] if plan else list(opened.plans.values())
    if json:
        from search_api import schemas

        shown = schemas.NotesByPlan.of(chosen)
        typer.echo(shown.model_dump_json(indent=2))
        return Exit.FOUND if shown.total else Exit.NOTHING
    listed = [find_notes(found) for found in chosen]
    for found, notes in zip(chosen, listed, strict=True):
        show_notes(found, notes)
    return Exit.FOUND if any(listed) else Exit.NOTHING


@app.command()
def compare(
    topic: Annotated[str | None, typer.Argument(help="Chủ đề; bỏ trống là cả kế hoạch.")] = None,
    province: Provinces = [],
    plan: Plans = [],
    index: Index = Path("index"),
    json: Json = False,
    output: Output = None,
) -> int:
    """So sánh kế hoạch của các tỉnh: cùng một hoạt động đặt cạnh nhau."""
    from kehoach.terminal import show_comparisons
    from search_api import schemas
    from search_api.bounds import check_comparison

    engine = open_engine(index)
    check_comparison(province, plan, engine.index)
    topic = (topic or "").strip() or None
    compared = engine.compare(province, topic, plan)
    held = schemas.Held.by(engine.index.catalogue, datetime.date.today())
    if json or output:
        shown = schemas.Comparisons.of(topic, compared, held)
        scope = _filters(province, (), plan)
        _hand_over(shown, json, output, lambda t: t.of_comparisons(shown, t.scope_of(scope)))
    else:
        show_comparisons(compared, engine.plans, held.held, held.held_today)
    found = any(pair.pairs or pair.only_one or pair.only_other for pair in compared)
    return Exit.FOUND if found else Exit.NOTHING


@app.command()
def duties(
    unit: Annotated[str, typer.Argument(help="Đơn vị, gọi bằng mã hay bất kỳ tên nào.")],
    province: Provinces = [],
    year: Years = [],
    plan: Plans = [],
    as_of: AsOf = None,
    index: Index = Path("index"),
    json: Json = False,
    output: Output = None,
) -> int:
    """Mọi nhiệm vụ của một đơn vị, theo vai trò và năm."""
    from kehoach.terminal import show_duties
    from search_api.bounds import check_filters
    from search_api.tally import holders_on

    engine = open_engine(index)
    filters = check_filters(_filters(province, year, plan), engine.index)
    found = engine.duties(unit, filters)
    on = _date(as_of) or datetime.date.today()
    holders = holders_on(found, on)
    if json or output:
        from search_api import schemas

        shown = schemas.UnitDuties.of(found, holders)
        _hand_over(shown, json, output, lambda t: t.of_duties(shown, on, t.scope_of(filters)))
    else:
        show_duties(found, holders, on)
    return Exit.FOUND if found.named or found.through_collectives else Exit.NOTHING


@app.command()
def deadlines(
    province: Provinces = [],
    year: Years = [],
    plan: Plans = [],
    unit: Units = [],
    as_of: AsOf = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Ghi ra tệp lịch iCalendar.")
    ] = None,
    index: Index = Path("index"),
    json: Json = False,
    output: Output = None,
) -> int:
    """Ai phải nộp gì cho ai, khi nào; điều không rõ ngày được chép như văn bản."""
    from kehoach.terminal import show_deadlines
    from search_api.bounds import check_filters
    from search_api.diary import entries_of, write_calendar

    engine = open_engine(index)
    filters = check_filters(_filters(province, year, plan, unit), engine.index)
    today = _date(as_of) or datetime.date.today()
    entries = entries_of(engine.deadlines(filters), year, today)
    if ics:
        _write(ics, write_calendar(entries, datetime.datetime.now(datetime.UTC)))
        typer.echo(f"Đã ghi {sum(bool(e.days) for e in entries)} thời hạn vào {ics}", err=True)
    if json or output:
        from search_api import schemas

        shown = schemas.Deadlines.of(entries)
        _hand_over(shown, json, output, lambda t: t.of_deadlines(shown, today, t.scope_of(filters)))
    elif not ics:
        show_deadlines(entries)
    return Exit.FOUND if entries else Exit.NOTHING


@app.command()
def feedback(
    k: Count = 20,
    index: Index = Path("index"),
    json: Json = False,
) -> int:
    """Liệt kê góp ý về các câu trả lời, mới nhất trước."""
    from search_api import schemas
    from search_api.feedback import Feedback, book_of

    found, total = Feedback(book_of(index)).newest(k)
    remarks = schemas.Remarks.model_validate({"remarks": found, "total": total})
    if json:
        typer.echo(remarks.model_dump_json(indent=2))
    else:
        from kehoach.terminal import show_remarks

        show_remarks(remarks)
    return Exit.FOUND if total else Exit.NOTHING


def _filters(
    province: Sequence[str],
    year: Sequence[int],
    plan: Sequence[str],
    unit: Sequence[str] = (),
    role: Sequence[Role] = (),
    kind: Sequence[Kind] = (),
) -> Filters:
    return Filters(
        provinces=tuple(province),
        years=tuple(year),
        plans=tuple(plan),
        units=tuple(unit),
        roles=tuple(role),
        kinds=tuple(map(str, kind)),
    )


def _date(moment: datetime.datetime | None) -> datetime.date | None:
    return moment.date() if moment else None


def _hand_over(
    shown: Any,  # noqa: ANN401  # any model of the wire
    json: bool,
    output: Path | None,
    extract: Callable[[Any], Extract],
) -> None:
    """Print `shown` as JSON if asked to, write its extract to `output` if there is one."""
    if json:
        typer.echo(shown.model_dump_json(indent=2))
    if output:
        from search_api.export import tables
        from search_api.export.file import write_file

        form = output.suffix.lower().removeprefix(".")
        made = extract(tables)
        _write(output, write_file(made, form, datetime.date.today()))
        typer.echo(f"Đã ghi {len(made.rows)} dòng vào {output}", err=True)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        _complain(f"Không ghi được tệp {path}: {error.strerror}.")
        raise typer.Exit(Exit.CALLER) from error


def _complain(message: str) -> None:
    typer.secho(message, err=True, fg="red")


# What Typer calls its own refusals; its English text is kept out of people's sight.
_USAGE: Mapping[str, str] = {
    "NoSuchOption": "Không có tùy chọn",
    "MissingParameter": "Thiếu tham số",
    "BadParameter": "Giá trị không hợp lệ cho",
    "BadOptionUsage": "Dùng không đúng tùy chọn",
}


def _usage(error: Any) -> str:  # noqa: ANN401  # Typer's own classes of errors are private
    command = getattr(getattr(error, "ctx", None), "command_path", "kehoach")
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error.message)
    options = getattr(getattr(error, "param", None), "opts", [])
    name = getattr(error, "option_name", None) or next(iter(options), "")
    what = _USAGE.get(type(error).__name__, "Lệnh không đúng") if name else "Lệnh không đúng"
    _, _, choices = error.message.partition("is not one of ")
    if choices:
        name += f" (một trong: {choices.rstrip('.')})"
    elif "does not match the formats" in error.message:
        name += " (ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2024-06-30)"
    return f"{' '.join(filter(None, [what, name]))}. Xem: {command} --help"
