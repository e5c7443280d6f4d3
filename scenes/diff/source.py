"""What can be compared: a file that a reader knows, or a version of a park's layer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from twin.errors import Invalid, NotFound
from twin.graph.layerfile import LayerVersion, version_folder, versions
from twin.ids import layer_name
from twin.park import FILE, Park

NEWEST, PREVIOUS = "newest", "previous"
NOTATION = "PARK/LAYER@VERSION, where VERSION is (the beginning of) a version, `newest` or `previous`"


@dataclass(frozen=True)
class Source:
    """A file to read, or the folder of a built version."""

    path: Path
    built: bool


def source_of(text: str) -> Source:
    """A file's path, or `PARK/LAYER@VERSION` (without @VERSION the newest one). Raises NotFound, Invalid."""
    path = Path(text)
    if path.is_file():
        return Source(path, built=False)
    name, mark, version = path.name.partition("@")
    if (path.parent / FILE).exists() and name:
        park = Park.load(path.parent)
        return Source(_folder(park, layer_name(name), version if mark else NEWEST), built=True)
    if path.is_dir():
        raise Invalid(f"{text} is a folder: expected a file, or {NOTATION}", code="not-a-file")
    raise NotFound(f"{text} does not exist: expected a file, or {NOTATION}", code="no-file")


def last_two(park: Park, layer: str) -> tuple[Source, Source]:
    """The newest version of a layer and the one before it. Raises NotFound."""
    return (
        Source(_folder(park, layer_name(layer), PREVIOUS), built=True),
        Source(_folder(park, layer_name(layer), NEWEST), built=True),
    )


def _folder(park: Park, layer: str, version: str) -> Path:
    return version_folder(park, layer, find_version(park, layer, version).version)


def find_version(park: Park, layer: str, version: str) -> LayerVersion:
    """A version by name, beginning of its name, `newest` or `previous`. Raises NotFound, Invalid where it is unclear."""
    known = versions(park, layer)
    if not known:
        raise NotFound(f"Layer {layer!r} has no version in {park.folder}", code="no-version")
    if version in {NEWEST, PREVIOUS}:
        back = 1 if version == NEWEST else 2
        if len(known) < back:
            raise NotFound(
                f"Layer {layer!r} has only one version, {known[0].version}: ingest a second one to compare",
                code="no-version",
            )
        return known[-back]
    fits = [row for row in known if row.version == version] or [row for row in known if row.version.startswith(version)]
    shown = ", ".join(row.version for row in known)
    if len(fits) != 1 or not version:
        how = "is no version" if not fits else f"stands for {len(fits)} versions"
        raise (NotFound if not fits else Invalid)(
            f"{version!r} {how} of layer {layer!r}: known are {shown}", code="no-version" if not fits else "version"
        )
    return fits[0]
