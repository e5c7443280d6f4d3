"""Units, contexts, georeference and header of a written file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

Entity = Any
CRS = "EPSG:4547"
VERTICAL_DATUM = "1985国家高程基准"
TIME_STAMP = "2026-11-23T08:00:00"


@dataclass(frozen=True)
class Anchor:
    """Where a file's local origin stands: metres in EPSG:4547, height in the 1985 datum.

    rotation: radians, counter-clockwise, from grid east to the file's x axis.
    """

    east: float
    north: float
    height: float
    rotation: float = 0.0


def unit_assignment(file: Any, *, millimetres: bool) -> Entity:
    """SI units; lengths in metres or millimetres, areas and volumes always in metres."""
    si = [
        ("LENGTHUNIT", "MILLI" if millimetres else None, "METRE"),
        ("AREAUNIT", None, "SQUARE_METRE"),
        ("VOLUMEUNIT", None, "CUBIC_METRE"),
        ("PLANEANGLEUNIT", None, "RADIAN"),
        ("MASSUNIT", "KILO", "GRAM"),
        ("TIMEUNIT", None, "SECOND"),
        ("POWERUNIT", None, "WATT"),
        ("PRESSUREUNIT", None, "PASCAL"),
        ("THERMODYNAMICTEMPERATUREUNIT", None, "DEGREE_CELSIUS"),
        ("ELECTRICVOLTAGEUNIT", None, "VOLT"),
        ("ILLUMINANCEUNIT", None, "LUX"),
    ]
    return file.create_entity("IfcUnitAssignment", [file.create_entity("IfcSIUnit", None, *row) for row in si])


def contexts(file: Any) -> tuple[Entity, Entity]:
    """The model context and its Body subcontext."""
    origin = file.create_entity("IfcAxis2Placement3D", file.create_entity("IfcCartesianPoint", (0.0, 0.0, 0.0)))
    model = file.create_entity("IfcGeometricRepresentationContext", None, "Model", 3, 1e-5, origin, None)
    body = file.create_entity(
        "IfcGeometricRepresentationSubContext", "Body", "Model", None, None, None, None, model, None, "MODEL_VIEW", None
    )
    return model, body


def map_conversion(file: Any, context: Entity, anchor: Anchor, *, millimetres: bool) -> None:
    """Tie the context to EPSG:4547. Eastings, northings and height are in the map's unit (metres)."""
    metre = file.create_entity("IfcSIUnit", None, "LENGTHUNIT", None, "METRE")
    target = file.create_entity(
        "IfcProjectedCRS",
        CRS,
        "CGCS2000 / 3-degree Gauss-Kruger CM 114E",
        "CGCS2000",
        VERTICAL_DATUM,
        "Gauss-Kruger",
        "CM 114E",
        metre,
    )
    file.create_entity(
        "IfcMapConversion",
        context,
        target,
        anchor.east,
        anchor.north,
        anchor.height,
        math.cos(anchor.rotation),
        math.sin(anchor.rotation),
        0.001 if millimetres else 1.0,
    )


def degrees_minutes(value: float) -> tuple[int, int, int, int]:
    """Degrees as IfcCompoundPlaneAngleMeasure: degrees, minutes, seconds, millionths of a second."""
    millionths = round(value * 3600 * 1_000_000)
    rest, micro = divmod(millionths, 1_000_000)
    minutes, seconds = divmod(rest, 60)
    degrees, minute = divmod(minutes, 60)
    return degrees, minute, seconds, micro


def stamp_header(file: Any, name: str) -> None:
    """Fixed header: nothing in it may change from run to run."""
    header = file.header
    header.file_description.description = ("ViewDefinition [ReferenceView_V1.2]",)
    header.file_name.name = name
    header.file_name.time_stamp = TIME_STAMP
    header.file_name.author = ("Sample park generator",)
    header.file_name.organization = ("光谷示范科技园 (invented)",)
    header.file_name.authorization = "none"
    header.file_name.originating_system = "parktwin sample park"
    header.file_name.preprocessor_version = "IfcOpenShell"
