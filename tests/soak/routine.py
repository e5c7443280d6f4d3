"""What people do at a wall all day, as one round that ends where it began."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

HOME = [-150, -330, 210, 0, 10, 0]
TOUR = ([180, -220, 120, 40, 0, 5], [60, 240, 90, 0, 20, 5], [-40, -60, 25, 0, 0, 8], [-230, 90, 160, -20, 0, 0])
"""Eye and target of each stop, park metres: from all sides, once close enough for the finest tiles."""
THEMES = ("temperature", "people", "power", "air", "parking", "overview")
PANELS = ("m", "v", "k", "p", "j", "l")
"""Keys that open a tool or its panel, and close it again."""
LAYERS = ("a1", "parking")
WAIT_MS = 30_000


@dataclass
class Wall:
    """The brain page of a served park. round: one pass over everything; each act leaves the wall as it found it.

    brief: fewer stops, themes and panels, so that many rounds fit into a minute.
    """

    page: Any
    brief: bool = False

    def open(self, url: str) -> None:
        self.page.goto(f"{url}/brain?debug&quality=low")
        self.page.wait_for_function("() => Boolean(window.__parktwin)", timeout=60_000)
        self.page.wait_for_selector('[role="tablist"] button')
        self.settle()

    def settle(self) -> None:
        """Wait for the last tile and the last picture."""
        self.run("await t.idle(); return 0")

    def run(self, body: str, argument: Any = None) -> Any:
        return self.page.evaluate(f"async (a) => {{ const t = window.__parktwin, v = t.viewer; {body} }}", argument)

    def go(self, pose: list[float], seconds: float = 0.0) -> None:
        self.run(
            "await v.setCamera({position: a[0].slice(0, 3), target: a[0].slice(3)}, a[1]); await t.idle(); return 0",
            [pose, seconds],
        )

    def round(self) -> Iterator[str]:
        """Do one act after the other; yields the name of each when it is done."""
        acts: tuple[Callable[[], None], ...] = (
            self.tour,
            self.themes,
            self.select,
            self.storeys,
            self.cut,
            self.panels,
            self.drawers,
            self.layers,
            self.hide,
        )
        for act in acts:
            act()
            yield act.__name__
        self.rest()
        yield "rest"

    def tour(self) -> None:
        for pose in TOUR[-2:] if self.brief else TOUR:
            self.go(pose, 0.4)

    def themes(self) -> None:
        for theme in THEMES[-2:] if self.brief else THEMES:
            tab = self.page.locator(f"#theme-{theme}")
            tab.click(timeout=WAIT_MS)
            self.settle()

    def select(self) -> None:
        """Choose what stands in the middle, see its card, let go."""
        self.go(TOUR[2])
        size = self.page.viewport_size
        self.page.mouse.click(size["width"] / 2, size["height"] / 2)
        self.page.get_by_role("complementary", name="对象信息").first.wait_for(timeout=WAIT_MS)
        self.settle()
        self.page.keyboard.press("Escape")
        self.run("v.select([]); await t.idle(); return 0")

    def storeys(self) -> None:
        """Open two storeys of a building; each is fetched, cut free and flown to."""
        for digit in "2" if self.brief else "23":
            self.page.keyboard.press(digit)
            self.page.wait_for_function("() => window.__parktwin.viewer.section !== null", timeout=WAIT_MS)
            self.settle()
        self.page.keyboard.press("a")
        self.page.wait_for_function("() => window.__parktwin.viewer.section === null", timeout=WAIT_MS)

    def cut(self) -> None:
        self.run("v.setSection({top: 6, planes: [{normal: [1, 0, 0], distance: 10}]}); await t.idle(); return 0")
        self.run("v.setSection(null); await t.idle(); return 0")

    def panels(self) -> None:
        for key in PANELS[:2] if self.brief else PANELS:
            for _ in range(2):
                self.page.keyboard.press(key)
                self.settle()
            self.page.keyboard.press("Escape")

    def drawers(self) -> None:
        """The layers' drawer and the help, opened and closed."""
        button = self.page.locator("footer").get_by_role("button", name="图层").first
        button.click(timeout=WAIT_MS)
        self.page.get_by_role("tab", name="对象树").click(timeout=WAIT_MS)
        self.page.locator(".ant-drawer-close").click(timeout=WAIT_MS)
        self.page.locator(".ant-drawer-section").first.wait_for(state="hidden", timeout=WAIT_MS)
        self.page.keyboard.press("?")
        self.page.locator(".ant-modal").first.wait_for(timeout=WAIT_MS)
        self.page.keyboard.press("Escape")
        self.page.locator(".ant-modal").first.wait_for(state="hidden", timeout=WAIT_MS)

    def layers(self) -> None:
        for layer in LAYERS[:1] if self.brief else LAYERS:
            for visible in (False, True):
                self.run("v.setLayerVisible(a[0], a[1]); await t.idle(); return 0", [layer, visible])

    def hide(self) -> None:
        """Another page lies over this one for a moment."""
        other = self.page.context.new_page()
        other.goto("about:blank")
        other.bring_to_front()
        other.wait_for_timeout(300)
        other.close()
        self.page.bring_to_front()
        self.settle()

    def rest(self) -> None:
        """The whole park from its own place, nothing chosen: where the measures are taken."""
        self.page.keyboard.press("a")
        self.run("v.setNavigation('orbit'); v.setSection(null); v.select([]); return 0")
        self.go(HOME)

    def lose_context(self) -> None:
        """The graphics card takes the drawing context away and gives it back."""
        self.run("window.lost = v.canvas.getContext('webgl2').getExtension('WEBGL_lose_context'); lost.loseContext()")
        self.page.wait_for_timeout(500)
        self.run("window.lost.restoreContext(); await new Promise((done) => setTimeout(done, 500)); await t.idle()")
