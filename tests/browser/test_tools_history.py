"""Going back and forth over cutting, hiding, measuring, setting apart and saving views."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

QUIET = 500


def settle(stage):
    stage.page.wait_for_timeout(QUIET)
    stage.run("await t.idle(); return 0")


def press(stage, keys):
    stage.run("v.canvas.focus(); return 0")
    stage.page.keyboard.press(keys)
    settle(stage)


def test_one_history_for_all_tools(stage):
    settle(stage)
    press(stage, "s")
    stage.page.wait_for_function(
        "() => window.__parktwin.viewer.section?.top > 0"
    )  # the tool is fetched at its first use
    section = stage.run("return v.section")
    stage.page.keyboard.press("Escape")
    settle(stage)
    stage.run("await v.setCamera({position: [-60, -60, 60], target: [0, 60, 10]}, 0); await t.idle(); return 0")
    x, y, state = stage.run(
        "for (let y = 250; y < 500; y += 10) for (let x = 500; x < 800; x += 20) { const p = v.pick(x, y); if (p && p.layer === 'a1') return [x, y, p.state] } return null"
    )
    stage.page.mouse.click(x, y)
    stage.page.wait_for_function("() => new URL(location.href).searchParams.get('gid')")
    press(stage, "h")
    assert stage.run("return v.pick(a[0], a[1])?.state", [x, y]) != state
    stage.run(
        "const m = await v.use('measure'); m.setKind('distance'); m.click(600, 560); m.click(700, 580); return m.list.length"
    )
    settle(stage)
    count = "const m = await v.use('measure'); return m.list.length"
    assert stage.run(count) == 1
    back, forth = "Control+z", "Control+Shift+z"
    press(stage, back)
    assert stage.run(count) == 0
    press(stage, back)
    assert stage.run("return v.pick(a[0], a[1])?.state", [x, y]) == state
    press(stage, back)
    assert stage.run("return v.section") is None
    press(stage, forth)
    assert stage.run("return v.section") == section
    press(stage, forth)
    assert stage.run("return v.pick(a[0], a[1])?.state", [x, y]) != state
    press(stage, forth)
    assert stage.run(count) == 1
    for _ in range(3):
        press(stage, back)


def test_saved_views_and_exploding_are_steps_and_the_menu_goes_back_too(stage):
    press(stage, "v")
    stage.page.get_by_role("button", name="保存当前视角").click()
    settle(stage)
    names = stage.page.get_by_label("视角名称")
    assert names.count() == 1
    press(stage, "o")
    slider = stage.page.get_by_role("slider", name="层间距")
    slider.focus()
    slider.press("End")
    lifted = "(metres) => window.__parktwin.viewer.shared.uLevelGap.value === metres"
    stage.page.wait_for_function(lifted, arg=20, timeout=120_000)  # every storey is asked for
    settle(stage)
    stage.page.get_by_role("button", name="更多工具").click()
    stage.page.get_by_role("menuitem", name="撤销").click()
    stage.page.wait_for_function(lifted, arg=0)
    settle(stage)
    press(stage, "v")
    press(stage, "Control+z")
    assert names.count() == 0
