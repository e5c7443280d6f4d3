"""The panels of heat, flow, tracks and cameras, on the sample park's own data."""

from __future__ import annotations

import itertools
import time

import pytest

from tests.support.device import publish_all

pytestmark = pytest.mark.slow


PIXEL = """t.renderOnce(); const c = v.canvas, gl = c.getContext('webgl2'), r = c.width / c.clientWidth, out = new Uint8Array(4)
gl.readPixels(Math.floor(a[0] * r), c.height - 1 - Math.floor(a[1] * r), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, out); return [...out.slice(0, 3)]"""
LOOK = "v.setLabels([]); await v.setCamera({position: a[0], target: a[1]}, 0); await t.idle(); return 0"


def layer_box(stage, name):
    layers = stage.page.evaluate("fetch('/tiles/scene.json').then(r => r.json())")["layers"]
    return next(layer["box"] for layer in layers if layer["layer"] == name)


def readings(stage, value):
    """Topics of the tower's thermometers and what `value(x, y, z)` gives at each."""
    places = stage.api("/overlays/places")
    points = stage.api("/points")
    topics = dict(stage.served.sql("SELECT point_id, source FROM point WHERE kind = 'temperature'"))
    out = {}
    for i, point in enumerate(points["point_id"]):
        if point in topics and places["layer"][i] == "a1":
            out[topics[point].removeprefix("mqtt:")] = value(places["x"][i], places["y"][i], places["z"][i])
    return out


@pytest.fixture
def heat(stage):
    """The heat panel open; everything is put back afterwards."""
    stage.page.keyboard.press("t")
    stage.page.get_by_role("region", name="热力图", exact=True).wait_for()
    yield stage
    switch = stage.page.get_by_role("switch", name="显示热力图")
    if switch.count() == 0:
        stage.run("v.canvas.focus(); return 0")
        stage.page.keyboard.press("t")
    if switch.get_attribute("aria-checked") == "true":
        switch.click()


def test_the_mist_in_a_building_is_warm_where_it_is_measured_warm_and_is_cut(heat):
    x0, y0, z0, x1, *_ = layer_box(heat, "a1")
    middle = (x0 + x1) / 2
    publish_all(heat.served.folder, readings(heat, lambda x, _y, _z: 18.0 if x < middle else 28.0))
    heat.page.get_by_role("radiogroup", name="位置").get_by_text("立体").click()
    heat.page.get_by_text("个测点有当前值").first.wait_for()
    heat.run(LOOK, [[middle, y0 - 90, 16], [middle, y0, 14]])
    west, east = (heat.run("return v.toScreen(a)", [x, y0, 12]) for x in (x0 + 8, x1 - 8))
    cold, warm = heat.run(PIXEL, west), heat.run(PIXEL, east)
    assert cold[2] > cold[1] + 20, f"violet at the low end of the ramp, not {cold}"
    assert min(warm[0], warm[1]) > warm[2] + 60, f"yellow at the high end of the ramp, not {warm}"
    heat.run("v.setSection({top: a}); await t.idle(); return 0", z0 + 1)
    assert heat.run(PIXEL, east) != pytest.approx(warm, abs=12), "what the section takes is no mist any more"
    heat.run("v.setSection(null); return 0")
    heat.page.get_by_role("switch", name="显示热力图").click()
    heat.page.wait_for_function("async () => (await window.__parktwin.viewer.use('volume')).shown.size === 0")
    assert heat.run(PIXEL, east) != pytest.approx(warm, abs=12)


def test_a_storeys_heat_lies_on_its_floor(heat):
    x0, _, _, x1, _, _ = layer_box(heat, "a1")
    middle = (x0 + x1) / 2
    publish_all(heat.served.folder, readings(heat, lambda x, _y, _z: 28.0 if x < middle else 18.0))
    heat.page.get_by_role("radiogroup", name="位置").get_by_text("楼层").click()
    heat.page.get_by_text("先打开一个楼层").wait_for()
    heat.run("v.canvas.focus(); return 0")
    heat.page.keyboard.press("3")
    heat.page.get_by_text("个测点有当前值").wait_for()
    level = heat.run(
        "const h = await v.use('heat'); return [...h.shown.values()][0].geometry.attributes.position.getY(0)"
    )
    storey = heat.page.evaluate("new URL(location.href).searchParams.get('storey')")
    elevation = heat.served.sql(f"SELECT elevation FROM object WHERE gid = '{storey}'")[0][0]
    assert level == pytest.approx(elevation + 1.1 + 0.12, abs=0.02)
    assert heat.page.get_by_text("反距离加权").count() == 1
    heat.run("v.canvas.focus(); return 0")
    heat.page.keyboard.press("Escape")


def test_pipes_flow_in_their_colours_and_media_go(stage):
    line = next(
        row
        for row in stage.api("/overlays/lines?layer=pipes")
        if row["medium"] == "supply" and row["direction"] == "drawn" and len(row["points"]) > 3
    )
    x, y, z = line["points"][1]
    stage.run(LOOK, [[x, y - 0.5, z + 14], [x, y, z]])
    at = stage.run("return v.toScreen(a)", [x, y, z])
    bare = stage.run(PIXEL, at)
    stage.page.keyboard.press("r")
    pipes = stage.page.get_by_role("list", name="图层").get_by_role("checkbox", name="地下管线")
    pipes.check()
    water = stage.page.get_by_role("list", name="介质").get_by_role("checkbox", name="给水")
    water.wait_for()
    red, _, blue = stage.run(PIXEL, at)
    assert blue > red + 40
    assert blue > bare[2] + 40
    lines, metres = (
        stage.run("const f = await v.use('flows'); return [f.mesh.geometry.index.count / 6, 0]")[0],
        sum(len(row["points"]) - 1 for row in stage.api("/overlays/lines?layer=pipes")),
    )
    assert lines == metres, "every piece of every line is drawn"
    water.uncheck()
    stage.page.wait_for_function(
        "async (n) => (await window.__parktwin.viewer.use('flows')).mesh.geometry.index.count / 6 < n", arg=lines
    )
    assert stage.run(PIXEL, at)[2] < blue - 20
    stage.page.get_by_role("button", name="全部隐藏").click()


def test_lifts_are_played_from_their_history(stage):
    topic = stage.served.sql("SELECT source FROM point WHERE point_id = 'a1.lift-1.lift_position'")[0][0]
    topic = topic.removeprefix("mqtt:")
    for floor in (1, 9):
        publish_all(stage.served.folder, {topic: floor})
        time.sleep(1.6)
    stage.page.keyboard.press("y")
    panel = stage.page.get_by_role("region", name="轨迹回放")
    panel.get_by_role("combobox", name="来源").click()
    stage.page.get_by_title("电梯运行（历史数据）").click()
    panel.get_by_text("条轨迹").wait_for()
    first, last, name = stage.run(
        "const k = await v.use('tracks'); const one = k.tracks[0]; return [one.points[0], one.points.at(-1), one.label]"
    )
    floors = stage.served.sql(
        "SELECT elevation FROM object WHERE layer = 'a1' AND type = 'BuildingStorey' AND elevation > -1 ORDER BY elevation"
    )
    assert "1号客梯" in name
    assert first[2] == pytest.approx(floors[0][0] + 1.2, abs=0.01)
    assert last[2] == pytest.approx(floors[8][0] + 1.2, abs=0.01)
    stage.run("const k = await v.use('tracks'); k.seek(k.range[1]); await t.idle(); return 0")
    x, y = stage.run("return v.toScreen(a)", [*last[:2], last[2] + 0.3])
    assert stage.pixel(round(x), round(y)) == pytest.approx((0x4D, 0xA3, 0xFF), abs=30)
    panel.get_by_role("button", name="隐藏轨迹").click()
    assert stage.run("const k = await v.use('tracks'); await t.idle(); return k.range") is None


def test_the_made_up_patrol_says_so_and_stays_on_the_road(stage):
    stage.page.keyboard.press("y")
    panel = stage.page.get_by_role("region", name="轨迹回放")
    panel.get_by_role("combobox", name="来源").click()
    stage.page.get_by_title("巡逻车（模拟）").click()
    panel.get_by_text("模拟数据").wait_for()
    panel.get_by_text("3 条轨迹").wait_for()
    places = stage.run("const k = await v.use('tracks'); return k.tracks.map(one => one.points[20])")
    roads = [row["points"] for row in stage.api("/overlays/lines?layer=roads")]

    def away(place):
        """Metres from a place to the nearest piece of any road."""
        best = 1e9
        for points in roads:
            for a, b in itertools.pairwise(points):
                d = [b[i] - a[i] for i in range(2)]
                n = sum(v * v for v in d) or 1e-9
                s = min(1, max(0, sum((place[i] - a[i]) * d[i] for i in range(2)) / n))
                best = min(best, sum((place[i] - a[i] - s * d[i]) ** 2 for i in range(2)) ** 0.5)
        return best

    assert max(away(place) for place in places) < 0.5
    panel.get_by_role("button", name="播放轨迹").click()
    panel.get_by_role("button", name="暂停轨迹").click()
    moved = stage.run("const k = await v.use('tracks'); return k.time - k.range[0]")
    assert moved > 0
    panel.get_by_role("button", name="隐藏轨迹").click()


def test_a_cameras_view_is_what_its_properties_say_and_is_looked_through(stage):
    camera = next(row for row in stage.api("/overlays/cameras") if row["layer"] == "a1")
    properties = {
        row["name"]: row["number"]
        for one in stage.card(camera["gid"])["properties"]
        if one["set"] == "Park_Camera"
        for row in one["rows"]
    }
    assert (camera["heading"], camera["range"]) == (properties["Heading"], properties["Range"])
    stage.page.keyboard.press("c")
    panel = stage.page.get_by_role("region", name="摄像机视域")
    rows = panel.get_by_role("list", name="摄像机").get_by_role("listitem")
    ids = [row["tag"] for row in stage.api("/overlays/cameras") if row["layer"] == "a1"]
    assert rows.first.inner_text().split() == [camera["name"], ids[0]]
    assert len({rows.nth(number).inner_text() for number in range(5)}) == 5, "neighbours are told apart"
    frame, button = panel.bounding_box(), rows.first.get_by_role("button").bounding_box()
    for inner in (rows.first.locator("small").bounding_box(), button):
        assert inner["x"] + inner["width"] <= frame["x"] + frame["width"], "nothing is cut off"
    rows.first.get_by_role("checkbox").check()
    panel.get_by_text("显示 1/").wait_for()
    stage.page.wait_for_function(
        "async (id) => (await window.__parktwin.viewer.use('cones')).reach(id) !== null", arg=camera["gid"]
    )
    reach = stage.run("const c = await v.use('cones'); return c.reach(a)", camera["gid"])
    assert 0.4 < reach <= camera["range"]
    panel.get_by_role("button", name="从摄像机看").first.click()
    stage.run("await t.idle(); return 0")
    eye, target = (stage.run(f"return v.camera.{name}") for name in ("position", "target"))
    assert eye == pytest.approx([camera["x"], camera["y"], camera["z"]], abs=0.5)
    assert target[1] - eye[1] > 4, "the first camera looks north"
    # From above, with the storeys over it cut away, the floor before the camera is greener with the view than without.
    x, y, z = camera["x"], camera["y"], camera["z"]
    stage.run("v.setSection({top: a}); return 0", z + 0.2)
    stage.run(LOOK, [[x, y - 6, z + 16], [x, y + 3, z - 1]])
    at = stage.run("return v.toScreen(a)", [x, y + 3, z - 1])
    shown = stage.run(PIXEL, at)
    panel.get_by_role("button", name="全部隐藏").click()
    stage.page.wait_for_function("async () => (await window.__parktwin.viewer.use('cones')).shown.size === 0")
    bare = stage.run(PIXEL, at)
    stage.run("v.setSection(null); return 0")
    assert shown[1] - shown[0] > bare[1] - bare[0] + 8
