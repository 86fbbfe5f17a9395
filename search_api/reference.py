"""Places a question names by their number: "điểm đ mục I.2", "khoản 4 mục III", "dòng 5.2"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.marker import roman_value
from corpus.model import Span
from search_api.cues import cue

# "mục VIII.1.d", "V.3"; not "97.5", "i.e".
_DOTTED = re.compile(r"(?<![\w.])(?!i\.e\b)(?P<path>[ivxlc]+(?:\.\w{1,2})+)(?![\w.]*\w)", re.I)
# "điểm d", "khoản 2", "mục V", "phần VIII", "hoạt động số 9", "đối tượng tuyên truyền số 3".
_PART = cue(
    r"(?:tiểu mục|điểm|mục|phần|khoản|ý)(?: số| thứ)? "
    r"(?P<label>[ivxlc]+(?:\.\d{1,2})?|\d{1,2}|[a-z]|đ)(?![\w.]*\d)"
)
_NUMBERED = cue(
    r"(?:(?P<row>hoạt động|nhiệm vụ)|nội dung|đối tượng|hình thức|yêu cầu|mục tiêu|giải pháp)"
    r"(?: \w+){0,2}? (?P<number>(?:số|thứ) (?P<label>\d{1,2}))"
)
# "dòng 5.2", "dòng số 8", "STT 7", "hoạt động 5.3" (only a dotted number is surely a row there).
_ROW = cue(
    r"(?:(?:dòng|hàng|stt|số thứ tự|nhóm)(?: số| thứ)? (?P<row>\d{1,2}(?:\.\d{1,2}){0,2})"
    r"(?P<more>(?:(?:,| và) \d{1,2}(?:\.\d{1,2}){0,2})*)"
    r"|(?:hoạt động|nhiệm vụ) (?:số|thứ) (?P<listed>\d{1,2})(?=[^.]* (?:phụ lục|bảng))"
    r"|(?:hoạt động|nhiệm vụ|nội dung|mục)(?: số)? (?P<dotted>\d{1,2}\.\d{1,2}))"
)


_ORDINAL = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,2}")


@dataclass(frozen=True, slots=True)
class Reference:
    """What is named by number: printed ordinals of rows, or the known labels of a section's path.

    "Hoạt động số 5" may be either: the one label of `path` is among the `ordinals` too.
    `path` begins at the top where the question names a top part ("III", "4"); else it is what is
    known of the end of the path ("2",).
    """

    ordinals: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def is_absolute(self) -> bool:
        """Say whether `path` begins at the top of the plan."""
        return bool(self.path) and roman_value(self.path[0]) is not None


def find_reference(lowered: str) -> Reference | None:
    """Return the place a lower-case question names by number, None where it names none."""
    row = _ROW.search(lowered)
    if row:
        first = row["row"] or row["listed"] or row["dotted"]
        more = _ORDINAL.findall(row["more"] or "")
        return Reference(ordinals=(first, *more), spans=(Span(*row.span()),))
    found = [(match["path"], Span(*match.span())) for match in _DOTTED.finditer(lowered)]
    for pattern, part in ((_PART, 0), (_NUMBERED, "number")):
        for match in pattern.finditer(lowered):
            span = Span(*match.span(part))
            if any(_touch(span, other) for _, other in found):
                found = [
                    (label, _joined(span, other) if _touch(span, other) else other)
                    for label, other in found
                ]
            else:
                found.append((match["label"], span))
    if not found:
        return None
    labels = [part for label, _ in found for part in label.split(".")]
    path = tuple(sorted(map(_printed, labels), key=_depth))
    may_be_row = len(path) == 1 and any(match["row"] for match in _NUMBERED.finditer(lowered))
    return Reference(
        ordinals=path if may_be_row else (), path=path, spans=tuple(span for _, span in found)
    )


def _touch(one: Span, other: Span) -> bool:
    return other.start < one.end and one.start < other.end


def _joined(one: Span, other: Span) -> Span:
    return Span(min(one.start, other.start), max(one.end, other.end))


def _printed(label: str) -> str:
    return label.upper() if roman_value(label.upper()) and label not in "cdl" else label


def _depth(label: str) -> int:
    if roman_value(label) is not None:
        return 0
    return 1 if label.isdigit() else 2
