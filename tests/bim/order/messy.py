"""Parts to make a model messy with, over the tidy one of `tests/bim/ifc_files.py`."""

from __future__ import annotations

import numpy as np

from tests.bim.ifc_files import new_model

CUBE = np.array([[x, y, z] for x in (0.0, 1.0) for y in (0.0, 1.0) for z in (0.0, 1.0)])
OUT = [
    (0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1), (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3),
]  # fmt: skip
"""Twelve triangles of a cube, seen from outside against the clock."""


def tidy():
    """A model with one wall in its one storey."""
    m = new_model()
    m.wall("W1")
    return m


def storey(m, name, height, written=None):
    """One more storey of the building, placed at `height` and, where `written` differs, said to be there."""
    made = m.make(
        "IfcBuildingStorey", Name=name, Elevation=float(height if written is None else written),
        CompositionType="ELEMENT", ObjectPlacement=m.placement(0, 0, height),
    )  # fmt: skip
    m.make("IfcRelAggregates", RelatingObject=m.building, RelatedObjects=(made,))
    return made


def body(m, ifc_class, at=(0, 0, 0), size=(5, 0.2, 3), name="X", **values):
    """A product with a box as its shape that stands nowhere in the tree."""
    return m.make(
        ifc_class, Name=name, ObjectPlacement=m.placement(*at), Representation=m.shape(m.box(*size)), **values
    )


def space(m, name="101", at=(0, 0, 0), size=(4, 4, 3), **values):
    """A space of the storey."""
    made = body(m, "IfcSpace", at, size, name, **values)
    m.make("IfcRelAggregates", RelatingObject=m.storey, RelatedObjects=(made,))
    return made


def boundary(m, room, element, kind="PHYSICAL"):
    """A space boundary with a face as its geometry."""
    f = m.file
    plane = f.create_entity("IfcPlane", f.create_entity("IfcAxis2Placement3D", m.point(0, 0, 0)))
    line = f.create_entity("IfcPolyline", [m.point(0, 0), m.point(1, 0), m.point(1, 1), m.point(0, 0)])
    surface = f.create_entity("IfcCurveBoundedPlane", plane, line, [])
    return m.make(
        "IfcRelSpaceBoundary", RelatingSpace=room, RelatedBuildingElement=element,
        ConnectionGeometry=f.create_entity("IfcConnectionSurfaceGeometry", surface),
        PhysicalOrVirtualBoundary=kind, InternalOrExternalBoundary="INTERNAL",
    )  # fmt: skip


def faces(m, triangles, points=CUBE, closed=True, name="Solid"):
    """A proxy whose triangles stand in the file, declared closed or not."""
    f = m.file
    listed = f.create_entity("IfcCartesianPointList3D", [tuple(map(float, point)) for point in points])
    mesh = f.create_entity(
        "IfcTriangulatedFaceSet", Coordinates=listed, Closed=closed,
        CoordIndex=[tuple(corner + 1 for corner in triangle) for triangle in triangles],
    )  # fmt: skip
    shape = f.create_entity(
        "IfcShapeRepresentation", ContextOfItems=m.context, RepresentationIdentifier="Body",
        RepresentationType="Tessellation", Items=(mesh,),
    )  # fmt: skip
    made = m.make("IfcBuildingElementProxy", Name=name, ObjectPlacement=m.placement(), Representation=m.shape(shape))
    m.contain(made)
    return made


def brep(m, triangles, points=CUBE, name="Brep"):
    """A proxy with a faceted boundary representation."""
    f = m.file
    corners = [f.create_entity("IfcCartesianPoint", tuple(map(float, point))) for point in points]
    loops = [f.create_entity("IfcPolyLoop", [corners[one] for one in triangle]) for triangle in triangles]
    bounds = [f.create_entity("IfcFace", [f.create_entity("IfcFaceOuterBound", loop, True)]) for loop in loops]
    solid = f.create_entity("IfcFacetedBrep", f.create_entity("IfcClosedShell", bounds))
    shape = f.create_entity(
        "IfcShapeRepresentation", ContextOfItems=m.context, RepresentationIdentifier="Body", RepresentationType="Brep",
        Items=(solid,),
    )  # fmt: skip
    made = m.make("IfcBuildingElementProxy", Name=name, ObjectPlacement=m.placement(), Representation=m.shape(shape))
    m.contain(made)
    return made


def port(m, element, name="P"):
    """A port nested in an element."""
    made = m.make("IfcDistributionPort", Name=name, ObjectPlacement=m.placement())
    m.make("IfcRelNests", RelatingObject=element, RelatedObjects=(made,))
    return made


def classify(m, *elements):
    """A classification reference on elements."""
    system = m.file.create_entity("IfcClassification", Name="Uniclass")
    code = m.file.create_entity("IfcClassificationReference", Identification="EF_25_10", ReferencedSource=system)
    m.make("IfcRelAssociatesClassification", RelatedObjects=elements, RelatingClassification=code)
