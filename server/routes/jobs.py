"""Jobs: how far long work is, and stopping it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from server.access import Caller, Trail, requires
from server.accounts import Permission
from server.http.respond import json_response
from server.jobs import JobState
from server.models.work import JobList, JobShape
from server.services import Use

router = APIRouter(prefix="/jobs", tags=["jobs"])
READ = requires("submission.read")


@router.get("", response_model=JobList, dependencies=[READ])
async def list_jobs(
    use: Use,
    kind: Annotated[str, Query(max_length=40)] = "",
    state: JobState | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Jobs, newest first."""
    jobs = use.jobs.list(kind=kind, state=state.value if state else "")
    return json_response({"items": [job.as_dict() for job in jobs[offset : offset + limit]], "total": len(jobs)})


@router.get("/{job}", response_model=JobShape, dependencies=[READ])
async def get_job(job: str, use: Use) -> Response:
    """One job."""
    return json_response(use.jobs.get(job).as_dict())


@router.delete("/{job}", response_model=JobShape, dependencies=[requires("submission.create")])
def cancel_job(job: str, use: Use, caller: Caller, trail: Trail) -> Response:
    """Ask a job to stop; its own work is the caller's, other people's needs the right to publish layers."""
    if use.jobs.get(job).owner != caller.name:
        caller.demand(Permission.LAYER_PUBLISH)
    stopped = use.jobs.cancel(job)
    trail.record("job.cancel", job, kind=stopped.kind, of=stopped.owner)
    return json_response(stopped.as_dict())
