"""Lines to a tree of sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.marker import LETTERS, Level, Marker, read_marker, to_roman
from corpus.model import Note, Section, Severity, Span

# The sentence that ends a plan stands under its last part, not under that part's last point.
_CLOSING_FORMULA = re.compile(
    r"^(?:Trong quá trình (?:triển khai|thực hiện|tổ chức)|Trên đây là|Yêu cầu (?:các|thủ trưởng|Thủ trưởng)|"
    r"(?:Ủy|Uỷ) ban nhân dân tỉnh (?:yêu cầu|đề nghị)|UBND tỉnh (?:yêu cầu|đề nghị)|\(?Phụ lục)",
)
_SENTENCE_END = re.compile(r"[.;,!?…][)”\"]?$")
_LONGEST_HEADING = 220


@dataclass(slots=True)
class _Draft:
    label: str
    level: int
    marker: Marker
    text: str
    heading: Span
    end: int
    has_content: bool = False
    children: list[_Draft] = field(default_factory=list)


def parse_outline(
    lines: Sequence[tuple[str, Span]],
) -> tuple[tuple[Section, ...], tuple[Note, ...]]:
    """Return the section tree of the body's lines and the doubts about its numbering.

    A duplicate letter is read as the one that was due ("d), d)" after "c)" is d, đ) and noted.
    Lines before the first marker belong to no section. Bullets number nothing that people cite, so
    they are text of the section they stand in.
    """
    roots: list[_Draft] = []
    open_drafts: list[_Draft] = []
    notes: list[Note] = []
    for text, span in lines:
        marker = read_marker(text)
        if marker is None or marker.level == Level.BULLET or not _fits(marker, open_drafts, roots):
            if _CLOSING_FORMULA.match(text):
                del open_drafts[1:]
            for draft in open_drafts:
                draft.end = span.end
                draft.has_content = True
            continue
        while open_drafts and open_drafts[-1].level >= marker.level:
            open_drafts.pop()
        siblings = open_drafts[-1].children if open_drafts else roots
        label, note = _due_label(marker, siblings, span)
        notes.extend(note)
        draft = _Draft(label, marker.level, marker, text[marker.text_start :], span, span.end)
        siblings.append(draft)
        for ancestor in open_drafts:
            ancestor.end = span.end
            ancestor.has_content = True
        open_drafts.append(draft)
    return tuple(_finish(draft, ()) for draft in roots), tuple(notes)


def _fits(marker: Marker, open_drafts: Sequence[_Draft], roots: Sequence[_Draft]) -> bool:
    """Refuse a number in the middle of prose: the first of a list must claim place 1 or go on."""
    if marker.level in (Level.LETTER, Level.NUMBER, Level.DOTTED):
        if not open_drafts and not roots and marker.value != 1:
            return False
        # "1.2" belongs under "1", wherever that stands.
        if marker.level == Level.DOTTED and marker.label.split(".")[0] not in {
            draft.label for draft in open_drafts
        } | {child.label for draft in open_drafts for child in draft.children}:
            return marker.label.endswith(".1")
    return True


def _due_label(
    marker: Marker, siblings: Sequence[_Draft], span: Span
) -> tuple[str, tuple[Note, ...]]:
    """Return the label the marker should have carried, and a note where it carried another."""
    if not siblings or siblings[-1].level != marker.level:
        return marker.label, ()
    before = siblings[-1]
    if marker.label == before.label or marker.label == before.marker.label:
        due = _next_label(before)
        if due is not None:
            return due, (
                Note(
                    "duplicate_marker",
                    Severity.WARNING,
                    f"Ký hiệu “{marker.label}” dùng hai lần liền nhau; mục thứ hai được hiểu là “{due}”.",
                    (before.heading, span),
                ),
            )
    due_value, value = _value(before), marker.value
    if due_value is not None and value is not None and value > due_value + 1:
        return marker.label, (
            Note(
                "missing_marker",
                Severity.WARNING,
                f"Sau mục “{before.label}” là mục “{marker.label}”: có thể thiếu mục ở giữa.",
                (before.heading, span),
            ),
        ) if not _skips_only_rare_letters(before.label, marker.label) else ()
    return marker.label, ()


def _value(draft: _Draft) -> int | None:
    return Marker(draft.label, draft.level, 0).value


def _next_label(draft: _Draft) -> str | None:
    value = _value(draft)
    if value is None:
        return None
    if draft.level == Level.LETTER:
        return LETTERS[value] if value < len(LETTERS) else None
    if draft.level == Level.ROMAN:
        return to_roman(value + 1)
    head, _, _ = draft.label.rpartition(".")
    return f"{head}.{value + 1}" if head else str(value + 1)


def _skips_only_rare_letters(before: str, label: str) -> bool:
    """Say whether only letters that many authors leave out (đ, or j, f, w, z) lie between."""
    if len(before) != 1 or len(label) != 1 or before not in LETTERS or label not in LETTERS:
        return False
    return LETTERS[LETTERS.index(before) + 1 : LETTERS.index(label)] == "đ"


def _finish(draft: _Draft, above: tuple[str, ...]) -> Section:
    prefix, _, last = draft.label.rpartition(".")
    parents = tuple(prefix.split(".")) if prefix else ()
    # "1.2" under "I", "1" is cited as I.1.2, not I.1.1.2.
    path = (*above, last if parents and above[-len(parents) :] == parents else draft.label)
    is_heading = (
        (draft.has_content or draft.level <= Level.ROMAN)
        and len(draft.text) <= _LONGEST_HEADING
        and not _SENTENCE_END.search(draft.text)
    )
    return Section(
        path=path,
        title=draft.text.rstrip(": ") if is_heading else "",
        heading=draft.heading,
        span=Span(draft.heading.start, draft.end),
        children=tuple(_finish(child, path) for child in draft.children),
    )
