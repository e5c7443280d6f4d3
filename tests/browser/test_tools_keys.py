"""A storey opened by its address, and what keys do to the picture: an object alone, walking."""

from __future__ import annotations

import urllib.parse

import pytest

pytestmark = pytest.mark.slow

SEEN = """const out = []; for (let x = 400; x < 900; x += 20) for (let y = 160; y < 560; y += 20) {
const p = v.pick(x, y); if (p) out.push([x, y, p]) } return out"""


def layer_of(screen, name):
    scene = screen.page.evaluate("fetch('/tiles/scene.json').then(r => r.json())")
    return next(one for one in scene["layers"] if one["layer"] == name)


def test_an_opened_storey_shows_its_rooms_and_nothing_of_what_stands_over_it(screen):
    laboratory = layer_of(screen_at(screen, "/brain?quality=low"), "l1")
    below, storey, above = sorted(laboratory["storeys"], key=lambda one: one["elevation"])[:3]
    roofs = {pick["gid"] for _, _, pick in seen(screen, laboratory) if pick["point"][2] > above["elevation"]}
    assert roofs, "closed, the building shows what stands over the storey"
    screen.open(f"/brain?quality=low&storey={urllib.parse.quote(storey['gid'])}")
    met = [pick for _, _, pick in seen(screen, laboratory) if pick["layer"] == "l1"]
    assert len(met) > 20
    assert max(pick["point"][2] for pick in met) <= storey["top"] + 0.05
    assert not roofs & {pick["gid"] for pick in met}
    # Opened from above, the floor itself is what most rays meet; what stands below it is covered.
    names = [pick["storey"] for pick in met]
    assert names.count(storey["name"]) > len(names) * 0.6
    assert below["name"] not in names[: len(names) // 2]


def screen_at(screen, address):
    screen.open(address)
    return screen


def seen(screen, layer):
    """Places and picks of a view from above on a layer."""
    screen.run(
        "v.setLabels([]); await v.flyTo(a, {duration: 0, from: [0.2, -0.6, 1]}); await t.idle(); return 0", layer["box"]
    )
    return screen.run(SEEN)


def test_i_leaves_what_is_chosen_alone_and_gives_the_rest_back(stage):
    tower = layer_of(stage, "a1")
    places = seen(stage, tower)
    x, y, chosen = next(one for one in places if one[2]["layer"] == "a1")
    stage.page.mouse.click(x, y)
    stage.page.keyboard.press("i")
    stage.page.wait_for_function("() => __parktwin.viewer.state.isolating")
    stage.run("await t.idle(); return 0")
    alone = {pick["gid"] for _, _, pick in stage.run(SEEN) if pick["layer"] == "a1"}
    assert alone == {chosen["gid"]}
    stage.page.keyboard.press("i")
    stage.page.wait_for_function("() => !__parktwin.viewer.state.isolating")
    stage.run("await t.idle(); return 0")
    assert {pick["gid"] for _, _, pick in stage.run(SEEN)} == {pick["gid"] for _, _, pick in places}


def test_w_walks_and_escape_looks_from_outside_again(stage):
    stage.page.keyboard.press("w")
    stage.page.wait_for_function("() => __parktwin.viewer.navigation === 'walk'")
    stage.page.keyboard.press("Escape")
    stage.page.wait_for_function("() => __parktwin.viewer.navigation === 'orbit'")
