"""Features in site coordinates, and writing them as GeoPackage or GeoJSON, the same bytes for the same input."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import pyogrio.raw
import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry

from scenes.sample_park import site
from scenes.sample_park.model.units import CRS

STAMP = "2026-11-23T00:00:00.000Z"


@dataclass(frozen=True)
class Feature:
    """One feature: geometry in site coordinates (metres), stable id, names, kind, further fields."""

    id: str
    name: str
    name_en: str
    kind: str
    geometry: BaseGeometry
    fields: dict[str, Any] = field(default_factory=dict)


def _columns(features: Sequence[Feature]) -> dict[str, list[Any]]:
    names = list(dict.fromkeys(name for feature in features for name in feature.fields))
    columns: dict[str, list[Any]] = {
        "id": [f.id for f in features],
        "name": [f.name for f in features],
        "name_en": [f.name_en for f in features],
        "kind": [f.kind for f in features],
    }
    return columns | {name: [f.fields.get(name) for f in features] for name in names}


def _moved(features: Sequence[Feature]) -> Any:
    """Geometries in EPSG:4547, to the millimetre."""
    shapes = np.array([feature.geometry for feature in features], object)
    z = bool(shapely.has_z(shapes).any())

    def move(xyz: Any) -> Any:
        xyz = xyz.copy()
        xyz[:, :2] += site.CENTRE
        return np.round(xyz, 3)

    return shapely.transform(shapes, move, include_z=z)


def write_gpkg(path: Path, features: Sequence[Feature]) -> int:
    """A GeoPackage with one layer named like the file. Returns the number of features."""
    path.unlink(missing_ok=True)
    columns = {name: pa.array(values) for name, values in _columns(features).items()}
    moved = _moved(features)
    kinds = sorted({shapely.get_type_id(shape) for shape in moved})
    kind = {0: "Point", 1: "LineString", 3: "Polygon"}[kinds[0]] if len(kinds) == 1 else "Unknown"
    if shapely.has_z(moved).any():
        kind += " Z"
    table = pa.table({**columns, "geom": pa.array(shapely.to_wkb(moved), pa.binary())})
    pyogrio.write_arrow(
        table, path, layer=path.stem, driver="GPKG", geometry_name="geom", geometry_type=kind, crs=CRS,
        layer_options={"FID": "fid"},
    )  # fmt: skip
    _freeze(path)
    return len(features)


def _freeze(path: Path) -> None:
    """Replace the time stamps that the driver writes, so that two runs give the same bytes."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE gpkg_contents SET last_change = ?", (STAMP,))
    connection.close()
    with sqlite3.connect(path, isolation_level=None) as vacuum:
        vacuum.execute("VACUUM")
    vacuum.close()
    with path.open("r+b") as stream:
        # SQLite's header: file change counter (24..27), version-valid-for (92..95).
        for offset in (24, 92):
            stream.seek(offset)
            stream.write((1).to_bytes(4, "big"))


def write_geojson(path: Path, features: Sequence[Feature]) -> int:
    """GeoJSON after RFC 7946: longitude and latitude to nine decimals. Returns the number of features."""
    rows = []
    columns = _columns(features)
    for index, feature in enumerate(features):
        lonlat = shapely.transform(feature.geometry, _to_lonlat, include_z=False)
        properties = {name: values[index] for name, values in columns.items() if values[index] is not None}
        rows.append(
            {
                "type": "Feature",
                "id": feature.id,
                "properties": properties,
                "geometry": shapely.geometry.mapping(lonlat),
            }
        )
    document = {"type": "FeatureCollection", "name": path.stem, "features": rows}
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return len(features)


def _to_lonlat(xy: Any) -> Any:
    return np.array([site.to_lonlat(x, y) for x, y in xy])
