"""Quantities measured from geometry, beside the declared ones: volume, projected area, height."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from twin.geometry.measure import ShapeMeasures, projected_areas, shape_measures
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
    shapes = shape_measures(meshes)
    scale = np.abs(np.linalg.det(meshes.matrix[:, :, :3]))
    placed_volume = shapes.volume[meshes.placed_shape] * scale
    placed_area = shapes.covered[meshes.placed_shape] * scale ** (2 / 3)
    tilted = np.flatnonzero(np.abs(meshes.matrix[:, 2, 2]) < (1 - 1e-9) * scale ** (1 / 3))
    placed_area[tilted] = projected_areas(meshes, meshes.placed_shape[tilted], meshes.matrix[tilted, 2, :3])
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
    return table, shapes
