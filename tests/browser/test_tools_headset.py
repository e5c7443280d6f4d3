"""The park in a headset: a device of our own making stands in for one, with sessions, spaces, eyes and a hand."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow

# Two eyes side by side on the canvas, 1 m apart, looking north from 1.6 m; one right hand whose ray the test aims.
DEVICE = """
const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
const at = (x, y, z) => { const m = [...identity]; m[12] = x; m[13] = y; m[14] = z; return m }
const down = (angle) => { const c = Math.cos(angle), s = Math.sin(angle); const m = at(0, 1.6, 0); m[5] = c; m[6] = -s; m[9] = s; m[10] = c; return m }
const projection = (near, far) => [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, (far + near) / (near - far), -1, 0, 0, 2 * far * near / (near - far), 0]
class Space { constructor(kind) { this.kind = kind } }
class Session extends EventTarget {
  constructor() { super(); this.renderState = {}; this.hand = { handedness: 'right', targetRayMode: 'tracked-pointer', targetRaySpace: new Space('ray'), gamepad: { axes: [0, 0, 0, 0], buttons: [] } }
    this.inputSources = [this.hand]; this.ray = at(0, 1.6, 0); this.time = 1000; this.next = null }
  async updateRenderState(state) { Object.assign(this.renderState, state) }
  async requestReferenceSpace(kind) { return new Space(kind) }
  requestAnimationFrame(call) { this.next = call; return 1 }
  frame() { const views = ['left', 'right'].map((eye, i) => ({ eye, transform: { matrix: at(i - 0.5, 1.6, 0) }, projectionMatrix: projection(this.renderState.depthNear, this.renderState.depthFar) }))
    return { session: this, getViewerPose: () => ({ transform: { matrix: at(0, 1.6, 0) }, views }), getPose: () => ({ transform: { matrix: this.ray } }) } }
  step() { const call = this.next; this.next = null; call?.(this.time += 16, this.frame()) }
  look(angle) { this.ray = down(angle) }
  select() { const event = new Event('select'); event.inputSource = this.hand; event.frame = this.frame(); this.dispatchEvent(event) }
  async end() { this.dispatchEvent(new Event('end')) }
}
window.XRWebGLLayer = class { constructor(session, gl) { this.framebuffer = null; this.framebufferWidth = gl.drawingBufferWidth; this.framebufferHeight = gl.drawingBufferHeight }
  getViewport(view) { const w = this.framebufferWidth >> 1; return { x: view.eye === 'left' ? 0 : w, y: 0, width: w, height: this.framebufferHeight } } }
WebGL2RenderingContext.prototype.makeXRCompatible = async () => {}
const xr = new EventTarget()
xr.isSessionSupported = async (mode) => mode === 'immersive-vr'
xr.requestSession = async () => (window.session = new Session())
Object.defineProperty(navigator, 'xr', { value: xr, configurable: true })
"""
EYES = """const s = window.session; for (let i = 0; i < a; i++) s.step(); const c = v.canvas, gl = c.getContext('webgl2'), w = c.width >> 1
return [0, w].map((x) => { const out = new Uint8Array(4 * w * c.height); gl.readPixels(x, 0, w, c.height, gl.RGBA, gl.UNSIGNED_BYTE, out)
  let n = 0, sum = 0; const seen = new Set(); for (let i = 0; i < out.length; i += 4) { seen.add(out[i] << 16 | out[i + 1] << 8 | out[i + 2])
    if (out[i] > 150 && out[i + 2] > 150 && out[i + 1] < 60) { n++; sum += (i / 4) % w } }
  return { colours: seen.size, marked: n, middle: n ? sum / n / w : null } })"""


@pytest.fixture
def planning(screen):
    screen.page.add_init_script(DEVICE)
    screen.open("/planning?quality=low")
    return screen


def test_without_a_headset_there_is_no_button_and_the_help_says_why(screen):
    screen.open("/planning?quality=low")
    assert screen.page.get_by_role("button", name="进入 VR").count() == 0
    screen.run("v.canvas.focus(); return 0")
    screen.page.keyboard.press("?")
    screen.page.get_by_role("dialog").get_by_text("VR 头显").wait_for()
    assert screen.page.get_by_role("dialog").get_by_text("头显").count() >= 2


def test_both_eyes_see_the_park_and_the_hand_picks_what_it_points_at(planning):
    page = planning.page
    box = next(
        layer["box"]
        for layer in page.evaluate("fetch('/tiles/scene.json').then(r => r.json())")["layers"]
        if layer["layer"] == "a1"
    )
    x, y = (box[0] + box[3]) / 2, box[1]
    planning.run(
        "v.setPanes(null); await v.setCamera({position: [a[0], a[1] - 60, 3], target: [a[0], a[1], 3]}, 0); await t.idle(); return 0",
        [x, y],
    )
    before = planning.run("return v.camera")
    base, count = planning.served.sql("SELECT base, \"count\" FROM layer WHERE layer = 'a1'")[0]
    planning.run("v.state.colorRanges([[a[0], a[0] + a[1] - 1]], 0xff00ff); await t.idle(); return 0", [base, count])
    page.get_by_role("button", name="进入 VR").click()
    page.get_by_role("button", name="退出 VR").wait_for()
    left, right = planning.run(EYES, 3)
    for eye in (left, right):
        assert eye["colours"] > 50
        assert eye["marked"] > 1000
    assert left["middle"] > right["middle"] + 0.005, "the left eye sees the tower farther to the right"
    frames = planning.run("return t.statistics().frames")
    # The hand points ahead: what it picks is what a look from there meets.
    planning.run("window.picks = []; window.off = v.on('pick', (e) => window.picks.push(e.pick)); return 0")
    planning.run("window.session.step(); window.session.select(); return 0")
    picked = page.evaluate("window.picks.at(-1)")
    assert picked["layer"] == "a1"
    assert planning.card(picked["gid"])["state"] == picked["state"]
    eye = planning.run("const h = await v.use('headset'); return [h.head.x, -h.head.z, h.head.y]")
    # A push of the stick aims, letting go jumps to where the ray meets the ground.
    planning.run(
        "window.session.look(0.3); window.session.hand.gamepad.axes = [0, 0, 0, -1]; window.session.step(); return 0"
    )
    planning.run(
        "window.session.hand.gamepad.axes = [0, 0, 0, 0]; window.session.step(); window.session.step(); return 0"
    )
    after = planning.run("const h = await v.use('headset'); return [h.head.x, -h.head.z, h.head.y]")
    assert after[0] == pytest.approx(eye[0], abs=0.2)
    assert 2 < after[1] - eye[1] < 9, "1.6 m over the ground a ray 17° down meets it some 5 m ahead"
    # Aside it turns by thirty degrees, once a push.
    yaw = planning.run("const h = await v.use('headset'); return h.rig.yaw")
    planning.run(
        "window.session.hand.gamepad.axes = [0, 0, 1, 0]; window.session.step(); window.session.step(); return 0"
    )
    assert planning.run("const h = await v.use('headset'); return h.rig.yaw") - yaw == pytest.approx(-0.5236, abs=1e-3)
    assert planning.run("return t.statistics().frames") == frames, "the screen's own frames rest meanwhile"
    page.get_by_role("button", name="退出 VR").click()
    page.get_by_role("button", name="进入 VR").wait_for()
    planning.run("await t.idle(); return 0")
    assert planning.run("return v.camera.position") == pytest.approx(before["position"], abs=0.01)
    # The same look from the desk meets the same object.
    planning.run("await v.setCamera({position: a, target: [a[0], a[1] + 10, a[2]]}, 0); await t.idle(); return 0", eye)
    assert planning.run("return v.pick(v.canvas.clientWidth / 2, v.canvas.clientHeight / 2).gid") == picked["gid"]


def test_planning_has_the_tools_of_the_brain(screen):
    """One tool bar: a cut by it changes the picture of every pane, a box chooses, measuring opens its panel."""
    screen.open("/planning?quality=low")
    bar = screen.page.get_by_role("toolbar", name="工具")
    names = [button.get_attribute("aria-label") for button in bar.get_by_role("button").all()]
    for name in ("框选 (B)", "剖切 (S)", "测量 (M)", "楼层爆炸 (O)", "视角与漫游 (V)", "截图与打印 (P)"):
        assert name in names
    sun = screen.page.get_by_role("group", name="日照").bounding_box()
    tools = bar.bounding_box()
    assert (
        sun["x"] + sun["width"] <= tools["x"]
        or tools["y"] + tools["height"] <= sun["y"]
        or sun["y"] + sun["height"] <= tools["y"]
    )
    bar.get_by_role("button", name="剖切 (S)").click()
    screen.page.get_by_role("slider", name="水平剖切高度").wait_for()
    top = screen.run("return v.section.top")
    screen.run("await t.idle(); return 0")
    heights = screen.run(
        "const w = v.canvas.clientWidth, h = v.canvas.clientHeight, out = []; for (let x = 20; x < w; x += 30) for (let y = 60; y < h - 90; y += 30) { const p = v.pick(x, y); if (p && p.layer.startsWith('scheme') && !p.layer.endsWith('green')) out.push(p.point[2]) } return out"
    )
    assert heights
    assert max(heights) <= top + 0.01
    bar.get_by_role("button", name="测量 (M)").click()
    screen.page.get_by_role("region", name="测量").wait_for()
