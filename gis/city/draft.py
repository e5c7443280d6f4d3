"""The tables of a city model's layer: objects, relations, properties, quantities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gis.city.classes import CIM_TYPES, discipline
from gis.city.hierarchy import Hierarchy
from gis.city.json_bodies import lod_rank
from gis.city.model import CityModel
from gis.city.place import Place
from gis.city.polygons import F64, I64, Mask
from gis.city.properties import DESCRIPTIONS, NAMES, SET, Properties
from gis.city.shells import Measured
from gis.notes import Notes
from gis.tables import objects_table, quantities_table
from twin.layer import OBJECTS, PROPERTIES, RELATIONS, LayerDraft, LayerKind, ReadContext

Objects = npt.NDArray[np.object_]
ENGINE = "polygons"


def draft_of(
    model: CityModel, tree: Hierarchy, where: Place, measured: Measured, kept: Mask, context: ReadContext, notes: Notes
) -> LayerDraft:
    """The tables of the kept rows."""
    rows = np.flatnonzero(kept)
    names = sorted(set(model.objects.kind))
    kinds = np.array(model.objects.kind, object)
    type_ = {kind: CIM_TYPES.get(kind, kind) for kind in names}
    trade = {kind: discipline(kind) for kind in names}
    properties = Properties(model.attributes)
    lod = _lods(model)
    engine = np.full(len(kinds), None, object)
    engine[measured.shown] = ENGINE
    objects = objects_table(
        tree.ids[rows],
        type_=np.array(list(map(type_.__getitem__, kinds[rows])), object),
        name=properties.column(NAMES, len(kinds))[rows],
        description=properties.column(DESCRIPTIONS, len(kinds))[rows],
        tag=np.full(len(rows), None, object),
        discipline=np.array(list(map(trade.__getitem__, kinds[rows])), object),
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
    by_lod = {
        text: 2 if text is None else int(min(max(lod_rank(str(text)), 1.0), 4.0)) + 1 for text in set(lod.tolist())
    }
    relief = {kind for kind in set(kinds.tolist()) if kind.startswith("Relief") or kind.endswith("Relief")}
    level = np.fromiter(map(by_lod.__getitem__, lod.tolist()), np.int8, len(lod))
    if relief:
        level[np.fromiter(map(relief.__contains__, kinds.tolist()), np.bool_, len(kinds))] = 1
    return level


def _facts(ids: Objects, kinds: Objects, lod: Objects, rows: I64) -> pa.Table:
    """The class as the standard calls it, and the level of detail that is drawn, as properties."""
    owner = pa.array(ids[rows].tolist(), pa.string())
    parts = []
    for name, values in (("class name", kinds), ("lod", lod)):
        text = pa.array(values[rows].tolist(), pa.string()).dictionary_encode()
        ranks = [lod_rank(item) if name == "lod" else None for item in text.dictionary.to_pylist()]
        part = pa.table(
            [
                owner, pa.repeat(pa.scalar(SET), len(rows)), pa.repeat(pa.scalar(name), len(rows)), text.dictionary_decode(),
                pa.array(ranks, pa.float64()).take(text.indices), pa.nulls(len(rows), pa.string()),
                pa.repeat(pa.scalar("occurrence"), len(rows)),
            ],
            schema=PROPERTIES,
        )  # fmt: skip
        parts.append(part.filter(pc.is_valid(part["value"])) if text.null_count else part)
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
