"""Length units and axes that a user may name for a mesh model."""

from __future__ import annotations

import numpy as np

from bim.mesh_model.formats import MeshFormat
from bim.mesh_model.model import F64
from twin.errors import Invalid

UNITS = {"mm": 0.001, "cm": 0.01, "m": 1.0, "in": 0.0254, "ft": 0.3048}
"""Metres in a unit; the inch and foot of 1959."""
DEFAULT_UP = {MeshFormat.OBJ: "y", MeshFormat.STL: "z", MeshFormat.STL_TEXT: "z", MeshFormat.PLY: "z"}
"""What most writers of a format do; glTF fixes y itself."""


def metres(unit: str) -> float:
    """Metres in a named unit. Raises Invalid on an unknown one."""
    if unit not in UNITS:
        raise Invalid(f"--unit {unit!r} is unknown: expected one of {', '.join(UNITS)}", code="unit")
    return UNITS[unit]


def to_park_axes(scale: float, up: str) -> F64:
    """(4, 4) from a file's axes to metres with z up; x stays, so that y up turns about x. Raises Invalid."""
    if up not in ("y", "z"):
        raise Invalid(f"--up {up!r} is unknown: expected y or z", code="up")
    matrix = np.eye(4)
    if up == "y":
        matrix[:3, :3] = [[1, 0, 0], [0, 0, -1], [0, 1, 0]]
    matrix[:3, :3] *= scale
    return matrix
