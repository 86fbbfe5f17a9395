"""The server as it is run: real processes, real sockets."""

import json
import os
import signal
import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import uvicorn

from kehoach.serving import Http
from search_api.app import create_app
from tests.conftest import running


def test_what_was_asked_stands_in_no_line_of_the_log(index_dir, tmp_path):
    log = tmp_path / "log"
    with running(index_dir, log) as address:
        httpx2.get(f"{address}/?q=bi-mat-quoc-gia")
        httpx2.get(f"{address}/v1/search?q=bi-mat-quoc-gia")
        httpx2.post(f"{address}/v1/ask", content=b"bi-mat-quoc-gia")
    text = log.read_text(encoding="utf-8")
    assert "bi-mat-quoc-gia" not in text
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["logger"] == "kehoach.requests"]
    assert [line["status"] for line in requests][-3:] == [200, 200, 422]


def test_whoever_only_dribbles_the_head_of_a_request_is_hung_up_on(index_dir, tmp_path):
    with running(index_dir, tmp_path / "log") as address:
        place = urlsplit(address)
        with socket.create_connection((place.hostname, place.port)) as slow:
            slow.settimeout(0.5)
            slow.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
            started = time.monotonic()
            while True:
                try:
                    slow.sendall(b"X-A: b\r\n")
                    if slow.recv(1) == b"":
                        break
                except TimeoutError:
                    assert time.monotonic() - started < 30
                except OSError:
                    break
        assert httpx2.get(f"{address}/healthz").status_code == 200


def test_an_answer_does_not_wait_to_be_acknowledged_whoever_made_the_socket(engine):
    # As several workers are given theirs.
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(engine), http=Http, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        port = listening.getsockname()[1]
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            assert client.get("/healthz").status_code == 200
            (connection,) = server.server_state.connections
            served = connection.transport.get_extra_info("socket")
            assert served.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    finally:
        server.should_exit = True
        thread.join(10)


def children_of(pid: int) -> set[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {child for child in map(int, listed) if "spawn_main" in _command(child)}


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_a_worker_that_dies_is_replaced_and_the_others_answer_meanwhile(index_dir, tmp_path):
    log = tmp_path / "log"
    with running(index_dir, log, "--workers", "2") as address:
        server = int(log.with_suffix(".pid").read_text())
        deadline = time.monotonic() + 60
        while _started(log) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        workers = children_of(server)
        assert len(workers) == 2
        os.kill(workers.pop(), signal.SIGKILL)
        for _ in range(50):
            assert httpx2.get(f"{address}/v1/plans").status_code == 200
        while len(children_of(server)) < 2 or _started(log) < 3:
            assert time.monotonic() < deadline, "the dead worker was not replaced"
            time.sleep(0.1)
        assert httpx2.get(f"{address}/readyz").status_code == 200
        # Counted by either worker, by one that died too.
        counted = 'kehoach_requests_total{method="GET",route="/v1/plans",status="200"} 50.0'
        assert counted in httpx2.get(f"{address}/metrics").text


def _started(log: Path) -> int:
    return log.read_text(encoding="utf-8").count("Application startup complete")
