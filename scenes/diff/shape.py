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
MIRRORED = 0.05
"""Handedness (−1 … 1) below this is not told apart from a symmetric shape's."""

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
    hand_a, hand_b = _handedness(two_a, flow_a), _handedness(two_b, flow_b)
    mirrored = (hand_a * hand_b < 0) & (np.minimum(np.abs(hand_a), np.abs(hand_b)) > MIRRORED)
    return np.asarray(fits & ~mirrored, np.bool_)


def _handedness(two: F64, flow: F64) -> F64:
    """−1 … 1: turns its sign under a reflection; 0 for shapes that equal their mirror image."""
    once = np.einsum("nij,nj->ni", two, flow)
    twice = np.einsum("nij,nj->ni", two, once)
    lengths = np.linalg.norm(flow, axis=1) * np.linalg.norm(once, axis=1) * np.linalg.norm(twice, axis=1)
    volume = np.einsum("ni,ni->n", flow, np.cross(once, twice))
    return np.asarray(volume / np.where(lengths > 0, lengths, 1.0))
