"""The first picture of a scene: what is made ready while tiles are on their way, and what is seen if they take long."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

WATCH = """{
  const gl = WebGL2RenderingContext.prototype, {linkProgram, useProgram, drawElements} = gl
  const seen = (window.seen = {early: new Set(), used: new Set(), drawn: false})
  let current = null
  gl.linkProgram = function (program) { if (!seen.drawn) seen.early.add(program); return linkProgram.call(this, program) }
  gl.useProgram = function (program) { current = program; return useProgram.call(this, program) }
  gl.drawElements = function (...given) { seen.drawn = true; seen.used.add(current); return drawElements.apply(this, given) }
  document.addEventListener('ready', () => (window.ready = true), true)
}"""

# What tells programs apart by the look of them: those that were linked before the first picture, and the others that drew.
PROGRAMS = """(() => {
  const gl = __parktwin.viewer.canvas.getContext('webgl2')
  const text = (program) => gl.getAttachedShaders(program).map((one) => gl.getShaderSource(one)).find((one) => one.includes('gl_Position'))
  const told = (program) => [...text(program).matchAll(/#define (PARK_|USE_|FLAT_|DOUBLE_|SHADER_TYPE ).*/g)].map(([line]) => line).join()
  return [[...seen.early].map(told), [...seen.used].filter((one) => !seen.early.has(one)).map(told)]
})()"""


@pytest.fixture
def page(site: Any, browser: Any) -> Any:
    context = browser.new_context(viewport={"width": 960, "height": 600}, reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(WATCH)
    yield page
    context.close()


def test_no_program_that_is_made_ahead_is_made_again_to_draw(site: Any, page: Any) -> None:
    """One that no tile's mesh asks for would be made in vain, and another instead of it in the middle of a picture."""
    page.goto(f"{site.url}/embed?debug&quality=low")
    page.wait_for_function("window.ready")
    page.evaluate("__parktwin.renderOnce()")
    early, late = page.evaluate(PROGRAMS)
    assert len(early) >= 4  # sky, ground; faces with and without normals
    assert not set(early) & set(late)


# Of each picture: how many draws were of lines, of faces of which the card left out the backs, of those it blended, and of others.
PICTURES = """{
  const gl = WebGL2RenderingContext.prototype, {clear} = gl
  const pictures = (window.pictures = [])
  gl.clear = function (mask) { pictures.push({lines: 0, fronts: 0, blended: 0, both: 0}); return clear.call(this, mask) }
  for (const name of ['drawElements', 'drawElementsInstanced']) {
    const draw = gl[name]
    gl[name] = function (...given) {
      const kind = given[0] === this.LINES ? 'lines' : this.isEnabled(this.BLEND) ? 'blended' : this.isEnabled(this.CULL_FACE) ? 'fronts' : 'both'
      pictures.at(-1)[kind]++
      return draw.apply(this, given)
    }
  }
}"""


def test_a_draft_comes_first_and_the_whole_picture_follows(site: Any, page: Any) -> None:
    page.add_init_script(PICTURES)
    page.goto(f"{site.url}/embed?debug&quality=low")
    page.wait_for_function("window.ready")
    drawn = [picture for picture in page.evaluate("pictures") if sum(picture.values())]
    assert len(drawn) >= 2
    draft, whole = drawn[0], drawn[-1]
    assert draft["fronts"] > whole["fronts"]
    assert draft["lines"] == 0
    assert draft["both"] < whole["both"]  # what stays is the stage's: sky and ground
    assert whole["lines"] > 0
    assert whole["blended"] > draft["blended"]


def test_the_empty_stage_is_shown_where_tiles_take_long(site: Any, page: Any) -> None:
    held: list[Any] = []
    opened: list[bool] = []

    def tile(route: Any) -> None:
        route.continue_() if opened else held.append(route)

    page.route("**/*.glb", tile)
    page.goto(f"{site.url}/embed?debug&quality=low")
    page.wait_for_function("window.__parktwin && __parktwin.statistics().frames > 0")
    assert page.evaluate("__parktwin.statistics().tiles") == 0
    assert not page.evaluate("window.ready")
    opened.append(True)
    for route in held:
        route.continue_()
    page.wait_for_function("window.ready")
    assert page.evaluate("__parktwin.statistics().tiles") > 0
