"""The widget for people who use a keyboard or a screen reader."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.widget.conftest import until
from tests.widget.test_element import note, open_page, ready

pytestmark = pytest.mark.slow
STAGE = "park.viewer.canvas.getAttribute('aria-label')"


@pytest.fixture(scope="module")
def token(server, host) -> str:
    return server.issue("access", origins=[host.url], live=True)["token"]


def serious(page: Any) -> list[Any]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response
    assert found["passes"], "no rule was tried"
    return [
        (rule["id"], [node["target"] for node in rule["nodes"]][:3])
        for rule in found["violations"]
        if rule["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("theme", ["day", "night"])
def test_the_widget_has_no_serious_findings(page, server, host, token, theme):
    open_page(page, host, server, token=token, live="temperature", layer="a1,zz", theme=theme)
    ready(page)
    note(page, "no-layer")
    until(page, "park.shadowRoot.querySelector('.legend').hidden === false")
    assert serious(page) == []


def test_the_iframe_page_has_no_serious_findings(page, server, token):
    page.goto(f"{server.url}/embed?token={token}&quality=low")
    until(page, "document.querySelector('park-viewer')?.viewer?.statistics().frames > 0")
    assert serious(page) == []


def test_the_stage_has_a_name_in_the_language_of_the_page(page, server, host, token):
    open_page(page, host, server, token=token)
    ready(page)
    assert page.evaluate("park.viewer.canvas.getAttribute('role')") == "application"
    with server.admin() as client:
        park = client.get(f"{server.url}/tiles/scene.json").json()["park"]
    assert page.evaluate(STAGE).startswith(f"{park['name']}三维场景")
    page.evaluate("park.lang = 'en'")
    assert page.evaluate(STAGE).startswith(f"Three-dimensional view of {park['name_en'] or park['name']}")


def test_the_focus_is_seen_when_it_comes_by_the_keyboard(page, server, host, token):
    open_page(page, host, server, token=token)
    ready(page)
    box = page.locator("park-viewer").bounding_box()
    edge = {"x": box["x"] + 1, "y": box["y"] + 100, "width": 1, "height": 1}

    def at_the_edge() -> Any:
        return Image.open(io.BytesIO(page.screenshot(clip=edge))).convert("RGB").getpixel((0, 0))

    before = at_the_edge()
    page.keyboard.press("Tab")
    assert page.evaluate("park.shadowRoot.activeElement === park.viewer.canvas")
    assert at_the_edge() == (0x17, 0x66, 0xD6) != before
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    at = page.evaluate("park.camera()")["position"]
    # Held until a frame has seen it: a short press may end before a busy machine draws one.
    page.keyboard.down("ArrowLeft")
    until(page, "(at) => park.viewer.camera.position.some((v, i) => Math.abs(v - at[i]) > 0.1)", at)
    page.keyboard.up("ArrowLeft")
