"""Candidates from IfcMapConversion and IfcMapConversionScaled, and what they share with the property sets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from bim.georef.candidate import Candidate, GeorefKind
from bim.georef.crs_name import crs_name
from bim.georef.real import entity, real, well_known_texts
from bim.source.attribute import attribute
from bim.text import clean
from bim.units.unit_table import UnitTable
from twin.geometry.frame import crs as known_crs

SCALE_RANGE = (0.9, 1.1)
"""A grid's scale factor is within some tenths of a percent of 1; outside this range the field holds a unit factor."""
_ZERO_M = 1e-6


def map_conversions(model: Any, units: UnitTable, override: str | None) -> list[Candidate]:
    """Candidates of all map conversions of a model, the one of the `Model` context first."""
    if model.schema == "IFC2X3":
        return []
    found = list(model.by_type("IfcMapConversion"))
    found.sort(key=lambda item: attribute(attribute(item, "SourceCRS"), "ContextType") != "Model")
    return [_conversion(item, units, override) for item in found]


def _conversion(item: Any, units: UnitTable, override: str | None) -> Candidate:
    target = entity(item, "TargetCRS", "IfcCoordinateReferenceSystem")
    map_unit = units.of_entity(attribute(target, "MapUnit"))
    factors = [real(attribute(item, name), 1.0) for name in ("FactorX", "FactorY", "FactorZ")]
    plan = math.sqrt(abs(factors[0] * factors[1]))  # the model stays rigid: one factor stands for both
    return conversion_candidate(
        GeorefKind.MAP_CONVERSION,
        f"#{item.id()}={item.is_a()}",
        (attribute(item, "Eastings"), attribute(item, "Northings"), attribute(item, "OrthogonalHeight")),
        (attribute(item, "XAxisAbscissa"), attribute(item, "XAxisOrdinate")),
        real(attribute(item, "Scale"), 1.0) * plan,
        map_unit.factor if map_unit is not None else units.length,
        crs_texts(target),
        units,
        override,
        {"factors": factors} if item.is_a("IfcMapConversionScaled") else {},
    )


def conversion_candidate(
    kind: GeorefKind,
    source: str,
    place: tuple[Any, Any, Any],
    axis: tuple[Any, Any],
    scale: float,
    map_unit: float,
    texts: Mapping[str, object],
    units: UnitTable,
    override: str | None,
    declared: Mapping[str, object],
) -> Candidate:
    """A map conversion in metres. map_unit: metres in one map unit; scale: as the file gives it; declared: more for the report."""
    east, north, up = (real(value) * map_unit for value in place)
    abscissa, ordinate = real(axis[0], 1.0), real(axis[1], 0.0)
    rotation = math.atan2(ordinate, abscissa) if abscissa or ordinate else 0.0
    said = {**declared_crs(texts), "declared_scale": scale, "map_unit_m": map_unit, **declared}
    name = override or crs_name(texts)
    true_scale = grid_scale(scale, map_unit, units.length)
    if not all(math.isfinite(value) for value in (east, north, up, rotation)):
        why = "its coordinates are no numbers"
        return Candidate(kind, name, (0.0, 0.0, 0.0), usable=False, why=why, source=source, declared=said)
    if not name:
        base = (east, north, up)
        return Candidate(
            kind, "", base, rotation, true_scale, usable=False, why=no_crs(texts), source=source, declared=said
        )
    unit = axis_unit(name)
    base = (east / unit, north / unit, up)
    return Candidate(kind, name, base, rotation, true_scale, unit, source=source, declared=said)


def grid_scale(scale: float, map_unit: float, length: float) -> float:
    """Metres in the map per metre of the model.

    The standard wants Scale to hold the ratio of the units too (0.001 from millimetres to metres);
    many files leave it at 1, some give its inverse. Whatever is no believable grid scale is 1.
    """
    ratio = map_unit / length if length else 1.0
    tries = (scale * ratio, scale, scale / ratio if ratio else scale)
    return next((value for value in tries if SCALE_RANGE[0] <= value <= SCALE_RANGE[1]), 1.0)


def is_empty(candidate: Candidate) -> bool:
    """Whether a conversion shifts by nothing: what authoring tools write before anybody sets coordinates."""
    return abs(candidate.base[0]) < _ZERO_M and abs(candidate.base[1]) < _ZERO_M


def crs_texts(target: Any) -> dict[str, object]:
    """The texts of an IfcCoordinateReferenceSystem by attribute; none where there is no target."""
    if target is None:
        return {}
    names = ("Name", "Description", "GeodeticDatum", "VerticalDatum", "MapProjection", "MapZone")
    texts: dict[str, object] = {name: attribute(target, name) for name in names}
    for wkt in well_known_texts(target)[:1]:
        texts["WellKnownText"] = attribute(wkt, "WellKnownText")
    return texts


def declared_crs(texts: Mapping[str, object]) -> dict[str, object]:
    """What a system's texts say, for the report and for the comparison with what was read."""
    return {
        "declared_crs": clean(texts.get("Name")) or "",
        "vertical_datum": clean(texts.get("VerticalDatum")) or "",
        "map_zone": clean(texts.get("MapZone")) or "",
    }


def axis_unit(name: str) -> float:
    """Metres in one unit of the system's axes (1 for geographic systems, whose axes are no lengths)."""
    found = known_crs(name).to_2d()
    if found.is_geographic or not found.axis_info:
        return 1.0
    return float(found.axis_info[0].unit_conversion_factor) or 1.0


def no_crs(texts: Mapping[str, object]) -> str:
    """Why a conversion without a known system cannot be used."""
    return f"its coordinate system {clean(texts.get('Name')) or ''!r} is not known"
