"""What every reader returns: the blocks of a document in reading order, before any meaning."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.model import Note


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph of running text.

    `page` is 1-based, None where the format has no pages. `wrapped` is True where line ends are
    layout (PDF, raw text), False where they end a paragraph (DOCX, HTML, Markdown).
    """

    text: str
    page: int | None = None
    wrapped: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells: ``rows[r][c]`` is None where a merged cell to the left or above covers it.

    All rows have the same length. `pages[r]` is the 1-based page on which row r begins (empty where
    the format has no pages). `confidence` in 0..1 says how sure the reader is of the grid,
    `doubtful` are the indexes of rows whose cells may be cut in the wrong place.
    """

    rows: tuple[tuple[str | None, ...], ...]
    pages: tuple[int, ...] = ()
    confidence: float = 1.0
    doubtful: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A page ends here; kept so that a paragraph cut by it can be joined."""


Block = Line | Table | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: nothing is understood yet, nothing visible is lost.

    `format` is the kind of file ("text", "docx", "pdf", "scan", "html", "xlsx"), `pages` its number
    of pages or None. `recognised` says that the text came from optical character recognition,
    `confidence` in 0..1 how sure the recogniser was. `notes` are the reader's own doubts (no spans:
    there is no plan text yet).
    """

    name: str
    format: str
    sha256: str
    blocks: tuple[Block, ...]
    pages: int | None = None
    recognised: bool = False
    confidence: float | None = None
    notes: tuple[Note, ...] = ()
