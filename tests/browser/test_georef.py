"""The page of a model's place: its sources on the plan, a place dragged there, applied, and found in the park."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pyproj
import pytest

from tests.bim.ifc_files import new_model
from tests.browser.conftest import ROOT

pytestmark = pytest.mark.slow
LAYER = "placed-annex"


@pytest.fixture(scope="module")
def annex(served, signed_in, tmp_path_factory):
    """A model whose conversion and site stand 150 m apart, ingested beside the running server; gone afterwards."""
    origin = tomllib.loads((served.folder / "park.toml").read_text(encoding="utf-8"))["origin"]
    to_map = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:4547", always_xy=True)
    east, north = to_map.transform(origin["longitude"], origin["latitude"])
    m = new_model()
    m.wall(at=(0.0, 0.0, 0.0), size=(30.0, 0.3, 6.0))
    m.wall("W2", at=(0.0, 14.0, 0.0), size=(30.0, 0.3, 6.0))
    m.map_conversion(east + 40, north - 30, height=origin["height"])
    degrees, rest = divmod((origin["latitude"] + 0.0011) * 3600e6, 3600e6)
    minutes, rest = divmod(rest, 60e6)
    seconds, millionths = divmod(rest, 1e6)
    m.site.RefLatitude = (int(degrees), int(minutes), int(seconds), int(millionths))
    degrees, rest = divmod((origin["longitude"] - 0.0008) * 3600e6, 3600e6)
    minutes, rest = divmod(rest, 60e6)
    seconds, millionths = divmod(rest, 1e6)
    m.site.RefLongitude = (int(degrees), int(minutes), int(seconds), int(millionths))
    source = m.write(tmp_path_factory.mktemp("annex"), f"{LAYER}.ifc")
    command = [sys.executable, "-m", "server.cli", "ingest", str(served.folder), str(source)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    yield LAYER
    session = signed_in.request.get(f"{served.url}/api/v1/session").json()
    signed_in.request.delete(f"{served.url}/api/v1/layers/{LAYER}", headers={"X-CSRF-Token": session["csrf"]})


def test_a_model_is_dragged_to_another_place(screen, annex):
    page = screen.page
    page.goto(f"{screen.served.url}/admin/layers")
    page.get_by_role("row", name=annex).get_by_role("link", name="位置").click()
    page.wait_for_url(f"**/admin/layers/{annex}/georef")
    page.get_by_text("当前采用").wait_for()
    page.get_by_text("的落点相距", exact=False).first.wait_for()
    before = screen.api(f"/layers/{annex}/georef")
    assert before["georef"]["used"] == "map-conversion"
    apply = page.get_by_role("button", name="应用并重建")
    assert apply.is_disabled()  # nothing is changed yet

    page.get_by_test_id("candidate-site").get_by_role("radio").check()
    assert apply.is_enabled()
    page.get_by_role("button", name="调整位置").click()
    draft = page.get_by_test_id("draft")
    draft.wait_for()
    longitude = page.get_by_label("经度", exact=False)
    start = float(longitude.input_value())
    box = draft.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=5)
    page.mouse.up()
    assert float(longitude.input_value()) > start
    draft.focus()
    page.keyboard.press("[")
    rotation = page.get_by_label("自正东逆时针", exact=False)
    assert float(rotation.input_value()) == pytest.approx(1.0, abs=0.01)
    wanted = float(longitude.input_value())

    apply.click()
    page.locator(".ant-popconfirm").get_by_role("button", name="应用并重建").click()
    page.get_by_text("已按新位置发布", exact=False).first.wait_for()
    after = screen.api(f"/layers/{annex}/georef")
    assert after["georef"]["used"] == "placed"
    assert after["placing"]["longitude"] == pytest.approx(wanted, abs=1e-8)
    assert after["placing"]["rotation_deg"] == pytest.approx(1.0, abs=0.01)
    assert after["version"] != before["version"]
    page.get_by_text("用户指定了位置", exact=False).first.wait_for()  # the page shows the new report
    page.get_by_role("button", name="恢复由文件决定").wait_for()
    actions = [row["action"] for row in screen.api("/audit?action=layer.place")["items"]]
    assert actions
