"""Integrals over the surface of triangle meshes: area, centre, second and third moments, volume.

They depend on the surface alone: not on the order of vertices, not on how it was cut into triangles,
not on which way its faces turn. Two engines that make the same surface give the same integrals.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement, permutations

import numpy as np
import numpy.typing as npt

from twin.geometry.measure import CLOSED
from twin.geometry.spool import SpoolReader
from twin.geometry.vectors import Vectors, cross, dot, minus

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
CHUNK = 100_000
"""Triangles integrated at once: some 40 MB."""
SECOND = tuple(combinations_with_replacement(range(3), 2))
THIRD = tuple(combinations_with_replacement(range(3), 3))
"""The 6 and 10 different components of symmetric tensors."""


@dataclass(frozen=True)
class Moments:
    """Integrals of n surfaces, each about its own centre.

    area (n,) m2; centre (n, 3) m: of the surface, not of the body; second (n, 3, 3): ∫ d dᵀ dA, m4; third (n, 3, 3, 3): ∫ d ⊗ d ⊗ d dA, m5, with
    d the way from the centre; volume (n,) m3, NaN where the surface is open.
    """

    area: F64
    centre: F64
    second: F64
    third: F64
    volume: F64


def integrate(corners: F64, first: I64) -> Moments:
    """Moments of surfaces. corners (t, 3, 3): triangles; surface i owns triangles first[i] … first[i + 1].

    A polynomial of third degree over a triangle is exact in its corners: ∫ λ1^a λ2^b λ3^c dA = 2 A a! b! c! / (a + b + c + 2)!
    (barycentric coordinates λ).
    """
    count = len(first) - 1
    place = np.ascontiguousarray(corners.transpose(2, 1, 0))  # axis, corner, triangle: whole rows are fast
    a, b, c = (_axes(place[:, corner]) for corner in range(3))
    vector = cross(minus(b, a), minus(c, a))
    vector = (vector[0] / 2, vector[1] / 2, vector[2] / 2)
    weight = np.sqrt(dot(vector, vector))
    area = _sum(weight, first)
    safe = np.where(area > 0, area, 1.0)
    centre = np.stack([_sum(weight * total / 3, first) / safe for total in place.sum(axis=1)], axis=1)
    place -= centre.T[:, np.repeat(np.arange(count), np.diff(first))][:, None]
    total = place.sum(axis=1)
    product = {(i, j): place[i] * place[j] for i, j in SECOND}
    pair = {key: values.sum(axis=0) for key, values in product.items()}
    part = weight / 12
    second = [_sum(part * (pair[i, j] + total[i] * total[j]), first) for i, j in SECOND]
    part = weight / 60
    third = [
        _sum(
            part
            * (
                total[i] * total[j] * total[k]
                + pair[i, j] * total[k]
                + pair[i, k] * total[j]
                + pair[j, k] * total[i]
                + 2 * (product[i, j] * place[k]).sum(axis=0)
            ),
            first,
        )
        for i, j, k in THIRD
    ]
    a, b, c = (_axes(place[:, corner]) for corner in range(3))
    volume = _sum(dot(a, cross(b, c)) / 6, first)
    gap = np.linalg.norm([_sum(one, first) for one in vector], axis=0)
    full = unpacked(np.stack(second, axis=1), np.stack(third, axis=1))
    return Moments(area, centre, *full, np.where((area > 0) & (gap <= CLOSED * area), volume, np.nan))


def _axes(points: F64) -> Vectors:
    return points[0], points[1], points[2]


def unpacked(second: F64, third: F64) -> tuple[F64, F64]:
    """(n, 6) and (n, 10) components as symmetric tensors (n, 3, 3) and (n, 3, 3, 3)."""
    two, three = np.empty((len(second), 3, 3)), np.empty((len(third), 3, 3, 3))
    for place, index in enumerate(SECOND):
        for i, j in set(permutations(index)):
            two[:, i, j] = second[:, place]
    for place, triple in enumerate(THIRD):
        for i, j, k in set(permutations(triple)):
            three[:, i, j, k] = third[:, place]
    return two, three


def packed(second: F64, third: F64) -> tuple[F64, F64]:
    """The different components of symmetric tensors: the way back from `unpacked`."""
    two, three = np.array(SECOND).T, np.array(THIRD).T
    return second[:, two[0], two[1]], third[:, three[0], three[1], three[2]]


def _sum(values: F64, first: I64) -> F64:
    """Sums of consecutive values (t,); 0 for surfaces without triangles."""
    if not len(values):
        return np.zeros(len(first) - 1)
    out = np.asarray(np.add.reduceat(values, np.minimum(first[:-1], len(values) - 1)))
    out[np.diff(first) == 0] = 0.0
    return out


def shape_moments(spool: SpoolReader) -> Moments:
    """Moments of all shapes of the spool in their own frames, in chunks."""
    shapes = np.arange(len(spool.counts))
    return _join([integrate(*_triangles(spool, some)) for some in _chunks(spool, shapes)])


def placed_moments(spool: SpoolReader, placements: I64) -> Moments:
    """Moments of placements that stretch their shape: no shortcut from the shape's own."""
    parts = []
    for some in _chunks(spool, spool.placed_shape[placements].astype(np.int64)):
        rows = placements[: len(some)]
        placements = placements[len(some) :]
        corners, first = _triangles(spool, some)
        matrix = spool.matrix[rows][np.repeat(np.arange(len(rows)), np.diff(first))]
        moved = np.einsum("tij,taj->tai", matrix[:, :, :3], corners) + matrix[:, None, :, 3]
        parts.append(integrate(moved, first))
    return _join(parts)


def _chunks(spool: SpoolReader, shapes: I64) -> list[I64]:
    """Consecutive shapes in groups of about CHUNK triangles."""
    if not len(shapes):
        return []
    before = np.cumsum(spool.counts[shapes, 1].astype(np.int64)) // CHUNK
    return np.split(shapes, np.flatnonzero(np.diff(before)) + 1)


def _triangles(spool: SpoolReader, shapes: I64) -> tuple[F64, I64]:
    """Corners (t, 3, 3) of these shapes, and where each begins."""
    mesh = spool.gather(shapes)
    first = np.concatenate(([0], np.cumsum(spool.counts[shapes, 1].astype(np.int64))))
    return mesh.vertices.astype(np.float64)[mesh.faces], first


def _join(parts: list[Moments]) -> Moments:
    if not parts:
        return Moments(np.empty(0), np.empty((0, 3)), np.empty((0, 3, 3)), np.empty((0, 3, 3, 3)), np.empty(0))
    return Moments(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("area", "centre", "second", "third", "volume")
        )
    )


def turned(second: F64, third: F64, rotation: F64) -> tuple[F64, F64]:
    """Second and third moments (n, …) seen in axes turned by rotations (n, 3, 3)."""
    two = rotation @ second @ rotation.transpose(0, 2, 1)
    n = len(third)
    half = (rotation @ third.reshape(n, 3, 9)).reshape(n, 3, 3, 3)  # first index turned
    half = np.einsum("nbj,najk->nabk", rotation, half, optimize=True)
    return two, np.asarray(np.einsum("nck,nabk->nabc", rotation, half, optimize=True))


def united(parts: Moments, owner: I64, count: int) -> Moments:
    """Moments of `count` objects made of parts. owner (p,): the object of each part."""
    area = _total(parts.area, owner, count)
    safe = np.where(area > 0, area, 1.0)
    # About the first part's centre first: far from the origin, sums of whole coordinates would lose digits.
    anchor = np.zeros((count, 3))
    anchor[owner[::-1]] = parts.centre[::-1]
    away = parts.centre - anchor[owner]
    shift = np.stack([_total(parts.area * away[:, axis], owner, count) for axis in range(3)], axis=1)
    shift /= safe[:, None]
    d = away - shift[owner]
    second = parts.second + parts.area[:, None, None] * d[:, :, None] * d[:, None, :]
    mixed = parts.second[:, :, :, None] * d[:, None, None, :]
    third = (
        parts.third
        + mixed
        + mixed.transpose(0, 1, 3, 2)
        + mixed.transpose(0, 3, 1, 2)
        + parts.area[:, None, None, None] * np.einsum("pi,pj,pk->pijk", d, d, d)
    )
    twos, threes = np.zeros((count, 3, 3)), np.zeros((count, 3, 3, 3))
    np.add.at(twos, owner, second)
    np.add.at(threes, owner, third)
    return Moments(area, anchor + shift, twos, threes, _total(parts.volume, owner, count))


def _total(values: F64, owner: I64, count: int) -> F64:
    return np.asarray(np.bincount(owner, values, minlength=count), np.float64)
