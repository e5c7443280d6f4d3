"""`cityjson`: city models → objects, properties and meshes, against parsing their JSON alone, xeokit-convert and cjio."""

from __future__ import annotations

import gc
import importlib.util
import shutil
import sys
from functools import partial
from pathlib import Path

import orjson
import pyarrow.compute as pc

from gis.city.read import read_city
from tests.bench import city
from tests.bench.cost import Sample, Timer, child, interleaved, middle
from tests.bench.peer_folder import XEOKIT
from tests.bench.race import Check, Context, Outcome, Race, Ratio, times
from twin.geometry.spool import MeshSpool
from twin.layer import ReadContext

VOLUME_TOLERANCE = 1e-3
GOAL = 10
"""Times the buildings per CPU-second of xeokit-convert, in the same run."""
CJIO_BOXES = 1_000
"""cjio takes some 50 ms a box: more of them would only take longer."""


def make(path: str, buildings: int, boxes: bool) -> dict:
    """Write a city; its objects and volume."""
    timer = Timer()
    with timer.run():
        known = city.write(Path(path), buildings, boxes=boxes)
    return timer.row(**known)


def ours(path: str, spool: str) -> dict:
    """`read_city` with the spool closed: all that the tile builder and the tables are given."""
    shutil.rmtree(spool, ignore_errors=True)
    timer = Timer()
    with timer.run():
        meshes = MeshSpool(Path(spool))
        draft = read_city(ReadContext(source=Path(path), layer="city"), meshes)
        read = meshes.close()
    volumes = draft.quantities.filter(pc.equal(draft.quantities["name"], "Volume"))
    return timer.row(
        objects=len(draft.objects),
        properties=len(draft.properties),
        triangles=int(read.counts[read.placed_shape, 1].sum()),
        volume=pc.sum(volumes["value"]).as_py(),
        findings=[finding.code for finding in draft.findings],
    )


def parse_only(path: str) -> dict:
    """The floor: orjson alone, with the collector of cycles off as `read_city` has it."""
    gc.disable()
    timer = Timer()
    with timer.run():
        root = orjson.loads(Path(path).read_bytes())
    return timer.row(objects=len(root["CityObjects"]))


def cjio(path: Path, out: Path) -> Sample:
    """CityJSON → GLB by cjio's own command."""
    cost, _ = child([sys.executable, "-m", "cjio.cjio", str(path), "export", "glb", str(out)])
    return Sample(cost, {"bytes": out.stat().st_size})


def xeokit(path: Path, out: Path) -> Sample:
    """CityJSON → XKT by xeokit's own command."""
    cost, _ = child(["node", str(XEOKIT), "-s", str(path), "-f", "cityjson", "-o", str(out), "-b"])
    return Sample(cost, {"bytes": out.stat().st_size})


def run(context: Context) -> Outcome:
    """Read boxes and a mixed city of two sizes."""
    folder = context.folder / "city"
    folder.mkdir(exist_ok=True)
    rows, checks, ratios, rates = [], [], [], {}
    for title, buildings, boxes in (
        ("boxes", context.size(10_000, 50), True),
        ("mixed", context.size(10_000, 50), False),
        ("mixed, large", context.size(100_000, 100), False),
    ):
        context.say(f"cityjson: {title}")
        path = folder / f"{title.replace(', ', '-')}.city.json"
        known = context.call(make, path=str(path), buildings=buildings, boxes=boxes).answer
        contestants = {
            "ours": partial(context.call, ours, path=str(path), spool=str(folder / "spool")),
            "orjson alone": partial(context.call, parse_only, path=str(path)),
        }
        if boxes and XEOKIT.exists():
            contestants["xeokit-convert"] = partial(xeokit, path, folder / "boxes.xkt")
        found = interleaved(contestants, context.rounds)
        answer = found["ours"][-1].answer
        checks += [
            Check(
                f"{title}: every city object is one", answer["objects"] == known["objects"], f"{answer['objects']:,}"
            ),
            Check(
                f"{title}: the solids have the known volume within 0.1 %",
                abs(answer["volume"] - known["volume"]) <= VOLUME_TOLERANCE * known["volume"],
                f"{answer['volume']:,.1f} and {known['volume']:,.1f} m3",
            ),
        ]
        costs = {name: middle(runs) for name, runs in found.items()}
        rates[title] = buildings / costs["ours"].cpu
        ratios += [
            Ratio(f"{title}: CPU, against {peer}", cost.cpu / costs["ours"].cpu)
            for peer, cost in costs.items()
            if peer != "ours"
        ]
        rows += [
            (title, name, buildings, path.stat().st_size / 1e6, cost.cpu, buildings / cost.cpu, cost.rss / 1e6)
            for name, cost in costs.items()
        ]
    said = [_against_cjio(context, folder, rows, ratios, rates["boxes"])]
    peer = next((ratio.value for ratio in ratios if "xeokit" in ratio.name), None)
    if peer is None:
        said.append("xeokit-convert is not installed here and was not raced (make bench-peers).")
    return Outcome(
        columns=("city", "contestant", "buildings", "MB", "CPU s", "buildings per CPU s", "RSS MB"),
        rows=rows,
        checks=checks,
        ratios=ratios,
        verdict=f"City models are read at {min(rates.values()):,.0f} to {max(rates.values()):,.0f} buildings per CPU-second"
        + (
            "."
            if peer is None
            else f", {times(peer, 'more', 'less')} than xeokit-convert (goal: {GOAL} times; {'met' if peer >= GOAL else 'missed'})."
        ),
        notes=[
            (
                "Ours checks every ring, places every vertex through the coordinate system, triangulates, tests each solid for"
                " closedness, measures it, and makes tables of objects, properties and quantities; tiles and databases come after."
                " xeokit-convert writes one XKT file; its whole process is counted, with the start of Node."
            ),
            *(note for note in said if note),
        ],
    )


def _against_cjio(context: Context, folder: Path, rows: list[tuple], ratios: list[Ratio], ours_rate: float) -> str:
    """Race cjio on few boxes; what to say of it, or why it was not raced."""
    if importlib.util.find_spec("cjio") is None:
        return "cjio is not installed here and was not raced."
    few = context.size(CJIO_BOXES, 20)
    path, out = folder / "few.city.json", folder / "few.glb"
    city.write(path, few, boxes=True)
    cost = middle([cjio(path, out) for _ in range(context.rounds)])
    rows.append(("boxes", "cjio to GLB", few, path.stat().st_size / 1e6, cost.cpu, few / cost.cpu, cost.rss / 1e6))
    ratios.append(Ratio("boxes: buildings per CPU-second, against cjio", ours_rate / (few / cost.cpu)))
    return "cjio writes one GLB and no tables."


RACE = Race(
    "cityjson",
    "City models into objects and meshes, against parsing alone and other converters",
    "`read_city` on made-up CityJSON files (boxes; and a mix of boxes, L shapes, gabled roofs, two levels of detail, parts),"
    " `orjson.loads` on the same files, and other converters on the boxes.",
    run,
)
