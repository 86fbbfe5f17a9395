"""What can go wrong while answering, each with a Vietnamese message for the one who asked.

SearchError
├── EmptyQuestion         nothing was asked
├── QuestionTooLong       longer than `LONGEST_QUESTION`
├── UnknownFilterValue    a filter names what no indexed plan has
├── UnknownPlan           no indexed plan has this id
├── SourceMissing         the original file is gone or was changed since it was indexed
└── NotOffered            the contract names it, a later version brings it
"""

from __future__ import annotations

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
        of = f" của {', '.join(names)}" if names else ""
        super().__init__(
            f"Cần ít nhất hai kế hoạch có bảng hoạt động để so sánh; trong phạm vi{of} chưa đủ. "
            "Hãy chọn hai tỉnh khác nhau đã có kế hoạch."
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


class NotOffered(SearchError):
    """The contract promises it and this version does not have it yet; `what` is Vietnamese."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"{what} chưa có trong phiên bản này.")


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
