"""Lists of devices in and out, groups, and what a list can be filtered by."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from server.access import Trail, requires
from server.errors import TooLarge
from server.http.respond import json_response
from server.models.devices import DeviceFacets, DeviceGroupBody, DeviceGroupShape, DeviceScope, ImportReport
from server.routes.devices import Filters
from server.services import Use
from twin.devices import importing, listing
from twin.devices.groups import Group
from twin.devices.importing import Plan
from twin.devices.sheet import MAX_BYTES, MAX_ROWS, read_sheet
from twin.devices.sheet_write import write_csv, write_xlsx
from twin.errors import Invalid

router = APIRouter(tags=["devices"])
READ, MANAGE = requires("device.read"), requires("device.manage")
Format = Literal["csv", "xlsx"]
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def report(plan: Plan, *, done: bool) -> dict[str, object]:
    """A plan as it is answered."""
    return {"done": done, "counts": plan.counts(), "rows": [row.as_dict() for row in plan.rows]}


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
def export_devices(use: Use, asked: Filters, format: Format = "csv") -> Response:  # noqa: A002  as people ask
    """The devices that filters mean as a list that can be imported again."""
    wanted = listing.ids(use.devices.register, use.devices.heard(), asked.of(use))
    found = use.devices.register.some(wanted)
    rows = [found[ident].as_dict() for ident in wanted]
    return _file(write_csv(rows) if format == "csv" else write_xlsx(rows), "devices", format)


@router.get("/device-lists/template", response_class=Response, dependencies=[READ])
def device_template(format: Format = "xlsx") -> Response:  # noqa: A002  as people ask
    """An empty list with the columns that an import reads; a workbook explains them."""
    return _file(write_csv([]) if format == "csv" else write_xlsx([]), "devices-template", format)


@router.post("/device-lists/import", response_model=ImportReport, dependencies=[MANAGE])
async def import_devices(
    request: Request,
    use: Use,
    trail: Trail,
    format: Annotated[Format, Query(description="what the body is")] = "csv",  # noqa: A002  as people ask
    dry_run: Annotated[bool, Query(description="only say what would be done")] = True,
) -> Response:
    """Register and change devices by a list, the body: all rows, or none where one is refused."""
    data = await _body(request)

    def work() -> dict[str, object]:
        register = use.devices.register
        lines = read_sheet(data, format)
        if dry_run:
            return report(importing.plan(register, lines), done=False)
        plan = importing.carry_out(register, lines, trail.who)
        trail.record("device.import", format, **plan.counts())
        return report(plan, done=True)

    return json_response(await run_in_threadpool(work))


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


async def _body(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > MAX_BYTES:
                raise TooLarge(f"The list is larger than {MAX_BYTES:,} bytes, or {MAX_ROWS:,} rows: divide it")
            parts.append(part)
    except ClientDisconnect as error:
        raise Invalid("The upload was interrupted: nothing was read", code="device-list") from error
    return b"".join(parts)


def _file(content: bytes, name: str, kind: str) -> Response:
    return Response(
        content, media_type=MEDIA[kind], headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    )
