"""`parktwin georef`: where a building model stands, by everything it says, before any ingest."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from scenes.build import Limits
from scenes.build.readers import kind_of
from server.cli.output import JsonFlag, out, print_json, print_table
from server.cli.placing import CrsOption, PlaceOption, UseOption, placing_from
from server.jobs.process import run_module
from twin.errors import Invalid
from twin.geometry.frame import Frame
from twin.park import Park
from twin.placing import Placing

WORKER = "bim.georef.worker"


def georef(
    file: Annotated[Path, typer.Argument(help="A building model.")],
    *,
    park: Annotated[Path | None, typer.Option(help="Folder of the park it is to stand in.")] = None,
    crs: CrsOption = None,
    use: UseOption = None,
    place: PlaceOption = None,
    time_limit: Annotated[float, typer.Option(help="Seconds the file may take.")] = 600.0,
    memory_limit: Annotated[float, typer.Option(help="Gigabytes the worker may use.")] = Limits.memory / 1024**3,
    json: JsonFlag = False,
) -> None:
    """Report where a model would stand: what it says, where each source would land, what contradicts, buildingSMART's GRF rules.

    No geometry is made and nothing is ingested.
    """
    placing = placing_from(crs, use, place) or Placing()
    if kind_of(file) in ("vector", "raster"):
        raise Invalid(
            f"{file.name} is no building model: only models have a georeference report", code="unknown-format"
        )
    frame = None if park is None else Park.load(park).frame
    began = time.perf_counter()
    done = read(file, frame, placing, seconds=time_limit, memory=int(memory_limit * 1024**3))
    if json:
        print_json({"file": str(file), **done, "seconds": round(time.perf_counter() - began, 3)})
    else:
        _print(file, done)


def read(file: Path, frame: Frame | None, placing: Placing, *, seconds: float, memory: int) -> dict[str, Any]:
    """`{georef, findings}` by a worker process. Raises what it said, or Unavailable where a limit was broken or it died."""
    spec = {
        "source": str(file.resolve()),
        "frame": None if frame is None else frame.as_dict(),
        "placing": placing.as_dict(),
        "memory": memory,
    }
    return run_module(WORKER, spec, progress=lambda _done, _phase: None, cancelled=lambda: False, seconds=seconds)


def _print(file: Path, done: dict[str, Any]) -> None:
    report = done["georef"]
    out.print(f"{file.name}: {report['candidate']} · {report['why']['zh']} / {report['why']['en']}")
    out.print(
        f"  {report['longitude']:.7f}, {report['latitude']:.7f}, {report['height']:.2f} m,"
        f" x axis {report['rotation_deg']:.3f}° from east · {report['crs'] or '-'}"
    )
    rows = [_row(item) for item in report["candidates"]]
    names = ["", "source", "entity", "system", "longitude", "latitude", "height", "rotation °", "from park m"]
    print_table(names, rows, title="Where each source would put the model")
    judged = [(row["rule"], row["verdict"], row["zh"], row["en"], row["detail"]) for row in report["checks"]]
    print_table(["rule", "verdict", "规则", "what it asks", "what breaks it"], judged, title="buildingSMART GRF")
    for address in report["addresses"]:
        out.print(f"  address: {address}")
    for finding in done["findings"]:
        out.print(f"  {finding['severity']}: {finding['zh']} / {finding['en']}")


def _row(item: dict[str, Any]) -> tuple[object, ...]:
    mark = "→" if item["used"] else ""
    there = item["landing"]
    if there is None:
        return mark, item["id"], item["source"], item["crs"] or item["why"], "", "", "", "", ""
    return (
        mark,
        item["id"],
        item["source"],
        item["crs"],
        f"{there['longitude']:.7f}",
        f"{there['latitude']:.7f}",
        f"{there['height']:.2f}",
        f"{there['rotation_deg']:.3f}",
        f"{there['distance_m']:,.1f}",
    )
