"""Which coordinate system a source is in, and clear words where it cannot be what it says.

Chinese national systems are the usual trap: their axes are named north first, and their zones come
with and without the zone number in front of the easting (EPSG 4491-4554).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyproj

from twin.errors import Invalid
from twin.geometry.frame import Frame, crs

Bounds = tuple[float, float, float, float]
WGS84 = "EPSG:4326"


@dataclass(frozen=True)
class Reference:
    """The system a layer is read in. how: declared | override | park | assumed."""

    crs: str
    how: str


def resolve(
    declared: str, override: str | None, frame: Frame | None, bounds: Bounds, what: str, *, implied: bool
) -> Reference:
    """Choose the system for coordinates within `bounds` (min x, min y, max x, max y).

    implied: `declared` is only the format's default (GeoJSON), so that the park's own system may
    stand in for it. Raises Invalid where the coordinates cannot be in the system, or none is known.
    """
    if override:
        fit(override, bounds, what)
        return Reference(override, "override")
    lonlat = degrees(bounds)
    if declared and not (implied and not lonlat):
        fit(declared, bounds, what)
        return Reference(declared, "declared")
    if implied:
        _fit_order(bounds, what)
    if lonlat:
        return Reference(WGS84, "assumed")
    if frame is not None and frame.crs and not crs(frame.crs).is_geographic and _suits(frame.crs, bounds):
        return Reference(frame.crs, "park")
    raise Invalid(
        f"{what} names no coordinate system, and coordinates such as {_pair(bounds)} cannot be longitude and latitude:"
        f" name it with --crs, such as --crs {guess(bounds)}",
        code="crs-missing",
    )


def degrees(bounds: Bounds) -> bool:
    """Whether the values can be longitude and latitude."""
    return bounds[0] >= -180.5 and bounds[2] <= 360.5 and bounds[1] >= -90.5 and bounds[3] <= 90.5


def guess(bounds: Bounds) -> str:
    """The likeliest system of projected coordinates, for the advice in a message."""
    zone = int(bounds[0] // 1_000_000)
    if zone == int(bounds[2] // 1_000_000) and 13 <= zone <= 45:
        return f"EPSG:{_zoned(zone)}"
    return "EPSG:4547"


def fit(name: str, bounds: Bounds, what: str) -> None:
    """Raise Invalid where coordinates within `bounds` cannot be in the system `name`, saying what is likely wrong."""
    system = crs(name)
    if system.is_geographic:
        _fit_degrees(name, bounds, what)
        return
    if not system.is_projected:
        if system.is_geocentric or system.is_engineering:
            raise Invalid(f"{what} is in {name} ({system.name}): expected a geographic or projected system", code="crs")
        return
    if degrees(bounds) and max(abs(bounds[0]), abs(bounds[2])) > 0.5:
        raise Invalid(
            f"{what} has coordinates such as {_pair(bounds)}, which look like degrees but are read as metres of {name}:"
            f" name the right system with --crs, such as --crs {WGS84}",
            code="crs-degrees",
        )
    _fit_zone(name, system, bounds, what)


def _fit_degrees(name: str, bounds: Bounds, what: str) -> None:
    if degrees(bounds):
        return
    _fit_order(bounds, what)
    raise Invalid(
        f"{what} is read as {name}, but coordinates such as {_pair(bounds)} are no degrees:"
        f" name the projected system with --crs, such as --crs {guess(bounds)}",
        code="crs-missing",
    )


def _fit_order(bounds: Bounds, what: str) -> None:
    if not degrees(bounds) and degrees((bounds[1], bounds[0], bounds[3], bounds[2])):
        raise Invalid(
            f"{what} has latitude first, as in {_pair(bounds)}: expected longitude first; swap the two coordinates",
            code="axis-order",
        )


def _fit_zone(name: str, system: pyproj.CRS, bounds: Bounds, what: str) -> None:
    easting = _parameter(system, "False easting")
    if easting is None or "Transverse Mercator" not in _method(system):
        return
    prefix = int(easting // 1_000_000)
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    zone = int(x // 1_000_000)
    easting_like = 0 < y < 1_000_000 or 13 <= int(y // 1_000_000) <= 45
    if 1_100_000 < x < 6_500_000 and easting_like and zone != prefix:
        raise Invalid(
            f"{what} has the northing first, as in {_pair(bounds)}: expected easting first in {name};"
            " swap the two coordinates",
            code="axis-order",
        )
    if prefix == 0 and 13 <= zone <= 45:
        raise Invalid(
            f"{what} has eastings such as {x:.0f} with the zone number {zone} in front, but {name} has none:"
            f" name the system with --crs, such as --crs EPSG:{_zoned(zone)}",
            code="zone-prefix",
        )
    if 13 <= prefix <= 45 and 0 < x < 1_000_000:
        raise Invalid(
            f"{what} has eastings such as {x:.0f} without the zone number {prefix} that {name} puts in front:"
            f" name the system with --crs, such as --crs EPSG:{_zoneless(prefix)}",
            code="zone-prefix",
        )


def _zoned(zone: int) -> int:
    """EPSG code of CGCS2000 Gauss-Kruger with the zone number in front: 6-degree zones 13-23, 3-degree 25-45."""
    return 4491 + zone - 13 if zone <= 23 else 4513 + max(zone, 25) - 25


def _zoneless(zone: int) -> int:
    """EPSG code of the same zone by its central meridian."""
    return 4502 + zone - 13 if zone <= 23 else 4534 + max(zone, 25) - 25


def _method(system: pyproj.CRS) -> str:
    operation = system.coordinate_operation
    return "" if operation is None else str(operation.method_name)


def _parameter(system: pyproj.CRS, name: str) -> float | None:
    operation = system.coordinate_operation
    if operation is None:
        return None
    return next((float(item.value) for item in operation.params if item.name == name), None)


def _suits(name: str, bounds: Bounds) -> bool:
    try:
        fit(name, bounds, "")
    except Invalid:
        return False
    return True


def _pair(bounds: Bounds) -> str:
    return ", ".join(f"{value:.6g}" if abs(value) < 1000 else f"{value:.0f}" for value in bounds[:2])


def lonlat_of(points: npt.NDArray[np.float64], name: str, what: str) -> npt.NDArray[np.float64]:
    """(n, 2+) x, y in the system `name` → (n, 2) longitude, latitude in degrees on WGS 84. Raises Invalid."""
    transformer = pyproj.Transformer.from_crs(crs(name).to_2d(), WGS84, always_xy=True)
    lon, lat = transformer.transform(points[:, 0], points[:, 1])
    result = np.column_stack((lon, lat))
    bad = ~np.isfinite(result).all(axis=1)
    if bad.any():
        x, y = points[bad][0, :2]
        raise Invalid(
            f"{what} has coordinates such as {x:.6g}, {y:.6g} that do not fit {name}: name the right system with --crs",
            code="crs",
        )
    return result
