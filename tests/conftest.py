"""Parts that are slow to make, made once: a real index of the shipped plans, engine and server."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from hypothesis import settings

# No test is a race against the clock: the machine may be busy.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

SHIPPED_PLANS = Path(__file__).parents[1] / "corpus" / "data" / "plans"


@pytest.fixture(scope="module", autouse=True)
def usual_collection() -> Iterator[None]:
    """A server lets its garbage lie for long, and here one is made after the other."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)


@pytest.fixture(scope="session")
def encoder():
    from indexer.embed import open_encoder

    return open_encoder()


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory, encoder) -> Path:
    """A real index of the shipped plans; nobody may write to it."""
    from indexer.build import build_index

    folder = tmp_path_factory.mktemp("shipped") / "index"
    build_index([SHIPPED_PLANS], folder, encoder)
    return folder


@pytest.fixture(scope="session")
def engine(index_dir: Path, encoder):
    from search_api.engine import Engine

    return Engine.open(index_dir, encoder)


@pytest.fixture(scope="session")
def varied(tmp_path_factory: pytest.TempPathFactory, encoder):
    """An engine over the plans of the tuned half of the cases."""
    from eval.cases import made_plans
    from indexer.build import build_index
    from search_api.engine import Engine

    folder = tmp_path_factory.mktemp("varied") / "index"
    build_index([made_plans("varied")], folder, encoder)
    return Engine.open(folder, encoder)


@pytest.fixture(scope="session")
def server(engine) -> Iterator[str]:
    """The address of a real server over the real engine."""
    from search_api.app import create_app

    with serving(create_app(engine)) as address:
        yield address


@contextlib.contextmanager
def serving(app) -> Iterator[str]:
    """Serve `app` on a free port of this machine while the block runs."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not running.started:
        assert thread.is_alive(), "the server stopped while starting"
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        running.should_exit = True
        thread.join(10)


@contextlib.contextmanager
def running(index: Path, log: Path, *options: str, **environment: str) -> Iterator[str]:
    """Run ``kehoach serve`` on a free port as a process of its own while the block runs.

    What it writes goes to `log`, its process id is the first line of the file beside it.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kehoach", "serve", "--port", str(port), *options]
    surroundings = os.environ | {"KEHOACH_INDEX": str(index)} | environment
    with (
        log.open("w", encoding="utf-8") as lines,
        subprocess.Popen(
            command, env=surroundings, stderr=lines, stdout=lines, cwd=Path(__file__).parents[1]
        ) as server,
    ):
        log.with_suffix(".pid").write_text(str(server.pid))
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, server)
            yield address
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server stopped while starting"
        try:
            urllib.request.urlopen(f"{address}/healthz").close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


def find_chromium() -> str | None:
    """Return the Chromium of this machine; best one that draws no windows, in half the time."""
    programs = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next(filter(None, map(shutil.which, programs)), None)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; tests that need one are skipped where there is none."""
    program = find_chromium()
    if program is None:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()
