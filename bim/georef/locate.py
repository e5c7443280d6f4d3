"""The place of a model: candidates weighed, one chosen, its placement in the park frame."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyproj

from bim.geometry.placements import Placements
from bim.georef.candidate import EXPLICIT, F64, Candidate, GeorefKind
from bim.georef.map_conversion import axis_unit, is_empty, map_conversions
from bim.georef.site_location import site_locations
from bim.georef.world_coordinates import world_coordinates
from bim.units.unit_table import UnitTable
from twin.errors import Invalid
from twin.finding import Finding, Severity
from twin.geometry.frame import MAX_DISTANCE_M, Frame, placement

_GEOD = pyproj.Geod(ellps="WGS84")
ASSUMED = Frame(114.3, 30.6)
"""Where a park without any location is put, so that a picture can be drawn at all; the report says so."""
ZERO_MEANS_EMPTY = {GeorefKind.MAP_CONVERSION, GeorefKind.PROPERTY_SET}
HUGE_M = 5_000.0
"""Coordinates farther than this from the model's own origin are no building's: a map's numbers without its name."""


@dataclass(frozen=True)
class Location:
    """Where a model stands. matrix (4, 4): model frame, metres → park frame."""

    frame: Frame
    matrix: F64
    crs: str
    report: dict[str, object]
    findings: list[Finding] = field(default_factory=list)


def candidates(model: Any, units: UnitTable, placements: Placements, override: str | None) -> list[Candidate]:
    """All candidates of a model, strongest first, the local one last."""
    found = map_conversions(model, units, override)
    base = world_coordinates(model, units)
    found = [replace(item, local=base) if any(base) else item for item in found]
    if override and not any(item.usable for item in found):
        unit = axis_unit(override)
        found.insert(0, Candidate(GeorefKind.OVERRIDE, override, (0.0, 0.0, 0.0), unit=unit, source="--crs"))
    found += site_locations(model, units, placements)
    return [*found, Candidate(GeorefKind.LOCAL, "", (0.0, 0.0, 0.0), source="model origin")]


@dataclass(frozen=True)
class Extent:
    """The model's box in its own frame, metres: low, high (3,), and middle (3,): the median of its objects' middles."""

    low: F64
    high: F64
    middle: F64

    @classmethod
    def of_boxes(cls, low: F64, high: F64) -> Extent:
        """Around boxes (n, 3); around the origin where there are none."""
        fine = np.isfinite(low).all(axis=1) & np.isfinite(high).all(axis=1)
        if not fine.any():
            return cls(np.zeros(3), np.zeros(3), np.zeros(3))
        low, high = low[fine], high[fine]
        return cls(low.min(axis=0), high.max(axis=0), np.median((low + high) / 2, axis=0))


def locate(name: str, found: list[Candidate], extent: Extent, frame: Frame | None) -> Location:
    """Choose the first candidate that holds and place the model by it.

    name: the file, for messages; frame: the park's, None where it has no origin yet. Raises Invalid where an explicit conversion lands
    too far from the park.
    """
    middle = extent.middle
    notes: list[Finding] = []
    found = [_without_empty(item, extent) for item in found]
    rows = [item.as_dict() for item in found]
    for item, row in zip(found, rows, strict=True):
        if not item.usable:
            notes += _unusable(item)
            continue
        result = (
            _local(extent, frame, notes)
            if item.kind is GeorefKind.LOCAL
            else _try(name, item, row, extent, frame, notes)
        )
        if result is not None:
            used, matrix, offset, assumed = result
            centre = used.to_lonlat((matrix[:3, :3] @ middle + matrix[:3, 3])[None, :])[0]
            report: dict[str, object] = {
                "used": item.kind.value,
                "crs": item.crs,
                "assumed": assumed,
                "longitude": float(centre[0]),
                "latitude": float(centre[1]),
                "height": float(centre[2]),
                "rotation_deg": math.degrees(math.atan2(matrix[1, 0], matrix[0, 0])),
                "offset": [float(value) for value in offset],
                "candidates": rows,
            }
            return Location(used, matrix, item.crs, report, notes)
    raise Invalid(
        f"{name} cannot be placed: expected a map conversion, a site location or local coordinates", code="georef"
    )


def _without_empty(item: Candidate, extent: Extent) -> Candidate:
    """A conversion that shifts by nothing is no place, unless the model's own coordinates already are a map's."""
    if item.usable and item.kind in ZERO_MEANS_EMPTY and is_empty(item) and _outside(np.zeros(3), extent) <= HUGE_M:
        return replace(item, usable=False, why="its coordinates are all zero: an empty field, no place")
    return item


_Result = tuple[Frame, F64, F64, bool]


def _try(
    name: str, item: Candidate, row: dict[str, object], extent: Extent, frame: Frame | None, notes: list[Finding]
) -> _Result | None:
    """Place by a candidate; None where it only is a tool's default that lands far from the park."""
    pivot = np.array([extent.middle[0], extent.middle[1], item.local[2]])
    offset = np.zeros(3)
    if item.geographic:
        pivot, offset = _geographic_pivot(item, extent, notes)
    try:
        x, y, h = item.at(pivot)
        there, lonlat = _landing((x, y, h), item.crs, frame or Frame(0.0, 0.0))
    except Invalid as error:
        row["why"] = error.message
        if item.kind in EXPLICIT:
            raise Invalid(
                f"{name} cannot be placed by its {item.kind.value}: {error.message}; mend it in the authoring tool or"
                " name the right system with --crs",
                code="crs",
            ) from error
        return None
    row.update(longitude=float(lonlat[0]), latitude=float(lonlat[1]))
    if frame is None:
        crs = "" if item.geographic else item.crs
        frame = Frame(round(float(lonlat[0]), 9), round(float(lonlat[1]), 9), round(float(h), 3), crs)
    else:
        distance = _ground_distance(frame, lonlat)
        row["distance_m"] = distance
        if item.kind in EXPLICIT:
            frame.check_near(there, f"{name} ({item.kind.value})", item.crs)
        elif distance > MAX_DISTANCE_M:
            row["why"] = f"it lands {distance / 1000:,.0f} km from the park"
            notes.append(_far_site(distance / 1000))
            return None
    matrix = frame.rigid_from_crs((x, y, h), item.crs, item.rotation)
    back = np.eye(4)
    back[:3, 3] = -pivot
    return frame, np.asarray(matrix @ back), offset, False


def _landing(point: tuple[float, float, float], crs: str, frame: Frame) -> tuple[F64, F64]:
    """A point of a system in the park frame (1, 3) and as longitude, latitude, height (3,). Raises Invalid."""
    there = frame.from_crs([point], crs)
    lonlat = frame.to_lonlat(there)[0]
    if not (np.isfinite(there).all() and np.isfinite(lonlat).all()):
        raise Invalid(f"Coordinates {point[0]:.3f}, {point[1]:.3f} do not fit {crs}", code="crs")
    return there, lonlat


def _ground_distance(frame: Frame, lonlat: F64) -> float:
    """Metres along the ellipsoid from the park's origin to a longitude and latitude."""
    return float(_GEOD.inv(frame.longitude, frame.latitude, float(lonlat[0]), float(lonlat[1]))[2])


def _geographic_pivot(item: Candidate, extent: Extent, notes: list[Finding]) -> tuple[F64, F64]:
    """The model's point that stands at the longitude and latitude; the model's middle where its own origin is far off."""
    local = np.array(item.local)
    if _outside(local, extent) <= HUGE_M:
        return local, np.zeros(3)
    offset = _shift(extent)
    notes.append(_offset_finding(offset))
    return np.array([offset[0], offset[1], local[2] if abs(extent.low[2] - local[2]) < HUGE_M else offset[2]]), offset


def _local(extent: Extent, frame: Frame | None, notes: list[Finding]) -> _Result:
    """The model's origin on the park's, or its middle where its coordinates are huge."""
    offset = _shift(extent) if _outside(np.zeros(3), extent) > HUGE_M else np.zeros(3)
    if offset.any():
        notes.append(_offset_finding(offset))
    notes.append(_no_georeference(frame is None))
    return frame or ASSUMED, placement(-offset), offset, frame is None


def _outside(point: F64, extent: Extent) -> float:
    """Metres from a point to the model's box, the larger of plan and height."""
    gap = np.maximum(np.maximum(extent.low - point, point - extent.high), 0.0)
    return max(float(np.hypot(gap[0], gap[1])), float(gap[2]))


def _shift(extent: Extent) -> F64:
    """Whole metres that bring the box near the origin: its middle in plan, its foot in height where that is far off too."""
    middle, foot = np.round(extent.middle), float(extent.low[2])
    return np.array([middle[0], middle[1], np.floor(foot) if abs(foot) > HUGE_M else 0.0])


def _unusable(item: Candidate) -> list[Finding]:
    if item.kind is GeorefKind.LOCAL:
        return []
    return [
        Finding(
            code="ifc-georef-unusable",
            severity=Severity.MINOR,
            zh=f"坐标信息 {item.source} 不可用，已忽略",
            en=f"{item.source} cannot be used to place the model: {item.why}",
            fix_zh="在建模软件中填写正确的坐标系与坐标",
            fix_en="Set the right coordinate system and coordinates in the authoring tool",
        )
    ]


def _far_site(far: float) -> Finding:
    return Finding(
        code="ifc-site-far",
        severity=Severity.MAJOR,
        zh=f"IfcSite 的经纬度距园区 {far:,.0f} 公里，多为建模软件默认值，未采用",
        en=f"The site's latitude and longitude lie {far:,.0f} km from the park, most likely the authoring tool's default; they were not used",
        fix_zh="在建模软件中设置项目位置，或以 IfcMapConversion 导出",
        fix_en="Set the project's location in the authoring tool, or export with a map conversion",
        value=round(far, 1),
        limit=MAX_DISTANCE_M / 1000,
        unit="km",
    )


def _offset_finding(offset: F64) -> Finding:
    x, y, z = (float(value) for value in offset)
    return Finding(
        code="ifc-huge-coordinates",
        severity=Severity.MAJOR,
        zh=f"模型坐标远离自身原点且无坐标系，已平移 {-x:.0f}, {-y:.0f}, {-z:.0f} 米",
        en=f"The model's coordinates are far from its own origin and name no system; it was moved by {-x:.0f}, {-y:.0f}, {-z:.0f} m",
        fix_zh="若这些坐标属于某投影坐标系，请用 --crs 指定",
        fix_en="If these are coordinates of a projected system, name it with --crs",
        data={"offset": [x, y, z]},
    )


def _no_georeference(assumed: bool) -> Finding:
    where = (
        ("默认位置（东经 114.3°，北纬 30.6°）", "an assumed place (114.3° E, 30.6° N)")
        if assumed
        else ("园区原点", "the park's origin")
    )
    return Finding(
        code="ifc-no-georeference",
        severity=Severity.MAJOR if assumed else Severity.MINOR,
        zh=f"模型没有可用的坐标信息，已放置于{where[0]}",
        en=f"The model has no usable georeference; it was put at {where[1]}",
        fix_zh="以 IfcMapConversion 和 IfcProjectedCRS 导出，或用 --crs 指定坐标系",
        fix_en="Export with IfcMapConversion and IfcProjectedCRS, or name a system with --crs",
    )
