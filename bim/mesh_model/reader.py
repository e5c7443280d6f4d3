"""The reader of mesh models: nodes become objects of a layer, meshes go to the spool once each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bim.georef.extent import Extent
from bim.georef.locate import Location, locate
from bim.georef.survey import Survey
from bim.mesh_model import obj, ply, stl
from bim.mesh_model.findings import content_findings, place_finding, unit_finding
from bim.mesh_model.formats import MeshFormat, mesh_format
from bim.mesh_model.gltf import read as gltf
from bim.mesh_model.limits import check_size
from bim.mesh_model.model import F64, Model
from bim.mesh_model.naming import Names
from bim.mesh_model.spooling import spool_meshes
from bim.mesh_model.tables import ENGINE, tables
from bim.mesh_model.units import DEFAULT_UP, metres, to_park_axes
from twin.errors import Invalid, NotFound
from twin.finding import Finding
from twin.geometry.frame import crs as known_crs
from twin.geometry.spool import MeshSpool
from twin.layer import LayerDraft, LayerKind, ReadContext

_READERS = {
    MeshFormat.GLB: gltf.read,
    MeshFormat.GLTF: gltf.read,
    MeshFormat.OBJ: obj.read,
    MeshFormat.STL: stl.read_binary,
    MeshFormat.STL_TEXT: stl.read_text,
    MeshFormat.PLY: ply.read,
}


def read(context: ReadContext, spool: MeshSpool) -> LayerDraft:
    """Read glTF, OBJ, STL or PLY.

    One object stands for the model; below it each node, group or solid that shows something is one, with its
    parent. Units: the file's, else `context.unit`, else metres; `context.unit` and `context.up` go first.
    Coordinates are the park's own axes around its origin, or those of `context.crs`. Raises NotFound, or
    Invalid with one sentence where the file is broken, hostile, too big, or lands too far from the park.
    """
    path, name = context.source, context.source.name
    context.progress(0.0, "read")
    found, model = _load(path, name)
    if not any(len(mesh.faces) for mesh in model.meshes):
        raise Invalid(f"{name} shows no triangle: expected a mesh; export it again", code="mesh-empty")
    context.progress(0.5, "graph")
    scale = metres(context.unit) if context.unit else model.unit or 1.0
    up = context.up or model.up or DEFAULT_UP.get(found, "z")
    axes = to_park_axes(scale, up)
    names = Names(model)
    extent = _extent(model, names, axes)
    location = _locate(context, extent)
    context.progress(0.6, "geometry")
    spooled = spool_meshes(spool, model, names, axes, location.matrix)
    context.progress(0.95, "geometry")
    title = model.title or path.stem
    objects, properties, quantities = tables(
        model, names, spooled, title, _source_rows(name, found, context, scale, up)
    )
    return LayerDraft(
        kind=LayerKind.MODEL,
        title=title,
        frame=location.frame,
        objects=objects,
        properties=properties,
        quantities=quantities,
        georef={**location.report, "unit": context.unit or "", "up": context.up or ""},
        crs=location.crs,
        findings=_findings(model, names, location, extent, assumed_unit=not context.unit and model.unit is None),
        engines={ENGINE: len(spooled.rows)},
    )


def _load(path: Path, name: str) -> tuple[MeshFormat, Model]:
    """The format and what it holds."""
    if not path.is_file():
        raise NotFound(f"File {path} does not exist: expected a mesh model", code="source")
    size = check_size(path, name)
    with path.open("rb") as stream:
        head = stream.read(65_536)
    found = mesh_format(head, size, path.suffix.lower())
    if found is None:
        raise Invalid(
            f"{name} is no mesh model that is read: expected glTF (.glb .gltf), OBJ, STL or PLY", code="mesh-format"
        )
    try:
        return found, _READERS[found](path, name)
    except MemoryError as error:
        raise Invalid(f"{name} needs more memory than there is: split or simplify it", code="mesh-size") from error


def _extent(model: Model, names: Names, axes: F64) -> Extent:
    """The model's box in metres, z up, by the boxes of its placed meshes."""
    low, high = [], []
    boxes = [(m.vertices.min(axis=0), m.vertices.max(axis=0)) if len(m.vertices) else None for m in model.meshes]
    for index in names.kept:
        node = model.nodes[index]
        box = boxes[node.mesh] if node.mesh >= 0 else None
        if box is None:
            continue
        places = axes @ node.places
        middle, half = (box[0] + box[1]) / 2, (box[1] - box[0]) / 2
        centre = places[:, :3, :3] @ middle + places[:, :3, 3]
        around = np.abs(places[:, :3, :3]) @ half
        low.append(centre - around)
        high.append(centre + around)
    return (
        Extent.of_boxes(np.concatenate(low), np.concatenate(high)) if low else Extent.of_boxes(*[np.empty((0, 3))] * 2)
    )


def _locate(context: ReadContext, extent: Extent) -> Location:
    """By the user's system, else at the park's origin."""
    crs = context.crs or context.placing.crs or None
    if crs and not known_crs(crs).is_projected:
        raise Invalid(
            f"--crs {crs} is no projected system: expected one in metres or feet, such as EPSG:4547, for a mesh model",
            code="crs",
        )
    return locate(context.source.name, Survey.of_mesh(crs, context.placing), extent, context.frame)


def _source_rows(
    name: str, found: MeshFormat, context: ReadContext, scale: float, up: str
) -> list[tuple[str, str, float | None, str | None]]:
    """(name, text, number, unit) of what the model's object says of its file."""
    unit = context.unit or ("m" if scale == 1.0 else "")
    rows: list[tuple[str, Any, float | None, str | None]] = [
        ("File", name, None, None),
        ("Format", found.value, None, None),
        ("Unit", unit, scale, "m"),
        ("Up axis", up, None, None),
    ]
    return rows


def _findings(model: Model, names: Names, location: Location, extent: Extent, *, assumed_unit: bool) -> list[Finding]:
    assumed = bool(location.report.get("assumed"))
    found = [place_finding(finding, assumed=assumed) for finding in location.findings]
    if assumed_unit:
        found.insert(0, unit_finding(float((extent.high - extent.low).max())))
    return [*found, *content_findings(model, names.repeated)]
