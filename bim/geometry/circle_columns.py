"""Prisms over many discs and rings at once, read from the file's text: those of one size are one, placed many times."""

from __future__ import annotations

import numpy as np

from bim.geometry.arcs import circle
from bim.geometry.axis_columns import frames_of
from bim.geometry.engine import F64
from bim.geometry.prism import Prism, prism
from bim.geometry.profile_columns import I64, plain_profiles
from bim.geometry.profiles import Profile
from bim.source.step_columns import fields, named, reals
from bim.source.step_text import StepText

_CLASSES = (("IfcCircleProfileDef", 1), ("IfcCircleHollowProfileDef", 2))
"""And how many lengths follow the position: the radius, the wall of a pipe."""

_WIDEST = 1e5
"""Metres: larger ones, which have thousands of corners, are looked at one by one."""


def discs_of(text: StepText, steps: I64, length: float, segments: int = 0) -> dict[int, Prism]:
    """By STEP id of the profile: plain discs and rings; others are left out.

    length: metres in the file's length unit; segments: of a whole circle, 0 for the kernels' rule.
    """
    rows = text.rows(steps)
    found: dict[int, Prism] = {}
    for ifc_class, lengths in _CLASSES:
        mine, at, lead = plain_profiles(text, steps, rows, ifc_class)
        if len(mine):
            found |= _placed(text, mine, at, lead, ifc_class, lengths, length, segments)
    return found


def _placed(
    text: StepText, steps: I64, rows: I64, lead: I64, ifc_class: str, lengths: int, length: float, segments: int
) -> dict[int, Prism]:
    lines = text.lines(rows, ifc_class, lead)
    begin, end, plain = fields(lines, 1 + lengths)
    steps, begin, end = steps[plain], begin[plain], end[plain]
    size = reals(lines, begin[:, 1:].ravel(), end[:, 1:].ravel()).reshape(-1, lengths) * length
    position = named(lines, begin[:, 0])
    turn, at, upright = frames_of(text, position, plane=True)
    at = at[:, :2] * length
    made: dict[tuple[float, ...], Prism | None] = {}
    found: dict[int, Prism] = {}
    sizes = list(map(tuple, size.tolist()))
    fine = ((position == 0) | upright) & (size[:, 0] < _WIDEST)
    for n in np.flatnonzero(fine).tolist():
        if sizes[n] not in made:
            made[sizes[n]] = _centred(*sizes[n], segments=segments)
        one = made[sizes[n]]
        if one is not None:
            points, faces = one
            placed: F64 = points if position[n] == 0 else points @ turn[n, :2, :2].T + at[n]
            found[int(steps[n])] = placed, faces
    return found


def _centred(radius: float, wall: float | None = None, *, segments: int) -> Prism | None:
    outer = circle(radius, segments)
    if wall is None:
        return prism(Profile(outer)) if len(outer) else None
    within = circle(radius - wall, segments)[::-1] if 0 < wall < radius else outer[:0]
    return prism(Profile(outer, (within,))) if len(outer) and len(within) else None
