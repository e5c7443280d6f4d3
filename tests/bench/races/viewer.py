"""`viewer`: our viewer against one mesh per element, with three.js and with 3d-tiles-renderer, and against 3d-tiles-renderer on our tiles."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench import browser, scale, scale_glb
from tests.bench.browser import Seen
from tests.bench.race import Check, Context, Outcome, Race, Ratio, times

SIZES = "1000,10000"
"""Objects by default; PARKTWIN_BENCH_OBJECTS names others. The peers with a mesh per element end at PEER_LIMIT."""
PEER_LIMIT = 100_000
CONTESTANTS = {
    "ours": "our viewer",
    "meshes": "three.js, a mesh per element",
    "plain": "3d-tiles-renderer, a mesh per element",
    "tiles": "3d-tiles-renderer, our tiles",
}
PAGES = {"ours": "ours.html", "meshes": "meshes.html", "plain": "tiles.html?tileset=plain/tileset.json", "tiles": "tiles.html"}  # fmt: skip
SAME_HIT, NEAR, SAME_OUTLINE = 0.95, 0.01, 0.9
"""Share of places where both see something or both nothing; how far apart, of the distance, two hits may be; overlap of outlines."""
SCRIPT_GOAL = 0.25
COLUMNS = (
    "objects", "contestant", "first ms", "picture ms", "CPU s", "frame ms", "script ms", "draw calls", "triangles", "heap MB", "GPU MB", "data kB",
)  # fmt: skip


def agreement(ours: list[float | None], theirs: list[float | None]) -> tuple[float, float]:
    """(share of places where both or neither hit, share of the common hits that are equally far)."""
    both = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    same = sum((a is None) == (b is None) for a, b in zip(ours, theirs, strict=True))
    near = sum(abs(a - b) <= NEAR * b for a, b in both)
    return same / len(ours), near / max(1, len(both))


def prepared(context: Context, objects: int) -> Path:
    """A folder with our tiles and the peers' files of a site."""
    folder = context.folder / "viewer" / str(objects)
    made = scale.site(folder / "spool", objects)
    manifest, result = scale.tiled(made, folder)
    (folder / "scene.json").write_text(json.dumps(manifest), encoding="utf-8")
    if objects <= PEER_LIMIT:
        scale_glb.write(made, folder / "model.glb")
        scale_glb.write_tiles(made, result, folder / "tiles", folder / "plain")
    return folder


def run(context: Context) -> Outcome:
    """Each size: build, then all contestants in turn, each time in a fresh page."""
    why = browser.missing()
    if why:
        return Outcome(skipped=why)
    pages = browser.built(context.folder / "viewer-pages")
    rows, checks, ratios = [], [], []
    for objects in browser.sizes(SIZES, context.tiny):
        context.say(f"viewer: {objects:,} objects")
        names = list(CONTESTANTS) if objects <= PEER_LIMIT else ["ours", "tiles"]
        asked = {name: {"hits": "bench.hits()"} for name in ("ours", "meshes")}
        with browser.served(prepared(context, objects), pages) as url, browser.opened() as opened:
            found = browser.in_turn(opened, url, {name: PAGES[name] for name in names}, context.rounds, asked)
        rows += [row(objects, CONTESTANTS[name], seen) for name, seen in found.items()]
        if "meshes" in found:
            checks += same(objects, found)
            ratios += compared(objects, found)
    return Outcome(
        columns=COLUMNS,
        rows=rows,
        checks=checks,
        ratios=ratios,
        verdict=verdict(ratios),
        notes=[
            (
                "The site is synthetic: bays of an office with walls, openings, ducts, pipes and furniture, a third of the shapes unique."
                " 'First' is when half of the cells (of 64 × 36) that the site covers were first nearer to the complete picture than to the"
                " empty stage, from navigation; 'CPU' that of all the browser's processes until the complete picture; 'frame' the wall time"
                " of a redraw with a turned camera, finished on the card (Mesa's llvmpipe: a processor draws, so that triangles cost what"
                " they do on no real card); 'script' the main thread's CPU in its JavaScript. 'Data' is gzip on the wire without scripts;"
                " 'heap' JavaScript and its buffers after collecting garbage; 'GPU' what was asked for in buffers and textures."
            ),
            (
                "The peers' files are GLBs without compression but gzip, shapes shared where they repeat: one for three.js, and for"
                " 3d-tiles-renderer one per tile of our own tree. All tile contestants have an error target of 24 pixels; what that leaves"
                " out shows in the triangles. Our tiles carry baked edge lines, which the peers' lack; 3d-tiles-renderer lacks what our"
                " viewer adds: state, picking, sky. A frame is one in movement: where frames are late, as here, our viewer leaves edge"
                " lines, back faces and some pixels for rest."
            ),
        ],
    )


def row(objects: int, title: str, seen: Seen) -> tuple[object, ...]:
    """A row of the table."""
    return (
        objects, title, seen.first, seen.picture, seen.cpu, seen.frame, seen.script, seen.calls, seen.triangles, seen.heap / 1e6,
        seen.gpu / 1e6, seen.bytes / 1e3,
    )  # fmt: skip


def same(objects: int, found: dict[str, Seen]) -> list[Check]:
    """Gate: all show the same thing, asked by rays over the picture and by its outline."""
    ours = found["ours"]
    hit, near = agreement(ours.asked["hits"], found["meshes"].asked["hits"])
    outline = min(browser.overlap(ours.cells, seen.cells) for seen in found.values())
    return [
        Check(
            f"{objects:,}: rays meet the same surfaces in both",
            hit >= SAME_HIT and near >= SAME_HIT,
            f"{hit:.0%} of {len(ours.asked['hits'])} places agree, {near:.0%} of the hits are equally far",
        ),
        Check(
            f"{objects:,}: all pictures have the same outline",
            outline >= SAME_OUTLINE and len(ours.cells) > 0,
            f"at least {outline:.0%} of the cells that one of two covers are in both",
        ),
    ]


def compared(objects: int, found: dict[str, Seen]) -> list[Ratio]:
    """Ratios against a mesh per element."""
    ours, theirs = found["ours"], found["meshes"]
    pairs = {
        "first picture": (ours.first, theirs.first),
        "complete picture": (ours.picture, theirs.picture),
        "CPU until the complete picture": (ours.cpu, theirs.cpu),
        "frame": (ours.frame, theirs.frame),
        "JavaScript of a frame": (ours.script, theirs.script),
        "JavaScript of a frame, against 3d-tiles-renderer": (ours.script, found["plain"].script),
        "draw calls": (ours.calls, theirs.calls),
        "JavaScript heap": (ours.heap, theirs.heap),
        "data on the wire": (ours.bytes, theirs.bytes),
    }
    return [Ratio(f"{objects:,} objects: {name}", b / max(a, 1e-3)) for name, (a, b) in pairs.items()]


def verdict(ratios: list[Ratio]) -> str:
    """One sentence about the largest size raced."""
    if not ratios:
        return "Only our viewer was run at these sizes."
    size = ratios[-1].name.partition(":")[0]
    last = {name: ratio.value for ratio in ratios for at, _, name in [ratio.name.partition(": ")] if at == size}
    script = 1 / last["JavaScript of a frame, against 3d-tiles-renderer"]
    return (
        f"At {size}, against three.js with a mesh per element: the picture takes {times(last['complete picture'], 'less', 'more')} time, a frame"
        f" {times(last['frame'], 'less', 'more')}, its JavaScript {times(last['JavaScript of a frame'], 'less', 'more')}, and"
        f" {times(last['data on the wire'])} bytes travel; the JavaScript is {script:.2g}x of 3d-tiles-renderer's with a mesh per element"
        f" (goal: {SCRIPT_GOAL}x, {'met' if script <= SCRIPT_GOAL else 'missed'})."
    )


RACE = Race(
    "viewer",
    "Our viewer against one mesh per element",
    "The same made-up site of building parts in headless Chromium on llvmpipe, 1280 × 720: our viewer on tiles of the real builder; three.js"
    " with what its GLTFLoader gives; 3d-tiles-renderer with the loader's materials, on tiles with a mesh per element and on ours.",
    run,
)
