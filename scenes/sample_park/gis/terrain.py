"""The terrain as a GeoTIFF."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

from scenes.sample_park import ground, site
from scenes.sample_park.model.units import CRS

CELL = 5.0
HALF = 800.0
"""The grid reaches this far from the centre, metres."""


def write_terrain(path: Path) -> tuple[int, int]:
    """Heights in metres (1985 datum) as float32 at cell centres; the park's centre is a cell's centre.

    Returns rows and columns.
    """
    axis = np.arange(-HALF, HALF + CELL / 2, CELL)
    east, north = np.meshgrid(axis, axis[::-1])
    z = ground.heights(east.ravel(), north.ravel()).reshape(east.shape).astype(np.float32)
    west, top = site.to_map(-HALF - CELL / 2, HALF + CELL / 2)
    path.unlink(missing_ok=True)
    with rasterio.open(
        path, "w", driver="GTiff", width=z.shape[1], height=z.shape[0], count=1, dtype="float32", crs=CRS,
        transform=from_origin(west, top, CELL, CELL), compress="deflate", predictor=3, nodata=-9999.0,
    ) as raster:  # fmt: skip
        raster.write(np.round(z, 3), 1)
        raster.update_tags(AREA_OR_POINT="Area")
        raster.set_band_description(1, "elevation above the 1985 datum, m")
    return z.shape[0], z.shape[1]
