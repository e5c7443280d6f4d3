"""`viewer-peers`: our viewer against That Open Fragments and xeokit, each on its own file of the same IFC models."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.bench import browser, built, scale
from tests.bench.browser import Seen
from tests.bench.cost import child
from tests.bench.ifc_files import shared_models
from tests.bench.peer_folder import NODE, XEOKIT
from tests.bench.race import Check, Context, Outcome, Race, Ratio, geomean

MODELS = ("Duplex", "Office A", "Mini project")
"""Whose place on the ground turns nothing, so that all contestants look from the same side."""
XKT_MODELS = ("Duplex", "Office A")
"""xeokit's converter needs two CPU-minutes for the third."""
TITLES = {"ours": "our viewer", "fragments": "That Open Fragments", "xeokit": "xeokit"}
SAME_OUTLINE, WITHIN, EMPTY = 0.75, 0.95, 0.02
GOALS = {"first picture": 2.0, "JavaScript heap": 1 / 0.3}
COLUMNS = (
    "file", "contestant", "first ms", "picture ms", "CPU s", "frame ms", "script ms", "draw calls", "triangles", "objects",
    "heap MB", "GPU MB", "data kB", "outline",
)  # fmt: skip


def prepared(source: Path, folder: Path, xeokit: bool) -> dict[str, str]:
    """A folder with our tiles and the peers' files of a model; the page of each contestant."""
    folder.mkdir(parents=True, exist_ok=True)
    built.ours(source, folder / "ours")
    shutil.copytree(folder / "ours" / "tiles", folder / "tiles", ignore=shutil.ignore_patterns("*.gz"))
    known = json.loads((folder / "ours" / "layer.json").read_text(encoding="utf-8"))
    manifest = scale.scene(known["count"], known["box"])
    root = json.loads((folder / "tiles" / "tileset.json").read_text(encoding="utf-8"))["root"]
    manifest["park"]["globe"] = root["transform"]
    (folder / "scene.json").write_text(json.dumps(manifest), encoding="utf-8")
    child(["node", str(NODE / "fragments.mjs"), str(source), str(folder / "model.frag")])
    pages = {"ours": "ours.html", "fragments": "fragments.html"}
    if xeokit:
        child(["node", str(XEOKIT), "-s", str(source), "-o", str(folder / "model.xkt"), "-b"])
        pages["xeokit"] = "xeokit.html"
    return pages


def checks(title: str, found: Mapping[str, Seen]) -> list[Check]:
    """Gate: no picture is empty; the peers show what ours shows, and hardly more: they draw spaces as well."""
    ours = found["ours"].cells
    filled = len(ours) / browser.CELLS
    rows = [Check(f"{title}: the picture is not empty", filled >= EMPTY, f"the model covers {filled:.0%} of it")]
    for name, seen in found.items():
        if name != "ours":
            within, same = len(ours & seen.cells) / max(1, len(ours)), browser.overlap(ours, seen.cells)
            detail = f"{within:.0%} of our cells are covered there too, {same:.0%} of the cells of either are in both"
            rows.append(Check(f"{title}: {TITLES[name]} shows the same outline", within >= WITHIN and same >= SAME_OUTLINE, detail))  # fmt: skip
    return rows


def ratios(found: Mapping[str, Mapping[str, Seen]]) -> list[Ratio]:
    """Geometric means over the files that each peer ran on."""
    measures = {
        "first picture": lambda seen: seen.first,
        "complete picture": lambda seen: seen.picture,
        "CPU until the complete picture": lambda seen: seen.cpu,
        "JavaScript of a frame": lambda seen: seen.script,
        "draw calls": lambda seen: seen.calls,
        "JavaScript heap": lambda seen: seen.heap,
        "data on the wire": lambda seen: seen.bytes,
    }
    rows = []
    for peer in ("fragments", "xeokit"):
        pairs = [(of["ours"], of[peer]) for of in found.values() if peer in of]
        for name, value in measures.items():
            if pairs:
                mean = geomean([value(theirs) / max(value(ours), 1e-3) for ours, theirs in pairs])
                rows.append(Ratio(f"against {TITLES[peer]}: {name}", mean))
    return rows


def verdict(rows: list[Ratio]) -> str:
    """Which bars are met."""
    told = []
    for row in rows:
        peer, _, name = row.name.removeprefix("against ").partition(": ")
        if name in GOALS and (name == "first picture" or peer == TITLES["fragments"]):
            goal = GOALS[name]
            told.append(f"{name} {1 / row.value:.2g}x of {peer} ({'met' if row.value >= goal else 'missed'}: {1 / goal:.2g}x)")  # fmt: skip
    return f"Our viewer against its peers on their own files: {', '.join(told)}."


def race(context: Context, models: Mapping[str, Path], xkt: tuple[str, ...] = XKT_MODELS) -> Outcome:
    """Run all contestants on these models, in turn."""
    pages = browser.built(context.folder / "viewer-pages")
    found: dict[str, dict[str, Seen]] = {}
    with browser.opened() as opened:
        for title, source in models.items():
            context.say(f"viewer-peers: {title}")
            folder = context.folder / "viewer-peers" / title
            names = prepared(source, folder, title in xkt)
            with browser.served(folder, pages) as url:
                found[title] = browser.in_turn(opened, url, names, context.rounds)
    better = ratios(found)
    return Outcome(
        columns=COLUMNS,
        rows=[row(title, name, seen, of["ours"]) for title, of in found.items() for name, seen in of.items()],
        checks=[check for title, of in found.items() for check in checks(title, of)],
        ratios=better,
        verdict=verdict(better),
        notes=[
            (
                "Ours are the tiles of the build worker; Fragments' `.frag` and xeokit's XKT (`-b`) are of their own converters, made before."
                " 'First' is when half of the cells (of 64 × 36) that the model covers were first nearer to the complete picture than to the"
                " empty stage, from navigation, scripts included; 'CPU' is that of all the browser's processes until the complete picture."
            ),
            (
                "'Script' is the CPU of the main thread's JavaScript in a redraw with a turned camera; what Fragments does in its worker is"
                " not in it. 'Heap' is JavaScript and its buffers after collecting garbage, workers included; 'GPU' what was asked for in"
                " buffers and textures. Fragments' and xeokit's files hold all properties, ours leave them to the server."
            ),
            (
                f"xeokit ran on {' and '.join(xkt)} only: its converter needs minutes for more. 'Objects' are what each contestant"
                " says that it has; 'outline' the share of cells, covered in its picture or in ours, that are in both."
            ),
        ],
    )


def row(title: str, name: str, seen: Seen, ours: Seen) -> tuple[object, ...]:
    """A row of the table."""
    return (
        title, TITLES[name], seen.first, seen.picture, seen.cpu, seen.frame, seen.script, seen.calls, seen.triangles, seen.objects,
        seen.heap / 1e6, seen.gpu / 1e6, seen.bytes / 1e3, browser.overlap(ours.cells, seen.cells),
    )  # fmt: skip


def missing() -> str:
    """Why the race cannot be run here; empty where it can."""
    if not XEOKIT.exists() or not (NODE / "node_modules" / "@xeokit" / "xeokit-sdk").is_dir():
        return "the peers are not installed: make bench-peers"
    return browser.missing()


def run(context: Context) -> Outcome:
    """Race the shared models, where browser and peers are installed."""
    why = missing()
    if why:
        return Outcome(skipped=why)
    models, absent = shared_models(context.folder / "models")
    chosen = {title: models[title] for title in MODELS if title in models}
    if len(chosen) < len(MODELS):
        return Outcome(skipped=f"{len(absent)} of the models are absent: {', '.join(absent)}")
    return race(context, chosen)


RACE = Race(
    "viewer-peers",
    "Our viewer against That Open Fragments and xeokit, on the same IFC models",
    "Public IFC models in headless Chromium on llvmpipe, 1280 × 720: each viewer on the file that its own converter makes, fresh pages in turn.",
    run,
)
