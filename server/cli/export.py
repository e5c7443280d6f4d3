"""`parktwin export`: objects of a park as IFC, GLB, CSV or Parquet."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from scenes.export.request import MAX_BYTES, TABLES, WIDE, Exported, ExportRequest, format_of
from server.cli.access import access
from server.cli.output import JsonFlag, bars, out, print_json
from server.cli.selecting import Building, Discipline, Force, Gids, Layer, Search, Storey, Type, Under, check_target
from twin.clock import SystemClock, iso
from twin.errors import Conflict, Invalid, Unavailable
from twin.graph.selection import Selection
from twin.park import Park

TEXTS = {
    "parts": "with {n:,} openings, ports and fillings of selected elements",
    "context": "with {n:,} elements as context, without shape",
    "not_ifc": "{n:,} objects left out: they come from no IFC model",
    "without_shape": "{n:,} objects left out: they have no shape",
    "columns_left_out": "{n:,} columns left out: the others are filled more often",
}


def export(
    park: Annotated[Path, typer.Argument(help="Folder of the park.")],
    target: Annotated[Path, typer.Argument(help="File to write; its ending decides: .ifc .glb .csv .parquet .zip.")],
    *,
    gid: Gids = None,
    under: Under = "",
    layer: Layer = "",
    type_: Type = "",
    storey: Storey = "",
    building: Building = "",
    discipline: Discipline = "",
    search: Search = "",
    format_: Annotated[
        str | None, typer.Option("--format", help="What a .zip shall hold: ifc (one per layer), csv, parquet, glb.")
    ] = None,
    table: Annotated[
        str, typer.Option(help=f"Table of a .csv or .parquet: {', '.join(TABLES)}; a .zip holds all.")
    ] = TABLES[0],
    wide: Annotated[bool, typer.Option(help="A row per object, a column for each property.")] = False,
    language: Annotated[str, typer.Option(help="Column titles of a .csv: en (plain names) or zh.")] = "en",
    compact: Annotated[bool, typer.Option(help="Smaller .glb with quantised, compressed meshes.")] = False,
    force: Force = False,
    time_limit: Annotated[float, typer.Option(help="Seconds the export may take.")] = 3600.0,
    json: JsonFlag = False,
) -> None:
    """Write a selection of published objects into one file; all that is given must hold, nothing given is everything."""
    form, archive = format_of(target, format_)
    if language not in {"en", "zh"}:
        raise Invalid(f"Language {language!r} is unknown: expected en or zh", code="language")
    request = ExportRequest(
        Selection(tuple(gid or ()), under, layer, type_, storey, building, discipline, search),
        form,
        WIDE if wide else table,
        archive,
        language,
        compact,
        iso(SystemClock().now_ms()),
        MAX_BYTES,
    )
    from server.exporting import run_export  # noqa: PLC0415 - the web framework behind it is a second of start-up

    loaded = Park.load(park)
    check_target(target, force=force)
    with access(loaded) as store:
        layers = store.layers()
    with _staging(target) as folder, bars() as shown:
        done = run_export(
            loaded,
            layers,
            request,
            folder,
            progress=lambda share, phase: shown.update(target.name, share, phase),
            seconds=time_limit,
        )
        _place(done.path, target, force=force)
    if json:
        print_json({**done.as_dict(), "path": str(target)})
    else:
        _print(done, target)


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """A hidden folder beside the target, on the same disk; gone afterwards whatever happens."""
    folder = target.parent / f".{target.name[:60]}.{os.getpid()}-{uuid.uuid4().hex[:8]}.tmp"
    try:
        folder.mkdir()
    except OSError as error:
        raise Unavailable(f"{target.parent} cannot be written: {error.strerror}", code="disk") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place(result: Path, target: Path, *, force: bool) -> None:
    """Give the finished file its name: at once, and never over a file that has come up meanwhile."""
    if not force:
        try:
            os.link(result, target)
        except FileExistsError as error:
            raise Conflict(
                f"{target} exists already: name another file, or give --force", code="file-exists"
            ) from error
        except OSError:  # a file system without hard links
            check_target(target, force=False)
        else:
            return
    result.replace(target)


def _print(done: Exported, target: Path) -> None:
    spread = f" of {len(done.layers)} layers" if len(done.layers) > 1 else ""
    out.print(f"{target}: {done.objects:,} objects{spread}, {done.bytes / 1e6:.2f} MB")
    for name, text in TEXTS.items():
        if done.figures.get(name):
            out.print(f"  {text.format(n=done.figures[name])}")
