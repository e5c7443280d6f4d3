"""Fingers on the stage of a phone: they turn, push and pinch it, a tap chooses, a long press opens the menu."""

from __future__ import annotations

import math

import pytest

from tests.browser.conftest import Screen
from tests.support.browser import PHONE, sign_in

pytestmark = pytest.mark.slow

HEIGHT = PHONE["viewport"]["height"]
X, Y = 195, 420
"""A place on the stage that no panel covers: the middle of the canvas, which lies under the whole page."""
FRAME = "await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
POSE = """const {position: p, target} = v.camera, d = p.map((c, i) => c - target[i]), distance = Math.hypot(...d)
return {distance, target, azimuth: Math.atan2(d[0], d[1]), elevation: Math.asin(d[2] / distance)}"""


class Fingers:
    """Touches as the browser gets them from the screen."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.session = screen.page.context.new_cdp_session(screen.page)

    def send(self, kind, *points):
        places = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    def drag(self, *ways, steps=10):
        """Each finger from its first place to its second, a frame a step; what the camera did to be at rest again."""
        before = self.screen.run(POSE)
        self.send("touchStart", *(start for start, _ in ways))
        for step in range(1, steps + 1):
            share = step / steps
            self.send("touchMove", *((a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in ways))
            self.screen.run(f"{FRAME}; return 0")
        self.send("touchEnd")
        self.screen.run("await t.idle(); return 0")
        return before, self.screen.run(POSE)


@pytest.fixture(scope="module")
def phone(browser, served):
    context = sign_in(browser.new_context(**PHONE), served.url, served.user, served.password)
    faults = []
    screen = Screen(context.new_page(), served)
    screen.page.on("pageerror", lambda error: faults.append(str(error)))
    screen.open("/brain?quality=low")
    screen.run("window.told = []; v.on('pick', ({pick}) => told.push(pick?.gid ?? null)); return 0")
    yield screen
    context.close()
    assert faults == []


@pytest.fixture
def fingers(phone):
    # What an earlier test chose has a card that lies over the stage.
    for _ in range(2):
        phone.page.keyboard.press("Escape")
    phone.page.get_by_role("complementary", name="对象信息").wait_for(state="hidden")
    phone.run(
        "await v.setCamera({position: [-150, -330, 210], target: [0, 10, 0]}, 0); await t.idle(); told.length = 0; return 0"
    )
    return Fingers(phone)


def test_one_finger_turns_the_park_and_chooses_nothing(fingers):
    before, after = fingers.drag(((X, Y), (X + 80, Y - 40)))
    # The height of the stage is one whole turn.
    turned = math.remainder(after["azimuth"] - before["azimuth"], math.tau)
    assert turned == pytest.approx(math.tau * 80 / HEIGHT, rel=0.03)
    assert before["elevation"] - after["elevation"] == pytest.approx(math.tau * 40 / HEIGHT, rel=0.03)
    assert after["distance"] == pytest.approx(before["distance"], rel=1e-6)
    assert after["target"] == pytest.approx(before["target"], abs=1e-3)
    assert fingers.screen.run("return told") == []


def test_two_fingers_push_the_ground_along(fingers):
    before, after = fingers.drag(((X - 40, Y), (X + 20, Y + 40)), ((X + 40, Y), (X + 100, Y + 40)))
    # The controls take one event a frame, and so see one finger a step before the other.
    assert after["distance"] == pytest.approx(before["distance"], rel=0.05)
    assert [after[way] for way in ("azimuth", "elevation")] == pytest.approx(
        [before[way] for way in ("azimuth", "elevation")]
    )
    metre = HEIGHT / (2 * before["distance"] * math.tan(math.radians(20)))
    right = [-math.cos(before["azimuth"]), math.sin(before["azimuth"])]
    way = [a - b for a, b in zip(after["target"], before["target"], strict=True)]
    # What was in the middle is now right of it and nearer: the eye went to the left and away.
    assert way[0] * right[0] + way[1] * right[1] == pytest.approx(-60 / metre, rel=0.12)
    assert -way[0] * math.sin(before["azimuth"]) - way[1] * math.cos(before["azimuth"]) == pytest.approx(
        40 / metre, rel=0.12
    )
    assert abs(way[2]) < 0.5
    assert fingers.screen.run("return told") == []


def test_a_pinch_comes_as_near_as_the_fingers_part_and_keeps_what_is_between_them(fingers):
    middle = (X + 60, Y + 30)
    between = fingers.screen.run("return v.pick(a[0], a[1]).point", middle)
    ways = [((middle[0] + side * 50, middle[1]), (middle[0] + side * 100, middle[1])) for side in (-1, 1)]
    before, after = fingers.drag(*ways)
    assert after["distance"] / before["distance"] == pytest.approx(0.5, abs=0.12)
    assert [after[way] for way in ("azimuth", "elevation")] == pytest.approx(
        [before[way] for way in ("azimuth", "elevation")]
    )
    assert math.dist(fingers.screen.run("return v.toScreen(a)", between), middle) < 12
    back = [tuple(reversed(way)) for way in ways]
    _, again = fingers.drag(*back)
    assert again["distance"] == pytest.approx(before["distance"], rel=0.05)


def test_a_tap_chooses_what_stands_there_and_two_fingers_choose_nothing(fingers):
    # The tower's front, from near enough that no label lies on it.
    fingers.screen.run(
        "await v.setCamera({position: [-30, -60, 40], target: [0, 60, 20]}, 0); await t.idle(); return 0"
    )
    gid = fingers.screen.run("return v.pick(a[0], a[1]).gid", [X, Y])
    assert gid.startswith("a1/")
    fingers.send("touchStart", (X, Y), (X + 80, Y))
    fingers.send("touchEnd")
    fingers.send("touchStart", (X, Y))
    fingers.send("touchEnd")
    fingers.screen.page.wait_for_function("told.length > 0")
    assert fingers.screen.run("return told") == [gid]
    fingers.screen.page.get_by_role("complementary", name="对象信息").wait_for()
    fingers.screen.page.keyboard.press("Escape")


def test_a_long_press_opens_the_menu_of_what_stands_there(fingers):
    page = fingers.screen.page
    fingers.screen.run("window.menus = []; v.on('contextmenu', ({pick}) => menus.push(pick?.gid ?? null)); return 0")
    gid = fingers.screen.run("return v.pick(a[0], a[1]).gid", [X, Y])
    fingers.send("touchStart", (X, Y))
    page.get_by_role("menuitem", name="隐藏").wait_for()
    fingers.send("touchEnd")
    fingers.screen.run(f"{FRAME}; return 0")
    assert fingers.screen.run("return [menus, told]") == [[gid], []]
    state = fingers.screen.card(gid)["state"]
    page.get_by_role("menuitem", name="隐藏").tap()
    page.wait_for_function("(state) => window.__parktwin.viewer.state.flags(state) & 2", arg=state)
    page.keyboard.press("Escape")
