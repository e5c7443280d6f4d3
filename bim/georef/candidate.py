"""One way in which a model says where it stands."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from twin.geometry.frame import crs as known_crs

F64 = npt.NDArray[np.float64]
GEOGRAPHIC = "EPSG:4326"


class GeorefKind(StrEnum):
    """Where a candidate came from, strongest first."""

    PLACED = "placed"  # the user says where it stands
    MAP_CONVERSION = "map-conversion"  # IfcMapConversion(Scaled) with its target system
    PROPERTY_SET = "ePSet_MapConversion"  # the same by property sets, as IFC2X3 files do
    RIGID_OPERATION = "rigid-operation"  # IfcRigidOperation (IFC4X3)
    OVERRIDE = "crs-override"  # the user says that model coordinates are coordinates of a system
    COORDINATES = "coordinates"  # placements or vertices carry coordinates of a map
    SITE = "site"  # IfcSite.RefLatitude/RefLongitude with the context's true north
    LOCAL = "local"  # nothing: the model's origin is put on the park's


CONVERSIONS = frozenset({GeorefKind.MAP_CONVERSION, GeorefKind.PROPERTY_SET, GeorefKind.RIGID_OPERATION})
EXPLICIT = CONVERSIONS | {GeorefKind.OVERRIDE, GeorefKind.PLACED}
USE = {
    "map-conversion": GeorefKind.MAP_CONVERSION,
    "property-set": GeorefKind.PROPERTY_SET,
    "rigid": GeorefKind.RIGID_OPERATION,
    "coordinates": GeorefKind.COORDINATES,
    "site": GeorefKind.SITE,
    "local": GeorefKind.LOCAL,
}
"""What a user's `--use` means."""


@dataclass(frozen=True)
class Candidate:
    """A similarity from the model's frame (metres) to a coordinate system.

    crs: a name pyproj knows, '' where none could be made out; base: x, y in the system's own units
    (degrees where geographic) and height in metres of the point `local`; rotation: radians,
    counter-clockwise from the system's east to the model's x axis; scale: metres in the system per
    metre of the model; unit: metres in one of the system's units; usable: whether it can be taken at
    all, else `why` tells; repair: which slip of the file was mended to get here, '' where it is as written.
    """

    kind: GeorefKind
    crs: str
    base: tuple[float, float, float]
    rotation: float = 0.0
    scale: float = 1.0
    unit: float = 1.0
    local: tuple[float, float, float] = (0.0, 0.0, 0.0)
    usable: bool = True
    why: str = ""
    source: str = ""  # the entity, as #123=IfcMapConversion
    declared: dict[str, object] = field(default_factory=dict)  # what the file says, for the report
    repair: str = ""

    @property
    def geographic(self) -> bool:
        """Whether the base is longitude and latitude."""
        return bool(self.crs) and bool(known_crs(self.crs).is_geographic)

    def at(self, point: F64) -> tuple[float, float, float]:
        """x, y, height in the system of a point (3,) of the model's frame, metres."""
        dx, dy, dz = (np.asarray(point, np.float64) - np.array(self.local)) * self.scale
        if self.geographic:
            return self.base[0], self.base[1], self.base[2] + dz
        c, s = math.cos(self.rotation), math.sin(self.rotation)
        x, y, h = self.base
        return x + (c * dx - s * dy) / self.unit, y + (s * dx + c * dy) / self.unit, h + dz

    def as_dict(self) -> dict[str, object]:
        """Plain data for the report."""
        return {
            "kind": self.kind.value,
            "source": self.source,
            "crs": self.crs,
            "x": self.base[0],
            "y": self.base[1],
            "height": self.base[2],
            "rotation_deg": math.degrees(self.rotation),
            "scale": self.scale,
            "usable": self.usable,
            "why": self.why,
            "repair": self.repair,
            **self.declared,
        }
