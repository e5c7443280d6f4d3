"""Discs turned about an axis (elbows of pipes), meshed without a kernel."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from bim.geometry.arcs import ANGLE, DEFLECTION
from bim.geometry.axes import axis_matrix
from bim.geometry.engine import F64
from bim.source.attribute import class_of, step_of, value_at

I32 = npt.NDArray[np.int32]
_WHOLE = 2 * math.pi - 1e-6
_LEAST_PARTS = 3
"""Of an arc, however short."""


def elbow(item: Any, length: float, angle: float) -> tuple[F64, I32] | None:
    """Vertices, metres, and outward faces of an IfcRevolvedAreaSolid of a circle; None for other items and whole turns.

    Both arcs are divided as OpenCASCADE's mesher divides edges, by half of the deflections it is given.
    """
    if class_of(item) != "IfcRevolvedAreaSolid":
        return None
    area, position, axis, turn = (value_at(item, index) for index in range(4))
    if not (step_of(area) and step_of(axis)):
        return None
    if class_of(area) != "IfcCircleProfileDef" or value_at(area, 0) != "AREA" or class_of(axis) != "IfcAxis1Placement":
        return None
    radius, sweep = float(value_at(area, 3)) * length, float(turn) * angle
    if not (1e-6 < radius < 1e6 and 1e-3 < sweep < _WHOLE):
        return None
    plane = np.eye(4) if value_at(area, 2) is None else axis_matrix(value_at(area, 2), length)
    about = axis_matrix(axis, length)
    along, origin, centre = about[:3, 2], about[:3, 3], plane[:3, 3]
    arm = centre - origin
    arm = arm - (arm @ along) * along
    reach = float(np.linalg.norm(arm))
    # The axis must lie in the disc's plane and beyond the disc.
    if abs(along[2]) > 1e-6 or abs(origin[2]) > 1e-6 or reach < radius * (1 + 1e-4):
        return None
    count = max(math.ceil(2 * math.pi / _step(radius) - 1e-9), 3)
    t = np.arange(count) * (2 * math.pi / count)
    ring = centre + radius * (np.cos(t)[:, None] * plane[:3, 0] + np.sin(t)[:, None] * plane[:3, 1])
    first = np.cross(along, ring[0] - origin)
    parts = max(math.ceil(sweep / _step(float(np.linalg.norm(first))) - 1e-9), _LEAST_PARTS)
    vertices = _turned(ring - origin, along, np.linspace(0.0, sweep, parts + 1)) + origin
    faces = _faces(count, parts)
    if float(np.cross(along, arm)[2]) < 0:  # it sets out against the disc's normal
        faces = faces[:, ::-1]
    if position is not None:
        frame = axis_matrix(position, length)
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


def _faces(count: int, parts: int) -> I32:
    """The skin over `parts` + 1 rings of `count` corners, counter-clockwise seen against the way, and both ends."""
    here = np.arange(count)
    there = (here + 1) % count
    start = np.arange(parts)[:, None] * count
    a, b = (start + here).ravel(), (start + there).ravel()
    skin = np.concatenate((np.column_stack((a, b, b + count)), np.column_stack((a, b + count, a + count))))
    fan = np.column_stack((np.zeros(count - 2, np.int64), here[1:-1], here[2:]))
    return np.concatenate((fan[:, ::-1], fan + parts * count, skin)).astype(np.int32)
