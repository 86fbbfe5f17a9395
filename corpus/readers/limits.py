"""How much of the machine one file may use, and the archives that ask for more."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import Refusal, UnreadableFile

# An archive member below this size is harmless whatever its ratio: blank tables compress 1:300.
_SMALL_MEMBER = 5_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps for one file: bytes, seconds, pages, pixels, cells. None of them is tuned.

    `seconds` bounds formats with text, `scan_seconds` PDF and images, which may need character
    recognition (3 to 8 s a page). The `memory` of 1.5 GB is address space, not resident.
    """

    size: int = 100_000_000
    seconds: int = 90
    scan_seconds: int = 900
    memory: int = 1_500_000_000
    output: int = 200_000_000
    pages: int = 500
    scanned_pages: int = 120
    pixels: int = 60_000_000
    cells: int = 400_000
    archive_members: int = 2_000
    archive_bytes: int = 200_000_000
    archive_ratio: int = 200


def open_archive(path: Path, limits: Limits) -> zipfile.ZipFile:
    """Open an office document's archive after checking what it would expand to.

    Raises `UnreadableFile` for a broken, encrypted or exploding archive.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(path, Refusal.DAMAGED) from error
    members = archive.infolist()
    exploding = any(
        member.file_size > max(_SMALL_MEMBER, limits.archive_ratio * member.compress_size)
        for member in members
    )
    if (
        exploding
        or len(members) > limits.archive_members
        or sum(member.file_size for member in members) > limits.archive_bytes
    ):
        archive.close()
        raise UnreadableFile(path, Refusal.BOMB)
    if any(member.flag_bits & 1 for member in members):
        archive.close()
        raise UnreadableFile(path, Refusal.ENCRYPTED)
    return archive


def read_member(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes | None:
    """Return one member, None where it is missing; never more bytes than it declares."""
    try:
        declared = archive.getinfo(name).file_size
    except KeyError:
        return None
    with archive.open(name) as member:
        data = member.read(min(declared, limits.archive_bytes) + 1)
    if len(data) > declared:
        raise UnreadableFile(Path(archive.filename or name), Refusal.BOMB)
    return data
