"""SI symbols and factors of IFC's named units.

Sources: ISO 80000-1 and the BIPM SI brochure (9th ed.) for the SI; NIST SP 811, appendix B for the
conversion-based units that IFC files name without giving a usable factor.
"""

from __future__ import annotations

import math

PREFIX = {
    "EXA": 1e18, "PETA": 1e15, "TERA": 1e12, "GIGA": 1e9, "MEGA": 1e6, "KILO": 1e3, "HECTO": 1e2, "DECA": 1e1,
    "DECI": 1e-1, "CENTI": 1e-2, "MILLI": 1e-3, "MICRO": 1e-6, "NANO": 1e-9, "PICO": 1e-12, "FEMTO": 1e-15,
    "ATTO": 1e-18,
}  # fmt: skip
SI_NAME = {  # IfcSIUnitName → (symbol, factor to the coherent unit, power of the prefix)
    "METRE": ("m", 1.0, 1), "SQUARE_METRE": ("m2", 1.0, 2), "CUBIC_METRE": ("m3", 1.0, 3), "GRAM": ("kg", 1e-3, 1),
    "SECOND": ("s", 1.0, 1), "AMPERE": ("A", 1.0, 1), "KELVIN": ("K", 1.0, 1), "DEGREE_CELSIUS": ("K", 1.0, 1),
    "MOLE": ("mol", 1.0, 1), "CANDELA": ("cd", 1.0, 1), "RADIAN": ("rad", 1.0, 1), "STERADIAN": ("sr", 1.0, 1),
    "HERTZ": ("Hz", 1.0, 1), "NEWTON": ("N", 1.0, 1), "PASCAL": ("Pa", 1.0, 1), "JOULE": ("J", 1.0, 1),
    "WATT": ("W", 1.0, 1), "COULOMB": ("C", 1.0, 1), "VOLT": ("V", 1.0, 1), "FARAD": ("F", 1.0, 1),
    "OHM": ("Ω", 1.0, 1), "SIEMENS": ("S", 1.0, 1), "WEBER": ("Wb", 1.0, 1), "TESLA": ("T", 1.0, 1),
    "HENRY": ("H", 1.0, 1), "LUMEN": ("lm", 1.0, 1), "LUX": ("lx", 1.0, 1), "BECQUEREL": ("Bq", 1.0, 1),
    "GRAY": ("Gy", 1.0, 1), "SIEVERT": ("Sv", 1.0, 1),
}  # fmt: skip
CELSIUS_OFFSET = 273.15
CONVERSION = {  # conversion-based unit names → (SI symbol, factor)
    "inch": ("m", 0.0254), "foot": ("m", 0.3048), "yard": ("m", 0.9144), "mile": ("m", 1609.344),
    "square inch": ("m2", 0.0254**2), "square foot": ("m2", 0.3048**2), "square yard": ("m2", 0.9144**2),
    "acre": ("m2", 4046.8564224), "square mile": ("m2", 1609.344**2), "cubic inch": ("m3", 0.0254**3),
    "cubic foot": ("m3", 0.3048**3), "cubic yard": ("m3", 0.9144**3), "litre": ("m3", 1e-3),
    "fluid ounce uk": ("m3", 2.84130625e-5), "fluid ounce us": ("m3", 2.95735295625e-5),
    "pint uk": ("m3", 5.6826125e-4), "pint us": ("m3", 4.73176473e-4), "gallon uk": ("m3", 4.54609e-3),
    "gallon us": ("m3", 3.785411784e-3), "degree": ("rad", math.pi / 180), "ounce": ("kg", 0.028349523125),
    "pound": ("kg", 0.45359237), "ton uk": ("kg", 1016.0469088), "ton us": ("kg", 907.18474),
    "lbf": ("N", 4.4482216152605), "kip": ("N", 4448.2216152605), "psi": ("Pa", 6894.757293168),
    "ksi": ("Pa", 6894757.293168), "minute": ("s", 60.0), "hour": ("s", 3600.0), "day": ("s", 86400.0),
    "btu": ("J", 1055.05585262), "fahrenheit": ("K", 5 / 9),
}  # fmt: skip
FAHRENHEIT_OFFSET = 459.67  # added before the factor: K = (°F + 459.67) · 5/9
DERIVED_SYMBOL = {
    "ACCELERATIONUNIT": "m/s2", "ANGULARVELOCITYUNIT": "rad/s", "AREADENSITYUNIT": "kg/m2",
    "DYNAMICVISCOSITYUNIT": "Pa·s", "HEATFLUXDENSITYUNIT": "W/m2", "HEATINGVALUEUNIT": "J/kg",
    "IONCONCENTRATIONUNIT": "kg/m3", "ISOTHERMALMOISTURECAPACITYUNIT": "m3/kg", "KINEMATICVISCOSITYUNIT": "m2/s",
    "LINEARFORCEUNIT": "N/m", "LINEARMOMENTUNIT": "N", "LINEARSTIFFNESSUNIT": "N/m", "LINEARVELOCITYUNIT": "m/s",
    "LUMINOUSINTENSITYDISTRIBUTIONUNIT": "cd/lm", "MASSDENSITYUNIT": "kg/m3", "MASSFLOWRATEUNIT": "kg/s",
    "MASSPERLENGTHUNIT": "kg/m", "MODULUSOFELASTICITYUNIT": "Pa", "MODULUSOFLINEARSUBGRADEREACTIONUNIT": "N/m2",
    "MODULUSOFROTATIONALSUBGRADEREACTIONUNIT": "N/rad", "MODULUSOFSUBGRADEREACTIONUNIT": "N/m3",
    "MOISTUREDIFFUSIVITYUNIT": "m3/s", "MOLECULARWEIGHTUNIT": "kg/mol", "MOMENTOFINERTIAUNIT": "m4",
    "PLANARFORCEUNIT": "N/m2", "ROTATIONALFREQUENCYUNIT": "1/s", "ROTATIONALMASSUNIT": "kg·m2",
    "ROTATIONALSTIFFNESSUNIT": "N·m/rad", "SECTIONAREAINTEGRALUNIT": "m5", "SECTIONMODULUSUNIT": "m3",
    "SHEARMODULUSUNIT": "Pa", "SOUNDPOWERLEVELUNIT": "dB", "SOUNDPOWERUNIT": "W", "SOUNDPRESSURELEVELUNIT": "dB",
    "SOUNDPRESSUREUNIT": "Pa", "SPECIFICHEATCAPACITYUNIT": "J/(kg·K)", "TEMPERATUREGRADIENTUNIT": "K/m",
    "TEMPERATURERATEOFCHANGEUNIT": "K/s", "THERMALADMITTANCEUNIT": "W/(m2·K)", "THERMALCONDUCTANCEUNIT": "W/(m·K)",
    "THERMALEXPANSIONCOEFFICIENTUNIT": "1/K", "THERMALRESISTANCEUNIT": "m2·K/W",
    "THERMALTRANSMITTANCEUNIT": "W/(m2·K)", "TORQUEUNIT": "N·m", "VAPORPERMEABILITYUNIT": "kg/(m·s·Pa)",
    "VOLUMETRICFLOWRATEUNIT": "m3/s", "WARPINGCONSTANTUNIT": "m6", "WARPINGMOMENTUNIT": "N·m2",
    "CURVATUREUNIT": "1/m", "COMPOUNDPLANEANGLEUNIT": "rad", "INTEGERCOUNTRATEUNIT": "1/s", "PHUNIT": "",
}  # fmt: skip
"""SI symbol by IfcDerivedUnitEnum; `USERDEFINED` gets one made of its elements."""
PREFIX_LABEL = {
    "EXA": "E", "PETA": "P", "TERA": "T", "GIGA": "G", "MEGA": "M", "KILO": "k", "HECTO": "h", "DECA": "da",
    "DECI": "d", "CENTI": "c", "MILLI": "m", "MICRO": "µ", "NANO": "n", "PICO": "p", "FEMTO": "f", "ATTO": "a",
}  # fmt: skip
LABEL = {  # as people write them, where that is not the SI symbol or the unit's own name
    "GRAM": "g", "DEGREE_CELSIUS": "°C", "SQUARE_METRE": "m²", "CUBIC_METRE": "m³", "inch": "in", "foot": "ft",
    "yard": "yd", "mile": "mi", "square inch": "in²", "square foot": "ft²", "square yard": "yd²",
    "square mile": "mi²", "cubic inch": "in³", "cubic foot": "ft³", "cubic yard": "yd³", "litre": "l", "degree": "°",
    "ounce": "oz", "pound": "lb", "minute": "min", "hour": "h", "day": "d", "btu": "Btu",
}  # fmt: skip
