"""An index that grew says what one made anew of the same plans would say, and writes far less."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xxhash

from eval.cases import CASES
from eval.synthetic import read_plan_of, write_plans
from indexer.build import Index, Report, build_index, open_index
from indexer.bundle import GROWING, open_generation
from indexer.embed import Encoder
from indexer.errors import IndexDamaged
from indexer.filter import Allowed, Filter
from indexer.places import Places
from search_api.engine import Engine
from tests.conftest import SHIPPED_PLANS
from tests.fakes import FakeEncoder
from tests.indexer.test_build import read_words

WORDS = ("tuyên truyền", "trên báo", "ngày hội", "việc làm", "tập huấn", "phóng viên", "diễn đàn")
QUESTIONS = ("tuyên truyền trên báo", "ngay hoi viec lam", "MỤC TIÊU vì dân", "hội viên")
FILTERS = (None, Filter(kinds=("row",)), Filter(current=True), Filter(plans=("p03", "p07", "p90")))


def write_plan(folder: Path, number: int, seed: int = 0) -> Path:
    """Write a plan of thirty activities, of which many share their words."""
    draw = random.Random(f"{number}/{seed}")  # noqa: S311 - nothing secret
    rows = [" ".join(draw.choices(WORDS, k=3)) for _ in range(30)]
    path = folder / f"p{number:02d}.txt"
    path.write_text("\n".join([f"p{number:02d}", *rows]), encoding="utf-8")
    return path


def build(folder: Path, at: Path, **more: object) -> Report:
    return build_index([folder], at, FakeEncoder(), read=read_words, **more)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def few_are_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What leaves the small indexes of these tests leaves them as it leaves large ones."""
    monkeypatch.setattr("indexer.build._FEW", 500)


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    for number in range(0, 40, 2):
        write_plan(folder, number)
    return folder


@pytest.fixture
def index_dir(tmp_path: Path, plans: Path) -> Path:
    build(plans, tmp_path / "index")
    return tmp_path / "index"


def anew(plans: Path) -> Index:
    """The index of these plans, made at once."""
    place = plans.with_name(f"anew-{len(list(plans.parent.iterdir()))}")
    build(plans, place)
    return open_index(place, FakeEncoder())


def grew(index_dir: Path) -> bool:
    """Say whether the index goes on from the files of the generation before."""
    return any(index_dir.glob("g*/places.*"))


def assert_alike(index: Index, other: Index, *, exact: bool) -> None:
    """Say that two indexes hold and find the same; by words with the same scores where `exact`."""
    assert list(index.chunks) == list(other.chunks)
    assert dict(index.plans) == dict(other.plans)
    assert index.catalogue.heads == other.catalogue.heads
    assert index.catalogue.unit_names == other.catalogue.unit_names
    assert index.superseded == other.superseded
    assert [index.notes_of(p) for p in index.plans] == [other.notes_of(p) for p in other.plans]
    for name in ("facets.json", "syllables.json", "plans.starts.npy", "facets.positions.npy"):
        made = [(i.index_dir / i.generation / name).read_bytes() for i in (index, other)]
        assert made[0] == made[1], name
    for name in ("frequencies.keys.npy", "frequencies.counts.npy", "facets.chunks.npy"):
        counted = [np.load(i.index_dir / i.generation / name) for i in (index, other)]
        assert np.array_equal(*counted), name
    every = range(len(index.chunks))
    assert np.array_equal(index.dense.vectors(every), other.dense.vectors(every))
    for words, wanted in itertools.product(QUESTIONS, FILTERS):
        allowed = index.allowed(wanted)
        vector = index.encoder.encode_questions([words])[0]
        for k in (7, 80, 5_000):
            found = index.dense.search(vector, k, allowed)
            assert found == other.dense.search(vector, k, other.allowed(wanted))
        found, expected = (
            one.lexical.search(words, 80 if exact else 5_000, one.allowed(wanted))
            for one in (index, other)
        )
        if exact:
            assert [at for at, _ in found] == [at for at, _ in expected]
            assert [s for _, s in found] == pytest.approx([s for _, s in expected], rel=1e-5)
        else:
            assert {at for at, _ in found} == {at for at, _ in expected}


def test_plans_that_came_later_lie_where_they_would_have_lain(plans: Path, index_dir: Path) -> None:
    for number in (3, 17, 39):
        write_plan(plans, number)
    report = build(plans, index_dir)
    assert grew(index_dir)
    assert report.embedded < 3 * 35
    assert_alike(open_index(index_dir, FakeEncoder()), anew(plans), exact=True)


def test_plans_that_changed_and_left_are_nowhere_any_more(plans: Path, index_dir: Path) -> None:
    write_plan(plans, 7)
    build(plans, index_dir)
    (plans / "p08.txt").unlink()
    write_plan(plans, 10, seed=1)
    report = build(plans, index_dir)
    assert grew(index_dir)
    assert report.embedded <= 31
    assert_alike(open_index(index_dir, FakeEncoder()), anew(plans), exact=False)


def test_what_has_left_can_come_back(plans: Path, index_dir: Path) -> None:
    gone = (plans / "p08.txt").rename(plans.parent / "p08.txt")
    build(plans, index_dir)
    gone.rename(plans / "p08.txt")
    build(plans, index_dir)
    assert grew(index_dir)
    assert_alike(open_index(index_dir, FakeEncoder()), anew(plans), exact=False)


def test_a_long_life_ends_where_a_fresh_start_would(plans: Path, index_dir: Path) -> None:
    draw, rewritten = random.Random(5), 0  # noqa: S311 - nothing secret
    for turn in range(8):
        for path in draw.sample(sorted(plans.iterdir()), 2):
            path.unlink()
        for number in draw.sample(range(60), 2):
            write_plan(plans, number, seed=turn)
        build(plans, index_dir)
        rewritten += not grew(index_dir)
    assert 0 < rewritten < 8
    assert_alike(open_index(index_dir, FakeEncoder()), anew(plans), exact=False)


def test_a_small_index_is_weighed_exactly_after_a_plan_has_left(
    plans: Path, tmp_path: Path
) -> None:
    for path in sorted(plans.iterdir())[8:]:
        path.unlink()
    build(plans, tmp_path / "index")
    (plans / "p02.txt").unlink()
    build(plans, tmp_path / "index")
    assert_alike(open_index(tmp_path / "index", FakeEncoder()), anew(plans), exact=True)


def test_only_what_is_new_is_written(plans: Path, index_dir: Path) -> None:
    size = {path.name: path.stat().st_size for path in index_dir.rglob(f"*{GROWING}")}
    files = {path.stat().st_ino for path in index_dir.rglob(f"*{GROWING}")}
    (number,) = {path.stat().st_ino for path in index_dir.rglob("chunks.bin")}
    write_plan(plans, 1)
    build(plans, index_dir)
    assert {path.stat().st_ino for path in index_dir.rglob(f"*{GROWING}")} == files
    assert number in files
    for path in index_dir.rglob(f"*{GROWING}"):
        assert path.stat().st_size < 1.2 * size[path.name]


def test_a_reader_of_the_generation_before_finds_every_byte_as_it_was(
    plans: Path, index_dir: Path
) -> None:
    reader = open_index(index_dir, FakeEncoder())
    chunks, vector = list(reader.chunks), reader.dense.vectors([5])
    folder, manifest = open_generation(index_dir)
    open_files = {name: os.open(folder / name, os.O_RDONLY) for name in manifest.files}
    (plans / "p04.txt").unlink()
    for number in (1, 3, 5):
        write_plan(plans, number)
        build(plans, index_dir)
    for name, file in open_files.items():
        data = os.read(file, manifest.files[name].size + (not name.endswith(GROWING)))
        assert (xxhash.xxh3_128_hexdigest(data),) == manifest.files[name].sums, name
        os.close(file)
    assert list(reader.chunks) == chunks
    assert np.array_equal(reader.dense.vectors([5]), vector)
    assert reader.lexical.search("ngày hội", 3)
    assert reader.is_stale


class Halting(FakeEncoder):
    """An encoder that fails once something has been written."""

    def encode_texts(self, texts: object) -> object:  # type: ignore[override]
        if any("halt" in text for text in texts):  # type: ignore[attr-defined]
            raise MemoryError
        return super().encode_texts(texts)  # type: ignore[arg-type]


def test_what_a_writer_left_behind_the_end_is_never_read(plans: Path, index_dir: Path) -> None:
    write_plan(plans, 1)
    (plans / "p99.txt").write_text("p99\nhalt", encoding="utf-8")
    before = {path.name: path.stat().st_size for path in index_dir.rglob(f"*{GROWING}")}
    with pytest.raises(MemoryError):
        build_index([plans], index_dir, Halting(), read=read_words)
    longer = [p for p in index_dir.rglob(f"*{GROWING}") if p.stat().st_size > before[p.name]]
    assert longer
    assert len(open_index(index_dir, FakeEncoder()).plans) == 20
    (plans / "p99.txt").unlink()
    build(plans, index_dir)
    assert_alike(open_index(index_dir, FakeEncoder()), anew(plans), exact=True)


def test_files_that_somebody_else_has_too_are_copied_not_added_to(
    plans: Path, index_dir: Path, tmp_path: Path
) -> None:
    snapshot = tmp_path / "snapshot"
    for path in index_dir.rglob("*"):
        if path.is_file():
            target = snapshot / path.relative_to(index_dir)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(path)
    write_plan(plans, 1)
    build(plans, index_dir)
    write_plan(plans, 3)
    build(plans, snapshot)
    for place, count in ((index_dir, 21), (snapshot, 22)):
        assert len(open_index(place, FakeEncoder()).plans) == count


def test_a_disk_without_second_names_gets_copies(
    plans: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, "no links here", str(self), None, str(target))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_plan(plans, 1)
    build(plans, index_dir)
    assert grew(index_dir)
    assert_alike(open_index(index_dir, FakeEncoder()), anew(plans), exact=True)


def test_a_plan_that_gave_way_answers_again_when_the_other_has_left(
    plans: Path, index_dir: Path
) -> None:
    """All these plans have one number, so the first is current and the others are its copies."""
    assert "p00" not in open_index(index_dir, FakeEncoder()).superseded
    (plans / "p00.txt").unlink()
    report = build(plans, index_dir)
    index = open_index(index_dir, FakeEncoder())
    assert (report.embedded, grew(index_dir)) == (0, True)
    assert "p02" not in index.superseded
    current = index.lexical.search("ngày hội", 99, index.allowed(Filter(current=True)))
    assert {index.chunks[at].plan_id for at, _ in current} == {"p02"}
    assert_alike(index, anew(plans), exact=False)


def test_a_changed_byte_is_found_in_every_block_of_a_file_that_grew(
    plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.bundle._BLOCK", 10_000)
    index_dir = tmp_path / "index"
    build(plans, index_dir)
    _, before = open_generation(index_dir)
    write_plan(plans, 1)
    build(plans, index_dir)
    folder, manifest = open_generation(index_dir)
    entry = manifest.files["chunks.bin"]
    assert entry.sums[:-8] == before.files["chunks.bin"].sums[: len(entry.sums) - 8]
    assert len(entry.sums) > 12
    for block in range(len(entry.sums)):
        with (folder / "chunks.bin").open("r+b") as file:
            file.seek(block * 10_000)
            byte = file.read(1)
            file.seek(block * 10_000)
            file.write(bytes([byte[0] ^ 1]))
            file.flush()
            with pytest.raises(IndexDamaged, match=r"chunks\.bin"):
                open_generation(index_dir)
            file.seek(block * 10_000)
            file.write(byte)
    open_generation(index_dir)


def test_answers_are_those_of_an_index_made_at_once(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made plans first, one leaves and one changes, then come the shipped ones."""
    monkeypatch.undo()
    folder, index_dir = tmp_path / "plans", tmp_path / "index"
    made = list(write_plans(folder, 7))

    def bring_up_to_date(at: Path) -> Index:
        build_index([folder], at, encoder, read=lambda path, _folder: read_plan_of(path))
        return open_index(at, encoder)

    bring_up_to_date(index_dir)
    made[2].unlink()
    made[4].write_text(
        made[4].read_text(encoding="utf-8").replace("Ngân sách tỉnh", "Ngân sách địa phương"),
        encoding="utf-8",
    )
    bring_up_to_date(index_dir)
    shutil.copytree(SHIPPED_PLANS, folder / "shipped")
    grown, fresh = (Engine(bring_up_to_date(at)) for at in (index_dir, tmp_path / "anew"))
    assert grew(index_dir)
    lines = (CASES / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    for question in [json.loads(line)["question"] for line in lines[::20]]:
        one, other = grown.ask(question), fresh.ask(question)
        assert replace(one, took_ms=0.0) == replace(other, took_ms=0.0), question


def test_what_is_allowed_is_told_by_where_it_lies():
    places = Places(np.array([2, 0, 3], dtype=np.int32), np.array([0], dtype=np.int32))
    clauses = (("kind:row",),)
    there = places.remembering(5)(Allowed(np.array([True, False, True]), clauses))
    assert there is not None
    assert (there.mask.tolist(), there.clauses) == ([False, False, True, True, False], clauses)
