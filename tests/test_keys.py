"""`kehoach keys`, and a real server that obeys it."""

import json

import httpx2
import pytest

from kehoach.cli import Exit, main
from tests.conftest import running


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KEHOACH_KEYS", str(tmp_path / "keys.json"))

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(("keys", *arguments))
        return (code, *capsys.readouterr())

    return run


def test_a_key_is_printed_once_and_listed_without_itself(command):
    code, token, _ = command("add", "cong-tinh", "--scope", "read", "--scope", "feedback")
    assert code == Exit.FOUND
    assert token.startswith("kehoach_")
    code, listed, _ = command("list")
    assert listed.split("\t")[:3] == ["cong-tinh", "read,feedback", "-"]
    assert token.strip() not in listed


def test_a_rotated_key_is_another_and_a_revoked_one_is_gone(command):
    _, first, _ = command("add", "a")
    _, second, _ = command("rotate", "a")
    assert second.startswith("kehoach_")
    assert first != second
    assert command("revoke", "a")[0] == Exit.FOUND
    assert command("list")[1] == ""


@pytest.mark.parametrize("name", ["Cổng tỉnh", "../a", "-a", "a b", ""])
def test_a_name_that_is_none_is_refused(command, name):
    assert command("add", "--", name)[0] == Exit.CALLER


def test_a_name_given_twice_is_refused_with_the_command_to_type(command):
    command("add", "a")
    code, _, told = command("add", "a")
    assert code == Exit.CALLER
    assert "kehoach keys rotate a" in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEHOACH_EMBED_ORIGINS", "kiengiang.gov.vn"),
        ("KEHOACH_OPEN", "everything"),
        ("KEHOACH_OPEN", "admin"),
        ("KEHOACH_RATE", "nhiều"),
        ("KEHOACH_RATE", "-1"),
        ("KEHOACH_RATE", "nan"),
    ],
)
def test_a_setting_that_means_nothing_stops_the_server_and_is_named(
    command, index_dir, monkeypatch, capsys, name, value
):
    command("add", "a")
    monkeypatch.setenv(name, value)
    assert main(("serve", "--index", str(index_dir), "--port", "0")) == Exit.CALLER
    assert name in capsys.readouterr().err


def test_a_server_obeys_keys_that_come_and_go_while_it_runs(command, index_dir, tmp_path):
    _, token, _ = command("add", "a")
    log = tmp_path / "log"
    with running(index_dir, log) as address:
        headers = {"Authorization": f"Bearer {token.strip()}"}
        assert httpx2.get(f"{address}/v1/plans").status_code == 401
        found = httpx2.get(f"{address}/v1/plans", headers=headers)
        assert json.loads(found.text)["total"] == 2
        command("revoke", "a")
        assert httpx2.get(f"{address}/v1/plans", headers=headers).status_code == 401
    assert token.strip() not in log.read_text()
