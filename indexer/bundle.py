"""The index on disk: written beside the old one, swapped atomically, verified when opened.

index/
  current            "g000002-1f3a9c04 <sha256 of its manifest>"
  lock               held while an index is written
  g000002-1f3a9c04/
    manifest.json    format, configuration, encoder, sources, size and sums of every other file
    *.bin            files that only grow: the next generation has them too, and adds to them
    …                what else `indexer.build` writes, each file written once

A generation reads of a file that grows what its manifest says is its own. What lies behind that is
of a newer generation, or of a writer that was killed, which the next one cuts off.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import fcntl
import hashlib
import json
import mmap
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
import xxhash
from numpy.typing import NDArray

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
# The ending of files that only grow.
GROWING = ".bin"
# Bytes that share one sum: few enough that cores work side by side, and that little is summed up
# again of a file that grew; and those read at once.
_BLOCK, _READ = 64 * 2**20, 2**20
# Bytes that say where a record ends.
_END = 8


@dataclass(frozen=True, slots=True)
class FileEntry:
    """How many bytes of a file belong to a generation, and the sum (XXH3) of each block of them.

    Sums tell damage, ten times as fast as SHA-256; no sum keeps out whoever may write the index.
    """

    size: int
    sums: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A file that was read: where it is, what it held, which code understood it, as which plan."""

    path: str
    sha256: str
    corpus_version: str
    plan_id: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index is made of; `files` are told by their path within the generation.

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
    files: dict[str, FileEntry]
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


def publish(
    folder: Path, manifest: Manifest, before: Path | None = None, known: Manifest | None = None
) -> Manifest:
    """Make the finished `folder` the current generation and remove all others; return its manifest.

    What it took over from the generation `before`, with the manifest `known`, is not summed up
    again.

    Everything is on the disk before the pointer moves: a reader, also one after a power cut, sees
    the old index whole or the new one whole.
    """
    index_dir = folder.parent
    manifest = dataclasses.replace(manifest, files=_entries(folder, before, known))
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


def take_over(before: Path, manifest: Manifest, name: str, folder: Path) -> None:
    """Have the file `name` of the generation `before`, whose `manifest` this is, in `folder` too.

    It is one file with two names, which only may grow, or be removed from `folder`; a copy where
    the disk has no such thing, or where something else than an index has the file already.
    """
    source, target = before / name, folder / name
    target.parent.mkdir(exist_ok=True)
    may_grow = name.endswith(GROWING)
    try:
        if may_grow and source.stat().st_nlink > 1:
            raise OSError(errno.EMLINK, "somebody else's too", str(source))
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
    if may_grow:
        os.truncate(target, manifest.files[name].size)


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
    """Bytes by number in one memory-mapped file: nothing is read before it is asked for.

    The file may have more records than its generation knows of: see `RecordWriter`.
    """

    def __init__(self, path: Path) -> None:
        ends = _ends_of(path)
        count = ends.stat().st_size // _END
        self._ends: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        if count:
            self._ends = np.asarray(np.memmap(ends, "<i8", "r", shape=(count,)))
        with _data_of(path).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""

    def __getitem__(self, number: int) -> bytes:
        start = int(self._ends[number - 1]) if number else 0
        return self._data[start : int(self._ends[number])]


class RecordWriter:
    """Writes what `Records` reads, after what is there; complete on leaving the `with` block.

    `count` is how many records there are now.
    """

    def __init__(self, path: Path) -> None:
        self._file = _data_of(path).open("ab")
        self._ends_file = _ends_of(path).open("ab")
        self._end = self._file.tell()
        self.count = self._ends_file.tell() // _END

    def add(self, record: bytes) -> None:
        """Append one record."""
        self._end += len(record)
        self.count += 1
        self._file.write(record)
        self._ends_file.write(self._end.to_bytes(_END, "little"))

    def __enter__(self) -> RecordWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        self._ends_file.close()


def _data_of(path: Path) -> Path:
    return path.with_name(f"{path.name}{GROWING}")


def _ends_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.ends{GROWING}")


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
    try:
        for name, entry in manifest.files.items():
            size = (folder / name).stat().st_size
            if size < entry.size or (size > entry.size and not name.endswith(GROWING)):
                raise IndexDamaged(index_dir, f"tệp “{name}” đã bị thay đổi")
        blocks = [
            (name, *block)
            for name, entry in manifest.files.items()
            for block in _blocks(entry.size)
        ]
        sums = _sums((folder / name, start, length) for name, start, length in blocks)
    except OSError as error:
        what = "thiếu" if isinstance(error, FileNotFoundError) else "không đọc được"
        name = Path(error.filename).relative_to(folder).as_posix()
        raise IndexDamaged(index_dir, f"{what} tệp “{name}”") from error
    expected = (digest for entry in manifest.files.values() for digest in entry.sums)
    for (name, *_), found, digest in zip(blocks, sums, expected, strict=True):
        if found != digest:
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
    content["files"] = {
        name: FileEntry(entry["size"], tuple(entry["sums"]))
        for name, entry in content["files"].items()
    }
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


def _entries(folder: Path, before: Path | None, known: Manifest | None) -> dict[str, FileEntry]:
    """Sum up every file in `folder`; of one that the generation `before` has too, what is new."""
    sizes = {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    kept = {
        name: _sums_kept(known.files[name], size)
        for name, size in sizes.items()
        if before and known and name in known.files and (folder / name).samefile(before / name)
    }
    fresh = [
        (name, *block)
        for name, size in sizes.items()
        for block in _blocks(size)[len(kept.get(name, ())) :]
    ]
    sums = {name: [*kept.get(name, ())] for name in sizes}
    made = _sums((folder / name, start, length) for name, start, length in fresh)
    for (name, *_), digest in zip(fresh, made, strict=True):
        sums[name].append(digest)
    return {name: FileEntry(size, tuple(sums[name])) for name, size in sizes.items()}


def _sums_kept(entry: FileEntry, size: int) -> tuple[str, ...]:
    """Return those sums of a file that still hold now that it has `size` bytes."""
    return entry.sums if entry.size == size else entry.sums[: entry.size // _BLOCK]


def _blocks(size: int) -> list[tuple[int, int]]:
    """Return where the blocks of a file begin and how long each is; an empty file has one."""
    return [(start, min(_BLOCK, size - start)) for start in range(0, max(size, 1), _BLOCK)]


def _sums(blocks: Iterable[tuple[Path, int, int]]) -> list[str]:
    """Return the sums of parts of files, on all cores."""
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return list(pool.map(_sum, blocks))


def _sum(block: tuple[Path, int, int]) -> str:
    path, start, left = block
    digest, buffer = xxhash.xxh3_128(), memoryview(bytearray(_READ))
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        while left and (count := file.readinto(buffer[:left])):
            digest.update(buffer[:count])
            left -= count
    return digest.hexdigest()
