"""What other sites put into their pages: the element, the frame, and how to use them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from search_api.engine import Engine
from search_api.origins import FRAMED, LOADED
from search_api.portal.rendering import page as render
from search_api.portal.rendering import text as render_text

_WIDGET = Path(__file__).parent / "static" / "widget.js"
# Seconds for which a browser keeps the script without asking; then it asks whether it has changed.
_KEPT = 3600


def embedding_routes(engine: Engine, origins: Sequence[str]) -> APIRouter:
    """Return what may stand in pages of `origins`, over an open `engine`."""
    router = APIRouter(include_in_schema=False)

    @router.get(LOADED)
    def widget() -> FileResponse:
        return FileResponse(
            _WIDGET,
            media_type="text/javascript; charset=utf-8",
            headers={"Cache-Control": f"public, max-age={_KEPT}"},
        )

    @router.get(FRAMED, response_class=HTMLResponse)
    def framed(
        province: Annotated[list[str], Query()] = [],  # noqa: B006  # read by FastAPI, never changed
        year: Annotated[list[str], Query()] = [],  # noqa: B006  # as above
    ) -> HTMLResponse:
        return render("framed.html", {"provinces": province, "years": year})

    @router.get("/huong-dan-nhung", response_class=HTMLResponse)
    def recipes(request: Request) -> HTMLResponse:
        provinces = engine.index.catalogue.provinces
        shown = {
            "base": str(request.base_url),
            "origin": str(request.base_url).rstrip("/"),
            "province": provinces[0] if provinces else "",
            "allowed": origins,
        }
        return render("recipes.html", shown)

    @router.get("/opensearch.xml")
    def opensearch(request: Request) -> Response:
        described = render_text("opensearch.xml", {"base": str(request.base_url)})
        return Response(described, media_type="application/opensearchdescription+xml")

    return router
