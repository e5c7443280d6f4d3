"""Sets read many at a time from the file's text say what the parser says of each; what is written otherwise is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bim.graph.whole import graph_tables
from bim.properties import plain_sets
from bim.properties.set_reader import SetReader
from bim.source import lean_text
from bim.source.open_model import open_model
from bim.source.whole_model import WholeModel, left_out
from tests.bim.ifc_files import SHARED, new_model


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """Columns even for few, which are left out of a lean model; gives the items that were read one by one."""
    monkeypatch.setattr(plain_sets, "FEW", 1)
    for name in ("MANY", "FEWEST_BYTES", "LEAST"):
        monkeypatch.setattr(lean_text, name, 0)
    found = []
    one_by_one = SetReader._rows_of_item

    def noted(self, kind, item):
        found.append(item.is_a())
        return one_by_one(self, kind, item)

    monkeypatch.setattr(SetReader, "_rows_of_item", noted)
    return found


def both(path: Path):
    """The tables with the text and without; those of the lean model are the first ones."""
    opened = open_model(path)
    assert opened.text is not None
    found = graph_tables(opened)
    same(graph_tables(open_model(path, lean=True)), found)
    return found, graph_tables(replace(opened, text=None))


def same(found, expected):
    for mine, other in zip(found, expected, strict=True):
        assert mine.equals(other)


def model():
    m = new_model(prefix="MILLI")
    f = m.file
    kilowatt = f.create_entity("IfcSIUnit", UnitType="POWERUNIT", Prefix="KILO", Name="WATT")
    walls = [m.wall(str(number)) for number in range(4)]
    single = [
        m.single("Width", "IfcPositiveLengthMeasure", 200.0),
        m.single("Width", "IfcPositiveLengthMeasure", 0.1 + 0.2),
        m.single("Power", "IfcPowerMeasure", 2.5, kilowatt),
        m.single("Angle", "IfcPlaneAngleMeasure", 1e-7),
        m.single("Share", "IfcPositiveRatioMeasure", 0.25),
        m.single("External", "IfcBoolean", True),
        m.single("Count", "IfcInteger", 7),
        m.single("Maybe", "IfcLogical", "UNKNOWN"),
        m.single("Time", "IfcDuration", "PT2H"),
        m.single("Nothing", "IfcLabel", None),
        m.single(" It's (so), 'x' ", "IfcText", "a, b; (c) 'd' \\ #5=$"),
        m.single("备注", "IfcText", "耐火极限"),
        m.single("", "IfcLabel", "   "),
    ]
    status = f.create_entity(
        "IfcPropertyEnumeratedValue", Name="Status", EnumerationValues=(f.create_entity("IfcLabel", "NEW"),)
    )
    m.define(m.pset("Pset_Plain", *single), *walls[:3])
    m.define(m.pset("尺寸 (mm)", single[0], status, single[0]), walls[1], walls[3])
    square = f.create_entity("IfcSIUnit", UnitType="AREAUNIT", Name="SQUARE_METRE")
    amounts = (
        f.create_entity("IfcQuantityLength", Name="Length", LengthValue=1500.0),
        f.create_entity("IfcQuantityArea", Name="Area", Unit=square, AreaValue=2.25, Description="net, (m²)"),
        f.create_entity("IfcQuantityCount", Name="Count", CountValue=3),
        f.create_entity("IfcPhysicalComplexQuantity", Name="Layer", HasQuantities=(f.create_entity("IfcQuantityVolume", Name="V", VolumeValue=0.5),), Discrimination="layer"),
    )  # fmt: skip
    m.define(m.make("IfcElementQuantity", Name="Qto", Quantities=amounts), walls[0], walls[2])
    m.define(m.make("IfcElementQuantity", Quantities=amounts[:1]), walls[3])
    kind = m.make("IfcWallType", Name="T", PredefinedType="SOLIDWALL", HasPropertySets=(m.pset("Pset_Plain", *single[:3], m.single("Own", "IfcLabel", "of the type")),))  # fmt: skip
    m.make("IfcRelDefinesByType", RelatedObjects=walls, RelatingType=kind)
    return m


def test_everything_that_a_set_can_hold_is_as_the_parser_says(tmp_path, asked):
    found, expected = both(model().write(tmp_path))
    same(found, expected)
    assert found.properties.num_rows > 50
    assert found.quantities.num_rows == 9
    assert set(asked) == {"IfcPhysicalComplexQuantity", "IfcPropertyEnumeratedValue"}


def test_plain_sets_are_not_parsed_and_the_whole_file_is_not_asked(tmp_path, monkeypatch):
    m = model()
    expected = graph_tables(open_model(m.write(tmp_path, "before.ifc")))
    for number in range(3):
        m.define(m.pset(f"Set {number}", m.single("Width", "IfcReal", 1.0 + number)), m.file.by_type("IfcWall")[number])
    m.define(m.pset("ePset_MapConversion", m.single("Eastings", "IfcLengthMeasure", 7.0)), m.project)
    m.wall()
    monkeypatch.setattr(WholeModel, "model", property(lambda _self: pytest.fail("the whole file was parsed")))
    opened = open_model(m.write(tmp_path), lean=True)
    names = [one.Name for one in opened.file.by_type("IfcPropertySet")]
    assert "ePset_MapConversion" in names  # a place is asked of the parser
    assert not any(name.startswith("Set ") for name in names)
    assert len(left_out(opened.file)) == 8
    found = graph_tables(opened)
    assert found.properties.num_rows == expected.properties.num_rows + 4


def test_a_set_that_is_not_written_as_it_seems_is_asked_of_the_whole(tmp_path):
    path = model().write(tmp_path)
    path.write_text(path.read_text().replace(";\n#", ";     \n#"))
    lean = open_model(path, lean=True)
    assert len(left_out(lean.file)) == 4
    same(*both(path))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("IFCLABEL('of the type')", "IFCLABEL ( 'of the type' )"),
        ("IFCPOSITIVELENGTHMEASURE(200.)", "IFCPOSITIVELENGTHMEASURE(2.E+02)"),
        ("IFCPOSITIVELENGTHMEASURE(200.)", "IFCPOSITIVELENGTHMEASURE(\n200.)"),
        ("IFCPOSITIVELENGTHMEASURE(200.)", "IFCPOSITIVELENGTHMEASURE('200')"),
        ("IFCPROPERTYSINGLEVALUE('Width'", "IFCPROPERTYSINGLEVALUE($"),
        ("IFCQUANTITYLENGTH('Length',$,$,1500.", "IFCQUANTITYLENGTH('Length',$,$,$"),
        ("'Pset_Plain'", "$"),
        ("'Pset_Plain'", "'Pset\\X\\DF'"),
    ],
)
def test_another_way_of_writing_is_left_to_the_parser(tmp_path, old, new):
    path = model().write(tmp_path)
    written = path.read_text()
    assert old in written
    path.write_text(written.replace(old, new))
    same(*both(path))


def test_a_file_in_which_the_parser_found_faults_is_read_by_it_alone(tmp_path):
    path = model().write(tmp_path)
    path.write_text(path.read_text().replace("IFCLABEL('of the type')", "IFCNOSUCHTYPE('of the type')"))
    opened = open_model(path)
    assert [finding.code for finding in opened.findings] == ["ifc-syntax"]
    assert opened.text is None


@pytest.mark.parametrize("name", ["duplex", "fzk-haus", "kit-edc", "mini-project", "office_a", "samplehouse"])
def test_files_of_others_are_as_the_parser_says(name):
    paths = sorted((SHARED / "ifc" / name).glob("*.ifc*"), key=lambda path: path.stat().st_size)
    if not paths:
        pytest.skip(f"no {SHARED / 'ifc' / name}")
    same(*both(paths[-1]))
