"""The index on disk: written whole beside the old one, swapped atomically, verified when opened.

index/
  current            "g000002-1f3a9c04 <sha256 of its manifest>"
  lock               held while an index is written
  g000002-1f3a9c04/
    manifest.json    format, configuration, encoder, sources, sha256 of every other file
    …                what `indexer.build` writes
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import mmap
import os
import re
import secrets
import shutil
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from indexer.config import FORMAT
from indexer.errors import (
    DISK_ERRORS,
    IndexBusy,
    IndexDamaged,
    IndexForeign,
    IndexMissing,
    IndexUnwritable,
)

_CURRENT = "current"
_LOCK = "lock"
_MANIFEST = "manifest.json"
# A folder of ours: "g000002-1f3a9c04"; not "g2" nor "ghi chú", which are never removed.
_GENERATION = re.compile(r"^g(?P<number>\d{6})-[0-9a-f]{8}$")
_POINTER = re.compile(r"^(?P<generation>g\d{6}-[0-9a-f]{8}) (?P<digest>[0-9a-f]{64})\n$")
_OPEN_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A file that was read: where it is, what it held, which code understood it, as which plan."""

    path: str
    sha256: str
    corpus_version: str
    plan_id: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index is made of; `files` are sha256 by path within the generation.

    `vectors` is the kind of vector index, and why; `withdrawn` are the sha256 of files that stay
    out even where a folder holds them.
    """

    config: str
    encoder_name: str
    encoder: str
    dimensions: int
    vectors: str
    plans: int
    chunks: int
    created_at: str
    sources: tuple[SourceEntry, ...]
    files: dict[str, str]
    withdrawn: tuple[str, ...] = ()
    format: int = FORMAT


@contextlib.contextmanager
def locked(index_dir: Path) -> Iterator[None]:
    """Hold the right to write the index at `index_dir`.

    Raise IndexBusy where another process has it, IndexUnwritable where nobody can write.
    """
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock = (index_dir / _LOCK).open("a")
    except OSError as error:
        raise IndexUnwritable(index_dir, error.errno or 0) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusy(index_dir) from error
        yield


@contextlib.contextmanager
def writing(index_dir: Path) -> Iterator[Path]:
    """Yield a new folder for the next generation; it is removed unless `publish` named it.

    What writers that were killed have left is removed first. Raise IndexUnwritable where the disk
    is full or cannot be written.
    """
    numbers = [int(found["number"]) for found in _generations(index_dir).values()]
    name = f"g{max(numbers, default=0) + 1:06d}-{secrets.token_hex(4)}"
    _remove_all_but(index_dir, current_generation(index_dir))
    folder = index_dir / name
    try:
        folder.mkdir()
        yield folder
    except (OSError, RuntimeError, ValueError) as error:
        why = _disk_error(error)
        if why is None:
            raise
        raise IndexUnwritable(index_dir, why) from error
    finally:
        if current_generation(index_dir) != name:
            shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, manifest: Manifest) -> Manifest:
    """Make the finished `folder` the current generation and remove all others; return its manifest.

    Everything is on the disk before the pointer moves: a reader, also one after a power cut, sees
    the old index whole or the new one whole.
    """
    index_dir = folder.parent
    manifest = dataclasses.replace(manifest, files=_digests(folder))
    data = json.dumps(dataclasses.asdict(manifest), ensure_ascii=False, indent=1).encode()
    (folder / _MANIFEST).write_bytes(data)
    for path in (*folder.rglob("*"), folder, index_dir):
        sync(path)
    pointer = index_dir / f"{_CURRENT}.new"
    pointer.write_text(f"{folder.name} {hashlib.sha256(data).hexdigest()}\n", encoding="ascii")
    sync(pointer)
    pointer.replace(index_dir / _CURRENT)
    sync(index_dir)
    _remove_all_but(index_dir, folder.name)
    return manifest


def current_generation(index_dir: Path) -> str | None:
    """Return the name of the generation to open, None without one; each build has its own."""
    try:
        pointer = _POINTER.match((index_dir / _CURRENT).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return pointer["generation"] if pointer else None


def open_generation(
    index_dir: Path, *, encoder: str | None = None, config: str | None = None
) -> tuple[Path, Manifest]:
    """Verify the current generation and return its folder and manifest.

    `encoder` and `config` are fingerprints it must have been made with, None for any. Raise
    IndexMissing, IndexDamaged or IndexForeign.
    """
    for attempt in range(_OPEN_ATTEMPTS):
        before = current_generation(index_dir)
        try:
            return _verified(index_dir, encoder, config)
        except IndexDamaged:
            # A build that ended meanwhile removed the generation under our hands.
            swapped = current_generation(index_dir) != before
            if not swapped or attempt == _OPEN_ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def is_generation(name: str) -> bool:
    """Say whether a folder of this name is a generation, current or not."""
    return bool(_GENERATION.match(name))


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Records:
    """Bytes by number in one memory-mapped file: nothing is read before it is asked for."""

    def __init__(self, path: Path) -> None:
        self._ends = np.load(path.with_suffix(".ends.npy"), mmap_mode="r")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> bytes:
        start = int(self._ends[number - 1]) if number else 0
        return self._data[start : int(self._ends[number])]


class RecordWriter:
    """Writes what `Records` reads; complete on leaving the `with` block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb")
        self._ends = array("q")
        self._end = 0

    def add(self, record: bytes) -> None:
        """Append one record."""
        self._file.write(record)
        self._end += len(record)
        self._ends.append(self._end)

    def __enter__(self) -> RecordWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        np.save(self._path.with_suffix(".ends.npy"), np.asarray(self._ends, dtype=np.int64))


def _verified(index_dir: Path, encoder: str | None, config: str | None) -> tuple[Path, Manifest]:
    if not (index_dir / _CURRENT).exists():
        if _generations(index_dir):
            raise IndexDamaged(index_dir, f"thiếu tệp “{_CURRENT}”")
        raise IndexMissing(index_dir)
    try:
        pointer = _POINTER.match((index_dir / _CURRENT).read_bytes().decode("ascii"))
    except (OSError, ValueError) as error:
        raise IndexDamaged(index_dir, f"không đọc được tệp “{_CURRENT}”") from error
    if pointer is None:
        raise IndexDamaged(index_dir, f"tệp “{_CURRENT}” sai nội dung")
    folder = index_dir / pointer["generation"]
    manifest = _read_manifest(folder, pointer["digest"])
    if config is not None and manifest.config != config:
        raise IndexForeign(index_dir, "chỉ mục được lập với cấu hình khác")
    if encoder is not None and manifest.encoder != encoder:
        raise IndexForeign(
            index_dir,
            f"chỉ mục được lập với mô hình khác hoặc bản khác của “{manifest.encoder_name}”",
        )
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise IndexDamaged(index_dir, f"thiếu tệp “{name}”")
        if _digest(path) != digest:
            raise IndexDamaged(index_dir, f"tệp “{name}” đã bị thay đổi")
    return folder, manifest


def _read_manifest(folder: Path, digest: str) -> Manifest:
    try:
        data = (folder / _MANIFEST).read_bytes()
    except OSError as error:
        raise IndexDamaged(folder.parent, f"thiếu tệp “{_MANIFEST}”") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise IndexDamaged(folder.parent, f"tệp “{_MANIFEST}” đã bị thay đổi")
    content = json.loads(data)
    if content.get("format") != FORMAT:
        raise IndexForeign(folder.parent, "chỉ mục được lập bởi phiên bản khác của chương trình")
    content["sources"] = tuple(SourceEntry(**source) for source in content["sources"])
    content["withdrawn"] = tuple(content.get("withdrawn", ()))
    return Manifest(**content)


def _generations(index_dir: Path) -> dict[str, re.Match[str]]:
    return {
        path.name: found
        for path in index_dir.glob("g*")
        if (found := _GENERATION.match(path.name)) and path.is_dir()
    }


def _disk_error(error: Exception) -> int | None:
    """Return the number of what the system said; engines of other languages tell it in words."""
    if isinstance(error, OSError):
        return error.errno or 0
    return next((number for number in DISK_ERRORS if os.strerror(number) in str(error)), None)


def _remove_all_but(index_dir: Path, kept: str | None) -> None:
    """Remove the generations that nobody will open again, where it is known which is current."""
    for name in _generations(index_dir):
        if kept and name != kept:
            shutil.rmtree(index_dir / name, ignore_errors=True)


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
