"""`<park-viewer>` in a page of another origin, in good days and bad ones: what is wrong is said, the rest goes on."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.support.browser import PHONE
from tests.widget.conftest import until
from twin.graph.layerfile import TILES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def token(server, host) -> str:
    return server.issue("element", origins=[host.url], live=True)["token"]


def open_page(page: Any, host: Any, server: Any, **attributes: str) -> None:
    query = "&".join(f"{name}={value}" for name, value in {"src": server.url, "quality": "low", **attributes}.items())
    page.goto(f"{host.url}/element?{query}", wait_until="commit")
    until(page, "window.park && park.shadowRoot")


def ready(page: Any) -> None:
    until(page, "told.some(([name]) => name === 'ready')")


def note(page: Any, code: str) -> str:
    """The sentence of a code on the widget; waits for it."""
    return str(
        until(page, "(code) => park.shadowRoot.querySelector(`.notes [data-code='${code}'] span`)?.textContent", code)
    )


def gone(page: Any, code: str) -> None:
    until(page, "(code) => !park.shadowRoot.querySelector(`.notes [data-code='${code}']`)", code)


def codes(page: Any) -> list[str]:
    return [detail["code"] for name, detail in page.evaluate("told") if name == "error"]


def test_methods_are_the_messages(page, server, host, token):
    open_page(page, host, server, token=token, live="temperature", layer="a1")
    ready(page)
    assert {layer["layer"] for layer in page.evaluate("park.layers(null)")["layers"]} == {"a1", "b1", "houses"}
    wall = page.evaluate("park.subscribe({layers: ['a1']})")["points"][0]["gid"]
    assert page.evaluate("(gid) => park.colour(gid, 'tomato')", wall) == {"objects": 1}
    assert page.evaluate("(gid) => park.properties(gid)", wall)["gid"] == wall
    assert page.evaluate("park.isolate('a1')")["objects"] > 60
    refused = page.evaluate("park.select([7]).catch(({code, message}) => [code, message])")
    assert refused[0] == "bad-message"
    server.publish("park/a1/t", 30)
    until(page, "told.some(([name, d]) => name === 'state' && d.points[0]?.value === 30)")
    until(page, "park.shadowRoot.querySelector('.legend').textContent.includes('0 … 40 °C')")
    assert codes(page) == []


def test_what_the_pointer_is_over_is_told_where_it_is_asked_for(page, server, host, token):
    open_page(page, host, server, token=token, layer="a1")
    ready(page)
    page.evaluate("park.viewer.idle()")
    box = page.locator("park-viewer").bounding_box()

    def sweep() -> None:
        for share in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7):
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * share)
            page.wait_for_timeout(80)

    def over() -> list[Any]:
        return [detail for name, detail in page.evaluate("told") if name == "hover"]

    sweep()
    assert over() == []
    page.evaluate("park.setAttribute('hover', '')")
    sweep()
    until(page, "told.some(([name, detail]) => name === 'hover' && detail?.layer === 'a1')")
    seen = next(detail for detail in over() if detail)
    assert page.evaluate("(gid) => park.properties(gid)", seen["gid"])["ifc_class"] == seen["class"]
    assert len(seen["point"]) == 3
    page.evaluate("park.removeAttribute('hover')")
    told = len(over())
    sweep()
    assert len(over()) == told


def test_a_token_that_expires_or_is_revoked_says_so(page, server, host):
    made = server.issue("short", origins=[host.url], live=True, expires_at=int(time.time() * 1000) + 60_000)
    open_page(page, host, server, token=made["token"], live="temperature")
    ready(page)
    with server.admin() as client:
        client.delete(f"/embed/tokens/{made['id']}")
    assert "吊销" in note(page, "token-revoked")
    # What is loaded can still be looked at.
    assert page.evaluate("park.flyTo({view: 'home'})")["position"]
    expiry = time.time() + 3
    soon = server.issue("sooner", origins=[host.url], expires_at=int(expiry * 1000))
    time.sleep(max(0.0, expiry + 0.1 - time.time()))
    page.evaluate("(token) => { park.setAttribute('lang', 'en'); park.setAttribute('token', token) }", soon["token"])
    assert "has expired" in note(page, "token-expired")
    assert codes(page)[-1] == "token-expired"
    good = server.issue("next", origins=[host.url])
    assert page.evaluate("(token) => park.load({token})", good["token"])["revision"] > 0
    gone(page, "token-expired")


@pytest.mark.usefixtures("token")  # another token of this origin's, without which the script itself is not given out
def test_a_forbidden_origin_and_a_wrong_token_are_told(page, server, host):
    elsewhere = server.issue("elsewhere", origins=["https://elsewhere.example"])["token"]
    open_page(page, host, server, token=elsewhere)
    assert host.url in note(page, "origin")
    page.evaluate("park.setAttribute('token', 'park_wrong')")
    assert "无效" in note(page, "token-unknown")
    page.evaluate("park.removeAttribute('token')")
    assert "需要访问令牌" in note(page, "not-signed-in")
    assert codes(page) == ["origin", "token-unknown", "not-signed-in"]


def test_live_values_that_the_token_does_not_open_leave_the_park(page, server, host):
    still = server.issue("still", origins=[host.url], layers=["a1"])["token"]
    open_page(page, host, server, token=still, live="")
    assert "不含实时值" in note(page, "token-permission")
    ready(page)
    assert [layer["layer"] for layer in page.evaluate("park.load()")["layers"]] == ["a1"]


def test_missing_and_broken_tiles_leave_the_rest(page, server, host, token):
    tiles = {layer: next((server.park / "layers" / layer).glob(f"*/{TILES}")) for layer in ("a1", "houses")}
    glb = next(tiles["a1"].rglob("*.glb"))
    changed = [
        glb,
        glb.with_name(f"{glb.name}.gz"),
        tiles["houses"] / "tileset.json",
        tiles["houses"] / "tileset.json.gz",
    ]
    kept = {path: path.read_bytes() for path in changed if path.exists()}
    try:
        for path in kept:
            path.unlink()
        glb.write_bytes(b"glTF" + bytes(40))
        open_page(page, host, server, token=token)
        assert "houses" in note(page, "tileset")
        assert "a1 有 1 个瓦片" in note(page, "tile")
        assert set(codes(page)) == {"tile", "tileset"}
        ready(page)
        assert page.evaluate("park.flyTo('b1', 0)")["target"]
        until(page, "park.viewer.statistics().tiles >= 1")
        page.evaluate("park.shadowRoot.querySelector('[data-code=tile] button').click()")
        gone(page, "tile")
    finally:
        for path, content in kept.items():
            path.write_bytes(content)


def test_a_server_that_goes_and_comes_back(page, server, host, token):
    open_page(page, host, server, token=token, live="temperature")
    ready(page)
    page.evaluate("park.subscribe()")
    server.kill()
    assert "正在自动重连" in note(page, "lost")
    assert page.evaluate("told.filter(([n]) => n === 'connection').at(-1)[1].state") == "lost"
    assert page.evaluate("park.flyTo({view: 'home', duration: 0})")["position"]
    server.start()
    until(page, "told.some(([n, d]) => n === 'connection' && d.state === 'live')", seconds=60)
    gone(page, "lost")
    server.publish("park/b1/t", 12.25)
    until(page, "told.some(([n, d]) => n === 'state' && d.points.some((p) => p.value === 12.25))")


def test_a_server_that_is_away_at_first_is_waited_for(page, server, host, token):
    blocked = {"on": True}
    page.route("**/tiles/scene.json", lambda route: route.abort() if blocked["on"] else route.continue_())
    open_page(page, host, server, token=token)
    assert "正在自动重试" in note(page, "unreachable")
    blocked["on"] = False
    ready(page)
    gone(page, "unreachable")


def test_a_slow_network_says_that_it_waits(page, server, host, token):
    waiting: list[Any] = []
    page.route("**/tiles/scene.json", lambda route: waiting.append(route))  # noqa: PLW0108  Playwright looks at its signature
    open_page(page, host, server, token=token)
    assert "网络较慢" in note(page, "connecting")
    for route in waiting:
        route.continue_()
    ready(page)
    gone(page, "connecting")


def test_what_is_no_park_and_what_is_empty(page, server, host, token):
    page.route("**/tiles/scene.json", lambda route: route.fulfill(body="<html>login</html>", content_type="text/html"))
    open_page(page, host, server, token=token)
    assert "不是园区数据" in note(page, "content-type")
    page.unroute("**/tiles/scene.json")

    def nothing(route: Any) -> None:
        body = json.loads(route.fetch().text())
        park = {**body["park"], "origin": None, "globe": None}
        route.fulfill(
            json={**body, "park": park, "layers": [], "states": 0}, headers={"Access-Control-Allow-Origin": "*"}
        )

    page.route("**/tiles/scene.json", nothing)
    assert page.evaluate("park.load({theme: 'night'})")["layers"] == []
    assert "还没有可显示的图层" in note(page, "empty")
    ready(page)


def test_absurd_attributes_are_told_and_the_park_is_shown(page, server, host, token):
    open_page(page, host, server, token=token, view="1e300,0,0,0,0,0", layer="a1,zz", live="nothing")
    assert "已显示全景" in note(page, "view")
    assert "zz" in note(page, "no-layer")
    assert "没有这一类测点" in note(page, "no-points")
    ready(page)
    assert page.evaluate("park.camera().then(({position}) => position.every(Number.isFinite))")


def test_out_of_sight_it_draws_nothing_and_listens_rarely(page, server, host, token):
    rates: list[float] = []

    def note(text: str) -> None:
        message = json.loads(text)
        if message["type"] == "subscribe":  # frames are acknowledged as well
            rates.append(message["max_rate_hz"])

    page.on("websocket", lambda socket: socket.on("framesent", note))
    open_page(page, host, server, token=token, live="temperature")
    ready(page)
    until(page, "park.shadowRoot.querySelector('.legend').hidden === false")
    page.evaluate("scrollTo(0, 4000)")
    deadline = time.monotonic() + 10
    while rates[-1] != 0.1 and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert rates[-1] == 0.1
    drawn = page.evaluate("park.viewer.statistics().frames")
    page.evaluate("park.select('a1')")
    page.evaluate("park.viewer.invalidate()")
    page.wait_for_timeout(400)
    assert page.evaluate("park.viewer.statistics().frames") == drawn
    page.evaluate("scrollTo(0, 0)")
    until(page, "(n) => park.viewer.statistics().frames > n", drawn)
    assert rates[-1] == 2


def test_a_lost_drawing_context_is_told_and_comes_back(page, server, host, token):
    open_page(page, host, server, token=token)
    ready(page)
    page.evaluate(
        "window.gl = park.viewer.canvas.getContext('webgl2').getExtension('WEBGL_lose_context'), gl.loseContext()"
    )
    assert "自动恢复" in note(page, "context-lost")
    page.evaluate("gl.restoreContext()")
    gone(page, "context-lost")


def test_on_a_phone_it_fits_and_takes_touches(browser, server, host, token):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    kind, body = host.pages["/element"]
    host.pages["/phone"] = (
        kind,
        body.replace("<meta ", '<meta name="viewport" content="width=device-width"><meta ', 1),
    )
    page.goto(f"{host.url}/phone?src={server.url}&quality=low&token={token}&live=temperature&layer=a1,zz")
    until(page, "window.park && park.shadowRoot")
    ready(page)
    assert "zz" in note(page, "no-layer")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    inside = page.evaluate(
        """[park, ...park.shadowRoot.querySelectorAll('.notes > *, .legend, canvas')].filter((e) => e.getClientRects().length)
          .map((e) => e.getBoundingClientRect()).map(({left, right}) => [Math.round(left), Math.round(right)])"""
    )
    assert len(inside) >= 3
    assert all(0 <= left < right <= 390 for left, right in inside), inside
    box = page.locator("park-viewer").bounding_box()
    for share in (0.5, 0.45, 0.55, 0.4, 0.6):
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] * share)
        page.wait_for_timeout(300)
    until(page, "told.some(([name, detail]) => name === 'pick' && detail?.layer === 'a1')")
    context.close()
