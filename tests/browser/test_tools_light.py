"""A thousand labels."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


def test_a_thousand_labels_have_room_and_cost_little(stage):
    stage.run(
        """let seed = 5; const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
        v.setLabels(Array.from({length: 1200}, (_, i) => ({id: 'l' + i, position: [random() * 500 - 250, random() * 400 - 200, random() * 40], text: '设备 ' + i,
          kind: i % 3 ? 'place' : 'notice', priority: i % 7}))); await t.idle(); return 0"""
    )
    shown = stage.run(
        """t.renderOnce(); const l = v.labels; return [l.labels.length, l.spots.flatMap((s, i) => {
        const how = l.shown[i]; if (how === 0) return []
        const marker = how === 1
        return [marker ? [s.x - s.half, s.y - s.half, s.x + s.half, s.y + s.half, how] : [s.left, s.top, s.right, s.bottom, how]] })]"""
    )
    count, boxes = shown
    assert count == 1000, "the most important thousand of 1,200"
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
