"""Dialogs of the page of devices: a Brick file with its report, filters kept as groups."""

from __future__ import annotations

import pytest

from tests.support.browser import sign_in
from tests.support.live_park import many_points, serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dialogs") / "park"
    many_points(folder, 1)
    with serving(folder) as found:
        yield found


@pytest.fixture
def page(browser, small):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    sign_in(context, small.url, small.user, small.password)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{small.url}/devices")
    page.get_by_role("heading", name="设备", exact=True).wait_for()
    yield page
    context.close()
    assert faults == []


BRICK = """
@prefix brick: <https://brickschema.org/schema/Brick#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix b: <http://example.org/b#> .
b:fan a brick:Fan ; rdfs:label "Fan <1>" ; brick:hasPoint b:t .
b:t a brick:Zone_Air_Temperature_Sensor .
b:sys a brick:Hot_Water_System .
"""


def serious(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=".ant-modal").response["violations"]
    return [
        (rule["id"], [node["target"] for node in rule["nodes"]][:3])
        for rule in found
        if rule["impact"] in {"serious", "critical"}
    ]


def test_a_brick_file_is_bound_with_its_report(page, tmp_path):
    (tmp_path / "b.ttl").write_text(BRICK, encoding="utf-8")
    (tmp_path / "b.txt").write_text(BRICK, encoding="utf-8")
    (tmp_path / "wrong.ttl").write_text("no turtle", encoding="utf-8")
    page.get_by_role("button", name="绑定 Brick").click()
    dialog = page.get_by_role("dialog")
    choose = dialog.locator("input[type=file]")
    choose.set_input_files(tmp_path / "b.txt")
    dialog.get_by_role("alert").get_by_text("只接受").wait_for()
    choose.set_input_files(tmp_path / "wrong.ttl")
    dialog.get_by_role("alert").get_by_text("文件不是 Turtle").wait_for()
    choose.set_input_files(tmp_path / "b.ttl")
    report = dialog.get_by_role("table", name="绑定报告")
    report.get_by_role("row", name="Fan <1>").get_by_text("未找到").wait_for()
    assert dialog.get_by_role("button", name="登记 0 台设备").is_disabled()  # the park has no such object
    dialog.get_by_text("未处理 1 项（Hot_Water_System）").wait_for()
    assert serious(page) == []
    dialog.get_by_text("已绑定 0", exact=True).click()
    dialog.get_by_text("没有这一类").wait_for()
    for _ in range(12):  # nothing behind the dialog takes the focus
        page.keyboard.press("Tab")
        outside = "(a => a !== document.body && !a.closest('.ant-modal-root') && a.outerHTML.slice(0, 80))"
        assert not page.evaluate(f"() => {outside}(document.activeElement)")
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")


def test_a_filter_is_kept_as_a_group_and_chosen(page):
    token = page.context.request.get(f"{page.url.split('/devices')[0]}/api/v1/session").json()["csrf"]
    for number in range(3):
        data = {"id": f"d{number}", "name": f"温度计 {number}"}
        made = page.context.request.post(
            f"{page.url.split('/devices')[0]}/api/v1/devices", data=data, headers={"X-CSRF-Token": token}
        )
        assert made.ok, made.text()
    page.reload()
    page.get_by_role("searchbox", name="搜索编号").fill("温度计 1")
    page.get_by_text("1 台设备", exact=True).wait_for()
    page.get_by_role("button", name="存为分组").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("还没有查询分组").wait_for()
    dialog.get_by_text("搜索: 温度计 1").wait_for()
    dialog.get_by_label("编号").fill("hall")
    dialog.get_by_label("名称").fill("大厅温度计")
    dialog.get_by_label("名称").press("Enter")
    dialog.get_by_role("button", name="大厅温度计").wait_for()
    assert serious(page) == []
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    page.get_by_role("button", name="清除筛选").click()
    page.get_by_text("3 台设备", exact=True).wait_for()
    page.get_by_role("button", name="查询分组").click()
    dialog.get_by_role("button", name="大厅温度计").click()
    page.get_by_text("1 台设备", exact=True).wait_for()
    page.get_by_role("button", name="查询分组").click()
    dialog.get_by_role("button", name="删除").click()
    page.locator(".ant-popover:visible").get_by_role("button", name="删除").click()
    dialog.get_by_text("还没有查询分组").wait_for()
