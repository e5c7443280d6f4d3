"""A thousand labels, and the sun's shadows over a kilometre."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_a_thousand_labels_have_room_and_cost_little(stage):
    stage.run(
        """let seed = 5; const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
        v.setLabels(Array.from({length: 1200}, (_, i) => ({id: 'l' + i, position: [random() * 500 - 250, random() * 400 - 200, random() * 40], text: '设备 ' + i,
          kind: i % 3 ? 'place' : 'notice', priority: i % 7}))); await t.idle(); return 0"""
    )
    shown = stage.run(
        """t.renderOnce(); const l = v.labels; return [l.labels.length, l.spots.flatMap((s, i) => {
        const how = l.shown[i]; if (how === 0) return []
        const marker = how !== 1 && s.half > 0
        return [marker ? [s.x - s.half, s.y - s.half, s.x + s.half, s.y + s.half, how] : [s.left, s.top, s.right, s.bottom, how]] })]"""
    )
    count, boxes = shown
    assert count == 1200
    assert len(boxes) > 60
    clashes = [
        (a, b)
        for i, a in enumerate(boxes)
        for b in boxes[:i]
        if a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]
    ]
    assert clashes == []
    with_labels, without = stage.run(
        """const cost = (n) => { const ms = []; for (let i = 0; i < n; i++) { const s = performance.now(); t.renderOnce(); ms.push(performance.now() - s) } return ms.sort((a, b) => a - b)[n >> 1] }
        const a1 = cost(9); v.setLabels([]); t.renderOnce(); return [a1, cost(9)]"""
    )
    print(f"frame with 1,200 labels {with_labels:.1f} ms, without {without:.1f} ms (main thread)")
    assert with_labels - without < 30


def test_shadows_reach_over_a_kilometre(screen):
    """The same spots by a morning and an evening sun: each side of a building is dark once, near and far."""
    screen.page.set_viewport_size({"width": 900, "height": 640})
    screen.open("/brain?quality=medium")
    far = screen.served.sql(
        "SELECT (min_x + max_x) / 2, (min_y + max_y) / 2, max_x - min_x, min_z, max_z FROM object WHERE layer = 'neighbours'"
        " AND max_z - min_z > 25 ORDER BY 1"
    )
    west, east = far[0], far[-1]
    assert east[0] - west[0] > 1000
    screen.run(
        "v.setLook('day'); v.setLabels([]); await v.setCamera({position: [0, -300, 1900], target: [0, 0, 0]}, 0); await t.idle(); return 0"
    )
    spots = []
    for x, y, width, low, _ in (west, east):
        spots += [[x + side * (width / 2 + 12), y, low] for side in (-1, 1)]
    morning, evening = (
        screen.run(
            """v.setSun(new Date(a[0])); await t.idle(); t.renderOnce(); const c = v.canvas, gl = c.getContext('webgl2'), r = c.width / c.clientWidth
                return a[1].map((p) => { const [x, y] = v.toScreen(p), out = new Uint8Array(4)
                gl.readPixels(Math.floor(x * r), c.height - 1 - Math.floor(y * r), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, out); return out[0] + out[1] + out[2] })""",
            [hour, spots],
        )
        for hour in ("2026-06-21T00:30:00Z", "2026-06-21T08:30:00Z")
    )
    for building in (0, 2):
        # In the morning the sun stands in the east: the west side is dark; in the evening the east side.
        assert morning[building] < 0.85 * evening[building], (morning, evening)
        assert evening[building + 1] < 0.85 * morning[building + 1], (morning, evening)
