"""A built layer version on disk: `layer.json` beside `tables/` and `tiles/`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twin.errors import Invalid, NotFound
from twin.park import Park

MANIFEST = "layer.json"
TILES = "tiles"
TERRAIN = "terrain.npz"


@dataclass(frozen=True)
class LayerVersion:
    """What `layer.json` says; written last, so a folder with it is complete."""

    layer: str
    version: str
    kind: str
    title: str
    source: str
    sha256: str
    crs: str
    built_at: str
    count: int
    box: tuple[float, ...] | None
    frame: dict[str, Any]
    georef: dict[str, Any] = field(default_factory=dict)
    stats: dict[str, Any] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> str:
        """The manifest's text: one line per field, as the encoder that indents is ten times as slow."""
        rows = (
            f" {json.dumps(name)}: " + json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
            for name, value in sorted(vars(self).items())
        )
        return "{\n" + ",\n".join(rows) + "\n}"


def version_folder(park: Park, layer: str, version: str) -> Path:
    """Where a version stands."""
    return park.layers_folder / layer / version


def read_version(folder: Path) -> LayerVersion:
    """Read a version's manifest. Raises NotFound where the folder is no complete version, Invalid where it is broken."""
    path = folder / MANIFEST
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        box = row.pop("box")
        return LayerVersion(box=None if box is None else tuple(box), **row)
    except FileNotFoundError as error:
        raise NotFound(f"{folder} is no built layer version: {MANIFEST} is missing", code="no-version") from error
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(
            f"{path} is broken: {error!r}; build the layer again with: parktwin ingest", code="layer-file"
        ) from error


def versions(park: Park, layer: str) -> list[LayerVersion]:
    """All complete versions of a layer, oldest first."""
    folder = park.layers_folder / layer
    found = [read_version(path.parent) for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.startswith(".")]
    return sorted(found, key=lambda version: version.built_at)
