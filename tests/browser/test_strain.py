"""Little memory for tiles: a coarser picture, and everyone is told."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow

NOTE = "内存不足：画面较粗"


@pytest.fixture
def short(screen):
    """The brain with a megabyte for tiles."""
    screen.open("/brain?quality=low&cache=1")
    screen.run("window.strains = []; v.on('strain', (s) => window.strains.push(s)); return 0")
    return screen


def test_a_full_cache_makes_the_picture_coarser_and_says_so(short):
    short.page.get_by_role("status").get_by_text(NOTE).wait_for()
    found = short.run("return t.statistics()")
    assert found["cacheBytes"] == 1e6
    assert found["cachedBytes"] >= 1e6
    assert 1 < found["strain"]["memory"] <= 8
    assert found["refused"] >= 1
    assert short.page.get_by_text("正在载入模型").count() == 0, "what finds no room is not waited for"
    assert found["strain"]["factor"] == pytest.approx(found["strain"]["memory"] * found["strain"]["frames"])
    # Room again: the picture is as fine as asked for, and that is told too.
    short.run(
        """const { lruCache } = v.layers.layers.values().next().value.tiles
        for (const layer of v.layers.all) v.setLayerVisible(layer.layer, false)
        v.layers.options.quality.cacheMegabytes = 900; lruCache.maxBytesSize = 9e8; lruCache.minBytesSize = 7e8
        for (let i = 0; i < 20; i++) await t.idle(); return 0"""
    )
    heard = short.run("return window.strains")
    assert heard[-1]["memory"] == 1
    assert short.run("return t.statistics().strain.memory") == 1
    assert short.page.get_by_text(NOTE).count() == 0


def test_a_picture_tells_whether_it_is_as_fine_as_it_can_be(short):
    fine = short.run("const c = await v.use('capture'); await c.canvas({width: 640, patience: 50}); return c.last")
    assert not fine["finest"]
    assert fine["memory"] > 1
    short.page.keyboard.press("p")
    short.page.get_by_label("图片大小").click()
    short.page.get_by_title("4K（3840 像素宽）").click()
    with short.page.expect_download():
        short.page.get_by_role("button", name="保存 PNG").click()
    short.page.get_by_text("图片没有用上最精细的模型").first.wait_for()


def test_enough_memory_is_quiet(screen):
    screen.open("/brain?quality=low")
    assert screen.run("return t.statistics().strain") == {"factor": 1, "memory": 1, "frames": 1}
    assert screen.run("const c = await v.use('capture'); await c.canvas({width: 640}); return c.last") == {
        "finest": True,
        "pending": 0,
        "memory": 1,
    }
    assert screen.page.get_by_text(NOTE).count() == 0
