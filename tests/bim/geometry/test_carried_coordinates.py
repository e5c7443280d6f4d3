"""Texture coordinates of the file on bodies that were cut."""

from __future__ import annotations

import numpy as np
import pytest

from bim.geometry.carried_coordinates import carried, mapped
from tests.bim.geometry.textured import BLUE, GREEN, RED, WHITE, Textured, png

CORNERS = [(0, 0, 0), (4, 0, 0), (4, 0, 4), (0, 0, 4), (0, 1, 0), (4, 1, 0), (4, 1, 4), (0, 1, 4)]
SIDES = [(1, 2, 3, 4), (6, 5, 8, 7), (5, 1, 4, 8), (2, 6, 7, 3), (4, 3, 7, 8), (5, 6, 2, 1)]
"""A box of 4 by 1 by 4 m; the first side is its south, which alone is mapped: the whole image once, mirrored."""
MIRRORED = [(1.0, 0.0), (0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]


def wall(kind, closed=True):
    """The box as a face set, with its item."""
    made = Textured("IFC4X3")
    f, texture = made.f, made.image()
    points = f.create_entity("IfcCartesianPointList3D", [tuple(map(float, corner)) for corner in CORNERS])
    places = f.create_entity("IfcTextureVertexList", MIRRORED)
    sides = SIDES if closed else SIDES[:1]
    if kind == "triangles":
        triangles = [triangle for a, b, c, d in sides for triangle in ((a, b, c), (a, c, d))]
        item = f.create_entity("IfcTriangulatedFaceSet", points, None, closed, triangles)
        f.create_entity("IfcIndexedTriangleTextureMap", (texture,), item, places, ((1, 2, 3), (1, 3, 4)))
    elif kind == "polygons":
        item = f.create_entity(
            "IfcPolygonalFaceSet", points, closed, [f.create_entity("IfcIndexedPolygonalFace", side) for side in sides]
        )
        f.create_entity(
            "IfcIndexedPolygonalTextureMap", (texture,), item, places,
            (f.create_entity("IfcTextureCoordinateIndices", (1, 2, 3, 4), item.Faces[0]),),
        )  # fmt: skip
    else:
        item = brep(f, sides, texture)
    made.style(item, texture)
    return made, item


def brep(f, sides, texture):
    points = [f.create_entity("IfcCartesianPoint", tuple(map(float, corner))) for corner in CORNERS]
    faces = []
    for side in sides:
        loop = f.create_entity("IfcPolyLoop", [points[corner - 1] for corner in side])
        faces.append(f.create_entity("IfcFace", (f.create_entity("IfcFaceOuterBound", loop, True),)))
    places = [f.create_entity("IfcTextureVertex", place) for place in MIRRORED]
    f.create_entity("IfcTextureMap", (texture,), places, faces[0])
    return f.create_entity("IfcFacetedBrep", f.create_entity("IfcClosedShell", faces))


def hole(made, at=(2.0, 0.5, 1.5)):
    """An opening of 1 by 2 by 1 m through the product; `at` is the middle of its lower side."""
    m = made.model
    opening = m.make("IfcOpeningElement", ObjectPlacement=m.placement(*at), Representation=m.shape(m.box(1, 2, 1)))
    m.make("IfcRelVoidsElement", RelatingBuildingElement=made.product, RelatedOpeningElement=opening)


def assert_mirrored(seen):
    """The image over all of the south side, its right at the left."""
    assert [seen.at(*place) for place in ((0.5, 0, 3.5), (3.5, 0, 3.5), (0.5, 0, 0.5), (3.5, 0, 0.5))] == [
        GREEN, RED, WHITE, BLUE,
    ]  # fmt: skip
    assert seen.at(1.2, 0, 2.7) == GREEN  # beside the hole: a cut triangle


@pytest.mark.parametrize("kind", ["triangles", "polygons", "brep"])
def test_what_an_opening_leaves_of_a_mapped_face_keeps_its_coordinates(tmp_path, kind):
    made, item = wall(kind)
    made.put(item)
    hole(made)
    seen = made.read(tmp_path, {"tex.png": png()})
    assert "parktwin/textured" not in seen.draft.engines
    assert len(np.unique(seen.spool.shape(0).vertices.round(4), axis=0)) >= 16  # it is cut
    assert_mirrored(seen)


def test_the_faces_in_the_cut_get_the_planes_of_a_box(tmp_path):
    made, item = wall("triangles")
    made.put(item)
    hole(made, at=(1.5, 0.5, 1.0))
    seen = made.read(tmp_path, {"tex.png": png()})
    # The sill at a height of 1 m, seen from above: x along the image's width, y from its lower edge.
    assert [seen.at(1.25, 0.75, 1), seen.at(1.75, 0.25, 1)] == [RED, WHITE]


def test_a_boolean_result_keeps_the_coordinates_of_its_operand(tmp_path):
    made, item = wall("triangles")
    f = made.f
    up = f.create_entity("IfcAxis2Placement3D", f.create_entity("IfcCartesianPoint", (0.0, 0.0, 3.8)))
    half = f.create_entity("IfcHalfSpaceSolid", f.create_entity("IfcPlane", up), False)
    result = f.create_entity("IfcBooleanResult", "DIFFERENCE", item, half)
    made.style(result, f.by_type("IfcImageTexture")[0])
    made.put(result, "CSG")
    seen = made.read(tmp_path, {"tex.png": png()})
    high = max(float(seen.spool.shape(i).vertices[:, 2].max() * 2) for i in range(len(seen.spool.counts)))
    assert high == pytest.approx(3.8, abs=1e-3)
    assert_mirrored(seen)


def test_an_open_surface_with_an_opening_keeps_them_too(tmp_path):
    made, item = wall("triangles", closed=False)
    made.put(item)
    hole(made)
    assert_mirrored(made.read(tmp_path, {"tex.png": png()}))


def test_faces_that_lie_on_nothing_have_none():
    square = np.array([[[0, 0, 0], [1, 0, 0], [1, 1, 0]], [[0, 0, 0], [1, 1, 0], [0, 1, 0]]], np.float64)
    places = np.array([[[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]], np.float64)
    source = mapped([square], [places], [7])
    faces = np.array(
        [
            [[0.2, 0.1, 0], [0.4, 0.1, 0], [0.3, 0.2, 0]],
            [[0.3, 0.2, 0], [0.4, 0.1, 0], [0.2, 0.1, 0]],  # the other way round
            [[0.2, 0.1, 0.01], [0.4, 0.1, 0.01], [0.3, 0.2, 0.01]],  # beside the plane
            [[2.0, 0.0, 0], [3.0, 0.0, 0], [3.0, 1.0, 0]],  # beside the square
            [[0.2, 0.1, 0], [0.4, 0.1, 0], [0.3, 0.1, 1]],  # across it
        ]
    )
    uv, under = carried(source, faces)
    assert under.tolist() == [0, 0, -1, -1, -1]
    assert np.allclose(uv[:2], faces[:2, :, :2])
    assert np.isnan(uv[2:]).all()


def test_triangles_without_area_or_coordinates_carry_nothing():
    flat = np.array([[[0, 0, 0], [1, 0, 0], [2, 0, 0]], [[0, 0, 0], [1, 0, 0], [0, 1, 0]]], np.float64)
    places = np.array([[[0, 0], [1, 0], [1, 1]], [[np.nan, 0], [1, 0], [1, 1]]], np.float64)
    source = mapped([flat], [places], [1])
    assert not len(source.corners)
    assert carried(source, flat)[1].tolist() == [-1, -1]
