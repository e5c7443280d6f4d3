"""Which triangles of a heap can be seen from outside: a flood of voxels from the border tells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenes.tiles.arrays import F32, I64, Flags
from scenes.tiles.soup import Soup
from twin.ranges import ranges

VOXELS = 2_000_000
"""Of a grid at most: 2 MB, and some hundredths of a second."""
SAMPLES_PER_VOXEL = 1.6
"""Along a line. A square lattice at any angle meets every square of a sheet from 1.42 on."""
MOST_SAMPLES = 4_000_000
Grid = npt.NDArray[np.bool_]


def outside(soup: Soup, voxel: float) -> Flags:
    """(m,) whether a triangle lies at a voxel that is reached from outside without crossing a surface.

    voxel: metres, grown where the grid would be too large: gaps narrower than it are closed. What lies in a hollow that
    nothing reaches is inside.
    """
    extent = np.ptp(soup.position, axis=0)
    voxel = max(voxel, float(np.cbrt(np.prod(np.maximum(extent, voxel)) / VOXELS)))
    found = np.zeros(len(soup.faces), np.bool_)
    while True:
        samples = _samples(soup, voxel / SAMPLES_PER_VOXEL)
        if samples is not None:
            break
        voxel *= 1.5
    face, places = samples
    size = np.floor(extent / voxel).astype(np.int64) + 3  # an empty border on every side
    key = np.zeros(len(face), np.int64)
    for axis, place in enumerate(places):
        key *= size[axis]
        key += (place / voxel).astype(np.int64)
    key += (size[1] + 1) * size[2] + 1
    filled = np.zeros(int(np.prod(size)), np.bool_)
    filled[key] = True
    wet = _flood(~filled.reshape(size))
    found[face[_beside(wet).ravel()[key]]] = True
    return found


def _beside(wet: Grid) -> Grid:
    """The voxels with a face at a wet one."""
    near = np.zeros_like(wet)
    for axis in range(3):
        to, of = np.moveaxis(near, axis, 0), np.moveaxis(wet, axis, 0)
        to[1:] |= of[:-1]
        to[:-1] |= of[1:]
    return near


def _flood(free: Grid) -> Grid:
    """The free voxels that hang together with the corner of the grid, face to face."""
    wet = np.zeros_like(free)
    for axis in range(3):
        for side in (0, -1):
            np.moveaxis(wet, axis, 0)[side] = True
    count = -1
    while count != (count := int(wet.sum())):
        for axis in range(3):
            along, open_ = np.moveaxis(wet, axis, 0), np.moveaxis(free, axis, 0)
            for number in range(1, len(along)):
                along[number] |= along[number - 1] & open_[number]
            for number in range(len(along) - 2, -1, -1):
                along[number] |= along[number + 1] & open_[number]
    return wet


def _samples(soup: Soup, step: float) -> tuple[I64, list[F32]] | None:
    """Points on the triangles, at most `step` apart; None where there would be more than MOST_SAMPLES.

    The number of each point's triangle, and for each axis how far the points (s,) are from the heap's lowest corner.
    """
    corner = (soup.position - soup.position.min(axis=0)).astype(np.float32)[soup.faces]
    length = np.linalg.norm(corner[:, [1, 2, 0]] - corner, axis=2)
    first = length.argmax(axis=1)
    number = np.arange(len(corner))
    a = corner[number, first]
    side, rise = (
        corner[number, (first + 1) % 3] - a,
        corner[number, (first + 2) % 3] - a,
    )  # along the longest side; to the top
    base = length[number, first]
    height = np.linalg.norm(np.cross(side, rise), axis=1) / np.maximum(base, 1e-9)
    if float(((base / step + 2) * (height / step + 2)).sum()) > 2 * MOST_SAMPLES:
        return None
    rows = np.ceil(height / step).astype(np.int64) + 1
    row, face = ranges(np.zeros(len(rows), np.int64), rows), np.repeat(number, rows)
    up = (row / np.maximum(rows[face] - 1, 1)).astype(np.float32)
    columns = np.ceil(base[face] * (1 - up) / step).astype(np.int64) + 1
    reach = (1 - up) / np.maximum(columns - 1, 1).astype(np.float32)  # of the side: one step along the row
    along = ranges(np.zeros(len(columns), np.int64), columns).astype(np.float32)
    places = []
    for axis in range(3):
        place = np.repeat(reach * side[face, axis], columns)
        place *= along
        place += np.repeat(a[face, axis] + up * rise[face, axis], columns)
        places.append(place)
    return np.repeat(face, columns), places
