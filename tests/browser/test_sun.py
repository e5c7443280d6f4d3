"""The sun of the planning table: any date and hour on the park's own clock, whatever its zone."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.browser.test_fine_picture import sun

pytestmark = pytest.mark.slow

# East, north, up.
DIRECTION = "const d = v.stage.sunState.direction; return [d.x, -d.z, d.y]"
GRID = "const out = []; for (let x = 30; x < v.canvas.clientWidth - 30; x += 12) for (let y = 60; y < v.canvas.clientHeight - 130; y += 12) out.push([x, y]); return out"
PIXELS = """t.renderOnce(); const c = v.canvas, gl = c.getContext('webgl2'), r = c.width / c.clientWidth, out = new Uint8Array(4)
return a.map(([x, y]) => { gl.readPixels(Math.floor(x * r), c.height - 1 - Math.floor(y * r), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, out); return out[0] + out[1] + out[2] })"""


def until(screen, text):
    screen.page.get_by_role("group", name="日照").get_by_text(text).wait_for()


def toward(screen, when):
    """Where the sun stands at a moment, computed here."""
    origin = screen.run("return v.layers.current.park.origin")
    return pytest.approx(sun(when, origin["longitude"], origin["latitude"]), abs=0.012)


def test_any_date_and_hour_can_be_chosen_and_the_shadows_follow(screen):
    screen.open("/planning?quality=high")
    bar = screen.page.get_by_role("group", name="日照")
    date, hour = bar.get_by_label("日期"), bar.get_by_role("slider")
    assert hour.get_attribute("aria-label") == "时刻（UTC+8）"
    year = int(date.input_value()[:4])
    assert date.input_value() == f"{year}-01-20"
    assert screen.run(DIRECTION) == toward(screen, datetime(year, 1, 20, 2, tzinfo=UTC))

    date.fill("2027-09-05")
    for _ in range(4):  # by keys
        hour.press("ArrowLeft")
    until(screen, "09:00")
    assert screen.run(DIRECTION) == toward(screen, datetime(2027, 9, 5, 1, tzinfo=UTC))
    screen.run("await t.idle(); return 0")
    spots = screen.run(GRID)
    morning = screen.run(PIXELS, spots)
    hour.press("End")
    until(screen, "23:45")
    assert screen.run(DIRECTION) == toward(screen, datetime(2027, 9, 5, 15, 45, tzinfo=UTC))
    assert bar.get_by_text("太阳在地平线以下").count() == 1
    for _ in range(31):
        hour.press("ArrowLeft")
    until(screen, "16:00")
    screen.run("await t.idle(); return 0")
    evening = screen.run(PIXELS, spots)
    # Faces that look the same way would all change alike: some spots get lighter, others darker, where shadows went.
    change = [after - before for before, after in zip(morning, evening, strict=True)]
    assert sum(one > 60 for one in change) > 20
    assert sum(one < -60 for one in change) > 20

    bar.get_by_text("夏至日").click()
    assert date.input_value() == "2027-06-21", "of the chosen year"


def test_a_park_elsewhere_shows_its_own_clock(screen):
    """Its manifest says where: a zone with daylight saving."""

    def elsewhere(route):
        body = route.fetch().json()
        park = {**body["park"], "timezone": "America/New_York"}
        route.fulfill(body=json.dumps({**body, "park": park}), content_type="application/json")

    screen.page.route("**/tiles/scene.json*", elsewhere)
    screen.open("/planning?quality=low")
    bar = screen.page.get_by_role("group", name="日照")
    until(screen, "UTC−5")
    date = bar.get_by_label("日期")
    date.fill("2026-06-21")
    until(screen, "UTC−4")
    assert screen.run(DIRECTION) == toward(screen, datetime(2026, 6, 21, 14, tzinfo=UTC))
    date.fill("2026-12-21")
    until(screen, "UTC−5")
    assert screen.run(DIRECTION) == toward(screen, datetime(2026, 12, 21, 15, tzinfo=UTC))
