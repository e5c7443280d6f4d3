"""Prisms over many rectangles and polygons at once, read from the file's text; the same as `extrusion` makes of one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bim.geometry.axis_columns import frames_of, vectors_of
from bim.geometry.curves import MAX_CORNERS
from bim.geometry.engine import F64
from bim.geometry.prism import BOX, Prism, faces_over
from bim.geometry.profiles import NEAR
from bim.geometry.rings import Rings, caps_of
from bim.source.step_columns import fields, named, reals, references
from bim.source.step_text import StepText

I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_KIND = b".AREA.,"
_QUOTE = b"'"[0]
_STRAIGHT = 1e-9


def prisms_of(text: StepText, steps: I64, length: float) -> dict[int, Prism]:
    """By STEP id of the profile: plain rectangles, and areas within one polyline; others are left out.

    length: metres in the file's length unit.
    """
    rows = text.rows(steps)
    return _rectangles(text, steps, rows, length) | _polygons(text, steps, rows, length)


def plain_profiles(text: StepText, steps: I64, rows: I64, ifc_class: str) -> tuple[I64, I64, I64]:
    """STEP ids and rows of plain profiles of a class, and how many bytes of each end behind its name."""
    mine = np.flatnonzero(text.are(rows, ifc_class))
    at = text.arguments(rows[mine], ifc_class)
    area = text.follows(at, _KIND)
    name = len(_KIND) + text.follows(at + len(_KIND), b" ").astype(np.int64)
    lead = name.copy()
    for none in (b"$,", b"'',"):
        lead[text.follows(at + name, none)] += len(none)
    told = np.flatnonzero(area & (lead == name))
    if len(told):  # a name: up to the next quote, if a comma follows
        lines = text.lines(rows[mine[told]], ifc_class, name[told] + 1)
        quotes = np.flatnonzero(lines.text == _QUOTE)
        next_one = np.searchsorted(quotes, lines.begin)
        close = quotes[np.minimum(next_one, len(quotes) - 1)] if len(quotes) else lines.end
        size = np.where(close < lines.end, close - lines.begin, 0)
        begin = at[told] + name[told]
        whole = text.follows(begin, b"'") & text.follows(begin + 1 + size, b"',")
        lead[told] += np.where(whole, size + 3, 0)
    fine = area & (lead > name)
    return steps[mine[fine]], rows[mine[fine]], lead[fine]


def _rectangles(text: StepText, steps: I64, rows: I64, length: float) -> dict[int, Prism]:
    steps, rows, lead = plain_profiles(text, steps, rows, "IfcRectangleProfileDef")
    if not len(steps):
        return {}
    lines = text.lines(rows, "IfcRectangleProfileDef", lead)
    begin, end, plain = fields(lines, 3)
    steps, begin, end = steps[plain], begin[plain], end[plain]
    size = reals(lines, begin[:, 1:].ravel(), end[:, 1:].ravel()).reshape(-1, 2) * length
    a, b = (size / 2).T
    ring = np.stack((-a, -b, a, -b, a, b, -a, b), axis=1).reshape(-1, 4, 2)
    fine = (size > NEAR).all(axis=1) & np.isfinite(size).all(axis=1)
    position = named(lines, begin[:, 0])
    turn, at, upright = frames_of(text, position, plane=True)
    ring = np.where(
        (position == 0)[:, None, None], ring, ring @ turn[:, :2, :2].transpose(0, 2, 1) + at[:, None, :2] * length
    )
    fine &= ((position == 0) | upright) & _convex(ring)
    return {step: (ring[n], BOX) for n, step in enumerate(steps.tolist()) if fine[n]}


def _polygons(text: StepText, steps: I64, rows: I64, length: float) -> dict[int, Prism]:
    steps, rows, lead = plain_profiles(text, steps, rows, "IfcArbitraryClosedProfileDef")
    if not len(steps):
        return {}
    curve, count = references(text.lines(rows, "IfcArbitraryClosedProfileDef", lead))
    steps = steps[count == 1]
    curve = curve[np.repeat(count == 1, count)]
    rows = text.rows(curve)
    mine = text.are(rows, "IfcPolyline")
    steps, rows = steps[mine], rows[mine]
    if not len(steps):
        return {}
    corner, size = references(text.lines(rows, "IfcPolyline"))
    points, numbers = vectors_of(text, corner, "IfcCartesianPoint")
    rings = Rings(points[:, :2] * length, size)
    odd = np.bincount(rings.owner, numbers != 2, len(size)) > 0
    rings = rings.only(np.abs(rings.points - rings.points[rings.before()]).max(axis=1) > NEAR)
    fine = ~odd & (rings.size >= 3) & (size <= MAX_CORNERS)
    rings, steps = rings.some(fine), steps[fine]
    if not len(steps):
        return {}
    rings = rings.turned(rings.areas() < 0)
    quads = (rings.size == 4) & np.logical_and.reduceat(rings.bends() > 0, rings.start)
    found: dict[int, Prism] = {
        step: (ring, BOX) for step, ring in zip(steps[quads].tolist(), rings.some(quads).split(), strict=True)
    }
    steps, rings = steps[~quads], rings.some(~quads)
    if len(steps):
        found |= _capped(steps, rings)
    return found


def _capped(steps: I64, rings: Rings) -> dict[int, Prism]:
    """Prisms over other polygons than convex quadrangles; without those that cross themselves."""
    here = rings.points - rings.points[rings.before()]
    there = np.sqrt((here**2).sum(axis=1))
    rings = rings.only(np.abs(rings.bends()) > _STRAIGHT * there * there[rings.after()])
    wide = rings.size >= 3
    steps, rings = steps[wide], rings.some(wide)
    if not len(steps):
        return {}
    return {
        step: (ring, faces_over(up, (len(ring),)))
        for step, ring, up in zip(
            steps.tolist(), rings.split(), caps_of(rings, np.ones(len(steps), np.int64)), strict=True
        )
        if up is not None
    }


def _convex(rings: F64) -> Flags:
    """Which of rings (r, n, 2) turn left at every corner."""
    side = np.roll(rings, -1, axis=1) - rings
    after = np.roll(side, -1, axis=1)
    return np.asarray((side[..., 0] * after[..., 1] - side[..., 1] * after[..., 0] > 0).all(axis=1))
