"""`ingest-peers`: the other open routes from IFC to something that can be drawn, side by side in one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench import built
from tests.bench.cost import Sample, child, interleaved, middle
from tests.bench.ifc_files import shared_models
from tests.bench.peer_folder import NODE, PEERS, XEOKIT
from tests.bench.race import Context, Outcome, Race, Ratio, geomean, times

SCRIPTS = Path(built.__file__).parent / "peers"
FRAG, XKT = "model.frag", "model.xkt"
LONG_FOR_XEOKIT = 3_000_000
"""Bytes from which it needs minutes: such a file is converted once."""
COLUMNS = ("file", "MB", "ours CPU s", "ours kB", "web-ifc", "Fragments", "kB", "xeokit", "kB", "ifcfast", "kB")


def folder_of(context: Context, title: str) -> Path:
    """Where the peers' files of a model stand while a run lasts."""
    return context.folder / "peers" / title


def contestants(source: Path, folder: Path) -> dict[str, Callable[[], Sample]]:
    """A run of each peer on a model, ours first; what is written stands in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    frag, xkt, glb = (str(folder / name) for name in (FRAG, XKT, "fast.glb"))
    return {
        "ours": partial(built.ours, source, folder / "ours"),
        "web-ifc": partial(_run, ["node", str(NODE / "web_ifc.mjs"), str(source)], None),
        "Fragments": partial(_run, ["node", str(NODE / "fragments.mjs"), str(source), frag], Path(frag)),
        "xeokit": partial(_run, ["node", str(XEOKIT), "-s", str(source), "-o", xkt, "-b"], Path(xkt)),
        "ifcfast": partial(
            _run, [str(PEERS / "bin" / "python"), str(SCRIPTS / "fast_gltf.py"), str(source), glb], Path(glb)
        ),
    }


def samples_of(source: Path, folder: Path, rounds: int) -> dict[str, list[Sample]]:
    """All contestants in turn, `rounds` times; one that needs minutes once, apart."""
    running = contestants(source, folder)
    once = {"xeokit": running.pop("xeokit")} if source.stat().st_size > LONG_FOR_XEOKIT else {}
    samples = interleaved(running, rounds)
    return samples | interleaved(once, 1) if once else samples


def _run(command: list[str], out: Path | None) -> Sample:
    cost, _ = child(command)
    return Sample(cost, {"bytes": out.stat().st_size if out is not None else 0})


def race(context: Context, models: Mapping[str, Path]) -> Outcome:
    """Run all peers on these models."""
    rows = []
    better: dict[str, list[float]] = {"web-ifc": [], "Fragments": [], "xeokit": [], "ifcfast": []}
    for title, source in models.items():
        context.say(f"ingest-peers: {title}")
        samples = samples_of(source, folder_of(context, title), min(context.rounds, 3))
        inside = median(sample.answer["cpu_seconds"] for sample in samples["ours"])
        cpu = {name: middle(some).cpu for name, some in samples.items() if name != "ours"}
        size = {name: some[-1].answer["bytes"] / 1e3 for name, some in samples.items() if name != "ours"}
        for name, value in cpu.items():
            better[name].append(value / inside)
        rows.append(
            (
                title,
                source.stat().st_size / 1e6,
                inside,
                samples["ours"][-1].answer["bytes_gzip"] / 1e3,
                cpu["web-ifc"],
                cpu["Fragments"],
                size["Fragments"],
                cpu["xeokit"],
                size["xeokit"],
                cpu["ifcfast"],
                size["ifcfast"],
            )
        )
    means = {name: geomean(values) for name, values in better.items() if values}
    return Outcome(
        columns=COLUMNS,
        rows=rows,
        checks=[],
        ratios=[Ratio(f"CPU, against {name}, geometric mean", value) for name, value in means.items()],
        verdict="Our worker takes "
        + ", ".join(f"{times(value, 'less', 'more')} CPU than {name}" for name, value in means.items())
        + " (goals: 5 times less than Fragments, 20 than xeokit, 2 than web-ifc).",
        notes=[
            (
                "CPU-seconds: ours of the work, as from a warm host; the peers' whole processes, as they are used, with 1 to 2 s"
                " for the start of Node and WebAssembly on small files; xeokit, which needs minutes for two of the files, converts these once. Installed by `make bench-peers`, versions pinned there."
            ),
            (
                "What they make differs: web-ifc only meshes, in memory; Fragments and xeokit write geometry and properties;"
                " ifcfast writes bodies only, replaces boolean results by their first operand and drops what it does not know; ours"
                " writes tiles (kB after gzip), graph, order report and fingerprints. No gate: none of them cuts and counts as the"
                " gate of `ingest` asks."
            ),
        ],
    )


def run(context: Context) -> Outcome:
    """Race the shared models, where the peers are installed."""
    if not (NODE / "node_modules").is_dir() or not (PEERS / "bin" / "python").exists():
        return Outcome(skipped="the peers are not installed: make bench-peers")
    models, absent = shared_models(context.folder / "models")
    if len(models) < 6:
        return Outcome(skipped=f"{len(absent)} of the models are absent: {', '.join(absent)}")
    return race(context, models)


RACE = Race(
    "ingest-peers",
    "IFC, against web-ifc, Fragments, xeokit-convert and ifcfast",
    "Our build worker and four other converters on the same files, in turn.",
    run,
)
