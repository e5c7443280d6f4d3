"""Which placements are drawn as instances, and their translation, rotation and scale."""

from __future__ import annotations

import numpy as np

from scenes.tiles.arrays import F64, I64, Flags

MIN_COUNT = 50
"""A shape must stand this often in a tile."""
MIN_SAVED = 8_000
"""… and save this many stored triangles: a draw call costs more than a few merged boxes."""
LARGE = 2_000
"""A shape of so many triangles is worth a draw call from its second place on, if it has no edge lines: instances have none."""
MAX_SHAPES = 24
"""Instanced shapes in one tile: bounds its draw calls."""
AXES = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""Park axes → glTF axes."""


def choose(shape: I64, triangles: I64, matrix: F64) -> tuple[Flags, Flags]:
    """Placements to instance, without shear or mirroring: of shapes that stand often; of large ones, if they have no lines.

    shape, triangles (p,), matrix (p, 3, 4).
    """
    often, large = np.zeros(len(shape), np.bool_), np.zeros(len(shape), np.bool_)
    if len(shape) < MIN_COUNT and np.count_nonzero(triangles >= LARGE) < 2:
        return often, large
    fit = np.flatnonzero(_rigid(matrix))
    kinds, which, count = np.unique(shape[fit], return_inverse=True, return_counts=True)
    size = np.zeros(len(kinds), np.int64)
    size[which] = triangles[fit]
    saved = (count - 1) * size
    many = (count >= MIN_COUNT) & (saved >= MIN_SAVED)
    worth = np.flatnonzero(many | (count > 1) & (size >= LARGE))
    worth = worth[np.argsort(-saved[worth], kind="stable")[:MAX_SHAPES]]
    chosen = np.isin(which, worth)
    often[fit[chosen & many[which]]] = True
    large[fit[chosen & ~many[which]]] = True
    return often, large


def _rigid(matrix: F64) -> Flags:
    linear = matrix[:, :, :3]
    length = np.linalg.norm(linear, axis=1)
    positive = (length > 1e-9).all(axis=1)
    axes = linear / np.where(length > 1e-9, length, 1.0)[:, None, :]
    gram = np.einsum("pij,pik->pjk", axes, axes) - np.eye(3)
    return np.asarray(positive & (np.abs(gram).max(axis=(1, 2)) < 1e-6) & (np.linalg.det(axes) > 0))


def decompose(matrix: F64, centre: F64) -> tuple[F64, F64, F64]:
    """Translation (k, 3) from the centre, rotation (k, 4) x y z w and scale (k, 3), all in glTF axes."""
    linear = AXES @ matrix[:, :, :3] @ AXES.T
    scale = np.linalg.norm(linear, axis=1)
    return (matrix[:, :, 3] - centre) @ AXES.T, _quaternions(linear / scale[:, None, :]), scale


def _quaternions(r: F64) -> F64:
    """(k, 3, 3) rotations → (k, 4) x y z w, by the largest component (Shepperd's method)."""
    m00, m11, m22 = r[:, 0, 0], r[:, 1, 1], r[:, 2, 2]
    x, y, z = r[:, 2, 1] - r[:, 1, 2], r[:, 0, 2] - r[:, 2, 0], r[:, 1, 0] - r[:, 0, 1]
    xy, xz, yz = r[:, 0, 1] + r[:, 1, 0], r[:, 0, 2] + r[:, 2, 0], r[:, 1, 2] + r[:, 2, 1]
    candidates = np.stack(
        [
            np.column_stack((1 + m00 - m11 - m22, xy, xz, x)),
            np.column_stack((xy, 1 - m00 + m11 - m22, yz, y)),
            np.column_stack((xz, yz, 1 - m00 - m11 + m22, z)),
            np.column_stack((x, y, z, 1 + m00 + m11 + m22)),
        ],
        axis=1,
    )
    best = np.argmax(candidates[:, range(4), range(4)], axis=1)
    chosen = candidates[np.arange(len(r)), best]
    chosen = chosen / np.linalg.norm(chosen, axis=1, keepdims=True)
    return np.asarray(np.where(chosen[:, 3:] < 0, -chosen, chosen)) + 0.0
