"""Bodies that plans name: their names, their ids, their successors, and the units of a cell."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

from rapidfuzz import fuzz, process

from corpus.abbreviations import expand, opens_abbreviation
from corpus.model import Span
from corpus.places import find_province, province_mentions
from corpus.text import Token, fold, one_line, strip_marks, token_keys, tokenise

Level = Literal[
    "central", "province", "district", "commune", "organisation", "enterprise", "press", "school"
]

# Between the words of one name: "Lao động - Thương binh", "Văn hóa, Thể thao". Never ";" or ".".
_INSIDE_A_NAME = re.compile(r"\s*[-–—,&]?\s*")

# A first word that belongs to the word before it: cơ sở, cán bộ, xã hội, thông báo, văn phòng.
# Counts only where nothing but a space is between the two ("các xã, Hội Nông dân" is a Hội).
_NOT_AFTER = {
    "so": {"co", "tru", "cong", "hoi"},
    "bo": {"can", "noi", "toan", "dong", "tien"},
    "hoi": {"xa", "dai", "co", "le", "quoc", "hiep"},
    "bao": {"thong", "canh", "du", "dam", "luat", "hop"},
    "ban": {"van"},
    "phong": {"van", "quoc", "hai"},
    "cuc": {"tong", "chi"},
    "doan": {"tap", "lien"},
}
# "tỉnh" unmarked may open tình hình, tình trạng, tính toán, tinh thần; Tỉnh đoàn and Tỉnh ủy are
# bodies of their own. Then it is no suffix of the name before it.
_TINH_OPENS = frozenset({"hinh", "trang", "toan", "than", "doan", "uy"})

# "các cơ quan, đơn vị nào" asks for units and names none.
_ASKS = frozenset({"nao"})
_KINDS = frozenset({"cơ", "quan", "đơn", "vị", "tổ", "chức"})

# The ends of a name that only say where it is: "các sở, ban, ngành cấp tỉnh".
_PLACE_CONNECTIVES = (("tren", "dia", "ban"), ("cap",), ("thuoc",), ("cua",))

# Cuts that always separate, cuts that separate only before a new body, and what is not a cut.
_HARD_CUT = re.compile(r";|[\n\t]+")
_SOFT_CUT = re.compile(r",|\s(?:và|va|VÀ|VA)(?=\s)")
_PARENTHESIS = re.compile(r"\([^()]*\)")

# "- Sở Y tế;", "và Sở Y tế.", "+ Sở Y tế…": what is round a unit but not of it.
_BEFORE_A_UNIT = re.compile(
    r"(?:[\s\-–—+•*·.,;:]|(?:và|va)\s|(?:giám đốc )?(?:các |những )sở\s*:)*", re.IGNORECASE
)
_AFTER_A_UNIT = re.compile(r"[\s\-–—.,;:…]*$")

# Characters of a cell or paragraph, and how many are remembered: the same few bodies stand in row
# after row, and are looked for when a plan is checked, cut, and catalogued.
_CELL = 1_000
_CELLS = 1_024

# Ids of departments begin so; "Các Sở: Y tế, Tài chính", "Sở Y tế, Tài chính" name two of them.
_DEPARTMENT = "so-"

# Capitalised first words of a body, in the folded text: "Trung tâm", "Công an". Not "trung học".
_HEAD = re.compile(
    r"(?:ubnd|hdnd|mttq|bhxh|uy ban|hoi dong|tinh doan|tinh uy|thanh doan|thanh uy|huyen uy|thi uy"
    r"|dang uy|cong an|cong ty|cong doan|cong thong tin|van phong|trung tam|co quan|co so"
    r"|lien doan|lien minh|lien hiep|mat tran|kho bac|bao hiem|ngan hang|thanh tra|toa an"
    r"|vien kiem sat|benh vien|tap doan|buu dien|dien luc|thuong truc|chu tich|lanh dao|hiep hoi"
    r"|hop tac xa|hoc vien|chi cuc|tong cuc|chi nhanh|ban quan ly|bo chi huy|don vi"
    r"|doanh nghiep|to chuc|dia phuong|nhung)(?![^\W_])"
)
# These open a body only before a capital: "Ban Dân tộc", not "ban, ngành"; "Báo Bình Thuận", not
# "báo chí".
_HEAD_BEFORE_A_CAPITAL = re.compile(r"(?:so|ban|bo|cuc|dai|bao|hoi|doan|truong|vien|phong|quy) ")
# "các đơn vị" opens a body; "các huyện", "các khu" go on with one.
_SEVERAL = re.compile(
    r"cac (?!(?:huyen|xa|phuong|thanh pho|thi xa|thi tran|quan|dac khu|khu|cap|du an)(?![^\W_]))"
)
# Nouns in small letters that open a body after a named one, and go on with a list of their kind.
_GENERIC = re.compile(
    r"(?:co quan|don vi|doanh nghiep|dia phuong|to chuc|doan the|truong|hop tac xa)(?![^\W_])"
)
# "các sở, ban, ngành", "cơ quan, đơn vị": a list of kinds.
_LIST_OF_KINDS = re.compile(
    r"(?:cac|nhung) |(?:so|co quan|don vi|doanh nghiep|dia phuong|to chuc|doan the)(?=,| va |$)"
)
# Who acts for a body: in a cell of two lines, and in front of a key. Not "giám đốc thẩm".
_ONLY_A_TITLE = re.compile(r"(?:lanh dao|thu truong|giam doc)")
_TITLE = re.compile(r"^(?:lanh-dao|thu-truong|giam-doc)-(?!tham)")


# What the key of an unknown body says about its level: "phòng văn hóa xã hội" is no commune.
_LEVELS: tuple[tuple[re.Pattern[str], Level], ...] = (
    (re.compile(r"^(?:bo|tong-cuc|vu)-(?!chi-huy)"), "central"),
    (re.compile(r"(?:^|-)(?:huyen|quan|thi-xa)(?:-|$)"), "district"),
    (re.compile(r"(?:^|-)(?:xa(?!-hoi)|phuong|thi-tran|dac-khu)(?:-|$)"), "commune"),
    (re.compile(r"^(?:bao(?!-hiem)|dai|tap-chi)-"), "press"),
    (re.compile(r"^(?:cac-)?(?:truong|hoc-vien|dai-hoc)-"), "school"),
    (
        re.compile(r"^(?:cac-)?(?:cong-ty|tap-doan|doanh-nghiep|hop-tac-xa|ngan-hang)(?:-|$)"),
        "enterprise",
    ),
    (
        re.compile(r"^(?:cac-)?(?:hoi(?!-dong)|doan|lien-hiep|lien-minh|hiep-hoi|to-chuc)-"),
        "organisation",
    ),
)


@dataclass(frozen=True, slots=True)
class Succession:
    """Who took over a function (None: the body as a whole), from when and on what basis.

    `inferred` says that it was concluded, not read in a source, or that the body has several
    successors and the topic did not tell which.
    """

    function: str | None
    unit_id: str
    since: datetime.date
    basis: str
    inferred: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A body, or a collective of bodies ("các sở, ban, ngành"), under its full name."""

    id: str
    name: str
    aliases: tuple[str, ...]
    level: Level
    collective: bool
    successors: tuple[Succession, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit named in a text, the place after its name included ("Sở Nội vụ tỉnh Kiên Giang").

    `others` are further units that the words may mean ("sở văn hóa" is the short name of two).
    """

    span: Span
    text: str
    unit: Unit
    others: tuple[Unit, ...] = ()


def unit_key(name: str) -> str:
    """Return the canonical id of any unit name, in the registry or not.

    Abbreviations written out, no marks, no punctuation, small letters; the place at the end is
    dropped, and with it "cấp", "thuộc", "của", "trên địa bàn" before it.

    >>> unit_key("sở ld-tb&xh tỉnh Kiên Giang")
    'so-lao-dong-thuong-binh-va-xa-hoi'
    """
    # Capitals without marks, so that every way of typing a name is expanded in the same way.
    keys = token_keys(expand(strip_marks(one_line(name)).upper()).text)
    while len(keys) > 1:
        length = _place_length(keys)
        if not length:
            break
        keys = keys[:-length]
        for words in _PLACE_CONNECTIVES:
            if len(keys) > len(words) and tuple(keys[-len(words) :]) == words:
                keys = keys[: -len(words)]
    return "-".join(keys)


class UnitRegistry:
    """Units by id, by any of their names, and in running text."""

    def __init__(self, units: Iterable[Unit], functions: dict[str, tuple[str, ...]]) -> None:
        self.units = tuple(units)
        self._functions = functions
        self._by_id = {unit.id: unit for unit in self.units}
        self._by_key: dict[str, Unit] = dict(self._by_id)
        self._by_loose_key: dict[str, Unit] = {}
        self._forms = _Forms()
        self._remembered = lru_cache(maxsize=_CELLS)(self._mentions)
        # A full name is worth more than somebody else's short name.
        for unit in self.units:
            self._by_loose_key.setdefault(_loose(unit.id), unit)
            self._forms.add(unit.name, unit)
        for unit in self.units:
            for alias in unit.aliases:
                key = unit_key(alias)
                self._by_key.setdefault(key, unit)
                self._by_loose_key.setdefault(_loose(key), unit)
                self._forms.add(alias, unit)

    def get(self, unit_id: str) -> Unit | None:
        """Return the unit of this id."""
        return self._by_id.get(unit_id)

    def find(self, name: str) -> Unit | None:
        """Return the unit called `name`: by its name or an alias, with or without marks or "và".

        "Lãnh đạo Sở Y tế" is found as the body that is led.
        """
        key = unit_key(name)
        if unit := self._by_key.get(key):
            return unit
        unit = self._by_loose_key.get(_loose(key))
        unit = unit or self._by_loose_key.get(_loose(_TITLE.sub("", key)))
        # "Trường Đại học Kiên Giang" is one of "các trường đại học", not all of them.
        one_of_many = unit and unit.collective and not key.startswith("cac-")
        return None if one_of_many and province_mentions(name) else unit

    def id_of(self, name: str) -> str:
        """Return the id of the unit called `name`; of an unknown one, its `unit_key`."""
        unit = self.find(name)
        return unit.id if unit else unit_key(name)

    def nearest(self, name: str, count: int = 3) -> tuple[Unit, ...]:
        """Return the `count` units whose names are spelled most like `name`, best first."""
        choices = [
            (unit_key(form).replace("-", " "), unit)
            for unit in self.units
            for form in (unit.name, *unit.aliases)
        ]
        ranked = process.extract(
            unit_key(name).replace("-", " "),
            [key for key, _ in choices],
            scorer=fuzz.token_sort_ratio,
            limit=count * 8,
        )
        units = dict.fromkeys(choices[position][1] for _, _, position in ranked)
        return tuple(units)[:count]

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the units named in `text`, in its order and without overlaps, longest first.

        Full, short and abbreviated names, with all their marks or without. Where marks are typed
        they must be right: "số nội vụ" is nobody.
        """
        return self._remembered(text) if len(text) <= _CELL else self._mentions(text)

    def _mentions(self, text: str) -> tuple[Mention, ...]:
        return tuple(self._forms.mentions(text))

    def may_begin(self, words: str) -> bool:
        """Say whether a mention may begin with one of `words`; where not, none does."""
        return self._forms.may_begin(words)

    def successors(
        self, unit: Unit, on: datetime.date, topic: str | None = None
    ) -> tuple[Succession, ...]:
        """Return who holds the tasks of `unit` on the day `on`; () where it still does.

        A function that `topic` speaks of goes to its own successors, the most spoken of first.
        Where the topic tells nothing, the successor of the whole body is returned, `inferred` if
        functions went elsewhere.
        """
        passed = [succession for succession in unit.successors if succession.since <= on]
        if not passed:
            return ()
        by_function = {item.function: item for item in passed if item.function}
        words = self._words_beside_units(topic or "")
        counts = {name: self._count(name, words) for name in by_function}
        spoken_of = sorted((name for name in counts if counts[name]), key=lambda n: -counts[n])
        if spoken_of:
            return tuple(by_function[name] for name in spoken_of)
        whole = [item for item in passed if item.function is None]
        return tuple(replace(item, inferred=item.inferred or bool(by_function)) for item in whole)

    def extended(self, names: Iterable[str]) -> UnitRegistry:
        """Return a registry that also knows the bodies called `names` (those of the plans)."""
        added: dict[str, Unit] = {}
        for name in map(one_line, names):
            key = unit_key(name)
            if key and not self.find(name) and key not in added:
                collective = key.startswith(("cac-", "nhung-")) or _GENERIC.match(fold(name))
                added[key] = Unit(key, name, (), _guess_level(key), bool(collective))
        return UnitRegistry((*self.units, *added.values()), self._functions)

    def _words_beside_units(self, topic: str) -> str:
        """Return the folded words of `topic`, the names of single units not read as topics."""
        for mention in reversed(self.mentions(topic)):
            if not mention.unit.collective:
                topic = topic[: mention.span.start] + " " + topic[mention.span.end :]
        return " ".join(token_keys(expand(topic).text))

    def _count(self, function: str, words: str) -> int:
        """Count the keywords of `function` in folded `words`."""
        return sum(f" {keyword} " in f" {words} " for keyword in self._functions.get(function, ()))


def opens_a_body(text: str) -> bool:
    """Say whether `text` begins as the name of one body or of several: "Công ty Điện lực".

    >>> opens_a_body("Chi cục Thú y"), opens_a_body("Công tác kiểm tra")
    (True, False)
    """
    folded = fold(text)
    capital = any(character.isupper() for character in text[1:])
    return bool(
        _HEAD.match(folded)
        or _SEVERAL.match(folded)
        or (capital and _HEAD_BEFORE_A_CAPITAL.match(folded))
    )


@cache
def unit_registry() -> UnitRegistry:
    """Return the registry of the project."""
    raw = files("corpus").joinpath("data/registry/units.json").read_text(encoding="utf-8")
    data = json.loads(raw)
    functions = {
        name: tuple(" ".join(token_keys(keyword)) for keyword in keywords)
        for name, keywords in data["functions"].items()
    }
    return UnitRegistry((_read_unit(item, data["bases"]) for item in data["units"]), functions)


def split_units(text: str) -> tuple[Span, ...]:
    """Return the single units of a cell, in its order, without bullets and end punctuation.

    ``;``, tabs and line ends separate; a comma or "và" only before the beginning of a new body,
    and never inside a known name or a pair of brackets. A line that goes on in small letters
    goes on with the same unit.

    >>> [span.of("Sở Y tế, Sở Văn hóa, Thể thao và Du lịch") for span in
    ...  split_units("Sở Y tế, Sở Văn hóa, Thể thao và Du lịch")]
    ['Sở Y tế', 'Sở Văn hóa, Thể thao và Du lịch']
    """
    mentions = unit_registry().mentions(text)
    whole = [mention.span for mention in mentions]
    whole += [Span(*match.span()) for match in _PARENTHESIS.finditer(text)]
    spans: list[Span] = []
    start = 0
    for cut, hard in _cuts(text):
        inside = any(span.start < cut.end and cut.start < span.end for span in whole)
        if inside or cut.start < start:
            continue
        following = _BEFORE_A_UNIT.match(text, cut.end)
        begin = following.end() if following else cut.end
        if _separates(text, Span(start, cut.start), cut, begin, mentions, hard=hard):
            spans.append(Span(start, cut.start))
            start = cut.end
    spans.append(Span(start, len(text)))
    return tuple(trimmed for span in spans if len(trimmed := _trim(text, span)))


def _place_length(keys: Sequence[str]) -> int:
    """Return how many words at the end only name the place: "tỉnh", "tỉnh Kiên Giang"."""
    for length in range(min(6, len(keys) - 1), 0, -1):
        if keys[-length - 1] not in ("san", "tncs") and find_province(" ".join(keys[-length:])):
            return length
    return int(keys[-1] == "tinh")


def _loose(key: str) -> str:
    return "-".join(word for word in key.split("-") if word != "va").removeprefix("cac-")


def _guess_level(key: str) -> Level:
    """Guess the level of a body that is not in the registry from the words of its key."""
    return next((level for pattern, level in _LEVELS if pattern.search(key)), "province")


@dataclass(frozen=True, slots=True)
class _Form:
    """One way of naming a unit: its words in small letters, without "và" and "tỉnh" at the end."""

    words: tuple[str, ...]
    unit: Unit
    needs_place: bool


class _Node:
    """A word of the names that share their beginning."""

    __slots__ = ("following", "forms")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.forms: list[_Form] = []


class _Forms:
    """All ways of naming units, found in running text word by word."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, name: str, unit: Unit) -> None:
        """Add a name; one that ends in "tỉnh" wants "tỉnh" or a province in the text too."""
        words = [token.text for token in tokenise(expand(name).text) if token.key != "va"]
        needs_place = words[-1] == "tỉnh"
        words = words[:-1] if needs_place else words
        self._add(words, unit, needs_place=needs_place)
        # "cơ sở giáo dục nghề nghiệp" means the collective; "địa phương", "nhà trường", "cơ quan,
        # đơn vị" without "các" are common nouns.
        if unit.collective and words[0] == "các" and len(words) > 3 and not {*words[1:]} <= _KINDS:
            self._add(words[1:], unit, needs_place=needs_place)

    def _add(self, words: Sequence[str], unit: Unit, *, needs_place: bool) -> None:
        node = self._root
        for word in words:
            node = node.following.setdefault(fold(word), _Node())
        node.forms.append(_Form(tuple(words), unit, needs_place))

    def may_begin(self, words: str) -> bool:
        """Say whether a name, or an abbreviation of one, may begin with one of `words`."""
        return any(
            key in self._root.following or opens_abbreviation(key) for key in token_keys(words)
        )

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield the units named in `text` from its start to its end."""
        expansion = expand(text)
        written = expansion.text
        tokens = tokenise(written)
        first_words = self._root.following
        if first_words.keys().isdisjoint(token.key for token in tokens):
            return
        gaps = [written[left.end : right.start] for left, right in pairwise(tokens)]
        provinces = {span.start: span.end for span, _ in province_mentions(written)}
        index = position = 0
        listing = False
        while index < len(tokens):
            may_begin = tokens[index].key in first_words
            if not (may_begin or listing or (index and tokens[index - 1].key == "so")):
                index += 1
                continue
            found = self._longest_at(tokens, gaps, provinces, index) if may_begin else None
            if found is None and _lists_departments(tokens, gaps, index, listing=listing):
                found = self._department_at(written, tokens, gaps, index)
            if found is None:
                listing = listing and tokens[index].key == "va"
                index += 1
                continue
            listing = found[0][0].id.startswith(_DEPARTMENT)
            units, end = found
            asks = end < len(tokens) and tokens[end].key in _ASKS and gaps[end - 1].isspace()
            if asks and units[0].collective:
                index = end
                continue
            span = expansion.original_span(Span(tokens[index].start, tokens[end - 1].end))
            if span.start >= position:
                yield Mention(span, span.of(text), units[0], tuple(units[1:]))
                position = span.end
            index = end

    def _department_at(
        self, written: str, tokens: list[Token], gaps: list[str], index: int
    ) -> tuple[list[Unit], int] | None:
        """Return the department whose name goes on a list without its "Sở", and the token after.

        It begins with a capital and ends where the list goes on or ends.
        """
        if not written[tokens[index].start].isupper():
            return None
        left_out = Token("sở", "so", tokens[index].start, tokens[index].start)
        found = self._longest_at([left_out, *tokens[index:]], [" ", *gaps[index:]], {}, 0)
        if found is None:
            return None
        units, end = found[0], found[1] - 1 + index
        goes_on = end == len(tokens) or not gaps[end - 1].isspace() or tokens[end].key == "va"
        return (units, end) if goes_on else None

    def _longest_at(
        self, tokens: list[Token], gaps: list[str], provinces: dict[int, int], index: int
    ) -> tuple[list[Unit], int] | None:
        """Return the units of the longest name at token `index`, and the token after it."""
        guarded = _NOT_AFTER.get(tokens[index].key)
        if guarded and index and gaps[index - 1].isspace() and tokens[index - 1].key in guarded:
            return None
        node: _Node | None = self._root
        words: list[str] = []
        best = None
        for at in range(index, len(tokens)):
            gap = gaps[at - 1] if at > index else " "
            if gap != " " and not _INSIDE_A_NAME.fullmatch(gap):
                break
            if words and tokens[at].text in ("và", "va"):
                continue
            node = node.following.get(tokens[at].key) if node else None
            if node is None:
                break
            words.append(tokens[at].text)
            if not node.forms:
                continue
            forms = [form for form in node.forms if all(map(_may_be, words, form.words))]
            place = _place_end(tokens, gaps, provinces, at + 1)
            units = [form.unit for form in forms if place > at + 1 or not form.needs_place]
            if units:
                best = list(dict.fromkeys(units)), place
        return best


def _lists_departments(tokens: list[Token], gaps: list[str], index: int, *, listing: bool) -> bool:
    """Say whether a list of departments goes on at token `index`, or begins there: "các Sở: "."""
    if not index:
        return False
    before, gap = tokens[index - 1].key, gaps[index - 1].strip()
    if before == "so":
        return gap == ":"
    return listing and (gap in (",", ";") or (before == "va" and not gap))


def _place_end(tokens: list[Token], gaps: list[str], provinces: dict[int, int], at: int) -> int:
    """Return the token after the place that stands at token `at`; `at` if there is none."""
    end = at
    if _is_word(tokens, gaps, end, "tỉnh"):
        if end + 1 < len(tokens) and gaps[end] == " " and tokens[end + 1].key in _TINH_OPENS:
            return at
        end += 1
    elif _is_word(tokens, gaps, end, "thành") and _is_word(tokens, gaps, end + 1, "phố"):
        end += 2
    if end < len(tokens) and gaps[end - 1].isspace() and tokens[end].start in provinces:
        stop = provinces[tokens[end].start]
        while end < len(tokens) and tokens[end].end <= stop:
            end += 1
        return end
    return end if end == at + 1 else at


def _is_word(tokens: list[Token], gaps: list[str], at: int, word: str) -> bool:
    if at >= len(tokens) or not gaps[at - 1].isspace() or tokens[at].key != fold(word):
        return False
    return _may_be(tokens[at].text, word)


def _may_be(word: str, meant: str) -> bool:
    """Say whether `word` is `meant` (same letters), with its marks or with none at all."""
    if word == meant or strip_marks(word) == word:
        return True
    return sorted(unicodedata.normalize("NFD", word)) == sorted(unicodedata.normalize("NFD", meant))


def _read_unit(raw: dict[str, Any], bases: dict[str, dict[str, str]]) -> Unit:
    successors = tuple(
        Succession(
            function=item.get("function"),
            unit_id=unit_key(item["to"]),
            since=datetime.date.fromisoformat(bases[item["basis"]]["since"]),
            basis=bases[item["basis"]]["text"],
            inferred=item.get("inferred", False),
        )
        for item in raw.get("successors", ())
    )
    return Unit(
        id=unit_key(raw["name"]),
        name=raw["name"],
        aliases=tuple(raw.get("aliases", ())),
        level=raw["level"],
        collective=raw.get("collective", False),
        successors=successors,
    )


def _cuts(text: str) -> list[tuple[Span, bool]]:
    """Return where the cell may be cut, in order, and whether the cut is a hard one."""
    cuts = [(Span(*match.span()), True) for match in _HARD_CUT.finditer(text)]
    cuts += [(Span(*match.span()), False) for match in _SOFT_CUT.finditer(text)]
    return sorted(cuts)


def _separates(
    text: str, part: Span, cut: Span, begin: int, mentions: Sequence[Mention], *, hard: bool
) -> bool:
    """Say whether a cut ends `part`, given that the text goes on at `begin`."""
    if ";" in cut.of(text):
        return True
    so_far = fold(_trim(text, part).of(text))
    if _opens_a_body(text, begin, so_far, mentions):
        return not (hard and _ONLY_A_TITLE.fullmatch(so_far))
    has_bullet = bool(text[cut.end : begin].strip())
    return hard and (has_bullet or text[begin : begin + 1].isupper())


def _opens_a_body(text: str, begin: int, so_far: str, mentions: Sequence[Mention]) -> bool:
    """Say whether a new body begins at `begin`, after `so_far` (folded) of the same cell."""
    rest = fold(text[begin : begin + 60])
    listing = bool(_LIST_OF_KINDS.match(so_far))
    for mention in mentions:
        if mention.span.start == begin:
            # "các cơ quan, doanh nghiệp" is one list; a longer name after it is a new body.
            return not (listing and mention.unit.collective and len(mention.text.split()) < 4)
    if _SEVERAL.match(rest):
        return True
    capital = text[begin : begin + 1].isupper()
    if capital and _HEAD.match(rest):
        return True
    head = _HEAD_BEFORE_A_CAPITAL.match(rest)
    if head and text[begin + head.end() : begin + head.end() + 1].isupper():
        return True
    return not listing and bool(_GENERIC.match(rest))


def _trim(text: str, span: Span) -> Span:
    opening = _BEFORE_A_UNIT.match(text, span.start, span.end)
    start = opening.end() if opening else span.start
    closing = _AFTER_A_UNIT.search(text[start : span.end])
    return Span(start, start + closing.start()) if closing else Span(start, span.end)
