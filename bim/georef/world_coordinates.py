"""The origin of the model context's world coordinate system."""

from __future__ import annotations

from typing import Any

from bim.geometry.placements import axis_matrix
from bim.units.unit_table import UnitTable


def world_coordinates(model: Any, units: UnitTable) -> tuple[float, float, float]:
    """The point of the model's frame, metres, that a map conversion's coordinates belong to.

    Usually 0, 0, 0: the standard allows a WorldCoordinateSystem that stands elsewhere, and then the
    conversion starts there.
    """
    contexts = model.by_type("IfcGeometricRepresentationContext", include_subtypes=False)
    for context in sorted(contexts, key=lambda item: item.ContextType != "Model"):
        if context.WorldCoordinateSystem is not None:
            x, y, z = axis_matrix(context.WorldCoordinateSystem, units.length)[:3, 3]
            return float(x), float(y), float(z)
    return 0.0, 0.0, 0.0
