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
    solids = _Solids(meshes, rows)
    shared: dict[int, tuple[float, int]] = {}
    for left, right in islice(_candidates(spaces, boxes, volume), MOST_PAIRS):
        if parent[left] == ids[right] or parent[right] == ids[left]:
            continue
        size = solids.common(left, right)
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


class _Solids:
    """Objects as solids for booleans, made when first asked for, moved near the first one's place."""

    def __init__(self, meshes: SpoolReader, rows: I64) -> None:
        self._meshes = meshes
        owner = rows[meshes.placed_object]
        self._order = np.argsort(owner, kind="stable")
        self._owner = owner[self._order]
        self._made: dict[int, manifold3d.Manifold | None] = {}
        self._origin: F64 | None = None

    def common(self, left: int, right: int) -> float:
        """Cubic metres that two objects share; 0 where one of them is no closed body."""
        a, b = self._solid(left), self._solid(right)
        return 0.0 if a is None or b is None else abs(float((a ^ b).volume()))

    def _solid(self, row: int) -> manifold3d.Manifold | None:
        if row not in self._made:
            self._made[row] = self._make(row)
        return self._made[row]

    def _make(self, row: int) -> manifold3d.Manifold | None:
        low, high = np.searchsorted(self._owner, (row, row + 1))
        whole: manifold3d.Manifold | None = None
        for placement in self._order[low:high].tolist():
            shape = self._meshes.shape(int(self._meshes.placed_shape[placement]))
            matrix = self._meshes.matrix[placement]
            if self._origin is None:
                self._origin = matrix[:, 3].copy()
            if len(shape.faces) > MOST_TRIANGLES:
                return None
            points = shape.vertices @ matrix[:, :3].T + (matrix[:, 3] - self._origin)
            faces = shape.faces if np.linalg.det(matrix[:, :3]) > 0 else shape.faces[:, ::-1]
            part = _manifold(points, faces)
            if part is None:
                return None
            whole = part if whole is None else whole + part
        return whole


def _manifold(points: F64, faces: npt.NDArray[np.uint32]) -> manifold3d.Manifold | None:
    """A closed body; vertices within WELD_M are one. None where the triangles close nothing."""
    _, first, same = np.unique(np.round(points / WELD_M), axis=0, return_index=True, return_inverse=True)
    kept = np.asarray(same.reshape(-1)[faces], np.uint32)
    kept = kept[(kept[:, 0] != kept[:, 1]) & (kept[:, 1] != kept[:, 2]) & (kept[:, 0] != kept[:, 2])]
    made = manifold3d.Manifold(
        manifold3d.Mesh(np.ascontiguousarray(points[first], np.float32), np.ascontiguousarray(kept))
    )
    return made if made.status() == manifold3d.Error.NoError and not made.is_empty() else None
