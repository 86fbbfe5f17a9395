"""Web pages: the main content as lines and tables, what surrounds it left out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from corpus.errors import Refusal, UnreadableFile
from corpus.model import Note
from corpus.readers.document import Block, Document, Line, Table
from corpus.readers.encoding import conversion_note, decode, encoding_of_font, recoded, to_unicode
from corpus.readers.grid import is_letterhead
from corpus.readers.limits import Limits

# An element that holds this share of the page's text is followed inwards to the main content.
_MAIN_SHARE = 0.8
# Spans beyond these are mistakes or malice.
_MOST_COLUMNS, _MOST_ROWS = 100, 2_000

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACE = re.compile(r"[ \t\r\n\f]+")
# Whole words of a class or an identifier: "main-menu" and "sidebar", not "content-navy".
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:menu|nav|navbar|navigation|breadcrumbs?|sidebar|banner|footer|comments?|"
    r"related|share|social|advert\w*|ads|cookie\w*|toolbar|pagination|search)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "head", "title", "nav", "aside", "footer"}
    | {"form", "button", "select", "svg", "iframe", "object", "audio", "video", "canvas"}
    | {"menu", "dialog"}
)
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div"}
    | {"dl", "dt", "fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"header", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody"}
    | {"td", "tfoot", "th", "thead", "tr", "ul"}
)

_Element = Any  # lxml has no types


def read_html(path: Path, *, limits: Limits | None = None) -> Document:
    """Read a web page: its main content only. Raises `UnreadableFile`."""
    limits = limits or Limits()
    data = path.read_bytes()
    text, notes = _text_of(data)
    parser = lxml_html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = lxml_html.document_fromstring(_XML_DECLARATION.sub("", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(path, Refusal.DAMAGED) from error
    walk = _Walk(path, limits)
    blocks, converted = recoded(list(walk.blocks(_main_content(root))))
    if walk.encodings:
        converted.append(conversion_note(walk.encodings))
    return Document(
        name=path.name,
        format="html",
        sha256=hashlib.sha256(data).hexdigest(),
        blocks=tuple(blocks),
        notes=(*notes, *converted),
    )


def _text_of(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """Decode by what the bytes are; a declared charset is believed only where it says more."""
    decoded = decode(data)
    declared = _CHARSET.search(data[:4096])
    if declared and decoded.encoding == "windows-1252":
        try:
            return data.decode(declared[1].decode("ascii", "replace")), ()
        except (LookupError, UnicodeDecodeError):
            pass
    return decoded.text, decoded.notes


def _main_content(root: _Element) -> _Element:
    """Return the innermost element that still holds most of the page's text."""
    body = root.find(".//body")
    here = root if body is None else body
    weights = _weights(here)
    while True:
        parts = [child for child in here if not _is_furniture(child)]
        heaviest = max(parts, key=lambda child: weights.get(child, 0), default=None)
        if (
            heaviest is None
            or weights.get(heaviest, 0) < _MAIN_SHARE * weights.get(here, 0)
            or heaviest.tag in ("table", "p", "ul", "ol", "pre", "span", "font", "b", "strong")
            or heaviest.tag not in _BLOCKS | {"form"}
        ):
            return here
        here = heaviest


def _weights(root: _Element) -> dict[_Element, int]:
    """Return how much text every element holds, furniture and links not counted."""
    weights: dict[_Element, int] = {}
    for element in reversed(list(root.iter(etree.Element))):
        own = 0 if element.tag == "a" else len((element.text or "").strip())
        inner = sum(
            weights.get(child, 0) + len((child.tail or "").strip())
            for child in element
            if not _is_furniture(child)
        )
        weights[element] = own + inner
    return weights


def _is_furniture(element: _Element) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or (tag in _SKIPPED and tag != "form"):
        return True
    if "hidden" in element.attrib or _HIDDEN.search(element.get("style") or ""):
        return True
    if tag in ("p", "td", "th", "tr", "table", "body", "h1", "h2", "h3", "span", "font"):
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    role = element.get("role")
    return bool(_FURNITURE.search(names)) or role in ("navigation", "banner", "contentinfo")


@dataclass
class _Walk:
    """One pass over the tree: text gathers until a block element ends the line."""

    path: Path
    limits: Limits
    encodings: set[str] = field(default_factory=set)
    text: list[str] = field(default_factory=list)
    prefix: str = ""
    cells: int = 0

    def blocks(self, root: _Element) -> Iterator[Block]:
        # An explicit stack: a page may nest its elements deeper than Python may call.
        stack: list[tuple[str, _Element]] = [("open", root)]
        while stack:
            action, element = stack.pop()
            if action == "close":
                if element.tag in _BLOCKS:
                    yield from self.flush()
                continue
            if action == "tail":
                self.add(element.tail, element.getparent())
                continue
            if _is_furniture(element):
                continue
            tag = element.tag
            if tag in _BLOCKS:
                yield from self.flush()
            if tag == "br":
                yield from self.flush()
                continue
            if tag == "table":
                yield from self.table(element)
                continue
            if tag == "li":
                self.prefix = _list_label(element)
            if tag == "pre":
                for line in "".join(element.itertext()).split("\n"):
                    if line.strip():
                        yield Line(line.strip(), wrapped=True)
                continue
            self.add(element.text, element)
            stack.append(("close", element))
            for child in reversed(element):
                stack.append(("tail", child))
                if isinstance(child.tag, str):
                    stack.append(("open", child))
        yield from self.flush()

    def add(self, text: str | None, element: _Element) -> None:
        if not text:
            return
        face = element.get("face") if element is not None and element.tag == "font" else None
        encoding = encoding_of_font(face)
        if encoding:
            self.encodings.add(encoding)
            text = to_unicode(text, encoding)
        self.text.append(text)

    def flush(self) -> Iterator[Block]:
        line = _SPACE.sub(" ", "".join(self.text)).strip()
        self.text.clear()
        if line:
            yield Line(self.prefix + line)
            self.prefix = ""

    def table(self, element: _Element) -> Iterator[Block]:
        grid: list[list[list[Block] | None]] = []
        covered: dict[tuple[int, int], None] = {}
        caption = element.find("caption")
        if caption is not None:
            yield from _Walk(self.path, self.limits, self.encodings).blocks(caption)
        for r, row in enumerate(_rows(element)):
            line: dict[int, list[Block] | None] = {}
            column = 0
            for cell in row:
                if cell.tag not in ("td", "th"):
                    continue
                while (r, column) in covered:
                    column += 1
                across = _span(cell, "colspan", _MOST_COLUMNS)
                down = _span(cell, "rowspan", _MOST_ROWS)
                self.cells += across * down
                if self.cells > self.limits.cells or column + across > 10 * _MOST_COLUMNS:
                    raise UnreadableFile(self.path, Refusal.TOO_LARGE)
                inner = _Walk(self.path, self.limits, self.encodings, cells=self.cells)
                line[column] = list(inner.blocks(cell))
                self.cells = inner.cells
                for i in range(down):
                    for j in range(across):
                        if i or j:
                            covered[r + i, column + j] = None
                column += across
            width = max([*line, *(c for (i, c) in covered if i == r), -1]) + 1
            grid.append(
                [line.get(c) if c in line or (r, c) in covered else [] for c in range(width)]
            )
        yield from self.shaped(grid, ruled=(element.get("border") or "0") != "0")

    def shaped(self, grid: list[list[list[Block] | None]], *, ruled: bool) -> Iterator[Block]:
        width = max(map(len, grid), default=0)
        rows = [[*row, *([[]] * (width - len(row)))] for row in grid]
        starts = [c for c in range(width) if any(row[c] is not None for row in rows)]
        rows = [[row[c] for c in starts] for row in rows]
        texts = [[None if cell is None else _cell_text(cell) for cell in row] for row in rows]
        if not any(cell for row in texts for cell in row):
            return
        nested = any(
            isinstance(block, Table) for row in rows for cell in row for block in cell or ()
        )
        if len(starts) == 1 or is_letterhead(texts, ruled=ruled) or (nested and len(rows) <= 2):
            for column in range(len(starts)):
                for row in rows:
                    yield from row[column] or ()
            return
        yield Table(tuple(map(tuple, texts)))


def _rows(table: _Element) -> Iterator[_Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _span(cell: _Element, name: str, most: int) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, min(int(value), most)) if value.isdecimal() and len(value) < 9 else 1


def _cell_text(blocks: list[Block]) -> str:
    lines = []
    for block in blocks:
        if isinstance(block, Line):
            lines.append(block.text)
        elif isinstance(block, Table):
            lines.extend(" ".join(cell for cell in row if cell) for row in block.rows)
    return "\n".join(lines)


def _list_label(item: _Element) -> str:
    """Return the number a browser would draw before a list item."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "- "
    start = parent.get("start") or "1"
    number = int(start) if start.lstrip("-").isdecimal() and len(start) < 7 else 1
    number += sum(1 for _ in item.itersiblings("li", preceding=True))
    value = item.get("value") or ""
    number = int(value) if value.isdecimal() and len(value) < 7 else number
    kind = parent.get("type") or "1"
    if kind in ("a", "A") and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return f"{letter if kind == 'a' else letter.upper()}) "
    return f"{number}. "
