"""Options that choose published objects, and the file that a command writes: the same for every command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.errors import Conflict, Invalid, NotFound

Gids = Annotated[list[str] | None, typer.Option("--gid", help="Id of an object; may be given several times.")]
Under = Annotated[str, typer.Option(help="Id of an object: it and all below it, such as a storey.")]
Layer = Annotated[str, typer.Option(help="Only objects of this layer.")]
Type = Annotated[str, typer.Option("--type", help="Only objects of this type: Wall, Space, Road.")]
Storey = Annotated[str, typer.Option(help="Only objects on the storey of this id.")]
Building = Annotated[str, typer.Option(help="Only objects in the building of this id.")]
Discipline = Annotated[str, typer.Option(help="Only objects of this discipline: architecture, hvac.")]
Search = Annotated[str, typer.Option(help="Only objects with this text in name, tag or id.")]
Force = Annotated[bool, typer.Option(help="Replace a file that exists.")]


def check_target(target: Path, *, force: bool) -> None:
    """Raise NotFound, Invalid or Conflict where a file cannot be written there, before any work is done."""
    if not target.absolute().parent.is_dir():
        raise NotFound(f"Folder {target.parent} does not exist: make it first", code="no-folder")
    if target.is_dir():
        raise Invalid(f"{target} is a folder: name a file", code="not-a-file")
    if target.exists() and not force:
        raise Conflict(f"{target} exists already: name another file, or give --force", code="file-exists")
