"""Every city model of the shared data beside the checkout, against counts and volumes taken without our code."""

from __future__ import annotations

import collections
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "gis"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="no shared data folder beside the checkout"),
]
JSON = [
    "cityjson/DH_01_subs.city.json", "cityjson/delft.json", "cityjson/dummy.json", "cityjson/multi_lod.json",
    "cityjson/rotterdam_subset.json", "citygml/CS1_precision6.city.json",
]  # fmt: skip
GML = {"citygml/53392642_bldg_6697_op2.gml": 8, "citygml/CS1_multiLOD.gml": 4}
CLASSES = ("Building", "BuildingPart", "BuildingInstallation")


def ring_vector(points):
    """Newell's area vector."""
    return np.cross(points, np.roll(points, -1, axis=0)).sum(axis=0) / 2


def solids(root):
    """Volume of each object's solid of the highest level, by plain fans over rings; None where an edge has no counterpart."""
    vertices = np.array(root["vertices"], float) * root["transform"]["scale"]
    found = {}
    for name, item in root["CityObjects"].items():
        geometry = [part for part in item.get("geometry", []) if "lod" in part]
        best = max((float(part["lod"]) for part in geometry), default=None)
        for part in geometry:
            if part["type"] != "Solid" or float(part["lod"]) != best:
                continue
            edges, volume, base = collections.Counter(), 0.0, None
            for face in (face for shell in part["boundaries"] for face in shell):
                for ring in face:
                    points = vertices[ring]
                    base = points[0] if base is None else base
                    keys = [tuple(point) for point in points]
                    edges.update(pair for pair in zip(keys, keys[1:] + keys[:1], strict=True) if pair[0] != pair[1])
                    local = points - base
                    volume += float(local[0] @ ring_vector(local)) / 3  # a plane cone over the ring
            closed = all(count == edges[end, begin] for (begin, end), count in edges.items())
            found[name] = volume if closed else None
    return found


def measured(found, name="Volume"):
    return {row["id"]: row["value"] for row in found.draft.quantities.to_pylist() if row["name"] == name}


@pytest.mark.parametrize("name", JSON)
def test_cityjson_objects_and_volumes(read, name):
    root = json.loads((SHARED / name).read_bytes())
    found = read(SHARED / name)
    assert set(found.draft.objects["id"].to_pylist()) == set(root["CityObjects"])
    shaped = {key for key, item in root["CityObjects"].items() if item.get("geometry")}
    assert set(found.spool.objects) == shaped
    expected = solids(root)
    ours = measured(found)
    for key, volume in expected.items():
        if volume is None:
            assert key not in ours
        else:  # a projected grid's scale changes volumes by up to 0.2 %
            assert ours[key] == pytest.approx(abs(volume), rel=2e-3)
    number = sum(volume is not None for volume in expected.values())
    assert number == {"cityjson/DH_01_subs.city.json": 9, "cityjson/multi_lod.json": 10}.get(name, 0)
    parents = {row["id"]: row["parent"] for row in found.draft.objects.to_pylist()}
    assert parents == {key: (item.get("parents") or [None])[0] for key, item in root["CityObjects"].items()}


def tags(name):
    """(local name, element) of a CityGML file; a prefix that one of them forgets to declare is declared first."""
    text = (
        (SHARED / name)
        .read_text(encoding="utf-8")
        .replace("<core:CityModel ", '<core:CityModel xmlns:energy="urn:x" ', 1)
    )
    root = ET.fromstring(text)  # noqa: S314  our own shared files
    return [(item.tag.rpartition("}")[2], item) for item in root.iter()]


@pytest.mark.parametrize("name", GML)
def test_citygml_objects(read, name):
    found = read(SHARED / name)
    every = tags(name)
    counted = collections.Counter(tag for tag, _ in every if tag in CLASSES)
    assert collections.Counter(found.draft.objects["type"].to_pylist()) == counted
    assert len(found.draft.objects) == GML[name]
    names = {item.get("{http://www.opengis.net/gml}id") for tag, item in every if tag in CLASSES}
    assert set(found.draft.objects["id"].to_pylist()) == names
    declared = {row["value"] for row in found.draft.properties.to_pylist() if row["name"] == "measuredHeight"}
    assert declared == {item.text for tag, item in every if tag == "measuredHeight"}


def test_plateau_stands_in_tokyo_bay_at_its_height(read):
    found = read(SHARED / "citygml/53392642_bldg_6697_op2.gml")
    assert (found.draft.frame.longitude, found.draft.frame.latitude) == pytest.approx((139.777, 35.540), abs=1e-3)
    heights = measured(found, "Height")
    declared = {
        row["id"]: row["number"] for row in found.draft.properties.to_pylist() if row["name"] == "measuredHeight"
    }
    for key, height in heights.items():
        assert height == pytest.approx(declared[key], abs=1.0)
    assert len(measured(found)) == 8  # all solids are closed, by links to their surfaces
    assert found.codes() == {"city-textures": 8, "city-lods": 8}


def test_gml_and_json_of_the_same_building_agree(read):
    from_gml = read(SHARED / "citygml/CS1_multiLOD.gml")
    from_json = read(SHARED / "citygml/CS1_precision6.city.json", frame=from_gml.draft.frame)
    part = next(name for name in from_json.draft.objects["id"].to_pylist() if name != "CS1")
    gml_part = next(row["id"] for row in from_gml.draft.objects.to_pylist() if row["type"] == "BuildingPart")
    for one, other in (("CS1", "CS1"), (gml_part, part)):
        (a, first), (b, second) = from_gml.mesh(one), from_json.mesh(other)
        assert len(first) == len(second)
        assert a.min(axis=0) == pytest.approx(b.min(axis=0), abs=2e-3)
        assert a.max(axis=0) == pytest.approx(b.max(axis=0), abs=2e-3)
        area = [
            np.linalg.norm(np.cross(p[f[:, 1]] - p[f[:, 0]], p[f[:, 2]] - p[f[:, 0]]), axis=1).sum() / 2
            for p, f in ((a, first), (b, second))
        ]
        assert area[0] == pytest.approx(area[1], rel=1e-4)
