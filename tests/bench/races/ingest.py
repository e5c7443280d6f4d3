"""`ingest`: IFC → tiles and graph by our worker, against IfcOpenShell → GLB alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench import built
from tests.bench.cost import interleaved, middle
from tests.bench.ifc_files import shared_models
from tests.bench.race import Check, Context, Outcome, Race, Ratio, geomean, times

NO_BODY = (
    "Port", "Annotation", "Grid", "VirtualElement", "OpeningElement", "VoidingFeature", "Structural", "Alignment",
    "Referent",
)  # fmt: skip
"""Classes that we give no mesh by intent: no bodies, or negative ones (compare `bim/geometry/mesher.py`)."""
VOLUME_TOLERANCE = 1e-3
COLUMNS = (
    "file", "MB", "CPU s ours", "CPU s peer", "ratio", "work s ours", "work s peer", "work ratio", "MB/s", "products/s",
    "MB ours", "over parsing", "MB peer", "tiles kB gzip", "meshed ours", "meshed peer", "spaces ours",
    "volumes equal",
)  # fmt: skip
MEMORY_GOAL_MB = 300


def same_products(objects: Mapping[str, tuple[str, str]], peer: Mapping[str, str]) -> tuple[list[str], list[str], int]:
    """Products that only the peer has (but for those without body), only we have for no reason, and our spaces.

    Two reasons are good: spaces, which the peer is told to leave out, and products that the peer's kernel
    gives up and another of our engines does.
    """
    spaces = {name for name, (kind, _) in objects.items() if kind == "Space"}
    missing = [
        name
        for name, ifc_class in peer.items()
        if name not in objects and not any(part in ifc_class for part in NO_BODY)
    ]
    extra = [
        name
        for name, (_, engine) in objects.items()
        if name not in peer and name not in spaces and "hybrid" in engine and "~" not in name
    ]
    return missing, extra, len(spaces)


def wrong_volumes(ours: Mapping[str, float], peer: Mapping[str, float]) -> tuple[list[str], int]:
    """Closed solids whose volume is off by more than 0.1 %, and how many were compared."""
    both = [name for name in peer if name in ours]
    return [name for name in both if abs(ours[name] - peer[name]) > VOLUME_TOLERANCE * peer[name] + 1e-6], len(both)


def race(context: Context, models: Mapping[str, Path]) -> Outcome:
    """Race these models."""
    rows, checks, cpu, work, over = [], [], [], [], []
    for title, source in models.items():
        context.say(f"ingest: {title}")
        folder, glb = context.folder / "ingest" / title / "ours", context.folder / "ingest" / title / "peer.glb"
        samples = interleaved(
            {"ours": partial(built.ours, source, folder), "peer": partial(built.theirs, source, glb)}, context.rounds
        )
        found, written = built.meshed(folder), samples["peer"][-1].answer["products"]
        missing, extra, spaces = same_products(found.objects, written)
        wrong, compared = wrong_volumes(found.volumes, built.their_volumes(source))
        open_: set[str] = set()
        if wrong:  # the exact kernel decides; what it does not close, as where faces of a shell disagree, has no volume
            exact = built.their_volumes(source, built.EXACT)
            open_ = set(wrong) - set(exact)
            wrong = wrong_volumes(found.volumes, {name: exact[name] for name in wrong if name in exact})[0]
        checks += [
            Check(
                f"{title}: the same products have a mesh",
                not missing and not extra,
                f"missing {len(missing)} {missing[:3]}, unexplained {len(extra)} {extra[:3]}"
                if missing or extra
                else "",
            ),
            Check(
                f"{title}: closed solids have the same volume within 0.1 %",
                not wrong,
                f"{compared - len(wrong) - len(open_)} of {compared}"
                + (f", {len(open_)} have no closed mesh by OpenCASCADE" if open_ else "")
                + (f" {wrong[:3]}" if wrong else ""),
            ),
        ]
        mine, peer = middle(samples["ours"]), middle(samples["peer"])
        stats = [sample.answer for sample in samples["ours"]]
        inside = median(row["cpu_seconds"] for row in stats)
        theirs = median(sample.answer["cpu"] for sample in samples["peer"])
        cpu.append(peer.cpu / mine.cpu)
        work.append(theirs / inside)
        over.append((mine.pss - built.parse_memory(source)) / 1e6)
        bodies = len(found.objects) - spaces
        size = source.stat().st_size / 1e6
        rows.append(
            (
                title,
                size,
                mine.cpu,
                peer.cpu,
                cpu[-1],
                inside,
                theirs,
                work[-1],
                size / inside,
                stats[-1]["objects"] / inside,
                mine.pss / 1e6,
                over[-1],
                peer.pss / 1e6,
                stats[-1]["bytes_gzip"] / 1e3,
                bodies,
                len(written),
                spaces,
                f"{compared - len(wrong) - len(open_)} of {compared - len(open_)}",
            )
        )
    mean, inner, most = geomean(cpu), geomean(work), max(over)
    return Outcome(
        columns=COLUMNS,
        rows=rows,
        checks=checks,
        ratios=[
            Ratio("CPU of the whole process, geometric mean", mean),
            Ratio("CPU of the work alone, as from a warm host, geometric mean", inner),
        ],
        verdict=(
            f"Over {len(rows)} files our worker takes {times(inner, 'less', 'more')} CPU than IfcOpenShell's hybrid kernel with"
            f" its GLB serializer for the work alone, {times(mean, 'less', 'more')} with the start of Python and imports (goal: 3"
            f" times less{'' if inner >= 3 else '; missed'}); it holds at most {most:,.0f} MB more than parsing (goal:"
            f" {MEMORY_GOAL_MB}{'' if most <= MEMORY_GOAL_MB else '; missed'})."
        ),
        notes=[
            (
                "The peer writes bodies only; ours also reads properties, quantities and relations, puts the model in order, makes"
                " tiled, instanced and compressed tiles with feature ids and their .gz, measures volumes, and writes the graph's"
                " tables and fingerprints. Products that need one of IfcOpenShell's kernels are meshed in a child, whose cost is counted."
            ),
            (
                "'Work' leaves the start of Python and the imports out on both sides: ingest and server fork their workers from a"
                " warm host. MB/s and products/s are per CPU-second of work. 'MB' is the peak of the"
                " processes' proportional memory (PSS), so that what a worker and its geometry child share counts once, sampled"
                " every 20 ms; 'over parsing' is that less a process that only opens the file."
            ),
            (
                "'meshed ours' leaves out spaces, which the peer is told to skip. Products in which only one side has a mesh:"
                " ports, annotations and other classes without body (peer), and products that the hybrid kernel gives up and"
                " another engine does (ours)."
            ),
        ],
    )


def run(context: Context) -> Outcome:
    """Race the shared models."""
    models, absent = shared_models(context.folder / "models")
    if len(models) < 6:
        return Outcome(skipped=f"{len(absent)} of the models are absent: {', '.join(absent)}")
    return race(context, models)


RACE = Race(
    "ingest",
    "IFC → tiles and graph, against IfcOpenShell → GLB alone",
    "Our build worker (`python -m scenes.build.worker`) and a ten-line script around IfcOpenShell's geometry iterator"
    " (hybrid kernel, one thread) and GLB serializer read the same unpacked file.",
    run,
)
