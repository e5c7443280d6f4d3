"""The place of a model: reported before an ingest, overridden by it, remembered after it."""

from __future__ import annotations

import hashlib
import tomllib

import pyproj
import pytest

from tests.bim.ifc_files import new_model
from tests.support.files import footprints

EAST, NORTH = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:4547", always_xy=True).transform(114.4, 30.48)


@pytest.fixture
def tower(tmp_path):
    """A model at the park's origin by its conversion, 300 m north of it by its site."""
    m = new_model()
    m.wall(at=(10.0, 0.0, 0.0))
    m.wall("W2", at=(30.0, 12.0, 0.0))
    m.map_conversion(EAST, NORTH, height=22.0)
    m.site.RefLatitude, m.site.RefLongitude = (30, 28, 57, 740000), (114, 24, 0)
    return m.write(tmp_path, "tower.ifc")


def settings(park):
    return tomllib.loads((park / "park.toml").read_text(encoding="utf-8"))["layers"]["tower"]["placing"]


def test_the_report_of_a_file_needs_no_ingest(cli, park, tower):
    made = cli.json("georef", tower, "--park", park)
    report = made["georef"]
    assert report["candidate"] == "map-conversion"
    landing = next(row for row in report["candidates"] if row["used"])["landing"]
    assert landing["place"]["longitude"] == pytest.approx(114.4, abs=1e-8)
    assert {row["rule"] for row in report["checks"]} == {f"GRF00{n}" for n in range(9)}
    hit = next(row for row in made["findings"] if row["code"] == "ifc-georef-contradiction")
    geod = pyproj.Geod(ellps="WGS84")
    want = geod.inv(114.4, 30.48, 114.4, 30 + 28 / 60 + 57.74 / 3600)[2]
    assert hit["value"] == pytest.approx(want, abs=0.1)  # the grid turns the model 0.2° about its origin
    assert not (park / "layers").exists()
    text = cli("georef", tower).stdout
    assert "GRF004" in text
    assert "map-conversion" in text


def test_what_is_no_model_has_no_report(cli, park, tmp_path):
    broken = tmp_path / "broken.ifc"
    broken.write_text("ISO-10303-21;\nHEADER;\n", encoding="utf-8")
    assert cli("georef", broken, check=False).returncode == 3
    plan = tmp_path / "plan.geojson"
    plan.write_text("{}", encoding="utf-8")
    assert "no building model" in cli("georef", plan, check=False).stderr
    assert cli("georef", tmp_path / "none.ifc", check=False).returncode == 4


def test_a_model_too_large_for_the_limit_is_one_sentence(cli, tower):
    done = cli("georef", tower, "--memory-limit", "0.2", check=False)
    assert done.returncode == 7
    assert done.stderr.startswith("parktwin: ")


def test_an_override_is_remembered_and_forgotten(cli, park, tower):
    first = cli.json("ingest", park, tower, "--use", "site")
    assert first["georef"]["used"] == "site"
    assert settings(park) == {"use": "site"}
    again = cli.json("ingest", park, tower)
    assert (again["version"], again["reused"]) == (first["version"], True)
    moved = cli.json("ingest", park, tower, "--place", "114.401,30.481,25,30")
    assert moved["version"] != first["version"]
    assert moved["georef"]["used"] == "placed"
    assert settings(park) == {"longitude": 114.401, "latitude": 30.481, "height": 25.0, "rotation_deg": 30.0}
    kept = cli.json("ingest", park, tower)
    assert kept["version"] == moved["version"]
    auto = cli.json("ingest", park, tower, "--use", "auto")
    assert auto["georef"]["used"] == "map-conversion"
    assert "tower" not in tomllib.loads((park / "park.toml").read_text(encoding="utf-8")).get("layers", {})


def test_what_people_wrote_in_park_toml_stays(cli, park, tower):
    path = park / "park.toml"
    before = path.read_text(encoding="utf-8") + '\n[layers.tower]  # 主楼\ntitle = "主楼"\n\n[broker]\nurl = ""\n'
    path.write_text(before, encoding="utf-8")
    cli("ingest", park, tower, "--crs", "EPSG:4547")
    written = path.read_text(encoding="utf-8")
    assert "# 主楼" in written
    assert settings(park) == {"crs": "EPSG:4547"}
    cli("ingest", park, tower, "--use", "auto")
    assert path.read_text(encoding="utf-8").rstrip() == before.rstrip()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--place", "114.4,30.48", "--use", "site"), "cannot hold at the same time"),
        (("--use", "rigid"), "has no source 'rigid' of a place: it has local, map-conversion, site"),
        (("--use", "nowhere"), "Unknown source"),
        (("--place", "30.48,114.4"), "not on the globe"),
        (("--place", "113,23"), "km from the park"),
    ],
)
def test_an_override_that_cannot_be_is_one_sentence_and_not_remembered(cli, park, tower, options, words):
    done = cli("ingest", park, tower, *options, check=False)
    assert done.returncode in (3, 5)
    assert words in done.stderr.replace("\n", " ")
    assert "placing" not in (park / "park.toml").read_text(encoding="utf-8")


def test_gis_files_take_a_system_and_no_place(cli, park, tmp_path):
    source = footprints(tmp_path / "houses.geojson")
    assert "no building model" in cli("ingest", park, source, "--place", "114.4,30.48", check=False).stderr


def test_the_model_is_kept_for_a_later_placing(cli, park, tower, tmp_path):
    cli("ingest", park, tower)
    assert (park / "sources" / "tower.ifc").read_bytes() == tower.read_bytes()
    other = tmp_path / "other" / "tower.ifc"
    other.parent.mkdir()
    other.write_bytes(tower.read_bytes() + b"\n")
    cli("ingest", park, other, "--layer", "annex")
    digest = hashlib.sha256(other.read_bytes()).hexdigest()
    assert (park / "sources" / digest[:12] / "tower.ifc").read_bytes() == other.read_bytes()
