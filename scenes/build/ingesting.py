"""Ingest: one source file becomes one layer version on disk, in a worker, or nothing at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from scenes.build.incremental.earlier import earlier_version
from scenes.build.limits import Limits
from scenes.build.looked import Looked
from scenes.build.readers import kind_of
from scenes.build.sealed import seal
from scenes.build.sources import keep_source
from scenes.build.spec import Spec
from scenes.build.supervise import run_worker
from twin.errors import Conflict, Invalid, Unavailable
from twin.graph.layerfile import MANIFEST, TERRAIN, LayerVersion, read_version, version_folder
from twin.ids import layer_name, layer_name_from
from twin.layer import Progress
from twin.park import Park
from twin.park_settings import placing_of
from twin.placing import AUTO, Placing

BUILDER = "10"
"""Raised when the same input gives other tiles or tables, so that versions are built anew."""
STAGING = ".staging-"


@dataclass(frozen=True)
class Ingested:
    """A version that stands on disk; `reused` where the same input had been built before."""

    version: LayerVersion
    reused: bool


def _settings(park: Park, placing: Placing, terrain: str | None, named: list[str | None]) -> list[object]:
    """All that decides on a version beside its source. named: what the user says of a mesh model."""
    frame = None if park.frame is None else park.frame.as_dict()
    return [frame, placing.as_dict(), terrain, park.extent_m, *(named if any(named) else ())]


def _name_of(parts: list[object]) -> str:
    """Equal for equal parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def check_placing(placing: Placing, source: Path, kind: str) -> None:
    """Raise Invalid where a source of the place, or a place, is given for a file that is no building model."""
    if kind in ("vector", "raster") and (placing.use not in ("", AUTO) or placing.place is not None):
        raise Invalid(
            f"{source.name} is no building model: only its coordinate system can be named (--crs), no source and no place",
            code="placing",
        )


def sweep(park: Park) -> int:
    """Remove staging folders whose process is gone; returns how many. Nothing published is in them."""
    removed = 0
    for folder in park.layers_folder.glob(f"*/{STAGING}*"):
        owner = folder.name.removeprefix(STAGING).split("-")[0]
        if not (owner.isdigit() and psutil.pid_exists(int(owner))):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _build(spec: Spec, limits: Limits, progress: Progress, cancelled: Callable[[], bool]) -> None:
    """Run the worker; a file that ends it while its version is made from an earlier one is read whole."""
    try:
        run_worker(spec, limits, progress, cancelled)
    except Unavailable as error:
        if spec.base is None or error.code != "worker":
            raise
        shutil.rmtree(spec.staging)
        Path(spec.staging).mkdir()
        again = replace(spec, base=None, base_sources=(), whole="the worker ended on it; its log tells more")
        run_worker(again, limits, progress, cancelled)


def ingest(
    park: Park,
    source: Path,
    *,
    layer: str | None = None,
    placing: Placing | None = None,
    unit: str | None = None,
    up: str | None = None,
    title: str = "",
    terrain: Path | None = None,
    limits: Limits | None = None,
    progress: Progress = lambda _done, _phase: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Ingested:
    """Build a layer version from a file. The park's database is not touched; publish does that.

    terrain: a published terrain's height field, for draping; placing: the user's word on the model's place, by
    default what park.toml remembers for the layer; unit, up: of a mesh model. Raises NotFound, Invalid, Conflict,
    or Unavailable (limits, crash, disk full); a failed build leaves nothing behind.
    """
    kind = kind_of(source)
    name = layer_name(layer) if layer else layer_name_from(source.stem)
    if (unit or up) and kind != "model":
        raise Invalid(
            f"--unit and --up are for mesh models, and {source.name} says its units itself: leave them out", code="unit"
        )
    looked = Looked.at(source)
    own, beside, sha256 = looked.own, list(looked.beside), looked.sha256
    drape = None if kind == "raster" or terrain is None else str(terrain)
    placing = placing_of(park, name) if placing is None else placing
    check_placing(placing, source, kind)
    draped = None if drape is None else terrain.parent.name if terrain else None
    settings = _settings(park, placing, draped, [unit, up])
    version = _name_of([BUILDER, sha256, *settings])
    folder = version_folder(park, name, version)
    if (folder / MANIFEST).exists():
        if kind == "bim":
            keep_source(park, source, own, beside, sha256)
        return Ingested(read_version(folder), reused=True)
    try:
        staging = folder.parent / f"{STAGING}{os.getpid()}-{uuid.uuid4().hex[:8]}"
        staging.mkdir(parents=True)
    except OSError as error:
        raise Unavailable(f"{folder.parent} cannot be written: {error.strerror}", code="disk") from error
    limits = limits or Limits()
    title = title or str(park.layers.get(name, {}).get("title", ""))
    same = _name_of([BUILDER, title, *settings])
    earlier = None if beside else earlier_version(park, name, source, same)
    spec = Spec(
        source=str(source.resolve()),
        layer=name,
        version=version,
        sha256=own if kind == "bim" else sha256,  # a building model is found again by what its file is
        title=title,
        staging=str(staging),
        frame=None if park.frame is None else park.frame.as_dict(),
        crs=placing.crs or None,
        placing=placing.as_dict(),
        terrain=drape,
        extent_m=park.extent_m,
        silence_s=limits.product_seconds,
        kernel_memory=limits.kernel_memory,
        unit=unit,
        up=up,
        settings=same,
        base=None if earlier is None else str(earlier.folder),
        base_sources=() if earlier is None else tuple(map(str, earlier.sources)),
    )
    try:
        _build(spec, limits, progress, cancelled)
        if looked.changed():
            raise Conflict(f"{source.name} changed while it was read: ingest it again", code="source-changed")
        if kind == "bim":  # a part of it may be asked for later, as it was
            kept = keep_source(park, source, own, beside, sha256)
            if kept != source and looked.untouched():  # what was copied is what was hashed
                seal(kept, own)
        if folder.exists():  # an incomplete leftover, or the same build by another process
            shutil.rmtree(folder)
        staging.replace(folder)
    except Invalid as error:
        if error.code != "unreadable" and looked.changed():
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
