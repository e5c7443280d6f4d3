"""Extrusions without a kernel against the kernel, profile by profile."""

from __future__ import annotations

import numpy as np
import pytest

from bim.geometry.curves import Curves
from tests.bim.geometry.meshing import EXACT, HYBRID, differs, ours, theirs
from tests.bim.ifc_files import new_model

STANDARD = {
    "rectangle": ("IfcRectangleProfileDef", {"XDim": 0.4, "YDim": 0.2}),
    "hollow rectangle": ("IfcRectangleHollowProfileDef", {"XDim": 0.4, "YDim": 0.2, "WallThickness": 0.01}),
    "rounded hollow": (
        "IfcRectangleHollowProfileDef",
        {"XDim": 0.4, "YDim": 0.2, "WallThickness": 0.01, "InnerFilletRadius": 0.01, "OuterFilletRadius": 0.02},
    ),
    "rounded rectangle": ("IfcRoundedRectangleProfileDef", {"XDim": 0.4, "YDim": 0.2, "RoundingRadius": 0.05}),
    "circle": ("IfcCircleProfileDef", {"Radius": 0.15}),
    "small circle": ("IfcCircleProfileDef", {"Radius": 0.004}),
    "pipe": ("IfcCircleHollowProfileDef", {"Radius": 0.15, "WallThickness": 0.02}),
    "L": ("IfcLShapeProfileDef", {"Depth": 0.3, "Width": 0.2, "Thickness": 0.03}),
    "L with fillets": (
        "IfcLShapeProfileDef",
        {"Depth": 0.3, "Width": 0.2, "Thickness": 0.03, "FilletRadius": 0.02, "EdgeRadius": 0.01},
    ),
    "L of one width": ("IfcLShapeProfileDef", {"Depth": 0.3, "Thickness": 0.03}),
    "U": ("IfcUShapeProfileDef", {"Depth": 0.3, "FlangeWidth": 0.1, "WebThickness": 0.01, "FlangeThickness": 0.02}),
    "U with fillets": (
        "IfcUShapeProfileDef",
        {"Depth": 0.3, "FlangeWidth": 0.1, "WebThickness": 0.01, "FlangeThickness": 0.02, "FilletRadius": 0.01},
    ),
    "I": (
        "IfcIShapeProfileDef",
        {"OverallWidth": 0.2, "OverallDepth": 0.3, "WebThickness": 0.01, "FlangeThickness": 0.02},
    ),
    "I with fillets": (
        "IfcIShapeProfileDef",
        {"OverallWidth": 0.2, "OverallDepth": 0.3, "WebThickness": 0.01, "FlangeThickness": 0.02, "FilletRadius": 0.02},
    ),
}  # fmt: skip


def body(m, profile, *, direction=(0.0, 0.0, 1.0), depth=3.0, turned=False):
    f = m.file
    axis = f.create_entity("IfcAxis2Placement3D", Location=m.point(1, 2, 0.5))
    if turned:
        axis.Axis = f.create_entity("IfcDirection", DirectionRatios=(1.0, 0.5, 0.2))
        axis.RefDirection = f.create_entity("IfcDirection", DirectionRatios=(0.0, 1.0, 0.3))
    solid = f.create_entity(
        "IfcExtrudedAreaSolid", SweptArea=profile, Position=axis, Depth=depth,
        ExtrudedDirection=f.create_entity("IfcDirection", DirectionRatios=direction),
    )  # fmt: skip
    shape = f.create_entity(
        "IfcShapeRepresentation", ContextOfItems=m.context, RepresentationIdentifier="Body",
        RepresentationType="SweptSolid", Items=(solid,),
    )  # fmt: skip
    product = m.make("IfcBeam", ObjectPlacement=m.placement(3, 4, 5), Representation=m.shape(shape))
    m.contain(product)
    return product


def assert_same(m, product, engine="parktwin/direct", kernel=HYBRID):
    mine = ours(m.file)[product.id()]
    # The exact kernel for slanting ones: the hybrid takes a direction's ratios for a length.
    other = theirs(m.file, kernel)[product.id()]
    assert np.isfinite(mine.volume)
    assert differs(mine, other) == ""
    assert np.abs(mine.size - other.size).max() < 1e-3
    assert mine.engine == engine


@pytest.mark.parametrize("name", STANDARD)
@pytest.mark.parametrize("turned", [False, True])
def test_standard_profiles(name, turned):
    m = new_model()
    ifc_class, values = STANDARD[name]
    profile = m.file.create_entity(ifc_class, ProfileType="AREA", **values)
    if turned:
        at = m.file.create_entity("IfcDirection", DirectionRatios=(0.6, 0.8))
        profile.Position = m.file.create_entity("IfcAxis2Placement2D", Location=m.point(0.3, -0.1), RefDirection=at)
    assert_same(m, body(m, profile, turned=turned))


CONCAVE = [(0, 0), (4, 0), (4, 1), (2, 1), (2, 0.999), (1, 3), (0, 3), (0, 1.5), (0, 0)]
HOLE = [(0.2, 0.2), (0.2, 0.6), (1.5, 0.6), (1.5, 0.2), (0.2, 0.2)]


def polyline(m, corners):
    return m.file.create_entity("IfcPolyline", Points=[m.point(*corner) for corner in corners])


@pytest.mark.parametrize("backwards", [False, True])
def test_free_polygons_with_collinear_corners_and_holes(backwards):
    m = new_model()
    ring, hole = (CONCAVE[::-1], HOLE[::-1]) if backwards else (CONCAVE, HOLE)
    plain = m.file.create_entity("IfcArbitraryClosedProfileDef", ProfileType="AREA", OuterCurve=polyline(m, ring))
    holed = m.file.create_entity(
        "IfcArbitraryProfileDefWithVoids",
        ProfileType="AREA",
        OuterCurve=polyline(m, ring),
        InnerCurves=[polyline(m, hole)],
    )
    assert_same(m, body(m, plain, direction=(0.3, 0.0, 1.0)), kernel=EXACT)
    assert_same(m, body(m, holed, turned=True))


def arc(m, centre, radius, start, stop, *, forwards=True, by_point=False, unit=1.0):
    """A trimmed circle; start, stop: radians, written as parameters in `unit` or as points."""
    f = m.file
    position = f.create_entity("IfcAxis2Placement2D", Location=m.point(*centre))
    circle = f.create_entity("IfcCircle", Position=position, Radius=radius)

    def trim(angle):
        if by_point:
            return [m.point(centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle))]
        return [f.create_entity("IfcParameterValue", angle / unit)]

    return f.create_entity(
        "IfcTrimmedCurve", BasisCurve=circle, Trim1=trim(start), Trim2=trim(stop), SenseAgreement=forwards,
        MasterRepresentation="CARTESIAN" if by_point else "PARAMETER",
    )  # fmt: skip


def composite(m, *pieces):
    segments = [
        m.file.create_entity("IfcCompositeCurveSegment", Transition="CONTINUOUS", SameSense=same, ParentCurve=curve)
        for curve, same in pieces
    ]
    return m.file.create_entity("IfcCompositeCurve", Segments=segments, SelfIntersect=False)


def angle_unit(m, unit=None):
    """Assign a plane angle unit: the radian, where none is given. Without any the kernel guesses."""
    unit = unit or m.file.create_entity("IfcSIUnit", UnitType="PLANEANGLEUNIT", Name="RADIAN")
    assigned = m.file.by_type("IfcUnitAssignment")[0]
    assigned.Units = (*(other for other in assigned.Units if other.UnitType != "PLANEANGLEUNIT"), unit)
    return unit


def stadium(m, **how):
    """A rectangle 2 by 1 with a half circle at each end: one against the sense of the curve."""
    return composite(
        m,
        (polyline(m, [(0, 0), (2, 0)]), True),
        (arc(m, (2, 0.5), 0.5, np.pi * 1.5, np.pi / 2, **how), True),
        (polyline(m, [(0, 1), (2, 1)]), False),
        (arc(m, (0, 0.5), 0.5, np.pi * 1.5, np.pi / 2, forwards=False, **how), False),
    )


def circle_of_two(m):
    return composite(m, (arc(m, (1, 1), 0.4, 0, np.pi), True), (arc(m, (1, 1), 0.4, 0, np.pi, forwards=False), False))


def indexed(m):
    points = [(0.0, 0.0), (2.0, 0.0), (2.5, 0.5), (2.0, 1.0), (0.0, 1.0), (0.2, 0.5)]
    segments = [
        m.file.create_entity(kind, value)
        for kind, value in (
            ("IfcLineIndex", (1, 2)),
            ("IfcArcIndex", (2, 3, 4)),
            ("IfcLineIndex", (4, 5)),
            ("IfcArcIndex", (5, 6, 1)),
        )
    ]
    return m.file.create_entity(
        "IfcIndexedPolyCurve",
        Points=m.file.create_entity("IfcCartesianPointList2D", CoordList=points),
        Segments=segments,
    )


def line_and_arc(m):
    f = m.file
    along = f.create_entity(
        "IfcVector", Orientation=f.create_entity("IfcDirection", DirectionRatios=(0.0, 1.0)), Magnitude=2.0
    )
    line = f.create_entity("IfcLine", Pnt=m.point(0, -1), Dir=along)
    trims = [[f.create_entity("IfcParameterValue", value)] for value in (1.0, 0.0)]
    chord = f.create_entity(
        "IfcTrimmedCurve", BasisCurve=line, Trim1=trims[0], Trim2=trims[1], SenseAgreement=False,
        MasterRepresentation="PARAMETER",
    )  # fmt: skip
    return composite(m, (arc(m, (0, 0), 1.0, np.pi * 1.5, np.pi / 2), True), (chord, True))


@pytest.mark.parametrize(
    ("curve", "area"),
    [
        (stadium, 2 + np.pi / 4),
        (lambda m: stadium(m, by_point=True), 2 + np.pi / 4),
        (circle_of_two, np.pi * 0.16),
        (indexed, 2 + np.pi / 8 - 0.134),
        (line_and_arc, np.pi / 2),
    ],
)
def test_arcs_are_divided_as_the_kernel_divides_them(curve, area):
    m = new_model()
    angle_unit(m)
    made = m.file.create_entity("IfcArbitraryClosedProfileDef", ProfileType="AREA", OuterCurve=curve(m))
    product = body(m, made)
    assert_same(m, product)
    mine = ours(m.file)[product.id()].volume
    assert mine == pytest.approx(3 * area, rel=0.02)


def test_parameters_of_circles_are_in_the_files_unit_of_angle():
    m = new_model()
    f = m.file
    unit = f.create_entity("IfcMeasureWithUnit", f.create_entity("IfcReal", np.pi / 180), angle_unit(m))
    degree = f.create_entity(
        "IfcConversionBasedUnit", Name="DEGREE", UnitType="PLANEANGLEUNIT", ConversionFactor=unit,
        Dimensions=f.create_entity("IfcDimensionalExponents", 0, 0, 0, 0, 0, 0, 0),
    )  # fmt: skip
    angle_unit(m, degree)
    made = f.create_entity("IfcArbitraryClosedProfileDef", ProfileType="AREA", OuterCurve=stadium(m, unit=np.pi / 180))
    assert_same(m, body(m, made))


def test_a_curve_with_a_gap_is_left_to_a_kernel():
    m = new_model()
    made = composite(m, (polyline(m, [(0, 0), (2, 0), (2, 1)]), True), (polyline(m, [(0, 1), (0, 0.1)]), True))
    assert Curves(1.0).ring(made) is None
    assert Curves(1.0).ring(m.file.create_entity("IfcCompositeCurve", Segments=(), SelfIntersect=False)) is None


def test_an_extrusion_downwards_is_outside_out():
    m = new_model()
    profile = m.file.create_entity("IfcRectangleProfileDef", ProfileType="AREA", XDim=1.0, YDim=2.0)
    assert_same(m, body(m, profile, direction=(0.0, 0.0, -1.0)))


def test_what_crosses_itself_or_curves_is_left_to_a_kernel():
    m = new_model()
    bow = m.file.create_entity(
        "IfcArbitraryClosedProfileDef",
        ProfileType="AREA",
        OuterCurve=polyline(m, [(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)]),
    )
    ellipse = m.file.create_entity("IfcEllipseProfileDef", ProfileType="AREA", SemiAxis1=1.0, SemiAxis2=0.5)
    products = [body(m, bow), body(m, ellipse)]
    found = ours(m.file)
    assert [found[p.id()].engine for p in products if p.id() in found].count("parktwin/direct") == 0
    assert found[products[1].id()].volume == pytest.approx(np.pi * 0.5 * 3.0, rel=0.02)


def test_a_direction_has_no_length():
    m = new_model()
    ellipse = m.file.create_entity("IfcEllipseProfileDef", ProfileType="AREA", SemiAxis1=1.0, SemiAxis2=0.5)
    plain = m.file.create_entity("IfcRectangleProfileDef", ProfileType="AREA", XDim=1.0, YDim=2.0)
    curved, straight = (body(m, profile, direction=(0.0, 0.0, 2.0)) for profile in (ellipse, plain))
    found = ours(m.file)
    assert found[straight.id()].volume == pytest.approx(6.0)
    assert found[curved.id()].volume == pytest.approx(np.pi * 0.5 * 3.0, rel=0.02)
