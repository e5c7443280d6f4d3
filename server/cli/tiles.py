"""`parktwin tiles check`: is a tileset valid?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.cli.output import JsonFlag, out, print_json
from twin.errors import NotFound

app = typer.Typer(help="Work with 3D Tiles.", no_args_is_help=True)
SHOWN = 200


@app.callback()
def tiles() -> None:
    """Work with 3D Tiles."""


@app.command("check")
def check(
    path: Annotated[
        Path, typer.Argument(help="A tileset.json, a .glb or other tile, or a folder or park with tilesets.")
    ],
    *,
    json: JsonFlag = False,
) -> None:
    """Check tilesets and their tiles; exit code 1 where an error was found."""
    from scenes.tiles.check import check_path  # noqa: PLC0415

    if not path.exists():
        raise NotFound(f"{path} does not exist: check the path", code="no-file")
    report = check_path(path)
    if json:
        print_json(report.as_dict())
    else:
        for issue in report.issues[:SHOWN]:
            out.print(f"{issue.severity} {issue.type} {issue.path}: {issue.message}")
        out.print(f"{report.files} files checked: {report.errors} errors, {report.warnings} warnings")
    if report.errors:
        raise typer.Exit(1)
