"""The API for administrators: plans sent, checked, approved and withdrawn; remarks on answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from corpus.model import Plan
from search_api import schemas
from search_api.access import Caller, Scope, require
from search_api.engine import Engine
from search_api.errors import NoFileSent, UnknownPlan
from search_api.feedback import Feedback
from search_api.gate import LARGEST_BODY_OF_ROUTE
from search_api.routes import PROBLEMS
from search_api.uploads import LARGEST_UPLOAD, Job, Uploads

# A form around the file: its borders and the name of its field.
_AROUND_THE_FILE = 10_000
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


def administration_routes(engine: Engine, uploads: Uploads) -> APIRouter:
    """Return the routes that change what the index over which `engine` is open holds."""
    router = APIRouter(
        prefix="/v1", dependencies=[Depends(require(Scope.ADMIN))], responses=PROBLEMS
    )

    def plan_of(plan_id: str) -> tuple[Plan, Path]:
        if plan_id not in engine.plans:
            raise UnknownPlan(plan_id)
        return engine.plans[plan_id], Path(engine.index.sources[plan_id].path)

    # The form is read here, after the key was checked, and not by the framework before it.
    @router.post(
        "/plans",
        status_code=202,
        openapi_extra={**_FORM, LARGEST_BODY_OF_ROUTE: LARGEST_UPLOAD + _AROUND_THE_FILE},
    )
    async def upload(
        request: Request, response: Response, approve: Literal["auto"] | None = None
    ) -> schemas.Job:
        """Tải một kế hoạch lên; xem đã hiểu thế nào ở `/v1/jobs/{id}` rồi duyệt."""
        async with request.form(max_files=1, max_fields=1) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise NoFileSent
            job = await run_in_threadpool(
                uploads.add, file.filename or "", file.file, approve=approve == "auto"
            )
        return _accepted(job, response)

    @router.delete("/plans/{plan_id}", status_code=202)
    def withdraw(plan_id: str, response: Response) -> schemas.Job:
        """Gỡ một kế hoạch khỏi chỉ mục; tệp của nó vẫn còn."""
        return _accepted(uploads.withdraw(*plan_of(plan_id)), response)

    @router.post("/plans/{plan_id}/reread", status_code=202)
    def reread(plan_id: str, response: Response) -> schemas.Job:
        """Đọc lại tệp của một kế hoạch; chỉ mục đổi khi được duyệt."""
        return _accepted(uploads.reread(*plan_of(plan_id)), response)

    @router.get("/jobs")
    def jobs() -> schemas.Jobs:
        """Các công việc, mới nhất trước."""
        listed = [schemas.Job.model_validate(job) for job in uploads.every()]
        return schemas.Jobs(jobs=listed, total=len(listed))

    @router.get("/jobs/{job_id}")
    def job(job_id: str) -> schemas.JobDetail:
        """Một công việc: đến đâu rồi, và đã hiểu tệp thế nào."""
        found = uploads.get(job_id)
        return schemas.JobDetail.of(found, uploads.understood(found))

    @router.post("/jobs/{job_id}/approve", status_code=202)
    def approve(job_id: str) -> schemas.Job:
        """Duyệt: đưa điều đã hiểu vào chỉ mục."""
        return schemas.Job.model_validate(uploads.approve(job_id))

    @router.post("/jobs/{job_id}/reject")
    def reject(job_id: str) -> schemas.Job:
        """Bỏ: không đưa vào chỉ mục, xóa tệp đã tải lên."""
        return schemas.Job.model_validate(uploads.reject(job_id))

    return router


def feedback_routes(feedback: Feedback) -> APIRouter:
    """Return the routes of remarks on answers: anybody may send one, administrators read them."""
    router = APIRouter(prefix="/v1", responses=PROBLEMS)

    @router.post("/feedback", status_code=201)
    def add(
        remark: schemas.Remark, caller: Annotated[Caller, Depends(require(Scope.FEEDBACK))]
    ) -> schemas.Kept:
        """Góp ý về một câu trả lời."""
        return schemas.Kept(id=feedback.add(remark.model_dump(), caller.name))

    @router.get("/feedback", dependencies=[Depends(require(Scope.ADMIN))])
    def remarks(count: Annotated[int, Query(ge=1, le=1000)] = 100) -> schemas.Remarks:
        """Các góp ý, mới nhất trước."""
        found, total = feedback.newest(count)
        listed: list[Any] = found
        return schemas.Remarks(remarks=listed, total=total)

    return router


def _accepted(job: Job, response: Response) -> schemas.Job:
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return schemas.Job.model_validate(job)
