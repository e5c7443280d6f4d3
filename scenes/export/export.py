"""Export: a selection becomes one file, whole or not at all."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scenes.export.request import TABLES, WIDE, Exported, ExportRequest, Format
from twin.errors import Unavailable
from twin.graph.chosen import Chosen, open_chosen
from twin.graph.layerfile import version_folder
from twin.layer import Progress
from twin.park import Park

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that equal content gives equal bytes."""


def export(
    park: Park, layers: Sequence[dict[str, Any]], request: ExportRequest, folder: Path, progress: Progress
) -> Exported:
    """Write the result into `folder` (empty, ours). layers: rows of `GraphStore.layers` that the selection may touch.

    Raises Invalid where nothing matches or the format cannot hold it, NotFound, Conflict (source changed), or
    Unavailable where it grows beyond `request.max_bytes`.
    """
    progress(0.0, "select")
    scratch = folder / "scratch"
    scratch.mkdir()
    versions = [(str(row["layer"]), version_folder(park, row["layer"], row["version"])) for row in layers]
    with open_chosen(versions, request.selection, scratch) as chosen:
        progress(0.05, request.format.value)
        asset = _asset(park, layers, chosen, request)
        files, figures = _write(
            park, chosen, request, scratch, asset, lambda done, phase: progress(0.05 + 0.85 * done, phase)
        )
        objects = {layer: len(found) for layer, (_, found) in chosen.layers.items()}
    _check_size(sum(path.stat().st_size for path in files), request.max_bytes)
    progress(0.92, "write")
    result = folder / f"result.{request.suffix}"
    if request.archive:
        _pack(files, result)
    else:
        files[0].replace(result)
    size = result.stat().st_size
    progress(1.0, "done")
    return Exported(result, request.format.value, size, sum(objects.values()), objects, figures)


def _write(
    park: Park, chosen: Chosen, request: ExportRequest, folder: Path, asset: dict[str, Any], progress: Progress
) -> tuple[list[Path], dict[str, int]]:
    """The files of the result, and figures. Each format loads only what it needs."""
    if request.format is Format.IFC:
        from scenes.export.models import write_models  # noqa: PLC0415

        return write_models(park, chosen, folder, archive=request.archive, progress=progress)
    if request.format is Format.GLB:
        from scenes.export.glb import export_glb  # noqa: PLC0415

        path = folder / f"{park.id}.glb"
        report = export_glb(chosen, path, folder, asset, compact=request.compact, progress=progress)
        return [path], {
            "written": report.objects,
            "without_shape": report.without_shape,
            "meshes": report.meshes,
            "triangles": report.triangles,
        }
    from scenes.export.tables import write_table  # noqa: PLC0415

    tables = [*TABLES, WIDE] if request.archive else [request.table]
    files, figures = [], dict[str, int]()
    for number, table in enumerate(tables):
        progress(number / len(tables), table)
        path = folder / f"{table}.{request.format}"
        found = write_table(chosen, table, request.format, path, language=request.language, asset=asset)
        _check_size(path.stat().st_size, request.max_bytes)
        rows = {table: found.pop("rows")} if request.archive else {}
        figures.update(rows, **found)
        files.append(path)
    return files, figures


def _asset(park: Park, layers: Sequence[dict[str, Any]], chosen: Chosen, request: ExportRequest) -> dict[str, Any]:
    """What every format that can says of its origin."""
    frame = park.frame
    return {
        "park": park.id,
        "name": park.name,
        "made_at": request.made_at,
        "axes": "metres in the park frame: x east, y north, z up; in glTF x east, y up, z south",
        "origin": None if frame is None else frame.as_dict(),
        "layers": {
            str(row["layer"]): {"version": row["version"], "title": row["title"], "source": row["source"]}
            for row in layers
            if row["layer"] in chosen.layers
        },
    }


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise Unavailable(
            f"The export has {size / 1e6:,.0f} MB, more than the limit of {limit / 1e6:,.0f} MB: select less",
            code="export-too-large",
        )


def _pack(files: list[Path], target: Path) -> None:
    """A zip of the files that depends on nothing but them."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.name, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as stream:
                while chunk := source.read(1 << 20):
                    stream.write(chunk)
