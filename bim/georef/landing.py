"""Where a candidate puts the model: its placement in the park frame and on the globe."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pyproj
from pyproj.exceptions import ProjError

from bim.georef.candidate import F64, GEOGRAPHIC, Candidate, GeorefKind
from bim.georef.extent import HUGE_M, Extent
from twin.errors import Invalid
from twin.geometry.frame import MAX_DISTANCE_M, Frame, placement
from twin.geometry.frame import crs as known_crs

_GEOD = pyproj.Geod(ellps="WGS84")
_AREA_MARGIN_DEG = 1.0
"""A system's area of use is drawn around whole countries; a model this far outside still counts as in it."""


@dataclass(frozen=True)
class Landing:
    """A candidate's outcome. matrix (4, 4): model frame, metres → park frame; middle (3,): the model's middle there.

    lonlat: longitude, latitude, height of the middle; ring: the plan rectangle, closed; distance: metres on
    the ellipsoid from the park's origin to the middle; place: the same placement as a user would state it;
    offset: how far the model was moved to come near its origin.
    """

    matrix: F64
    middle: F64
    lonlat: tuple[float, float, float]
    ring: list[list[float]]
    distance: float
    place: dict[str, float]
    offset: F64 = field(default_factory=lambda: np.zeros(3))
    grid_scale: float | None = None
    convergence_deg: float | None = None

    @property
    def rotation(self) -> float:
        """Radians from the park's east to the model's x axis."""
        return math.atan2(self.matrix[1, 0], self.matrix[0, 0])

    def as_dict(self) -> dict[str, object]:
        """Plain data for the report."""
        return {
            "longitude": self.lonlat[0],
            "latitude": self.lonlat[1],
            "height": self.lonlat[2],
            "distance_m": self.distance,
            "rotation_deg": math.degrees(self.rotation),
            "grid_scale": self.grid_scale,
            "convergence_deg": self.convergence_deg,
            "place": self.place,
            "ring": self.ring,
        }


def land(item: Candidate, extent: Extent, frame: Frame) -> Landing:
    """Place the model by a candidate. Raises Invalid where its coordinates do not fit its system."""
    if item.kind is GeorefKind.LOCAL:
        return _landing(placement(-extent.shift), extent, frame, offset=extent.shift)
    pivot, offset = _pivot(item, extent)
    anchor = item.at(pivot)
    back = np.eye(4)
    back[:3, 3] = -pivot
    matrix = frame.rigid_from_crs(anchor, item.crs, item.rotation) @ back
    if not np.isfinite(matrix).all():
        raise Invalid(f"Coordinates {anchor[0]:.3f}, {anchor[1]:.3f} do not fit {item.crs}", code="crs")
    scale, convergence = (None, None) if item.geographic else grid_factors(item.crs, anchor[0], anchor[1])
    return _landing(matrix, extent, frame, offset=offset, grid_scale=scale, convergence_deg=convergence)


def origin_of(item: Candidate, extent: Extent) -> Frame:
    """The origin that a park without one takes from a candidate. Raises Invalid."""
    x, y, h = item.at(_pivot(item, extent)[0])
    there = Frame(0.0, 0.0).to_lonlat(Frame(0.0, 0.0).from_crs([[x, y, h]], item.crs))[0]
    if not np.isfinite(there).all():
        raise Invalid(f"Coordinates {x:.3f}, {y:.3f} do not fit {item.crs}", code="crs")
    crs = "" if item.geographic else item.crs
    return Frame(round(float(there[0]), 9), round(float(there[1]), 9), round(float(h), 3), crs)


def ground_distance(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Metres along the ellipsoid between two longitudes and latitudes; heights do not count."""
    return float(_GEOD.inv(a[0], a[1], b[0], b[1])[2])


def plausible(item: Candidate, landing: Landing, park: Frame | None) -> bool:
    """Whether a place can be meant: near the park, or in the area its system is made for where there is no park."""
    if park is not None:
        return park.distance(landing.middle[None, :]) <= MAX_DISTANCE_M
    area = None if item.kind is GeorefKind.LOCAL else known_crs(item.crs).area_of_use
    if area is None:
        return True
    east, north, _height = landing.lonlat
    west_east = (area.east - area.west) % 360 or 360.0
    inside = (east - area.west + _AREA_MARGIN_DEG) % 360 <= west_east + 2 * _AREA_MARGIN_DEG or west_east >= 358
    return inside and area.south - _AREA_MARGIN_DEG <= north <= area.north + _AREA_MARGIN_DEG


@lru_cache(maxsize=256)
def grid_factors(crs: str, x: float, y: float) -> tuple[float | None, float | None]:
    """A grid's scale factor and convergence, degrees from true north to grid north (clockwise positive), at a point of it."""
    try:
        system = known_crs(crs).to_2d()
        to_degrees = pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
        longitude, latitude = to_degrees.transform(x, y, errcheck=True)
        factors = pyproj.Proj(system).get_factors(longitude, latitude, errcheck=True)
    except ProjError:
        return None, None
    return float(factors.meridional_scale), float(factors.meridian_convergence)


def _pivot(item: Candidate, extent: Extent) -> tuple[F64, F64]:
    """The model's point that is put down exactly, and how far that is from the point the candidate speaks of.

    Of a projected system the model's middle, so that the grid's scale factor is felt least; of longitude and
    latitude the point they were given for, or the middle where that point is far off.
    """
    local = np.array(item.local)
    if not item.geographic:
        return np.array([extent.middle[0], extent.middle[1], local[2]]), np.zeros(3)
    if item.kind is GeorefKind.PLACED or extent.outside(local) <= HUGE_M:
        return local, np.zeros(3)
    x, y, _z = np.round(extent.middle)
    foot = float(extent.low[2])
    z = local[2] if abs(foot - local[2]) < HUGE_M else np.floor(foot)
    offset = np.array([x, y, z])
    return offset, offset


def _landing(
    matrix: F64,
    extent: Extent,
    frame: Frame,
    *,
    offset: F64,
    grid_scale: float | None = None,
    convergence_deg: float | None = None,
) -> Landing:
    x, y = extent.anchor
    points = np.vstack((extent.middle, [x, y, 0.0], extent.corners())) @ matrix[:3, :3].T + matrix[:3, 3]
    lonlat = frame.to_lonlat(points)
    (lon, lat, height), anchor = (tuple(float(value) for value in row) for row in lonlat[:2])
    middle = (lon, lat, height)
    ring = [[float(longitude), float(latitude)] for longitude, latitude, _height in lonlat[2:]]
    turn = frame.rigid_from_crs(
        (anchor[0], anchor[1], anchor[2]), GEOGRAPHIC
    )  # true east at the anchor, seen from the park's frame
    rotation = math.atan2(matrix[1, 0], matrix[0, 0]) - math.atan2(turn[1, 0], turn[0, 0])
    place = {
        "longitude": anchor[0],
        "latitude": anchor[1],
        "height": anchor[2],
        "rotation_deg": math.degrees(math.remainder(rotation, math.tau)),
    }
    away = ground_distance((frame.longitude, frame.latitude), middle)
    return Landing(
        matrix,
        points[0],
        middle,
        [*ring, ring[0]],
        away,
        place,
        offset,
        grid_scale,
        convergence_deg,
    )
