"""10,000 live objects change while the page stays responsive: frames and input, against the same page at rest."""

from __future__ import annotations

import threading

import pytest

from tests.support.browser import sign_in
from tests.support.live_park import many_points, serving
from tests.support.storm import storm

pytestmark = pytest.mark.slow

COUNT = 10_000
SECONDS = 6
INPUTS = 12


def quantile(values, share):
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    park = many_points(tmp_path_factory.mktemp("busy") / "park", COUNT)
    with serving(park.folder) as found:
        yield found


def measure(page):
    """Frame and input delays, ms, while keys and the pointer are used."""
    latencies = []

    def use():
        for number in range(INPUTS):
            page.keyboard.press("Tab")
            page.mouse.move(200 + 20 * number, 300)
            latencies.append(
                page.evaluate(
                    "async () => { const at = performance.now(); await new Promise((r) => setTimeout(r)); "
                    "await new Promise(requestAnimationFrame); return performance.now() - at }"
                )
            )

    page.evaluate(
        "() => { window.__frames = []; let before = performance.now(); window.__beating = true;"
        " window.__late = []; window.__watch = new PerformanceObserver((l) => l.getEntries().forEach((e) => window.__late.push(e.duration)));"
        " window.__watch.observe({ type: 'event', durationThreshold: 16 });"
        " const beat = (now) => { window.__frames.push(now - before); before = now; if (window.__beating) requestAnimationFrame(beat) };"
        " requestAnimationFrame(beat) }"
    )
    page.wait_for_timeout(SECONDS * 500)
    use()
    page.wait_for_timeout(SECONDS * 500)
    found = page.evaluate(
        "() => { window.__beating = false; window.__watch.disconnect(); return { frames: window.__frames, late: window.__late } }"
    )
    return {
        "frames": sorted(found["frames"][1:]),
        "events": sorted(found["late"]),
        "inputs": sorted(latencies),
    }


def test_the_page_stays_responsive(browser, crowded):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    sign_in(context, crowded.url, crowded.user, crowded.password)
    page = context.new_page()
    frames_received = []
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda payload: isinstance(payload, bytes) and frames_received.append(len(payload))
        ),
    )
    page.goto(f"{crowded.url}/brain")
    page.wait_for_selector("canvas")
    page.wait_for_timeout(3000)
    rest = measure(page)
    stop = threading.Event()
    thread = threading.Thread(target=storm, args=(crowded.folder, COUNT, stop))
    thread.start()
    try:
        page.wait_for_timeout(2000)
        frames_received.clear()
        busy = measure(page)
    finally:
        stop.set()
        thread.join()
    told = sum((size - 32) // 29 for size in frames_received)
    report = {
        name: {kind: round(quantile(side[kind], 0.95), 1) for kind in ("frames", "events", "inputs")}
        for name, side in (("rest", rest), ("busy", busy))
    }
    report["points told"] = told
    print(report)
    assert told > COUNT, "the storm did not reach the page: nothing was shown"
    for kind in ("frames", "inputs", "events"):
        calm, stormy = quantile(rest[kind], 0.95), quantile(busy[kind], 0.95)
        assert stormy < 1000, report
        assert stormy < 6 * max(calm, 50), report
    context.close()
