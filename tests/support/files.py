"""Small source files written by the tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

EAST, NORTH = 538_400.0, 3_373_400.0
"""EPSG:4547, near the origin of `tests.support.layers.FRAME`."""


def footprints(path: Path, count: int = 4, lon: float = 114.4, lat: float = 30.48) -> Path:
    """A GeoJSON of square buildings with heights, a row to the east."""
    features = []
    for number in range(count):
        x, y, d = lon + 0.0005 * number, lat, 0.0002
        ring = [[x, y], [x + d, y], [x + d, y + d], [x, y + d], [x, y]]
        features.append(
            {
                "type": "Feature",
                "id": f"n{number}",
                "properties": {"kind": "building", "name": f"楼 {number}", "height": 10.0 + number},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8"
    )
    return path


def elevation(path: Path, *, crs: str | None = "EPSG:4547", east: float = EAST, north: float = NORTH) -> Path:
    """A GeoTIFF of 40 x 40 cells of 10 m, a plane that rises eastward from 20 m."""
    z = np.tile(20 + 0.05 * np.arange(40, dtype=np.float32), (40, 1))
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=40,
        height=40,
        count=1,
        dtype="float32",
        crs=crs,
        transform=from_origin(east - 200, north + 200, 10, 10),
    ) as raster:
        raster.write(z, 1)
    return path
