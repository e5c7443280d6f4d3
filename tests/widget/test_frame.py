"""The iframe page in a page of another origin, driven through its messages alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.widget.conftest import until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def token(server, host) -> str:
    return server.issue("frame", origins=[host.url], live=True)["token"]


def open_frame(page: Any, host: Any, server: Any, token: str) -> None:
    page.goto(f"{host.url}/frame/?server={server.url}&token={token}")
    until(page, "window.park")
    page.evaluate(
        """window.told = []
        for (const name of ['ready', 'pick', 'state', 'connection', 'error', 'camera'])
          park.on(name, (detail) => told.push([name, detail]))"""
    )


def ask(page: Any, command: str, **params: object) -> Any:
    """The reply's result; a refusal as `{refused: {code, message}}`."""
    return page.evaluate(
        "([type, params]) => park.ask(type, params).catch((refused) => ({refused}))", [command, params]
    )


def told(page: Any, event: str) -> Any:
    """The newest event of a name; waits for one."""
    return until(page, "(name) => told.findLast(([one]) => one === name)", event)[1]


def test_a_page_drives_the_park_by_messages(page, server, host, token):
    open_frame(page, host, server, token)
    scene = ask(page, "load", quality="low", theme="night")
    assert [layer["layer"] for layer in scene["layers"]] == ["houses", "a1", "b1"]
    hello = ask(page, "hello")
    assert hello["version"] == 1
    assert hello["scene"] == scene
    told(page, "ready")
    model = scene["layers"][1]

    with server.admin() as client:
        wall = client.get("/objects", params={"layer": "a1", "type": "Wall"}).json()["items"][0]
    view = ask(page, "flyTo", gids=[wall["gid"]], duration=0)
    low, high = wall["box"][:3], wall["box"][3:]
    assert all(a - 5 <= at <= b + 5 for a, at, b in zip(low, view["target"], high, strict=True))
    assert ask(page, "camera") == view

    card = ask(page, "properties", gid=wall["gid"])
    assert card["gid"] == wall["gid"]
    assert any(row["name"] == "ThermalTransmittance" for group in card["properties"] for row in group["rows"])
    assert ask(page, "select", gids=[wall["gid"]]) == {"objects": 1}
    assert ask(page, "isolate", gids=["a1"])["objects"] > 60
    assert ask(page, "isolate", gids=None) == {"objects": 0}

    def picture() -> str:
        return page.evaluate(
            """async () => {
              const { png } = await park.ask('screenshot')
              const bitmap = await createImageBitmap(png), c = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
              c.drawImage(bitmap, 0, 0)
              const { data } = c.getImageData(0, 0, bitmap.width, bitmap.height)
              let red = 0
              for (let i = 0; i < data.length; i += 4) if (data[i] > 150 && data[i + 1] < 90 && data[i + 2] < 110) red++
              return [png.type, bitmap.width > 300, red]
            }"""
        )

    kind, large, before = picture()
    assert (kind, large) == ("image/png", True)
    assert ask(page, "select", gids=[]) == {"objects": 0}
    assert ask(page, "colour", colours={wall["gid"]: "#e6194b"}) == {"objects": 1}
    coloured = picture()[2]
    assert coloured > before + 500
    storey = model["storeys"][0]
    assert ask(page, "section", section={"top": storey["elevation"] - 5}) == {}
    assert picture()[2] < coloured / 2
    ask(page, "section", section=None)
    assert picture()[2] == coloured
    ask(page, "colour", colours=None)
    assert picture()[2] == before

    page.mouse.click(400, 300)
    assert "layer" in (told(page, "pick") or {"layer": ""})


def test_layers_are_chosen_and_hovering_is_told_by_messages(page, server, host, token):
    open_frame(page, host, server, token)
    ask(page, "load", quality="low", layers=["a1"])
    told(page, "ready")
    page.evaluate("park.on('hover', (detail) => told.push(['hover', detail]))")
    frame = page.frames[1]
    shown = "document.querySelector('park-viewer').viewer.idle().then(() => document.querySelector('park-viewer').viewer.statistics().tiles)"

    def sweep() -> None:
        for share in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7):
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * share)
            page.wait_for_timeout(80)

    box = page.locator("iframe").bounding_box()
    some = frame.evaluate(shown)
    sweep()
    assert page.evaluate("told.filter(([name]) => name === 'hover')") == []
    ask(page, "hello", events=["hover", "error"])
    sweep()
    until(page, "told.some(([name, detail]) => name === 'hover' && detail?.layer === 'a1')")
    # All again: as published.
    assert [layer["layer"] for layer in ask(page, "layers", layers=None)["layers"]] == ["houses", "a1", "b1"]
    ask(page, "flyTo", view="home", duration=0)
    assert frame.evaluate(shown) > some
    ask(page, "layers", layers=["b1", "zz"])
    assert told(page, "error")["code"] == "no-layer"
    refused = ask(page, "layers", layers="b1")["refused"]
    assert refused["code"] == "bad-message"


def test_live_values_arrive_as_state(page, server, host, token):
    open_frame(page, host, server, token)
    ask(page, "load", quality="low")
    answer = ask(page, "subscribe", scope={"kinds": ["temperature"]}, max_rate_hz=5)
    assert {point["point_id"] for point in answer["points"]} == {"a1-t", "b1-t"}
    first = told(page, "state")
    assert first["subscription"] == answer["subscription"]
    assert {point["point_id"] for point in first["points"]} == {"a1-t", "b1-t"}
    server.publish("park/a1/t", 21.5)
    until(
        page, "told.some(([n, d]) => n === 'state' && d.points.some((p) => p.point_id === 'a1-t' && p.value === 21.5))"
    )
    assert ask(page, "unsubscribe", subscription=answer["subscription"]) == {}
    assert ask(page, "unsubscribe", subscription=99)["refused"]["code"] == "no-subscription"


def test_what_is_wrong_is_refused_with_words(page, server, host, token):
    open_frame(page, host, server, token)
    ask(page, "load", quality="low")
    view = ask(page, "camera")
    for command, params, code, words in [
        ("fly", {}, "unknown-message", "hello, load"),
        ("select", {"gids": ["a1/nothing", "zz"]}, "no-object", "a1/nothing, zz"),
        ("properties", {"gid": "a1/nothing"}, "no-object", "a1/nothing"),
        ("colour", {"colours": {"a1": "transparent"}}, "colour", "opaque CSS colour"),
        ("section", {"section": {"storey": "a1/none"}}, "no-storey", "a1/none"),
        ("flyTo", {"view": {"position": [1e300, 0, 0], "target": [0, 0, 0]}}, "bad-message", "1,000 km"),
        ("flyTo", {"view": {"position": [0, 0, 0], "target": [0, 0, 0]}}, "bad-message", "apart"),
        ("flyTo", {"box": [0, 0]}, "bad-message", "6 numbers"),
        ("subscribe", {"max_rate_hz": "fast"}, "bad-message", "max_rate_hz"),
    ]:
        refused = ask(page, command, **params)["refused"]
        assert (refused["code"], words in refused["message"]) == (code, True), refused
    assert ask(page, "camera") == view
    assert (
        page.evaluate(
            """new Promise((resolve) => {
          addEventListener('message', ({data}) => data?.ok === false && data.id === 'old' && resolve(data.error.code))
          park.frame.contentWindow.postMessage({parkViewer: 0, id: 'old', type: 'hello'}, park.origin)
          park.frame.contentWindow.postMessage({parkViewer: 1, id: 'old', type: 'nothing'}, park.origin)
        })"""
        )
        == "unknown-message"
    )


def test_a_page_that_the_token_is_not_for_is_told_so_and_gets_nothing(page, server, host, token):
    """Its origin may frame, because another token names it; this token does not."""
    other = server.issue("frame elsewhere", origins=["https://elsewhere.example"])["token"]
    open_frame(page, host, server, other)
    for command in ("hello", "camera", "load"):
        refused = ask(page, command)["refused"]
        assert refused["code"] == "origin"
        assert host.url in refused["message"]
    assert page.evaluate("told") == []


def test_pages_that_no_token_names_may_not_frame_it(page, server, host):
    origin = f"http://localhost:{host.url.rpartition(':')[2]}"
    page.goto(f"{origin}/frame/?server={server.url}")
    page.wait_for_timeout(500)
    assert page.frames[1].url.startswith("chrome-error:")
    assert any("frame-ancestors" in fault for fault in page.faults)
    page.faults.clear()
