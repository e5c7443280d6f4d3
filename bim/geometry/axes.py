"""Axis placements as matrices: one, or many at once with the same arithmetic."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from ifcopenshell import entity_instance

from bim.geometry.engine import F64
from bim.source.attribute import class_of, step_of, value_at

_AXES = {"IfcAxis2Placement2D": 1, "IfcAxis2Placement3D": 2, "IfcAxis1Placement": 0, "IfcAxis2PlacementLinear": 2}
"""Where each class keeps the direction of its x axis, 0 where it has none."""
_UPRIGHT = {"IfcAxis2Placement3D", "IfcAxis1Placement", "IfcAxis2PlacementLinear"}
_ORIGIN, _X, _Y, _Z = (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


_Vector = tuple[float, float, float]
_Turn = tuple[_Vector, _Vector, _Vector]
_UNTURNED: _Turn = (_X, _Y, _Z)


def axis_matrix(axis: Any, length: float) -> F64:
    """(4, 4) of an IfcAxis2Placement2D or 3D, translation in metres; degenerate axes fall back to the default ones."""
    return Axes(length).matrix(axis)


class Axes:
    """Axis placements of one model as rows of matrices. Directions that many share are read once.

    Plain floats: this runs for every product, and small arrays cost more than the arithmetic.
    """

    def __init__(self, length: float) -> None:
        self._length = length
        self._turns: dict[tuple[int, int], _Turn] = {}
        self.odd: list[Any] = []  # what stood where an axis placement belongs

    def matrix(self, axis: Any) -> F64:
        """As `axis_matrix`."""
        return np.array((*self.rows(axis), 0.0, 0.0, 0.0, 1.0)).reshape(4, 4)

    def rows(self, axis: Any) -> tuple[float, ...]:
        """The upper three rows of the matrix, 12 numbers; those of the identity for what is no axis placement."""
        kind = class_of(axis) if isinstance(axis, entity_instance) else ""
        ref = _AXES.get(kind)
        if ref is None:
            if axis is not None:
                self.odd.append(axis)
            return (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
        location = value_at(axis, 0)
        at = _ORIGIN
        if isinstance(location, entity_instance) and class_of(location) == "IfcCartesianPoint":
            at = _three(value_at(location, 0)) or at
        up = value_at(axis, 1) if kind in _UPRIGHT else None
        along = value_at(axis, ref) if ref else None
        x, y, z = _UNTURNED if up is None and along is None else self._turn(up, along)
        one = self._length
        return (x[0], y[0], z[0], at[0] * one, x[1], y[1], z[1], at[1] * one, x[2], y[2], z[2], at[2] * one)

    def _turn(self, up: Any, along: Any) -> _Turn:
        key = step_of(up), step_of(along)
        found = self._turns.get(key)
        if found is None:
            z, x = _direction(up, _Z), _direction(along, _X)
            x = _upright(x, z) or _upright(_Y if abs(z[1]) < 0.9 else _X, z) or _X
            y = (z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0])
            found = self._turns[key] = x, y, z
        return found


def _three(values: Any) -> _Vector | None:
    """The first three of two or more numbers, a missing one as 0; None for anything else."""
    try:
        return float(values[0]), float(values[1]), float(values[2]) if len(values) > 2 else 0.0
    except (IndexError, OverflowError, TypeError, ValueError):
        return None


def _upright(x: _Vector, z: _Vector) -> _Vector | None:
    """The unit vector of `x` without its share along `z`; None where nothing is left."""
    along = x[0] * z[0] + x[1] * z[1] + x[2] * z[2]
    rest = (x[0] - z[0] * along, x[1] - z[1] * along, x[2] - z[2] * along)
    norm = math.sqrt(rest[0] ** 2 + rest[1] ** 2 + rest[2] ** 2)
    return (rest[0] / norm, rest[1] / norm, rest[2] / norm) if norm >= 1e-9 else None


def _direction(entity: Any, default: _Vector) -> _Vector:
    if not isinstance(entity, entity_instance) or class_of(entity) != "IfcDirection":
        return default
    found = _three(value_at(entity, 0))
    if found is None:
        return default
    x, y, z = found
    norm = math.sqrt(x * x + y * y + z * z)
    return (x / norm, y / norm, z / norm) if math.isfinite(norm) and norm > 1e-12 else default
