"""What can go wrong while answering, each with a Vietnamese message for the one who asked.

SearchError
├── EmptyQuestion         nothing was asked
├── QuestionTooLong       longer than `LONGEST_QUESTION`
├── UnknownFilterValue    a filter names what no indexed plan has
├── TooMuchToList         a list that is whole would be longer than one request may make
├── UnknownPlan           no indexed plan has this id
├── SourceMissing         the original file is gone or was changed since it was indexed
├── NoFileSent            an upload without a file
├── UnknownJob            no job has this id
├── JobNotWaiting         only what waits can be approved or rejected
├── TooManyJobs           others must be approved or rejected first
├── FeedbackFull          no more remarks are kept
├── NotOffered            the contract names it, a later version brings it
├── TracesUnavailable     what would send traces is not installed
├── TooBusy               others are before this question, and too many of them
├── AccessRefused
│   ├── AdminClosed       this server has no keys, so nobody is an administrator
│   ├── KeyNeeded         nothing without a key
│   ├── KeyUnknown        a key that was never given, or no longer is
│   ├── ScopeMissing      a key that is good for other things
│   ├── ForeignTenant     a key of somebody whose plans are not here
│   └── KeysUnreadable    the server cannot read its keys, so it accepts none
└── KeyFileError
    ├── KeyFileDamaged    the file of keys cannot be read
    ├── KeyExists         a key of this name was given already
    └── UnknownKeyName    no key has this name
"""

from __future__ import annotations

from pathlib import Path

# Characters. The longest question seen in the cases is under 300; a pasted clause fits as well.
LONGEST_QUESTION = 1_000

# How a filter is called where people read it.
_FILTER_NAMES = {
    "province": "tỉnh",
    "year": "năm",
    "plan": "kế hoạch",
    "unit": "đơn vị",
    "role": "vai trò",
    "kind": "loại kết quả",
}


class SearchError(Exception):
    """The base of everything this package refuses; its text is Vietnamese and meant for people."""


class EmptyQuestion(SearchError):
    """Nothing is left of the question once spaces and punctuation are gone."""

    def __init__(self) -> None:
        super().__init__(
            "Câu hỏi đang trống. Hãy nhập điều cần tìm, ví dụ: “Đơn vị nào chủ trì …?”."
        )


class QuestionTooLong(SearchError):
    """The question has more than `LONGEST_QUESTION` characters."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(
            f"Câu hỏi dài {_grouped(length)} ký tự, giới hạn là {_grouped(LONGEST_QUESTION)}. "
            "Hãy rút ngắn và hỏi từng ý một."
        )


class UnknownFilterValue(SearchError):
    """A filter has a value that no indexed plan knows; `nearest` are values that exist."""

    def __init__(self, filter_name: str, value: object, nearest: tuple[str, ...] = ()) -> None:
        self.filter_name = filter_name
        self.value = str(value)
        self.nearest = nearest
        name = _FILTER_NAMES.get(filter_name, filter_name)
        hint = f" Gần nhất: {'; '.join(nearest)}." if nearest else ""
        super().__init__(
            f"Bộ lọc “{name}” không có giá trị “{self.value}” trong các kế hoạch đã lập chỉ mục."
            f"{hint} Hãy sửa hoặc bỏ bộ lọc này."
        )


class NothingToCompare(SearchError):
    """Fewer than two plans with a table are left to compare."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        of = f" của {', '.join(dict.fromkeys(names))}" if names else ""
        super().__init__(
            f"Cần ít nhất hai kế hoạch có bảng hoạt động để so sánh; trong phạm vi{of} chưa đủ. "
            "Hãy chọn hai tỉnh khác nhau đã có kế hoạch."
        )


class TooMuchToList(SearchError):
    """A list that leaves nothing out would need more places read than one request may."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(
            f"Phạm vi có {_grouped(count)} chỗ trong các kế hoạch phải xem, mỗi lần xem nhiều nhất "
            f"{_grouped(most)} để danh sách không thiếu. Hãy thu hẹp: chọn tỉnh, năm hoặc kế hoạch."
        )


class UnknownPlan(SearchError):
    """No indexed plan has this id; `nearest` are ids that exist."""

    def __init__(self, plan_id: str, nearest: tuple[str, ...] = ()) -> None:
        self.plan_id = plan_id
        self.nearest = nearest
        hint = f" Gần nhất: {'; '.join(nearest)}." if nearest else ""
        super().__init__(f"Không có kế hoạch “{plan_id}” trong chỉ mục.{hint}")


class SourceMissing(SearchError):
    """The file a plan was read from is no longer there, or is no longer the same file."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"Tệp gốc “{name}” không còn hoặc đã thay đổi từ khi lập chỉ mục. "
            "Hãy khôi phục tệp rồi lập lại chỉ mục."
        )


class BadModelAddress(SearchError):
    """``KEHOACH_LLM_URL`` is no address of a web server."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"KEHOACH_LLM_URL “{url}” không phải địa chỉ http hay https. Hãy sửa hoặc bỏ biến này."
        )


class NoFileSent(SearchError):
    """The form of an upload has no file in its field "file"."""

    def __init__(self) -> None:
        super().__init__(
            "Chưa có tệp nào được gửi. Hãy gửi một tệp trong trường “file” của biểu mẫu "
            "(multipart/form-data)."
        )


class UnknownJob(SearchError):
    """There is no job with this id."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(f"Không có công việc “{job_id}”. Xem các công việc: GET /v1/jobs")


class JobNotWaiting(SearchError):
    """The job is being worked on, or has ended."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(
            f"Công việc “{job_id}” không chờ duyệt: đang làm, đã xong hoặc đã bị bỏ. "
            "Hãy xem lại trạng thái."
        )


class TooManyJobs(SearchError):
    """So many jobs wait that no other is accepted."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"Đang có {count} công việc chưa xong. Hãy duyệt hoặc bỏ bớt rồi gửi tiếp."
        )


class FeedbackFull(SearchError):
    """The file of remarks is as large as it may be."""

    def __init__(self) -> None:
        super().__init__("Sổ góp ý đã đầy. Hãy báo người quản trị lưu sổ cũ rồi gửi lại.")


class NotOffered(SearchError):
    """The contract promises it and this version does not have it yet; `what` is Vietnamese."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"{what} chưa có trong phiên bản này.")


class TracesUnavailable(SearchError):
    """The optional part that sends traces is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "KEHOACH_TRACES cần thư viện OpenTelemetry. Cài: pip install 'kehoach[otel]'"
        )


class TooBusy(SearchError):
    """Too many others wait already."""

    def __init__(self) -> None:
        super().__init__("Đang có quá nhiều yêu cầu. Hãy thử lại sau ít giây.")


class AccessRefused(SearchError):
    """The caller may not do this; `scope` is what it would take."""

    def __init__(self, scope: str, message: str) -> None:
        self.scope = scope
        super().__init__(message)


class AdminClosed(AccessRefused):
    """The server was started without a file of keys."""

    def __init__(self, scope: str) -> None:
        super().__init__(
            scope,
            "Máy chủ này chưa có khóa nên không ai được làm việc của người quản trị. Hãy tạo khóa: "
            f"kehoach keys add TÊN --scope {scope} --keys TỆP_KHÓA, rồi chạy lại máy chủ với biến "
            "KEHOACH_KEYS=TỆP_KHÓA.",
        )


class KeyNeeded(AccessRefused):
    """No key came with the request."""

    def __init__(self, scope: str) -> None:
        super().__init__(
            scope,
            f"Yêu cầu này cần khóa có quyền “{scope}”, gửi trong tiêu đề "
            "“Authorization: Bearer KHÓA”. Hãy xin khóa ở người quản trị.",
        )


class KeyUnknown(AccessRefused):
    """The key is none of this server's, or was revoked or rotated."""

    def __init__(self, scope: str) -> None:
        super().__init__(
            scope,
            "Khóa gửi kèm không đúng, đã bị thu hồi hoặc đã được thay. "
            "Hãy xin khóa mới ở người quản trị.",
        )


class ScopeMissing(AccessRefused):
    """The key is good, but not for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope, f"Khóa gửi kèm không có quyền “{scope}”.")


class ForeignTenant(AccessRefused):
    """The key is of another tenant, or of none where there are tenants."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope, "Khóa gửi kèm không thuộc đơn vị nào có kế hoạch ở đây.")


class KeysUnreadable(AccessRefused):
    """The server's file of keys is damaged; where it lies is none of the caller's business."""

    def __init__(self, scope: str) -> None:
        super().__init__(
            scope,
            "Máy chủ không đọc được tệp khóa nên không nhận khóa nào. Hãy báo cho người quản trị.",
        )


class KeyFileError(SearchError):
    """The base of what can be wrong with the file of keys."""


class KeyFileDamaged(KeyFileError):
    """The file at `path` cannot be read as keys."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"Không đọc được tệp khóa “{path}”. Hãy khôi phục tệp, hoặc xóa tệp rồi tạo lại khóa: "
            f"kehoach keys add TÊN --keys {path}"
        )


class KeyExists(KeyFileError):
    """There is a key called `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Đã có khóa tên “{name}”. Thay khóa: kehoach keys rotate {name}")


class UnknownKeyName(KeyFileError):
    """There is no key called `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Không có khóa tên “{name}”. Xem các khóa: kehoach keys list")


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
