"""What marks objects and what lights them: outline, x-ray, day and night."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow

# Red, green, blue of every pixel of the stage, summed or counted by `how`.
READ = """t.renderOnce(); const c = v.canvas, gl = c.getContext('webgl2'), px = new Uint8Array(4 * c.width * c.height)
gl.readPixels(0, 0, c.width, c.height, gl.RGBA, gl.UNSIGNED_BYTE, px);"""
ACCENTED = (
    READ
    + """let n = 0; for (let i = 0; i < px.length; i += 4) if (Math.abs(px[i] - 0x4d) < 14 && Math.abs(px[i + 1] - 0xa3) < 14 && px[i + 2] > 235) n++; return n"""
)
BRIGHTNESS = (
    READ
    + "let s = 0; for (let i = 0; i < px.length; i += 4) s += px[i] + px[i + 1] + px[i + 2]; return s / px.length * 4 / 3"
)
TOWER = (
    "v.setLabels([]); await v.setCamera({position: [-40, -50, 40], target: [0, 60, 12]}, 0); await t.idle(); return 0"
)
FIND = "for (let y = 250; y < 500; y += 10) for (let x = 500; x < 800; x += 20) { const p = v.pick(x, y); if (p && p.layer === 'a1') return [x, y, p.state] } return null"


def test_what_is_chosen_has_an_outline(stage):
    stage.run(TOWER)
    _, _, state = stage.run(FIND)
    bare = stage.run(ACCENTED)
    stage.run("v.select([a]); await t.idle(); return 0", state)
    chosen = stage.run(ACCENTED)
    assert chosen > bare + 30
    stage.run("v.select([]); await t.idle(); return 0")
    assert stage.run(ACCENTED) == bare
    before, lit, after = stage.run(
        f"const look = () => {{ {BRIGHTNESS} }}, seen = [look()];"
        " for (const on of [true, false]) { v.state.highlight([a], on); seen.push(look()) } return seen",
        state,
    )  # in one go: neither the sun nor a late tile changes the light in between
    assert before == after != lit


def test_x_ray_lets_the_eye_and_the_pointer_through(stage):
    stage.run(TOWER)
    x, y, _ = stage.run(FIND)
    before = stage.run(BRIGHTNESS)
    stage.run("v.canvas.focus(); return 0")
    stage.page.keyboard.press("x")
    stage.run("await t.idle(); return 0")
    through = stage.run("return v.pick(a[0], a[1])?.layer ?? null", [x, y])
    assert through != "a1"
    assert stage.run(BRIGHTNESS) != before
    stage.page.keyboard.press("x")
    stage.run("await t.idle(); return 0")
    assert stage.run("return v.pick(a[0], a[1]).layer", [x, y]) == "a1"


def test_the_day_is_brighter_than_the_night(stage):
    stage.run(TOWER)
    night = stage.run(BRIGHTNESS)
    stage.run("v.canvas.focus(); return 0")
    stage.page.keyboard.press("k")
    stage.page.get_by_role("radiogroup", name="光照").get_by_text("白天").click()
    stage.run("await t.idle(); return 0")
    assert stage.run(BRIGHTNESS) > night + 40
    stage.page.get_by_role("radiogroup", name="光照").get_by_text("夜间").click()


def test_a_change_of_every_object_is_seen_in_the_next_frame(stage):
    stage.run("v.setLabels([]); await t.idle(); return 0")
    before, after, frames, given_back = stage.run(
        """const share = () => { const c = v.canvas, gl = c.getContext('webgl2'), all = new Uint8Array(c.width * c.height * 4)
          gl.readPixels(0, 0, c.width, c.height, gl.RGBA, gl.UNSIGNED_BYTE, all)
          let met = 0, hits = 0; for (let i = 0; i < all.length; i += 64) { met++; if (all[i] > 1.6 * all[i + 1] && all[i + 2] > 1.6 * all[i + 1]) hits++ } return hits / met }
        t.renderOnce(); const before = share(), drawn = t.statistics().frames
        const every = Uint32Array.from({ length: v.state.size }, (_, i) => i)
        v.state.color(every, 0xff00ff)
        // The stage asked for its frame first: it is drawn when this one comes.
        const after = await new Promise((done) => requestAnimationFrame(() => done(share())))
        const frames = t.statistics().frames - drawn
        v.state.color(every, null); await t.idle(); t.renderOnce()
        return [before, after, frames, share()]"""
    )
    assert frames == 1
    assert before < 0.01
    assert after > 0.15
    assert given_back < 0.01
