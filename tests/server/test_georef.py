"""A layer's georeference over HTTP: shown with the park's plan, and changed by a job."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyproj
import pytest

from scenes.build import ingest, publish_version
from scenes.build.sources import keep_source
from server import placing as placing_module
from server.jobs import JobState
from server.models.georef import GeorefShape, OutlineShape
from tests.bim.ifc_files import new_model
from tests.server.conftest import API, Served, begin
from tests.support.layers import make_version
from twin.errors import Conflict
from twin.geometry.frame import Frame
from twin.graph import GraphStore
from twin.graph.layerfile import version_folder
from twin.park import Park
from twin.park_settings import placing_of
from twin.placing import Placing

LON, LAT = 114.4, 30.48
EAST, NORTH = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:4547", always_xy=True).transform(LON, LAT)
URL = f"{API}/layers/tower/georef"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A park with a tower built from a real file, its source kept, and a neighbour."""
    folder = tmp_path_factory.mktemp("georef") / "park"
    park = Park.create(folder, name="园区", frame=Frame(LON, LAT, 22.0, "EPSG:4547"))
    m = new_model()
    m.wall(at=(10.0, 0.0, 0.0))
    m.wall("W2", at=(30.0, 12.0, 0.0))
    m.map_conversion(EAST, NORTH, height=22.0)
    m.site.RefLatitude, m.site.RefLongitude = (30, 28, 57, 740000), (114, 24, 0)
    source = m.write(folder.parent, "tower.ifc")
    made = ingest(park, source, layer="tower", title="主楼").version
    keep_source(park, source, made.sha256)
    graph = GraphStore(park)
    publish_version(graph, "tower", made.version, title="主楼", group="building")
    make_version(park, "annex", "v1", offset=60.0)
    graph.publish("annex", "v1", group="neighbour")
    graph.close()
    return folder


@pytest.fixture
def server(built: Path, tmp_path: Path) -> Iterator[Served]:
    shutil.copytree(built, tmp_path / "park")
    running = begin(tmp_path / "park")
    yield running
    running.close()


def park_of(server: Served) -> Park:
    return Park.load(server.services.graph.park.folder)


def place(server: Served, client: Any, **body: Any) -> Any:
    answer = client.post(URL, json=body)
    assert answer.status_code == 202, answer.text
    return server.services.jobs.wait(answer.json()["job"], 120)


def test_the_report_comes_with_the_plan(server: Served) -> None:
    answer = server.user("viewer").get(URL)
    GeorefShape.model_validate_json(answer.content)
    body = answer.json()
    assert body["origin"] == {"longitude": LON, "latitude": LAT, "height": 22.0, "crs": "EPSG:4547"}
    assert (body["kept"], body["placing"], body["job"]) == (True, {}, None)
    rows = {row["id"]: row for row in body["georef"]["candidates"]}
    assert rows["map-conversion"]["used"]
    assert rows["site"]["landing"]["distance_m"] == pytest.approx(300, abs=30)
    assert [row["code"] for row in body["georef"]["contradictions"]].count("ifc-georef-contradiction") == 1
    layers = {row["layer"]: row for row in body["plan"]}
    assert set(layers) == {"tower", "annex"}
    x0, y0, x1, y1 = layers["tower"]["boxes"][0]
    assert (x1 - x0, y1 - y0) == pytest.approx((5.0, 0.2), abs=0.05)


def test_what_layers_cover_is_drawn_on_the_plan(server: Served) -> None:
    client = server.user("viewer")
    answer = client.get(f"{API}/layers/tower/outline")
    OutlineShape.model_validate_json(answer.content)
    body = answer.json()
    assert body["version"] == client.get(URL).json()["version"]
    (shape,) = body["shapes"]
    assert len(shape["rings"]) == 2  # two walls, far apart
    assert client.get(f"{API}/layers/none/outline").status_code == 404
    broken = client.get(f"{API}/layers/annex/outline")  # a version without a tile
    assert (broken.status_code, broken.json()["code"]) == (422, "tiles-broken")
    assert client.get(f"{API}/layers/submission-x/outline").status_code == 403


def test_a_new_place_is_built_published_remembered_and_audited(server: Served) -> None:
    client = server.sign_in()
    revision = server.services.graph.revision()
    done = place(server, client, place={"longitude": 114.401, "latitude": 30.481, "height": 25.0, "rotation_deg": 90.0})
    assert done.state is JobState.DONE, done.error
    body = client.get(URL).json()
    assert body["georef"]["used"] == "placed"
    assert body["version"] == done.result["version"]
    assert body["title"] == "主楼"
    assert body["placing"] == {"longitude": 114.401, "latitude": 30.481, "height": 25.0, "rotation_deg": 90.0}
    assert placing_of(park_of(server), "tower") == Placing.from_dict(body["placing"])
    assert server.services.graph.revision() > revision
    wall = server.services.graph.search(layer="tower", type="Wall")["items"][0]["box"]
    want = Frame(LON, LAT, 22.0).from_lonlat([[114.401, 30.481, 25.0]])[0]
    assert wall[0] == pytest.approx(want[0], abs=20)  # turned: the wall that ran east runs north of the place
    assert wall[4] - wall[1] == pytest.approx(5.0, abs=0.01)
    row = client.get(f"{API}/audit", params={"action": "layer.place"}).json()["items"][0]
    assert (row["user"], row["target"]) == ("admin", "tower")
    assert row["detail"]["longitude"] == 114.401


def test_the_file_decides_again(server: Served) -> None:
    client = server.sign_in()
    assert place(server, client, use="site").result["used"] == "site"
    assert client.get(URL).json()["placing"] == {"use": "site"}
    assert place(server, client).result["used"] == "map-conversion"
    assert client.get(URL).json()["placing"] == {}


def test_a_place_that_cannot_be_changes_nothing(server: Served) -> None:
    client = server.sign_in()
    before = client.get(URL).json()
    failed = place(server, client, place={"longitude": 113.0, "latitude": 23.0})
    assert failed.state is JobState.FAILED
    assert failed.error["code"] == "far-away"
    after = client.get(URL).json()
    assert (after["version"], after["placing"]) == (before["version"], {})


def test_a_publish_that_fails_forgets_the_place(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Conflict("not now")

    monkeypatch.setattr(server.services.publisher, "publish", refuse)
    assert place(server, server.sign_in(), use="site").state is JobState.FAILED
    assert placing_of(park_of(server), "tower") == Placing()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"use": "site", "place": {"longitude": 114.4, "latitude": 30.48}}, 409, "placing"),
        ({"use": "nowhere"}, 422, "placing"),
        ({"crs": "EPSG:1"}, 422, "crs"),
        ({"place": {"longitude": 30.48, "latitude": 114.4}}, 422, None),
        ({"places": []}, 422, None),
    ],
)
def test_bodies_that_make_no_sense_are_refused(server: Served, body: dict, status: int, code: str | None) -> None:
    answer = server.sign_in().post(URL, json=body)
    assert answer.status_code == status, answer.text
    if code:
        assert answer.json()["code"] == code


def test_only_publishers_may_place(server: Served) -> None:
    assert server.user("viewer").post(URL, json={"use": "site"}).status_code == 403
    assert server.client.get(URL).status_code == 401


def test_layers_that_cannot_be_placed_say_why(server: Served) -> None:
    client = server.sign_in()
    assert client.get(f"{API}/layers/none/georef").status_code == 404
    missing = client.post(f"{API}/layers/annex/georef", json={"use": "local"})
    assert (missing.status_code, missing.json()["code"]) == (404, "no-source")
    assert client.get(f"{API}/layers/annex/georef").json()["kept"] is False
    park = park_of(server)
    (park.folder / "sources" / "tower.ifc").write_bytes(b"another file")
    changed = client.post(URL, json={"use": "local"})
    assert (changed.status_code, changed.json()["code"]) == (409, "source-differs")


def test_one_placing_of_a_layer_at_a_time(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    hold, began = threading.Event(), threading.Event()

    def wait(*_: object, **__: object) -> None:
        began.set()
        hold.wait(30)
        raise Conflict("held")

    monkeypatch.setattr(placing_module, "ingest", wait)
    client = server.sign_in()
    first = client.post(URL, json={"use": "site"})
    assert began.wait(30)
    assert client.get(URL).json()["job"] == first.json()["job"]
    second = client.post(URL, json={"use": "local"})
    assert (second.status_code, second.json()["code"]) == (409, "placing-running")
    hold.set()
    server.services.jobs.wait(first.json()["job"], 30)
    assert version_folder(park_of(server), "tower", client.get(URL).json()["version"]).is_dir()
