"""Ingest under bad conditions: odd names, sources that change or vanish, no room: one sentence, nothing left."""

from __future__ import annotations

import json
import os
import resource
import tempfile
import zipfile
from pathlib import Path

import ifcopenshell
import pytest

from scenes.build import ingest as build
from scenes.build import worker
from scenes.build.hosted import end_host
from scenes.build.readers import kind_of
from scenes.build.spec import Spec
from scenes.tiles.check.check import check_path
from twin.errors import Conflict, Invalid, NotFound, ParkError, Unavailable
from twin.park import Park

SQUARE = [[[114.4, 30.5], [114.401, 30.5], [114.401, 30.501], [114.4, 30.501], [114.4, 30.5]]]


@pytest.fixture
def park(tmp_path):
    folder = tmp_path / "park"
    folder.mkdir()
    (folder / "park.toml").write_text('[park]\nid = "p"\nname = "园区"\n', encoding="utf-8")
    return Park.load(folder)


def geojson(path: Path, count: int = 1) -> Path:
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": SQUARE}}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name("fresh")
    fresh.write_text(json.dumps({"type": "FeatureCollection", "features": [feature] * count}), encoding="utf-8")
    fresh.replace(path)
    return path


def refused(kind: type[ParkError], park: Park, source: Path, **options) -> ParkError:
    with pytest.raises(kind) as caught:
        build(park, source, **options)
    assert "\n" not in str(caught.value)
    assert not list(park.layers_folder.rglob("*"))
    return caught.value


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("楼 A1（改）.geojson", "a1"),
        ("C:\\Users\\王\\model.geojson", "c-users-model"),
        ("x" * 240 + ".geojson", "x" * 63),
        ("a'b\"c;$(d) %20#?[1]!.geojson", "a-b-c-d-20-1"),
    ],
)
def test_odd_file_names(park, tmp_path, name, layer):
    made = build(park, geojson(tmp_path / "目录 one" / name))
    assert made.version.layer == layer
    assert made.version.source == name
    assert check_path(park.layers_folder / layer / made.version.version / "tiles" / "tileset.json").issues == []


@pytest.mark.parametrize("name", [b"\xff\xfe.geojson", b"a\nb.geojson"])
def test_names_that_cannot_be_shown(park, tmp_path, name):
    source = geojson(tmp_path / "plain.geojson")
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    source.rename(odd)
    assert refused(Invalid, park, odd).code == "file-name"


def test_an_archive_with_folders(park, tmp_path):
    inner = geojson(tmp_path / "a.geojson")
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.write(inner, "目录/sub folder/a.geojson")
        archive.writestr("readme.txt", "x")
    assert build(park, tmp_path / "data.zip").version.count == 1


def test_a_path_of_another_system(park):
    refused(NotFound, park, Path("C:\\models\\a.ifc"))


def test_a_source_that_changes_meanwhile(park, tmp_path):
    source = geojson(tmp_path / "a.geojson")
    error = refused(Conflict, park, source, progress=lambda _done, _phase: geojson(source, 3) and None)
    assert error.code == "source-changed"


def test_a_source_that_vanishes_meanwhile(park, tmp_path):
    source = geojson(tmp_path / "a.geojson")
    error = refused(ParkError, park, source, progress=lambda _done, _phase: source.unlink(missing_ok=True))
    assert "a.geojson" in str(error)


def test_a_layers_folder_that_cannot_be_written(park, tmp_path):
    park.layers_folder.write_text("a file stands where the folder belongs")
    with pytest.raises(Unavailable) as caught:
        build(park, geojson(tmp_path / "a.geojson"))
    assert caught.value.code == "disk"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("limit", [100, 1_000, 20_000])
def test_no_room(park, tmp_path, limit):
    """A bound on the size of files makes writes fail as a full disk does, in another step for each limit."""
    source = geojson(tmp_path / "a.geojson", 400)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    end_host()  # so that the next one inherits the bound
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        error = refused(Unavailable, park, source)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        end_host()
    assert error.code == "disk"
    assert "a.geojson" in str(error)
    assert len(build(park, source).version.stats) > 0


def test_a_model_without_geometry_has_a_valid_tileset(park, tmp_path):
    source = tmp_path / "empty.ifc"
    ifcopenshell.file(schema="IFC4X3").write(str(source))
    made = build(park, source)
    assert made.version.count == 0
    tileset = park.layers_folder / "empty" / made.version.version / "tiles" / "tileset.json"
    assert [issue for issue in check_path(tileset).issues if str(issue.severity).upper().endswith("ERROR")] == []


def test_the_kernels_scratch_files_stand_in_the_staging_folder(tmp_path, monkeypatch, capsys):
    """So that a worker that is killed leaves none behind."""
    staging = tmp_path / "staging"
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    spec = Spec(str(tmp_path / "none.ifc"), "a", "v", "0", "", str(staging))
    for name in ("die_with_parent", "preload"):  # this process goes on, with its own way of keeping memory
        monkeypatch.setattr(worker, name, lambda: None)
    assert worker.main(json.dumps(vars(spec))) == 2
    assert Path(tempfile.gettempdir()) == staging / "scratch"
    assert json.loads(capsys.readouterr().out)["error"]["class"] == "NotFound"


def test_archives_say_what_is_wrong(tmp_path):
    path = tmp_path / "empty.zip"
    path.write_bytes(b"PK\x05\x06" + bytes(18))
    with pytest.raises(Invalid, match="no file with a known ending"):
        kind_of(path)
