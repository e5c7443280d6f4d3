"""Planar faces without a kernel: volumes that are known, senses, holes, and what is left to the kernels."""

from __future__ import annotations

import numpy as np
import pytest

from bim.geometry.facets import facets_of
from tests.bim.geometry.meshing import EXACT, differs, measured, ours, theirs
from tests.bim.ifc_files import new_model

CUBE = [(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)]
SIDES = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (1, 3, 7, 5), (3, 2, 6, 7), (2, 0, 4, 6)]


def prism(ring, height=1.0):
    """Corners and faces (outer loop, then holes) of an upright prism over one ring."""
    n = len(ring)
    corners = [(x, y, z) for z in (0.0, height) for x, y in ring]
    walls = [[(i, (i + 1) % n, (i + 1) % n + n, i + n)] for i in range(n)]
    return corners, [[tuple(range(n))[::-1]], [tuple(range(n, 2 * n))], *walls]


def tube():
    """A cube with a square hole through it from below to above."""
    hole = [(x, y, z) for z in (0, 1) for x, y in ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))]
    faces = [[SIDES[0], (8, 9, 10, 11)], [SIDES[1], (12, 15, 14, 13)], *([side] for side in SIDES[2:])]
    inner = [[(8 + i, 12 + i, 12 + (i + 1) % 4, 8 + (i + 1) % 4)] for i in range(4)]
    return CUBE + hole, faces + inner


def shell(m, corners, faces, kind="IfcClosedShell", backwards=()):
    """A shell; faces: loops of indices, the first the outer one. backwards: faces whose bounds are written and flagged so."""
    f = m.file
    points = [m.point(*corner) for corner in corners]
    made = []
    for number, loops in enumerate(faces):
        back = number in backwards
        bounds = [
            f.create_entity(
                "IfcFaceBound" if n else "IfcFaceOuterBound", Orientation=not back,
                Bound=f.create_entity("IfcPolyLoop", Polygon=[points[i] for i in (loop[::-1] if back else loop)]),
            )
            for n, loop in enumerate(loops)
        ]  # fmt: skip
        made.append(f.create_entity("IfcFace", Bounds=bounds))
    return f.create_entity(kind, CfsFaces=made)


def brep(m, corners, faces, **more):
    return m.file.create_entity("IfcFacetedBrep", Outer=shell(m, corners, faces, **more))


def product(m, item):
    shape = m.file.create_entity(
        "IfcShapeRepresentation", ContextOfItems=m.context, RepresentationIdentifier="Body",
        RepresentationType="Brep", Items=(item,),
    )  # fmt: skip
    made = m.make("IfcMember", ObjectPlacement=m.placement(3, 4, 5), Representation=m.shape(shape))
    m.contain(made)
    return made


def volume(m, item):
    """Signed, of the item's own triangles; NaN where they are not closed."""
    found = facets_of(m.file, [item], 1.0)[item.id()]
    a, b, c = (found.vertices[found.faces[:, n]] for n in range(3))
    closed = measured(found.vertices, found.faces, (), "").volume
    return float(np.einsum("ij,ij->", a, np.cross(b, c))) / 6 if np.isfinite(closed) else np.nan


L_SHAPE = [(0, 0), (2, 0), (2, 1), (1, 1), (1, 3), (0, 3)]
STRAIGHT = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (0, 2), (0, 1)]  # corners on straight sides
KEYHOLE = [(0, 0), (3, 0), (3, 3), (0, 3), (0, 0), (1, 1), (1, 2), (2, 2), (2, 1), (1, 1)]  # a hole reached by a cut


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ((CUBE, [[side] for side in SIDES]), 1.0),
        (tube(), 0.75),
        (prism(L_SHAPE, 2.0), 8.0),
        (prism(STRAIGHT), 4.0),
        (prism(KEYHOLE), 8.0),
    ],
)
@pytest.mark.parametrize("backwards", [(), (0, 2, 3)])
def test_volumes_of_breps_and_the_sense_of_bounds(body, expected, backwards):
    m = new_model()
    item = brep(m, *body, backwards=backwards)
    assert volume(m, item) == pytest.approx(expected)
    made = product(m, item)
    mine, other = ours(m.file)[made.id()], theirs(m.file, EXACT)[made.id()]
    assert mine.engine == "parktwin/direct"
    assert differs(mine, other) == ""


def test_a_hole_may_be_written_in_either_sense_and_come_first():
    m = new_model()
    corners, faces = tube()
    faces[0] = [(11, 10, 9, 8), SIDES[0]]
    assert volume(m, brep(m, corners, faces)) == pytest.approx(0.75)


def test_equal_points_are_one_and_repeated_ones_none():
    m = new_model()
    f = m.file
    faces = []
    for side in SIDES:  # each face with points of its own, one of them twice
        points = [m.point(*CUBE[i]) for i in (*side, side[-1], side[0])]
        bound = f.create_entity(
            "IfcFaceOuterBound", Bound=f.create_entity("IfcPolyLoop", Polygon=points), Orientation=True
        )
        faces.append(f.create_entity("IfcFace", Bounds=(bound,)))
    item = f.create_entity("IfcFacetedBrep", Outer=f.create_entity("IfcClosedShell", CfsFaces=faces))
    assert volume(m, item) == pytest.approx(1.0)


@pytest.mark.parametrize("kind", ["IfcFaceBasedSurfaceModel", "IfcShellBasedSurfaceModel"])
def test_faces_of_either_sense_are_made_to_agree_and_two_shells_are_two_parts(kind):
    m = new_model()
    mixed = [[side[::-1] if n % 2 else side] for n, side in enumerate(SIDES)]
    far = [(x + 5, y, z) for x, y, z in CUBE]
    shells = [shell(m, at, mixed, kind="IfcClosedShell") for at in (CUBE, far)]
    item = m.file.create_entity(kind, **{"FbsmFaces" if kind.startswith("IfcFace") else "SbsmBoundary": shells})
    assert volume(m, item) == pytest.approx(2.0)
    assert set(facets_of(m.file, [item], 1.0)[item.id()].part.tolist()) == {0, 1}


def test_an_open_shell_stays_open():
    m = new_model()
    part = shell(m, CUBE, [[side] for side in SIDES[:5]], kind="IfcOpenShell")
    made = product(m, m.file.create_entity("IfcShellBasedSurfaceModel", SbsmBoundary=(part,)))
    mine = ours(m.file)[made.id()]
    assert mine.engine == "parktwin/direct"
    assert np.isnan(mine.volume)
    assert mine.size.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("through", [None, [8, 7, 6, 5, 4, 3, 2, 1]])
def test_tessellations_by_index(through):
    m = new_model()
    f = m.file
    places = [tuple(map(float, corner)) for corner in (CUBE[::-1] if through else CUBE)]
    points = f.create_entity("IfcCartesianPointList3D", CoordList=places)
    polygons = [f.create_entity("IfcIndexedPolygonalFace", CoordIndex=[i + 1 for i in side]) for side in SIDES]
    faces = f.create_entity("IfcPolygonalFaceSet", Coordinates=points, Closed=True, Faces=polygons, PnIndex=through)
    halves = [[side[0] + 1, side[n] + 1, side[n + 1] + 1] for side in SIDES for n in (1, 2)]
    triangles = f.create_entity("IfcTriangulatedFaceSet", Coordinates=points, CoordIndex=halves, PnIndex=through)
    assert volume(m, faces) == pytest.approx(1.0)
    assert volume(m, triangles) == pytest.approx(1.0)


def test_openings_are_cut_from_faceted_bodies():
    m = new_model()
    made = product(m, brep(m, CUBE, [[side] for side in SIDES]))
    hole = m.make("IfcOpeningElement", ObjectPlacement=made.ObjectPlacement, Representation=m.shape(m.box(1, 1, 3)))
    m.make("IfcRelVoidsElement", RelatingBuildingElement=made, RelatedOpeningElement=hole)
    mine = ours(m.file)[made.id()]
    assert mine.volume == pytest.approx(0.75, rel=1e-3)
    assert mine.engine == "parktwin/direct"


def broken(m, how):
    f = m.file
    item = brep(m, CUBE, [[side] for side in SIDES])
    faces = item.Outer.CfsFaces
    loop = faces[1].Bounds[0].Bound
    if how == "huge":
        loop.Polygon[0].Coordinates = (1e300, 0.0, 1.0)
    elif how == "flat point":
        loop.Polygon[0].Coordinates = (0.0, 1.0)
    elif how == "bow":
        loop.Polygon = [loop.Polygon[i] for i in (0, 2, 1, 3)]
    elif how == "edge loop":
        faces[1].Bounds[0].Bound = f.create_entity("IfcEdgeLoop", EdgeList=())
    elif how == "no loop":
        faces[1].Bounds[0].Bound = None
    elif how == "shell in itself":
        item.Outer.CfsFaces = (*faces, item.Outer)
    elif how == "no shell":
        item.Outer = None
    return item


@pytest.mark.parametrize("how", ["huge", "flat point", "bow", "edge loop", "no loop", "shell in itself", "no shell"])
def test_what_is_broken_is_left_to_the_kernels_and_harms_no_other(how):
    m = new_model()
    fine, bad = brep(m, CUBE, [[side] for side in SIDES]), broken(m, how)
    assert set(facets_of(m.file, [bad, fine, bad], 1.0)) == {fine.id()}


def test_indices_beyond_the_points_are_left_to_the_kernels():
    m = new_model()
    points = m.file.create_entity(
        "IfcCartesianPointList3D", CoordList=[(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)]
    )
    for index in ([1, 2, 4], [0, 1, 2], [1, 2]):
        item = m.file.create_entity("IfcTriangulatedFaceSet", Coordinates=points, CoordIndex=[index])
        assert facets_of(m.file, [item], 1.0) == {}


@pytest.mark.parametrize("again", [[(5, 7, 6, 4)], [(4, 5, 7), (4, 7, 6)]])
def test_a_face_too_many_is_left_out_and_a_sheet_may_be_double(again):
    m = new_model()
    assert volume(m, brep(m, CUBE, [*([side] for side in SIDES), *([face] for face in again)])) == pytest.approx(1.0)
    for sides in ([SIDES[1]], [SIDES[1], SIDES[1]]):
        item = m.file.create_entity(
            "IfcShellBasedSurfaceModel", SbsmBoundary=(shell(m, CUBE, [[one] for one in sides], kind="IfcOpenShell"),)
        )
        assert len(facets_of(m.file, [item], 1.0)[item.id()].faces) == 2 * len(sides)
