"""`parktwin ingest`: files become published layers, each in a worker of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from scenes.build import Ingested, Limits
from scenes.build import ingest as build
from scenes.build.ingesting import sweep, terrain_of
from scenes.build.readers import kind_of
from server.cli.access import Access, access
from server.cli.output import JsonFlag, bars, out, print_json, print_table
from server.cli.placing import CrsOption, PlaceOption, UseOption, placing_from
from twin.errors import Invalid, ParkError
from twin.ids import layer_name, layer_name_from
from twin.park import Park
from twin.park_settings import remember_placing
from twin.placing import Placing

WORKERS = len(os.sched_getaffinity(0))
"""Files built at the same time: one per core."""


@dataclass(frozen=True)
class Job:
    """One file and the layer it becomes."""

    source: Path
    layer: str
    title: str = ""
    group: str = ""
    placing: Placing | None = None
    unit: str | None = None
    up: str | None = None
    before: dict[str, Any] = field(default_factory=dict)  # georeference of the version that is published

    def mesh_setting(self, name: str, kind: str) -> str | None:
        """`unit` or `up`: what the user says now, else what was said of this layer's mesh model before."""
        said = getattr(self, name)
        return str(said or self.before.get(name) or "") or None if kind == "model" else said


def report(done: Ingested) -> dict[str, Any]:
    """What `--json` says of one layer."""
    version, stats = done.version, done.version.stats
    return {
        "layer": version.layer,
        "version": version.version,
        "kind": version.kind,
        "source": version.source,
        "objects": stats["objects"],
        "triangles": stats["triangles"],
        "tiles": stats["tiles"],
        "bytes": stats["bytes"],
        "bytes_gzip": stats["bytes_gzip"],
        "seconds": stats["seconds"],
        "peak_rss": stats["peak_rss"],
        "engines": stats["engines"],
        "reused": done.reused,
        "rebuilt": stats.get("rebuilt"),
        "whole": stats.get("whole"),
        "georef": version.georef,
        "findings": version.findings,
    }


def plan_layers(
    published: list[dict[str, Any]],
    sources: list[Path],
    layer: str | None,
    placing: Placing | None = None,
    unit: str | None = None,
    up: str | None = None,
) -> list[Job]:
    """A layer name for each file: the one it had before, or its stem, numbered where that is taken by another file.

    What was said of a mesh model's unit and upward axis holds for its layer until something else is said.
    """
    before = {row["layer"]: row.get("georef") or {} for row in published}

    def job(source: Path, name: str) -> Job:
        return Job(source, name, placing=placing, unit=unit, up=up, before=before.get(name, {}))

    if layer and len(sources) > 1:
        raise Invalid(f"--layer {layer} names one layer, but {len(sources)} files were given: ingest them one by one")
    if layer:
        return [job(sources[0], layer_name(layer))]
    taken = {row["layer"]: row["source"] for row in published}
    jobs = []
    for source in sources:
        stem = layer_name_from(source.stem)
        names = [stem, *(f"{stem[:59]}-{number}" for number in range(2, 1000))]
        name = next(name for name in names if taken.get(name, source.name) == source.name)
        taken[name] = source.name
        jobs.append(job(source, name))
    return jobs


def run(
    store: Access, jobs: list[Job], limits: Limits, update: Callable[[str, float, str], None]
) -> list[tuple[Job, Ingested | ParkError]]:
    """Build and publish.

    Terrain comes first, because the rest is draped on it; a park without origin builds one file at a
    time until it has one; then files build side by side and publish in order.
    """
    results: dict[int, Ingested | ParkError] = {}

    def one(index: int, job: Job, terrain: Path | None, park: Park) -> None:
        try:
            results[index] = build(
                park,
                job.source,
                layer=job.layer,
                placing=job.placing,
                unit=job.mesh_setting("unit", kinds[index]),
                up=job.mesh_setting("up", kinds[index]),
                title=job.title,
                terrain=terrain,
                limits=limits,
                progress=lambda done, phase: update(job.layer, done, phase),
            )
        except ParkError as error:
            results[index] = error

    def publish(index: int, job: Job) -> None:
        done = results[index]
        if isinstance(done, Ingested):
            try:
                store.publish(done.version.layer, done.version.version, title=job.title, group=job.group)
            except ParkError as error:
                results[index] = error

    waiting = list(enumerate(jobs))
    kinds: dict[int, str] = {}
    for index, job in waiting:
        try:
            kinds[index] = kind_of(job.source)
        except ParkError as error:
            results[index] = error
    waiting = [pair for pair in waiting if pair[0] in kinds]
    waiting.sort(key=lambda pair: kinds[pair[0]] != "raster")
    while waiting and (store.park().frame is None or kinds[waiting[0][0]] == "raster"):
        index, job = waiting.pop(0)
        one(index, job, terrain_of(store.park(), store.layers()), store.park())
        publish(index, job)
    park, terrain = store.park(), terrain_of(store.park(), store.layers())
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="ingest") as pool:
        for (index, job), future in [(pair, pool.submit(one, *pair, terrain, park)) for pair in waiting]:
            future.result()
            publish(index, job)
    return [(job, results[index]) for index, job in enumerate(jobs)]


def ingest(
    park: Annotated[Path, typer.Argument(help="Folder of the park.")],
    files: Annotated[list[Path], typer.Argument(help="IFC, mesh, GIS or elevation files.")],
    *,
    layer: Annotated[str | None, typer.Option(help="Name of the layer; default from the file's name.")] = None,
    crs: CrsOption = None,
    use: UseOption = None,
    place: PlaceOption = None,
    unit: Annotated[
        str | None, typer.Option(help="Length unit of a mesh model: mm, cm, m, in, ft; kept for the layer.")
    ] = None,
    up: Annotated[str | None, typer.Option(help="Upward axis of a mesh model: y or z; kept for the layer.")] = None,
    time_limit: Annotated[float, typer.Option(help="Seconds one file may take.")] = Limits.seconds,
    memory_limit: Annotated[float, typer.Option(help="Gigabytes one worker may use.")] = Limits.memory / 1024**3,
    json: JsonFlag = False,
) -> None:
    """Read files, build their tiles and graph, and publish them as layers of the park.

    What --crs, --use and --place say is remembered for the layer in park.toml, and holds for later versions too.
    """
    placing = placing_from(crs, use, place)
    loaded = Park.load(park)
    sweep(loaded)
    limits = Limits(seconds=time_limit, memory=int(memory_limit * 1024**3))
    with access(loaded) as store, bars() as shown:
        results = run(store, plan_layers(store.layers(), files, layer, placing, unit, up), limits, shown.update)
    for job, done in results:
        if isinstance(done, Ingested):
            _keep(loaded, job, done)
    reports = [report(done) for _, done in results if isinstance(done, Ingested)]
    failures = [(job, error) for job, error in results if isinstance(error, ParkError)]
    if json and not (failures and not reports):
        document: dict[str, Any] = {"park": str(loaded.folder), "layers": reports}
        if failures:
            document["errors"] = [{"file": str(job.source), "code": e.code, "message": str(e)} for job, e in failures]
        print_json({**(reports[0] if len(results) == 1 else {}), **document})
    elif reports:
        _print(reports)
    for job, error in failures[:-1]:
        out.print(f"{job.source}: {error}", style="red")
    if failures:
        raise failures[-1][1]


def _keep(park: Park, job: Job, done: Ingested) -> None:
    """What a later ingest of the layer needs to know: the user's word on its place."""
    if job.placing is not None:
        remember_placing(park.folder, job.layer, job.placing.settled(done.version.georef.get("anchor")))


def _print(reports: list[dict[str, Any]]) -> None:
    rows = [
        (
            row["layer"],
            row["version"],
            f"{row['objects']:,}",
            f"{row['triangles']:,}",
            row["tiles"],
            f"{row['bytes'] / 1e6:.1f}",
            f"{row['seconds']:.1f}",
            f"{row['peak_rss'] / 1e6:.0f}",
            len(row["findings"]),
        )
        for row in reports
    ]
    print_table(["layer", "version", "objects", "triangles", "tiles", "MB", "s", "peak MB", "findings"], rows)
    for row in reports:
        if row["rebuilt"] is not None:
            n, of, before = row["rebuilt"]["objects"], row["objects"], row["rebuilt"]["from"]
            out.print(
                f"  {row['layer']} · 重建 {n:,} / {of:,} 个对象，其余沿用版本 {before}"
                f" / {n:,} of {of:,} objects rebuilt, the rest is that of version {before}"
            )
        elif row["whole"]:
            out.print(f"  {row['layer']} · 整体重建 / rebuilt as a whole: {row['whole']}")
        for finding in row["findings"]:
            done = " · repaired 已修复" if finding["repaired"] else ""
            out.print(f"  {row['layer']} · {finding['severity']}{done}: {finding['zh']} / {finding['en']}")
