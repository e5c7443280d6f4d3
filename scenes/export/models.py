"""Selected elements as IFC: cut out of the files that their layers were built from, one file per layer."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from bim.export import extract
from bim.source.kind import SourceKind, source_kind
from scenes.build.sources import find_source
from twin.errors import Invalid
from twin.graph.chosen import Chosen
from twin.graph.layerfile import read_version
from twin.layer import Progress
from twin.park import Park

IFC_KINDS = (SourceKind.STEP, SourceKind.ZIP, SourceKind.IFCXML)


def write_models(
    park: Park, chosen: Chosen, folder: Path, *, archive: bool, progress: Progress
) -> tuple[list[Path], dict[str, int]]:
    """Write `folder/<layer>.ifc` for each layer with selected IFC elements; returns the files and figures.

    Figures: written, not_ifc (selected objects that come from no IFC model), parts and context (elements that came
    along). Raises Invalid where nothing selected is from IFC, or several models are selected and no archive was asked
    for; NotFound or Conflict where a source file is gone or was changed.
    """
    found: dict[str, tuple[Path, pa.Table]] = {}
    for layer, (version_folder, objects) in chosen.layers.items():
        elements = objects.filter(pc.is_valid(objects.column("ifc_class")))
        if not len(elements):
            continue
        source = find_source(park, read_version(version_folder))
        if source_kind(source) in IFC_KINDS:
            found[layer] = (source, elements)
    total = sum(len(elements) for _, elements in found.values())
    if not found:
        raise Invalid(
            f"None of the {len(chosen):,} selected objects comes from an IFC model: export them as GLB, CSV or Parquet",
            code="not-from-ifc",
        )
    if len(found) > 1 and not archive:
        raise Invalid(
            f"The selection spans {len(found)} models ({', '.join(list(found)[:5])}): an IFC file holds one; export a .zip"
            " with one file for each",
            code="several-models",
        )
    files, figures = [], {"written": 0, "parts": 0, "context": 0, "not_ifc": len(chosen) - total}
    for place, (layer, (source, elements)) in enumerate(found.items()):
        path = folder / f"{layer}.ifc"
        report = extract(
            source,
            elements.column("id").to_pylist(),
            path,
            lambda done, phase, place=place: progress((place + done) / len(found), phase),  # type: ignore[misc]
        )
        files.append(path)
        figures["written"] += report.selected
        figures["parts"] += report.parts
        figures["context"] += report.context
    return files, figures
