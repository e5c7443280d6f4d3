"""CityGML: the same objects, levels, links, meanings and attributes from XML."""

from __future__ import annotations

import numpy as np
import pytest

from tests.gis.city.city_files import (
    CORNER,
    block,
    box_points,
    building,
    document,
    faces,
    gml,
    gml_solid,
    member,
    polygon,
    solid,
    surfaces,
    write,
    write_gml,
)
from tests.gis.city.conftest import values


def boundary(kind, inner, lod=2):
    return (
        f"<bldg:boundedBy><bldg:{kind}><bldg:lod{lod}MultiSurface><gml:MultiSurface>{surfaces(inner)}</gml:MultiSurface>"
        f"</bldg:lod{lod}MultiSurface></bldg:{kind}></bldg:boundedBy>"
    )


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_gml_and_json_of_one_box_agree(read, tmp_path, frame, version):
    inner = f"<bldg:lod2Solid>{gml_solid([polygon(face) for face in faces(box_points())])}</bldg:lod2Solid>"
    from_gml = read(write_gml(tmp_path, gml(member(inner), version=version)), frame=frame)
    from_json = read(write(tmp_path, document({"b1": building([solid()])}, block(), corner=CORNER)), frame=frame)
    assert from_gml.quantity("b1", "Volume") == pytest.approx(from_json.quantity("b1", "Volume"), rel=1e-9)
    assert len(from_gml.mesh("b1")[1]) == 12
    for end in (np.min, np.max):
        assert end(from_gml.mesh("b1")[0], axis=0) == pytest.approx(end(from_json.mesh("b1")[0], axis=0), abs=1e-4)
    assert from_gml.objects() == from_json.objects()
    assert from_gml.codes() == {}
    assert from_gml.draft.georef["format"] == f"CityGML {version}"


def linked(hrefs):
    return gml_solid([]).replace(
        "<gml:CompositeSurface></gml:CompositeSurface>",
        "<gml:CompositeSurface>"
        + "".join(f'<gml:surfaceMember xlink:href="{href}"/>' for href in hrefs)
        + "</gml:CompositeSurface>",
    )


def test_links_are_followed_and_take_the_meaning_of_their_surface(read, tmp_path, frame):
    kinds = ["GroundSurface", "RoofSurface", *["WallSurface"] * 4]
    parts = [
        boundary(kind, [polygon(face, name=f"p{number}")])
        for number, (kind, face) in enumerate(zip(kinds, faces(box_points()), strict=True))
    ]
    inner = f"<bldg:lod2Solid>{linked([f'#p{n}' for n in range(6)])}</bldg:lod2Solid>" + "".join(parts)
    found = read(write_gml(tmp_path, gml(member(inner))), frame=frame)
    assert len(found.mesh("b1")[1]) == 12  # each face once
    assert found.looks("b1") == {"ground surface", "building roof", "building wall"}
    assert found.quantity("b1", "Volume") == pytest.approx(1000, rel=2e-4)
    assert found.codes() == {}


def test_faces_written_twice_are_drawn_once(read, tmp_path, frame):
    every = faces(box_points())
    inner = f"<bldg:lod2Solid>{gml_solid([polygon(face) for face in every])}</bldg:lod2Solid>"
    inner += boundary("WallSurface", [polygon(face) for face in every[2:]])
    found = read(write_gml(tmp_path, gml(member(inner))), frame=frame)
    assert len(found.mesh("b1")[1]) == 12


def test_windows_fill_their_openings(read, tmp_path, frame):
    x, y, z = CORNER
    hole = [(x + 2, y, z + 1), (x + 2, y, z + 3), (x + 4, y, z + 3), (x + 4, y, z + 1)]
    wall = [(x, y, z), (x + 10, y, z), (x + 10, y, z + 5), (x, y, z + 5)]
    window = (
        f"<bldg:opening><bldg:Window><bldg:lod3MultiSurface><gml:MultiSurface>{surfaces([polygon(hole[::-1])])}"
        "</gml:MultiSurface></bldg:lod3MultiSurface></bldg:Window></bldg:opening></bldg:WallSurface>"
    )
    inner = boundary("WallSurface", [polygon(wall, [hole])], 3).replace("</bldg:WallSurface>", window)
    found = read(write_gml(tmp_path, gml(member(inner))), frame=frame)
    assert found.looks("b1") == {"building wall", "window"}
    assert found.quantity("b1", "WallArea") == pytest.approx(50 - 4, rel=2e-4)
    assert found.objects()["b1"]["cim_level"] == 4


def test_orientable_surfaces_and_shared_walls_are_turned(read, tmp_path, frame):
    every = faces(box_points())
    reversed_top = polygon(every[1][::-1])
    turned = f'<gml:OrientableSurface orientation="-"><gml:baseSurface>{reversed_top}</gml:baseSurface></gml:OrientableSurface>'
    shell = gml_solid([polygon(face) for number, face in enumerate(every) if number != 1] + [turned])
    found = read(write_gml(tmp_path, gml(member(f"<bldg:lod1Solid>{shell}</bldg:lod1Solid>"))), frame=frame)
    assert found.quantity("b1", "Volume") == pytest.approx(1000, rel=2e-4)
    assert found.codes() == {}


def test_parts_installations_and_groups(read, tmp_path, frame):
    shape = f"<bldg:lod2Solid>{gml_solid([polygon(face) for face in faces(box_points())])}</bldg:lod2Solid>"
    inner = (
        f'<bldg:consistsOfBuildingPart><bldg:BuildingPart gml:id="p">{shape}<bldg:outerBuildingInstallation>'
        '<bldg:BuildingInstallation gml:id="i"/></bldg:outerBuildingInstallation></bldg:BuildingPart></bldg:consistsOfBuildingPart>'
    )
    group = member('<grp:groupMember xlink:href="#b1"/>', "grp:CityObjectGroup", "g")
    found = read(write_gml(tmp_path, gml(member(inner) + group)), frame=frame)
    rows = found.objects()
    assert [(name, row["type"], row["parent"], row["building"]) for name, row in rows.items()] == [
        ("b1", "Building", None, None),
        ("p", "BuildingPart", "b1", "b1"),
        ("i", "BuildingInstallation", "p", "b1"),
        ("g", "CityObjectGroup", None, None),
    ]
    kinds = {(row["kind"], row["source"], row["target"]) for row in found.draft.relations.to_pylist()}
    assert kinds == {("aggregates", "b1", "p"), ("aggregates", "p", "i"), ("member_of", "b1", "g")}


def test_attributes_of_every_kind(read, tmp_path, frame):
    inner = """<gml:name>食堂</gml:name>
      <gen:stringAttribute name="编号"><gen:value>A-7</gen:value></gen:stringAttribute>
      <gen:measureAttribute name="width"><gen:value uom="ft">10</gen:value></gen:measureAttribute>
      <gen:genericAttributeSet name="flood"><gen:doubleAttribute name="depth"><gen:value>0.5</gen:value></gen:doubleAttribute>
      </gen:genericAttributeSet>
      <bldg:function codeSpace="f.xml">1000</bldg:function><bldg:measuredHeight uom="#m">12.5</bldg:measuredHeight>
      <bldg:address><core:Address><core:xalAddress><xAL:AddressDetails><xAL:Country><xAL:CountryName>中国</xAL:CountryName>
      </xAL:Country></xAL:AddressDetails></core:xalAddress></core:Address></bldg:address>
      <uro:buildingDetails><uro:BuildingDetails><uro:siteArea uom="m2">80</uro:siteArea></uro:BuildingDetails></uro:buildingDetails>"""
    shape = f"<bldg:lod1Solid>{gml_solid([polygon(face) for face in faces(box_points())])}</bldg:lod1Solid>"
    found = read(write_gml(tmp_path, gml(member(inner + shape))), frame=frame)  # uro and xAL are not declared

    def of(name):
        return values(found, name)["b1"]

    assert found.objects()["b1"]["name"] == "食堂"
    assert of("编号") == ("Generic", "A-7", None, None)
    assert of("width") == ("Generic", "10", pytest.approx(3.048), "m")
    assert of("depth") == ("flood", "0.5", 0.5, None)
    assert of("function") == ("CityGML", "1000", 1000.0, None)
    assert of("measuredHeight") == ("CityGML", "12.5", 12.5, "m")
    assert of("CountryName") == ("Address", "中国", None, None)
    assert of("siteArea") == ("BuildingDetails", "80", 80.0, "m2")


def test_implicit_shapes_are_stored_once(read, tmp_path, frame):
    local = [polygon(face) for face in faces(box_points(1, 1, 3, (0.0, 0.0, 0.0)))]

    def tree(name, geometry, x):
        anchor = f"<gml:Point><gml:pos>{CORNER[0] + x} {CORNER[1]} {CORNER[2]}</gml:pos></gml:Point>"
        return member(
            "<veg:lod2ImplicitRepresentation><core:ImplicitGeometry>"
            "<core:transformationMatrix>1 0 0 0 0 1 0 0 0 0 2 0 0 0 0 1</core:transformationMatrix>"
            f"{geometry}<core:referencePoint>{anchor}</core:referencePoint></core:ImplicitGeometry></veg:lod2ImplicitRepresentation>",
            "veg:SolitaryVegetationObject",
            name,
        )

    inline = f'<core:relativeGMLGeometry><gml:MultiSurface gml:id="crown">{surfaces(local)}</gml:MultiSurface></core:relativeGMLGeometry>'
    link = '<core:relativeGMLGeometry xlink:href="#crown"/>'
    library = "<core:libraryObject>tree.dae</core:libraryObject>"
    text = gml(tree("t2", link, 30) + tree("t1", inline, 0) + tree("t3", library, 60))
    found = read(write_gml(tmp_path, text), frame=frame)
    assert len(set(found.spool.placed_shape.tolist())) == 1
    for name in ("t1", "t2"):
        assert found.quantity(name, "Height") == pytest.approx(6, abs=1e-6)
        assert found.quantity(name, "Volume") == pytest.approx(6)
    apart = found.mesh("t2")[0].min(axis=0) - found.mesh("t1")[0].min(axis=0)
    assert np.hypot(*apart[:2]) == pytest.approx(30, rel=2e-4)
    assert found.codes() == {"city-library": 1}


def test_material_colours_of_an_appearance(read, tmp_path, frame):
    shape = gml_solid([polygon(face, name=f"q{n}") for n, face in enumerate(faces(box_points()))])
    look = (
        "<app:appearanceMember><app:Appearance><app:surfaceDataMember><app:X3DMaterial gml:id='red'>"
        "<app:diffuseColor>1 0 0</app:diffuseColor><app:target>#q1</app:target></app:X3DMaterial></app:surfaceDataMember>"
        "<app:surfaceDataMember><app:GeoreferencedTexture/></app:surfaceDataMember></app:Appearance></app:appearanceMember>"
    )
    found = read(write_gml(tmp_path, gml(member(f"<bldg:lod2Solid>{shape}</bldg:lod2Solid>") + look)), frame=frame)
    assert found.looks("b1") == {"red", "building wall"}
    assert found.codes() == {"city-georeferenced-textures": 1}


def test_relief_as_triangles(read, tmp_path, frame):
    x, y, z = CORNER
    three = [(x, y, z), (x + 10, y, z), (x, y + 10, z + 3)]
    patch = polygon(three).replace("Polygon", "Triangle")
    tin = f"<dem:tin><gml:TriangulatedSurface><gml:trianglePatches>{patch}</gml:trianglePatches></gml:TriangulatedSurface></dem:tin>"
    inner = f'<dem:lod>1</dem:lod><dem:reliefComponent><dem:TINRelief gml:id="t"><dem:lod>1</dem:lod>{tin}</dem:TINRelief></dem:reliefComponent>'
    found = read(write_gml(tmp_path, gml(member(inner, "dem:ReliefFeature", "r"))), frame=frame)
    assert found.quantity("t", "Area") == pytest.approx(50, rel=2e-4)
    assert (found.objects()["t"]["parent"], found.objects()["t"]["cim_level"]) == ("r", 1)


def test_ids_are_made_where_the_file_gives_none(read, tmp_path, frame):
    shape = f"<bldg:lod2Solid>{gml_solid([polygon(face) for face in faces(box_points())])}</bldg:lod2Solid>"
    text = gml(member(shape, name="x").replace(' gml:id="x"', ""))
    first, again = (read(write_gml(tmp_path, text), frame=frame) for _ in range(2))
    assert first.draft.objects["id"].to_pylist() == again.draft.objects["id"].to_pylist()
    assert first.codes() == {"id-hashed": 1}


def test_version_3(read, tmp_path, frame):
    kinds = ["GroundSurface", "RoofSurface", *["WallSurface"] * 4]
    walls = "".join(
        f"<core:boundary><con:{kind}><core:lod2MultiSurface><gml:MultiSurface>{surfaces([polygon(face, name=f's{n}')])}"
        f"</gml:MultiSurface></core:lod2MultiSurface></con:{kind}></core:boundary>"
        for n, (kind, face) in enumerate(zip(kinds, faces(box_points()), strict=True))
    )
    generic = (
        "<core:genericAttribute><gen:MeasureAttribute><gen:name>width</gen:name><gen:value uom='m'>4</gen:value>"
        "</gen:MeasureAttribute></core:genericAttribute>"
    )
    part = '<bldg:buildingPart><bldg:BuildingPart gml:id="p"/></bldg:buildingPart>'
    shape = f"<core:lod2Solid>{linked([f'#s{n}' for n in range(6)])}</core:lod2Solid>"
    text = gml(member(generic + walls + shape + part), version="3.0").replace("net/gml", "net/gml/3.2")
    found = read(write_gml(tmp_path, text), frame=frame)
    assert found.draft.georef["format"] == "CityGML 3.0"
    assert found.objects()["p"]["parent"] == "b1"
    assert found.quantity("b1", "Volume") == pytest.approx(1000, rel=2e-4)
    assert found.looks("b1") == {"ground surface", "building roof", "building wall"}
    assert values(found, "width")["b1"] == ("Generic", "4", 4.0, "m")
    assert found.codes() == {}
