"""What the surfaces of CityJSON geometries mean: their semantics as numbers of `gis.city.looks.SURFACES`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from gis.city.boundaries import per_surface
from gis.city.looks import NUMBER
from gis.city.polygons import I64, offsets, spread

_ODD = (TypeError, KeyError)


def meanings_of(semantics: Any, boundaries: Any, depth: int, _feature: int) -> list[int]:
    """Of one geometry, by polygon; -1 where nothing is said. Raises where they do not run along with the boundaries."""
    kinds = _kinds(semantics["surfaces"])
    values = per_surface(semantics["values"], boundaries, depth)
    return [-1 if value is None else kinds[value] for value in values]


def meanings(given: Sequence[Any], bodies: I64, levels: Sequence[I64]) -> I64 | None:
    """Of many geometries at once, (p,) by polygon; None where any does not run along, or leaves out whole shells.

    given: the semantics of `bodies`; levels: offsets of `gis.city.boundaries.flatten`.
    """
    try:
        surfaces = [item["surfaces"] for item in given]
        kinds = np.array([*_kinds(chain.from_iterable(surfaces)), -1], np.int64)
        count = np.fromiter(map(len, surfaces), np.int64, len(surfaces))
        values: list[Any] = [item["values"] for item in given]
    except _ODD:
        return None
    members, owner = bodies, np.arange(len(bodies))
    for inner in levels:
        if not set(map(type, values)) <= {list}:
            return None
        size = np.fromiter(map(len, values), np.int64, len(values))
        if not np.array_equal(size, np.diff(inner)[members]):
            return None
        members, owner = spread(inner, members), np.repeat(owner, size)
        values = list(chain.from_iterable(values))
    types = set(map(type, values))
    if not types <= {int, type(None)}:
        return None
    none = np.array([value is None for value in values], np.bool_) if type(None) in types else np.zeros(1, np.bool_)
    try:
        value = np.array([item or 0 for item in values] if none.any() else values, np.int64)
    except OverflowError:
        return None
    if not (none | ((value >= 0) & (value < count[owner]))).all():
        return None
    return np.asarray(kinds[np.where(none, -1, offsets(count)[owner] + value)])


def _kinds(surfaces: Any) -> list[int]:
    return [NUMBER.get(surface["type"], -1) for surface in surfaces]
