"""Sound files that mutants are made from: one that this repository writes, and small ones of others."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.bim.geometry.test_cuts import clipped, half_space, opening
from tests.bim.ifc_files import SHARED, new_model

OTHERS = (
    "webifc/IfcOpenHouse_IFC4.ifc", "pcert/Building-Architecture.ifc", "hvac/B01_2_HeatExchanger_Pipes.ifc",
    "ifc4x3-samples/construction-scheduling-task.ifc", "ifc4x3-samples/reinforcing-assembly.ifc",
    "ifc4x3-samples/linear-placement-of-signal.ifc", "cjk/zh-revit2023-chs-complex.ifc", "xbim/CPM.ifc",
    "spec/BC-002-edited.ifc", "kit-edc/KIT-EDC_with_SB.ifczip", "samplehouse/Ifc4_SampleHouse.ifczip",
)  # fmt: skip


def own(folder: Path) -> bytes:
    """A small model with a bit of everything that the reader looks at."""
    m = new_model()
    m.map_conversion(528770.0, 3386666.0, 20.0)
    walls = [m.wall(f"墙 {n}", at=(0.0, 3.0 * n, 0.0)) for n in range(6)]
    opening(m, walls[0], (1.0, 0.2, 1.0), (0, 0, 1))
    clipped(m, "DIFFERENCE", half_space(m, 2.0))
    m.define(
        m.pset("Pset_WallCommon", m.single("FireRating", "IfcLabel", "A1"), m.single("IsExternal", "IfcBoolean", True)),
        *walls,
    )
    return m.write(folder, "own.ifc").read_bytes()


def seeds(folder: Path) -> dict[str, bytes]:
    """Name → bytes."""
    found = {"own.ifc": own(folder)}
    for name in OTHERS:
        path = SHARED / "ifc" / name
        if path.suffix == ".ifc" and path.exists():
            found[name] = path.read_bytes()
        elif path.exists():
            with zipfile.ZipFile(path) as archive:
                found[name] = archive.read(archive.namelist()[0])
    return found
