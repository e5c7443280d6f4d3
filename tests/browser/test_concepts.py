"""From an object's card to its type's: the members are told, lit alone, and found again by address and search."""

from __future__ import annotations

import urllib.parse

import pytest

pytestmark = pytest.mark.slow


def test_a_type_shows_its_members(screen):
    gid, concept, name = screen.served.sql(
        "SELECT r.source, r.target, c.name FROM relation r JOIN concept c ON c.gid = r.target"
        " WHERE r.layer = 'a1' AND r.kind = 'typed_by' AND c.ifc_class = 'IfcDoorType' ORDER BY c.name LIMIT 1"
    )[0]
    doors = {
        row[0]
        for row in screen.served.sql(f"SELECT source FROM relation WHERE target = '{concept}' AND kind = 'typed_by'")
    }
    screen.open(f"/brain?gid={urllib.parse.quote(gid, safe='')}")
    page = screen.page
    page.get_by_role("complementary", name="对象信息").get_by_role("button", name=name).first.click()
    card = page.get_by_role("complementary", name="类型、系统、分区、材料等信息")
    card.get_by_text(f"所属对象 {len(doors)} 个").wait_for()
    card.get_by_role("button", name="隔离").last.click()
    known = screen.api(f"/concepts/card?gid={urllib.parse.quote(concept, safe='')}")["members"]
    states = [s for one in known["types"] for first, last in one["ranges"] for s in range(first, last + 1)]
    assert len(states) == len(doors)
    kept = screen.run("await t.idle(); return a.map((s) => v.state.solid(s))", states)
    assert all(kept)
    other = screen.card(screen.served.sql("SELECT gid FROM object WHERE layer = 'a1' AND type = 'Wall' LIMIT 1")[0][0])
    assert screen.run("return v.state.solid(a)", other["state"]) is False
    assert f"concept={urllib.parse.quote(concept, safe='')}" in page.url

    card.get_by_role("button", name="全部选中").click()
    card.get_by_role("button", name="关闭").click()
    page.get_by_text(f"已选 {len(doors)} 个对象").wait_for()
    page.get_by_role("complementary", name="对象信息").get_by_role("button", name=name).first.click()
    card.wait_for()

    page.reload()
    card.get_by_text(f"所属对象 {len(doors)} 个").wait_for()
    card.get_by_role("button", name="关闭").click()
    page.get_by_role("combobox", name="搜索对象").fill(name)
    page.locator(".ant-select-item-option", has_text="类型 · a1").first.click()
    card.get_by_role("heading", name=name).wait_for()
