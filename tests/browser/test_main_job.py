"""Ingest, serve, open, pick, and see a device's change as a changed pixel."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


def test_the_renderer_is_mesa(screen):
    screen.open("/brain")
    name = screen.run(
        "const g = v.canvas.getContext('webgl2'); return g.getParameter(g.getExtension('WEBGL_debug_renderer_info').UNMASKED_RENDERER_WEBGL)"
    )
    assert "llvmpipe" in name


def test_signing_in_opens_the_brain(browser, served):
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{served.url}/brain")
    page.wait_for_url("**/login**")
    page.get_by_label("用户名").fill(served.user)
    page.get_by_label("密码").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").first.wait_for()
    page.get_by_label("密码").fill(served.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/brain**")
    page.wait_for_selector("canvas")
    context.close()


def test_a_picked_object_is_the_databases_object(screen):
    screen.open("/brain?quality=low")
    found = {}
    for x in range(420, 880, 40):
        for y in range(180, 560, 40):
            pick = screen.run("return v.pick(a[0], a[1])", [x, y])
            if pick:
                found[pick["gid"]] = (pick, x, y)
    assert len(found) >= 10
    ids = ", ".join(f"'{gid}'" for gid in found)
    rows = {
        row[0]: row[1:]
        for row in screen.served.sql(
            "SELECT o.gid, o.name, o.layer, l.base + o.ordinal, coalesce(o.ifc_class, o.type) FROM object o"
            f" JOIN layer l ON l.layer = o.layer WHERE o.gid IN ({ids})"
        )
    }
    for gid, (pick, _, _) in found.items():
        name, layer, state, kind = rows[gid]
        assert (pick["name"], pick["layer"], pick["state"], pick["class"]) == (name or "", layer, state, kind)


def test_a_click_shows_what_it_is(screen):
    screen.open("/brain?quality=low")
    gid = screen.served.sql(
        "SELECT gid FROM object WHERE layer = 'a1' AND type = 'Slab' AND predefined_type = 'ROOF' OR type = 'Roof' ORDER BY max_z DESC LIMIT 1"
    )[0][0]
    box = screen.card(gid)["box"]
    screen.run("await v.flyTo(a, {duration: 0}); await t.idle(); return 0", box)
    view = screen.page.viewport_size
    x, y = view["width"] // 2, view["height"] // 2
    pick = screen.run("return v.pick(a[0], a[1])", [x, y])
    assert pick, "nothing stands in the middle of the view"
    screen.page.mouse.click(x, y)
    card = screen.card(pick["gid"])
    screen.page.get_by_text(card["name"] or card["gid"], exact=True).first.wait_for()
    rows = screen.served.sql(f"SELECT name, value FROM property WHERE gid = '{pick['gid']}' AND value <> '' LIMIT 3")
    for _, value in rows:
        screen.page.get_by_text(value, exact=False).first.wait_for()


def test_a_devices_change_arrives_as_a_changed_pixel(screen):
    point, gid, address = screen.served.sql(
        "SELECT p.point_id, p.gid, p.source FROM point p JOIN object o ON o.gid = p.gid"
        " WHERE p.kind = 'bay_occupied' AND o.layer = 'parking' ORDER BY p.point_id LIMIT 1"
    )[0]
    topic = address.removeprefix("mqtt:")
    screen.served.publish(topic, 0)
    screen.open("/brain?theme=parking&quality=low")
    card = screen.card(gid)
    x0, y0, _, x1, y1, z1 = card["box"]
    middle = [(x0 + x1) / 2, (y0 + y1) / 2, z1]
    screen.run(
        "await v.setCamera({position: [a[0], a[1] - 0.5, a[2] + 14], target: a}, 0); await t.idle(); return 0", middle
    )
    view = screen.page.viewport_size
    x, y = view["width"] // 2, view["height"] // 2
    assert screen.run("return v.pick(a[0], a[1])?.gid", [x, y]) == gid
    wait = "(a) => window.__parktwin.viewer.state.colorOf(a[0]) !== a[1]"
    screen.page.wait_for_function(wait, arg=[card["state"], None])
    free = screen.run("await t.idle(); return v.state.colorOf(a)", card["state"])
    before = screen.pixel(x, y)
    screen.served.publish(topic, 1)
    screen.page.wait_for_function(wait, arg=[card["state"], free])
    taken = screen.run("await t.idle(); return v.state.colorOf(a)", card["state"])
    after = screen.pixel(x, y)
    assert taken != free
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) > 24, (before, after)
    latest = next(row for row in screen.card(gid)["points"] if row["point_id"] == point)
    assert latest["value"] == 1


@pytest.mark.parametrize("path", ["/brain", "/planning", "/review", "/admin"])
def test_every_screen_opens_without_serious_findings(screen, path):
    from axe_playwright_python.sync_playwright import Axe

    screen.page.goto(f"{screen.served.url}{path}")
    screen.page.wait_for_load_state("networkidle")
    screen.page.wait_for_selector("main, [role=main]")
    serious = [
        (rule["id"], [node["target"] for node in rule["nodes"]][:3])
        for rule in Axe().run(screen.page).response["violations"]
        if rule["impact"] in {"serious", "critical"}
    ]
    assert serious == []
