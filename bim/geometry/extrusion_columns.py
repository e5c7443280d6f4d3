"""The arguments of many extrusions at once, read from the file's text."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.axis_columns import Flags, frames_of, vectors_of
from bim.geometry.engine import F64
from bim.source.step_columns import fields, named, reals
from bim.source.step_text import StepText

I64 = npt.NDArray[np.int64]


class Solids(NamedTuple):
    """By extrusion (n,): its STEP id and its profile's; turn (n, 3, 3), at (n, 3): its frame; direction (n, 3); depth.

    In the file's length unit.
    """

    step: I64
    profile: I64
    turn: F64
    at: F64
    direction: F64
    depth: F64

    def only(self, kept: I64 | Flags) -> Solids:
        """Some of them."""
        return Solids(
            self.step[kept], self.profile[kept], self.turn[kept], self.at[kept], self.direction[kept], self.depth[kept]
        )


def read(text: StepText, steps: I64) -> Solids:
    """The plainly written ones among IfcExtrudedAreaSolid instances, each once."""
    steps = np.unique(steps)
    rows = text.rows(steps)
    mine = text.are(rows, "IfcExtrudedAreaSolid")
    lines = text.lines(rows[mine], "IfcExtrudedAreaSolid")
    begin, end, plain = fields(lines, 4)
    steps, begin, end = steps[mine][plain], begin[plain], end[plain]
    profile, position, along = (named(lines, begin[:, n]) for n in range(3))
    turn, at, upright = frames_of(text, position)
    direction, numbers = vectors_of(text, along, "IfcDirection", shared=True)
    found = Solids(steps, profile, turn, at, direction, reals(lines, begin[:, 3], end[:, 3]))
    return found.only((profile > 0) & upright & (numbers > 0))
