"""Sentences and words of Vietnamese text, as spans of that very text."""

from __future__ import annotations

import functools
import importlib.util
import re
import sys
import threading
import types
from collections.abc import Callable, Iterator
from typing import cast

from corpus.model import Span

# A cell, a line or a paragraph: no sentence and no word goes beyond one. Must not cut at a space.
_STRETCH = re.compile(r"[^\t\n]+")
_BLANK = re.compile(r"\s+")
# The tagger glues these to the word before them ("Thương binh và", "các sở"); they are words alone.
_NEVER_INSIDE_A_WORD = frozenset({"và", "hoặc", "của", "các", "những", "cho", "với", "tại"})
# The library loads what it needs when first asked, and takes no care of who else asks.
_LOADING = threading.Lock()


def sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of `text`; every character that is not blank is in exactly one.

    >>> text = "Báo cáo năm gửi trước ngày 20/11. UBND TP. Hồ Chí Minh tổng hợp."
    >>> [span.of(text) for span in sentences(text)]
    ['Báo cáo năm gửi trước ngày 20/11.', 'UBND TP. Hồ Chí Minh tổng hợp.']
    """
    found: list[Span] = []
    for stretch in _STRETCH.finditer(text):
        start, end = stretch.span()
        borders = []
        for sentence in _sentence_splitter()(stretch[0]):
            place = text.find(sentence, start, end)
            if place >= 0:
                borders.append(place)
                start = place + len(sentence)
        starts = [stretch.start(), *borders[1:]]
        for begin, stop in zip(starts, [*starts[1:], end], strict=True):
            if (span := _trimmed(text, begin, stop)) is not None:
                found.append(span)
    return tuple(found)


def words(text: str) -> tuple[Span, ...]:
    """Return the words of `text` in order, those of several syllables as one span.

    Punctuation marks are words of their own. Text in which the tagger's output cannot be found
    again (it rewrites some characters) is cut at blanks instead, so spans are always right.

    >>> text = "Sở Giáo dục và Đào tạo"
    >>> [span.of(text) for span in words(text)]
    ['Sở', 'Giáo dục', 'và', 'Đào tạo']
    """
    return tuple(
        Span(stretch.start() + word.start, stretch.start() + word.end)
        for stretch in _STRETCH.finditer(text)
        for word in _words_of_stretch(stretch[0])
    )


def segmented(text: str) -> str:
    """Return `text` as the PhoBERT family reads it: the syllables of a word joined by ``_``.

    >>> segmented("truyền thông về giáo dục nghề nghiệp")
    'truyền_thông về giáo_dục nghề_nghiệp'
    """
    return " ".join(_BLANK.sub("_", span.of(text)) for span in words(text))


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _words_of_stretch(text: str) -> Iterator[Span]:
    aligned = _align(text, _word_tagger()(text))
    if aligned is None:
        aligned = [[Span(*match.span())] for match in re.finditer(r"\S+", text)]
    for syllables in aligned:
        run: list[Span] = []
        for syllable in syllables:
            if syllable.of(text).lower() in _NEVER_INSIDE_A_WORD:
                if run:
                    yield Span(run[0].start, run[-1].end)
                yield syllable
                run = []
            else:
                run.append(syllable)
        if run:
            yield Span(run[0].start, run[-1].end)


def _align(text: str, tagged: list[str]) -> list[list[Span]] | None:
    """Find every syllable of every word in `text`; None where one is not there or text is left."""
    aligned: list[list[Span]] = []
    position = 0
    for word in tagged:
        syllables: list[Span] = []
        for syllable in word.split():
            start = text.find(syllable, position)
            if start < 0 or not (start == position or text[position:start].isspace()):
                return None
            position = start + len(syllable)
            syllables.append(Span(start, position))
        aligned.append(syllables)
    return None if text[position:].strip() else aligned


@functools.cache
def _word_tagger() -> Callable[[str], list[str]]:
    with _LOADING:
        _make_light_package()
        from underthesea.pipeline import text_normalize  # noqa: F401 - breaks a circular import
        from underthesea.pipeline.word_tokenize import word_tokenize

        tagger = functools.partial(word_tokenize, use_token_normalize=False)
        tagger("a")  # loads its model
    return tagger


@functools.cache
def _sentence_splitter() -> Callable[[str], list[str]]:
    with _LOADING:
        _make_light_package()
    from underthesea.pipeline.sent_tokenize import sent_tokenize

    return cast("Callable[[str], list[str]]", sent_tokenize)


def _make_light_package() -> None:
    """Put an empty `underthesea` package in place of the one that imports every pipeline.

    The full import takes half a second to four and 300 MB; the two pipelines used here are files of
    their own and take a tenth of that.
    """
    if "underthesea" in sys.modules:
        return
    spec = importlib.util.find_spec("underthesea")
    if spec is None or spec.submodule_search_locations is None:
        return
    package = types.ModuleType("underthesea")
    package.__path__ = list(spec.submodule_search_locations)
    package.__spec__ = spec
    sys.modules["underthesea"] = package
