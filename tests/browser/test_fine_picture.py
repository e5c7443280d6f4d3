"""What only the finer presets draw, pixel by pixel against rays through the same shapes: shadows of the sun, ambient occlusion."""

from __future__ import annotations

import base64
import math
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.browser.conftest import Screen

pytestmark = pytest.mark.slow

WIDTH, HEIGHT = 480, 320
PIXELS = """t.renderOnce(); const c = v.canvas, gl = c.getContext('webgl2'), px = new Uint8Array(4 * c.width * c.height)
gl.readPixels(0, 0, c.width, c.height, gl.RGBA, gl.UNSIGNED_BYTE, px); let s = ''
for (let i = 0; i < px.length; i += 32768) s += String.fromCharCode(...px.subarray(i, i + 32768)); return btoa(s)"""
# At each place: the layer, the point, and (of the layers asked for) whether the sun meets it.
SUNLIT = """const ray = v.sight.rayAt(1, 1).clone(), [dx, dy, dz] = a.sun
return a.places.map(([x, y]) => {
  const p = v.pick(x, y)
  if (!p) return null
  ray.origin.set(p.point[0] + 0.05 * dx, p.point[2] + 0.05 * dz, -p.point[1] - 0.05 * dy); ray.direction.set(dx, dz, -dy)
  return [p.layer, p.point, a.layer === p.layer && !v.sight.cast(ray, 3000, {backs: true})]
})"""


@pytest.fixture(scope="module")
def fine(signed_in, served):
    """The park on the high preset, by day and without labels."""
    page = signed_in.new_page()
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    screen = Screen(page, served)
    screen.open("/brain?quality=high")
    screen.run("v.setLook('day'); v.setLabels([]); v.labels.set = () => {}; return 0")
    yield screen
    page.close()


def picture(screen):
    """Luma of each pixel of the stage, top row first."""
    raw = np.frombuffer(base64.b64decode(screen.run(PIXELS)), np.uint8).reshape(HEIGHT, WIDTH, 4)
    return raw[::-1, :, :3].astype(float).mean(axis=2)


def look(screen, position, target):
    screen.run(
        "await v.setCamera({position: a[0], target: a[1]}, 0); await t.idle(); return 0", [list(position), list(target)]
    )


def sun(when, longitude, latitude):
    """Unit vector to the sun, east-north-up: Spencer's series, good to a quarter of a degree."""
    day = when.timetuple().tm_yday
    hours = when.hour + when.minute / 60
    b = math.tau * (day - 1 + (hours - 12) / 24) / 365
    equation = 229.18 * (
        0.000075
        + 0.001868 * math.cos(b)
        - 0.032077 * math.sin(b)
        - 0.014615 * math.cos(2 * b)
        - 0.040849 * math.sin(2 * b)
    )
    declination = (
        0.006918 - 0.399912 * math.cos(b) + 0.070257 * math.sin(b) - 0.006758 * math.cos(2 * b) + 0.000907 * math.sin(2 * b)
        - 0.002697 * math.cos(3 * b) + 0.00148 * math.sin(3 * b)
    )  # fmt: skip
    angle = math.radians((hours * 60 + equation + 4 * longitude) / 4 - 180)
    north = math.radians(latitude)
    return [
        -math.cos(declination) * math.sin(angle),
        math.sin(declination) * math.cos(north) - math.cos(declination) * math.cos(angle) * math.sin(north),
        math.sin(declination) * math.sin(north) + math.cos(declination) * math.cos(angle) * math.cos(north),
    ]


def shine(screen, hour):
    """Midsummer at an hour of UTC; returns the way to the sun, computed here."""
    when = datetime(2026, 6, 21, hour, tzinfo=UTC)
    screen.run("v.setSun(new Date(a)); await t.idle(); return 0", int(when.timestamp() * 1000))
    origin = screen.run("return v.layers.current.park.origin")
    return sun(when, origin["longitude"], origin["latitude"])


def compare(screen, way, layer):
    """What stands at every third pixel and where, whether the sun meets the layer there, and how bright it is: rows of columns."""
    xs, ys = range(1, WIDTH - 1, 3), range(1, HEIGHT - 1, 3)
    found = screen.run(SUNLIT, {"sun": way, "layer": layer, "places": [[x + 0.5, y + 0.5] for y in ys for x in xs]})
    places = [found[row : row + len(xs)] for row in range(0, len(found), len(xs))]
    lit = np.array([[one is not None and one[2] for one in row] for row in places])
    return places, lit, picture(screen)[np.ix_(list(ys), list(xs))]


def inside(mask, reach=1):
    """Where a mask and all its neighbours `reach` samples around are true."""
    kept = mask.copy()
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            kept &= np.roll(mask, (dy, dx), (0, 1))
    kept[:reach] = kept[-reach:] = False
    kept[:, :reach] = kept[:, -reach:] = False
    return kept


def test_a_shadow_far_from_what_is_looked_at_lies_where_the_suns_way_says(fine):
    # The camera looks at a place 57 m before it; the houses stand up to 300 m behind that, some 700 m from the park's middle.
    look(fine, (430, 330, 110), (468, 373, 90))
    shadows = []
    for hour in (2, 7):  # ten in the morning and three in the afternoon
        way = shine(fine, hour)
        places, lit, light = compare(fine, way, "terrain")
        ground = np.array([[one is not None and one[0] == "terrain" for one in row] for row in places])
        dark, bright = inside(ground & ~lit), inside(ground & lit)
        assert dark.sum() > 12, "there is a shadow to look at"
        border = (np.median(light[dark]) + np.median(light[bright])) / 2
        assert np.median(light[bright]) - np.median(light[dark]) > 20
        # Samples are three pixels apart: all that are not beside a predicted edge are as predicted.
        assert (light[dark] < border).mean() > 0.97
        assert (light[bright] > border).mean() > 0.99
        shadows.append(dark)
    assert (shadows[0] & shadows[1]).sum() < 0.5 * shadows[0].sum(), "the shadow went with the sun"


def roof(places):
    """Samples of the largest level face that is seen of the building x1, and its height."""
    heights = [round(one[1][2], 1) for row in places for one in row if one and one[0] == "x1" and one[1][2] > 8]
    level = max(set(heights), key=heights.count)
    flat = [[one is not None and one[0] == "x1" and abs(one[1][2] - level) < 0.06 for one in row] for row in places]
    return np.array(flat), level


def test_a_flat_roof_in_a_low_sun_has_no_stripes(fine):
    way = shine(fine, 9)  # five in the afternoon
    assert 0.3 < way[2] < 0.55
    look(fine, (-60, -140, 60), (-110, -85, 12))
    places, lit, light = compare(fine, way, "x1")
    open_roof = light[inside(roof(places)[0] & lit, 2)]
    assert len(open_roof) > 60
    # Lines that are drawn on it are few; stripes would be many.
    low, high = np.percentile(open_roof, (2, 98))
    assert high - low < 6, "one flat face has one light"


def test_ambient_occlusion_darkens_inner_corners_alone_and_is_free_when_it_is_off(fine):
    look(fine, (-78, -122, 30), (-92, -100, 12))
    places, _, with_occlusion = compare(fine, shine(fine, 4), None)
    calls = fine.run("return t.statistics().drawCalls")
    fine.run("window.occlusion = v.painter.occlusion; occlusion.skip(); v.painter.occlusion = null; return 0")
    without = picture(fine)[1 : HEIGHT - 1 : 3, 1 : WIDTH - 1 : 3]
    calls_without = fine.run("const n = t.statistics().drawCalls; v.painter.occlusion = occlusion; return n")
    flat, level = roof(places)
    around = np.array([one[1] for row in places for one in row if one])
    higher = around[around[:, 2] > level + 0.2]
    nearest = np.full(flat.shape, np.inf)
    for y, x in zip(*np.nonzero(flat), strict=True):
        nearest[y, x] = np.hypot(*(higher[:, :2] - places[y][x][1][:2]).T).min()
    darker = without - with_occlusion
    corner, open_roof = darker[flat & (nearest < 0.4)], darker[inside(flat & (nearest > 4))]
    assert min(len(corner), len(open_roof)) > 15
    print(f"darker by {corner.mean():.1f} levels in corners, {open_roof.mean():.1f} in the open")
    assert corner.mean() > 4
    assert np.abs(open_roof).max() <= 2
    assert corner.mean() > 4 * open_roof.mean()
    # Its depth pass and its two own are gone with it, and nothing is drawn at rest.
    assert calls_without <= calls - 3
    frames = fine.run("await t.idle(); return t.statistics().frames")
    fine.page.evaluate("new Promise((done) => setTimeout(done, 300))")
    assert fine.run("return t.statistics().frames") == frames


def test_lesser_presets_know_nothing_of_occlusion(stage):
    assert stage.run("return v.painter.occlusion") is None
    programs = stage.run("return v.surface.renderer.info.programs.map((p) => p.cacheKey)")
    assert programs
    assert not any("PARK_OCCLUSION" in key for key in programs)
