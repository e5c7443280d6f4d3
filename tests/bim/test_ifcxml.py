from __future__ import annotations

import io
import zipfile
from collections import Counter

import ifcopenshell
import numpy as np
import pytest

from bim.source.ifcxml import convert, events
from bim.source.open_model import open_model
from tests.bim.ifc_files import SHARED, codes, new_model, read_model, rows
from tests.bim.ifcxml_files import ODD_TEXT, SPACES, XSI, canonical, nested, part28, write
from twin.errors import Invalid

NOTATIONS = [("IFC2X3", part28), ("IFC4", part28), ("IFC4", nested), ("IFC4X3", nested)]


def rich(schema):
    """A model with every kind of value: texts, numbers, truths, enumerations, selects, lists, lists of lists, binaries."""
    m = new_model(schema, prefix="MILLI")
    f = m.file
    m.site.RefLatitude, m.site.RefLongitude, m.site.RefElevation = (30, 35, 12, -500), (-114, -2, -3), 1e-05
    first, second = m.wall(ODD_TEXT, at=(1000 / 3, 0.1, -1e21)), m.wall("W2", Description="", Tag="  two  blanks ")
    values = [
        m.single("label", "IfcLabel", ODD_TEXT), m.single("empty", "IfcText", ""), m.single("int", "IfcInteger", -7),
        m.single("real", "IfcReal", 0.1 + 0.2), m.single("tiny", "IfcLengthMeasure", 5e-324),
        m.single("yes", "IfcBoolean", True), m.single("maybe", "IfcLogical", "UNKNOWN"), m.single("none", "IfcLabel", None),
        m.single("angle", "IfcCompoundPlaneAngleMeasure", (1, 2, 3)),
        f.create_entity(
            "IfcPropertyEnumeratedValue", Name="enum",
            EnumerationValues=[f.create_entity("IfcLabel", "a b"), f.create_entity("IfcInteger", 3)],
        ),
        f.create_entity("IfcPropertyListValue", Name="list", ListValues=[f.create_entity("IfcReal", v) for v in (1.0, 2.5)]),
    ]  # fmt: skip
    m.define(m.pset("Pset_Odd", *values), first, second)
    m.define(
        m.make("IfcElementQuantity", Name="Qto", Quantities=[
            f.create_entity("IfcQuantityLength", Name="Length", LengthValue=1234.5678901234567),
        ]), second,
    )  # fmt: skip
    opening = m.make("IfcOpeningElement", ObjectPlacement=m.placement(), Representation=m.shape(m.box(1, 1, 1)))
    m.make("IfcRelVoidsElement", RelatingBuildingElement=first, RelatedOpeningElement=opening)
    door = m.make("IfcDoor", Name="D", OverallHeight=2100.0, ObjectPlacement=m.placement())
    m.make("IfcRelFillsElement", RelatingOpeningElement=opening, RelatedBuildingElement=door)
    material = f.create_entity("IfcMaterial", Name="混凝土")
    m.make("IfcRelAssociatesMaterial", RelatedObjects=[first, second], RelatingMaterial=material)
    trim = f.create_entity(
        "IfcTrimmedCurve", BasisCurve=f.create_entity("IfcLine", m.point(0, 0), f.create_entity(
            "IfcVector", f.create_entity("IfcDirection", (1.0, 0.0)), 1.0)),
        Trim1=[f.create_entity("IfcParameterValue", 0.25), m.point(0.25, 0)],
        Trim2=[f.create_entity("IfcParameterValue", 2.0)], SenseAgreement=True, MasterRepresentation="PARAMETER",
    )  # fmt: skip
    f.create_entity("IfcCompositeCurveSegment", "CONTINUOUS", False, trim)
    if schema != "IFC2X3":
        f.create_entity("IfcCartesianPointList3D", ((0.0, 0.0, 1e9), (1.0, 0.5, 2.0)))
        f.create_entity(
            "IfcIndexedPolyCurve", f.create_entity("IfcCartesianPointList2D", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))),
            [f.create_entity("IfcLineIndex", (1, 2)), f.create_entity("IfcArcIndex", (1, 2, 3))], None,
        )  # fmt: skip
        grid = [[m.point(i, j, 0) for j in range(3)] for i in range(2)]
        f.create_entity(
            "IfcBSplineSurfaceWithKnots", 1, 2, grid, "UNSPECIFIED", False, False, "UNKNOWN", (2, 2), (3, 3),
            (0.0, 1.0), (0.0, 1.0), "UNSPECIFIED",
        )  # fmt: skip
        f.create_entity("IfcBlobTexture", True, False, RasterFormat="PNG", RasterCode="0001" * 4)
    return m


@pytest.mark.parametrize(("schema", "notation"), NOTATIONS)
def test_a_model_comes_back_equal_instance_by_instance(tmp_path, schema, notation):
    m = rich(schema)
    opened = open_model(write(tmp_path / "m.ifcxml", notation(m.file, schema)))
    assert [f.en for f in opened.findings] == []
    assert opened.schema == {"IFC4X3": "IFC4X3_ADD2"}.get(schema, schema)
    step = ifcopenshell.open(m.write(tmp_path))
    want, got = canonical(step), canonical(opened.file)
    assert (want - got, got - want) == (Counter(), Counter())
    assert opened.file.by_type("IfcWall")[0].Name in {ODD_TEXT, "W2"}


@pytest.mark.parametrize(("schema", "notation"), NOTATIONS)
def test_the_graph_and_the_meshes_equal_those_of_the_step_file(tmp_path, schema, notation):
    m = rich(schema)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("m.ifcxml", notation(m.file, schema))
    xml, xml_meshes = read_model(write(tmp_path / "m.ifczip", packed.getvalue()), tmp_path / "x")
    step, step_meshes = read_model(m.write(tmp_path), tmp_path / "s")
    for name in ("objects", "concepts", "relations", "properties", "quantities"):
        want, got = (Counter(map(str, getattr(draft, name).to_pylist())) for draft in (step, xml))
        assert want == got, name
    assert sorted(xml_meshes.objects) == sorted(step_meshes.objects)
    assert sorted(map(tuple, xml_meshes.counts.tolist())) == sorted(map(tuple, step_meshes.counts.tolist()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb2312", "gb18030", "iso-8859-1"])
def test_encodings(tmp_path, encoding):
    m = new_model()
    m.wall("外墙" if encoding != "iso-8859-1" else "Außenwand")
    draft, _ = read_model(write(tmp_path / "m.ifcxml", nested(m.file, encoding=encoding).replace(b"\xcd\xf5", b"")), tmp_path) if encoding == "gb2312" else read_model(
        write(tmp_path / "m.ifcxml", part28(m.file, "IFC4", encoding=encoding) if encoding != "iso-8859-1" else latin(m)), tmp_path
    )  # fmt: skip
    assert rows(draft.objects, type="Wall")[0]["name"] == ("外墙" if encoding != "iso-8859-1" else "Außenwand")


def latin(m):
    m.building.Name = "B"
    return part28(m.file, "IFC4").decode().replace('"utf-8"', '"iso-8859-1"').replace("王", "W").encode("iso-8859-1")


def small(body, schema="IFC4"):
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<ifcXML xmlns="{SPACES[schema]}" {XSI} '
        f'xmlns:ifc="{SPACES[schema]}" xmlns:xlink="http://www.w3.org/1999/xlink">{body}</ifcXML>'
    ).encode()


def opened(tmp_path, body, schema="IFC4"):
    return open_model(write(tmp_path / "m.ifcxml", small(body, schema)))


def test_notations_that_only_some_exporters_use(tmp_path):
    got = opened(
        tmp_path,
        """<IfcClassification Name="U"><ReferenceTokens><IfcIdentifier-wrapper>25 10</IfcIdentifier-wrapper>
           </ReferenceTokens></IfcClassification>
        <IfcIndexedPolygonalFaceWithVoids CoordIndex="1 2 3"><InnerCoordIndices>
          <Seq-IfcPositiveInteger-wrapper>4 5 6</Seq-IfcPositiveInteger-wrapper>
          <Seq-IfcPositiveInteger-wrapper>7 8 9 10</Seq-IfcPositiveInteger-wrapper></InnerCoordIndices>
        </IfcIndexedPolygonalFaceWithVoids>
        <IfcPropertySingleValue Name="P"><NominalValue xsi:type="ifc:IfcLabel">x</NominalValue></IfcPropertySingleValue>
        <IfcPolyline id="p"><Points><IfcCartesianPoint pos="1" Coordinates="1 0"/><IfcCartesianPoint pos="0" Coordinates="0 0"/>
          </Points><StyledByItem><Styles><IfcCurveStyle Name="thin"/></Styles></StyledByItem></IfcPolyline>
        <IfcBlobTexture RepeatS="1" RepeatT="0" RasterFormat="PNG"><RasterCode>
           89504e47 </RasterCode></IfcBlobTexture>
        <IfcStyledItem><Item xlink:href="#p"/><Styles/></IfcStyledItem>
        <IfcRelDefinesByProperties GlobalId="r"><RelatingPropertyDefinition ref="set" xsi:nil="true"/></IfcRelDefinesByProperties>
        <IfcPropertySet id="set" GlobalId="s"/>""",
    )
    f = got.file
    assert got.findings == []
    assert f.by_type("IfcClassification")[0].ReferenceTokens == ("25 10",)
    assert f.by_type("IfcIndexedPolygonalFaceWithVoids")[0].InnerCoordIndices == ((4, 5, 6), (7, 8, 9, 10))
    assert f.by_type("IfcPropertySingleValue")[0].NominalValue.is_a() == "IfcLabel"
    assert [p.Coordinates for p in f.by_type("IfcPolyline")[0].Points] == [(0, 0), (1, 0)]
    assert [s.Item for s in f.by_type("IfcStyledItem")] == [f.by_type("IfcPolyline")[0]] * 2
    assert f.by_type("IfcRelDefinesByProperties")[0].RelatingPropertyDefinition.GlobalId == "s"
    assert f.by_type("IfcBlobTexture")[0].RasterCode == format(0x89504E47, "032b")
    assert (f.by_type("IfcBlobTexture")[0].RepeatS, f.by_type("IfcBlobTexture")[0].RepeatT) == (True, False)


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ('<IfcWall GlobalId="a"/><IfcNothing x="1"><IfcWall GlobalId="b"/></IfcNothing>', "ifcxml-unknown", "IfcNothing"),
        ('<IfcWall GlobalId="a" Colour="red"/>', "ifcxml-unknown", "IfcWall.Colour"),
        ('<IfcWall GlobalId="a"><Wheels>4</Wheels></IfcWall>', "ifcxml-unknown", "IfcWall.Wheels"),
        ('<IfcWall GlobalId="a"/><IfcRoot GlobalId="b"/>', "ifcxml-unknown", "abstract"),
        ('<IfcWall GlobalId="a" PredefinedType="brick"/>', "ifcxml-value", "brick"),
        ('<IfcWall GlobalId="a"/><IfcCartesianPoint Coordinates="0 x"/>', "ifcxml-value", "0 x"),
        ('<IfcWall GlobalId="a"/><IfcCartesianPoint Coordinates="0 NaN"/>', "ifcxml-value", "NaN"),
        ('<IfcWall GlobalId="a"/><IfcCartesianPointList3D CoordList="0 1 2 3"/>', "ifcxml-value", "CoordList"),
        ('<IfcWall GlobalId="a"><ObjectPlacement><IfcPerson/></ObjectPlacement></IfcWall>', "ifcxml-value", "IfcPerson"),
        ('<IfcWall GlobalId="a"><Name><IfcLabel>x</IfcLabel><IfcLabel>y</IfcLabel></Name></IfcWall>', "ifcxml-value", "one"),
        ('<IfcWall GlobalId="a"><ObjectPlacement ref="gone" xsi:nil="true"/></IfcWall>', "ifcxml-reference", "gone"),
        ('<IfcWall GlobalId="a" id="i1"/><IfcDoor GlobalId="b" id="i1"/>', "ifcxml-duplicate-id", "i1"),
        ('<IfcWall GlobalId="a"/><IfcCartesianPoint Coordinates="0,5"/>', "ifcxml-decimal-comma", "0,5"),
    ],
)  # fmt: skip
def test_what_the_schema_does_not_know_is_told_and_the_rest_is_read(tmp_path, body, code, words):
    got = opened(tmp_path, body)
    (finding,) = got.findings
    assert finding.code == code
    assert words in finding.en
    assert words in finding.zh
    assert finding.value == 1
    assert len(got.file.by_type("IfcWall")) == 1


def test_dangling_references_leave_lists_and_attributes_whole(tmp_path):
    got = opened(
        tmp_path,
        """<IfcSite id="s" GlobalId="s" Name="a#1 (b, '#2')"/>
        <IfcRelAggregates GlobalId="r"><RelatingObject ref="s" xsi:nil="true"/><RelatedObjects>
        <IfcBuilding ref="gone" xsi:nil="true"/><IfcBuilding GlobalId="b"/></RelatedObjects></IfcRelAggregates>""",
    )
    (relation,) = got.file.by_type("IfcRelAggregates")
    assert [part.GlobalId for part in relation.RelatedObjects] == ["b"]
    assert relation.RelatingObject.Name == "a#1 (b, '#2')"
    assert {f.code for f in got.findings} == {"ifcxml-reference"}


def test_placements_in_a_circle_end(tmp_path):
    body = """<IfcSite GlobalId="s"><ObjectPlacement xsi:type="IfcLocalPlacement" id="p">
      <PlacementRelTo xsi:type="IfcLocalPlacement"><PlacementRelTo xsi:type="IfcLocalPlacement" ref="p" xsi:nil="true"/>
      </PlacementRelTo></ObjectPlacement></IfcSite>"""
    draft, _ = read_model(write(tmp_path / "m.ifcxml", small(body)), tmp_path)
    assert draft.objects["id"].to_pylist() == ["s"]


def refused(tmp_path, content, words):
    path = write(tmp_path / "bad.ifcxml", content)
    with pytest.raises(Invalid) as caught:
        open_model(path)
    message = caught.value.message
    assert message.startswith("bad.ifcxml")
    assert "expected" in message or "export" in message
    assert "\n" not in message
    assert words in message
    return caught.value.code


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip


def test_bad_documents_get_one_sentence_each(tmp_path):
    good = nested(new_model().file)
    for share in (0.2, 0.5, 0.9, 0.999):
        assert refused(tmp_path, good[: int(len(good) * share)], "no well-formed XML") == "xml"
    wall = small('<IfcWall GlobalId="a" Name="&i;"/>')
    declared = wall.index(b"<ifcXML")
    assert refused(tmp_path, wall[:declared] + BOMB.encode() + wall[declared:], "document type") == "xml-dtd"
    outside = b'<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'
    assert refused(tmp_path, wall[:declared] + outside + wall[declared:], "document type") == "xml-dtd"
    assert refused(tmp_path, wall, "undefined entity") == "xml"
    assert (
        refused(tmp_path, small('<IfcWall Name="\u5899"/>').replace("\u5899".encode(), b"\xcd\xf5"), "line 2") == "xml"
    )
    assert refused(tmp_path, small("<IfcWall/>").replace(b'"utf-8"', b'"klingon"'), "klingon") == "xml"
    assert (
        refused(tmp_path, small('<IfcWall Name="x"/>').replace(b'"utf-8"', b'"gbk"') + b"\xff\xff", "encoding") == "xml"
    )
    assert refused(tmp_path, b"<html><body/></html>", "<html>") == "not-ifc"
    assert refused(tmp_path, b"<ifcXML><IfcWall/></ifcXML>", "names no IFC edition") == "schema"
    old = small("<IfcWall/>").replace(b"IFC4/Add2", b"IFC2x2/FINAL")
    assert refused(tmp_path, old, "a withdrawn edition") == "schema"
    assert refused(tmp_path, small(""), "no IFC object") == "empty-model"


def test_depth_and_size_are_bounded(tmp_path, monkeypatch):
    deep = small("<IfcWall><IsDefinedBy>" * 500_000)
    assert refused(tmp_path, deep, "deeper than") == "xml-depth"
    monkeypatch.setattr(events, "MAX_TOKEN_BYTES", 6 << 20)
    assert refused(tmp_path, small(f'<IfcWall Name="{"x" * (20 << 20)}"/>'), "one tag") == "xml"


def test_memory_is_for_the_ids_alone(tmp_path):
    """Instances are written as they end: what stays is one number for each id."""
    import tracemalloc

    body = "".join(f'<IfcCartesianPoint Coordinates="{n} 0 0"/>' for n in range(100_000))
    path = write(tmp_path / "m.ifcxml", small(body))
    convert(path, "m", tmp_path)
    tracemalloc.start()
    convert(path, "m", tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 << 20  # a chunk of the file, not 100,000 instances


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("ifc/xbim/4walls1floorSite.ifcxml", {"IfcWallStandardCase": 4, "IfcSlab": 1, "IfcBuildingStorey": 1}),
        ("ifc-validation/odd/wall-with-opening-and-window_ifcxml_format.ifczip", {"IfcWall": 1, "IfcWindow": 1}),
    ],
)
def test_files_of_others(tmp_path, name, classes):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"shared data has no {name}")
    draft, meshes = read_model(path, tmp_path, frame=None)
    found = Counter(draft.objects["ifc_class"].to_pylist())
    assert {key: found[key] for key in classes} == classes
    assert {code for code in codes(draft) if code.startswith("ifcxml")} <= {"ifcxml-decimal-comma"}
    assert len(meshes.objects) >= sum(classes.values()) - 1


SUMMARY = """<?xml version="1.0" encoding="utf-8"?>
<ifc xmlns:xlink="http://www.w3.org/1999/xlink"><header><file_schema><schema_identifiers>IFC4</schema_identifiers></file_schema></header>
<units><IfcSIUnit UnitType="LENGTHUNIT" Name="METRE" SI_equivalent="1"/>
<IfcConversionBasedUnit UnitType="PLANEANGLEUNIT" Name="DEGREE" SI_equivalent="0.0174532925199"/></units>
<properties><IfcPropertySet id="0000000000000000000001" Name="Pset_WallCommon"><IfcPropertySingleValue Name="IsExternal" NominalValue="true"/>
<IfcPropertySingleValue Name="ThermalTransmittance" NominalValue="0.23999999999999999"/>
<IfcPropertySingleValue Name="Nr" NominalValue="007"/><IfcPropertySingleValue Name="Own" NominalValue="0.30000000000000004"/>
</IfcPropertySet></properties>
<quantities><IfcElementQuantity id="0000000000000000000002" Name="Q"><IfcQuantityLength Name="Length" LengthValue="5"/></IfcElementQuantity></quantities>
<types><IfcWallType id="0000000000000000000003" Name="T" PredefinedType="NOTDEFINED"/></types>
<layers><IfcPresentationLayerAssignment id="L" Name="L"/></layers>
<materials><IfcMaterialLayerSetUsage id="M" LayerSetName="S" LayerSetDirection="AXIS2" DirectionSense="POSITIVE" OffsetFromReferenceLine="-0">
<IfcMaterialLayer Name="砖" LayerThickness="0.24"/></IfcMaterialLayerSetUsage></materials>
<decomposition><IfcProject id="0000000000000000000010" Name="P"><IfcSite id="0000000000000000000011" RefLatitude="-30.5">
<IfcBuilding id="0000000000000000000012"><IfcBuildingStorey id="0000000000000000000013" Name="1F" Elevation="3"
 ObjectPlacement="1 0 0 0 0 1 0 0 0 0 1 0 7 8 3 1"><IfcWall id="0000000000000000000014" Name="W">
<IfcOpeningElement id="0000000000000000000015"><IfcDoor id="0000000000000000000016" Name="D"/></IfcOpeningElement>
<IfcPropertySet xlink:href="#0000000000000000000001"/><IfcElementQuantity xlink:href="#0000000000000000000002"/>
<IfcWallType xlink:href="#0000000000000000000003"/><IfcMaterialLayerSetUsage xlink:href="#M"/>
<IfcPresentationLayerAssignment xlink:href="#L"/></IfcWall></IfcBuildingStorey></IfcBuilding></IfcSite></IfcProject></decomposition></ifc>"""


def test_the_xml_that_ifcconvert_writes_gives_the_graph_without_shapes(tmp_path):
    draft, meshes = read_model(write(tmp_path / "m.xml", SUMMARY.encode()), tmp_path)
    found = {row["id"][-2:]: row for row in draft.objects.to_pylist()}
    assert set(found) == {"11", "12", "13", "14", "16"}
    assert {key: (row["parent"] or "")[-2:] for key, row in found.items()} == {
        "11": "", "12": "11", "13": "12", "14": "13", "16": "13",
    }  # fmt: skip
    assert found["13"]["elevation"] == pytest.approx(3)
    wall = found["14"]["id"]
    values = {row["name"]: (row["value"], row["number"]) for row in rows(draft.properties, id=wall)}
    assert values["IsExternal"] == ("true", 1.0)
    assert values["ThermalTransmittance"][1] == pytest.approx(0.24)
    assert values["Nr"] == ("007", None)
    assert values["Own"][1] == 0.1 + 0.2
    assert rows(draft.quantities, id=wall, name="Length")[0]["value"] == 5
    kinds = Counter(draft.relations["kind"].to_pylist())
    # Made of the layers and of their material; the door fills the opening and so the wall.
    assert (kinds["typed_by"], kinds["made_of"], kinds["fills"]) == (1, 2, 2)
    assert len(meshes.objects) == 0
    (finding,) = [f for f in draft.findings if f.code == "ifcxml-summary"]
    assert finding.data["left_out"] == {"IfcPresentationLayerAssignment": 2}
    model = open_model(tmp_path / "m.xml").file
    assert model.by_type("IfcSite")[0].RefLatitude == (-30, -30, 0, 0)


@pytest.mark.shared
def test_a_summary_of_others_gives_the_graph_of_its_ifc_file(tmp_path):
    folder = SHARED / "ifc" / "fzk-haus"
    if not folder.is_dir():
        pytest.skip("shared data has no fzk-haus")
    step, _ = read_model(folder / "AC20-FZK-Haus.ifczip", tmp_path / "s", frame=None)
    xml, _ = read_model(folder / "AC20-FZK-Haus.ifcxml", tmp_path / "x", frame=None)
    want, got = ({row["id"]: row for row in draft.objects.to_pylist()} for draft in (step, xml))
    assert {want[key]["ifc_class"] for key in set(want) - set(got)} == {"IfcVirtualElement"}  # IfcConvert drops them
    assert set(got) <= set(want)
    same = [name for name in step.objects.column_names if name != "engine"]  # no shapes in the summary
    assert all(got[key][name] == want[key][name] for key in got for name in same)

    def quantities(draft):
        return Counter((q["id"], q["set"], q["name"], round(q["value"], 9)) for q in draft.quantities.to_pylist())

    def properties(draft):
        every = (p for p in draft.properties.to_pylist() if p["id"] in got)
        return {(p["id"], p["set"], p["name"]): (p["value"] or "").split(" ")[0].rstrip("°") for p in every}

    assert quantities(step) == quantities(xml)
    full, told = properties(step), properties(xml)
    lost = {key[1] for key in set(full) - set(told)}
    assert all("Linien" in name or "Panel" in name for name in lost)  # lining and panel sets are no IfcPropertySet
    assert set(told) <= set(full)
    differing = [key for key in told if told[key] != full[key].split(" ")[0]]
    assert len(differing) <= len(told) // 50


def test_changed_bytes_give_a_model_or_one_sentence(tmp_path):
    """Seeded: nothing else may come out of the converter."""
    random = np.random.default_rng(11)
    refusals = []
    for content in (part28(rich("IFC2X3").file), nested(rich("IFC4").file), SUMMARY.encode()):
        for _ in range(60):
            data = bytearray(content)
            for at in random.integers(0, len(data), 4):
                data[at] = random.integers(32, 127)
            try:
                convert(write(tmp_path / "m.xml", bytes(data)), "m.xml", tmp_path)
            except Invalid as error:
                refusals.append(error.message)
    assert len(refusals) > 60
    assert not any("\n" in message for message in refusals)
