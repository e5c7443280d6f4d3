"""Axis placements of many instances at once, read from the file's text; the same arithmetic as `axes`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64
from bim.source.step_columns import fields, named, vectors
from bim.source.step_text import StepText

I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_LEAST = 1e-9
_X, _Z = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)


def vectors_of(text: StepText, steps: I64, ifc_class: str, *, shared: bool = False) -> tuple[F64, I64]:
    """The numbers (n, 3) that points or directions hold, a missing one as 0; and how many (n,), 0 for what is unreadable.

    shared: whether many are the same ones, so that each is better read once.
    """
    if shared:
        different, which = np.unique(steps, return_inverse=True)
        found, count = vectors_of(text, different, ifc_class)
        return found[which], count[which]
    rows = text.rows(steps)
    mine = text.are(rows, ifc_class)
    if mine.all():
        return vectors(text.lines(rows, ifc_class, 1))
    found, count = np.zeros((len(steps), 3)), np.zeros(len(steps), np.int64)
    found[mine], count[mine] = vectors(text.lines(rows[mine], ifc_class, 1))
    return found, count


def frames_of(text: StepText, steps: I64, *, plane: bool = False) -> tuple[F64, F64, Flags]:
    """Turns (n, 3, 3), origins (n, 3) in the file's unit, and which are plain: others say nothing.

    Of IfcAxis2Placement3D, or 2D where `plane`. Degenerate ones are not plain.
    """
    ifc_class, count = ("IfcAxis2Placement2D", 2) if plane else ("IfcAxis2Placement3D", 3)
    rows = text.rows(steps)
    mine = text.are(rows, ifc_class)
    turn, at, fine = np.zeros((len(steps), 3, 3)), np.zeros((len(steps), 3)), np.zeros(len(steps), np.bool_)
    if not mine.any():
        return turn, at, fine
    lines = text.lines(rows[mine], ifc_class)
    begin, _, plain = fields(lines, count)
    given = np.column_stack([named(lines, column) for column in begin.T])
    origin, numbers = vectors_of(text, given[:, 0], "IfcCartesianPoint", shared=True)
    plain &= numbers >= 2
    z, upright = (_Z, True) if plane else _directions(text, given[:, 1], _Z)
    x, along = _directions(text, given[:, -1], _X)
    z, x = np.broadcast_to(z, x.shape).T, x.T
    share = x[0] * z[0] + x[1] * z[1] + x[2] * z[2]
    x = x - z * share
    norm = np.sqrt(x[0] ** 2 + x[1] ** 2 + x[2] ** 2)
    plain &= upright & along & (norm >= _LEAST)
    x = x / np.where(plain, norm, 1.0)
    y = (z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0])
    turn[mine] = np.stack((x.T, np.column_stack(y), z.T), axis=2)
    at[mine], fine[mine] = origin, plain
    return turn, at, fine


def _directions(text: StepText, steps: I64, default: tuple[float, float, float]) -> tuple[F64, Flags]:
    """Unit vectors (n, 3), the default where none is given (0); and which are readable."""
    found, count = vectors_of(text, steps, "IfcDirection", shared=True)
    x, y, z = found.T
    norm = np.sqrt(x * x + y * y + z * z)
    none = steps == 0
    fine = none | ((count >= 2) & (norm > 1e-12))
    found = found / np.where(norm > 1e-12, norm, 1.0)[:, None]
    found[none] = default
    return found, fine
