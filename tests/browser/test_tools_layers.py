"""Fields, lines, tracks, camera views and weather on the sample park."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


PIXEL = """t.renderOnce(); const c = v.canvas, gl = c.getContext('webgl2'), r = c.width / c.clientWidth, out = new Uint8Array(4)
gl.readPixels(Math.floor(a[0] * r), c.height - 1 - Math.floor(a[1] * r), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, out); return [...out.slice(0, 3)]"""
GRID = """t.renderOnce(); const c = v.canvas, gl = c.getContext('webgl2'), all = new Uint8Array(c.width * c.height * 4), out = []
gl.readPixels(0, 0, c.width, c.height, gl.RGBA, gl.UNSIGNED_BYTE, all)
for (let y = 8; y < c.height; y += 16) for (let x = 8; x < c.width; x += 16) { const i = (y * c.width + x) * 4; out.push(all[i] + all[i + 1] + all[i + 2]) } return out"""
ABOVE = (
    "await v.setCamera({position: [0, -21, 120], target: [0, -20, 0]}, 0); v.setLabels([]); await t.idle(); return 0"
)


def test_a_field_has_the_colours_of_its_ramp(stage):
    stage.run(ABOVE)
    stage.run(
        """const h = await v.use('heat'); const values = new Float32Array(64); for (let i = 0; i < 64; i++) values[i] = i % 8 < 4 ? 0 : 10
        h.set({id: 'f', grid: {extent: [-40, -60, 40, 20], columns: 8, rows: 8, values}, at: 30, low: 0, high: 10, ramp: [0x440154, 0xfde725], opacity: 1}); return 0"""
    )
    west, east = (stage.run("return v.toScreen(a)", [x, -20, 30.12]) for x in (-25, 25))
    assert stage.run(PIXEL, west) == pytest.approx([0x44, 0x01, 0x54], abs=2)
    assert stage.run(PIXEL, east) == pytest.approx([0xFD, 0xE7, 0x25], abs=2)
    message = stage.run(
        "const h = await v.use('heat'); try { h.set({id: 'g', grid: {extent: [0, 0, 1, 1], columns: 2, rows: 2, values: [1]}, at: 0, low: 0, high: 1, ramp: [0, 1]}) } catch (e) { return e.message }"
    )
    assert "expected 4" in message
    stage.run("const h = await v.use('heat'); h.clear(); return 0")
    assert stage.run(PIXEL, west) != pytest.approx([0x44, 0x01, 0x54], abs=2)


def test_a_draped_field_lies_on_the_ground(stage):
    stage.run(ABOVE)
    stage.run(
        """const h = await v.use('heat'); h.set({id: 'f', grid: {extent: [-40, -60, 40, 20], columns: 1, rows: 1, values: [1]}, at: 'ground', low: 0, high: 1, ramp: [0, 0xff00ff], opacity: 1}); return 0"""
    )
    shown = [stage.run(PIXEL, [x, 360]) for x in range(500, 780, 40)]
    assert sum(r > 240 and g < 15 and b > 240 for r, g, b in shown) >= 4
    stage.run("const h = await v.use('heat'); h.clear(); return 0")


def test_lines_are_drawn_where_they_run_and_end(stage):
    stage.run(ABOVE)
    stage.run(
        "const f = await v.use('flows'); f.set([{points: [[-30, -20, 20], [30, -20, 20]], color: 0xff0000, width: 8, speed: 0}]); return 0"
    )
    on = stage.run("return v.toScreen(a)", [5, -20, 20])
    r, g, b = stage.run(PIXEL, on)
    assert r > 150 > max(g, b)
    stage.run("const f = await v.use('flows'); f.set([]); return 0")
    assert stage.run(PIXEL, on) != [r, g, b]


def test_tracks_are_where_the_time_says(stage):
    stage.run(ABOVE)
    stage.run(
        """const k = await v.use('tracks'); window.heard = []; window.off = v.on('playback', (e) => window.heard.push(e))
        k.set([{id: 'van', color: 0xff00ff, times: [1000, 11000], points: [[-40, -20, 5], [40, -20, 5]]}]); k.seek(6000); await t.idle(); return 0"""
    )
    assert stage.page.evaluate("window.heard.at(-1)") == {"time": 6000, "playing": False}
    x, y = stage.run("return v.toScreen(a)", [0, -20, 5.3])
    assert stage.pixel(round(x), round(y)) == pytest.approx((255, 0, 255), abs=30)
    stage.run("const k = await v.use('tracks'); k.play(100); return 0")
    stage.page.wait_for_function("() => window.heard.at(-1).time === 11000 && !window.heard.at(-1).playing")
    stage.run("const k = await v.use('tracks'); k.set([]); return 0")


def test_a_camera_sees_as_far_as_the_wall(stage):
    box = next(
        layer["box"]
        for layer in stage.page.evaluate("fetch('/tiles/scene.json').then(r => r.json())")["layers"]
        if layer["layer"] == "x1"
    )
    x, y = (box[0] + box[3]) / 2, box[1] - 20
    reach, free = stage.run(
        """const c = await v.use('cones'); const one = {position: [a[0], a[1], 4], pitch: 0, width: 60, height: 40, range: 60, color: 0x37c98b}
        c.set([{...one, id: 'in', heading: 0}, {...one, id: 'out', heading: 180, pitch: 20}]); const out = [c.reach('in'), c.reach('out')]; c.clear(); return out""",
        [x, y],
    )
    assert 19 < reach < 59, "the building stands some 20 m before the camera, glass in front"
    assert free == 60


def test_weather_takes_the_far_and_gives_it_back(stage):
    stage.run("v.setLabels([]); await t.idle(); return 0")
    far, near = (640, 120), (640, 600)
    before = [stage.run(PIXEL, at) for at in (far, near)]
    stage.run("const w = await v.use('weather'); w.set('fog'); await t.idle(); return 0")
    foggy = [stage.run(PIXEL, at) for at in (far, near)]
    assert foggy[0] != before[0]
    # Every weather is seen, each in its own way.
    stage.run("const w = await v.use('weather'); w.set('clear'); await t.idle(); return 0")
    clear = stage.run(GRID)
    pictures = set()
    for kind in ("cloudy", "haze", "rain", "snow"):
        stage.run("const w = await v.use('weather'); w.set(a); return 0", kind)
        now = stage.run(GRID)
        assert sum(one != other for one, other in zip(clear, now, strict=True)) > 20, kind
        pictures.add(tuple(now))
    assert len(pictures) == 4
    stage.run("const w = await v.use('weather'); w.set('clear'); await t.idle(); return 0")
    assert [stage.run(PIXEL, at) for at in (far, near)] == before
    assert "expected one of" in stage.run(
        "const w = await v.use('weather'); try { w.set('hail') } catch (e) { return e.message }"
    )


def test_rest_stays_rest_with_every_tool_loaded(stage):
    before = stage.run(
        "for (const p of ['measure', 'region', 'section', 'heat', 'flows', 'tracks', 'cones', 'weather', 'minimap', 'capture']) await v.use(p); await t.idle(); return t.statistics().frames"
    )
    stage.run(
        "await new Promise(r => { let n = 0; const f = () => ++n < 20 ? requestAnimationFrame(f) : r(); f() }); return 0"
    )
    assert stage.run("return t.statistics().frames") <= before + 1
