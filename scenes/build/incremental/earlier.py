"""The version that a new one of the same layer may be made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scenes.build.side_files import PLAIN_IFC
from scenes.build.sources import named_sources
from twin.errors import ParkError
from twin.graph.layerfile import MANIFEST, read_version
from twin.park import Park


@dataclass(frozen=True)
class Earlier:
    """folder: of the version; sources: files of the park that have the name of the one it was built from."""

    folder: Path
    sources: tuple[Path, ...]


def earlier_version(park: Park, layer: str, source: Path, settings: str) -> Earlier | None:
    """The version of the layer that was built last, if it was built with the same settings from a plain IFC file."""
    if source.suffix.lower() != PLAIN_IFC:  # no other kind is compared as text
        return None
    manifests = [path for path in (park.layers_folder / layer).glob(f"*/{MANIFEST}") if path.parent.name[0] != "."]
    if not manifests:
        return None
    folder = max(manifests, key=lambda path: path.stat().st_mtime_ns).parent
    try:
        version = read_version(folder)
    except ParkError:  # whoever uses that version is told
        return None
    if version.stats.get("settings") != settings or not version.source.lower().endswith(PLAIN_IFC):
        return None
    return Earlier(folder, tuple(named_sources(park, version.source)))
