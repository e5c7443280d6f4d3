"""From a raster in any coordinate system to a regular grid of heights in the park frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyproj
from rasterio.windows import Window

from gis.source.reference import WGS84, lonlat_of
from gis.terrain.fill import fill
from gis.terrain.raster import Elevation
from twin.errors import Invalid
from twin.geometry.frame import MAX_DISTANCE_M, Frame, crs
from twin.geometry.heightfield import HeightField

F64 = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]
DEFAULT_EXTENT_M = 2_000.0
MAX_CELLS = 1_024
"""Cells along each side of the grid at most."""
FINE_M = 10.0
"""Coarser rasters are interpolated to this cell, smoothly, so that what is draped follows the ground."""
_CONTROL = 65
_BLOCK_ROWS = 128


@dataclass(frozen=True)
class Grid:
    """A terrain grid.

    field: heights in the park frame, gaps filled; known: (rows, columns) where the raster has data; gaps: nodes
    within the raster that have none; cut: whether
    the raster reaches farther than the grid; native: the raster's cell in metres.
    """

    field: HeightField
    known: npt.NDArray[np.bool_]
    gaps: int
    cut: bool
    native: float


def propose_frame(raster: Elevation) -> Frame:
    """A park frame at the raster's centre, at the height of the ground there."""
    x0, y0, x1, y1 = raster.bounds
    lon, lat = lonlat_of(np.array([[(x0 + x1) / 2, (y0 + y1) / 2]]), raster.reference.crs, raster.name)[0]
    rows, columns = raster.dataset.shape
    near = raster.around(columns / 2, rows / 2)
    if not np.isfinite(near).any():
        near = raster.read(Window(0, 0, columns, rows), (min(rows, 257), min(columns, 257)))
    if not np.isfinite(near).any():
        raise Invalid(f"{raster.name} has no data in any cell: expected heights in metres", code="raster-empty")
    middle = near[near.shape[0] // 2, near.shape[1] // 2]
    height = middle if np.isfinite(middle) else np.nanmedian(near)
    lon = (lon + 180.0) % 360.0 - 180.0  # rasters from 0 to 360 and beyond the date line
    return Frame(round(float(lon), 9), round(float(lat), 9), round(float(height), 2), raster.reference.crs)


def resample(raster: Elevation, frame: Frame, extent: float | None, *, own: bool) -> Grid:
    """Heights on a grid of at most MAX_CELLS cells a side.

    extent: half the side of the square around the origin; None: the raster's own bounds where the frame
    was made for it (`own`), else 2 km. Raises Invalid where the raster does not reach the square.
    """
    reach = _reach(raster, frame)
    half = extent if extent is not None else (MAX_DISTANCE_M if own else DEFAULT_EXTENT_M)
    box = max(reach[0], -half), max(reach[1], -half), min(reach[2], half), min(reach[3], half)
    native = _native(raster, frame)
    if box[2] - box[0] <= 0 or box[3] - box[1] <= 0:
        raise _elsewhere(raster, reach, half)
    cut = any(abs(a - b) > native for a, b in zip(box, reach, strict=True))
    cell = _cell(native, max(box[2] - box[0], box[3] - box[1]))
    columns = max(int(np.floor((box[2] - box[0]) / cell + 1e-6)), 1)
    rows = max(int(np.floor((box[3] - box[1]) / cell + 1e-6)), 1)
    dx = cell if columns > 1 else box[2] - box[0]
    dy = cell if rows > 1 else box[3] - box[1]
    x0 = box[0] + ((box[2] - box[0]) - columns * dx) / 2
    y0 = box[1] + ((box[3] - box[1]) - rows * dy) / 2
    x = x0 + dx * np.arange(columns + 1)
    y = y0 + dy * np.arange(rows + 1)
    z, inside = _heights(raster, frame, np.asarray(x, np.float64), np.asarray(y, np.float64))
    known = np.isfinite(z)
    if not known.any():
        raise Invalid(
            f"{raster.name} has no data within {half:g} m of the park's origin: expected heights there",
            code="raster-empty",
        )
    return Grid(
        HeightField(x0, y0, dx, dy, fill(z).astype(np.float32)), known, int((inside & ~known).sum()), cut, native
    )


def _cell(native: float, side: float) -> float:
    fine = min(native, FINE_M) if side <= 10_000 else native
    return max(fine, side / MAX_CELLS)


def _native(raster: Elevation, frame: Frame) -> float:
    """The raster's cell in metres at its place nearest the park."""
    x0, y0, x1, y1 = raster.bounds
    here = _to_raster(raster, np.array([[frame.longitude, frame.latitude]]))[0]
    here = np.clip(np.nan_to_num(here), (x0, y0), (x1, y1))
    rows, columns = raster.dataset.shape
    points = here + np.array([[0, 0], [(x1 - x0) / columns, 0], [0, (y1 - y0) / rows]])
    points -= np.maximum(points.max(axis=0) - (x1, y1), 0)
    local = _local(raster, frame, points)
    return float(max(np.hypot(*(local[1] - local[0])[:2]), np.hypot(*(local[2] - local[0])[:2]), 1e-3))


def _local(raster: Elevation, frame: Frame, points: F64) -> F64:
    lonlat = lonlat_of(points, raster.reference.crs, raster.name)
    return frame.from_lonlat(np.column_stack((lonlat, np.full(len(points), frame.height))))


def _reach(raster: Elevation, frame: Frame) -> Box:
    """Bounds of the raster in the park frame, clipped to where a plane still serves."""
    x0, y0, x1, y1 = raster.bounds
    u, v = np.meshgrid(np.linspace(x0, x1, 41), np.linspace(y0, y1, 41))
    lonlat = lonlat_of(np.column_stack((u.ravel(), v.ravel())), raster.reference.crs, raster.name)
    points = frame.from_lonlat(np.column_stack((lonlat, np.full(len(lonlat), frame.height))))
    inside = _to_raster(raster, np.array([[frame.longitude, frame.latitude]]))[0]
    front = points[:, 2] > -1_500_000.0  # the near side of the globe
    low, high = points[front, :2].min(axis=0, initial=np.inf), points[front, :2].max(axis=0, initial=-np.inf)
    if x0 <= inside[0] <= x1 and y0 <= inside[1] <= y1:
        low, high = np.minimum(low, 0.0), np.maximum(high, 0.0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _elsewhere(raster: Elevation, reach: Box, half: float) -> Invalid:
    gap_x = max(reach[0], -reach[2], 0.0)
    gap_y = max(reach[1], -reach[3], 0.0)
    far = float(np.hypot(gap_x, gap_y))
    if not np.isfinite(far):
        far = 6_371_000.0
    place = f"{raster.name} lies {far / 1000:,.1f} km from the park's origin when read as {raster.reference.crs[:60]}"
    if far > MAX_DISTANCE_M:
        return Invalid(
            f"{place}: expected within {MAX_DISTANCE_M / 1000:.0f} km; name the right system with --crs",
            code="far-away",
        )
    return Invalid(
        f"{place}, beyond the park's extent of {half:g} m: raise extent_m or take an elevation model of the park",
        code="outside-extent",
    )


def _to_raster(raster: Elevation, lonlat: F64) -> F64:
    """(n, 2) longitude, latitude → x, y in the raster's system; NaN outside what it can express."""
    system = crs(raster.reference.crs)
    transformer = pyproj.Transformer.from_crs(WGS84, system.to_2d(), always_xy=True)
    x, y = transformer.transform(lonlat[:, 0], lonlat[:, 1])
    result = np.column_stack((x, y))
    if system.is_geographic:
        middle = (raster.bounds[0] + raster.bounds[2]) / 2
        result[:, 0] = middle + (result[:, 0] - middle + 180.0) % 360.0 - 180.0  # rasters from 0 to 360
    result[~np.isfinite(result).all(axis=1)] = np.nan
    return result


def _heights(raster: Elevation, frame: Frame, x: F64, y: F64) -> tuple[F64, npt.NDArray[np.bool_]]:
    """(len(y), len(x)) heights in the park frame, NaN without data, and which nodes lie within the raster.

    The way from the frame to raster cells is worked out on a coarse mesh and interpolated between: over
    1/64 of a park's side it is straight to well below a millimetre.
    """
    level = _typical(raster, frame)
    cx, cy = np.linspace(x[0], x[-1], _CONTROL), np.linspace(y[0], y[-1], _CONTROL)
    u, v = np.meshgrid(cx, cy)
    lonlat = frame.to_lonlat(np.column_stack((u.ravel(), v.ravel(), np.full(u.size, level))))[:, :2]
    column, row = ~raster.dataset.transform * _to_raster(raster, lonlat).T
    base = frame.from_lonlat(np.column_stack((lonlat, np.full(len(lonlat), frame.height))))[:, 2]
    raised = frame.from_lonlat(np.column_stack((lonlat, np.full(len(lonlat), frame.height + 1000.0))))[:, 2]
    control = np.stack([np.asarray(item).reshape(u.shape) for item in (column, row, base, (raised - base) / 1000.0)])
    window, cells, scale = _window(raster, control)
    result = np.full((len(y), len(x)), np.nan)
    inside = np.zeros(result.shape, np.bool_)
    rows, columns = raster.dataset.shape
    for begin in range(0, len(y), _BLOCK_ROWS):
        part = slice(begin, begin + _BLOCK_ROWS)
        column_, row_, base_, up = _spread(
            control, (x - x[0]) / max(x[-1] - x[0], 1e-9), (y[part] - y[0]) / max(y[-1] - y[0], 1e-9)
        )
        inside_u = (column_ - window.col_off) * scale[0] - 0.5
        inside_v = (row_ - window.row_off) * scale[1] - 0.5
        inside[part] = (column_ >= 0) & (column_ <= columns) & (row_ >= 0) & (row_ <= rows)
        result[part] = base_ + (sample(cells, inside_u, inside_v) - frame.height) * up
    return result, inside


def _typical(raster: Elevation, frame: Frame) -> float:
    """The median height near the origin above the park's, for the small parallax between heights and plan."""
    place = _to_raster(raster, np.array([[frame.longitude, frame.latitude]]))[0]
    column, row = ~raster.dataset.transform * (place[0], place[1])
    heights = raster.around(float(column), float(row))
    return float(np.nanmedian(heights)) - frame.height if np.isfinite(heights).any() else 0.0


def _window(raster: Elevation, control: F64) -> tuple[Window, F64, tuple[float, float]]:
    """The cells that are needed, read once; decimated where the raster is much finer than the grid."""
    rows, columns = raster.dataset.shape
    margin = 3
    low = np.floor(np.nanmin(control[:2], axis=(1, 2))) - margin
    high = np.ceil(np.nanmax(control[:2], axis=(1, 2))) + margin
    c0, r0 = (int(value) for value in np.maximum(low, 0))
    c1, r1 = (int(value) for value in np.minimum(high, (columns, rows)))
    if c1 <= c0 or r1 <= r0:
        raise Invalid(
            f"{raster.name} has no cell in the park's extent: take an elevation model of the park",
            code="outside-extent",
        )
    window = Window(c0, r0, c1 - c0, r1 - r0)
    limit = 2 * MAX_CELLS
    shape = (min(r1 - r0, limit), min(c1 - c0, limit))
    return window, raster.read(window, shape), (shape[1] / (c1 - c0), shape[0] / (r1 - r0))


def _spread(control: F64, s: F64, t: F64) -> F64:
    """Bilinear values of (k, n, n) control fields at fractions s (columns) and t (rows): (k, len(t), len(s))."""
    n = control.shape[-1] - 1
    i, j = np.minimum((s * n).astype(int), n - 1), np.minimum((t * n).astype(int), n - 1)
    fs, ft = s * n - i, (t * n - j)[:, None]
    rows = control[:, j] * (1 - ft) + control[:, j + 1] * ft
    return np.asarray(rows[:, :, i] * (1 - fs) + rows[:, :, i + 1] * fs)


def sample(cells: F64, u: F64, v: F64) -> F64:
    """Heights at fractional cell centres.

    Catmull-Rom where 4 x 4 cells have data, bilinear where 2 x 2 have, else the nearest; NaN beyond half a cell outside or where the nearest has none. Never outside the range of its cells.
    """
    rows, columns = cells.shape
    outside = ~((u > -0.501) & (u < columns - 0.499) & (v > -0.501) & (v < rows - 0.499))
    u, v = np.clip(np.nan_to_num(u), 0, columns - 1), np.clip(np.nan_to_num(v), 0, rows - 1)
    i, j = np.floor(u).astype(int), np.floor(v).astype(int)
    fu, fv = u - i, v - j
    cubic, bilinear = np.zeros_like(u), np.zeros_like(u)
    low, high = np.full_like(u, np.inf), np.full_like(u, -np.inf)
    wu, wv = _catmull(fu), _catmull(fv)
    for b in range(4):
        jj = np.clip(j + b - 1, 0, rows - 1)
        for a in range(4):
            value = cells[jj, np.clip(i + a - 1, 0, columns - 1)]
            cubic += value * wu[a] * wv[b]
            low, high = np.minimum(low, value), np.maximum(high, value)
            if a in (1, 2) and b in (1, 2):
                weight = (fu if a == 2 else 1 - fu) * (fv if b == 2 else 1 - fv)
                bilinear += np.where(weight > 0, value, 0.0) * weight
    nearest = cells[np.rint(v).astype(int), np.rint(u).astype(int)]
    result = np.where(np.isfinite(cubic), np.clip(cubic, low, high), np.where(np.isfinite(bilinear), bilinear, nearest))
    return np.where(outside | ~np.isfinite(nearest), np.nan, result)


def _catmull(t: F64) -> tuple[F64, F64, F64, F64]:
    t2, t3 = t * t, t * t * t
    return (
        (-t3 + 2 * t2 - t) / 2,
        (3 * t3 - 5 * t2 + 2) / 2,
        (-3 * t3 + 4 * t2 + t) / 2,
        (t3 - t2) / 2,
    )
