"""Which instances differ between two texts, and how far a change reaches."""

from __future__ import annotations

import re

import pytest

from bim.changes import Whole, reread
from bim.source.step_diff import difference
from bim.source.step_scan import StepScan, Unusual
from tests.bim.ifc_files import new_model


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> bytes:
    """Three walls with a set each, of which two share a property; one has a type with a set of its own."""
    m = new_model()
    shared = m.single("Shared", "IfcLabel", "a")
    for number in range(3):
        wall = m.wall(f"Wall {number}", (4.0 * number, 0.0, 0.0), Tag=str(number))
        own = m.single("Own", "IfcLabel", f"own {number}")
        m.define(m.pset(f"Set {number}", own, *([shared] if number < 2 else [])), wall)
    kind = m.make("IfcWallType", Name="Kind", HasPropertySets=(m.pset("Of type", m.single("Fire", "IfcLabel", "F30")),))
    m.make("IfcRelDefinesByType", RelatedObjects=(wall,), RelatingType=kind)
    return m.write(tmp_path_factory.mktemp("texts")).read_bytes()


def changed(text: bytes, pattern: bytes, by: bytes) -> bytes:
    found = re.sub(pattern, by, text, count=1)
    assert found != text
    return found


def read(text: bytes, other: bytes, folder):
    source = folder / "new.ifc"
    source.write_bytes(other)
    return reread(text, source, other, folder)


def test_instances_that_changed_came_and_went(text):
    numbers = sorted(int(one) for one in re.findall(rb"^#(\d+)=", text, re.MULTILINE))
    last = numbers[-1]
    other = changed(text, rb"'own 1'", b"'own; #7=''1'''")
    other = other.replace(b"ENDSEC;\nEND-", b"#%d=IFCLABELLED();\nENDSEC;\nEND-" % (last + 1))
    found = difference(text, other)
    assert (found.added, found.removed, len(found.old), len(found.new)) == ({last + 1}, set(), 1, 2)
    back = difference(other, text)
    assert (back.added, back.removed) == (set(), {last + 1})
    assert difference(text, text).numbers == set()
    assert 0 <= found.first - text.find(b"'own 1'") < len(b"'own 1'")


def test_a_scan_knows_who_names_whom(text):
    scan = StepScan(text)
    lines = {int(one.group(1)): one.group() for one in re.finditer(rb"#(\d+)=.*?;(?=\n)", text)}
    assert list(scan.number) == list(lines)
    for number, line in lines.items():
        assert scan.statement(number) == line
        want = [other for other, one in lines.items() if re.search(rb"[(,]#%d[,)]" % number, one)]
        assert scan.naming({number}) == want
    assert scan.naming({10**9}) == []
    assert len(scan.of_class(b"IFCPROJECT")) == 1
    assert len(scan.of_class(b"IFCWALL")) == 3
    assert scan.statement(10**6) is None


@pytest.mark.parametrize(
    ("pattern", "by"),
    [
        (rb"\n#3=", rb"\n/* a note */#3="),
        (rb"\n#3=", rb" #3="),  # behind another statement on its line, which is allowed …
        (rb"\n#3=", rb"\nx#3="),  # … and behind something that is none
        (rb"\n#3=", rb"\n#4="),
        (rb"\n#3=", rb"\n#123456789="),
        (rb"'own 1'", rb"'own #3 =x'"),
    ],
)
def test_unusual_texts_are_refused(text, pattern, by):
    other = changed(text, pattern, by)
    if by == rb" #3=":
        assert StepScan(other).row(3) == StepScan(text).row(3)
    else:
        with pytest.raises(Unusual):
            StepScan(other)


@pytest.mark.parametrize("comment", [b"", b"/* a note */"])
def test_a_comment_is_found_behind_many_stars(text, comment):
    body = text.index(b"\n#1=")
    other = (
        text[:body]
        + b"\n#999999=IFCLABEL('%s');" % (b"*" * 500)
        + text[body:].replace(b"\n#3=", b"\n" + comment + b"#3=")
    )
    if comment:
        with pytest.raises(Unusual, match="comments"):
            StepScan(other)
    else:
        assert len(StepScan(other).number) == len(StepScan(text).number) + 1


def test_an_equals_sign_in_a_text_is_none_of_an_instance(text):
    other = changed(text, rb"'own 1'", rb"'#a=b, 7=8'")
    assert list(StepScan(other).number) == list(StepScan(text).number)


def test_a_number_that_nothing_has_is_named_all_the_same(text):
    wall = int(re.search(rb"#(\d+)=IFCWALL\('[^']*',[^,]*,'Wall 1'", text).group(1))
    there = StepScan(text)
    for absent in (int(max(there.number)) + 1, 49_999_999):
        other = re.sub(rb"#%d(?=[,)])" % wall, b"#%d" % absent, text)
        assert StepScan(other).naming({absent}) == there.naming({wall}) != []
        assert StepScan(other.replace(b"#49999999", b"#499999990")).naming({49_999_999}) == []


def test_many_numbers_are_sought_as_one(text):
    scan = StepScan(text)
    every = [int(number) for number in scan.number]
    assert scan.naming(set(every)) == sorted({one for number in every for one in scan.naming({number})}, key=scan.row)


def test_a_property_concerns_those_that_have_it(text, tmp_path):
    one = read(text, changed(text, rb"'own 1'", rb"'other'"), tmp_path)
    assert one.after.objects.column("name").to_pylist() == ["Wall 1"]
    assert [row["value"] for row in one.after.properties.to_pylist() if row["name"] == "Own"] == ["other"]
    assert [row["value"] for row in one.before.properties.to_pylist() if row["name"] == "Own"] == ["own 1"]
    two = read(text, changed(text, rb"IFCLABEL\('a'\)", rb"IFCLABEL('b')"), tmp_path)
    assert two.after.objects.column("name").to_pylist() == ["Wall 0", "Wall 1"]


def test_a_set_of_a_type_concerns_type_and_occurrences(text, tmp_path):
    found = read(text, changed(text, rb"'F30'", rb"'F90'"), tmp_path)
    assert found.after.objects.column("name").to_pylist() == ["Wall 2"]
    assert len(found.after.concepts) == 1
    fire = [row for row in found.after.properties.to_pylist() if row["name"] == "Fire"]
    assert sorted((row["id"] in found.after.concepts, row["value"]) for row in fire) == [(False, "F90"), (True, "F90")]


def test_an_attribute_concerns_its_element(text, tmp_path):
    found = read(text, changed(text, rb"'Wall 0'", rb"'North'"), tmp_path)
    assert found.after.objects.column("name").to_pylist() == ["North"]
    assert found.changed == 1


def test_a_point_concerns_the_product_that_stands_or_is_drawn_by_it(text, tmp_path):
    found = read(text, changed(text, rb"IFCCARTESIANPOINT\(\(4\.", rb"IFCCARTESIANPOINT((5."), tmp_path)
    wall = int(re.search(rb"#(\d+)=IFCWALL\('[^']*',[^,]*,'Wall 1'", text).group(1))
    assert (found.changed, found.shaped.products, found.before, found.after) == (1, {wall}, None, None)


def test_what_stands_in_the_header_concerns_nothing(text, tmp_path):
    found = read(text, changed(text, rb"FILE_NAME\('[^']*'", rb"FILE_NAME('other'"), tmp_path)
    assert (found.changed, found.after, found.still) == (0, None, 0)


def test_a_header_may_differ_in_its_texts_only(text, tmp_path):
    with pytest.raises(Whole, match="header changed"):
        read(text, changed(text, rb"FILE_NAME\('[^']*'", rb"FILE_NAME($"), tmp_path)
    with pytest.raises(Whole, match="header changed"):
        read(text, changed(text, rb"FILE_NAME\('[^']*'", rb"FILE_NAME('\\X\\D6'"), tmp_path)


@pytest.mark.parametrize(
    ("pattern", "by", "why"),
    [
        (rb"(IFCWALL\(')[^']{22}", rb"\g<1>0000000000000000000001", "another GlobalId"),
        (rb"'Kind'", rb"'Other'", "IfcWallType changed"),
        (rb"\n#\d+=IFCRELDEFINESBYTYPE[^;]*;", rb"", "IfcRelDefinesByType removed"),
        (
            rb"(IFCGEOMETRICREPRESENTATIONCONTEXT\([^;]*),1\.?E-0?5,",
            rb"\g<1>,1.E-6,",
            "IfcGeometricRepresentationContext changed",
        ),
        (rb"'Set 0'", rb"'ePSet_MapConversion'", "may place the model"),
        (rb"'own 0'", b"'\xd6'", "not escaped"),
        (rb"FILE_SCHEMA\(\('IFC4'\)\)", rb"FILE_SCHEMA(('IFC4X3_ADD2'))", "schema changed"),
        (rb"'Wall 0'", rb"$", "got or lost its name"),
    ],
)
def test_what_may_not_stay_local_is_read_whole(text, tmp_path, pattern, by, why):
    with pytest.raises(Whole, match=why):
        read(text, changed(text, pattern, by), tmp_path)


def test_instances_in_another_order_are_read_whole(text, tmp_path):
    lines = text.split(b"\n")
    places = [place for place, line in enumerate(lines) if b"=IFCPROPERTYSET(" in line]
    lines[places[0]], lines[places[1]] = lines[places[1]], lines[places[0]]
    with pytest.raises(Whole, match="another order"):
        read(text, b"\n".join(lines), tmp_path)
