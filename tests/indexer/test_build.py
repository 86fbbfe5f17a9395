"""An index is built whole, swapped at once, verified, and never lost."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.errors import Refusal, UnreadableFile
from corpus.model import Plan
from indexer.build import Index, Outcome, Report, build_index, open_index
from indexer.bundle import current_generation, locked
from indexer.chunk import chunk_plan
from indexer.config import Config
from indexer.errors import (
    IndexBusy,
    IndexDamaged,
    IndexerError,
    IndexForeign,
    IndexMissing,
    IndexUnwritable,
    NothingToIndex,
)
from indexer.filter import Filter
from tests.factories import make_plan, make_row, make_section
from tests.fakes import FakeEncoder


def read_words(path: Path, _folder: Path | None) -> Plan:
    """A reader of little files: the first line is the plan's id, each further line a row."""
    if path.read_bytes().startswith(b"\0"):
        raise UnreadableFile(path, Refusal.DAMAGED)
    plan_id, *activities = path.read_text(encoding="utf-8").splitlines()
    if plan_id == "bug":
        raise ZeroDivisionError
    rows = [make_row(str(number), activity) for number, activity in enumerate(activities, 1)]
    return make_plan(
        id=plan_id, name=path.name, rows=rows, sections=[make_section("I", "MỤC TIÊU", "Vì dân.")]
    )


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "a.txt").write_text("a\nTuyên truyền trên báo\nNgày hội việc làm", encoding="utf-8")
    (folder / "b.txt").write_text("b\nTập huấn phóng viên", encoding="utf-8")
    return folder


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def build(*paths: Path, at: Path, encoder: FakeEncoder | None = None, **more: object) -> Report:
    return build_index(paths, at, encoder or FakeEncoder(), read=read_words, **more)  # type: ignore[arg-type]


def outcomes(report: Report) -> dict[str, Outcome]:
    return {Path(file.path).name: file.outcome for file in report.files}


def test_what_was_built_can_be_opened_and_searched(plans: Path, index_dir: Path) -> None:
    report = build(plans, at=index_dir)
    index = open_index(index_dir, FakeEncoder())
    assert list(index.plans) == ["a", "b"]
    assert index.plans["a"] == read_words(plans / "a.txt", None)
    assert len(index.chunks) == report.chunks == report.embedded
    best = index.lexical.search("ngày hội", 3)[0]
    assert index.chunks[best.position].id == "a#r2"
    question = index.encoder.encode_questions(["ngày hội việc làm"])[0]
    assert index.chunks[index.dense.search(question, 1)[0].position].id == "a#r2"
    only_b = index.allowed(Filter(plans=("b",)))
    assert {
        index.chunks[hit.position].plan_id for hit in index.dense.search(question, 99, only_b)
    } == {"b"}


def test_stored_chunks_are_the_chunks_of_their_plans(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    index = open_index(index_dir, FakeEncoder())
    made = [
        chunk
        for plan in index.plans.values()
        for chunk in chunk_plan(plan, 200, FakeEncoder().count)
    ]
    assert list(index.chunks) == made
    assert index.chunks[-1] == made[-1]
    assert index.chunks[1:3] == made[1:3]
    with pytest.raises(IndexError):
        index.chunks[len(made)]


def test_the_manifest_tells_where_each_plan_came_from(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    index = open_index(index_dir, FakeEncoder())
    assert index.sources["a"].path == str(plans / "a.txt")
    assert index.manifest.plans == 2
    assert datetime.datetime.fromisoformat(index.manifest.created_at).tzinfo is not None


def test_what_did_not_change_is_neither_read_nor_embedded_again(
    plans: Path, index_dir: Path
) -> None:
    build(plans, at=index_dir)
    (plans / "c.txt").write_text("c\nDiễn đàn thanh niên", encoding="utf-8")
    encoder = FakeEncoder()
    report = build(plans, at=index_dir, encoder=encoder)
    assert outcomes(report) == {"a.txt": "unchanged", "b.txt": "unchanged", "c.txt": "read"}
    assert any("Diễn đàn" in text for text in encoder.encoded)
    assert not any("Ngày hội" in text for text in encoder.encoded)
    assert report.embedded == len(encoder.encoded)
    index = open_index(index_dir, encoder)
    question = encoder.encode_questions(["ngày hội việc làm"])[0]
    assert index.chunks[index.dense.search(question, 1)[0].position].id == "a#r2"


def test_only_the_changed_row_of_a_changed_plan_is_embedded_again(
    plans: Path, index_dir: Path
) -> None:
    build(plans, at=index_dir)
    (plans / "a.txt").write_text("a\nTuyên truyền trên báo\nNgày hội tuyển sinh", encoding="utf-8")
    encoder = FakeEncoder()
    report = build(plans, at=index_dir, encoder=encoder)
    assert outcomes(report)["a.txt"] == "read"
    assert len(encoder.encoded) == 1
    assert "Ngày hội tuyển sinh" in encoder.encoded[0]


def test_another_encoder_embeds_everything_again_but_reads_nothing_again(
    plans: Path, index_dir: Path
) -> None:
    build(plans, at=index_dir)
    report = build(plans, at=index_dir, encoder=FakeEncoder("other"))
    assert set(outcomes(report).values()) == {"unchanged"}
    assert report.reused == 0
    open_index(index_dir, FakeEncoder("other"))


def test_a_file_that_is_gone_from_its_folder_leaves_the_index(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    (plans / "a.txt").unlink()
    assert outcomes(build(plans, at=index_dir))["a.txt"] == "removed"
    assert list(open_index(index_dir, FakeEncoder()).plans) == ["b"]


def test_plans_from_elsewhere_stay(plans: Path, index_dir: Path, tmp_path: Path) -> None:
    build(plans, at=index_dir)
    other = tmp_path / "other.txt"
    other.write_text("z\nDiễn đàn", encoding="utf-8")
    build(other, at=index_dir)
    assert list(open_index(index_dir, FakeEncoder()).plans) == ["a", "b", "z"]


def test_a_plan_that_is_dropped_leaves_the_others(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    build(at=index_dir, drop=["a"])
    assert list(open_index(index_dir, FakeEncoder()).plans) == ["b"]


def test_what_was_dropped_stays_out_until_its_file_is_named(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    build(at=index_dir, drop=["a"])
    for _ in range(2):
        report = build(plans, at=index_dir)
        assert (outcomes(report)["a.txt"], report.plans) == ("skipped", 1)
    build(plans / "a.txt", at=index_dir)
    assert build(plans, at=index_dir).plans == 2


def test_another_version_of_what_was_dropped_is_another_file(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    build(at=index_dir, drop=["a"])
    (plans / "a.txt").write_text("a\nTuyên truyền trên đài", encoding="utf-8")
    assert outcomes(build(plans, at=index_dir))["a.txt"] == "read"


def test_two_files_of_one_plan_have_two_ids_that_stay(plans: Path, index_dir: Path) -> None:
    (plans / "a2.txt").write_text("a\nTuyên truyền trên báo", encoding="utf-8")
    build(plans, at=index_dir)
    before = {
        file.path: name for name, file in open_index(index_dir, FakeEncoder()).sources.items()
    }
    assert set(before.values()) == {"a", "a-2", "b"}
    (plans / "a2.txt").write_text("a\nTuyên truyền", encoding="utf-8")
    (plans / "0.txt").write_text("a\nDiễn đàn", encoding="utf-8")
    build(plans, at=index_dir)
    after = {file.path: name for name, file in open_index(index_dir, FakeEncoder()).sources.items()}
    assert before.items() <= after.items()


def test_a_copy_of_a_file_is_indexed_once(plans: Path, index_dir: Path) -> None:
    (plans / "copy.txt").write_bytes((plans / "a.txt").read_bytes())
    report = build(plans, at=index_dir)
    assert (outcomes(report)["copy.txt"], report.plans) == ("skipped", 2)


def test_a_folder_that_moved_is_not_indexed_twice(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    moved = plans.rename(plans.with_name("moved"))
    assert build(moved, at=index_dir).plans == 2
    assert open_index(index_dir, FakeEncoder()).sources["a"].path == str(moved / "a.txt")


def test_one_bad_file_does_not_stop_the_others(plans: Path, index_dir: Path) -> None:
    (plans / "bad.txt").write_bytes(b"\0\0")
    (plans / "bug.txt").write_text("bug", encoding="utf-8")
    (plans / "logo.svg").write_text("<svg/>", encoding="utf-8")
    report = build(plans, at=index_dir)
    assert outcomes(report) == {
        "a.txt": "read",
        "b.txt": "read",
        "bad.txt": "refused",
        "bug.txt": "refused",
        "logo.svg": "skipped",
    }
    assert all(file.reason for file in report.files if file.outcome != "read")


def test_a_plan_whose_file_became_unreadable_stays_as_it_was(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    (plans / "a.txt").write_bytes(b"\0\0")
    assert outcomes(build(plans, at=index_dir))["a.txt"] == "kept"
    assert list(open_index(index_dir, FakeEncoder()).plans) == ["a", "b"]


def test_an_empty_folder_is_an_error_and_the_old_index_stays(
    plans: Path, index_dir: Path, tmp_path: Path
) -> None:
    build(plans, at=index_dir)
    before = current_generation(index_dir)
    for file in plans.iterdir():
        file.unlink()
    with pytest.raises(NothingToIndex, match="được giữ nguyên"):
        build(plans, at=index_dir)
    with pytest.raises(NothingToIndex):
        build(plans, at=tmp_path / "new")
    assert current_generation(index_dir) == before
    open_index(index_dir, FakeEncoder())


def test_progress_is_told_from_nothing_to_all(plans: Path, index_dir: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build(plans, at=index_dir, on_progress=lambda *step: told.append(step))
    assert told[0] == ("read", 0, 2)
    assert told[-1] == ("embed", 2, 2)


def test_an_index_made_with_another_encoder_is_refused(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    with pytest.raises(IndexForeign, match="kehoach index"):
        open_index(index_dir, FakeEncoder("other"))


def test_an_index_made_with_another_configuration_is_refused(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    with pytest.raises(IndexForeign):
        open_index(index_dir, FakeEncoder(), Config(longest=100))


def test_a_place_without_an_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="kehoach index"):
        open_index(tmp_path, FakeEncoder())


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [flip, Path.unlink, lambda path: os.truncate(path, 0)])
def test_damage_to_any_file_is_found(
    plans: Path, index_dir: Path, harm: Callable[[Path], None]
) -> None:
    build(plans, at=index_dir)
    files = [path for path in index_dir.rglob("*") if path.is_file() and path.name != "lock"]
    assert len(files) > 8
    for path in files:
        intact = path.read_bytes()
        if not intact:
            continue
        harm(path)
        with pytest.raises(IndexDamaged, match="kehoach index"):
            open_index(index_dir, FakeEncoder())
        path.write_bytes(intact)
    open_index(index_dir, FakeEncoder())


def test_a_damaged_index_is_built_anew_with_a_warning(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    flip(next(index_dir.glob("g*/vectors/flat.bin")))
    report = build(plans, at=index_dir)
    assert "bị hỏng" in (report.warning or "")
    assert list(open_index(index_dir, FakeEncoder()).plans) == ["a", "b"]


class DyingEncoder(FakeEncoder):
    """An encoder that fails on its second batch, as a machine that runs out of memory does."""

    def encode_texts(self, texts: object) -> object:  # type: ignore[override]
        if self.encoded:
            raise MemoryError
        return super().encode_texts(texts)  # type: ignore[arg-type]


def test_a_build_that_dies_leaves_the_old_index_and_no_litter(plans: Path, index_dir: Path) -> None:
    build(plans, at=index_dir)
    before = sorted(path.name for path in index_dir.iterdir())
    (plans / "a.txt").write_text("a\nMới", encoding="utf-8")
    (plans / "b.txt").write_text("b\nMới hơn", encoding="utf-8")
    with pytest.raises(MemoryError):
        build(plans, at=index_dir, encoder=DyingEncoder())
    assert sorted(path.name for path in index_dir.iterdir()) == before
    assert open_index(index_dir, FakeEncoder()).lexical.search("ngày hội", 1)


def test_a_second_writer_is_refused(plans: Path, index_dir: Path) -> None:
    with locked(index_dir), pytest.raises(IndexBusy, match="tiến trình khác"):
        build(plans, at=index_dir)


def test_what_a_killed_writer_left_is_gone_after_the_next_build(
    plans: Path, index_dir: Path
) -> None:
    build(plans, at=index_dir)
    (index_dir / "g000007-0badf00d").mkdir()
    build(plans, at=index_dir)
    assert current_generation(index_dir) == "g000008-" + (current_generation(index_dir) or "")[8:]
    assert len(list(index_dir.glob("g*"))) == 1


@pytest.mark.parametrize("limit", [2_000, 20_000])
def test_a_disk_without_room_is_told_and_the_old_index_stays(
    plans: Path, index_dir: Path, limit: int
) -> None:
    build(plans, at=index_dir)
    (plans / "c.txt").write_text("c\n" + "Diễn đàn\n" * 100, encoding="utf-8")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(IndexUnwritable, match="tệp vượt quá giới hạn"):
            build(plans, at=index_dir)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(open_index(index_dir, FakeEncoder()).plans) == ["a", "b"]
    assert len(list(index_dir.glob("g*"))) == 1


def test_an_index_on_a_disk_that_cannot_be_written_is_opened_and_not_written(
    plans: Path, index_dir: Path
) -> None:
    build(plans, at=index_dir)
    with read_only(index_dir):
        index = open_index(index_dir, FakeEncoder())
        assert index.chunks[index.lexical.search("ngày hội", 1)[0].position].id == "a#r2"
        with pytest.raises(IndexUnwritable, match="được giữ nguyên"):
            build(plans, at=index_dir)


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Have `folder` on a disk that cannot be written; root needs more than the rights of a file."""
    if os.geteuid() != 0:
        inside = (folder, *folder.rglob("*"))
        for path in inside:
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield
        for path in inside:
            path.chmod(0o755 if path.is_dir() else 0o644)
        return
    if subprocess.run(["mount", "--bind", folder, folder]).returncode:
        pytest.skip("cannot mount here")
    subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def test_an_open_index_goes_on_working_while_a_newer_one_takes_its_place(
    plans: Path, index_dir: Path
) -> None:
    build(plans, at=index_dir)
    index = open_index(index_dir, FakeEncoder())
    (plans / "a.txt").unlink()
    build(plans, at=index_dir)
    assert index.is_stale
    assert index.chunks[index.lexical.search("ngày hội", 1)[0].position].id == "a#r2"
    assert len(list(index_dir.glob("g*"))) == 1


def test_foreign_folders_beside_the_index_are_never_removed(plans: Path, index_dir: Path) -> None:
    (index_dir / "ghi chú").mkdir(parents=True)
    (index_dir / "g2").mkdir()
    build(plans, at=index_dir)
    build(plans, at=index_dir)
    assert (index_dir / "ghi chú").is_dir()
    assert (index_dir / "g2").is_dir()


def test_every_refusal_is_an_indexer_error(tmp_path: Path) -> None:
    with pytest.raises(IndexerError):
        open_index(tmp_path, FakeEncoder())


def test_the_shipped_plans_are_indexed_whole(tmp_path: Path) -> None:
    folder = Path("corpus/data/plans")
    report = build_index([folder], tmp_path / "index", FakeEncoder())
    assert {file.outcome for file in report.files} == {Outcome.READ}
    index: Index = open_index(tmp_path / "index", FakeEncoder())
    rows = index.allowed(Filter(kinds=("row",)))
    assert rows is not None
    assert rows.count == 30


def test_an_index_of_another_format_is_refused_with_the_command_and_built_anew(
    plans: Path, index_dir: Path
) -> None:
    build(plans, at=index_dir)
    manifest = next(index_dir.glob("g*/manifest.json"))
    old = json.loads(manifest.read_text(encoding="utf-8")) | {"format": 0}
    del old["plans"]  # an old manifest need not have what this one has
    data = json.dumps(old).encode()
    manifest.write_bytes(data)
    pointer = f"{manifest.parent.name} {hashlib.sha256(data).hexdigest()}\n"
    (index_dir / "current").write_text(pointer)
    with pytest.raises(IndexForeign, match=f"kehoach index .* --index {index_dir}"):
        open_index(index_dir, FakeEncoder())
    assert "phiên bản khác" in (build(plans, at=index_dir).warning or "")
    assert list(open_index(index_dir, FakeEncoder()).plans) == ["a", "b"]
