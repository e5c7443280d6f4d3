"""`sample`: the sample park from nothing to published layers. No peer: phases against our own budget."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psutil

from tests.bench.cost import ROOT, Failed
from tests.bench.race import Check, Context, Outcome, Race, Ratio
from twin.graph import Database

PHASE = re.compile(r"^(\S.*?)\s+(\d+\.\d) s$")
BUDGET = {"generate": 60.0, "ingest": 90.0}
"""Wall seconds on two free cores, by the phase's English name."""
MEMORY_BUDGET = 2e9
OBJECTS, POINTS, MODELS = 15_000, 1_500, 8


def phase(line: str) -> tuple[str, float] | None:
    """Name and wall seconds of a line that `parktwin demo` prints at the end of a phase."""
    found = PHASE.match(line.strip())
    return (found[1], float(found[2])) if found else None


def build(folder: Path) -> list[tuple[str, float, float]]:
    """Run the demo's build: phases with wall and CPU seconds, the latter of the command and all its workers.

    CPU is read when a phase ends: its workers have ended by then, so the kernel has added theirs.
    """
    command = [sys.executable, "-m", "server.cli", "demo", str(folder), "--build-only"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    phases, lines, before = [], [], 0.0
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        watched = psutil.Process(process.pid)
        for line in process.stdout or ():
            lines.append(line)
            ended = phase(line)
            if ended:
                try:
                    now = sum(watched.cpu_times()[:4])
                except psutil.Error:  # it ended between its last line and this one
                    now = before
                phases.append((*ended, now - before))
                before = now
    if process.returncode != 0:
        raise Failed(f"parktwin demo ended with {process.returncode}: {''.join(lines[-2:])[:300]}")
    return phases


def manifests(folder: Path) -> list[dict]:
    """`layer.json` of each built layer."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "layers").glob("*/*/layer.json"))]


def enough(layers: list[dict], published: int, points: int) -> list[Check]:
    """Gate: all that was built is published, and it is a whole park."""
    objects = sum(layer["count"] for layer in layers)
    models = sum(layer["kind"] == "bim" for layer in layers)
    return [
        Check("every built object is published", objects == published, f"{published:,} of {objects:,}"),
        Check(
            f"at least {OBJECTS:,} objects, {POINTS:,} points, {MODELS} models",
            objects >= OBJECTS and points >= POINTS and models >= MODELS,
            f"{objects:,}, {points:,}, {models}",
        ),
    ]


def outcome(phases: list[tuple[str, float, float]], layers: list[dict], checks: list[Check]) -> Outcome:
    """The table of phases, then one row per kind of layer."""
    rows: list[tuple] = [(name, wall, cpu, None, None, None, None, None) for name, wall, cpu in phases]
    for kind in sorted({layer["kind"] for layer in layers}):
        stats = [layer["stats"] for layer in layers if layer["kind"] == kind]
        rows.append(
            (
                f"{len(stats)} {kind} layers",
                sum(row["seconds"] for row in stats),
                None,
                max(row["peak_rss"] for row in stats) / 1e6,
                sum(row["objects"] for row in stats),
                sum(row["triangles"] for row in stats),
                sum(row["bytes"] for row in stats) / 1e6,
                sum(row["bytes_gzip"] for row in stats) / 1e6,
            )
        )
    peak = max(layer["stats"]["peak_rss"] for layer in layers)
    walls = {key: sum(wall for name, wall, _ in phases if key in name) for key in BUDGET}
    cpus = {key: sum(cpu for name, _, cpu in phases if key in name) for key in BUDGET}
    ratios = [Ratio(f"{key}: budget over wall seconds", BUDGET[key] / walls[key]) for key in BUDGET if walls[key]]
    ratios.append(Ratio("memory: budget over the largest worker's peak", MEMORY_BUDGET / peak))
    told = ", ".join(
        f"{key} {walls[key]:.0f} s of wall and {cpus[key]:.0f} CPU-seconds (budget {BUDGET[key]:.0f} s on two free cores)"
        for key in BUDGET
    )
    late = [key for key in BUDGET if walls[key] > BUDGET[key]]
    return Outcome(
        columns=("phase or layers", "wall s", "CPU s", "peak RSS MB", "objects", "triangles", "MB", "MB gzip"),
        rows=rows,
        checks=checks,
        ratios=ratios,
        verdict=f"The sample park took: {told}; {'over budget: ' + ', '.join(late) if late else 'all within budget'}."
        f" The largest worker used {peak / 1e6:.0f} MB.",
        notes=[
            (
                "One run, because it is long; two workers side by side, so that 'wall s' of layers is their sum, not the phase's."
                " Wall seconds stretch with the load"
                f" of the machine, which was {os.getloadavg()[0]:.1f} in the last minute; CPU-seconds hardly do."
            )
        ],
    )


def run(context: Context) -> Outcome:
    """Build the park in a folder that is thrown away."""
    folder = context.folder / "park"
    context.say("sample: generating and ingesting the park")
    phases = build(folder)
    layers = manifests(folder)
    database = Database(folder / "park.duckdb", read_only=True)
    try:
        published = database.rows("SELECT count(*) AS n FROM object")[0]["n"]
        points = database.rows("SELECT count(*) AS n FROM point")[0]["n"]
    finally:
        database.close()
    return outcome(phases, layers, enough(layers, published, points))


RACE = Race(
    "sample",
    "Generating and ingesting the sample park, against our own budget",
    "`parktwin demo --build-only` into an empty folder: phases as it prints them, layers as their manifests tell.",
    run,
)
