"""Openings and boolean results by exact solids, against the complete kernel."""

from __future__ import annotations

import numpy as np
import pytest

from bim.geometry import openings
from bim.geometry.engines import engines_of
from bim.geometry.placements import Placements
from bim.geometry.solids import cut
from bim.geometry.unforked import batches_here
from tests.bim.geometry.meshing import EXACT, differs, ours, theirs
from tests.bim.geometry.test_facets import CUBE, SIDES
from tests.bim.ifc_files import new_model


def opening(m, host, size, at=(0.0, 0.0, 0.0)):
    made = m.make(
        "IfcOpeningElement",
        ObjectPlacement=m.placement(*at, relative_to=host.ObjectPlacement),
        Representation=m.shape(m.box(*size)),
    )
    m.make("IfcRelVoidsElement", RelatingBuildingElement=host, RelatedOpeningElement=made)
    return made


def assert_same(m, product, engine=None):
    mine, other = ours(m.file)[product.id()], theirs(m.file)[product.id()]
    assert np.isfinite(mine.volume)
    assert differs(mine, other) == ""
    if engine:
        assert mine.engine == engine
    return mine


@pytest.mark.parametrize(
    ("size", "at", "left"),
    [
        ((1.0, 0.2, 1.0), (0, 0, 1), 3.0 - 0.2),  # as deep as the wall: both faces flush
        ((1.0, 0.4, 1.0), (0, 0, 1), 3.0 - 0.2),  # deeper
        ((1.0, 0.1, 1.0), (0, 0.05, 1), 3.0 - 0.1),  # a niche, flush on one side
        ((1.0, 0.2, 2.0), (0, 0, 0), 3.0 - 0.4),  # a door: flush with the foot as well
        ((1.0, 0.2, 3.0), (2.0, 0, 0), 3.0 - 0.6),  # flush with end, head and foot
        ((1.0, 0.2, 1.0), (9, 0, 1), 3.0),  # beside the wall
    ],
)
def test_openings_leave_no_skin_where_faces_are_flush(size, at, left):
    m = new_model()
    wall = m.wall(at=(528770.237, 3386666.251, 12.3))
    opening(m, wall, size, at)
    assert assert_same(m, wall, "parktwin/direct").volume == pytest.approx(left, rel=1e-4)


def test_an_opening_in_a_body_that_a_kernel_meshed():
    m = new_model()
    f = m.file
    points = f.create_entity("IfcCartesianPointList3D", CoordList=[tuple(map(float, corner)) for corner in CUBE])
    sides = [f.create_entity("IfcIndexedPolygonalFace", CoordIndex=[n + 1 for n in side]) for side in SIDES]
    sides[0] = f.create_entity("IfcIndexedPolygonalFaceWithVoids", CoordIndex=sides[0].CoordIndex, InnerCoordIndices=())
    made = f.create_entity("IfcPolygonalFaceSet", Coordinates=points, Closed=True, Faces=sides)
    wall = m.wall()
    wall.Representation.Representations[0].Items = (made,)
    opening(m, wall, (1.0, 1.0, 1.0), (0, 0, 0.5))
    mine = assert_same(m, wall, "ifcopenshell/cgal-simple+manifold")
    assert mine.volume == pytest.approx(1.0 - 0.125, rel=1e-3)


def test_overlapping_openings_and_those_of_the_whole_are_cut_from_its_parts():
    m = new_model()
    wall = m.make("IfcWall", Name="whole", ObjectPlacement=m.placement(0, 0, 0))
    m.contain(wall)
    part = m.make(
        "IfcBuildingElementPart", ObjectPlacement=m.placement(0, 0, 0), Representation=m.shape(m.box(5.0, 0.2, 3.0))
    )
    m.make("IfcRelAggregates", RelatingObject=wall, RelatedObjects=(part,))
    opening(m, wall, (1.0, 0.3, 1.0), (0, 0, 1))
    opening(m, wall, (1.0, 0.3, 1.0), (0.5, 0, 1))
    assert assert_same(m, part).volume == pytest.approx(3.0 - 0.3, rel=1e-4)


def clipped(m, operator, second):
    """A wall whose body is box `operator` second."""
    f = m.file
    first = m.box(5.0, 0.2, 3.0).Items[0]
    kind = "IfcBooleanClippingResult" if second.is_a("IfcHalfSpaceSolid") else "IfcBooleanResult"
    result = f.create_entity(kind, Operator=operator, FirstOperand=first, SecondOperand=second)
    shape = f.create_entity(
        "IfcShapeRepresentation", ContextOfItems=m.context, RepresentationIdentifier="Body", RepresentationType="Clipping",
        Items=(result,),
    )  # fmt: skip
    wall = m.make("IfcWall", ObjectPlacement=m.placement(7, 8, 9), Representation=m.shape(shape))
    m.contain(wall)
    return wall


def half_space(m, z, axis=(0.0, 0.3, 1.0), agreement=False, polygon=None):
    f = m.file
    position = f.create_entity(
        "IfcAxis2Placement3D", Location=m.point(0, 0, z), Axis=f.create_entity("IfcDirection", DirectionRatios=axis),
        RefDirection=f.create_entity("IfcDirection", DirectionRatios=(1.0, 0.0, 0.0)),
    )  # fmt: skip
    plane = f.create_entity("IfcPlane", Position=position)
    if polygon is None:
        return f.create_entity("IfcHalfSpaceSolid", BaseSurface=plane, AgreementFlag=agreement)
    return f.create_entity(
        "IfcPolygonalBoundedHalfSpace", BaseSurface=plane, AgreementFlag=agreement,
        Position=f.create_entity("IfcAxis2Placement3D", Location=m.point(0, 0, 0)),
        PolygonalBoundary=f.create_entity("IfcPolyline", Points=[m.point(*corner) for corner in polygon]),
    )  # fmt: skip


SQUARE = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]


@pytest.mark.parametrize("agreement", [False, True])
@pytest.mark.parametrize("polygon", [None, SQUARE, SQUARE[::-1]])
def test_half_spaces_cut_the_side_that_their_flag_tells(agreement, polygon):
    m = new_model()
    wall = clipped(m, "DIFFERENCE", half_space(m, 2.0, agreement=agreement, polygon=polygon))
    mine = assert_same(m, wall, "parktwin/csg")
    assert 0.5 < mine.volume < 2.9


@pytest.mark.parametrize(("operator", "volume"), [("DIFFERENCE", 2.8), ("UNION", 3.1), ("INTERSECTION", 0.2)])
def test_booleans_of_two_solids(operator, volume):
    m = new_model()
    second = m.box(1.0, 0.3, 1.0).Items[0]
    mine = assert_same(m, clipped(m, operator, second), "parktwin/csg")
    assert mine.volume == pytest.approx(volume, rel=1e-4)


def test_a_result_of_results_and_an_opening_in_it():
    m = new_model()
    wall = clipped(m, "DIFFERENCE", half_space(m, 2.5, agreement=False))
    item = wall.Representation.Representations[0].Items[0]
    again = m.file.create_entity(
        "IfcBooleanClippingResult", Operator="DIFFERENCE", FirstOperand=item,
        SecondOperand=half_space(m, 0.5, axis=(1.0, 0.0, 1.0), agreement=True, polygon=SQUARE),
    )  # fmt: skip
    wall.Representation.Representations[0].Items = (again,)
    opening(m, wall, (0.5, 0.4, 0.5), (1.5, 0, 0.5))
    assert_same(m, wall, "parktwin/csg")


def test_a_result_that_holds_itself_ends():
    m = new_model()
    wall = clipped(m, "DIFFERENCE", half_space(m, 2.0))
    item = wall.Representation.Representations[0].Items[0]
    item.FirstOperand = item
    other = m.wall("other", at=(0, 5, 0))
    path = ours_or_culprit(m)
    assert other.id() in path
    assert wall.id() not in path


def ours_or_culprit(m):
    """As `ours`, where a kernel may die on the way."""
    from bim.geometry.engines import engines_of
    from bim.geometry.isolation import Isolated, Patience
    from bim.geometry.placements import Placements

    bodies = [p for p in m.file.by_type("IfcElement") if p.Representation]
    job = Isolated(engines_of(m.file, Placements(1.0), 1.0), m.file, bodies, Patience(silence=3.0))
    return {step for batch in job.batches() for step in batch.step.tolist()}


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4"])
@pytest.mark.parametrize("diffuse", [None, 0.5, (0.8, 0.6, 0.4)])
def test_colours_are_those_of_the_kernel(schema, diffuse):
    m = new_model(schema)
    f = m.file
    wall = m.wall()
    colour = f.create_entity("IfcColourRgb", Red=0.5, Green=0.4, Blue=0.3)
    more = None
    if diffuse is not None:
        more = (
            f.create_entity("IfcNormalisedRatioMeasure", diffuse)
            if isinstance(diffuse, float)
            else f.create_entity("IfcColourRgb", None, *diffuse)
        )
    shading = f.create_entity(
        "IfcSurfaceStyleRendering", SurfaceColour=colour, Transparency=0.2, DiffuseColour=more,
        ReflectanceMethod="NOTDEFINED",
    )  # fmt: skip
    style = f.create_entity("IfcSurfaceStyle", Name="s", Side="BOTH", Styles=(shading,))
    if schema == "IFC2X3":
        style = f.create_entity("IfcPresentationStyleAssignment", Styles=(style,))
    f.create_entity("IfcStyledItem", Item=wall.Representation.Representations[0].Items[0], Styles=(style,))
    (mine,), (other,) = ours(f)[wall.id()].colours, theirs(f)[wall.id()].colours
    assert mine == pytest.approx(other)


@pytest.mark.parametrize("kind", ["IfcMaterialLayerSet", "IfcMaterialProfileSet", "IfcMaterialConstituentSet"])
@pytest.mark.parametrize("count", [1, 2])
def test_a_set_of_one_material_gives_its_colour(kind, count):
    m = new_model()
    f = m.file
    wall = m.wall()
    materials = [f.create_entity("IfcMaterial", Name=str(n)) for n in range(count)]
    for material in materials:
        colour = f.create_entity("IfcColourRgb", Red=0.3, Green=0.2, Blue=0.1)
        shading = f.create_entity("IfcSurfaceStyleShading", SurfaceColour=colour)
        style = f.create_entity("IfcSurfaceStyle", Name="s", Side="BOTH", Styles=(shading,))
        styled = f.create_entity("IfcStyledItem", Styles=(style,))
        shown = f.create_entity("IfcStyledRepresentation", ContextOfItems=m.context, Items=(styled,))
        f.create_entity("IfcMaterialDefinitionRepresentation", Representations=(shown,), RepresentedMaterial=material)
    name = kind.removesuffix("Set")
    more = {"LayerThickness": 0.1} if "Layer" in kind else {}
    parts = [f.create_entity(name, Material=material, **more) for material in materials]
    definition = f.create_entity(kind, **{f"{name.removeprefix('Ifc')}s": parts})
    m.make("IfcRelAssociatesMaterial", RelatedObjects=(wall,), RelatingMaterial=definition)
    mine, other = ours(f)[wall.id()].colours, theirs(f)[wall.id()].colours
    assert mine == other
    assert len(mine) == (1 if count == 1 else 0)


def test_each_item_keeps_its_colour_when_an_opening_is_cut():
    m = new_model()
    f = m.file
    shape = m.box(5.0, 0.2, 3.0)
    inner = m.box(5.0, 0.1, 3.0)
    inner.Items[0].Position.Location = m.point(0, 0.15, 0)
    items = (shape.Items[0], inner.Items[0])
    shape.Items = items
    for item, red in zip(items, (0.9, 0.2), strict=True):
        colour = f.create_entity("IfcColourRgb", Red=red, Green=0.1, Blue=0.1)
        shading = f.create_entity("IfcSurfaceStyleRendering", SurfaceColour=colour, ReflectanceMethod="NOTDEFINED")
        style = f.create_entity("IfcSurfaceStyle", Name=f"red {red}", Side="BOTH", Styles=(shading,))
        f.create_entity("IfcStyledItem", Item=item, Styles=(style,))
    wall = m.make("IfcWall", ObjectPlacement=m.placement(), Representation=m.shape(shape))
    m.contain(wall)
    opening(m, wall, (1.0, 1.0, 1.0), (0, 0, 1))
    mine, other = ours(m.file)[wall.id()], theirs(m.file, EXACT)[wall.id()]
    assert {round(colour[0], 3) for colour in mine.colours} == {round(c[0], 3) for c in other.colours} == {0.9, 0.2}
    assert mine.engine == "parktwin/direct"


def test_only_the_parts_that_an_opening_reaches_are_cut(monkeypatch):
    m = new_model()
    wall = m.wall(size=(4.0, 0.2, 3.0))
    far = m.box(1.0, 0.2, 1.0).Items[0]
    far.Position = m.file.create_entity("IfcAxis2Placement3D", Location=m.point(9, 0, 0))
    wall.Representation.Representations[0].Items = (*wall.Representation.Representations[0].Items, far)
    opening(m, wall, (1.0, 0.1, 1.0), at=(0, 0.05, 1))  # a niche, which no cut of boxes knows
    cuts = []
    monkeypatch.setattr(openings, "cut", lambda body, tools: cuts.append(len(tools)) or cut(body, tools))
    batches = list(batches_here(engines_of(m.file, Placements(1.0), 1.0, kernels=False), m.file, [wall], 1 << 30))
    assert sum(int(batch.face_count.sum()) for batch in batches) > 24
    assert cuts == [1]
    assert_same(m, wall, "parktwin/direct")
