"""Documents for tests: what a reader would return, written as lines and grids."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import AppendixRow, Plan, Role
from corpus.parse import parse_document
from corpus.readers.document import Block, Document, Line, PageBreak, Table

HEAD = (
    "ỦY BAN NHÂN DÂN",
    "TỈNH LÂM ĐỒNG",
    "Số: 12/KH-UBND",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Lâm Đồng, ngày 05 tháng 01 năm 2026",
    "KẾ HOẠCH",
    "Chuyển đổi số năm 2026 trên địa bàn tỉnh Lâm Đồng",
)
COLUMNS = ("STT", "Nhiệm vụ", "Chủ trì", "Phối hợp")


def make_table(*rows: Sequence[str | None], **more: object) -> Table:
    return Table(tuple(tuple(row) for row in rows), **more)  # type: ignore[arg-type]


def make_document(*blocks: str | Block, name: str = "plan.docx", wrapped: bool = False) -> Document:
    """Return a document; a string is a line."""
    return Document(
        name=name,
        format="docx",
        sha256="0" * 64,
        blocks=tuple(Line(b, wrapped=wrapped) if isinstance(b, str) else b for b in blocks),
    )


def parse(*blocks: str | Block, wrapped: bool = False) -> Plan:
    return parse_document(make_document(*blocks, wrapped=wrapped))


def parse_table(*rows: Sequence[str | None]) -> tuple[AppendixRow, ...]:
    """Return the rows of a plan whose appendix is one table."""
    return parse(*HEAD, "I. MỤC TIÊU", "PHỤ LỤC", make_table(*rows)).rows


def texts(row: AppendixRow) -> dict[Role, str]:
    return {cell.role: cell.text for cell in row.cells}


def locators(plan: Plan) -> list[str]:
    return [section.locator for section in plan.walk()]


def codes(plan: Plan) -> list[str]:
    return [note.code for note in plan.notes]


__all__ = [
    "COLUMNS",
    "HEAD",
    "PageBreak",
    "codes",
    "locators",
    "make_document",
    "make_table",
    "parse",
    "parse_table",
    "texts",
]
