"""The IFC files that the building races run on, unpacked so that both sides read the same bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.bench.cost import ROOT

SHARED = ROOT.parent / "shared" / "data" / "ifc"
FILES = {
    "FZK-Haus": "fzk-haus/AC20-FZK-Haus.ifczip",
    "Office A": "office_a/Office_A_20110811.ifczip",
    "Duplex": "duplex/Ifc2x3_Duplex_Architecture.ifczip",
    "Sample house": "samplehouse/Ifc4_SampleHouse.ifczip",
    "KIT EDC": "kit-edc/KIT-EDC_with_SB.ifczip",
    "HVAC": "hvac/hvac_heating.ifc",
    "Mini project": "mini-project/ISSUE_021_Mini_Project.ifczip",
}
"""Public models of five authoring tools: two houses, an office, flats, a laboratory, pipes, an apartment block."""


def shared_models(folder: Path) -> tuple[dict[str, Path], list[str]]:
    """Models by title as plain .ifc, and the paths of those that are absent."""
    found: dict[str, Path] = {}
    absent = []
    for title, name in FILES.items():
        source = SHARED / name
        if not source.exists():
            absent.append(f"shared/data/ifc/{name}")
        elif source.suffix == ".ifc":
            found[title] = source
        else:
            found[title] = _unpacked(source, folder)
    return found, absent


def _unpacked(source: Path, folder: Path) -> Path:
    target = folder / f"{source.stem}.ifc"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(source) as archive:
            name = next(name for name in archive.namelist() if name.lower().endswith(".ifc"))
            target.write_bytes(archive.read(name))
    return target
