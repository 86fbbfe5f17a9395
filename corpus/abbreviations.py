"""Administrative abbreviations written out, as people type them; document numbers stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from corpus.model import Span
from corpus.text import Token, fold, tokenise

# Abbreviations of the registry have at most this many parts ("VH, TT và DL" has three).
_MOST_PARTS = 5

# What may stand between the parts of one abbreviation: LĐ-TB&XH, "VH, TT và DL", "GD và ĐT",
# "lđ tb xh", "TP.HCM". Never a slash, a semicolon, a line end or a bracket.
_BETWEEN_PARTS = re.compile(r" ?[-–&.,] ?| ")

# "laodongvieclam.kiengiang.gov.vn", "https://…", "vp@kiengiang.gov.vn"; not "TP.HCM".
_ADDRESS = re.compile(r"\S*(?:://|@)\S*|\S+\.(?:vn|com|net|org)\b\S*", re.IGNORECASE)

# "97/KH-UBND", "1549   /KH-UBND", "45/2025/NĐ-CP", "30/6": a number before a slash takes all that
# hangs on it. Not "UBND/HĐND".
_NUMBER_WITH_SLASH = re.compile(r"(?<![^\W_])\d+\s*/\s*[^\s,;)]*")

_VOWELS = frozenset("aeiouy")

# Characters of a paragraph or cell, and how many are remembered: those of one long plan, which are
# written out when bodies are looked for in them and again when they are cut into chunks.
_PARAGRAPH = 1_000
_PARAGRAPHS = 512


@dataclass(frozen=True, slots=True)
class Edit:
    """One abbreviation written out; `span` is its place in the original text."""

    span: Span
    original: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Expansion:
    """A text with its abbreviations written out, and the edits in the order of the text."""

    text: str
    edits: tuple[Edit, ...]

    def original_span(self, span: Span) -> Span:
        """Return where `span` of the expanded text comes from, whole abbreviations included.

        >>> expand("Sở LĐTBXH tỉnh").original_span(Span(0, 35))
        Span(start=0, end=9)
        """
        return Span(self._origin(span.start, at_end=False), self._origin(span.end, at_end=True))

    def _origin(self, offset: int, *, at_end: bool) -> int:
        shift = 0
        for edit in self.edits:
            start = edit.span.start + shift
            end = start + len(edit.replacement)
            if offset <= start if at_end else offset < start:
                break
            if offset < end:
                return edit.span.end if at_end else edit.span.start
            shift += len(edit.replacement) - len(edit.span)
        return offset - shift


def expand(text: str) -> Expansion:
    """Write out the administrative abbreviations of `text`.

    Upper and lower case, with or without marks, joined or with ``- & . ,`` "và" or spaces between
    the parts. An abbreviation in small letters counts only where it cannot be a word of the
    language: it has no vowel, or the registry says that it is safe; the others ("BQL", "CT") count
    in capitals only. Two abbreviations that differ in their marks alone are never guessed.
    Document numbers and web addresses are left alone.

    >>> expand("sở ldtb&xh và UBND tỉnh, số 97/KH-UBND").text
    'sở Lao động - Thương binh và Xã hội và Ủy ban nhân dân tỉnh, số 97/KH-UBND'
    """
    return _remembered(text) if len(text) <= _PARAGRAPH else _expand(text)


def opens_abbreviation(key: str) -> bool:
    """Say whether an abbreviation may begin with the token of this key; where not, none does."""
    return key in _registry().beginnings


def _expand(text: str) -> Expansion:
    edits = tuple(_edits(text))
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces += [text[position : edit.span.start], edit.replacement]
        position = edit.span.end
    pieces.append(text[position:])
    return Expansion("".join(pieces), edits)


@lru_cache(maxsize=_PARAGRAPHS)
def _remembered(text: str) -> Expansion:
    return _expand(text)


def _edits(text: str) -> Iterator[Edit]:
    registry = _registry()
    tokens = tokenise(text)
    kept: list[Span] | None = None
    after = 0
    for index, token in enumerate(tokens):
        if index < after or token.key not in registry.beginnings:
            continue
        found = registry.longest_at(text, tokens, index)
        if found is None:
            continue
        if kept is None:
            kept = list(_left_alone(text))
        if any(span.contains(token.span) for span in kept):
            continue
        entry, count = found
        span = Span(tokens[index].start, tokens[index + count - 1].end)
        replacement = entry.long
        if entry.dot and text[span.end : span.end + 1] == ".":
            span = Span(span.start, span.end + 1)
            replacement += " " if text[span.end : span.end + 1].isalnum() else ""
        yield Edit(span, span.of(text), replacement)
        after = index + count


def _left_alone(text: str) -> Iterator[Span]:
    """Yield web addresses and document numbers."""
    number = _registry().document_number
    for matches in (
        _ADDRESS.finditer(text),
        _NUMBER_WITH_SLASH.finditer(text),
        number.finditer(fold(text)),
    ):
        yield from (Span(*match.span()) for match in matches)


@dataclass(frozen=True, slots=True)
class _Entry:
    long: str
    lower: bool
    dot: bool
    before: tuple[str, ...]


class _Registry:
    """The entries by their letters as written and by their letters without marks."""

    def __init__(self, data: dict[str, Any]) -> None:
        # By the word that must stand before, where one must: "TP" is another thing after "Sở".
        self._marked: dict[tuple[str, str], _Entry] = {}
        self._unmarked: dict[tuple[str, str], _Entry | None] = {}
        for raw in data["entries"]:
            for short in raw["short"]:
                self._add(short, raw)
        # Every beginning of an abbreviation, to pass over the words of the language fast.
        self.beginnings = frozenset(
            key[:length] for _, key in self._unmarked for length in range(1, len(key) + 1)
        )
        types = [fold(kind) for kind in data["document_types"] + data["other_document_types"]]
        # "QĐ-TTg", "nđ-cp", "/KH-UBND", "97 kh ubnd" in the folded text: a kind of document and
        # whoever issued it. Not "KH-ĐT" or "TT-TT": the issuer has three letters, or is known.
        self.document_number = re.compile(
            rf"(?<![^\W_])(?:(?:{'|'.join(types)})-(?:cp|tu|tw|bch|btv|btc|bnv|byt|[a-z]{{3,}})"
            rf"(?:-[a-z]+)*|\d+ (?:{'|'.join(types)})[ -][a-z]{{2,}})(?![^\W_])"
        )

    def _add(self, short: str, raw: dict[str, Any]) -> None:
        marked = "".join(token.text for token in tokenise(short))
        key = fold(marked)
        capitals = bool(raw.get("capitals"))
        entry = _Entry(
            long=raw["long"],
            lower=bool(raw.get("any_case")) or (not capitals and _VOWELS.isdisjoint(key)),
            dot=bool(raw.get("dot")),
            before=tuple(raw.get("before", ())),
        )
        for after in raw.get("after", ("",)):
            self._marked[after, marked] = entry
            other = self._unmarked.get((after, key), entry)
            same = other is not None and other.long == entry.long
            self._unmarked[after, key] = entry if same else None

    def longest_at(self, text: str, tokens: list[Token], index: int) -> tuple[_Entry, int] | None:
        """Return the entry of most parts that begins at token `index`, and its count of parts."""
        before = tokens[index - 1].key if index else ""
        for count in range(_parts_at(text, tokens, index), 0, -1):
            following = tokens[index + count].key if index + count < len(tokens) else ""
            for after in dict.fromkeys((before, "")):
                entry = self._entry(text, tokens[index : index + count], after)
                if entry and (not entry.before or following in entry.before):
                    return entry, count
        return None

    def _entry(self, text: str, parts: list[Token], after: str) -> _Entry | None:
        if "va" in (parts[0].key, parts[-1].key):
            return None
        parts = [part for part in parts if part.key != "va"]
        entry = self._marked.get((after, "".join(part.text for part in parts)))
        if entry is None:
            entry = self._unmarked.get((after, "".join(part.key for part in parts)))
        if entry is None or entry.lower:
            return entry
        return entry if _is_capital("".join(part.span.of(text) for part in parts)) else None


def _parts_at(text: str, tokens: list[Token], index: int) -> int:
    """Return how many tokens from `index` on may be parts of one abbreviation, at least one.

    Parts with a space or a comma between them, or "và", must be no words: without vowels.
    """
    for at in range(index + 1, min(index + _MOST_PARTS, len(tokens))):
        gap = text[tokens[at - 1].end : tokens[at].start]
        loose = " " in gap or "," in gap
        if not _BETWEEN_PARTS.fullmatch(gap) or (
            loose and not all(_is_no_word(token.key) for token in tokens[at - 1 : at + 1])
        ):
            return at - index
    return min(_MOST_PARTS, len(tokens) - index)


def _is_no_word(key: str) -> bool:
    return _VOWELS.isdisjoint(key) or key == "va"


def _is_capital(written: str) -> bool:
    """Say whether the letters are capitals, but for the last of three ("TTg")."""
    return written.isupper() or (len(written) == 3 and written[:2].isupper())


@cache
def _registry() -> _Registry:
    raw = files("corpus").joinpath("data/registry/abbreviations.json").read_text(encoding="utf-8")
    return _Registry(json.loads(raw))
