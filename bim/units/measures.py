"""Which unit a measure type is given in."""

from __future__ import annotations

MONEY = "MONETARYUNIT"
"""The key of the project's currency; no IfcUnitEnum, as money has no SI."""
NAMED = {  # measure (without Ifc … Measure) → unit type, where the name alone does not say it
    "Length": "LENGTHUNIT", "PositiveLength": "LENGTHUNIT", "NonNegativeLength": "LENGTHUNIT",
    "Area": "AREAUNIT", "Volume": "VOLUMEUNIT", "PlaneAngle": "PLANEANGLEUNIT", "PositivePlaneAngle": "PLANEANGLEUNIT",
    "SolidAngle": "SOLIDANGLEUNIT", "Mass": "MASSUNIT", "Time": "TIMEUNIT",
    "ThermodynamicTemperature": "THERMODYNAMICTEMPERATUREUNIT", "ElectricCurrent": "ELECTRICCURRENTUNIT",
    "AmountOfSubstance": "AMOUNTOFSUBSTANCEUNIT", "LuminousIntensity": "LUMINOUSINTENSITYUNIT",
    "AbsorbedDose": "ABSORBEDDOSEUNIT", "DoseEquivalent": "DOSEEQUIVALENTUNIT",
    "ElectricCapacitance": "ELECTRICCAPACITANCEUNIT", "ElectricCharge": "ELECTRICCHARGEUNIT",
    "ElectricConductance": "ELECTRICCONDUCTANCEUNIT", "ElectricResistance": "ELECTRICRESISTANCEUNIT",
    "ElectricVoltage": "ELECTRICVOLTAGEUNIT", "Energy": "ENERGYUNIT", "Force": "FORCEUNIT",
    "Frequency": "FREQUENCYUNIT", "Illuminance": "ILLUMINANCEUNIT", "Inductance": "INDUCTANCEUNIT",
    "LuminousFlux": "LUMINOUSFLUXUNIT", "MagneticFlux": "MAGNETICFLUXUNIT",
    "MagneticFluxDensity": "MAGNETICFLUXDENSITYUNIT", "Power": "POWERUNIT", "Pressure": "PRESSUREUNIT",
    "RadioActivity": "RADIOACTIVITYUNIT", "WarpingConstant": "WARPINGCONSTANTUNIT",
    "Monetary": MONEY,
}  # fmt: skip
COHERENT = {  # the SI unit where a project declares none
    "LENGTHUNIT": "m", "AREAUNIT": "m2", "VOLUMEUNIT": "m3", "PLANEANGLEUNIT": "rad", "SOLIDANGLEUNIT": "sr",
    "MASSUNIT": "kg", "TIMEUNIT": "s", "THERMODYNAMICTEMPERATUREUNIT": "K", "ELECTRICCURRENTUNIT": "A",
    "AMOUNTOFSUBSTANCEUNIT": "mol", "LUMINOUSINTENSITYUNIT": "cd", "ABSORBEDDOSEUNIT": "Gy",
    "DOSEEQUIVALENTUNIT": "Sv", "ELECTRICCAPACITANCEUNIT": "F", "ELECTRICCHARGEUNIT": "C",
    "ELECTRICCONDUCTANCEUNIT": "S", "ELECTRICRESISTANCEUNIT": "Ω", "ELECTRICVOLTAGEUNIT": "V", "ENERGYUNIT": "J",
    "FORCEUNIT": "N", "FREQUENCYUNIT": "Hz", "ILLUMINANCEUNIT": "lx", "INDUCTANCEUNIT": "H", "LUMINOUSFLUXUNIT": "lm",
    "MAGNETICFLUXUNIT": "Wb", "MAGNETICFLUXDENSITYUNIT": "T", "POWERUNIT": "W", "PRESSUREUNIT": "Pa",
    "RADIOACTIVITYUNIT": "Bq",
}  # fmt: skip
QUANTITY_UNIT = {
    "IfcQuantityLength": "LENGTHUNIT", "IfcQuantityArea": "AREAUNIT", "IfcQuantityVolume": "VOLUMEUNIT",
    "IfcQuantityWeight": "MASSUNIT", "IfcQuantityTime": "TIMEUNIT", "IfcQuantityCount": "", "IfcQuantityNumber": "",
}  # fmt: skip
PERCENT = {"IfcPositiveRatioMeasure", "IfcNormalisedRatioMeasure", "IfcRatioMeasure"}


def unit_type(measure: str) -> str:
    """The unit type of a defined type: IfcPositiveLengthMeasure → LENGTHUNIT; empty where it has none."""
    if not measure.endswith("Measure"):
        return ""
    core = measure[3 : -len("Measure")]
    return NAMED.get(core) or (f"{core.upper()}UNIT" if core not in _UNITLESS else "")


_UNITLESS = {
    "Count", "Ratio", "PositiveRatio", "NormalisedRatio", "Descriptive", "Numeric", "ContextDependent", "Parameter",
    "ComplexNumber", "CompoundPlaneAngle",
}  # fmt: skip
