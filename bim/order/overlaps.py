"""Spaces that reach into one another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import manifold3d
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from twin.geometry.spool import SpoolReader

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
LEAST_M3 = 0.05
"""A common volume below a bucket's is drawing tolerance."""
LEAST_SHARE = 0.01
"""And so is less than a hundredth of the smaller room (a wall finish on one side)."""
MOST_PAIRS = 5_000
"""Pairs that are cut exactly; a model with more overlaps of boxes is told by the first ones."""
MOST_TRIANGLES = 20_000
"""Rooms of more triangles are left out: an exact cut of them takes seconds."""
AT_ONCE = 64
"""Spaces looked up together."""
WELD_M = 1e-4


def overlapping_spaces(objects: pa.Table, meshes: SpoolReader, rows: I64, boxes: F64, volume: F64) -> dict[int, int]:
    """Rows of spaces that share volume with another → the one they share most with.

    rows (m,): object row of each of the spool's objects. Boxes find the candidates (an R-tree), exact booleans
    decide; a space that is part of the other, a gross area (GFA) and an open shell are no candidates.
    """
    kinds = objects.column("type").to_pylist()
    predefined = objects.column("predefined_type").to_pylist()
    spaces = np.array(
        [row for row in rows.tolist() if kinds[row] == "Space" and predefined[row] != "GFA" and volume[row] > LEAST_M3],
        np.int64,
    )
    if len(spaces) < 2:
        return {}
    parent = objects.column("parent").to_pylist()
    ids = objects.column("id").to_pylist()
    pairs = [
        (left, right)
        for left, right in islice(_candidates(spaces, boxes, volume), MOST_PAIRS)
        if parent[left] != ids[right] and parent[right] != ids[left]
    ]
    solids = _solids(meshes, rows, sorted({row for pair in pairs for row in pair}))
    shared: dict[int, tuple[float, int]] = {}
    for left, right in pairs:
        if left not in solids or right not in solids:
            continue
        size = abs(float((solids[left] ^ solids[right]).volume()))
        if size > max(LEAST_M3, LEAST_SHARE * min(volume[left], volume[right])):
            for one, other in ((left, right), (right, left)):
                shared[one] = max(shared.get(one, (0.0, -1)), (size, other))
    return {row: shared[row][1] for row in sorted(shared)}


def _candidates(spaces: I64, boxes: F64, volume: F64) -> Iterator[tuple[int, int]]:
    """Pairs of rows whose boxes share enough volume; a few spaces at a time, as all of them may stand at one place."""
    own, size = boxes[spaces], volume[spaces]
    tree = shapely.STRtree(shapely.box(own[:, 0], own[:, 1], own[:, 3], own[:, 4]))
    for at in range(0, len(spaces), AT_ONCE):
        first, second = tree.query(tree.geometries[at : at + AT_ONCE])
        first, second = (first + at)[first + at < second], second[first + at < second]
        edge = np.minimum(own[first, 3:], own[second, 3:]) - np.maximum(own[first, :3], own[second, :3])
        common = np.maximum(edge, 0.0).prod(axis=1)
        likely = common > np.maximum(LEAST_M3, LEAST_SHARE * np.minimum(size[first], size[second]))
        yield from zip(spaces[first[likely]].tolist(), spaces[second[likely]].tolist(), strict=True)


def _solids(meshes: SpoolReader, rows: I64, wanted: list[int]) -> dict[int, manifold3d.Manifold]:
    """Objects by row as solids for booleans, near the first one's place; without those that are no closed body."""
    owner = rows[meshes.placed_object]
    mine = np.flatnonzero(np.isin(owner, wanted))
    mine = mine[np.argsort(owner[mine], kind="stable")]
    made: dict[int, manifold3d.Manifold] = {}
    open_rows = set()
    for at in range(0, len(mine), AT_ONCE):
        for row, part in _parts(meshes, mine[at : at + AT_ONCE], owner, meshes.matrix[mine[0], :, 3]):
            if part is None:
                open_rows.add(row)
            else:
                made[row] = made[row] + part if row in made else part
    return {row: solid for row, solid in made.items() if row not in open_rows}


def _parts(
    meshes: SpoolReader, placements: I64, owner: I64, origin: F64
) -> Iterator[tuple[int, manifold3d.Manifold | None]]:
    """Each placement's object row and solid; None where the triangles close nothing, or are too many.

    Vertices of a shape within WELD_M are one.
    """
    counts = meshes.counts[meshes.placed_shape[placements]].astype(np.int64)
    small = counts[:, 1] <= MOST_TRIANGLES
    yield from ((int(owner[one]), None) for one in placements[~small])
    placements, counts = placements[small], counts[small]
    matrix, part = meshes.matrix[placements], np.arange(len(placements) + 1)
    whole = meshes.gather(meshes.placed_shape[placements])
    of_vertex, of_face = np.repeat(part[:-1], counts[:, 0]), np.repeat(part[:-1], counts[:, 1])
    points = np.einsum("nij,nj->ni", matrix[of_vertex, :, :3], whole.vertices) + (matrix[of_vertex, :, 3] - origin)
    grid = np.round(points / WELD_M)
    order = np.lexsort((grid[:, 2], grid[:, 1], grid[:, 0], of_vertex))
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (np.diff(grid[order], axis=0) != 0).any(axis=1) | (np.diff(of_vertex[order]) != 0)
    first, welded = order[fresh], np.empty(len(order), np.int64)
    welded[order] = np.cumsum(fresh) - 1
    begin = np.searchsorted(of_vertex[first], part)
    faces = welded[whole.faces] - begin[of_face, None]
    mirrored = (np.linalg.det(matrix[:, :, :3]) <= 0)[of_face]
    faces[mirrored] = faces[mirrored, ::-1]
    real = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])
    end = np.searchsorted(of_face[real], part)
    corners, triangles = points[first].astype(np.float32), faces[real].astype(np.uint32)
    for number, row in enumerate(owner[placements].tolist()):
        v, f = slice(*begin[number : number + 2]), slice(*end[number : number + 2])
        made = manifold3d.Manifold(manifold3d.Mesh(corners[v], triangles[f]))
        yield row, made if made.status() == manifold3d.Error.NoError and not made.is_empty() else None
