"""A layer's order on its model, for real: a finding lights its elements, and an element is a click away."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow
LAYER = "x1"


@pytest.fixture
def finding(screen):
    """One with several elements that can be lit."""
    items = screen.api(f"/layers/{LAYER}/findings")["items"]
    return next(item for item in items if len(item["states"]) > 1 and item["severity"] != "notice")


def test_a_chosen_finding_lights_its_elements(screen, finding):
    screen.open(f"/review/layers/{LAYER}?finding={finding['id']}")
    for state in finding["states"]:
        screen.page.wait_for_function("(s) => window.__parktwin.viewer.state.colorOf(s) !== null", arg=state)
    screen.page.get_by_role("heading", name=finding["zh"]).wait_for()


def test_choosing_in_the_list_and_clicking_an_element_opens_its_card(screen, finding):
    screen.open(f"/review/layers/{LAYER}")
    screen.page.get_by_text("需作者处理").first.wait_for()
    screen.page.get_by_role("button", name=finding["zh"]).click()
    element = finding["elements"][-1]
    screen.page.get_by_role("complementary").get_by_role("button", name=element["name"]).last.click()
    card = screen.card(element["gid"])
    screen.page.get_by_role("heading", name=card["name"]).last.wait_for()
    middle = [(card["box"][axis] + card["box"][axis + 3]) / 2 for axis in range(3)]
    screen.page.wait_for_function(
        "(m) => { const at = window.__parktwin.viewer.camera.target;"
        " return Math.hypot(at[0] - m[0], at[1] - m[1], at[2] - m[2]) < 1 }",
        arg=middle,
    )


def test_the_layers_page_leads_there(screen):
    counts = screen.api(f"/layers/{LAYER}/findings")["counts"]
    screen.page.goto(f"{screen.served.url}/admin/layers")
    link = screen.page.locator(f'a[href="/review/layers/{LAYER}"]')
    link.wait_for()
    assert str(sum(counts["open"].values())) in link.inner_text()
    assert "Traceback" not in screen.page.content()
