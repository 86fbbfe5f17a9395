"""Many files read and prepared side by side, and what is left when a process dies."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from corpus.model import Plan
from indexer.build import Outcome, build_index, open_index, read_plan_file
from indexer.bundle import current_generation
from indexer.embed import open_encoder
from indexer.workers import WorkerDied, Workers
from tests.fakes import FakeEncoder

# As many as start workers.
MANY = 50
DEADLY, BROKEN = "ke-hoach-07.txt", "ke-hoach-11.txt"
# Files that are never alike: their names and places are drawn, or tell the time.
DRAWN = ("lexical/", "manifest.json")


def raised(power: int, number: int) -> int:
    if number == 3:
        os._exit(1)
    if number < 0:
        raise ValueError("negative")
    return int(number**power)


def read_but_some(path: Path, folder: Path | None) -> Plan:
    if path.name == DEADLY and os.getpid() != int(os.environ["TEST_PID"]):
        os._exit(1)
    if path.name == BROKEN:
        raise RuntimeError
    return read_plan_file(path, folder)


def write_plans(folder: Path, first: int = 1) -> Path:
    """Write as many plans as start workers: the last is the first once more, and a file a copy."""
    folder.mkdir()
    for number in range(first, first + MANY):
        plan = first if number == first + MANY - 1 else number
        text = (
            f"Số: {plan}/KH-UBND\n\nKẾ HOẠCH\n\nTruyền thông đợt {plan}\n\n"
            f"I. MỤC TIÊU\n\n1. Sở Y tế làm việc {number}."
        )
        (folder / f"ke-hoach-{number:02d}.txt").write_text(text, encoding="utf-8")
    (folder / "sao.txt").write_text(text, encoding="utf-8")
    return folder


def files_of(index: Path) -> dict[str, bytes]:
    generation = index / (current_generation(index) or "")
    names = (path.relative_to(generation).as_posix() for path in generation.rglob("*"))
    return {
        name: (generation / name).read_bytes()
        for name in names
        if not name.startswith(DRAWN) and (generation / name).is_file()
    }


def test_results_come_in_the_order_of_the_tasks_and_a_death_takes_one():
    with Workers(2, 2) as workers:
        found = list(workers.results(raised, ((number,) for number in range(12))))
        assert isinstance(found.pop(3), WorkerDied)
        assert found == [number**2 for number in range(12) if number != 3]
        assert list(workers.results(raised, [(5,)])) == [25]
        with pytest.raises(ValueError, match="negative"):
            list(workers.results(raised, [(1,), (-1,)]))


def test_what_cannot_be_copied_is_told_at_once():
    with pytest.raises(OSError, match="copied"):
        Workers(lambda number: number, 2)


def test_workers_end_with_whoever_started_them():
    code = (
        "import os, time; from indexer.workers import Workers\n"
        "workers = Workers(2, 1); list(workers.results(divmod, [(1,)]))\n"
        "print(*workers._pool._processes, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = Path("/proc", parent.stdout.readline().split()[0])
    assert worker.exists()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while worker.exists() and "Z" not in (worker / "stat").read_text().rpartition(")")[2][:3]:
        time.sleep(0.05)


def test_an_index_made_by_workers_is_the_one_made_here(tmp_path):
    plans, more = write_plans(tmp_path / "plans"), write_plans(tmp_path / "more", 1 + MANY)
    encoder = open_encoder()
    for paths in ([plans], [plans, more]):
        alone = build_index(paths, tmp_path / "alone", encoder)
        together = build_index(paths, tmp_path / "together", encoder, workers=2)
        assert together == alone
        assert files_of(tmp_path / "together") == files_of(tmp_path / "alone")
    assert Counter(file.outcome for file in together.files) == {
        Outcome.UNCHANGED: MANY,
        Outcome.READ: MANY,
        Outcome.SKIPPED: 2,
    }
    assert together.plans == 2 * MANY
    assert len(open_index(tmp_path / "together", encoder).superseded) == 2
    assert together.reused < together.chunks


def test_what_another_encoder_embedded_is_embedded_again_side_by_side(tmp_path):
    plans = write_plans(tmp_path / "plans")
    for index, workers in (("alone", 1), ("together", 2)):
        build_index([plans], tmp_path / index, FakeEncoder())
        build_index([plans], tmp_path / index, open_encoder(), workers=workers)
    assert files_of(tmp_path / "together") == files_of(tmp_path / "alone")


def test_a_file_that_ends_its_process_is_refused_and_stops_no_other(tmp_path, monkeypatch):
    monkeypatch.setenv("TEST_PID", str(os.getpid()))
    report = build_index(
        [write_plans(tmp_path / "plans")],
        tmp_path / "index",
        open_encoder(),
        read=read_but_some,
        workers=2,
    )
    refused = {Path(f.path).name: f.reason for f in report.files if f.outcome is Outcome.REFUSED}
    assert refused.keys() == {DEADLY, BROKEN}
    assert "bị dừng" in (refused[DEADLY] or "")
    assert report.plans == MANY - 2
