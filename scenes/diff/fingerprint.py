"""Fingerprints of a layer's objects, computed with the build and kept with its tables.

Geometry is described by integrals over its placed surface in the source's own frame, so that a model
that only stands elsewhere on the globe has the same ones; attributes by hashes of their rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from scenes.diff.hashes import hashes
from scenes.diff.moments import F64, Moments, packed, placed_moments, shape_moments, turned, united
from twin.geometry.spool import SpoolReader
from twin.graph.schema import FINGERPRINT
from twin.graph.tablefile import write_table
from twin.layer import LayerDraft

RIGID = 1e-6
"""A placement whose axes deviate from unit length and right angles by more than this stretches its shape."""


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


def write_fingerprints(
    folder: Path, layer: str, draft: LayerDraft, ordinal: npt.NDArray[Any], spool: SpoolReader | None
) -> None:
    """Write the table `fingerprint` of a version into its folder. ordinal (n,): by row of `draft.objects`."""
    ids = draft.objects.column("id").combine_chunks()
    frame = np.eye(4) if draft.source_matrix is None else np.array(draft.source_matrix).reshape(4, 4)
    order = np.argsort(ordinal)
    geometry = geometry_columns(ids.take(order), draft.placements, spool, frame)
    declared = draft.quantities.filter(pc.equal(draft.quantities.column("origin"), "declared"))
    table = pa.table(
        {
            "layer": pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(ids), np.int32)), pa.array([layer])),
            "gid": pc.binary_join_element_wise(f"{layer}/", ids.take(order), ""),
            **geometry,
            "properties": hashes(draft.properties, ids).take(order),
            "quantities": hashes(declared, ids).take(order),
        }
    )
    write_table(folder, FINGERPRINT, table)


def geometry_columns(
    ids: pa.Array, placements: pa.Table, spool: SpoolReader | None, source_matrix: F64
) -> dict[str, pa.Array]:
    """The columns of the table `fingerprint` that tell of shapes and places, for objects of these local ids.

    placements: rows of PLACEMENTS; source_matrix (4, 4): the source's own frame → the park's. Second and third moments are
    divided by the area: the spread of the surface about its centre.
    """
    count = len(ids)
    area, volume = np.full(count, np.nan), np.full(count, np.nan)
    centre, second, third = np.full((count, 3), np.nan), np.full((count, 6), np.nan), np.full((count, 10), np.nan)
    placement = np.full((count, 12), np.nan)
    if spool is not None and len(spool.objects):
        found = object_moments(spool, source_matrix)
        good = np.flatnonzero((found.area > 0) & np.isfinite(found.centre).all(axis=1))
        rows = pc.index_in(pa.array(spool.objects, pa.string()), value_set=ids).to_numpy()[good]
        two, three = packed(found.second[good], found.third[good])
        per = found.area[good, None]
        area[rows], volume[rows], centre[rows] = found.area[good], found.volume[good], found.centre[good]
        second[rows], third[rows] = two / per, three / per
    if len(placements):
        rows = pc.index_in(placements.column("id"), value_set=ids).to_numpy()
        placement[rows] = placements.column("matrix").combine_chunks().flatten().to_numpy().reshape(-1, 12)
    values = {
        "area": area,
        "volume": volume,
        "centre": centre,
        "second": second,
        "third": third,
        "placement": placement,
    }
    return {name: _column(one) for name, one in values.items()}


def _column(values: F64) -> pa.Array:
    """Numbers (n,) or (n, k) as a column; rows that are not finite are null."""
    lost = ~np.isfinite(values)
    if values.ndim == 1:
        return pa.array(values, pa.float64(), mask=lost)
    return pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), values.shape[1], mask=pa.array(lost.any(axis=1)))
