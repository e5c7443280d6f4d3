"""`reingest`: a model of which one product changed, made from the version before, against building it whole."""

from __future__ import annotations

import json
import os
import shutil
import statistics
from collections.abc import Mapping
from pathlib import Path
from random import Random

from scenes.build import ingest
from scenes.build.hosted import end_host
from tests.bench.copies import copies
from tests.bench.cost import Timer
from tests.bench.ifc_files import shared_models
from tests.bench.race import Cell, Check, Context, Outcome, Race, Ratio, geomean
from tests.support.ifc_edits import Edit, colour, depth, edited, moved, name, word
from twin.graph.layerfile import version_folder
from twin.graph.schema import GRAPH_TABLES, VERSION_TABLES
from twin.graph.tablefile import read_table
from twin.park import Park

GOAL = 0.05
LARGE, TIMES = "Office A", 10
EDITS: dict[str, Edit] = {"property": word, "name": name, "place": moved, "shape": depth, "colour": colour}
"""A text of a property, which leaves the tiles alone; a name, which stands in a tile; what is drawn anew."""
DRAWN = ("place", "shape", "colour")
SEEDS = 50
COLUMNS = (
    "file",
    "MB",
    "objects",
    "CPU s whole",
    *(text for kind in EDITS for text in (f"CPU s {kind}", f"% ({kind})", f"rebuilt ({kind})")),
)


def _park(folder: Path) -> Park:
    folder.mkdir(parents=True, exist_ok=True)
    text = '[park]\nid = "p"\nname = "P"\n[origin]\nlongitude = 114.4\nlatitude = 30.5\nheight = 20.0\n'
    (folder / "park.toml").write_text(text, encoding="utf-8")
    return Park.load(folder)


def _copied(park: Path, folder: Path) -> Park:
    """A park with the versions of another one: files are shared, as none is ever written to."""
    shutil.copytree(park, folder, copy_function=os.link)
    return Park.load(folder)


def _measured(park: Park, source: Path) -> dict:
    """Ingest a model; the cost is that of the worker with its children, and of this process: hashing, keeping the source."""
    timer = Timer()
    with timer.run():
        version = ingest(park, source, layer="m").version
    told = {key: version.stats.get(key) for key in ("rebuilt", "whole", "objects")}
    cpu = timer.cpu + version.stats["cpu_seconds"]
    return {"cpu": cpu, "folder": str(version_folder(park, "m", version.version)), **told}


def builds(source: str, edits: dict[str, str], folder: str, rounds: int) -> dict:
    """A model and its edits from a warm host, in turn: `ROUND KIND` whole and made from the version before, `0 KIND alone`.

    The first build is that of the version before, which is not counted.
    """
    timer, answers = Timer(), {}
    with timer.run():
        before = _park(Path(folder, "before"))
        ingest(before, Path(source), layer="m")
        for number in range(rounds):
            whole = _park(Path(folder, f"{number}-whole"))
            answers[f"{number} whole"] = _measured(whole, Path(edits["name"]))
            for kind, path in edits.items():
                park = _copied(before.folder, Path(folder, f"{number}-{kind}"))
                answers[f"{number} {kind}"] = _measured(park, Path(path))
        for kind, path in edits.items():
            if kind != "name":
                answers[f"0 {kind} alone"] = _measured(_park(Path(folder, f"{kind}-alone")), Path(path))
    end_host()
    return timer.row(**answers)


def same(made: Path, whole: Path) -> list[str]:
    """What differs between two versions: tables, tiles, findings."""
    found = [
        name for name in (*GRAPH_TABLES, *VERSION_TABLES) if not read_table(made, name).equals(read_table(whole, name))
    ]
    one, two = (json.loads((folder / "layer.json").read_text(encoding="utf-8")) for folder in (made, whole))
    found += ["tiles"] if one["stats"]["digest"] != two["stats"]["digest"] else []
    return found + [key for key in ("findings", "georef", "box", "count") if one[key] != two[key]]


def change(source: Path, edit: Edit, folder: Path) -> Path | None:
    """The model with an edit, as a file of the same name; None where it has nothing to edit."""
    folder.mkdir(parents=True, exist_ok=True)
    text = source.read_bytes()
    found = next((found for seed in range(SEEDS) if (found := edited(text, edit, Random(seed))) is not None), None)
    target = folder / source.name
    if found is None:
        return None
    target.write_bytes(found)
    return target


def _told(answer: Mapping) -> int | str:
    """How many objects were rebuilt, or that none could be told apart."""
    made = answer["rebuilt"]
    return "read whole" if made is None else max(made["objects"], made.get("drawn", 0))


def race(context: Context, models: Mapping[str, Path]) -> Outcome:
    """Race these models."""
    rows: list[list[Cell]] = []
    checks: list[Check] = []
    shares: dict[str, dict[str, float]] = {kind: {} for kind in EDITS}
    whole_because: dict[str, list[str]] = {}
    for title, source in models.items():
        context.say(f"reingest: {title}")
        folder = context.folder / "reingest" / title
        every = {kind: change(source, edit, folder / kind) for kind, edit in EDITS.items()}
        changed = {kind: path for kind, path in every.items() if path is not None}
        paths = {kind: str(path) for kind, path in changed.items()}
        arguments = {"source": str(source), "edits": paths, "folder": str(folder), "rounds": context.rounds}
        answers = context.call(builds, **arguments).answer
        cpus = {
            kind: statistics.median(answers[f"{number} {kind}"]["cpu"] for number in range(context.rounds))
            for kind in ("whole", *changed)
        }
        whole = cpus["whole"]
        row: list[Cell] = [title, source.stat().st_size / 1e6, answers["0 whole"]["objects"], whole]
        for kind in EDITS:
            if kind not in changed:
                row += [None, None, "nothing to edit"]
                continue
            answer, cpu = answers[f"0 {kind}"], cpus[kind]
            alone = answers["0 whole" if kind == "name" else f"0 {kind} alone"]
            differs = same(Path(answer["folder"]), Path(alone["folder"]))
            name = f"{title}, {kind}: the version is that of the whole build"
            checks.append(Check(name, not differs, ", ".join(differs)))
            row += [cpu, 100 * cpu / whole, _told(answer)]
            if answer["rebuilt"] is not None:
                shares[kind][title] = cpu / whole
            elif kind in DRAWN:
                whole_because.setdefault(str(answer["whole"]), []).append(f"{title} ({kind})")
            else:
                checks.append(Check(f"{title}, {kind}: not read whole", passed=False, detail=str(answer["whole"])))
        rows.append(row)
    texts, shapes = (
        [s for kind in EDITS if (kind in DRAWN) is drawn for s in shares[kind].values()] for drawn in (False, True)
    )
    return Outcome(
        columns=COLUMNS,
        rows=rows,
        checks=checks,
        ratios=[
            Ratio(f"CPU, another {kind} of one product, geometric mean", 1 / geomean(list(found.values())))
            for kind, found in shares.items()
            if found
        ],
        verdict=" ".join(
            f"Where {what} of one product changed, the new version takes {100 * min(every):.1f} to {100 * max(every):.1f} %"
            f" of the CPU of a whole build (goal: {100 * GOAL:.0f} %, met in {sum(one <= GOAL for one in every)} of"
            f" {len(every)} cases)."
            for what, every in (("a text", texts), ("the place, shape or look", shapes))
            if every
        ),
        notes=[
            (
                "Counted from a warm host: the worker with its geometry child, and the process that asks for it (hashing and"
                " keeping the source). A version is compared with the whole build of the same file in another park: all"
                " tables row by row, all tiles, findings, georeference."
            ),
            (
                "Added and removed objects, other types, storeys and relations are read whole and cost what a whole build"
                " costs, plus some hundredths of a second. So are shapes where what follows from the whole file may change: "
                + ("; ".join(f"{', '.join(where)}: {why}" for why, where in whole_because.items()) or "none here")
                + "."
            ),
        ],
    )


def run(context: Context) -> Outcome:
    """Race the shared models, and one of them ten times over in one file."""
    models, absent = shared_models(context.folder / "models")
    if len(models) < 6:
        return Outcome(skipped=f"{len(absent)} of the models are absent: {', '.join(absent)}")
    if LARGE in models:
        large = context.folder / "models" / "large.ifc"
        large.write_bytes(copies(models[LARGE].read_bytes(), TIMES))
        models = {**models, f"{LARGE}, {TIMES} times": large}
    return race(context, models)


RACE = Race(
    "reingest",
    "A model of which one product changed, against building it whole",
    "The model is ingested; then a copy of it with another text in one property, another name, place, depth or colour, is"
    " ingested into the same layer, and alone into another park. One process a model asks for all of them.",
    run,
)
