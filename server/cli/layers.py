"""`parktwin layers`: what is published, and which versions stand on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.cli.access import access
from server.cli.output import JsonFlag, out, print_json, print_table
from twin.graph.layerfile import versions
from twin.park import Park


def layers(park: Annotated[Path, typer.Argument(help="Folder of the park.")], *, json: JsonFlag = False) -> None:
    """List the park's layers."""
    loaded = Park.load(park)
    with access(loaded) as store:
        published = store.layers()
    for row in published:
        row["versions"] = [version.version for version in versions(loaded, row["layer"])]
    if json:
        print_json({"park": str(loaded.folder), "layers": published})
    elif not published:
        out.print(f"No layer is published yet. Next: parktwin ingest {park} FILE…")
    else:
        rows = [
            (
                r["layer"],
                r["title"],
                r["kind"],
                r["group"],
                r["version"],
                f"{r['count']:,}",
                len(r["versions"]),
                r["source"],
            )
            for r in published
        ]
        print_table(["layer", "title", "kind", "group", "version", "objects", "versions", "source"], rows)
