"""PDF with a text layer: its characters and rules; pages that are pictures are recognised."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page as PdfPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from corpus.errors import Refusal, UnreadableFile
from corpus.readers.document import Document
from corpus.readers.encoding import conversion_note, encoding_of_font, recoded, to_unicode
from corpus.readers.grid import Rule
from corpus.readers.limits import Limits
from corpus.readers.page import Page, Word, blocks_of_pages

# A page with fewer characters than this is a picture of text.
_FEWEST_CHARACTERS = 20
# An image that covers this share of a page is a scan, whatever text lies invisibly over it.
_SCAN_SHARE = 0.8
# A gap wider than this share of the type size separates words that no space separates.
_WORD_GAP = 0.22
# Characters whose middles differ by less than this share of the type size stand on one line: fonts
# differ in height, and a quotation mark often comes from another one.
_SAME_LANE = 0.3
# Rules are drawn as thin rectangles; thicker ones (points) are boxes with four sides.
_THIN = 3.0
_SHORTEST_RULE = 0.3


def read_pdf(path: Path, *, limits: Limits | None = None) -> Document:
    """Read a PDF: lines and tables with the page each stands on. Raises `UnreadableFile`."""
    limits = limits or Limits()
    try:
        with pdfplumber.open(path) as pdf:
            pages, encodings, recognised = _read(path, pdf, limits)
    except PdfminerException as error:
        encrypted = any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args)
        raise UnreadableFile(path, Refusal.ENCRYPTED if encrypted else Refusal.DAMAGED) from error
    blocks, notes = recoded(blocks_of_pages(pages))
    if encodings:
        notes.append(conversion_note(encodings))
    if recognised:
        from corpus.readers.scan import recognition_note

        notes.append(recognition_note(recognised, len(pages)))
    if not any(page.words for page in pages):
        raise UnreadableFile(path, Refusal.EMPTY)
    return Document(
        name=path.name,
        format="scan" if recognised == len(pages) else "pdf",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        blocks=tuple(blocks),
        pages=len(pages),
        recognised=bool(recognised),
        confidence=fmean(page.sure for page in pages) if recognised else None,
        notes=tuple(notes),
    )


def _read(path: Path, pdf: PDF, limits: Limits) -> tuple[list[Page], set[str], int]:
    if len(pdf.pages) > limits.pages:
        raise UnreadableFile(
            path,
            Refusal.TOO_LARGE,
            f"Tệp có {len(pdf.pages)} trang, nhiều hơn mức {limits.pages} trang được đọc.",
        )
    pages: list[Page] = []
    encodings: set[str] = set()
    pictures: list[int] = []
    for number, page in enumerate(pdf.pages, start=1):
        if _is_picture(page):
            pictures.append(number)
            pages.append(Page(number, float(page.width), float(page.height), (), (), ()))
        else:
            pages.append(_page(number, page, encodings))
        page.close()
    if len(pictures) > limits.scanned_pages:
        raise UnreadableFile(path, Refusal.TOO_LARGE)
    if pictures:
        from corpus.readers.scan import recognise_pdf_pages

        for page_read in recognise_pdf_pages(path, pictures, limits):
            pages[page_read.number - 1] = page_read
    return pages, encodings, len(pictures)


def _is_picture(page: PdfPage) -> bool:
    images = [image for image in page.images if image["width"] and image["height"]]
    area = float(page.width) * float(page.height)
    covered = max((image["width"] * image["height"] / area for image in images), default=0.0)
    return covered >= _SCAN_SHARE or (bool(images) and len(page.chars) < _FEWEST_CHARACTERS)


def _page(number: int, page: PdfPage, encodings: set[str]) -> Page:
    width, height = float(page.width), float(page.height)
    turned = [char for char in page.chars if not char["upright"]]
    inverted = [char for char in page.chars if char["upright"] and char["matrix"][0] < 0]
    across, down = _rules(page)
    if len(turned) * 2 > len(page.chars):
        # Text set sideways on an upright page: turn the page, not the head.
        clockwise = sum(char["matrix"][1] for char in turned) < 0
        turn = _clockwise if clockwise else _counterclockwise
        chars = [turn(char, width, height) for char in turned]
        across, down = _turned_rules(across, down, width, height, clockwise=clockwise)
        width, height = height, width
    elif len(inverted) * 2 > len(page.chars):
        chars = [_inverted(char, width, height) for char in inverted]
        across = [Rule(height - rule.at, width - rule.end, width - rule.start) for rule in across]
        down = [Rule(width - rule.at, height - rule.end, height - rule.start) for rule in down]
    else:
        chars = [char for char in page.chars if char["upright"]]
    return Page(number, width, height, list(_words(chars, down, encodings)), across, down)


def _clockwise(char: dict[str, Any], width: float, height: float) -> dict[str, Any]:
    """Turn a box whose text runs downwards so that it runs to the right."""
    del height
    box = (char["top"], width - char["x1"], char["bottom"], width - char["x0"])
    return {**char, **dict(zip(("x0", "top", "x1", "bottom"), box, strict=True))}


def _counterclockwise(char: dict[str, Any], width: float, height: float) -> dict[str, Any]:
    """Turn a box whose text runs upwards so that it runs to the right."""
    del width
    box = (height - char["bottom"], char["x0"], height - char["top"], char["x1"])
    return {**char, **dict(zip(("x0", "top", "x1", "bottom"), box, strict=True))}


def _inverted(char: dict[str, Any], width: float, height: float) -> dict[str, Any]:
    """Turn a box whose text stands on its head."""
    box = (width - char["x1"], height - char["bottom"], width - char["x0"], height - char["top"])
    return {**char, **dict(zip(("x0", "top", "x1", "bottom"), box, strict=True))}


def _turned_rules(
    across: list[Rule], down: list[Rule], width: float, height: float, *, clockwise: bool
) -> tuple[list[Rule], list[Rule]]:
    if clockwise:
        return (
            [Rule(width - rule.at, rule.start, rule.end) for rule in down],
            [Rule(rule.at, width - rule.end, width - rule.start) for rule in across],
        )
    return (
        [Rule(rule.at, height - rule.end, height - rule.start) for rule in down],
        [Rule(height - rule.at, rule.start, rule.end) for rule in across],
    )


def _rules(page: PdfPage) -> tuple[list[Rule], list[Rule]]:
    across: list[Rule] = []
    down: list[Rule] = []
    for shape in (*page.rects, *page.lines, *page.curves):
        x0, x1 = float(shape["x0"]), float(shape["x1"])
        top, bottom = float(shape["top"]), float(shape["bottom"])
        wide, high = x1 - x0, bottom - top
        if max(wide, high) < _SHORTEST_RULE:
            continue
        if high <= _THIN and wide > high:
            across.append(Rule((top + bottom) / 2, x0, x1))
        elif wide <= _THIN:
            down.append(Rule((x0 + x1) / 2, top, bottom))
        elif shape["object_type"] == "rect" and shape.get("stroke"):
            across.extend((Rule(top, x0, x1), Rule(bottom, x0, x1)))
            down.extend((Rule(x0, top, bottom), Rule(x1, top, bottom)))
    return across, down


def _words(chars: list[dict[str, Any]], down: list[Rule], encodings: set[str]) -> Iterator[Word]:
    """Yield words: characters of one line without a space, a gap or a rule between them."""
    walls = sorted(down, key=lambda rule: rule.at)
    places = [rule.at for rule in walls]

    def walled(last: dict[str, Any], char: dict[str, Any]) -> bool:
        start, end = (last["x0"] + last["x1"]) / 2, (char["x0"] + char["x1"]) / 2
        middle = (char["top"] + char["bottom"]) / 2
        between = walls[bisect_left(places, start) : bisect_right(places, end)]
        return any(wall.start <= middle <= wall.end for wall in between)

    lanes: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda char: char["top"] + char["bottom"]):
        if lanes:
            first = lanes[-1][0]
            apart = (char["top"] + char["bottom"] - first["top"] - first["bottom"]) / 2
            if apart <= _SAME_LANE * max(char["size"], first["size"]):
                lanes[-1].append(char)
                continue
        lanes.append([char])
    for lane in lanes:
        lane.sort(key=lambda char: char["x0"])
        run: list[dict[str, Any]] = []
        for char in lane:
            if not char["text"].strip():
                yield from _word(run, encodings)
                run = []
                continue
            if run:
                last = run[-1]
                if (
                    char["text"] == last["text"]
                    and abs(char["x0"] - last["x0"]) < 0.15 * char["size"]
                ):
                    continue  # printed twice to look bold
                apart = char["x0"] - last["x1"] > _WORD_GAP * max(char["size"], last["size"])
                if apart or walled(last, char):
                    yield from _word(run, encodings)
                    run = []
            run.append(char)
        yield from _word(run, encodings)


def _word(run: list[dict[str, Any]], encodings: set[str]) -> Iterator[Word]:
    if not run:
        return
    text = "".join(char["text"] for char in run)
    encoding = encoding_of_font(run[0]["fontname"])
    if encoding:
        encodings.add(encoding)
        text = to_unicode(text, encoding)
    yield Word(
        text,
        min(char["x0"] for char in run),
        min(char["top"] for char in run),
        max(char["x1"] for char in run),
        max(char["bottom"] for char in run),
    )
