"""Baked edge lines: drawn along an object's edges and nowhere else, gone with the object and while the picture must be cheap."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.slow

VIEW = "v.setLabels([]); v.setLook('day'); await v.setCamera({position: [-150, -70, 22], target: [-122, -28, 5]}, 0); await t.idle(); return 0"
# Middles of up to thirty lines of the restaurant whose own object is picked there, as [x, y, state]; one an object.
EDGES = """const found = {}, tried = {}, at = v.stage.box.min.clone(), to = at.clone()
for (const c of v.layers.layers.get('c1').contents.values()) for (const l of c.lines) {
  const p = l.geometry.attributes.position, s = l.geometry.attributes.stateIndex, index = l.geometry.index
  const count = index ? index.count : p.count, vertex = (i) => index ? index.getX(i) : i
  for (let i = 0; i < count; i += 2) {
    const state = s.getX(vertex(i)); if (state < 0 || tried[state] > 3 || Object.keys(found).length === 30) continue
    at.fromBufferAttribute(p, vertex(i)); to.fromBufferAttribute(p, vertex(i + 1))
    if (at.distanceTo(to) < 1.5) continue
    at.add(to).multiplyScalar(0.5).applyMatrix4(l.matrixWorld)
    const on = v.toScreen([at.x, -at.z, at.y]); if (!on) continue
    const [x, y] = on; if (x < 4 || y < 60 || x > v.canvas.clientWidth - 4 || y > v.canvas.clientHeight - 60) continue
    tried[state] = (tried[state] ?? 0) + 1; const near = v.pick(x, y); if (!near || near.state !== state) continue
    const eye = v.camera.position; if (Math.abs(near.distance - Math.hypot(eye[0] - at.x, eye[1] + at.z, eye[2] - at.y)) > 0.3) continue
    tried[state] = 9; found[state] = [x, y, state]
  } }
return Object.values(found)"""
# The darkest of 3 x 3 pixels around each place: a line is a pixel wide.
DARK = """t.renderOnce(); const c = v.canvas, gl = c.getContext('webgl2'), px = new Uint8Array(36), r = c.width / c.clientWidth
return a.map(([x, y]) => { gl.readPixels(Math.floor(x * r) - 1, c.height - 2 - Math.floor(y * r), 3, 3, gl.RGBA, gl.UNSIGNED_BYTE, px)
  let least = 765; for (let i = 0; i < 36; i += 4) least = Math.min(least, px[i] + px[i + 1] + px[i + 2]); return least })"""
THRIFT = "v.painter.setThrift(a); return 0"


def darkest(stage, places):
    return np.array(stage.run(DARK, places))


def test_lines_are_drawn_along_edges_and_go_with_their_object(stage):
    stage.run(VIEW)
    places = stage.run(EDGES)
    assert len(places) >= 12
    drawn = darkest(stage, places)
    stage.run(THRIFT, True)
    bare = darkest(stage, places)
    clear = bare - drawn
    # Where the face is dark itself, or other lines lie, a line stands out little.
    assert (clear > 12).mean() > 0.7
    # Hidden objects leave no lines behind: with lines and without, the picture is the same where theirs were.
    stage.run("v.state.visible(a.map((s) => [s, s]), false); await t.idle(); return 0", [place[2] for place in places])
    without = darkest(stage, places)
    stage.run(THRIFT, False)
    left = without - darkest(stage, places)
    assert np.median(np.abs(left)) == 0
    assert (left > 12).mean() < 0.5 * (clear > 12).mean()
    stage.run("v.state.showAll(); await t.idle(); return 0")
    assert np.array_equal(darkest(stage, places), drawn)


def test_a_face_between_its_edges_is_left_as_it_is(stage):
    stage.run(
        "v.setLabels([]); v.setLook('day'); await v.setCamera({position: [-110, -85, 60], target: [-110, -84, 12]}, 0); await t.idle(); return 0"
    )
    # Places of one roof with nothing else within two metres.
    places = stage.run(
        """const found = []; for (let y = 100; y < 620; y += 20) for (let x = 200; x < 1080; x += 20) { const p = v.pick(x, y); if (!p || p.layer !== 'x1') continue
        if ([[40, 0], [-40, 0], [0, 40], [0, -40], [20, 20], [-20, -20]].every(([i, j]) => v.pick(x + i, y + j)?.state === p.state)) found.push([x, y]) } return found"""
    )
    assert len(places) > 10
    drawn = darkest(stage, places)
    stage.run(THRIFT, True)
    bare = darkest(stage, places)
    stage.run(THRIFT, False)
    assert (drawn == bare).mean() > 0.9


def test_lines_fade_away_with_the_distance(stage):
    shown = "return [...v.layers.layers.values()].some((l) => l.layer.layer === 'c1' && [...l.contents.values()].some((c) => c.lines.some((one) => one.visible)))"
    stage.run(VIEW)
    assert stage.run(f"t.renderOnce(); {shown}")
    stage.run("await v.setCamera({position: [0, -900, 500], target: [0, 0, 0]}, 0); await t.idle(); return 0")
    assert not stage.run(f"t.renderOnce(); {shown}")
