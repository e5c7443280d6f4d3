"""Lines with a width as polygons in plan."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gis.shapes.parts import Parts, parts_of

F64 = npt.NDArray[np.float64]
_SAGITTA_M = 0.05
"""A road's bends are rounded to about this."""


def ribbon(lines: Parts, width: F64) -> Parts:
    """Polygons of (m,) widths in metres along lines, with round ends so that roads meet without a notch."""
    flat = shapely.force_2d(lines.geometry)
    smooth = shapely.simplify(flat, _SAGITTA_M / 2)
    areas = shapely.buffer(smooth, np.maximum(width, 0.05) / 2, quad_segs=4, cap_style="round", join_style="round")
    polygons, _, _ = parts_of(areas)
    return Parts(polygons.geometry, lines.owner[polygons.owner])
