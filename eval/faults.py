"""Faults brought about on purpose: writers killed, disks full, bytes changed; and what was left."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from eval.synthetic import read_plan_of, write_plans
from indexer.build import build_index, open_index
from indexer.embed import Encoder, open_encoder
from indexer.errors import IndexBusy, IndexDamaged, IndexerError, IndexUnwritable
from search_api.engine import Engine

# Made plans in the index, and those that come and go with every try: coming they are added to the
# files that are there, and when they leave so few are written anew.
_STAYING, _COMING = 8, 2
# What an index is asked before and after a fault; the answers name plans, places and quotes.
_QUESTIONS = (
    "đơn vị nào chủ trì tuyên truyền?",
    "có bao nhiêu hoạt động?",
    "Sở Tài chính phải làm gì?",
)
# Seconds within which an index of so few plans is published.
_PUBLISHING = 0.03
# Times that a clock may show where its battery is dead, or somebody mistyped the year.
_WRONG_TIMES = ("1971-01-01 00:00:00", "2000-02-29 23:59:59", "2099-12-31 23:59:59")
# Callers that ask a server at once while its index is swapped.
_ASKING = 3
# Seconds after which a writer counts as stuck.
_STUCK = 120


@dataclass(slots=True)
class Tally:
    """How often a fault was tried, what was seen, and every time that something was lost."""

    fault: str
    tries: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    losses: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Count one try that ended well: as `what` says."""
        self.tries += 1
        self.seen[what] += 1

    def lose(self, what: str) -> None:
        """Count one try that lost something."""
        self.tries += 1
        self.losses.append(what)


class Ground:
    """A folder with made plans and an index of them.

    `few` and `many` are what an index says when it is of fewer and of more plans.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.folder, self.encoder = folder, encoder
        self.plans, self.index = folder / "plans", folder / "index"
        list(write_plans(self.plans, _STAYING))
        self._coming = list(write_plans(folder / "coming", _COMING, first=_STAYING))
        self.few = self._built(folder / "few")
        self.offer(self._coming)
        self.many = self._built(folder / "many")
        shutil.copytree(folder / "many", self.index)

    def offer(self, coming: Sequence[Path]) -> None:
        """Lay `coming`, and no other of the plans that come and go, beside those that stay."""
        for path in self._coming:
            (self.plans / path.name).unlink(missing_ok=True)
        for path in coming:
            shutil.copy(path, self.plans / path.name)

    def offer_other(self) -> tuple[str, str]:
        """Lay out the plans that the index does not hold; return what it says, and is to say."""
        now = self.look()
        self.offer(self._coming if now == self.few else ())
        return now, self.many if now == self.few else self.few

    def build(self, index: Path | None = None) -> None:
        """Bring the index up to date with the plans."""
        build_index(
            [self.plans], index or self.index, self.encoder, read=lambda path, _: read_plan_of(path)
        )

    def look(self, index: Path | None = None) -> str:
        """Open the index and return what it says, as text; raise IndexerError."""
        return look(index or self.index, self.encoder)

    def _built(self, index: Path) -> str:
        self.build(index)
        return self.look(index)


def look(index: Path, encoder: Encoder) -> str:
    """Open the index at `index`, ask it everything, and return what it says."""
    engine = Engine(open_index(index, encoder))
    said = [f"{len(engine.plans)} plans: {', '.join(engine.plans)}"]
    for question in _QUESTIONS:
        answer = engine.ask(question)
        said.append(f"{answer.status} {answer.values}")
        said += [f"{c.plan_id} {c.start} {c.quote}" for c in answer.citations]
    return "\n".join(said)


def build_when_told(plans: str, index: str) -> None:
    """Build an index once a line comes in; what a child process runs, to be killed."""
    encoder = open_encoder()
    print("ready", flush=True)  # noqa: T201  # the parent waits for it
    sys.stdin.readline()
    build_index([Path(plans)], Path(index), encoder, read=lambda path, _: read_plan_of(path))


def kill_writers(ground: Ground, tries: int, seed: int = 0) -> Iterator[Tally]:
    """Kill the writer of the index at random moments; the old or the new one must answer whole."""
    draw = random.Random(seed)  # noqa: S311  # moments, not secrets
    tally = Tally("writer killed (SIGKILL) at a random moment")
    seconds = _seconds_of_a_build(ground)
    waiting = _writer(ground)
    for number in range(tries):
        writer, waiting = waiting, _writer(ground)
        before, after = ground.offer_other()
        _await_ready(writer)
        # Every other one once it has begun to publish: that is short, and where all is decided.
        publishing = number % 2 == 1
        moment = draw.uniform(0, _PUBLISHING if publishing else seconds)
        known = set(ground.index.glob("g*/manifest.json"))
        _tell(writer)
        while publishing and known >= set(ground.index.glob("g*/manifest.json")):
            if writer.poll() is not None:
                break
        time.sleep(moment)
        finished = writer.poll() is not None
        writer.kill()
        writer.wait()
        try:
            now = ground.look()
        except IndexerError as error:
            tally.lose(f"try {number}, after {moment:.3f} s: {error}")
            yield tally
            return
        if now == before and not finished:
            tally.note("old index, whole")
        elif now == after:
            tally.note("new index, whole" if not finished else "writer had ended, new index")
        else:
            tally.lose(f"try {number}, after {moment:.3f} s: neither the old nor the new index")
        yield tally
    waiting.kill()
    waiting.wait()
    try:
        ground.build()
    except IndexBusy:
        tally.lose("a killed writer left its lock behind")
    litter = [path.name for path in ground.index.glob("g*")]
    if len(litter) != 1:
        tally.lose(f"litter after the next build: {litter}")


def _seconds_of_a_build(ground: Ground) -> float:
    ground.offer_other()
    writer = _writer(ground)
    _await_ready(writer)
    started = time.monotonic()
    _tell(writer)
    writer.communicate(timeout=_STUCK)
    return time.monotonic() - started


def fill_disk(ground: Ground, tries: int) -> Iterator[Tally]:
    """Build on a disk that fills up sooner or later; the old index must answer, then the new."""
    tally = Tally("disk full while writing")
    small = ground.folder / "small"
    few, many = ground.folder / "few", ground.folder / "many"
    if ground.offer_other()[1] == ground.few:
        ground.build()
        ground.offer_other()
    old, new = (
        sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
        for index in (few, many)
    )
    for number in range(tries):
        # From barely more than the old index takes to nearly enough for both.
        size = int(old * 1.1 + new * number / max(1, tries - 1))
        with mounted(small, size):
            index = small / "index"
            shutil.copytree(few, index)
            try:
                ground.build(index)
            except IndexUnwritable:
                ended = "refused, old index whole"
            except Exception as error:  # whatever it is, it is not what was promised
                tally.lose(f"{size:,} bytes: {type(error).__name__}: {error}")
                yield tally
                continue
            else:
                ended = "fitted"
            wanted = ground.many if ended == "fitted" else ground.few
            if ground.look(index) != wanted:
                tally.lose(f"{size:,} bytes: the index is not what it was")
                yield tally
                continue
            subprocess.run(["mount", "-o", f"remount,size={(old + new) * 4}", small], check=True)  # noqa: S603, S607
            ground.build(index)
            if ground.look(index) == ground.many:
                tally.note(f"{ended}; new index once there was room")
            else:
                tally.lose(f"{size:,} bytes: not built once there was room")
        yield tally


def change_bytes(ground: Ground, tries: int, seed: int = 0) -> Iterator[Tally]:
    """Change a byte anywhere in the index; it must be found when opened, and the file named."""
    draw = random.Random(seed)  # noqa: S311  # places, not secrets
    tally = Tally("a byte changed")
    files = [
        path
        for path in sorted(ground.index.rglob("*"))
        if path.is_file() and path.stat().st_size and path.name != "lock"
    ]
    for number in range(tries):
        path = files[number % len(files)]
        data = bytearray(path.read_bytes())
        place = draw.randrange(len(data))
        before = data[place]
        data[place] ^= draw.randrange(1, 256)
        path.write_bytes(data)
        try:
            open_index(ground.index, ground.encoder)
        except IndexDamaged as error:
            # A pointer to another generation reads as that generation's missing manifest.
            named = path.name in str(error) or path.name == "current"
            (tally.note if named else tally.lose)(
                "found when opened, file named" if named else f"{path.name} not named: {error}"
            )
        except Exception as error:  # whatever it is, it is not what was promised
            tally.lose(f"{path.name}, byte {place}: {type(error).__name__}: {error}")
        else:
            tally.lose(f"{path.name}, byte {place}: not found")
        data[place] = before
        path.write_bytes(data)
        yield tally
    open_index(ground.index, ground.encoder)


def write_together(ground: Ground, tries: int) -> Iterator[Tally]:
    """Start two writers at once; one builds, the other refuses or comes after it."""
    tally = Tally("two writers at once")
    for number in range(tries):
        _, after = ground.offer_other()
        writers = [_writer(ground), _writer(ground)]
        for writer in writers:
            _await_ready(writer)
        for writer in writers:
            _tell(writer)
        told = [(writer.communicate(timeout=_STUCK)[1] or "") for writer in writers]
        codes = [writer.returncode for writer in writers]
        refused = sum("IndexBusy" in text for text in told)
        if sum(code == 0 for code in codes) + refused != 2 or refused == 2:
            tally.lose(f"try {number}: {codes} {told}")
        elif ground.look() != after:
            tally.lose(f"try {number}: nothing was built")
        else:
            tally.note("one built, one refused" if refused else "one after the other")
        yield tally


def jump_clock(ground: Ground, tries: int) -> Iterator[Tally]:
    """Write while the clock is years behind or ahead; the new index must be the current one."""
    tally = Tally("clock jumped back and forth")
    for number in range(tries):
        at = _WRONG_TIMES[number % len(_WRONG_TIMES)]
        _, after = ground.offer_other()
        writer = _writer(ground, "faketime", at)
        _await_ready(writer)
        _tell(writer)
        told = writer.communicate(timeout=_STUCK)[1]
        created = open_index(ground.index, ground.encoder).manifest.created_at
        if writer.returncode or ground.look() != after:
            tally.lose(f"{at}: {told}")
        elif abs(int(created[:4]) - int(at[:4])) > 1:
            tally.lose(f"{at}: the clock did not jump, the index is of {created}")
        else:
            tally.note("new index current, whatever the clock says")
        yield tally


def swap_while_served(ground: Ground, tries: int) -> Iterator[Tally]:
    """Bring new indexes under a server that is asked without pause; no request may fail."""
    tally = Tally("index swapped under a server that is being asked")
    with _server(ground.index) as address, ThreadPoolExecutor(_ASKING) as pool:
        stop = threading.Event()
        asking = [pool.submit(_ask_until, stop, address) for _ in range(_ASKING)]
        try:
            for number in range(tries):
                ground.offer_other()
                ground.build()
                deadline = time.monotonic() + _STUCK
                while _get(address, "/readyz")["newer_index"] and time.monotonic() < deadline:
                    time.sleep(0.05)
                if time.monotonic() < deadline:
                    tally.note("new index live")
                else:
                    tally.lose(f"swap {number}: not live after {_STUCK} s")
                yield tally
        finally:
            stop.set()
        for asker in asking:
            answered, failed = asker.result()
            tally.seen["request answered meanwhile"] += answered
            tally.losses += failed
    yield tally


@contextmanager
def _server(index: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {"KEHOACH_INDEX": str(index), "KEHOACH_RATE": "0"}
    with subprocess.Popen(  # noqa: S603  # this very program
        [sys.executable, "-m", "kehoach", "serve", "--port", str(port)],
        env=environment,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            deadline = time.monotonic() + _STUCK
            while time.monotonic() < deadline:
                try:
                    _get(address, "/readyz")
                    break
                except OSError:
                    time.sleep(0.2)
            yield address
        finally:
            server.terminate()


def _ask_until(stop: threading.Event, address: str) -> tuple[int, list[str]]:
    """Ask in turn until told to stop; return how many were answered, and what failed."""
    answered, failed = 0, []
    while not stop.is_set():
        question = _QUESTIONS[answered % len(_QUESTIONS)]
        try:
            _get(address, f"/v1/search?q={quote(question)}")
            answered += 1
        except OSError as error:
            failed.append(f"{question}: {error}")
    return answered, failed


def _get(address: str, path: str) -> dict[str, Any]:
    with urlopen(f"{address}{path}", timeout=_STUCK) as response:  # noqa: S310  # our own address
        found: dict[str, Any] = json.load(response)
        return found


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[None]:
    """Have a disk of `size` bytes at `folder` while the block runs; needs the rights of root."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)  # noqa: S603, S607
    try:
        yield
    finally:
        # An index that was open there may still be mapped by whoever has not let go of it.
        subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S603, S607


def every_fault(tries: int) -> dict[str, Callable[[Ground], Iterator[Tally]]]:
    """Return what can be tried here, by name, each `tries` times."""
    faults: dict[str, Callable[[Ground], Iterator[Tally]]] = {
        "kill": lambda ground: kill_writers(ground, tries),
        "bytes": lambda ground: change_bytes(ground, tries),
        "swap": lambda ground: swap_while_served(ground, max(1, tries // 5)),
        "together": lambda ground: write_together(ground, max(1, tries // 10)),
    }
    if shutil.which("faketime"):
        faults["clock"] = lambda ground: jump_clock(ground, max(3, tries // 10))
    if os.geteuid() == 0:
        faults["disk"] = lambda ground: fill_disk(ground, max(1, tries // 5))
    return faults


def render_tallies(tallies: list[Tally]) -> str:
    """Return what was tried and seen as a Markdown table, every loss below it."""
    lines = ["| fault | tries | seen | lost |", "|---|---|---|---|"]
    for tally in tallies:
        seen = "; ".join(f"{what}: {count}" for what, count in tally.seen.most_common())
        lines.append(f"| {tally.fault} | {tally.tries} | {seen} | {len(tally.losses)} |")
    lines += [f"- {tally.fault}: {loss}" for tally in tallies for loss in tally.losses]
    return "\n".join(lines) + "\n"


def _writer(ground: Ground, *under: str) -> subprocess.Popen[str]:
    code = "import sys; from eval.faults import build_when_told; build_when_told(*sys.argv[1:])"
    return subprocess.Popen(  # noqa: S603  # this very program
        [*under, sys.executable, "-c", code, str(ground.plans), str(ground.index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _await_ready(writer: subprocess.Popen[str]) -> None:
    if writer.stdout is None or writer.stdout.readline() != "ready\n":
        raise RuntimeError("the writer did not start")


def _tell(writer: subprocess.Popen[str]) -> None:
    if writer.stdin is not None:
        writer.stdin.write("\n")
        writer.stdin.flush()
