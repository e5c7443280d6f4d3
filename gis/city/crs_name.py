"""Names of coordinate systems as city models write them: OGC URN and URL, GML 2, the German survey's, EPSG codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyproj

from twin.errors import Invalid
from twin.geometry.frame import crs

_EPSG = re.compile(r"epsg(?:\.xml#|/|::?)(?:[\d.]*[/:])?(\d{4,6})(?![\d.]*[/:]\d)", re.IGNORECASE)
_PLUS = re.compile(r"\+\s*(?:epsg:)?(\d{4,6})\s*$", re.IGNORECASE)
_BARE = re.compile(r"\s*(\d{4,6})\s*")
_CRS84 = re.compile(r"\bCRS84(h?)\b", re.IGNORECASE)
_ADV_UTM = re.compile(r"ETRS89_UTM(\d\d)", re.IGNORECASE)
_ADV_GK = re.compile(r"DE_DHDN_3GK([2-5])", re.IGNORECASE)
_NAMES_AXES = re.compile(r"^(?:urn:|https?://www\.opengis\.net/def/)", re.IGNORECASE)


@dataclass(frozen=True)
class System:
    """plan: horizontal system by a name that pyproj knows; north_first: its first axis is latitude or northing.

    metres: a height in the file times this is metres upward; ellipsoidal: heights stand on the ellipsoid.
    """

    plan: str
    north_first: bool
    metres: float
    ellipsoidal: bool
    geographic: bool


def spelled(name: str) -> list[str]:
    """What pyproj is asked for: the plan system, and the vertical one where the name is compound."""
    if found := _CRS84.search(name):
        return ["EPSG:4979" if found.group(1) else "OGC:CRS84"]
    codes = _EPSG.findall(name) + _PLUS.findall(name)
    if not codes and (bare := _BARE.fullmatch(name)):
        codes = [bare.group(1)]
    if codes:
        return [f"EPSG:{code}" for code in codes[:2]]
    if found := _ADV_UTM.search(name):
        return [f"EPSG:258{found.group(1)}"]
    if found := _ADV_GK.search(name):
        return [f"EPSG:{31464 + int(found.group(1))}"]
    return [name.strip()]


def axes_named(name: str) -> bool:
    """Whether the name asks for the system's own axis order (OGC 07-092r1); short forms mean east first."""
    return bool(_NAMES_AXES.match(name.strip())) and not _CRS84.search(name) and "urn:adv" not in name.lower()


def system(name: str) -> System:
    """The parts of a named system. Raises Invalid where it is unknown, or no system of places on the ground."""
    names = spelled(name)
    found = crs(names[0])
    height = crs(names[1]) if len(names) > 1 else None
    plan = found
    if found.is_compound:
        plan, height = found.sub_crs_list[0], height or found.sub_crs_list[1]
    if found.is_bound and found.source_crs is not None:
        plan = found.source_crs
    if not (plan.is_geographic or plan.is_projected):
        raise Invalid(
            f"Coordinate system {name!r} ({found.name}) is neither geographic nor projected: name the right one with --crs",
            code="crs",
        )
    axes = plan.axis_info
    up = height.axis_info[0] if height is not None and height.axis_info else axes[2] if len(axes) > 2 else None
    metres = 1.0 if up is None else float(up.unit_conversion_factor) * (-1.0 if up.direction == "down" else 1.0)
    north = bool(axes) and axes[0].direction in {"north", "south"}
    return System(_plain(plan), north, metres, len(axes) > 2 and height is None, bool(plan.is_geographic))


def _plain(plan: pyproj.CRS) -> str:
    """A short name where the system without heights has one, else its text."""
    flat = plan.to_2d() if len(plan.axis_info) > 2 else plan
    authority = flat.to_authority()
    return ":".join(authority) if authority else str(flat.to_wkt())
