"""Bytes to text, and the fonts of the years before Unicode (TCVN3, VNI, VISCII) to Unicode.

Old Vietnamese fonts drew Vietnamese letters at the places of Western ones: a file typed in
.VnTime holds "KÕ ho¹ch" and shows "Kế hoạch". Where the font's name is known it decides
(`encoding_of_font`); where only text is left, the reading with the most possible Vietnamese
syllables wins (`guess_encoding`).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import filterfalse, islice

from corpus.model import Note, Severity
from corpus.readers.document import Block, Line, Table

# A legacy reading must have this much more of its marked words possible than the plain one.
# Plain Vietnamese scores above .95 on both seed plans and any wrong reading below .60.
_CLEAR_LEAD = 0.15
# Fewer marked words than this say nothing about an encoding.
_ENOUGH_WORDS = 3

_FONT_TCVN3 = re.compile(r"^\.?vn[a-z3]", re.IGNORECASE)
_FONT_TCVN3_CAPITALS = re.compile(r"^\.?vn.*h(?:$|[ ,-])", re.IGNORECASE)
_FONT_VNI = re.compile(r"^vni(?:[- ]|$)", re.IGNORECASE)
_FONT_SUBSET = re.compile(r"^[A-Z]{6}\+")
# Where symbol fonts keep the characters of a single-byte one.
_SYMBOL_FONT = re.compile("[\uf020-\uf0ff]")
_MARKED_WORD = re.compile(r"[^\W\d_]+(?:[^\s\d\w][^\W\d_]+)*")

_TCVN3_FROM_A1 = (
    "ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíị"
    "òỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵ"
)
_VISCII_FROM_80 = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừử"
    "ÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_BELOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
# VNI writes the letter, then one mark; these are the marks over plain, circumflex and breve.
_VNI_MARKS = {
    "": dict(zip("\u0301\u0300\u0309\u0303\u0323", "ùøûõï", strict=True)),
    "\u0302": dict(zip(["", *"\u0301\u0300\u0309\u0303\u0323"], "âáàåãä", strict=True)),
    "\u0306": dict(zip(["", *"\u0301\u0300\u0309\u0303\u0323"], "êéèúüë", strict=True)),
}
_VNI_I = dict(zip("\u0301\u0300\u0309\u0303\u0323", "íìæóò", strict=True))
_TONES = "\u0301\u0300\u0309\u0303\u0323"
_LETTERS = unicodedata.normalize(
    "NFC",
    "".join(
        letter + tone
        for letter in ("a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y")
        for tone in ("", *_TONES)
    ),
)

_ONSET = r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
# The vowels of a syllable without its tone, with what may close it.
_RIME = (
    r"(?:a(?:ch|nh|ng|[imnopctuy])?|ă(?:ng|[cmnpt])|â(?:ng|[cmnptuy])|e(?:ng|[cmnopt])?|"
    r"ê(?:ch|nh|[mnptu])?|i(?:ch|nh|[amnptu])?|iê(?:ng|[cmnptu])|o(?:ng|[cimnpt])?|"
    r"oa(?:ch|nh|ng|[cimnopty])?|oă(?:ng|[cmnt])|oe(?:n|o|t)?|ô(?:ng|[cimnpt])?|ơ(?:[imnpt])?|"
    r"oo(?:ng|c)|u(?:ng|[acimnpt])?|uâ(?:ng|[nty])|uê(?:ch|nh|n)?|uô(?:ng|[cimnt])|uơ(?:n|i)?|"
    r"uy(?:ch|nh|[anptu])?|uyê(?:n|t)|ư(?:ng|[acimntu])?|ươ(?:ng|[cimnptu])|y|yê(?:ng|[mntu])|"
    r"(?<=qu)(?:y(?:nh|ch|[nt])?|ê(?:n|t|nh)?|a(?:ch|nh|ng|[cinoty])?|ă(?:ng|[cnt])|â(?:ng|[nty])|"
    r"e[ont]?|i|ơ[in]?|yê[nt]|ô[ct]?)|(?<=gi)(?:ê(?:ng|[cmnt]))?)"
)
_SYLLABLE = re.compile(_ONSET + _RIME)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and how it was stored: `encoding` names it, `notes` say what was converted."""

    text: str
    encoding: str
    notes: tuple[Note, ...] = ()


def decode(data: bytes) -> Decoded:
    """Return the text of a file of unknown encoding; never fails.

    A byte-order mark decides, then valid UTF-8, then UTF-16 without a mark; what remains is a
    single-byte encoding, chosen by the share of possible Vietnamese syllables.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return Decoded(data[len(mark) :].decode(name, "replace"), name)
    if b"\0" in data:
        even, odd = data[0::2].count(0), data[1::2].count(0)
        name = "utf-16-le" if odd >= even else "utf-16-be"
        return Decoded(data.decode(name, "replace"), name)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    sample = data[:200_000]
    readings = {
        "windows-1258": lambda raw: unicodedata.normalize("NFC", raw.decode("cp1258", "replace")),
        "viscii": _viscii_bytes,
        "tcvn3": lambda raw: to_unicode(_western(raw), "tcvn3"),
        "vni": lambda raw: to_unicode(_western(raw), "vni"),
        "windows-1252": _western,
    }
    best = max(readings, key=lambda name: _plausibility(readings[name](sample)))
    text = readings[best](data)
    return Decoded(text, best, (conversion_note([best]),))


def to_unicode(text: str, encoding: str) -> str:
    """Return `text`, typed in a legacy font ("tcvn3", "tcvn3-capitals", "vni"), as Unicode.

    >>> to_unicode("KÕ ho¹ch truyÒn th«ng", "tcvn3")
    'Kế hoạch truyền thông'
    >>> to_unicode("Keá hoaïch truyeàn thoâng", "vni")
    'Kế hoạch truyền thông'
    """
    text = _SYMBOL_FONT.sub(lambda match: _western(bytes([ord(match[0]) & 0xFF])), text)
    name = encoding.removesuffix("-capitals")
    table = _tables()[name]
    out = _typed(name).sub(lambda match: table[match[0]], text)
    converted = unicodedata.normalize("NFC", out)
    return converted.upper() if encoding.endswith("-capitals") else converted


def encoding_of_font(font: str | None) -> str | None:
    """Return the legacy encoding a font's name announces, None for a Unicode font.

    >>> encoding_of_font(".VnTimeH"), encoding_of_font("VNI-Times"), encoding_of_font("Verdana")
    ('tcvn3-capitals', 'vni', None)
    """
    if not font:
        return None
    name = _FONT_SUBSET.sub("", font)
    if _FONT_VNI.match(name):
        return "vni"
    if name.startswith(".") and _FONT_TCVN3.match(name):
        return "tcvn3-capitals" if _FONT_TCVN3_CAPITALS.match(name) else "tcvn3"
    return None


def guess_encoding(text: str) -> str | None:
    """Return the legacy encoding `text` was typed in, None where it is plain Unicode."""
    sample = text[:200_000]
    if len(_marked_words(sample)) < _ENOUGH_WORDS:
        return None
    plain = _plausibility(sample)
    if plain + _CLEAR_LEAD >= 1:
        return None  # No reading can be so much better.
    scores = {name: _plausibility(to_unicode(sample, name)) for name in ("tcvn3", "vni", "viscii")}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > plain + _CLEAR_LEAD else None


def conversion_note(encodings: Iterable[str]) -> Note:
    """Return the note that tells people the text was converted."""
    names = ", ".join(sorted({name.removesuffix("-capitals").upper() for name in encodings}))
    return Note(
        "encoding_converted",
        Severity.INFO,
        f"Văn bản gốc dùng bảng mã {names}, đã chuyển sang Unicode; nên đối chiếu với bản gốc.",
    )


def recoded(blocks: Sequence[Block]) -> tuple[list[Block], list[Note]]:
    """Convert blocks typed in a legacy font whose name was lost; the note says so."""
    encoding = guess_encoding("\n".join(map(_text_of, blocks)))
    if encoding is None:
        return list(blocks), []
    return [_block_to_unicode(block, encoding) for block in blocks], [conversion_note([encoding])]


@lru_cache(maxsize=50_000)
def could_be_syllable(word: str) -> bool:
    """Say whether a word has the shape of a Vietnamese syllable, with or without its tone."""
    return bool(_SYLLABLE.fullmatch(_toneless(word.lower())))


def _text_of(block: Block) -> str:
    if isinstance(block, Line):
        return block.text
    if isinstance(block, Table):
        return "\n".join(cell for row in block.rows for cell in row if cell)
    return ""


def _block_to_unicode(block: Block, encoding: str) -> Block:
    if isinstance(block, Line):
        return replace(block, text=to_unicode(block.text, encoding))
    if isinstance(block, Table):
        rows = tuple(
            tuple(cell and to_unicode(cell, encoding) for cell in row) for row in block.rows
        )
        return replace(block, rows=rows)
    return block


def _western(raw: bytes) -> str:
    """Show bytes as Windows does; the five undefined ones keep their number."""
    return raw.decode("latin-1").translate(_windows_1252())


def _viscii_bytes(raw: bytes) -> str:
    table = {**_VISCII_BELOW, **{0x80 + i: letter for i, letter in enumerate(_VISCII_FROM_80)}}
    return raw.decode("latin-1").translate(table)


@cache
def _windows_1252() -> dict[int, str]:
    table = {}
    for code in range(0x80, 0xA0):
        try:
            table[code] = bytes([code]).decode("cp1252")
        except UnicodeDecodeError:
            continue
    return table


@cache
def _tables() -> dict[str, dict[str, str]]:
    tcvn3 = {chr(0xA1 + i): letter for i, letter in enumerate(_TCVN3_FROM_A1)}
    viscii = {_western(bytes([0x80 + i])): letter for i, letter in enumerate(_VISCII_FROM_80)} | {
        chr(code): letter for code, letter in _VISCII_BELOW.items()
    }
    return {"tcvn3": tcvn3, "viscii": viscii, "vni": _vni_table()}


@cache
def _typed(encoding: str) -> re.Pattern[str]:
    """Return a pattern for what `_tables` converts, the longest first."""
    keys = sorted(_tables()[encoding], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, keys)))


def _vni_table() -> dict[str, str]:
    table = {"ñ": "đ", "Ñ": "Đ", "î": "ỵ", "Î": "Ỵ", "ô": "ơ", "Ô": "Ơ", "ö": "ư", "Ö": "Ư"}
    for letter in _LETTERS:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        tone = next((mark for mark in marks if mark in _TONES), "")
        shape = next((mark for mark in marks if mark not in _TONES), "")
        if letter == "ỵ" or not (tone or shape):
            continue
        if base == "i":
            typed = _VNI_I[tone]
        elif shape == "\u031b":
            if not tone:
                continue
            typed = {"o": "ô", "u": "ö"}[base] + _VNI_MARKS[""][tone]
        else:
            typed = base + _VNI_MARKS[shape][tone]
        table[typed] = letter
        table[typed.upper()] = letter.upper()
        if len(typed) == 2:
            table[typed[0].upper() + typed[1]] = letter.upper()
    return table


def _plausibility(text: str) -> float:
    """Return the share of words with a mark that have the shape of a Vietnamese syllable."""
    words = _marked_words(unicodedata.normalize("NFC", text))
    return sum(map(could_be_syllable, words)) / len(words) if words else 0.0


def _marked_words(text: str) -> list[str]:
    words = map(re.Match[str].group, _MARKED_WORD.finditer(text))
    return list(islice(filterfalse(str.isascii, words), 5_000))


def _toneless(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
