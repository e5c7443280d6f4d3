"""Lists of devices in and out, groups, and what a list can be filtered by."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from server.access import Trail, requires
from server.errors import TooLarge
from server.http.respond import json_response
from server.models.devices import BindReport, DeviceFacets, DeviceGroupBody, DeviceGroupShape, DeviceScope, ImportReport
from server.routes.devices import Desk, Filters
from server.services import Use
from twin.devices import listing
from twin.devices.binding.report import report_csv
from twin.devices.groups import Group
from twin.devices.ontology.brick import MAX_BYTES as MAX_MODEL
from twin.devices.sheet import MAX_BYTES
from twin.devices.sheet_write import write_csv, write_xlsx
from twin.errors import Invalid

router = APIRouter(tags=["devices"])
READ, MANAGE = requires("device.read"), requires("device.manage")
Format = Literal["csv", "xlsx"]
Model = Literal["brick", "haystack"]
MEDIA = {
    "zinc": "text/zinc; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ttl": "text/turtle; charset=utf-8",
    "json": "application/json",
}


def group_shape(group: Group) -> DeviceGroupShape:
    """A group as it is shown."""
    return DeviceGroupShape(
        id=group.id,
        name=group.name,
        filter=dict(group.filter),
        created_ms=group.created_ms,
        created_by=group.created_by,
    )


@router.get("/device-facets", response_model=DeviceFacets, dependencies=[READ])
def device_facets(use: Use) -> Response:
    """Values that devices can be filtered by: kinds, models, makers, gateways, tags, storeys, groups."""
    groups = [group_shape(group).model_dump() for group in use.devices.groups.all()]
    return json_response({**listing.facets(use.devices.register), "group": groups})


@router.get("/device-lists/export", response_class=Response, dependencies=[READ])
def export_devices(desk: Desk, asked: Filters, format: Format = "csv") -> Response:  # noqa: A002  as people ask
    """The devices that filters mean as a list that can be imported again."""
    rows = desk.rows(asked.filters, asked.group)
    return _file(write_csv(rows) if format == "csv" else write_xlsx(rows), "devices", format)


@router.get("/device-lists/template", response_class=Response, dependencies=[READ])
def device_template(format: Format = "xlsx") -> Response:  # noqa: A002  as people ask
    """An empty list with the columns that an import reads; a workbook explains them."""
    return _file(write_csv([]) if format == "csv" else write_xlsx([]), "devices-template", format)


@router.post("/device-lists/import", response_model=ImportReport, dependencies=[MANAGE])
async def import_devices(
    request: Request,
    desk: Desk,
    format: Annotated[Format, Query(description="what the body is")] = "csv",  # noqa: A002  as people ask
    dry_run: Annotated[bool, Query(description="only say what would be done")] = True,
) -> Response:
    """Register and change devices by a list, the body: all rows, or none where one is refused."""
    data = await _body(request, MAX_BYTES)
    return json_response(await run_in_threadpool(desk.import_list, data, format, dry_run=dry_run))


@router.post("/device-models/bind", response_model=BindReport, dependencies=[MANAGE])
async def bind_description(
    request: Request,
    desk: Desk,
    format: Annotated[Model, Query(description="Brick is Turtle; Haystack is Hayson, Zinc or Trio")] = "brick",  # noqa: A002
    register: Annotated[bool, Query(description="make devices of the equipment that is bound, all or none")] = False,
    answer: Annotated[Literal["json", "csv"], Query(description="csv: only what became of each thing")] = "json",
) -> Response:
    """Bind a building's description to objects and points by rules: what is bound, ambiguous, unmatched, and why."""
    data = await _body(request, MAX_MODEL)
    found = await run_in_threadpool(desk.bind, data, format, register=register)
    return _file(report_csv(found["rows"]), "binding", "csv") if answer == "csv" else json_response(found)


@router.get("/device-models/export", response_class=Response, dependencies=[READ])
def export_description(desk: Desk, format: Literal["brick", "haystack", "zinc"] = "brick") -> Response:  # noqa: A002  as people ask
    """The park's devices, points and places as Brick 1.4 (Turtle) or Haystack (Hayson of version 4, or Zinc)."""
    return _file(desk.describe(format), "park", {"brick": "ttl", "haystack": "json", "zinc": "zinc"}[format])


@router.get("/device-groups", dependencies=[READ])
def list_groups(use: Use) -> list[DeviceGroupShape]:
    """Groups of devices: those by query, and those that devices name."""
    return [group_shape(group) for group in use.devices.groups.all()]


@router.put("/device-groups/{group}", dependencies=[MANAGE])
def save_group(group: str, body: DeviceGroupBody, use: Use, trail: Trail) -> DeviceGroupShape:
    """Make or change a group by query."""
    made = use.devices.groups.save(group, body.name, body.filter, trail.who)
    trail.record("device.group", group, name=body.name, filter=body.filter)
    return group_shape(made)


@router.delete("/device-groups/{group}", dependencies=[MANAGE])
def remove_group(group: str, use: Use, trail: Trail) -> DeviceGroupShape:
    """Forget a group by query; no device changes."""
    gone = use.devices.groups.remove(group)
    trail.record("device.group-remove", group)
    return group_shape(gone)


@router.get("/device-groups/{group}/scope", response_model=DeviceScope, dependencies=[READ])
def group_scope(group: str, use: Use) -> Response:
    """Devices of a group now, and their points: `points` is the scope of a live subscription."""
    found = listing.ids(use.devices.register, use.devices.heard(), [use.devices.groups.wanted(group)])
    points = [value["point_id"] for ident in found for value in use.devices.values(ident)]
    return json_response({"devices": found, "points": points})


async def _body(request: Request, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise TooLarge(f"The file is larger than {most:,} bytes: divide it")
            parts.append(part)
    except ClientDisconnect as error:
        raise Invalid("The upload was interrupted: nothing was read", code="device-list") from error
    return b"".join(parts)


def _file(content: bytes, name: str, kind: str) -> Response:
    return Response(
        content, media_type=MEDIA[kind], headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    )
