"""Reads one elevation raster: a height field in the park frame and its mesh in chunks."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from gis.notes import Notes, Text
from gis.tables import concat, objects_table, quantities_table
from gis.terrain.chunks import chunks
from gis.terrain.colour import classes, palette
from gis.terrain.raster import Elevation, open_elevation
from gis.terrain.resample import Grid, propose_frame, resample
from twin.errors import Invalid
from twin.finding import Severity
from twin.geometry.frame import Frame
from twin.geometry.spool import MeshSpool
from twin.layer import PROPERTIES, QUANTITIES, RELATIONS, LayerDraft, LayerKind, ReadContext

ROOT = "terrain"
_CUT = Text(
    "高程模型大于园区范围，仅取原点周围 {width:.0f} m × {depth:.0f} m",
    "The elevation model is larger than the park; {width:.0f} m x {depth:.0f} m around the origin were taken",
    "需要时增大 park.toml 的 extent_m",
    "Raise extent_m in park.toml if more is wanted",
)
_COARSE = Text(
    "高程格网由 {native:.1f} m 重采样为 {cell:.1f} m",
    "Heights were resampled from cells of {native:.1f} m to {cell:.1f} m",
)
_GAPS = Text(
    "地形有 {share:.1f}% 没有高程数据：不显示，叠加时取邻近值",
    "{share:.1f}% of the terrain has no data: it is not shown, and what stands there takes nearby heights",
    "补全高程模型的空洞",
    "Fill the gaps of the elevation model",
    Severity.MINOR,
)


def read_terrain(context: ReadContext, spool: MeshSpool) -> LayerDraft:
    """Read one band of heights into a terrain layer.

    The grid has at most 1,024 cells a side: within the extent around the origin (2 km where the park has a
    frame and no extent), else the raster's own bounds (at most 100 km from its centre). Heights are taken in
    the park's height datum. Raises NotFound or Invalid with one sentence where the file is no elevation model,
    names no coordinate system or lies elsewhere.
    """
    notes = Notes()
    context.progress(0.0, "read")
    with open_elevation(context.source, context.crs, context.frame) as raster:
        frame = context.frame or propose_frame(raster)
        grid = resample(raster, frame, context.extent_m, own=context.frame is None)
        context.progress(0.5, "geometry")
        _note(notes, grid)
        georef = _georef(raster, frame, grid, own=context.frame is None)
    ids, quantities = _spool_chunks(context, spool, grid)
    field = grid.field
    return LayerDraft(
        kind=LayerKind.TERRAIN,
        title=context.source.stem,
        frame=frame,
        objects=_objects(ids, context.source.stem),
        relations=pa.table(
            {"source": [ROOT] * len(ids), "kind": ["aggregates"] * len(ids), "target": ids}, schema=RELATIONS
        ),
        properties=_properties(georef, grid),
        quantities=quantities,
        georef=georef,
        crs=str(georef["crs"]),
        findings=notes.findings(),
        engines={"heightfield": len(ids)},
        terrain=field,
    )


def _note(notes: Notes, grid: Grid) -> None:
    field = grid.field
    rows, columns = field.z.shape
    if grid.cut:
        notes.add("terrain-cut", _CUT, count=1, width=(columns - 1) * field.dx, depth=(rows - 1) * field.dy)
    if abs(field.dx - grid.native) > 0.05 * grid.native:
        notes.add("terrain-resampled", _COARSE, count=1, native=grid.native, cell=field.dx)
    if grid.gaps:
        notes.add("terrain-gaps", _GAPS, count=grid.gaps, share=100 * grid.gaps / grid.known.size)


def _georef(raster: Elevation, frame: Frame, grid: Grid, *, own: bool) -> dict[str, object]:
    rows, columns = grid.field.z.shape
    return {
        "crs": raster.reference.crs,
        "how": raster.reference.how,
        "bounds": list(raster.bounds),
        "frame": "proposed" if own else "park",
        "origin": [frame.longitude, frame.latitude, frame.height],
        "cell": grid.field.dx,
        "native_cell": grid.native,
        "cells": [columns - 1, rows - 1],
        "metres_per_unit": raster.metres,
    }


def _spool_chunks(context: ReadContext, spool: MeshSpool, grid: Grid) -> tuple[list[str], pa.Table]:
    """Store every chunk; returns their ids and quantities."""
    paint = np.array([spool.material(look.rgba, look.name) for look in palette()], np.uint16)
    ids: list[str] = []
    figures: list[tuple[float, float, float]] = []
    total = max(1, ((grid.known.shape[0] - 1) // 64 + 1) * ((grid.known.shape[1] - 1) // 64 + 1))
    for chunk in chunks(grid.field, grid.known, classes(grid.field)):
        name = f"{ROOT}.r{chunk.row}c{chunk.column}"
        spool.place(name, spool.shape(chunk.vertices, chunk.faces, paint[chunk.colour]))
        ids.append(name)
        figures.append((chunk.area, chunk.low, chunk.high))
        context.progress(0.5 + 0.5 * len(ids) / total, "geometry")
    if not ids:
        raise Invalid(
            f"{context.source.name} has no four neighbouring cells with data: expected a surface of heights",
            code="raster-empty",
        )
    area, low, high = (np.array([figure[k] for figure in figures], np.float64) for k in range(3))
    names = np.array(ids, object)
    parts = quantities_table(names, {"SurfaceArea": ("m2", area), "MinHeight": ("m", low), "MaxHeight": ("m", high)})
    whole = quantities_table(
        np.array([ROOT], object),
        {
            "SurfaceArea": ("m2", np.array([area.sum()])),
            "MinHeight": ("m", np.array([low.min(initial=np.inf)])),
            "MaxHeight": ("m", np.array([high.max(initial=-np.inf)])),
        },
    )
    return ids, concat([whole, parts], QUANTITIES)


def _objects(ids: list[str], title: str) -> pa.Table:
    count = len(ids) + 1
    table = objects_table(
        np.array([ROOT, *ids], object),
        type_=np.array(["Terrain"] + ["TerrainTile"] * len(ids), object),
        name=np.array([title] + [f"{title} {name.removeprefix(ROOT + '.')}" for name in ids], object),
        description=np.full(count, None, object),
        tag=np.full(count, None, object),
        discipline=np.full(count, "site", object),
        cim_level=np.ones(count, np.int8),
        engine=np.array([None] + ["heightfield"] * len(ids), object),
    )
    parent = table.schema.get_field_index("parent")
    return table.set_column(parent, table.schema.field(parent), pa.array([None] + [ROOT] * len(ids), pa.string()))


def _properties(georef: dict[str, object], grid: Grid) -> pa.Table:
    rows, columns = grid.field.z.shape
    figures: list[tuple[str, str, float | None, str | None]] = [
        ("CoordinateSystem", str(georef["crs"])[:120], None, None),
        ("CellSize", f"{grid.field.dx:.2f} m", grid.field.dx, "m"),
        ("SourceCellSize", f"{grid.native:.2f} m", grid.native, "m"),
        ("Cells", f"{columns - 1} × {rows - 1}", None, None),
        ("Coverage", f"{100 * grid.known.mean():.1f} %", float(grid.known.mean()), None),
    ]
    return pa.table(
        {
            "id": [ROOT] * len(figures),
            "set": ["Terrain"] * len(figures),
            "name": [row[0] for row in figures],
            "value": [row[1] for row in figures],
            "number": [row[2] for row in figures],
            "unit": [row[3] for row in figures],
            "origin": ["occurrence"] * len(figures),
        },
        schema=PROPERTIES,
    )
