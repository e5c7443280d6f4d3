"""Going back and forth over cutting, hiding, measuring, setting apart and saving views."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow

BACK, FORTH = "Control+z", "Control+Shift+z"
STEP_ENDS = "await new Promise((done) => setTimeout(done, 400)); await t.idle(); return 0"
"""A step is one when nothing has changed for 350 ms; the page's later timer fires after the one that waits for that."""


def press(stage, keys):
    stage.run("v.canvas.focus(); return 0")
    stage.page.keyboard.press(keys)


def until(stage, condition, argument=None):
    """Wait until the page says so, and until that is a step of the history."""
    stage.page.wait_for_function(
        f"async (a) => {{ const v = window.__parktwin.viewer; {condition} }}", arg=argument, polling=50
    )
    stage.run(STEP_ENDS)


def measures(count):
    return f"const m = await v.use('measure'); return m.list.length === {count}"


def test_one_history_for_all_tools(stage):
    stage.run(STEP_ENDS)
    press(stage, "s")
    until(stage, "return v.section?.top > 0")  # the tool is fetched at its first use
    section = stage.run("return v.section")
    stage.page.keyboard.press("Escape")
    stage.run(STEP_ENDS)
    stage.run("await v.setCamera({position: [-60, -60, 60], target: [0, 60, 10]}, 0); await t.idle(); return 0")
    x, y, state = stage.run(
        "for (let y = 250; y < 500; y += 10) for (let x = 500; x < 800; x += 20) { const p = v.pick(x, y); if (p && p.layer === 'a1') return [x, y, p.state] } return null"
    )
    shown, hidden = (f"return v.pick({x}, {y})?.state {sign} {state}" for sign in ("===", "!=="))
    stage.page.mouse.click(x, y)
    stage.page.wait_for_function("() => new URL(location.href).searchParams.get('gid')")
    press(stage, "h")
    until(stage, hidden)
    stage.run("const m = await v.use('measure'); m.setKind('distance'); m.click(600, 560); m.click(700, 580); return 0")
    until(stage, measures(1))
    press(stage, BACK)
    until(stage, measures(0))
    press(stage, BACK)
    until(stage, shown)
    press(stage, BACK)
    until(stage, "return !v.section")
    press(stage, FORTH)
    until(stage, "return JSON.stringify(v.section) === JSON.stringify(a)", section)
    press(stage, FORTH)
    until(stage, hidden)
    press(stage, FORTH)
    until(stage, measures(1))
    for condition in (measures(0), shown, "return !v.section"):
        press(stage, BACK)
        until(stage, condition)


def test_saved_views_and_exploding_are_steps_and_the_menu_goes_back_too(stage):
    press(stage, "v")
    stage.page.get_by_role("button", name="保存当前视角").click()
    names = stage.page.get_by_label("视角名称")
    names.wait_for()
    assert names.count() == 1
    stage.run(STEP_ENDS)
    press(stage, "o")
    slider = stage.page.get_by_role("slider", name="层间距")
    slider.focus()
    slider.press("End")
    until(stage, "return v.shared.uLevelGap.value === 20")  # every storey is asked for
    stage.page.get_by_role("button", name="更多工具").click()
    stage.page.get_by_role("menuitem", name="撤销").click()
    until(stage, "return v.shared.uLevelGap.value === 0")
    press(stage, "v")
    names.wait_for()
    press(stage, BACK)
    names.wait_for(state="detached")
