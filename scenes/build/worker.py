"""The build worker: `python -m scenes.build.worker SPEC` makes one layer version in a staging folder.

Runs in a process of its own, so that a crash, a hang or an attack inside a kernel touches nothing
else. Speaks JSON lines on standard output: {"progress", "phase"}, and at the end {"done": …} or
{"error": …}.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pyarrow as pa

from scenes.build.axes import write_axes
from scenes.build.digest import digest
from scenes.build.lean import ifcopenshell_without_lark, without_pandas
from scenes.build.measure import measure
from scenes.build.packing import pack
from scenes.build.readers import kind_of, reader
from scenes.build.spec import Spec
from scenes.build.tables import check_ids, union_boxes, write_tables
from scenes.build.untiled import untiled
from scenes.diff.fingerprint import write_fingerprints
from scenes.tiles import build as build_tiles
from twin.clock import SystemClock, iso
from twin.encoded import encoded
from twin.errors import ParkError
from twin.geometry.frame import Frame
from twin.geometry.heightfield import HeightField
from twin.geometry.spool import MeshSpool
from twin.graph.layerfile import MANIFEST, TERRAIN, TILES, LayerVersion
from twin.graph.tablefile import TABLES
from twin.layer import LayerKind, ReadContext
from twin.memory import keep_memory
from twin.placing import Placing
from twin.process import die_with_parent

READ_SHARE = 0.6
"""Share of the whole that reading takes; tiles and tables take the rest. Measured on the sample park."""
_AT_FIRST_USE = ("numpy.ma", "dateutil.relativedelta", "pyarrow.pandas_compat", "pyarrow.vendored.version")
"""What NumPy (unique, quantile) and PyArrow (compute, arrays of lists) import at their first use, in a worker and in its geometry child.

Not pyarrow.dataset, which DuckDB asks for: it brings pandas, that a build of a building model does without.
"""
_KEPT: list[object] = []
"""A worker builds one version: what it read goes with it."""


def _say(**row: object) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _cpu_seconds() -> float:
    """User and system time of this process and its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_bytes() -> int:
    """Most resident memory of this process and of its largest child, added: what they share counts twice."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * 1024


@cache
def preload() -> None:
    """Import what every build of a building model needs: a host does it once for all its workers.

    NumPy and Arrow import some of their parts only when these are first used; PROJ opens its database, and finds the way
    between the globe's systems, at the first coordinate. Arrow takes memory from the heap, which keeps what is freed; a pool
    of its own clears large pages again and again, a fifth of what a small change in a large model costs.
    """
    ifcopenshell_without_lark()
    for name in ("bim.reader", "scenes.build.incremental.remake", *_AT_FIRST_USE):
        import_module(name)
    import_module("bim.warm").warm()
    Frame(0.0, 0.0).to_lonlat(Frame(0.0, 0.0).from_crs([[0.0, 0.0, 0.0]], "EPSG:4326"))
    pa.set_memory_pool(pa.system_memory_pool())
    keep_memory()


def run(spec: Spec, kept: list[object] | None = None) -> LayerVersion:
    """Read, tile and write; `layer.json` comes last and marks the version as complete.

    kept: takes what the caller's process may leave in memory until its end, which is soon.
    """
    start, start_cpu = time.perf_counter(), _cpu_seconds()
    staging = Path(spec.staging)
    made, why = _remade(spec) if spec.base is not None else (None, spec.whole)
    if made is not None:
        spent = _spent(start, start_cpu)
        return _sealed(staging, replace(made, stats={**made.stats, "read_seconds": spent["seconds"], **spent}))
    spool = MeshSpool(staging / "spool")
    context = ReadContext(
        source=Path(spec.source),
        layer=spec.layer,
        frame=Frame(**spec.frame) if spec.frame else None,
        crs=spec.crs,
        placing=Placing.from_dict(spec.placing or {}),
        terrain=HeightField.load(Path(spec.terrain)) if spec.terrain else None,
        extent_m=spec.extent_m,
        silence_s=spec.silence_s,
        memory=spec.kernel_memory,
        unit=spec.unit,
        up=spec.up,
        progress=lambda done, phase: _say(progress=READ_SHARE * done, phase=phase),
        kept=kept,
        expendable=not spec.isolated,
    )
    kind = kind_of(context.source)
    if kind == "bim":
        without_pandas()
    draft = reader(kind)(context, spool)
    check_ids(draft.objects)
    read_seconds = time.perf_counter() - start
    meshes = spool.close()
    tiles = (
        build_tiles(
            meshes,
            draft.objects,
            draft.frame,
            draft.kind,
            spec.layer,
            staging / TILES,
            lambda done, phase: _say(progress=READ_SHARE + 0.3 * done, phase=phase),
        )
        if spec.tiles
        else untiled(meshes, draft.objects)
    )
    _say(progress=0.92, phase="tables")
    boxes = union_boxes(draft.objects, tiles.boxes)
    if draft.kind is LayerKind.BIM:
        from bim.order import shape_findings  # noqa: PLC0415 - only building models pay for its libraries

        measured, shapes = measure(meshes, draft.objects, tiles.boxes)
        disorder = shape_findings(draft.objects, meshes, shapes, tiles.boxes, draft.solids)
        draft = replace(
            draft,
            quantities=pa.concat_tables([draft.quantities, measured]),
            findings=[*draft.findings, *disorder],
        )
    draft = replace(draft, properties=encoded(draft.properties), quantities=encoded(draft.quantities))
    write_tables(staging, spec.layer, draft, tiles.ordinal, boxes)
    write_fingerprints(staging, spec.layer, draft, tiles.ordinal, meshes)
    write_axes(staging, spec.layer, draft, meshes)
    if draft.meshed is not None and spec.tiles:
        from scenes.build.incremental.kept import keep  # noqa: PLC0415 - only building models are remade
        from scenes.build.incremental.text_index import write_index  # noqa: PLC0415

        keep(staging, draft, meshes, tiles)
        write_index(staging, draft.meshed.index)
    if draft.terrain is not None:
        draft.terrain.save(staging / TERRAIN)
    raw, packed = pack(staging / TILES)
    _say(progress=0.98, phase="write")
    del meshes
    shutil.rmtree(staging / "spool")
    finite = boxes[np.isfinite(boxes).all(axis=1)]
    version = LayerVersion(
        layer=spec.layer,
        version=spec.version,
        kind=draft.kind.value,
        title=spec.title or draft.title,
        source=Path(spec.source).name,
        sha256=spec.sha256,
        crs=draft.crs,
        built_at=iso(SystemClock().now_ms()),
        count=len(draft.objects),
        box=None if not len(finite) else (*finite[:, :3].min(axis=0).tolist(), *finite[:, 3:].max(axis=0).tolist()),
        frame=draft.frame.as_dict(),
        georef=draft.georef,
        stats={
            **tiles.statistics,
            "objects": len(draft.objects),
            "properties": len(draft.properties),
            "relations": len(draft.relations),
            "concepts": len(draft.concepts),
            "quantities": len(draft.quantities),
            "bytes": raw,
            "bytes_gzip": packed,
            "digest": digest(staging / TILES),
            "engines": dict(draft.engines),
            "settings": spec.settings,
            **({"whole": why} if why else {}),
            "read_seconds": round(read_seconds, 3),
            **_spent(start, start_cpu),
        },
        findings=[finding.as_dict() for finding in draft.findings],
    )
    return _sealed(staging, version)


def _remade(spec: Spec) -> tuple[LayerVersion | None, str]:
    """The version made from an earlier one of the layer; else None, and why the file is read whole."""
    from bim.changes import Whole  # noqa: PLC0415 - only building models are compared as text
    from scenes.build.incremental.remake import remake  # noqa: PLC0415

    without_pandas()
    staging = Path(spec.staging)
    try:
        return remake(spec, staging, staging / "scratch"), ""
    except Whole as whole:
        why = str(whole)
    except Exception:  # noqa: BLE001 - a defect here costs the short way, not the version
        traceback.print_exc()
        why = "a defect of parktwin; the traceback is in the log"
    for name in (TABLES, TILES):
        shutil.rmtree(staging / name, ignore_errors=True)
    return None, why


def _spent(start: float, start_cpu: float) -> dict[str, float]:
    """What the build has cost since these readings of the clocks."""
    return {
        "seconds": round(time.perf_counter() - start, 3),
        "cpu_seconds": round(_cpu_seconds() - start_cpu, 3),
        "peak_rss": _peak_bytes(),
    }


def _sealed(staging: Path, version: LayerVersion) -> LayerVersion:
    """Write the manifest, which marks the version as complete; nothing but the version is left."""
    shutil.rmtree(staging / "scratch", ignore_errors=True)
    with (staging / MANIFEST).open("w", encoding="utf-8") as stream:
        stream.write(version.to_json())
        stream.flush()
        os.fsync(stream.fileno())
    return version


def _storage_error(spec: Spec, error: Exception) -> dict[str, str]:
    """What to say of a read or write that failed: the source may have gone, or the disk be full."""
    name = Path(spec.source).name
    if not Path(spec.source).exists():
        return {"class": "NotFound", "code": "no-file", "message": f"{name} went away while it was read"}
    reason = (getattr(error, "strerror", None) or str(error)).strip().split("\n", 1)[0][:200]
    return {
        "class": "Unavailable",
        "code": "disk",
        "message": f"Building {name} failed at reading or writing: {reason}",
    }


def main(argument: str) -> int:
    """Build what a `Spec` as JSON tells. 0: the version is complete; 2: a clear error was said; else a crash."""
    die_with_parent()
    spec = Spec(**json.loads(argument))
    if spec.source.lower().endswith((".ifc", ".ifczip", ".ifcxml")):  # so that its cost is not the work's
        preload()
    scratch = Path(spec.staging) / "scratch"  # goes with the staging folder, however this process ends
    scratch.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = os.environ["TMPDIR"] = str(scratch)
    try:
        version = run(spec, _KEPT)
    except ParkError as error:
        _say(error={"class": type(error).__name__, "code": error.code, "message": str(error)})
        return 2
    except OSError as error:
        _say(error=_storage_error(spec, error))
        return 2
    except MemoryError:
        _say(
            error={
                "class": "Unavailable",
                "code": "memory",
                "message": f"{spec.source} needs more memory than there is",
            }
        )
        return 2
    _say(done={"version": version.version, "count": version.count})
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # taking a model apart object by object costs as much as a tenth of its build
