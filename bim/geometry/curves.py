"""Closed plane curves as rings of corners: straight pieces, circles and arcs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from bim.geometry.arcs import step_angle
from bim.geometry.axes import Axes
from bim.geometry.engine import F64

_NEAR = 1e-6
"""Metres: corners this near to the one before are the same."""
_GAP = 1e-4
"""Metres between the ends of consecutive pieces; wider ones are left to the kernels."""
MAX_CORNERS = 20_000
"""Larger rings are left to the kernels, which are watched."""
_MAX_ARC = 1_000
_MAX_DEPTH = 4
_SMALLEST_SWEEP = 1e-6
_UNREADABLE = (AttributeError, IndexError, OverflowError, TypeError, ValueError, ZeroDivisionError)

_Point = tuple[float, float]


class Curves:
    """Reads curves of one model.

    axes: its axis placements; length, angle: metres, radians in its units; segments: of a whole circle, 0 for the kernels' rule (`arcs`).
    """

    def __init__(self, length: float, angle: float = 1.0, segments: int = 0) -> None:
        self._length = length
        self.axes = Axes(length)
        self._angle = angle
        self._segments = segments

    def ring(self, curve: Any) -> F64 | None:
        """Corners (n, 2), metres, of a closed curve; None where it is of a kind not known here, or degenerate."""
        try:
            corners = self._points(curve, 0)
        except _UNREADABLE:
            return None
        if corners is None or not 3 <= len(corners) <= MAX_CORNERS:
            return None
        points: F64 = np.array(corners, np.float64)
        step = np.abs(points - np.concatenate((points[-1:], points[:-1]))).max(axis=1)
        points = points[step > _NEAR]
        return points if len(points) >= 3 and np.isfinite(points).all() else None

    def _points(self, curve: Any, depth: int) -> list[_Point] | None:
        kind = curve.is_a()
        if kind == "IfcPolyline":
            return self._scaled([point.get_argument(0) for point in curve.get_argument(0)])
        if kind == "IfcCompositeCurve":
            return self._composite(curve, depth)
        if kind == "IfcTrimmedCurve":
            return self._trimmed(curve)
        if kind == "IfcIndexedPolyCurve":
            return self._indexed(curve)
        return self._arc(self._circle(curve), 0.0, 2 * math.pi) if kind == "IfcCircle" else None

    def _scaled(self, corners: Sequence[tuple[float, ...]]) -> list[_Point] | None:
        if len(corners) > MAX_CORNERS:
            return None
        length = self._length
        return [(x * length, y * length) for x, y in corners]

    def _composite(self, curve: Any, depth: int) -> list[_Point] | None:
        found: list[_Point] = []
        for segment in curve.get_argument(0):
            piece = self._points(segment.get_argument(2), depth + 1) if depth < _MAX_DEPTH else None
            if piece is None or len(found) > MAX_CORNERS:
                return None
            if segment.get_argument(1) is False:
                piece.reverse()
            if found and math.dist(found[-1], piece[0]) > _GAP:
                return None
            found += piece
        return found

    def _trimmed(self, curve: Any) -> list[_Point] | None:
        basis = curve[0]
        kind = basis.is_a()
        if kind not in {"IfcCircle", "IfcLine"}:
            return None
        by_point = curve[4] == "CARTESIAN"
        ends = [self._end(trim, by_point) for trim in (curve[1], curve[2])]
        if kind == "IfcLine":
            at, along = basis[0][0], basis[1]
            x, y = along[0][0]
            reach = along[1] / math.hypot(x, y)
            line = [
                end if isinstance(end, tuple) else (at[0] + x * reach * end, at[1] + y * reach * end) for end in ends
            ]
            return self._scaled(line)
        frame = self._circle(basis)
        start, stop = (self._around(frame, end) for end in ends)
        sweep = (stop - start if curve[3] is not False else start - stop) % (2 * math.pi)
        if sweep < _SMALLEST_SWEEP or sweep > 2 * math.pi - _SMALLEST_SWEEP:
            return None  # all of the circle, or nothing: told apart by noise
        return self._arc(frame, start, sweep if curve[3] is not False else -sweep)

    def _end(self, trim: Any, by_point: bool) -> tuple[float, float] | float:
        """Where a curve is trimmed: a point in the file's unit, or a parameter."""
        points = [value[0] for value in trim if value.is_a() == "IfcCartesianPoint"]
        parameters = [value[0] for value in trim if value.is_a() == "IfcParameterValue"]
        if points and (by_point or not parameters):
            x, y = points[0]
            return x, y
        return float(parameters[0])

    def _circle(self, curve: Any) -> tuple[float, float, float, float]:
        """Centre and radius in metres, and the direction that angles are counted from."""
        position, radius = curve[0], curve[1] * self._length
        if position.is_a() != "IfcAxis2Placement2D" or not radius > _NEAR:
            raise ValueError
        x, y = position[0][0]
        u, v = (1.0, 0.0) if position[1] is None else position[1][0]
        return x * self._length, y * self._length, radius, math.atan2(v, u)

    def _around(self, frame: tuple[float, float, float, float], end: tuple[float, float] | float) -> float:
        x, y, _, first = frame
        if isinstance(end, tuple):
            return math.atan2(end[1] * self._length - y, end[0] * self._length - x) - first
        return end * self._angle

    def _arc(self, frame: tuple[float, float, float, float], start: float, sweep: float) -> list[_Point] | None:
        """Both ends included; angles in radians from the frame's direction, the sweep signed."""
        x, y, radius, first = frame
        count = max(math.ceil(abs(sweep) / step_angle(radius, self._segments) - 1e-9), 1)
        if count > _MAX_ARC:
            return None
        start += first
        angles = [start + sweep * n / count for n in range(count + 1)]
        return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]

    def _indexed(self, curve: Any) -> list[_Point] | None:
        corners = self._scaled(list(curve[0][0]))
        if corners is None or not curve[1]:
            return corners
        found: list[_Point] = []
        for segment in curve[1]:
            places = [corners[_positive(index) - 1] for index in segment[0]]
            piece = self._through(*places) if segment.is_a() == "IfcArcIndex" else places
            if piece is None or len(found) > MAX_CORNERS:
                return None
            if found and math.dist(found[-1], piece[0]) > _GAP:
                return None
            found += piece
        return found

    def _through(self, start: _Point, middle: _Point, end: _Point) -> list[_Point] | None:
        """The arc through three points."""
        ax, ay = start[0] - middle[0], start[1] - middle[1]
        bx, by = end[0] - middle[0], end[1] - middle[1]
        twice = 2 * (ax * by - ay * bx)
        if abs(twice) < 1e-9 * (ax * ax + ay * ay + bx * bx + by * by):
            return None
        a, b = ax * ax + ay * ay, bx * bx + by * by
        x, y = (by * a - ay * b) / twice, (ax * b - bx * a) / twice
        centre_x, centre_y = middle[0] + x, middle[1] + y
        first = math.atan2(start[1] - centre_y, start[0] - centre_x)
        last = math.atan2(end[1] - centre_y, end[0] - centre_x)
        sweep = (last - first) % (2 * math.pi) if twice < 0 else -((first - last) % (2 * math.pi))
        return self._arc((centre_x, centre_y, math.hypot(x, y), 0.0), first, sweep)


def _positive(index: int) -> int:
    if index < 1:
        raise IndexError
    return index
