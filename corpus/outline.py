"""Lines to a tree of sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.marker import LETTERS, Level, Marker, read_marker, to_roman
from corpus.model import Note, Section, Severity, Span
from corpus.text import place_tones

# The sentence that ends a plan stands under its last part, not under that part's last point; so
# does a remark in brackets about the appendix. Not "Trong quá trình hội nhập", "Phụ lục này".
_CLOSING_FORMULA = re.compile(
    r"^(?:Trong quá trình (?:triển khai|thực hiện|tổ chức)|Trên đây là|"
    r"Yêu cầu (?:các|[Tt]hủ trưởng)|"
    r"(?:Ủy ban nhân dân|UBND) tỉnh (?:yêu cầu|đề nghị)|\([^()]*Phụ lục[^()]*\)[.;]?$)"
)
# "…, giai đoạn 2." is prose; "Mục tiêu chung", "Nhiệm vụ:" are headings.
_SENTENCE_END = re.compile(r"[.;,!?…][)”\"]?$")
# Not tuned: the longest heading seen has 260 characters.
_LONGEST_HEADING = 350


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
    for text, span in lines:
        marker = read_marker(text)
        if marker is None or marker.level == Level.BULLET or not _fits(marker, open_drafts, roots):
            if _CLOSING_FORMULA.match(place_tones(text)):
                del open_drafts[1:]
            if open_drafts and _is_title_of_part(open_drafts[-1], text):
                open_drafts[-1].text = text
                open_drafts[-1].heading = Span(open_drafts[-1].heading.start, span.end)
                open_drafts[-1].end = span.end
                continue
            for draft in open_drafts:
                draft.end = span.end
                draft.has_content = True
            continue
        while open_drafts and open_drafts[-1].level >= marker.level:
            open_drafts.pop()
        siblings = open_drafts[-1].children if open_drafts else roots
        for ancestor in open_drafts:
            ancestor.end = span.end
            ancestor.has_content = True
        draft = _Draft(
            marker.label, marker.level, marker, text[marker.text_start :], span, span.end
        )
        siblings.append(draft)
        open_drafts.append(draft)
    notes = sorted(_settle_labels(roots), key=lambda note: note.spans[-1])
    return tuple(_finish(draft, ()) for draft in roots), tuple(notes)


def _fits(marker: Marker, open_drafts: Sequence[_Draft], roots: Sequence[_Draft]) -> bool:
    """Refuse a number in the middle of prose: the first of a list must claim place 1 or go on."""
    if marker.level < Level.NUMBER:
        return True
    if not open_drafts and not roots:
        return marker.value == 1
    if marker.level < Level.DOTTED or marker.level >= Level.BRACKETED:
        return True
    # "1.2" belongs under "1", wherever that stands.
    return marker.label.endswith(".1") or any(
        marker.label.split(".")[0] == draft.label
        for parent in open_drafts
        for draft in (parent, *parent.children[-1:])
    )


def _is_title_of_part(draft: _Draft, text: str) -> bool:
    """Say whether a line titles the part whose marker stands alone: "PHẦN I" / "MỤC TIÊU"."""
    return draft.level == Level.PART and not draft.text and not draft.has_content and text.isupper()


def _settle_labels(siblings: Sequence[_Draft]) -> Iterator[Note]:
    """Give each draft the label it should have carried; yield a note where it carried another."""
    printed = {draft.marker.label for draft in siblings}
    for before, draft in pairwise(siblings):
        if draft.level != before.level:
            continue
        due = _next_label(before)
        value, value_before = draft.marker.value, _value(before)
        if draft.marker.label in (before.label, before.marker.label):
            if due is not None and due not in printed:
                draft.label = due
            yield Note(
                "duplicate_marker",
                Severity.WARNING,
                f"Ký hiệu “{draft.marker.label}” dùng hai lần liền nhau; "
                + (
                    f"mục thứ hai được hiểu là “{due}”."
                    if draft.label == due
                    else "cần đối chiếu bản gốc."
                ),
                (before.heading, draft.heading),
            )
        elif value and value_before and value > value_before + 1:
            if _skips_only_rare_letters(before.label, draft.label):
                continue
            yield Note(
                "missing_marker",
                Severity.WARNING,
                f"Sau mục “{before.label}” là mục “{draft.label}”: có thể thiếu mục ở giữa.",
                (before.heading, draft.heading),
            )
    for draft in siblings:
        yield from _settle_labels(draft.children)


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
