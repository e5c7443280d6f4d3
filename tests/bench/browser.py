"""Pages of the viewer's races in headless Chromium: built, served, opened, measured from outside, alike for every contestant."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from tests.bench.cost import ROOT, Failed
from tools import chromium

METER = ROOT / "web" / "bench" / "meter.js"
CELLS = 64 * 36
"""In which the meter compares pictures."""
FRAMES, LIGHT, REST_MS = 4, 9, 500
"""Redraws that the card draws, and of which only the JavaScript counts, with a pause before each."""
WAIT_MS = 400_000
UNLOCKED = ["--disable-frame-rate-limit", "--disable-gpu-vsync", "--enable-precise-memory-info"]


@dataclass(frozen=True)
class Seen:
    """One page's run, as seen from outside.

    first, picture: ms from navigation to half of the picture and to the complete one; cpu: seconds of all the browser's processes
    until then; frame: median wall ms of a redraw; script: CPU ms of its JavaScript on the main thread; calls, triangles: of a redraw;
    heap: bytes of JavaScript, buffers and workers included; gpu: bytes in buffers and textures; first_bytes, bytes: data on the wire
    until then; objects: what the contestant says it shows; cells: numbers of the picture's cells that the model covers;
    asked: answers to the race's own questions.
    """

    first: float
    picture: float
    cpu: float
    frame: float
    script: float
    calls: int
    triangles: int
    heap: int
    gpu: int
    first_bytes: int
    bytes: int
    objects: int | None
    cells: frozenset[int]
    asked: dict[str, Any] = field(default_factory=dict)


def missing() -> str:
    """Why a race in the browser cannot be run here; empty where it can."""
    if shutil.which("npx") is None or not (ROOT / "web" / "node_modules").is_dir():
        return "web/node_modules is not installed"
    return "" if chromium.find() else "no Chromium is installed"


def built(out: Path) -> Path:
    """The pages of all contestants that are installed, once per folder."""
    if not out.exists():
        subprocess.run(["node", "bench/build.js", str(out)], cwd=ROOT / "web", check=True, capture_output=True)
    return out


@contextmanager
def served(folder: Path, pages: Path) -> Iterator[str]:
    """A folder of data and the pages over HTTP, gzipped as our server does it; what is asked for in both is the folder's."""

    class Handler(SimpleHTTPRequestHandler):
        # As servers do it that parks are served by: connections are kept, and no packet waits for another.
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True
        extensions_map: ClassVar[dict[str, str]] = {
            **SimpleHTTPRequestHandler.extensions_map,
            ".js": "text/javascript",
            ".mjs": "text/javascript",
            ".wasm": "application/wasm",
            ".glb": "model/gltf-binary",
        }

        def do_GET(self) -> None:
            name = self.path.split("?")[0].lstrip("/")
            path = next((root / name for root in (folder, pages) if ".." not in name and (root / name).is_file()), None)
            if path is None:
                self.send_error(404)
                return
            body = _packed(path)
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(str(path)))
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for path in [*folder.rglob("*.*"), *pages.rglob("*.*")]:  # so that no contestant waits for the first packing
            if path.suffix in {".glb", ".json", ".frag", ".xkt", ".js", ".mjs", ".html"}:
                _packed(path)
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@cache
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6, mtime=0)


def data_bytes(folder: Path) -> int:
    """Bytes of a folder's tiles and descriptions as they travel when all of them do."""
    return sum(len(_packed(path)) for path in folder.rglob("*") if path.suffix in {".glb", ".json"})


@contextmanager
def opened() -> Iterator[Any]:
    """Headless Chromium on llvmpipe."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=[*chromium.FLAGS, *UNLOCKED])
        try:
            yield browser
        finally:
            browser.close()


def look(browser: Any, url: str, page_name: str, questions: dict[str, str] | None = None) -> Seen:
    """Open a contestant's page (with its query) without cache, let it draw, ask it. questions: JavaScript by name."""
    from playwright.sync_api import Error

    context = browser.new_context(viewport={"width": 1280, "height": 720})
    processes = browser.new_browser_cdp_session()
    try:
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.add_init_script(path=METER)
        wire = context.new_cdp_session(page)
        workers = _Workers(wire)
        wire.send("Performance.enable", {"timeDomain": "threadTicks"})
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        before = _cpu(processes)
        page.goto(f"{url}/{page_name}")
        try:
            _await_ready(wire)
            cpu = _cpu(processes) - before
            return _asked(page, wire, workers, cpu, questions or {})
        except (Error, Failed) as error:
            raise Failed(f"{page_name}: {str(error).splitlines()[0]} {' '.join(faults)}"[:400]) from error
    finally:
        processes.detach()
        context.close()


def _await_ready(wire: Any) -> None:
    """Until the contestant says that its picture is complete; playwright's own waiting would put a third of a megabyte of script between."""
    expression = f"Promise.race([meter.ready, new Promise((_, no) => setTimeout(() => no(new Error('no picture in {WAIT_MS} ms')), {WAIT_MS}))])"
    answer = wire.send("Runtime.evaluate", {"expression": expression, "awaitPromise": True})
    if "exceptionDetails" in answer:
        raise Failed(answer["exceptionDetails"].get("exception", {}).get("description", "the page said nothing"))


def _asked(page: Any, wire: Any, workers: _Workers, cpu: float, questions: dict[str, str]) -> Seen:
    page.evaluate("meter.stop(); meter.full = meter.look()")  # before anything is asked that changes the picture
    frames = page.evaluate("(n) => bench.spin(n)", FRAMES)
    page.evaluate("meter.light = true")
    script = _frame_script(page, wire)
    asked = {name: page.evaluate(question) for name, question in questions.items()}
    page.evaluate("bench.still()")
    calls, triangles = page.evaluate("[meter.calls, meter.triangles]")
    page.evaluate("meter.light = false")
    gpu = page.evaluate("meter.gpu")
    heap = _heap(wire) + workers.heap(page)
    objects = page.evaluate("bench.objects()")
    seen = page.evaluate(
        """async () => {
          await bench.blank()
          const { full } = meter
          const empty = meter.look()
          const first = Math.min(bench.picture, meter.first(full, empty))
          return { first, cells: meter.covered(full.cells, empty.cells), picture: bench.picture, part: meter.bytes(first), all: meter.bytes(bench.picture) }
        }"""
    )
    return Seen(
        first=seen["first"], picture=seen["picture"], cpu=cpu, frame=statistics.median(frames), script=script, calls=round(calls),
        triangles=round(triangles), heap=heap, gpu=gpu, first_bytes=seen["part"], bytes=seen["all"], objects=objects,
        cells=frozenset(at // 3 for at in seen["cells"]), asked=asked,
    )  # fmt: skip


def _frame_script(page: Any, wire: Any) -> float:
    """Median milliseconds of JavaScript of a redraw; each after a rest, so that none is coarser for the last one's lateness."""
    found = []
    for turn in range(LIGHT):
        page.wait_for_timeout(REST_MS)
        before = _script(wire)
        page.evaluate("(turn) => bench.spin(1, turn)", 0.02 * (turn + 1))
        found.append(_script(wire) - before)
    return statistics.median(found)


def _script(wire: Any) -> float:
    """Milliseconds of CPU that the main thread spent in JavaScript so far."""
    rows = wire.send("Performance.getMetrics")["metrics"]
    return 1e3 * next(row["value"] for row in rows if row["name"] == "ScriptDuration")


def _heap(wire: Any) -> int:
    wire.send("HeapProfiler.collectGarbage")
    used = wire.send("Runtime.getHeapUsage")
    return int(used["usedSize"] + used.get("backingStorageSize", 0))


def _cpu(processes: Any) -> float:
    return sum(one["cpuTime"] for one in processes.send("SystemInfo.getProcessInfo")["processInfo"])


class _Workers:
    """A page's workers, so that what they hold counts as well."""

    def __init__(self, wire: Any) -> None:
        self.wire, self.sessions, self.answers = wire, [], {}
        wire.on("Target.attachedToTarget", self._attached)
        wire.on("Target.receivedMessageFromTarget", self._answered)
        wire.send("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False})

    def _attached(self, event: dict) -> None:
        if event["targetInfo"]["type"] == "worker":
            self.sessions.append(event["sessionId"])

    def _answered(self, event: dict) -> None:
        answer = json.loads(event["message"])
        if answer.get("id") == 2:
            self.answers[event["sessionId"]] = answer.get("result", {})

    def heap(self, page: Any) -> int:
        """Bytes that all workers hold after collecting garbage."""
        for session in self.sessions:
            for number, method in enumerate(("HeapProfiler.collectGarbage", "Runtime.getHeapUsage"), start=1):
                self.wire.send("Target.sendMessageToTarget", {"sessionId": session, "message": json.dumps({"id": number, "method": method})})  # fmt: skip
        for _ in range(1200):
            if len(self.answers) == len(self.sessions):
                break
            page.wait_for_timeout(50)
        else:
            raise Failed(f"{len(self.sessions) - len(self.answers)} workers did not tell their heap in a minute")
        return sum(int(one["usedSize"] + one.get("backingStorageSize", 0)) for one in self.answers.values())


def middle(runs: Sequence[Seen]) -> Seen:
    """Medians of what varies; the rest is the last run's."""
    names = ("first", "picture", "cpu", "frame", "script", "heap", "first_bytes")
    return replace(runs[-1], **{name: statistics.median(getattr(run, name) for run in runs) for name in names})


def in_turn(browser: Any, url: str, pages: dict[str, str], rounds: int, questions: dict[str, dict[str, str]] | None = None) -> dict[str, Seen]:  # fmt: skip
    """All contestants, `rounds` times, who goes first changing with the round. pages: page by contestant's name."""
    names = list(pages)
    runs: dict[str, list[Seen]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            runs[name].append(look(browser, url, pages[name], (questions or {}).get(name)))
    return {name: middle(some) for name, some in runs.items()}


def overlap(one: frozenset[int], other: frozenset[int]) -> float:
    """How alike two outlines are: cells that both cover over cells that either does."""
    return len(one & other) / max(1, len(one | other))


def sizes(default: str, tiny: bool) -> list[int]:
    """Numbers of objects: PARKTWIN_BENCH_OBJECTS, as 1000,10000, or the race's own."""
    return [300] if tiny else [int(n) for n in os.environ.get("PARKTWIN_BENCH_OBJECTS", default).split(",")]
