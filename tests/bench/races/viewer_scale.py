"""`viewer-scale`: how our cost grows from a thousand objects to a million, of the tiles' build and of the picture."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench import browser, rays, scale
from tests.bench.browser import Seen
from tests.bench.cost import Failed, Timer
from tests.bench.race import Cell, Check, Context, Outcome, Race, Ratio

SIZES = "1000,10000,100000"
"""Objects by default; PARKTWIN_BENCH_OBJECTS names others, up to 1000000, which takes minutes."""
VIEWS = {"whole": "whole site", "near": "from a roof"}
EXACT = 10_000
"""Up to so many objects nothing may be left out of the picture."""
RIGHT, EMPTY = 0.95, 0.02
STATES = 100_000
CALLS, FRAME_MS = 200, 1000 / 60
QUESTIONS = {
    "where": "({ ...bench.pose(), places: bench.places() })",
    "hits": "bench.hits()",
    "recolour": "(async () => { const all = []; for (let n = 0; n < 5; n++) all.push(await bench.recolour(100000, n)); return all })()",
    "picks": "bench.picks()",
}
COLUMNS = (
    "objects", "view", "build CPU s", "build MB", "tiles", "tiles MB", "first ms", "picture ms", "CPU s", "draw calls", "triangles",
    "places right", "script ms", "frame ms", "heap MB", "GPU MB", "data kB", "first kB", "state ms", "pick ms",
)  # fmt: skip


def build(folder: str, objects: int) -> dict:
    """A site in a process of its own: the tile builder's cost, and beside the tiles what the gate needs."""
    out, timer = Path(folder), Timer()
    made = scale.site(out / "spool", objects, keep=False)
    with timer.run():
        manifest, result = scale.tiled(made, out)
    (out / "scene.json").write_text(json.dumps(manifest), encoding="utf-8")
    np.savez(out / "truth.npz", boxes=result.boxes[np.isfinite(result.boxes[:, 0])])
    return timer.row(**result.statistics)


def truth(folder: Path, objects: int, where: dict[str, Any]) -> np.ndarray:
    """What rays through the places meet, from the spool that the tiles were made of."""
    eye, target = np.array(where["position"]), np.array(where["target"])
    spool = scale.site(folder / "again", objects, keep=False).spool.close()
    boxes = np.load(folder / "truth.npz")["boxes"]
    return rays.distances(spool, boxes, eye, rays.directions(eye, target, where["places"]))


def prepared(context: Context, objects: int) -> tuple[Path, dict[str, Any], tuple[float, float]]:
    """A folder with the tiles of a site, what the builder told, and its CPU-seconds and peak megabytes."""
    folder = context.folder / "viewer-scale" / str(objects)
    folder.mkdir(parents=True)
    sample = context.call(build, folder=str(folder), objects=objects)
    return folder, sample.answer, (sample.cost.cpu, sample.cost.rss / 1e6)


def row(objects: int, view: str, seen: Seen, built: dict[str, Any], cost: tuple[float, float], exact: float) -> tuple[Cell, ...]:  # fmt: skip
    """A row of the table; the build's columns belong to the first view."""
    whole = view == "whole"
    asked = seen.asked
    state = statistics.median(one["written"] + one["prepared"] for one in asked["recolour"])
    return (
        objects, VIEWS[view], cost[0] if whole else None, cost[1] if whole else None, built["tiles"] if whole else None,
        built["tile_bytes"] / 1e6 if whole else None, seen.first, seen.picture, seen.cpu, seen.calls, seen.triangles, exact, seen.script,
        seen.frame, seen.heap / 1e6, seen.gpu / 1e6, seen.bytes / 1e3, seen.first_bytes / 1e3, state, statistics.median(asked["picks"]["each"]),
    )  # fmt: skip


def checks(objects: int, view: str, seen: Seen, built: dict[str, Any], exact: float) -> list[Check]:
    """Gate: all objects are in the tiles; the picture is not empty, and up to EXACT objects nothing is missing in it."""
    name, filled, met = f"{objects:,}, {VIEWS[view]}", len(seen.cells) / browser.CELLS, seen.asked["picks"]["met"]
    rows = [Check(f"{name}: the picture is not empty", filled >= EMPTY and met > 0, f"the site covers {filled:.0%}, {met} of {len(seen.asked['hits'])} places meet an object")]  # fmt: skip
    if view == "whole":
        known = built["objects_with_mesh"]
        rows.insert(0, Check(f"{objects:,}: every object is in the tiles", known == objects, f"{known:,} of {objects:,}"))  # fmt: skip
    if objects <= EXACT:
        rows.append(Check(f"{name}: rays meet what is there", exact >= RIGHT, f"{exact:.0%} of the places"))
    return rows


def growth(rows: Sequence[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """For each view and column the exponent of growth, from the largest size below EXACT to the largest: 1 is proportional, 0 none."""
    found: list[tuple[Cell, ...]] = []
    for title in VIEWS.values():
        of = [row for row in rows if row[1] == title]
        first = max((row for row in of if int(row[0] or 0) <= EXACT), key=lambda row: int(row[0] or 0), default=None)
        last = of[-1] if of else None
        if first is None or last is None or first[0] == last[0]:
            continue
        step = math.log(float(last[0] or 1) / float(first[0] or 1))
        found.append((f"growth, {first[0]:,} to {last[0]:,}", title, *(_exponent(a, b, step) for a, b in zip(first[2:], last[2:], strict=True))))  # fmt: skip
    return found


def _exponent(first: Cell, last: Cell, step: float) -> float | None:
    if isinstance(first, str) or isinstance(last, str) or not first or not last or first <= 0 or last <= 0:
        return None
    return math.log(last / first) / step


def ratios(rows: Sequence[tuple[Cell, ...]], whole_kb: dict[int, float]) -> list[Ratio]:
    """Goals over measures, at each size that a goal speaks of; none of a picture that leaves too much out."""
    base = {row[1]: _measures(row)["script ms"] for row in rows if row[0] == EXACT}
    found = []
    for row in rows:
        objects, view, of = int(row[0] or 0), row[1], _measures(row)
        if of["places right"] < RIGHT:
            continue
        name = f"{objects:,} objects, {view}"
        if objects >= STATES:
            found.append(Ratio(f"{name}: goal of {CALLS} draw calls, over ours", CALLS / max(of["draw calls"], 1)))
            found.append(Ratio(f"{name}: a frame of {FRAME_MS:.1f} ms, over a change of {STATES:,} states", FRAME_MS / max(of["state ms"], 1e-3)))  # fmt: skip
        if view in base and objects > EXACT:
            found.append(Ratio(f"{name}: JavaScript of a frame at {EXACT:,}, over ours", base[view] / max(of["script ms"], 1e-3)))  # fmt: skip
        if objects >= EXACT:
            found.append(Ratio(f"{name}: all tiles, over the bytes of the first picture", whole_kb[objects] / max(of["first kB"], 1e-3)))  # fmt: skip
    return found


def _measures(row: tuple[Cell, ...]) -> dict[str, float]:
    """Columns with numbers by name, 0 where there is none."""
    return {name: float(value or 0) for name, value in zip(COLUMNS, row, strict=True) if not isinstance(value, str)}


def verdict(rows: Sequence[tuple[Cell, ...]], whole_kb: dict[int, float]) -> str:
    """The goals at the largest size, met or missed; a picture that leaves too much out meets none."""
    size = max(int(row[0] or 0) for row in rows)
    base = {row[1]: _measures(row)["script ms"] for row in rows if row[0] == EXACT and size > EXACT}
    told = []
    for row in rows:
        if row[0] != size:
            continue
        of = _measures(row)
        if of["places right"] < RIGHT:
            told.append(f"{row[1]}: only {of['places right']:.0%} of the places are right, so that {of['draw calls']:.0f} draw calls and a light frame meet no goal")  # fmt: skip
            continue
        text = f"{row[1]}: {of['draw calls']:.0f} draw calls ({_kept(of['draw calls'] <= CALLS)}: {CALLS}), {of['state ms']:.2g} ms for {min(size, STATES):,} states ({_kept(of['state ms'] <= FRAME_MS)}: a frame)"
        text += f", {of['first kB'] / whole_kb[size]:.2g} of all bytes for the first picture ({_kept(of['first kB'] <= 0.2 * whole_kb[size])}: 0.2)"  # fmt: skip
        if row[1] in base:
            times = of["script ms"] / max(base[row[1]], 1e-3)
            text += f", JavaScript of a frame {times:.2g} times that of {EXACT:,} ({_kept(times <= 1.2)}: 1.2)"
        told.append(text)
    return f"At {size:,} objects, {'; '.join(told)}."


def _kept(kept: bool) -> str:
    return "met" if kept else "missed"


def measured(context: Context, objects: int, pages: Path) -> tuple[list[tuple[Cell, ...]], list[Check], float]:
    """One size: rows of both views, their gate, and kilobytes of all its tiles as they travel."""
    folder, built, cost = prepared(context, objects)
    rows: list[tuple[Cell, ...]] = []
    gate: list[Check] = []
    names = {view: f"ours.html?view={view}" for view in VIEWS}
    with browser.served(folder, pages) as url, browser.opened() as opened:
        found = browser.in_turn(opened, url, names, context.rounds, dict.fromkeys(VIEWS, QUESTIONS))
    for view, seen in found.items():
        exact = rays.right(seen.asked["hits"], truth(folder, objects, seen.asked["where"]))
        rows.append(row(objects, view, seen, built, cost, exact))
        gate += checks(objects, view, seen, built, exact)
    return rows, gate, browser.data_bytes(folder) / 1e3


def run(context: Context) -> Outcome:
    """Each size: build, then both views in turn. It ends before the first size that the browser does not finish."""
    why = browser.missing()
    if why:
        return Outcome(skipped=why)
    pages = browser.built(context.folder / "viewer-pages")
    rows: list[tuple[Cell, ...]] = []
    gate: list[Check] = []
    whole_kb: dict[int, float] = {}
    unfinished: list[str] = []
    for objects in browser.sizes(SIZES, context.tiny):
        context.say(f"viewer-scale: {objects:,} objects")
        try:
            some, passed, whole_kb[objects] = measured(context, objects, pages)
        except Failed as error:
            if not rows:
                raise
            unfinished.append(f"{objects:,} objects were not finished: {error}.")
            break
        rows += some
        gate += passed
    return Outcome(
        columns=COLUMNS,
        rows=[*rows, *growth(rows)],
        checks=gate,
        ratios=ratios(rows, whole_kb),
        verdict=verdict(rows, whole_kb),
        notes=[
            (
                "The site is synthetic: bays of an office with walls, openings, ducts, pipes and furniture, a third of the shapes unique."
                " 'Build' is the tile builder alone, 'build MB' the peak of its process with the site in it; 'tiles MB' before gzip."
                " 'Whole site' looks at all of it, 'from a roof' stands over its corner. Both with the low preset: an error target of 24 pixels."
            ),
            (
                "'First' is when half of the cells that the site covers were first nearer to the complete picture than to the empty stage;"
                " 'CPU' that of all the browser's processes until the complete picture. 'Places right' is the share of a grid's places"
                " with something to meet at which a pick meets what a ray through the full model meets: what the error target leaves out of a"
                " large site seen from afar is missing there."
            ),
            (
                "'Script' is the CPU of the main thread's JavaScript in a redraw with a turned camera, choice of tiles included; 'frame' its"
                f" wall time until llvmpipe has drawn it. 'State' is a new colour for each of {STATES:,} objects (or all): writing and handing"
                " over to the card, seen in the next frame. 'Pick' is the median of the grid, trees built. 'GPU' is what was asked for in"
                " buffers and textures; 'data' on the wire until the complete picture, 'first kB' until the first."
                f" Medians of {context.rounds} {'round' if context.rounds == 1 else 'rounds'}."
            ),
            *unfinished,
        ],
    )


RACE = Race(
    "viewer-scale",
    "From a thousand objects to a million: tiles, picture, frame",
    "Sites of building parts through the real tile builder, and our viewer on them in headless Chromium on llvmpipe, 1280 × 720, a fresh page each time.",
    run,
)
