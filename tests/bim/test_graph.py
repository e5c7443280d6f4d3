"""What becomes of the rarer things of a model: openings, boundaries, controls, schedules, costs, approvals, stations."""

from __future__ import annotations

import math

import pytest

from bim.graph.whole import graph_tables
from bim.source.open_model import open_model
from tests.bim.ifc_files import new_model, rows


def read(m, tmp_path):
    return graph_tables(open_model(m.write(tmp_path)))


def triples(tables):
    return {tuple(row.values()) for row in tables.relations.to_pylist()}


def told(tables, local, title="Attributes"):
    """Name → (text, number) of one set."""
    return {row["name"]: (row["value"], row["number"]) for row in rows(tables.properties, id=local, set=title)}


def test_an_opening_is_a_concept_between_door_and_wall_with_its_own_quantities(tmp_path):
    m = new_model()
    wall = m.wall()
    opening = m.make("IfcOpeningElement", Name="O", PredefinedType="OPENING", ObjectPlacement=m.placement())
    m.make("IfcRelVoidsElement", RelatingBuildingElement=wall, RelatedOpeningElement=opening)
    door = m.make("IfcDoor", Name="D")
    m.make("IfcRelFillsElement", RelatingOpeningElement=opening, RelatedBuildingElement=door)
    area = m.file.create_entity("IfcQuantityArea", Name="Area", AreaValue=2.1)
    m.define(m.make("IfcElementQuantity", Name="Qto_OpeningElementBaseQuantities", Quantities=(area,)), opening)
    tables = read(m, tmp_path)
    assert rows(tables.concepts, id=opening.GlobalId)[0]["kind"] == "opening"
    assert {
        (opening.GlobalId, "voids", wall.GlobalId), (door.GlobalId, "fills", opening.GlobalId),
        (door.GlobalId, "fills", wall.GlobalId),
    } <= triples(tables)  # fmt: skip
    assert rows(tables.quantities, id=opening.GlobalId)[0]["value"] == 2.1
    assert told(tables, opening.GlobalId)["PredefinedType"] == ("OPENING", None)


def test_space_boundaries_are_nodes_with_level_kind_and_the_other_side(tmp_path):
    m = new_model()
    wall = m.wall()
    spaces = [m.make("IfcSpace", Name=name) for name in "ab"]
    common = {
        "RelatedBuildingElement": wall,
        "PhysicalOrVirtualBoundary": "PHYSICAL",
        "InternalOrExternalBoundary": "INTERNAL",
    }
    sides = [
        m.make("IfcRelSpaceBoundary2ndLevel", Name="2ndLevel", Description="2a", RelatingSpace=space, **common)
        for space in spaces
    ]
    sides[0].CorrespondingBoundary, sides[1].CorrespondingBoundary = sides[1], sides[0]
    first = m.make("IfcRelSpaceBoundary", Name="1stLevel", RelatingSpace=spaces[0], **common)
    inner = m.make("IfcRelSpaceBoundary1stLevel", RelatingSpace=spaces[0], ParentBoundary=sides[0], **common)
    tables = read(m, tmp_path)
    a, b = (side.GlobalId for side in sides)
    assert {
        (wall.GlobalId, "bounds", spaces[0].GlobalId), (wall.GlobalId, "provides", a), (a, "bounds", spaces[0].GlobalId),
        (a, "corresponds_to", b), (b, "corresponds_to", a), (a, "nests", inner.GlobalId),
    } <= triples(tables)  # fmt: skip
    assert told(tables, a)["Level"] == ("2a", 2.0)
    assert told(tables, first.GlobalId)["Level"] == ("1", 1.0)
    assert told(tables, inner.GlobalId)["Level"] == ("1", 1.0)
    assert told(tables, a)["PhysicalOrVirtualBoundary"] == ("PHYSICAL", None)


def test_control_elements_monitor_or_control_what_relation_port_or_place_names(tmp_path):
    m = new_model()
    space = m.make("IfcSpace", Name="101")
    fan, lamp = m.make("IfcFan"), m.make("IfcLamp")
    actuator, sensor, alarm, loose = (m.make(f"Ifc{n}") for n in ("Actuator", "Sensor", "Alarm", "Sensor"))
    m.make("IfcRelFlowControlElements", RelatedControlElements=(actuator,), RelatingFlowElement=fan)
    ports = [m.make("IfcDistributionPort") for _ in range(2)]
    for host, port in ((sensor, ports[0]), (lamp, ports[1])):
        m.make("IfcRelNests", RelatingObject=host, RelatedObjects=(port,))
    m.make("IfcRelConnectsPorts", RelatingPort=ports[0], RelatedPort=ports[1])
    m.contain(alarm, sensor, actuator, storey=space)
    m.contain(loose)
    found = triples(read(m, tmp_path))
    assert {
        (actuator.GlobalId, "controls", fan.GlobalId), (sensor.GlobalId, "monitors", lamp.GlobalId),
        (alarm.GlobalId, "monitors", space.GlobalId), (sensor.GlobalId, "connects", lamp.GlobalId),
    } <= found  # fmt: skip
    assert not [t for t in found if t[0] == sensor.GlobalId and t[2] == space.GlobalId]  # what it is wired to counts
    assert not [t for t in found if t[0] == loose.GlobalId and t[1] == "monitors"]


def test_ifc2x3_sensors_and_fans_are_known_by_their_type_object(tmp_path):
    m = new_model("IFC2X3")
    space = m.make("IfcSpace", Name="101", InteriorOrExteriorSpace="INTERNAL", CompositionType="ELEMENT")
    device = m.make("IfcDistributionControlElement", Name="T1")
    fan = m.make("IfcFlowMovingDevice", Name="F1")
    for entity, kind in ((device, "IfcSensorType"), (fan, "IfcFanType")):
        made = m.make(kind, Name="K", PredefinedType="NOTDEFINED")
        m.make("IfcRelDefinesByType", RelatedObjects=(entity,), RelatingType=made)
    m.contain(device, fan, storey=space)
    tables = read(m, tmp_path)
    assert {row["name"]: row["type"] for row in tables.objects.to_pylist() if row["name"] in {"T1", "F1"}} == {
        "T1": "Sensor", "F1": "Fan",
    }  # fmt: skip
    assert rows(tables.objects, name="T1")[0]["ifc_class"] == "IfcDistributionControlElement"
    assert (device.GlobalId, "monitors", space.GlobalId) in triples(tables)


def test_tasks_have_times_order_with_lag_and_what_they_work_on(tmp_path):
    m = new_model()
    f = m.file
    wall = m.wall()
    time = f.create_entity("IfcTaskTime", ScheduleStart="2026-03-01T08:00:00", ScheduleDuration="P5DT12H")
    first = m.make("IfcTask", Name="浇筑", TaskTime=time, PredefinedType="CONSTRUCTION", IsMilestone=False)
    then = m.make("IfcTask", Name="拆模", IsMilestone=False)
    lag = f.create_entity("IfcLagTime", LagValue=f.create_entity("IfcDuration", "P2D"), DurationType="WORKTIME")
    m.make("IfcRelSequence", RelatingProcess=first, RelatedProcess=then, TimeLag=lag, SequenceType="FINISH_START")
    plan = m.make("IfcWorkSchedule", Name="S", CreationDate="2026-01-01", StartTime="2026-03-01")
    m.make("IfcRelAssignsToControl", RelatedObjects=(first, then), RelatingControl=plan)
    m.make("IfcRelAssignsToProcess", RelatedObjects=(wall,), RelatingProcess=first)
    tables = read(m, tmp_path)
    assert {
        (first.GlobalId, "precedes", then.GlobalId), (first.GlobalId, "assigned_to", plan.GlobalId),
        (wall.GlobalId, "assigned_to", first.GlobalId),
    } <= triples(tables)  # fmt: skip
    own = told(tables, first.GlobalId)
    assert own["TaskTime.ScheduleDuration"] == ("P5DT12H", 5.5 * 86_400)
    assert own["TaskTime.ScheduleStart"] == ("2026-03-01T08:00:00", None)
    assert own["PredefinedType"] == ("CONSTRUCTION", None)
    assert told(tables, then.GlobalId, "RelSequence") == {"浇筑": ("FINISH_START + P2D", 172_800.0)}


def test_ifc2x3_tasks_have_their_dates_in_iso_form(tmp_path):
    m = new_model("IFC2X3")
    f = m.file
    date = f.create_entity("IfcCalendarDate", 5, 3, 2026)
    clock = f.create_entity("IfcLocalTime", 8, 30)
    start = f.create_entity("IfcDateAndTime", date, clock)
    task = m.make("IfcTask", Name="T", TaskId="1", IsMilestone=False)
    control = m.make("IfcScheduleTimeControl", Name="C", ScheduleStart=start, ScheduleDuration=3600.0)
    m.make("IfcRelAssignsTasks", RelatedObjects=(task,), RelatingControl=m.make("IfcWorkSchedule", Name="S", Identifier="S", CreationDate=date, StartTime=date), TimeForTask=control)  # fmt: skip
    tables = read(m, tmp_path)
    assert (task.GlobalId, "assigned_to", control.GlobalId) in triples(tables)
    assert told(tables, control.GlobalId)["ScheduleStart"] == ("2026-03-05T08:30:00", None)
    assert told(tables, control.GlobalId)["ScheduleDuration"][1] == 3600.0


def test_cost_items_have_values_in_the_projects_currency_and_amounts(tmp_path):
    m = new_model()
    f = m.file
    units = m.project.UnitsInContext
    units.Units = (*units.Units, f.create_entity("IfcMonetaryUnit", "CNY"))
    price = f.create_entity(
        "IfcCostValue", Name="综合单价", AppliedValue=f.create_entity("IfcMonetaryMeasure", 480.0), Category="Material"
    )
    amount = f.create_entity("IfcQuantityVolume", Name="混凝土", VolumeValue=12.5)
    item = m.make("IfcCostItem", Name="C30", CostValues=(price,), CostQuantities=(amount,))
    wall = m.wall()
    m.make("IfcRelAssignsToControl", RelatedObjects=(wall,), RelatingControl=item)
    tables = read(m, tmp_path)
    assert (wall.GlobalId, "assigned_to", item.GlobalId) in triples(tables)
    assert told(tables, item.GlobalId)["CostValues.AppliedValue"] == ("480 CNY", 480.0)
    assert told(tables, item.GlobalId)["CostValues.Category"] == ("Material", None)
    quantity = rows(tables.quantities, id=item.GlobalId)[0]
    assert (quantity["set"], quantity["name"], quantity["value"], quantity["unit"]) == (
        "CostQuantities",
        "混凝土",
        12.5,
        "m3",
    )


def test_approvals_constraints_documents_and_actors_are_concepts(tmp_path):
    m = new_model()
    f = m.file
    wall = m.wall()
    approval = f.create_entity("IfcApproval", Identifier="A-7", Name="结构审查", Status="APPROVED")
    m.make("IfcRelAssociatesApproval", RelatedObjects=(wall,), RelatingApproval=approval)
    metric = f.create_entity(
        "IfcMetric",
        Name="U",
        ConstraintGrade="HARD",
        Benchmark="LESSTHANOREQUALTO",
        DataValue=f.create_entity("IfcReal", 0.45),
    )
    goal = f.create_entity(
        "IfcObjective", Name="节能", ConstraintGrade="HARD", BenchmarkValues=(metric,), ObjectiveQualifier="REQUIREMENT"
    )
    m.make("IfcRelAssociatesConstraint", RelatedObjects=(wall,), Intent="节能", RelatingConstraint=goal)
    book = f.create_entity("IfcDocumentInformation", Identification="D-1", Name="说明书", Revision="B")
    page = f.create_entity("IfcDocumentReference", Identification="p. 3", ReferencedDocument=book)
    m.make("IfcRelAssociatesDocument", RelatedObjects=(wall,), RelatingDocument=page)
    address = f.create_entity("IfcPostalAddress", Town="武汉", AddressLines=("光谷大道 77 号", "3 栋"))
    role = f.create_entity("IfcActorRole", Role="STRUCTURALENGINEER")
    firm = f.create_entity("IfcOrganization", Name="设计院", Roles=(role,), Addresses=(address,))
    man = f.create_entity("IfcPerson", Identification="li", FamilyName="李")
    actor = m.make("IfcActor", Name="A", TheActor=f.create_entity("IfcPersonAndOrganization", man, firm))
    m.building.BuildingAddress = address
    tables = read(m, tmp_path)
    assert {
        (wall.GlobalId, "approved_by", "approval:A-7"), (wall.GlobalId, "constrained_by", "constraint:节能"),
        ("constraint:节能", "aggregates", "constraint:U"), ("document:p. 3", "documents", wall.GlobalId),
        ("document:p. 3", "member_of", "document:D-1"), (actor.GlobalId, "played_by", "person:li"),
        (actor.GlobalId, "played_by", "organization:设计院"), ("person:li", "member_of", "organization:设计院"),
    } <= triples(tables)  # fmt: skip
    assert told(tables, "approval:A-7")["Status"] == ("APPROVED", None)
    assert told(tables, "constraint:U")["DataValue"] == ("0.45", 0.45)
    assert told(tables, "document:D-1")["Revision"] == ("B", None)
    assert told(tables, "organization:设计院")["Addresses.Town"] == ("武汉", None)
    assert told(tables, actor.GlobalId)["TheActor.TheOrganization.Roles"] == ("STRUCTURALENGINEER", None)
    assert told(tables, m.building.GlobalId)["BuildingAddress.AddressLines"] == ("光谷大道 77 号, 3 栋", None)
    assert rows(tables.concepts, id="approval:A-7")[0]["name"] == "结构审查"


def test_material_usage_profiles_and_classified_materials(tmp_path):
    m = new_model(prefix="MILLI")
    f = m.file
    concrete = f.create_entity("IfcMaterial", Name="C30", Category="concrete")
    layers = f.create_entity(
        "IfcMaterialLayerSet",
        MaterialLayers=(f.create_entity("IfcMaterialLayer", concrete, 200.0, Name="结构层", Priority=50),),
        LayerSetName="墙",
    )
    wall, other = m.wall(size=(5000, 200, 3000)), m.wall("V", size=(5000, 200, 3000))
    usage = f.create_entity("IfcMaterialLayerSetUsage", layers, "AXIS2", "NEGATIVE", -100.0)
    m.make("IfcRelAssociatesMaterial", RelatedObjects=(wall, other), RelatingMaterial=usage)
    shape = f.create_entity("IfcRectangleProfileDef", ProfileType="AREA", ProfileName="300x600", XDim=300.0, YDim=600.0)
    profiles = f.create_entity(
        "IfcMaterialProfileSet",
        Name="梁",
        MaterialProfiles=(f.create_entity("IfcMaterialProfile", Material=concrete, Profile=shape),),
    )
    beam = m.wall("B", ifc_class="IfcBeam")
    m.make(
        "IfcRelAssociatesMaterial",
        RelatedObjects=(beam,),
        RelatingMaterial=f.create_entity("IfcMaterialProfileSetUsage", profiles, 8),
    )
    code = f.create_entity("IfcClassificationReference", Identification="30-01", Name="混凝土")
    f.create_entity("IfcExternalReferenceRelationship", RelatingReference=code, RelatedResourceObjects=(concrete,))
    tables = read(m, tmp_path)
    for owner in (wall, other):
        own = told(tables, owner.GlobalId, "MaterialLayerSetUsage")
        assert own["OffsetFromReferenceLine"] == ("-100 mm", pytest.approx(-0.1))
        assert (own["LayerSetDirection"], own["DirectionSense"]) == (("AXIS2", None), ("NEGATIVE", None))
    made_of = rows(tables.relations, source=beam.GlobalId, kind="made_of")[0]["target"]
    assert told(tables, made_of, "Constituents")["1 C30.Profile.YDim"] == ("600 mm", pytest.approx(0.6))
    assert told(tables, beam.GlobalId, "MaterialProfileSetUsage")["CardinalPoint"] == ("8", 8.0)
    layer_set = rows(tables.relations, source=wall.GlobalId, kind="made_of")[0]["target"]
    assert told(tables, layer_set, "Layers")["1 C30.Priority"] == ("50", 50.0)
    assert ("material:C30", "classified_as", "classification:-:30-01") in triples(tables)
    assert told(tables, "material:C30")["Category"] == ("concrete", None)


def test_bounded_values_keep_their_numbers_and_tables_all_their_rows(tmp_path):
    m = new_model(prefix="MILLI")
    f = m.file
    wall = m.wall(size=(5000, 200, 3000))
    length = lambda number: f.create_entity("IfcLengthMeasure", float(number))  # noqa: E731
    bounded = f.create_entity(
        "IfcPropertyBoundedValue",
        Name="Range",
        LowerBoundValue=length(1000),
        UpperBoundValue=length(2000),
        SetPointValue=length(1500),
    )
    table = f.create_entity(
        "IfcPropertyTableValue",
        Name="Curve",
        DefiningValues=tuple(map(length, range(120))),
        DefinedValues=tuple(map(length, range(120))),
    )
    m.define(m.pset("P", bounded, table), wall)
    own = told(read(m, tmp_path), wall.GlobalId, "P")
    assert own["Range"] == ("1000 mm … 2000 mm (1500 mm)", pytest.approx(1.5))
    assert (own["Range.LowerBoundValue"][1], own["Range.UpperBoundValue"][1]) == (
        pytest.approx(1.0),
        pytest.approx(2.0),
    )
    assert own["Curve"][0].count(";") == 119
    assert own["Curve"][0].endswith("119 mm → 119 mm")


def test_predefined_sets_site_coordinates_and_plain_attributes(tmp_path):
    m = new_model()
    m.site.RefLatitude = (30, 30, 36, 500000)
    door = m.make("IfcDoor", Name="D", OverallHeight=2.1)
    m.contain(door)
    m.define(m.make("IfcDoorLiningProperties", Name="L", LiningDepth=0.12), door)
    tables = read(m, tmp_path)
    text, number = told(tables, m.site.GlobalId)["RefLatitude"]
    assert text == "30.510138889°"
    assert number == pytest.approx(math.radians(30 + 30 / 60 + 36.5 / 3600), abs=1e-12)
    assert told(tables, door.GlobalId, "L")["LiningDepth"] == ("0.12 m", 0.12)
    assert told(tables, door.GlobalId)["OverallHeight"] == ("2.1 m", 2.1)


def test_alignment_segments_tell_their_design_and_signals_their_station(tmp_path):
    m = new_model("IFC4X3")
    f = m.file
    points = f.create_entity("IfcPolyline", Points=(m.point(0, 0, 0), m.point(100, 0, 0)))
    axis = f.create_entity(
        "IfcShapeRepresentation",
        ContextOfItems=m.context,
        RepresentationIdentifier="Axis",
        RepresentationType="Curve3D",
        Items=(points,),
    )
    alignment = m.make("IfcAlignment", Name="K1", Representation=m.shape(axis))
    horizontal = m.make("IfcAlignmentHorizontal", Name="H")
    design = f.create_entity(
        "IfcAlignmentHorizontalSegment", StartPoint=m.point(5, 6), StartDirection=0.5, StartRadiusOfCurvature=0.0,
        EndRadiusOfCurvature=300.0, SegmentLength=40.0, PredefinedType="CLOTHOID",
    )  # fmt: skip
    segment = m.make("IfcAlignmentSegment", Name="S1", DesignParameters=design)
    m.make("IfcRelNests", RelatingObject=alignment, RelatedObjects=(horizontal,))
    m.make("IfcRelNests", RelatingObject=horizontal, RelatedObjects=(segment,))
    place = f.create_entity(
        "IfcPointByDistanceExpression",
        DistanceAlong=f.create_entity("IfcLengthMeasure", 25.0),
        OffsetLateral=3.0,
        BasisCurve=points,
    )
    linear = f.create_entity(
        "IfcLinearPlacement", RelativePlacement=f.create_entity("IfcAxis2PlacementLinear", Location=place)
    )
    signal = m.make("IfcSignal", Name="X", ObjectPlacement=linear)
    referent = m.make("IfcReferent", Name="K0+000", PredefinedType="STATION")
    m.make("IfcRelPositions", RelatingPositioningElement=referent, RelatedProducts=(signal,))
    tables = read(m, tmp_path)
    own = told(tables, segment.GlobalId)
    assert own["DesignParameters.EndRadiusOfCurvature"] == ("300 m", 300.0)
    assert own["DesignParameters.StartPoint"] == ("5 m, 6 m", None)
    assert own["DesignParameters.PredefinedType"] == ("CLOTHOID", None)
    assert rows(tables.objects, id=segment.GlobalId)[0]["parent"] == horizontal.GlobalId
    assert told(tables, signal.GlobalId, "LinearPlacement")["DistanceAlong"] == ("25 m", 25.0)
    assert {
        (signal.GlobalId, "positioned_by", alignment.GlobalId), (signal.GlobalId, "positioned_by", referent.GlobalId),
    } <= triples(tables)  # fmt: skip


def test_circular_details_and_text_where_an_entity_belongs_end_in_rows(tmp_path):
    m = new_model()
    f = m.file
    value = f.create_entity("IfcCostValue", Name="V")
    value.Components = (value,)
    item = m.make("IfcCostItem", Name="I", CostValues=(value,))
    m.make("IfcRelAggregates", RelatingObject=item, RelatedObjects=(m.make("IfcCostItem", Name="J"),))
    path = m.write(tmp_path)
    text = path.read_text()
    assert f"#{item.id()},(" in text
    path.write_text(text.replace(f"#{item.id()},(", "'item',(", 1))
    tables = graph_tables(open_model(path))
    assert told(tables, item.GlobalId)["CostValues.Name"] == ("V", None)
