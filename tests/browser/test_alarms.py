"""The alarm panel and its desk: states, acknowledge, shelve, groups and figures, by pointer and by keys."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.conftest import Screen, Served
from tests.support.browser import PATIENCE_MS
from tests.support.device import publish

pytestmark = pytest.mark.slow


@pytest.fixture
def raised(served: Served) -> Iterator[list[str]]:
    """Two smoke detectors in alarm; their point ids. Afterwards they are quiet again."""
    rows = served.sql("SELECT point_id, source FROM point WHERE kind = 'smoke' ORDER BY point_id LIMIT 2")
    topics = [source.removeprefix("mqtt:") for _name, source in rows]
    for topic in topics:
        publish(served.folder, topic, 1.0)
    yield [name for name, _source in rows]
    for topic in topics:
        publish(served.folder, topic, 0.0)


def open_alarms(screen: Screen, state: str = "open") -> dict[str, Any]:
    return {row["point_id"]: row for row in screen.api(f"/alarms?state={state}")["items"]}


def until(screen: Screen, done: Callable[[], bool]) -> None:
    """Wait until the server says so."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not done():
        assert time.monotonic() < deadline, "the server did not come to it"
        screen.page.wait_for_timeout(50)


def test_the_desk_from_a_raised_alarm_to_its_shelf(screen: Screen, raised: list[str]) -> None:
    screen.open("/brain?quality=low")
    page = screen.page
    until(screen, lambda: set(raised) <= set(open_alarms(screen)))
    page.get_by_role("button", name="告警管理").click()
    desk = page.get_by_role("dialog", name="告警管理")
    listed = desk.get_by_role("list", name="未结")
    listed.get_by_role("checkbox").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+a")
    boxes = listed.get_by_role("checkbox")
    assert all(box.is_checked() for box in boxes.all())
    desk.get_by_label("处置说明").fill("已派人")
    desk.get_by_label("处置说明").press("Enter")
    until(screen, lambda: set(raised) <= set(open_alarms(screen, "acknowledged")))
    assert {row["comment"] for row in open_alarms(screen).values() if row["point_id"] in raised} == {"已派人"}
    listed.get_by_text("已确认").first.wait_for()

    first = open_alarms(screen)[raised[0]]
    boxes.nth([row["point_id"] for row in screen.api("/alarms?state=open")["items"]].index(raised[0])).check()
    form = desk.get_by_role("form")
    form.get_by_text("搁置", exact=True).first.click()
    send = form.get_by_role("button", name="搁置")
    assert send.is_disabled()  # a reason is asked for
    desk.get_by_label("原因（必填）").fill("探测器检修")
    send.click()
    until(screen, lambda: len(screen.api("/alarms/holds")) == 1)
    (hold,) = screen.api("/alarms/holds")
    assert (hold["reason"], hold["kind"], hold["rule"]) == ("探测器检修", "shelved", first["rule"])

    desk.get_by_role("tab", name="已屏蔽").click()
    desk.get_by_text("探测器检修").first.wait_for()
    desk.get_by_role("button", name="恢复").click()
    until(screen, lambda: len(screen.api("/alarms/holds")) == 0)
    desk.get_by_text("没有屏蔽中的告警").wait_for()

    desk.get_by_role("tab", name="分组").click()
    desk.get_by_role("list", name="分组").get_by_text("感烟探测器报警").wait_for()
    desk.get_by_text("对象", exact=True).click()
    desk.get_by_role("list", name="分组").get_by_role("listitem").first.wait_for()
    desk.get_by_role("tab", name="统计").click()
    desk.get_by_text("GK").wait_for()
    desk.get_by_text("最频繁的十条").wait_for()
    name = next(row["name"] for row in screen.api("/alarms?state=open")["items"] if row["point_id"] == raised[0])
    cell = desk.get_by_role("cell", name=name)  # by name; the id is its tooltip
    assert cell.get_attribute("title") == raised[0]
    desk.get_by_role("cell", name="感烟探测器报警").first.wait_for()
    assert desk.get_by_label("在岗人数").input_value() == "1"
    page.keyboard.press("Escape")
    desk.wait_for(state="hidden")
