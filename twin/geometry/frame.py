"""The park frame: right-handed local east-north-up metres around the park's origin.

Positions are (n, 3) float64 metres in this frame everywhere in Python. The frame is the tangent
plane of the WGS 84 ellipsoid at the origin (CGCS2000 and WGS 84 are taken as equal: they differ by
centimetres to decimetres). Heights are in the park's height datum; `geoid_undulation` turns them
into ellipsoidal heights, only for the placement on the globe.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyproj
from pyproj.exceptions import CRSError, ProjError

from twin.errors import Invalid

Points = npt.NDArray[np.float64]
MAX_DISTANCE_M = 100_000.0
"""A layer that lands farther than this from the park's origin is taken for a wrong CRS."""

_STEP_DEG = 1e-5
"""Degrees of latitude, about a metre, over which the direction of true north is taken."""


@lru_cache(maxsize=64)
def crs(name: str) -> pyproj.CRS:
    """A coordinate reference system by `EPSG:code`, WKT or PROJ text. Raises Invalid."""
    try:
        return pyproj.CRS.from_user_input(int(name) if name.isdigit() else name)
    except (CRSError, ValueError) as error:
        raise Invalid(f"Unknown coordinate system {name!r}: expected something like EPSG:4547", code="crs") from error


@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs(source).to_2d(), crs(target).to_2d(), always_xy=True)


@lru_cache(maxsize=1)
def _from_geocentric() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)


def _ecef(lon_lat_h: Points) -> Points:
    """Geocentric coordinates of (n, 3) degrees, degrees, metres on WGS 84."""
    a, f = 6378137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    lon, lat = np.radians(lon_lat_h[:, 0]), np.radians(lon_lat_h[:, 1])
    h = lon_lat_h[:, 2]
    sine, cosine = np.sin(lat), np.cos(lat)
    n = a / np.sqrt(1 - e2 * sine**2)
    out = (n + h) * cosine
    return np.column_stack((out * np.cos(lon), out * np.sin(lon), (n * (1 - e2) + h) * sine))


@dataclass(frozen=True)
class Frame:
    """A park frame by its origin.

    longitude, latitude: degrees on WGS 84; height: metres in the park's height datum;
    crs: the park's projected system, the default for sources that name none.
    """

    longitude: float
    latitude: float
    height: float = 0.0
    crs: str = ""
    height_datum: str = ""
    geoid_undulation: float = 0.0

    def __post_init__(self) -> None:
        if not (-180 <= self.longitude <= 180 and -90 <= self.latitude <= 90):
            raise Invalid(
                f"Park origin {self.longitude}, {self.latitude} is not on the globe:"
                " expected longitude -180..180 and latitude -90..90 in degrees",
                code="origin",
            )

    def _axes(self) -> Points:
        """(3, 3): east, north, up as rows in geocentric coordinates."""
        lon, lat = np.radians(self.longitude), np.radians(self.latitude)
        sl, cl, sp, cp = np.sin(lon), np.cos(lon), np.sin(lat), np.cos(lat)
        return np.array([[-sl, cl, 0.0], [-sp * cl, -sp * sl, cp], [cp * cl, cp * sl, sp]])

    def _origin_ecef(self) -> Points:
        return np.asarray(_ecef(np.array([[self.longitude, self.latitude, self.height]]))[0])

    def from_lonlat(self, points: npt.ArrayLike) -> Points:
        """(n, 3) longitude, latitude in degrees and height in metres → (n, 3) metres in the park frame."""
        array = np.asarray(points, np.float64).reshape(-1, 3)
        return np.asarray((_ecef(array) - self._origin_ecef()) @ self._axes().T)

    def to_lonlat(self, points: npt.ArrayLike) -> Points:
        """(n, 3) metres in the park frame → longitude, latitude in degrees and height in metres."""
        ecef = np.asarray(points, np.float64).reshape(-1, 3) @ self._axes() + self._origin_ecef()
        back = _from_geocentric()
        return np.column_stack(back.transform(ecef[:, 0], ecef[:, 1], ecef[:, 2]))

    def from_crs(self, points: npt.ArrayLike, source: str) -> Points:
        """(n, 3) x (east or longitude), y (north or latitude), height in `source` → the park frame.

        Heights are taken as they are, in the park's height datum. Raises Invalid where the
        coordinates are outside what the system can express.
        """
        array = np.asarray(points, np.float64).reshape(-1, 3)
        try:
            lon, lat = _transformer(source, "EPSG:4326").transform(array[:, 0], array[:, 1], errcheck=True)
        except ProjError as error:
            raise Invalid(
                f"Coordinates such as {array[0, 0]:.3f}, {array[0, 1]:.3f} do not fit {source}: {error}", code="crs"
            ) from error
        return self.from_lonlat(np.column_stack((lon, lat, array[:, 2])))

    def to_crs(self, points: npt.ArrayLike, target: str) -> Points:
        """(n, 3) metres in the park frame → (n, 3) x, y, height in `target`."""
        lonlat = self.to_lonlat(points)
        x, y = _transformer("EPSG:4326", target).transform(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack((x, y, lonlat[:, 2]))

    def rigid_from_crs(
        self, anchor: tuple[float, float, float], source: str, rotation: float = 0.0
    ) -> npt.NDArray[np.float64]:
        """(4, 4) placement of a local metric frame whose origin stands at `anchor` in `source`.

        rotation: radians, counter-clockwise, from the grid's east to the local x axis; from true east where
        `source` is geographic. Rigid: the grid's convergence turns the model, the grid's scale factor does not
        stretch it.
        """
        x, y, h = anchor
        if crs(source).is_geographic:  # a step north, as east bends away from the tangent plane
            base, north = self.from_crs([[x, y, h], [x, y + (-_STEP_DEG if y > 0 else _STEP_DEG), h]], source)
            east = np.sign(y or -1.0) * np.array([base[1] - north[1], north[0] - base[0]])
            return placement(base, rotation + np.arctan2(east[1], east[0]))
        base, step = self.from_crs([[x, y, h], [x + 1.0, y, h]], source)
        return placement(base, rotation + np.arctan2(step[1] - base[1], step[0] - base[0]))

    def distance(self, points: Points) -> float:
        """Metres from the origin to the nearest of the points, straight through the globe.

        In plan alone the far side of the globe would look near.
        """
        return float(np.min(np.linalg.norm(points, axis=1))) if len(points) else 0.0

    def check_near(self, points: Points, what: str, source: str) -> None:
        """Raise Invalid where `what` lands so far away that its CRS must be wrong."""
        far = self.distance(points)
        if not np.isfinite(far) or far > MAX_DISTANCE_M:
            raise Invalid(
                f"{what} lands {far / 1000:,.0f} km from the park's origin when read as {source}:"
                f" expected within {MAX_DISTANCE_M / 1000:.0f} km; name the right system with --crs",
                code="far-away",
            )

    def globe_transform(self) -> list[float]:
        """Column-major 4x4 from the park frame to geocentric coordinates, for the root tile."""
        axes = self._axes()
        origin = _ecef(np.array([[self.longitude, self.latitude, self.height + self.geoid_undulation]]))[0]
        matrix = np.eye(4)
        matrix[:3, :3] = axes.T
        matrix[:3, 3] = origin
        return [float(value) for value in matrix.T.ravel()]

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON and TOML."""
        return asdict(self)


def placement(origin: npt.ArrayLike, rotation: float = 0.0) -> npt.NDArray[np.float64]:
    """(4, 4) rigid placement: turn about z by `rotation` radians, then move to `origin`."""
    matrix = np.eye(4)
    c, s = np.cos(rotation), np.sin(rotation)
    matrix[:2, :2] = [[c, -s], [s, c]]
    matrix[:3, 3] = origin
    return matrix


ASSUMED = Frame(114.3, 30.6)
"""Where a park without any location is put, so that a picture can be drawn at all; the report says so."""
