"""The viewer core in a browser on Mesa llvmpipe, over tiles of the real builder."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import numpy as np
import pytest
from twin.clock import ManualClock
from twin.state.binary_frame import body
from twin.state.binary_frame import message as message_of
from twin.state.hub import Hub
from twin.state.point import PointSpec

pytestmark = pytest.mark.browser


def close(a: tuple[int, int, int], b: tuple[int, int, int], by: int = 2) -> bool:
    return all(abs(x - y) <= by for x, y in zip(a, b, strict=True))


def picked(viewer: Any, x: float, y: float) -> dict[str, Any] | None:
    return viewer.run("v.pick(a[0], a[1])", [x, y])


def test_runs_on_llvmpipe_and_loads_every_layer(viewer: Any) -> None:
    renderer = viewer.run(
        "const g = v.canvas.getContext('webgl2'); return g.getParameter(g.getExtension('WEBGL_debug_renderer_info').UNMASKED_RENDERER_WEBGL)"
    )
    assert "llvmpipe" in renderer
    assert viewer.run("t.statistics().tiles") == 5
    assert viewer.run("t.statistics().drawCalls") < 40


def test_rest_draws_no_frames(viewer: Any) -> None:
    before = viewer.run("await v.idle(); return t.statistics().frames")
    viewer.run(
        "await new Promise(r => { let n = 0; const f = () => ++n < 30 ? requestAnimationFrame(f) : r(); f() }); return 0"
    )
    assert viewer.run("t.statistics().frames") == before


def test_pick_names_the_object_that_is_drawn_there(viewer: Any, gids: dict[str, int]) -> None:
    """Objects found by rays over a grid are the ones whose pixel changes when they are coloured."""
    seen = set()
    for y in range(70, 600, 110):
        for x in range(60, 960, 170):
            pick = picked(viewer, x, y)
            if pick is None:
                continue
            before = viewer.pixel(x, y)
            viewer.run("v.state.color([a], 0xff00ff); return 0", pick["state"])
            after = viewer.pixel(x, y)
            viewer.run("v.state.color([a], null); return 0", pick["state"])
            assert after[0] > 150 > after[1], (x, y, pick["gid"], before, after)
            if pick["gid"] in gids:
                assert gids[pick["gid"]] == pick["state"]
            seen.add(pick["gid"])
    assert len(seen) > 8
    assert any(gid.startswith("a1/win") for gid in seen)


def test_pick_gives_names_and_park_metres(viewer: Any) -> None:
    pick = viewer.run("v.pick(520, 176)")
    assert (pick["gid"], pick["name"], pick["class"], pick["layer"]) == ("a1/roof", "屋面", "IfcRoof", "a1")
    assert pick["storey"] == "5F"
    assert pick["point"][2] == pytest.approx(20.3, abs=0.02)
    assert viewer.run("v.pick(480, 5)") is None


@pytest.mark.parametrize("colour", ["FF4D4F", "37C98B", "440154", "FDE725", "000000", "FFFFFF"])
def test_a_lit_face_has_exactly_the_colour_of_the_legend(viewer: Any, gids: dict[str, int], colour: str) -> None:
    viewer.run("v.state.color([a[0]], a[1]); return 0", [gids["a1/roof"], int(colour, 16)])
    assert close(viewer.pixel(520, 176), tuple(bytes.fromhex(colour)))
    viewer.run("v.setLook('night'); return 0")
    assert close(viewer.pixel(520, 176), tuple(bytes.fromhex(colour)), 24)


def test_hidden_objects_are_neither_drawn_nor_picked(viewer: Any, gids: dict[str, int]) -> None:
    roof = gids["a1/roof"]
    before = viewer.pixel(520, 176)
    viewer.do("v.state.visible([[a, a]], false)", roof)
    assert viewer.pixel(520, 176) != before
    assert picked(viewer, 520, 176)["gid"] != "a1/roof"
    viewer.do("v.state.showAll()")
    assert close(viewer.pixel(520, 176), before)
    assert picked(viewer, 520, 176)["state"] == roof


def test_isolated_objects_alone_can_be_picked_and_the_ground_stays(viewer: Any, gids: dict[str, int]) -> None:
    roof = gids["a1/roof"]
    x, y = 800, 480
    assert picked(viewer, x, y)["layer"] == "terrain"
    viewer.do("v.state.isolate([[a, a]])", gids["a1/slab0"])
    assert picked(viewer, 520, 176)["state"] != roof
    assert picked(viewer, x, y)["layer"] == "terrain"
    viewer.do("v.state.isolate([[a, a]])", gids["pipes/p5"])
    assert picked(viewer, x, y) is None
    viewer.do("v.state.isolate(null)")
    assert picked(viewer, 520, 176)["state"] == roof


def test_rooms_appear_with_their_value(viewer: Any, gids: dict[str, int]) -> None:
    viewer.do("v.setSection({top: 11}); v.setLayerVisible('city', false)")
    rooms = [state for gid, state in gids.items() if gid.startswith("a1/room2")]
    before = {p["gid"] for x in range(300, 900, 20) if (p := picked(viewer, x, 300))}
    assert not any("room" in gid for gid in before)
    viewer.do("v.state.color(a, 0xff4d4f)", rooms)
    after = {p["gid"] for x in range(300, 900, 20) if (p := picked(viewer, x, 300))}
    assert any(gid.startswith("a1/room2") for gid in after)


def test_a_section_cuts_picture_and_pick_but_not_the_ground(viewer: Any) -> None:
    viewer.do("v.setSection({top: 11})")
    heights = [
        p["point"][2]
        for x in range(100, 900, 40)
        for y in range(150, 590, 40)
        if (p := picked(viewer, x, y)) and p["layer"] == "a1"
    ]
    assert len(heights) > 20
    assert max(heights) <= 11.01
    viewer.do("v.setSection({box: [-20, -5, 0, 0, 30, 40]})")
    east = [
        p["point"][0]
        for x in range(100, 900, 40)
        for y in range(150, 590, 40)
        if (p := picked(viewer, x, y)) and p["layer"] == "a1"
    ]
    assert -20.01 <= min(east) <= max(east) <= 0.01
    assert picked(viewer, 800, 480)["layer"] == "terrain"
    viewer.do("v.setSection(null)")
    assert picked(viewer, 520, 176)["gid"] == "a1/roof"


def test_panes_show_their_own_layers_and_hide_their_own_objects(viewer: Any, gids: dict[str, int]) -> None:
    roof = gids["a1/roof"]
    viewer.do("await v.setCamera({position: [120, -130, 90], target: [20, 20, 10]}, 0)")
    viewer.do(
        """v.setPanes([{id: 'l', layers: new Set(['scheme-a']), rect: [0, 0, .5, 1]},
        {id: 'r', layers: new Set(['scheme-b']), hides: [[a, a]], rect: [.5, 0, .5, 1]}])""",
        roof,
    )
    found: dict[str, set[str]] = {"l": set(), "r": set()}
    for x in range(10, 960, 18):
        for y in range(100, 450, 18):
            if pick := picked(viewer, x, y):
                found["l" if x < 480 else "r"] |= {pick["layer"], pick["gid"]}
    assert "scheme-a" in found["l"]
    assert "scheme-b" not in found["l"]
    assert "scheme-b" in found["r"]
    assert "scheme-a" not in found["r"]
    assert "a1/roof" in found["l"]
    assert "a1/roof" not in found["r"]
    viewer.do("v.setPanes(null)")
    assert not any((p := picked(viewer, x, 250)) and p["layer"].startswith("scheme") for x in range(10, 960, 18))


def test_swipe_is_one_picture(viewer: Any) -> None:
    whole = [viewer.pixel(x, 400) for x in (100, 300, 479, 481, 700, 900)]
    viewer.do(
        "v.setPanes([{id: 'l', layers: new Set(), rect: [0, 0, .5, 1], swipe: true}, {id: 'r', layers: new Set(), rect: [.5, 0, .5, 1], swipe: true}])"
    )
    assert [viewer.pixel(x, 400) for x in (100, 300, 479, 481, 700, 900)] == whole


def test_walking_stands_on_the_floor_and_stops_at_walls(viewer: Any) -> None:
    viewer.do("await v.setCamera({position: [-10, -60, 30], target: [-10, -6, 0]}, 0); v.setNavigation('walk')")
    eye = viewer.run("v.camera.position")
    assert eye[2] == pytest.approx(-0.3 + 1.65, abs=0.05)
    viewer.page.locator("park-viewer").evaluate("e => e.shadowRoot.querySelector('canvas').focus()")
    viewer.page.keyboard.down("w")
    viewer.page.keyboard.down("Shift")
    viewer.page.wait_for_function("window.__parktwin.viewer.camera.position[1] > -0.8")
    viewer.run(
        "await new Promise(r => { let n = 0; const f = () => ++n < 20 ? requestAnimationFrame(f) : r(); f() }); return 0"
    )
    viewer.page.keyboard.up("w")
    viewer.page.keyboard.up("Shift")
    viewer.do("")
    # The outer wall's face stands at north 0 m; a body keeps 0.35 m from it.
    assert -0.8 < viewer.run("v.camera.position[1]") <= -0.34
    viewer.do("v.setNavigation('orbit')")
    assert viewer.run("v.navigation") == "orbit"


def test_a_cut_is_drawn_and_told(viewer: Any) -> None:
    drawn = viewer.run(
        """await v.idle(); window.views = []; v.on('camera', (view) => window.views.push(view.target))
        const before = t.statistics().frames
        await v.setCamera({position: [40, -40, 30], target: [1, 2, 3]}, 0)
        await new Promise(r => { let n = 0; const f = () => ++n < 4 ? requestAnimationFrame(f) : r(); f() })
        return t.statistics().frames - before"""
    )
    assert drawn >= 1
    assert viewer.run("window.views[0]") == pytest.approx([1, 2, 3], abs=1e-6)


def test_flights_end_at_the_asked_pose_and_a_new_one_replaces_them(viewer: Any) -> None:
    pose = viewer.run(
        "const p = v.camera; await v.flyTo([0, 0, 0, 10, 10, 10], {duration: 0}); await v.setCamera(p, 0); return [p, v.camera]"
    )
    assert pose[0]["position"] == pytest.approx(pose[1]["position"], abs=1e-6)
    target = viewer.run("await v.flyTo([0, 0, 0, 10, 10, 10]); return v.camera.target")
    assert target == pytest.approx([5, 5, 5], abs=1e-6)


def test_labels_are_drawn_and_found(viewer: Any) -> None:
    before = viewer.run("const b = await v.screenshot(); return b.size")
    labels = [
        {"id": str(i), "position": [-30 + i % 40, -0.5, 1 + i // 40], "text": f"测点 {i}", "kind": "critical"}
        for i in range(1000)
    ]
    viewer.do("v.setLabels(a)", labels)
    assert viewer.run("t.statistics().drawCalls") < 40
    assert viewer.run("const b = await v.screenshot(); return b.size") > before + 5000
    viewer.do("v.setLabels([{id: 'one', position: v.pick(520, 176).point, text: '屋面', kind: 'major'}])")
    viewer.run("window.hit = null; v.on('label', (e) => (window.hit = e.id)); return 0")
    viewer.page.mouse.click(520, 176)
    assert viewer.run("window.hit") == "one"


def test_measuring_by_two_clicks(viewer: Any) -> None:
    viewer.run("window.m = null; v.on('measure', (m) => (window.m = m)); await v.setTool('measure'); return 0")
    a, b = viewer.run("[v.pick(480, 220).point, v.pick(620, 220).point]")
    viewer.page.mouse.click(480, 220)
    viewer.page.mouse.click(620, 220)
    m = viewer.run("window.m")
    # Clicks snap to corners and edges within twelve pixels, under a metre here.
    assert m["from"] == pytest.approx(a, abs=1)
    assert m["to"] == pytest.approx(b, abs=1)
    assert (m["dx"], m["dy"], m["dz"]) == pytest.approx([t - f for f, t in zip(m["from"], m["to"], strict=True)])
    assert m["distance"] == pytest.approx((m["dx"] ** 2 + m["dy"] ** 2 + m["dz"] ** 2) ** 0.5)


def test_click_events_tell_clicks_from_drags(viewer: Any) -> None:
    viewer.run("window.picks = []; v.on('pick', (e) => window.picks.push(e.pick && e.pick.gid)); return 0")
    viewer.page.mouse.click(520, 176)
    viewer.page.mouse.move(500, 300)
    viewer.page.mouse.down()
    viewer.page.mouse.move(560, 320, steps=4)
    viewer.page.mouse.up()
    viewer.do("")
    assert viewer.run("window.picks") == ["a1/roof"]


def test_broken_and_missing_tiles_are_told_and_the_rest_goes_on(site: Any, browser: Any) -> None:
    site.broken = {"/tiles/city/1/0.glb": b"not a glb", "/tiles/pipes/1/tileset.json": None}
    context = browser.new_context(viewport={"width": 480, "height": 300})
    try:
        page = context.new_page()
        page.add_init_script(
            "window.told = []; document.addEventListener('error', (e) => e.detail && window.told.push(e.detail), true)"
        )
        page.goto(f"{site.url}/embed?debug&quality=low")
        page.wait_for_function(
            "window.__parktwin && window.told.length >= 2 && window.__parktwin.statistics().tiles >= 3"
        )
        page.evaluate("window.__parktwin.idle()")
        told = {entry["code"]: entry for entry in page.evaluate("window.told")}
        assert set(told) == {"tile", "tileset"}
        assert told["tile"]["url"].endswith("/tiles/city/1/0.glb")
        assert page.evaluate("window.__parktwin.viewer.pick(240, 200)") is not None
    finally:
        site.broken = {}
        context.close()


def test_a_lost_context_comes_back_with_the_same_picture(viewer: Any, gids: dict[str, int]) -> None:
    viewer.do("v.state.color([a], 0x37c98b)", gids["a1/roof"])
    before = viewer.pixel(520, 176)
    viewer.run(
        """const x = v.canvas.getContext('webgl2').getExtension('WEBGL_lose_context')
        const gone = new Promise(r => v.canvas.addEventListener('webglcontextlost', r, {once: true}))
        x.loseContext(); await gone
        const back = new Promise(r => v.canvas.addEventListener('webglcontextrestored', r, {once: true}))
        await new Promise(r => setTimeout(r)); x.restoreContext(); await back; return 0"""
    )
    viewer.do("")
    assert close(viewer.pixel(520, 176), before)


def test_disposing_leaves_nothing(viewer: Any) -> None:
    assert viewer.run("v.dispose(); v.dispose(); return v.canvas.isConnected") is False


def test_the_widget_stays_light(site: Any) -> None:
    """The widget and what it imports at once; tools and decoders come when they are asked for."""
    parts = ["park-viewer.js"]
    for part in parts:
        source = (site.roots[0] / "embed" / part).read_text()
        parts += [name for name in re.findall(r"(?:from|import)\s*[\"']\./([\w.-]+)[\"']", source) if name not in parts]
    assert not {"measure-tool.js", "section-tool.js", "heat-layer.js", "capture.js"} & set(parts)
    size = sum(len(gzip.compress((site.roots[0] / "embed" / part).read_bytes(), 9)) for part in parts)
    assert size < 300_000, f"{parts} are {size} bytes gzipped: expected under 300,000"
    text = (site.roots[0] / "embed/park-viewer.js").read_text()
    assert "https://unpkg" not in text
    assert "https://cdn" not in text
    assert "jsdelivr" not in text


def test_the_widget_colours_by_live_values_and_by_gid(site: Any, browser: Any, gids: dict[str, int]) -> None:
    roof, room = gids["a1/roof"], gids["a1/room20"]
    points = {
        "point_id": ["p0", "p1", "p2"],
        "gid": ["a1/roof", "a1/room20", "a1/room21"],
        "state": [roof, room, gids["a1/room21"]],
        "kind": ["temperature", "temperature", "humidity"],
        "unit": ["℃", "℃", "%"],
        "min": [0, 0, 0],
        "max": [40, 40, 100],
        "name": ["", "", ""],
    }
    sent: list[dict[str, Any]] = []
    hub = Hub([PointSpec(name, "a1/roof", kind="temperature") for name in ("p0", "p1")], ManualClock())
    hub.update(np.arange(2), np.array([40.0, 21.0]), quality=np.array([0, 1], np.uint8))
    shown = body(hub, np.arange(2), 1, hub.clock.now_ms())

    def live(socket: Any) -> None:
        def answer(message: str) -> None:
            sent.append(json.loads(message))
            if sent[-1]["type"] == "subscribe":
                socket.send(message_of("snapshot", sent[-1]["id"], shown))

        socket.on_message(answer)
        socket.send(json.dumps({"type": "hello", "revision": 1, "time": 1_700_000_000_000, "tick_ms": 200}))

    context = browser.new_context(viewport={"width": 640, "height": 400})
    try:
        page = context.new_page()
        page.route("**/api/v1/points", lambda route: route.fulfill(json=points))
        page.route(
            "**/api/v1/objects/items**",
            lambda route: route.fulfill(
                json=[{"gid": "a1/win0s1", "state": gids["a1/win0s1"], "box": [0, 0, 0, 1, 1, 1]}]
            ),
        )
        page.route_web_socket("**/api/v1/live", live)
        page.goto(f"{site.url}/embed?debug&quality=low&live=temperature&theme=night")
        page.wait_for_function(
            "window.__parktwin && window.__parktwin.viewer.state.colorOf(a) !== null".replace("a)", f"{roof})")
        )
        colour = "window.__parktwin.viewer.state.colorOf"
        # 40 ℃ is the top of the ramp; the room's value is stale.
        assert page.evaluate(f"{colour}({roof})") == 0xFDE725
        assert page.evaluate(f"{colour}({room})") == 0x7A879B
        assert page.evaluate(f"{colour}({gids['a1/room21']})") is None
        assert sent[0]["scope"] == {"kinds": ["temperature"]}
        legend = page.evaluate("document.querySelector('park-viewer').shadowRoot.querySelector('.legend').textContent")
        assert "0 … 40 ℃" in legend
        page.evaluate("document.querySelector('park-viewer').colour('a1/win0s1', 'tomato')")
        assert page.evaluate(f"{colour}({gids['a1/win0s1']})") == 0xFF6347
        message = page.evaluate(
            "document.querySelector('park-viewer').colour('a1/win0s1', 'no colour').catch(e => e.message)"
        )
        assert "is no opaque CSS colour" in message
    finally:
        context.close()


SHOWN = [(220, 30, 30), (30, 200, 60), (40, 70, 220), (230, 210, 40)]


def poster_pixels(viewer: Any) -> list[tuple[int, int, int]]:
    """The four quarters of the board on the south face, upper left first."""
    viewer.do("await v.setCamera({position: [-31, -16, 16], target: [-31, 0, 16]}, 0)")
    found = []
    for x, y in ((440, 260), (520, 260), (440, 340), (520, 340)):
        assert picked(viewer, x, y)["gid"] == "a1/poster"
        found.append(viewer.pixel(x, y))
    return found


def test_an_image_is_seen_on_its_object(viewer: Any) -> None:
    """Lit by the sun, each quarter of the image keeps its hue; the same ratios of channels within the light's tint."""
    for colour, wanted in zip(poster_pixels(viewer), SHOWN, strict=True):
        a, b = (np.array(value, float) / max(value) for value in (colour, wanted))
        assert np.abs(a - b).max() < 0.14, (colour, wanted)
        assert max(colour) > 90


def test_a_state_colour_lies_over_the_image_and_leaves_it_again(viewer: Any, gids: dict[str, int]) -> None:
    before = poster_pixels(viewer)
    viewer.run("v.state.color([a], 0x37C98B); return 0", gids["a1/poster"])
    coloured = poster_pixels(viewer)
    assert len(set(coloured)) == 1
    assert all(close(colour, coloured[0]) for colour in coloured)
    r, g, b = coloured[0]
    assert g > b > r
    viewer.run("v.state.color([a], null); return 0", gids["a1/poster"])
    assert poster_pixels(viewer) == before
    viewer.run("v.state.highlight([a], true); return 0", gids["a1/poster"])
    marked = poster_pixels(viewer)
    assert len(set(marked)) == 4
    assert marked != before
