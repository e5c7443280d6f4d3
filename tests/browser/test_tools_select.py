"""Choosing: through glass and behind, several at once, by box and lasso."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


FRONT = "await v.flyTo(a, {duration: 0, from: [0.3, -1, 0.25]}); await t.idle(); return 0"
SEEN = """const out = []; for (let x = 480; x < 820; x += 20) for (let y = 200; y < 540; y += 20) {
const p = v.pick(x, y); if (p) out.push([x, y, p]) } return out"""


def tower(stage):
    return next(
        layer["box"]
        for layer in stage.page.evaluate("fetch('/tiles/scene.json').then(r => r.json())")["layers"]
        if layer["layer"] == "a1"
    )


def test_a_ray_goes_on_through_glass_and_lists_what_stands_behind(stage):
    stage.run(FRONT, tower(stage))
    checked = 0
    for x, y, first in stage.run(SEEN):
        deep = stage.run("return v.pickAll(a[0], a[1])", [x, y])
        assert [one["distance"] for one in deep] == sorted(one["distance"] for one in deep)
        assert len({one["state"] for one in deep}) == len(deep)
        assert deep[0]["state"] == first["state"]
        behind = stage.run("return v.pick(a[0], a[1], {through: 'glass'})", [x, y])
        if behind and behind["state"] != first["state"]:
            assert behind["distance"] > first["distance"]
            assert behind["state"] in {one["state"] for one in deep}
            checked += 1
        if checked >= 5:
            break
    assert checked >= 5


def test_hidden_and_faded_objects_are_met_only_when_asked_for(stage):
    stage.run(FRONT, tower(stage))
    x, y, pick = stage.run(SEEN)[40]
    state = pick["state"]
    stage.run("v.state.visible([[a, a]], false); return 0", state)
    assert stage.run("return v.pick(a[0], a[1])?.state", [x, y]) != state
    assert stage.run("return v.pick(a[0], a[1], {hidden: true}).state", [x, y]) == state
    stage.run("v.state.visible([[a, a]], true); v.state.opacity([[a, a]], 0.2); return 0", state)
    assert stage.run("return v.pick(a[0], a[1])?.state", [x, y]) != state
    assert stage.run("return v.pick(a[0], a[1], {ghosts: true}).state", [x, y]) == state


def test_control_click_chooses_several_and_lets_go_again(stage):
    stage.run(FRONT, tower(stage))
    stage.run("window.chosen = []; window.off = v.on('select', (e) => (window.chosen = e.states)); return 0")
    (first, at), (second, there) = list({pick["state"]: (x, y) for x, y, pick in stage.run(SEEN)}.items())[:2]
    stage.page.mouse.click(*at)
    stage.page.keyboard.down("Control")
    stage.page.mouse.click(*there)
    assert stage.page.evaluate("window.chosen") == [first, second]
    stage.page.mouse.click(*at)
    stage.page.keyboard.up("Control")
    assert stage.page.evaluate("window.chosen") == [second]


def drag(stage, points):
    stage.page.mouse.move(*points[0])
    stage.page.mouse.down()
    for point in points[1:]:
        stage.page.mouse.move(*point, steps=2)
    stage.page.mouse.up()


def test_a_box_drawn_rightwards_takes_what_is_inside_leftwards_what_it_touches(stage):
    stage.run(FRONT, tower(stage))
    stage.page.keyboard.press("b")
    stage.run(
        "await v.setTool('box'); window.found = []; window.off = v.on('region', (e) => window.found.push(e)); return 0"
    )
    camera = stage.run("return v.camera")
    (left, top), (right, bottom) = (520, 240), (760, 460)
    drag(stage, [(left, top), (right, bottom)])
    drag(stage, [(right, bottom), (left, top)])
    stage.page.wait_for_function("() => window.found.length === 2")
    inside, touching = stage.page.evaluate("window.found")
    assert stage.run("return v.camera") == camera, "the drag turned the view"
    assert [inside["mode"], touching["mode"]] == ["inside", "touching"]
    gids = {one["gid"] for one in inside["found"]}
    assert 5 < len(gids) < len(touching["found"])
    assert gids < {one["gid"] for one in touching["found"]}
    for one in inside["found"][:12]:
        x0, y0, z0, x1, y1, z1 = stage.card(one["gid"])["box"]
        centre = stage.run("return v.toScreen(a)", [(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2])
        assert left <= centre[0] <= right
        assert top <= centre[1] <= bottom
    shown = {
        pick["state"]
        for x, y, pick in stage.run(SEEN)
        if left < x < right
        and top < y < bottom
        and pick["layer"] not in {"terrain", "roads", "green", "plot", "paths", "water", "parking", "lamps", "trees"}
    }
    assert shown <= {one["state"] for one in touching["found"]}
    stage.page.get_by_role("status").get_by_text(f"已选 {len(touching['found'])} 个对象").wait_for()


def test_a_lasso_is_told_by_its_turn(stage):
    stage.run(FRONT, tower(stage))
    stage.run(
        "await v.setTool('lasso'); window.found = []; window.off = v.on('region', (e) => window.found.push(e)); return 0"
    )
    ring = [(640, 220), (760, 330), (640, 470), (520, 330), (636, 224)]
    drag(stage, ring)
    drag(stage, ring[::-1])
    stage.page.wait_for_function("() => window.found.length === 2")
    clockwise, other = stage.page.evaluate("window.found")
    assert [clockwise["mode"], other["mode"]] == ["inside", "touching"]
    assert {one["gid"] for one in clockwise["found"]} < {one["gid"] for one in other["found"]}
