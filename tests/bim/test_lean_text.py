"""A file parsed without faces and boundary shapes: what stays, what is refused, and that whoever needs the rest gets it."""

from __future__ import annotations

import ifcopenshell
import numpy as np
import pytest

from bim.geometry.facets import facets_of
from bim.source import lean_text as lean_text_module
from bim.source.lean_text import lean_text
from bim.source.open_model import open_model
from bim.source.step_text import StepText
from bim.source.whole_model import change, complete
from tests.bim.geometry.test_face_columns import SPOILT
from tests.bim.geometry.test_facets import CUBE, SIDES, brep, product
from tests.bim.ifc_files import new_model
from twin.errors import Invalid

GEOMETRY = ("IfcFace", "IfcFaceBound", "IfcPolyLoop", "IfcConnectionGeometry")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Small files are looked through too."""
    monkeypatch.setattr(lean_text_module, "FEWEST_BYTES", 0)


def cubes(count=8):
    m = new_model()
    return m, [
        product(m, brep(m, [(x + 5 * n, y, z) for x, y, z in CUBE], [[side] for side in SIDES])) for n in range(count)
    ]


def item_of(model, made):
    return model.by_id(made.id()).Representation.Representations[0].Items[0]


def left_of(text):
    return lean_text(StepText.of(text.encode()), "IFC4")


def parsed(data):
    return ifcopenshell.file.from_string(data.decode())


def test_faces_go_and_all_else_stays():
    m, _ = cubes()
    text = m.file.to_string()
    left = left_of(text)
    part = parsed(left.data)
    assert not any(part.by_type(name) for name in GEOMETRY)
    assert {shell.id() for shell in part.by_type("IfcClosedShell")} == left.shells
    assert all(shell.CfsFaces == () for shell in part.by_type("IfcClosedShell"))
    for entity in part:
        if not entity.is_a("IfcClosedShell"):
            assert str(entity) == str(m.file.by_id(entity.id()))
    gone = {entity.is_a() for entity in m.file} - {entity.is_a() for entity in part}
    assert gone == {"IfcFace", "IfcFaceOuterBound", "IfcPolyLoop"}
    assert len(part.by_type("IfcCartesianPoint")) < len(m.file.by_type("IfcCartesianPoint"))


def test_places_in_what_is_left_are_places_in_the_file():
    text = cubes()[0].file.to_string()
    left = left_of(text)
    for word in (b"IFCPROJECT(", b"IFCMEMBER(", b"ENDSEC;\nEND-ISO"):
        at = left.data.rindex(word)
        assert text.encode()[left.place(at) :].startswith(word)


def test_what_is_named_by_others_stays_with_all_that_it_names():
    m, made = cubes()
    face = item_of(m.file, made[0]).Outer.CfsFaces[2]
    m.file.create_entity("IfcStyledItem", Item=face, Styles=())
    part = parsed(left_of(m.file.to_string()).data)
    assert [str(one) for one in part.by_type("IfcFace")] == [str(face)]
    points = part.by_type("IfcFace")[0].Bounds[0].Bound.Polygon
    assert [point.Coordinates for point in points] == [point.Coordinates for point in face.Bounds[0].Bound.Polygon]


def test_shapes_of_space_boundaries_go():
    m, _ = cubes()
    f = m.file
    plane = f.create_entity("IfcPlane", f.create_entity("IfcAxis2Placement3D", m.point(1, 2, 3)))
    shape = f.create_entity("IfcConnectionSurfaceGeometry", SurfaceOnRelatingElement=plane)
    space = m.make("IfcSpace", Name="S")
    said = m.make(
        "IfcRelSpaceBoundary1stLevel", Name="1stLevel", RelatingSpace=space, ConnectionGeometry=shape,
        RelatedBuildingElement=f.by_type("IfcMember")[0], PhysicalOrVirtualBoundary="PHYSICAL",
        InternalOrExternalBoundary="INTERNAL",
    )  # fmt: skip
    odd = m.make(
        "IfcRelSpaceBoundary", Name="of #7", RelatingSpace=space, PhysicalOrVirtualBoundary="PHYSICAL",
        ConnectionGeometry=f.create_entity("IfcConnectionSurfaceGeometry", SurfaceOnRelatingElement=plane),
    )  # fmt: skip
    part = parsed(left_of(f.to_string()).data)
    assert part.by_id(said.id()).ConnectionGeometry is None
    assert part.by_id(said.id()).RelatedBuildingElement.id() == said.RelatedBuildingElement.id()
    assert str(part.by_id(odd.id())) == str(odd)
    assert len(part.by_type("IfcPlane")) == 1  # the other one's
    f.remove(odd)
    m.wall()  # the last instance of a file always stays
    assert not parsed(left_of(f.to_string()).data).by_type("IfcPlane")


def test_an_instance_that_names_what_is_not_there_stays_for_the_parser_to_tell(tmp_path):
    m, made = cubes()
    loop = item_of(m.file, made[0]).Outer.CfsFaces[2].Bounds[0].Bound
    text = m.file.to_string().replace(str(loop.Polygon[0].id()) + ",", "999999,", 1)
    path = tmp_path / "model.ifc"
    path.write_text(text)
    full, lean = open_model(path), open_model(path, lean=True)
    assert [finding.code for finding in lean.findings] == ["ifc-syntax"]
    assert lean.findings == full.findings
    assert lean.text is full.text is None
    assert len(list(lean.file)) == len(list(full.file))


def test_a_fault_that_stays_is_told_with_its_place_in_the_file(tmp_path):
    m, _ = cubes()
    m.make("IfcWall", Name="W", PredefinedType="SOLIDWALL")
    path = tmp_path / "model.ifc"
    path.write_text(m.file.to_string().replace(".SOLIDWALL.", ".NOSUCH."))
    full, lean = open_model(path), open_model(path, lean=True)
    assert lean.findings == full.findings != []
    assert len(list(lean.file)) < len(list(full.file))
    assert lean.text is not None


@pytest.mark.parametrize("quoted", ["a;\n#900=IFCFACE((#1));\n", "a\n#900=IFCFACE((#1));\nb"])
def test_lines_within_a_text_are_no_instances(quoted):
    m, _ = cubes()
    text = m.file.to_string().replace("'Project'", f"'{quoted}'")
    left = left_of(text)
    assert left is None or quoted.encode() in left.data


def test_a_file_with_texture_maps_or_few_faces_is_parsed_whole():
    m, made = cubes()
    assert left_of(new_model().file.to_string()) is None
    m.file.create_entity("IfcTextureMap", Vertices=(), MappedTo=item_of(m.file, made[0]).Outer.CfsFaces[0])
    assert left_of(m.file.to_string()) is None


@pytest.mark.parametrize("how", ["nothing", *SPOILT])
def test_what_cannot_be_read_from_the_text_is_asked_of_the_whole(tmp_path, how):
    m, made = cubes()
    old, new = SPOILT.get(how, ("", ""))
    path = tmp_path / "model.ifc"
    path.write_text(m.file.to_string().replace(old, new, 1))
    try:
        full = open_model(path)
    except Invalid:
        with pytest.raises(Invalid):
            open_model(path, lean=True)
        return
    lean = open_model(path, lean=True)
    assert lean.findings == full.findings
    both = [
        facets_of(model.file, [item_of(model.file, one) for one in made], 1.0, model.text) for model in (full, lean)
    ]
    assert both[0].keys() == both[1].keys()
    for step, facets in both[0].items():
        for mine, other in zip(both[1][step], facets, strict=True):
            np.testing.assert_array_equal(mine, other)


def test_a_kernel_is_given_whole_entities_of_a_model_that_was_changed_alike(tmp_path):
    m, made = cubes()
    plain = m.wall()
    m.file.write(str(tmp_path / "model.ifc"))
    model = open_model(tmp_path / "model.ifc", lean=True).file
    change(model, lambda each: setattr(each.by_id(made[0].id()), "Name", "first"))
    assert complete(model, [model.by_id(plain.id())])[0] is model
    whole, (entity,) = complete(model, [model.by_id(made[0].id())])
    assert whole is not model
    assert len(item_of(whole, entity).Outer.CfsFaces) == 6
    assert entity.Name == model.by_id(made[0].id()).Name == "first"
    change(model, lambda each: setattr(each.by_id(made[0].id()), "Name", "second"))
    assert entity.Name == "second"
    assert complete(model, [model.by_id(plain.id())], more=[model.by_id(made[1].id())])[0] is whole


@pytest.mark.parametrize("number", ["1.E999", "1" * 400 + "."])
def test_a_number_for_which_the_parser_refuses_a_file_is_refused_of_a_lean_one(tmp_path, number):
    m, _ = cubes()
    path = tmp_path / "model.ifc"
    path.write_text(m.file.to_string().replace("((0.,0.,1.))", f"((0.,0.,{number}))", 1))
    for lean in (False, True):
        with pytest.raises(Invalid, match="cannot be parsed"):
            open_model(path, lean=lean)
