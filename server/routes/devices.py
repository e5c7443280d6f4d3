"""Devices: list, register, change, retire; credentials; who is heard."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from server.access import Trail, requires
from server.devices.desk import DeviceDesk
from server.http.respond import json_response
from server.models.devices import (
    Availability,
    CredentialSaved,
    DeviceCard,
    DeviceChange,
    DeviceCreate,
    DeviceEvents,
    DeviceHistory,
    DevicePage,
    DeviceReason,
    DeviceShape,
)
from server.services import Services, Use
from twin.devices import listing
from twin.errors import Invalid

router = APIRouter(tags=["devices"])
READ, MANAGE = requires("device.read"), requires("device.manage")
WEEK_MS = 7 * 86_400_000
Sort = Annotated[str, Query(max_length=20, description=f"one of {', '.join(listing.SORTS)}")]
Kind = Annotated[str, Path(description="mqtt or http")]
Text = Annotated[str, Query(max_length=300)]


class Asked:
    """The filters of the list of devices."""

    def __init__(
        self,
        q: Text = "",
        status: Text = "",
        kind: Text = "",
        model: Text = "",
        maker: Text = "",
        firmware: Text = "",
        tag: Text = "",
        group: Annotated[str, Query(max_length=100, description="id of a group of devices")] = "",
        parent: Text = "",
        connector: Text = "",
        gid: Text = "",
        type: Annotated[str, Query(max_length=300, description="type of its object")] = "",  # noqa: A002  as in GET /objects
        storey: Text = "",
        building: Text = "",
        layer: Text = "",
        due: Annotated[str, Query(max_length=6, description="maintenance is due within so many days")] = "",
        state: Annotated[Literal["active", "retired", "all"], Query()] = "active",
    ) -> None:
        given = {name: value for name, value in locals().items() if name not in {"self", "group"} and value}
        self.group, self.filters = group, given

    def of(self, use: Services) -> list[dict[str, Any]]:
        """The filters with those of the group. Raises NotFound where there is no such group."""
        return [self.filters, use.devices.groups.wanted(self.group)] if self.group else [self.filters]


async def _desk(use: Use, trail: Trail) -> DeviceDesk:
    return DeviceDesk(use.graph, use.devices, trail)


Filters = Annotated[Asked, Depends()]
Desk = Annotated[DeviceDesk, Depends(_desk)]


@router.get("/devices", response_model=DevicePage, dependencies=[READ])
def list_devices(
    use: Use,
    asked: Filters,
    sort: Sort = "id",
    descending: bool = False,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Devices by filters, sorted, a page of them; with who is heard."""
    found = listing.page(
        use.devices.register,
        use.devices.heard(),
        asked.of(use),
        sort=sort,
        descending=descending,
        limit=limit,
        offset=offset,
    )
    return json_response(found)


@router.post("/devices", status_code=201, response_model=DeviceShape, dependencies=[MANAGE])
def create_device(body: DeviceCreate, desk: Desk) -> Response:
    """Register a device."""
    return json_response(desk.create(body.id, body.model_dump(exclude={"id"}, exclude_unset=True)), status=201)


@router.get("/devices/{device}", response_model=DeviceCard, dependencies=[READ])
def device_card(device: str, desk: Desk) -> Response:
    """Everything about one device, with the last values of its points."""
    return json_response(desk.card(device))


@router.patch("/devices/{device}", response_model=DeviceShape, dependencies=[MANAGE])
def change_device(device: str, body: DeviceChange, desk: Desk) -> Response:
    """Change what is given; null empties a day, a number, or a text."""
    return json_response(desk.change(device, body.model_dump(exclude={"version"}, exclude_unset=True), body.version))


@router.post("/devices/{device}/retire", response_model=DeviceShape, dependencies=[MANAGE])
async def retire_device(device: str, body: DeviceReason, use: Use, desk: Desk) -> Response:
    """Take a device out of service: its credentials end at once, its history stays."""
    done = await run_in_threadpool(desk.retire, device, body.reason)
    await use.devices.sync_broker()
    return json_response(done)


@router.post("/devices/{device}/restore", response_model=DeviceShape, dependencies=[MANAGE])
def restore_device(device: str, body: DeviceReason, desk: Desk) -> Response:
    """Take a retired device into service again; it needs new credentials."""
    return json_response(desk.restore(device, body.reason))


@router.get("/devices/{device}/history", response_model=DeviceHistory, dependencies=[READ])
def device_history(
    device: str,
    desk: Desk,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Who changed what of a device, and when."""
    return json_response(desk.history(device, limit, offset))


@router.get("/devices/{device}/availability", response_model=Availability, dependencies=[READ])
async def device_availability(
    device: str,
    use: Use,
    start: Annotated[
        int | None, Query(alias="from", description="epoch ms; default: seven days before the end")
    ] = None,
    end: Annotated[int | None, Query(alias="to", description="epoch ms, exclusive; default: now")] = None,
) -> Response:
    """Share of the time in which a device was online."""
    await run_in_threadpool(use.devices.register.get, device)
    until = use.clock.now_ms() if end is None else end
    since = until - WEEK_MS if start is None else start
    if since >= until:
        raise Invalid(f"Availability of {since} … {until}: expected from < to", code="history-span")
    return json_response(await use.devices.availability(device, since, until))


@router.get("/device-events", response_model=DeviceEvents, dependencies=[READ])
async def device_events(
    use: Use,
    device: Annotated[str, Query(max_length=64, description="one device; default: all")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """When devices came and went, newest first."""
    return json_response({"items": await use.devices.events(device, limit, offset)})


@router.post(
    "/devices/{device}/credentials/{kind}", status_code=201, response_model=CredentialSaved, dependencies=[MANAGE]
)
async def issue_credential(device: str, kind: Kind, use: Use, desk: Desk) -> Response:
    """Give a device a new secret; the old one of this kind ends. It is answered this once.

    mqtt: user and password of the embedded broker, for the device's own topics; http: a token for pushing values.
    """
    made = await run_in_threadpool(desk.issue, device, kind)
    await use.devices.sync_broker()
    return json_response(made, status=201)


@router.delete("/devices/{device}/credentials/{kind}", status_code=204, dependencies=[MANAGE])
async def revoke_credential(device: str, kind: Kind, use: Use, desk: Desk) -> Response:
    """End a device's credential at once; its connection ends too."""
    await run_in_threadpool(desk.revoke, device, kind)
    await use.devices.sync_broker()
    return Response(status_code=204)
