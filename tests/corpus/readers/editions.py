"""The shipped plans printed again: as DOCX, XLSX, HTML, PDF, old formats and scans, with the truth.

`truths()` gives what every edition must be read as. The writers put it into files the way
offices do; nothing here knows how the readers work.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from corpus.text import normalise
from tests.conftest import find_chromium

PLANS = Path(__file__).parents[3] / "corpus" / "data" / "plans"

# How many lines of the raw text each cell of a row takes: activity, lead, support, product.
_LINES_OF_000 = (
    (4, 3, 3, 3),
    (2, 3, 2, 2),
    (3, 5, 3, 4),
    (2, 3, 4, 3),
    (5, 3, 6, 2),
    (7, 2, 5, 3),
    (3, 5, 6, 11),
    (9, 3, 4, 3),
)
_NUMBERED = re.compile(r"^(\d{1,2})\. (?=\S)")
_LETTERED = re.compile(r"^([a-z])\) (?=\S)")


@dataclass(frozen=True)
class Text:
    """A paragraph; `centred` and `bold` only matter to its looks, `side` sets it in a column."""

    text: str
    centred: bool = False
    bold: bool = False
    side: str = ""


@dataclass(frozen=True)
class Rows:
    """A table: None where a merged cell to the left or above covers the place."""

    rows: tuple[tuple[str | None, ...], ...]
    header: int = 1
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Truth:
    """A plan as it must be read."""

    name: str
    blocks: tuple[Text | Rows, ...] = field(default=())

    @property
    def paragraphs(self) -> list[str]:
        return [block.text for block in self.blocks if isinstance(block, Text)]

    @property
    def tables(self) -> list[Rows]:
        return [block for block in self.blocks if isinstance(block, Rows)]

    def only_tables(self) -> Truth:
        """Return the appendix alone, as a spreadsheet holds it."""
        first = next(i for i, block in enumerate(self.blocks) if isinstance(block, Rows))
        return Truth(self.name, self.blocks[max(0, first - 3) :])


def truths() -> dict[str, Truth]:
    """Return the truth of both shipped plans and of a harder table made from their rows."""
    appendix, plan = appendix_of_000(), plan_of_001()
    return {"appendix": appendix, "plan": plan, "merged": merged_table(plan)}


def plan_of_001() -> Truth:
    raw = next(PLANS.glob("001_*")).read_text(encoding="utf-8")
    blocks: list[Text | Rows] = []
    table: list[tuple[str | None, ...]] = []
    for line in raw.split("\n"):
        if "\t" in line:
            cells = tuple(normalise(cell) for cell in line.split("\t"))
            cells += ("",) * (8 - len(cells))
            if not table or cells != table[0]:
                table.append(cells)
            continue
        text = normalise(re.sub(r"^#+ |\*|[<>]", "", line.strip()))
        if not text or re.fullmatch(r"[\d/]+ [\d:]+", text):
            continue
        last = blocks[-1] if blocks else None
        if (
            isinstance(last, Text)
            and text[0].islower()
            and re.search(r"[\w,]$", last.text)
            and not _LETTERED.match(text)
            and not last.centred
        ):
            blocks[-1] = Text(f"{last.text} {text}", bold=last.bold)
            continue
        bold = "**" in line or line.startswith("#")
        centred = bold and not re.match(r"^(?:[IVX]+|\d+)\.|Nơi nhận|KT\.|PHÓ|Nguyễn", text)
        if text.startswith(("trên địa bàn tỉnh Kiên Giang", "(Kèm theo", "(Phụ lục")):
            centred = True
        blocks.append(Text(text, centred=centred, bold=bold))
    blocks = [_on_its_side(block) for block in blocks]
    blocks.append(Rows(tuple(table), widths=(2.0, 6.3, 4.0, 4.0, 4.4, 2.0, 2.0, 2.0)))
    return Truth("plan", tuple(blocks))


def _on_its_side(block: Text | Rows) -> Text | Rows:
    if isinstance(block, Text):
        if block.text.startswith(("Số:", "Nơi nhận")) or re.match(r"- (?:.*;|Lưu:.*)$", block.text):
            return Text(block.text, bold=block.bold, side="left")
        if re.match(r"Kiên Giang, ngày|KT\. CHỦ|PHÓ CHỦ|Nguyễn Lưu", block.text):
            return Text(block.text, bold=block.bold, side="right")
    return block


def appendix_of_000() -> Truth:
    raw = next(PLANS.glob("000_*")).read_text(encoding="utf-8")
    lines = [normalise(line) for line in raw.split("\n") if normalise(line)]
    lines = [line for line in lines if line]
    start = lines.index("1")
    rest = lines[start:]
    rows: list[tuple[str | None, ...]] = [
        ("Số TT", "Nội dung/hoạt động", "Đơn vị thực hiện", None, "Sản phẩm dự kiến"),
        (None, None, "Đơn vị chủ trì", "Đơn vị phối hợp", None),
    ]
    place = 0
    for number, counts in enumerate(_LINES_OF_000, start=1):
        while rest[place] != str(number):
            place += 1
        place += 1
        cells = [str(number)]
        for count in counts:
            cells.append(" ".join(rest[place : place + count]))
            place += count
        rows.append(tuple(cells))
    assert place == len(rest), rest[place:]
    return Truth(
        "appendix",
        (
            Text("Phụ lục", centred=True, bold=True),
            Text(lines[1], centred=True, bold=True),
            Text(lines[2], centred=True),
            Rows(tuple(rows), header=2, widths=(1.2, 7.0, 4.5, 4.2, 5.0)),
        ),
    )


def merged_table(plan: Truth) -> Truth:
    """Return forty rows with group rows, merged numbers, lists in cells and blanks."""
    source = [row for row in plan.tables[0].rows[1:] if row[2]]
    header = ("STT", "Nhiệm vụ", "Sản phẩm", "Thời gian hoàn thành", "Chủ trì", "Phối hợp")
    rows: list[tuple[str | None, ...]] = [header]
    groups = ("I", "II", "III", "IV")
    for group, numeral in enumerate(groups):
        rows.append((numeral, f"Nhóm nhiệm vụ {group + 1}", "", "", "", ""))
        for number in range(1, 9):
            row = source[(group * 8 + number) % len(source)]
            time = f"Quý {number % 4 + 1}/2026" if number % 3 else ""
            activity = f"{row[1]}\n- Báo cáo kết quả" if number % 4 == 0 else row[1]
            rows.append((str(number), activity, row[4], time, row[2], row[3]))
            if number % 5 == 0:
                rows.append((None, None, "Báo cáo tổng kết", "Tháng 12/2026", row[2], ""))
    return Truth(
        "merged",
        (
            Text("PHỤ LỤC I", centred=True, bold=True),
            Text("DANH MỤC NHIỆM VỤ NĂM 2026", centred=True, bold=True),
            Rows(tuple(rows), widths=(2.0, 7.0, 5.0, 3.0, 4.5, 4.5)),
        ),
    )


# Writers ----------------------------------------------------------------------------------------


def write_docx(
    truth: Truth,
    path: Path,
    *,
    borders: str = "single",
    landscape: bool = False,
    automatic_numbers: bool = False,
    indent: bool = True,
) -> Path:
    """Write a .docx by python-docx; `borders` is single, dashed, dotted or none."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    style.paragraph_format.space_after = Pt(6)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.5), Cm(1.5)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)
    _page_number(section)
    usable = (section.page_width - section.left_margin - section.right_margin) / Cm(1)
    labels = _automatic(truth) if automatic_numbers else {}
    lists = _Lists(document) if automatic_numbers else None
    blocks = list(truth.blocks)
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if isinstance(block, Text) and block.side:
            end = index
            while end < len(blocks) and isinstance(blocks[end], Text) and blocks[end].side:
                end += 1
            _write_sides(document, blocks[index:end])
            index = end
            continue
        if isinstance(block, Rows):
            _write_table(document, block, borders, usable)
        else:
            paragraph = document.add_paragraph()
            text = block.text
            if block in labels and lists is not None:
                kind, number, text = labels[block]
                lists.number(paragraph, kind, restart=number == 1)
            paragraph.add_run(text).bold = block.bold
            if block.centred:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            else:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
                if indent:
                    paragraph.paragraph_format.first_line_indent = Cm(1.27)
        index += 1
    document.save(str(path))
    return path


def _page_number(section: object) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = section.footer.paragraphs[0]  # type: ignore[attr-defined]
    field_ = OxmlElement("w:fldSimple")
    field_.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field_)
    paragraph.alignment = 1


def _write_sides(document: object, blocks: list[Text | Rows]) -> None:
    from docx.oxml import OxmlElement

    table = document.add_table(rows=1, cols=2)  # type: ignore[attr-defined]
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for side, cell in zip(("left", "right"), table.rows[0].cells, strict=True):
        texts = [block for block in blocks if isinstance(block, Text) and block.side == side]
        for number, block in enumerate(texts):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.add_run(block.text).bold = block.bold
            if side == "right":
                paragraph.alignment = 1


def _write_table(document: object, block: Rows, borders: str, usable: float) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]))  # type: ignore[attr-defined]
    properties = table._tbl.tblPr
    if borders != "none":
        edges = OxmlElement("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            edge = OxmlElement(f"w:{side}")
            edge.set(qn("w:val"), borders)
            edge.set(qn("w:sz"), "4")
            edges.append(edge)
        properties.append(edges)
    table.autofit = False
    widths = [Cm(width * usable / sum(block.widths)) for width in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    # python-docx builds a row's cells anew on every access: take each once.
    grid = [list(row.cells) for row in table.rows]
    for r, (row, cells) in enumerate(zip(grid, block.rows, strict=True)):
        for cell, text, width in zip(row, cells, widths, strict=True):
            cell.width = width
            if text:
                for number, line in enumerate(text.split("\n")):
                    paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                    paragraph.add_run(line).font.size = Pt(11)
                    paragraph.paragraph_format.space_after = Pt(0)
                    paragraph.alignment = 1 if r < block.header else 0
            else:
                cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    for r, c, low, right in merged_places(block.rows):
        text = block.rows[r][c]
        merged = grid[r][c].merge(grid[low][right])
        for paragraph in merged.paragraphs[1:]:
            if not paragraph.text:
                paragraph._p.getparent().remove(paragraph._p)
        assert merged.text == text
    for row in table.rows[: block.header]:
        repeat = OxmlElement("w:tblHeader")
        row._tr.get_or_add_trPr().append(repeat)


def merged_places(rows: tuple[tuple[str | None, ...], ...]) -> list[tuple[int, int, int, int]]:
    """Return row, column, last row and last column of every merged cell."""
    out = []
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text is None:
                continue
            right, low = c, r
            while right + 1 < len(row) and row[right + 1] is None and (r, right + 1) not in taken:
                right += 1
            while right == c and low + 1 < len(rows) and rows[low + 1][c] is None:
                low += 1
            taken.update((i, j) for i in range(r, low + 1) for j in range(c, right + 1))
            if (low, right) != (r, c):
                out.append((r, c, low, right))
    return out


class _Lists:
    """Automatic numbering in a python-docx document: one abstract list per kind."""

    def __init__(self, document: object) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        self.root = document.part.numbering_part.element  # type: ignore[attr-defined]
        self.spaces = nsdecls("w")
        self.next = 900
        self.current: dict[str, int] = {}
        self.abstract: dict[str, int] = {}
        for kind, form, text in (("number", "decimal", "%1."), ("letter", "lowerLetter", "%1)")):
            self.next += 1
            self.abstract[kind] = self.next
            self.root.insert(
                0,
                parse_xml(
                    f'<w:abstractNum {self.spaces} w:abstractNumId="{self.next}">'
                    f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
                    f'<w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
                ),
            )

    def number(self, paragraph: object, kind: str, *, restart: bool) -> None:
        from docx.oxml import parse_xml

        if restart or kind not in self.current:
            self.next += 1
            self.current[kind] = self.next
            self.root.append(
                parse_xml(
                    f'<w:num {self.spaces} w:numId="{self.next}">'
                    f'<w:abstractNumId w:val="{self.abstract[kind]}"/>'
                    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
                )
            )
        properties = paragraph._p.get_or_add_pPr()  # type: ignore[attr-defined]
        properties.append(
            parse_xml(
                f'<w:numPr {self.spaces}><w:ilvl w:val="0"/>'
                f'<w:numId w:val="{self.current[kind]}"/></w:numPr>'
            )
        )


def _automatic(truth: Truth) -> dict[Text, tuple[str, int, str]]:
    """Return the paragraphs whose number Word may write: runs that count 1, 2, 3 or a, b, c."""
    labels: dict[Text, tuple[str, int, str]] = {}
    expected = {"number": 1, "letter": 1}
    for block in truth.blocks:
        if not isinstance(block, Text):
            continue
        for kind, pattern in (("number", _NUMBERED), ("letter", _LETTERED)):
            match = pattern.match(block.text)
            if not match:
                continue
            value = int(match[1]) if kind == "number" else ord(match[1]) - ord("a") + 1
            if value == 1 or (value == expected[kind] and expected[kind] > 1):
                labels[block] = (kind, value, block.text[match.end() :])
                expected[kind] = value + 1
            else:
                expected[kind] = 0
    return labels


def write_html(truth: Truth, path: Path) -> Path:
    """Write the page of a portal: menus and footers around the plan, a table with spans."""
    out = [
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Cổng thông tin</title>",
        "<style>body{font-family:'Liberation Serif'}table.a,.a td,.a th{border:1px solid black;",
        "border-collapse:collapse} td{vertical-align:top}</style></head><body>",
        "<header><div class='banner'>CỔNG THÔNG TIN ĐIỆN TỬ</div></header>",
        "<nav><ul><li><a href='/'>Trang chủ</a></li><li><a href='/vb'>Văn bản</a></li></ul></nav>",
        "<div class='breadcrumb'><a href='/'>Trang chủ</a> / Văn bản</div>",
        "<div id='main'><div class='content'>",
    ]
    sides: list[Text] = []

    def flush() -> None:
        if sides:
            cells = [
                "".join(f"<p>{html.escape(t.text)}</p>" for t in sides if t.side == side)
                for side in ("left", "right")
            ]
            out.append(
                "<table width='100%' border='0'><tr>"
                + "".join(f"<td width='50%'>{cell}</td>" for cell in cells)
                + "</tr></table>"
            )
            sides.clear()

    for block in truth.blocks:
        if isinstance(block, Text) and block.side:
            sides.append(block)
            continue
        flush()
        if isinstance(block, Rows):
            out.append(_html_table(block))
        else:
            words = html.escape(block.text).split(" ")
            text = "\n    ".join(" ".join(words[i : i + 12]) for i in range(0, len(words), 12))
            out.append(f"<p>{'<b>' + text + '</b>' if block.bold else text}</p>")
    flush()
    out.append("</div></div><aside><p>Tin liên quan: xem thêm các tin khác</p></aside>")
    out.append("<footer><p>Bản quyền thuộc về Ủy ban nhân dân tỉnh</p></footer></body></html>")
    path.write_text("\n".join(out), encoding="utf-8")
    return path


def _html_table(block: Rows) -> str:
    spans = {(r, c): (low - r + 1, right - c + 1) for r, c, low, right in merged_places(block.rows)}
    out = ["<table class='a' border='1'>"]
    for r, row in enumerate(block.rows):
        out.append("<tr>")
        for c, text in enumerate(row):
            if text is None:
                continue
            down, across = spans.get((r, c), (1, 1))
            tag = "th" if r < block.header else "td"
            content = "<br>".join(html.escape(line) for line in text.split("\n"))
            out.append(f"<{tag} rowspan='{down}' colspan='{across}'>{content}</{tag}>")
        out.append("</tr>")
    return "".join([*out, "</table>"])


def write_xlsx(truth: Truth, path: Path) -> Path:
    """Write a workbook: title lines above the table, numbers as numbers, merged cells."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    line = 1
    for block in truth.blocks:
        if isinstance(block, Text):
            sheet.cell(line, 1, block.text)
            line += 1
            continue
        for r, row in enumerate(block.rows):
            for c, text in enumerate(row):
                if text:
                    number = re.fullmatch(r"\d+(?:\.\d+)?", text)
                    value = float(text) if number else text
                    cell = sheet.cell(line + r, c + 1, value)
                    if number and "." not in text:
                        cell.value = int(text)
        for r, c, low, right in merged_places(block.rows):
            sheet.merge_cells(
                start_row=line + r, start_column=c + 1, end_row=line + low, end_column=right + 1
            )
        line += len(block.rows)
    book.save(path)
    return path


# Printers ---------------------------------------------------------------------------------------


def convert(paths: Sequence[Path], to: str, folder: Path) -> list[Path]:
    """Convert by LibreOffice, all in one start; results are named after their sources."""
    profile = folder / "profile"
    subprocess.run(
        [
            "soffice", "--headless", f"-env:UserInstallation=file://{profile}",
            "--convert-to", to, "--outdir", str(folder), *map(str, paths),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )  # fmt: skip
    return [folder / f"{path.stem}.{to}" for path in paths]


def print_by_browser(path: Path, target: Path) -> Path:
    """Print a web page to PDF by Chromium."""
    program = find_chromium()
    assert program, "Chromium is not here"
    subprocess.run(
        [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
            f"--print-to-pdf={target}", f"file://{path}",
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )  # fmt: skip
    return target


def rotate(path: Path, target: Path, angle: int) -> Path:
    """Turn every page of a PDF, so that its text runs sideways or stands on its head."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    for page in pdf:
        page.set_rotation(angle)
    pdf.save(target)
    pdf.close()
    return target


def scan(
    path: Path,
    target: Path,
    *,
    dpi: int = 200,
    skew: float = 0.0,
    noise: float = 0.0,
    pages: tuple[int, int] | None = None,
) -> Path:
    """Print a PDF and scan it again: grey, turned by `skew` degrees, with `noise` grey levels."""
    import numpy as np
    from PIL import Image, ImageFilter

    work = target.with_suffix(".pages")
    work.mkdir(exist_ok=True)
    chosen = [] if pages is None else ["-f", str(pages[0]), "-l", str(pages[1])]
    subprocess.run(
        ["pdftoppm", "-gray", "-r", str(dpi), *chosen, str(path), str(work / "page")],
        check=True,
        capture_output=True,
    )
    images = []
    random = np.random.default_rng(7)
    for file in sorted(work.glob("page*.pgm")):
        image = Image.open(file)
        if skew:
            image = image.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
        if noise:
            image = image.filter(ImageFilter.GaussianBlur(0.6))
            grey = np.asarray(image, dtype=float) + random.normal(0, noise, image.size[::-1])
            image = Image.fromarray(np.clip(grey, 0, 255).astype("uint8"))
        images.append(image.convert("L"))
    if target.suffix == ".pdf":
        images[0].save(target, save_all=True, append_images=images[1:], resolution=dpi)
    else:
        images[0].save(target, dpi=(dpi, dpi))
    shutil.rmtree(work)
    return target


# Scores -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """How much of a truth was read exactly (white space, dashes and dots apart)."""

    rows: int
    rows_right: int
    cells: int
    cells_right: int
    paragraphs: int
    paragraphs_right: int
    characters: float

    @property
    def cell_rate(self) -> float:
        return self.cells_right / max(1, self.cells)

    @property
    def paragraph_rate(self) -> float:
        return self.paragraphs_right / max(1, self.paragraphs)


def score(document: object, truth: Truth) -> Score:
    """Compare a Document with the truth: tables in order, paragraphs in order."""
    from rapidfuzz.distance import LCSseq, Levenshtein

    from corpus.readers.document import Line, Table

    blocks = document.blocks  # type: ignore[attr-defined]
    found = [block for block in blocks if isinstance(block, Table)]
    rows = rows_right = cells = cells_right = 0
    distance = length = 0
    for index, table in enumerate(truth.tables):
        read = [list(map(_plain, row)) for row in found[index].rows] if index < len(found) else []
        want = [list(map(_plain, row)) for row in table.rows]
        for place, row in enumerate(want):
            near = _best_row(row, place, read)
            rows += 1
            rows_right += near == row
            cells += len(row)
            near = [*near, *[""] * (len(row) - len(near))]
            cells_right += sum(a == b for a, b in zip(row, near, strict=False))
            for a, b in zip(row, near, strict=False):
                distance += Levenshtein.distance(a, b)
                length += len(a)
    want_lines = list(map(_plain, truth.paragraphs))
    got_lines = [_plain(block.text) for block in blocks if isinstance(block, Line)]
    for a, b in pairwise([" ".join(want_lines), " ".join(got_lines)]):
        distance += Levenshtein.distance(a, b)
        length += len(a)
    return Score(
        rows,
        rows_right,
        cells,
        cells_right,
        len(want_lines),
        LCSseq.similarity(want_lines, got_lines),
        1 - distance / max(1, length),
    )


def _best_row(row: list[str], place: int, read: list[list[str]]) -> list[str]:
    """Return the row read that stands for `row`: most cells alike, near the same place."""
    near = range(max(0, place - 3), min(len(read), place + 4))
    return max(
        (read[i] for i in near),
        key=lambda one: sum(a == b for a, b in zip(row, one, strict=False)),
        default=[],
    )


def _plain(text: str | None) -> str:
    if text is None:
        return ""
    text = re.sub(r"\s+", " ", normalise(text)).strip()
    return re.sub("[–—]", "-", text.replace("…", "..."))
