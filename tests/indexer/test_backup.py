"""What was backed up comes back whole, and what is broken takes the place of nothing."""

import io
import tarfile
from pathlib import Path

import pytest

from indexer.backup import read_backup, write_backup
from indexer.build import build_index, open_index
from indexer.bundle import current_generation, locked
from indexer.errors import BackupDamaged, IndexBusy, IndexInTheWay, IndexMissing, IndexUnwritable
from kehoach.cli import Exit, main
from tests.fakes import FakeEncoder
from tests.indexer.test_build import build
from tests.indexer.test_build import index_dir as index_dir
from tests.indexer.test_build import plans as plans


@pytest.fixture
def archive(plans: Path, index_dir: Path, tmp_path: Path) -> Path:
    build(plans, at=index_dir)
    (index_dir / "uploads" / "1").mkdir(parents=True)
    (index_dir / "uploads" / "1" / "Kế hoạch.txt").write_text("gốc", encoding="utf-8")
    (index_dir / "feedback.jsonl").write_text("{}\n")
    (index_dir / "g000009-0badf00d").mkdir()
    (index_dir / "g000009-0badf00d" / "half").write_text("half")
    target = tmp_path / "sao-luu.tar"
    write_backup(index_dir, target)
    return target


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock" and "0badf00d" not in str(path)
    }


def test_everything_comes_back_and_answers(archive: Path, index_dir: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "index"
    other.parent.mkdir()
    assert read_backup(archive, other) is None
    assert contents(other) == contents(index_dir)
    assert list(open_index(other, FakeEncoder()).plans) == ["a", "b"]


def test_an_index_is_replaced_only_when_told_and_then_kept_beside(
    archive: Path, plans: Path, index_dir: Path
) -> None:
    (plans / "a.txt").unlink()
    build(plans, at=index_dir)
    newer = contents(index_dir)
    with pytest.raises(IndexInTheWay, match="--replace"):
        read_backup(archive, index_dir)
    assert contents(index_dir) == newer
    kept = read_backup(archive, index_dir, replace=True)
    assert list(open_index(index_dir, FakeEncoder()).plans) == ["a", "b"]
    assert kept is not None
    assert contents(kept) == newer
    build(plans, at=index_dir)


@pytest.mark.parametrize("place", [0.001, 0.2, 0.5, 0.8, 0.99])
def test_a_backup_with_a_changed_byte_is_refused_and_changes_nothing(
    archive: Path, index_dir: Path, tmp_path: Path, place: float
) -> None:
    data = bytearray(archive.read_bytes())
    with tarfile.open(archive) as opened:
        inside = [(m.offset_data, m.size) for m in opened.getmembers() if m.size]
    start, size = inside[int(place * len(inside))]
    data[start + size // 2] ^= 1
    archive.write_bytes(data)
    before = contents(index_dir)
    with pytest.raises(BackupDamaged):
        read_backup(archive, index_dir, replace=True)
    assert contents(index_dir) == before
    assert not list(tmp_path.glob("index.*"))


def test_a_backup_cut_short_or_something_else_is_refused(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    for data in (whole[: len(whole) // 2], whole[:100], b"", b"x" * 5_000):
        archive.write_bytes(data)
        with pytest.raises(BackupDamaged):
            read_backup(archive, tmp_path / "new")
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["../evil", "/var/evil", "a/../../evil"])
def test_a_backup_writes_nowhere_but_into_its_folder(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "evil.tar"
    with tarfile.open(archive, "w") as opened:
        info = tarfile.TarInfo(name)
        info.size = 4
        opened.addfile(info, io.BytesIO(b"evil"))
    with pytest.raises(BackupDamaged):
        read_backup(archive, tmp_path / "index")
    assert not list(tmp_path.rglob("evil"))


def test_nothing_is_backed_up_while_the_index_is_written(archive: Path, index_dir: Path) -> None:
    before = archive.read_bytes()
    with locked(index_dir), pytest.raises(IndexBusy):
        write_backup(index_dir, archive)
    assert archive.read_bytes() == before


def test_a_backup_that_cannot_be_written_leaves_nothing_half(
    archive: Path, index_dir: Path, tmp_path: Path
) -> None:
    with pytest.raises(IndexUnwritable):
        write_backup(index_dir, tmp_path / "nowhere" / "a.tar")
    with pytest.raises(IndexMissing):
        write_backup(tmp_path / "nothing", archive)
    assert not list(tmp_path.rglob("*.part"))


def test_backup_and_restore_are_one_command_each(index_dir, tmp_path, encoder, capsys) -> None:
    build_index([Path("corpus/data/plans")], index_dir, encoder)
    generation = current_generation(index_dir)
    archive, other = str(tmp_path / "a.tar"), str(tmp_path / "other")
    assert main(("backup", archive, "--index", str(index_dir))) == Exit.FOUND
    assert main(("restore", archive, "--index", other)) == Exit.FOUND
    assert current_generation(Path(other)) == generation
    assert main(("restore", archive, "--index", other)) == Exit.CALLER
    assert "--replace" in capsys.readouterr().err
    assert main(("ask", "Ai ký kế hoạch 97/KH-UBND?", "--index", other)) == Exit.FOUND
