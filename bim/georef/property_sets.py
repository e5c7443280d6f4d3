"""The candidate from ePSet_MapConversion and ePSet_ProjectedCRS on project or site (buildingSMART guidance for IFC2X3)."""

from __future__ import annotations

from typing import Any

from ifcopenshell import entity_instance

from bim.georef.candidate import Candidate, GeorefKind
from bim.georef.map_conversion import conversion_candidate
from bim.source.attribute import entities_of
from bim.text import clean
from bim.units.unit_table import UnitTable

_CONVERSION, _SYSTEM = "epset_mapconversion", "epset_projectedcrs"


def property_set_conversions(model: Any, units: UnitTable, override: str | None) -> list[Candidate]:
    """One candidate where the sets are there; their names count in any spelling of case."""
    sets: dict[str, tuple[int, dict[str, Any]]] = {}
    for item in model.by_type("IfcPropertySet"):
        name = item.get_argument(2)
        if name is None or "PSET" not in str(name).upper():
            continue
        name = (clean(name) or "").lower()
        if name in {_CONVERSION, _SYSTEM} and name not in sets:
            single = (p for p in entities_of(item.get_argument(4)) if p.is_a("IfcPropertySingleValue"))
            sets[name] = (int(item.id()), {str(p.get_argument(0)): _bare(p.get_argument(2)) for p in single})
    if _CONVERSION not in sets:
        return []
    step, values = sets[_CONVERSION]
    texts = dict(sets.get(_SYSTEM, (0, {}))[1])
    number = {key: _number(value) for key, value in values.items()}
    return [
        conversion_candidate(
            GeorefKind.PROPERTY_SET,
            f"#{step}=ePSet_MapConversion",
            (number.get("Eastings"), number.get("Northings"), number.get("OrthogonalHeight")),
            (number.get("XAxisAbscissa"), number.get("XAxisOrdinate")),
            number.get("Scale") or 1.0,
            _named_unit(texts.get("MapUnit"), units.length),
            texts,
            units,
            override,
            {},
        )
    ]


def _bare(value: Any) -> Any:
    """What a typed value wraps; None for anything else."""
    return value.get_argument(0) if isinstance(value, entity_instance) and not value.id() else None


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
    except (TypeError, ValueError, OverflowError):
        return None
