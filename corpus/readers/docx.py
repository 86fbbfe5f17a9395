"""Word documents: paragraphs and tables in reading order, as a reader of the page sees them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from corpus.errors import Refusal, UnreadableFile
from corpus.model import Note, Severity
from corpus.readers.document import Block, Document, Line, Table
from corpus.readers.encoding import (
    conversion_note,
    encoding_of_font,
    recoded,
    to_unicode,
)
from corpus.readers.grid import is_letterhead
from corpus.readers.limits import Limits, open_archive, read_member

# Column edges nearer than this (twentieths of a point; 2.5 mm) are one edge: Word keeps a separate
# edge for every row that somebody dragged by hand.
_EDGE_TOLERANCE = 144

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_LEVEL_REFERENCE = re.compile(r"%([1-9])")
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
)
_CHECKED = frozenset("\uf0fc\uf0fe\uf052\uf0fd\uf0fb\uf054")
_UNCHECKED = frozenset("\uf0a8\uf06f\uf071\uf072")
_OFF = frozenset({"0", "false", "off", "none"})

_Element = Any  # lxml has no types


def read_docx(path: Path, *, limits: Limits | None = None) -> Document:
    """Read a .docx file.

    Automatic numbers become text, tracked changes are accepted, headers, footers and hidden text
    are left out, letterhead and signature tables become lines, left column first. Raises
    `UnreadableFile`.
    """
    limits = limits or Limits()
    with open_archive(path, limits) as archive:
        parts = {
            name: _parse(path, read_member(archive, f"word/{name}.xml", limits))
            for name in ("document", "styles", "numbering", "footnotes")
        }
        images = sum(name.startswith("word/media/") for name in archive.namelist())
    if parts["document"] is None:
        raise UnreadableFile(path, Refusal.DAMAGED)
    reader = _Reader(
        path,
        limits,
        _Styles.of(parts["styles"]),
        _Numbering(parts["numbering"]),
        parts["footnotes"],
    )
    body = parts["document"].find(f"{_W}body")
    blocks = list(reader.blocks(body)) if body is not None else []
    blocks, notes = recoded(blocks)
    if reader.encodings:
        notes.append(conversion_note(reader.encodings))
    if reader.tracked:
        notes.append(
            Note(
                "tracked_changes",
                Severity.WARNING,
                "Văn bản còn sửa đổi được theo dõi (track changes); đã đọc như đã chấp nhận hết.",
            )
        )
    if images and not any(isinstance(block, Table) for block in blocks):
        notes.append(
            Note(
                "image_not_read",
                Severity.INFO,
                f"Văn bản có {images} hình ảnh không được đọc; nếu là ảnh chụp phụ lục, "
                "hãy nạp riêng bản quét.",
            )
        )
    return Document(
        name=path.name,
        format="docx",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        blocks=tuple(blocks),
        notes=tuple(notes),
    )


def safe_parser() -> etree.XMLParser:
    """Return an XML parser that follows no entity, no DTD and no network address."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _parse(path: Path, data: bytes | None) -> _Element:
    if data is None:
        return None
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:65536]:
        raise UnreadableFile(path, Refusal.BOMB)
    data = data.replace(_STRICT[1:-1].encode(), _W[1:-1].encode())
    try:
        return etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(path, Refusal.DAMAGED) from error


def _value(element: _Element, name: str) -> str | None:
    """Return ``<w:name w:val="…"/>`` below `element`."""
    found = element.find(f"{_W}{name}") if element is not None else None
    return found.get(f"{_W}val") if found is not None else None


def _switched(element: _Element, name: str) -> bool | None:
    """Return an on/off property: None where it is not given."""
    found = element.find(f"{_W}{name}") if element is not None else None
    return None if found is None else (found.get(f"{_W}val") or "1") not in _OFF


def _font(properties: _Element) -> str | None:
    fonts = properties.find(f"{_W}rFonts") if properties is not None else None
    if fonts is None:
        return None
    name: str | None = fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi")
    return name


@dataclass(frozen=True, slots=True)
class _Styles:
    """The styles part: every question is asked along the chain of "based on"."""

    by_id: dict[str, _Element]
    default: str | None

    @classmethod
    def of(cls, root: _Element) -> _Styles:
        styles = root.findall(f"{_W}style") if root is not None else []
        default = next(
            (
                style.get(f"{_W}styleId")
                for style in styles
                if style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") == "1"
            ),
            None,
        )
        return cls({style.get(f"{_W}styleId"): style for style in styles}, default)

    def chain(self, style_id: str | None) -> Iterator[_Element]:
        seen: set[str] = set()
        while style_id in self.by_id and style_id not in seen:
            seen.add(style_id)
            yield self.by_id[style_id]
            style_id = _value(self.by_id[style_id], "basedOn")

    def font(self, style_id: str | None) -> str | None:
        fonts = (_font(style.find(f"{_W}rPr")) for style in self.chain(style_id))
        return next((font for font in fonts if font), None)

    def switched(self, style_id: str | None, name: str) -> bool:
        values = (_switched(style.find(f"{_W}rPr"), name) for style in self.chain(style_id))
        return next((value for value in values if value is not None), False)

    def numbering(self, style_id: str | None) -> tuple[str, str | None, str | None]:
        """Return list id, level and the style that names the list ("" where there is none)."""
        for style in self.chain(style_id):
            properties = style.find(f"{_W}pPr/{_W}numPr")
            if properties is not None and _value(properties, "numId"):
                return (
                    _value(properties, "numId") or "",
                    _value(properties, "ilvl"),
                    style.get(f"{_W}styleId"),
                )
        return "", None, None

    def ruled(self, style_id: str | None) -> bool:
        return any(
            _has_rules(style.find(f"{_W}tblPr/{_W}tblBorders")) for style in self.chain(style_id)
        )


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    space: str
    legal: bool
    restart: int | None
    style: str | None


class _Numbering:
    """Word's automatic numbers: lists share the counters of their abstract list."""

    def __init__(self, root: _Element) -> None:
        self.levels: dict[str, dict[int, _Level]] = {}
        self.lists: dict[str, tuple[str, dict[int, int], dict[int, _Level]]] = {}
        self.counters: dict[str, dict[int, int]] = {}
        self.started: set[tuple[str, int]] = set()
        if root is None:
            return
        links = {}
        for abstract in root.findall(f"{_W}abstractNum"):
            name = abstract.get(f"{_W}abstractNumId")
            self.levels[name] = dict(map(_read_level, abstract.findall(f"{_W}lvl")))
            if _value(abstract, "styleLink"):
                links[_value(abstract, "styleLink")] = name
        for abstract in root.findall(f"{_W}abstractNum"):
            linked = links.get(_value(abstract, "numStyleLink") or "")
            if linked:
                self.levels[abstract.get(f"{_W}abstractNumId")] = self.levels[linked]
        for number in root.findall(f"{_W}num"):
            starts: dict[int, int] = {}
            levels: dict[int, _Level] = {}
            for override in number.findall(f"{_W}lvlOverride"):
                index = _integer(override.get(f"{_W}ilvl"), 0)
                if _value(override, "startOverride") is not None:
                    starts[index] = _integer(_value(override, "startOverride"), 1)
                level = override.find(f"{_W}lvl")
                if level is not None:
                    levels[index] = _read_level(level)[1]
            abstract_id = _value(number, "abstractNumId") or ""
            self.lists[number.get(f"{_W}numId")] = (abstract_id, starts, levels)

    def label(self, list_id: str, level: int | None, style: str | None) -> str:
        """Count one more paragraph of a list and return its number with the space after it."""
        if list_id not in self.lists:
            return ""
        abstract, starts, own = self.lists[list_id]
        levels = {**self.levels.get(abstract, {}), **own}
        if level is None:
            level = next((i for i, one in levels.items() if style and one.style == style), 0)
        if level not in levels:
            return ""
        counters = self.counters.setdefault(abstract, {})
        if level in starts and (list_id, level) not in self.started:
            counters[level] = starts[level]
            self.started.add((list_id, level))
        else:
            counters[level] = counters[level] + 1 if level in counters else levels[level].start
        for deeper in [index for index in counters if index > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart != 0 and (restart is None or level < restart):
                del counters[deeper]
        this = levels[level]
        if this.form == "bullet":
            return f"{this.text if this.text in ('-', '+', '*', '–') else '-'} "
        if this.form == "none" and not this.text:
            return ""

        def number(reference: re.Match[str]) -> str:
            index = int(reference[1]) - 1
            if index not in levels:
                return ""
            form = "decimal" if this.legal and index < level else levels[index].form
            return _numeral(counters.get(index, levels[index].start), form)

        text = _LEVEL_REFERENCE.sub(number, this.text).strip()
        return text + ("" if this.space == "nothing" or not text else " ")


def _read_level(level: _Element) -> tuple[int, _Level]:
    restart = _value(level, "lvlRestart")
    return _integer(level.get(f"{_W}ilvl"), 0), _Level(
        start=_integer(_value(level, "start"), 1),
        form=_value(level, "numFmt") or "decimal",
        text=_value(level, "lvlText") or "",
        space=_value(level, "suff") or "tab",
        legal=bool(_switched(level, "isLgl")),
        restart=None if restart is None else _integer(restart, 0),
        style=_value(level, "pStyle"),
    )


def _integer(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default


def _numeral(number: int, form: str) -> str:
    if form in ("upperRoman", "lowerRoman"):
        roman = ""
        rest = min(number, 4_000)
        for value, letters in _ROMAN:
            roman += letters * (rest // value) if rest >= value else ""
            rest %= value
        return roman if form == "upperRoman" else roman.lower()
    if form in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 20)
        return letter.upper() if form == "upperLetter" else letter
    return {"decimalZero": f"{number:02d}", "none": ""}.get(form, str(number))


@dataclass
class _Paragraph:
    """What one paragraph shows, and what hangs on it."""

    pieces: list[tuple[str, str | None]] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)

    def text(self) -> str:
        out = []
        for encoding, group in groupby(self.pieces, key=lambda piece: piece[1]):
            text = "".join(piece for piece, _ in group)
            out.append(to_unicode(text, encoding) if encoding else text)
        return "".join(out)


@dataclass
class _Reader:
    path: Path
    limits: Limits
    styles: _Styles
    lists: _Numbering
    footnotes: _Element
    encodings: set[str] = field(default_factory=set)
    tracked: bool = False
    cells: int = 0
    carried: list[tuple[str, str | None]] = field(default_factory=list)

    def blocks(self, parent: _Element) -> Iterator[Block]:
        for child in parent:
            name = _local(child)
            if name == "p":
                yield from self.paragraph(child)
            elif name == "tbl":
                yield from self.table(child)
            elif name in ("del", "moveFrom"):
                self.tracked = True
            elif name == "AlternateContent":
                yield from self.blocks(_chosen(child))
            elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
                yield from self.blocks(child)

    def paragraph(self, element: _Element, *, keep_label: bool = False) -> Iterator[Block]:
        """Yield the lines of a paragraph, then of its text boxes and footnotes."""
        read = _Paragraph(pieces=self.carried)
        properties = element.find(f"{_W}pPr")
        style = _value(properties, "pStyle") or self.styles.default
        self.walk(element, read, style)
        mark = properties.find(f"{_W}rPr") if properties is not None else None
        if mark is not None and mark.find(f"{_W}del") is not None:
            self.tracked = True
            self.carried = read.pieces
            return
        self.carried = []
        label = self.label(properties, style)
        text = read.text()
        if text.strip() or keep_label:
            for index, line in enumerate(text.split("\n")):
                shown = (label if index == 0 else "") + line.strip()
                if shown.strip():
                    yield Line(shown.strip())
        for box in read.boxes:
            yield from self.blocks(box)
        for number in read.footnotes:
            yield from self.footnote(number)

    def label(self, properties: _Element, style: str | None) -> str:
        own = properties.find(f"{_W}numPr") if properties is not None else None
        inherited, level, named = self.styles.numbering(style)
        list_id = _value(own, "numId")
        if list_id is None:
            list_id = inherited
        else:
            named = None
        own_level = _value(own, "ilvl")
        chosen = own_level if own_level is not None else level
        if chosen is None and not named:
            chosen = "0"
        if list_id in ("", "0"):
            return ""
        return self.lists.label(list_id, None if chosen is None else _integer(chosen, 0), named)

    def footnote(self, number: str) -> Iterator[Block]:
        if self.footnotes is None:
            return
        for note in self.footnotes.findall(f"{_W}footnote"):
            if note.get(f"{_W}id") == number:
                lines = [block.text for block in self.blocks(note) if isinstance(block, Line)]
                if lines:
                    yield Line(f"[{number}] {' '.join(lines)}")

    def walk(self, parent: _Element, read: _Paragraph, style: str | None) -> None:
        for child in parent:
            name = _local(child)
            if name == "r":
                self.run(child, read, style)
            elif name in ("del", "moveFrom"):
                self.tracked = True
            elif name in ("ins", "moveTo"):
                self.tracked = True
                self.walk(child, read, style)
            elif name == "AlternateContent":
                self.walk(_chosen(child), read, style)
            elif name in ("oMath", "oMathPara"):
                read.pieces.append(
                    ("".join(t.text or "" for t in child.iter() if _local(t) == "t"), None)
                )
            elif name not in ("pPr", "rPr", "sdtPr", "sdtEndPr", "bookmarkStart", "bookmarkEnd"):
                self.walk(child, read, style)

    def run(self, run: _Element, read: _Paragraph, style: str | None) -> None:
        properties = run.find(f"{_W}rPr")
        own_style = _value(properties, "rStyle")
        if self.is_on(properties, own_style, style, "vanish"):
            return
        font = _font(properties) or self.styles.font(own_style) or self.styles.font(style)
        encoding = encoding_of_font(font)
        capitals = self.is_on(properties, own_style, style, "caps")

        def add(text: str) -> None:
            if encoding and any(character > "\x7f" for character in text):
                self.encodings.add(encoding)
            read.pieces.append((text.upper() if capitals and not encoding else text, encoding))

        def visit(parent: _Element) -> None:
            for child in parent:
                name = _local(child)
                if name == "t":
                    add(child.text or "")
                elif name in ("tab", "ptab"):
                    add(" ")
                elif name in ("br", "cr"):
                    if child.get(f"{_W}type") in (None, "textWrapping"):
                        add("\n")
                elif name == "noBreakHyphen":
                    add("-")
                elif name == "sym":
                    add(_symbol(child))
                elif name == "footnoteReference":
                    read.footnotes.append(child.get(f"{_W}id") or "")
                elif name == "AlternateContent":
                    visit(_chosen(child))
                elif name in ("drawing", "pict", "object"):
                    read.boxes.extend(_text_boxes(child))

        visit(run)

    def is_on(
        self, properties: _Element, run_style: str | None, style: str | None, name: str
    ) -> bool:
        own = _switched(properties, name)
        if own is not None:
            return own
        return self.styles.switched(run_style, name) or self.styles.switched(style, name)

    def table(self, element: _Element) -> Iterator[Block]:
        """Yield a table, or the lines of one that only lays out a letterhead."""
        properties = element.find(f"{_W}tblPr")
        rows: list[list[tuple[int, int, list[Block] | None]]] = []
        for row in _rows(element):
            row_properties = row.find(f"{_W}trPr")
            if row_properties is not None and row_properties.find(f"{_W}del") is not None:
                self.tracked = True
                continue
            rows.append(self.row(row, row_properties))
        edges = _snapped(element, rows)
        ruled = (
            _has_rules(properties.find(f"{_W}tblBorders") if properties is not None else None)
            or self.styles.ruled(_value(properties, "tblStyle"))
            or any(_has_rules(borders) for borders in element.iter(f"{_W}tcBorders"))
        )
        starts = sorted({edges[start] for row in rows for start, _, _ in row})
        column_of = {edge: index for index, edge in enumerate(starts)}
        width = len(starts)
        self.cells += width * len(rows)
        if self.cells > self.limits.cells:
            raise UnreadableFile(self.path, Refusal.TOO_LARGE)
        grid: list[list[list[Block] | None]] = []
        for row in rows:
            line: list[list[Block] | None] = [None] * width
            covered = 0
            for start, end, content in row:
                column = column_of[edges[start]]
                line[column] = [*(line[column] or []), *content] if content is not None else None
                covered = max(covered, sum(edge < edges[end] for edge in starts))
            for column in range(covered, width):
                line[column] = []
            grid.append(line)
        texts = [[None if cell is None else _cell_text(cell) for cell in row] for row in grid]
        if not any(cell for row in texts for cell in row):
            return
        if width == 1 or is_letterhead(texts, ruled=ruled):
            for column in range(width):
                for row_blocks in grid:
                    yield from row_blocks[column] or ()
            return
        yield Table(tuple(map(tuple, texts)))

    def row(self, row: _Element, properties: _Element) -> list[tuple[int, int, list[Block] | None]]:
        """Return first grid column, end column and content (None: continued) of every cell."""
        place = _integer(_value(properties, "gridBefore"), 0)
        out: list[tuple[int, int, list[Block] | None]] = []
        if place:
            out.append((0, place, []))
        for cell in _cells(row):
            settings = cell.find(f"{_W}tcPr")
            span = max(1, min(_integer(_value(settings, "gridSpan"), 1), 1_000))
            merge = settings.find(f"{_W}vMerge") if settings is not None else None
            across = settings.find(f"{_W}hMerge") if settings is not None else None
            continued = any(
                found is not None and found.get(f"{_W}val") in (None, "continue")
                for found in (merge, across)
            )
            content = list(self.cell(cell))
            out.append((place, place + span, None if continued else content))
            place += span
        return out

    def cell(self, cell: _Element) -> Iterator[Block]:
        for child in cell:
            if _local(child) == "p":
                yield from self.paragraph(child, keep_label=True)
            else:
                yield from self.blocks([child])


def _local(element: _Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _chosen(alternative: _Element) -> _Element:
    """Return the branch Word would show: the choice, or the fallback where there is none."""
    return next(iter(alternative), alternative)


def _text_boxes(drawing: _Element) -> Iterator[_Element]:
    """Yield the outermost text boxes of a drawing."""
    for child in drawing:
        if _local(child) == "txbxContent":
            yield child
        elif _local(child) == "AlternateContent":
            yield from _text_boxes(_chosen(child))
        else:
            yield from _text_boxes(child)


def _symbol(element: _Element) -> str:
    try:
        character = chr(int(element.get(f"{_W}char") or "", 16))
    except (ValueError, OverflowError):
        return ""
    if "wingdings" in (element.get(f"{_W}font") or "").lower():
        shown = chr(0xF000 | (ord(character) & 0xFF))
        return "☑" if shown in _CHECKED else "☐" if shown in _UNCHECKED else "-"
    return character


def _rows(table: _Element) -> Iterator[_Element]:
    for child in table:
        name = _local(child)
        if name == "tr":
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _rows(child)


def _cells(row: _Element) -> Iterator[_Element]:
    for child in row:
        name = _local(child)
        if name == "tc":
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _cells(child)


def _has_rules(borders: _Element) -> bool:
    return borders is not None and any(
        border.get(f"{_W}val") not in (None, "nil", "none") for border in borders
    )


def _snapped(table: _Element, rows: list[list[tuple[int, int, list[Block] | None]]]) -> list[int]:
    """Return, for every grid edge, the edge it is merged into (edges a hair apart are one)."""
    last = max((end for row in rows for _, end, _ in row), default=0)
    widths = [
        _integer(column.get(f"{_W}w"), 0) for column in table.findall(f"{_W}tblGrid/{_W}gridCol")
    ]
    widths += [_EDGE_TOLERANCE + 1] * (last - len(widths))
    edges = [0]
    for index in range(last):
        edges.append(edges[index] if widths[index] <= _EDGE_TOLERANCE else index + 1)
    # A row that uses both edges has a narrow column of its own: keep them apart.
    for row in rows:
        for (start, end, _), (following, _, _) in pairwise([*row, (last, last, None)]):
            if edges[start] == edges[end] and start != following:
                return list(range(last + 1))
    return edges


def _cell_text(blocks: list[Block]) -> str:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Line):
            lines.append(block.text)
        elif isinstance(block, Table):
            lines.extend(" ".join(cell for cell in row if cell) for row in block.rows)
    return "\n".join(lines)
