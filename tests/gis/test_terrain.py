from __future__ import annotations

import numpy as np
import pytest

from gis.terrain.fill import fill
from gis.terrain.resample import MAX_CELLS, sample
from twin.errors import Invalid, NotFound
from twin.geometry.frame import Frame

CORNER = (528770.237 - 500, 3386666.251 + 500)


def plane(n, cell, east=0.1, north=0.05, base=30.0):
    """Heights of a plane through `base` at the middle, rows from north to south."""
    centre = (np.arange(n) - (n - 1) / 2) * cell
    return (base + east * centre[None, :] - north * centre[:, None]).astype(np.float32)


def refused(read, path, **context):
    with pytest.raises(Invalid) as caught:
        read(path, terrain_file=True, **context)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    return caught.value


def test_heights_are_where_they_belong(read, raster, frame):
    found = read(raster(plane(200, 5.0), CORNER, 5.0), terrain_file=True, frame=frame)
    field = found.draft.terrain
    grid = np.random.default_rng(2).uniform(-480, 480, (500, 2))
    x, y = frame.to_crs(np.column_stack((grid, np.zeros(500))), "EPSG:4547").T[:2]
    expected = 30 + 0.1 * (x - CORNER[0] - 500) + 0.05 * (y - CORNER[1] + 500) - frame.height
    drop = (grid**2).sum(axis=1) / (2 * 6.371e6)  # the tangent plane leaves the ellipsoid
    assert np.abs(field.sample(grid) - (expected - drop)).max() < 0.005
    assert field.dx == pytest.approx(5.0, rel=1e-3)


def test_a_coarse_model_is_interpolated_smoothly(read, raster, frame):
    found = read(raster(plane(40, 30.0), (CORNER[0] - 100, CORNER[1] + 100), 30.0), terrain_file=True, frame=frame)
    assert found.draft.terrain.dx == pytest.approx(10.0)
    assert found.codes()["terrain-resampled"] == 1
    ids = found.draft.objects["id"].to_pylist()
    points = np.concatenate([found.mesh(name)[0] for name in ids[1:]])
    assert np.abs(points[:, 2] - found.draft.terrain.sample(points)).max() < 1e-3


def test_chunks_cover_the_grid_once_and_look_up(read, raster, frame):
    found = read(raster(plane(200, 5.0), CORNER, 5.0), terrain_file=True, frame=frame, extent_m=400.0)
    field = found.draft.terrain
    rows, columns = field.z.shape
    types = found.types()
    tiles = [name for name, kind in types.items() if kind == "TerrainTile"]
    assert types["terrain"] == "Terrain"
    assert len(tiles) == 3 * 3
    assert sum(found.plan_area(name) for name in tiles) == pytest.approx(
        (rows - 1) * (columns - 1) * field.dx * field.dy, rel=1e-5
    )
    assert sum(len(found.mesh(name)[1]) for name in tiles) == 2 * (rows - 1) * (columns - 1)
    assert np.abs(np.array(field.bounds)).max() <= 400.01
    assert found.codes()["terrain-cut"] == 1
    assert {row["parent"] for row in found.draft.objects.to_pylist()} == {None, "terrain"}
    slope = np.hypot(0.1, 0.05)
    area = found.quantity("terrain", "SurfaceArea")
    assert area == pytest.approx((rows - 1) * (columns - 1) * field.dx * field.dy * np.sqrt(1 + slope**2), rel=1e-4)


def test_gaps_are_not_shown_but_filled_for_draping(read, raster, frame):
    heights = plane(200, 5.0)
    heights[95:105, 95:105] = -9999
    found = read(raster(heights, CORNER, 5.0, nodata=-9999), terrain_file=True, frame=frame)
    field = found.draft.terrain
    assert np.isfinite(field.z).all()
    assert field.sample([[0.0, 0.0]])[0] == pytest.approx(8.0, abs=1.0)
    shown = sum(len(found.mesh(name)[1]) for name in found.spool.objects)
    rows, columns = field.z.shape
    assert shown < 2 * (rows - 1) * (columns - 1) - 150
    assert found.codes()["terrain-gaps"] >= 80


def test_undeclared_fillers_and_feet(read, raster, frame):
    heights = plane(100, 10.0) / 0.3048
    heights[0, :] = -32768
    path = raster(heights, CORNER, 10.0)
    import rasterio

    with rasterio.open(path, "r+") as out:
        out.units = ("ft",)
    found = read(path, terrain_file=True, frame=frame)
    assert found.draft.terrain.sample([[0.0, 0.0]])[0] == pytest.approx(8.0, abs=0.01)
    assert found.draft.terrain.z.min() > -75
    assert found.draft.georef["metres_per_unit"] == pytest.approx(0.3048)


def test_without_a_park_the_frame_stands_on_the_middle_of_the_raster(read, raster):
    found = read(raster(plane(200, 5.0), CORNER, 5.0), terrain_file=True)
    frame = found.draft.frame
    assert (frame.longitude, frame.latitude) == pytest.approx((114.30, 30.60), abs=1e-6)
    assert frame.height == pytest.approx(30.0, abs=0.3)
    assert frame.crs == "EPSG:4547"
    assert found.draft.terrain.sample([[0.0, 0.0]])[0] == pytest.approx(0, abs=0.3)


def test_large_rasters_are_bounded(read, raster, frame):
    side = 3000
    found = read(raster(plane(side, 1.0), (CORNER[0] - 1000, CORNER[1] + 1000), 1.0), terrain_file=True, frame=frame)
    assert max(found.draft.terrain.z.shape) <= MAX_CELLS + 1
    grid = np.array([[0.0, 0.0], [700.0, -300.0]])
    assert found.draft.terrain.sample(grid) == pytest.approx([8.0, 8 + 70 - 15], abs=0.15)


def test_what_is_no_elevation_model(read, raster, frame, tmp_path):
    picture = raster(np.zeros((50, 50), np.uint8), CORNER, 5.0, bands=3, photometric="RGB")
    assert "picture with 3 colour bands" in str(refused(read, picture, frame=frame))
    two = raster(plane(50, 5.0), CORNER, 5.0, bands=2)
    assert "has 2 bands" in str(refused(read, two, frame=frame))
    empty = raster(np.full((50, 50), -9999, np.float32), CORNER, 5.0, nodata=-9999)
    assert refused(read, empty, frame=frame).code == "raster-empty"
    assert refused(read, empty).code == "raster-empty"
    text = tmp_path / "text.tif"
    text.write_text("not a raster")
    assert "cannot be read as a raster" in str(refused(read, text, frame=frame))
    with pytest.raises(NotFound):
        read(tmp_path / "none.tif", terrain_file=True)


def test_where_it_lies(read, raster, frame):
    bare = raster(plane(50, 5.0), CORNER, 5.0, crs=None)
    error = refused(read, bare, frame=frame)
    assert error.code == "crs-missing"
    assert "--crs EPSG:4547" in str(error)
    assert read(bare, terrain_file=True, frame=frame, crs="EPSG:4547").draft.georef["how"] == "override"
    path = raster(plane(50, 5.0), CORNER, 5.0)
    assert refused(read, path, frame=Frame(104.3, 30.6)).code == "far-away"
    near = refused(read, path, frame=Frame(114.35, 30.6))
    assert near.code == "outside-extent"
    assert "2000 m" in str(near)


def test_interpolation_keeps_planes_and_stays_within_its_cells():
    cells = np.add.outer(np.arange(8.0) * 2, np.arange(9.0) * 3)
    u, v = np.meshgrid(np.linspace(1, 7, 23), np.linspace(1, 6, 19))
    assert np.allclose(sample(cells, u, v), 2 * v + 3 * u)
    step = np.where(np.arange(10) < 5, 0.0, 10.0)[None, :].repeat(10, axis=0)
    values = sample(step, *np.meshgrid(np.linspace(0, 9, 91), np.linspace(0, 9, 7)))
    assert values.min() >= 0
    assert values.max() <= 10
    assert np.isnan(sample(cells, np.array([[-1.0, 8.6]]), np.array([[0.0, 0.0]]))).all()


def test_filling_keeps_what_is_known_and_spreads_it():
    z = np.full((37, 53), np.nan)
    z[::6, ::6] = 5.0
    z[10, 10] = 5.0
    assert np.allclose(fill(z), 5.0)
    ramp = np.linspace(0, 1, 64)[None, :].repeat(64, axis=0)
    holed = ramp.copy()
    holed[20:40, 20:40] = np.nan
    filled = fill(holed)
    assert np.array_equal(filled[np.isfinite(holed)], ramp[np.isfinite(holed)])
    assert np.abs(filled - ramp).max() < 0.12
