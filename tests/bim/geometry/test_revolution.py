"""Discs turned about an axis: the same corners as the kernel's, and what is left to it."""

from __future__ import annotations

import math

import ifcopenshell.geom
import numpy as np
import pytest

from bim.geometry.extrusion import Extrusions
from bim.geometry.native_iterator import arrays, settings
from bim.geometry.revolution import bend, elbow
from tests.bim.geometry.meshing import EXACT, differs, ours, theirs
from tests.bim.ifc_files import new_model


def disc(m, radius=0.05, reach=0.2, sweep=1.2, *, at=(0.3, -0.1), along=0.0, start=0.0, turned=True):
    """The axis runs in the direction `along`, radians from x, at `reach` from the disc; start: of the disc's own x axis."""
    f = m.file
    (units,) = f.by_type("IfcUnitAssignment")  # without an angle's unit the kernels turn the other way
    units.Units = (*units.Units, f.create_entity("IfcSIUnit", UnitType="PLANEANGLEUNIT", Name="RADIAN"))
    plane = f.create_entity(
        "IfcAxis2Placement2D", Location=f.create_entity("IfcCartesianPoint", Coordinates=at),
        RefDirection=f.create_entity("IfcDirection", DirectionRatios=(math.cos(start), math.sin(start))),
    )  # fmt: skip
    axis = f.create_entity(
        "IfcAxis1Placement", Location=m.point(at[0] - reach * math.sin(along), at[1] + reach * math.cos(along), 0),
        Axis=f.create_entity("IfcDirection", DirectionRatios=(math.cos(along), math.sin(along), 0.0)),
    )  # fmt: skip
    position = f.create_entity("IfcAxis2Placement3D", Location=m.point(1, 2, 0.5))
    if turned:
        position.Axis = f.create_entity("IfcDirection", DirectionRatios=(1.0, 0.5, 0.2))
        position.RefDirection = f.create_entity("IfcDirection", DirectionRatios=(0.0, 1.0, 0.3))
    area = f.create_entity("IfcCircleProfileDef", ProfileType="AREA", Position=plane, Radius=radius)
    return f.create_entity("IfcRevolvedAreaSolid", SweptArea=area, Position=position, Axis=axis, Angle=sweep)


def measures(vertices, faces):
    a, b, c = (vertices[faces[:, n]] for n in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c))) / 6, vertices.min(axis=0), vertices.max(axis=0)


@pytest.mark.parametrize(
    "shape",
    [
        {}, {"radius": 0.0825, "reach": 0.1651, "sweep": math.pi / 2}, {"radius": 0.005, "reach": 0.0061, "sweep": 0.19},
        {"radius": 0.6, "reach": 9.0, "sweep": 5.9}, {"along": 2.1, "start": 0.7}, {"along": -2.5, "start": 3.0, "sweep": 3.2},
    ],
)  # fmt: skip
def test_the_mesh_is_the_kernels(shape):
    m = new_model()
    item = disc(m, **shape)
    vertices, faces = elbow(item, 1.0, 1.0)
    theirs_vertices, theirs_faces = arrays(ifcopenshell.geom.create_shape(settings(), item, geometry_library=EXACT))
    assert (len(vertices), len(faces)) == (len(theirs_vertices), len(theirs_faces))
    for mine, other in zip(measures(vertices, faces), measures(theirs_vertices, theirs_faces), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-12)


def test_a_product_of_it_needs_no_kernel():
    m = new_model()
    shape = m.file.create_entity(
        "IfcShapeRepresentation", ContextOfItems=m.context, RepresentationIdentifier="Body",
        RepresentationType="AdvancedSweptSolid", Items=(disc(m),),
    )  # fmt: skip
    made = m.make("IfcPipeFitting", ObjectPlacement=m.placement(3, 4, 5), Representation=m.shape(shape))
    m.contain(made)
    mine = ours(m.file)[made.id()]
    assert mine.engine == "parktwin/direct"
    assert differs(mine, theirs(m.file, EXACT)[made.id()]) == ""


@pytest.mark.parametrize(
    "how", ["whole turn", "through the disc", "askew", "no sweep", "no radius", "hollow", "no area", "no axis"]
)
def test_what_is_left_to_the_kernels(how):
    m = new_model()
    item = disc(
        m,
        **{"whole turn": {"sweep": 2 * math.pi}, "through the disc": {"reach": 0.04}, "no sweep": {"sweep": 0.0}}.get(
            how, {}
        ),
    )
    if how == "askew":
        item.Axis.Axis.DirectionRatios = (1.0, 0.0, 0.2)
    elif how == "no radius":
        item.SweptArea.Radius = 0.0
    elif how.startswith("no a"):
        item[0 if how == "no area" else 2] = None
    elif how == "hollow":
        item.SweptArea = m.file.create_entity(
            "IfcCircleHollowProfileDef", ProfileType="AREA", Radius=0.05, WallThickness=0.01
        )
    assert elbow(item, 1.0, 1.0) is None


def bar(m, *, width=0.01, reach=20.0, sweep=0.3, skew=0.0, start=0.0):
    """A flat bar bent about an axis; skew: radians that the axis is off the bar's side."""
    item = disc(m, reach=reach, sweep=sweep, along=skew, start=start)
    item.SweptArea = m.file.create_entity(
        "IfcRectangleProfileDef", ProfileType="AREA", Position=item.SweptArea.Position, XDim=0.1, YDim=width
    )
    return item


@pytest.mark.parametrize("reach", [20.0, -20.0, 1350.0])
def test_a_bent_bar_is_the_kernels_corner_for_corner(reach):
    m = new_model()
    item = bar(m, reach=reach, sweep=0.3 if abs(reach) < 100 else 0.009)
    vertices, faces = bend(item, 1.0, 1.0, Extrusions(1.0).prism_of)
    theirs_vertices, theirs_faces = arrays(ifcopenshell.geom.create_shape(settings(), item, geometry_library=EXACT))
    assert (len(vertices), len(faces)) == (len(theirs_vertices), len(theirs_faces))
    for mine, other in zip(measures(vertices, faces), measures(theirs_vertices, theirs_faces), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "how", [{"skew": 0.1}, {"reach": 0.004}, {"width": 5.0, "reach": 3.0}, {"sweep": 2 * math.pi}], ids=str
)
def test_bars_that_are_left_to_the_kernels(how):
    m = new_model()
    assert bend(bar(m, **how), 1.0, 1.0, Extrusions(1.0).prism_of) is None
