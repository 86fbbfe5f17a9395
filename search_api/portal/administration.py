"""The page for administrators: it holds no data; its script asks the API for it with their key."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from search_api.portal.rendering import page
from search_api.uploads import State
from search_api.wording import VERDICTS

# What people read for how far a job is.
_STATES = {
    State.QUEUED: "chờ đến lượt",
    State.READING: "đang đọc tệp",
    State.WAITING: "chờ duyệt",
    State.INDEXING: "đang lập chỉ mục",
    State.DONE: "đã xong",
    State.FAILED: "không làm được",
    State.REJECTED: "đã bỏ",
}
_TASKS = {"upload": "Tải lên", "reread": "Đọc lại", "withdraw": "Gỡ"}


def administration_page() -> APIRouter:
    """Return the page; whoever sees it without a key sees an empty form."""
    router = APIRouter(include_in_schema=False)

    @router.get("/quan-tri", response_class=HTMLResponse)
    def administration() -> HTMLResponse:
        shown = {"states": _STATES, "tasks": _TASKS, "verdicts": VERDICTS}
        return page("administration.html", shown)

    return router
