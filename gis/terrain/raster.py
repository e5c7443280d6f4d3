"""Opens an elevation raster and refuses what is none, in one clear sentence."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError, RasterioIOError
from rasterio.windows import Window

from gis.source.reference import Reference, degrees, fit, guess
from twin.errors import Invalid, NotFound
from twin.geometry.frame import Frame, crs

F64 = npt.NDArray[np.float64]
SUFFIXES = (".tif", ".tiff", ".hgt", ".asc", ".dem", ".img", ".vrt", ".zip", ".grd", ".bil", ".dt1", ".dt2")
_FEET = {
    "ft": 0.3048,
    "foot": 0.3048,
    "feet": 0.3048,
    "us-ft": 1200 / 3937,
    "ussurveyfoot": 1200 / 3937,
    "ftus": 1200 / 3937,
}
_UNDECLARED = (-9999.0, -32768.0, -32767.0)
_LOWEST, _HIGHEST = -12_000.0, 9_500.0
"""Metres; no ground on Earth lies outside these."""


@dataclass(frozen=True)
class Elevation:
    """An open elevation raster. reference: its system; metres: factor from its values to metres, with `offset` before.

    bounds: in its system; cell: (x, y) size of a cell there.
    """

    dataset: Any
    reference: Reference
    metres: float
    name: str

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Min x, min y, max x, max y in the raster's system."""
        left, bottom, right, top = self.dataset.bounds
        return min(left, right), min(bottom, top), max(left, right), max(bottom, top)

    def read(self, window: Window, shape: tuple[int, int]) -> F64:
        """Heights of a window in metres, averaged to `shape` (rows, columns); NaN is no data."""
        averaged = shape[0] < window.height or shape[1] < window.width
        try:
            band = self.dataset.read(
                1, window=window, out_shape=shape, masked=True,
                resampling=Resampling.average if averaged else Resampling.nearest,
            )  # fmt: skip
        except (RasterioError, ValueError) as error:
            raise Invalid(
                f"{self.name} breaks off or is damaged: its cells cannot be read; copy or export it again",
                code="raster",
            ) from error
        raw = band.filled(0).astype(np.float64)
        hidden = np.ma.getmaskarray(band) | ~np.isfinite(raw) | np.isin(raw, _UNDECLARED)
        scaled = (raw * (self.dataset.scales[0] or 1.0) + (self.dataset.offsets[0] or 0.0)) * self.metres
        hidden |= (scaled < _LOWEST) | (scaled > _HIGHEST)
        return np.where(hidden, np.nan, scaled)

    def around(self, column: float, row: float) -> F64:
        """Heights near a cell at full detail, at most 257 x 257; however large the raster, this reads little."""
        rows, columns = self.dataset.shape
        c0 = int(np.clip(np.nan_to_num(column) - 128, 0, max(columns - 257, 0)))
        r0 = int(np.clip(np.nan_to_num(row) - 128, 0, max(rows - 257, 0)))
        window = Window(c0, r0, min(columns, 257), min(rows, 257))
        return self.read(window, (int(window.height), int(window.width)))


@contextmanager
def open_elevation(path: Path, override: str | None, frame: Frame | None) -> Iterator[Elevation]:
    """Open `path` as one band of heights with a coordinate system. Raises NotFound or Invalid."""
    if not path.exists():
        raise NotFound(f"{path} does not exist", code="no-file")
    # no statistics or other helper files beside the source
    with rasterio.Env(GDAL_PAM_ENABLED="NO", GDAL_CACHEMAX=128), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = rasterio.open(_address(path))
        except (RasterioIOError, RasterioError) as error:
            raise Invalid(
                f"{path.name} cannot be read as a raster: {str(error).splitlines()[0]}", code="raster"
            ) from error
        with dataset:
            _check_bands(dataset, path.name)
            yield Elevation(dataset, _reference(dataset, override, frame, path.name), _metres(dataset), path.name)


def _address(path: Path) -> str:
    if path.suffix.lower() != ".zip":
        return str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = [item for item in archive.namelist() if Path(item).suffix.lower() in SUFFIXES[:-1]]
    except zipfile.BadZipFile as error:
        raise Invalid(f"{path.name} is no valid zip archive: {error}", code="raster") from error
    if path.name.lower().endswith(".hgt.zip"):
        return str(path)  # GDAL opens these by their name
    if len(names) != 1:
        raise Invalid(
            f"{path.name} holds {len(names)} rasters: expected exactly one elevation model; unpack it", code="raster"
        )
    return f"/vsizip/{path}/{names[0]}"


def _check_bands(dataset: Any, name: str) -> None:
    colours = set(dataset.colorinterp)
    if dataset.count == 0:
        raise Invalid(f"{name} holds no raster band: expected one band of heights", code="raster-bands")
    rgb = {ColorInterp.red, ColorInterp.green, ColorInterp.blue}
    if rgb <= colours or (dataset.count in (3, 4) and set(dataset.dtypes) == {"uint8"}):
        raise Invalid(
            f"{name} is a picture with {dataset.count} colour bands, not an elevation model:"
            " expected one band of heights in metres",
            code="raster-picture",
        )
    if ColorInterp.palette in colours:
        raise Invalid(
            f"{name} is a picture with a colour palette, not an elevation model: expected one band of heights in metres",
            code="raster-picture",
        )
    heights = [item for item in dataset.colorinterp if item != ColorInterp.alpha]
    if len(heights) != 1:
        raise Invalid(
            f"{name} has {dataset.count} bands: expected one band of heights; cut the height band out",
            code="raster-bands",
        )
    if np.dtype(dataset.dtypes[0]).kind == "c":
        raise Invalid(f"{name} holds complex numbers: expected heights in metres", code="raster-bands")


def _reference(dataset: Any, override: str | None, frame: Frame | None, name: str) -> Reference:
    bounds = tuple(dataset.bounds)
    if override:
        crs(override)
        fit(override, bounds, name)
        return Reference(override, "override")
    if dataset.crs is None or not dataset.crs.is_valid:
        advice = "EPSG:4326" if degrees(bounds) else (frame.crs if frame and frame.crs else guess(bounds))
        raise Invalid(
            f"{name} names no coordinate system for its bounds {bounds[0]:.6g}, {bounds[1]:.6g} to"
            f" {bounds[2]:.6g}, {bounds[3]:.6g}: name it with --crs, such as --crs {advice}",
            code="crs-missing",
        )
    if dataset.transform.is_identity:
        raise Invalid(
            f"{name} says in which system it is but not where: expected a geotransform; export it again as GeoTIFF",
            code="raster-position",
        )
    epsg = dataset.crs.to_epsg(confidence_threshold=90)
    declared = f"EPSG:{epsg}" if epsg else dataset.crs.to_wkt()
    system = crs(declared)
    if not (system.is_geographic or system.is_projected or system.is_compound):
        raise Invalid(
            f"{name} is in {system.name!r}, which has no place on the globe: name its system with --crs",
            code="crs-missing",
        )
    return Reference(declared, "declared")


def _metres(dataset: Any) -> float:
    """Factor to metres, by the band's unit, else by the vertical axis of a compound system."""
    unit = (dataset.units[0] or "").lower().replace(" ", "").replace("_", "")
    if unit in _FEET:
        return _FEET[unit]
    if unit in {"m", "metre", "meter", "metres", "meters"} or dataset.crs is None:
        return 1.0
    system = crs(dataset.crs.to_wkt())
    vertical = [part for part in system.sub_crs_list if part.is_vertical]
    return float(vertical[0].axis_info[0].unit_conversion_factor) if vertical else 1.0
