"""`parktwin export`: one file, whole or not at all."""

from __future__ import annotations

import csv
import json
import shutil

import ifcopenshell
import pytest

from tests.bim.ifc_files import new_model
from tests.support.files import footprints


@pytest.fixture(scope="module")
def built(cli, tmp_path_factory):
    """A park with one model and one GIS layer."""
    folder = tmp_path_factory.mktemp("built")
    cli("new", folder / "park", "--origin", "114.4,30.48,22", "--crs", "EPSG:4547")
    model = new_model()
    for number in range(3):
        model.wall(f"墙 {number}", at=(3.0 * number, 0, 0), Tag=f"T{number}")
    cli("ingest", folder / "park", model.write(folder, "a1.ifc"), footprints(folder / "houses.geojson"))
    return folder / "park"


def left_over(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_each_format(cli, built, tmp_path):
    done = cli.json("export", built, tmp_path / "walls.ifc", "--layer", "a1", "--type", "Wall")
    assert (done["objects"], done["format"], done["figures"]["context"]) == (3, "ifc", 3)
    assert len(ifcopenshell.open(tmp_path / "walls.ifc").by_type("IfcWall")) == 3
    done = cli.json("export", built, tmp_path / "all.glb")
    assert (tmp_path / "all.glb").read_bytes()[:4] == b"glTF"
    assert done["layers"] == {"a1": 6, "houses": 4}
    done = cli.json("export", built, tmp_path / "wide.csv", "--wide", "--language", "zh", "--search", "墙 1")
    with (tmp_path / "wide.csv").open(encoding="utf-8-sig", newline="") as stream:
        head, row = csv.reader(stream)
    assert head[0] == "对象编号"
    assert row[head.index("名称")] == "墙 1"
    text = cli("export", built, tmp_path / "all.zip", "--format", "ifc").stdout
    assert "10 objects of 2 layers" in text
    assert "4 objects left out: they come from no IFC model" in text
    cli("export", built, tmp_path / "q.parquet", "--table", "quantities", "--under", "houses/n0")
    assert left_over(tmp_path) == []


def test_a_file_that_exists_stays_unless_forced(cli, built, tmp_path):
    target = tmp_path / "x.csv"
    target.write_text("mine")
    refused = cli("export", built, target, check=False)
    assert (refused.returncode, "give --force" in refused.stderr) == (5, True)
    assert target.read_text() == "mine"
    cli("export", built, target, "--force")
    assert target.read_text(encoding="utf-8").startswith("\ufeff")


@pytest.mark.parametrize(
    ("name", "options", "code", "sentence"),
    [
        ("x.csv", ["--gid", "a1/nope"], 4, "No published object has the id 'a1/nope'"),
        ("x.csv", ["--type", "Dragon"], 3, "No object matches the selection (type=Dragon)"),
        ("x.csv", ["--layer", "zz"], 4, "Layer 'zz' is not published: known are a1, houses"),
        ("x.csv", ["--table", "colours"], 3, "Table 'colours' is unknown"),
        ("x.csv", ["--language", "fr"], 3, "Language 'fr' is unknown: expected en or zh"),
        ("x.ifc", ["--layer", "houses"], 3, "None of the 4 selected objects comes from an IFC model"),
        ("x.dwg", [], 3, "x.dwg is of no kind that can be written"),
        ("no/x.csv", [], 4, "does not exist: make it first"),
        ("file/x.csv", [], 4, "does not exist: make it first"),
    ],
)
def test_one_sentence_and_nothing_left(cli, built, tmp_path, name, options, code, sentence):
    (tmp_path / "file").write_text("")
    done = cli("export", built, tmp_path / name, *options, check=False)
    assert done.returncode == code
    assert sentence in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_full_disk(cli, built, tmp_path, monkeypatch):
    """The worker's first write fails: one sentence, no file, nothing beside it."""
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(full)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    (tmp_path / "out").mkdir()
    done = cli("export", built, tmp_path / "out" / "x.glb", check=False)
    assert done.returncode == 7
    assert "The export failed at reading or writing" in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_a_source_that_is_gone_is_told(cli, built, tmp_path):
    shutil.copytree(built, tmp_path / "park")
    (tmp_path / "park" / "sources" / "a1.ifc").unlink()
    done = cli("export", tmp_path / "park", tmp_path / "x.ifc", "--layer", "a1", "--json", check=False)
    assert done.returncode == 4
    assert json.loads(done.stdout)["error"]["code"] == "no-source"
    cli("export", tmp_path / "park", tmp_path / "x.glb", "--layer", "a1")  # the others need no source


def test_a_time_limit(cli, built, tmp_path):
    done = cli("export", built, tmp_path / "x.glb", "--time-limit", "0.1", check=False)
    assert (done.returncode, "took longer than" in done.stderr) == (7, True)
    assert list(tmp_path.iterdir()) == []
