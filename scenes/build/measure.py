"""Quantities measured from geometry, beside the declared ones: volume, projected area, height."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from twin.geometry.measure import ShapeMeasures, area_vectors, is_closed, projected_area, signed_volume
from twin.geometry.spool import SpoolReader
from twin.layer import QUANTITIES

SET = "Measured"
NAMES = (("Volume", "m3"), ("ProjectedArea", "m2"), ("Height", "m"))


def measure(
    meshes: SpoolReader, objects: pa.Table, boxes: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> tuple[pa.Table, ShapeMeasures]:
    """QUANTITIES rows for every object with geometry, and the measures by shape. boxes (n, 6) metres by row of `objects`.

    A shape is measured once; placements are rigid, so volume holds for all of them and the
    projected area is taken again only where the placement tilts. Open meshes get no volume.
    """
    shapes = len(meshes.counts)
    volume = np.full(shapes, np.nan)
    flat_area, area = np.zeros(shapes), np.zeros(shapes)
    vectors_of = {}
    tilted = np.unique(meshes.placed_shape[np.abs(meshes.matrix[:, 2, 2]) < 1 - 1e-9])
    needed = set(tilted.tolist())
    for index in range(shapes):
        shape = meshes.shape(index)
        vectors = area_vectors(shape.vertices, shape.faces)
        flat_area[index] = projected_area(vectors, np.array([0.0, 0.0, 1.0]))
        area[index] = np.linalg.norm(vectors, axis=1).sum()
        if is_closed(vectors):
            volume[index] = abs(signed_volume(shape.vertices, shape.faces))
        if index in needed:
            vectors_of[index] = vectors
    scale = np.abs(np.linalg.det(meshes.matrix[:, :, :3]))
    placed_volume = volume[meshes.placed_shape] * scale
    placed_area = flat_area[meshes.placed_shape] * scale ** (2 / 3)
    for row in np.flatnonzero(np.isin(meshes.placed_shape, tilted)):
        # Seen along the park's vertical: turn it into the shape's own frame, which keeps areas right.
        up = meshes.matrix[row, 2, :3]
        placed_area[row] = projected_area(vectors_of[int(meshes.placed_shape[row])], up)
    count = len(meshes.objects)
    totals = [
        np.bincount(meshes.placed_object, weights=values, minlength=count) for values in (placed_volume, placed_area)
    ]
    row_of = {value: row for row, value in enumerate(objects.column("id").to_pylist())}
    rows = np.array([row_of[value] for value in meshes.objects], np.int64)
    heights = boxes[rows, 5] - boxes[rows, 2] if count else np.empty(0)
    ids, names, values, units = [], [], [], []
    for (name, unit), column in zip(NAMES, (*totals, heights), strict=True):
        good = np.flatnonzero(np.isfinite(column))
        ids += [meshes.objects[index] for index in good]
        names += [name] * len(good)
        values.append(column[good])
        units += [unit] * len(good)
    table = pa.table(
        {
            "id": ids,
            "set": [SET] * len(ids),
            "name": names,
            "value": np.concatenate(values) if values else np.empty(0),
            "unit": units,
            "origin": ["measured"] * len(ids),
        },
        schema=QUANTITIES,
    )
    return table, ShapeMeasures(volume, area)
