"""Profiles swept along lines with mitred bends: pipes, fences, walls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis.shapes.mesh import Mesh, by_owner

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
MAX_MITRE = 2.0
"""At sharper bends the joint is cut off rather than drawn out to a spike."""


@dataclass(frozen=True)
class Paths:
    """points (v, 3) metres; first (m + 1,) first point of each path; owner (m,) feature row. No repeated points."""

    points: F64
    first: I64
    owner: I64


def circle(sides: int = 8) -> F64:
    """(sides, 2) profile of radius 1, counter-clockwise seen in the direction of travel."""
    angle = np.arange(sides) * 2 * np.pi / sides
    return np.column_stack((np.cos(angle), np.sin(angle)))


def slab(low: float = 0.0, high: float = 1.0) -> F64:
    """(4, 2) upright rectangle, 1 wide, from `low` to `high`; wound as `circle`."""
    return np.array([[0.5, low], [0.5, high], [-0.5, high], [-0.5, low]])


def sweep(
    paths: Paths, profile: F64, width: F64, height: F64, material: int | npt.ArrayLike, *, upright: bool = False
) -> Mesh:
    """Closed tubes: `profile` (k, 2) = (to the right, up) scaled by (m,) width and height.

    upright: the profile's up is the vertical (fences); otherwise it stands square to the path (pipes).
    material: one, or (m,) by path.
    """
    count = np.diff(paths.first)
    usable = count >= 2
    if not usable.any():
        return Mesh.empty()
    path = np.repeat(np.arange(len(count)), count)
    keep = usable[path]
    points, path = paths.points[keep], path[keep]
    side, up = _axes(points, path, upright=upright)
    ring = (
        points[:, None, :]
        + side[:, None, :] * (profile[None, :, :1] * width[path][:, None, None])
        + up[:, None, :] * (profile[None, :, 1:] * height[path][:, None, None])
    )
    k = len(profile)
    start = np.flatnonzero(path[1:] == path[:-1])
    corner = np.arange(k)
    here = (start[:, None] * k + corner).ravel()
    beside = (start[:, None] * k + (corner + 1) % k).ravel()
    there, across = here + k, beside + k
    sides = np.stack((np.column_stack((here, across, beside)), np.column_stack((here, there, across))), axis=1)
    side_path = np.repeat(path[start], 2 * k)

    ends = np.flatnonzero(np.r_[True, path[1:] != path[:-1]])
    lasts = np.r_[ends[1:] - 1, len(path) - 1]
    fan = np.column_stack((np.zeros(k - 2, np.int64), np.arange(1, k - 1), np.arange(2, k)))
    head = (ends[:, None, None] * k + fan).reshape(-1, 3)
    tail = (lasts[:, None, None] * k + fan[:, ::-1]).reshape(-1, 3)
    cap_path = np.repeat(path[ends], k - 2)
    face_path = np.concatenate((side_path, cap_path, cap_path))
    paint = np.broadcast_to(np.asarray(material, np.uint16), (len(count),))
    return by_owner(
        ring.reshape(-1, 3),
        np.concatenate((sides.reshape(-1, 3), head, tail)),
        paths.owner[face_path],
        paint[face_path],
    )


def _axes(points: F64, path: I64, *, upright: bool) -> tuple[F64, F64]:
    """(v, 3) right and up at every point, in the plane that halves the bend, stretched by the mitre."""
    step = np.diff(points, axis=0)
    inside = path[1:] == path[:-1]
    step[~inside] = 0.0
    length = np.linalg.norm(step, axis=1, keepdims=True)
    ahead = np.divide(step, length, out=np.zeros_like(step), where=length > 0)
    into = np.vstack((np.zeros(3), ahead))
    out = np.vstack((ahead, np.zeros(3)))
    first, last = ~np.r_[False, inside], ~np.r_[inside, False]
    into[first], out[last] = out[first], into[last]
    tangent = _unit(into + out, into)
    cosine = np.clip(np.abs(np.einsum("ij,ij->i", tangent, into)), 1 / MAX_MITRE, 1.0)
    vertical = np.array([0.0, 0.0, 1.0])
    steep = np.hypot(tangent[:, 0], tangent[:, 1]) < 1e-6
    side = np.cross(tangent, vertical)
    side[steep] = [1.0, 0.0, 0.0]
    side = _unit(side, side)
    up = np.broadcast_to(vertical, side.shape).copy() if upright else np.cross(side, tangent)
    # the bend stretches the joint only within its own plane
    bend = into - out
    bend -= np.einsum("ij,ij->i", bend, tangent)[:, None] * tangent
    bend = _unit(bend, np.zeros_like(bend))
    stretch = (1 / cosine - 1)[:, None]
    side = side + bend * (np.einsum("ij,ij->i", side, bend)[:, None] * stretch)
    if not upright:
        up = up + bend * (np.einsum("ij,ij->i", up, bend)[:, None] * stretch)
    return side, up


def _unit(vectors: F64, fallback: F64) -> F64:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(length > 1e-9, vectors / np.where(length > 1e-9, length, 1.0), fallback)
