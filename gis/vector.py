"""Reads vector files: every feature becomes one object, shaped by its kind and laid on the park's terrain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gis.columns import Columns
from gis.families.family import Batch, Work
from gis.kinds.catalogue import KINDS
from gis.kinds.decide import decide
from gis.kinds.kind import Kind
from gis.notes import Notes
from gis.shapes.ground import Ground
from gis.shapes.parts import parts_of
from gis.source import said
from gis.source.clip import clip, outside
from gis.source.identity import identify
from gis.source.layers import read_layers
from gis.source.located import Located, check_spread, locate, propose_frame, to_frame
from gis.source.sniff import check
from gis.tables import concat, objects_table, properties_table, quantities_table
from gis.words import DESCRIPTION, NAME, TAG
from twin.errors import Invalid
from twin.geometry.frame import Frame, crs
from twin.geometry.spool import MeshSpool
from twin.layer import AXES, OBJECTS, PROPERTIES, QUANTITIES, LayerDraft, LayerKind, ReadContext

Objects = npt.NDArray[np.object_]
_GEOJSON = {".geojson", ".json", ".geojsonl", ".geojsons"}


@dataclass
class _Tables:
    objects: list[pa.Table] = field(default_factory=list)
    properties: list[pa.Table] = field(default_factory=list)
    quantities: list[pa.Table] = field(default_factory=list)
    engines: Counter[str] = field(default_factory=Counter)


def read_vector(context: ReadContext, spool: MeshSpool) -> LayerDraft:
    """Read all layers of a vector file into one layer draft.

    Every feature with its attributes becomes an object (unless it lies wholly outside the extent), also
    one without geometry. Areas, lengths, heights and volumes are measured in the park frame.
    Raises NotFound or Invalid with one sentence where the file or its coordinate system cannot be used.
    """
    source = context.source
    check(source)
    if context.crs:
        crs(context.crs)
    context.progress(0.0, "read")
    notes = Notes()
    layers: list[Located] = []
    for layer in read_layers(source):
        if len(layer.geometry):
            what = source.name if layer.name == source.stem else f"{source.name} (layer {layer.name})"
            implied = source.suffix.lower() in _GEOJSON and layer.crs == "EPSG:4326"
            layers.append(locate(layer, what, context.crs, context.frame, implied=implied))
    if not layers:
        raise Invalid(f"{source.name} has no features: expected at least one with a geometry", code="no-features")
    frame = context.frame or propose_frame(layers, source.name)
    ground = Ground(context.terrain)
    work = Work(spool, ground, notes)
    tables, taken, georef = _Tables(), set[str](), []
    for number, located in enumerate(layers):
        context.progress(0.2 + 0.8 * number / len(layers), "geometry")
        said.of_reading(notes, located)
        georef.append(_georef(located))
        _read_features(located, frame, context, work, tables, taken)
    if not tables.objects:
        total = sum(layer.count for layer in layers)
        raise Invalid(
            f"None of the {total} features of {source.name} lies within {context.extent_m:g} m of the park's origin:"
            " expected some; raise extent_m or check --crs",
            code="outside-extent",
        )
    context.progress(1.0, "geometry")
    return LayerDraft(
        kind=LayerKind.VECTOR,
        title=source.stem,
        frame=frame,
        objects=concat(tables.objects, OBJECTS),
        properties=concat(tables.properties, PROPERTIES),
        quantities=concat(tables.quantities, QUANTITIES),
        axes=concat(work.axes, AXES),
        georef={
            "layers": georef,
            "frame": "park" if context.frame else "proposed",
            "origin": [frame.longitude, frame.latitude, frame.height],
        },
        crs=next((layer.reference.crs for layer in layers if len(layer.lonlat)), ""),
        findings=notes.findings(),
        engines=dict(tables.engines),
    )


def _georef(located: Located) -> dict[str, object]:
    centre = (located.lonlat.min(axis=0) + located.lonlat.max(axis=0)) / 2 if len(located.lonlat) else []
    return {
        "layer": located.source.name,
        "features": located.count,
        "declared": located.source.crs,
        "crs": located.reference.crs,
        "how": located.reference.how,
        "bounds": list(located.bounds),
        "centre": [round(float(value), 7) for value in centre],
    }


def _by_kind(kinds: Objects, of: Callable[[Kind], object]) -> Objects:
    """(n,) something that all features of a kind share."""
    found = {name: of(KINDS[name]) for name in set(kinds.tolist())}
    return np.fromiter(map(found.__getitem__, kinds.tolist()), object, len(kinds))


def _read_features(
    located: Located, frame: Frame, context: ReadContext, work: Work, tables: _Tables, taken: set[str]
) -> None:
    """Shape one layer's features and append its rows to the tables."""
    columns = Columns(located.source.table, located.count)
    found = identify(located.source, columns, taken)
    said.of_ids(work.notes, found)
    geometry, vertices = to_frame(located, frame, work.ground)
    if len(located.lonlat):
        if context.frame is None:
            check_spread(frame, vertices, context.source.name)
        else:
            frame.check_near(vertices, context.source.name, located.reference.crs)
    kinds = decide(geometry, columns, located.source.name)
    ids, has_z = found.ids, located.has_z
    said.of_geometry(work.notes, located, ids)
    if context.extent_m is not None:
        gone = outside(geometry, context.extent_m)
        said.of_extent(work.notes, ids[gone], context.extent_m)
        if gone.all():
            return
        rows = np.flatnonzero(~gone)
        geometry, ids, has_z, kinds = geometry[rows], ids[rows], has_z[rows], kinds[rows]
        columns = columns.take(rows)
        whole = np.isin(kinds, [kind.name for kind in KINDS if kind.whole])
        geometry, cut = clip(geometry, context.extent_m, whole)
        said.of_cutting(work.notes, ids[cut])
    said.of_terrain(work.notes, ids, geometry, work.ground)
    engine = np.full(len(ids), None, object)
    for name in dict.fromkeys(kinds.tolist()):
        kind, rows = KINDS[name], np.flatnonzero(kinds == name)
        batch = Batch(ids[rows], columns.take(rows), has_z[rows])
        polygons, lines, points = parts_of(geometry[rows])
        for family, parts in ((kind.polygon, polygons), (kind.line, lines), (kind.point, points)):
            if len(parts):
                family.build(work, batch, parts)
        engine[rows] = batch.engine
        tables.quantities.append(quantities_table(batch.ids, batch.measured))
    tables.engines.update(str(item) for item in engine if item is not None)
    tables.objects.append(
        objects_table(
            ids,
            type_=_by_kind(kinds, lambda kind: kind.type),
            name=columns.text(NAME),
            description=columns.text(DESCRIPTION),
            tag=columns.text(TAG),
            discipline=_by_kind(kinds, lambda kind: kind.discipline),
            cim_level=_by_kind(kinds, lambda kind: kind.cim_level).astype(np.int8),
            engine=engine,
        )
    )
    tables.properties.append(properties_table(ids, columns, located.source.name))
