"""Views, tours, pictures, the map, flying; and the panels for people who need help to see."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.slow


BYTES = """const bytes = new Uint8Array(await blob.arrayBuffer()); let s = ''
for (let i = 0; i < bytes.length; i += 32768) s += String.fromCharCode(...bytes.subarray(i, i + 32768)); return btoa(s)"""


def picture(text):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB"), dtype=float)


def test_a_large_picture_is_the_small_one_in_parts_without_seams(stage):
    stage.run("v.setLabels([]); await t.idle(); return 0")
    small = picture(stage.run(f"const blob = await v.screenshot(); {BYTES}"))
    big = picture(
        stage.run(
            f"const c = await v.use('capture'); const blob = await c.png({{width: 2600, finest: false}}); {BYTES}"
        )
    )
    assert big.shape[1] == 2600
    assert big.shape[0] == pytest.approx(2600 * small.shape[0] / small.shape[1], abs=1)
    shrunk = np.asarray(
        Image.fromarray(big.astype(np.uint8)).resize((small.shape[1], small.shape[0]), Image.Resampling.BOX),
        dtype=float,
    )
    difference = np.abs(shrunk - small).mean(axis=2)
    assert np.median(difference) < 3
    # Seams of the parts would stand out as whole columns or rows.
    assert difference.mean(axis=0).max() < 25
    assert difference.mean(axis=1).max() < 25
    again = picture(stage.run(f"await t.idle(); const blob = await v.screenshot(); {BYTES}"))
    # Size and view are what they were. A mark that came or a tile that was refined meanwhile changes a part of the
    # picture; another size, or the view of one part only, would change nearly all of it.
    assert again.shape == small.shape
    assert (np.abs(again - small).max(axis=2) > 8).mean() < 0.1


def test_eight_k_has_its_size(stage):
    size = stage.run(
        "const c = await v.use('capture'); const p = await c.canvas({width: 7680, finest: false}); return [p.width, p.height]"
    )
    assert size == [7680, 4320]


def test_a_link_brings_the_same_view_back(stage):
    stage.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    stage.run("v.setSection({top: 9.5, planes: [{normal: [1, 0, 0], distance: 40}]}); return 0")
    stage.page.keyboard.press("v")
    stage.page.get_by_role("button", name="复制视角链接").click()
    stage.page.get_by_text("链接已复制").first.wait_for()
    link = stage.page.evaluate("navigator.clipboard.readText()")
    assert "view=" in link
    page = stage.page.context.new_page()
    try:
        page.goto(f"{link}&debug&quality=low")
        page.wait_for_function("() => window.__parktwin?.viewer.section")
        page.evaluate("window.__parktwin.idle()")
        section, camera = page.evaluate("[window.__parktwin.viewer.section, window.__parktwin.viewer.camera]")
        assert section == {"top": 9.5, "planes": [{"normal": [1, 0, 0], "distance": 40}]}
        assert camera["position"] == pytest.approx(stage.run("return v.camera.position"), abs=0.02)
    finally:
        page.close()


def test_views_are_saved_and_played_as_a_tour(stage):
    if stage.page.get_by_role("region", name="视角与漫游").count() == 0:
        stage.page.keyboard.press("v")
    save = stage.page.get_by_role("button", name="保存当前视角")
    save.click()
    stage.run("await v.setCamera({position: [100, -100, 60], target: [80, 60, 5]}, 0); return 0")
    save.click()
    assert stage.page.get_by_label("视角名称").count() == 2
    stage.page.get_by_role("button", name="播放漫游").click()
    stage.page.wait_for_function("() => Math.abs(window.__parktwin.viewer.camera.position[0] + 150) < 1")
    stage.page.wait_for_function("() => Math.abs(window.__parktwin.viewer.camera.position[0] - 100) < 1")
    stage.page.get_by_role("button", name="暂停漫游").click()
    for _ in range(2):
        stage.page.get_by_role("button", name="删除").first.click()


def test_north_is_up_and_the_map_goes_where_it_is_clicked(stage):
    stage.page.keyboard.press("n")
    stage.page.wait_for_function(
        "() => Math.abs(window.__parktwin.viewer.camera.position[0] - window.__parktwin.viewer.camera.target[0]) < 0.01"
    )
    stage.page.keyboard.press("j")
    canvas = stage.page.get_by_role("img", name="小地图")
    canvas.wait_for()
    # The picture has arrived and shows more than one colour.
    stage.page.wait_for_function(
        "() => { const c = document.querySelector('canvas[role=img]'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; return new Set(d).size > 40 }"
    )
    box = canvas.bounding_box()
    # A pixel of the map is some four metres.
    goal = stage.run("const m = await v.use('minimap'); return m.at(0.25, 0.75)")
    canvas.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    stage.page.wait_for_function(
        "(a) => Math.hypot(window.__parktwin.viewer.camera.target[0] - a[0], window.__parktwin.viewer.camera.target[1] - a[1]) < 8",
        arg=goal,
    )
    stage.page.keyboard.press("j")


def test_flying_goes_where_one_looks_and_up(stage):
    stage.run("v.setNavigation('fly'); return 0")
    start = stage.run("return v.camera")
    stage.run("v.canvas.focus(); return 0")
    stage.page.keyboard.down("e")
    stage.page.wait_for_function("(z) => window.__parktwin.viewer.camera.position[2] > z + 2", arg=start["position"][2])
    stage.page.keyboard.up("e")
    stage.page.keyboard.down("w")
    stage.page.wait_for_function("(y) => window.__parktwin.viewer.camera.position[1] > y + 2", arg=start["position"][1])
    stage.page.keyboard.up("w")
    stage.page.keyboard.press("Escape")
    stage.page.wait_for_function("() => window.__parktwin.viewer.navigation === 'orbit'")


def test_panels_have_no_serious_findings(stage):
    from axe_playwright_python.sync_playwright import Axe

    for key in ("m", "s", "o", "d", "k", "v", "p"):
        stage.page.keyboard.press(key)
        stage.page.locator("section[aria-label] h2").last.wait_for()
        serious = [
            (key, rule["id"], [node["target"] for node in rule["nodes"]][:3])
            for rule in Axe().run(stage.page, context="[role=toolbar]").response["violations"]
            if rule["impact"] in {"serious", "critical"}
        ]
        assert serious == []
        stage.page.keyboard.press("Escape")
