"""Bad input gets one clear sentence, an exit code, and leaves the park as it was."""

from __future__ import annotations

import pytest

from tests.cli.conftest import snapshot
from tests.support.files import elevation, footprints


def truncated_ifc(folder):
    path = folder / "cut.ifc"
    path.write_text(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n#1=IFCPROJ"
    )
    return [path], "cut.ifc"


def text_named_ifc(folder):
    path = folder / "notes.ifc"
    path.write_text("dear colleague, here is the model")
    return [path], "notes.ifc"


def empty_geojson(folder):
    path = folder / "empty.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    return [path], "empty.geojson"


def raster_without_crs(folder):
    return [elevation(folder / "nocrs.tif", crs=None)], "--crs"


def far_away(folder):
    return [footprints(folder / "beijing.geojson", lon=116.4, lat=39.9)], "km from the park"


def wrong_crs(folder):
    return [elevation(folder / "ground.tif"), "--crs", "EPSG:4549"], "--crs"


def unknown_crs(folder):
    return [footprints(folder / "h.geojson"), "--crs", "EPSG:999999"], "EPSG:999999"


def missing(folder):
    return [folder / "nothing.ifc"], "does not exist"


def unknown_format(folder):
    path = folder / "image.xyz"
    path.write_bytes(b"\x89PNG\r\n")
    return [path], "expected IFC"


CASES = [
    truncated_ifc,
    text_named_ifc,
    empty_geojson,
    raster_without_crs,
    far_away,
    wrong_crs,
    unknown_crs,
    missing,
    unknown_format,
]


@pytest.fixture(scope="module")
def settled(cli, tmp_path_factory):
    """A park with one layer that nothing below may change."""
    folder = tmp_path_factory.mktemp("settled") / "park"
    cli("new", folder, "--origin", "114.4,30.48,22", "--crs", "EPSG:4547")
    cli("ingest", folder, footprints(folder.parent / "houses.geojson"))
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_bad_input_is_named_and_changes_nothing(cli, settled, tmp_path, case):
    arguments, words = case(tmp_path)
    before = snapshot(cli, settled)
    done = cli("ingest", settled, *arguments, check=False)
    assert done.returncode in {3, 4}, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert snapshot(cli, settled) == before
    assert not list((settled / "layers").glob("*/.staging-*"))


def test_a_folder_that_is_no_park(cli, tmp_path):
    done = cli("layers", tmp_path, check=False)
    assert done.returncode == 4
    assert "parktwin new" in done.stderr


def test_a_broken_park_file(cli, park):
    (park / "park.toml").write_text("[park\nname=")
    done = cli("layers", park, check=False)
    assert (done.returncode, "park.toml" in done.stderr) == (3, True)


def test_a_park_is_not_made_twice(cli, park):
    assert cli("new", park, check=False).returncode == 5


def test_limits_stop_a_worker(cli, park, tmp_path):
    done = cli("ingest", park, footprints(tmp_path / "h.geojson"), "--memory-limit", "0.001", check=False)
    assert done.returncode == 7
    assert "0.001 GB" in done.stderr


def test_sql_reads_only(cli, park):
    assert cli("sql", park, "DROP TABLE object", check=False).returncode == 3


def test_json_errors_are_json(cli, park):
    import json

    done = cli("ingest", park, "/nowhere.ifc", "--json", check=False)
    assert json.loads(done.stdout)["error"]["code"] == "no-file"
