"""`tiles`: bytes per triangle of our tiles, against the serializer's GLB."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping
from pathlib import Path

import duckdb

from tests.bench import built
from tests.bench.glb import Drawn, of_glb, of_tiles
from tests.bench.ifc_files import shared_models
from tests.bench.race import Cell, Check, Context, Outcome, Race, Ratio, geomean, times
from tests.bench.races.ingest_peers import FRAG, XKT, folder_of
from tests.bench.tile_bytes import PARTS, spent
from twin.graph.tablefile import attach

COLUMNS = (
    "file", "triangles ours", "tiles", "B/tri", "B/tri gzip", "kB gzip", "geometry kB", "lines kB", "ids kB", "tables kB",
    "geometry B/tri", "XKT kB", "geometry of XKT", "frag kB", "all of frag", "triangles peer", "peer B/tri",
    "peer B/tri gzip", "peer kB gzip", "ratio gzip B/tri",
)  # fmt: skip
PER_TRIANGLE, OF_XKT, OF_FRAG = 2.0, 0.6, 0.5
"""Goals: bytes of geometry per triangle; geometry as a share of XKT; everything as a share of .frag."""

AREA_TOLERANCE = 0.005
SWOLLEN = {"HVAC": 0.05}
"""Where the peer is wrong: its hybrid kernel swells the discs of six pumps and valves (OpenCASCADE agrees with us)."""


def same_surface(title: str, ours: Drawn, stats: Mapping[str, int], bodies: set[int], peer: float) -> list[Check]:
    """Gate: the tiles draw what the build says, and of the peer's products as many square metres as the peer.

    bodies: ordinals of the products that the peer has too.
    """
    area = sum(value for ordinal, value in ours.area.items() if ordinal in bodies)
    tolerance = SWOLLEN.get(title, AREA_TOLERANCE)
    return [
        Check(
            f"{title}: the tiles decode and draw what the build says",
            ours.triangles == stats["triangles_drawn"],
            f"{ours.triangles} of {stats['triangles_drawn']} triangles",
        ),
        Check(
            f"{title}: the same surface within {100 * tolerance:g} %",
            abs(area - peer) <= tolerance * peer,
            f"{area:.1f} and {peer:.1f} m2",
        ),
    ]


def shared_bodies(folder: Path, written: Path) -> set[int]:
    """Ordinals of the products that the peer wrote too. written: their ids as JSON."""
    with duckdb.connect() as con:
        attach(con, folder, "made")
        rows = con.execute(
            "SELECT ordinal FROM made.object WHERE engine IS NOT NULL AND list_contains($ids, id)",
            {"ids": json.loads(written.read_text(encoding="utf-8"))},
        ).fetchall()
    return {ordinal for (ordinal,) in rows}


def size(path: Path) -> float:
    """Bytes of a file of a peer; NaN where no race of this run has made it."""
    return path.stat().st_size if path.exists() else math.nan


def met(title: str, rows: list[dict[str, Cell]], column: str, most: float) -> str:
    """How many files keep to a goal, of those that were measured; which do not."""
    known = [row for row in rows if not math.isnan(row[column])]
    if not known:
        return f"{title}: not measured in this run"
    missed = [str(row["file"]) for row in known if row[column] > most]
    return f"{title}: {len(known) - len(missed)} of {len(known)}{', not ' + ', '.join(missed) if missed else ''}"


def race(context: Context, models: Mapping[str, Path]) -> Outcome:
    """Measure these models."""
    rows, checks, packed_ratio, raw_ratio = [], [], [], []
    for title, source in models.items():
        context.say(f"tiles: {title}")
        folder, glb = built.once(context, title, source)
        stats = json.loads((folder / "layer.json").read_text(encoding="utf-8"))["stats"]
        tiles = sorted((folder / "tiles").rglob("*.glb"))
        ours, theirs = of_tiles(folder / "tiles"), of_glb(glb)
        triangles, peer = ours.triangles, theirs.triangles
        checks += same_surface(title, ours, stats, shared_bodies(folder, glb.with_suffix(".json")), theirs.area[-1])
        raw = sum(path.stat().st_size for path in tiles)
        packed = sum(path.with_name(f"{path.name}.gz").stat().st_size for path in tiles)
        parts = spent(tiles)
        xkt, frag = (size(folder_of(context, title) / name) for name in (XKT, FRAG))
        peer_raw, peer_packed = glb.stat().st_size, len(gzip.compress(glb.read_bytes(), 6))
        packed_ratio.append((peer_packed / peer) / (packed / triangles))
        raw_ratio.append((peer_raw / peer) / (raw / triangles))
        rows.append(
            (
                title,
                triangles,
                len(tiles),
                raw / triangles,
                packed / triangles,
                packed / 1e3,
                *(parts[part] / 1e3 for part in PARTS),
                parts["geometry"] / triangles,
                xkt / 1e3,
                parts["geometry"] / xkt,
                frag / 1e3,
                packed / frag,
                peer,
                peer_raw / peer,
                peer_packed / peer,
                peer_packed / 1e3,
                packed_ratio[-1],
            )
        )
    named = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    mean, best, worst = geomean(packed_ratio), min(row[4] for row in rows), max(row[4] for row in rows)
    lost = [str(row[0]) for row in rows if row[-1] < 1]
    goals = (
        met(f"geometry of {PER_TRIANGLE:g} bytes per triangle", named, "geometry B/tri", PER_TRIANGLE),
        met(f"geometry of {OF_XKT:g} of XKT", named, "geometry of XKT", OF_XKT),
        met(f"everything in {OF_FRAG:g} of .frag", named, "all of frag", OF_FRAG),
    )
    return Outcome(
        columns=COLUMNS,
        rows=rows,
        checks=checks,
        ratios=[
            Ratio("bytes per triangle, gzip, geometric mean", mean),
            Ratio("bytes per triangle, raw, geometric mean", geomean(raw_ratio)),
        ],
        verdict=(
            f"Our tiles take {best:.2g} to {worst:.2g} bytes per triangle after gzip, {times(mean)} than the serializer's GLB"
            f" in the mean{'; we lose on ' + ', '.join(lost) if lost else ''}. Goals met: {'; '.join(goals)}."
        ),
        notes=[
            (
                "Bytes are of the GLBs as served (quantised, EXT_meshopt_compression, gzip level 6), with normals, colours, edge"
                " lines, feature ids and the property table of every object; the peer's hold float positions and normals and no ids."
            ),
            (
                "Geometry is positions, normals, colours, triangles and places of instances; lines are the indices of edge lines, and"
                " ends that no flat face has; ids are feature ids; tables are property tables and JSON. The streams of each part are"
                " gzipped alone, tile by tile: together some percent less or more than the whole. XKT (`-b`) and .frag are as the"
                " race `ingest-peers` of the same run left them, both compressed inside; they have ids too, and .frag all properties."
            ),
            (
                "Triangles are counted as drawn, by a decoder that shares no code with the writer; ours include spaces, and leave out"
                " triangles without area. Bytes do not vary: one build."
            ),
        ],
    )


def run(context: Context) -> Outcome:
    """Measure the shared models."""
    models, absent = shared_models(context.folder / "models")
    if not models:
        return Outcome(skipped=f"{len(absent)} of the models are absent: {', '.join(absent)}")
    return race(context, models)


RACE = Race(
    "tiles",
    "Bytes per triangle, against IfcOpenShell's GLB",
    "The files that the race `ingest` writes, raw and after gzip.",
    run,
)
