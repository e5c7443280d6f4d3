"""What people see on the wall when something is missing, broken, slow or gone."""

from __future__ import annotations

import contextlib
import json

import pytest
from playwright.sync_api import Error, Route

pytestmark = pytest.mark.slow
PATH = "/brain?quality=low"


def trouble(screen):
    return screen.page.get_by_role("region", name="三维场景").get_by_role("alert")


def shown(screen):
    """The viewer is there and has drawn tiles."""
    screen.page.wait_for_function("() => window.__parktwin?.statistics().tiles > 0")


def test_missing_and_broken_tiles_are_told_and_loaded_when_they_are_back(screen):
    page = screen.page
    page.route("**/tiles/a2/*/*.glb*", lambda route: route.fulfill(status=404, body="gone"))
    page.route(
        "**/tiles/l1/*/*.glb*", lambda route: route.fulfill(body=b"glTF" + bytes(40), content_type="model/gltf-binary")
    )
    page.goto(f"{screen.served.url}{PATH}&debug")
    shown(screen)
    note = trouble(screen)
    note.filter(has_text="研发楼 A2").filter(has_text="实验楼 L1").wait_for()
    assert "其余部分照常显示" in note.inner_text()
    page.unroute("**/tiles/a2/*/*.glb*")
    page.unroute("**/tiles/l1/*/*.glb*")
    before = screen.run("return t.statistics().tiles")
    note.get_by_role("button").click()
    note.wait_for(state="hidden")
    page.wait_for_function("(n) => window.__parktwin.statistics().tiles > n", arg=before)
    assert note.count() == 0


def test_a_scene_that_is_none_is_told_and_asked_again(screen):
    page = screen.page
    page.route("**/tiles/scene.json*", lambda route: route.fulfill(body="<html>proxy</html>", content_type="text/html"))
    page.goto(f"{screen.served.url}{PATH}&debug")
    note = trouble(screen)
    note.filter(has_text="三维场景未能打开").wait_for()
    page.unroute("**/tiles/scene.json*")
    note.get_by_role("button").click()
    shown(screen)
    assert note.count() == 0


def test_a_park_without_layers_says_how_to_get_some(screen):
    def nothing(route):
        body = json.loads(route.fetch().text())
        park = {**body["park"], "origin": None, "globe": None}
        route.fulfill(json={**body, "park": park, "layers": [], "schemes": [], "states": 0})

    screen.page.route("**/tiles/scene.json*", nothing)
    screen.page.goto(f"{screen.served.url}{PATH}")
    stage = screen.page.get_by_role("region", name="三维场景")
    stage.get_by_text("还没有可显示的图层").wait_for()
    stage.get_by_text("parktwin ingest").wait_for()
    assert trouble(screen).count() == 0


def test_a_slow_network_says_that_parts_are_still_coming(screen):
    waiting: list[Route] = []
    holding = True

    def hold(route: Route) -> None:
        if holding:
            waiting.append(route)
        else:
            route.continue_()

    # The route stays: taking it away while requests are held leaves it to the browser what becomes of them.
    screen.page.route("**/tiles/a1/*/*.glb*", hold)
    screen.page.goto(f"{screen.served.url}{PATH}&debug")
    status = screen.page.get_by_role("status").filter(has_text="正在载入模型")
    status.wait_for()
    holding = False
    for route in waiting:
        with contextlib.suppress(Error):  # the viewer has let go of it meanwhile
            route.continue_()
    screen.run("await t.idle(); return 0")
    assert status.count() == 0


def test_a_lost_drawing_context_is_told_and_comes_back(screen):
    screen.open(PATH)
    screen.run(
        "window.gl = v.canvas.getContext('webgl2').getExtension('WEBGL_lose_context'); gl.loseContext(); return 0"
    )
    note = trouble(screen)
    note.filter(has_text="自动恢复").wait_for()
    screen.run("gl.restoreContext(); return 0")
    note.wait_for(state="hidden")
    screen.run("await t.idle(); return 0")
    view = screen.page.viewport_size
    assert screen.run("return v.pick(a[0], a[1]) !== null", [view["width"] // 2, view["height"] // 2])


@pytest.mark.parametrize("camera", ["1e300,0,0,0,0,0", "0,0,0,0,0,0", "a,b,c,d,e,f", "NaN,1,2,3,4,5", "9,9"])
def test_an_absurd_camera_of_an_address_shows_the_park(screen, camera):
    screen.open(f"{PATH}&cam={camera}")
    pose = screen.run("return [...v.camera.position, ...v.camera.target]")
    assert all(isinstance(value, int | float) and abs(value) < 1e5 for value in pose)
    assert screen.run("return t.statistics().tiles") > 0


def test_a_connection_that_breaks_is_told_and_made_again(screen):
    sockets, refused = [], {"on": False}

    def through(socket):
        if refused["on"]:
            socket.close()
            return
        socket.connect_to_server()
        sockets.append(socket)

    screen.page.route_web_socket("**/api/v1/live", through)
    screen.open(PATH)
    header = screen.page.locator("header").first
    header.get_by_text("实时", exact=True).wait_for()
    refused["on"] = True
    sockets[-1].close()
    header.get_by_text("已断开").wait_for()
    refused["on"] = False
    header.get_by_text("实时", exact=True).wait_for()


def test_a_session_that_has_ended_asks_to_sign_in_and_comes_back(browser, served):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    credentials = {"username": served.user, "password": served.password}
    assert context.request.post(f"{served.url}/api/v1/session", data=credentials).ok
    page = context.new_page()
    page.goto(f"{served.url}/admin/users")
    page.get_by_text("新增用户").first.wait_for()
    context.clear_cookies()
    page.get_by_role("tab", name="操作记录").click()
    page.wait_for_url("**/login**")
    page.get_by_label("用户名").fill(served.user)
    page.get_by_label("密码").fill(served.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/**")
    context.close()
