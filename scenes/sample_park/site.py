"""The site plan: where the plot, roads, water and buildings lie.

Site coordinates are metres east and north of the park's centre, on the grid of EPSG:4547; buildings
stand at their south-west corner with a rotation. Everything else (terrain pads, trees, pipes,
paths) is derived from here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import pyproj
import shapely
import shapely.affinity
from shapely.geometry import Polygon

from scenes.sample_park.model.units import CRS, Anchor

CENTRE = (538_400.0, 3_373_400.0)
"""The park's centre in EPSG:4547: east, north."""
FLOOR_ABOVE_GROUND = 0.08
"""±0.000 stands this far above the pad, metres."""


@dataclass(frozen=True)
class Lot:
    """A building's ground: local width (x) and depth (y) metres, corner and rotation in site coordinates."""

    key: str
    x: float
    y: float
    width: float
    depth: float
    rotation_deg: float = 0.0
    entrance: tuple[float, float] = (0.5, 0.0)  # fraction of width and depth: where the front door is

    @property
    def rotation(self) -> float:
        """Radians, counter-clockwise from grid east."""
        return math.radians(self.rotation_deg)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Building coordinates → site coordinates."""
        c, s = math.cos(self.rotation), math.sin(self.rotation)
        return self.x + c * x - s * y, self.y + s * x + c * y

    @cached_property
    def footprint(self) -> Polygon:
        """The lot's rectangle in site coordinates."""
        corners = ((0.0, 0.0), (self.width, 0.0), (self.width, self.depth), (0.0, self.depth))
        return Polygon([self.place(*corner) for corner in corners])

    @property
    def door(self) -> tuple[float, float]:
        """The front door in site coordinates."""
        return self.place(self.width * self.entrance[0], self.depth * self.entrance[1])


LOTS: dict[str, Lot] = {
    lot.key: lot
    for lot in (
        Lot("a1", -37.8, 42.0, 75.6, 50.4, entrance=(0.5, 0.0)),
        Lot("a2", -150.0, 22.0, 64.8, 64.8, entrance=(1.0, 0.5)),
        Lot("l1", 84.0, 28.0, 72.0, 56.0, entrance=(0.0, 0.5)),
        Lot("c1", -148.0, -42.0, 52.0, 36.0, entrance=(1.0, 0.5)),
        Lot("x1", -134.0, -112.0, 64.0, 40.0, rotation_deg=16.0, entrance=(0.75, 1.0)),
        Lot("d1", 56.0, 140.0, 86.4, 18.6, entrance=(0.5, 0.0)),
        Lot("p1", -150.0, 130.0, 72.0, 38.0, entrance=(0.9, 0.0)),
        Lot("e1", -30.0, 138.0, 40.0, 26.0, entrance=(0.5, 0.0)),
        Lot("g1", 12.0, -176.0, 14.0, 9.0, entrance=(0.0, 0.5)),
    )
}
PLOT = Polygon([(-230, -190), (230, -190), (230, 140), (186, 190), (-230, 190)])
SCHEME_PLOT = Polygon([(62, -116), (154, -116), (154, -36), (62, -36)])
"""The empty plot that the planning schemes compete for."""
RING = (-165.0, -130.0, 165.0, 110.0)
"""The ring road's centre line: min x, min y, max x, max y, with rounded corners."""
RING_RADIUS = 26.0
LAKE_LEVEL_DROP = 0.9


def ring(offset: float = 0.0) -> Polygon:
    """The ring road's centre line as a polygon, moved outwards by `offset` metres."""
    x0, y0, x1, y1 = RING
    radius = RING_RADIUS
    core = shapely.box(x0 + radius, y0 + radius, x1 - radius, y1 - radius)
    return Polygon(core.buffer(radius + offset, quad_segs=10))


def lake() -> Polygon:
    """The lake on the central axis: a kidney of three overlapping ellipses, smoothed."""
    parts = [((-14, -66), 30, 19), ((18, -70), 30, 21), ((34, -54), 15, 14)]
    shapes = [
        shapely.affinity.scale(shapely.Point(x, y).buffer(1, quad_segs=16), rx, ry, origin=(x, y))
        for (x, y), rx, ry in parts
    ]
    return Polygon(shapely.get_exterior_ring(shapely.union_all(shapes).buffer(6).buffer(-6).simplify(0.25)))


def lawn() -> Polygon:
    """The oval lawn in front of the tower."""
    return Polygon(shapely.affinity.scale(shapely.Point(0, -2).buffer(1, quad_segs=16), 46, 27, origin=(0, -2)))


def to_map(x: float, y: float) -> tuple[float, float]:
    """Site coordinates → EPSG:4547."""
    return CENTRE[0] + x, CENTRE[1] + y


_TO_LONLAT = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


def to_lonlat(x: float, y: float) -> tuple[float, float]:
    """Site coordinates → longitude and latitude in degrees."""
    lon, lat = _TO_LONLAT.transform(*to_map(x, y))
    return round(lon, 9), round(lat, 9)


def anchor(lot: Lot, ground: float) -> Anchor:
    """Where a building's file is anchored: its south-west corner, its ±0.000."""
    east, north = to_map(lot.x, lot.y)
    return Anchor(east, north, round(ground + FLOOR_ABOVE_GROUND, 3), lot.rotation)
