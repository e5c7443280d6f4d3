"""Write the whole sample park as files that any user could have."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from scenes.sample_park.buildings.catalogue import BUILDINGS, Written, write_building
from scenes.sample_park.gis import furniture, neighbours, open_space, parking, pipes, roads, terrain
from scenes.sample_park.gis.feature import Feature, write_geojson, write_gpkg
from scenes.sample_park.parkfile import write_park_file
from scenes.sample_park.points.alarms import write_alarms
from scenes.sample_park.points.row import PointRow
from scenes.sample_park.points.site_points import site_points
from scenes.sample_park.points.table import write_points
from scenes.sample_park.report import GenerateReport, SourceFile, merged
from scenes.sample_park.review import write_review_sample
from scenes.sample_park.schemes import SCHEMES, scheme_green, write_scheme
from twin.errors import Conflict
from twin.layer import Progress

SEED = 20261123


@dataclass(frozen=True)
class _Vector:
    """A vector layer to write."""

    name: str
    zh: str
    en: str
    group: str
    features: Callable[[int], Sequence[Feature]]
    suffix: str = ".gpkg"
    visible: bool = True


_VECTORS = (
    _Vector("plot", "用地红线", "Plot boundaries", "base", lambda _s: roads.plots(), ".geojson"),
    _Vector("green", "绿地", "Green areas", "base", lambda _s: open_space.greens()),
    _Vector("water", "水体", "Water", "base", lambda _s: open_space.waters()),
    _Vector("roads", "道路", "Roads", "base", lambda _s: roads.roads()),
    _Vector("paths", "步道与广场", "Footpaths and plazas", "base", lambda _s: roads.paths()),
    _Vector("parking", "停车位", "Parking bays", "base", lambda _s: parking.bays()),
    _Vector("lamps", "灯杆与多功能杆", "Lamps and poles", "base", lambda _s: furniture.lamps()),
    _Vector("trees", "树木", "Trees", "base", furniture.trees),
    _Vector("manholes", "检查井", "Manholes", "underground", lambda _s: furniture.manholes()),
    _Vector("pipes", "地下管线", "Underground pipes", "underground", lambda _s: pipes.pipes(), visible=False),
    _Vector("neighbours", "周边建筑", "Surrounding buildings", "neighbour", neighbours.neighbours, ".geojson"),
)


def _building(key: str, path: Path, seed: int) -> tuple[Written, float]:
    started = time.perf_counter()
    return write_building(key, path, seed), time.perf_counter() - started


def _scheme(index: int, path: Path, seed: int) -> tuple[Written, float]:
    started = time.perf_counter()
    return write_scheme(SCHEMES[index], path, seed), time.perf_counter() - started


def _sample(path: Path, seed: int) -> tuple[Written, float]:
    started = time.perf_counter()
    return write_review_sample(path, seed)[0], time.perf_counter() - started


def _quiet(_done: float, _phase: str) -> None:
    return


def generate(folder: Path, seed: int = SEED, progress: Progress = _quiet, *, workers: int = 2) -> GenerateReport:
    """Write the park into `folder`: sources/, samples/, park.toml, points.csv, alarms.yaml.

    The same seed gives the same bytes. Sources of an earlier run are overwritten. `workers`
    processes author the IFC files. Raises Conflict where `folder` holds a park of another kind.
    """
    started = time.perf_counter()
    sources, samples = folder / "sources", folder / "samples"
    if (folder / "park.duckdb").exists():
        raise Conflict(
            f"{folder} holds a built park: expected an empty folder for the sample park; name another one",
            code="park-exists",
        )
    sources.mkdir(parents=True, exist_ok=True)
    samples.mkdir(exist_ok=True)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        # The tower takes longest and goes first.
        jobs: dict[str, Future[tuple[Written, float]]] = {
            key: pool.submit(_building, key, sources / f"{key}.ifc", seed) for key in BUILDINGS
        }
        for index, scheme in enumerate(SCHEMES):
            name = f"scheme-{scheme.key}"
            jobs[name] = pool.submit(_scheme, index, sources / f"{name}.ifc", seed)
        jobs["review-sample"] = pool.submit(_sample, samples / "review-sample.ifc", seed)
        progress(0.0, "gis")
        base, features, counts = _write_gis(sources, seed)
        written: dict[str, tuple[Written, float]] = {}
        for done, (key, job) in enumerate(jobs.items(), start=1):
            progress(done / (len(jobs) + 1), key)
            written[key] = job.result()
    listed = _in_order(sources, base, written)
    rows: list[PointRow] = [row for key in BUILDINGS for row in written[key][0].points]
    rows += site_points(features["parking"], features["lamps"], features["manholes"])
    points = write_points(folder / "points.csv", rows)
    alarms = write_alarms(folder / "alarms.yaml")
    write_park_file(folder, listed)
    progress(1.0, "done")
    classes = merged([*counts, *(result[0].counts for key, result in written.items() if key != "review-sample")])
    return GenerateReport(
        folder, tuple(listed), (samples / "review-sample.ifc",), points, alarms, time.perf_counter() - started, classes
    )


def _write_gis(
    sources: Path, seed: int
) -> tuple[dict[str, SourceFile], dict[str, Sequence[Feature]], list[dict[str, int]]]:
    """Terrain and vector layers by layer name, the features by layer name, counts by kind."""
    made: dict[str, SourceFile] = {}
    features: dict[str, Sequence[Feature]] = {}
    counts: list[dict[str, int]] = []
    started = time.perf_counter()
    path = sources / "terrain.tif"
    terrain.write_terrain(path)
    made["terrain"] = _source(path, "terrain", "地形", "Terrain", "terrain", 1, time.perf_counter() - started)
    layers = [(v.name, v.zh, v.en, v.group, v.suffix, v.visible, v.features(seed)) for v in _VECTORS]
    for scheme in SCHEMES:
        name = f"scheme-{scheme.key}-green"
        layers.append(
            (name, f"{scheme.zh}绿地", f"{scheme.en} green", "scheme", ".geojson", False, scheme_green(scheme))
        )
    for name, zh, en, group, suffix, visible, rows in layers:
        started = time.perf_counter()
        path = sources / f"{name}{suffix}"
        count = (write_gpkg if suffix == ".gpkg" else write_geojson)(path, rows)
        made[name] = _source(path, name, zh, en, group, count, time.perf_counter() - started, visible=visible)
        features[name] = rows
        counts.append(dict(Counter(row.kind for row in rows)))
    return made, features, counts


def _source(
    path: Path, layer: str, zh: str, en: str, group: str, count: int, seconds: float, *, visible: bool = True
) -> SourceFile:
    return SourceFile(path, layer, zh, en, group, count, path.stat().st_size, round(seconds, 2), visible)


def _in_order(
    sources: Path, base: dict[str, SourceFile], written: dict[str, tuple[Written, float]]
) -> list[SourceFile]:
    """Order of ingest: terrain, base, buildings, underground, neighbours, schemes."""
    by_group: dict[str, list[SourceFile]] = {}
    for source in base.values():
        by_group.setdefault(source.group, []).append(source)
    buildings = []
    for key, building in BUILDINGS.items():
        result, seconds = written[key]
        count = sum(result.counts.values())
        title = building.title
        buildings.append(_source(sources / f"{key}.ifc", key, title.zh, title.en, "building", count, seconds))
    schemes = []
    for scheme in SCHEMES:
        key = f"scheme-{scheme.key}"
        result, seconds = written[key]
        count = sum(result.counts.values())
        path = sources / f"{key}.ifc"
        schemes.append(_source(path, key, scheme.zh, scheme.en, "scheme", count, seconds, visible=False))
    return [
        *by_group["terrain"], *by_group["base"], *buildings, *by_group["underground"], *by_group["neighbour"],
        *schemes, *by_group["scheme"],
    ]  # fmt: skip
