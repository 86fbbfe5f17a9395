"""The one normaliser for text and question, and the matching keys made from it."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from corpus.model import Span

# No-break, figure and narrow no-break spaces, tabs kept: a tab separates cells.
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u2002\u2003\u2009\u200a\u3000\v\f"), " ")
# Soft hyphen, zero-width characters, byte-order mark and direction marks carry no text.
_INVISIBLE = dict.fromkeys(
    map(
        ord,
        "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    ),
    None,
)
# Eth and the African D look exactly like the Vietnamese letter and come from old fonts.
_LOOKALIKES = {ord("\u00d0"): "Đ", ord("\u0189"): "Đ", ord("\u00f0"): "đ", ord("\u0256"): "đ"}
_CONTROLS = dict.fromkeys((*range(9), *range(14, 32), 127))
_TABLE = {**_SPACES, **_INVISIBLE, **_LOOKALIKES, **_CONTROLS}

# Texts without any of these, nearly all, need no translation.
_UNUSUAL = re.compile(f"[{re.escape(''.join(map(chr, _TABLE)))}]")
_RUNS_OF_SPACES = re.compile(r" {2,}")
# The capital letters of Vietnamese, for the inside of a character class.
CAPITALS = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_DASHES = frozenset("‐‑‒–—−")
_QUOTES = frozenset("“”„«»‟")
_APOSTROPHES = frozenset("‘’ʼ´`")

_TONES = "\u0300\u0301\u0309\u0303\u0323"
_VOWELS = "aăâeêioôơuưyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
# A syllable of several vowels: its start ("qu" and "gi" belong to it), its vowels, its end.
_VOWELS_OF_A_SYLLABLE = re.compile(
    rf"(?<![^\W\d_])((?>qu|gi(?=[{_VOWELS}])|[^\W\d_{_VOWELS}]*))([{_VOWELS}]{{2,3}})"
    r"((?:ch|ng|nh|[cmnpt])?)(?![^\W\d_])",
    re.IGNORECASE,
)

# A syllable or a number; "97/KH-UBND" is three tokens and its parts keep their order.
_TOKEN = re.compile(r"([^\W_]+)")


def normalise(text: str) -> str:
    """Return `text` in NFC with visible characters only, kept case and kept marks.

    Unusual spaces become plain ones, runs of them shrink to one, line ends become line feeds.
    ``normalise(normalise(x)) == normalise(x)``.
    """
    text = _visible(text)
    if "  " in text:
        text = _RUNS_OF_SPACES.sub(" ", text)
    for end in "\t\n":
        if end in text:
            text = text.replace(f" {end}", end).replace(f"{end} ", end)
    return text.strip(" \n")


def one_line(text: str) -> str:
    """Return `text` normalised, with line ends and tabs turned into single spaces."""
    return " ".join(_visible(text).split())


def fold(text: str) -> str:
    """Return a matching key of the same length: lower case, no marks, đ as d, plain dashes.

    Being the same length, a match in the key is a match at the same place of the text.

    >>> fold("Sở Lao động – Thương binh")
    'so lao dong - thuong binh'
    """
    return text.translate(_FOLDED)


def strip_marks(text: str) -> str:
    """Return `text` without diacritics but with its case; the same length.

    >>> strip_marks("Đường")
    'Duong'
    """
    return text.translate(_STRIPPED)


def place_tones(text: str) -> str:
    """Return `text` with each tone on the vowel that bears it; the same length.

    That is the last vowel with a mark of its own, else the vowel before a final consonant, else the
    middle one of three, else the first. "hoà" and "hòa" are both correct and mixed in practice; the
    latter is the newer in official use. A tone typed on another vowel is a slip.

    >>> place_tones("Uỷ ban hoà giải, quý, báo caó, tòan")
    'Ủy ban hòa giải, quý, báo cáo, toàn'
    """
    return _VOWELS_OF_A_SYLLABLE.sub(_with_its_tone_placed, text)


def _with_its_tone_placed(syllable: re.Match[str]) -> str:
    return _place_tone(*syllable.groups())


# As many as `_forms` keeps, for the same reason.
@functools.lru_cache(maxsize=32_768)
def _place_tone(start: str, vowels: str, end: str) -> str:
    tones = [part for part in unicodedata.normalize("NFD", vowels) if part in _TONES]
    if len(tones) != 1:
        return start + vowels + end
    bare = strip_tones(vowels)
    own = [place for place, vowel in enumerate(bare.lower()) if vowel in "ăâêôơư"]
    if own:
        place = own[-1]
    elif end:
        place = len(bare) - 1
    else:
        place = len(bare) // 3
    bearer = unicodedata.normalize("NFC", bare[place] + tones[0])
    return start + bare[:place] + bearer + bare[place + 1 :] + end


def strip_tones(text: str) -> str:
    """Return `text` without its tones but with its vowels' own marks; the same length in NFC.

    >>> strip_tones("phối hợp")
    'phôi hơp'
    """
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))


@functools.cache
def letter_forms(letter: str) -> str:
    """Return a lower-case letter with all, some and none of its marks.

    >>> letter_forms("ố")
    'ốôóo'
    """
    decomposed = unicodedata.normalize("NFD", letter)
    without_tone = "".join(part for part in decomposed if part not in _TONES)
    tone_only = decomposed[0] + "".join(part for part in decomposed if part in _TONES)
    forms = (letter, without_tone, tone_only, _strip_character(letter))
    return "".join(dict.fromkeys(unicodedata.normalize("NFC", form) for form in forms))


# As many as `_forms` keeps, for the same reason.
@functools.lru_cache(maxsize=32_768)
def may_be(typed: str, word: str) -> bool:
    """Say whether `typed` is the lower-case `word` with all, some or none of its marks.

    >>> may_be("phôi", "phối"), may_be("phổi", "phối")
    (True, False)
    """
    return len(typed) == len(word) and all(
        letter == meant or letter in letter_forms(meant)
        for letter, meant in zip(typed, word, strict=True)
    )


class Token(NamedTuple):
    """A syllable or number: `text` as written in lower case, `key` without marks, and its place."""

    text: str
    key: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Return the place of the token in the text."""
        return Span(self.start, self.end)


def tokenise(text: str) -> list[Token]:
    """Split `text` into syllables and numbers, punctuation dropped.

    >>> [token.key for token in tokenise("97/KH-UBND, năm 2024")]
    ['97', 'kh', 'ubnd', 'nam', '2024']
    """
    return list(_tokens(text))


def token_keys(text: str) -> list[str]:
    """Return the keys of the tokens of `text`, which is cheaper than the tokens."""
    return [key for _, key in map(_forms, _TOKEN.findall(text))]


def token_texts(text: str) -> list[str]:
    """Return the tokens of `text` as written in lower case, which is cheaper than the tokens."""
    return [written for written, _ in map(_forms, _TOKEN.findall(text))]


def tokens_among(text: str, keys: Iterable[str]) -> Iterator[Token]:
    """Yield the tokens of `text` that have one of these keys, key by key; faster than all of them.

    >>> [token.text for token in tokens_among("Đường bộ, đường sắt", {"duong"})]
    ['đường', 'đường']
    """
    folded = fold(text)
    for key in keys:
        start = folded.find(key)
        while start >= 0:
            end = start + len(key)
            if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
                yield Token(text[start:end].lower(), key, start, end)
            start = folded.find(key, end)


def count_tokens(text: str) -> int:
    """Return how many syllables and numbers `tokenise` would find."""
    return sum(map(_count_in, text.split()))


# Words between blanks come again and again; to cut them once is half the work. As many as `_forms`.
@functools.lru_cache(maxsize=32_768)
def _count_in(word: str) -> int:
    return len(_TOKEN.findall(word))


# One text is asked for abbreviations, places and units in a row.
@functools.lru_cache(maxsize=16)
def _tokens(text: str) -> tuple[Token, ...]:
    # Gap, token, gap, …, gap: every second piece is a token, and ends where the next gap begins.
    pieces = _TOKEN.split(text)
    ends = list(accumulate(map(len, pieces)))
    return tuple(
        Token(*forms, start, end)
        for forms, start, end in zip(
            map(_forms, pieces[1::2]), ends[:-1:2], ends[1::2], strict=True
        )
    )


# More syllables than the language has; a text of millions of other words costs what it did.
@functools.lru_cache(maxsize=32_768)
def _forms(word: str) -> tuple[str, str]:
    return word.lower(), fold(word)


def _visible(text: str) -> str:
    """Return `text` in NFC with plain spaces and line feeds, and nothing that cannot be seen."""
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    for _ in range(2):
        if _UNUSUAL.search(text):
            text = text.translate(_TABLE)
        elif unicodedata.is_normalized("NFC", text):
            break
        text = unicodedata.normalize("NFC", text)
    return text


def _fold_character(character: str) -> str:
    if character in _DASHES:
        return "-"
    if character in _QUOTES:
        return '"'
    if character in _APOSTROPHES:
        return "'"
    lowered = _strip_character(character).lower()
    return lowered if len(lowered) == 1 else character


class _Table(dict[int, str]):
    """A translation table that works a character out when it first meets it."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        super().__init__()
        self._translate = translate

    def __missing__(self, code: int) -> str:
        self[code] = self._translate(chr(code))
        return self[code]


def _strip_character(character: str) -> str:
    if character < "\u0080":
        return character
    if character in "đĐ":
        return "d" if character == "đ" else "D"
    base = unicodedata.normalize("NFD", character)[0]
    return base if len(base) == 1 else character


_FOLDED = _Table(_fold_character)
_STRIPPED = _Table(_strip_character)
