"""The valid and invalid files of the shared data, judged as the official 3D Tiles validator judges them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from scenes.tiles.check import Context, check_path
from scenes.tiles.check.metadata_types import Schema

pytestmark = pytest.mark.shared
DATA = Path(__file__).parents[4].parent / "shared" / "data"
IMPLICIT = {"subdivisionScheme": "QUADTREE", "subtreeLevels": 3, "availableLevels": 6, "subtrees": {"uri": ""}}
KNOWN = {
    # The tileset names a glTF that the shared data does not have: an error of another type.
    "gltfExtensions/khrLightsPunctual/validTilesetWithInvalidKhrLightsPunctual.json": {"IO_ERROR"},
    # The row lists the causes below the one top-level issue as well; `test_causes` looks at them.
    "tilesets/validTilesetWithInvalidB3dmWithGlbWithInfos.json": {"CONTENT_VALIDATION_ERROR"},
}
WARNINGS = {
    "ARRAY_LENGTH_UNEXPECTED",
    "BUFFERS_WITHOUT_BUFFER_VIEWS",
    "CONTENT_VALIDATION_INFO",
    "CONTENT_VALIDATION_WARNING",
    "EXTENSION_NOT_SUPPORTED",
    "EXTENSION_USED_BUT_NOT_FOUND",
    "METADATA_SEMANTIC_UNKNOWN",
}
"""The types of the table with which a file is valid all the same."""


def rows():
    """(file below tiles3d/validator, expected types) of every row that states them."""
    manifest = DATA / "MANIFEST.csv"
    if not manifest.is_file():
        return []
    with manifest.open(encoding="utf-8", newline="") as stream:
        every = [row for row in csv.DictReader(stream) if row["file"].startswith("tiles3d/validator/")]
    return [
        (row["file"].removeprefix("tiles3d/validator/"), types(row["expected"]))
        for row in every
        if row["expected"] and not row["file"].endswith(".bin")
    ]


def types(expected):
    return set() if expected == "no issues" else set(expected.replace(" ", "").replace(";", ",").split(","))


ROWS = rows()


@pytest.fixture(scope="module")
def contexts():
    """What the validator's own tests judge lone subtrees and property tables with."""

    def schema(name):
        return Schema.of(json.loads((DATA / "tiles3d/validator/schemas" / name).read_text(encoding="utf-8")))

    return {
        "subtrees": Context(schema("validSchema.json"), IMPLICIT),
        "propertyTables": Context(schema("FullMetadataSchema.json")),
    }


@pytest.mark.skipif(not ROWS, reason="the shared data folder beside the checkout lacks MANIFEST.csv")
def test_there_are_rows():
    assert len(ROWS) > 240
    assert KNOWN.keys() <= dict(ROWS).keys()


@pytest.mark.parametrize(("file", "expected"), ROWS, ids=[file for file, _ in ROWS])
def test_row(file, expected, contexts):
    report = check_path(DATA / "tiles3d/validator" / file, contexts.get(file.split("/")[0]))
    assert bool(report.errors) == bool(expected - WARNINGS), report.as_dict()
    assert {issue.type for issue in report.issues} == KNOWN.get(file, expected), report.as_dict()


@pytest.mark.skipif(not ROWS, reason="the shared data folder beside the checkout lacks MANIFEST.csv")
def test_causes():
    file = "tilesets/validTilesetWithInvalidB3dmWithGlbWithInfos.json"
    (issue,) = check_path(DATA / "tiles3d/validator" / file).issues
    assert {one.type for one in (issue, *issue.causes)} == dict(ROWS)[file]
    assert issue.as_dict()["causes"][0]["type"] == "BINARY_INVALID_ALIGNMENT"


@pytest.mark.skipif(not ROWS, reason="the shared data folder beside the checkout lacks MANIFEST.csv")
def test_samples_are_valid():
    folder = DATA / "tiles3d/samples"
    report = check_path(folder)
    contents = [file for file in folder.rglob("*") if file.suffix in {".glb", ".gltf", ".subtree"}]
    assert report.errors == report.warnings == 0, report.as_dict()
    # The point clouds' and primitives' files stand in tilesets too, so each was judged.
    assert report.files >= len(contents) + len(list(folder.rglob("tileset.json")))
