"""Where a city model stands in the park frame: its system, the order of its axes, its heights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj

from gis.city import said
from gis.city.crs_name import System, axes_named, system
from gis.city.polygons import F64, Mask
from gis.notes import Notes
from gis.source.located import check_spread
from gis.source.reference import WGS84, fit
from twin.errors import Invalid
from twin.geometry.frame import ASSUMED, MAX_DISTANCE_M, Frame, crs

NEAR_DEGREES = 1.0
"""A model may reach this far beyond its system's area of use."""
_SAMPLES = 4096


@dataclass(frozen=True)
class Place:
    """How coordinates become metres in `frame`. how: override | declared | park | assumed | local.

    swapped: the file writes north before east; shift (3,): taken off local coordinates.
    """

    frame: Frame
    crs: str
    how: str
    found: System | None
    swapped: bool
    shift: F64

    def points(self, raw: F64) -> F64:
        """(n, 3) as in the file → (n, 3) metres in the park frame; NaN where a point has no place. Missing heights are the frame's."""
        points = raw[:, [1, 0, 2]] if self.swapped else raw
        if self.found is None:
            return np.asarray(points - self.shift)
        lonlat = lonlat_of(points, self.found)
        height = points[:, 2] * self.found.metres
        if self.found.ellipsoidal:
            height = height - self.frame.geoid_undulation
        return self.frame.from_lonlat(np.column_stack((lonlat, np.where(np.isnan(height), self.frame.height, height))))

    def rigid(self, anchors: F64) -> F64:
        """(n, 4, 4) placements of metric frames that stand at (n, 3) anchors and are turned as the grid is there."""
        base = self.points(anchors)
        angle = np.zeros(len(anchors))
        if self.found is not None and not self.found.geographic:
            step = np.zeros((len(anchors), 3))
            step[:, 1 if self.swapped else 0] = 1.0
            east = self.points(anchors + step) - base
            angle = np.arctan2(east[:, 1], east[:, 0])
        matrix = np.zeros((len(anchors), 4, 4))
        cosine, sine = np.cos(angle), np.sin(angle)
        matrix[:, 0, 0], matrix[:, 0, 1], matrix[:, 1, 0], matrix[:, 1, 1] = cosine, -sine, sine, cosine
        matrix[:, 2, 2] = matrix[:, 3, 3] = 1.0
        matrix[:, :3, 3] = base
        return matrix


@lru_cache(maxsize=8)
def _to_wgs84(plan: str) -> pyproj.Transformer:
    """Choosing among the operations that PROJ knows takes some 60 ms."""
    return pyproj.Transformer.from_crs(crs(plan), WGS84, always_xy=True)


def lonlat_of(points: F64, found: System) -> F64:
    """(n, 2+) east, north → (n, 2) degrees on WGS 84, NaN where the system cannot express them."""
    if crs(found.plan).equals(crs("OGC:CRS84")):
        lon, lat = points[:, 0], points[:, 1]
    else:
        lon, lat = _to_wgs84(found.plan).transform(points[:, 0], points[:, 1])
    result = np.column_stack((lon, lat))
    result[~np.isfinite(result).all(axis=1) | (np.abs(result[:, 1]) > 90.0)] = np.nan
    return result


def place(
    raw: F64,
    feet: F64,
    declared: str,
    override: str | None,
    frame: Frame | None,
    what: str,
    notes: Notes,
    *,
    ordered: bool,
) -> Place:
    """Find the place of coordinates.

    raw (n, 3) as in the file; feet: heights of the lowest points of its objects; ordered: the format writes coordinates
    in the order of the system's axes. Raises Invalid where the system is unknown or the coordinates cannot be in it.
    """
    good = np.isfinite(raw[:, 0]) & np.isfinite(raw[:, 1])
    finite = raw if good.all() else raw[good]
    if not len(finite):
        raise Invalid(
            f"{what} has no geometry with finite coordinates: expected surfaces or solids", code="no-geometry"
        )
    sample = finite[:: max(1, len(finite) // _SAMPLES)]
    name, how = _named(sample, declared, override, frame)
    if not name:
        return _local(finite, feet, frame, notes)
    found = system(name)
    swapped, inside = _order(sample, found, ordered=(ordered and axes_named(name)) or (ordered and how == "override"))
    if swapped != (found.north_first and ordered and axes_named(name)) and how == "declared":
        notes.add("city-axis-order", said.AXES, count=1, crs=found.plan)
    if how == "override":
        _fit(finite, found, what, swapped=swapped)
    elif not inside:
        notes.add("city-crs-area", said.AREA, count=1, crs=found.plan)
    if how == "assumed":
        notes.add("crs-assumed", said.ASSUMED, count=1)
    elif how == "park":
        notes.add("crs-park", said.PARK, count=1, crs=found.plan)
    own = frame or _propose(finite, feet, found, what, swapped=swapped)
    result = Place(own, found.plan, how, found, swapped, np.zeros(3))
    placed = result.points(sample)
    placed = placed[np.isfinite(placed).all(axis=1)]
    if not len(placed):
        x, y = sample[0, :2]
        raise Invalid(
            f"{what} has coordinates such as {x:.6g}, {y:.6g} that do not fit {found.plan}: name the right system with --crs",
            code="crs",
        )
    if frame is None:
        check_spread(own, placed, what)
    else:
        frame.check_near(placed, what, found.plan)
    return result


def _named(sample: F64, declared: str, override: str | None, frame: Frame | None) -> tuple[str, str]:
    """(system, how it was found); ("", "local") where none is known."""
    if override:
        return override, "override"
    if declared:
        return declared, "declared"
    span = np.nanmax(sample, axis=0) - np.nanmin(sample, axis=0)
    # a whole model less than a degree wide and yet metres high stands in degrees
    if span[:2].max() < 1.0 <= span[2] and np.abs(sample[:, :2]).max() > 1.0 and np.abs(sample[:, 1]).max() <= 90.0:
        return WGS84, "assumed"
    if frame is not None and frame.crs and not crs(frame.crs).is_geographic:
        found = system(frame.crs)
        lonlat = lonlat_of(sample, found)
        placed = frame.from_lonlat(np.column_stack((lonlat, np.full(len(lonlat), frame.height))))
        placed = placed[np.isfinite(placed).all(axis=1)]
        if len(placed) and frame.distance(placed) <= MAX_DISTANCE_M:
            return frame.crs, "park"
    return "", "local"


def _order(sample: F64, found: System, *, ordered: bool) -> tuple[bool, bool]:
    """(north comes first, lies in the system's area of use): the rule's order unless only the other one fits."""
    rule = found.north_first and ordered
    for swapped in (rule, not rule):
        if _inside(sample[:, [1, 0]] if swapped else sample[:, :2], found).mean() > 0.5:
            return swapped, True
    return rule, False


def _inside(points: F64, found: System) -> Mask:
    """(n,) positions within the area that the system is meant for; the whole globe where that is not known."""
    lonlat = lonlat_of(points, found)
    finite = np.isfinite(lonlat).all(axis=1)
    area = crs(found.plan).area_of_use
    if area is None:
        return np.asarray(finite)
    width = (area.east - area.west) % 360.0 or 360.0
    east = (lonlat[:, 0] - area.west + NEAR_DEGREES) % 360.0
    return np.asarray(
        finite
        & (east <= width + 2 * NEAR_DEGREES)
        & (lonlat[:, 1] >= area.south - NEAR_DEGREES)
        & (lonlat[:, 1] <= area.north + NEAR_DEGREES)
    )


def _fit(points: F64, found: System, what: str, *, swapped: bool) -> None:
    plan = points[:, [1, 0]] if swapped else points[:, :2]
    low, high = _box(plan)
    fit(found.plan, (float(low[0]), float(low[1]), float(high[0]), float(high[1])), what)


def _box(plan: F64) -> tuple[F64, F64]:
    """Corners (2,) of the box around (n, 2); a column at a time is ten times as fast as rows of two."""
    x, y = plan.T
    return np.array([x.min(), y.min()]), np.array([x.max(), y.max()])


def _propose(points: F64, feet: F64, found: System, what: str, *, swapped: bool) -> Frame:
    """A park frame at the middle of the model, at the height where most objects stand."""
    plan = points[:, [1, 0]] if swapped else points[:, :2]
    low, high = _box(plan)
    ends = np.array([low, (low[0], high[1]), (high[0], low[1]), high])
    lonlat = lonlat_of(ends, found)
    if not np.isfinite(lonlat).all():  # a stray point beyond what the system can express
        lonlat = lonlat_of(plan, found)
    lonlat = lonlat[np.isfinite(lonlat).all(axis=1)]
    if not len(lonlat):
        raise Invalid(
            f"{what} has no coordinates that fit {found.plan}: name the right system with --crs",
            code="crs",
        )
    if np.ptp(lonlat[:, 0]) > 180.0:  # on both sides of the date line
        lonlat[:, 0] %= 360.0
    centre = (lonlat.min(axis=0) + lonlat.max(axis=0)) / 2
    longitude = (float(centre[0]) + 180.0) % 360.0 - 180.0
    return Frame(round(longitude, 9), round(float(centre[1]), 9), round(_foot(feet) * found.metres, 2), found.plan)


def _foot(feet: F64) -> float:
    finite = feet[np.isfinite(feet)]
    return float(np.median(finite)) if len(finite) else 0.0


def _local(points: F64, feet: F64, frame: Frame | None, notes: Notes) -> Place:
    """The middle of the model on the park's origin, most objects' feet on its ground."""
    if frame is None:
        notes.add("city-no-place", said.NO_CRS_ASSUMED, count=1)
    else:
        notes.add("city-no-crs", said.NO_CRS, count=1)
    low, high = _box(points[:, :2])
    middle = (low + high) / 2
    return Place(frame or ASSUMED, "", "local", None, False, np.array([middle[0], middle[1], _foot(feet)]))
