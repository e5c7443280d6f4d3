"""Circles and rounded corners as corners, divided by the rule of IfcOpenShell's CGAL kernel."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from bim.geometry.engine import F64

DEFLECTION = 1e-3
"""Metres that a chord may leave its arc (IfcOpenShell, `mesher-linear-deflection`)."""
ANGLE = 0.5
"""Radians that a chord may span (`mesher-angular-deflection`)."""
_LEAST = 1e-9


def step_angle(radius: float, segments: int = 0) -> float:
    """Radians that one chord may span. segments: of a whole circle, 0 for the kernel's rule."""
    if segments:
        return 2 * math.pi / segments
    return min(ANGLE, 2 * math.acos(max(1 - DEFLECTION / radius, -1.0)))


def circle(radius: float, segments: int = 0) -> F64:
    """Corners (n, 2) on a circle around the origin, counter-clockwise from the x axis; none for no radius."""
    if not (radius > _LEAST and math.isfinite(radius)):
        return np.empty((0, 2))
    count = max(math.ceil(2 * math.pi / step_angle(radius, segments) - 1e-9), 3)
    angle = np.arange(count) * (2 * math.pi / count)
    return radius * np.column_stack((np.cos(angle), np.sin(angle)))


def rounded(corners: F64, radii: Mapping[int, float], segments: int = 0) -> F64:
    """A ring (n, 2) with some corners replaced by arcs that touch both sides; radii by corner, 0 leaves it."""
    if len(corners) < 3 or not any(radius > _LEAST for radius in radii.values()):
        return corners
    pieces: list[F64] = []
    count = len(corners)
    for index in range(count):
        radius = radii.get(index, 0.0)
        here = corners[index]
        pieces.append(
            here[None, :]
            if radius <= _LEAST
            else _arc(corners[index - 1], here, corners[(index + 1) % count], radius, segments)
        )
    return np.concatenate(pieces)


def _arc(before: F64, here: F64, after: F64, radius: float, segments: int) -> F64:
    """The arc of a radius that touches both sides of a corner, from the first side to the second."""
    back, on = before - here, after - here
    back, on = back / np.hypot(*back), on / np.hypot(*on)
    between = math.acos(min(max(float(back @ on), -1.0), 1.0))
    reach = radius / math.tan(between / 2)
    middle = (back + on) / np.hypot(*(back + on))
    centre = here + middle * (radius / math.sin(between / 2))
    start = here + back * reach - centre
    sweep = math.pi - between
    if back[0] * on[1] - back[1] * on[0] > 0:
        sweep = -sweep
    count = max(math.ceil(abs(sweep) / step_angle(radius, segments) - 1e-9), 1)
    angle = math.atan2(start[1], start[0]) + np.linspace(0.0, sweep, count + 1)
    return np.asarray(centre + radius * np.column_stack((np.cos(angle), np.sin(angle))))
