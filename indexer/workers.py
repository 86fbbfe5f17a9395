"""Work done side by side in processes of their own; one that dies takes only its own task."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Generic, TypeVar

Parts = TypeVar("Parts")
Result = TypeVar("Result")
Task = tuple[Any, ...]

# Tasks handed out to one process before their results are fetched: enough that none waits for the
# next, few enough that what waits to be written fits into memory (a megabyte a plan).
_AHEAD = 4


class WorkerDied(Exception):  # noqa: N818 - what happened, handed back rather than raised
    """A process ended in the middle of its task, twice."""


class Workers(Generic[Parts]):
    """`count` processes, each with a copy of `parts` to work with.

    They are fresh interpreters: forked ones would inherit the locks that a server's threads hold.
    Parts, tasks and results must survive pickling. Raise OSError where no process can be started,
    or none that has the parts.
    """

    def __init__(self, parts: Parts, count: int) -> None:
        try:
            self._parts = pickle.dumps(parts)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise OSError(f"no process can have what cannot be copied: {error}") from error
        self._count = count
        self._pool = self._start()
        try:
            self._pool.submit(os.getpid).result()
        except BrokenProcessPool as error:
            raise OSError("processes end before they begin") from error

    def __enter__(self) -> Workers[Parts]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def results(
        self, work: Callable[..., Result], tasks: Iterable[Task]
    ) -> Iterator[Result | WorkerDied]:
        """Yield ``work(parts, *task)`` of each task, in their order; raise what it raises.

        Where a process dies, what it may have had in hand is tried again, each alone; a task that
        ends its process again comes back as WorkerDied.
        """
        waiting = iter(tasks)
        handed_out: deque[Task] = deque()
        futures: deque[Future[Result]] = deque()
        while True:
            try:
                while len(handed_out) < _AHEAD * self._count:
                    task = next(waiting, None)
                    if task is None:
                        break
                    handed_out.append(task)
                    futures.append(self._pool.submit(_do, work, task))
                if not handed_out:
                    return
                result = futures[0].result()
            except BrokenProcessPool:
                suspects = list(handed_out)
                handed_out.clear()
                futures.clear()
                self._pool = self._start()
                yield from (self._alone(work, task) for task in suspects)
                continue
            handed_out.popleft()
            futures.popleft()
            yield result

    def _alone(self, work: Callable[..., Result], task: Task) -> Result | WorkerDied:
        try:
            result: Result = self._pool.submit(_do, work, task).result()
        except BrokenProcessPool:
            self._pool = self._start()
            return WorkerDied()
        return result

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._count, context, _begin, (self._parts,))


# What this process works with, where it is a worker.
_parts: list[Any] = []


def _begin(parts: bytes) -> None:
    # Ctrl+C reaches the whole group; who started this process ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _parts.append(pickle.loads(parts))  # noqa: S301 - from the process that started this one
    # What is loaded stays: going through it again and again finds nothing.
    gc.freeze()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _do(work: Callable[..., Any], task: Task) -> Any:  # noqa: ANN401 - whatever `work` returns
    return work(_parts[0], *task)
