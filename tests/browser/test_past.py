"""Time travel: the bar, and a screen whose objects, card, panels and alarms are those of the moment."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.browser.conftest import Screen, Served
from tests.support.device import publish

pytestmark = pytest.mark.slow
HOUR = 3_600_000
COLD, WARM = 14.0, 29.0
THREE_MINUTES_BACK = """([slider, before]) => {
  const back = before - Date.parse(slider.getAttribute('aria-valuetext')) / 1000
  return back >= 120 && back <= 240
}"""


@pytest.fixture
def room(served: Served) -> Iterator[str]:
    """The gid of a room that was cold two hours ago and is warm now, with a smoke detector in alarm since now."""
    ((gid, source),) = served.sql("SELECT gid, source FROM point WHERE kind = 'temperature' ORDER BY point_id LIMIT 1 OFFSET 7")  # fmt: skip
    ((smoke,),) = served.sql("SELECT source FROM point WHERE kind = 'smoke' ORDER BY point_id LIMIT 1 OFFSET 7")
    topic, alarm = source.removeprefix("mqtt:"), smoke.removeprefix("mqtt:")
    publish(served.folder, topic, COLD, int(time.time() * 1000) - 2 * HOUR)
    publish(served.folder, topic, WARM)
    publish(served.folder, alarm, 1.0)
    yield gid
    publish(served.folder, alarm, 0.0)


def moment(slider: object) -> float:
    """Epoch seconds of what the slider says."""
    text = slider.get_attribute("aria-valuetext")  # type: ignore[attr-defined]
    return datetime.fromisoformat(text).timestamp()


def test_the_screen_shows_a_past_moment_and_comes_back(screen: Screen, room: str) -> None:
    screen.open(f"/brain?quality=low&theme=temperature&gid={room}")
    page, state = screen.page, screen.card(room)["state"]
    card = page.get_by_role("complementary", name="对象信息")
    alarms = page.get_by_role("list", name="告警")

    def colour() -> int | None:
        return screen.run("return v.state.colorOf(a)", state)  # type: ignore[no-any-return]

    card.get_by_role("button", name="温度").get_by_text("29.0").wait_for()
    alarms.get_by_text("感烟探测器报警").first.wait_for()
    warm = colour()
    assert warm is not None

    page.get_by_role("button", name="历史回放").click()
    bar = page.get_by_role("region", name="历史回放")
    bar.get_by_role("button", name="暂停").click()
    slider = bar.get_by_role("slider", name="回放时刻")
    card.get_by_role("button", name="温度").get_by_text("14.0").wait_for()
    page.get_by_text("没有未结告警").first.wait_for()
    page.wait_for_function("([s, c]) => window.__parktwin.viewer.state.colorOf(s) !== c", arg=[state, warm])
    red, green, _blue = screen.pixel(2, 360)  # the frame around the whole screen
    assert red > 180, (red, green)
    assert green > 120, (red, green)

    slider.focus()
    before = moment(slider)
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function(THREE_MINUTES_BACK, arg=[slider.element_handle(), before])
    page.wait_for_timeout(2500)
    assert 120 <= before - moment(slider) <= 240  # and it stays there
    page.keyboard.press("Space")
    bar.get_by_role("button", name="暂停").wait_for()
    page.keyboard.press("Space")
    bar.get_by_role("button", name="播放").wait_for()
    page.keyboard.press("PageDown")  # a tenth of the day: before anything was heard
    card.get_by_role("button", name="温度").get_by_text("从未收到").wait_for()
    assert colour() != warm

    page.keyboard.press("Escape")
    bar.wait_for(state="detached")
    card.get_by_role("button", name="温度").get_by_text("29.0").wait_for()
    alarms.get_by_text("感烟探测器报警").first.wait_for()
    page.wait_for_function("([s, c]) => window.__parktwin.viewer.state.colorOf(s) === c", arg=[state, warm])
    assert max(screen.pixel(2, 360)) < 120


def test_figures_and_panels_are_of_the_moment(screen: Screen, served: Served) -> None:
    ((source,),) = served.sql(
        "SELECT source FROM point WHERE kind = 'occupancy' AND max >= 40 ORDER BY point_id LIMIT 1"
    )
    topic, now = source.removeprefix("mqtt:"), int(time.time() * 1000)
    for minute in range(62, 48, -1):
        publish(served.folder, topic, 37.0, now - minute * 60_000)
    publish(served.folder, topic, 12.0)
    screen.open("/brain?quality=low")
    page = screen.page
    figure = page.get_by_role("region", name="总览指标").locator("div", has_text="在园人数").last
    panel = page.get_by_role("region", name="在园人员", exact=True)
    figure.get_by_text("12", exact=False).wait_for(timeout=20_000)
    panel.locator("strong", has_text="12").wait_for()

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/indicators?at=" in request.url else None)
    page.get_by_role("button", name="历史回放").click()
    bar = page.get_by_role("region", name="历史回放")
    bar.get_by_role("button", name="暂停").click()
    panel.locator("strong", has_text="37").wait_for(timeout=20_000)
    figure.get_by_text("37", exact=False).wait_for()
    page.wait_for_timeout(3000)
    settled = len(asked)
    page.wait_for_timeout(5000)
    assert len(asked) == settled, "a moment that stands still is asked for once"
    slider = bar.get_by_role("slider", name="回放时刻")
    slider.focus()
    page.keyboard.press("PageDown")  # a tenth of the day: before anybody was counted
    panel.get_by_text("此刻没有有效数据").wait_for(timeout=20_000)

    bar_box, line = bar.bounding_box(), page.get_by_role("region", name="近一小时").bounding_box()
    assert bar_box["y"] + bar_box["height"] <= line["y"], "the timeline stays in sight"
    bar.get_by_role("button", name="返回实时").click()
    panel.locator("strong", has_text="12").wait_for(timeout=20_000)
