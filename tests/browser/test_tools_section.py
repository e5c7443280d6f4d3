"""Cutting planes and boxes, exploded storeys, fading, the ground that opens."""

from __future__ import annotations

from collections import Counter

import pytest

pytestmark = pytest.mark.slow


FRONT = "await v.flyTo(a, {duration: 0, from: [0.5, -1, 0.5]}); await t.idle(); return 0"
HEIGHTS = """const out = []; for (let x = 420; x < 860; x += 20) for (let y = 150; y < 560; y += 20) {
const p = v.pick(x, y); if (p && p.layer === 'a1') out.push(p.point) } return out"""


def tower(stage):
    return next(
        layer
        for layer in stage.page.evaluate("fetch('/tiles/scene.json').then(r => r.json())")["layers"]
        if layer["layer"] == "a1"
    )


def test_planes_of_any_direction_cut_picture_and_pick(stage):
    box = tower(stage)["box"]
    stage.run(FRONT, box)
    stage.run(
        "v.setSection({planes: [{normal: [1, 0, 0], distance: 0}, {normal: [0.6, 0, 0.8], distance: 20}]}); await t.idle(); return 0"
    )
    points = stage.run(HEIGHTS)
    assert len(points) > 20
    assert max(x for x, _, _ in points) <= 0.01
    assert max(0.6 * x + 0.8 * z for x, _, z in points) <= 20.01
    message = stage.run(
        "try { v.setSection({planes: Array.from({length: 7}, () => ({normal: [0, 0, 1], distance: 1}))}) } catch (e) { return e.message }"
    )
    assert "7 planes" in message


PIXELS = """t.renderOnce(); const c = v.canvas, gl = c.getContext('webgl2'), r = c.width / c.clientWidth
return a.map(([x, y]) => { const out = new Uint8Array(4)
gl.readPixels(Math.floor(x * r), c.height - 1 - Math.floor(y * r), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, out); return [...out.slice(0, 3)] })"""


def test_a_cut_body_is_filled_with_one_flat_colour(stage):
    """The sun shades faces, not the fill of a cut: between morning and noon walls keep theirs seen from above, lawns do not."""
    stage.run(FRONT, tower(stage)["box"])
    stage.run(
        "v.setLook('day'); v.setLabels([]); v.setSection({top: 13}); await v.setCamera({position: [0, 60, 60], target: [0, 64, 0]}, 0); await t.idle(); return 0"
    )
    spots = [[x, y] for x in range(440, 840, 10) for y in range(200, 520, 24)]
    kinds = [p and (p["class"], p["layer"]) for p in stage.run("return a.map(([x, y]) => v.pick(x, y))", spots)]
    shades = []
    for hour in ("2026-06-21T00:00:00Z", "2026-06-21T05:00:00Z"):
        stage.run("v.setSun(new Date(a)); return 0", hour)
        shades.append(stage.run(PIXELS, spots))
    stage.run("v.setLook('night'); return 0")
    same = [a == b for a, b in zip(*shades, strict=True)]
    walls = [still for kind, still in zip(kinds, same, strict=True) if kind and "Wall" in kind[0]]
    ground = [
        still
        for kind, still in zip(kinds, same, strict=True)
        if kind and kind[1] in {"green", "terrain", "paths", "roads", "plot"}
    ]
    slabs = [still for kind, still in zip(kinds, same, strict=True) if kind and kind[0].endswith("Slab")]
    assert sum(walls) > 5
    assert not any(ground + slabs) or sum(ground + slabs) < 0.1 * len(ground + slabs)


def test_a_handle_pushes_its_plane(stage):
    box = tower(stage)["box"]
    stage.run(FRONT, box)
    stage.run(
        "const s = await v.use('section'); s.setHandles(true); s.addPlane('z', a); await t.idle(); return 0",
        [0, 64, 30],
    )
    before = stage.run("return v.section.planes[0].distance")
    camera = stage.run("return v.camera")
    assert before == pytest.approx(30)
    # The handle stands in the middle of the plane's part that lies in the park.
    x, y = stage.run("""const s = await v.use('section'); const h = s.handles()[0]; return v.toScreen(h.anchor)""")
    stage.page.mouse.move(x, y)
    stage.page.mouse.down()
    stage.page.mouse.move(x, y + 40, steps=5)
    stage.page.mouse.up()
    after = stage.run("const s = await v.use('section'); s.setHandles(false); return v.section.planes[0].distance")
    assert after < before - 1
    assert stage.run("return v.camera") == camera
    stage.run("const s = await v.use('section'); s.flip(0); return 0")
    assert stage.run("return v.section.planes[0]") == {"normal": [0, 0, -1], "distance": pytest.approx(-after)}


def test_exploded_storeys_are_drawn_and_picked_where_they_are_lifted_to(stage):
    layer = tower(stage)
    storey = sorted(layer["storeys"], key=lambda one: one["elevation"])[-2]
    ranges = stage.api(f"/states?layer=a1&storey={storey['gid']}")["ranges"]
    stage.run(
        "await v.flyTo(a, {duration: 0, from: [0.2, -1, 0.2]}); v.state.isolate(null); await t.idle(); return 0",
        layer["box"],
    )
    x, y, pick = stage.run(
        """for (let y = 150; y < 600; y += 6) for (let x = 560; x < 740; x += 12) { const p = v.pick(x, y)
        if (p && a.some(([f, l]) => p.state >= f && p.state <= l)) return [x, y, p] } return null""",
        ranges,
    )
    stage.run("v.state.level(a, 2); v.setExplode(15); await t.idle(); return 0", ranges)
    assert stage.run("return v.pick(a[0], a[1])?.state", [x, y]) != pick["state"]
    px, py, pz = pick["point"]
    there = stage.run("return v.toScreen(a)", [px, py, pz + 30])
    assert there[1] < y
    lifted = stage.run("return v.pickAll(a[0], a[1])", there)
    assert pick["state"] in {one["state"] for one in lifted}
    before = stage.run("const p = v.pick(a[0], a[1]); return p && p.state", there)
    assert any(first <= before <= last for first, last in ranges)


def test_the_fill_of_a_cut_is_hatched(stage):
    """Two shades of one colour stand in the fill of walls."""
    stage.run(
        "v.setLabels([]); v.setSection({top: 13}); await v.setCamera({position: [0, 62, 30], target: [0, 64, 0]}, 0); await t.idle(); return 0"
    )
    spots = [[x, y] for x in range(440, 840, 4) for y in range(200, 520, 6)]
    walls = [one and "Wall" in one["class"] for one in stage.run("return a.map(([x, y]) => v.pick(x, y))", spots)]
    shades = Counter(tuple(pixel) for pixel, wall in zip(stage.run(PIXELS, spots), walls, strict=True) if wall)
    common = [shade for shade, count in shades.most_common(12) if count >= 3]
    # A line of the hatch has half the light of its fill: in sRGB each channel's (value + 14) is 0.749 of the fill's.
    pairs = [
        (fill, line)
        for fill in common
        for line in common
        if all(abs((b + 14) / (a + 14) - 0.749) < 0.03 for a, b in zip(fill, line, strict=True))
    ]
    assert pairs, shades.most_common(12)


def test_the_shortcut_explodes_all_buildings(stage):
    stage.page.keyboard.press("o")
    slider = stage.page.get_by_role("slider", name="层间距")
    slider.focus()
    for _ in range(4):
        slider.press("ArrowRight")
    stage.page.wait_for_function("() => window.__parktwin.viewer.state.levelled")
    stage.page.get_by_text("2.0 m").first.wait_for()


def test_faded_objects_let_others_through(stage):
    box = tower(stage)["box"]
    stage.run(FRONT, box)
    base = stage.run("return v.pick(640, 330)")
    layer = tower(stage)
    stage.run(
        "v.state.opacity([[a[0], a[1]]], 0.3); await t.idle(); return 0",
        [layer["base"], layer["base"] + layer["count"] - 1],
    )
    assert base["layer"] == "a1"
    through = stage.run("return v.pick(640, 330)")
    assert through is None or through["layer"] != "a1"
    assert stage.run("return v.pick(640, 330, {ghosts: true}).layer") == "a1"


def test_the_ground_opens(stage):
    """A pipe under the plot is met once the ground thins out or is cut open, and not before."""
    pipes = next(
        one
        for one in stage.page.evaluate("fetch('/tiles/scene.json').then(r => r.json())")["layers"]
        if one["layer"] == "pipes"
    )
    stage.run("v.setLayerVisible('pipes', true); return 0")
    gid = stage.served.sql("SELECT gid FROM object WHERE layer = 'pipes' AND max_z < -1.5 ORDER BY gid LIMIT 1")[0][0]
    x0, y0, z0, x1, y1, z1 = stage.card(gid)["box"]
    middle = [(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2]
    stage.run(
        "await v.setCamera({position: [a[0], a[1] - 1, a[2] + 60], target: a}, 0); await t.idle(); return 0", middle
    )
    at = stage.run("return v.toScreen(a)", middle)
    assert stage.run("return v.pick(a[0], a[1])?.layer", at) != "pipes"
    stage.run("v.setGround({opacity: 0.2}); await t.idle(); return 0")
    assert stage.run("return v.pick(a[0], a[1])?.layer", at) == pipes["layer"]
    stage.run(
        "const p = await v.use('pit'); p.set([a[0] - 15, a[1] - 15, a[0] + 15, a[1] + 15], 4); await t.idle(); return 0",
        middle,
    )
    assert stage.run("return v.pick(a[0], a[1])?.layer", at) == pipes["layer"]
    stage.run("const p = await v.use('pit'); p.set(null); v.setLayerVisible('pipes', false); return 0")
    assert stage.run("return v.pick(a[0], a[1])?.layer", at) != "pipes"
