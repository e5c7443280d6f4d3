"""Rows before and after, read from one file, are those that two files give."""

from __future__ import annotations

import re
from random import Random

import pytest

from bim.changes import rows
from bim.changes.beside import MARK
from bim.changes.reach import reach
from bim.changes.rows import Rows, read_both
from bim.changes.texts import Texts
from bim.changes.whole import Whole
from tests.bim.ifc_files import new_model
from tests.support.ifc_edits import LOCAL, edited


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> bytes:
    """Four walls with sets and quantities; two share a property, two a set, two a type whose set one of them hides in part."""
    m = new_model()
    shared = m.single("Shared", "IfcLabel", "a")
    walls = [m.wall(f"Wall {number}", (4.0 * number, 0.0, 0.0), Tag=str(number)) for number in range(4)]
    for number, wall in enumerate(walls):
        own = m.single("Own", "IfcLabel", f"own {number}")
        length = m.file.create_entity("IfcQuantityLength", Name="Length", LengthValue=4.0 + number)
        m.define(m.pset(f"Set {number}", own, *([shared] if number < 2 else [])), wall)
        m.define(m.make("IfcElementQuantity", Name="Base", Quantities=(length,)), wall)
    m.define(m.pset("Common", m.single("Long", "IfcPositiveLengthMeasure", 2.0)), *walls[:2])
    m.define(m.pset("Of type", m.single("Fire", "IfcLabel", "F90")), walls[2])
    of_type = m.pset("Of type", m.single("Fire", "IfcLabel", "F30"), m.single("Sound", "IfcLabel", "R40"))
    kind = m.make("IfcWallType", Name="Kind", HasPropertySets=(of_type,))
    m.make("IfcRelDefinesByType", RelatedObjects=tuple(walls[2:]), RelatingType=kind)
    return m.write(tmp_path_factory.mktemp("rows")).read_bytes()


def both(old: bytes, new: bytes, folder):
    texts = Texts(old, new, "IFC4")
    return read_both(texts, reach(texts, texts.difference.numbers), folder)


@pytest.fixture
def in_two(monkeypatch):
    """The same from two files."""

    def read(*given):
        with monkeypatch.context() as patch:
            patch.setattr(rows, "beside", lambda *_: None)
            return both(*given)

    return read


def told(some: Rows) -> list:
    tables = [table.to_pylist() for table in some[:3]]
    return [*(sorted(table, key=str) for table in tables), some.concepts, [row["id"] for row in tables[0]]]


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """The names of the files that are read."""
    names: list[str] = []
    plain = rows._opened
    monkeypatch.setattr(rows, "_opened", lambda path, text: names.append(path.name) or plain(path, text))
    return names


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("edit", sorted(set(LOCAL) - {"history", "header"}))
def test_one_file_tells_what_two_tell(text, tmp_path, opened, in_two, edit, seed):
    other = edited(text, LOCAL[edit], Random(seed))
    if other is None:
        pytest.skip("nothing to edit")
    one = both(text, other, tmp_path)
    assert opened == ["both.ifc"]
    two = in_two(text, other, tmp_path)
    assert opened[1:] == ["before.ifc", "after.ifc"]
    assert told(one.before) == told(two.before)
    assert told(one.after) == told(two.after)
    assert len(one.after.objects)
    assert one.faults is two.faults is False


def test_a_type_s_value_that_objects_hide_or_inherit(text, tmp_path, opened):
    one = both(text, text.replace(b"'F30'", b"'F60'"), tmp_path)
    assert opened == ["both.ifc"]
    values = [[row["value"] for row in some.properties.to_pylist() if row["name"] == "Fire"] for some in one[:2]]
    assert [sorted(some) for some in values] == [["F30", "F30", "F90"], ["F60", "F60", "F90"]]
    assert len(one.before.concepts) == 1


def test_ids_that_copies_would_have_are_read_from_two_files(text, tmp_path, opened):
    ids = re.findall(rb"IFCWALL\('([^']+)'", text)
    old = text.replace(ids[3], MARK.encode() + ids[0])
    other = old.replace(b"'own 0'", b"'other'")
    found = both(old, other, tmp_path)
    assert opened[-1] == "both.ifc"  # the other wall is no part of it
    other = other.replace(b"'own 3'", b"'another'")
    found = both(old, other, tmp_path)
    assert opened[-2:] == ["before.ifc", "after.ifc"]
    assert {row["id"] for row in found.before.objects.to_pylist()} == {ids[0].decode(), MARK + ids[0].decode()}


def faulty(text: bytes, name: bytes) -> bytes:
    """With a literal that its enumeration does not have, in the wall of a name (PredefinedType)."""
    return re.sub(rb"(IFCWALL\([^;]*'" + name + rb"'[^;]*,)[^,;]+\);", rb"\1.NOSUCH.);", text, count=1)


def test_a_fault_that_both_parts_have_counts_once(text, tmp_path, opened, in_two):
    old = re.sub(rb"(IFCSIUNIT\(\*,\.LENGTHUNIT\.,)[^,]*(,\.METRE\.\))", rb"\1.NOSUCH.\2", text, count=1)
    assert old != text
    other = old.replace(b"'own 0'", b"'other'")
    one, names = both(old, other, tmp_path), list(opened)
    two = in_two(old, other, tmp_path)
    assert names == ["both.ifc"]
    assert one.faults is two.faults is True
    assert [told(some) for some in one[:2]] == [told(some) for some in two[:2]]


def test_a_fault_of_one_part_is_seen_in_two_files(text, tmp_path, opened):
    old = faulty(text, b"Wall 0")
    assert old != text
    found = both(old, old.replace(b"'own 0'", b"'other'"), tmp_path)
    assert opened == ["both.ifc", "before.ifc", "after.ifc"]
    assert found.faults
    with pytest.raises(Whole):
        both(text, faulty(text, b"Wall 0"), tmp_path)
