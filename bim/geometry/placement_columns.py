"""The chains of a model's local placements, read from the file's text; the same as `placement_chains` tells."""

from __future__ import annotations

import numpy as np

from bim.geometry.axis_columns import I64, frames_of
from bim.geometry.engine import F64
from bim.source.step_columns import fields, named
from bim.source.step_text import StepText

FEW = 300
"""Placements that are asked of the parser one by one at less cost."""


def chains_of(text: StepText, length: float) -> tuple[I64, F64]:
    """STEP ids of placements and their frames in the model's frame (n, 4, 4), metres.

    Of all plain IfcLocalPlacement whose chain is plain. length: metres in the file's length unit.
    """
    rows = text.called(b"IFCLOCAL")
    rows = rows[text.are(rows, "IfcLocalPlacement")]
    rows = rows[text.alone(rows)]
    frame = np.tile(np.eye(4), (len(rows) + 1, 1, 1))  # the last one: that of the model
    if len(rows) < FEW:
        return rows[:0], frame[:0]
    lines = text.lines(rows, "IfcLocalPlacement")
    begin, _, plain = fields(lines, 2)
    above, axis = (named(lines, column) for column in begin.T)
    turn, at, fine = frames_of(text, axis)
    fine &= plain & (above >= 0)
    frame[:-1, :3, :3], frame[:-1, :3, 3] = turn, at * length
    place = np.full(len(text.name) + 1, len(rows))
    place[rows] = np.arange(len(rows))
    over = place[text.rows(above)]
    told, level = np.zeros(len(rows) + 1, np.bool_), np.flatnonzero(fine & (above == 0))
    while len(level):  # what hangs in something else, or bites its own tail, is never reached
        frame[level] = frame[over[level]] @ frame[level]
        told[level] = True
        level = np.flatnonzero(fine & ~told[:-1] & told[over])
    found = np.flatnonzero(told)
    return text.numbers(rows[found]), frame[found]
