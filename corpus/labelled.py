"""Tasks told in labelled words: "Cơ quan chủ trì: …. Thời gian hoàn thành: …".

Many plans have no table of tasks: below each task of the body stands who leads it, who supports,
by when. The labels are those of a table's columns, and are read like them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.appendix import role_of_header
from corpus.model import Role, Span

# "b) Cơ quan chủ trì: Sở Nội vụ. Cơ quan phối hợp: …", "(chủ trì: Sở Y tế)"; not "8:30", "Trách
# nhiệm của Sở Nội vụ:".
_LABEL = re.compile(
    r"(?:^|(?<=[.;(\n]))\s*(?:[-–+•*]|[^\W_]{1,2}\))?\s*"
    r"(?P<label>(?![^:]* của )[^\W\d_][^:.;()\n]{2,60}):(?=\s)"
)
# "Tỉnh đoàn. Thực hiện thường xuyên."; not "TP. Đà Lạt".
_SENTENCE = re.compile(r"\n|\)|(?<=[^\W\d_A-Z])\.\s+(?=[A-ZĐ])")
# "hoàn thành: trước ngày 30/9"; a column of that name may say whether it is done.
_DUE = re.compile(r"^hoàn thành$", re.I)
# The columns of a table that a body of text tells so.
_ROLES = (Role.LEAD, Role.SUPPORT, Role.MONITOR, Role.PRODUCT, Role.TIME, Role.BUDGET)


def labelled_in(text: str) -> dict[Role, str]:
    """Return what `text` says after the labels that name a column; {} where it has none.

    >>> [str(role) for role in labelled_in("Cơ quan chủ trì: Sở Nội vụ. Thời gian: quý I.")]
    ['lead', 'time']
    """
    said: dict[Role, str] = {}
    for role, _, value in _labels(text):
        said.setdefault(role, value)
    return said


def before_labels(text: str) -> Span:
    """Return where the words before the first such label stand: the task itself, if it has any.

    >>> text = "a) Kiểm tra hệ thống. Chủ trì: Công an tỉnh."
    >>> before_labels(text).of(text)
    'a) Kiểm tra hệ thống'
    """
    end = min((start for _, start, _ in _labels(text)), default=len(text))
    before = text[:end]
    start = len(before) - len(before.lstrip())
    return Span(start, max(start, len(before.rstrip(" \n\t.;:,(-–+•*"))))


def _labels(text: str) -> Iterator[tuple[Role, int, str]]:
    """Yield the column each label names, where the label begins, and what stands after it."""
    labels = list(_LABEL.finditer(text))
    for number, label in enumerate(labels, 1):
        end = labels[number].start() if number < len(labels) else len(text)
        value = _SENTENCE.split(text[label.end() : end].strip(), maxsplit=1)[0].rstrip(" .;,(")
        role = Role.TIME if _DUE.search(label["label"]) else role_of_header(label["label"])
        if role in _ROLES and value:
            yield role, label.start(), value
