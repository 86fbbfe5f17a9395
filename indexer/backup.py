"""An index and all that is kept beside it in one file, and back, verified both ways.

The file is a tar archive: the current generation, whatever else lies in the folder of the index
(uploaded plans, feedback), and SHA256SUMS of all of it as the last member.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import os
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from indexer.bundle import current_generation, is_generation, locked, open_generation, sync
from indexer.errors import (
    BackupDamaged,
    IndexerError,
    IndexInTheWay,
    IndexMissing,
    IndexUnwritable,
)

_SUMS = "SHA256SUMS"
_PART = ".part"
# Of Linux: exchange two names at once (renameat2), relative to where the process stands.
_EXCHANGE, _HERE = 2, -100


def write_backup(index_dir: Path, target: Path) -> int:
    """Write the index at `index_dir` and all beside it to `target`; return how many files.

    The index is verified first and cannot be changed meanwhile. `target` is complete or not there.
    Raise IndexerError.
    """
    if current_generation(index_dir) is None:
        raise IndexMissing(index_dir)
    with locked(index_dir):
        open_generation(index_dir)
        part = target.with_name(target.name + _PART)
        sums = []
        try:
            with tarfile.open(part, "w") as archive:
                for path in _kept(index_dir):
                    name = path.relative_to(index_dir).as_posix()
                    with path.open("rb") as file:
                        reader = _Summing(file)
                        info = archive.gettarinfo(arcname=name, fileobj=file)
                        archive.addfile(info, reader)
                    sums.append(f"{reader.sum.hexdigest()}  {name}\n")
                data = "".join(sums).encode()
                info = tarfile.TarInfo(_SUMS)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
            sync(part)
            part.replace(target)
            sync(target.absolute().parent)
        except OSError as error:
            raise IndexUnwritable(target, error.errno or 0) from error
        finally:
            part.unlink(missing_ok=True)
    return len(sums)


def read_backup(source: Path, index_dir: Path, *, replace: bool = False) -> Path | None:
    """Put back what `write_backup` wrote to `source` as the index at `index_dir`.

    Everything is unpacked beside it and verified before it takes its place at once. What was there
    is kept; return where, None where nothing was. Raise IndexInTheWay where an index is there and
    `replace` is false, BackupDamaged, or IndexUnwritable.
    """
    if current_generation(index_dir) is not None and not replace:
        raise IndexInTheWay(index_dir)
    aside = index_dir.absolute().with_name(f"{index_dir.absolute().name}.{secrets.token_hex(4)}")
    try:
        _unpack(source, aside)
        if not index_dir.exists():
            aside.rename(index_dir)
            return None
        with locked(index_dir):
            _exchange(aside, index_dir)
        return aside
    except tarfile.TarError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise BackupDamaged(source) from error
    except IndexerError:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise IndexUnwritable(index_dir, error.errno or 0) from error


class _Summing:
    """Reads a file and sums up what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.sum.update(data)
        return data


def _kept(index_dir: Path) -> Iterator[Path]:
    """Yield what belongs into a backup: no lock, nothing half written, no dead generation."""
    current = current_generation(index_dir)
    for path in sorted(index_dir.rglob("*")):
        top = path.relative_to(index_dir).parts[0]
        dead = is_generation(top) and top != current
        if path.is_file() and not path.is_symlink() and not dead and top != "lock":
            yield path


def _unpack(source: Path, folder: Path) -> None:
    folder.mkdir()
    with tarfile.open(source) as archive:
        archive.extractall(folder, filter="data")
    sums = folder / _SUMS
    try:
        listed = dict(
            line.split("  ", 1)[::-1] for line in sums.read_text(encoding="utf-8").splitlines()
        )
    except (OSError, ValueError) as error:
        raise BackupDamaged(source) from error
    sums.unlink()
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    files = {name: path for name, path in found.items() if path.is_file()}
    if files.keys() != listed.keys():
        raise BackupDamaged(source)
    for name, path in files.items():
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != listed[name]:
                raise BackupDamaged(source)
    open_generation(folder)
    for path in (*found.values(), folder):
        sync(path)


def _exchange(one: Path, other: Path) -> None:
    """Exchange two folders at once, where the system can; else one after the other."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    names = (os.fsencode(one), os.fsencode(other))
    if rename and rename(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0:
        return
    between = one.with_name(f"{one.name}.old")
    other.rename(between)
    one.rename(other)
    between.rename(one)
