"""Input that means harm: bombs, ways out of a package, endless nesting, numbers too large."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import sqlite3
import struct
import zipfile

import pytest

from scenes.tiles.check import check_path, issues, package, source
from scenes.tiles.check.content import DEPTH

VOLUME = {"box": [0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5]}


def tileset(uri=None, **root):
    tile = {"boundingVolume": VOLUME, "geometricError": 1, "refine": "ADD", **root}
    if uri is not None:
        tile["content"] = {"uri": uri}
    return {"asset": {"version": "1.1"}, "geometricError": 2, "root": tile}


def write(folder, document, name="tileset.json"):
    file = folder / name
    file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return file


def packed(files, *, index=True):
    """A .3tz of name → bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        rows = [
            (hashlib.md5(info.filename.encode(), usedforsecurity=False).digest(), info.header_offset)
            for info in archive.infolist()
        ]
        rows.sort(key=lambda row: struct.unpack("<QQ", row[0]))
        if index:
            body = b"".join(name + struct.pack("<Q", offset) for name, offset in rows)
            archive.writestr(zipfile.ZipInfo("@3dtilesIndex1@"), body)
    return out.getvalue()


def types(report):
    return [issue.type for issue in report.issues]


def test_package_is_read(tmp_path):
    file = tmp_path / "a.3tz"
    file.write_bytes(packed({"tileset.json": json.dumps(tileset("b.json")), "b.json": json.dumps(tileset())}))
    report = check_path(file)
    assert report.issues == []
    assert report.files == 3


def test_bomb_in_a_package(tmp_path, monkeypatch):
    monkeypatch.setattr(package, "MOST_BYTES", 100_000)
    file = tmp_path / "a.3tz"
    file.write_bytes(packed({"tileset.json": json.dumps(tileset()), "zeros.glb": bytes(10_000_000)}))
    assert types(check_path(file)) == ["CHECK_LIMIT_REACHED"]


def test_too_many_files_in_a_package(tmp_path, monkeypatch):
    monkeypatch.setattr(package, "MOST_ENTRIES", 5)
    file = tmp_path / "a.3tz"
    file.write_bytes(packed({"tileset.json": json.dumps(tileset()), **{f"{i}.glb": b"" for i in range(20)}}))
    assert types(check_path(file)) == ["CHECK_LIMIT_REACHED"]


@pytest.mark.parametrize("name", ["../outside.json", "/outside.json", "a/../../outside.json", "a\\..\\b.json"])
def test_way_out_of_a_package_by_name(tmp_path, name):
    file = tmp_path / "inner" / "a.3tz"
    file.parent.mkdir()
    file.write_bytes(packed({"tileset.json": json.dumps(tileset()), name: b"{}"}))
    assert types(check_path(file)) == ["PACKAGE_INVALID"]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.3tz"]


def test_way_out_of_a_package_by_uri(tmp_path):
    write(tmp_path, tileset(), "secret.json")
    uri = "../" * 12 + str(tmp_path / "secret.json").lstrip("/")
    file = tmp_path / "a.3tz"
    file.write_bytes(packed({"tileset.json": json.dumps(tileset(uri))}))
    (issue,) = check_path(file).issues
    assert issue.type == "IO_ERROR"
    assert "out of the package" in issue.message


def test_package_without_index(tmp_path):
    file = tmp_path / "a.3tz"
    file.write_bytes(packed({"tileset.json": json.dumps(tileset())}, index=False))
    assert types(check_path(file)) == ["PACKAGE_INDEX_INVALID"]


def test_sqlite_package_with_other_table(tmp_path):
    file = tmp_path / "a.3dtiles"
    with sqlite3.connect(file) as base:
        base.execute("CREATE TABLE other (a)")
    base.close()
    assert types(check_path(file)) == ["PACKAGE_INVALID"]


@pytest.mark.parametrize("cut", [1, 7, 30, 200])
def test_package_with_a_piece_missing(tmp_path, cut):
    data = packed({"tileset.json": json.dumps(tileset()), "b.json": b"{}"})
    for start in (0, 20, len(data) // 2, len(data) - 60):
        file = tmp_path / f"{start}.3tz"
        file.write_bytes(data[:start] + data[start + cut :])
        assert check_path(file).errors


def test_package_with_a_file_for_a_folder(tmp_path):
    file = tmp_path / "a.3tz"
    file.write_bytes(packed({"tileset.json": json.dumps(tileset()), "a": b"", "a/b": b"", "c" * 300: b""}))
    assert types(check_path(file)) == ["PACKAGE_INVALID"]


ODD = [None, True, -1, 1.5, 1e308, 10**19, "", "x", [], {}, [None], {"extensions": 5}]


def places(value, path=()):
    """The paths of all values inside."""
    if path:
        yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*path, key))


def changed(document, path, value):
    result = copy.deepcopy(document)
    inner = result
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = copy.deepcopy(value)
    return result


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_every_field_may_hold_anything(tmp_path, odd):
    entity = {"class": "c", "properties": {"a": 1, "e": "x"}}
    schema = {
        "id": "s",
        "classes": {
            "c": {
                "properties": {
                    "a": {"type": "SCALAR", "componentType": "UINT8", "normalized": True, "offset": 1.0, "max": 2.0},
                    "e": {"type": "ENUM", "enumType": "e"},
                }
            }
        },
        "enums": {"e": {"values": [{"name": "x", "value": 1}]}},
    }
    document = tileset(
        metadata=entity,
        transform=[1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
        children=[{"boundingVolume": {"sphere": [0.5, 0.5, 0.5, 0.2]}, "geometricError": 0}],
    )
    document |= {
        "schema": schema,
        "groups": [entity],
        "metadata": entity,
        "statistics": {"classes": {"c": {"count": 1}}},
    }
    assert check_path(write(tmp_path, document)).issues == []
    reports = [check_path(write(tmp_path, changed(document, path, odd))) for path in places(document)]
    assert sum(bool(report.errors) for report in reports) > len(reports) / 4
    assert all(json.dumps(report.as_dict()) for report in reports)


def test_gzip_bomb(tmp_path, monkeypatch):
    import gzip

    monkeypatch.setattr(source, "MOST", 1_000_000)
    file = tmp_path / "tileset.json"
    file.write_bytes(gzip.compress(bytes(5_000_000)))
    assert types(check_path(file)) == ["IO_ERROR"]


@pytest.mark.parametrize("depth", [500, 100_000])
def test_deep_json(tmp_path, depth):
    file = write(tmp_path, '{"asset":' + "[" * depth + "]" * depth + "}")
    assert check_path(file).errors


def test_deep_tiles(tmp_path):
    document = tileset()
    tile = document["root"]
    for _ in range(200):
        tile["children"] = [{"boundingVolume": VOLUME, "geometricError": 1}]
        (tile,) = tile["children"]
    assert check_path(write(tmp_path, document)).issues == []


@pytest.mark.parametrize("number", ["1" * 5_000, "1e999", "NaN", "Infinity", "-Infinity"])
def test_numbers_out_of_reach(tmp_path, number):
    text = json.dumps(tileset()).replace('"geometricError": 2', f'"geometricError": {number}')
    assert types(check_path(write(tmp_path, text)))[0] in {"TYPE_MISMATCH", "JSON_PARSE_ERROR"}


def test_endless_issues_are_cut(tmp_path):
    document = tileset(children=[{"geometricError": 1} for _ in range(3 * issues.LIMIT)])
    report = check_path(write(tmp_path, document))
    assert len(report.issues) == issues.LIMIT + 1
    assert report.issues[-1].type == "CHECK_LIMIT_REACHED"


def test_tileset_that_holds_itself(tmp_path):
    (issue,) = check_path(write(tmp_path, tileset("./tileset.json"))).issues
    assert issue.type == "EXTERNAL_TILESET_VALIDATION_ERROR"
    assert [cause.type for cause in issue.walk()][-1] == "TILESET_CYCLE"


def test_long_chain_of_tilesets_ends(tmp_path):
    for i in range(DEPTH + 5):
        write(tmp_path, tileset(f"{i + 1}.json"), f"{i}.json")
    write(tmp_path, tileset(), f"{DEPTH + 5}.json")
    (issue,) = check_path(tmp_path / "0.json").issues
    assert "CHECK_LIMIT_REACHED" in [cause.type for cause in issue.walk()]


def test_composites_in_composites_end(tmp_path):
    data = b""
    for _ in range(DEPTH + 10):
        data = struct.pack("<4sIII", b"cmpt", 1, 16 + len(data), int(bool(data))) + data
    (tmp_path / "a.cmpt").write_bytes(data)
    report = check_path(tmp_path / "a.cmpt")
    assert "CHECK_LIMIT_REACHED" in [cause.type for issue in report.issues for cause in issue.walk()]


def test_network_is_never_asked(tmp_path):
    report = check_path(write(tmp_path, tileset("https://example.invalid/a.glb")))
    assert types(report) == ["IO_WARNING"]


def test_huge_subtree_is_not_expanded(tmp_path):
    implicit = {"subdivisionScheme": "OCTREE", "subtreeLevels": 2000, "availableLevels": 2000}
    document = tileset("{level}.{x}.{y}.{z}.glb", implicitTiling={**implicit, "subtrees": {"uri": "s{level}{x}{y}{z}"}})
    write(tmp_path, {"tileAvailability": {"constant": 1}, "childSubtreeAvailability": {"constant": 1}}, "s0000")
    report = check_path(write(tmp_path, document))
    assert [cause.type for issue in report.issues for cause in issue.walk()][-1] == "CHECK_LIMIT_REACHED"
