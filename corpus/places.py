"""The provinces before and after 1 July 2025, and their names in running text."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from corpus.model import Span
from corpus.text import Token, fold, strip_marks, tokenise

# "tỉnh", "thành phố", "TP." before a name say that it is a province, with and without marks.
_KIND_WORDS = (("thành", "phố"), ("thanh", "pho"), ("tỉnh",), ("tinh",), ("tp",))
# After these a name whose letters alone would not prove it is a place.
_CUES = (("ở",), ("o",), ("tại",), ("tai",), ("của",), ("cua",), ("ubnd",))

# Between the words of one name: "Bà Rịa - Vũng Tàu", "Kiên\nGiang". Not "Hà, Nam".
_INSIDE_A_NAME = re.compile(r"\s?[-–]?\s?")
# "K.Giang", "K. Giang"; not "TP.HCM", "vp@kiengiang.gov.vn", "1.Giang".
_SHORTENED = re.compile(r"(?<![\w.@/])(?P<first>[^\W\d_])\. ?(?P<last>[^\W\d_]{2,})(?![\w.@])")
# "tỉnh KG", "ở KG"; not "KH" of a plan's number, "tỉnh ủy".
_INITIALS = re.compile(r"(?:\b(?i:tỉnh|tinh|ở|o|tại|tai) )(?P<initials>[A-ZĐ]{2,3})(?![\w/-])")

# "QN. Ai chủ trì?", "KH 58 TH: …", "HT PL2: …", "ATTP HD: …"; not "Sở LĐ: …", "KG ai chủ trì",
# and not "KH: …", which is a plan.
_LABEL = re.compile(
    r"\W*(?:(?:[A-ZĐ]{2,8}|\d+) ){0,3}(?P<initials>(?!KH\b)[A-ZĐ]{2,3})(?=\.\s|\s*:\s|,?\s+PL\s?\d)"
)
# "Sở TTTT KG"; not "Sở Y tế HD", which may be hướng dẫn: initials that clerks write for a verb.
_BEHIND_A_UNIT = re.compile(
    r" (?!(?:BC|CT|ĐT|GS|HD|HT|KT|PH|QL|TC|TĐ|TG|TH|TK|TM|TT|XD)\b)(?P<initials>[A-ZĐ]{2,3})(?!\w)"
)

_SEVERAL = frozenset({"các", "những", "cac", "nhung"})
# Letters of a syllable that another letter makes another word of: "Hà Nam", "Kon Tum".
_TOO_SHORT = 3


@dataclass(frozen=True, slots=True)
class Province:
    """A province or a city under the central government, before or after 1 July 2025.

    `since` is the day on which it took its present extent (None: earlier than the registry
    looks), `until` the first day on which it no longer is, with the name of its `successor`.
    `formers` are the provinces it was made of, itself among them where it kept its name.
    """

    name: str
    kind: str
    since: datetime.date | None
    until: datetime.date | None
    successor: str | None
    formers: tuple[str, ...]


def find_province(name: str) -> Province | None:
    """Return the province called `name`, with or without its marks, "tỉnh" or "TP." before it.

    >>> find_province("tinh kien giang").name
    'Kiên Giang'
    """
    keys = tuple(token.key for token in tokenise(name))
    for words in ((), *_KIND_WORDS):
        if keys[: len(words)] == words and (names := _registry().names.get(keys[len(words) :])):
            return names[0].province
    return None


def province_mentions(text: str) -> tuple[tuple[Span, Province], ...]:
    """Return the provinces named in `text`, in its order, each with the place of the bare name.

    A name counts with all, some or none of its marks. Where what is written may also be words of
    the language ("hòa bình", "hai phòng", unmarked "dien bien"), it counts only with capitals or
    after "tỉnh", "thành phố", "ở", "tại", "của"; one syllable ("Huế") only with its mark or after
    "tỉnh" or "thành phố". A name inside a longer one (Hà Nam Ninh), of a district or commune
    (huyện, xã …), or of a person (Chủ tịch Hồ Chí Minh) is not a province.
    """
    tokens = tokenise(text)
    registry = _registry()
    found: list[tuple[Span, Province]] = []
    after = 0
    for index, token in enumerate(tokens):
        if index < after or token.key not in registry.lengths:
            continue
        names, count = registry.longest_at(text, tokens, index)
        if not names:
            continue
        words = tokens[index : index + count]
        before = [token.text for token in tokens[max(0, index - 3) : index]]
        for name in names:
            if name.province and name.is_meant(text, words, before):
                found.append((Span(words[0].start, words[-1].end), name.province))
                break
        after = index + count
    return tuple(found)


def write_out_label(text: str, among: Collection[str]) -> str:
    """Return a text with the initials of a province that open it like a label written out.

    Only those of one of the names `among`, where just one of them has these initials.

    >>> write_out_label("QN. Ai chủ trì?", ("Quảng Ninh", "Kiên Giang"))
    'Quảng Ninh. Ai chủ trì?'
    """
    match = _LABEL.match(text)
    return _written_out(text, match, among) if match else text


def write_out_after(text: str, ends: Iterable[int], among: Collection[str]) -> str:
    """Return a text with the initials of a province that stand behind a unit's name written out.

    `ends` are where names of units end. Only initials of just one of the names `among`; those that
    clerks write for a verb ("Sở Y tế HD …": hướng dẫn) stay.

    >>> write_out_after("Sở Y tế KG làm gì?", [7], ("Quảng Ninh", "Kiên Giang"))
    'Sở Y tế Kiên Giang làm gì?'
    """
    for end in sorted(ends, reverse=True):
        match = _BEHIND_A_UNIT.match(text, end)
        if match:
            text = _written_out(text, match, among)
    return text


def _written_out(text: str, match: re.Match[str], among: Collection[str]) -> str:
    named = [name for name in among if _initials(name) == match["initials"]]
    if len(named) != 1:
        return text
    return text[: match.start("initials")] + named[0] + text[match.end("initials") :]


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split())


def shortened_provinces(text: str) -> tuple[tuple[Span, Province], ...]:
    """Return the provinces that are shortened: "K.Giang", "b. thuan", "tỉnh KG".

    What may be several ("H.Giang": Hà Giang, Hậu Giang; "ở BT") is none.

    >>> [province.name for _, province in shortened_provinces("K.Giang, H.Giang")]
    ['Kiên Giang']
    """
    found = []
    for match in _INITIALS.finditer(text):
        named = [
            province
            for province in _registry().provinces
            if _initials(province.name) == match["initials"]
        ]
        if len(named) == 1:
            found.append((Span(*match.span("initials")), named[0]))
    for match in _SHORTENED.finditer(text):
        named = [
            province
            for province in _registry().provinces
            if len(words := fold(province.name).split()) == 2
            and words[0][0] == fold(match["first"])
            and _is_less_marked(match["last"].lower(), province.name.split()[1].lower())
            and words[1] == fold(match["last"])
        ]
        if len(named) == 1:
            found.append((Span(*match.span()), named[0]))
    return tuple(found)


def province_slips(text: str) -> tuple[tuple[Span, Province], ...]:
    """Return the provinces in capitals that have one letter too few, too many or wrong.

    Both syllables keep their first letter, and no other province is as near.

    >>> [province.name for _, province in province_slips("ở Kiên Gang, Kon Tùm")]
    ['Kiên Giang']
    """
    tokens = tokenise(text)
    found = []
    for first, second in pairwise(tokens):
        span = Span(first.start, second.end)
        if text[first.end : second.start] != " " or not _has_capitals(span.of(text).split()):
            continue
        near = [
            province
            for province in _registry().provinces
            if len(words := fold(province.name).split()) == 2
            and (words[0][0], words[1][0]) == (first.key[0], second.key[0])
            and sum(map(Levenshtein.distance, words, (first.key, second.key))) == 1
            and min(map(len, words)) > _TOO_SHORT
        ]
        if len(near) == 1:
            found.append((span, near[0]))
    return tuple(found)


def current_province(name: str, on: datetime.date) -> str:
    """Return the province that `name` belongs to on the day `on`; an unknown name unchanged.

    Source: Nghị quyết số 202/2025/QH15.

    >>> current_province("Kiên Giang", datetime.date(2025, 7, 1))
    'An Giang'
    """
    province = find_province(name)
    if province is None:
        return name
    if province.successor and province.until and on >= province.until:
        return province.successor
    return province.name


def former_provinces(name: str) -> tuple[str, ...]:
    """Return the names under which the territory of today's province `name` was governed before.

    An unchanged province is its own; a name that is gone or unknown has none.

    >>> former_provinces("An Giang")
    ('Kiên Giang', 'An Giang')
    """
    province = find_province(name)
    if province is None or province.successor:
        return ()
    return province.formers or (province.name,)


def nearest_provinces(name: str, count: int = 3) -> tuple[Province, ...]:
    """Return the `count` provinces whose names are spelled most like `name`, best first."""
    provinces = _registry().provinces
    keys = [fold(province.name) for province in provinces]
    ranked = process.extract(fold(name), keys, scorer=fuzz.ratio, limit=count)
    return tuple(provinces[position] for _, _, position in ranked)


@dataclass(frozen=True, slots=True)
class _Name:
    """One spelling of a province, or of something longer that contains one (no province)."""

    province: Province | None
    words: tuple[str, ...]
    is_word: bool
    is_word_unmarked: bool
    is_word_half_marked: bool
    not_after: tuple[tuple[str, ...], ...]

    def is_meant(self, text: str, words: Sequence[Token], before: Sequence[str]) -> bool:
        """Say whether `words` of `text`, which are this name but for marks, mean the place."""
        # "Các xã, phường Sơn La" are those of the province.
        if _ends_with(before, self.not_after) and not _SEVERAL.intersection(before):
            return False
        if _ends_with(before, _KIND_WORDS):
            return True
        written = [word.text for word in words]
        complete = all(map(_same_marks, written, self.words))
        if len(words) == 1:
            return complete
        bare = [strip_marks(word) == word for word in written]
        if complete:
            is_word = self.is_word or (self.is_word_unmarked and strip_marks(text) == text)
        elif all(bare):
            is_word = self.is_word_unmarked
        elif all(map(_is_less_marked, written, self.words)):
            is_word = self.is_word_half_marked
        else:
            return False
        if not is_word:
            return True
        return _has_capitals([word.span.of(text) for word in words]) or _ends_with(before, _CUES)


class _Registry:
    """All spellings by their words without marks."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.provinces: list[Province] = []
        self.names: dict[tuple[str, ...], list[_Name]] = {}
        merged_on = datetime.date.fromisoformat(data["merged_on"])
        small_places = [*data["not_after"], *data["not_after_unmarked"]]
        for raw in data["provinces"]:
            successor, formers = raw.get("successor"), tuple(raw.get("formers", ()))
            province = Province(
                name=raw["name"],
                kind=raw["kind"],
                since=merged_on if formers else None,
                until=merged_on if successor else None,
                successor=successor,
                formers=formers,
            )
            self.provinces.append(province)
            persons = raw.get("not_after", ())
            not_after = [*small_places, *persons, *map(strip_marks, persons)]
            for spelling in (raw["name"], *raw.get("aliases", ())):
                self._add(province, spelling, raw, not_after)
        for spelling in data["longer_names"]:
            self._add(None, spelling, {}, [])
        # By first word, of how many words the names are that begin with it, most first.
        self.lengths: dict[str, list[int]] = {}
        for words in sorted(self.names, key=len, reverse=True):
            if len(words) not in self.lengths.setdefault(words[0], []):
                self.lengths[words[0]].append(len(words))

    def _add(
        self, province: Province | None, spelling: str, raw: dict[str, Any], not_after: list[str]
    ) -> None:
        tokens = tokenise(spelling)
        name = _Name(
            province=province,
            words=tuple(token.text for token in tokens),
            is_word=bool(raw.get("word")),
            is_word_unmarked=bool(raw.get("word_unmarked")),
            is_word_half_marked=bool(raw.get("word_half_marked")),
            not_after=tuple(tuple(words.split()) for words in not_after),
        )
        self.names.setdefault(tuple(token.key for token in tokens), []).append(name)

    def longest_at(
        self, text: str, tokens: Sequence[Token], index: int
    ) -> tuple[Sequence[_Name], int]:
        """Return the names of most words that begin at `index`, and how many words; () and 1."""
        for count in self.lengths[tokens[index].key]:
            words = tokens[index : index + count]
            names = self.names.get(tuple(word.key for word in words))
            gaps = (text[left.end : right.start] for left, right in pairwise(words))
            if names and all(_INSIDE_A_NAME.fullmatch(gap) for gap in gaps):
                return names, count
        return (), 1


def _ends_with(before: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> bool:
    return any(tuple(before[-len(phrase) :]) == phrase for phrase in phrases)


def _same_marks(word: str, other: str) -> bool:
    """Compare two lower-case words of the same letters; where the tone mark sits is no matter."""
    return sorted(unicodedata.normalize("NFD", word)) == sorted(unicodedata.normalize("NFD", other))


def _is_less_marked(word: str, other: str) -> bool:
    return strip_marks(word) == word or _same_marks(word, other)


def _has_capitals(words: Sequence[str]) -> bool:
    """Say whether every word begins with a capital, in a text that is not all capitals."""
    return all(word[0].isupper() for word in words) and not all(word.isupper() for word in words)


@cache
def _registry() -> _Registry:
    raw = files("corpus").joinpath("data/registry/provinces.json").read_text(encoding="utf-8")
    return _Registry(json.loads(raw))
