"""The discipline of an object, by its class, its predefined type and its system."""

from __future__ import annotations

from collections.abc import Sequence

ARCHITECTURE, STRUCTURE, HVAC, ELECTRICAL = "architecture", "structure", "hvac", "electrical"
PLUMBING, FIRE, SITE, SPACE, OTHER = "plumbing", "fire", "site", "space", "other"

_CLASSES = {
    SPACE: "Space SpatialZone ExternalSpatialElement ExternalSpatialStructureElement ZoneSpace",
    SITE: "Site GeographicElement CivilElement Road RoadPart Railway RailwayPart Facility FacilityPart FacilityPartCommon"
    " MarineFacility MarinePart Bridge BridgePart EarthworksElement EarthworksCut EarthworksFill ReinforcedSoil Pavement"
    " Course Kerb Rail TrackElement Alignment LinearElement LinearPositioningElement PositioningElement Referent"
    " GeotechnicalElement GeotechnicalStratum GeotechnicalAssembly NavigationElement MooringDevice ImpactProtectionDevice"
    " Sign Signal Vehicle",
    STRUCTURE: "Beam Column Slab Footing Pile Member Plate ReinforcingElement ReinforcingBar ReinforcingMesh Tendon"
    " TendonAnchor TendonConduit StructuralItem StructuralActivity StructuralMember StructuralConnection"
    " DeepFoundation CaissonFoundation Bearing MechanicalFastener Fastener DiscreteAccessory ElementComponent"
    " VibrationIsolator VibrationDamper ElementAssembly",
    ARCHITECTURE: "Building BuildingStorey BuildingElement BuiltElement Wall Window Door Roof Stair StairFlight Ramp"
    " RampFlight CurtainWall Railing Covering Chimney ShadingDevice FurnishingElement Furniture"
    " SystemFurnitureElement TransportElement TransportationDevice BuildingElementPart VirtualElement"
    " FeatureElement SurfaceFeature ConveyorSegment",
    HVAC: "AirTerminal AirTerminalBox AirToAirHeatRecovery Boiler Burner Chiller Coil Compressor Condenser CooledBeam"
    " CoolingTower Damper DuctFitting DuctSegment DuctSilencer EvaporativeCooler Evaporator Fan HeatExchanger"
    " Humidifier SpaceHeater TubeBundle UnitaryEquipment VibrationIsolatorHvac UnitaryControlElement EnergyConversionDevice"
    " FlowTreatmentDevice GasTerminal",
    PLUMBING: "Interceptor PipeFitting PipeSegment Pump SanitaryTerminal StackTerminal Tank Valve WasteTerminal"
    " LiquidTerminal DistributionChamberElement FlowMeter Filter FlowStorageDevice FlowMovingDevice",
    ELECTRICAL: "AudioVisualAppliance CableCarrierFitting CableCarrierSegment CableFitting CableSegment"
    " CommunicationsAppliance ElectricAppliance ElectricDistributionBoard ElectricFlowStorageDevice ElectricGenerator"
    " ElectricMotor ElectricTimeControl JunctionBox Lamp LightFixture MotorConnection Outlet ProtectiveDevice"
    " ProtectiveDeviceTrippingUnit SolarDevice SwitchingDevice Transformer Actuator Alarm Controller FlowInstrument"
    " Sensor DistributionControlElement MobileTelecommunicationsAppliance ElectricFlowTreatmentDevice"
    " DistributionBoard ElectricDistributionPoint ElectricHeater",
    FIRE: "FireSuppressionTerminal",
}
_BY_CLASS = {f"Ifc{name}": key for key, names in _CLASSES.items() for name in names.split()}
_BY_PREDEFINED = {
    "SMOKESENSOR": FIRE, "FIRESENSOR": FIRE, "HEATSENSOR": FIRE, "FLAMESENSOR": FIRE, "BREAKGLASSBUTTON": FIRE,
    "MANUALPULLBOX": FIRE, "FIREDAMPER": FIRE, "SMOKEDAMPER": FIRE, "FIRESMOKEDAMPER": FIRE, "SPRINKLER": FIRE,
    "FIREHYDRANT": FIRE, "HOSEREEL": FIRE, "BREECHINGINLET": FIRE, "SPRINKLERDEACTIVATOR": FIRE, "SPRINKLERHEAD": FIRE,
}  # fmt: skip
_BY_SYSTEM = {
    "FIREPROTECTION": FIRE, "AIRCONDITIONING": HVAC, "CHILLEDWATER": HVAC, "CONDENSERWATER": HVAC, "EXHAUST": HVAC,
    "HEATING": HVAC, "VENTILATION": HVAC, "REFRIGERATION": HVAC, "COMPRESSEDAIR": HVAC, "VACUUM": HVAC,
    "DOMESTICCOLDWATER": PLUMBING, "DOMESTICHOTWATER": PLUMBING, "DRAINAGE": PLUMBING, "RAINWATER": PLUMBING,
    "SEWAGE": PLUMBING, "STORMWATER": PLUMBING, "WASTEWATER": PLUMBING, "WATERSUPPLY": PLUMBING, "GAS": PLUMBING,
    "AUDIOVISUAL": ELECTRICAL, "COMMUNICATION": ELECTRICAL, "DATA": ELECTRICAL, "ELECTRICAL": ELECTRICAL,
    "LIGHTING": ELECTRICAL, "LIGHTNINGPROTECTION": ELECTRICAL, "POWERGENERATION": ELECTRICAL, "SECURITY": ELECTRICAL,
    "SIGNAL": ELECTRICAL, "TELEPHONE": ELECTRICAL, "TV": ELECTRICAL, "EARTHING": ELECTRICAL, "CONTROL": ELECTRICAL,
}  # fmt: skip
"""IfcDistributionSystemEnum → discipline."""
_TECHNICAL = {HVAC, ELECTRICAL, PLUMBING, FIRE, OTHER}


def discipline(
    ancestry: Sequence[str], predefined: str | None = None, system: str | None = None, type_ancestry: Sequence[str] = ()
) -> str:
    """One of the nine disciplines.

    ancestry: the class and its supertypes, nearest first; system: the PredefinedType of the
    distribution system the object is in; type_ancestry: the same of its type object, which is all
    that tells a fan from a pump in IFC2X3.
    """
    by_type = next(
        (_BY_CLASS[n] for n in (name.removesuffix("Type") for name in type_ancestry) if n in _BY_CLASS), None
    )
    by_class = next((_BY_CLASS[name] for name in ancestry if name in _BY_CLASS), OTHER)
    found = by_type if by_type and by_class == OTHER else by_class
    if predefined in _BY_PREDEFINED:
        return _BY_PREDEFINED[predefined]
    if system in _BY_SYSTEM and found in _TECHNICAL:
        return _BY_SYSTEM[system]
    return found
