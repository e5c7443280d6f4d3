from __future__ import annotations

import math

import pytest

from tests.bim.ifc_files import new_model, read_model, rows


def value(draft, owner, name):
    found = rows(draft.properties, id=owner.GlobalId, name=name)
    assert len(found) == 1, found
    return found[0]


def test_values_of_every_kind_with_si_numbers(tmp_path):
    m = new_model(prefix="MILLI")
    f = m.file
    watt = f.create_entity("IfcSIUnit", UnitType="POWERUNIT", Prefix="KILO", Name="WATT")
    label = lambda text: f.create_entity("IfcLabel", text)  # noqa: E731
    length = lambda number: f.create_entity("IfcLengthMeasure", float(number))  # noqa: E731
    wall = m.wall(size=(5000, 200, 3000))
    m.define(
        m.pset(
            "Pset_Mix",
            m.single("Width", "IfcPositiveLengthMeasure", 200.0),
            m.single("Power", "IfcPowerMeasure", 2.5, watt),
            m.single("Temperature", "IfcThermodynamicTemperatureMeasure", 20.0),
            m.single("External", "IfcBoolean", True),
            m.single("Note", "IfcText", "耐火极限 2h"),
            m.single("Empty", "IfcLabel", None),
            f.create_entity(
                "IfcPropertyEnumeratedValue", Name="Status", EnumerationValues=(label("NEW"), label("DEMOLISH"))
            ),
            f.create_entity("IfcPropertyListValue", Name="Steps", ListValues=(length(100), length(200))),
            f.create_entity(
                "IfcPropertyBoundedValue", Name="Range", LowerBoundValue=length(1000), UpperBoundValue=length(2000)
            ),
            f.create_entity("IfcPropertyBoundedValue", Name="Most", UpperBoundValue=length(2000)),
            f.create_entity(
                "IfcPropertyTableValue",
                Name="Curve",
                DefiningValues=(length(1), length(2)),
                DefinedValues=(label("a"), label("b")),
            ),
            f.create_entity(
                "IfcComplexProperty", Name="Outer", UsageName="u", HasProperties=(m.single("Inner", "IfcInteger", 7),)
            ),
        ),
        wall,
    )
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    width = value(draft, wall, "Width")
    assert (width["value"], width["number"], width["unit"], width["origin"]) == (
        "200 mm",
        pytest.approx(0.2),
        "m",
        "occurrence",
    )
    power = value(draft, wall, "Power")
    assert (power["value"], power["number"], power["unit"]) == ("2.5 kW", 2500.0, "W")
    temperature = value(draft, wall, "Temperature")
    assert (temperature["value"], temperature["number"], temperature["unit"]) == ("20 °C", pytest.approx(293.15), "K")
    assert (value(draft, wall, "External")["value"], value(draft, wall, "External")["number"]) == ("true", 1.0)
    assert value(draft, wall, "Note")["value"] == "耐火极限 2h"
    assert value(draft, wall, "Empty")["value"] is None
    assert value(draft, wall, "Status")["value"] == "NEW, DEMOLISH"
    assert value(draft, wall, "Steps")["value"] == "100 mm, 200 mm"
    assert value(draft, wall, "Range")["value"] == "1000 mm … 2000 mm"
    assert (value(draft, wall, "Most")["value"], value(draft, wall, "Most")["number"]) == (
        "≤ 2000 mm",
        pytest.approx(2.0),
    )
    assert value(draft, wall, "Curve")["value"] == "1 mm → a; 2 mm → b"
    assert (value(draft, wall, "Outer.Inner")["value"], value(draft, wall, "Outer.Inner")["number"]) == ("7", 7.0)


def test_type_properties_are_inherited_and_hidden_by_the_occurrences_own(tmp_path):
    m = new_model()
    first, second = m.wall("A"), m.wall("B")
    kind = m.make(
        "IfcWallType", Name="T", PredefinedType="SOLIDWALL",
        HasPropertySets=(m.pset("Pset_WallCommon", m.single("FireRating", "IfcLabel", "2h"), m.single("Reference", "IfcIdentifier", "T1")),),
    )  # fmt: skip
    m.make("IfcRelDefinesByType", RelatedObjects=(first, second), RelatingType=kind)
    m.define(m.pset("Pset_WallCommon", m.single("FireRating", "IfcLabel", "3h")), second)
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    assert (value(draft, first, "FireRating")["value"], value(draft, first, "FireRating")["origin"]) == ("2h", "type")
    assert (value(draft, second, "FireRating")["value"], value(draft, second, "FireRating")["origin"]) == (
        "3h",
        "occurrence",
    )
    assert value(draft, second, "Reference")["origin"] == "type"
    assert value(draft, kind, "FireRating")["value"] == "2h"
    assert rows(draft.concepts, id=kind.GlobalId)[0]["kind"] == "type"
    assert len(rows(draft.relations, kind="typed_by", target=kind.GlobalId)) == 2


def test_quantities_are_declared_in_si(tmp_path):
    m = new_model(foot=True)
    f = m.file
    wall = m.wall(size=(10, 1, 10))
    amounts = (
        f.create_entity("IfcQuantityLength", Name="Length", LengthValue=10.0),
        f.create_entity("IfcQuantityArea", Name="Area", AreaValue=12.0),
        f.create_entity("IfcQuantityCount", Name="Count", CountValue=3),
        f.create_entity(
            "IfcPhysicalComplexQuantity", Name="Layer", Discrimination="layer",
            HasQuantities=(f.create_entity("IfcQuantityVolume", Name="Volume", VolumeValue=2.0),),
        ),
    )  # fmt: skip
    m.define(m.make("IfcElementQuantity", Name="Qto_WallBaseQuantities", Quantities=amounts), wall)
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    found = {
        row["name"]: (row["value"], row["unit"], row["origin"]) for row in rows(draft.quantities, id=wall.GlobalId)
    }
    assert found["Length"] == (pytest.approx(3.048), "m", "declared")
    assert found["Area"] == (12.0, "m2", "declared")
    assert found["Count"] == (3.0, "", "declared")
    assert found["Layer.Volume"] == (2.0, "m3", "declared")


def test_derived_and_degree_units(tmp_path):
    m = new_model()
    f = m.file
    units = m.project.UnitsInContext
    radian = f.create_entity("IfcSIUnit", UnitType="PLANEANGLEUNIT", Name="RADIAN")
    ratio = f.create_entity("IfcMeasureWithUnit", f.create_entity("IfcPlaneAngleMeasure", math.pi / 180), radian)
    degree = f.create_entity(
        "IfcConversionBasedUnit",
        f.create_entity("IfcDimensionalExponents", 0, 0, 0, 0, 0, 0, 0),
        "PLANEANGLEUNIT",
        "DEGREE",
        ratio,
    )
    litre = f.create_entity("IfcSIUnit", UnitType="VOLUMEUNIT", Prefix="DECI", Name="CUBIC_METRE")
    second = f.create_entity("IfcSIUnit", UnitType="TIMEUNIT", Name="SECOND")
    flow = f.create_entity(
        "IfcDerivedUnit", UnitType="VOLUMETRICFLOWRATEUNIT",
        Elements=(f.create_entity("IfcDerivedUnitElement", litre, 1), f.create_entity("IfcDerivedUnitElement", second, -1)),
    )  # fmt: skip
    units.Units = (*units.Units, degree, flow)
    wall = m.wall()
    m.define(
        m.pset(
            "P", m.single("Slope", "IfcPlaneAngleMeasure", 90.0), m.single("Flow", "IfcVolumetricFlowRateMeasure", 5.0)
        ),
        wall,
    )
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    slope, flow_row = value(draft, wall, "Slope"), value(draft, wall, "Flow")
    assert (slope["value"], slope["number"], slope["unit"]) == ("90°", pytest.approx(math.pi / 2), "rad")
    assert (flow_row["number"], flow_row["unit"]) == (pytest.approx(0.005), "m3/s")


def test_materials_layers_and_classifications_are_concepts(tmp_path):
    m = new_model(prefix="MILLI")
    f = m.file
    wall = m.wall(size=(5000, 250, 3000))
    concrete, wool = (f.create_entity("IfcMaterial", Name=name) for name in ("混凝土", "岩棉"))
    layers = tuple(
        f.create_entity("IfcMaterialLayer", Material=item, LayerThickness=thick)
        for item, thick in ((concrete, 200.0), (wool, 50.0))
    )
    layer_set = f.create_entity("IfcMaterialLayerSet", MaterialLayers=layers, LayerSetName="外墙")
    usage = f.create_entity("IfcMaterialLayerSetUsage", layer_set, "AXIS2", "POSITIVE", 0.0)
    m.make("IfcRelAssociatesMaterial", RelatedObjects=(wall,), RelatingMaterial=usage)
    system = f.create_entity("IfcClassification", Name="GB/T 51269-2017", Source="住建部")
    code = f.create_entity(
        "IfcClassificationReference", Identification="14-10.20.03", Name="外墙", ReferencedSource=system
    )
    m.make("IfcRelAssociatesClassification", RelatedObjects=(wall,), RelatingClassification=code)
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    made_of = rows(draft.relations, source=wall.GlobalId, kind="made_of")[0]["target"]
    assert rows(draft.concepts, id=made_of)[0]["name"] == "外墙"
    assert {row["target"] for row in rows(draft.relations, source=made_of, kind="made_of")} == {
        "material:混凝土",
        "material:岩棉",
    }
    thickness = {row["name"]: row["number"] for row in rows(draft.properties, id=made_of)}
    assert thickness == {"1 混凝土": pytest.approx(0.2), "2 岩棉": pytest.approx(0.05)}
    reference = rows(draft.relations, source=wall.GlobalId, kind="classified_as")[0]["target"]
    assert rows(draft.concepts, id=reference)[0]["name"] == "14-10.20.03 外墙"
    assert rows(draft.relations, source=reference, kind="member_of")


def test_systems_tenants_ports_and_sensors_are_related(tmp_path):
    m = new_model()
    space = m.make("IfcSpace", Name="101")
    m.make("IfcRelAggregates", RelatingObject=m.storey, RelatedObjects=(space,))
    fan, duct, sensor = m.make("IfcFan"), m.make("IfcDuctSegment"), m.make("IfcSensor")
    out, into = (
        m.make("IfcDistributionPort", FlowDirection="SOURCE"),
        m.make("IfcDistributionPort", FlowDirection="SINK"),
    )
    m.make("IfcRelNests", RelatingObject=fan, RelatedObjects=(out,))
    m.make("IfcRelNests", RelatingObject=duct, RelatedObjects=(into,))
    m.make("IfcRelConnectsPorts", RelatingPort=into, RelatedPort=out)
    m.make("IfcRelFlowControlElements", RelatedControlElements=(sensor,), RelatingFlowElement=fan)
    system = m.make("IfcDistributionSystem", Name="S")
    m.make("IfcRelAssignsToGroup", RelatedObjects=(fan, duct), RelatingGroup=system)
    m.make("IfcRelServicesBuildings", RelatingSystem=system, RelatedBuildings=(m.building,))
    person = m.file.create_entity("IfcOrganization", Name="租户")
    tenant = m.make("IfcOccupant", Name="T", TheActor=person, PredefinedType="TENANT")
    m.make("IfcRelAssignsToActor", RelatedObjects=(space,), RelatingActor=tenant)
    m.contain(fan, duct, sensor)
    draft, _ = read_model(m.write(tmp_path), tmp_path)
    triples = {tuple(row.values()) for row in draft.relations.to_pylist()}
    gid = lambda entity: entity.GlobalId  # noqa: E731
    assert {
        (gid(fan), "feeds", gid(duct)), (gid(sensor), "monitors", gid(fan)), (gid(fan), "member_of", gid(system)),
        (gid(system), "serves", gid(m.building)), (gid(tenant), "occupies", gid(space)), (gid(fan), "nests", gid(out)),
    } <= triples  # fmt: skip
