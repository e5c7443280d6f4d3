"""Submissions: hand a model in, follow its review, read findings and report."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from server.access import Caller, Trail, requires
from server.http.headers import REPORT_POLICY
from server.http.respond import json_response
from server.models.georef import PlacingBody
from server.models.work import Accepted, Findings, SubmissionDetail, SubmissionList
from server.services import Use
from server.submissions.upload import FIELD, receive

router = APIRouter(prefix="/submissions", tags=["submissions"])
READ = requires("submission.read")
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {FIELD: {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.post(
    "",
    status_code=202,
    dependencies=[requires("submission.create")],
    openapi_extra=FORM,
)
async def submit(request: Request, use: Use, caller: Caller, trail: Trail) -> Accepted:
    """Hand in a building model (multipart, field `file`); it is built and reviewed as a job."""
    use.submissions.check_room()
    upload = await receive(request, use.submissions.folder, use.settings.upload_max_bytes)
    row, job = await run_in_threadpool(use.submissions.accept, upload, caller.name)
    await trail.record_later("submission.create", row.id, name=row.name, size=row.size, sha256=row.sha256)
    return Accepted(submission=row.id, job=job.id)


@router.get("", response_model=SubmissionList, dependencies=[READ])
def list_submissions(use: Use) -> Response:
    """All submissions, newest first."""
    items = use.submissions.list()
    return json_response({"items": items, "total": len(items)})


@router.get("/{submission}", response_model=SubmissionDetail, dependencies=[READ])
def get_submission(submission: str, use: Use) -> Response:
    """One submission, with its layer as in `scene.json` once it is built."""
    return json_response(use.submissions.get(submission))


@router.post("/{submission}/georef", status_code=202, dependencies=[requires("submission.create")])
def place_submission(submission: str, body: PlacingBody, use: Use, caller: Caller, trail: Trail) -> Accepted:
    """Build and review a submission's model anew at another place, as a job; an empty body lets the file decide again."""
    placing = body.placing()
    job = use.submissions.place(submission, placing, caller.name)
    trail.record("submission.place", submission, job=job.id, **placing.as_dict())
    return Accepted(submission=submission, job=job.id)


@router.get("/{submission}/findings", response_model=Findings, dependencies=[READ])
def findings(submission: str, use: Use) -> Response:
    """Findings and rules of a finished review; 409 while it goes on."""
    return json_response(use.submissions.findings(submission))


@router.get(
    "/{submission}/report.{kind}",
    response_class=Response,
    responses={200: {"content": {"text/html": {}, "application/pdf": {}}}},
    dependencies=[READ],
)
def report(submission: str, kind: Literal["html", "pdf"], use: Use) -> Response:
    """The report of a finished review."""
    content = use.submissions.report(submission, kind).read_bytes()
    if kind == "html":
        return Response(content, media_type="text/html", headers={"Content-Security-Policy": REPORT_POLICY})
    name = quote(f"{use.submissions.get(submission)['name']}.pdf")
    return Response(
        content, media_type="application/pdf", headers={"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    )
