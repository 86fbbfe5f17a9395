"""`kehoach doctor` finds what is wrong, names it and says what to do."""

import shutil
from pathlib import Path

import pytest

from indexer.build import build_index
from kehoach.cli import Exit, main
from tests.conftest import SHIPPED_PLANS


@pytest.fixture
def own_index(tmp_path, encoder):
    """An index of copies of the shipped plans, to do harm to."""
    plans = tmp_path / "plans"
    shutil.copytree(SHIPPED_PLANS, plans)
    build_index([plans], tmp_path / "index", encoder)
    return tmp_path / "index"


@pytest.fixture
def doctor(capsys):
    def run(index: Path, *options: str) -> tuple[int, dict[str, str]]:
        capsys.readouterr()
        code = main(("doctor", "--index", str(index), *options))
        lines = capsys.readouterr().out.splitlines()
        return code, {name: line for line in lines for name in [line[6:].split(":")[0].strip()]}

    return run


def test_a_sound_machine_is_told_so(doctor, own_index):
    code, told = doctor(own_index)
    assert code == Exit.FOUND
    assert told["chỉ mục"].startswith("tốt")
    assert "2 kế hoạch" in told["chỉ mục"]
    assert told["tệp gốc"].startswith("tốt")
    assert told["thư viện"].startswith("tốt")


def test_a_damaged_index_is_bad_and_the_file_is_named(doctor, own_index):
    damaged = next(own_index.glob("g*/*.npy"))
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    code, told = doctor(own_index)
    assert code == Exit.FAILURE
    assert damaged.name in told["chỉ mục"]
    assert "kehoach index" in told["chỉ mục"]


def test_sources_that_changed_or_are_gone_are_counted(doctor, own_index, tmp_path):
    one, other = sorted((tmp_path / "plans").glob("*.txt"))
    one.write_text("khác")
    other.unlink()
    _, told = doctor(own_index)
    assert told["tệp gốc"].startswith("chú ý")
    assert f"1 tệp đã thay đổi ({one.name})" in told["tệp gốc"]
    assert f"1 tệp không còn ({other.name})" in told["tệp gốc"]


def test_a_place_without_index_says_how_to_make_one(doctor, tmp_path):
    code, told = doctor(tmp_path)
    assert code == Exit.FAILURE
    assert "kehoach index" in told["chỉ mục"]


def test_a_missing_program_says_what_cannot_be_read_and_how_to_get_it(
    doctor, own_index, monkeypatch, tmp_path
):
    monkeypatch.setenv("PATH", str(tmp_path))
    code, told = doctor(own_index)
    assert code == Exit.FOUND
    assert "apt-get install" in told["tesseract"]
    assert ".doc" in told["soffice"]


def test_keys_that_others_can_read_are_told(doctor, own_index, tmp_path):
    path = tmp_path / "keys.json"
    main(("keys", "add", "a", "--keys", str(path)))
    _, told = doctor(own_index, "--keys", str(path))
    assert told["khóa"].startswith("tốt")
    path.chmod(0o644)
    assert "chmod 600" in doctor(own_index, "--keys", str(path))[1]["khóa"]
    path.write_text("{")
    code, told = doctor(own_index, "--keys", str(path))
    assert (code, told["khóa"][:4]) == (Exit.FAILURE, "hỏng")
