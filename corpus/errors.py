"""What can go wrong in this package.

CorpusError
└── UnreadableFile    a file that is refused, with a stable reason and a Vietnamese message
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class Refusal(StrEnum):
    """Why a file was not read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    BOMB = "bomb"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    UNSUPPORTED = "unsupported"
    NOT_A_FILE = "not_a_file"
    OUTSIDE_FOLDER = "outside_folder"
    TOOL_MISSING = "tool_missing"


_MESSAGES = {
    Refusal.EMPTY: "Tệp không có nội dung.",
    Refusal.TOO_LARGE: "Tệp quá lớn; hãy chia nhỏ hoặc bỏ bớt trang rồi nạp lại.",
    Refusal.ENCRYPTED: "Tệp được đặt mật khẩu; hãy bỏ mật khẩu rồi nạp lại.",
    Refusal.DAMAGED: "Tệp bị hỏng hoặc không đúng định dạng; hãy mở và lưu lại bản mới.",
    Refusal.BOMB: "Tệp có cấu trúc bất thường có thể gây hại nên không được đọc.",
    Refusal.TIMEOUT: "Đọc tệp quá lâu nên đã dừng; hãy chia nhỏ tệp rồi nạp lại.",
    Refusal.MEMORY: "Tệp đòi hỏi quá nhiều bộ nhớ nên không được đọc.",
    Refusal.UNSUPPORTED: "Chưa hỗ trợ loại tệp này; hãy lưu thành DOCX, PDF hoặc XLSX.",
    Refusal.NOT_A_FILE: "Đường dẫn không phải là một tệp thông thường.",
    Refusal.OUTSIDE_FOLDER: "Đường dẫn trỏ ra ngoài thư mục được phép đọc.",
    Refusal.TOOL_MISSING: "Máy chưa cài chương trình cần thiết để đọc loại tệp này.",
}


class CorpusError(Exception):
    """The base of every error this package raises."""


class UnreadableFile(CorpusError):  # noqa: N818  (it says what is wrong, not that something is)
    """A file that is refused: `reason` is stable, `message` tells a person what to do."""

    def __init__(self, path: Path, reason: Refusal, message: str | None = None) -> None:
        self.path = path
        self.reason = reason
        self.message = message or _MESSAGES[reason]
        super().__init__(f"{path.name}: {self.message}")
