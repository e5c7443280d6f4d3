"""Devices: list, register, change, retire; credentials; who is heard."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from server.access import AuditTrail, Trail, requires
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
from twin.devices.credentials import MQTT, Credential
from twin.devices.device import Device
from twin.errors import Conflict, Invalid

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


def shown(device: Device) -> DeviceShape:
    """A device as it is answered."""
    return DeviceShape(**device.as_dict())


def credential(one: Credential) -> dict[str, Any]:
    """A credential as it is shown."""
    return {
        name: getattr(one, name) for name in ("id", "device", "kind", "user", "created_ms", "created_by", "used_ms")
    }


Filters = Annotated[Asked, Depends()]


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


@router.post("/devices", status_code=201, dependencies=[MANAGE])
def create_device(body: DeviceCreate, use: Use, trail: Trail) -> DeviceShape:
    """Register a device."""
    fields = body.model_dump(exclude={"id"}, exclude_unset=True)
    made = use.devices.register.create(body.id, fields, trail.who)
    trail.record("device.create", made.id, **fields)
    return shown(made)


@router.get("/devices/{device}", response_model=DeviceCard, dependencies=[READ])
def device_card(device: str, use: Use) -> Response:
    """Everything about one device, with the last values of its points."""
    use.devices.register.get(device)
    found = listing.page(use.devices.register, use.devices.heard(), [{"id": device, "state": "all"}])["items"][0]
    children = listing.page(use.devices.register, use.devices.heard(), [{"parent": device}], limit=1)["total"]
    return json_response(
        {
            **found,
            "points": use.devices.values(device),
            "credentials": [credential(one) for one in use.devices.credentials.of(device)],
            "children": children,
        }
    )


@router.patch("/devices/{device}", dependencies=[MANAGE])
def change_device(device: str, body: DeviceChange, use: Use, trail: Trail) -> DeviceShape:
    """Change what is given; null empties a day, a number, or a text."""
    fields = body.model_dump(exclude={"version"}, exclude_unset=True)
    changed = use.devices.register.change(device, fields, trail.who, version=body.version)
    trail.record("device.change", device, **fields)
    return shown(changed)


@router.post("/devices/{device}/retire", dependencies=[MANAGE])
async def retire_device(device: str, body: DeviceReason, use: Use, trail: Trail) -> DeviceShape:
    """Take a device out of service: its credentials end at once, its history stays."""

    def retire() -> Device:
        done = use.devices.register.set_state(device, "retired", trail.who, body.reason)
        ended = use.devices.credentials.revoke_all(device)
        trail.record("device.retire", device, reason=body.reason, credentials=ended)
        return done

    done = await run_in_threadpool(retire)
    await use.devices.sync_broker()
    return shown(done)


@router.post("/devices/{device}/restore", dependencies=[MANAGE])
def restore_device(device: str, body: DeviceReason, use: Use, trail: Trail) -> DeviceShape:
    """Take a retired device into service again; it needs new credentials."""
    done = use.devices.register.set_state(device, "active", trail.who, body.reason)
    trail.record("device.restore", device, reason=body.reason)
    return shown(done)


@router.get("/devices/{device}/history", response_model=DeviceHistory, dependencies=[READ])
def device_history(
    device: str,
    use: Use,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Who changed what of a device, and when."""
    use.devices.register.get(device)
    return json_response(use.devices.register.history(device, limit, offset))


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
async def issue_credential(device: str, kind: Kind, use: Use, trail: Trail) -> Response:
    """Give a device a new secret; the old one of this kind ends. It is answered this once.

    mqtt: user and password of the embedded broker, for the device's own topics; http: a token for pushing values.
    """
    return json_response(await issue(use, trail, device, kind), status=201)


@router.delete("/devices/{device}/credentials/{kind}", status_code=204, dependencies=[MANAGE])
async def revoke_credential(device: str, kind: Kind, use: Use, trail: Trail) -> Response:
    """End a device's credential at once; its connection ends too."""
    await revoke(use, trail, device, kind)
    return Response(status_code=204)


async def issue(use: Services, trail: AuditTrail, device: str, kind: str) -> dict[str, Any]:
    """Issue a credential, let it in at the broker, leave its traces."""
    devices = use.devices
    if (await run_in_threadpool(devices.register.get, device)).state != "active":
        raise Conflict(f"Device {device!r} is retired: restore it before it gets a credential", code="device-retired")
    address = devices.broker_address() if kind == MQTT else ""

    def make() -> dict[str, Any]:
        made, secret = devices.credentials.issue(device, kind, trail.who)
        devices.register.note(device, "credential-issue", {"kind": kind, "id": made.id}, trail.who)
        trail.record("device.credential", device, kind=kind, id=made.id)
        return {**credential(made), "secret": secret}

    made = await run_in_threadpool(make)
    await devices.sync_broker()
    topics = devices.topics(device) if kind == MQTT else []
    return {**made, "address": address, "publish": topics, "subscribe": topics[:1]}


async def revoke(use: Services, trail: AuditTrail, device: str, kind: str) -> None:
    """End a credential and leave its traces."""

    def end() -> None:
        use.devices.register.get(device)
        use.devices.credentials.revoke(device, kind)
        use.devices.register.note(device, "credential-revoke", {"kind": kind}, trail.who)
        trail.record("device.revoke", device, kind=kind)

    await run_in_threadpool(end)
    await use.devices.sync_broker()
