"""The whole product, for real: the sample park is generated, ingested and served; Chromium looks at it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import opened, sign_in
from tests.support.device import publish

ROOT = Path(__file__).resolve().parents[2]
BUILD_S = 1200
READY_S = 300


@dataclass
class Served:
    """A served park: its folder, address, and the administrator's sign-in."""

    folder: Path
    url: str
    user: str
    password: str

    def sql(self, query: str) -> list[list[Any]]:
        """Rows of the database, asked through the command line."""
        command = [sys.executable, "-m", "server.cli", "sql", str(self.folder), query, "--json"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=READY_S)
        return list(json.loads(done.stdout)["rows"])

    def publish(self, topic: str, value: float) -> None:
        """One reading over MQTT, as a device would send it; returns when the broker has it."""
        publish(self.folder, topic, value)


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample park, built by `parktwin demo` and never served: tests take copies of it.

    PARKTWIN_TEST_PARK names a built one to save the time at the desk.
    """
    ready = os.environ.get("PARKTWIN_TEST_PARK")
    folder = tmp_path_factory.mktemp("demo") / "built"
    if ready:
        shutil.copytree(
            ready, folder, ignore=shutil.ignore_patterns("broker", "history*", "server.json", "*.lock", "*.wal")
        )
        return folder
    command = [sys.executable, "-m", "server.cli", "demo", str(folder), "--build-only"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=BUILD_S)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="package")
def park(built: Path) -> Path:
    """The park that most tests look at, served by `served`."""
    folder = built.with_name("park")
    shutil.copytree(built, folder)
    return folder


@pytest.fixture(scope="package")
def served(park: Path) -> Iterator[Served]:
    """The park's server on a free port, without the simulator: the tests are the devices."""
    command = [sys.executable, "-u", "-m", "server.cli", "serve", str(park), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        password, url = "", ""
        for line in process.stdout or ():
            if "with the password" in line:
                password = line.split("with the password")[1].split()[0]
            if "serving at" in line:
                url = line.split("serving at")[1].split()[0]
                break
        assert url, "the server ended before it was ready"
        if not password:  # a park copied from the desk keeps its administrator
            sign_in = park / "sign-in.txt"
            if not sign_in.exists():
                process.kill()  # leaving the block waits for it
            password = sign_in.read_text(encoding="utf-8").split()[1]
        yield Served(park, url, "admin", password)
        process.terminate()
        process.stdout.read()  # type: ignore[union-attr]
        process.wait(30)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    yield from opened()


@pytest.fixture(scope="package")
def signed_in(browser: Any, served: Served) -> Iterator[Any]:
    """A browser context with a session."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    sign_in(context, served.url, served.user, served.password)
    yield context
    context.close()


@dataclass
class Screen:
    """A page with the viewer's test handle."""

    page: Any
    served: Served

    def open(self, path: str) -> None:
        """Go there and wait until the picture is complete."""
        separator = "&" if "?" in path else "?"
        self.page.goto(f"{self.served.url}{path}{separator}debug")
        self.page.wait_for_function("() => Boolean(window.__parktwin)")
        self.run("await t.idle(); return 0")

    def run(self, body: str, argument: Any = None) -> Any:
        """Run JavaScript with `t` the handle, `v` the viewer, `a` the argument."""
        return self.page.evaluate(f"async (a) => {{ const t = window.__parktwin, v = t.viewer; {body} }}", argument)

    def api(self, path: str) -> Any:
        """A GET of the interface, with the page's session."""
        answer = self.page.context.request.get(f"{self.served.url}/api/v1{path}")
        assert answer.ok, answer.text()
        return answer.json()

    def card(self, gid: str) -> Any:
        """Everything the server knows of an object."""
        return self.api(f"/objects/card?gid={urllib.parse.quote(gid, safe='')}")

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        """The colour shown at a place of the page."""
        import io

        from PIL import Image

        shot = self.page.screenshot(clip={"x": x - 1, "y": y - 1, "width": 3, "height": 3})
        return Image.open(io.BytesIO(shot)).convert("RGB").getpixel((1, 1))  # type: ignore[return-value]


@pytest.fixture
def screen(signed_in: Any, served: Served) -> Iterator[Screen]:
    page = signed_in.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    outside: list[str] = []
    page.on(
        "request",
        lambda request: (
            outside.append(request.url) if not request.url.startswith((served.url, "data:", "blob:", "ws:")) else None
        ),
    )
    yield Screen(page, served)
    page.close()
    assert faults == []
    assert outside == []


# Opening the park costs seconds: the tests of the stage's tools share one page and put it back afterwards.
@pytest.fixture(scope="package")
def tool_page(signed_in: Any, served: Served) -> Iterator[Screen]:
    page = signed_in.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    opened = Screen(page, served)
    opened.open("/brain?quality=low")
    yield opened
    page.close()
    assert faults == []


RESET = """
window.off?.(); window.off = null
await v.setTool('select'); v.setNavigation('orbit'); v.setSection(null); v.setExplode(0); v.setGround(null); v.select([])
v.state.showAll(); v.state.level([[0, v.state.size - 1]], 0)
const m = await v.use('measure'); m.clear(); m.setKind('distance')
await v.setCamera({position: [-150, -330, 210], target: [0, 10, 0]}, 0); await t.idle(); return 0
"""


@pytest.fixture
def stage(tool_page: Screen) -> Iterator[Screen]:
    """The shared page in its first state: the park from the south-west, nothing chosen, cut or measured."""
    tool_page.run(RESET)
    yield tool_page
    for _ in range(3):
        tool_page.page.keyboard.press("Escape")
