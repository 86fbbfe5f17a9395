"""What a plan is: the frozen types every other module speaks.

Glossary (code is English, people see Vietnamese)

==============  ==========================================================
plan            kế hoạch (``…/KH-UBND``), with or without its appendix
section         phần, mục, điểm of the body: I → 1 → a)
row             dòng of an appendix table (phụ lục)
activity        nội dung / hoạt động / nhiệm vụ
lead            đơn vị chủ trì
support         đơn vị phối hợp
product         sản phẩm dự kiến
time            thời gian / tiến độ hoàn thành
years           cột "Năm 2023", "Năm 2024", … with an X
unit            đơn vị, cơ quan, tổ chức
basis           căn cứ pháp lý
recipients      nơi nhận
signatory       người ký
==============  ==========================================================
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters ``[start, end)`` in ``Plan.text``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters of `text` that this span covers."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Say whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


class Role(StrEnum):
    """What a column of an appendix table says about its row."""

    ORDINAL = "ordinal"
    ACTIVITY = "activity"
    LEAD = "lead"
    SUPPORT = "support"
    PRODUCT = "product"
    TIME = "time"
    YEARS = "years"
    BUDGET = "budget"
    MONITOR = "monitor"
    NOTE = "note"
    OTHER = "other"


class Severity(StrEnum):
    """How much a doubt matters to someone who signs an answer."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Note:
    """A doubt about a plan, never a correction of it.

    `code` is stable and English (``number_mismatch``), `message` is Vietnamese,
    `spans` are the places in ``Plan.text`` that disagree or are doubtful (may be empty
    where the doubt concerns something that was left out of the text, such as a stamp).
    """

    code: str
    severity: Severity
    message: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One "Căn cứ …" reference; every part is None where the text does not give it."""

    span: Span
    kind: str | None
    number: str | None
    issued_on: datetime.date | None
    issuer: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signed: `name` "Nguyễn Lưu Trung", `position` "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"."""

    name: str
    position: str
    span: Span


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last year a plan covers, both included."""

    first: int
    last: int

    @property
    def years(self) -> tuple[int, ...]:
        """Return every year of the period, in order."""
        return tuple(range(self.first, self.last + 1))


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the body.

    `path` is the printed numbering from the top ("VIII", "1", "d"); `title` is the text of
    the heading without its marker, or "" for an item whose marker opens plain prose;
    `heading` covers marker and title (for an item: the whole first paragraph); `span`
    covers the section and all of its children.
    """

    path: tuple[str, ...]
    title: str
    heading: Span
    span: Span
    children: tuple[Section, ...] = ()

    @property
    def locator(self) -> str:
        """Return the path as people cite it: ``VIII.1.d``."""
        return ".".join(self.path)

    @property
    def label(self) -> str:
        """Return how a person cites the section."""
        return f"Mục {self.locator}"

    def walk(self) -> Iterator[Section]:
        """Yield this section and every section below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row: `text` is exactly ``span.of(plan.text)``, "" where it is blank."""

    role: Role
    header: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class AppendixRow:
    """One row of an appendix table.

    `appendix` is the label people use ("Phụ lục", "Phụ lục II"); `group` is the heading row
    under which ordinals start again, if they do; `ordinal` and `parent` are printed ordinals
    ("5.2" under "5"); `key` is unique and stable within the plan ("r5.2", "pl2.r5.2").
    """

    key: str
    appendix: str
    group: str | None
    ordinal: str
    parent: str | None
    cells: tuple[Cell, ...]
    span: Span
    years: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """Return how a person cites the row; the group only where its ordinals start again."""
        number = f"dòng {self.ordinal}" if self.ordinal else "dòng nhóm"
        group = f" (nhóm {self.group})" if self.group and self.key.count("g") else ""
        return f"{self.appendix}, {number}{group}"

    def cell(self, role: Role) -> Cell | None:
        """Return the first cell of `role`, or None where the table has no such column."""
        return next((cell for cell in self.cells if cell.role is role), None)

    def text_of(self, role: Role) -> str:
        """Return the text of the first cell of `role`, "" where it is blank or missing."""
        cell = self.cell(role)
        return cell.text if cell else ""

    @property
    def is_heading(self) -> bool:
        """Say whether the row only titles the rows below it (nothing but its activity)."""
        return not any(
            cell.text for cell in self.cells if cell.role not in (Role.ORDINAL, Role.ACTIVITY)
        )


@dataclass(frozen=True, slots=True)
class Source:
    """The file a plan was read from.

    `page_starts[i]` is the offset in ``Plan.text`` where original page ``i + 1`` begins;
    empty where the format has no pages. `recognised` is True when the text comes from optical
    character recognition, `confidence` is the reader's own in 0..1, None where it has none.
    """

    name: str
    format: str
    sha256: str
    page_starts: tuple[int, ...] = ()
    recognised: bool = False
    confidence: float | None = None

    def page_of(self, offset: int) -> int | None:
        """Return the 1-based page on which the character at `offset` stands."""
        if not self.page_starts:
            return None
        return max(1, sum(start <= offset for start in self.page_starts))


@dataclass(frozen=True, slots=True)
class Plan:
    """A provincial plan as understood.

    `text` is normalised once by `corpus.text.normalise`; all spans point into it. Tables are
    written into it one line a row, cells separated by tabs. `fields` says where each value of the
    header stands ("number", "title", "issued_on", "place", "issuer", "period", "appendix_title",
    "attachment"). None means the document does not say.
    """

    id: str
    number: str | None
    title: str
    issuer: str | None
    province: str | None
    issued_on: datetime.date | None
    period: Period | None
    bases: tuple[LegalBasis, ...]
    recipients: tuple[Span, ...]
    signatory: Signatory | None
    text: str
    sections: tuple[Section, ...]
    rows: tuple[AppendixRow, ...]
    notes: tuple[Note, ...]
    source: Source
    fields: Mapping[str, Span] = field(default_factory=dict)

    def walk(self) -> Iterator[Section]:
        """Yield every section of the plan in reading order, parents before children."""
        for section in self.sections:
            yield from section.walk()
