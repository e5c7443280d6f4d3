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
