"""Take the pictures of the documentation: `python -m tools.screenshots URL USER PASSWORD MODEL`.

URL is a served sample park, best one that has run for some minutes, so that curves have a past.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from tools import chromium

TARGET = Path(__file__).resolve().parents[1] / "docs" / "images"
COLOURS = 256
SETTLE_MS = 6000
"""Time for a few live ticks after the tiles are complete."""


def save(page: Any, name: str) -> None:
    """A screenshot as a palette PNG, a third of the size; rare colours such as alarm red are kept."""
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        TARGET / f"{name}.png", optimize=True
    )


def settle(page: Any) -> None:
    """Wait for the viewer's last tile and some ticks."""
    page.wait_for_function("() => Boolean(window.__parktwin)", timeout=60_000)
    page.evaluate("() => window.__parktwin.idle()")
    page.wait_for_timeout(SETTLE_MS)


def submission(context: Any, url: str, model: Path) -> str:
    """Hand the sample model in and wait for its review; returns its id."""
    session = context.request.get(f"{url}/api/v1/session").json()
    known = context.request.get(f"{url}/api/v1/submissions").json()
    rows = known.get("items", known) if isinstance(known, dict) else known
    if rows:
        return str(rows[0]["id"])
    made = context.request.post(
        f"{url}/api/v1/submissions",
        headers={"X-CSRF-Token": session["csrf"]},
        multipart={"file": {"name": model.name, "mimeType": "application/x-step", "buffer": model.read_bytes()}},
    ).json()
    page = context.new_page()
    page.goto(f"{url}/healthz")
    while context.request.get(f"{url}/api/v1/jobs/{made['job']}").json()["state"] in {"queued", "running"}:
        page.wait_for_timeout(500)
    page.close()
    return str(made["submission"])


def take(url: str, user: str, password: str, model: Path) -> None:
    """Write all pictures into docs/images."""
    TARGET.mkdir(parents=True, exist_ok=True)
    path = chromium.find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
        context.request.post(f"{url}/api/v1/session", data={"username": user, "password": password})
        page = context.new_page()
        for name, address in (
            ("brain", "/brain"),
            ("temperature", "/brain?theme=temperature"),
            ("planning", "/planning"),
        ):
            page.goto(f"{url}{address}{'&' if '?' in address else '?'}debug")
            settle(page)
            save(page, name)
        scene = context.request.get(f"{url}/tiles/scene.json").json()
        storeys = next(layer["storeys"] for layer in scene["layers"] if layer["layer"] == "l1")
        page.goto(f"{url}/brain?debug&theme=temperature&storey={storeys[1]['gid']}")
        settle(page)
        save(page, "storey")
        page.goto(f"{url}/review/{submission(context, url, model)}?debug")
        settle(page)
        page.get_by_text("小于 1.10 m").first.click()
        settle(page)
        save(page, "review")
        page.goto(f"{url}/embed-example.html")
        page.set_viewport_size({"width": 1280, "height": 960})
        page.wait_for_timeout(4 * SETTLE_MS)
        save(page, "widget")
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.goto(f"{url}/embed?debug")
        page.wait_for_timeout(2 * SETTLE_MS)
        page.evaluate(
            """async () => {
                const v = window.__parktwin.viewer
                await v.setCamera({ position: [-10, -120, 3], target: [0, 0, 9] }, 0)
                v.setNavigation('walk')
                await v.idle()
            }"""
        )
        page.wait_for_timeout(SETTLE_MS)
        save(page, "walk")
        page.set_viewport_size({"width": 3840, "height": 1080})
        page.goto(f"{url}/brain?debug")
        settle(page)
        save(page, "brain-wide")
        browser.close()


if __name__ == "__main__":
    take(*sys.argv[1:4], Path(sys.argv[4]))
