"""`viewer`: our viewer against three.js with one mesh per element, and against 3d-tiles-renderer on the same tiles."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from tests.bench import scale, scale_glb
from tests.bench.cost import ROOT, Failed
from tests.bench.race import Check, Context, Outcome, Race, Ratio, times
from tools import chromium

SIZES = "1000,10000"
"""Objects by default; PARKTWIN_BENCH_OBJECTS names others, as 1000,10000,100000,1000000. The peers end at PEER_LIMIT."""
PEER_LIMIT = 100_000
CONTESTANTS = {"ours": "our viewer", "meshes": "three.js, a mesh per element", "tiles": "3d-tiles-renderer, our tiles"}
FRAMES = 12
WAIT_MS = 120_000
UNLOCKED = ["--disable-frame-rate-limit", "--disable-gpu-vsync", "--enable-precise-memory-info"]
SAME_HIT, NEAR = 0.95, 0.01
"""Share of places where both see something or both nothing; how far apart, of the distance, two hits may be."""


@dataclass(frozen=True)
class Seen:
    """One page's run. picture: ms from navigation to the complete picture; frame, script: median ms; bytes: data on the wire."""

    picture: float
    frame: float
    script: float
    calls: int
    triangles: int
    heap: int
    bytes: int
    hits: list[float | None]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder over HTTP, gzipped as our server does it."""
    packed: dict[str, bytes] = {}

    class Handler(SimpleHTTPRequestHandler):
        extensions_map: ClassVar[dict[str, str]] = {
            **SimpleHTTPRequestHandler.extensions_map,
            ".js": "text/javascript",
            ".glb": "model/gltf-binary",
        }

        def do_GET(self) -> None:
            path = Path(self.translate_path(self.path))
            if not path.is_file():
                self.send_error(404)
                return
            body = packed.setdefault(str(path), gzip.compress(path.read_bytes(), 6, mtime=0))
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(str(path)))
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: Handler(*given, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for path in folder.rglob("*.glb"):  # so that no contestant waits for the first packing
            packed[str(path)] = gzip.compress(path.read_bytes(), 6, mtime=0)
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def look(browser: Any, url: str, contestant: str) -> Seen:
    """Open a contestant's page without cache, let it draw, ask it."""
    from playwright.sync_api import TimeoutError as Late

    context = browser.new_context(viewport={"width": 1280, "height": 720})
    try:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        names: dict[str, str] = {}
        sizes: dict[str, float] = {}
        wire.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
        wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{url}/{contestant}.html")
        try:
            page.wait_for_function("window.bench", timeout=WAIT_MS)
        except Late as error:
            raise Failed(f"{contestant} drew nothing in {WAIT_MS / 1000:.0f} s: {' '.join(faults)}") from error
        page.set_default_timeout(WAIT_MS)
        run = page.evaluate("(n) => bench.spin(n)", FRAMES)
        asked = page.evaluate("[bench.picture, bench.calls(), bench.triangles()]")
        hits = page.evaluate("bench.hits()") if contestant != "tiles" else []
        wire.send("HeapProfiler.collectGarbage")
        heap = page.evaluate("performance.memory.usedJSHeapSize")
        data = sum(size for key, size in sizes.items() if names.get(key, "").endswith((".glb", ".json")))
        return Seen(
            asked[0],
            statistics.median(run["frames"][2:]),
            statistics.median(run["script"][2:]),
            asked[1],
            asked[2],
            heap,
            int(data),
            hits,
        )
    finally:
        context.close()


def agreement(ours: list[float | None], theirs: list[float | None]) -> tuple[float, float]:
    """(share of places where both or neither hit, share of the common hits that are equally far)."""
    both = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    same = sum((a is None) == (b is None) for a, b in zip(ours, theirs, strict=True))
    near = sum(abs(a - b) <= NEAR * b for a, b in both)
    return same / len(ours), near / max(1, len(both))


def middle(runs: list[Seen]) -> Seen:
    """Medians of the times; the rest is the last run's."""
    last = runs[-1]
    picture, frame, script = (
        statistics.median(getattr(run, name) for run in runs) for name in ("picture", "frame", "script")
    )
    return Seen(picture, frame, script, last.calls, last.triangles, last.heap, last.bytes, last.hits)


def prepared(context: Context, pages: Path, objects: int) -> Path:
    """A folder with the pages, our tiles and the peer's GLB of a site."""
    folder = context.folder / "viewer" / str(objects)
    shutil.copytree(pages, folder)
    made = scale.site(folder / "spool", objects)
    (folder / "scene.json").write_text(json.dumps(scale.write_tiles(made, folder)), encoding="utf-8")
    if objects <= PEER_LIMIT:
        scale_glb.write(made, folder / "model.glb")
    return folder


def missing() -> str:
    """Why the race cannot be run here; empty where it can."""
    if shutil.which("npx") is None or not (ROOT / "web" / "node_modules").is_dir():
        return "web/node_modules is not installed"
    return "" if chromium.find() else "no Chromium is installed"


def run(context: Context) -> Outcome:
    """Each size: build, then all contestants in turn, each time in a fresh page."""
    why = missing()
    if why:
        return Outcome(skipped=why)
    from playwright.sync_api import sync_playwright

    pages = context.folder / "viewer-pages"
    command = [
        "npx",
        "vite",
        "build",
        "--config",
        "vite.bench.config.ts",
        "--logLevel",
        "error",
        "--outDir",
        str(pages),
    ]
    subprocess.run(command, cwd=ROOT / "web", check=True, capture_output=True)
    sizes = [300] if context.tiny else [int(n) for n in os.environ.get("PARKTWIN_BENCH_OBJECTS", SIZES).split(",")]
    rows, checks, ratios = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=[*chromium.FLAGS, *UNLOCKED])
        for objects in sizes:
            context.say(f"viewer: {objects:,} objects")
            names = list(CONTESTANTS) if objects <= PEER_LIMIT else ["ours", "tiles"]
            with served(prepared(context, pages, objects)) as url:
                runs: dict[str, list[Seen]] = {name: [] for name in names}
                for number in range(context.rounds):
                    for name in names[number % len(names) :] + names[: number % len(names)]:
                        runs[name].append(look(browser, url, name))
            found = {name: middle(seen) for name, seen in runs.items()}
            rows += [row(objects, CONTESTANTS[name], seen) for name, seen in found.items()]
            if "meshes" in found:
                checks.append(check(objects, found["ours"], found["meshes"]))
                ratios += compared(objects, found["ours"], found["meshes"])
        browser.close()
    return Outcome(
        columns=(
            "objects",
            "contestant",
            "picture ms",
            "frame ms",
            "script ms",
            "draw calls",
            "triangles",
            "heap MB",
            "data kB",
        ),
        rows=rows,
        checks=checks,
        ratios=ratios,
        verdict=verdict(ratios),
        notes=[
            (
                "The site is synthetic: bays of an office with walls, openings, ducts, pipes and furniture, a third of the shapes unique."
                " 'Picture' is the time from navigation to the complete picture of the whole site; 'frame' a redraw with a turned camera,"
                " finished on the card (Mesa's llvmpipe: a processor draws, so that triangles cost what they do on no real card); 'script'"
                " the part of it that is JavaScript. 'Data' is gzip on the wire without scripts."
            ),
            (
                "The peer's file is a GLB without compression but gzip, its shapes shared where they repeat. Both tile contestants have an"
                " error target of 24 pixels; what that leaves out shows in the triangles. Our tiles carry baked edge"
                " lines, which the peer's file lacks; 3d-tiles-renderer lacks what our viewer adds: state, picking, sky. A frame is one in"
                " movement: where frames are late, as here, our viewer leaves edge lines, back faces and some pixels for rest."
            ),
        ],
    )


def row(objects: int, title: str, seen: Seen) -> tuple[object, ...]:
    """A row of the table."""
    return (
        objects,
        title,
        seen.picture,
        seen.frame,
        seen.script,
        seen.calls,
        seen.triangles,
        seen.heap / 1e6,
        seen.bytes / 1e3,
    )


def check(objects: int, ours: Seen, theirs: Seen) -> Check:
    """Gate: both show the same thing, asked by rays over the picture."""
    same, near = agreement(ours.hits, theirs.hits)
    return Check(
        f"{objects:,}: rays meet the same surfaces in both",
        same >= SAME_HIT and near >= SAME_HIT,
        f"{same:.0%} of {len(ours.hits)} places agree, {near:.0%} of the hits are equally far",
    )


def compared(objects: int, ours: Seen, theirs: Seen) -> list[Ratio]:
    """Ratios against a mesh per element."""
    pairs = {
        "complete picture": (ours.picture, theirs.picture),
        "frame": (ours.frame, theirs.frame),
        "JavaScript of a frame": (ours.script, theirs.script),
        "draw calls": (ours.calls, theirs.calls),
        "JavaScript heap": (ours.heap, theirs.heap),
        "data on the wire": (ours.bytes, theirs.bytes),
    }
    return [Ratio(f"{objects:,} objects: {name}", b / max(a, 1e-3)) for name, (a, b) in pairs.items()]


def verdict(ratios: list[Ratio]) -> str:
    """One sentence about the largest size raced."""
    if not ratios:
        return "Only our viewer was run at these sizes."
    last = {ratio.name.partition(": ")[2]: ratio.value for ratio in ratios[-6:]}
    size = ratios[-1].name.partition(":")[0]
    return (
        f"At {size}, against three.js with a mesh per element: the picture takes {times(last['complete picture'], 'less', 'more')} time, a frame"
        f" {times(last['frame'], 'less', 'more')}, its JavaScript {times(last['JavaScript of a frame'], 'less', 'more')}, and"
        f" {times(last['data on the wire'])} bytes travel."
    )


RACE = Race(
    "viewer",
    "Our viewer against three.js with one mesh per element",
    "The same made-up site of building parts in headless Chromium on llvmpipe, 1280 × 720: our viewer on tiles of the real builder; three.js"
    " with what its GLTFLoader gives; 3d-tiles-renderer on our tiles with the loader's materials.",
    run,
)
