"""Files at odd places or with odd ids: the date line, both sides of the globe, damaged rasters, control characters."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine, from_origin

from gis.source.identity import MAX_LENGTH
from twin.errors import Invalid

HEIGHTS = np.add.outer(np.arange(40.0), np.arange(50.0)).astype(np.float32)


def refused(read, path, **context):
    with pytest.raises(Invalid) as caught:
        read(path, **context)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    return caught.value


def written(path, heights, transform, crs="EPSG:4326"):
    rows, columns = heights.shape
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32", crs=crs, transform=transform
    ) as out:
        out.write(heights, 1)
    return path


def square(x, y=30.5):
    return shapely.box(x, y, x + 0.001, y + 0.001)


def test_features_on_both_sides_of_the_date_line_are_neighbours(read, geojson):
    found = read(geojson([(square(179.9985), {"id": "a"}), (square(-179.9995), {"id": "b"})], local=False, crs=None))
    assert abs(found.draft.frame.longitude) == pytest.approx(180.0, abs=0.001)
    distance = found.mesh("b")[0][:, 0].min() - found.mesh("a")[0][:, 0].max()
    assert distance == pytest.approx(95.9, abs=0.6)  # 0.001 degrees of longitude at 30.5 N


def test_features_too_far_apart_for_one_park_are_refused(read, geojson):
    error = refused(read, geojson([(square(114.0), {}), (square(164.0), {})], local=False, crs=None))
    assert error.code == "far-apart"
    assert "2," in str(error)  # 2,3xx km


@pytest.mark.parametrize("west", [179.995, 359.995])
def test_a_raster_across_the_date_line_or_greenwich_from_0_to_360(read, tmp_path, west):
    path = written(tmp_path / "dem.tif", HEIGHTS, from_origin(west, 30.5, 0.0003, 0.0003))
    frame = read(path, terrain_file=True).draft.frame
    assert frame.longitude == pytest.approx(west + 0.0075 - 360, abs=1e-6)


@pytest.mark.parametrize(
    ("data", "transform", "code"),
    [
        (HEIGHTS, Affine.identity(), "raster-position"),
        (np.where(np.indices((40, 40)).sum(axis=0) % 2, 5.0, np.nan), from_origin(5e5, 3.4e6, 5, 5), "raster-empty"),
    ],
)
def test_rasters_without_place_or_surface(read, tmp_path, data, transform, code):
    path = written(tmp_path / "dem.tif", data.astype(np.float32), transform, "EPSG:4547")
    assert refused(read, path, terrain_file=True).code == code


def test_a_raster_that_breaks_off(read, tmp_path):
    path = written(tmp_path / "dem.tif", HEIGHTS, from_origin(5e5, 3.4e6, 5, 5), "EPSG:4547")
    path.write_bytes(path.read_bytes()[:4000])
    assert "damaged" in str(refused(read, path, terrain_file=True))


def test_ids_hold_no_line_breaks_and_are_not_endless(read, geojson, frame):
    box = shapely.box(0, 0, 10, 10)
    names = ["way/1 a", "a\nb", "a\tb", "楼" * 500, "楼" * 501]
    found = read(geojson([(box, {"id": name}) for name in names]), frame=frame)
    ids = found.draft.objects["id"].to_pylist()
    assert ids[:3] == ["way/1 a", "a_b", "a_b~2"]
    assert len(set(ids)) == 5
    assert [len(name) for name in ids[3:]] == [MAX_LENGTH, MAX_LENGTH]
