"""Directions of extrusions brought to unit length.

An IfcDirection has no magnitude, whatever its ratios say (ISO 10303-42); IfcOpenShell's CGAL kernels
take it as a length and stretch the solid.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

_TOLERANCE = 1e-9


def normalise_extrusions(model: Any) -> int:
    """Rewrite the model's own extrusion directions in place; returns how many. Run it in a process of its own."""
    seen: set[int] = set()
    changed = 0
    for solid in model.by_type("IfcExtrudedAreaSolid"):
        direction = solid[2]
        if direction is None or direction.id() in seen or not direction.is_a("IfcDirection"):
            continue
        seen.add(direction.id())
        ratios = direction[0]
        if not ratios or not all(isinstance(value, Real) for value in ratios):
            continue  # no direction: the kernel says so of the product
        norm = math.sqrt(sum(value * value for value in ratios))
        if norm > 0 and math.isfinite(norm) and abs(norm - 1.0) > _TOLERANCE:
            direction.DirectionRatios = tuple(value / norm for value in ratios)
            changed += 1
    return changed
