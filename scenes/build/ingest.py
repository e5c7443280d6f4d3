"""Ingest: one source file becomes one layer version on disk, in a worker, or nothing at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from scenes.build.limits import Limits
from scenes.build.readers import kind_of
from scenes.build.sources import file_hash, keep_source
from scenes.build.spec import Spec
from scenes.build.supervise import run_worker
from twin.errors import Conflict, Invalid, Unavailable
from twin.graph.layerfile import MANIFEST, TERRAIN, LayerVersion, read_version, version_folder
from twin.ids import layer_name, layer_name_from
from twin.layer import Progress
from twin.park import Park

BUILDER = "2"
"""Raised when the same input gives other tiles or tables, so that versions are built anew."""
STAGING = ".staging-"


@dataclass(frozen=True)
class Ingested:
    """A version that stands on disk; `reused` where the same input had been built before."""

    version: LayerVersion
    reused: bool


def _version_name(sha256: str, park: Park, crs: str | None, terrain: str | None) -> str:
    """Equal for equal input, settings and builder."""
    frame = None if park.frame is None else park.frame.as_dict()
    key = json.dumps([BUILDER, sha256, frame, crs, terrain, park.extent_m], sort_keys=True)
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def sweep(park: Park) -> int:
    """Remove staging folders whose process is gone; returns how many. Nothing published is in them."""
    removed = 0
    for folder in park.layers_folder.glob(f"*/{STAGING}*"):
        owner = folder.name.removeprefix(STAGING).split("-")[0]
        if not (owner.isdigit() and psutil.pid_exists(int(owner))):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def ingest(
    park: Park,
    source: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    title: str = "",
    terrain: Path | None = None,
    limits: Limits | None = None,
    progress: Progress = lambda _done, _phase: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Ingested:
    """Build a layer version from a file. The park's database is not touched; publish does that.

    terrain: a published terrain's height field, for draping. Raises NotFound, Invalid, or
    Unavailable (limits, crash, disk full); a failed build leaves nothing behind.
    """
    kind = kind_of(source)
    name = layer_name(layer) if layer else layer_name_from(source.stem)
    sha256 = file_hash(source)
    drape = None if kind == "raster" or terrain is None else str(terrain)
    version = _version_name(sha256, park, crs, None if drape is None else terrain.parent.name if terrain else None)
    folder = version_folder(park, name, version)
    if (folder / MANIFEST).exists():
        if kind == "bim":
            keep_source(park, source, sha256)
        return Ingested(read_version(folder), reused=True)
    try:
        staging = folder.parent / f"{STAGING}{os.getpid()}-{uuid.uuid4().hex[:8]}"
        staging.mkdir(parents=True)
    except OSError as error:
        raise Unavailable(f"{folder.parent} cannot be written: {error.strerror}", code="disk") from error
    spec = Spec(
        source=str(source.resolve()),
        layer=name,
        version=version,
        sha256=sha256,
        title=title or str(park.layers.get(name, {}).get("title", "")),
        staging=str(staging),
        frame=None if park.frame is None else park.frame.as_dict(),
        crs=crs,
        terrain=drape,
        extent_m=park.extent_m,
    )
    try:
        run_worker(spec, limits or Limits(), progress, cancelled)
        if file_hash(source) != sha256:
            raise Conflict(f"{source.name} changed while it was read: ingest it again", code="source-changed")
        if kind == "bim":  # a part of it may be asked for later, as it was
            keep_source(park, source, sha256)
        if folder.exists():  # an incomplete leftover, or the same build by another process
            shutil.rmtree(folder)
        staging.replace(folder)
    except Invalid as error:
        if error.code != "unreadable" and file_hash(source) != sha256:
            raise Conflict(
                f"{source.name} changed while it was read: ingest it again", code="source-changed"
            ) from error
        raise
    except OSError as error:
        raise Unavailable(f"{folder} cannot be written: {error.strerror}", code="disk") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        with contextlib.suppress(OSError):  # not empty: other versions stand there
            folder.parent.rmdir()
    progress(1.0, "done")
    return Ingested(read_version(folder), reused=False)


def terrain_of(park: Park, layers: list[dict[str, object]]) -> Path | None:
    """The height field of the park's published terrain layer, if there is one."""
    for row in layers:
        path = version_folder(park, str(row["layer"]), str(row["version"])) / TERRAIN
        if row["kind"] == "terrain" and path.exists():
            return path
    return None
