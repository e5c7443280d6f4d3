"""The widget as others use it: a park's server, pages of another origin with a strict content security policy, a browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.browser import opened
from tests.support.device import publish
from tests.support.export_models import export_park
from twin.graph import GraphStore
from twin.park import Park

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "web" / "examples"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}
ELEMENT_PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>element</title>
<link rel="stylesheet" href="/style.css">
<script type="module" src="/element.js"></script>
<script type="module" src="{server}/embed/park-viewer.js"></script>
<park-viewer></park-viewer><p class="far"></p></html>"""
ELEMENT_SCRIPT = """const park = document.querySelector('park-viewer')
Object.assign(window, {told: [], park})
document.querySelector('.far').style.marginTop = '4000px'
for (const name of ['ready', 'pick', 'hover', 'state', 'connection', 'error', 'camera'])
  park.addEventListener(name, (event) => told.push([name, event.detail]))
for (const [name, value] of new URLSearchParams(location.search)) park.setAttribute(name, value)
"""


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The widget, built: the folder that a server is given as its web application."""
    npx = shutil.which("npx")
    if npx is None or not (ROOT / "web/node_modules").is_dir():
        pytest.skip("web/node_modules is not installed: run `npm ci` in web/")
    out = tmp_path_factory.mktemp("widget")
    command = [npx, "vite", "build", "--config", "vite.embed.config.ts", "--logLevel", "error", "--outDir"]
    subprocess.run([*command, str(out / "embed")], cwd=ROOT / "web", check=True, capture_output=True)
    return out


@dataclass
class Server:
    """A park's server that can be killed and started again at the same address."""

    park: Path
    dist: Path
    port: int
    process: subprocess.Popen[str] | None = None
    password: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-u", "-m", "server.cli", "serve", str(self.park), "--port", str(self.port)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PARK_WEB_DIST": str(self.dist), "PARK_LIVE_PING_SECONDS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = []
        for line in self.process.stdout or ():
            said.append(line)
            if "with the password" in line:
                self.password = line.split("with the password")[1].split()[0]
            if "serving at" in line:
                break
        else:
            raise AssertionError("the server ended before it was ready: " + "".join(said[-5:]))
        # What it says later must not fill the pipe.
        threading.Thread(target=_drain, args=(self.process,), daemon=True).start()

    def kill(self) -> None:
        """As a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    @contextmanager
    def admin(self) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=f"{self.url}/api/v1", trust_env=False) as client:
            answer = client.post("/session", json={"username": "admin", "password": self.password})
            client.headers["X-CSRF-Token"] = answer.json()["csrf"]
            yield client

    def issue(self, name: str, **wish: object) -> dict[str, Any]:
        with self.admin() as client:
            answer = client.post("/embed/tokens", json={"name": name, **wish})
            assert answer.status_code == 201, answer.text
            return dict(answer.json())

    def publish(self, topic: str, value: float) -> None:
        """One reading over MQTT, as a device would send it; returns when the broker has it."""
        publish(self.park, topic, value)


def _drain(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    with process.stdout as said:
        for _ in said:
            pass


@pytest.fixture(scope="package")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A small park with two models, houses, and a point on a wall of each model."""
    park = export_park(tmp_path_factory.mktemp("embedded"))
    graph = GraphStore(park)
    walls = {layer: graph.search(layer=layer, type="Wall", limit=1)["items"][0]["gid"] for layer in ("a1", "b1")}
    rows = [f"{layer}-t,{gid},,temperature,°C,0,40,measure,{layer},mqtt:park/{layer}/t" for layer, gid in walls.items()]
    (park.folder / "points.csv").write_text(
        "\n".join(["point_id,gid,device,kind,unit,min,max,role,name,address", *rows, ""]), encoding="utf-8"
    )
    graph.load_points()
    graph.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Server(Park.load(park.folder).folder, built, port)
    made.start()
    yield made
    made.stop()


@dataclass
class Host:
    """Pages of another origin. `pages`: path → (content type, body); the rest comes from web/examples."""

    url: str = ""
    policy: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)


@pytest.fixture(scope="package")
def host(server: Server) -> Iterator[Host]:
    """The policy lets the park's server in by name and nothing else; no inline script or style runs."""
    made = Host()
    live = server.url.replace("http", "ws")
    made.policy = (
        f"default-src 'none'; script-src 'self' {server.url} 'wasm-unsafe-eval'; style-src 'self';"
        f" connect-src {server.url} {live} blob: data:; img-src blob: data:; frame-src {server.url};"
        " base-uri 'none'; form-action 'none'"
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            file = EXAMPLES / path.strip("/")
            file = file / "index.html" if file.is_dir() else file
            if path in made.pages:
                kind, body = made.pages[path][0], made.pages[path][1].encode()
            elif file.is_file() and file.resolve().is_relative_to(EXAMPLES):
                kind, body = TYPES.get(file.suffix, "application/octet-stream"), file.read_bytes()
            else:
                kind, body = "", b""
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Security-Policy", made.policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{listener.server_port}"
    made.pages["/element"] = (TYPES[".html"], ELEMENT_PAGE.format(server=server.url))
    made.pages["/element.js"] = (TYPES[".js"], ELEMENT_SCRIPT)
    yield made
    listener.shutdown()
    listener.server_close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    yield from opened()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page without history or cache; scripts that fail, and anything that the policy stops, fail the test."""
    context = browser.new_context(viewport={"width": 800, "height": 640}, reduced_motion="reduce")
    made = context.new_page()
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.on(
        "console",
        lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None,
    )
    made.faults = faults
    yield made
    context.close()
    assert faults == []


def until(page: Any, expression: str, argument: object = None, seconds: float = 120) -> Any:
    """The first true value of an expression; Playwright's own waiting needs `eval`, which the page's policy forbids."""
    deadline = time.monotonic() + seconds
    while not (value := page.evaluate(expression, argument)):
        assert time.monotonic() < deadline, f"{expression} did not come true: {page.evaluate('window.told')}"
        page.wait_for_timeout(50)
    return value
