"""Whether two objects have the same surface: moments compared with a tolerance, never rounded.

Tolerance: a surface whose points move by less than SLACK (1 mm, or 0.1 % of the object's size where
that is less) counts as the same. Where two geometry engines made the meshes, curved surfaces are cut
differently, so 2 % of the size (at most 20 mm) is let pass; a bounding box standing in for a shape
says nothing about it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenes.diff.moments import F64, I64, SECOND, THIRD, packed, turned, unpacked
from scenes.diff.side import Side

SLACK = (1e-3, 5e-5, 1e-3)
"""Share of the object's radius, at least, at most (metres)."""
ENGINE_SLACK = (2e-2, 1e-3, 2e-2)
"""The same where the engines differ."""
STAND_IN = "bounding-box"
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Seen:
    """Geometry of some objects in some axes: area (n,), centre (n, 3), second (n, 6), third (n, 10)."""

    area: F64
    centre: F64
    second: F64
    third: F64

    @classmethod
    def of(cls, side: Side, rows: I64) -> Seen:
        """In the source's own frame."""
        return cls(side.area[rows], side.centre[rows], side.second[rows], side.third[rows])

    def through(self, matrix: F64) -> Seen:
        """Seen after rigid placements (3, 4) or (n, 3, 4)."""
        each = np.broadcast_to(matrix, (len(self.area), 3, 4))
        second, third = packed(*turned(*unpacked(self.second, self.third), each[:, :, :3]))
        centre = np.einsum("nij,nj->ni", each[:, :, :3], self.centre) + each[:, :, 3]
        return Seen(self.area, centre, second, third)


def slack(old: Side, i: I64, new: Side, j: I64) -> F64:
    """(n,) metres by which surfaces may differ."""
    radius = np.maximum(old.radius[i], new.radius[j])
    own = np.clip(SLACK[0] * radius, *SLACK[1:])
    return np.where(old.engine[i] == new.engine[j], own, np.clip(ENGINE_SLACK[0] * radius, *ENGINE_SLACK[1:]))


def stand_in(old: Side, i: I64, new: Side, j: I64) -> Flags:
    """(n,) where exactly one of the meshes is a box that stands for a shape no engine could make."""
    return np.asarray((old.engine[i] == STAND_IN) != (new.engine[j] == STAND_IN), np.bool_)


def same_size(a: Seen, b: Seen, by: F64) -> Flags:
    """(n,) equal area. Volume says nothing: its sign hangs on which way a file turns its faces."""
    radius = np.sqrt(np.maximum(a.second[:, 0] + a.second[:, 3] + a.second[:, 5], 1e-12))
    return np.asarray(np.abs(a.area - b.area) <= 2 * by * a.area / radius, np.bool_)


def same_form(a: Seen, b: Seen, by: F64) -> Flags:
    """(n,) equal second and third moments in the same axes, wherever the centres are."""
    spread = np.sqrt(np.maximum(a.second[:, [0, 3, 5]], 0.0)) + by[:, None]
    two, three = np.array(SECOND), np.array(THIRD)
    limit = by[:, None] * (spread[:, two[:, 0]] + spread[:, two[:, 1]])
    fits = (np.abs(a.second - b.second) <= limit).all(axis=1)
    x, y, z = (spread[:, three[:, axis]] for axis in range(3))
    limit = 1.5 * by[:, None] * (x * y + y * z + x * z)
    return np.asarray(fits & (np.abs(a.third - b.third) <= limit).all(axis=1), np.bool_)


def congruent(a: Seen, b: Seen, by: F64) -> Flags:
    """(n,) equal up to a rigid motion: by what a rotation leaves alone; mirrored shapes are not."""
    if not len(by):
        return np.zeros(0, np.bool_)
    (two_a, three_a), (two_b, three_b) = (unpacked(np.nan_to_num(s.second), np.nan_to_num(s.third)) for s in (a, b))
    axes_a, axes_b = (np.sqrt(np.maximum(np.linalg.eigvalsh(two), 0.0)) for two in (two_a, two_b))
    fits = (np.abs(axes_a - axes_b) <= 1.5 * by[:, None]).all(axis=1) & same_size(a, b, by)
    limit = 4.5 * by * (axes_a**2).sum(axis=1) + by**3
    flow_a, flow_b = (np.einsum("nijj->ni", three) for three in (three_a, three_b))
    fits &= np.abs(np.linalg.norm(flow_a, axis=1) - np.linalg.norm(flow_b, axis=1)) <= limit
    size_a, size_b = (np.sqrt((three**2).sum(axis=(1, 2, 3))) for three in (three_a, three_b))
    fits &= np.abs(size_a - size_b) <= limit
    hand_a, clear_a = _handedness(two_a, flow_a, by)
    hand_b, clear_b = _handedness(two_b, flow_b, by)
    mirrored = (hand_a * hand_b < 0) & (np.minimum(clear_a, clear_b) > limit)
    return np.asarray(fits & ~mirrored, np.bool_)


def _handedness(two: F64, flow: F64, by: F64) -> tuple[F64, F64]:
    """Which hand a shape is of: a sign that turns under a reflection, and how clear it is (m3; 0 where it is not).

    flow (n, 3): contracted third moments, taken along the principal axes; a shape that is even along one of
    them, or whose axes are not told apart, equals its mirror image as far as these moments can see.
    """
    squares, axes = np.linalg.eigh(two)
    along = np.einsum("nki,nk->ni", axes, flow)
    spread = np.sqrt(np.maximum(squares, 0.0))
    apart = (np.diff(spread, axis=1) > 3 * by[:, None]).all(axis=1)
    sign = np.prod(along, axis=1) * np.linalg.det(axes)
    return np.sign(sign), np.where(apart, np.abs(along).min(axis=1), 0.0)
