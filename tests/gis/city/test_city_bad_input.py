"""City models that are broken: one sentence, or findings; never a crash, and nothing lost in silence."""

from __future__ import annotations

import contextlib
import json
import random
import zipfile

import pytest

from gis.city.sniff import is_city_file
from scenes.build.readers import kind_of
from tests.gis.city.city_files import (
    block,
    box_points,
    building,
    document,
    faces,
    gml,
    gml_solid,
    member,
    polygon,
    solid,
    surface,
    surfaces,
    write,
    write_gml,
)
from twin.errors import Invalid, ParkError

GOOD = {"b": building([solid()])}


def refused(read, path, **context):
    with pytest.raises(ParkError) as caught:
        read(path, **context)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        ({"version": "0.9"}, "city-version", "cjio"),
        ({"version": 3}, "city-version", "expected 1.0"),
        ({"type": "Feature"}, "source-kind", "Feature"),
        ({"CityObjects": []}, "json", "CityObjects"),
        ({"CityObjects": {}}, "no-features", "at least one"),
        ({"CityObjects": {"b": 7}}, "json", "'b'"),
        ({"vertices": [[1, 2]]}, "json", "three numbers"),
        ({"vertices": [[1, 2, "3"]]}, "json", "'3'"),
        ({"vertices": [[1, 2, None]]}, "json", "None"),
        ({"vertices": {}}, "json", "vertices"),
        ({"transform": {"scale": [1, 1]}}, "json", "transform"),
        ({"transform": {"scale": [0, 1, 1], "translate": [0, 0, 0]}}, "json", "zero"),
        ({"vertices": []}, "no-geometry", "finite"),
    ],
)
def test_broken_documents(read, tmp_path, change, code, word):
    error = refused(read, write(tmp_path, {**document(GOOD, block()), **change}))
    assert error.code == code
    assert word in str(error)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.city.json", b"", "empty-file"),
        ("a.city.json", b"[1, 2]", "source-kind"),
        ("a.city.json", b"hello", "source-kind"),
        ("a.gml", b"", "empty-file"),
        ("a.gml", b"<gml/>", "source-kind"),
        ("a.gml", b"<core:CityModel>", "xml"),
        ("a.gml", b"<core:CityModel></core:CityModel>", "no-features"),
        ("a.gml", b"<core:CityModel><a>&lol;</a></core:CityModel>", "xml"),
        ("a.gml", b'<CityModel xmlns="http://www.opengis.net/citygml/0.4"/>', "city-version"),
        ("a.gml", b"\xff\xfe<\x00b\x00a\x00d", "xml"),
        ("a.zip", b"PK\x03\x04 broken", "archive"),
    ],
)
def test_broken_files(read, tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(read, path).code == code


def test_entities_are_never_expanded(read, tmp_path):
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY l0 "lol">{lines}]><core:CityModel>&l9;</core:CityModel>'
    assert refused(read, write_gml(tmp_path, text)).code == "xml-dtd"
    outside = '<!DOCTYPE b SYSTEM "file:///etc/passwd"><core:CityModel/>'
    assert refused(read, write_gml(tmp_path, outside)).code == "xml-dtd"


def test_deep_nesting_ends(read, tmp_path):
    deep = 60_000
    text = gml(member(f"<bldg:lod1Solid>{'<gml:a>' * deep}{'</gml:a>' * deep}</bldg:lod1Solid>"))
    assert refused(read, write_gml(tmp_path, text)).code in {"xml", "no-geometry"}
    path = tmp_path / "deep.city.json"
    path.write_text(
        json.dumps(document(GOOD, block())).replace(
            '"vertices": [', '"x": ' + "[" * deep + "]" * deep + ', "vertices": ['
        )
    )
    assert refused(read, path).code == "json"


def test_an_archive_without_end(read, tmp_path):
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.city.json", "w", force_zip64=True) as out,
    ):
        out.write(b'{"type": "CityJSON", "pad": "')
        for _ in range(80):
            out.write(b" " * (1 << 20))
    assert refused(read, path).code == "archive-size"


def test_archives_of_none_and_of_several(read, tmp_path, frame):
    path = tmp_path / "a.zip"
    text = json.dumps(document(GOOD, block()))
    for names, count in (([], "0"), (["a.json", "b.json"], "2")):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x.txt", "x")
            for name in names:
                archive.writestr(name, text)
        assert f"holds {count} city models" in str(refused(read, path, frame=frame))


def objects_after(read, tmp_path, frame, geometry, vertices=None, **more):
    """A good building beside a bad one: the good one is whole, the bad one kept; (Read, codes)."""
    objects = {"bad": building(geometry), **GOOD}
    found = read(write(tmp_path, document(objects, vertices or block(), **more)), frame=frame)
    assert found.draft.objects["id"].to_pylist() == ["bad", "b"]
    assert found.quantity("b", "Volume") == pytest.approx(1000, rel=2e-4)
    return found, found.codes()


@pytest.mark.parametrize(
    "boundaries",
    [None, 7, "abc", [], [[]], [[[]]], [[[[]]]], [[[0, 1, 2]]], [[[["0", "1", "2"]]]], [[[[0.5, 1, 2]]]], [[[[True, 1, 2]]]],
     [[[[10**30, 1, 2]]]], {"a": 1}, [[[[0, 1, 2]], 7]]],
)  # fmt: skip
def test_boundaries_that_are_no_boundaries(read, tmp_path, frame, boundaries):
    found, codes = objects_after(read, tmp_path, frame, [{"type": "Solid", "lod": "1", "boundaries": boundaries}])
    assert set(codes) & {"city-malformed", "city-shape-lost", "city-solid-open"}, codes
    assert found.spool.objects == ["b"]


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Sphere", "lod": "1", "boundaries": []}, "city-malformed"),
        (7, "city-malformed"),
        ({}, "city-malformed"),
        ({"type": ["Solid"]}, "city-malformed"),
        ({"type": "MultiPoint", "lod": "1", "boundaries": [0]}, "city-no-surfaces"),
        ({"type": "GeometryInstance", "template": 3, "boundaries": [0]}, "city-template"),
        (surface([0, 1, 99]), "city-no-vertex"),
        (surface([0, 1, -1]), "city-no-vertex"),
        (surface([0, 1]), "city-ring"),
        (surface([0, 0, 0, 1]), "city-ring"),
        (surface([0, 1, 0, 1]), "city-ring"),
        (surface([0, 2, 1, 3]), "city-ring-crossing"),
        (surface([0, 1, 2, 7]), "city-not-planar"),
        (surface([0, 1, 2, 3], [4, 5]), "city-ring"),
    ],
)
def test_geometry_with_flaws(read, tmp_path, frame, geometry, code):
    _, codes = objects_after(read, tmp_path, frame, [geometry])
    assert codes[code] == 1


def test_solids_inside_out_and_open(read, tmp_path, frame):
    shell = solid()["boundaries"][0]
    inverted = {"type": "Solid", "lod": "1", "boundaries": [[[face[0][::-1]] for face in shell]]}
    found, codes = objects_after(read, tmp_path, frame, [inverted])
    assert codes == {"city-solid-inverted": 1}
    assert found.volume("bad") == pytest.approx(1000, rel=2e-4)
    tube = {"type": "Solid", "lod": "1", "boundaries": [shell[2:]]}  # its area vectors cancel, and yet it is open
    found, codes = objects_after(read, tmp_path, frame, [tube])
    assert codes == {"city-solid-open": 1}
    assert "bad" not in {row["id"] for row in found.draft.quantities.to_pylist() if row["name"] == "Volume"}


@pytest.mark.parametrize(
    "semantics",
    [7, {"surfaces": []}, {"surfaces": [{"type": "RoofSurface"}], "values": [[0, 0]]}, {"surfaces": [], "values": [[5] * 6]},
     {"surfaces": [{}], "values": [[0] * 6]}],
)  # fmt: skip
def test_meanings_that_do_not_fit(read, tmp_path, frame, semantics):
    found, codes = objects_after(read, tmp_path, frame, [solid(semantics=semantics)])
    assert codes == {"city-semantics": 1}
    assert found.quantity("bad", "Volume") == pytest.approx(1000, rel=2e-4)


def test_parents_that_are_missing_or_run_in_rings(read, tmp_path, frame):
    objects = {
        **GOOD,
        "lost": {"type": "BuildingPart", "parents": ["nobody"]},
        "self": {"type": "BuildingPart", "parents": ["self"]},
        "x": {"type": "BuildingPart", "parents": ["z"]},
        "y": {"type": "BuildingPart", "parents": ["x"]},
        "z": {"type": "BuildingPart", "parents": ["y"]},
        "w": {"type": "BuildingPart", "parents": ["z", "b"]},
    }
    found = read(write(tmp_path, document(objects, block())), frame=frame)
    rows = found.objects()
    assert {name: rows[name]["parent"] for name in rows} == {
        "b": None, "lost": None, "self": None, "x": None, "y": "x", "z": "y", "w": "z",
    }  # fmt: skip
    assert found.codes() == {"city-parent-missing": 2, "city-parent-cycle": 3, "city-parents": 1}


def test_repeated_ids_are_told_apart(read, tmp_path, frame):
    shape = f"<bldg:lod2Solid>{gml_solid([polygon(face) for face in faces(box_points())])}</bldg:lod2Solid>"
    found = read(write_gml(tmp_path, gml(member(shape) + member(shape))), frame=frame)
    assert found.draft.objects["id"].to_pylist() == ["b1", "b1~2"]
    assert found.codes() == {"id-repeated": 1}


def test_links_to_nowhere_and_in_rings(read, tmp_path, frame):
    every = [polygon(face) for face in faces(box_points())]
    ring = '<gml:MultiSurface gml:id="m"><gml:surfaceMember xlink:href="#m"/></gml:MultiSurface>'
    gone = '<gml:surfaceMember xlink:href="#gone"/><gml:surfaceMember xlink:href="other.gml#x"/>'
    inner = (
        f"<bldg:lod1MultiSurface><gml:MultiSurface>{surfaces(every)}{gone}</gml:MultiSurface></bldg:lod1MultiSurface>"
        f"<bldg:lod1MultiSurface>{ring}</bldg:lod1MultiSurface>"
    )
    found = read(write_gml(tmp_path, gml(member(inner))), frame=frame)
    assert found.codes() == {"city-link-missing": 1}
    assert found.quantity("b1", "Volume") == pytest.approx(1000, rel=2e-4)


@pytest.mark.parametrize("bad", ["1 2 x", "nan nan nan", "1e999 0 0", "1 2 3 4", ""])
def test_coordinates_that_are_no_numbers(read, tmp_path, frame, bad):
    every = [polygon(face) for face in faces(box_points())]
    text = (
        every[0].split("<gml:posList>")[0]
        + f"<gml:posList>{bad}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )
    inner = f"<bldg:lod1Solid>{gml_solid([text, *every[1:]])}</bldg:lod1Solid>"
    found = read(write_gml(tmp_path, gml(member(inner))), frame=frame)
    assert set(found.codes()) & {"city-ring", "city-coordinates"}
    assert "city-solid-open" in found.codes()
    assert len(found.mesh("b1")[1]) == 10


def test_systems_that_contradict(read, tmp_path, frame):
    shape = gml_solid([polygon(face) for face in faces(box_points())]).replace(
        "<gml:Solid>", '<gml:Solid srsName="EPSG:4490">'
    )
    found = read(write_gml(tmp_path, gml(member(f"<bldg:lod1Solid>{shape}</bldg:lod1Solid>"))), frame=frame)
    assert found.codes() == {"city-crs-mixed": 2}


def test_what_is_cut_off_or_altered_anywhere_is_read_or_refused(read, tmp_path, frame):
    text = json.dumps(document(GOOD, block())).encode()
    shape = f"<bldg:lod1Solid>{gml_solid([polygon(face) for face in faces(box_points())])}</bldg:lod1Solid>"
    chance = random.Random(5)
    for name, whole in (("a.city.json", text), ("a.gml", gml(member(shape)).encode())):
        path = tmp_path / name
        for _ in range(60):
            path.write_bytes(whole[: chance.randrange(1, len(whole) - 1)])
            assert isinstance(refused(read, path, frame=frame), Invalid)
        for _ in range(120):
            data = bytearray(whole)
            for _ in range(chance.randrange(1, 4)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            path.write_bytes(data)
            with contextlib.suppress(ParkError):
                assert len(read(path, frame=frame).draft.objects) >= 1


def test_which_files_are_city_models(tmp_path):
    def kind(name, content):
        path = tmp_path / name
        path.write_bytes(content)
        return kind_of(path)

    text = json.dumps(document(GOOD, block())).encode()
    assert kind("a.json", text) == "city"
    late = b'{"vertices": [' + b"[1, 2, 3]," * 20_000 + b'[1, 2, 3]], "CityObjects": {}, "type": "CityJSON"}'
    assert kind("late.json", late) == "city"
    assert kind("b.json", b'{"type": "FeatureCollection", "features": []}') == "vector"
    assert kind("c.xml", gml(member("")).encode()) == "city"
    assert kind("utf16.xml", gml(member("")).replace("UTF-8", "UTF-16").encode("utf-16")) == "city"
    assert kind("d.gml", b"<gml/>") == "city"  # for a clear word about it
    with pytest.raises(Invalid, match="no kind"):
        kind("e.xml", b"<html/>")
    packed = tmp_path / "f.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("f.json", text)
    assert kind_of(packed) == "city"
    assert not is_city_file(tmp_path / "absent")
