"""Templates to pages: the one place that makes HTML."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from corpus.model import Span
from search_api.model import Citation, Hit
from search_api.portal.reading import Piece, pieces_of, plan_part
from search_api.problems import Kind
from search_api.wording import (
    FIELDS,
    FORMATS,
    INTENTS,
    NOTES,
    SEVERITIES,
    VERDICTS,
    YEARS_FROM,
    coverage,
    lines_of,
    said,
    verdict,
)

_HERE = Path(__file__).parent


def page(template: str, shown: Mapping[str, object], status: int = 200) -> HTMLResponse:
    """Return the page that `template` makes of `shown`."""
    html = _templates().get_template(template).render(shown)
    return HTMLResponse(html.encode("utf-8", "replace"), status)


def text(template: str, shown: Mapping[str, object]) -> str:
    """Return what `template` makes of `shown`, for what is no page."""
    return _templates().get_template(template).render(shown)


def portal_static() -> StaticFiles:
    """Return the files that the pages load."""
    return StaticFiles(directory=_HERE / "static")


def error_page(kind: Kind, detail: str = "") -> HTMLResponse:
    """Return a page that says what went wrong and leads back to the question box."""
    return page("error.html", {"kind": kind, "detail": detail or kind.detail}, kind.status)


def downloads(path: str, query: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return where the table that the API gives at `path` is had as a file: name and address."""
    given = {name: value for name, value in query.items() if value not in ("", None)}
    return [
        (name, f"{path}?{urlencode({**given, 'format': form}, doseq=True)}")
        for form, name in FORMATS.items()
    ]


def place_url(citation: Citation, within: Span | None = None) -> str:
    """Return where the portal shows a citation: the plan, marked and scrolled to the place.

    With `within` only that part of the place is marked.
    """
    anchor = citation.url.partition("#")[2] if citation.kind != "plan" else "trich"
    span = within or citation.span
    marked = f"?from={span.start}&to={span.end}"
    return f"/plan/{quote(citation.plan_id)}{marked}#{anchor}"


@functools.cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        field_names=FIELDS,
        severities=SEVERITIES,
        note_names=NOTES,
        verdicts=VERDICTS,
        intents=INTENTS,
        said=said,
        verdict=verdict,
        coverage=coverage,
        years_from=YEARS_FROM,
        place_url=place_url,
        downloads=downloads,
        plan_part=plan_part,
    )
    environment.filters.update(date=_date, shown=lines_of, highlighted=_highlighted)
    return environment


def _date(value: object) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def _highlighted(hit: Hit) -> tuple[Piece, ...]:
    return pieces_of(hit.text, 0, [Span(start, end) for start, end in hit.highlights])
