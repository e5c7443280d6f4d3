"""The model context's world coordinate system: where a map conversion's own origin lies in the model."""

from __future__ import annotations

import math
from typing import Any

from bim.geometry.axes import axis_matrix
from bim.source.attribute import attribute
from bim.units.unit_table import UnitTable


def world_coordinates(model: Any, units: UnitTable) -> tuple[tuple[float, float, float], float]:
    """The point of the model's frame, metres, that a map conversion's coordinates belong to, and its x axis, radians.

    Usually 0, 0, 0 and 0: the standard allows a WorldCoordinateSystem that stands elsewhere, and then the
    conversion starts there.
    """
    contexts = model.by_type("IfcGeometricRepresentationContext", include_subtypes=False)
    for context in sorted(contexts, key=lambda item: attribute(item, "ContextType") != "Model"):
        system = attribute(context, "WorldCoordinateSystem")
        if system is not None:
            axes = axis_matrix(system, units.length)
            x, y, z = axes[:3, 3]
            return (float(x), float(y), float(z)), math.atan2(float(axes[1, 0]), float(axes[0, 0]))
    return (0.0, 0.0, 0.0), 0.0
