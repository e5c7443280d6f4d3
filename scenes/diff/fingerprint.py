"""Fingerprints of a layer's objects, computed with the build and kept in `layer.duckdb`.

Geometry is described by integrals over its placed surface in the source's own frame, so that a model
that only stands elsewhere on the globe has the same ones; attributes by hashes of their rows.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from scenes.diff.moments import F64, Moments, packed, placed_moments, shape_moments, turned, united
from twin.geometry.spool import SpoolReader
from twin.graph.schema import FINGERPRINT
from twin.layer import LayerDraft

RIGID = 1e-6
"""A placement whose axes deviate from unit length and right angles by more than this stretches its shape."""
_HASHES = """
    CREATE TEMP TABLE hashed AS
    SELECT gid,
        (sum(md5_number_lower(concat_ws(chr(31), "set", name, coalesce(value, ''), coalesce(unit, '')))
            ::HUGEINT) FILTER (kind = 'property') % 9223372036854775807)::BIGINT AS properties,
        (sum(md5_number_lower(concat_ws(chr(31), "set", name, coalesce(value, ''), coalesce(unit, '')))
            ::HUGEINT) FILTER (kind = 'quantity') % 9223372036854775807)::BIGINT AS quantities
    FROM (
        SELECT 'property' AS kind, gid, "set", name, value, unit FROM property
        UNION ALL
        SELECT 'quantity', gid, "set", name, value::VARCHAR, unit FROM quantity WHERE origin = 'declared'
    ) GROUP BY gid
"""
"""A sum does not depend on the order of the rows; MD5 is the same in every version of DuckDB."""


def object_moments(spool: SpoolReader, source_matrix: F64) -> Moments:
    """Moments of all objects of the spool in the source's own frame. source_matrix (4, 4): that frame → the park's."""
    shapes = shape_moments(spool)
    back = np.linalg.inv(source_matrix)
    matrix = back[:3, :3] @ spool.matrix
    matrix[:, :, 3] += back[:3, 3]
    owner = spool.placed_object.astype(np.int64)
    shape = spool.placed_shape.astype(np.int64)
    axes = matrix[:, :, :3]
    stretched = np.abs(axes.transpose(0, 2, 1) @ axes - np.eye(3)).max(axis=(1, 2), initial=0.0) > RIGID
    second, third = turned(shapes.second[shape], shapes.third[shape], axes)
    area, volume = shapes.area[shape], shapes.volume[shape]
    centre = np.einsum("pij,pj->pi", axes, shapes.centre[shape]) + matrix[:, :, 3]
    rows = np.flatnonzero(stretched)
    if len(rows):
        exact = placed_moments(spool, rows)
        second[rows], third[rows] = turned(exact.second, exact.third, np.broadcast_to(back[:3, :3], (len(rows), 3, 3)))
        area[rows], volume[rows] = exact.area, exact.volume
        centre[rows] = exact.centre @ back[:3, :3].T + back[:3, 3]
    return united(Moments(area, centre, second, third, np.abs(volume)), owner, len(spool.objects))


def fingerprint_table(draft: LayerDraft, spool: SpoolReader | None) -> pa.Table:
    """id, area, volume, centre, second, third, placement for every object with geometry or placement.

    Second and third moments are divided by the area: m2 and m3, the spread of the surface about its centre.
    """
    ids: list[str] = draft.objects.column("id").to_pylist()
    row_of = {value: row for row, value in enumerate(ids)}
    count = len(ids)
    area, volume = np.full(count, np.nan), np.full(count, np.nan)
    centre, second, third = np.full((count, 3), np.nan), np.full((count, 6), np.nan), np.full((count, 10), np.nan)
    placement = np.full((count, 12), np.nan)
    if spool is not None and len(spool.objects):
        frame = np.eye(4) if draft.source_matrix is None else np.array(draft.source_matrix).reshape(4, 4)
        found = object_moments(spool, frame)
        good = np.flatnonzero((found.area > 0) & np.isfinite(found.centre).all(axis=1))
        rows = np.array([row_of[spool.objects[index]] for index in good], np.int64)
        two, three = packed(found.second[good], found.third[good])
        per = found.area[good, None]
        area[rows], volume[rows], centre[rows] = found.area[good], found.volume[good], found.centre[good]
        second[rows], third[rows] = two / per, three / per
    if len(draft.placements):
        rows = np.array([row_of[value] for value in draft.placements.column("id").to_pylist()], np.int64)
        placement[rows] = draft.placements.column("matrix").combine_chunks().flatten().to_numpy().reshape(-1, 12)
    return pa.table(
        {
            "id": ids,
            "area": _column(area),
            "volume": _column(volume),
            "centre": _column(centre),
            "second": _column(second),
            "third": _column(third),
            "placement": _column(placement),
        }
    )


def _column(values: F64) -> pa.Array:
    """Numbers (n,) or (n, k) as a column; rows that are not finite are null."""
    lost = ~np.isfinite(values)
    if values.ndim == 1:
        return pa.array(values, pa.float64(), mask=lost)
    flat = pa.FixedSizeListArray.from_arrays(pa.array(np.where(lost, 0.0, values).ravel()), values.shape[1])
    whole = pa.array(~lost.any(axis=1))
    return pa.compute.if_else(whole, flat, pa.scalar(None, flat.type))


def write_fingerprints(
    con: duckdb.DuckDBPyConnection, layer: str, draft: LayerDraft, spool: SpoolReader | None
) -> None:
    """Fill the table `fingerprint` of a layer's database, whose other tables are written already."""
    con.register("shaped", fingerprint_table(draft, spool))
    con.execute(_HASHES)
    con.execute(
        f"INSERT INTO {FINGERPRINT} SELECT $layer, o.gid, s.area, s.volume, s.centre, s.second, s.third,"
        " s.placement, h.properties, h.quantities"
        " FROM object o JOIN shaped s ON s.id = o.id LEFT JOIN hashed h ON h.gid = o.gid ORDER BY o.ordinal",
        {"layer": layer},
    )
