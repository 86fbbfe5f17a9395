"""What can go wrong between plans and an open index, each with a Vietnamese message.

IndexerError
├── EncoderUnavailable     the model cannot be loaded
├── RerankerUnavailable    nor can the one that was asked for to rank again
├── NothingToIndex         no plan could be read; the old index stays as it was
├── ClusterUnavailable     the Ray cluster does not answer, or a node differs from the others
├── StoreUnavailable       the engine that holds vectors and words does not answer, or refuses
├── IndexBusy              another process is writing this index
├── IndexUnwritable        the disk is full, or may not be written
├── IndexInTheWay          an index is where another is to be put back
├── BackupDamaged          a backup that is not what was written
└── IndexUnusable
    ├── IndexMissing       there is no index at this place
    ├── IndexDamaged       a file is missing or is not what was written
    └── IndexForeign       made with another encoder, configuration or format
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

# What a disk refuses, by the number of the system.
DISK_ERRORS = {
    errno.ENOSPC: "hết chỗ trên đĩa",
    errno.EDQUOT: "hết hạn mức trên đĩa",
    errno.EFBIG: "tệp vượt quá giới hạn",
    errno.EROFS: "đĩa chỉ đọc",
    errno.EACCES: "không có quyền ghi",
    errno.EPERM: "không có quyền ghi",
}


class IndexerError(Exception):
    """The base of everything this package refuses; its text is Vietnamese and meant for people."""


class EncoderUnavailable(IndexerError):
    """The sentence encoder `name` cannot be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        super().__init__(
            f"Không nạp được mô hình biểu diễn câu “{name}”: {reason}. Hãy kiểm tra biến "
            "KEHOACH_ENCODER (tên mô hình đã tải về máy, hoặc thư mục chứa mô hình), hoặc bỏ biến "
            "này để dùng mô hình đi kèm."
        )


class RerankerUnavailable(IndexerError):
    """The cross-encoder `name` cannot be loaded or used."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        super().__init__(
            f"Không dùng được mô hình xếp hạng lại “{name}”: {reason}. Hãy kiểm tra biến "
            "KEHOACH_RERANKER (tên mô hình đã tải về máy, hoặc thư mục chứa mô hình), hoặc bỏ biến "
            "này để xếp hạng như thường."
        )


class NothingToIndex(IndexerError):
    """No plan is left to index; `refused` are (path, Vietnamese reason) of the files refused."""

    def __init__(self, refused: tuple[tuple[str, str], ...]) -> None:
        self.refused = refused
        why = "".join(f"\n  - {path}: {reason}" for path, reason in refused)
        super().__init__(
            "Không có kế hoạch nào đọc được để lập chỉ mục; chỉ mục cũ (nếu có) được giữ nguyên."
            f"{why or ' Thư mục trống hoặc không có tệp thuộc định dạng được hỗ trợ.'}"
        )


class IndexBusy(IndexerError):
    """Another process holds the lock of the index at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"Chỉ mục “{folder}” đang được một tiến trình khác cập nhật. "
            "Hãy chờ tiến trình đó xong rồi chạy lại."
        )


class IndexUnwritable(IndexerError):
    """What is to be written at `folder` cannot be; the old index, if there is one, still serves."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder
        why = DISK_ERRORS.get(number) or os.strerror(number)
        super().__init__(
            f"Không ghi được tại “{folder}”: {why}. Chỉ mục cũ (nếu có) được giữ nguyên. "
            "Hãy giải phóng chỗ hoặc sửa quyền ghi rồi chạy lại."
        )


class IndexInTheWay(IndexerError):
    """There is an index at `folder`, and nobody said that it may be replaced."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Tại “{folder}” đã có chỉ mục. Muốn thay bằng bản sao lưu (bản đang có được giữ bên "
            "cạnh), hãy thêm --replace."
        )


class BackupDamaged(IndexerError):
    """The file at `path` is no backup, or not the one that was written."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Tệp sao lưu “{path}” bị hỏng hoặc không phải bản sao lưu của Kehoach; không có gì bị "
            "thay đổi. Hãy dùng bản sao lưu khác."
        )


class StoreUnavailable(IndexerError):
    """Milvus is not there, does not answer or refuses, for `reason`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"Không dùng được Milvus: {reason}. Hãy kiểm tra biến KEHOACH_STORE và máy chủ Milvus, "
            "hoặc bỏ biến này để dùng kho đi kèm."
        )


class ClusterUnavailable(IndexerError):
    """The Ray cluster cannot be used, for `reason`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"Không dùng được cụm Ray: {reason}. Hãy kiểm tra địa chỉ sau --ray và các máy trong "
            "cụm, hoặc bỏ --ray để lập chỉ mục trên máy này."
        )


class IndexUnusable(IndexerError):
    """The index at `folder` cannot be opened, for `reason`."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(
            f"{reason} Hãy lập lại chỉ mục: kehoach index THƯ_MỤC_KẾ_HOẠCH --index {folder}"
        )


class IndexMissing(IndexUnusable):
    """There is no index at `folder`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, f"Chưa có chỉ mục tại “{folder}”.")


class IndexDamaged(IndexUnusable):
    """`what` is missing from the index at `folder` or differs from what was written."""

    def __init__(self, folder: Path, what: str) -> None:
        self.what = what
        super().__init__(folder, f"Chỉ mục tại “{folder}” bị hỏng: {what}.")


class IndexForeign(IndexUnusable):
    """The index at `folder` was made with another encoder, configuration or format."""

    def __init__(self, folder: Path, what: str) -> None:
        self.what = what
        super().__init__(folder, f"Chỉ mục tại “{folder}” không dùng được ở đây: {what}.")
