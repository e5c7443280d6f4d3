"""The candidate from IfcSite's latitude and longitude."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from bim.geometry.placements import Placements
from bim.georef.candidate import GEOGRAPHIC, Candidate, GeorefKind
from bim.georef.real import entity, numbers, real
from bim.source.attribute import attribute
from bim.units.unit_table import UnitTable

HEIGHTS_M = (-500.0, 9000.0)
"""Heights of ground on the earth; others are millimetres written as metres and the like: then the plan still counts."""
_PART_LIMITS = (("minutes", 60), ("seconds", 60), ("millionths of a second", 1_000_000))


def site_locations(model: Any, units: UnitTable, placements: Placements, said: float | None) -> list[Candidate]:
    """One candidate per site with RefLatitude and RefLongitude.

    The angles belong to the origin of the site's placement; RefElevation to its height. said: true north as
    the model's context gives it, radians; the y axis where it gives none. 0, 0 and angles beyond the globe are not usable.
    """
    north = math.pi / 2 if said is None else said
    found = []
    for site in model.by_type("IfcSite"):
        north_parts, east_parts = numbers(site, "RefLatitude"), numbers(site, "RefLongitude")
        if not north_parts or not east_parts:
            continue
        latitude, longitude = degrees(north_parts), degrees(east_parts)
        height = real(attribute(site, "RefElevation")) * units.length
        why = ""
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            why = f"latitude {latitude} and longitude {longitude} are not on the globe"
        elif abs(latitude) < 1e-9 and abs(longitude) < 1e-9:
            why = "latitude and longitude are both 0: an empty field, no place"
        elif not HEIGHTS_M[0] <= height <= HEIGHTS_M[1]:
            height = 0.0
        origin = placements.matrix(site)[:3, 3]
        found.append(
            Candidate(
                GeorefKind.SITE,
                GEOGRAPHIC,
                (longitude, latitude, height),
                rotation=math.pi / 2 - north,
                local=(float(origin[0]), float(origin[1]), float(origin[2])),
                usable=not why,
                why=why,
                source=f"#{site.id()}=IfcSite",
                declared={
                    "true_north_deg": math.degrees(north - math.pi / 2),
                    "latitude_parts": [int(part) for part in north_parts if math.isfinite(part)],
                    "longitude_parts": [int(part) for part in east_parts if math.isfinite(part)],
                },
            )
        )
    return found


def degrees(angle: Sequence[float]) -> float:
    """Decimal degrees of an IfcCompoundPlaneAngleMeasure: degrees, minutes, seconds, millionths of a second.

    All parts carry the sign (IFC rule `ConsistentSign`); where only the first ones do, that sign counts
    for the rest.
    """
    parts = [*angle[:4], *[0.0] * (4 - min(len(angle), 4))]
    sign = -1.0 if any(part < 0 for part in parts) else 1.0
    whole, minutes, seconds, millionths = (abs(part) for part in parts)
    return sign * (whole + minutes / 60 + (seconds + millionths / 1e6) / 3600)


def slips(angle: Sequence[int]) -> str:
    """Which part of a compound angle is out of its range, in English; '' where none is."""
    for (name, limit), part in zip(_PART_LIMITS, angle[1:], strict=False):
        if abs(part) >= limit:
            return f"{part} {name}: expected below {limit}"
    signs = {part > 0 for part in angle if part}
    return "parts of both signs" if len(signs) > 1 else ""


def true_north(model: Any) -> float | None:
    """Direction of true north in the model's plan, radians from the x axis; None where the model gives none."""
    for context in model.by_type("IfcGeometricRepresentationContext", include_subtypes=False):
        direction = entity(context, "TrueNorth", "IfcDirection")
        if direction is None or attribute(context, "ContextType") not in ("Model", None):
            continue
        x, y = (*numbers(direction, "DirectionRatios"), 0.0, 0.0)[:2]
        if math.isfinite(x + y) and math.hypot(x, y) > 1e-9:
            return math.atan2(y, x)
    return None
