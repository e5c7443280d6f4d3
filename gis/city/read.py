"""Reads city models: every city object becomes an object of the layer, at its own place and height."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gis.city import said
from gis.city.classes import CIM_TYPES, discipline
from gis.city.hierarchy import Hierarchy, order
from gis.city.instances import put_instances
from gis.city.json_bodies import lod_rank
from gis.city.looks import Painter
from gis.city.model import CityModel
from gis.city.place import Place, place
from gis.city.polygons import F64, I64, Mask
from gis.city.properties import DESCRIPTIONS, NAMES, SET, Properties
from gis.city.shells import Measured, build, chunks, measure, store
from gis.city.source import read_model
from gis.notes import Notes
from gis.tables import objects_table, quantities_table
from twin.errors import Invalid
from twin.geometry.frame import crs
from twin.geometry.spool import MeshSpool
from twin.layer import OBJECTS, PROPERTIES, RELATIONS, LayerDraft, LayerKind, Progress, ReadContext

Objects = npt.NDArray[np.object_]
ENGINE = "polygons"


def read_city(context: ReadContext, spool: MeshSpool) -> LayerDraft:
    """Read a CityJSON or CityGML file into a layer draft.

    All city objects are kept, also without geometry, except those wholly outside the extent. Shapes are of the highest
    level of detail; volumes are measured of closed bodies only. Raises NotFound or Invalid with one sentence where the file
    or its coordinate system cannot be used.
    """
    if context.crs:
        crs(context.crs)
    notes = Notes()
    context.progress(0.0, "read")
    model = _without_coarse(read_model(context.source, spool, notes, context.progress), notes)
    context.progress(0.4, "geometry")
    tree = order(model.objects, notes)
    what = context.source.name
    used = model.bodies.polygons.points[model.bodies.polygons.corner]
    where = place(
        np.concatenate((used, model.instances.anchor)), _feet(model, used), model.crs, context.crs, context.frame, what, notes,
        ordered=model.ordered,
    )  # fmt: skip
    del used
    measured, kept = _shapes(model, tree, where, context, spool)
    said_of_shapes(model, tree, measured, notes)
    if context.extent_m is not None:
        outside = ~kept
        notes.add("outside-extent", said.OUTSIDE, tree.ids[outside], extent=context.extent_m)
        if outside.all():
            raise Invalid(
                f"None of the {len(kept)} city objects of {what} lies within {context.extent_m:g} m of the park's origin:"
                " expected some; raise extent_m or check --crs",
                code="outside-extent",
            )
    context.progress(1.0, "geometry")
    return _draft(model, tree, where, measured, kept, context, notes)


def _feet(model: CityModel, used: F64) -> F64:
    """The lowest height of every body and anchor."""
    first = model.bodies.polygons.first_corner[model.bodies.first]
    filled = first[1:] > first[:-1]
    low = np.minimum.reduceat(used[:, 2], first[:-1][filled]) if filled.any() else np.zeros(0)
    return np.concatenate((low, model.instances.anchor[:, 2]))


def _without_coarse(model: CityModel, notes: Notes) -> CityModel:
    """Without the bodies of objects whose own parts are drawn in more detail: they would stand inside one another."""
    objects, bodies = model.objects, model.bodies
    parts = [row for row, kind in enumerate(objects.kind) if kind.endswith("Part") and objects.parent[row] is not None]
    if not parts:
        return model
    rank: dict[int, float] = {}
    for row, lod in zip(bodies.row.tolist(), bodies.lod, strict=True):
        rank[row] = max(rank.get(row, -1.0), lod_rank(lod))
    finest: dict[str | None, float] = {}
    for row in parts:
        if row in rank:
            name = objects.parent[row]
            finest[name] = max(finest.get(name, -1.0), rank[row])
    coarse = {row for row in rank if rank[row] < finest.get(objects.id[row], -1.0)}
    if not coarse:
        return model
    notes.add("city-coarse-parent", said.COARSE_PARENT, [objects.id[row] for row in sorted(coarse)])
    return model.with_bodies(bodies.take(np.flatnonzero(~np.isin(bodies.row, list(coarse)))))


def _shapes(
    model: CityModel, tree: Hierarchy, where: Place, context: ReadContext, spool: MeshSpool
) -> tuple[Measured, Mask]:
    """Put everything within the extent into the spool; what was measured, and the rows that are kept."""
    painter = Painter(spool)
    measured = Measured(len(tree.ids))
    rows, shapes = _put_bodies(model, where, context.progress, spool, painter, measured)
    placed_rows, placed_shapes, matrix = put_instances(model, where, spool, painter, measured)
    kept = np.ones(len(tree.ids), np.bool_)
    if context.extent_m is not None:
        half = context.extent_m
        inside = ((measured.low[:, :2] <= half) & (measured.high[:, :2] >= -half)).all(axis=1)
        outside = measured.shown & ~inside
        above = tree.upward(outside)  # a group or building goes with the last of its parts
        kept = tree.upward(~outside & (measured.shown | ~above))
    stays = kept[rows]
    spool.place_all(tree.ids[rows[stays]].tolist(), shapes[stays])
    stays = kept[placed_rows]
    spool.place_all(tree.ids[placed_rows[stays]].tolist(), placed_shapes[stays], matrix[stays])
    return measured, kept


def _put_bodies(
    model: CityModel, where: Place, progress: Progress, spool: MeshSpool, painter: Painter, measured: Measured
) -> tuple[I64, I64]:
    """Store and measure every body; (k,) rows and shapes."""
    bodies, kinds = model.bodies, model.objects.kind
    rows, shapes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for begin, end in chunks(bodies):
        progress(0.4 + 0.55 * begin / len(bodies), "geometry")
        part = slice(int(bodies.first[begin]), int(bodies.first[end]))
        polygons = bodies.polygons.part(part.start, part.stop)
        body = np.repeat(np.arange(end - begin), np.diff(bodies.first[begin : end + 1]))
        shells = build(
            polygons.moved(where.points(polygons.points)),
            polygons.points,
            body,
            bodies.solid[begin:end],
            bodies.shell[part],
        )
        have, stored = store(shells, bodies, begin, end, kinds, spool, painter)
        measure(shells, bodies, begin, end, kinds, measured)
        rows.append(bodies.row[begin:end][have])
        shapes.append(stored)
    return np.concatenate(rows), np.concatenate(shapes)


def said_of_shapes(model: CityModel, tree: Hierarchy, measured: Measured, notes: Notes) -> None:
    """Findings about geometry."""

    def ids(rows: set[int]) -> list[str]:
        return [str(tree.ids[row]) for row in sorted(rows)]

    notes.add("city-ring", said.BAD_RING, ids(measured.broken))
    notes.add("city-ring-crossing", said.CROSSING, ids(measured.crossing))
    notes.add("city-not-planar", said.OFF_PLANE, ids(measured.off_plane), worst=measured.worst_m)
    notes.add("city-solid-inverted", said.INVERTED, ids(measured.inverted))
    notes.add("city-solid-open", said.OPEN_SOLID, ids(measured.open_))
    given = set(model.bodies.row.tolist()) | set(model.instances.row.tolist())
    notes.add("city-shape-lost", said.EMPTY, ids(given - set(np.flatnonzero(measured.shown).tolist())))


def _draft(
    model: CityModel, tree: Hierarchy, where: Place, measured: Measured, kept: Mask, context: ReadContext, notes: Notes
) -> LayerDraft:
    """The tables of the kept rows."""
    rows = np.flatnonzero(kept)
    kinds = np.array(model.objects.kind, object)
    properties = Properties(model.attributes)
    lod = _lods(model)
    engine = np.full(len(kinds), None, object)
    engine[measured.shown] = ENGINE
    objects = objects_table(
        tree.ids[rows],
        type_=np.array([CIM_TYPES.get(kind, kind) for kind in kinds[rows]], object),
        name=properties.column(NAMES, len(kinds))[rows],
        description=properties.column(DESCRIPTIONS, len(kinds))[rows],
        tag=np.full(len(rows), None, object),
        discipline=np.array([discipline(kind) for kind in kinds[rows]], object),
        cim_level=_levels(kinds, lod)[rows],
        engine=engine[rows],
    )
    for name, above in (("parent", tree.parent), ("building", tree.building)):
        column = np.full(len(rows), None, object)
        some = above[rows] >= 0
        column[some] = tree.ids[above[rows][some]]
        objects = objects.set_column(OBJECTS.get_field_index(name), OBJECTS.field(name), pa.array(column, pa.string()))
    shown = int(measured.shown[rows].sum())
    return LayerDraft(
        kind=LayerKind.VECTOR,
        title=model.title or context.source.stem,
        frame=where.frame,
        objects=objects,
        relations=_relations(tree, kept),
        properties=pa.concat_tables(
            [properties.table(tree.ids, np.flatnonzero(kept[properties.owner])), _facts(tree.ids, kinds, lod, rows)]
        ),
        quantities=quantities_table(tree.ids[rows], _quantities(measured, rows)),
        georef={
            "declared": model.crs,
            "crs": where.crs,
            "how": where.how,
            "format": model.format_,
            "axes": "north-east" if where.swapped else "east-north",
            "frame": "park" if context.frame else "proposed",
            "origin": [where.frame.longitude, where.frame.latitude, where.frame.height],
        },
        crs=where.crs,
        findings=notes.findings(),
        engines={ENGINE: shown} if shown else {},
    )


def _lods(model: CityModel) -> Objects:
    """(n,) level of detail that is drawn, None without geometry."""
    lod = np.full(len(model.objects), None, object)
    lod[model.instances.row] = np.array([item or None for item in model.instances.lod] or [None], object)[
        : len(model.instances.row)
    ]
    for row, text in zip(model.bodies.row.tolist(), model.bodies.lod, strict=True):
        if text:
            lod[row] = text
    return lod


def _levels(kinds: Objects, lod: Objects) -> npt.NDArray[np.int8]:
    """CIM levels: relief 1, frame models (LoD 0 and 1) 2, LoD 2 standard 3, LoD 3 fine 4, interiors (LoD 4) 5 (domain facts, 3.2)."""
    cache: dict[object, int] = {None: 2}
    for text in set(lod.tolist()) - {None}:
        cache[text] = int(min(max(lod_rank(str(text)), 1.0), 4.0)) + 1
    level = np.fromiter((cache[text] for text in lod.tolist()), np.int8, len(lod))
    relief = np.fromiter((kind.endswith("Relief") or kind == "ReliefFeature" for kind in kinds), np.bool_, len(kinds))
    return np.where(relief, 1, level).astype(np.int8)


def _facts(ids: Objects, kinds: Objects, lod: Objects, rows: I64) -> pa.Table:
    """The class as the standard calls it, and the level of detail that is drawn, as properties."""
    parts = []
    for name, values in (("class name", kinds), ("lod", lod)):
        some = rows[values[rows] != None]  # noqa: E711  elementwise
        count = len(some)
        text = pa.array(values[some], pa.string())
        number = [lod_rank(item) for item in values[some]] if name == "lod" else [None] * count
        parts.append(
            pa.table(
                [
                    pa.array(ids[some], pa.string()), pa.repeat(pa.scalar(SET), count), pa.repeat(pa.scalar(name), count), text,
                    pa.array(number, pa.float64()), pa.nulls(count, pa.string()), pa.repeat(pa.scalar("occurrence"), count),
                ],
                schema=PROPERTIES,
            )
        )  # fmt: skip
    return pa.concat_tables(parts)


def _relations(tree: Hierarchy, kept: Mask) -> pa.Table:
    child = np.flatnonzero((tree.parent >= 0) & kept)
    pairs = tree.members[kept[tree.members].all(axis=1)] if len(tree.members) else tree.members
    source = np.concatenate((tree.ids[tree.parent[child]], tree.ids[pairs[:, 0]]))
    target = np.concatenate((tree.ids[child], tree.ids[pairs[:, 1]]))
    kind = ["aggregates"] * len(child) + ["member_of"] * len(pairs)
    return pa.table(
        [pa.array(source, pa.string()), pa.array(kind, pa.string()), pa.array(target, pa.string())], schema=RELATIONS
    )


def _quantities(measured: Measured, rows: I64) -> dict[str, tuple[str, F64]]:
    height = np.where(measured.shown, measured.high[:, 2] - measured.low[:, 2], np.nan)
    columns = {
        "Volume": ("m3", measured.volume), "ProjectedArea": ("m2", measured.projected), "Area": ("m2", measured.flat),
        "Height": ("m", height), "RoofArea": ("m2", measured.roof), "WallArea": ("m2", measured.wall),
    }  # fmt: skip
    return {name: (unit, values[rows]) for name, (unit, values) in columns.items()}
