"""The park's own devices, points and their places as a description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.devices.device import Device
from twin.devices.ontology.model import Description, Entity
from twin.devices.ontology.tables import MEASURED, tables, word_of_point
from twin.devices.presence import owners
from twin.devices.register import DeviceRegister
from twin.graph.store import GraphStore
from twin.ids import split_gid
from twin.state.kinds import canonical
from twin.state.point import points_from_rows

FIELDS = ("model", "maker", "serial", "firmware", "installed")


def describe(graph: GraphStore, register: DeviceRegister) -> Description:
    """Devices in service, all points, and the objects that these are at, with what encloses them."""
    devices = {ident: one for ident, one in register.some().items() if one.state == "active"}
    points = points_from_rows(graph.points())
    whose = {number: ident for ident, numbers in owners(points, {d.id: d.gid for d in devices.values()}).items() for number in numbers}  # fmt: skip
    objects = _enclosed(graph, {one.gid for one in devices.values()} | {point.gid for point in points})
    found = {gid: _place(gid, row, objects) for gid, row in objects.items()}
    for ident, device in devices.items():
        found[f"device:{ident}"] = _device(device, found)
    for number, point in enumerate(points):
        word = word_of_point(point.kind, point.role)
        owner = whose.get(number)
        refs = {"point": point.point_id, "gid": point.gid, "address": point.source}
        found[f"point:{point.point_id}"] = Entity(
            id=f"point:{point.point_id}",
            sort="point",
            cls=word.brick,
            name=point.name,
            kind=canonical(point.kind),
            role=point.role or MEASURED,
            unit=point.unit,
            parent=f"device:{owner}" if owner else point.gid if point.gid in found else "",
            refs={name: text for name, text in refs.items() if text},
        )
    return Description(found)


def _device(device: Device, found: Mapping[str, Entity]) -> Entity:
    known = tables()
    word = known.equipment.get(device.kind, known.other)
    refs: dict[str, str] = {"device": device.id, "gid": device.gid, "gateway": device.parent}
    for name in FIELDS:
        refs[name] = getattr(device, name) or ""
    return Entity(
        id=f"device:{device.id}",
        sort="equipment",
        cls=word.brick,
        name=device.name,
        kind=device.kind,
        location=device.gid if device.gid in found else "",
        tags=device.tags,
        refs={name: text for name, text in refs.items() if text},
    )


def _place(gid: str, row: Mapping[str, Any], objects: Mapping[str, Mapping[str, Any]]) -> Entity:
    known = tables()
    kind = str(row["type"] or "")
    parent = str(row["parent"] or "")
    refs = {"gid": gid}
    local = split_gid(gid)[1]
    if len(local) == 22 and str(row["ifc_class"] or "").startswith("Ifc"):
        refs["ifc"] = local
    spatial = kind in known.locations
    return Entity(
        id=gid,
        sort="location" if spatial else "equipment",
        cls=known.locations[kind].brick if spatial else known.other.brick,
        name=str(row["name"] or ""),
        kind=kind if spatial else "",
        parent=parent if parent in objects and spatial else "",
        location=parent if parent in objects and not spatial else "",
        refs=refs,
    )


def _enclosed(graph: GraphStore, gids: set[str]) -> dict[str, dict[str, Any]]:
    rows = graph.db.rows(
        """
        WITH RECURSIVE up(gid) AS (
            SELECT gid FROM object WHERE gid IN (SELECT unnest(?::VARCHAR[]))
            UNION SELECT o.parent FROM object o JOIN up ON o.gid = up.gid WHERE o.parent IS NOT NULL AND o.parent <> ''
        )
        SELECT o.gid, o.type, o.ifc_class, o.name, o.parent FROM object o JOIN up ON up.gid = o.gid ORDER BY o.gid
        """,
        [sorted(gid for gid in gids if gid)],
    )
    return {row["gid"]: row for row in rows}
