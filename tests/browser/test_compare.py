"""Two versions of a building, for real: every planted change is coloured, what was deleted is drawn from the old version."""

from __future__ import annotations

import pytest

from tests.support.second_version import second_version

pytestmark = pytest.mark.slow
LAYER = "c1"


@pytest.fixture(scope="module")
def versions(served):
    """(first, second, planted changes): the second one stands on disk and is not published."""
    return second_version(served.folder, LAYER, served.folder / "sources" / f"{LAYER}.ifc")


def open_compare(screen, versions):
    first, second, _ = versions
    screen.open(f"/compare?layer={LAYER}&from={first}&to={second}")
    found = screen.api(f"/layers/{LAYER}/diff?from={first}&to={second}")
    end = screen.page.context.request.get(f"{screen.served.url}/tiles/scene.json").json()["states"]
    return found, end, end + found["layers"]["new"]["count"]


def token(screen, name):
    text = screen.page.evaluate(
        "(name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()", name
    )
    return int(text.removeprefix("#"), 16)


def test_exactly_the_planted_changes_are_found(screen, versions):
    first, second, planted = versions
    items = screen.api(f"/layers/{LAYER}/diff?from={first}&to={second}")["items"]
    found = {}
    for item in items:
        for kind in item["kinds"]:
            found.setdefault(kind, set()).add(item["gid"].partition("/")[2])
    assert found == {kind: set(ids) for kind, ids in planted.items()}


def test_changes_are_coloured_and_the_deleted_is_shown_from_the_old_version(screen, versions):
    found, new_base, old_base = open_compare(screen, versions)
    moved = next(item for item in found["items"] if item["kinds"] == ["moved"])
    gone = next(item for item in found["items"] if item["kinds"] == ["deleted"])
    wait = "([state, colour]) => window.__parktwin.viewer.state.colorOf(state) === colour"
    screen.page.wait_for_function(wait, arg=[new_base + moved["ordinal"], token(screen, "--change-moved")])
    screen.page.wait_for_function(wait, arg=[old_base + gone["old_ordinal"], token(screen, "--change-deleted")])
    unchanged = next(row for row in range(500) if row not in {item["ordinal"] for item in found["items"]})
    assert screen.run("return v.state.colorOf(a)", new_base + unchanged) is None
    legend = screen.page.get_by_role("group", name="按变化类别筛选")
    assert legend.get_by_role("button").all_inner_texts() == ["−\n删除\n1", "◆\n几何\n6", "→\n位置\n6", "≠\n属性\n4"]


def test_the_list_filters_tells_and_goes_on_by_keyboard(screen, versions):
    open_compare(screen, versions)
    page = screen.page
    rows = page.get_by_role("region", name="变化的对象").get_by_role("button")
    rows.first.wait_for()
    assert rows.count() == 17
    page.get_by_role("button", name="位置").click()
    page.wait_for_function("() => document.querySelectorAll('[aria-label=\"变化的对象\"] button').length === 6")
    rows.first.click()
    detail = page.get_by_role("region", name="变化详情")
    detail.get_by_text("1.200 m").wait_for()
    before = detail.inner_text()
    page.keyboard.press("n")
    page.wait_for_function(
        "(text) => document.querySelector('[role=region][aria-label=\"变化详情\"]').innerText !== text", arg=before
    )
    assert page.locator('[aria-label="变化的对象"] [aria-current="true"]').count() == 1


def test_equal_versions_say_so(screen, versions):
    first, _, _ = versions
    screen.open(f"/compare?layer={LAYER}&from={first}&to={first}")
    screen.page.get_by_text("没有变化").wait_for()
