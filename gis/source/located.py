"""A layer's features cleaned and placed: first on the globe, then in the park frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.shapes.ground import Ground
from gis.source.clean import Cleaned, clean
from gis.source.layers import SourceLayer
from gis.source.reference import Bounds, Reference, lonlat_of, resolve
from twin.errors import Invalid
from twin.geometry.frame import Frame

Objects = npt.NDArray[np.object_]
F64 = npt.NDArray[np.float64]
_HIGH_GROUND_M = 50.0
_HALF_TURN = 180.0
MAX_SPREAD_M = 2_000_000.0
"""A file that sets the origin itself may reach so far from it; beyond, the globe's far side comes in."""


@dataclass(frozen=True)
class Located:
    """A layer on the globe.

    source: as read; cleaned: its geometry in the source's system; lonlat (v, 2) degrees and z (v,) metres of its
    vertices, row (v,) their features; has_z (n,): features whose heights say something.
    """

    source: SourceLayer
    cleaned: Cleaned
    reference: Reference
    bounds: Bounds
    lonlat: F64
    z: F64
    row: npt.NDArray[np.int64]
    has_z: npt.NDArray[np.bool_]

    @property
    def count(self) -> int:
        """Features, with and without geometry."""
        return len(self.source.geometry)


def locate(layer: SourceLayer, what: str, override: str | None, frame: Frame | None, *, implied: bool) -> Located:
    """Clean a layer and find it on the globe. Raises Invalid where its coordinate system is unknown or cannot be."""
    cleaned = clean(layer.geometry)
    points, row = shapely.get_coordinates(cleaned.geometry, include_z=True, return_index=True)
    row = row.astype(np.int64)
    z = np.nan_to_num(points[:, 2])
    has_z = np.bincount(row, np.abs(z), len(layer.geometry)) > 1e-6
    if len(points) == 0:
        reference, bounds = Reference(override or layer.crs, "declared"), (0.0, 0.0, 0.0, 0.0)
        return Located(layer, cleaned, reference, bounds, points[:, :2], z, row, has_z)
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    reference = resolve(layer.crs, override, frame, bounds, what, implied=implied)
    lonlat = lonlat_of(points, reference.crs, what)
    return Located(layer, cleaned, reference, bounds, lonlat, z, row, has_z)


def propose_frame(layers: list[Located], what: str) -> Frame:
    """A park frame at the centre of all features, in their coordinate system. Raises Invalid where there is no geometry."""
    points = np.concatenate([layer.lonlat for layer in layers])
    if len(points) == 0:
        raise Invalid(f"{what} has no feature with a geometry: expected points, lines or polygons", code="no-geometry")
    if np.ptp(points[:, 0]) > _HALF_TURN:  # on both sides of the date line
        points = np.column_stack((points[:, 0] % 360.0, points[:, 1]))
    centre = (points.min(axis=0) + points.max(axis=0)) / 2
    centre[0] = (centre[0] + _HALF_TURN) % 360.0 - _HALF_TURN
    heights = np.concatenate([layer.z[layer.has_z[layer.row]] for layer in layers])
    height = round(float(np.median(heights)), 2) if len(heights) else 0.0
    system = next(layer.reference.crs for layer in layers if len(layer.lonlat))
    return Frame(round(float(centre[0]), 9), round(float(centre[1]), 9), height, system)


def to_frame(layer: Located, frame: Frame, ground: Ground) -> tuple[Objects, F64]:
    """(n,) geometries in the park frame, Z only where it says something, and all their vertices (v, 3).

    Plan positions are taken at the height of the ground, as a surveyor would: at 2 km from the origin,
    100 m of height move them by 3 cm.
    """
    geometry = layer.cleaned.geometry.copy()
    if len(layer.lonlat) == 0:
        return geometry, np.zeros((0, 3))
    level = np.where(layer.has_z[layer.row], layer.z, frame.height)
    points = frame.from_lonlat(np.column_stack((layer.lonlat, level)))
    if not ground.flat:
        height = ground.z(points)
        if np.abs(height).max(initial=0.0) > _HIGH_GROUND_M:
            again = np.where(layer.has_z[layer.row], layer.z, frame.height + height)
            points = frame.from_lonlat(np.column_stack((layer.lonlat, again)))
    solid = layer.has_z
    flat_rows, solid_rows = np.flatnonzero(~solid), np.flatnonzero(solid)
    vertex_solid = solid[layer.row]
    flat = shapely.force_2d(geometry[flat_rows])
    geometry[flat_rows] = shapely.set_coordinates(flat, points[~vertex_solid, :2])
    raised = shapely.force_3d(geometry[solid_rows])
    geometry[solid_rows] = shapely.set_coordinates(raised, points[vertex_solid])
    return geometry, points


def check_spread(frame: Frame, vertices: F64, what: str) -> None:
    """Raise Invalid where a file that sets the park's origin reaches too far for one park."""
    far = float(np.linalg.norm(vertices, axis=1).max())
    if not far <= MAX_SPREAD_M:
        raise Invalid(
            f"{what} reaches {far / 1000:,.0f} km from its middle at {frame.longitude:.4f}, {frame.latitude:.4f}:"
            f" expected the features of one park, within {MAX_SPREAD_M / 1000:.0f} km; cut out the park, or remove stray features",
            code="far-apart",
        )
