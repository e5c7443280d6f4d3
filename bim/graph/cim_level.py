"""The CIM level of an object: how fine a piece of the city it is (domain facts, 3.2)."""

from __future__ import annotations

from collections.abc import Sequence

_LEVELS = {
    2: "Site GeographicElement GeotechnicalElement Alignment LinearPositioningElement",
    3: "Facility Bridge Road Railway MarineFacility",
    4: "Building FacilityPart",
    5: "BuildingStorey Space SpatialZone SpatialElement SpatialStructureElement Wall Slab Column Beam Roof Stair Ramp"
    " CurtainWall Footing Pile Grid",
    7: "ReinforcingElement Fastener MechanicalFastener DiscreteAccessory ElementComponent BuildingElementPart Port",
}
_BY_CLASS = {f"Ifc{name}": level for level, names in _LEVELS.items() for name in names.split()}
COMPONENT = 6
"""Doors, windows, fittings, furniture, equipment: the level of components and their details."""


def cim_level(ancestry: Sequence[str]) -> int:
    """1 to 7; the nearest class of the ancestry that is listed decides, else the level of components."""
    return next((_BY_CLASS[name] for name in ancestry if name in _BY_CLASS), COMPONENT)
