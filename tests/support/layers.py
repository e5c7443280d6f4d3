"""Small built layers without any reader: a box per object, real tables and manifest."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa

from scenes.build.axes import write_axes
from scenes.build.tables import union_boxes, write_tables
from scenes.diff.fingerprint import write_fingerprints
from twin.geometry.frame import Frame
from twin.graph.layerfile import MANIFEST, TILES, LayerVersion, version_folder
from twin.layer import CONCEPTS, OBJECTS, PROPERTIES, QUANTITIES, RELATIONS, LayerDraft, LayerKind
from twin.park import Park

FRAME = Frame(114.4, 30.48, 22.0, "EPSG:4547")


def table(schema: pa.Schema, rows: list[dict[str, object]]) -> pa.Table:
    """Rows with only the fields that matter; the rest is null."""
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)


def house(storeys: int = 2, spaces: int = 2) -> LayerDraft:
    """A building with storeys, spaces, and a wall per space; ids b, s0…, s0-r0…, s0-w0…"""
    objects: list[dict[str, object]] = [
        {"id": "site", "type": "Site", "ifc_class": "IfcSite", "name": "Site"},
        {"id": "b", "type": "Building", "ifc_class": "IfcBuilding", "name": "楼 A", "parent": "site"},
    ]
    properties, quantities, relations = [], [], [{"source": "site", "kind": "aggregates", "target": "b"}]
    for floor in range(storeys):
        s = f"s{floor}"
        objects.append(
            {
                "id": s,
                "type": "BuildingStorey",
                "ifc_class": "IfcBuildingStorey",
                "name": f"{floor + 1}F",
                "parent": "b",
                "building": "b",
                "elevation": 4.0 * floor,
            }
        )
        for room in range(spaces):
            for kind, letter in (("Space", "r"), ("Wall", "w")):
                objects.append(
                    {
                        "id": f"{s}-{letter}{room}",
                        "type": kind,
                        "ifc_class": f"Ifc{kind}",
                        "name": f"{kind} {floor + 1}0{room}",
                        "parent": s,
                        "storey": s,
                        "building": "b",
                        "discipline": "architecture",
                        "cim_level": 5,
                        "engine": "test",
                    }
                )
            properties.append(
                {"id": f"{s}-w{room}", "set": "Pset_WallCommon", "name": "FireRating", "value": "2.00", "number": 2.0}
            )
            quantities.append(
                {"id": f"{s}-r{room}", "set": "Qto", "name": "Area", "value": 20.0, "unit": "m2", "origin": "declared"}
            )
            relations.append({"source": f"{s}-w{room}", "kind": "bounds", "target": f"{s}-r{room}"})
    return LayerDraft(
        kind=LayerKind.BIM,
        title="House",
        frame=FRAME,
        objects=table(OBJECTS, objects),
        concepts=table(CONCEPTS, [{"id": "t1", "kind": "type", "ifc_class": "IfcWallType", "name": "W200"}]),
        relations=table(RELATIONS, [*relations, {"source": "s0-w0", "kind": "typed_by", "target": "t1"}]),
        properties=table(PROPERTIES, properties),
        quantities=table(QUANTITIES, quantities),
        crs="EPSG:4547",
    )


def make_version(
    park: Park, layer: str, version: str, draft: LayerDraft | None = None, offset: float = 0.0
) -> LayerVersion:
    """Write a complete version folder; spaces and walls get unit boxes in a row, `offset` metres east."""
    made = draft or house()
    folder = version_folder(park, layer, version)
    (folder / TILES).mkdir(parents=True)
    (folder / TILES / "tileset.json").write_text(json.dumps({"asset": {"version": "1.1"}}))
    count = len(made.objects)
    boxes = np.full((count, 6), np.nan)
    meshed = [row for row, engine in enumerate(made.objects.column("engine").to_pylist()) if engine]
    for place, row in enumerate(meshed):
        boxes[row] = [offset + place, 0, 0, offset + place + 1, 1, 3]
    order = [*meshed, *(row for row in range(count) if row not in set(meshed))]
    ordinal = np.empty(count, np.int64)
    ordinal[order] = np.arange(count)
    write_tables(folder, layer, made, ordinal, union_boxes(made.objects, boxes))
    write_fingerprints(folder, layer, made, ordinal, None)
    write_axes(folder, layer, made, None)
    found = LayerVersion(
        layer=layer,
        version=version,
        kind=made.kind.value,
        title=made.title,
        source=f"{layer}.ifc",
        sha256="0" * 64,
        crs=made.crs,
        built_at="2026-11-23T00:00:00Z",
        count=count,
        box=(0.0, 0.0, 0.0, 10.0, 1.0, 8.0),
        frame=made.frame.as_dict(),
        stats={
            "objects": count,
            "triangles": 12 * len(meshed),
            "tiles": 1,
            "bytes": 10,
            "bytes_gzip": 5,
            "engines": {},
        },
    )
    (folder / MANIFEST).write_text(found.to_json(), encoding="utf-8")
    return found


def make_park(folder: Path) -> Park:
    """An empty park with an origin."""
    return Park.create(folder, name="测试园", frame=FRAME)
