"""The command ``kehoach doctor``: what is installed, readable, sound and old on this machine."""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packaging.requirements import Requirement

from indexer.build import corpus_version
from indexer.bundle import Manifest, open_generation
from indexer.config import Config
from indexer.embed import Encoder, open_encoder
from indexer.errors import EncoderUnavailable, IndexerError
from search_api.access import KeyFile
from search_api.errors import KeyFileDamaged

# An update writes the new index beside the old one; a little more for what grows.
_ROOM = 1.2
# What reading needs beside Python: the program, what fails without it, how to get it.
_PROGRAMS = (
    ("soffice", "tệp .doc, .odt, .rtf, .xls", "libreoffice-writer-nogui libreoffice-calc-nogui"),
    ("tesseract", "ảnh chụp và bản quét", "tesseract-ocr tesseract-ocr-vie"),
)


class State(StrEnum):
    """How something is."""

    GOOD = "tốt"
    WARNING = "chú ý"
    BAD = "hỏng"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, how it is, and (Vietnamese) what was seen and what to do."""

    state: State
    name: str
    text: str


def examine(index: Path, key_file: Path | None) -> Iterator[Finding]:
    """Look at everything a server on this machine needs, and tell it one by one."""
    yield _python()
    yield from _libraries()
    yield from _programs()
    encoder = None
    try:
        encoder = open_encoder(os.environ.get("KEHOACH_ENCODER") or None)
        yield Finding(State.GOOD, "mô hình", encoder.name)
    except EncoderUnavailable as error:
        yield Finding(State.BAD, "mô hình", str(error))
    yield from _index(index, encoder)
    if key_file:
        yield _keys(key_file)


def _python() -> Finding:
    good = sys.version_info >= (3, 11)
    text = f"{platform.python_version()} ({sys.executable})"
    if good:
        return Finding(State.GOOD, "Python", text)
    return Finding(State.BAD, "Python", f"{text}; cần 3.11 trở lên")


def _libraries() -> Iterator[Finding]:
    wrong = []
    wanted = [Requirement(line) for line in importlib.metadata.requires("kehoach") or ()]
    wanted = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    for one in wanted:
        try:
            version = importlib.metadata.version(one.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"thiếu {one}")
        else:
            if not one.specifier.contains(version, prereleases=True):
                wrong.append(f"{one.name} {version}, cần {one.specifier}")
    if wrong:
        yield Finding(State.BAD, "thư viện", f"{'; '.join(wrong)}. Chạy: make setup")
    else:
        yield Finding(State.GOOD, "thư viện", f"{len(wanted)} thư viện đúng phiên bản")


def _programs() -> Iterator[Finding]:
    for program, what, packages in _PROGRAMS:
        path = shutil.which(program)
        if path is None:
            text = f"không có; không đọc được {what}. Cài: apt-get install {packages}"
            yield Finding(State.WARNING, program, text)
        elif program == "tesseract" and "vie" not in _output(path, "--list-langs").split():
            text = "thiếu tiếng Việt. Cài: apt-get install tesseract-ocr-vie"
            yield Finding(State.WARNING, program, text)
        else:
            yield Finding(State.GOOD, program, path)


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603  # named above
    return done.stdout


def _index(index: Path, encoder: Encoder | None) -> Iterator[Finding]:
    try:
        folder, manifest = open_generation(
            index, encoder=encoder.fingerprint if encoder else None, config=Config().fingerprint()
        )
    except IndexerError as error:
        yield Finding(State.BAD, "chỉ mục", str(error))
        return
    made = datetime.datetime.fromisoformat(manifest.created_at)
    days = (datetime.datetime.now(datetime.UTC) - made).days
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    yield Finding(
        State.GOOD,
        "chỉ mục",
        f"{manifest.plans} kế hoạch, {manifest.chunks} đoạn, {_megabytes(size)}, mọi tệp nguyên "
        f"vẹn, lập cách đây {days} ngày",
    )
    yield _sources(manifest)
    yield _room(index, size)


def _sources(manifest: Manifest) -> Finding:
    gone, changed, other_reader = [], [], 0
    for source in manifest.sources:
        path = Path(source.path)
        try:
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != source.sha256:
                    changed.append(path.name)
        except OSError:
            gone.append(path.name)
        other_reader += source.corpus_version != corpus_version()
    told = [
        f"{len(names)} tệp {what} ({', '.join(names[:3])}{', …' if len(names) > 3 else ''})"
        for names, what in ((changed, "đã thay đổi"), (gone, "không còn"))
        if names
    ]
    if other_reader:
        told.append(f"{other_reader} kế hoạch được đọc bằng bản khác của chương trình")
    if told:
        return Finding(
            State.WARNING, "tệp gốc", f"{'; '.join(told)}. Cập nhật: kehoach index THƯ_MỤC_KẾ_HOẠCH"
        )
    return Finding(State.GOOD, "tệp gốc", f"{len(manifest.sources)} tệp còn nguyên")


def _room(index: Path, size: int) -> Finding:
    free = shutil.disk_usage(index).free
    text = f"còn {_megabytes(free)}"
    if free < size * _ROOM:
        needed = _megabytes(int(size * _ROOM))
        return Finding(State.WARNING, "đĩa", f"{text}; cập nhật chỉ mục cần khoảng {needed}")
    if not os.access(index, os.W_OK):
        return Finding(State.WARNING, "đĩa", f"{text}; không có quyền ghi, chỉ tra cứu được")
    return Finding(State.GOOD, "đĩa", text)


def _keys(path: Path) -> Finding:
    try:
        keys = KeyFile(path).keys()
    except KeyFileDamaged as error:
        return Finding(State.BAD, "khóa", str(error))
    if not keys:
        return Finding(State.WARNING, "khóa", f"“{path}” chưa có khóa nào")
    if path.stat().st_mode & 0o077:
        text = f"người khác trên máy đọc được “{path}”. Sửa: chmod 600 {path}"
        return Finding(State.WARNING, "khóa", text)
    return Finding(State.GOOD, "khóa", f"{len(keys)} khóa")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB".replace(",", ".")
