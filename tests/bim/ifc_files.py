"""Small IFC files authored for the tests, and a reader run over them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ifcopenshell
import ifcopenshell.guid

import bim
from twin.geometry.frame import Frame
from twin.geometry.spool import MeshSpool, SpoolReader
from twin.layer import LayerDraft, ReadContext

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
WUHAN = Frame(114.3, 30.6, 20.0, "EPSG:4547")


@dataclass
class Model:
    """A project, site, building and one storey in a file, with helpers to add to it."""

    file: ifcopenshell.file
    context: object
    project: object
    site: object
    building: object
    storey: object

    def make(self, ifc_class, **values):
        """A rooted entity with a new GlobalId."""
        values.setdefault("GlobalId", ifcopenshell.guid.new())
        return self.file.create_entity(ifc_class, **values)

    def placement(self, x=0.0, y=0.0, z=0.0, relative_to=None):
        """A local placement, in the file's length unit."""
        axis = self.file.create_entity("IfcAxis2Placement3D", Location=self.point(x, y, z))
        return self.file.create_entity("IfcLocalPlacement", PlacementRelTo=relative_to, RelativePlacement=axis)

    def point(self, *coordinates):
        return self.file.create_entity("IfcCartesianPoint", Coordinates=tuple(float(c) for c in coordinates))

    def box(self, width, depth, height, kind="SweptSolid"):
        """A representation: an extruded rectangle centred on the origin."""
        f = self.file
        profile = f.create_entity("IfcRectangleProfileDef", ProfileType="AREA", XDim=float(width), YDim=float(depth))
        profile.Position = f.create_entity("IfcAxis2Placement2D", Location=self.point(0, 0))
        up = f.create_entity("IfcDirection", DirectionRatios=(0.0, 0.0, 1.0))
        solid = f.create_entity("IfcExtrudedAreaSolid", SweptArea=profile, ExtrudedDirection=up, Depth=float(height))
        solid.Position = f.create_entity("IfcAxis2Placement3D", Location=self.point(0, 0, 0))
        return f.create_entity(
            "IfcShapeRepresentation",
            ContextOfItems=self.context,
            RepresentationIdentifier="Body",
            RepresentationType=kind,
            Items=(solid,),
        )

    def shape(self, *representations):
        return self.file.create_entity("IfcProductDefinitionShape", Representations=representations)

    def contain(self, *elements, storey=None):
        return self.make(
            "IfcRelContainedInSpatialStructure", RelatedElements=elements, RelatingStructure=storey or self.storey
        )

    def wall(self, name="W", at=(0.0, 0.0, 0.0), size=(5.0, 0.2, 3.0), ifc_class="IfcWall", **values):
        wall = self.make(
            ifc_class,
            Name=name,
            ObjectPlacement=self.placement(*at),
            Representation=self.shape(self.box(*size)),
            **values,
        )
        self.contain(wall)
        return wall

    def single(self, name, ifc_type, value, unit=None):
        wrapped = None if value is None else self.file.create_entity(ifc_type, value)
        return self.file.create_entity("IfcPropertySingleValue", Name=name, NominalValue=wrapped, Unit=unit)

    def pset(self, name, *properties):
        return self.make("IfcPropertySet", Name=name, HasProperties=properties)

    def define(self, definition, *objects):
        return self.make("IfcRelDefinesByProperties", RelatedObjects=objects, RelatingPropertyDefinition=definition)

    def map_conversion(self, east, north, height=0.0, axis=(1.0, 0.0), scale=1.0, crs="EPSG:4547", map_unit=None):
        f = self.file
        target = f.create_entity("IfcProjectedCRS", Name=crs, MapUnit=map_unit)
        return f.create_entity(
            "IfcMapConversion", SourceCRS=self.context, TargetCRS=target, Eastings=float(east), Northings=float(north),
            OrthogonalHeight=float(height), XAxisAbscissa=axis[0], XAxisOrdinate=axis[1], Scale=scale,
        )  # fmt: skip

    def write(self, folder, name="model.ifc"):
        path = Path(folder) / name
        self.file.write(str(path))
        return path


def new_model(schema="IFC4", unit="METRE", prefix=None, foot=False, elevation=0.0):
    """A model with one empty storey; lengths in metres, with a prefix, or in feet."""
    f = ifcopenshell.file(schema=schema)
    metre = f.create_entity("IfcSIUnit", UnitType="LENGTHUNIT", Prefix=prefix, Name=unit)
    if foot:
        ratio = f.create_entity("IfcMeasureWithUnit", f.create_entity("IfcLengthMeasure", 0.3048), metre)
        dimensions = f.create_entity("IfcDimensionalExponents", 1, 0, 0, 0, 0, 0, 0)
        metre = f.create_entity("IfcConversionBasedUnit", dimensions, "LENGTHUNIT", "FOOT", ratio)
    area = f.create_entity("IfcSIUnit", UnitType="AREAUNIT", Name="SQUARE_METRE")
    volume = f.create_entity("IfcSIUnit", UnitType="VOLUMEUNIT", Name="CUBIC_METRE")
    celsius = f.create_entity("IfcSIUnit", UnitType="THERMODYNAMICTEMPERATUREUNIT", Name="DEGREE_CELSIUS")
    units = f.create_entity("IfcUnitAssignment", Units=(metre, area, volume, celsius))
    origin = f.create_entity("IfcAxis2Placement3D", Location=f.create_entity("IfcCartesianPoint", (0.0, 0.0, 0.0)))
    context = f.create_entity(
        "IfcGeometricRepresentationContext", ContextType="Model", CoordinateSpaceDimension=3, Precision=1e-5,
        WorldCoordinateSystem=origin,
    )  # fmt: skip
    model = Model(f, context, None, None, None, None)
    model.project = model.make("IfcProject", Name="Project", RepresentationContexts=(context,), UnitsInContext=units)
    model.site = model.make("IfcSite", Name="Site", ObjectPlacement=model.placement(), CompositionType="ELEMENT")
    model.building = model.make(
        "IfcBuilding", Name="研发楼", ObjectPlacement=model.placement(), CompositionType="ELEMENT"
    )
    model.storey = model.make(
        "IfcBuildingStorey", Name="1F", Elevation=float(elevation), CompositionType="ELEMENT",
        ObjectPlacement=model.placement(0, 0, elevation),
    )  # fmt: skip
    for whole, part in ((model.project, model.site), (model.site, model.building), (model.building, model.storey)):
        model.make("IfcRelAggregates", RelatingObject=whole, RelatedObjects=(part,))
    return model


def read_model(path, folder, frame=WUHAN, crs=None, progress=None) -> tuple[LayerDraft, SpoolReader]:
    """Read a file; returns the draft and the closed spool."""
    spool = MeshSpool(Path(folder) / "spool")
    context = ReadContext(Path(path), "a1", frame=frame, crs=crs)
    if progress is not None:
        context = ReadContext(Path(path), "a1", frame=frame, crs=crs, progress=progress)
    try:
        draft = bim.read(context, spool)
    finally:
        reader = spool.close()
    return draft, reader


def rows(table, **equal):
    """Rows of a table as dicts, filtered by equality."""
    return [row for row in table.to_pylist() if all(row[key] == value for key, value in equal.items())]


def codes(draft):
    return {finding.code for finding in draft.findings}


def vertices_of(draft, spool, local):
    """All vertices of an object in the park frame, (n, 3)."""
    import numpy as np

    number = spool.objects.index(local)
    parts = []
    for index in np.flatnonzero(spool.placed_object == number):
        matrix = spool.matrix[index]
        parts.append(spool.shape(int(spool.placed_shape[index])).vertices @ matrix[:, :3].T + matrix[:, 3])
    return np.concatenate(parts)
