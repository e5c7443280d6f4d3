"""A phone held upright: nothing sticks out, the stage takes touches, what is urgent is near."""

from __future__ import annotations

import pytest

from tests.support.browser import PHONE, sign_in

pytestmark = pytest.mark.slow
WIDTH, HEIGHT = PHONE["viewport"].values()
OUTSIDE = """(width) => [...document.querySelectorAll('header *, main button, footer button, section')].filter((e) => {
  const box = e.getBoundingClientRect()
  if (box.width === 0 || box.right <= width + 1) return false
  for (let p = e.parentElement; p; p = p.parentElement) if (/auto|scroll|hidden/.test(getComputedStyle(p).overflowX)) return false
  return true
}).map((e) => e.outerHTML.slice(0, 80))"""


@pytest.fixture
def phone(browser, served):
    context = sign_in(browser.new_context(**PHONE), served.url, served.user, served.password)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def ready(page, served, path):
    page.goto(f"{served.url}{path}")
    page.wait_for_function("() => Boolean(window.__parktwin)")
    page.evaluate("() => window.__parktwin.idle()")


@pytest.mark.parametrize("path", ["/brain", "/planning", "/review", "/devices", "/admin/users", "/admin/connections"])
def test_nothing_sticks_out(phone, served, path):
    phone.goto(f"{served.url}{path}")
    phone.wait_for_load_state("networkidle")
    phone.wait_for_selector("main, [role=main]")
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= WIDTH
    assert phone.evaluate("document.querySelector('main').clientWidth") <= WIDTH
    assert phone.evaluate(OUTSIDE, WIDTH) == []


def test_the_wall_is_a_stage_to_touch_above_panels_to_scroll(phone, served):
    ready(phone, served, "/brain?quality=low&debug")
    middle = phone.locator("main").bounding_box()
    assert middle["height"] > 300
    assert middle["width"] > 350
    alarms = phone.get_by_role("heading", name="告警").first
    alarms.scroll_into_view_if_needed()
    assert 0 <= alarms.bounding_box()["y"] < HEIGHT
    last = phone.get_by_role("heading", name="在园人员").first
    last.scroll_into_view_if_needed()
    assert 0 <= last.bounding_box()["y"] < HEIGHT
    sizes = phone.evaluate(
        "() => [...document.querySelectorAll('main *, section *')].filter((e) => e.childNodes.length && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).map((e) => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 11


def test_a_tap_on_the_stage_chooses_what_stands_there(phone, served):
    ready(phone, served, "/brain?quality=low&debug")
    box = phone.locator("main").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    assert phone.evaluate("([x, y]) => window.__parktwin.viewer.pick(x, y) !== null", [x, y])
    phone.touchscreen.tap(x, y)
    phone.get_by_role("complementary", name="对象信息").wait_for()
    card = phone.get_by_role("complementary", name="对象信息").bounding_box()
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= WIDTH


COVERED = """() => [...document.querySelectorAll('button, input, a, [role=tab], [role=slider]')].filter((e) => {
  const {x, y, width, height} = e.getBoundingClientRect(), [left, top] = [x + width / 2, y + height / 2]
  if (width < 1 || left < 0 || left >= innerWidth || top < 0 || top >= innerHeight) return false
  const above = document.elementFromPoint(left, top)
  return !(above && (e.contains(above) || above.contains(e)))
}).map((e) => e.outerHTML.slice(0, 100))"""


def test_planning_has_room_for_its_controls_and_all_of_its_table(phone, served):
    ready(phone, served, "/planning?quality=low&debug")
    assert phone.evaluate(COVERED) == []
    stage = phone.locator("canvas").first.bounding_box()
    assert stage["height"] > 300
    # The page scrolls as a whole: a table that scrolled by itself would be a slit below the stage.
    table = phone.get_by_role("table")
    last = table.get_by_role("row").last
    last.scroll_into_view_if_needed()
    assert last.bounding_box()["y"] < HEIGHT
    inner = phone.evaluate(
        "() => { const e = document.querySelector('table').parentElement; return [e.scrollHeight, e.clientHeight] }"
    )
    assert inner[0] <= inner[1] + 1
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= WIDTH
