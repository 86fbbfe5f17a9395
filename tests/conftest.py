"""Parts that are slow to make, made once: a real index of the shipped plans, engine and server."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

SHIPPED_PLANS = Path(__file__).parents[1] / "corpus" / "data" / "plans"


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


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; tests that need one are skipped where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()
