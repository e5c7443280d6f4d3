"""Heights of storeys in the model's frame."""

from __future__ import annotations

import math
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
        height = written_elevation(storey, units)
        written[step] = 0.0 if height is None else height
    flat = len({round(z, 3) for z in placed.values()}) == 1
    if flat and len({round(z, 3) for z in written.values()}) > 1:
        return {step: placed[step] + written[step] for step in placed}
    return placed


def written_elevation(storey: Any, units: UnitTable) -> float | None:
    """The storey's Elevation, metres; None where it has none or something that is no number."""
    value = storey.Elevation
    return float(value) * units.length if isinstance(value, float) and math.isfinite(value) else None
