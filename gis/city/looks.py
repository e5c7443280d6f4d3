"""Colours of city objects by class, and of their surfaces by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gis import looks
from gis.city.polygons import I64, Mask
from gis.looks import Look, look
from twin.geometry.spool import MeshSpool

GLASS = look("window", "8FA9BC", 0.55)
DOOR = look("door", "8A7A68")
GROUND = look("ground surface", "8F8B83")
CLOSURE = look("closure surface", "D9D6CF", 0.25)
BRIDGE = look("bridge", "B9B6AF")
SOIL = look("terrain", "9AA081")
METAL = look("city furniture", "8F969C")
OTHER = look("city object", "C8C6C1")

SURFACES: dict[str, Look] = {
    "WallSurface": looks.WALL,
    "RoofSurface": looks.ROOF,
    "GroundSurface": GROUND,
    "OuterCeilingSurface": looks.WALL,
    "OuterFloorSurface": looks.ROOF,
    "CeilingSurface": looks.WALL,
    "FloorSurface": looks.ROOF,
    "InteriorWallSurface": looks.WALL,
    "ClosureSurface": CLOSURE,
    "Window": GLASS,
    "WindowSurface": GLASS,
    "Door": DOOR,
    "DoorSurface": DOOR,
    "WaterSurface": looks.WATER,
    "WaterGroundSurface": SOIL,
    "WaterClosureSurface": CLOSURE,
    "TrafficArea": looks.ASPHALT,
    "TrafficSpace": looks.ASPHALT,
    "AuxiliaryTrafficArea": looks.PAVING,
    "AuxiliaryTrafficSpace": looks.PAVING,
    "TransportationMarking": looks.PAVING,
    "TransportationHole": looks.IRON,
    "HoleSurface": CLOSURE,
}
"""Semantic surfaces of CityGML 1 to 3 and CityJSON; in this order their numbers. They colour their object, and are none."""
NUMBER = {name: number for number, name in enumerate(SURFACES)}


@dataclass(frozen=True)
class Paint:
    """How an object without semantics looks. roof: for faces that look up; sides else."""

    sides: Look
    roof: Look | None = None


_BUILT = Paint(looks.WALL, looks.ROOF)
_BRIDGE = Paint(BRIDGE)
_PAINT: dict[str, Paint] = {
    **dict.fromkeys(
        ("Building", "BuildingPart", "BuildingInstallation", "BuildingConstructiveElement", "BuildingStorey", "BuildingRoom",
         "BuildingUnit", "Room", "IntBuildingInstallation", "OtherConstruction", "BuildingSubdivision", "Storey"),
        _BUILT,
    ),
    **dict.fromkeys(
        ("Bridge", "BridgePart", "BridgeInstallation", "BridgeConstructiveElement", "BridgeConstructionElement", "Tunnel",
         "TunnelPart", "TunnelInstallation", "TunnelConstructiveElement"),
        _BRIDGE,
    ),
    **dict.fromkeys(("Road", "Track", "TransportationComplex", "Section", "Intersection"), Paint(looks.ASPHALT)),
    "Railway": Paint(looks.RAIL),
    "Waterway": Paint(looks.WATER),
    "TransportSquare": Paint(looks.PAVING),
    "Square": Paint(looks.PAVING),
    "WaterBody": Paint(looks.WATER),
    "PlantCover": Paint(looks.GREEN),
    "SolitaryVegetationObject": Paint(looks.FOLIAGE),
    "LandUse": Paint(looks.LAND),
    "CityFurniture": Paint(METAL),
    **dict.fromkeys(("TINRelief", "ReliefFeature", "MassPointRelief", "BreaklineRelief", "RasterRelief"), Paint(SOIL)),
}  # fmt: skip
_OTHER = Paint(OTHER)
ON_THE_GROUND = frozenset(
    {"Road", "Railway", "Waterway", "TransportSquare", "Square", "Track", "TransportationComplex", "LandUse", "PlantCover",
     "WaterBody", "TINRelief", "ReliefFeature", "Section", "Intersection"}
)  # fmt: skip
"""Classes whose open surfaces are looked at from above, whichever way they are turned."""
UP = 0.3
"""A face whose normal rises more than this is a roof where nothing else is said: slopes up to some 72 degrees."""


class Painter:
    """Materials in one spool for objects of given classes. lying (n,): see ON_THE_GROUND, by object row."""

    def __init__(self, spool: MeshSpool, kinds: Sequence[str]) -> None:
        """kinds: class by object row."""
        names = list(dict.fromkeys(kinds))
        code = {name: number for number, name in enumerate(names)}
        number = np.fromiter(map(code.__getitem__, kinds), np.int64, len(kinds))
        pairs = [_PAINT.get(name, _OTHER) for name in names]

        def index(item: Look) -> int:
            return spool.material(item.rgba, item.name)

        table = [(index(pair.sides), index(pair.roof or pair.sides)) for pair in pairs]
        self._plain = np.array(table, np.int64).reshape(-1, 2)[number]
        self._surfaces = np.array([index(item) for item in SURFACES.values()], np.int64)
        self.lying: Mask = np.array([name in ON_THE_GROUND for name in names], np.bool_)[number]

    def polygons(self, owner: I64, paint: I64, surface: I64, up: Mask) -> I64:
        """(p,) materials: the file's own colour, else by surface, else by the class of the owner and the slope.

        owner (p,) row; paint, surface (p,) as in `Bodies`; up (p,): the polygon faces upward.
        """
        plain = self._plain[owner, up.astype(np.int64)]
        return np.where(paint >= 0, paint, np.where(surface >= 0, self._surfaces[surface], plain))
