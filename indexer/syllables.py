"""A text as syllables of one spelling: what the encoder and the restorer of marks both read."""

from __future__ import annotations

import functools
import re
from itertools import chain

from corpus.text import fold, normalise

# A syllable or number, as in `corpus.text.tokenise`; not "_", which only joins.
SYLLABLE = re.compile(r"[^\W_]+")
# hoá, khoẻ, thuỷ: the mark stands on the last of two vowels. Not quý (its u belongs to the q), not
# hoàn (a consonant follows, there is no other way to write it), not hòa (already so).
_LATE_TONE = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])$")
_EARLY_TONE = {
    f"{first}{late}": f"{early}{second}"
    for first, earlies, second, lates in (
        ("o", "òóỏõọ", "a", "àáảãạ"),
        ("o", "òóỏõọ", "e", "èéẻẽẹ"),
        ("u", "ùúủũụ", "y", "ỳýỷỹỵ"),
    )
    for early, late in zip(earlies, lates, strict=True)
}


# More syllables than the language has.
@functools.lru_cache(maxsize=32_768)
def place_tone(syllable: str) -> str:
    """Return a lower-case syllable with its tone mark where most texts put it.

    >>> place_tone("hoá"), place_tone("uỷ"), place_tone("quý"), place_tone("hoàn")
    ('hóa', 'ủy', 'quý', 'hoàn')
    """
    return syllable[:-2] + _EARLY_TONE[syllable[-2:]] if _LATE_TONE.search(syllable) else syllable


def read_syllables(text: str) -> list[str]:
    """Return the lower-case syllables and numbers of `text`, tone marks in one place.

    >>> read_syllables("Uỷ ban, 97/KH-UBND")
    ['ủy', 'ban', '97', 'kh', 'ubnd']
    """
    return list(map(place_tone, split_syllables(normalise(text).lower())))


def split_syllables(text: str) -> list[str]:
    """Return the syllables and numbers of `text` as they stand."""
    return list(chain.from_iterable(map(_syllables_in, text.split())))


def syllable_forms(text: str) -> list[tuple[str, str]]:
    """Return every syllable and number of `text` folded, and marked with its tone in one place.

    >>> syllable_forms("Uỷ ban")
    [('uy', 'ủy'), ('ban', 'ban')]
    """
    return list(map(_forms, split_syllables(text)))


# Words between blanks come again and again, and so do syllables; as many as `place_tone` keeps.
@functools.lru_cache(maxsize=32_768)
def _syllables_in(word: str) -> tuple[str, ...]:
    return tuple(SYLLABLE.findall(word))


@functools.lru_cache(maxsize=32_768)
def _forms(syllable: str) -> tuple[str, str]:
    return fold(syllable), place_tone(syllable.lower())
