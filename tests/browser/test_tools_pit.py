"""Cutting the ground open by the tool: by a drag and by keys, back and forth, and in a saved view."""

from __future__ import annotations

import pytest

from tests.browser.test_tools_history import BACK, FORTH, press, until

pytestmark = pytest.mark.slow

OPEN = "const p = await v.use('pit'); return JSON.stringify(p.cut) === JSON.stringify(a)"
CUT = "return (await v.use('pit')).cut"
EARTH = """t.renderOnce(); const c = v.canvas, gl = c.getContext('webgl2'), r = c.width / c.clientWidth, out = new Uint8Array(4)
gl.readPixels(Math.floor(a[0] * r), c.height - 1 - Math.floor(a[1] * r), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, out); return [...out.slice(0, 3)]"""
AT = "return v.pick(a[0], a[1])?.layer"


@pytest.fixture
def above(stage):
    """Straight above a pipe that lies deep; returns its middle."""
    gid = stage.served.sql("SELECT gid FROM object WHERE layer = 'pipes' AND max_z < -1.5 ORDER BY gid LIMIT 1")[0][0]
    x0, y0, z0, x1, y1, z1 = stage.card(gid)["box"]
    middle = [(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2]
    stage.run(
        "await v.setCamera({position: [a[0], a[1] - 1, a[2] + 60], target: a}, 0); await t.idle(); return 0", middle
    )
    yield middle
    stage.page.keyboard.press("Escape")
    stage.run("(await v.use('pit')).set(null); await v.setTool('select'); return 0")


def test_a_drag_over_the_ground_opens_it_there_alone(stage, above):
    at, beside = (stage.run("return v.toScreen(a)", [above[0] + dx, above[1], above[2]]) for dx in (0, 14))
    assert stage.run(AT, at) != "pipes"
    before = stage.run(EARTH, at)
    press(stage, "d")
    stage.page.get_by_role("region", name="开挖").wait_for()
    stage.page.wait_for_function("() => window.__parktwin.viewer.canvas.style.cursor === 'crosshair'")
    x, y = at
    stage.page.mouse.move(x - 70, y - 70)
    stage.page.mouse.down()
    stage.page.mouse.move(x, y, steps=3)
    stage.page.mouse.move(x + 70, y + 70, steps=3)
    stage.page.mouse.up()
    until(stage, "return (await v.use('pit')).cut !== null")
    cut = stage.run(CUT)
    west, south, east, north = cut["rectangle"]
    assert west < above[0] < east
    assert south < above[1] < north
    assert east < above[0] + 14
    assert stage.run(AT, at) == "pipes", "its layer is shown as well"
    assert stage.run(EARTH, at) != before
    assert stage.run(AT, beside) != "pipes", "the ground beside it hides what it hid"

    press(stage, BACK)
    until(stage, OPEN, None)
    assert stage.run(AT, at) != "pipes"
    assert stage.run(EARTH, at) == before
    press(stage, FORTH)
    until(stage, OPEN, cut)
    assert stage.run(AT, at) == "pipes"


def test_it_is_dug_deepened_saved_and_filled_by_keys(stage, above):
    page = stage.page
    press(stage, "d")
    panel = page.get_by_role("region", name="开挖")
    panel.get_by_role("button", name="在视线中心开挖").press("Enter")
    depth = panel.get_by_role("spinbutton", name="深度")
    depth.press("ArrowUp")
    until(stage, "return (await v.use('pit')).cut?.depth === 6.5")
    width = panel.get_by_role("spinbutton", name="宽（东西）")
    width.fill("30")
    width.press("Enter")
    until(
        stage,
        "const { rectangle } = (await v.use('pit')).cut; return Math.abs(rectangle[2] - rectangle[0] - 30) < 1e-6",
    )
    cut = stage.run(CUT)
    west, south, east, north = cut["rectangle"]
    assert [(west + east) / 2, (south + north) / 2] == pytest.approx(above[:2], abs=0.01)
    assert north - south == pytest.approx(20)

    press(stage, "v")
    views = page.get_by_role("region", name="视角与漫游")
    views.get_by_role("button", name="保存当前视角").press("Enter")
    press(stage, "d")
    panel.get_by_role("button", name="回填").press("Enter")
    until(stage, OPEN, None)
    press(stage, "v")
    views.get_by_role("button", name="前往").first.press("Enter")
    until(stage, "return (await v.use('pit')).cut !== null")
    assert stage.run(CUT)["rectangle"] == pytest.approx(cut["rectangle"], abs=0.01)
    views.get_by_role("button", name="删除").first.press("Enter")


def test_its_numbers_are_named_for_screen_readers(stage, above):
    from axe_playwright_python.sync_playwright import Axe

    press(stage, "d")
    panel = stage.page.get_by_role("region", name="开挖")
    panel.get_by_role("button", name="在视线中心开挖").press("Enter")
    panel.get_by_role("spinbutton", name="深度").wait_for()
    found = Axe().run(stage.page, context="[role=toolbar]").response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in {"serious", "critical"}] == []
