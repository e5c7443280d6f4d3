"""The files that layers were made from, kept in the park so that a layer can be built again with another placing."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from scenes.build.ingest import file_hash
from twin.errors import NotFound, Unavailable
from twin.park import Park

FOLDER = "sources"


def _places(park: Park, layer: str, name: str) -> tuple[Path, Path]:
    return park.folder / FOLDER / name, park.folder / FOLDER / layer / name


def no_source(layer: str, name: str) -> NotFound:
    """The error where a layer's file is not kept, or another one stands in its place."""
    return NotFound(
        f"The file {name} that layer {layer!r} was made from is not in {FOLDER}/: ingest it again, a copy is kept then",
        code="no-source",
    )


def has_source(park: Park, layer: str, name: str) -> bool:
    """Whether a file of that name is kept for a layer; its content is looked at when it is built from."""
    return any(path.is_file() for path in _places(park, layer, name))


def find_source(park: Park, layer: str, name: str, sha256: str) -> Path:
    """The kept file of a layer: `sources/<name>` or `sources/<layer>/<name>` with this content. Raises NotFound."""
    for path in _places(park, layer, name):
        if path.is_file() and file_hash(path) == sha256:
            return path
    raise no_source(layer, name)


def keep_source(park: Park, layer: str, source: Path, sha256: str) -> Path:
    """Keep a copy of a layer's file in the park, where it is not there yet; returns its path. Raises Unavailable (disk)."""
    first, second = _places(park, layer, source.name)
    for path in (first, second):
        if path.is_file() and file_hash(path) == sha256:
            return path
    target = second if first.exists() else first  # another file of that name stands there
    scratch = target.with_name(f".{target.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, scratch)
        scratch.replace(target)
    except OSError as error:
        raise Unavailable(f"{target} cannot be written: {error.strerror}", code="disk") from error
    finally:
        scratch.unlink(missing_ok=True)
    return target
