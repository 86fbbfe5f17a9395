"""A Ray cluster of two nodes reads and embeds, and the index is the one this machine would make."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eval.synthetic import write_plans
from indexer.build import build_index, open_index
from indexer.bundle import open_generation

ROOT = Path(__file__).parents[2]
pytest.importorskip("ray", reason="needs pip install 'kehoach[ray]'")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[dict[str, str]]:
    """Two nodes of one core each on this machine, as an environment; strangers have no token."""
    folder = tmp_path_factory.mktemp("ray")
    (folder / "token").write_text(secrets.token_hex(32))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    environment = os.environ | {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": str(folder / "token"),
        "RAY_USAGE_STATS_ENABLED": "0",
        # Nobody begins alone: the first worker to stand would have read all before the second does.
        "RAY_DATA_DEFAULT_WAIT_FOR_MIN_ACTORS_S": "120",
        "PYTHONPATH": str(ROOT),
        "ADDRESS": address,
    }
    start = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--num-cpus=1"]
    start += ["--node-ip-address=127.0.0.1", f"--object-store-memory={100 * 2**20}"]
    head = ["--head", f"--port={address.partition(':')[2]}", "--include-dashboard=false"]
    nodes = []
    with (folder / "log").open("w") as log:
        try:
            for role in (head, [f"--address={address}"]):
                nodes.append(
                    subprocess.Popen(
                        [*start, *role],
                        env=environment,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
                )
                _wait_until(lambda: "Ray runtime started" in (folder / "log").read_text(), role)
                log.truncate(0)
            yield environment
        finally:
            for node in nodes:
                os.killpg(node.pid, signal.SIGTERM)
            for node in nodes:
                node.wait(60)


def _wait_until(happened: Callable[[], bool], what: object) -> None:
    deadline = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def kehoach(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kehoach", *words]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


def test_a_cluster_makes_the_index_that_this_machine_makes(cluster, tmp_path, encoder):
    plans, here, there = tmp_path / "plans", tmp_path / "here", tmp_path / "there"
    assert len(list(write_plans(plans, 12))) == 12
    (plans / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    report = build_index([plans], here, encoder)

    done = kehoach(cluster, "index", str(plans), "--index", str(there), "--ray", cluster["ADDRESS"])

    assert done.returncode == 0, done.stderr
    assert "12 tệp trên 2 máy" in done.stderr
    assert list(open_index(there, encoder).plans) == list(open_index(here, encoder).plans)
    files = [
        {name: sha for name, sha in open_generation(at)[1].files.items() if "lexical" not in name}
        for at in (here, there)
    ]
    assert files[0] == files[1]
    words = "tập huấn cán bộ"
    assert open_index(there, encoder).lexical.search(words, 20) == open_index(
        here, encoder
    ).lexical.search(words, 20)
    assert report.embedded > 0


def test_a_cluster_that_is_not_there_is_said_to_be_so(tmp_path):
    plans = tmp_path / "plans"
    assert list(write_plans(plans, 1))
    done = kehoach(
        dict(os.environ),
        "index",
        str(plans),
        "--index",
        str(tmp_path / "i"),
        "--ray",
        "127.0.0.1:1",
    )
    assert done.returncode == 3
    assert "cụm Ray" in done.stderr
