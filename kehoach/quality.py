"""The command ``kehoach eval``: thin calls of the `eval` package."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kehoach.parts import (
    open_encoder,
    open_engine,
    open_reranker,
    progress_bar,
    shipped_plans,
)
from search_api.errors import NotOffered

if TYPE_CHECKING:
    from eval.cases import Case
    from eval.retrieval import Measured
    from eval.run import Results
    from search_api.engine import Engine

quality = typer.Typer(help="Đo chất lượng và tốc độ.", no_args_is_help=True, rich_markup_mode=None)

Index = Annotated[
    Path, typer.Option("--index", envvar="KEHOACH_INDEX", help="Thư mục của chỉ mục.")
]


class Split(StrEnum):
    """Our own questions: tuned to and not, on the shipped plans and on plans made for it."""

    DEV = "dev"
    FROZEN = "frozen"
    VARIED = "varied"
    UNSEEN = "unseen"
    LATER = "later"
    BLIND = "blind"
    BLIND_MADE = "blind_made"
    MIXED = "mixed"
    BLIND_MIXED = "blind_mixed"
    FIFTH = "fifth"
    BLIND_FIFTH = "blind_fifth"
    EIGHTH = "eighth"
    BLIND_EIGHTH = "blind_eighth"
    NINTH = "ninth"
    BLIND_NINTH = "blind_ninth"
    TENTH = "tenth"
    BLIND_TENTH = "blind_tenth"


@quality.command()
def run(
    split: Annotated[Split, typer.Option(help="Bộ câu hỏi.")] = Split.DEV,
    save_baseline: Annotated[bool, typer.Option(help="Lưu làm mốc so sánh.")] = False,
    failures: Annotated[bool, typer.Option(help="In từng câu sai.")] = False,
    index: Index = Path("index"),
) -> None:
    """Chạy bộ câu hỏi của dự án và in bảng kết quả, kèm chênh lệch so với mốc."""
    from eval import report
    from eval.alignment import measure_alignment
    from eval.metrics import summarise
    from eval.planted import measure_planted

    results = _results(split, index)
    baseline = report.read_baseline().get(split)
    typer.echo(report.render_report(results, baseline, failures=failures))
    findings = report.render_findings(measure_alignment(results.plans), measure_planted())
    typer.echo(findings, nl=False)
    if save_baseline:
        report.save_baseline(split, summarise(results.verdicts))


@quality.command()
def compare(index: Index = Path("index")) -> None:
    """So sánh mọi bộ câu hỏi với mốc đã lưu."""
    from eval import report
    from eval.metrics import summarise

    summaries = {str(split): summarise(_results(split, index).verdicts) for split in Split}
    typer.echo(report.render_comparison(summaries, report.read_baseline()), nl=False)


@quality.command()
def retrieval(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="DIR...", help="Thư mục bộ dữ liệu.")
    ] = None,
    split: Annotated[
        list[Split] | None, typer.Option(help="Thêm bộ câu hỏi của dự án, trên chỉ mục.")
    ] = None,
    marks: Annotated[bool, typer.Option(help="Hỏi thêm không dấu và thiếu dấu.")] = False,
    json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
    index: Index = Path("index"),
) -> None:
    """Đo xếp hạng trên các bộ corpus.jsonl, queries.jsonl, qrels.tsv và bộ câu hỏi của dự án."""
    import json as wire

    from eval.retrieval import Marks, measure_cases, measure_sets, render_retrieval

    if not folders and not split:
        raise typer.BadParameter("Cần ít nhất một thư mục bộ dữ liệu, hoặc --split.")
    manners = tuple(Marks) if marks else (Marks.AS_TYPED,)
    with progress_bar("Đang đo") as progress:

        def tell(name: str, done: int, total: int) -> None:
            progress(done, total, name)

        measured: Measured = {}
        if folders:
            measured |= measure_sets(
                folders, open_encoder(), tell, reranker=open_reranker(), marks=manners
            )
        for name in split or ():
            with _engine_and_cases(name, index) as (engine, cases):
                measured |= measure_cases(name, cases, engine, tell, marks=manners)
    if json:
        typer.echo(wire.dumps(measured, ensure_ascii=False, indent=2))
    else:
        typer.echo(render_retrieval(measured), nl=False)


@quality.command()
def bench(
    sizes: Annotated[
        str, typer.Option(help="Số kế hoạch giả định của mỗi lần đo.")
    ] = "11,106,1060",
    peers: Annotated[
        Path | None, typer.Option(help="Môi trường của các thư viện khác; chưa có thì tạo.")
    ] = None,
    work: Annotated[Path, typer.Option(help="Nơi để kế hoạch và chỉ mục tạm.")] = Path(
        "build/bench"
    ),
    out: Annotated[Path, typer.Option(help="Nơi ghi bảng và đồ thị.")] = Path("docs/benchmarks"),
) -> None:
    """Đo tốc độ, bộ nhớ và mức tăng trưởng, bên cạnh các thư viện khác nếu nêu --peers."""
    from eval.bench.run import measure_all

    counts = [int(size) for size in sizes.split(",")]
    with progress_bar("Đang đo") as progress:
        measure_all(counts, peers, work, out, progress)
    typer.echo((out / "growth.md").read_text(encoding="utf-8"), nl=False)


@quality.command()
def encoder(
    out: Annotated[Path, typer.Option(help="Nơi ghi bảng.")] = Path("docs/benchmarks"),
) -> None:
    """Đo mô hình biểu diễn câu: mở, mã hóa một câu hỏi, mã hóa nhiều đoạn."""
    from eval.bench.encoder import measure_encoder

    measure_encoder(os.environ.get("KEHOACH_ENCODER") or None, out)
    typer.echo((out / "encoder.md").read_text(encoding="utf-8"), nl=False)


@quality.command()
def load(
    plans: Annotated[int, typer.Option(min=1, help="Số kế hoạch giả định.")] = 1060,
    workers: Annotated[int, typer.Option(min=1, help="Số tiến trình của máy chủ.")] = 2,
    seconds: Annotated[float, typer.Option(min=1, help="Số giây mỗi mức tải.")] = 20,
    work: Annotated[Path, typer.Option(help="Nơi để kế hoạch và chỉ mục tạm.")] = Path(
        "build/bench"
    ),
    out: Annotated[Path, typer.Option(help="Nơi ghi bảng.")] = Path("docs/benchmarks"),
) -> None:
    """Đo máy chủ thật dưới tải: mức đặt ra, gấp đôi, rồi trở lại."""
    from eval.bench.serving import measure_serving

    with progress_bar("Đang đo") as progress:
        measure_serving(plans, workers, seconds, work, out, progress)
    typer.echo((out / "serving.md").read_text(encoding="utf-8"), nl=False)


@quality.command()
def faults(
    tries: Annotated[int, typer.Option(min=1, help="Số lần thử mỗi lỗi.")] = 100,
    only: Annotated[list[str], typer.Option("--only", help="Chỉ thử lỗi này (lặp lại được).")] = [],
) -> int:
    """Cố ý gây lỗi khi lập chỉ mục (tắt ngang, hết đĩa, hỏng tệp, …) và đếm những gì mất."""
    from eval.faults import Ground, every_fault, render_tallies

    able = every_fault(tries)
    if not set(only) <= set(able):
        raise NotOffered(f"Lỗi {', '.join(set(only) - set(able))} (ở máy này: {', '.join(able)})")
    tallies = []
    with tempfile.TemporaryDirectory() as folder, progress_bar("Đang thử") as progress:
        ground = Ground(Path(folder), open_encoder())
        for name in only or able:
            for tally in able[name](ground):
                progress(tally.tries, tries, name)
            tallies.append(tally)
    typer.echo(render_tallies(tallies), nl=False)
    return 3 if any(tally.losses for tally in tallies) else 0


def _results(split: Split, index: Path) -> Results:
    from eval.run import run_cases

    with (
        _engine_and_cases(split, index) as (engine, cases),
        progress_bar("Đang hỏi") as progress,
    ):
        return run_cases(engine, cases, engine.plans, progress)


@contextmanager
def _engine_and_cases(split: Split, index: Path) -> Iterator[tuple[Engine, tuple[Case, ...]]]:
    """Open the index the cases of `split` are about: `index`, or one made of the plans for it."""
    from eval.cases import CASES, made_plans, read_cases

    with tempfile.TemporaryDirectory() as folder:
        if made_plans(split).exists():
            from indexer.build import build_index
            from search_api.engine import Engine

            # It lives for this run only, so it is kept here, whatever KEHOACH_STORE says.
            passing, encoder = Path(folder) / "index", open_encoder()
            build_index([shipped_plans(), made_plans(split)], passing, encoder)
            engine = Engine.open(passing, encoder, reranker=open_reranker())
        else:
            engine = open_engine(index)
        yield engine, read_cases(CASES / f"{split}.jsonl", engine.plans)
