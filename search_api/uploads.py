"""Plans sent to the server: kept in a folder, read, shown for checking, indexed once approved.

A job is a folder beside the index, so every process that serves the index sees it:

uploads/<id>/
  job.json      what is to be done and how far it is
  lock          held by the process that is working on it
  plan.json     what was understood
  <file>        what was sent; the index names it as the source of its plan
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import json
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import IO, BinaryIO

from corpus.archive import read_plan, write_plan
from corpus.errors import CorpusError
from corpus.model import Plan
from corpus.text import normalise, one_line
from indexer.build import build_index, read_plan_file
from indexer.embed import Encoder
from indexer.errors import IndexerError, NothingToIndex
from indexer.store import Store
from search_api.errors import JobNotWaiting, SourceMissing, TooManyJobs, UnknownJob

# Bytes: what the readers take at most, see `corpus.readers.Limits`.
LARGEST_UPLOAD = 100_000_000
# Jobs that wait for somebody to approve them, or for their turn; not tuned.
_MOST_OPEN = 50
# Characters of a file's name; file systems take 255 bytes, a Vietnamese letter has up to three.
_LONGEST_NAME = 80
_JOB_ID = re.compile(r"^\d{8}-\d{6}-[0-9a-f]{6}$")
# "Kế hoạch 97 (bản ký).docx" stays; slashes, colons, quotes and controls do not.
_NOT_IN_A_NAME = re.compile(r"[^\w .()\-]")
_RESTARTED = "Máy chủ khởi động lại khi đang làm; hãy tải lại."


class State(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    READING = "reading"
    WAITING = "waiting"
    INDEXING = "indexing"
    DONE = "done"
    FAILED = "failed"
    REJECTED = "rejected"


class Task(StrEnum):
    """What a job does."""

    UPLOAD = "upload"
    REREAD = "reread"
    WITHDRAW = "withdraw"


_AT_WORK = frozenset({State.QUEUED, State.READING, State.INDEXING})
_OPEN = _AT_WORK | {State.WAITING}


@dataclass(frozen=True, slots=True)
class Job:
    """One task: `reason` (Vietnamese) says why it failed or why indexing must be tried again.

    `plan_id` is the plan it is about: for an upload the id that the plan got, None before it is
    indexed. `path` is the file, `done` of `total` how far indexing is.
    """

    id: str
    task: Task
    state: State
    name: str
    path: str
    size: int
    created_at: str
    plan_id: str | None = None
    reason: str | None = None
    approved: bool = False
    done: int = 0
    total: int = 0


class Uploads:
    """The jobs of the index at `index_dir`; one is worked on at a time, in a thread of its own.

    `on_change` is called when a new index was published.
    """

    def __init__(
        self,
        index_dir: Path,
        encoder: Encoder,
        on_change: Callable[[], None] = lambda: None,
        store: Store | None = None,
    ) -> None:
        self._index_dir = index_dir
        self._folder = index_dir / "uploads"
        self._encoder = encoder
        self._store = store
        self._on_change = on_change

    def add(self, name: str, content: BinaryIO, *, approve: bool = False) -> Job:
        """Keep a file that a client calls `name` and begin to read it.

        With `approve` it is indexed as soon as it is read, whatever was understood.
        """
        self._check_room()
        clean = safe_name(name)
        job = _new_job(Task.UPLOAD, clean, approved=approve)
        folder = self._folder / job.id
        folder.mkdir(parents=True)
        path = folder / clean
        with path.open("xb") as kept:
            shutil.copyfileobj(content, kept)
        return self._begin(replace(job, path=str(path), size=path.stat().st_size))

    def reread(self, plan: Plan, path: Path) -> Job:
        """Begin to read the file of a plan anew; raise SourceMissing where it is gone."""
        self._check_room()
        if not path.is_file():
            raise SourceMissing(plan.source.name)
        job = _new_job(Task.REREAD, plan.source.name, plan_id=plan.id)
        return self._begin(replace(job, path=str(path), size=path.stat().st_size))

    def withdraw(self, plan: Plan, path: Path) -> Job:
        """Begin to take a plan out of the index; its file stays where it is."""
        self._check_room()
        job = _new_job(Task.WITHDRAW, plan.source.name, plan_id=plan.id, approved=True)
        return self._begin(replace(job, path=str(path)))

    def approve(self, job_id: str) -> Job:
        """Index what a waiting job has understood; raise JobNotWaiting for any other."""
        job = self._waiting(job_id)
        return self._start(replace(job, approved=True, reason=None, state=State.QUEUED))

    def reject(self, job_id: str) -> Job:
        """Throw away what a waiting job has understood, and the file if it was sent."""
        job = self._waiting(job_id)
        self._forget_file(job)
        return self._keep(replace(job, state=State.REJECTED))

    def get(self, job_id: str) -> Job:
        """Return a job; raise UnknownJob."""
        if not _JOB_ID.match(job_id):
            raise UnknownJob(job_id)
        job = self._read(job_id)
        if job.state in _AT_WORK and not _is_held(self._folder / job_id / "lock"):
            # Who lets go of the lock has written how it ended.
            job = self._read(job_id)
            if job.state in _AT_WORK:
                job = self._keep(replace(job, state=State.FAILED, reason=_RESTARTED))
        return job

    def every(self) -> list[Job]:
        """Return all jobs, the newest first."""
        names = sorted((path.parent.name for path in self._folder.glob("*/job.json")), reverse=True)
        return [self.get(name) for name in names if _JOB_ID.match(name)]

    def understood(self, job: Job) -> Plan | None:
        """Return what was read for a job, None where nothing was or it was thrown away."""
        try:
            return read_plan((self._folder / job.id / "plan.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def _read(self, job_id: str) -> Job:
        try:
            data = json.loads((self._folder / job_id / "job.json").read_bytes())
        except (OSError, ValueError) as error:
            raise UnknownJob(job_id) from error
        return Job(**{**data, "task": Task(data["task"]), "state": State(data["state"])})

    def _check_room(self) -> None:
        count = sum(job.state in _OPEN for job in self.every())
        if count >= _MOST_OPEN:
            raise TooManyJobs(count)

    def _waiting(self, job_id: str) -> Job:
        job = self.get(job_id)
        if job.state is not State.WAITING:
            raise JobNotWaiting(job_id)
        return job

    def _begin(self, job: Job) -> Job:
        (self._folder / job.id).mkdir(parents=True, exist_ok=True)
        return self._start(job)

    def _start(self, job: Job) -> Job:
        """Work on `job` in a thread; the lock says, from before it is seen, that it is alive."""
        lock = (self._folder / job.id / "lock").open("a")
        if not _held_soon(lock):
            lock.close()
            raise JobNotWaiting(job.id)
        self._keep(job)

        def run() -> None:
            with lock, self._turn():
                self._work(job)

        threading.Thread(target=run, name=f"job-{job.id}", daemon=True).start()
        return job

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until no other job of this index is worked on, in this process or another."""
        with (self._folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _work(self, job: Job) -> None:
        try:
            if job.task is not Task.WITHDRAW and self.understood(job) is None:
                job = self._keep(replace(job, state=State.READING))
                plan = read_plan_file(Path(job.path), None)
                _write(self._folder / job.id / "plan.json", write_plan(plan))
            if not job.approved:
                self._keep(replace(job, state=State.WAITING))
                return
            job = self._keep(replace(job, state=State.INDEXING))
            plan_id = self._index(job)
        except (CorpusError, NothingToIndex) as error:
            reason = getattr(error, "message", str(error))
            if job.task is Task.WITHDRAW:
                reason = "Đây là kế hoạch cuối cùng của chỉ mục nên không gỡ được."
            self._fail(job, reason)
        except IndexerError as error:
            # Another build is running, or the disk is full: what was understood is still good.
            state = State.FAILED if job.task is Task.WITHDRAW else State.WAITING
            self._keep(replace(job, state=state, approved=False, reason=str(error)))
        except Exception as error:  # a job tells whatever went wrong, it does not vanish
            self._fail(
                job, f"Lỗi ngoài dự kiến ({type(error).__name__}); hãy báo người phát triển."
            )
            raise
        else:
            self._on_change()
            self._keep(replace(job, state=State.DONE, plan_id=plan_id, done=1, total=1))

    def _index(self, job: Job) -> str | None:
        path = Path(job.path)

        def progress(_stage: str, done: int, total: int) -> None:
            self._keep(replace(job, done=done, total=total))

        def read(found: Path, folder: Path | None) -> Plan:
            plan = self.understood(job) if found == path.resolve() else None
            return plan or read_plan_file(found, folder)

        report = build_index(
            [] if job.task is Task.WITHDRAW else [path],
            self._index_dir,
            self._encoder,
            store=self._store,
            drop=[job.plan_id] if job.plan_id else [],
            read=read,
            on_progress=progress,
        )
        if job.task is Task.WITHDRAW:
            return job.plan_id
        ours = [file for file in report.files if file.path == str(path.resolve())]
        return ours[-1].plan_id if ours else None

    def _fail(self, job: Job, reason: str) -> None:
        self._forget_file(job)
        self._keep(replace(job, state=State.FAILED, reason=reason))

    def _forget_file(self, job: Job) -> None:
        """Remove what was sent, if the index does not stand on it, and what was understood."""
        if job.task is Task.UPLOAD:
            Path(job.path).unlink(missing_ok=True)
        (self._folder / job.id / "plan.json").unlink(missing_ok=True)

    def _keep(self, job: Job) -> Job:
        _write(self._folder / job.id / "job.json", json.dumps(asdict(job), ensure_ascii=False))
        return job


def safe_name(name: str) -> str:
    """Return a name for the file that a client calls `name`: no folder, no hidden file, not long.

    >>> safe_name("../../etc/.Kế hoạch 97:KH.docx")
    'Kế hoạch 97KH.docx'
    """
    last = one_line(normalise(name)).replace("\\", "/").rpartition("/")[2]
    clean = _NOT_IN_A_NAME.sub("", last).strip(". ")
    stem, dot, ending = clean.rpartition(".")
    if not dot:
        stem, ending = clean, ""
    return f"{stem[:_LONGEST_NAME].strip() or 'ke-hoach'}{dot}{ending[:8]}"


def _new_job(task: Task, name: str, plan_id: str | None = None, *, approved: bool = False) -> Job:
    now = datetime.datetime.now(datetime.UTC)
    job_id = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    moment = now.isoformat(timespec="seconds")
    return Job(job_id, task, State.QUEUED, name, "", 0, moment, plan_id, approved=approved)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all: it is read while it is written."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(3)}")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def _held_soon(lock: IO[str]) -> bool:
    """Take the lock; whoever has just finished lets go of it within moments."""
    for _ in range(100):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


def _is_held(path: Path) -> bool:
    """Say whether some process holds the lock at `path`."""
    try:
        with path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
