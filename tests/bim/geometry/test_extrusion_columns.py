"""Extrusions read from a file's text are those that the parser gives, corner by corner; what is odd is left to the parser."""

from __future__ import annotations

import numpy as np
import pytest

from bim.geometry.extrusion import Extrusions
from bim.source.attribute import UNREADABLE
from bim.source.open_model import open_model
from bim.source.step_text import StepText
from bim.units.unit_table import UnitTable
from tests.bim.geometry.test_gate import IFC, every_file
from tests.bim.geometry.test_profiles import CONCAVE, polyline
from tests.bim.ifc_files import new_model
from twin.errors import Invalid

LENGTH = 0.001
SQUARE = [(0, 0), (0, 2), (2, 2), (2, 0), (0, 0)]


def solid(m, profile, *, direction=(0.0, 0.0, 1.0), turned=False):
    f = m.file
    axis = f.create_entity("IfcAxis2Placement3D", Location=m.point(1, 2, 0.5))
    if turned:
        axis.Axis = f.create_entity("IfcDirection", DirectionRatios=(1.0, 0.5, 0.2))
        axis.RefDirection = f.create_entity("IfcDirection", DirectionRatios=(0.0, 1.0, 0.3))
    up = f.create_entity("IfcDirection", DirectionRatios=direction)
    return f.create_entity("IfcExtrudedAreaSolid", SweptArea=profile, Position=axis, ExtrudedDirection=up, Depth=3000.0)


def rectangle(m, *, name=None, turned=True):
    made = m.file.create_entity("IfcRectangleProfileDef", ProfileType="AREA", ProfileName=name, XDim=400.0, YDim=200.0)
    if turned:
        along = m.file.create_entity("IfcDirection", DirectionRatios=(0.6, 0.8))
        made.Position = m.file.create_entity("IfcAxis2Placement2D", Location=m.point(30, -10), RefDirection=along)
    return made


def polygon(m, corners, name=None):
    return m.file.create_entity(
        "IfcArbitraryClosedProfileDef", ProfileType="AREA", ProfileName=name, OuterCurve=polyline(m, corners)
    )


def circle(m, *, wall=None, name=None, placed=False):
    kind = "IfcCircleProfileDef" if wall is None else "IfcCircleHollowProfileDef"
    made = m.file.create_entity(kind, ProfileType="AREA", ProfileName=name, Radius=150.0)
    if wall is not None:
        made.WallThickness = wall
    if placed:
        made.Position = m.file.create_entity("IfcAxis2Placement2D", Location=m.point(30, -10))
    return made


def one_by_one(items, units):
    reader, found = Extrusions(*units), {}
    for item in items:
        try:
            made = reader.mesh(item)
        except UNREADABLE:
            continue
        if made is not None:
            found[item.id()] = made
    return found


def from_text(model, text, items, units=(LENGTH,)):
    return Extrusions(*units).meshes(model, text, np.array([item.id() for item in items], np.int64))


def same(fast, slow):
    assert fast.keys() <= slow.keys()
    for step, (vertices, faces) in fast.items():
        np.testing.assert_allclose(vertices, slow[step][0], rtol=0, atol=1e-9)
        np.testing.assert_array_equal(faces, slow[step][1])


def written(m):
    return StepText.of(m.file.to_string().encode())


def test_profiles_directions_and_frames():
    m = new_model()
    scaled = [(400 * x, 400 * y) for x, y in CONCAVE]
    profiles = [
        rectangle(m, turned=False), rectangle(m), rectangle(m, name="400 x 200"), rectangle(m, name=""), circle(m),
        circle(m, placed=True), circle(m, wall=5.0, name="DN 300"), circle(m, wall=5.0, placed=True),
        polygon(m, SQUARE), polygon(m, SQUARE[::-1], name="#12, (a) b"), polygon(m, scaled), polygon(m, scaled[::-1]),
        polygon(m, scaled[:-1]),
    ]  # fmt: skip
    items = [
        solid(m, profile, direction=direction, turned=turned)
        for profile in profiles
        for direction in ((0.0, 0.0, 1.0), (0.3, 0.0, -2.0))
        for turned in (False, True)
    ]
    slow = one_by_one(items, (LENGTH,))
    fast = from_text(m.file, written(m), items)
    assert len(slow) == len(items)
    assert fast.keys() == slow.keys()
    same(fast, slow)


def test_what_cannot_be_swept_is_left_out_on_either_way():
    m = new_model()
    bow = polygon(m, [(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)])
    full = circle(m, wall=150.0)
    flat = [full, polygon(m, [(0, 0), (1, 0), (2, 0), (0, 0)]), polygon(m, [(0, 0), (1, 0)]), bow]
    items = [*(solid(m, each) for each in flat), solid(m, rectangle(m), direction=(1.0, 0.0, 0.0))]
    assert one_by_one(items, (LENGTH,)) == {}
    assert from_text(m.file, written(m), items) == {}


@pytest.mark.parametrize("make", [rectangle, circle])
def test_blanks_between_arguments_are_read(make):
    m = new_model()
    items = [solid(m, make(m, name=name)) for name in (None, "", "a, b")]
    text = m.file.to_string().replace(",", ", ").replace("'a,  b'", "'a, b'")
    fast = from_text(m.file, StepText.of(text.encode()), items)
    assert len(fast) == len(items)
    same(fast, one_by_one(items, (LENGTH,)))


SPOILT = {
    "a whole number": (",3000.)", ",3000)"),
    "blanks": ("=IFCEXTRUDEDAREASOLID(", "=IFCEXTRUDEDAREASOLID ("),
    "a direction of another class": ("=IFCDIRECTION((0.,0.,1.))", "=IFCVECTOR((0.,0.,1.))"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_not_written_plainly_is_left_to_the_parser_and_spoils_no_other(how):
    m = new_model()
    bad, fine = solid(m, rectangle(m)), solid(m, rectangle(m), direction=(0.0, 0.1, 1.0))
    old, new = SPOILT[how]
    text = m.file.to_string()
    assert old in text
    found = from_text(m.file, StepText.of(text.replace(old, new, 1).encode()), [bad, fine])
    assert list(found) == [fine.id()]


@pytest.mark.apart
@pytest.mark.shared
@pytest.mark.parametrize("name", every_file())
def test_every_shared_file_gives_the_same_from_text_and_from_the_parser(name):
    try:
        opened = open_model(IFC / name)
    except Invalid:
        pytest.skip("no model that can be opened (tests/bim/test_shared_files.py tells why)")
    if opened.text is None:
        pytest.skip("its text is not read here")
    try:
        items = opened.file.by_type("IfcExtrudedAreaSolid", include_subtypes=False)
    except RuntimeError:  # an older schema
        items = ()
    units = UnitTable.of_model(opened.file)
    fast = from_text(opened.file, opened.text, items, (units.length, units.angle))
    same(fast, one_by_one(items, (units.length, units.angle)))
    assert len(fast) >= 0.75 * len(items)
