"""`diff`: what changed between two versions of a model, against IfcOpenShell's ifcdiff."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from functools import partial
from pathlib import Path

from scenes.build.spec import Spec
from scenes.build.worker import run as build
from scenes.diff.compare import compare
from tests.bench.cost import Cost, Sample, Timer, child, interleaved, middle
from tests.bench.race import Check, Context, Outcome, Race, Ratio, times
from tests.bim.ifc_files import new_model

ELEMENTS = 10_000
EVERY = 100
"""One element of so many is moved, another reshaped, another gets another property, another goes."""
PEER = Path(__file__).parents[1] / "peers" / "ifcdiff_peer.py"
PYTHON = "PARKTWIN_BENCH_IFCDIFF"
"""Names the Python of an environment with ifcdiff, which is not installed with the product's tests."""
COLUMNS = ("what", "elements", "CPU s", "elements / CPU s", "peak MB")


def models(context: Context) -> tuple[Path, Path, dict[str, int]]:
    """Two files of the synthetic model, and how many objects were changed in each way."""
    folder = context.folder / "diff"
    folder.mkdir(parents=True, exist_ok=True)
    count = context.size(ELEMENTS, 200)
    m = new_model()
    m.context = m.file.create_entity(  # the peer looks at shapes of this context only
        "IfcGeometricRepresentationSubContext", "Body", "Model", ParentContext=m.context, TargetView="MODEL_VIEW"
    )
    parts = []
    for number in range(count):
        at = (4.0 * (number % 100), 4.0 * (number // 100 % 100), 4.0 * (number // 10_000))
        wall = m.wall(f"Wall {number}", at, (2.0 + 0.001 * (number % 400), 0.2, 3.0), Tag=str(number))
        value = m.single("FireRating", "IfcLabel", "2.00")
        m.define(m.pset("Pset_WallCommon", value, m.single("IsExternal", "IfcBoolean", True)), wall)
        parts.append((wall, value))
    old = m.write(folder, "old.ifc")
    planted = {"moved": 0, "reshaped": 0, "property-changed": 0, "deleted": 0}
    for number, (wall, value) in enumerate(parts):
        kind = {10: "moved", 20: "reshaped", 30: "property-changed", 40: "deleted"}.get(number % EVERY)
        if kind is None:
            continue
        planted[kind] += 1
        if kind == "moved":
            point = wall.ObjectPlacement.RelativePlacement.Location
            point.Coordinates = (point.Coordinates[0], point.Coordinates[1] + 0.5, point.Coordinates[2])
        elif kind == "reshaped":
            wall.Representation.Representations[0].Items[0].Depth = 2.5
        elif kind == "property-changed":
            value.NominalValue = m.file.create_entity("IfcLabel", "3.00")
        else:
            for inverse in m.file.get_inverse(wall):
                m.file.remove(inverse)
            m.file.remove(wall)
    return old, m.write(folder, "new.ifc"), planted


def read(source: str, folder: str) -> dict:
    """Read a file, mesh it and fingerprint it; no tiles."""
    Path(folder, "scratch").mkdir(parents=True, exist_ok=True)
    timer = Timer()
    with timer.run():
        build(Spec(source, "made", Path(folder).name, "0" * 64, "", folder, tiles=False))
    return timer.row()


def ours(old: str, new: str) -> dict:
    """Compare two versions that stand on disk."""
    compare(Path(old), Path(old))  # imports: starting Python is not counted
    timer = Timer()
    with timer.run():
        found = compare(Path(old), Path(new))
    return timer.row(counts=found.counts(), matched=found.matched)


def peer(python: str, old: str, new: str) -> Sample:
    """ifcdiff, opening and meshing both files as it does."""
    cost, text = child([python, str(PEER), old, new])
    row = json.loads(text.splitlines()[-1])
    return Sample(Cost(row.pop("cpu"), cost.rss, row.pop("wall")), row)


def peer_python() -> str | None:
    """A Python that has ifcdiff; None where there is none."""
    named = os.environ.get(PYTHON)
    if named:
        return named
    return sys.executable if importlib.util.find_spec("ifcdiff") else None


def run(context: Context) -> Outcome:
    """Measure the synthetic model."""
    old, new, planted = models(context)
    total = context.size(ELEMENTS, 200)
    folders = [context.folder / "diff" / name for name in ("v1", "v2")]
    context.say("diff: reading both files")
    readings = [
        context.call(read, source=str(path), folder=str(folder))
        for path, folder in zip((old, new), folders, strict=True)
    ]
    python = peer_python()
    contestants = {"ours": partial(context.call, ours, old=str(folders[0]), new=str(folders[1]))}
    samples = interleaved(contestants, context.rounds)
    if python is not None:
        context.say("diff: ifcdiff")
        samples["ifcdiff"] = [peer(python, str(old), str(new))]
    answer = samples["ours"][-1].answer
    checks = [
        Check("every planted change is found and no other", answer["counts"] == planted, f"{answer['counts']}"),
        Check("every other element is matched", answer["matched"] == total + 3 - planted["deleted"]),
    ]
    compared = middle(samples["ours"])
    reading = sum(sample.cost.cpu for sample in readings)
    whole = reading + compared.cpu
    rows = [
        (
            "two versions (fingerprints kept by the build)",
            total,
            compared.cpu,
            total / compared.cpu,
            compared.rss / 1e6,
        ),
        ("two files, read and meshed first", total, whole, total / whole, max(s.cost.rss for s in readings) / 1e6),
    ]
    ratios, verdict = [], f"Two versions of {total:,} elements are compared in {compared.cpu:.2f} CPU-seconds."
    notes = [f"ifcdiff was not run: name an environment's Python in {PYTHON} that has it."] if python is None else []
    if python is not None:
        (other,) = samples["ifcdiff"]
        rows.append(("ifcdiff, two files", total, other.cost.cpu, total / other.cost.cpu, other.cost.rss / 1e6))
        ratios = [
            Ratio("CPU-seconds per element, versions", other.cost.cpu / compared.cpu),
            Ratio("CPU-seconds per element, files", other.cost.cpu / whole),
        ]
        verdict = f"Comparing two versions takes {times(ratios[0].value)} CPU-seconds than ifcdiff, from files on {times(ratios[1].value)}."
        notes = [
            (
                f"ifcdiff found {other.answer['deleted']} deleted, {other.answer['added']} added and {other.answer['changed']} changed"
                f" of {planted['deleted']} deleted and {sum(planted.values()) - planted['deleted']} changed; run once."
            )
        ]
    return Outcome(columns=COLUMNS, rows=rows, checks=checks, ratios=ratios, verdict=verdict, notes=notes)


RACE = Race(
    "diff",
    "Two versions of a model, against ifcdiff",
    "A synthetic model of walls with properties, of which some were moved, reshaped, changed or taken out; ifcdiff compares attributes, properties and geometry.",
    run,
)
