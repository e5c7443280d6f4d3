"""Taking objects away: what is chosen on the stage is what the downloaded file holds."""

from __future__ import annotations

import csv
import json
import struct

import ifcopenshell
import pytest

pytestmark = pytest.mark.slow


def choose(screen, wanted):
    """Click `wanted` objects of the building a1 where they are seen, all but the first with Ctrl held; their gids."""
    roof = screen.served.sql("SELECT gid FROM object WHERE layer = 'a1' ORDER BY max_z DESC NULLS LAST LIMIT 1")[0][0]
    screen.run("await v.flyTo(a, {duration: 0}); await t.idle(); return 0", screen.card(roof)["box"])
    chosen = []
    for x in range(460, 820, 24):
        for y in range(200, 520, 24):
            pick = screen.run("return v.pick(a[0], a[1])", [x, y])
            if not pick or pick["layer"] != "a1" or pick["gid"] in chosen:
                continue
            if chosen:
                screen.page.keyboard.down("Control")
            screen.page.mouse.click(x, y)
            screen.page.keyboard.up("Control")
            chosen.append(pick["gid"])
            if len(chosen) == wanted:
                return chosen
    raise AssertionError(f"only {len(chosen)} objects of a1 are seen: expected {wanted}")


def take(screen, scope, form):
    """Export through the dialog, which is open afterwards; the path of the download."""
    dialog = screen.page.get_by_role("dialog")
    if not dialog.is_visible():
        screen.page.get_by_role("toolbar").get_by_role("button", name="导出").click()
    dialog.get_by_role("radio", name=scope).check()
    dialog.get_by_role("radio", name=form).check()
    with screen.page.expect_download() as download:
        dialog.get_by_role("button", name="导出").last.click()
    return download.value.path()


def gids_of_glb(path):
    data = path.read_bytes()
    (size,) = struct.unpack_from("<I", data, 12)
    return {
        node["extras"]["gid"] for node in json.loads(data[20 : 20 + size])["nodes"] if "gid" in node.get("extras", {})
    }


def test_chosen_objects_as_ifc_and_glb(screen):
    screen.open("/brain")
    chosen = choose(screen, 3)
    screen.page.get_by_text("已选 3 个对象", exact=False).wait_for()

    model = ifcopenshell.open(str(take(screen, "所选 3 个对象", "IFC")))
    assert model.schema.startswith("IFC4")
    ids = {gid.partition("/")[2] for gid in chosen}
    shaped = {product.GlobalId for product in model.by_type("IfcElement") if product.Representation}
    assert ids <= shaped
    # What a chosen element has openings or fillings of comes along with it, nothing else.
    brought = {rel.RelatedOpeningElement for rel in model.by_type("IfcRelVoidsElement")}
    brought |= {rel.RelatedBuildingElement for rel in model.by_type("IfcRelFillsElement")}
    assert shaped - ids <= {product.GlobalId for product in brought}

    assert gids_of_glb(take(screen, "所选 3 个对象", "GLB")) == set(chosen)


def test_the_visible_after_isolating_and_one_class(screen):
    screen.open("/brain")
    chosen = choose(screen, 2)
    screen.page.get_by_role("complementary", name="对象信息").get_by_role("button", name="隔离").click()
    assert gids_of_glb(take(screen, "当前隔离的对象", "GLB")) == set(chosen)
    screen.page.get_by_role("dialog").get_by_role("button", name="关闭").last.click()

    screen.page.keyboard.press("Escape")
    screen.page.get_by_role("toolbar").get_by_role("button", name="导出").click()
    dialog = screen.page.get_by_role("dialog")
    dialog.get_by_role("radio", name="整个场景").check()
    dialog.get_by_role("combobox", name="类型").fill("Door")
    screen.page.locator(".ant-select-item-option-active").filter(has_text="Door").wait_for()
    screen.page.keyboard.press("Enter")
    dialog.locator(".ant-select-content, .ant-select-selection-item").filter(has_text="Door").first.wait_for()
    with take(screen, "整个场景", "CSV").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    doors = {row[0] for row in screen.served.sql("SELECT gid FROM object WHERE type = 'Door'")}
    assert doors
    assert {row[0] for row in rows} == doors
