"""Heights of storeys in the model's frame."""

from __future__ import annotations

from typing import Any

from bim.geometry.placements import Placements
from bim.units.unit_table import UnitTable


def storey_elevations(model: Any, units: UnitTable, placements: Placements) -> dict[int, float]:
    """STEP id of each IfcBuildingStorey → z in the model's frame, metres.

    The placement counts. Where all storeys are placed at one height although their Elevation differs
    (some exporters leave the placement at 0), Elevation is added to the placement.
    """
    placed: dict[int, float] = {}
    written: dict[int, float] = {}
    for storey in model.by_type("IfcBuildingStorey"):
        step = int(storey.id())
        placed[step] = float(placements.matrix(storey)[2, 3])
        written[step] = float(storey.Elevation or 0.0) * units.length
    flat = len({round(z, 3) for z in placed.values()}) == 1
    if flat and len({round(z, 3) for z in written.values()}) > 1:
        return {step: placed[step] + written[step] for step in placed}
    return placed
