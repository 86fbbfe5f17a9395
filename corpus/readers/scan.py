"""Scans and photographs: straightened, their rules found and erased, their words recognised.

A page is recognised as a whole (Tesseract, Vietnamese): the rules are wiped out first, the words
are put into cells by their places afterwards.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any

import cv2
import numpy as np
import pypdfium2  # type: ignore[import-untyped]
import pytesseract
from PIL import Image, ImageSequence, UnidentifiedImageError

from corpus.errors import Refusal, UnreadableFile
from corpus.model import Note, Severity
from corpus.readers.document import Document
from corpus.readers.encoding import could_be_syllable
from corpus.readers.grid import Grid, Rule, find_grids
from corpus.readers.limits import Limits
from corpus.readers.page import Page, Word, blocks_of_pages, text_lines

# Recognition is best between the first two resolutions (dots per inch): 300 dpi drawn at 220 gave
# .944 of the cells instead of .896, see docs/formats.md. Coarser scans are enlarged to the third.
_LEAST_DPI, _MOST_DPI, _ENLARGED_DPI = 200, 220, 300
# An A4 page without a stated resolution is this wide (inches).
_PAGE_INCHES = 8.27
# The skew is looked for in so many steps to each side, coarse ones, then fine ones (degrees).
_SKEW_STEPS, _COARSE, _FINE = 12, 0.25, 0.05
# Inches: a rule is longer than this; letters and underlines of single words are not.
_RULE_ACROSS, _RULE_DOWN = 0.45, 0.28
# Words recognised with less confidence than this (0..100) and without a letter are specks.
_SPECK = 40
# Below this mean confidence the page may lie on its side: its direction is looked for.
_LOST = 45.0

# A first column wider than this (points) holds more than numbers.
_ORDINAL_WIDTH = 58
_LONGEST_SYLLABLE = 7
_MARKS = '.,;:)!?”"'
# Letters whose capitals differ only in size.
_SAME_SHAPE = frozenset("COÔƠSUƯVXZ")
_SMALL_LETTERS = frozenset("cmnrsvx")
# So many small letters around a capital are enough to compare it with.
_NEARBY = 12
# A capital is at least this much taller than a small letter (1.4 in Times).
_CAPITAL = 1.2
# Darker pixels (0..255) are ink.
_INK = 140
# A spelling that is this many times as frequent as another is the right one.
_USUAL = 4

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
# What a lone "I" or a narrow digit is taken for: believed only where it is expected.
_AMBIGUOUS = frozenset({"1", "I", "l", "V", "v", "H", "L", "i"})

_LETTER = re.compile(r"[^\W_]")
# "_", "|" and "~~" are left when a rule is wiped out; "-" and "..." are text.
_RULE_REST = re.compile(r"[_|~^`'‘’“=¬¦]+")
_LOST_SPACE = re.compile(r"([;,:])(?=[^\W\d_])")
# "động-Thương" is two words and a dash; "QĐ-UBND", "pa-nô" and "2021-2025" are one word.
_DASH = re.compile(r"([^\W\d_])-([^\W\d_])")
_ORDINAL = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,3}|[IVXL]{1,6}|[a-zđ])[.)]?|S?TT|Số ?TT|-")

_Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def read_scan(path: Path, *, limits: Limits | None = None) -> Document:
    """Read an image file (all pages of a TIFF) by character recognition.

    Raises `UnreadableFile`.
    """
    limits = limits or Limits()
    Image.MAX_IMAGE_PIXELS = limits.pixels
    pages = []
    try:
        with Image.open(path) as image:
            if image.width * image.height > limits.pixels:
                raise UnreadableFile(path, Refusal.TOO_LARGE)
            for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
                if number > limits.scanned_pages:
                    raise UnreadableFile(path, Refusal.TOO_LARGE)
                dpi = float(frame.info.get("dpi", (0, 0))[0]) or frame.width / _PAGE_INCHES
                pages.append(_recognised(number, np.asarray(frame.convert("RGB")), dpi))
    except Image.DecompressionBombError as error:
        raise UnreadableFile(path, Refusal.BOMB) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnreadableFile(path, Refusal.DAMAGED) from error
    except pytesseract.TesseractNotFoundError as error:
        raise UnreadableFile(path, Refusal.TOOL_MISSING) from error
    return _document(path, pages)


def recognition_note(recognised: int, pages: int) -> Note:
    """Return the note that tells people which share of the text was recognised from pictures."""
    return Note(
        "text_recognised",
        Severity.WARNING,
        f"{recognised}/{pages} trang là ảnh quét; chữ được nhận dạng tự động, "
        "cần đối chiếu với bản gốc khi trích dẫn.",
    )


def recognise_pdf_pages(path: Path, numbers: Sequence[int], limits: Limits) -> Iterator[Page]:
    """Yield the given pages (1-based) of a PDF, drawn and recognised.

    Raises `UnreadableFile` where Tesseract is missing.
    """
    pdf = pypdfium2.PdfDocument(path)
    pages = []
    try:
        for number in numbers:
            page = pdf[number - 1]
            width, height = page.get_size()
            dpi = min(_drawing_dpi(page), 72 * (limits.pixels / (width * height)) ** 0.5)
            bitmap = page.render(scale=dpi / 72)
            pixels = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3][:, :, ::-1])
            bitmap.close()
            page.close()
            pages.append(_recognised(number, pixels, dpi))
    except pytesseract.TesseractNotFoundError as error:
        raise UnreadableFile(path, Refusal.TOOL_MISSING) from error
    finally:
        pdf.close()
    yield from _mended(pages)


def _document(path: Path, pages: list[Page]) -> Document:
    pages = _mended(pages)
    if not any(page.words for page in pages):
        raise UnreadableFile(path, Refusal.EMPTY, "Không nhận dạng được chữ nào trong ảnh.")
    return Document(
        name=path.name,
        format="scan",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        blocks=tuple(blocks_of_pages(pages)),
        pages=len(pages),
        recognised=True,
        confidence=round(fmean(page.sure for page in pages), 3),
        notes=(recognition_note(len(pages), len(pages)),),
    )


def _drawing_dpi(page: Any) -> float:  # noqa: ANN401  (pypdfium2 has no types)
    """Return the resolution to draw a page at: its picture's own, within what recognition likes."""
    widest = 0
    for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=2):
        widest = max(widest, *item.get_px_size())
    own = 72 * widest / max(page.get_size())
    return min(_MOST_DPI, max(_LEAST_DPI, own)) if own > 0.9 * _LEAST_DPI else _ENLARGED_DPI


def _recognised(number: int, pixels: _Pixels, dpi: float) -> Page:
    """Return one page of words and rules, both in points."""
    # Stamps are red: in the red channel they fade and what they cover can be read.
    grey: _Pixels = np.ascontiguousarray(pixels[:, :, 0])
    if dpi < _LEAST_DPI * 0.9 or dpi > _ENLARGED_DPI:
        target = min(2 * dpi, _ENLARGED_DPI) if dpi < _LEAST_DPI else _MOST_DPI
        grey = _resized(grey, target / dpi)
        dpi = target
    page = _read_upright(number, grey, dpi)
    if page.sure * 100 < _LOST:
        turned = _turned_upright(grey, dpi)
        if turned is not None:
            other = _read_upright(number, turned, dpi)
            page = max(page, other, key=lambda one: one.sure)
    return page


def _resized(grey: _Pixels, factor: float) -> _Pixels:
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def _read_upright(number: int, grey: _Pixels, dpi: float) -> Page:
    grey = _straightened(grey)
    across, down, mask = _rules(grey, dpi)
    clean = grey.copy()
    clean[mask] = int(np.median(grey))
    scale = 72 / dpi
    words, sure = _words(clean, dpi)
    scale = 72 / dpi
    words = [
        Word(word.text, *(edge * scale for edge in (word.x0, word.top, word.x1, word.bottom)))
        for word in words
    ]
    across = [Rule(rule.at * scale, rule.start * scale, rule.end * scale) for rule in across]
    down = [Rule(rule.at * scale, rule.start * scale, rule.end * scale) for rule in down]
    words = _ordinals_read_again(words, find_grids(across, down), clean, dpi)
    words = _small_capitals_lowered(words, clean, dpi)
    height, width = grey.shape
    return Page(number, width * scale, height * scale, words, across, down, sure)


def _straightened(grey: _Pixels) -> _Pixels:
    """Turn a page so that its lines lie level: the angle at which rows of pixels differ most."""
    height, width = grey.shape
    factor = 1000 / max(height, width)
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink: _Pixels = np.asarray(
        cv2.adaptiveThreshold(
            small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12
        ),
        np.uint8,
    )

    def contrast(angle: float) -> float:
        profile = _turned(ink, angle, 0).sum(axis=1, dtype=np.float64)
        return float(((profile[1:] - profile[:-1]) ** 2).sum())

    steps = [_COARSE * step for step in range(-_SKEW_STEPS, _SKEW_STEPS + 1)]
    angle = max(steps, key=contrast)
    angle = max((angle + _FINE * step for step in range(-5, 6)), key=contrast)
    return grey if abs(angle) < _FINE else _turned(grey, angle, 255)


def _turned(pixels: _Pixels, angle: float, background: int) -> _Pixels:
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return np.asarray(
        cv2.warpAffine(
            pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=background
        ),
        np.uint8,
    )


def _turned_upright(grey: _Pixels, dpi: float) -> _Pixels | None:
    """Return the page turned by the quarter turns Tesseract's orientation detection asks for."""
    try:
        found = pytesseract.image_to_osd(
            Image.fromarray(grey), config=f"--dpi {dpi:.0f}", output_type=pytesseract.Output.DICT
        )
    except (pytesseract.TesseractError, KeyError, ValueError):
        return None
    turns = int(found.get("rotate", 0)) // 90
    return np.ascontiguousarray(np.rot90(grey, -turns)) if turns else None


def _rules(grey: _Pixels, dpi: float) -> tuple[list[Rule], list[Rule], np.ndarray[Any, Any]]:
    """Return the rules across and down (pixels), and where they cover the page."""
    # No median here: it would wipe out the hair lines of a clean scan.
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    ink = cv2.adaptiveThreshold(
        smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12
    )
    ink = cv2.dilate(ink, np.ones((2, 2), np.uint8))
    lines = []
    for inches, across in ((_RULE_ACROSS, True), (_RULE_DOWN, False)):
        length, bridge = int(dpi * inches), max(3, int(dpi * 0.05))
        long = cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1) if across else (1, length))
        found = cv2.morphologyEx(ink, cv2.MORPH_OPEN, long)
        # Noise breaks rules: pieces that nearly touch are one.
        lines.append(cv2.dilate(found, np.ones((3, bridge) if across else (bridge, 3), np.uint8)))
    level, upright = lines
    rules_across = [
        Rule(top + high / 2, left, left + wide)
        for left, top, wide, high in _boxes(level)
        if high < dpi * 0.08
    ]
    rules_down = [
        Rule(left + wide / 2, top, top + high)
        for left, top, wide, high in _boxes(upright)
        if wide < dpi * 0.08
    ]
    # A tall letter or a stroke of a stamp is no rule: rules of a table meet rules across it.
    rules_down = [
        rule
        for rule in rules_down
        if any(
            other.start - dpi * 0.05 <= rule.at <= other.end + dpi * 0.05
            and rule.start - dpi * 0.1 <= other.at <= rule.end + dpi * 0.1
            for other in rules_across
        )
    ]
    mask = np.zeros(grey.shape, bool)
    margin = max(2, int(dpi * 0.012))
    for rule in rules_across:
        y0, y1 = int(rule.at - margin), int(rule.at + margin) + 1
        mask[max(0, y0) : y1, int(rule.start) : int(rule.end)] = True
    for rule in rules_down:
        x0, x1 = int(rule.at - margin), int(rule.at + margin) + 1
        mask[int(rule.start) : int(rule.end), max(0, x0) : x1] = True
    return rules_across, rules_down, mask


def _boxes(pixels: np.ndarray[Any, Any]) -> Iterator[tuple[float, float, float, float]]:
    count, _, boxes, _ = cv2.connectedComponentsWithStats(pixels, connectivity=8)
    for index in range(1, count):
        left, top, wide, high, _ = boxes[index]
        yield float(left), float(top), float(wide), float(high)


def _words(clean: _Pixels, dpi: float) -> tuple[list[Word], float]:
    """Recognise a page; return its words (pixels) and the mean confidence in 0..1."""
    data = pytesseract.image_to_data(
        Image.fromarray(clean),
        lang="vie",
        config=f"--oem 1 --psm 6 --dpi {dpi:.0f}",
        output_type=pytesseract.Output.DICT,
    )
    lines: dict[tuple[int, int, int], list[tuple[Word, float]]] = defaultdict(list)
    for index, text in enumerate(data["text"]):
        sure = float(data["conf"][index])
        if not text.strip() or _is_speck(text, sure):
            continue
        left, top = data["left"][index], data["top"][index]
        word = Word(
            text.strip(), left, top, left + data["width"][index], top + data["height"][index]
        )
        place = (data["block_num"][index], data["par_num"][index], data["line_num"][index])
        lines[place].append((word, sure))
    words, total, letters = [], 0.0, 0
    for line in lines.values():
        words.extend(_levelled([replace(word, text=_spaced(word.text)) for word, _ in line]))
        for word, sure in line:
            total += sure * len(word.text)
            letters += len(word.text)
    return words, round(total / letters / 100, 3) if letters else 0.0


def _levelled(line: list[Word]) -> list[Word]:
    """Give low words (dashes, dots) the height of their neighbours, so that they stay in line."""
    height = median(word.bottom - word.top for word in line)
    out = []
    for word in line:
        if word.bottom - word.top < 0.7 * height:
            near = sorted(
                (abs(one.x0 - word.x0), one.top, one.bottom)
                for one in line
                if one.bottom - one.top >= 0.7 * height
            )[0]
            out.append(replace(word, top=near[1], bottom=near[2]))
        else:
            out.append(word)
    return out


def _is_speck(text: str, sure: float) -> bool:
    """Say whether a recognised word is dirt or the rest of a rule."""
    if sure < 0 or _RULE_REST.fullmatch(text):
        return True
    return sure < _SPECK and not _LETTER.search(text)


def _spaced(text: str) -> str:
    """Put back the spaces that recognition loses: "thông;cơ", "động-Thương", "động-"."""

    def dash(match: re.Match[str]) -> str:
        return " - " if match[1].islower() and match[2].isupper() else "-"

    if len(text) > 2 and text[-1] == "-" and text[-2].islower():
        return text[:-1] + " -"  # a dash that ends a line; compounds are seldom broken there
    text = _LOST_SPACE.sub(r"\1 ", text)
    return _DASH.sub(lambda match: match[1] + dash(match) + match[2], text)


def _ordinals_read_again(
    words: list[Word], grids: list[Grid], clean: _Pixels, dpi: float
) -> list[Word]:
    """Read cells of a first column again where they are no number: alone, as numbers only."""
    for grid in grids:
        if grid.xs[1] - grid.xs[0] > _ORDINAL_WIDTH:
            continue
        cells: dict[int, list[Word]] = {
            row: [] for row in range(1, len(grid.ys) - 1) if grid.owner[row][0] == (row, 0)
        }
        for word in words:
            place = grid.place_of((word.x0 + word.x1) / 2, (word.top + word.bottom) / 2)
            if place is not None and place[1] == 0 and place[0] in cells:
                cells[place[0]].append(word)
        following: set[str] = {"1", "I"}
        last, above = "", list[Word]()
        for row, found in cells.items():
            text = "".join(word.text for word in found)
            if not _ORDINAL.fullmatch(text) or (text in _AMBIGUOUS and text not in following):
                low = next(
                    (r for r in range(row, len(grid.ys) - 1) if grid.owner[r][0] != (row, 0)), -1
                )
                box = (grid.xs[0] + 2, grid.ys[row] + 2, grid.xs[1] - 2, grid.ys[low] - 2)
                read = _number_in(clean, box, dpi, following)
                if read is None:
                    continue
                words = [*(word for word in words if word not in found), read]
                text, found = read.text, [read]
            following = (following - {text}) | _successors(text)
            if text == last == "1":  # the one above is the "I" of the group
                words = [replace(word, text="I") if word in above else word for word in words]
                following.add("II")
            last, above = text, found
    return words


def _successors(ordinal: str) -> set[str]:
    """Return the ordinals that may come next: "4" after "3", "IV" after "III", "1" below both."""
    if ordinal in _ROMANS:
        return {_ROMANS[min(_ROMANS.index(ordinal) + 1, len(_ROMANS) - 1)], "1"}
    head, _, last = ordinal.strip(".)").rpartition(".")
    if not last.isdecimal():
        return set()
    return {f"{head}.{int(last) + 1}".lstrip("."), f"{ordinal.strip('.)')}.1"}


def _number_in(
    clean: _Pixels, box: tuple[float, float, float, float], dpi: float, following: set[str]
) -> Word | None:
    """Recognise the ink in a box (points) as an ordinal, None where it is something else.

    Of several readings, one in `following` is preferred.
    """
    scale = dpi / 72
    left, top, right, bottom = (max(0, int(edge * scale)) for edge in box)
    piece = clean[top:bottom, left:right]
    if not piece.size:
        return None
    # Specks are left out; a median would take the thin strokes of an "I" along.
    ink = (piece < _INK).astype(np.uint8)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    rows, columns = np.nonzero((labels > 0) & (boxes[labels, cv2.CC_STAT_AREA] > dpi * 0.05))
    if not len(rows) or rows.max() - rows.min() > dpi * 0.25:
        return None  # blank, or more than one line: a heading
    y0, y1, x0, x1 = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    margin = int(dpi * 0.05)
    shown = piece[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin]
    padded = cv2.copyMakeBorder(
        shown, *(20, 20, 20, 20), cv2.BORDER_CONSTANT, value=int(np.median(piece))
    )
    readings = []
    for language, letters in (("vie", "0123456789."), ("eng", "0123456789."), ("eng", "IVX")):
        config = f"--oem 1 --psm 7 --dpi {dpi:.0f} -c tessedit_char_whitelist={letters}"
        image = Image.fromarray(padded)
        text = pytesseract.image_to_string(image, lang=language, config=config).strip()
        if text in following:
            readings = [text]
            break
        if _ORDINAL.fullmatch(text):
            readings.append(text)
    if not readings:
        return None
    text = readings[0]
    edges = (left + x0, top + y0, left + x1, top + y1)
    return Word(text, *(float(edge) / scale for edge in edges))


def _small_capitals_lowered(words: list[Word], clean: _Pixels, dpi: float) -> list[Word]:
    """Lower capitals that are no taller than small letters: "các cơ Sở" where "sở" is printed."""
    lowered = {}
    small: deque[int] = deque(maxlen=_NEARBY)
    for line in text_lines(words, 0):
        for word in line.words:
            if word.text[0] in _SMALL_LETTERS:
                small.append(_first_letter(word, clean, dpi))
        for word in line.words:
            core = word.text.rstrip(_MARKS)
            if not small or core[:1] not in _SAME_SHAPE:
                continue
            if core[1:].islower() or len(core) == 2:
                height = _first_letter(word, clean, dpi)
                if 0 < height < _CAPITAL * median(small):
                    lowered[word] = replace(word, text=word.text.lower())
    return [lowered.get(word, word) for word in words]


def _first_letter(word: Word, clean: _Pixels, dpi: float) -> int:
    """Return the height (pixels) of a word's first letter without accents, 0 if unknown."""
    scale = dpi / 72
    piece = clean[
        max(0, int(word.top * scale) - 2) : int(word.bottom * scale) + 2,
        max(0, int(word.x0 * scale) - 1) : int(word.x1 * scale) + 1,
    ]
    if not piece.size:
        return 0
    first = piece[:, : max(2, round(0.8 * piece.shape[1] / max(1, len(word.text))))]
    rows = np.nonzero((first < _INK).any(axis=1))[0]
    return int(rows.max() - rows.min() + 1) if len(rows) else 0


def _mended(pages: list[Page]) -> list[Page]:
    """Undo what recognition often gets wrong, where the rest of the document shows it.

    Glued syllables are split ("cáccơ"); a wrong tone is put right where the same two words stand
    many times with another one ("tố chức", "tổ chức"). A word is changed only into what occurs
    elsewhere in the same document.
    """
    lines = [text_lines(page.words, page.number) for page in pages]
    texts = [[word.text for word in line.words] for page in lines for line in page]
    alone = Counter(word.strip(_MARKS).lower() for line in texts for word in line)
    pairs = Counter(pair for line in texts for pair in pairwise(line))
    before: dict[Word, str] = {
        high: low.text for page in lines for line in page for high, low in pairwise(line.words)
    }

    spellings: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for pair, count in pairs.items():
        spellings[_toneless(pair[0]), _toneless(pair[1])][pair] += count

    def mend(word: Word) -> Word:
        text = " ".join(_unglued(part, alone) for part in word.text.split(" "))
        follows = before.get(word)
        if follows and text == word.text:
            pair = (text, follows)
            common, often = spellings[_toneless(text), _toneless(follows)].most_common(1)[0]
            if often >= _USUAL * pairs[pair] and common[1] == follows:
                text = common[0]
        return replace(word, text=text)

    return [replace(page, words=[mend(word) for word in page.words]) for page in pages]


def _unglued(text: str, alone: Counter[str]) -> str:
    """Split a word that is no syllable into syllables, else keep it.

    They all stand alone elsewhere in the document, or the word falls into two in one way only.

    >>> known = Counter(["các", "cơ", "sở"])
    >>> _unglued("cáccơsở", known), _unglued("cơ,", known), _unglued("logo", known)
    ('các cơ sở', 'cơ,', 'logo')
    """
    core = text.rstrip(_MARKS)
    if len(core) < 4 or not core.isalpha() or could_be_syllable(core):
        return text
    known = _splits(core, lambda part: bool(alone[part.lower()]))
    marked = any(letter > "\x7f" for letter in core)
    found = known[:1] or (_splits(core, lambda _: True) if marked else [])
    if len(found) != 1 or (not known and len(found[0]) > 2):
        return text
    return " ".join(found[0]) + text[len(core) :]


def _splits(core: str, allowed: Callable[[str], bool]) -> list[tuple[str, ...]]:
    """Return the ways to cut letters into the fewest allowed syllables, at most two of them."""
    best: list[list[tuple[str, ...]]] = [[()], *[[] for _ in core]]
    for end in range(2, len(core) + 1):
        ways = [
            (*before, core[start:end])
            for start in range(max(0, end - _LONGEST_SYLLABLE), end - 1)
            if could_be_syllable(core[start:end]) and allowed(core[start:end])
            for before in best[start]
        ]
        fewest = min(map(len, ways), default=0)
        best[end] = [way for way in ways if len(way) == fewest][:2]
    return best[len(core)]


@lru_cache(maxsize=20_000)
def _toneless(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in decomposed if letter not in _TONES)
