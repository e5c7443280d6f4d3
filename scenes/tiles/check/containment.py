"""Whether points and volumes lie inside a bounding volume (box, sphere; regions only inside regions)."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.tiles.arrays import F64

SLACK = 1e-3
"""Of the volume's size, plus as many metres: volumes written in decimal, quantised positions."""
CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float64)


def outside(volume: dict[str, Any], points: F64) -> float | None:
    """How far the farthest of (n, 3) points lies outside, beyond what rounding explains; None where unknown."""
    if not len(points):
        return 0.0
    if volume.get("box") is not None:
        box = np.asarray(volume["box"], np.float64)
        axes = box[3:].reshape(3, 3)
        half = np.linalg.norm(axes, axis=1)
        if (half == 0).any():
            # A flat box: its missing axis is the normal of the others, or nothing can be said.
            return _flat(axes, half, points - box[:3])
        along = np.abs((points - box[:3]) @ (axes / half[:, None]).T)
        return float(np.maximum(along - half * (1 + SLACK) - SLACK, 0).max())
    if volume.get("sphere") is not None:
        sphere = np.asarray(volume["sphere"], np.float64)
        distance = np.linalg.norm(points - sphere[:3], axis=1)
        return float(np.maximum(distance - sphere[3] * (1 + SLACK) - SLACK, 0).max())
    return None


def _flat(axes: F64, half: F64, points: F64) -> float | None:
    known = half > 0
    if known.sum() != 2:
        return None
    unit = axes[known] / half[known][:, None]
    normal = np.cross(unit[0], unit[1])
    length = float(np.linalg.norm(normal))
    if length == 0:
        return None
    along = np.abs(points @ np.vstack((unit, normal / length)).T)
    reach = np.append(half[known], 0.0)
    return float(np.maximum(along - reach * (1 + SLACK) - SLACK, 0).max())


def beyond(outer: dict[str, Any], inner: dict[str, Any], transform: F64 | None = None) -> float | None:
    """How far `inner` sticks out of `outer`. transform: (4, 4) from inner's to outer's frame; None: unknown.

    A sphere is judged by its six extreme points along the outer axes of a box, or exactly in a sphere.
    """
    if outer.get("region") is not None and inner.get("region") is not None:
        a, b = np.asarray(outer["region"], np.float64), np.asarray(inner["region"], np.float64)
        if a[0] > a[2] or b[0] > b[2]:
            return None  # across the antimeridian
        over = np.concatenate(((a - b)[[0, 1]], (b - a)[[2, 3]])) * 6_378_137.0
        height = np.array([a[4] - b[4], b[5] - a[5]])
        return float(np.maximum(np.concatenate((over, height)) - 0.1, 0).max())
    matrix = np.eye(4) if transform is None else transform
    if inner.get("box") is not None:
        box = np.asarray(inner["box"], np.float64)
        points = box[:3] + CORNERS @ box[3:].reshape(3, 3)
        if outer.get("sphere") is not None:
            return None  # corners of a box around rotated things often stick out of a sphere that holds the content
    elif inner.get("sphere") is not None:
        sphere = np.asarray(inner["sphere"], np.float64)
        scale = float(np.linalg.norm(matrix[:3, :3], 2))
        centre = matrix[:3, :3] @ sphere[:3] + matrix[:3, 3]
        if outer.get("sphere") is not None:
            whole = np.asarray(outer["sphere"], np.float64)
            gap = float(np.linalg.norm(centre - whole[:3])) + scale * sphere[3] - whole[3]
            return float(max(gap - SLACK * (1 + whole[3]), 0.0))
        if outer.get("box") is None:
            return None
        axes = np.asarray(outer["box"][3:], np.float64).reshape(3, 3)
        length = np.linalg.norm(axes, axis=1, keepdims=True)
        unit = np.divide(axes, length, out=np.zeros_like(axes), where=length > 0)
        return outside(outer, centre + np.vstack((unit, -unit)) * scale * sphere[3])
    else:
        return None
    return outside(outer, points @ matrix[:3, :3].T + matrix[:3, 3])
