"""A page's own plugin in the widget's viewer."""

from __future__ import annotations

import pytest

from tests.widget.conftest import until
from tests.widget.test_element import note, open_page, ready

pytestmark = pytest.mark.slow
MARK = """() => {
  window.mark = (host) => ({
    seen: 0, moved: 0,
    update() { this.seen++; return false },
    overlay(context, {viewport}) { context.fillStyle = '#ff00ff'; context.fillRect(40, 50, 30, 20); this.width = viewport[2] },
    grab(x, y) { return x > 40 && x < 70 && y > 50 && y < 70 ? {move: () => this.moved++, end() {}, cancel() {}} : null },
    dispose() { window.gone = true },
  })
  return park.viewer.use(mark).then(async (made) => {
    window.made = made
    await park.viewer.idle()
    return (await park.viewer.use(mark)) === made
  })
}"""
COLOUR = """async () => {
  await park.viewer.idle()
  const { png, width } = await park.screenshot()
  const bitmap = await createImageBitmap(png), c = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
  c.drawImage(bitmap, 0, 0)
  const share = bitmap.width / park.viewer.canvas.clientWidth
  return [...c.getImageData(55 * share, 60 * share, 1, 1).data.slice(0, 3)]
}"""


@pytest.fixture(scope="module")
def token(server, host) -> str:
    return server.issue("plugins", origins=[host.url])["token"]


def test_a_page_adds_a_plugin_of_its_own_and_takes_it_away(page, server, host, token):
    open_page(page, host, server, token=token)
    ready(page)
    before = page.evaluate(COLOUR)
    assert page.evaluate(MARK) is True
    assert page.evaluate(COLOUR) == [255, 0, 255] != before
    assert page.evaluate("[made.seen > 0, made.width === park.viewer.canvas.clientWidth]") == [True, True]
    box, at = page.locator("park-viewer").bounding_box(), page.evaluate("park.camera()")
    page.mouse.move(box["x"] + 55, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 155, box["y"] + 160, steps=4)
    page.mouse.up()
    assert page.evaluate("made.moved") > 0
    assert page.evaluate("park.camera()") == at
    assert page.evaluate("[park.viewer.drop(made), park.viewer.drop(made), window.gone]") == [True, False, True]
    assert page.evaluate(COLOUR) == before


def test_a_plugin_that_fails_is_told_and_the_rest_goes_on(page, server, host, token):
    open_page(page, host, server, token=token)
    ready(page)
    page.evaluate("park.viewer.use({overlay() { throw new Error('no ink') }, dispose() {}}).then(() => 0)")
    assert "插件" in note(page, "plugin")
    told = page.evaluate("told.filter(([name]) => name === 'error').map(([, {code, message}]) => [code, message])")
    assert told == [["plugin", "A plugin of this page failed and was ended: no ink"]]
    assert page.evaluate("park.viewer.use({}).catch(({message}) => message)").startswith("What was given is no plugin")
    frames = page.evaluate("park.viewer.statistics().frames")
    page.evaluate("park.flyTo({view: 'home', duration: 0}).then(() => park.viewer.invalidate())")
    until(page, "(n) => park.viewer.statistics().frames > n", frames)
