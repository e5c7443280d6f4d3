"""The georeference of a file alone: no meshes, no layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bim.geometry.box_engine import BoxEngine
from bim.geometry.placements import Placements
from bim.georef.extent import Extent
from bim.georef.locate import Location, locate
from bim.georef.survey import Survey
from bim.source.open_model import open_model
from bim.units.unit_table import UnitTable
from twin.geometry.frame import Frame
from twin.placing import Placing

SAMPLE = 2_000
"""Products whose points are looked at; placements are read of all. Enough for the plan's rectangle, and bounded."""


def read_georeference(source: Path, park: Frame | None, placing: Placing) -> Location:
    """Where a model would be put, and the report on it.

    The extent comes from placements and from the points of some products' shapes, so a rectangle in the report
    may be smaller than the one that an ingest writes from meshes. Raises Invalid, NotFound as the reader does.
    """
    opened = open_model(source)
    model = opened.file
    units = UnitTable.of_model(model)
    placements = Placements(units.length)
    survey = Survey.of_model(model, units, placements, None, placing)
    extent = _extent(model, placements, units)
    return locate(source.name, survey, extent, park)


def _extent(model: Any, placements: Placements, units: UnitTable) -> Extent:
    """Boxes of sampled shapes, the placement's point for every other product that has a shape; all placements without any."""
    products = [item for item in model.by_type("IfcProduct") if item.ObjectPlacement is not None]
    shaped = [item for item in products if item.Representation is not None] or products
    origins = {item.id(): placements.matrix(item)[:3, 3] for item in shaped}
    low, high = dict(origins), dict(origins)
    sample = [item for item in shaped[:: max(1, len(shaped) // SAMPLE)] if item.Representation is not None]
    for mesh in BoxEngine(placements, units.length).meshes(model, sample):
        points = mesh.vertices @ mesh.matrix[:3, :3].T + mesh.matrix[:3, 3]
        low[mesh.step], high[mesh.step] = points.min(axis=0), points.max(axis=0)
    return Extent.of_boxes(
        np.array([*low.values()], np.float64).reshape(-1, 3), np.array([*high.values()], np.float64).reshape(-1, 3)
    )
