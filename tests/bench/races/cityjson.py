"""`cityjson`: city models → objects, properties and meshes, against parsing their JSON alone, and cjio where it is installed."""

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
from tests.bench.race import Check, Context, Outcome, Race, Ratio, times
from twin.geometry.spool import MeshSpool
from twin.layer import ReadContext

VOLUME_TOLERANCE = 1e-3
GOAL = 23_400
"""Buildings per CPU-second: ten times xeokit-convert's 10,000 boxes in 4.27 CPU-seconds."""
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
        found = interleaved(
            {
                "ours": partial(context.call, ours, path=str(path), spool=str(folder / "spool")),
                "orjson alone": partial(context.call, parse_only, path=str(path)),
            },
            context.rounds,
        )
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
        ratios.append(Ratio(f"{title}: CPU, against orjson alone", costs["orjson alone"].cpu / costs["ours"].cpu))
        rows += [
            (title, name, buildings, path.stat().st_size / 1e6, cost.cpu, buildings / cost.cpu, cost.rss / 1e6)
            for name, cost in costs.items()
        ]
    note = _against_cjio(context, folder, rows, ratios, rates["boxes"])
    rate = min(rates.values())
    return Outcome(
        columns=("city", "contestant", "buildings", "MB", "CPU s", "buildings per CPU s", "RSS MB"),
        rows=rows,
        checks=checks,
        ratios=ratios,
        verdict=(
            f"City models are read at {rate:,.0f} to {max(rates.values()):,.0f} buildings per CPU-second"
            f" (goal: {GOAL:,}; {'met' if rate >= GOAL else 'missed'}), {times(ratios[-1].value if note is None else ratios[2].value, 'less', 'more')}"
            " CPU than parsing the large file's JSON alone."
        ),
        notes=[
            (
                "Ours checks every ring, places every vertex through the coordinate system, triangulates, tests each solid for"
                " closedness, measures it, and makes tables of objects, properties and quantities; tiles and databases come after."
                " The goal is ten times xeokit-convert's 10,000 boxes in 4.27 CPU-seconds, measured on the machine of the design."
            ),
            note or "cjio writes one GLB and no tables.",
        ],
    )


def _against_cjio(
    context: Context, folder: Path, rows: list[tuple], ratios: list[Ratio], ours_rate: float
) -> str | None:
    """Race cjio on few boxes; a sentence that says why not where it is absent."""
    if importlib.util.find_spec("cjio") is None:
        return "cjio is not installed here and was not raced."
    few = context.size(CJIO_BOXES, 20)
    path, out = folder / "few.city.json", folder / "few.glb"
    city.write(path, few, boxes=True)
    cost = middle([cjio(path, out) for _ in range(context.rounds)])
    rows.append(("boxes", "cjio to GLB", few, path.stat().st_size / 1e6, cost.cpu, few / cost.cpu, cost.rss / 1e6))
    ratios.append(Ratio("boxes: buildings per CPU-second, against cjio", ours_rate / (few / cost.cpu)))
    return None


RACE = Race(
    "cityjson",
    "City models into objects and meshes, against parsing alone",
    "`read_city` on made-up CityJSON files (boxes; and a mix of boxes, L shapes, gabled roofs, two levels of detail, parts),"
    " and `orjson.loads` on the same files.",
    run,
)
