"""What kind of file this is, told by its bytes and never by its ending."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from corpus.errors import Refusal, UnreadableFile
from corpus.readers.limits import Limits, open_archive

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM", b"RIFF")
# Programs, archives and media that a text guess would otherwise take for an old encoding.
_FOREIGN = (b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"ID3", b"OggS", b"GIF8")
# "<p>" and "<!DOCTYPE html>", not "<https://…>" nor "a < b".
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|div|p|table|h[1-6]|article|main|meta)\b[^<>]*>",
    re.IGNORECASE,
)
_CONTROL = re.compile(rb"[\x00\x03\x04\x07\x08\x0e-\x13\x15-\x18\x1a-\x1d\x7f]")
_ENDINGS = {
    "docx": {".docx", ".docm", ".dotx"},
    "xlsx": {".xlsx", ".xlsm"},
    "writer": {".doc", ".odt", ".rtf", ".dot"},
    "calc": {".xls", ".ods"},
    "pdf": {".pdf"},
    "image": {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"},
    "html": {".html", ".htm", ".xhtml", ".aspx", ".php", ".mht"},
    "csv": {".csv", ".tsv"},
    "text": {".txt", ".md", ".markdown", ".text", ""},
}


def kind_of(path: Path, limits: Limits) -> str:
    """Return "docx", "xlsx", "writer", "calc", "pdf", "image", "html", "csv" or "text".

    "writer" and "calc" are the older formats an office suite must convert. Raises
    `UnreadableFile` for anything else.
    """
    with path.open("rb") as file:
        head = file.read(65_536)
    if not head.strip(b"\0\t\n\r \xef\xbb\xbf"):
        raise UnreadableFile(path, Refusal.EMPTY)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(path, limits)
    if head.startswith(_OLE):
        return _kind_of_ole(path)
    if head.lstrip().startswith(b"{\\rtf"):
        return "writer"
    if head.startswith(_IMAGES) and (not head.startswith(b"RIFF") or head[8:12] == b"WEBP"):
        return "image"
    if head.startswith(_FOREIGN):
        raise UnreadableFile(path, Refusal.UNSUPPORTED)
    return _kind_of_text(path, head)


def ending_lies(path: Path, kind: str) -> bool:
    """Say whether the file's ending promises another kind than its bytes are."""
    suffix = path.suffix.lower()
    return any(suffix in endings for endings in _ENDINGS.values()) and suffix not in _ENDINGS[kind]


def _kind_of_archive(path: Path, limits: Limits) -> str:
    with open_archive(path, limits) as archive:
        names = set(archive.namelist())
        if "word/document.xml" in names:
            return "docx"
        if "xl/workbook.xml" in names:
            return "xlsx"
        try:
            mimetype = archive.read("mimetype") if "mimetype" in names else b""
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
            raise UnreadableFile(path, Refusal.DAMAGED) from error
    if b"opendocument.text" in mimetype:
        return "writer"
    if b"opendocument.spreadsheet" in mimetype:
        return "calc"
    raise UnreadableFile(path, Refusal.UNSUPPORTED)


def _kind_of_ole(path: Path) -> str:
    data = path.read_bytes()
    if _wide("EncryptedPackage") in data:
        raise UnreadableFile(path, Refusal.ENCRYPTED)
    if _wide("WordDocument") in data:
        # The header of a Word 97 document: its flag 0x0100 says that the text is encrypted.
        for place in range(512, len(data) - 12, 512):
            if data[place : place + 2] == b"\xec\xa5" and data[place + 11] & 0x01:
                raise UnreadableFile(path, Refusal.ENCRYPTED)
        return "writer"
    if _wide("Workbook") in data or _wide("Book") in data:
        return "calc"
    raise UnreadableFile(path, Refusal.UNSUPPORTED)


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def _kind_of_text(path: Path, head: bytes) -> str:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or (
        b"\0" in head and max(head[0::2].count(0), head[1::2].count(0)) * 5 > len(head)
    )
    if not wide and len(_CONTROL.findall(head)) * 50 > len(head):
        raise UnreadableFile(path, Refusal.UNSUPPORTED)
    if len(_HTML.findall(head.replace(b"\0", b""))) >= 2:
        return "html"
    return "csv" if path.suffix.lower() in _ENDINGS["csv"] else "text"
