"""Lines as runs of points, with repeated points left out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gis.shapes.parts import Parts
from gis.shapes.sweep import Paths

F64 = npt.NDArray[np.float64]
SAME_M = 1e-3


def paths_of(lines: Parts, spacing: float | None = None) -> Paths:
    """Points (v, 3) of lines, z NaN in two dimensions; spacing: long segments are divided to at most this, metres."""
    geometry = lines.geometry.copy()
    if spacing is not None:
        long = shapely.length(geometry) > spacing  # GEOS refuses to divide a line without length
        geometry[long] = shapely.segmentize(geometry[long], spacing)
    points, path = shapely.get_coordinates(geometry, include_z=True, return_index=True)
    step = np.abs(np.diff(points, axis=0))
    moved = np.nan_to_num(step).max(axis=1, initial=0.0) > SAME_M
    keep = np.r_[True, moved | (path[1:] != path[:-1])] if len(points) else np.zeros(0, bool)
    points, path = points[keep], path[keep]
    first = np.searchsorted(path, np.arange(len(lines) + 1)).astype(np.int64)
    return Paths(points, first, lines.owner)


def path_of(paths: Paths) -> npt.NDArray[np.int64]:
    """(v,) the path of each point."""
    return np.repeat(np.arange(len(paths.first) - 1), np.diff(paths.first))


def fraction(paths: Paths) -> F64:
    """(v,) how far along its path each point is, 0 at the start, 1 at the end, in plan."""
    path = path_of(paths)
    step = np.hypot(*np.diff(paths.points[:, :2], axis=0).T) if len(paths.points) else np.zeros(0)
    along = np.r_[0.0, np.cumsum(step)] if len(paths.points) else step
    begin = along[np.minimum(paths.first[:-1], max(len(along) - 1, 0))][path]
    end = along[paths.first[1:] - 1][path]
    return np.divide(along - begin, end - begin, out=np.zeros_like(along), where=end > begin)
