"""Every error as an RFC 9457 problem document: one table of HTTP codes and Vietnamese titles."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from search_api.bounds import FiltersDisagree, TooManyToCompare
from search_api.errors import (
    AccessRefused,
    AdminClosed,
    EmptyQuestion,
    FeedbackFull,
    ForeignTenant,
    JobNotWaiting,
    KeysUnreadable,
    NoFileSent,
    NothingToCompare,
    QuestionTooLong,
    ScopeMissing,
    SearchError,
    SourceMissing,
    TooBusy,
    TooManyJobs,
    TooMuchToList,
    UnknownFilterValue,
    UnknownJob,
    UnknownPlan,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its HTTP status, its stable name, its Vietnamese title, its headers."""

    status: int
    name: str
    title: str
    detail: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """Return the stable identifier of the kind."""
        return f"urn:problem-type:kehoach:{self.name}"


NOT_FOUND = Kind(
    404, "not-found", "Không có trang này", "Địa chỉ này không tồn tại. Xem /openapi.json."
)
INVALID = Kind(422, "invalid-request", "Yêu cầu không hợp lệ")
TOO_LARGE = Kind(
    413, "too-large", "Yêu cầu quá lớn", "Nội dung gửi lên vượt quá giới hạn. Hãy gửi ít hơn."
)
BUSY = Kind(
    503,
    "busy",
    "Máy chủ đang bận",
    "Đang có quá nhiều yêu cầu. Hãy thử lại sau ít giây.",
    {"Retry-After": "1"},
)
TOO_MANY = Kind(
    429,
    "too-many-requests",
    "Hỏi quá nhanh",
    "Quá nhiều yêu cầu trong ít giây. Hãy chờ một chút.",
)
TOO_SLOW = Kind(
    503,
    "too-slow",
    "Quá thời gian",
    "Yêu cầu mất quá lâu nên đã dừng. Hãy hỏi hẹp hơn.",
)
NOT_READY = Kind(503, "not-ready", "Chưa sẵn sàng", "Chỉ mục chưa mở được.")
UNKNOWN_UNIT = Kind(404, "unknown-unit", "Không có đơn vị này")
UNAUTHORISED = Kind(
    401,
    "unauthorised",
    "Cần khóa",
    "Yêu cầu này cần khóa.",
    # Makes a browser ask for a key; programs send it as a bearer token.
    {"WWW-Authenticate": 'Bearer realm="Kehoach", Basic realm="Kehoach", charset="UTF-8"'},
)
FORBIDDEN = Kind(403, "forbidden", "Không được phép", "Yêu cầu này không được phép.")
FOREIGN_ORIGIN = Kind(
    403,
    "foreign-origin",
    "Trang này không được gửi yêu cầu đến đây",
    "Yêu cầu đến từ một trang web khác. Người quản trị cho phép trang ấy bằng biến "
    "KEHOACH_EMBED_ORIGINS.",
)
FOREIGN_HOST = Kind(
    421,
    "foreign-host",
    "Máy chủ không mang tên này",
    "Địa chỉ vừa dùng gọi máy chủ bằng một tên lạ. Người quản trị cho phép tên ấy bằng biến "
    "KEHOACH_HOSTS.",
)
INTERNAL = Kind(
    500,
    "internal",
    "Lỗi của hệ thống",
    "Đã xảy ra lỗi ngoài dự kiến và lỗi đã được ghi lại. Hãy thử lại hoặc báo cho người quản trị.",
)

# What HTTP itself refuses, before any of our code is asked.
_BY_STATUS = {
    kind.status: kind
    for kind in (
        Kind(400, "bad-request", "Yêu cầu không đọc được", "Nội dung gửi lên không đọc được."),
        UNAUTHORISED,
        FORBIDDEN,
        NOT_FOUND,
        Kind(
            405,
            "method-not-allowed",
            "Phương thức không được dùng ở đây",
            "Địa chỉ này không nhận phương thức đã gửi. Xem /openapi.json.",
        ),
        TOO_LARGE,
        Kind(
            415,
            "unsupported-media-type",
            "Kiểu nội dung không được hỗ trợ",
            "Hãy gửi JSON với tiêu đề Content-Type: application/json.",
        ),
        INVALID,
        INTERNAL,
        NOT_READY,
    )
}

# What our own code refuses; the first class that matches counts, so the base stands last.
_BY_ERROR: Mapping[type[Exception], Kind] = {
    EmptyQuestion: Kind(422, "empty-question", "Câu hỏi đang trống"),
    QuestionTooLong: Kind(422, "question-too-long", "Câu hỏi quá dài"),
    UnknownFilterValue: Kind(422, "unknown-filter-value", "Bộ lọc không có giá trị này"),
    FiltersDisagree: Kind(422, "filters-disagree", "Hai bộ lọc mâu thuẫn nhau"),
    NothingToCompare: Kind(422, "nothing-to-compare", "Không có gì để so sánh"),
    TooManyToCompare: Kind(422, "too-many-to-compare", "Quá nhiều kế hoạch để so sánh"),
    TooMuchToList: Kind(422, "too-much-to-list", "Phạm vi quá rộng"),
    UnknownPlan: Kind(404, "unknown-plan", "Không có kế hoạch này"),
    SourceMissing: Kind(404, "source-missing", "Không còn tệp gốc"),
    NoFileSent: Kind(422, "no-file", "Chưa có tệp"),
    UnknownJob: Kind(404, "unknown-job", "Không có công việc này"),
    JobNotWaiting: Kind(409, "job-not-waiting", "Công việc không chờ duyệt"),
    TooManyJobs: Kind(409, "too-many-jobs", "Quá nhiều công việc chưa xong"),
    TooBusy: BUSY,
    FeedbackFull: Kind(507, "feedback-full", "Sổ góp ý đã đầy"),
    AdminClosed: FORBIDDEN,
    KeysUnreadable: NOT_READY,
    ForeignTenant: FORBIDDEN,
    ScopeMissing: FORBIDDEN,
    AccessRefused: UNAUTHORISED,
    SearchError: Kind(400, "search-error", "Không trả lời được yêu cầu"),
}

# Validation messages by pydantic's error type; numbers come from the error's own context.
_MESSAGES = {
    "missing": "thiếu trường bắt buộc",
    "extra_forbidden": "trường này không có trong giao diện",
    "json_invalid": "không phải JSON hợp lệ",
    "int_parsing": "phải là số nguyên",
    "int_type": "phải là số nguyên",
    "string_type": "phải là chuỗi ký tự",
    "string_too_long": "dài nhất là {max_length} ký tự",
    "string_unicode": "có ký tự không hợp lệ",
    "list_type": "phải là danh sách",
    "model_attributes_type": "phải là một đối tượng JSON",
    "dict_type": "phải là một đối tượng JSON",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "phải từ {le} trở xuống",
    "enum": "phải là một trong: {expected}",
    "literal_error": "phải là một trong: {expected}",
    "date_from_datetime_parsing": "phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2024-06-30",
    "date_parsing": "phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2024-06-30",
    "date_type": "phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2024-06-30",
}


def kind_of(error: Exception) -> Kind:
    """Return the kind of problem that `error` is; an error nobody foresaw is ours."""
    return next((kind for cls, kind in _BY_ERROR.items() if isinstance(error, cls)), INTERNAL)


def kind_of_status(status: int) -> Kind:
    """Return the kind for a status that the framework chose."""
    return _BY_STATUS.get(status) or Kind(
        status, f"http-{status}", "Yêu cầu không thực hiện được", f"Mã HTTP {status}."
    )


def problem(
    kind: Kind,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, object] | None = None,
) -> Response:
    """Return the problem document of `kind`; `members` are added to it."""
    document = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.detail,
        **(members or {}),
    }
    return Response(
        json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"),
        kind.status,
        {**kind.headers, **(headers or {})},
        "application/problem+json",
    )


def problem_of_error(error: Exception, kind: Kind | None = None) -> Response:
    """Return the problem document of an error of this package, of another `kind` than its own."""
    members: dict[str, object] = {}
    if isinstance(error, AccessRefused):
        members = {"scope": error.scope}
    elif isinstance(error, UnknownFilterValue):
        members = {
            "filter": error.filter_name,
            "value": error.value,
            "nearest": list(error.nearest),
        }
    elif isinstance(error, UnknownPlan):
        members = {"nearest": list(error.nearest)}
    return problem(kind or kind_of(error), str(error), members=members)


def problem_of_validation(errors: Sequence[Mapping[str, Any]]) -> Response:
    """Return the problem document of pydantic's `errors`, each named by field and in Vietnamese."""
    fields = [
        {"field": _field_of(error.get("loc", ())), "message": _message_of(error)}
        for error in errors
    ]
    detail = "; ".join(f"“{field['field']}” {field['message']}" for field in fields)
    return problem(INVALID, f"Hãy sửa: {detail}.", members={"errors": fields})


def _field_of(location: Sequence[object]) -> str:
    parts = [str(part) for part in location if part not in ("body", "query", "path")]
    return ".".join(parts) or "nội dung"


def _message_of(error: Mapping[str, Any]) -> str:
    template = _MESSAGES.get(str(error.get("type")), "có giá trị không hợp lệ")
    context = dict(error.get("ctx") or {})
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace("'", "").replace(" or ", ", ")
    try:
        return template.format(**context)
    except KeyError:
        return "có giá trị không hợp lệ"
