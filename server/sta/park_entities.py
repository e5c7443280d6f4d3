"""The park's model as entities: devices are Things, points are Datastreams, what they observe are FeaturesOfInterest."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from server.sta.catalogue import Catalogue
from server.sta.units import observation_type, observed_property, ucum_of, unit_of
from twin.clock import iso
from twin.geometry.frame import Frame
from twin.graph import GraphStore, added_points
from twin.graph.device_types import device_types
from twin.state.kinds import canonical

GEOJSON = "application/geo+json"
FACTS = ("layer", "type", "ifc_class", "tag", "storey", "storey_name", "building", "discipline")


@dataclass(frozen=True)
class ParkModel:
    """What the graph says, as rows. positions: longitude, latitude, height by gid; published: ISO instants by layer."""

    points: Sequence[Mapping[str, Any]]
    items: Mapping[str, Mapping[str, Any]]
    positions: Mapping[str, list[float]]
    types: Mapping[str, Mapping[str, Any]]
    published: Mapping[str, str]

    @classmethod
    def of(cls, graph: GraphStore) -> ParkModel:
        """Read it. Points that clients added are left out: they stand with what clients created."""
        added = added_points.ids(graph.db)
        points = [row for row in graph.points() if row["point_id"] not in added]
        gids = sorted({str(row[name]) for row in points for name in ("gid", "device") if row[name]})
        items = {item["gid"]: item for item in graph.items(gids)}
        published = {row["layer"]: row["published_at"] or "" for row in graph.layers()}
        return cls(points, items, _positions(graph.park.frame, items), device_types(graph.db), published)


def _positions(frame: Frame | None, items: Mapping[str, Mapping[str, Any]]) -> dict[str, list[float]]:
    placed = [(gid, item["box"]) for gid, item in items.items() if item["box"]]
    if frame is None or not placed:
        return {}
    boxes = np.array([box for _, box in placed])
    found = frame.to_lonlat((boxes[:, :3] + boxes[:, 3:]) / 2)
    rounded = np.column_stack((found[:, :2].round(8), found[:, 2].round(3))).tolist()  # millimetres
    return {gid: place for (gid, _), place in zip(placed, rounded, strict=True)}


def add_park(catalogue: Catalogue, model: ParkModel, layers: frozenset[str] | None) -> None:
    """Put the park's entities in; layers: only points whose object and device stand in these."""

    def seen(gid: str | None) -> bool:
        return layers is None or (gid or "").partition("/")[0] in layers

    for row in model.points:
        thing = str(row["device"] or row["gid"])
        if seen(row["gid"]) and seen(thing):
            _add_thing(catalogue, model, thing)
            _add_feature(catalogue, model, str(row["gid"]))
            _add_datastream(catalogue, model, row, thing)


def _add_thing(catalogue: Catalogue, model: ParkModel, gid: str) -> None:
    if catalogue.has("Things", gid):
        return
    item = model.items.get(gid, {})
    name = str(item.get("name") or gid)
    facts = {name: item[name] for name in FACTS if item.get(name)}
    catalogue.put(
        "Things",
        gid,
        {"name": name, "description": _description(item, gid), "properties": {"gid": gid, **facts}},
    )
    place = model.positions.get(gid)
    if place is None:
        return
    where = str(item.get("storey_name") or item.get("layer") or "")
    catalogue.put(
        "Locations",
        gid,
        {
            "name": name,
            "description": f"Middle of {name}" + (f", {where}" if where else ""),
            "encodingType": GEOJSON,
            "location": {"type": "Point", "coordinates": place},
            "properties": {"gid": gid},
        },
    )
    catalogue.link("Things", gid, "Locations", [gid])
    catalogue.put("HistoricalLocations", gid, {"time": model.published.get(str(item.get("layer")), "") or iso(0)})
    catalogue.link("HistoricalLocations", gid, "Thing", [gid])
    catalogue.link("HistoricalLocations", gid, "Locations", [gid])


def _add_feature(catalogue: Catalogue, model: ParkModel, gid: str) -> None:
    if catalogue.has("FeaturesOfInterest", gid):
        return
    item, place = model.items.get(gid, {}), model.positions.get(gid)
    catalogue.put(
        "FeaturesOfInterest",
        gid,
        {
            "name": str(item.get("name") or gid),
            "description": _description(item, gid),
            "encodingType": GEOJSON,
            "feature": {
                "type": "Feature",
                "geometry": None if place is None else {"type": "Point", "coordinates": place},
                "properties": {"gid": gid},
            },
            "properties": {"gid": gid, **{name: item[name] for name in FACTS if item.get(name)}},
        },
    )


def _add_datastream(catalogue: Catalogue, model: ParkModel, row: Mapping[str, Any], thing: str) -> None:
    ident, kind, unit = str(row["point_id"]), canonical(str(row["kind"])), str(row["unit"] or "")
    observed = observed_property(kind)
    catalogue.put("ObservedProperties", kind, observed)
    sensor = _add_sensor(catalogue, model, thing, kind)
    shown = str(model.items.get(str(row["gid"]), {}).get("name") or row["gid"])
    given = {name: row[name] for name in ("role", "min", "max") if row[name] not in (None, "")}
    catalogue.put(
        "Datastreams",
        ident,
        {
            "name": str(row["name"] or f"{observed['name']}, {shown}"),
            "description": f"{observed['name']} of {shown}",
            "unitOfMeasurement": unit_of(unit),
            "observationType": observation_type(kind),
            "properties": {"point_id": ident, "gid": row["gid"], "kind": kind, "ucum": ucum_of(unit), **given},
        },
    )
    catalogue.link("Datastreams", ident, "Thing", [thing])
    catalogue.link("Datastreams", ident, "Sensor", [sensor])
    catalogue.link("Datastreams", ident, "ObservedProperty", [kind])
    catalogue.observe(ident, str(row["gid"]))


def _add_sensor(catalogue: Catalogue, model: ParkModel, thing: str, kind: str) -> str:
    """The device's type in its model, else its type of object, else the kind of point; returns the id."""
    known, item = model.types.get(thing), model.items.get(thing, {})
    if known is not None:
        ident, name = str(known["gid"]), str(known["name"] or known["gid"])
        about = str(known["description"] or known["ifc_class"] or name)
    elif item.get("type"):
        ident = name = str(item["type"])
        about = str(item.get("ifc_class") or name)
    else:
        ident, name = f"kind:{kind}", f"Sensor of {observed_property(kind)['name']}"
        about = name
    metadata = f"<p>{html.escape(name)}: {html.escape(about)}</p>"
    body = {"name": name, "description": about, "encodingType": "text/html", "metadata": metadata, "properties": {}}
    catalogue.put("Sensors", ident, body)
    return ident


def _description(item: Mapping[str, Any], gid: str) -> str:
    return str(item.get("description") or item.get("type") or f"Object {gid}")
