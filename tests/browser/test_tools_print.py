"""The printed sheet, as the browser writes it to PDF."""

from __future__ import annotations

import base64
import re

import pytest

pytestmark = pytest.mark.slow

# A headless browser shows no print dialog: the sheet that it would be opened for is kept, its picture as data.
KEEP = """() => { window.sheet = null
new MutationObserver((all) => all.forEach((m) => m.addedNodes.forEach((frame) => {
  if (frame.tagName !== 'IFRAME') return
  frame.contentWindow.print = async () => {
    const image = frame.contentDocument.images[0]
    const blob = await (await fetch(image.src)).blob()
    image.src = await new Promise((done) => { const r = new FileReader(); r.onload = () => done(r.result); r.readAsDataURL(blob) })
    window.sheet = frame.contentDocument.documentElement.outerHTML
  } }))).observe(document.body, {childList: true}) }"""
MM = 72 / 25.4


def test_the_sheet_has_picture_title_scale_time_and_north(stage, tmp_path):
    pdfium = pytest.importorskip("pypdfium2")
    stage.page.evaluate(KEEP)
    stage.page.keyboard.press("p")
    stage.page.get_by_role("radiogroup", name="纸张").get_by_text("A3").click()
    stage.page.get_by_role("button", name="打印或存为 PDF").click()
    stage.page.wait_for_function("() => window.sheet")
    sheet = stage.page.context.new_page()
    try:
        # At the park's own address, so that the page's fonts are there as they are in the frame.
        html = stage.page.evaluate("window.sheet")
        sheet.route("**/sheet", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        sheet.goto(f"{stage.served.url}/sheet")
        sheet.evaluate("document.fonts.ready.then(() => 0)")
        session = stage.page.context.new_cdp_session(sheet)
        answer = session.send("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    finally:
        sheet.close()
    path = tmp_path / "sheet.pdf"
    path.write_bytes(base64.b64decode(answer["data"]))
    document = pdfium.PdfDocument(path)
    assert len(document) == 1
    page = document[0]
    assert page.get_size() == pytest.approx((420 * MM, 297 * MM), abs=1.5)
    # Without blanks: letters of a line may come one by one.
    text = "".join(page.get_textpage().get_text_range().split())
    park = stage.api("/park")
    # The engine drops the first letter of some runs.
    for part in (park["name"][1:], "印于20", "m画面中心处", "北"):
        assert part in text, text
    # The picture takes most of the sheet, and it is one: many colours, not an empty frame.
    (picture,) = [one for one in page.get_objects() if one.type == 3]
    left, bottom, right, top = picture.get_pos() if hasattr(picture, "get_pos") else picture.get_bounds()
    assert (right - left) * (top - bottom) > 0.6 * 420 * 297 * MM * MM
    pixels = page.render(scale=0.5).to_pil().convert("RGB")
    assert len(set(pixels.getdata())) > 2000
    # The bar is as long as it says: so many metres at the middle of the picture.
    bar = float(re.search(r"(\d+)m画面中心处", text)[1])  # type: ignore[index]
    across = stage.run(
        """const {target, position} = v.camera; const d = [target[0] - position[0], target[1] - position[1]], n = Math.hypot(...d)
        const at = (s) => v.toScreen([target[0] + d[1] / n * s, target[1] - d[0] / n * s, target[2]])
        return Math.hypot(at(-a / 2)[0] - at(a / 2)[0], at(-a / 2)[1] - at(a / 2)[1]) / v.canvas.clientWidth""",
        bar,
    )
    assert 0.08 < across <= 0.27
