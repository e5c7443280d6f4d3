from __future__ import annotations

import numpy as np
import pytest
import shapely

from gis.shapes.drape import MAX_CELLS, drape
from gis.shapes.ground import Ground
from gis.shapes.parts import Parts
from twin.geometry.heightfield import HeightField


def parts(*polygons):
    return Parts(np.array(polygons, object), np.arange(len(polygons)))


def cuts_below(points, faces, terrain, tolerance):
    """Share of sample points inside the triangles that lie below the terrain by more than `tolerance`."""
    weights = np.random.default_rng(3).dirichlet((1, 1, 1), size=4)
    spots = np.einsum("kw,fwd->fkd", weights, points[faces]).reshape(-1, 3)
    return float((spots[:, 2] < terrain.sample(spots) - tolerance).mean())


def test_a_draped_surface_keeps_its_area_and_touches_the_ground_everywhere(hills):
    ring = shapely.Point(13, -7).buffer(180).difference(shapely.Point(30, 20).buffer(60))
    mesh = drape(parts(ring), Ground(hills), 0.1, 0)
    a, b, c = (mesh.vertices[mesh.faces[:, k], :2] for k in range(3))
    u, v = b - a, c - a
    turn = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    assert (turn > -1e-9).all()
    assert turn.sum() / 2 == pytest.approx(ring.area, rel=1e-9)
    assert np.abs(mesh.vertices[:, 2] - hills.sample(mesh.vertices) - 0.1).max() < 1e-9
    edges = np.linalg.norm(np.diff(mesh.vertices[mesh.faces[:, [0, 1, 2, 0]]][..., :2], axis=1), axis=-1)
    assert edges.max() <= 5 * np.sqrt(2) + 1e-6
    assert cuts_below(mesh.vertices, mesh.faces, hills, 0.0) == 0.0


def test_several_surfaces_stay_apart(hills):
    squares = [shapely.box(x, 0, x + 20, 20) for x in (0, 20, 300)]
    mesh = drape(parts(*squares), Ground(hills), 0.0, 3)
    assert np.array_equal(np.unique(mesh.owner), [0, 1, 2])
    assert (np.diff(mesh.owner) >= 0).all()
    for row, square in enumerate(squares):
        points = mesh.vertices[np.unique(mesh.faces[mesh.owner == row])]
        assert shapely.box(*shapely.total_bounds(shapely.points(points[:, :2]))).equals_exact(square, 1e-6)


def test_vast_surfaces_are_cut_more_coarsely():
    x = np.arange(0, 5001, 5.0)
    field = HeightField(0, 0, 5, 5, np.zeros((len(x), len(x)), np.float32))
    mesh = drape(parts(shapely.box(1, 1, 4999, 4999)), Ground(field), 0.0, 0)
    assert len(mesh.faces) < 3 * MAX_CELLS


def test_order_on_the_ground(read, geojson, frame, hills):
    square = shapely.box(0, 0, 30, 30)
    kinds = ["landuse", "green", "road", "footpath", "parking"]
    found = read(geojson([(square, {"id": kind, "kind": kind}) for kind in kinds]), frame=frame, terrain=hills)
    lifts = []
    for kind in kinds:
        points, _ = found.mesh(kind)
        lifts.append(float(np.mean(points[:, 2] - hills.sample(points))))
    assert lifts == sorted(lifts)
    assert np.diff(lifts).min() > 0.02
    assert [found.types()[kind] for kind in kinds] == ["LandUse", "GreenArea", "Road", "Footpath", "ParkingBay"]


def test_a_road_line_becomes_a_ribbon_of_its_width(read, geojson, frame, slope):
    line = shapely.LineString([(0, 0), (100, 0), (100, 80)])
    path = geojson([
        (line, {"id": "width", "highway": "residential", "width": 7}),
        (line, {"id": "class", "highway": "secondary"}),
        (line, {"id": "lanes", "highway": "service", "lanes": "2"}),
        (line, {"id": "path", "highway": "footway"}),
        (line, {"id": "bare", "kind": "road"}),
    ])  # fmt: skip
    found = read(path, frame=frame, terrain=slope)
    widths = {name: found.quantity(name, "Width") for name in found.types()}
    assert widths == {"width": 7, "class": 11, "lanes": 7, "path": 2, "bare": 6}
    assert found.types()["path"] == "Footpath"
    assert found.quantity("width", "Length") == pytest.approx(180, rel=1e-4)
    assert found.plan_area("width") == pytest.approx(line.buffer(3.5, quad_segs=4).area, rel=2e-3)
    points, faces = found.mesh("width")
    assert cuts_below(points, faces, slope, 0.0) == 0.0


def test_standing_water_is_level_and_a_river_follows_its_fall(read, geojson, frame, slope):
    pond, river = shapely.Point(0, 0).buffer(6), shapely.box(-300, 100, 300, 110)
    found = read(
        geojson([(pond, {"id": "pond", "natural": "water"}), (river, {"id": "river", "natural": "water"})]),
        frame=frame,
        terrain=slope,
    )
    points, _ = found.mesh("pond")
    assert np.ptp(points[:, 2]) < 1e-5
    # the pond spans ±0.67 m of ground; it covers nine tenths of it
    assert 0.3 < points[0, 2] < 0.7
    points, _ = found.mesh("river")
    assert np.ptp(points[:, 2]) > 55
    assert found.looks("pond") == {"water"}


def test_a_plot_shows_its_edge_and_keeps_its_area(read, geojson, frame):
    plot = shapely.box(-100, -50, 100, 50)
    found = read(geojson([(plot, {"id": "plot", "kind": "plot_boundary"})]), frame=frame)
    assert found.types() == {"plot": "PlotBoundary"}
    assert found.quantity("plot", "Area") == pytest.approx(20_000, rel=1e-4)
    assert found.quantity("plot", "Perimeter") == pytest.approx(600, rel=1e-4)
    assert found.plan_area("plot") == pytest.approx(600 * 0.5, rel=0.01)


def test_without_terrain_surfaces_lie_at_the_park_height(read, geojson, frame):
    found = read(geojson([(shapely.box(0, 0, 900, 900), {"id": "g", "kind": "green"})]), frame=frame)
    points, faces = found.mesh("g")
    assert np.allclose(points[:, 2], 0.05, atol=1e-5)
    assert len(faces) == 2


def test_lines_keep_their_middle_in_the_direction_they_were_drawn(read, geojson, frame, slope):
    road, pipe = shapely.LineString([(40, 0), (0, 0)]), shapely.LineString([(0, 10), (30, 10)])
    here = shapely.LineString([(5, 5), (5, 5)])  # without length: no line, and no fault either
    features = [(road, {"kind": "road"}), (pipe, {"kind": "pipe", "depth": 1.0, "dn": 400}), (here, {"kind": "road"})]
    draft = read(geojson(features), frame=frame, terrain=slope).draft
    axes = [np.reshape(row["points"], (-1, 3)) for row in draft.axes.to_pylist()]
    assert len(axes) == 2
    on_road, in_pipe = axes
    assert on_road[0, 0] - on_road[-1, 0] == pytest.approx(40, abs=0.05)
    assert on_road[:, 2] == pytest.approx(slope.sample(on_road), abs=0.5)
    assert in_pipe[-1, 0] - in_pipe[0, 0] == pytest.approx(30, abs=0.05)
    assert in_pipe[:, 2] == pytest.approx(slope.sample(in_pipe) - 1.2, abs=1e-6)
