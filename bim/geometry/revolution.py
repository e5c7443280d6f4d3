"""Discs (elbows of pipes) and polygons (bent bars) turned about an axis, meshed without a kernel."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.arcs import ANGLE, DEFLECTION
from bim.geometry.axes import axis_matrix
from bim.geometry.engine import F64
from bim.geometry.prism import Prism
from bim.source.attribute import class_of, step_of, value_at

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.integer]
_WHOLE = 2 * math.pi - 1e-6
_LEAST_PARTS = 3
"""Of an arc, however short."""
_ALONG = 1e-9
_NEAR = 1e-4
_FARTHEST = 1e5
"""Metres."""


class _Turn(NamedTuple):
    """A part of a turn about an axis through `origin` along `along` (both in the frame of the profile); sweep in radians."""

    along: F64
    origin: F64
    sweep: float
    position: Any


def elbow(item: Any, length: float, angle: float) -> tuple[F64, I32] | None:
    """Vertices, metres, and outward faces of an IfcRevolvedAreaSolid of a circle; None for other items and whole turns.

    Both arcs are divided as OpenCASCADE's mesher divides edges, by half of the deflections it is given.
    """
    turn = _turn_of(item, length, angle)
    area = value_at(item, 0) if turn is not None else None
    if turn is None or class_of(area) != "IfcCircleProfileDef" or value_at(area, 0) != "AREA":
        return None
    radius = float(value_at(area, 3)) * length
    plane = np.eye(4) if value_at(area, 2) is None else axis_matrix(value_at(area, 2), length)
    arm = _arm(plane[:3, 3], turn)
    # The axis must lie beyond the disc.
    if not 1e-6 < radius < 1e6 or float(np.linalg.norm(arm)) < radius * (1 + 1e-4):
        return None
    count = max(math.ceil(2 * math.pi / _step(radius) - 1e-9), 3)
    t = np.arange(count) * (2 * math.pi / count)
    ring = plane[:3, 3] + radius * (np.cos(t)[:, None] * plane[:3, 0] + np.sin(t)[:, None] * plane[:3, 1])
    first = np.cross(turn.along, ring[0] - turn.origin)
    here = np.arange(count)
    fan = np.column_stack((np.zeros(count - 2, np.int64), here[1:-1], here[2:]))
    return _swept(ring, fan, arm, turn, _parts(turn.sweep, float(np.linalg.norm(first))), length)


def bend(item: Any, length: float, angle: float, prism_of: Callable[[Any], Prism | None]) -> tuple[F64, I32] | None:
    """The same of an IfcRevolvedAreaSolid of a polygon whose sides all run along the axis or square to it.

    prism_of: the prism over a profile. Then every face is a plane or a cylinder, whose arcs OpenCASCADE divides alike
    where all corners have about the same way; it puts further points into cones.
    """
    turn = _turn_of(item, length, angle)
    made = prism_of(value_at(item, 0)) if turn is not None else None
    if turn is None or made is None or len(made[1]) != 4 * len(made[0]) - 4:  # a ring without holes
        return None
    flat, faces = made
    ring = np.column_stack((flat, np.zeros(len(flat))))
    out = np.cross(turn.along, (0.0, 0.0, 1.0))
    reach, place = (ring - turn.origin) @ out, ring @ turn.along
    sides = np.abs(np.stack([np.roll(values, -1) - values for values in (reach, place)]))
    arm = _arm(ring.mean(axis=0), turn)
    parts = {_parts(turn.sweep, radius) for radius in np.abs(reach).tolist()} if _clear(reach) else set()
    if len(parts) != 1 or (sides.min(axis=0) > _ALONG * sides.max(axis=0)).any():
        return None
    return _swept(ring, faces[len(ring) - 2 : 2 * len(ring) - 4] - len(ring), arm, turn, parts.pop(), length)


def _turn_of(item: Any, length: float, angle: float) -> _Turn | None:
    """Of an IfcRevolvedAreaSolid that turns by less than once about an axis in the plane of its profile."""
    if class_of(item) != "IfcRevolvedAreaSolid":
        return None
    area, position, axis, turn = (value_at(item, index) for index in range(4))
    if not (step_of(area) and step_of(axis)) or class_of(axis) != "IfcAxis1Placement":
        return None
    about, sweep = axis_matrix(axis, length), float(turn) * angle
    along, origin = about[:3, 2], about[:3, 3]
    fine = 1e-3 < sweep < _WHOLE and abs(along[2]) <= 1e-6 and abs(origin[2]) <= 1e-6
    return _Turn(along, origin, sweep, position) if fine else None


def _clear(reach: F64) -> bool:
    """Whether corners at these distances from an axis are all on one side of it, and none near it."""
    low, high = float(reach.min()), float(reach.max())
    return min(abs(low), abs(high)) > _NEAR * max(abs(low), abs(high)) and (low > 0) == (high > 0) and high < _FARTHEST


def _arm(point: F64, turn: _Turn) -> F64:
    """From the axis to a point, square to the axis."""
    arm = point - turn.origin
    return np.asarray(arm - (arm @ turn.along) * turn.along)


def _parts(sweep: float, radius: float) -> int:
    return max(math.ceil(sweep / _step(radius) - 1e-9), _LEAST_PARTS)


def _swept(ring: F64, cap: I64, arm: F64, turn: _Turn, parts: int, length: float) -> tuple[F64, I32]:
    """The ring (n, 3), counter-clockwise, turned in equal parts; cap: the triangles over it."""
    vertices = _turned(ring - turn.origin, turn.along, np.linspace(0.0, turn.sweep, parts + 1)) + turn.origin
    faces = _faces(cap, len(ring), parts)
    if float(np.cross(turn.along, arm)[2]) < 0:  # it sets out against the profile's normal
        faces = faces[:, ::-1]
    if turn.position is not None:
        frame = axis_matrix(turn.position, length)
        vertices = vertices @ frame[:3, :3].T + frame[:3, 3]
    return vertices, faces


def _step(radius: float) -> float:
    return min(ANGLE / 2, 2 * math.acos(max(1 - DEFLECTION / 2 / radius, -1.0)))


def _turned(ring: F64, along: F64, angles: F64) -> F64:
    """The ring (n, 3) about an axis through the origin at each angle, one after the other (Rodrigues' formula)."""
    still = (ring @ along)[:, None] * along
    out, side = ring - still, np.cross(along, ring)
    cos, sin = np.cos(angles)[:, None, None], np.sin(angles)[:, None, None]
    return np.asarray((still + cos * out + sin * side).reshape(-1, 3))


def _faces(cap: I64, count: int, parts: int) -> I32:
    """The skin over `parts` + 1 rings of `count` corners, counter-clockwise seen against the way, and both ends."""
    here = np.arange(count)
    there = (here + 1) % count
    start = np.arange(parts)[:, None] * count
    a, b = (start + here).ravel(), (start + there).ravel()
    skin = np.concatenate((np.column_stack((a, b, b + count)), np.column_stack((a, b + count, a + count))))
    return np.concatenate((cap[:, ::-1], cap + parts * count, skin)).astype(np.int32)
