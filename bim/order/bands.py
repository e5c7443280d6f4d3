"""The heights between which each storey lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bim.geometry.engine import F64
from bim.order.subject import I64, Subject

LEAST_STOREY_M = 1.8
"""Storeys nearer to each other than a person is tall are two halves of one: split levels, landings, reference levels."""
TOP_STOREY_M = 8.0
"""How far up the highest storey reaches when an element is looked for: a hall's height, a roof with its plant."""


@dataclass(frozen=True)
class Bands:
    """Storeys with a known height by building, lowest first.

    row (k,): storey's row in the objects; building (k,): row of its building, -1 without one; floor, top
    (k,): metres in the park frame; top is the floor of the next storey that stands at least
    LEAST_STOREY_M higher, infinite for the highest.
    """

    row: I64
    building: I64
    floor: F64
    top: F64

    @classmethod
    def of(cls, subject: Subject) -> Bands:
        """The bands of a model."""
        height = np.array(subject.objects.column("elevation").to_numpy(zero_copy_only=False), np.float64)
        row = np.flatnonzero(subject.is_a("IfcBuildingStorey") & np.isfinite(height))
        building, floor = subject.building[row], height[row]
        order = np.lexsort((floor, building))
        row, building, floor = row[order], building[order], floor[order]
        top = np.full(len(row), np.inf)
        for one in np.unique(building):
            own = np.flatnonzero(building == one)
            above = np.searchsorted(floor[own], floor[own] + LEAST_STOREY_M - 1e-6)
            top[own] = np.append(floor[own], np.inf)[above]
        return cls(row, building, floor, top)

    def of_building(self, building: int) -> I64:
        """Places in the arrays of one building's storeys."""
        return np.flatnonzero(self.building == building)
