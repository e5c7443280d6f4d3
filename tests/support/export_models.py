"""A model with everything that an export must carry along, and a park with it."""

from __future__ import annotations

from pathlib import Path

from scenes.build import ingest
from tests.bim.ifc_files import Model, new_model
from tests.support.files import footprints
from tests.support.layers import make_park
from twin.graph import GraphStore
from twin.park import Park

HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-5", "@SUM(A1)", '墙 "quoted", ;\nsecond line', "a/b\\c:d*e", "  blank  "]
CHAIRS = 240


def rich_model(schema: str = "IFC4") -> Model:
    """Two storeys; walls with hostile names, one with an opening and a door; pipes in a system; many equal chairs."""
    model = new_model(schema, prefix="MILLI")
    f = model.file
    upper = model.make(
        "IfcBuildingStorey", Name="2F", Elevation=4000.0, CompositionType="ELEMENT", ObjectPlacement=model.placement(0, 0, 4000)
    )  # fmt: skip
    model.make("IfcRelAggregates", RelatingObject=model.building, RelatedObjects=(upper,))
    walls = [
        model.wall(name, at=(0.0, 6000.0 * number, 0.0), size=(5000.0, 200.0, 3000.0), Tag=f"T{number}")
        for number, name in enumerate(HOSTILE)
    ]
    host = walls[0]
    opening = model.make(
        "IfcOpeningElement", Name="O", ObjectPlacement=model.placement(0, 0, 0, host.ObjectPlacement),
        Representation=model.shape(model.box(1000, 400, 2100)),
    )  # fmt: skip
    model.make("IfcRelVoidsElement", RelatingBuildingElement=host, RelatedOpeningElement=opening)
    door = model.make(
        "IfcDoor", Name="门 1", ObjectPlacement=model.placement(0, 0, 0, opening.ObjectPlacement),
        Representation=model.shape(model.box(1000, 50, 2100)), OverallHeight=2100.0, OverallWidth=1000.0,
    )  # fmt: skip
    model.contain(door)
    model.make("IfcRelFillsElement", RelatingOpeningElement=opening, RelatedBuildingElement=door)
    kind = model.make("IfcWallType", Name="W200", PredefinedType="SOLIDWALL", HasPropertySets=(
        model.pset("Pset_WallCommon", model.single("IsExternal", "IfcBoolean", True),
                   model.single("ThermalTransmittance", "IfcThermalTransmittanceMeasure", 0.35)),
    ))  # fmt: skip
    model.make("IfcRelDefinesByType", RelatedObjects=tuple(walls), RelatingType=kind)
    for number, wall in enumerate(walls):
        model.define(
            model.pset(
                "=Set", model.single("Mark", "IfcLabel", HOSTILE[number]), model.single("n", "IfcReal", 1.5 * number)
            ),
            wall,
        )
        length = f.create_entity("IfcQuantityLength", Name="Length", LengthValue=5000.0)
        model.define(model.make("IfcElementQuantity", Name="Qto_WallBaseQuantities", Quantities=(length,)), wall)
    brick = f.create_entity("IfcMaterial", Name="砖")
    layer = f.create_entity("IfcMaterialLayer", Material=brick, LayerThickness=200.0)
    layers = f.create_entity("IfcMaterialLayerSet", MaterialLayers=(layer,), LayerSetName="W200")
    model.make("IfcRelAssociatesMaterial", RelatedObjects=tuple(walls), RelatingMaterial=layers)
    reference = f.create_entity("IfcClassificationReference", Name="外墙")
    model.make("IfcRelAssociatesClassification", RelatedObjects=(walls[0], walls[1]), RelatingClassification=reference)
    _style(model, host)
    _pipes(model, upper)
    _chairs(model, upper)
    return model


def _style(model: Model, product: object) -> None:
    f = model.file
    colour = f.create_entity("IfcColourRgb", Red=0.8, Green=0.2, Blue=0.1)
    shading = f.create_entity(
        "IfcSurfaceStyleRendering", SurfaceColour=colour, Transparency=0.0, ReflectanceMethod="FLAT"
    )
    style = f.create_entity("IfcSurfaceStyle", Name="red", Side="BOTH", Styles=(shading,))
    item = product.Representation.Representations[0].Items[0]  # type: ignore[attr-defined]
    f.create_entity("IfcStyledItem", Item=item, Styles=(style,))
    f.create_entity("IfcPresentationLayerAssignment", Name="A-WALL", AssignedItems=tuple(
        one.Representation.Representations[0] for one in f.by_type("IfcWall")
    ))  # fmt: skip


def _pipes(model: Model, storey: object) -> None:
    pipes, ports = [], []
    for number in range(3):
        pipe = model.make(
            "IfcPipeSegment", Name=f"P{number}", ObjectPlacement=model.placement(1000.0 * number, -3000, 4000),
            Representation=model.shape(model.box(1000, 100, 100)),
        )  # fmt: skip
        model.contain(pipe, storey=storey)
        pair = [
            model.make(
                "IfcDistributionPort", Name=f"P{number}.{end}", FlowDirection="SOURCE" if end else "SINK",
                ObjectPlacement=model.placement(1000.0 * end, 0, 0, pipe.ObjectPlacement),
            )
            for end in (0, 1)
        ]  # fmt: skip
        model.make("IfcRelNests", RelatingObject=pipe, RelatedObjects=tuple(pair))
        pipes.append(pipe)
        ports.append(pair)
    for a, b in ((0, 1), (1, 2)):
        model.make("IfcRelConnectsPorts", RelatingPort=ports[a][1], RelatedPort=ports[b][0])
    system = model.make("IfcDistributionSystem", Name="给水", PredefinedType="DOMESTICCOLDWATER")
    model.make("IfcRelAssignsToGroup", RelatedObjects=tuple(pipes), RelatingGroup=system)


def _chairs(model: Model, storey: object) -> None:
    """Equal chairs by a representation map, turned; a chair is a fan of boxes, heavy enough to be instanced."""
    f = model.file
    boxes = [model.box(400 - 20 * n, 400 - 20 * n, 40 + 60 * n).Items[0] for n in range(8)]
    body = f.create_entity(
        "IfcShapeRepresentation", ContextOfItems=model.context, RepresentationIdentifier="Body",
        RepresentationType="SweptSolid", Items=tuple(boxes),
    )  # fmt: skip
    origin = f.create_entity("IfcAxis2Placement3D", Location=model.point(0, 0, 0))
    shared = f.create_entity("IfcRepresentationMap", MappingOrigin=origin, MappedRepresentation=body)
    chairs = []
    for number in range(CHAIRS):
        operator = f.create_entity("IfcCartesianTransformationOperator3D", LocalOrigin=model.point(0, 0, 0))
        item = f.create_entity("IfcMappedItem", MappingSource=shared, MappingTarget=operator)
        mapped = f.create_entity(
            "IfcShapeRepresentation", ContextOfItems=model.context, RepresentationIdentifier="Body",
            RepresentationType="MappedRepresentation", Items=(item,),
        )  # fmt: skip
        chairs.append(
            model.make(
                "IfcFurniture", Name=f"椅 {number}", Representation=model.shape(mapped),
                ObjectPlacement=model.placement(1000.0 * (number % 10), 1000.0 * (number // 10), 4000),
            )
        )  # fmt: skip
    model.contain(*chairs, storey=storey)


def export_park(folder: Path) -> Park:
    """A park with the layers a1 (the rich model), b1 (one wall) and houses (GIS), built and published."""
    park = make_park(folder / "park")
    files = folder / "files"
    files.mkdir()
    sources = {
        "a1": rich_model().write(files, "a1.ifc"),
        "b1": _wall_only().write(files, "b1.ifc"),
        "houses": footprints(files / "houses.geojson"),
    }
    graph = GraphStore(park)
    try:
        for layer, source in sources.items():
            done = ingest(park, source, layer=layer)
            graph.publish(layer, done.version.version)
    finally:
        graph.close()
    return park


def _wall_only() -> Model:
    model = new_model()
    model.wall("alone")
    return model
