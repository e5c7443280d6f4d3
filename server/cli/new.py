"""`parktwin new`: make an empty park."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.cli.access import LocalAccess
from server.cli.output import JsonFlag, out, print_json
from twin.errors import Invalid
from twin.geometry.frame import Frame, crs
from twin.park import Park


def new(
    park: Annotated[Path, typer.Argument(help="Folder of the new park.")],
    *,
    name: Annotated[str, typer.Option(help="Name shown on the screens.")] = "",
    origin: Annotated[
        str,
        typer.Option(help="Origin as LONGITUDE,LATITUDE[,HEIGHT]; without it the first georeferenced layer gives it."),
    ] = "",
    crs_name: Annotated[str, typer.Option("--crs", help="Projected system, such as EPSG:4547.")] = "",
    json: JsonFlag = False,
) -> None:
    """Make an empty park: a folder with park.toml and a database."""
    frame = _frame(origin, crs_name) if origin else None
    made = Park.create(park, name=name, frame=frame)
    LocalAccess(made).graph.close()
    if json:
        print_json({"park": str(made.folder), "origin": None if frame is None else frame.as_dict()})
    else:
        out.print(f"Park {made.name} made in {made.folder}. Next: parktwin ingest {park} FILE…")


def _frame(origin: str, crs_name: str) -> Frame:
    try:
        numbers = [float(part) for part in origin.split(",")]
        longitude, latitude, height = [*numbers, 0.0] if len(numbers) == 2 else numbers
    except ValueError as error:
        raise Invalid(
            f"Origin {origin!r} cannot be read: expected LONGITUDE,LATITUDE or LONGITUDE,LATITUDE,HEIGHT"
        ) from error
    if crs_name:
        crs(crs_name)
    return Frame(longitude, latitude, height, crs=crs_name)
