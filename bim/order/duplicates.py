"""Objects that stand twice at one place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
SAME_M = 1e-3
"""A millimetre: copies agree far better, neighbours far worse."""
SAME_SHARE = 1e-3
"""Volume and surface of copies agree to a thousandth; they tell shapes apart that fill one box differently."""
REACH = 8
"""Neighbours in the sorted order that are compared. Copies stand side by side in it, however many there are."""
WEIGHTS = np.array([0.6180, 0.7549, 0.8192, 0.8567, 0.8812, 0.8987])
"""No small whole numbers relate these, so that boxes with an equal weighted sum are equal boxes but for chance."""
NOT_TWICE = {
    "Site", "Building", "BuildingStorey", "Annotation", "Grid", "DistributionPort", "Port", "VirtualElement",
    "OpeningElement", "ReinforcingBar", "ReinforcingMesh", "Terrain",
}  # fmt: skip


def twins(
    objects: pa.Table, boxes: F64, volume: F64, area: F64, real: npt.NDArray[np.bool_], within: float = SAME_M
) -> dict[int, int]:
    """Rows that repeat an earlier one → that row.

    objects: columns id, type and parent; volume, area (n,): NaN where unknown; real (n,): rows to compare;
    within: metres by which boxes may differ. Two objects are twins where class, box, volume and surface agree and
    none is a part of the other. Sorted by class and a weighted sum of the box, twins are neighbours: time n log n.
    """
    kinds = objects.column("type").to_pylist()
    rows = np.flatnonzero(real & np.array([kind not in NOT_TWICE for kind in kinds], np.bool_))
    if len(rows) < 2:
        return {}
    kind = np.unique(np.array([kinds[row] for row in rows]), return_inverse=True)[1]
    key = boxes[rows] @ WEIGHTS
    order = np.lexsort((key, kind))
    rows, kind, key = rows[order], kind[order], key[order]
    place = pc.index_in(objects.column("parent"), value_set=objects.column("id").combine_chunks())
    parent = np.asarray(place.fill_null(-1).to_numpy(), np.int64)
    pairs: list[tuple[I64, I64]] = []
    for step in range(1, min(REACH, len(rows) - 1) + 1):
        a, b = rows[:-step], rows[step:]
        near = (kind[:-step] == kind[step:]) & (key[step:] - key[:-step] <= within * WEIGHTS.sum())
        a, b = a[near], b[near]
        same = (
            (np.abs(boxes[a] - boxes[b]).max(axis=1, initial=0.0) <= within) & _agree(volume, a, b) & _agree(area, a, b)
        )
        same &= (parent[a] != b) & (parent[b] != a)
        pairs.append((a[same], b[same]))
    return _earliest(np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs]))


def _agree(values: F64, a: I64, b: I64) -> npt.NDArray[np.bool_]:
    """Whether a measure is equal in both, or unknown in both."""
    left, right = values[a], values[b]
    return np.isclose(left, right, rtol=SAME_SHARE, atol=1e-9, equal_nan=True)


def _earliest(a: I64, b: I64) -> dict[int, int]:
    """Pairs to groups: every row but a group's first → the first (union-find, small: only twins are in it)."""
    head: dict[int, int] = {}

    def top(row: int) -> int:
        while (above := head.get(row, row)) != row:
            head[row] = head.get(above, above)
            row = above
        return row

    for left, right in zip(a.tolist(), b.tolist(), strict=True):
        first, second = sorted((top(left), top(right)))
        head[second] = first
    return {row: top(row) for row in sorted(head) if top(row) != row}
