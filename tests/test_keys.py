"""`kehoach keys`, and a real server that obeys it."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from kehoach.cli import Exit, main


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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = [sys.executable, "-m", "kehoach", "serve", "--port", str(port)]
    environment = os.environ | {"KEHOACH_INDEX": str(index_dir)}
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            serve, env=environment, stderr=log, stdout=log, cwd=Path(__file__).parents[1]
        ) as server,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/healthz")
            headers = {"Authorization": f"Bearer {token.strip()}"}
            assert httpx2.get(f"{address}/v1/plans").status_code == 401
            found = httpx2.get(f"{address}/v1/plans", headers=headers)
            assert json.loads(found.text)["total"] == 2
            command("revoke", "a")
            assert httpx2.get(f"{address}/v1/plans", headers=headers).status_code == 401
        finally:
            server.terminate()
    assert token.strip() not in (tmp_path / "log").read_text()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            httpx2.get(address)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} never answered")
