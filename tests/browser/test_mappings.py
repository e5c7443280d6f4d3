"""The page of the mapping: an address that speaks is tried, bound, changed and removed."""

from __future__ import annotations

import pytest
import yaml

pytestmark = pytest.mark.slow
TOPIC = "park/unbound/boiler"


@pytest.fixture
def free_point(screen):
    """A temperature of the park, in °C."""
    columns = screen.api("/points")
    return next(
        point
        for point, kind, unit in zip(columns["point_id"], columns["kind"], columns["unit"], strict=True)
        if kind == "temperature" and unit == "°C"
    )


def choose(page, label, text):
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    page.locator(".ant-select-dropdown:visible .ant-select-item-option-active").first.wait_for()
    field.press("Enter")  # the list still unfolds: what is clicked in it moves


def test_a_candidate_is_tried_bound_changed_and_removed(screen, free_point):
    page, served = screen.page, screen.served
    served.publish(TOPIC, 98.6)
    page.goto(f"{served.url}/admin/mappings")
    page.get_by_text("还没有地址映射").wait_for()
    row = page.get_by_role("row", name=TOPIC)
    row.wait_for()
    assert "98.6" in row.inner_text()
    row.get_by_role("button", name="绑定").click()
    dialog = page.get_by_role("dialog")
    preview = dialog.get_by_test_id("mapping-preview")

    preview.get_by_text("未选择测点").wait_for()
    choose(page, "测点", free_point)
    preview.get_by_text("98.6 °C").wait_for()
    choose(page, "单位", "kWh")
    preview.get_by_text("'kWh' 不能换算为 '°C'").wait_for()
    dialog.get_by_role("button", name="保存").click()
    page.get_by_text("不能换算为").nth(1).wait_for()  # refused, and the dialog stays
    choose(page, "单位", "°F")
    preview.get_by_text("37.0 °C").wait_for()
    dialog.get_by_role("button", name="保存").click()
    dialog.wait_for(state="detached")
    file = served.folder / "mappings.yaml"
    (entry,) = yaml.safe_load(file.read_text(encoding="utf-8"))
    (connector,) = screen.api("/connectors")["items"]
    assert entry == {"connector": connector["name"], "address": TOPIC, "point": free_point, "unit": "°F"}
    row.get_by_role("button", name="绑定").wait_for(state="detached")

    served.publish(TOPIC, 68)
    page.get_by_role("button", name="编辑映射").click()
    preview.get_by_text("20.0 °C").wait_for()
    page.get_by_label("偏移", exact=True).fill("18")
    preview.get_by_text("30.0 °C").wait_for()
    dialog.get_by_role("button", name="保存").click()
    dialog.wait_for(state="detached")
    page.get_by_role("cell", name="+ 18 °F").wait_for()

    page.get_by_role("button", name="删除").click()
    page.locator(".ant-popover:visible").get_by_role("button", name="删除").click()
    page.get_by_text("还没有地址映射").wait_for()
    assert yaml.safe_load(file.read_text(encoding="utf-8")) is None
    actions = [row["action"] for row in screen.api("/audit?action=mapping")["items"]]
    assert actions == ["mapping.remove", "mapping.save", "mapping.save"]
