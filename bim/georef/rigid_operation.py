"""Candidates from IfcRigidOperation: an axis-parallel shift into a projected or a geographic system."""

from __future__ import annotations

import math
from typing import Any

from bim.georef.candidate import Candidate, GeorefKind
from bim.georef.crs_name import crs_name
from bim.georef.map_conversion import axis_unit, crs_texts, declared_crs, no_crs
from bim.georef.real import entity, real
from bim.source.attribute import attribute
from bim.units.unit_table import UnitTable
from twin.geometry.frame import crs as known_crs


def rigid_operations(model: Any, units: UnitTable, override: str | None) -> list[Candidate]:
    """Candidates of all rigid operations of a model, the one of the `Model` context first; none before IFC4X3."""
    if not str(model.schema).startswith("IFC4X3"):
        return []
    found = list(model.by_type("IfcRigidOperation"))
    found.sort(key=lambda item: attribute(attribute(item, "SourceCRS"), "ContextType") != "Model")
    return [_rigid(item, units, override) for item in found]


def _rigid(item: Any, units: UnitTable, override: str | None) -> Candidate:
    """Angles of a geographic target come in degrees whatever the project's angle unit."""
    kind, source = GeorefKind.RIGID_OPERATION, f"#{item.id()}=IfcRigidOperation"
    texts = crs_texts(entity(item, "TargetCRS", "IfcCoordinateReferenceSystem"))
    first, second = (real(attribute(item, name)) for name in ("FirstCoordinate", "SecondCoordinate"))
    height = real(attribute(item, "Height")) * units.length
    name, said = override or crs_name(texts), declared_crs(texts)
    if not all(math.isfinite(value) for value in (first, second, height)):
        why = "its coordinates are no numbers"
        return Candidate(kind, name, (0.0, 0.0, 0.0), usable=False, why=why, source=source, declared=said)
    if not name:
        base = (first, second, height)
        return Candidate(kind, "", base, usable=False, why=no_crs(texts), source=source, declared=said)
    if known_crs(name).is_geographic:
        if abs(second) > 90:
            first, second = second, first
        return Candidate(kind, name, (first, second, height), source=source, declared=said)
    unit, metres = axis_unit(name), units.length
    base = (first * metres / unit, second * metres / unit, height)
    return Candidate(kind, name, base, unit=unit, source=source, declared=said)
