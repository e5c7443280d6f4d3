"""Candidates from IfcMapConversion, IfcRigidOperation and the property sets that stand for them in IFC2X3."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from bim.georef.candidate import Candidate, GeorefKind
from bim.georef.crs_name import crs_name
from bim.text import clean
from bim.units.unit_table import UnitTable
from twin.geometry.frame import crs as known_crs

SCALE_RANGE = (0.9, 1.1)
"""A grid's scale factor is within some tenths of a percent of 1; outside this range the field holds a unit factor."""
_ZERO_M = 1e-6


def map_conversions(model: Any, units: UnitTable, override: str | None) -> list[Candidate]:
    """Candidates of all coordinate operations of a model, the one of the `Model` context first."""
    if model.schema == "IFC2X3":
        return _from_property_sets(model, units, override)
    operations = list(model.by_type("IfcCoordinateOperation"))
    operations.sort(key=lambda item: getattr(item.SourceCRS, "ContextType", None) != "Model")
    found = []
    for item in operations:
        if item.is_a("IfcMapConversion"):
            found.append(_conversion(item, units, override))
        elif item.is_a("IfcRigidOperation"):
            found.append(_rigid(item, units, override))
    return found + _from_property_sets(model, units, override)


def _conversion(item: Any, units: UnitTable, override: str | None) -> Candidate:
    target = item.TargetCRS
    texts = _crs_texts(target)
    map_unit = units.of_entity(target.MapUnit) if target is not None and getattr(target, "MapUnit", None) else None
    factors = [getattr(item, name, None) for name in ("FactorX", "FactorY")]
    return _candidate(
        GeorefKind.MAP_CONVERSION,
        f"#{item.id()}={item.is_a()}",
        (item.Eastings, item.Northings, item.OrthogonalHeight),
        (item.XAxisAbscissa, item.XAxisOrdinate),
        (item.Scale or 1.0) * float(factors[0] or 1.0),
        map_unit.factor if map_unit is not None else units.length,
        texts,
        units,
        override,
    )


def _rigid(item: Any, units: UnitTable, override: str | None) -> Candidate:
    """Axis-parallel shift; angles of a geographic target come in degrees whatever the project's angle unit."""
    texts = _crs_texts(item.TargetCRS)
    first, second = (
        float(getattr(value, "wrappedValue", value) or 0.0) for value in (item.FirstCoordinate, item.SecondCoordinate)
    )
    name = override or crs_name(texts)
    height = float(item.Height or 0.0) * units.length
    source = f"#{item.id()}=IfcRigidOperation"
    declared: dict[str, object] = {"declared_crs": texts.get("Name") or ""}
    if not name:
        return Candidate(
            GeorefKind.RIGID_OPERATION,
            "",
            (first, second, height),
            usable=False,
            why=_no_crs(texts),
            source=source,
            declared=declared,
        )
    if known_crs(name).is_geographic:
        if abs(second) > 90:
            first, second = second, first
        return Candidate(GeorefKind.RIGID_OPERATION, name, (first, second, height), source=source, declared=declared)
    unit = axis_unit(name)
    metres = units.length
    return Candidate(
        GeorefKind.RIGID_OPERATION,
        name,
        (first * metres / unit, second * metres / unit, height),
        unit=unit,
        source=source,
        declared=declared,
    )


def _candidate(
    kind: GeorefKind,
    source: str,
    place: tuple[Any, Any, Any],
    axis: tuple[Any, Any],
    scale: float,
    map_unit: float,
    texts: Mapping[str, object],
    units: UnitTable,
    override: str | None,
) -> Candidate:
    """A map conversion in metres. map_unit: metres in one map unit; scale: as the file gives it."""
    east, north, up = (float(value or 0.0) * map_unit for value in place)
    abscissa, ordinate = (1.0 if axis[0] is None else float(axis[0])), (0.0 if axis[1] is None else float(axis[1]))
    rotation = math.atan2(ordinate, abscissa) if abscissa or ordinate else 0.0
    declared: dict[str, object] = {
        "declared_crs": texts.get("Name") or "",
        "declared_scale": scale,
        "map_unit_m": map_unit,
    }
    name = override or crs_name(texts)
    true_scale = grid_scale(scale, map_unit, units.length)
    if not name:
        return Candidate(
            kind,
            "",
            (east, north, up),
            rotation,
            true_scale,
            usable=False,
            why=_no_crs(texts),
            source=source,
            declared=declared,
        )
    if not all(math.isfinite(value) for value in (east, north, up, rotation)):
        return Candidate(
            kind,
            name,
            (0.0, 0.0, 0.0),
            usable=False,
            why="its coordinates are no numbers",
            source=source,
            declared=declared,
        )
    unit = axis_unit(name)
    return Candidate(
        kind, name, (east / unit, north / unit, up), rotation, true_scale, unit, source=source, declared=declared
    )


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


def _crs_texts(target: Any) -> dict[str, object]:
    if target is None:
        return {}
    names = ("Name", "Description", "GeodeticDatum", "VerticalDatum", "MapProjection", "MapZone")
    texts: dict[str, object] = {name: getattr(target, name, None) for name in names}
    wkt = getattr(target, "WellKnownText", None)
    if wkt:
        first = wkt[0] if isinstance(wkt, tuple | list) else wkt
        texts["WellKnownText"] = getattr(first, "WellKnownText", None)
    return texts


def axis_unit(name: str) -> float:
    """Metres in one unit of the system's axes (1 for geographic systems, whose axes are no lengths)."""
    found = known_crs(name).to_2d()
    if found.is_geographic or not found.axis_info:
        return 1.0
    return float(found.axis_info[0].unit_conversion_factor) or 1.0


def _no_crs(texts: Mapping[str, object]) -> str:
    return f"its coordinate system {clean(texts.get('Name')) or ''!r} is not known"


def _from_property_sets(model: Any, units: UnitTable, override: str | None) -> list[Candidate]:
    """ePSet_MapConversion and ePSet_ProjectedCRS on project or site (buildingSMART guidance for IFC2X3)."""
    sets: dict[str, tuple[int, dict[str, Any]]] = {}
    for item in model.by_type("IfcPropertySet"):
        name = (clean(item.Name) or "").lower()
        if name in {"epset_mapconversion", "epset_projectedcrs"} and name not in sets:
            single = (p for p in item.HasProperties or () if p.is_a("IfcPropertySingleValue"))
            sets[name] = (int(item.id()), {p.Name: getattr(p.NominalValue, "wrappedValue", None) for p in single})
    if "epset_mapconversion" not in sets:
        return []
    step, values = sets["epset_mapconversion"]
    texts = dict(sets.get("epset_projectedcrs", (0, {}))[1])
    number = {key: _number(value) for key, value in values.items()}
    map_unit = _named_unit(texts.get("MapUnit"), units.length)
    return [
        _candidate(
            GeorefKind.PROPERTY_SET,
            f"#{step}=ePSet_MapConversion",
            (number.get("Eastings"), number.get("Northings"), number.get("OrthogonalHeight")),
            (number.get("XAxisAbscissa"), number.get("XAxisOrdinate")),
            number.get("Scale") or 1.0,
            map_unit,
            texts,
            units,
            override,
        )
    ]


def _named_unit(value: object, default: float) -> float:
    """Metres in a unit given by name (METRE, MILLIMETRE, FOOT, US SURVEY FOOT)."""
    text = (clean(value) or "").upper().replace("_", " ")
    if not text:
        return default
    if "FOOT" in text or "FEET" in text:
        return 1200 / 3937 if "SURVEY" in text else 0.3048
    return {"MILLI": 1e-3, "CENTI": 1e-2, "KILO": 1e3}.get(text.split("MET")[0].strip(), 1.0)


def _number(value: object) -> float | None:
    if isinstance(value, str):
        value = value.replace(",", ".").strip()
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
