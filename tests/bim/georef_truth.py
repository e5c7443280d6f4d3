"""Landing points by pyproj alone, independent of the code under test."""

from __future__ import annotations

import numpy as np
import pyproj

from bim.georef.read import read_georeference
from tests.bim.ifc_files import WUHAN
from twin.placing import Placing

EAST, NORTH = 528770.237, 3386666.251  # 114.30 E, 30.60 N in EPSG:4547


def to_lonlat(x, y, crs):
    return pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(x, y)


def to_park(x, y, height, crs="EPSG:4547", frame=WUHAN):
    """Metres east, north, up of the park's origin, by PROJ's own topocentric conversion."""
    lon, lat = to_lonlat(x, y, crs)
    pipeline = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart +ellps=WGS84"
        f" +step +proj=topocentric +ellps=WGS84 +lon_0={frame.longitude} +lat_0={frame.latitude} +h_0={frame.height}"
    )
    return np.array(pipeline.transform(lon, lat, height))


def locate_file(model, folder, frame=WUHAN, placing=None, name="model.ifc"):
    return read_georeference(model.write(folder, name), frame, placing or Placing())


def put(location, *point):
    """A point of the model, metres, in the park frame."""
    return location.matrix[:3, :3] @ np.array(point) + location.matrix[:3, 3]


def candidate(location, name):
    return next(row for row in location.report["candidates"] if row["id"] == name)


def found(location, code):
    return [finding for finding in location.findings if finding.code == code]
