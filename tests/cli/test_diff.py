from __future__ import annotations

import json

import pytest

from tests.scenes.diff.models import Office, move


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two states of the office: a wall moved, a chair renamed; and the first one again."""
    folder = tmp_path_factory.mktemp("office")
    office = Office()
    old = office.model.write(folder, "office.ifc")
    move(office.walls[2], 0.0, 1.5, 0.0)
    office.chairs[0].Name = "Armchair"
    new = office.model.write(folder, "office-2.ifc")
    return old, new


def test_two_files(cli, files):
    found = cli.json("diff", *files)
    assert found["counts"] == {"moved": 1, "renamed": 1}
    assert {item["name"]: item["kinds"] for item in found["items"]} == {"Wall 2": ["moved"], "Armchair": ["renamed"]}
    assert cli.json("diff", *files, "--kind", "renamed")["counts"] == {"renamed": 1}
    shown = cli("diff", *files)
    assert "Armchair" in shown.stdout
    assert "1.5 m" in shown.stdout
    assert "移动" in shown.stdout


def test_the_exit_code_tells_on_request(cli, files):
    assert cli("diff", *files, "--exit-code", check=False).returncode == 1
    same = cli("diff", files[0], files[0], "--exit-code")
    assert "No changes: 20 objects" in same.stdout


def test_versions_of_a_layer(cli, park, files, tmp_path):
    for file in files:
        cli("ingest", park, file, "--layer", "office")
    layer = cli.json("layers", park)["layers"][0]
    first, second = layer["versions"]
    expected = {"moved": 1, "renamed": 1}
    assert cli.json("diff", park, "office")["counts"] == expected
    assert cli.json("diff", f"{park}/office@{first[:6]}", f"{park}/office@{second}")["counts"] == expected
    assert cli.json("diff", f"{park}/office@previous", f"{park}/office")["counts"] == expected
    mixed = cli.json("diff", f"{park}/office@{first}", files[1])
    assert (
        mixed["counts"] == expected
    )  # a file reads into its own frame, a version into the park's: the model is the same
    gids = {item["gid"] for item in cli.json("diff", park, "office")["items"]}
    rows = cli.json("sql", park, "SELECT gid FROM object WHERE name IN ('Wall 2', 'Armchair')")["rows"]
    assert gids == {row[0] for row in rows}


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (("missing.ifc", "OLD"), "no-file", 4),
        (("OLD", "PARK/office@beef"), "no-version", 4),
        (("PARK", "office"), "no-version", 4),
        (("OLD", "BROKEN"), "ifc-parse", 3),
        (("OLD", "GEOJSON"), "other-kind", 3),
        (("OLD", "OLD", "--kind", "vanished"), "kind", 3),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_sentence(cli, park, files, tmp_path, arguments, code, exit_code):
    from tests.support.files import footprints

    broken = tmp_path / "broken.ifc"
    broken.write_bytes(files[0].read_bytes()[:3000])
    named = {
        "OLD": files[0],
        "PARK": park,
        "BROKEN": broken,
        "GEOJSON": footprints(tmp_path / "f.geojson"),
        "PARK/office@beef": f"{park}/office@beef",
    }
    done = cli("diff", *(named.get(argument, argument) for argument in arguments), "--json", check=False)
    assert done.returncode == exit_code, done.stdout
    error = json.loads(done.stdout)["error"]
    if code != "ifc-parse":
        assert error["code"] == code
    assert error["message"].count(". ") == 0


def test_features_are_compared_too(cli, tmp_path):
    from tests.support.files import footprints

    old = footprints(tmp_path / "a.geojson")
    document = json.loads(old.read_text(encoding="utf-8"))
    document["features"][1]["properties"]["height"] = 44.0
    document["features"][2]["properties"]["name"] = "新楼"
    document["features"].append({**document["features"][0], "id": "n9", "geometry": _shifted(document["features"][3])})
    new = tmp_path / "b.geojson"
    new.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    found = cli.json("diff", old, new)
    assert found["counts"] == {"added": 1, "reshaped": 1, "renamed": 1, "property-changed": 2}


def _shifted(feature):
    ring = [[x + 0.001, y] for x, y in feature["geometry"]["coordinates"][0]]
    return {"type": "Polygon", "coordinates": [ring]}
