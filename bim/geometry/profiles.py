"""Profiles as rings of corners: straight-edged ones exactly, circles and fillets divided as the kernels divide them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from bim.geometry.arcs import circle, rounded
from bim.geometry.curves import Curves
from bim.geometry.engine import F64

NEAR = 1e-6
"""Metres: corners this near to the one before are the same."""
_EMPTY = np.empty((0, 2))


class Profile(NamedTuple):
    """Rings (n, 2) in metres: the outer one counter-clockwise, the holes clockwise."""

    outer: F64
    holes: tuple[F64, ...] = ()


def profile(area: Any, length: float, curves: Curves, segments: int = 0) -> Profile | None:
    """The rings of an IfcProfileDef, metres.

    curves: reads free ones; segments: of a whole circle, 0 for the kernels' own rule. None where the profile is degenerate, or
    of a kind not known here (splines, sloped flanges, composites): the kernels do those.
    """
    kind = area.is_a()
    if area.get_argument(0) != "AREA":
        return None
    if kind == "IfcArbitraryClosedProfileDef":
        outer = curves.ring(area.get_argument(2))
        return None if outer is None else Profile(_turned(outer, clockwise=False))
    if kind == "IfcArbitraryProfileDefWithVoids":
        outer, holes = curves.ring(area[2]), [curves.ring(curve) for curve in area[3] or ()]
        if outer is None or any(hole is None for hole in holes):
            return None
        return Profile(
            _turned(outer, clockwise=False), tuple(_turned(hole, clockwise=True) for hole in holes if hole is not None)
        )
    shape = _SHAPES.get(kind)
    made = None if shape is None else shape(area, length, segments)
    if made is None or any(len(points) < 3 or not np.isfinite(points).all() for points in (made.outer, *made.holes)):
        return None
    position = area.get_argument(2)
    return made if position is None else _placed(made, curves.axes.matrix(position))


def _plain_rectangle(area: Any, length: float, segments: int) -> Profile:  # noqa: ARG001 - one signature for all
    return Profile(_rectangle(area.get_argument(3) * length, area.get_argument(4) * length))


def _rounded_rectangle(area: Any, length: float, segments: int) -> Profile:
    corners = _rectangle(area.get_argument(3) * length, area.get_argument(4) * length)
    return Profile(rounded(corners, dict.fromkeys(range(len(corners)), area[5] * length), segments))


def _hollow_rectangle(area: Any, length: float, segments: int) -> Profile | None:
    x, y, wall = area[3] * length, area[4] * length, area[5] * length
    if not 0 < 2 * wall < min(x, y):
        return None
    outer, inner = _rectangle(x, y), _rectangle(x - 2 * wall, y - 2 * wall)
    out, within = float(area[7] or 0.0) * length, float(area[6] or 0.0) * length
    return Profile(
        rounded(outer, dict.fromkeys(range(4), out), segments),
        (rounded(inner, dict.fromkeys(range(4), within), segments)[::-1],),
    )


def _circle(area: Any, length: float, segments: int) -> Profile:
    return Profile(circle(area[3] * length, segments))


def _hollow_circle(area: Any, length: float, segments: int) -> Profile | None:
    radius, wall = area[3] * length, area[4] * length
    if not 0 < wall < radius:
        return None
    return Profile(circle(radius, segments), (circle(radius - wall, segments)[::-1],))


def _l_shape(area: Any, length: float, segments: int) -> Profile | None:
    if area.LegSlope:
        return None
    d, t = area.Depth * length, area.Thickness * length
    w = (area.Width or area.Depth) * length
    if not 0 < t < min(w, d):
        return None
    a, b = w / 2, d / 2
    points = np.array(((-a, -b), (a, -b), (a, t - b), (t - a, t - b), (t - a, b), (-a, b)))
    fillet, edge = _radius(area.FilletRadius, length), _radius(area.EdgeRadius, length)
    return Profile(rounded(points, {2: edge, 3: fillet, 4: edge}, segments))


def _u_shape(area: Any, length: float, segments: int) -> Profile | None:
    if area.FlangeSlope:
        return None
    b, a = area.Depth * length / 2, area.FlangeWidth * length / 2
    web, flange = area.WebThickness * length, area.FlangeThickness * length
    if not (0 < web < 2 * a and 0 < flange < b):
        return None
    points = np.array(
        (
            (-a, -b),
            (a, -b),
            (a, flange - b),
            (web - a, flange - b),
            (web - a, b - flange),
            (a, b - flange),
            (a, b),
            (-a, b),
        )
    )
    fillet, edge = _radius(area.FilletRadius, length), _radius(area.EdgeRadius, length)
    return Profile(rounded(points, {2: edge, 3: fillet, 4: fillet, 5: edge}, segments))


def _i_shape(area: Any, length: float, segments: int) -> Profile | None:
    if any(area[index] for index in range(8, len(area))):  # rounded or sloped flanges; IFC2X3 has neither
        return None
    a, b = area.OverallWidth * length / 2, area.OverallDepth * length / 2
    web, flange = area.WebThickness * length / 2, area.FlangeThickness * length
    if not (0 < web < a and 0 < flange < b):
        return None
    low, high = flange - b, b - flange
    points = np.array(
        (
            (-a, -b), (a, -b), (a, low), (web, low), (web, high), (a, high),
            (a, b), (-a, b), (-a, high), (-web, high), (-web, low), (-a, low),
        )
    )  # fmt: skip
    fillet = _radius(area.FilletRadius, length)
    return Profile(rounded(points, dict.fromkeys((3, 4, 9, 10), fillet), segments))


_SHAPES = {
    "IfcRectangleProfileDef": _plain_rectangle,
    "IfcRoundedRectangleProfileDef": _rounded_rectangle,
    "IfcRectangleHollowProfileDef": _hollow_rectangle,
    "IfcCircleProfileDef": _circle,
    "IfcCircleHollowProfileDef": _hollow_circle,
    "IfcLShapeProfileDef": _l_shape,
    "IfcUShapeProfileDef": _u_shape,
    "IfcIShapeProfileDef": _i_shape,
}


def _radius(value: float | None, length: float) -> float:
    return float(value or 0.0) * length


def _rectangle(x: float, y: float) -> F64:
    """Corners around the centre, counter-clockwise; none where a side has no length."""
    if not (x > NEAR and y > NEAR):
        return _EMPTY
    a, b = x / 2, y / 2
    return np.array(((-a, -b), (a, -b), (a, b), (-a, b)))


def _placed(made: Profile, frame: F64) -> Profile:
    turn, at = frame[:2, :2].T, frame[:2, 3]
    return Profile(made.outer @ turn + at, tuple(hole @ turn + at for hole in made.holes))


def area_of(points: F64) -> float:
    """Signed area of a ring, m2; positive where it runs counter-clockwise."""
    x, y = points[:, 0] - points[0, 0], points[:, 1] - points[0, 1]
    return float(x[:-1] @ y[1:] - x[1:] @ y[:-1]) / 2


def _turned(points: F64, *, clockwise: bool) -> F64:
    return points[::-1] if (area_of(points) < 0) != clockwise else points
