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


@pytest.fixture
def roof(stage):
    """The energy station's roof slab alone: a rectangle, its sides (m), its corners' places on the screen seen from above, its box."""
    gid = stage.served.sql("SELECT gid FROM object WHERE layer = 'e1' AND predefined_type = 'ROOF'")[0][0]
    told = dict(stage.served.sql(f"SELECT name, value FROM quantity WHERE gid = '{gid}' AND origin = 'declared'"))
    half, area = told["Perimeter"] / 2, told["GrossArea"]
    long = half / 2 + (half**2 / 4 - area) ** 0.5
    card = stage.card(gid)
    x0, y0, _, x1, y1, z1 = card["box"]
    stage.run("v.state.isolate([[a, a]]); v.setLabels([]); return 0", card["state"])
    stage.run(
        "await v.setCamera({position: [(a[0] + a[2]) / 2, (a[1] + a[3]) / 2 - 1, a[4] + 60], target: [(a[0] + a[2]) / 2, (a[1] + a[3]) / 2, a[4]]}, 0); await t.idle(); return 0",
        [x0, y0, x1, y1, z1],
    )
    # The building is turned by a third of a degree: its corners lie up to 0.15 m beside the box's, some pixels.
    corners = [stage.run("return v.toScreen(a)", [x, y, z1]) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
    middle = [sum(at[i] for at in corners) / 4 for i in (0, 1)]
    inside = [[at[i] + (middle[i] - at[i]) * 0.015 for i in (0, 1)] for at in corners]
    assert {stage.run("return v.pick(a[0], a[1])?.gid", at) for at in inside} == {gid}
    yield {
        "sides": (long, half - long),
        "area": area,
        "corners": inside,
        "middle": middle,
        "top": z1,
        "thick": told["GrossVolume"] / area,
    }
    stage.run("v.state.isolate(null); return 0")


def test_corners_of_a_slab_give_its_size(stage, roof):
    """Clicked beside its corners, a slab has the sides, right angles and area that its author declares, by the tile's millimetres."""
    a, b, c, d = roof["corners"]
    measure(stage, "distance", [a, b])
    measure(stage, "distance", [b, c])
    measure(stage, "angle", [a, b, c])
    measure(stage, "area", [a, b, c, d])
    stage.page.keyboard.press("Enter")
    stage.page.wait_for_function("async () => (await window.__parktwin.viewer.use('measure')).list.length === 4")
    long, short, angle, area = stage.run(LIST)
    assert [long["value"], short["value"]] == pytest.approx(roof["sides"], abs=0.005)
    assert angle["value"] == pytest.approx(90, abs=0.02)
    assert area["value"] == pytest.approx(roof["area"], rel=2e-4)
    assert area["perimeter"] == pytest.approx(2 * sum(roof["sides"]), abs=0.02)
    # The same corner whatever it was clicked for.
    assert long["to"] == short["from"] == angle["points"][1] == area["points"][1]


def test_a_click_snaps_to_the_corner_the_edge_or_stays_on_the_face(stage, roof):
    a, b, *_ = roof["corners"]
    edge = [(a[i] * 0.6 + b[i] * 0.4) for i in (0, 1)]
    for at in (a, b, edge, roof["middle"]):
        measure(stage, "point", [at])
    first, second, between, free = (one["from"] for one in stage.run(LIST))
    assert [point[2] for point in (first, second, between, free)] == pytest.approx([roof["top"]] * 4, abs=0.005)
    along = [second[i] - first[i] for i in (0, 1)]
    length = (along[0] ** 2 + along[1] ** 2) ** 0.5
    beside = abs((between[0] - first[0]) * along[1] - (between[1] - first[1]) * along[0]) / length
    assert beside < 0.005, "on the edge, though the click was inside of it"
    assert 0.3 < sum((between[i] - first[i]) * along[i] for i in (0, 1)) / length**2 < 0.5
    seen = stage.run("return v.pick(a[0], a[1]).point", roof["middle"])
    assert free == pytest.approx(seen, abs=0.002), "no edge and no corner is near"


def test_the_height_between_two_corners_is_the_slabs_thickness(stage, roof):
    a, b, *_ = roof["corners"]
    measure(stage, "point", [a])
    measure(stage, "point", [b])
    west, east = (one["from"] for one in stage.run(LIST))
    stage.run("const m = await v.use('measure'); m.clear(); return 0")
    # From the south, a little above: the south-western corner and the one below it.
    stage.run(
        "await v.setCamera({position: [a[0] + 0.6, a[1] - 3, a[2] + 0.5], target: [a[0] + 0.6, a[1], a[2]]}, 0); await t.idle(); return 0",
        west,
    )
    top, bottom = (
        stage.run("return v.toScreen(a)", [west[0] + 0.03, west[1], west[2] + dz])
        for dz in (-0.02, 0.02 - roof["thick"])
    )
    measure(stage, "height", [top, bottom])
    (height,) = stage.run(LIST)
    assert height["value"] == pytest.approx(roof["thick"], abs=0.005)
    assert height["from"] == pytest.approx(west, abs=0.002)
    assert east[0] > west[0]


def test_kinds_give_what_their_points_say_and_undo_takes_them_back(stage):
    measure(stage, "distance", [(560, 520), (700, 540)])
    measure(stage, "angle", [(560, 520), (640, 560), (720, 520)])
    measure(stage, "area", [(560, 500), (700, 500), (700, 580), (560, 580)])
    stage.page.keyboard.press("Enter")
    stage.page.wait_for_function("async () => (await window.__parktwin.viewer.use('measure')).list.length === 3")
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
    # What stands over the floor there: the next thing that a pick straight upwards meets.
    over = stage.served.sql(
        f"SELECT min(min_z) FROM object WHERE layer = 'a1' AND min_z > {floor + 0.5} AND min_x < {clearance['from'][0]} AND max_x > {clearance['from'][0]}"
        f" AND min_y < {clearance['from'][1]} AND max_y > {clearance['from'][1]} AND ifc_class IN ('IfcSlab', 'IfcCovering', 'IfcBeam', 'IfcDuctSegment', 'IfcPipeSegment')"
    )[0][0]
    assert 1.9 < clearance["value"] <= storey["top"] - floor + 0.05
    assert clearance["to"][2] == pytest.approx(over, abs=0.02)


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
