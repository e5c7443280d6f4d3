"""What marks objects and what lights them: outline, x-ray, day and night, occlusion; and touch."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

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
    stage.run("v.select([]); v.state.highlight([a], true); await t.idle(); return 0", state)
    assert stage.run(ACCENTED) != bare
    stage.run("v.state.highlight([a], false); await t.idle(); return 0", state)
    assert stage.run(ACCENTED) == bare


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


def test_corners_are_darker_with_occlusion(screen):
    """Against the same picture with an open sky everywhere: some places are darker, none is brighter."""
    screen.page.set_viewport_size({"width": 640, "height": 420})
    screen.open("/planning?quality=high")
    darker, brighter, all_ = screen.run(
        """v.setPanes(null); await v.setCamera({position: [-40, -50, 40], target: [0, 60, 12]}, 0); await t.idle()
        const read = () => { t.renderOnce(); const c = v.canvas, gl = c.getContext('webgl2'), px = new Uint8Array(4 * c.width * c.height)
          gl.readPixels(0, 0, c.width, c.height, gl.RGBA, gl.UNSIGNED_BYTE, px); return px }
        const with_ = read(), o = v.painter.occlusion
        // Distances of obscurance too small to find anything.
        const radius = o.occlude.uniforms.uRadius.value; o.occlude.uniforms.uRadius.value = 1e-6
        const without = read(); o.occlude.uniforms.uRadius.value = radius
        let darker = 0, brighter = 0; for (let i = 0; i < with_.length; i += 4) { const d = with_[i] - without[i]; if (d < -6) darker++; else if (d > 6) brighter++ }
        return [darker, brighter, with_.length / 4]"""
    )
    assert darker > 0.01 * all_
    assert brighter < 0.02 * darker


def test_a_finger_at_the_left_is_a_stick(stage):
    stage.run("v.setNavigation('fly'); await t.idle(); return 0")
    start = stage.run("return v.camera.position")
    box = stage.run("const r = v.canvas.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]")
    touch = """const e = (type, x, y) => v.canvas.dispatchEvent(new PointerEvent(type, {pointerId: 7, pointerType: 'touch', isPrimary: true, bubbles: true, cancelable: true, button: 0, buttons: 1, clientX: x, clientY: y}))
    const set = v.canvas.setPointerCapture; v.canvas.setPointerCapture = () => {}
    e('pointerdown', a[0], a[1]); e('pointermove', a[0], a[1] - 70)
    await new Promise((r) => setTimeout(r, 700)); e('pointerup', a[0], a[1] - 70); v.canvas.setPointerCapture = set; return v.camera.position"""
    end = stage.run(touch, [box[0] + 0.12 * box[2], box[1] + 0.7 * box[3]])
    assert sum((a - b) ** 2 for a, b in zip(start, end, strict=True)) > 1
