"""Shapes of building parts, many at once: boxes, cylinders, walls with openings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Shapes = tuple[F64, I64]
"""(n, v, 3) points and (f, 3) faces of n shapes that share their faces."""
CUBE = np.array([[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)], float)
CUBE_FACES = np.array(
    [[0, 3, 1], [0, 2, 3], [4, 5, 7], [4, 7, 6], [0, 1, 5], [0, 5, 4], [2, 6, 7], [2, 7, 3], [0, 4, 6], [0, 6, 2], [1, 3, 7], [1, 7, 5]]
)  # fmt: skip


def boxes(low: npt.ArrayLike, high: npt.ArrayLike) -> Shapes:
    """n shapes of k boxes each. low, high: (n, k, 3), or (k, 3) for one shape."""
    lows, highs = (np.asarray(corner, float).reshape((-1, *np.shape(corner)[-2:])) for corner in (low, high))
    points = lows[:, :, None] + CUBE * (highs - lows)[:, :, None]
    count = points.shape[1]
    faces = (CUBE_FACES + 8 * np.arange(count)[:, None, None]).reshape(-1, 3)
    return points.reshape(len(points), -1, 3), faces


def cylinders(radius: npt.ArrayLike, length: npt.ArrayLike, sides: int, axis: int) -> Shapes:
    """n closed cylinders along an axis, from their start. radius, length: (n,)."""
    radii, lengths = np.atleast_1d(radius).astype(float), np.atleast_1d(length).astype(float)
    turn = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    ring = np.zeros((2 * sides + 2, 3))
    ring[: 2 * sides, :2] = np.tile(np.column_stack((np.cos(turn), np.sin(turn))), (2, 1))
    ring[sides : 2 * sides, 2] = ring[-1, 2] = 1.0
    points = ring * np.stack((radii, radii, lengths), axis=1)[:, None]
    k, n = np.arange(sides), (np.arange(sides) + 1) % sides
    faces = [np.column_stack(cols) for cols in ((k, n, n + sides), (k, n + sides, k + sides), (n, k, 0 * k + 2 * sides), (k + sides, n + sides, 0 * k + 2 * sides + 1))]  # fmt: skip
    return np.roll(points, axis + 1, axis=2), np.concatenate(faces)


def walls(width: float, height: float, thick: float, x: F64, z: F64, w: float, h: float) -> Shapes:
    """n walls along x, each with a rectangular opening of w by h at x, z (n,): a door's where z is 0, without a piece below."""
    o = np.zeros_like(x)

    def corners(*columns: F64 | float) -> F64:
        return np.stack([np.broadcast_to(column, x.shape) for column in columns], axis=1)

    parts = [
        (corners(o, o, o), corners(x, thick, height)),
        (corners(x + w, o, o), corners(width, thick, height)),
        (corners(x, o, z + h), corners(x + w, thick, height)),
    ]
    if z.any():
        parts.append((corners(x, o, o), corners(x + w, thick, z)))
    return boxes(np.stack([low for low, _ in parts], axis=1), np.stack([high for _, high in parts], axis=1))
