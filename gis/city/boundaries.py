"""CityJSON's nested lists flattened, thousands of geometries at a time: from lists, or from their text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import orjson

from gis.city.numbers import nested
from gis.city.polygons import I64, Polygons, offsets

DEPTH = {"MultiSurface": 3, "CompositeSurface": 3, "Solid": 4, "MultiSolid": 5, "CompositeSolid": 5}
"""Lists in one another, down to the numbers of vertices (CityJSON 2.0, section 3)."""


class Malformed(ValueError):
    """A list where a number belongs, or the reverse."""


def flatten(bodies: Sequence[Any], depth: int) -> tuple[Polygons, list[I64]]:
    """Boundaries of equal depth, as lists or as their text → polygons without points, and offsets by level.

    The offsets begin with the shells or surfaces of each body (b + 1,) and end with the surfaces of whatever holds them.
    Raises Malformed, and orjson.JSONDecodeError where a text is no JSON.
    """
    bounds = nested(bodies, depth) if set(map(type, bodies)) == {bytes} else None
    if bounds is None:
        bounds = _walked(list(map(listed, bodies)), depth)
    *bounds, polygon, ring, corner = bounds
    return Polygons(np.zeros((0, 3)), corner, ring, polygon), bounds


def listed(boundaries: Any) -> Any:
    """The lists of a boundary. Raises orjson.JSONDecodeError where its text is none."""
    return orjson.loads(boundaries) if type(boundaries) is bytes else boundaries


def _walked(level: list[Any], depth: int) -> list[I64]:
    """As `nested`, of lists."""
    bounds = []
    for _ in range(depth):
        if not set(map(type, level)) <= {list}:
            raise Malformed
        bounds.append(offsets(np.fromiter(map(len, level), np.int64, len(level))))
        level = list(chain.from_iterable(level))
    if not set(map(type, level)) <= {int}:
        raise Malformed
    try:
        return [*bounds, np.array(level, np.int64)]
    except OverflowError as error:
        raise Malformed from error


def whole(bodies: Sequence[Any], depth: int) -> list[bool]:
    """Which of the boundaries can be flattened."""
    return [_whole(body, depth) for body in bodies]


def _whole(body: object, depth: int) -> bool:
    try:
        flatten([body], depth)
    except Malformed:
        return False
    return True


def first_surface(levels: Sequence[I64]) -> I64:
    """(b + 1,) first polygon of each body, from the offsets of `flatten`."""
    first = levels[0]
    for inner in levels[1:]:
        first = inner[first]
    return first


def per_surface(values: Any, boundaries: Any, depth: int) -> list[Any]:
    """Values of semantics or materials, one a surface; None stands for a whole shell or solid without any.

    Raises TypeError or ValueError where they do not run along with the boundaries.
    """
    if depth == 3:
        if len(values) != len(boundaries):
            raise ValueError
        return list(values)
    if depth == 4 and len(values) == len(boundaries) == 1 and values[0] is not None:
        if len(values[0]) != len(boundaries[0]):
            raise ValueError
        return list(values[0])
    found: list[Any] = []
    for value, boundary in zip(values, boundaries, strict=True):
        if value is None:
            found += [None] * _surfaces(boundary, depth - 1)
        else:
            found += per_surface(value, boundary, depth - 1)
    return found


def per_ring(values: Any, boundaries: Any, depth: int) -> list[Any]:
    """Values of textures, one list a ring; None stands for a whole surface, shell or solid without any.

    Raises TypeError or ValueError where they do not run along with the boundaries.
    """
    if depth == 1:
        return [values if values and values[0] is not None else None]
    found: list[Any] = []
    for value, boundary in zip([None] * len(boundaries) if values is None else values, boundaries, strict=True):
        found += per_ring(value, boundary, depth - 1)
    return found


def _surfaces(boundary: Any, depth: int) -> int:
    return len(boundary) if depth == 3 else sum(_surfaces(item, depth - 1) for item in boundary)
