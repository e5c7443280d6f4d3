"""Ingest, versions and publish through the command line."""

from __future__ import annotations

from tests.bim.ifc_files import new_model
from tests.cli.conftest import snapshot
from tests.support.files import elevation, footprints


def test_new_ingest_layers_sql(cli, park, tmp_path):
    made = cli.json("ingest", park, footprints(tmp_path / "houses.geojson"))
    assert (made["layer"], made["objects"], made["kind"]) == ("houses", 4, "vector")
    assert made["tiles"] >= 1
    assert made["triangles"] > 0
    assert made["bytes"] > 0
    assert made["peak_rss"] > 1e7
    assert {"version", "seconds", "engines", "findings"} <= set(made)
    assert cli.json("layers", park)["layers"][0]["version"] == made["version"]
    rows = cli.json("sql", park, "SELECT gid, name FROM object ORDER BY gid")["rows"]
    assert rows == [[f"houses/n{n}", f"楼 {n}"] for n in range(4)]


def test_the_same_file_again_is_not_built_again(cli, park, tmp_path):
    source = footprints(tmp_path / "houses.geojson")
    first = cli.json("ingest", park, source)
    second = cli.json("ingest", park, source)
    assert (second["version"], second["reused"]) == (first["version"], True)


def test_a_changed_file_is_a_new_version_and_the_old_one_comes_back(cli, park, tmp_path):
    source = tmp_path / "houses.geojson"
    first = cli.json("ingest", park, footprints(source))
    second = cli.json("ingest", park, footprints(source, count=6))
    assert second["version"] != first["version"]
    assert cli.json("sql", park, "SELECT count(*) FROM object")["rows"] == [[6]]
    back = cli.json("publish", park, "houses", "--version", first["version"])
    assert (back["version"], back["before"], back["objects"]) == (first["version"], second["version"], 4)
    assert cli.json("sql", park, "SELECT count(*) FROM object")["rows"] == [[4]]


def test_a_model_of_which_little_changed_says_what_was_rebuilt(cli, park, tmp_path):
    m = new_model()
    for number in range(3):
        m.wall(f"Wall {number}", (4.0 * number, 0.0, 0.0))
    source = m.write(tmp_path, "house.ifc")
    first = cli.json("ingest", park, source)
    assert (first["rebuilt"], first["whole"]) == (None, None)
    text = source.read_text(encoding="ascii")
    source.write_text(text.replace("'Wall 1'", "'North'"), encoding="ascii")
    second = cli.json("ingest", park, source)
    assert second["rebuilt"] == {"from": first["version"], "objects": 1, "instances": 1}
    assert cli.json("sql", park, "SELECT count(*) FROM object WHERE name = 'North'")["rows"] == [[1]]
    source.write_text(text.replace("'Wall 1'", "'South'"), encoding="ascii")
    assert f"1 of {second['objects']} objects rebuilt" in " ".join(cli("ingest", park, source).stdout.split())
    source.write_text(text.replace("IFCWALL(", "IFCSLAB(", 1), encoding="ascii")
    assert "another class" in cli.json("ingest", park, source)["whole"]


def test_files_of_one_name_become_two_layers(cli, park, tmp_path):
    (tmp_path / "other").mkdir()
    cli("ingest", park, footprints(tmp_path / "houses.geojson"))
    made = cli.json("ingest", park, footprints(tmp_path / "other" / "houses.json", lat=30.481))
    assert made["layer"] == "houses-2"


def test_terrain_comes_first_and_the_rest_stands_on_it(cli, park, tmp_path):
    made = cli.json(
        "ingest", park, footprints(tmp_path / "houses.geojson", count=2), elevation(tmp_path / "ground.tif")
    )
    assert [layer["kind"] for layer in made["layers"]] == ["vector", "terrain"]
    low = cli.json("sql", park, "SELECT min(min_z) FROM object WHERE layer = 'houses'")["rows"][0][0]
    # The plane is 20 m at the west edge, 200 m west of the origin, and rises 5 mm per metre; the park's height is 22 m.
    assert -2.2 < low < 1.0


def test_a_park_without_origin_takes_the_first_layers(cli, tmp_path):
    folder = tmp_path / "fresh"
    cli("new", folder)
    cli("ingest", folder, footprints(tmp_path / "houses.geojson"))
    text = (folder / "park.toml").read_text()
    assert "[origin]" in text
    again = cli.json("ingest", folder, footprints(tmp_path / "more.geojson", lat=30.482))
    assert again["objects"] == 4


def test_one_bad_file_does_not_keep_the_good_ones_out(cli, park, tmp_path):
    bad = tmp_path / "bad.geojson"
    bad.write_text('{"type": "FeatureCollection", "features": []}')
    done = cli("ingest", park, bad, footprints(tmp_path / "houses.geojson"), check=False)
    assert done.returncode == 3
    assert "bad.geojson" in done.stderr
    assert [layer["layer"] for layer in snapshot(cli, park)[0]] == ["houses"]
