"""Devices: register, credentials, lists, groups, who is heard. Times are epoch ms, days ISO dates."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from server.models.base import Body, Shape

Status = Literal["unknown", "online", "offline", "unreachable"]


class DeviceShape(Shape):
    """A device as the register holds it; `state`: active or retired; `version` counts changes."""

    id: str
    name: str
    gid: str
    kind: str
    model: str
    maker: str
    serial: str
    firmware: str
    installed: str | None
    maintained: str | None
    maintain_every_days: int | None
    parent: str
    connector: str
    heartbeat_s: float | None
    groups: list[str]
    tags: list[str]
    notes: str
    state: str
    created_ms: int
    changed_ms: int
    version: int


class DeviceRow(DeviceShape):
    """A device in the list: with who is heard, when maintenance is due, and what its object is."""

    status: Status
    heard_at: int | None
    due: str | None
    type: str | None
    object_name: str | None
    layer: str | None
    building: str | None
    storey: str | None
    storey_name: str | None


class DevicePage(Shape):
    """A page of devices; `counts` by status are of all that the filters mean."""

    items: list[DeviceRow]
    total: int
    counts: dict[str, int]


class DeviceValue(Shape):
    """A point of a device with its last value."""

    point_id: str
    gid: str
    name: str
    kind: str
    unit: str
    address: str
    value: float | None
    quality: str
    heard_at: int | None


class CredentialShape(Shape):
    """A credential without its secret; `kind`: mqtt or http."""

    id: str
    device: str
    kind: str
    user: str
    created_ms: int
    created_by: str
    used_ms: int | None


class DeviceCard(DeviceRow):
    """Everything about one device."""

    points: list[DeviceValue]
    credentials: list[CredentialShape]
    children: int


class DeviceCreate(Body):
    """A new device; all but the id may be given later. Dates as 2026-03-31."""

    id: str = Field(max_length=64)
    name: str = ""
    gid: str = ""
    kind: str = ""
    model: str = ""
    maker: str = ""
    serial: str = ""
    firmware: str = ""
    installed: str | None = None
    maintained: str | None = None
    maintain_every_days: int | None = None
    parent: str = ""
    connector: str = ""
    heartbeat_s: float | None = None
    groups: list[str] = Field(default=[], max_length=50)
    tags: list[str] = Field(default=[], max_length=50)
    notes: str = ""


class DeviceChange(Body):
    """What to change; `version`: the one that was read, so that no other change is lost."""

    version: int | None = None
    name: str | None = None
    gid: str | None = None
    kind: str | None = None
    model: str | None = None
    maker: str | None = None
    serial: str | None = None
    firmware: str | None = None
    installed: str | None = None
    maintained: str | None = None
    maintain_every_days: int | None = None
    parent: str | None = None
    connector: str | None = None
    heartbeat_s: float | None = None
    groups: list[str] | None = Field(default=None, max_length=50)
    tags: list[str] | None = Field(default=None, max_length=50)
    notes: str | None = None


class DeviceReason(Body):
    """Why a device is retired or restored."""

    reason: str = Field(default="", max_length=1000)


class CredentialSaved(CredentialShape):
    """A new credential with its secret, shown this once. `publish`, `subscribe`: MQTT topics; `address` of the broker."""

    secret: str
    address: str
    publish: list[str]
    subscribe: list[str]


class DeviceChangeRow(Shape):
    """One change of a device; `detail` holds [before, after] by field."""

    at: int
    who: str
    action: str
    detail: dict[str, Any]


class DeviceHistory(Shape):
    """Changes of a device, newest first."""

    items: list[DeviceChangeRow]
    total: int


class DeviceEvent(Shape):
    """A device came or went; `detail` of a lost gateway counts what is behind it."""

    at: int
    device: str
    state: Status
    detail: dict[str, Any]


class DeviceEvents(Shape):
    """Comings and goings, newest first."""

    items: list[DeviceEvent]


class Availability(Shape):
    """`share` of the watched time of the span in which the device was online; null where nothing is known."""

    share: float | None
    online_ms: int
    watched_ms: int
    outages: int


class StoreyName(Shape):
    """A storey that holds devices."""

    gid: str
    name: str | None


class DeviceFacets(Shape):
    """Values to filter by."""

    kind: list[str]
    model: list[str]
    maker: list[str]
    parent: list[str]
    tag: list[str]
    storey: list[StoreyName]
    group: list[DeviceGroupShape]


class DeviceGroupShape(Shape):
    """A group; `filter` is empty where devices name the group themselves."""

    id: str
    name: str
    filter: dict[str, str]
    created_ms: int
    created_by: str


class DeviceGroupBody(Body):
    """A group by query: `filter` as in the list of devices."""

    name: str = Field(default="", max_length=200)
    filter: dict[str, str] = Field(max_length=20)


class DeviceScope(Shape):
    """What a group stands for now: devices, and their points as the scope of a live subscription."""

    devices: list[str]
    points: list[str]


class ImportRow(Shape):
    """What a row of a list does: add, change, same or refuse; `changes`: [before, after] by field."""

    row: int
    id: str
    action: Literal["add", "change", "same", "refuse"]
    reasons: list[str]
    hints: list[str]
    changes: dict[str, list[Any]]


class ImportReport(Shape):
    """What a list does; `done` is false for a dry run."""

    done: bool
    counts: dict[str, int]
    rows: list[ImportRow]


class DeviceWish(Body):
    """What the command line asks of the devices."""

    wish: dict[str, Any]


class Candidate(Shape):
    """What could be meant: gid or point id, its name, how alike the names are."""

    id: str
    name: str
    likeness: float


class BindRow(Shape):
    """What became of one thing of a description; `target`: gid or point id; `how`: the rule."""

    sort: Literal["location", "equipment", "point"]
    id: str
    name: str
    cls: str = Field(alias="class")
    result: Literal["bound", "ambiguous", "unmatched"]
    target: str
    how: str
    likeness: float
    why: str
    candidates: list[Candidate]


class BindReport(Shape):
    """A description bound to the park. `devices`: rows of a list of bound equipment; `points`: rows for points.csv.

    `import` says what registering the devices does, or did.
    """

    counts: dict[str, dict[str, int]]
    skipped: dict[str, int]
    rows: list[BindRow]
    devices: list[dict[str, Any]]
    points: list[dict[str, str]]
    made: ImportReport = Field(alias="import")


DeviceFacets.model_rebuild()
