"""Colours for faces that the file leaves without one: a calm palette by class, sRGB with alpha."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bim.geometry.engine import Rgba

_GROUPS: dict[Rgba, str] = {
    (0.93, 0.92, 0.89, 1.0): "Wall Building BuildingElementPart BuildingPart",
    (0.82, 0.82, 0.80, 1.0): "Slab Footing Pile DeepFoundation Ramp RampFlight Stair StairFlight Bearing",
    (0.76, 0.76, 0.75, 1.0): "Column Beam Member Plate StructuralMember ElementAssembly",
    (0.62, 0.55, 0.52, 1.0): "Roof Chimney",
    (0.60, 0.72, 0.82, 0.38): "Window",
    (0.64, 0.74, 0.82, 0.45): "CurtainWall",
    (0.72, 0.62, 0.50, 1.0): "Door",
    (0.88, 0.87, 0.84, 1.0): "Covering",
    (0.55, 0.57, 0.60, 1.0): "Railing TransportElement TransportationDevice ShadingDevice",
    (0.75, 0.68, 0.58, 1.0): "FurnishingElement Furniture SystemFurnitureElement",
    (0.66, 0.75, 0.80, 1.0): "DuctSegment DuctFitting AirTerminal AirTerminalBox DuctSilencer Damper",
    (0.55, 0.68, 0.72, 1.0): "EnergyConversionDevice FlowMovingDevice FlowTreatmentDevice Fan Boiler Chiller"
    " CoolingTower UnitaryEquipment SpaceHeater",
    (0.52, 0.66, 0.60, 1.0): "PipeSegment PipeFitting Valve Pump Tank FlowStorageDevice",
    (0.90, 0.91, 0.92, 1.0): "SanitaryTerminal FlowTerminal WasteTerminal",
    (0.80, 0.70, 0.48, 1.0): "CableCarrierSegment CableCarrierFitting CableSegment LightFixture Lamp Outlet"
    " SwitchingDevice ElectricAppliance ElectricDistributionBoard JunctionBox ProtectiveDevice Transformer",
    (0.78, 0.42, 0.38, 1.0): "FireSuppressionTerminal Alarm",
    (0.46, 0.60, 0.74, 1.0): "DistributionControlElement Sensor Actuator Controller FlowInstrument",
    (0.68, 0.70, 0.72, 1.0): "DistributionElement FlowSegment FlowFitting FlowController DistributionFlowElement",
    (0.55, 0.50, 0.46, 1.0): "ReinforcingElement Fastener MechanicalFastener DiscreteAccessory ElementComponent",
    (0.70, 0.74, 0.62, 1.0): "Site GeographicElement EarthworksElement GeotechnicalElement",
    (0.58, 0.58, 0.57, 1.0): "Pavement Course Kerb Road Railway Rail TrackElement CivilElement Bridge",
    (0.62, 0.72, 0.84, 0.16): "Space SpatialZone SpatialElement ExternalSpatialElement SpatialStructureElement",
    (0.80, 0.80, 0.79, 1.0): "BuildingElementProxy Element Product",
}
_BY_CLASS = {f"Ifc{name}": rgba for rgba, names in _GROUPS.items() for name in names.split()}
DEFAULT: Rgba = (0.80, 0.80, 0.79, 1.0)
SPACE_ALPHA = 0.16
SPATIAL = {"IfcSpace", "IfcSpatialZone", "IfcExternalSpatialElement"}
MIN_ALPHA = 0.12
"""Glass that a file calls fully transparent stays visible by this much."""


def class_colour(ancestry: Sequence[str]) -> Rgba:
    """The colour of the nearest listed class."""
    return next((_BY_CLASS[name] for name in ancestry if name in _BY_CLASS), DEFAULT)


def shown(rgba: Rgba, ancestry: Sequence[str]) -> Rgba:
    """A file's colour as it is shown: spaces always translucent, nothing invisible, all within 0..1."""
    r, g, b, a = (min(max(value, 0.0), 1.0) if math.isfinite(value) else 0.8 for value in rgba)
    alpha = min(a, SPACE_ALPHA) if any(name in SPATIAL for name in ancestry) else a
    return round(r, 4), round(g, 4), round(b, 4), round(max(alpha, MIN_ALPHA), 4)
