"""Reads city models: every city object becomes an object of the layer, at its own place and height."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from gis.city import said
from gis.city.draft import draft_of
from gis.city.hierarchy import Hierarchy, order
from gis.city.instances import put_instances
from gis.city.json_bodies import lod_rank
from gis.city.looks import Painter
from gis.city.model import CityModel
from gis.city.place import Place, place
from gis.city.polygons import F64, I64, Mask
from gis.city.shells import Measured, build, chunks, measure, store
from gis.city.source import read_model
from gis.notes import Notes
from twin.errors import Invalid
from twin.geometry.frame import crs
from twin.geometry.spool import MeshSpool
from twin.layer import LayerDraft, Progress, ReadContext


def read_city(context: ReadContext, spool: MeshSpool) -> LayerDraft:
    """Read a CityJSON or CityGML file into a layer draft.

    All city objects are kept, also without geometry, except those wholly outside the extent. Shapes are of the highest
    level of detail; volumes are measured of closed bodies only. Raises NotFound or Invalid with one sentence where the file
    or its coordinate system cannot be used.
    """
    if context.crs:
        crs(context.crs)
    with _no_cycles():
        return _read(context, spool)


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Without the collector of cycles: millions of lists that hold no cycle make it walk them again and again."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _read(context: ReadContext, spool: MeshSpool) -> LayerDraft:
    notes = Notes()
    context.progress(0.0, "read")
    model = _without_coarse(read_model(context.source, spool, notes, context.progress), notes)
    context.progress(0.4, "geometry")
    tree = order(model.objects, notes)
    what = context.source.name
    where = place(_used(model), _feet(model), model.crs, context.crs, context.frame, what, notes, ordered=model.ordered)
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
    return draft_of(model, tree, where, measured, kept, context, notes)


def _used(model: CityModel) -> F64:
    """The points of all bodies, and the anchors."""
    polygons = model.bodies.polygons
    seen = np.zeros(len(polygons.points), np.bool_)
    seen[polygons.corner] = True
    points = polygons.points if seen.all() else polygons.points[seen]
    return np.concatenate((points, model.instances.anchor)) if len(model.instances.anchor) else points


def _feet(model: CityModel) -> F64:
    """The lowest height of every body and anchor."""
    polygons = model.bodies.polygons
    first = polygons.first_corner[model.bodies.first]
    filled = first[1:] > first[:-1]
    height = polygons.points[:, 2][polygons.corner]
    low = np.minimum.reduceat(height, first[:-1][filled]) if filled.any() else np.zeros(0)
    return np.concatenate((low, model.instances.anchor[:, 2]))


def _without_coarse(model: CityModel, notes: Notes) -> CityModel:
    """Without the bodies of objects whose own parts are drawn in more detail: they would stand inside one another."""
    objects, bodies = model.objects, model.bodies
    kinds = {kind for kind in set(objects.kind) if kind.endswith("Part")}
    parts = [row for row, kind in enumerate(objects.kind) if kind in kinds and objects.parent[row] is not None]
    if not parts:
        return model
    ranks = {lod: lod_rank(lod) for lod in set(bodies.lod)}
    rank = np.full(len(objects), -np.inf)
    np.maximum.at(rank, bodies.row, np.fromiter(map(ranks.__getitem__, bodies.lod), np.float64, len(bodies)))
    finest: dict[str | None, float] = {}
    for row, value in zip(parts, rank[parts].tolist(), strict=True):
        if value > -np.inf:
            name = objects.parent[row]
            finest[name] = max(finest.get(name, -1.0), value)
    drawn = np.flatnonzero(rank > -np.inf).tolist()
    coarse = {row for row in drawn if objects.id[row] in finest and rank[row] < finest[objects.id[row]]}
    if not coarse:
        return model
    notes.add("city-coarse-parent", said.COARSE_PARENT, [objects.id[row] for row in sorted(coarse)])
    return model.with_bodies(bodies.take(np.flatnonzero(~np.isin(bodies.row, list(coarse)))))


def _shapes(
    model: CityModel, tree: Hierarchy, where: Place, context: ReadContext, spool: MeshSpool
) -> tuple[Measured, Mask]:
    """Put everything within the extent into the spool; what was measured, and the rows that are kept."""
    measured = Measured(len(tree.ids))
    rows, shapes = _put_bodies(model, where, context.progress, spool, measured)
    placed_rows, placed_shapes, matrix = put_instances(model, where, spool, measured)
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
    model: CityModel, where: Place, progress: Progress, spool: MeshSpool, measured: Measured
) -> tuple[I64, I64]:
    """Store and measure every body; (k,) rows and shapes."""
    bodies, painter = model.bodies, Painter(spool, model.objects.kind)
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
        have, stored = store(shells, bodies, begin, end, spool, painter)
        measure(shells, bodies, begin, end, painter, measured)
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
