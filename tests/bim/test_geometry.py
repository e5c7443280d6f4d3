from __future__ import annotations

import numpy as np
import pytest

from tests.bim.ifc_files import codes, new_model, read_model, rows, vertices_of


@pytest.mark.parametrize(("options", "unit"), [({}, 1.0), ({"prefix": "MILLI"}, 0.001), ({"foot": True}, 0.3048)])
def test_shapes_come_out_in_metres_whatever_the_unit(tmp_path, options, unit):
    m = new_model(elevation=3.0 / unit, **options)
    m.wall(at=(10 / unit, 0, 3.0 / unit), size=(5 / unit, 0.2 / unit, 3 / unit))
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    points = vertices_of(draft, spool, rows(draft.objects, name="W")[0]["id"])
    assert points.min(axis=0) == pytest.approx([7.5, -0.1, 3.0], abs=1e-4)
    assert points.max(axis=0) == pytest.approx([12.5, 0.1, 6.0], abs=1e-4)
    assert rows(draft.objects, name="1F")[0]["elevation"] == pytest.approx(3.0)


def test_equal_shapes_are_stored_once(tmp_path):
    m = new_model()
    for number in range(4):
        m.wall(f"W{number}", at=(number * 10, 0, 0))
    body = m.box(1, 1, 1)
    source = m.file.create_entity(
        "IfcRepresentationMap",
        MappingOrigin=m.file.create_entity("IfcAxis2Placement3D", Location=m.point(0, 0, 0)),
        MappedRepresentation=body,
    )
    for number in range(5):
        target = m.file.create_entity("IfcCartesianTransformationOperator3D", LocalOrigin=m.point(0, 0, 0))
        item = m.file.create_entity("IfcMappedItem", MappingSource=source, MappingTarget=target)
        mapped = m.file.create_entity(
            "IfcShapeRepresentation", ContextOfItems=m.context, RepresentationIdentifier="Body",
            RepresentationType="MappedRepresentation", Items=(item,),
        )  # fmt: skip
        chair = m.make(
            "IfcFurniture", Name=f"C{number}", ObjectPlacement=m.placement(number, 5, 0), Representation=m.shape(mapped)
        )
        m.contain(chair)
    _, spool = read_model(m.write(tmp_path), tmp_path)
    assert len(spool.placed_shape) == 9
    assert len(spool.counts) == 2


def test_openings_are_cut_and_are_no_objects(tmp_path):
    m = new_model()
    wall = m.wall()
    opening = m.make("IfcOpeningElement", ObjectPlacement=m.placement(0, 0, 1), Representation=m.shape(m.box(1, 1, 1)))
    m.make("IfcRelVoidsElement", RelatingBuildingElement=wall, RelatedOpeningElement=opening)
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    assert spool.objects == [wall.GlobalId]
    assert int(spool.counts[0, 1]) > 12  # a box has 12 triangles, one with a hole more
    assert not rows(draft.objects, ifc_class="IfcOpeningElement")


def test_colours_come_from_the_file_else_from_the_class(tmp_path):
    m = new_model()
    f = m.file
    red = m.wall("red")
    rgb = f.create_entity("IfcColourRgb", None, 0.8, 0.1, 0.1)
    shading = f.create_entity(
        "IfcSurfaceStyleRendering", SurfaceColour=rgb, Transparency=0.5, ReflectanceMethod="NOTDEFINED"
    )
    style = f.create_entity("IfcSurfaceStyle", Name="红砖", Side="BOTH", Styles=(shading,))
    f.create_entity("IfcStyledItem", Item=red.Representation.Representations[0].Items[0], Styles=(style,))
    m.wall("plain", at=(0, 5, 0))
    space = m.make("IfcSpace", Name="s", ObjectPlacement=m.placement(0, 9, 0), Representation=m.shape(m.box(2, 2, 2)))
    m.make("IfcRelAggregates", RelatingObject=m.storey, RelatedObjects=(space,))
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    look = {}
    for row in draft.objects.to_pylist():
        if row["id"] in spool.objects:
            index = int(np.flatnonzero(spool.placed_object == spool.objects.index(row["id"]))[0])
            look[row["name"]] = spool.materials[int(spool.shape(int(spool.placed_shape[index])).material[0])]
    assert look["red"].rgba == pytest.approx((0.8, 0.1, 0.1, 0.5), abs=1e-3)
    assert look["red"].name == "红砖"
    assert look["plain"].rgba[3] == 1.0
    assert min(look["plain"].rgba[:3]) > 0.85  # walls are off-white
    assert look["s"].rgba[3] < 0.3  # spaces are translucent


def test_a_shape_that_fails_keeps_its_object_and_gives_a_finding(tmp_path):
    m = new_model()
    broken = m.wall("broken", size=(5, 0.2, 0.0))  # an extrusion without height
    empty = m.make("IfcAnnotation", Name="2D", ObjectPlacement=m.placement(), Representation=m.shape(m.box(1, 1, 1)))
    m.wall("good", at=(0, 5, 0))
    draft, spool = read_model(m.write(tmp_path), tmp_path)
    found = {row["name"]: row for row in draft.objects.to_pylist()}
    assert found["broken"]["engine"] is None
    assert found["2D"]["engine"] is None
    assert empty.GlobalId not in spool.objects
    assert found["good"]["engine"] == "parktwin/direct"
    assert next(f for f in draft.findings if f.code == "ifc-no-mesh").ids == (broken.GlobalId,)
    assert sum(draft.engines.values()) == 1


def test_large_coordinates_keep_their_millimetres(tmp_path):
    m = new_model()
    wall = m.wall(at=(528770.237, 3386666.251, 0.0))
    draft, spool = read_model(m.write(tmp_path), tmp_path, frame=None)
    size = np.ptp(vertices_of(draft, spool, wall.GlobalId), axis=0)
    assert size == pytest.approx([5.0, 0.2, 3.0], abs=1e-5)
    assert "ifc-huge-coordinates" in codes(draft)
