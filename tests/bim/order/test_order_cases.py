"""For every kind of fault one small model that has it and one that has not."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import bim.order
from bim.order.meshes import DEFECT
from tests.bim.geometry.test_cuts import clipped, half_space
from tests.bim.ifc_files import new_model
from tests.bim.order.found import found_in
from tests.bim.order.messy import OUT, body, boundary, brep, classify, faces, port, space, storey, tidy
from twin.fault import Fault


def floors(*named, base=0.0):
    """Storeys with a wall each; the first is the model's own."""
    m = new_model(elevation=base)
    m.wall("W0", at=(0, 0, base))
    for number, (name, height, written) in enumerate(named):
        made = storey(m, name, height, written)
        m.contain(body(m, "IfcWall", (0, 0, height), name=f"W{number + 1}"), storey=made)
    return m


def typed(ifc_class):
    """A wall whose type is an entity of this class."""
    m = tidy()
    m.make("IfcRelDefinesByType", RelatedObjects=m.file.by_type("IfcWall"), RelatingType=m.make(ifc_class, Name="T"))
    return m


def only_project():
    m = new_model()
    for ifc_class in ("IfcBuildingStorey", "IfcBuilding", "IfcSite"):
        for entity in m.file.by_type(ifc_class):
            m.file.remove(entity)
    return m


def without(*names):
    m = tidy()
    for name in names:
        m.file.remove(getattr(m, name))
    return m


def two_projects():
    m = tidy()
    m.make("IfcProject", Name="Other")
    return m


def in_site():
    m = new_model()
    m.contain(body(m, "IfcWall"), storey=m.site)
    m.file.remove(m.storey)
    m.file.remove(m.building)
    return m


def no_globalid():
    m = tidy()
    m.wall("W2", at=(0, 9, 0)).GlobalId = ""
    return m


def units(*lengths):
    m = tidy()
    rest = [unit for unit in m.project.UnitsInContext.Units if unit.UnitType != "LENGTHUNIT"]
    made = [m.file.create_entity("IfcSIUnit", UnitType="LENGTHUNIT", Prefix=one, Name="METRE") for one in lengths]
    m.project.UnitsInContext.Units = (*made, *rest)
    return m


def walls(height, count=3):
    m = new_model()
    for number in range(count):
        m.wall(f"W{number}", at=(0, 9 * number, 0), size=(5, 0.2, height))
    return m


def named(name):
    m = new_model()
    m.wall(name)
    return m


def storey_named(name):
    m = tidy()
    m.storey.Name = name
    return m


def empty_storey(*, fill):
    m = floors(("2F", 4.0, None))
    spare = storey(m, "3F", 8.0)
    if fill:
        m.contain(body(m, "IfcWall", (0, 0, 8)), storey=spare)
    return m


def no_storey():
    m = new_model()
    m.contain(body(m, "IfcWall"), storey=m.building)
    m.file.remove(m.storey)
    return m


def loose(low, height, *, building=False):
    """A wall without storey among three storeys of four metres."""
    m = floors(("2F", 4.0, None), ("3F", 8.0, None))
    wall = body(m, "IfcWall", (9, 9, low), (5, 0.2, height), "Loose")
    if building:
        m.contain(wall, storey=m.building)
    return m


def listed_in_first(low):
    m = floors(("2F", 4.0, None), ("3F", 8.0, None))
    m.contain(body(m, "IfcWall", (9, 9, low), (5, 0.2, 3), "Strayed"))
    return m


def contained(times):
    m = floors(("2F", 4.0, None))
    wall = m.wall("Both", at=(9, 9, 0))
    if times == 2:
        m.contain(wall, storey=m.file.by_type("IfcBuildingStorey")[1])
    return m


def rooms(*bounded):
    """A space for each entry, with a boundary to a wall where it is true."""
    m = tidy()
    wall = m.file.by_type("IfcWall")[0]
    for number, has in enumerate(bounded):
        room = space(m, f"10{number}", at=(10 * number, 0, 0))
        if has:
            boundary(m, room, wall)
    return m


def torn(kind):
    m = rooms(True, True)
    boundary(m, m.file.by_type("IfcSpace")[0], None, kind)
    return m


def door(*, filling):
    m = tidy()
    made = body(m, "IfcDoor", size=(1, 0.2, 2))
    m.contain(made)
    if filling:
        opening = body(m, "IfcOpeningElement", size=(1, 0.4, 2))
        m.make(
            "IfcRelVoidsElement", RelatingBuildingElement=m.file.by_type("IfcWall")[0], RelatedOpeningElement=opening
        )
        m.make("IfcRelFillsElement", RelatingOpeningElement=opening, RelatedBuildingElement=made)
    return m


def system(*, member):
    m = tidy()
    group = m.make("IfcSystem", Name="HVAC")
    if member:
        m.make("IfcRelAssignsToGroup", RelatedObjects=m.file.by_type("IfcWall"), RelatingGroup=group)
    return m


def pipes(count, joined):
    """Pipes with a port each, the first `joined` of them connected in pairs."""
    m = tidy()
    ports = []
    for number in range(count):
        pipe = body(m, "IfcPipeSegment", (0, 5 * number + 5, 0), name=f"Pipe {number}")
        m.contain(pipe)
        ports.append(port(m, pipe))
    for a, b in zip(ports[0:joined:2], ports[1:joined:2], strict=True):
        m.make("IfcRelConnectsPorts", RelatingPort=a, RelatedPort=b)
    return m


def classified(count):
    m = tidy()
    m.wall("W2", at=(0, 9, 0))
    if count:
        classify(m, *m.file.by_type("IfcWall")[:count])
    return m


def far(distance):
    m = walls(3, 10)
    m.wall("Strayed", at=(distance, 0, 0))
    return m


def shell(triangles, *, closed=True):
    m = tidy()
    faces(m, triangles, closed=closed)
    return m


def folded(triangles):
    m = tidy()
    brep(m, triangles)
    return m


def twice(shift):
    m = tidy()
    m.wall("W2", at=(shift, 0, 0))
    return m


def two_rooms(shift, **values):
    m = tidy()
    space(m, "101")
    space(m, "102", at=(shift, 0, 0), **values)
    return m


def extrusion(depth, *, boxed=True):
    """A wall whose extrusion no engine can make; with a box of its own unless `boxed` is off."""
    m = tidy()
    wall = m.wall("Odd", at=(0, 9, 0))
    (solid,) = wall.Representation.Representations[0].Items
    if depth is None:
        solid.SweptArea = m.file.create_entity(
            "IfcArbitraryClosedProfileDef",
            ProfileType="AREA",
            OuterCurve=m.file.create_entity("IfcPolyline", [m.point(0, 0), m.point(0, 0)]),
        )
    if boxed:
        box = m.file.create_entity("IfcBoundingBox", m.point(0, 0, 0), 1.0, 1.0, 1.0)
        wall.Representation.Representations = (
            *wall.Representation.Representations,
            m.file.create_entity(
                "IfcShapeRepresentation", ContextOfItems=m.context, RepresentationIdentifier="Box",
                RepresentationType="BoundingBox", Items=(box,),
            ),
        )  # fmt: skip
    return m


def gbk(text):
    return text.encode("gbk").decode("latin-1")


def self_cutting():
    """A boolean result that is its own operand: IfcOpenShell's kernels recurse until their stack ends."""
    m = new_model()
    item = clipped(m, "DIFFERENCE", half_space(m, 2.0)).Representation.Representations[0].Items[0]
    item.FirstOperand = item
    return m


INWARD = [triangle[::-1] for triangle in OUT]
CASES = {
    "ifc-no-products": (only_project, tidy),
    "ifc-no-project": (lambda: without("project"), tidy),
    "ifc-many-projects": (two_projects, tidy),
    "ifc-no-site": (lambda: without("site"), tidy),
    "ifc-no-building": (in_site, tidy),
    "ifc-no-globalid": (no_globalid, tidy),
    "ifc-unit": (lambda: units(None, "MILLI"), lambda: units("MILLI")),
    "ifc-unit-implausible": (lambda: walls(3000), lambda: walls(30)),
    "ifc-text-repaired": (lambda: named(gbk("外墙保温")), lambda: named("Außenwand Süd, größer")),
    "ifc-text-mangled": (lambda: named("????"), lambda: named("Why?")),
    "ifc-storey-order": (
        lambda: floors(("3F", 4.0, None), ("2F", 8.0, None)),
        lambda: floors(("2F", 4.0, None), ("3F", 8.0, None), ("B1", -4.0, None), ("屋面", 12.0, None)),
    ),
    "ifc-storey-equal": (lambda: floors(("East", 4.0, None), ("West", 4.0, None)), lambda: floors(("East", 4.0, None))),
    "ifc-storey-sunken": (lambda: floors(("2F", -4.0, None)), lambda: floors(("B2", -4.0, None))),
    "ifc-storey-elevation": (
        lambda: floors(("2F", 4.0, None), ("3F", 8.0, 9.0)),
        lambda: floors(("2F", 4.0, None), ("3F", 8.0, None)),
    ),
    "ifc-storey-flat": (lambda: floors(("2F", 0.0, 4.0)), lambda: floors(("2F", 4.0, None))),
    "ifc-empty-storey": (lambda: empty_storey(fill=False), lambda: empty_storey(fill=True)),
    "ifc-no-storeys": (no_storey, tidy),
    "ifc-storey-assigned": (lambda: loose(4.0, 3), tidy),
    "ifc-uncontained": (lambda: loose(0.0, 9), lambda: loose(4.0, 3)),
    "ifc-in-building": (lambda: loose(0.0, 9, building=True), lambda: loose(4.0, 3, building=True)),
    "ifc-wrong-storey": (lambda: listed_in_first(8.0), lambda: listed_in_first(0.5)),
    "ifc-contained-twice": (lambda: contained(2), lambda: contained(1)),
    "ifc-no-space-boundaries": (lambda: rooms(False), lambda: rooms(True)),
    "ifc-space-unbounded": (lambda: rooms(True, False), lambda: rooms(True, True)),
    "ifc-boundary-incomplete": (lambda: torn("PHYSICAL"), lambda: torn("VIRTUAL")),
    "ifc-fills-nothing": (lambda: door(filling=False), lambda: door(filling=True)),
    "ifc-empty-group": (lambda: system(member=False), lambda: system(member=True)),
    "ifc-no-connections": (lambda: pipes(2, 0), lambda: pipes(2, 2)),
    "ifc-unconnected": (lambda: pipes(3, 2), lambda: pipes(2, 2)),
    "ifc-misfit": (lambda: typed("IfcGroup"), lambda: typed("IfcWallType")),
    "ifc-unnamed-spatial": (lambda: storey_named("Default"), lambda: storey_named("默认层高 1F")),
    "ifc-unnamed": (lambda: named("未命名"), lambda: named("外墙")),
    "ifc-no-classification": (lambda: classified(0), lambda: classified(1)),
    "ifc-unclassified": (lambda: classified(1), lambda: classified(2)),
    "ifc-outlier": (lambda: far(5000.0), lambda: far(90.0)),
    "ifc-no-mesh": (lambda: extrusion(None, boxed=False), tidy),
    "ifc-box-mesh": (lambda: extrusion(None), tidy),
    "ifc-kernel-failure": (self_cutting, tidy),
    "ifc-inside-out": (lambda: shell(INWARD), lambda: shell(OUT)),
    "ifc-no-volume": (lambda: shell([(0, 1, 3), (0, 3, 2), (3, 1, 0), (2, 3, 0)]), lambda: shell(OUT)),
    "ifc-open-solid": (lambda: shell(OUT[:-2]), lambda: shell(OUT[:-2], closed=False)),
    "ifc-mixed-faces": (lambda: folded([*OUT, *INWARD[-2:]]), lambda: folded(OUT)),
    "ifc-duplicate": (lambda: twice(0.0), lambda: twice(0.01)),
    "ifc-space-overlap": (lambda: two_rooms(2.0), lambda: two_rooms(4.0)),
}


def kinds():
    """Every Fault of the package, by code."""
    modules = [importlib.import_module(f"bim.order.{one.name}") for one in pkgutil.iter_modules(bim.order.__path__)]
    return {value.code: value for module in modules for value in vars(module).values() if isinstance(value, Fault)}


def test_every_kind_of_fault_has_a_case():
    assert {*CASES, DEFECT.code} == set(kinds())


def test_a_defect_of_our_own_is_told_apart_from_a_kernels_failure(tmp_path, monkeypatch):
    def slip(*_):
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr("bim.geometry.direct_engine.DirectEngine._task", slip)
    found, _ = found_in(tidy().write(tmp_path, "good.ifc"), tmp_path / "good")
    assert "ifc-kernel-failure" not in found
    assert "ifc-no-mesh" not in found
    assert all("ZeroDivisionError: a slip" in how for how in found[DEFECT.code].data["notes"].values())
    assert set(found[DEFECT.code].data["notes"]) == set(found[DEFECT.code].ids) != set()


@pytest.mark.parametrize("code", CASES)
def test_a_model_with_the_fault_and_one_without(code, tmp_path):
    bad, good = CASES[code]
    found, _ = found_in(bad().write(tmp_path, "bad.ifc"), tmp_path / "bad")
    finding = found[code]
    assert finding.repaired is kinds()[code].repaired
    assert finding.severity is kinds()[code].severity
    assert finding.zh
    if code == "ifc-kernel-failure":  # the finding says how each of them failed
        assert set(finding.data["notes"]) == set(finding.ids)
    assert finding.fix_zh
    assert finding.fix_en
    assert code not in found_in(good().write(tmp_path, "good.ifc"), tmp_path / "good")[0]
