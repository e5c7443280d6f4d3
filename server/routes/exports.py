"""Exports: a selection of objects as IFC, GLB, CSV or Parquet, made by a worker and fetched when it is done."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from scenes.export import ExportRequest
from server.access import Caller, Trail, requires
from server.accounts import Permission
from server.http.respond import json_response
from server.jobs import Job
from server.models.exports import ExportBody, ExportList, ExportShape
from server.services import Use
from twin.graph.selection import Selection

router = APIRouter(prefix="/exports", tags=["exports"])
READ = requires("scene.read")
ALL = "all"


def _shape(job: Job) -> dict[str, Any]:
    row = job.as_dict()
    names = ("id", "state", "progress", "phase", "result", "error", "created_at")
    return {"file": job.target, **{name: row[name] for name in names}}


@router.post("", status_code=202, dependencies=[READ])
def start_export(body: ExportBody, use: Use, caller: Caller, trail: Trail) -> ExportShape:
    """Begin an export; it goes on as a job of the caller. Several models become a zip with one IFC for each."""
    caller.demand(Permission.SESSION_OWN)  # an embedded view without a session may look, not take away
    given = body.selection.model_dump(exclude={"states", "revision"})
    layers, spans = use.exports.scene(body.selection.states, body.selection.revision)
    selection = Selection.from_dict({**given, "spans": spans})
    for layer in (selection.layer, *selection.named(), *{layer for layer, _, _ in spans}):
        caller.demand_layer(layer)
    wanted = ExportRequest(
        selection,
        body.format,
        table="objects" if body.table == ALL else body.table,
        archive=body.table == ALL and body.format.tabular,
        language=body.language,
        compact=body.compact,
    )
    job = use.exports.start(wanted, layers, caller.name, body.name or use.graph.park.name)
    trail.record("export.create", job.id, file=job.target, format=body.format.value, selection=selection.words())
    return ExportShape(**_shape(job))


@router.get("", response_model=ExportList, dependencies=[READ])
def list_exports(use: Use, caller: Caller) -> Response:
    """One's own exports, newest first."""
    jobs = use.exports.list(caller.name)
    return json_response({"items": [_shape(job) for job in jobs], "total": len(jobs)})


@router.get("/{export}", response_model=ExportShape, dependencies=[READ])
def get_export(export: str, use: Use, caller: Caller) -> Response:
    """How far one of one's own exports is."""
    return json_response(_shape(use.exports.get(export, caller.name)))


@router.get(
    "/{export}/file",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
    dependencies=[READ],
)
def get_export_file(export: str, use: Use, caller: Caller) -> Response:
    """The finished file; kept for a day. 409 while the export goes on."""
    path, name = use.exports.file(export, caller.name)
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return FileResponse(path, media_type="application/octet-stream", headers={"Content-Disposition": disposition})


@router.delete("/{export}", response_model=ExportShape, dependencies=[READ])
def remove_export(export: str, use: Use, caller: Caller, trail: Trail) -> Response:
    """Stop an export that is under way, or remove the file of one that has ended."""
    job = use.exports.remove(export, caller.name)
    trail.record("export.remove", job.id, file=job.target)
    return json_response(_shape(job))
