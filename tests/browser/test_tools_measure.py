"""Measuring on the sample park: what is clicked is what the model says."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


LIST = "const m = await v.use('measure'); return m.list"


def measure(stage, kind, clicks):
    stage.run("const m = await v.use('measure'); await v.setTool('measure'); m.setKind(a); return 0", kind)
    for point in clicks:
        stage.page.mouse.click(*point)
        stage.run("await t.idle(); return 0")


def test_corners_of_a_slab_give_its_size(stage):
    """Two corners of the roof slab's top face, as the snap finds them near where they are seen."""
    gid = stage.served.sql(
        "SELECT gid FROM object WHERE layer = 'e1' AND predefined_type = 'ROOF' ORDER BY max_z DESC, gid LIMIT 1"
    )[0][0]
    x0, y0, _, x1, y1, z1 = stage.card(gid)["box"]
    stage.run(
        "await v.setCamera({position: [(a[0] + a[2]) / 2, (a[1] + a[3]) / 2 - 1, a[4] + 45], target: [(a[0] + a[2]) / 2, (a[1] + a[3]) / 2, a[4]]}, 0); await t.idle(); return 0",
        [x0, y0, x1, y1, z1],
    )
    middle = stage.run("return v.pick(640, 360)")
    measure(stage, "point", [(640, 360)])
    (point,) = stage.run(LIST)
    assert point["from"][2] == pytest.approx(middle["point"][2], abs=0.02)
    assert point["value"] == point["from"][2]
    card = stage.card(middle["gid"])["box"]
    assert card[2] - 0.01 <= point["value"] <= card[5] + 0.01


def test_kinds_give_what_their_points_say_and_undo_takes_them_back(stage):
    measure(stage, "distance", [(560, 520), (700, 540)])
    measure(stage, "angle", [(560, 520), (640, 560), (720, 520)])
    measure(stage, "area", [(560, 500), (700, 500), (700, 580), (560, 580)])
    stage.page.keyboard.press("Enter")
    stage.run("const m = await v.use('measure'); m.finish(); return 0")
    distance, angle, area = stage.run(LIST)
    assert distance["value"] == pytest.approx(
        sum((b - a) ** 2 for a, b in zip(distance["from"], distance["to"], strict=True)) ** 0.5
    )
    assert (angle["unit"], area["unit"]) == ("°", "m²")
    assert 90 < angle["value"] < 180
    ring = area["points"]
    plan = abs(sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(ring, ring[1:] + ring[:1], strict=True))) / 2
    assert area["planArea"] == pytest.approx(plan)
    assert area["value"] >= area["planArea"]
    panel = stage.page.get_by_role("region", name="测量")
    assert panel.count() == 0, "the panel opens with the host's own button, not with the core's tool"
    stage.run("const m = await v.use('measure'); m.undo(); m.undo(); return 0")
    assert [one["kind"] for one in stage.run(LIST)] == ["distance"]


def test_clearance_over_a_floor_is_the_storeys_clear_height(stage):
    """From the floor of the tower's second storey up to what stands over it, seen through a section."""
    layer = next(
        one
        for one in stage.page.evaluate("fetch('/tiles/scene.json').then(r => r.json())")["layers"]
        if one["layer"] == "a1"
    )
    storey = sorted(layer["storeys"], key=lambda one: one["elevation"])[1]
    x, y = (layer["box"][0] + layer["box"][3]) / 2, (layer["box"][1] + layer["box"][4]) / 2
    floor = storey["elevation"]
    stage.run(
        "v.setSection({planes: [{normal: [0, -1, 0], distance: -a[1]}]}); await v.setCamera({position: [a[0], a[1] - 25, a[2] + 2.6], target: [a[0], a[1] + 5, a[2] + 0.4]}, 0); await t.idle(); return 0",
        [x, y, floor],
    )
    found = stage.run(
        """for (let y = 300; y < 700; y += 4) for (let x = 300; x < 980; x += 20) { const p = v.pick(x, y)
        if (p && Math.abs(p.point[2] - a) < 0.25 && /Slab|Covering|Space/.test(p.class)) return [x, y, p] } return null""",
        floor,
    )
    assert found, "no floor of that storey is seen"
    measure(stage, "clearance", [found[:2]])
    (clearance,) = stage.run(LIST)
    assert clearance["dx"] == pytest.approx(0, abs=0.05)
    assert 1.9 < clearance["value"] <= storey["top"] - floor + 0.05


def test_the_panel_lists_and_removes(stage):
    stage.page.keyboard.press("m")
    panel = stage.page.get_by_role("region", name="测量")
    panel.wait_for()
    stage.page.wait_for_function("() => window.__parktwin.viewer.tool === 'measure'")
    for point in ((560, 520), (700, 540)):
        stage.page.mouse.click(*point)
    panel.get_by_role("listitem").first.wait_for()
    panel.get_by_label("删除这条测量").click()
    panel.get_by_text("还没有测量结果").wait_for()
    stage.page.keyboard.press("Escape")
    stage.page.wait_for_function("() => window.__parktwin.viewer.tool === 'select'")
