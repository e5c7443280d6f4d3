"""A point on an object's card: commands and their outcome, its curve read and zoomed, its samples corrected."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import paho.mqtt.client as mqtt
import pytest

from tests.support.browser import sign_in
from tests.support.live_park import many_points, serving

pytestmark = pytest.mark.slow
CONNECTOR = '\n[[connectors]]\nkind = "mqtt"\nname = "park"\n[connectors.command]\nreply = "{address}/reply"\n'
POINT, TOPIC = "p000000", "live/p000000"
MINUTE = 60_000
TOO_WARM = 28
SAMPLES, GAP, BAD = 100, range(40, 60), 80
"""One a minute, with a gap and one that is unusable."""


class Device:
    """A valve that takes set values, says so, and refuses to be too warm. It waits while `held` is set."""

    def __init__(self, folder: Any) -> None:
        door = json.loads((folder / "broker" / "door.json").read_text(encoding="utf-8"))
        self.held = threading.Event()
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self.client.username_pw_set(door["user"], door["password"])
        self.client.on_message = self._take
        self.client.connect(door["host"], door["mqtt_port"])
        self.client.subscribe(f"{TOPIC}/set", 1)
        self.client.loop_start()

    def say(self, value: float | None, at: int | None = None, quality: int = 0) -> None:
        """One reading; returns when the broker has it."""
        told = {"v": value, "q": quality, **({} if at is None else {"t": at})}
        self.client.publish(TOPIC, json.dumps(told), qos=1)

    def _take(self, _client: Any, _data: Any, message: Any) -> None:
        threading.Thread(target=self._answer, args=(json.loads(message.payload)["v"],)).start()

    def _answer(self, value: float) -> None:
        while self.held.is_set():
            time.sleep(0.02)
        warm = value > TOO_WARM
        reply = {"error": "above the plant's limit"} if warm else {"v": value}
        self.client.publish(f"{TOPIC}/reply", json.dumps(reply), qos=1)
        if not warm:
            self.say(value)


@pytest.fixture(scope="module")
def valve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Device, int]]:
    """(served park, its device, the time of the first of its samples)."""
    folder = tmp_path_factory.mktemp("valve") / "park"
    columns = {"unit": "°C", "min": "16", "max": "30", "role": "setpoint"}
    many_points(folder, 2, settings=CONNECTOR, **columns)
    with serving(folder) as found:
        device = Device(folder)
        first = int(time.time() * 1000) // MINUTE * MINUTE - SAMPLES * MINUTE
        for number in range(SAMPLES):
            if number == BAD:
                device.say(None, first + number * MINUTE, 2)
            elif number not in GAP:
                device.say(20 + number / 50, first + number * MINUTE)
        yield found, device, first
        device.client.loop_stop()


@pytest.fixture
def card(browser: Any, valve: Any) -> Iterator[Any]:
    """The card of the valve's room, with the row of the point open."""
    served, _device, _first = valve
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    sign_in(context, served.url, served.user, served.password)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{served.url}/brain?gid=a1/s0-r0")
    shown = page.get_by_role("complementary", name="对象信息")
    shown.get_by_role("button", name="温度 · 设定值").click()
    yield shown
    context.close()
    assert faults == []


def serious(page: Any, scope: str) -> list[Any]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=scope).response["violations"]
    return [
        (rule["id"], [node["target"] for node in rule["nodes"]][:3])
        for rule in found
        if rule["impact"] in {"serious", "critical"}
    ]


def test_what_was_asked_for_stands_beside_what_the_device_says(card: Any, valve: Any) -> None:
    _served, device, _first = valve
    ask, status = card.get_by_label("新的设定值"), card.locator("[data-state]")
    device.held.set()
    ask.fill("24.5")
    ask.press("Enter")
    card.get_by_text("下发值 24.5 °C · 已发送，等待确认").wait_for()
    assert card.get_by_role("button", name="下发").is_disabled()  # one at a time
    assert card.get_by_role("button", name="撤销").is_enabled()
    device.held.clear()
    card.get_by_text("下发值 24.5 °C · 设备已确认").wait_for()
    card.get_by_role("button", name="温度 · 设定值").get_by_text("24.5").wait_for()
    ask.fill("29")
    ask.press("Enter")
    card.get_by_text("下发值 29.0 °C · 被拒绝").wait_for()
    assert "above the plant's limit" in status.inner_text()
    assert status.get_attribute("data-state") == "refused"
    card.get_by_role("button", name="温度 · 设定值").get_by_text("24.5").wait_for()  # the device's value, not the wish
    ask.fill("40")  # beyond the point's range: the field holds it at the limit
    ask.press("Tab")
    assert ask.input_value() == "30"


def test_the_curve_is_read_and_zoomed_by_keys_and_pointer(card: Any, valve: Any) -> None:
    _served, _device, first = valve
    chart = card.get_by_role("img", name="温度 的 6 时曲线")
    chart.wait_for()
    notes = card.get_by_text("处中断")
    notes.wait_for()
    assert "有无效样本" in notes.inner_text()
    chart.focus()
    page = card.page
    page.keyboard.press("Home")
    row = card.get_by_role("status").filter(has_text=":00 20.0 °C")
    row.wait_for()
    page.keyboard.press("ArrowRight")
    card.get_by_role("status").filter(has_text="20.0 °C").wait_for()
    for _ in range(SAMPLES):
        if "异常" in card.locator("p[role=status]").last.inner_text():
            break
        page.keyboard.press("ArrowRight")
    else:
        raise AssertionError("no sample of the curve is told as unusable")
    page.keyboard.press("+")
    card.get_by_role("button", name="还原").wait_for()
    page.keyboard.press("Escape")
    card.get_by_role("button", name="还原").wait_for(state="detached")
    assert card.is_visible()  # Escape left the zoom, not the card
    box = chart.bounding_box()
    with page.expect_request(lambda request: "/history/plot" in request.url) as asked:
        page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 40, steps=3)
        page.mouse.up()
    span = {key: int(value) for key, value in (one.split("=") for one in asked.value.url.split("?")[1].split("&")) if key in {"from", "to"}}  # fmt: skip
    assert 10 * MINUTE < span["to"] - span["from"] < 90 * MINUTE, (span, first)
    card.get_by_text("1 年", exact=True).click()
    card.get_by_text("还原").wait_for(state="detached")
    assert serious(page, "aside") == []


def test_samples_are_corrected_with_a_reason_and_back(card: Any, valve: Any) -> None:
    served, _device, first = valve
    page = card.page
    card.get_by_role("button", name="明细与修正").click()
    dialog = page.get_by_role("dialog")
    rows = dialog.get_by_role("listbox", name="样本")
    rows.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowDown")
    send = dialog.get_by_role("button", name="修正 2 个样本")
    assert send.is_disabled()
    dialog.get_by_label("数值").fill("18.5")
    assert send.is_disabled()  # a reason is asked for
    dialog.get_by_label("原因").fill("探头校准")
    dialog.get_by_label("原因").press("Enter")
    first_row = rows.get_by_role("option").first
    first_row.get_by_text("18.5 °C (原值 20.0)").wait_for()
    made = dialog.get_by_role("list", name="修正记录").get_by_role("listitem")
    assert all(word in made.inner_text() for word in ("改为 18.5 °C", "探头校准", "admin", "2 个样本"))
    asked = f"{served.url}/api/v1/history/samples?point_id={POINT}&from={first}&to={first + 3 * MINUTE}"
    assert page.context.request.get(asked).json()["value"][0] == 18.5

    rows.get_by_role("option").nth(1).click()  # already corrected: refused, and said where one reads it
    dialog.get_by_text("剔除", exact=True).click()
    dialog.get_by_label("原因").fill("again")
    dialog.get_by_label("原因").press("Enter")
    dialog.get_by_role("alert").get_by_text("在该时段内有效").wait_for()
    assert serious(page, ".ant-modal") == []

    made.get_by_role("button", name="撤销").click()
    page.locator(".ant-popover:visible").get_by_role("button", name="撤销").click()
    made.get_by_text("admin 于", exact=False).nth(1).wait_for()
    first_row.get_by_text("20.0 °C", exact=True).wait_for()
    assert page.context.request.get(asked).json()["value"][0] == 20.0
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")


def test_without_samples_the_chart_says_so(card: Any) -> None:
    page = card.page
    page.goto(page.url.replace("s0-r0", "s0-r1"))
    card.get_by_role("button", name="温度 · 设定值").click()
    card.get_by_text("还没有历史数据").wait_for()
    card.get_by_text("收到数据后，这里会画出曲线").wait_for()
