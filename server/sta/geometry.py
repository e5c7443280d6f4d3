"""Geometries of filters: WGS 84, longitude before latitude, compared in the plane of degrees as the standard's examples do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from server.sta.errors import wrong

RELATIONS: Mapping[str, Callable[[BaseGeometry, BaseGeometry], bool]] = {
    "st_equals": lambda a, b: bool(a.equals(b)),
    "st_disjoint": lambda a, b: bool(a.disjoint(b)),
    "st_touches": lambda a, b: bool(a.touches(b)),
    "st_within": lambda a, b: bool(a.within(b)),
    "st_overlaps": lambda a, b: bool(a.overlaps(b)),
    "st_crosses": lambda a, b: bool(a.crosses(b)),
    "st_intersects": lambda a, b: bool(a.intersects(b)),
    "st_contains": lambda a, b: bool(a.contains(b)),
    "geo.intersects": lambda a, b: bool(a.intersects(b)),
}


@lru_cache(maxsize=64)
def from_text(text: str) -> BaseGeometry:
    """A geometry from well-known text, with or without `SRID=4326;`. Raises Invalid."""
    plain = text.removeprefix("SRID=4326;").strip()
    if plain.upper().startswith("POINT") and plain.count(",") == 1:  # as the standard's own examples have it
        plain = plain.replace(",", " ")
    try:
        found = shapely.from_wkt(plain)
        shapely.prepare(found)
    except (ShapelyError, ValueError, TypeError) as error:
        raise wrong(f"{text!r:.80} is no geometry: expected well-known text like 'POINT (114.3 30.6)'") from error
    return found


def from_json(value: object) -> BaseGeometry | None:
    """A geometry from GeoJSON, of a feature its own; None where it is none."""
    if not isinstance(value, dict):
        return None
    plain: Any = value.get("geometry") if value.get("type") == "Feature" else value
    try:
        return shape(plain)
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        return None
