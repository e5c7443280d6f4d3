"""`parktwin publish`: make a built version the published one, for example an earlier one again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.cli.access import access
from server.cli.output import JsonFlag, out, print_json
from twin.errors import NotFound
from twin.graph.layerfile import versions
from twin.park import Park


def publish(
    park: Annotated[Path, typer.Argument(help="Folder of the park.")],
    layer: Annotated[str, typer.Argument(help="Name of the layer.")],
    *,
    version: Annotated[str | None, typer.Option(help="Version to publish; default the newest.")] = None,
    json: JsonFlag = False,
) -> None:
    """Publish a version of a layer that was built before."""
    loaded = Park.load(park)
    known = versions(loaded, layer)
    if not known:
        raise NotFound(
            f"Layer {layer!r} has no built version in {loaded.layers_folder}: ingest a file first", code="no-layer"
        )
    chosen = next((item for item in known if item.version == version), None) if version else known[-1]
    if chosen is None:
        raise NotFound(
            f"Layer {layer!r} has no version {version!r}: built are {', '.join(item.version for item in known)}",
            code="no-version",
        )
    with access(loaded) as store:
        before = next((row for row in store.layers() if row["layer"] == layer), None)
        store.publish(layer, chosen.version, group="" if before is None else before["group"])
    if json:
        print_json(
            {"layer": layer, "version": chosen.version, "before": before and before["version"], "objects": chosen.count}
        )
    else:
        out.print(f"Layer {layer}: version {chosen.version} is published ({chosen.count:,} objects).")
