"""The tables of a mesh model's layer: objects, their properties, their measured quantities."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from bim.mesh_model.model import Model
from bim.mesh_model.naming import ROOT, Names
from bim.mesh_model.spooling import Spooled
from twin.layer import OBJECTS, PROPERTIES, QUANTITIES

MODEL, GROUP, PART = "Model", "Group", "Part"
SET = "Mesh"
ENGINE = "source mesh"
"""What the engine of an object is called whose triangles come from its file."""
_MOST_MATERIALS = 8
SourceRow = tuple[str, str, float | None, str | None]


def tables(
    model: Model, names: Names, spooled: Spooled, title: str, source: list[SourceRow]
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """objects, properties, quantities. source: rows of properties of the object that stands for the whole model."""
    return _objects(names, spooled, title), _properties(model, names, spooled, source), _quantities(names, spooled)


def _objects(names: Names, spooled: Spooled, title: str) -> pa.Table:
    count = len(names.ids)
    shown = [place in spooled.rows for place in range(count)]
    columns: dict[str, list[Any]] = {key: [None] * (count + 1) for key in OBJECTS.names}
    columns["id"] = [ROOT, *names.ids]
    columns["type"] = [MODEL, *(PART if yes else GROUP for yes in shown)]
    alone = count == 1 and names.names[0] is None  # the only part of a file without names is the model itself
    columns["name"] = [title, *((title,) if alone else names.names)]
    columns["parent"] = [None, *names.parents]
    columns["discipline"] = ["other"] * (count + 1)
    columns["engine"] = [None, *(ENGINE if yes else None for yes in shown)]
    return pa.table(columns, schema=OBJECTS)


def _properties(model: Model, names: Names, spooled: Spooled, source: list[SourceRow]) -> pa.Table:
    rows: list[tuple[str, str, str, str, float | None, str | None]] = [
        (ROOT, "Source", name, text, number, unit) for name, text, number, unit in source if text
    ]
    materials: dict[int, str] = {}
    for place, row in spooled.rows.items():
        mesh, local = model.meshes[row.mesh], names.ids[place]
        if row.mesh not in materials:
            used = dict.fromkeys(model.looks.all[number][1] for number in sorted(set(mesh.looks.tolist())))
            materials[row.mesh] = ", ".join([name for name in used if name][:_MOST_MATERIALS])
        rows += [
            (
                local,
                SET,
                "Triangles",
                f"{len(mesh.faces) * row.placements}",
                float(len(mesh.faces) * row.placements),
                None,
            ),
            (
                local,
                SET,
                "Vertices",
                f"{len(mesh.vertices) * row.placements}",
                float(len(mesh.vertices) * row.placements),
                None,
            ),
        ]
        if row.closed is not None:
            rows.append((local, SET, "Closed", "true" if row.closed else "false", float(row.closed), None))
        if row.placements > 1:
            rows.append((local, SET, "Placements", f"{row.placements}", float(row.placements), None))
        if materials[row.mesh]:
            rows.append((local, SET, "Materials", materials[row.mesh], None, None))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    return pa.table([*map(list, columns), ["occurrence"] * len(rows)], schema=PROPERTIES)


def _quantities(names: Names, spooled: Spooled) -> pa.Table:
    rows: list[tuple[str, str, float, str]] = []
    for place, row in spooled.rows.items():
        rows.append((names.ids[place], "SurfaceArea", row.area, "m2"))
        if row.volume is not None and row.closed:
            rows.append((names.ids[place], "Volume", row.volume, "m3"))
    ids, kinds, values, units = zip(*rows, strict=True) if rows else ((), (), (), ())
    count = len(rows)
    return pa.table(
        [list(ids), ["Measured"] * count, list(kinds), list(values), list(units), ["measured"] * count],
        schema=QUANTITIES,
    )
