"""Values of the wrong kind anywhere in a model: the graph is read all the same, or the file is refused in a sentence."""

from __future__ import annotations

import contextlib
import random
import re

import pytest

from bim.graph.whole import graph_tables
from bim.source.open_model import open_model
from tests.bim.ifc_files import new_model
from twin.errors import Invalid

WRONG = ("'x'", "$", "1.5", "()", ".T.", "IFCLABEL('z')", "(#7)", "#3", "#11", "#25", "#40", "#60")
VALUE = re.compile(r"#\d+(?=[,)])|\$|'[^']*'|\.[A-Z]+\.|-?\d+\.\d*")


def rich_model():
    """One of most of the things that become rows."""
    m = new_model()
    f = m.file
    wall, space = m.wall(), m.make("IfcSpace", Name="101")
    m.define(m.pset("P", m.single("Width", "IfcLengthMeasure", 0.2), m.single("Mark", "IfcLabel", "A")), wall, space)
    area = f.create_entity("IfcQuantityArea", Name="A", AreaValue=2.0)
    m.define(m.make("IfcElementQuantity", Name="Q", Quantities=(area,)), wall)
    kind = m.make(
        "IfcWallType",
        Name="T",
        PredefinedType="SOLIDWALL",
        HasPropertySets=(m.pset("T", m.single("B", "IfcReal", 1.0)),),
    )
    m.make("IfcRelDefinesByType", RelatedObjects=(wall,), RelatingType=kind)
    layer = f.create_entity("IfcMaterialLayer", f.create_entity("IfcMaterial", Name="C30"), 0.2)
    layers = f.create_entity("IfcMaterialLayerSet", MaterialLayers=(layer,))
    usage = f.create_entity("IfcMaterialLayerSetUsage", layers, "AXIS2", "POSITIVE", 0.0)
    m.make("IfcRelAssociatesMaterial", RelatedObjects=(wall,), RelatingMaterial=usage)
    code = f.create_entity(
        "IfcClassificationReference",
        Identification="1",
        ReferencedSource=f.create_entity("IfcClassification", Name="S"),
    )
    m.make("IfcRelAssociatesClassification", RelatedObjects=(wall,), RelatingClassification=code)
    m.make("IfcRelSpaceBoundary2ndLevel", Name="2ndLevel", RelatingSpace=space, RelatedBuildingElement=wall, PhysicalOrVirtualBoundary="PHYSICAL", InternalOrExternalBoundary="INTERNAL")  # fmt: skip
    time = f.create_entity("IfcTaskTime", ScheduleStart="2026-03-01", ScheduleDuration="P5D")
    tasks = [m.make("IfcTask", Name=name, TaskTime=time, IsMilestone=False) for name in "ab"]
    m.make("IfcRelSequence", RelatingProcess=tasks[0], RelatedProcess=tasks[1], SequenceType="FINISH_START")
    m.make(
        "IfcRelAssociatesApproval", RelatedObjects=(wall,), RelatingApproval=f.create_entity("IfcApproval", Name="A")
    )
    m.make("IfcActor", Name="A", TheActor=f.create_entity("IfcOrganization", Name="O"))
    return m


@pytest.mark.parametrize("seed", range(4))
def test_no_value_stops_the_reading(tmp_path, seed):
    text = rich_model().write(tmp_path).read_text()
    start = text.index("DATA;")
    places = [match.span() for match in VALUE.finditer(text, start)]
    draw = random.Random(seed)
    read = 0
    for _ in range(40):
        mangled = text
        for first, last in sorted(draw.sample(places, draw.choice((1, 4, 16))), reverse=True):
            mangled = mangled[:first] + draw.choice(WRONG) + mangled[last:]
        path = tmp_path / "mangled.ifc"
        path.write_text(mangled)
        with contextlib.suppress(Invalid):
            tables = graph_tables(open_model(path))
            assert len(set(tables.objects["id"].to_pylist())) == len(tables.objects)
            read += 1
    assert read > 20
