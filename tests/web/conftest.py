"""A built widget, a small park and a headless browser for the viewer's checks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.support.browser import opened
from tools import chromium

ROOT = Path(__file__).parents[2]


@dataclass
class Site:
    """Static files of several folders on a loopback port; `broken` paths answer 404 or rubbish."""

    roots: list[Path]
    url: str = ""
    broken: dict[str, bytes | None] = field(default_factory=dict)


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    npx = shutil.which("npx")
    if npx is None or not (ROOT / "web/node_modules").is_dir():
        pytest.skip("web/node_modules is not installed: run `npm ci` in web/")
    if chromium.find() is None:
        pytest.skip("no chromium-headless-shell on this machine")
    out = tmp_path_factory.mktemp("viewer")
    subprocess.run(
        [
            npx,
            "vite",
            "build",
            "--config",
            "vite.embed.config.ts",
            "--outDir",
            str(out / "embed"),
            "--logLevel",
            "error",
        ],
        cwd=ROOT / "web",
        check=True,
        capture_output=True,
    )
    subprocess.run([sys.executable, "web/test-scenes/make.py", str(out)], cwd=ROOT, check=True, env={"PYTHONPATH": "."})
    made = Site([out])

    class Handler(SimpleHTTPRequestHandler):
        extensions_map: ClassVar[dict[str, str]] = {
            **SimpleHTTPRequestHandler.extensions_map,
            ".glb": "model/gltf-binary",
            ".js": "text/javascript",
        }

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path in made.broken:
                body = made.broken[path]
                self.send_response(404 if body is None else 200)
                self.end_headers()
                self.wfile.write(body or b"")
                return
            super().do_GET()

        def translate_path(self, path: str) -> str:
            clean = path.split("?", maxsplit=1)[0].lstrip("/")
            return str(out / ("embed/index.html" if clean == "embed" else clean))

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="package")
def gids(site: Site) -> dict[str, int]:
    """State index by gid of the building `a1`, the site and the pipes."""
    names: dict[str, int] = {}
    for layer in ("a1", "site", "pipes", "terrain"):
        names |= json.loads((site.roots[0] / f"{layer}.gids.json").read_text())
    return names


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    yield from opened()


class Page:
    """A page with the viewer in it; `run` evaluates JavaScript with `v` the viewer and `a` the argument."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda m: self.errors.append(m.text) if "GL_INVALID" in m.text or "shader" in m.text.lower() else None,
        )

    def run(self, script: str, argument: object = None) -> Any:
        body = script if "return" in script else f"return {script}"
        return self.page.evaluate(f"async (a) => {{ const t = window.__parktwin, v = t.viewer; {body} }}", argument)

    def do(self, script: str, argument: object = None) -> None:
        """Run and wait until the picture is complete."""
        self.page.evaluate(f"async (a) => {{ const v = window.__parktwin.viewer; {script}; await v.idle() }}", argument)

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        """The colour drawn at a CSS pixel."""
        return tuple(
            self.run(
                """const c = v.canvas, gl = c.getContext('webgl2'), out = new Uint8Array(4), r = c.width / c.clientWidth
                t.renderOnce()
                gl.readPixels(Math.floor(a[0] * r), c.height - 1 - Math.floor(a[1] * r), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, out)
                return [...out.slice(0, 3)]""",
                [x, y],
            )
        )


@pytest.fixture
def viewer(site: Site, browser: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 960, "height": 600}, reduced_motion="reduce")
    page = Page(context.new_page())
    page.page.add_init_script("document.addEventListener('ready', () => (window.ready = true), true)")
    page.page.goto(f"{site.url}/embed?debug&quality=low")
    page.page.wait_for_function("window.ready")
    page.do("await v.setCamera({position: [30, -50, 32], target: [-12, 6, 8]}, 0)")
    yield page
    context.close()
    assert not page.errors
