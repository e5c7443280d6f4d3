from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from gis import read_terrain, read_vector
from twin.geometry.frame import Frame
from twin.geometry.heightfield import HeightField
from twin.geometry.spool import MeshSpool, SpoolReader
from twin.layer import LayerDraft, ReadContext

ORIGIN = (528770.237, 3386666.251)  # 114.30 E 30.60 N in EPSG:4547
CRS = "EPSG:4547"


class Read:
    """A draft and its meshes, by object id."""

    def __init__(self, draft: LayerDraft, spool: SpoolReader) -> None:
        self.draft, self.spool = draft, spool

    def mesh(self, object_id: str) -> tuple[np.ndarray, np.ndarray]:
        """(vertices in the park frame, faces) of all placements of an object."""
        row = self.spool.objects.index(object_id)
        points, faces, start = [], [], 0
        for placed in np.flatnonzero(self.spool.placed_object == row):
            shape = self.spool.shape(int(self.spool.placed_shape[placed]))
            matrix = self.spool.matrix[placed]
            points.append(shape.vertices.astype(float) @ matrix[:, :3].T + matrix[:, 3])
            faces.append(shape.faces.astype(int) + start)
            start += len(shape.vertices)
        return np.concatenate(points), np.concatenate(faces)

    def volume(self, object_id: str) -> float:
        """Signed volume of an object's mesh, m3; positive where it is closed and its faces look outward."""
        points, faces = self.mesh(object_id)
        local = points - points.mean(axis=0)
        a, b, c = (local[faces[:, k]] for k in range(3))
        return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)

    def plan_area(self, object_id: str) -> float:
        """Signed area in plan, m2; all of the surface where every face looks up."""
        points, faces = self.mesh(object_id)
        u, v = (points[faces[:, k], :2] - points[faces[:, 0], :2] for k in (1, 2))
        return float((u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]).sum() / 2)

    def looks(self, object_id: str) -> set[str]:
        row = self.spool.objects.index(object_id)
        return {
            self.spool.materials[int(index)].name
            for placed in np.flatnonzero(self.spool.placed_object == row)
            for index in self.spool.shape(int(self.spool.placed_shape[placed])).material
        }

    def quantity(self, object_id: str, name: str) -> float:
        rows = [row for row in self.draft.quantities.to_pylist() if row["id"] == object_id and row["name"] == name]
        assert len(rows) == 1, (object_id, name, rows)
        return rows[0]["value"]

    def objects(self) -> dict[str, dict]:
        return {row["id"]: row for row in self.draft.objects.to_pylist()}

    def types(self) -> dict[str, str]:
        return {row["id"]: row["type"] for row in self.draft.objects.to_pylist()}

    def codes(self) -> dict[str, int]:
        return {finding.code: int(finding.value or 0) for finding in self.draft.findings}


@pytest.fixture
def frame() -> Frame:
    return Frame(114.30, 30.60, 22.0, CRS)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """Read a vector or elevation file into a fresh spool."""
    count = iter(range(1000))

    def run(path: Path, *, terrain_file: bool = False, **context) -> Read:
        spool = MeshSpool(tmp_path / f"spool{next(count)}")
        reader = read_terrain if terrain_file else read_vector
        try:
            draft = reader(ReadContext(source=path, layer="test", **context), spool)
        finally:
            meshes = spool.close()
        return Read(draft, meshes)

    return run


@pytest.fixture
def geojson(tmp_path: Path) -> Callable[..., Path]:
    """Write features [(geometry in metres around ORIGIN, properties)] as GeoJSON in EPSG:4547."""

    def write(features, name: str = "things.geojson", crs: str | None = CRS, local: bool = True, **ids) -> Path:
        rows = []
        for geometry, properties in features:
            shape = geometry
            if local and shape is not None:
                shape = shapely.transform(
                    shape, lambda p: p + np.r_[ORIGIN, [0.0] * (p.shape[1] - 2)], include_z=bool(shape.has_z)
                )
            rows.append(
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
                }
            )
        root: dict = {"type": "FeatureCollection", "features": rows}
        if crs is not None:
            root["crs"] = {"type": "name", "properties": {"name": crs}}
        path = tmp_path / name
        path.write_text(json.dumps(root, ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture
def raster(tmp_path: Path) -> Callable[..., Path]:
    """Write heights (rows from north to south) as GeoTIFF, its upper left corner at `corner` in EPSG:4547."""

    def write(heights, corner, cell: float, name: str = "dem.tif", crs: str | None = CRS, bands: int = 1, **profile):
        data = np.asarray(heights)
        path = tmp_path / name
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            height=data.shape[0],
            width=data.shape[1],
            count=bands,
            dtype=data.dtype,
            crs=crs,
            transform=from_origin(corner[0], corner[1], cell, cell),
            **profile,
        ) as out:
            for band in range(1, bands + 1):
                out.write(data, band)
        return path

    return write


@pytest.fixture
def slope() -> HeightField:
    """A plane that rises 1 m in 10 m eastward and 1 in 20 northward, 5 m cells, ±500 m."""
    x = np.arange(-500, 501, 5.0)
    z = x[None, :] / 10 + x[:, None] / 20
    return HeightField(-500.0, -500.0, 5.0, 5.0, z.astype(np.float32))


@pytest.fixture
def hills() -> HeightField:
    x = np.arange(-500, 501, 5.0)
    z = 8 * np.sin(x[None, :] / 60) * np.cos(x[:, None] / 45)
    return HeightField(-500.0, -500.0, 5.0, 5.0, z.astype(np.float32))
