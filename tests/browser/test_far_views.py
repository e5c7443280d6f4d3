"""The far view of the sample park's tower: drawn from afar, right about who stands where, gone when one comes near or looks inside."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow

FAR = "v.setLabels([]); await v.setCamera({position: [-130, -190, 120], target: [0, 62, 30]}, 0); await t.idle(); return 0"
# Triangles of the tower's tiles that stand in the picture; its own are 257,640, those of its far view at most 40,000.
TRIANGLES = """let n = 0; for (const {mesh} of v.layers.layers.get('a1').meshes()) { const g = mesh.geometry; n += (g.index ? g.index.count : g.attributes.position.count) / 3 * (mesh.count ?? 1) } return n"""
STAND_IN = 40_000
PICKS = "return a.map(([x, y]) => { const p = v.pick(x, y); return p && [p.gid, p.layer, p.state, p.distance] })"


@pytest.fixture
def tower(stage):
    """The stage far from the tower, and places of the screen where it is seen."""
    stage.run(FAR)
    places = stage.run(
        "const f = []; for (let y = 120; y < 620; y += 9) for (let x = 300; x < 980; x += 9) if (v.pick(x, y)?.layer === 'a1') f.push([x, y]); return f"
    )
    assert len(places) > 150
    return stage, places


def test_a_pick_in_the_far_view_is_the_object_that_stands_there(tower):
    stage, places = tower
    far = stage.run(PICKS, places)
    assert 1000 < stage.run(TRIANGLES) <= STAND_IN
    drawn = stage.run("t.renderOnce(); return t.statistics().triangles")
    # Another tool than selecting wants the shapes themselves.
    stage.run("await v.setTool('measure'); await t.idle(); return 0")
    assert stage.run(TRIANGLES) > 2 * STAND_IN
    assert stage.run("t.renderOnce(); return t.statistics().triangles") > drawn + STAND_IN
    near = stage.run(PICKS, places)
    stage.run("await v.setTool('select'); await t.idle(); return 0")
    assert stage.run(TRIANGLES) <= STAND_IN
    same = [a is not None and b is not None and a[0] == b[0] for a, b in zip(far, near, strict=True)]
    print(f"{sum(same)} of {len(same)} places of the tower give the same object as its own shapes")
    assert sum(same) / len(same) > 0.85
    # Where another is met, it stands there too: a frame before its pane, a slab's front under a wall.
    apart = [abs(a[3] - b[3]) for a, b in zip(far, near, strict=True) if a and b]
    assert sorted(apart)[int(0.97 * len(apart))] < 1.5


def test_coming_near_replaces_it(tower):
    stage, _ = tower
    assert stage.run(TRIANGLES) <= STAND_IN
    stage.run("await v.setCamera({position: [-20, 0, 25], target: [0, 50, 20]}, 0); await t.idle(); return 0")
    assert stage.run(TRIANGLES) > STAND_IN
    stage.run(FAR)
    assert stage.run(TRIANGLES) <= STAND_IN


@pytest.mark.parametrize("way", ["hide", "isolate"])
def test_what_is_taken_away_is_taken_from_the_far_view_too(tower, way):
    stage, places = tower
    x, y = places[len(places) // 2]
    gid, _, state, _ = stage.run(PICKS, [[x, y]])[0]
    if way == "hide":
        stage.run("v.state.visible([[a, a]], false); await t.idle(); return 0", state)
    else:
        stage.run("v.state.isolate([[a, a]]); await t.idle(); return 0", state)
    assert stage.run(TRIANGLES) > STAND_IN, "the tower's own shapes are drawn"
    seen = stage.run(PICKS, places)
    gids = {one[0] for one in seen if one and one[1] == "a1"}
    if way == "hide":
        assert gid not in gids
        assert len(gids) > 20, "the rest of the tower stands"
        assert seen[places.index([x, y])] is not None, "one sees what is behind it"
    else:
        assert gids == {gid}
    stage.run("v.state.isolate(null); v.state.showAll(); await t.idle(); return 0")
    assert stage.run(TRIANGLES) <= STAND_IN
    assert stage.run(PICKS, [[x, y]])[0][0] == gid
